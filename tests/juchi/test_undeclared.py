"""What a rule of the article's own reads without declaring it is refused; nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from juchi.core.errors import UserError
from juchi.runtime.undeclared import OwnRule, require_declared

_MADE = "results/made.csv"


@pytest.fixture(autouse=True)
def article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of an article with a few files."""
    monkeypatch.chdir(tmp_path)
    for name in ("data/d.csv", "data/e.rds", "analysis/help.R", "README"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text("", "utf-8")
    return tmp_path


def rule(script: str, *reads: str, command: str = "", writes: tuple[str, ...] = ()) -> OwnRule:
    return OwnRule(
        "model",
        "Snakefile:22",
        command,
        [script],
        {script, *reads}.__contains__,
        set(writes).__contains__,
    )


def judge(*rules: OwnRule) -> str:
    """Return the message, if there is one."""
    try:
        require_declared(rules, {_MADE}.__contains__)
    except UserError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("name", "text", "line", "path"),
    [
        ("m.R", 'x <- 1\nsource("analysis/help.R")\n', 2, "analysis/help.R"),
        ("m.R", "# it's\nx <- read.csv('data/d.csv') # \"\n", 2, "data/d.csv"),
        ("m.R", 'readRDS("./data/../data/e.rds")\n', 1, "data/e.rds"),
        ("m.R", 'readRDS(file.path("data",\n  "e.rds"))\n', 2, "data/e.rds"),
        ("m.py", 'open(Path("data") / "d.csv")\n', 1, "data/d.csv"),
        ("m.sh", 'sort "data/d.csv"\n', 1, "data/d.csv"),
        ("m.R", f'read.csv("{_MADE}")\n', 1, _MADE),
    ],
)
def test_a_file_that_is_not_declared_is_named_with_its_line(
    name: str, text: str, line: int, path: str
) -> None:
    Path(name).write_text(text, "utf-8")
    said = judge(rule(name))
    assert said.startswith(f"error: {name}:{line}\n")
    assert f"{path}, which the rule model (Snakefile:22) does not declare" in said
    assert f'source("{path}")' in said
    assert judge(rule(name, path)) == ""


@pytest.mark.parametrize(
    "text",
    [
        '# read.csv("data/d.csv")\n',
        'message("data/d.csv is read")\n',
        'x <- c("README", "data", "nothing.csv", "")\n',
        'read.csv("../elsewhere.csv")\n',
        f'x <- "{"a/b " * 2000}"\n',
        'write.csv(x, "results/own.csv")\n',
        'write.csv(x, "results/others.csv")\n',
    ],
)
def test_what_names_no_file_that_is_read_is_let_pass(text: str) -> None:
    Path("m.R").write_text(text, "utf-8")
    # Two rules by one script: it names what the other one writes, too.
    others = rule("m.R", writes=("results/others.csv",))
    assert judge(rule("m.R", writes=("results/own.csv",)), others) == ""


def test_so_is_a_file_in_the_command_line() -> None:
    Path("m.R").write_text("", "utf-8")
    command = "Rscript m.R ./data/d.csv {input.data} {output}.part && mv {output}.part {output}"
    assert "Snakefile:22: the command of rule model" in judge(rule("m.R", command=command))
    assert judge(rule("m.R", "data/d.csv", command=command)) == ""

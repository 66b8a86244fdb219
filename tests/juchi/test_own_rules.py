"""Rules of an article's own: what is told where their scripts stop, or leave a file out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from juchi.core.errors import messages_in
from juchi.runtime.own_rules import Overheard, Ran, stopped
from juchi.start.new import Start, create
from tests.project import ROOT, said_by_failing

_BEHIND = 'include: f"{RULES}/results.smk"\n'
_RULE = """\
rule model:
    input:
        source("analysis/{script}"),
    output:
        "results/model.json",
    params:
        sources=DECLARED.contents("model"),
    {how}


"""
# What Snakemake says of the same faults.
_SNAKEMAKES = ("CalledProcessError", "WorkflowError", "MissingOutputException", "latency")


def article(folder: Path, how: str, **scripts: str) -> Path:
    """Begin an article with a rule that runs a script; return its folder."""
    create(folder, Start("T", ["A B"], ["en"], bare=True))
    (folder / "juchi").symlink_to(ROOT / "juchi")
    (folder / "analysis").mkdir()
    for name, text in scripts.items():
        (folder / "analysis" / name.replace("_", ".")).write_text(text, "utf-8")
    rules = (folder / "Snakefile").read_text("utf-8")
    script = next(iter(scripts)).replace("_", ".")
    rule = _RULE.format(script=script, how=how)
    (folder / "Snakefile").write_text(rules.replace(_BEHIND, rule + _BEHIND), "utf-8")
    return folder


_CHAIN = """\
rule draws:
    input: "analysis/draws.sh"
    output: "results/draws.txt"
    shell: "bash {input} > {output}"

rule model:
    input: script="analysis/model.sh", draws="results/draws.txt"
    output: "results/model.json"
    shell: "bash {input.script} {input.draws} > {output}"


"""


def test_what_a_rule_reads_besides_results_has_it_run_whatever_else_runs(tmp_path: Path) -> None:
    """Snakemake looks for no further reason where an input is to be made again.

    Here that comes out the same, and the script that reads it has changed at the same time.
    """
    folder = article(tmp_path / "article", "", model_sh="echo 1\n", draws_sh="echo a\n")
    rules = folder / "Snakefile"
    text = rules.read_text("utf-8")
    begin, end = text.index("rule model:"), text.index(_BEHIND)
    rules.write_text(text[:begin] + _CHAIN + text[end:], "utf-8")
    build = [sys.executable, "-m", "snakemake", "--cores", "1", "results/model.json"]
    subprocess.run(build, cwd=folder, check=True, capture_output=True)
    (folder / "analysis" / "draws.sh").write_text("echo a # again\n", "utf-8")
    (folder / "analysis" / "model.sh").write_text("echo 2\n", "utf-8")
    subprocess.run(build, cwd=folder, check=True, capture_output=True)
    assert (folder / "results" / "model.json").read_text("utf-8") == "2\n"


def said_by(folder: Path, *command: str) -> str:
    """Have the result of the rule made, which fails; return all that is said."""
    return said_by_failing(folder, *command, "results/model.json")


_BUILD = ("juchi", "build", "--cores", "1", "--")


@pytest.mark.parametrize(
    ("how", "name", "script", "told"),
    [
        (
            'shell: "bash analysis/model.sh {output}"',
            "model_sh",
            "echo began\necho no convergence >&2\nexit 3\n",
            ("`bash analysis/model.sh results/model.json`", "no convergence", "analysis/model.sh"),
        ),
        (
            'script: "analysis/model.py"',
            "model_py",
            "raise ValueError('no root in the interval')\n",
            ("ValueError: no root in the interval", "mend analysis/model.py"),
        ),
    ],
    ids=["shell", "script"],
)
def test_a_script_that_stops_is_told_once_with_what_it_said_last(
    tmp_path: Path, how: str, name: str, script: str, told: tuple[str, ...]
) -> None:
    said = said_by(article(tmp_path / "article", how, **{name: script}), *_BUILD)
    (message,) = messages_in(said)
    assert str(message).startswith("error: Snakefile:22: rule model\n")
    assert [each for each in told if each not in str(message)] == []
    assert [each for each in _SNAKEMAKES if each in said] == []


def test_a_script_that_writes_nothing_is_told_once_with_the_file(tmp_path: Path) -> None:
    how = 'shell: "bash analysis/model.sh {output}"'
    folder = article(tmp_path / "article", how, model_sh="echo done\n")
    said = said_by(folder, *_BUILD)
    (message,) = messages_in(said)
    assert "no file results/model.json after `bash analysis/model.sh" in str(message)
    assert "the script ended without writing it" in str(message)
    assert [each for each in _SNAKEMAKES if each in said] == []
    # Snakemake by itself has its own words around it.
    again = said_by(folder, "snakemake", "--cores", "1")
    assert again.rstrip().splitlines()[-1].startswith("At least one job")
    assert str(message) in again


def test_a_byte_order_mark_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("model.R").write_text("\ufeffx <- 1\n", "utf-8")
    ran = Ran("Snakefile:1", "model", "`Rscript model.R`", ["model.R"], ["results/model.json"])
    told = stopped(ran, 'Error: unexpected input in "\ufeff"\nExecution halted\n')
    assert "model.R begins with a byte order mark" in str(told)
    assert "Execution halted" not in str(told)


def test_a_mistake_that_the_command_has_told_is_not_told_again() -> None:
    ran = Ran("Snakefile:1", "model", "`python -m report.model`", [], ["results/model.json"])
    own = "error: here\n  found:    this\n  expected: that\n  hint:     mend it\n"
    assert stopped(ran, f"{own}") is None


def test_what_a_command_prints_goes_on_as_it_comes(capfd: pytest.CaptureFixture[str]) -> None:
    overheard = Overheard()
    with overheard.listening() as descriptor:
        subprocess.run(["sh", "-c", "echo one >&2; seq 9000 >&2"], stderr=descriptor, check=True)
    assert capfd.readouterr().err.startswith("one\n1\n2\n")
    assert overheard.said.endswith("\n8999\n9000\n")
    assert "one" not in overheard.said


def test_a_file_that_the_rule_does_not_declare_is_refused_before_anything_runs(
    tmp_path: Path,
) -> None:
    how = 'shell: "bash analysis/model.sh {output}"'
    folder = article(tmp_path / "article", how, model_sh='cp "analysis/data.csv" $1\n')
    (folder / "analysis/data.csv").write_text("a\n1\n", "utf-8")
    said = said_by(folder, *_BUILD)
    (message,) = messages_in(said)
    assert str(message).startswith("error: analysis/model.sh:1\n")
    assert "analysis/data.csv, which the rule model (Snakefile:22) does not declare" in said
    rules = folder / "Snakefile"
    declared = 'source(["analysis/model.sh", "analysis/data.csv"])'
    rules.write_text(
        rules.read_text("utf-8").replace('source("analysis/model.sh")', declared), "utf-8"
    )
    environment = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    command = [sys.executable, "-m", *_BUILD, "results/model.json"]
    subprocess.run(command, cwd=folder, env=environment, check=True)

"""The generator names nothing of this article: what is the article's stands outside of `juchi/`."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from juchi.plan.settings import read_subject
from tests.project import ROOT

SUFFIXES = (".py", ".mjs", ".js", ".css", ".j2", ".smk")

# Words of the article's subject, wherever they stand: in `_ZIGZAG` and `sawtooth_share` as well.
SUBJECT = ("sawtooth", "sigmoid", "tanh", "relu", "batchnorm", "zigzag", "landscape", "锯齿")

# Names that the article gives to something of its own, but that are ordinary words of the generator
# too, with what they mean there. A pattern says in which lines; None stands for every line.
EXCEPTIONS: dict[str, tuple[str, str | None]] = {
    "comparison": ("how two builds are compared", None),
    "control": ("a control character", r"no control, no line end|control character"),
    "digits": ("the signs that a number is written in", None),
    "fits": ("has room, or agrees", None),
    "inputs": ("what a rule reads", None),
    "listing": ("program code in a text", None),
    "measures": ("how something is measured", None),
    "landscape": ("a page that is turned", None),
    "paths": ("where files are", None),
    "printed": ("written on a page", None),
    "post": ("a kind of work in a bibliography", r'"post"'),
    "signs": ("characters", None),
    "tanh": ("the function of mathematics", r"math\.tanh"),
    "threshold": ("a limit that is declared", None),
}


def article_names() -> set[str]:
    """Return what the article has named.

    Experiments, configurations, analyses, figures, and what facts are about.
    """
    experiments = read_subject(ROOT / "config", "experiments")
    declared = experiments["experiments"].values()
    figures = read_subject(ROOT / "config", "article")["figures"]
    facts = read_subject(ROOT / "config", "facts")["named"]
    return {
        *experiments["experiments"],
        *(name for experiment in declared for name in experiment["configurations"]),
        *experiments["analyses"],
        *figures,
        *(fact.partition(".")[0] for fact in facts),
    }


def patterns() -> dict[str, re.Pattern[str]]:
    """Return how each name is found: names as whole words, words of the subject within names."""
    whole = {
        name: re.compile(rf"(?<![\w]){re.escape(name)}(?![\w])")
        for name in article_names() - set(SUBJECT)
    }
    inside = {
        word: re.compile(rf"(?<![A-Za-z]){word}s?(?![A-Za-z])", re.IGNORECASE) for word in SUBJECT
    }
    return whole | inside


def is_meant(name: str, line: str) -> bool:
    """Return whether a word of the generator is meant, which only happens to be the name."""
    if name not in EXCEPTIONS:
        return False
    context = EXCEPTIONS[name][1]
    return context is None or re.search(context, line) is not None


def named(path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and name for everything of the article that a file names."""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        for name, pattern in PATTERNS.items():
            if pattern.search(line) and not is_meant(name, line):
                yield number, name


PATTERNS = patterns()
FILES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "juchi").rglob("*")
    if path.suffix in SUFFIXES
)


@pytest.mark.parametrize("file", FILES)
def test_the_generator_names_nothing_of_the_article(file: str) -> None:
    found = [f"{file}:{line}: {name}" for line, name in named(ROOT / file)]
    assert not found, "the article's own names in the generator:\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('THEMES = {"batchnorm": "#0072b2"}', "batchnorm"),
        ("_ZIGZAG = 0.5", "zigzag"),
        ("# the Sigmoids of a layer", "sigmoid"),
        ('row["sawtooth_share"]', "sawtooth"),
        ('self.configurations["momentum"]', "momentum"),
        ("# 锯齿", "锯齿"),
    ],
)
def test_a_name_is_found(tmp_path: Path, line: str, name: str) -> None:
    path = tmp_path / "module.py"
    path.write_text(f"\n{line}\n", "utf-8")
    assert list(named(path)) == [(2, name)]


@pytest.mark.parametrize(
    "line", ["math.tanh(2)", '_ONLINE = {"post", "report"}', "posts", "digits"]
)
def test_a_word_that_means_something_else_is_let_through(tmp_path: Path, line: str) -> None:
    path = tmp_path / "module.py"
    path.write_text(line, "utf-8")
    assert list(named(path)) == []


# --- the tests themselves ---

# Imports the tests of the generator as pytest does, and tells what of the article came along.
IMPORT = """
import importlib, pathlib, sys
for path in sorted(pathlib.Path("tests/juchi").glob("test_*.py")):
    importlib.import_module(f"tests.juchi.{path.stem}")
print(*sorted({"torch", "reference"} & {name.partition(".")[0] for name in sys.modules}))
"""


def test_no_test_of_the_generator_imports_torch() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.stdout.split(), done.stderr, done.returncode) == ([], "", 0)

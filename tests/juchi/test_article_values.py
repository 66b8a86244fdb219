"""The generator finds the modules of an article by name; an article may lack any of them."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from juchi.core.article import article_value
from juchi.core.errors import UserError, run_command
from juchi.exhibits.style import Theme


@pytest.fixture(autouse=True)
def article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give a package ``shown`` with a module."""
    folder = tmp_path / "shown"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "numbers.py").write_text("SIZE = 3\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    for name in [each for each in sys.modules if each.partition(".")[0] == "shown"]:
        monkeypatch.delitem(sys.modules, name)


def test_a_value_is_found() -> None:
    assert article_value("shown.numbers", "SIZE", 0) == 3


@pytest.mark.parametrize("module", ["shown.nothing", "unshown.numbers", "shown.nothing.numbers"])
def test_an_article_without_the_module_has_the_default(module: str) -> None:
    assert article_value(module, "SIZE", 0) == 0


def test_a_module_without_the_value_is_refused() -> None:
    with pytest.raises(UserError, match=r"error: shown/numbers\.py\n.*no COLOUR"):
        article_value("shown.numbers", "COLOUR", 0)


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("import nowhere_to_be_found\n", 1, "ModuleNotFoundError: .*nowhere_to_be_found"),
        ("SIZE = 1\nenter = (lambda *, requires: 0)()\n", 2, "TypeError: .*'requires'"),
        ("SIZE = 1\nSIZE = (\n", 2, "SyntaxError: "),
    ],
)
def test_a_module_that_cannot_be_imported_is_told_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, line: int, found: str
) -> None:
    (tmp_path / "shown" / "broken.py").write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match=rf"error: shown/broken\.py:{line}\n  found: +{found}"):
        article_value("shown.broken", "SIZE", 0)


def test_a_value_that_may_be_left_out_has_the_default() -> None:
    assert article_value("shown.numbers", "MODELS", {}, optional=True, kind=Mapping) == {}


@pytest.mark.parametrize(
    ("name", "kind", "found"),
    [
        ("SIZE", Mapping, r"shown/numbers\.py: SIZE\n.*3, which is of the kind int\n.*a mapping"),
        ("SIZE", type, r"numbers\.py: SIZE\n.*of the kind int\n.*a model, which is a class"),
        ("MIXED", Mapping, r"numbers\.py: MIXED\['b'\]\n.*'text', .*kind str\n.*a model"),
    ],
)
def test_a_value_of_another_kind_is_refused(
    tmp_path: Path, name: str, kind: type, found: str
) -> None:
    (tmp_path / "shown" / "numbers.py").write_text("SIZE = 3\nMIXED = {'a': int, 'b': 'text'}\n")
    with pytest.raises(UserError, match=found):
        article_value("shown.numbers", name, None, optional=True, kind=kind)


def ended(command: Callable[[], None]) -> str:
    """Return what a command says that ends on a user's mistake."""
    with pytest.raises(SystemExit) as caught:
        run_command(command)
    return str(caught.value)


@pytest.mark.parametrize(
    ("body", "line", "told"),
    [
        ("theme.cycle", 2, "AttributeError: .*'cycle'(.|\n)*Theme has colours, faint, grid, ink"),
        ("theme.inc", 2, "AttributeError: .*'inc'(.|\n)*did you mean 'ink'"),
        ("theme.colours['red']", 2, "KeyError: 'red'(.|\n)*fix that line"),
        ("\n    1 / 0", 3, "ZeroDivisionError: division by zero"),
        ("open('absent.csv')", 2, "FileNotFoundError: .*absent.csv"),
    ],
)
def test_an_exception_in_a_module_of_the_article_is_told_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, line: int, told: str
) -> None:
    (tmp_path / "shown" / "faulty.py").write_text(f"def draw(theme):\n    {body}\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    draw = article_value("shown.faulty", "draw", None)
    said = ended(lambda: draw(Theme("#000", "#111", "#222", {})))
    assert re.match(rf"error: shown/faulty\.py:{line}\n  found: +{told}", said), said


def test_an_exception_tells_who_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shown" / "chain.py").write_text(
        "def rate(n):\n    return 1 / n\n\n\ndef main():\n    return rate(0)\n", "utf-8"
    )
    monkeypatch.chdir(tmp_path)
    main = article_value("shown.chain", "main", None)
    assert ended(main).startswith(
        "error: shown/chain.py:2\n"
        "  found:    ZeroDivisionError: division by zero (called from shown/chain.py:6)\n"
    )


def test_what_passed_no_line_of_the_article_is_no_mistake_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ZeroDivisionError):
        run_command(lambda: print(1 / 0))

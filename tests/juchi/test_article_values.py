"""The generator finds the modules of an article by name; an article may lack any of them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from juchi.core.article import article_value
from juchi.core.errors import UserError


@pytest.fixture(autouse=True)
def article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give a package ``shown`` with three modules, the last of which cannot be imported."""
    folder = tmp_path / "shown"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "numbers.py").write_text("SIZE = 3\n", "utf-8")
    (folder / "broken.py").write_text("import nowhere_to_be_found\n", "utf-8")
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


def test_what_the_module_itself_fails_to_import_is_no_missing_module() -> None:
    with pytest.raises(ModuleNotFoundError, match="nowhere_to_be_found"):
        article_value("shown.broken", "SIZE", 0)

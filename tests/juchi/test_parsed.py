"""The prose that a warm process has parsed before its jobs ask for it."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from juchi.preview import parsed
from juchi.prose.markdown import parse
from juchi.prose.source import marked
from juchi.prose.typography import PLAIN, Typography


def test_what_is_unchanged_is_parsed_before_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the check reads it and as the page is set; a file with a mistake is left to its job."""
    folder = tmp_path / "templates" / "en"
    folder.mkdir(parents=True)
    (folder / "messages.yaml").write_text("site: T\ntitle: T\ndescription: T\n", "utf-8")
    (folder / "good.md").write_text('# Good "news"\n', "utf-8")
    (folder / "bad.md").write_text("# Bad {{ \n", "utf-8")
    monkeypatch.chdir(tmp_path)
    importlib.reload(parsed)
    path = Path("templates/en/good.md")
    source = marked(path.read_text("utf-8"), path)
    asked = parse.cache_info().misses
    parse(source, PLAIN)
    parse(source, Typography())
    assert parse.cache_info().misses == asked
    parse(marked("# Other\n", path), PLAIN)
    assert parse.cache_info().misses == asked + 1

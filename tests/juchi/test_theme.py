"""The theme: every article has it, and an article's file takes the place of one of its name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from juchi.core.errors import UserError
from juchi.core.theme import THEME, theme_file
from juchi.plan.yaml_files import read_yaml
from juchi.prose.calls import flatten, message_keys
from juchi.prose.layout import fill_in
from juchi.start.overrides import copy, listed
from tests.project import Project
from tests.samples import ROOT

_PLACE = re.compile(r"\{(\w+)\}")


def test_a_file_of_the_theme_is_found_in_an_article_that_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert theme_file("style/print.css") == THEME / "style" / "print.css"
    monkeypatch.chdir(ROOT)
    assert theme_file("style/print.css") == Path("juchi/theme/style/print.css")


def test_a_file_of_the_article_goes_before_that_of_the_theme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    own = tmp_path / "templates" / "layout" / "cite.html.j2"
    own.parent.mkdir(parents=True)
    own.write_text("{{ policy and 'own' }}", "utf-8")
    assert theme_file("layout/cite.html.j2") == Path("templates/layout/cite.html.j2")
    outer = tmp_path / "outer.html.j2"
    outer.write_text('{% include "cite.html.j2" %}', "utf-8")
    assert fill_in(outer) == "own"


@pytest.mark.parametrize("language", ["zh", "de"])
def test_the_theme_says_in_each_language_what_it_says_in_english(language: str) -> None:
    english, other = (read_yaml(THEME / f"messages/{code}.yaml") for code in ("en", language))
    assert message_keys(other) == message_keys(english)
    places = {key: set(_PLACE.findall(text)) for key, text in flatten(english)}
    for key, text in flatten(other):
        assert set(_PLACE.findall(text)) == places.get(key, set(_PLACE.findall(text))), key
    assert language in read_yaml(THEME / "languages.yaml")


def test_german_separates_the_ends_of_an_interval_by_more_than_its_decimal_comma() -> None:
    german = read_yaml(THEME / "messages/de.yaml")
    assert german["interval"] == "[{low}; {high}]"
    assert german["typography"]["quotes"] == "„“‚‘"


@pytest.mark.parametrize("text", ["{{ 1 / 0 }}", "{% if %}"])
def test_a_mistake_in_an_included_layout_of_the_article_is_told_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.chdir(tmp_path)
    own = tmp_path / "templates" / "layout" / "cite.html.j2"
    own.parent.mkdir(parents=True)
    own.write_text(f"first line\n{text}", "utf-8")
    (tmp_path / "outer.html.j2").write_text('{% include "cite.html.j2" %}', "utf-8")
    with pytest.raises(UserError) as caught:
        fill_in(Path("outer.html.j2"))
    assert str(caught.value).startswith("error: templates/layout/cite.html.j2:2\n")


def test_an_article_overrides_a_style_sheet_by_a_file_of_its_name(
    small: Project, tmp_path: Path
) -> None:
    project = small.copy(tmp_path / "project")
    assert [job.name for job in project.planned()] == []
    own = project.folder / "templates" / "style" / "contents.js"
    own.write_text("// the article's own\n", "utf-8")
    assert "asset:contents.js" in {job.name for job in project.planned() if job.first}
    project.build()
    assert (project.folder / "build/site/assets/contents.js").read_text("utf-8") == own.read_text()


# --- the article's own files ---


def test_the_theme_lists_what_can_be_overridden_and_copies_it(tmp_path: Path) -> None:
    names = [name for name, own in listed(tmp_path) if not own]
    assert {"layout/cite.html.j2", "style/print.css"} < set(names)
    copied = copy(tmp_path, "style/print.css")
    assert copied.read_bytes() == (THEME / "style/print.css").read_bytes()
    assert ("style/print.css", True) in listed(tmp_path)
    copied.write_text("/* mine */", "utf-8")
    with pytest.raises(UserError, match="own already"):
        copy(tmp_path, "style/print.css")
    assert copied.read_text("utf-8") == "/* mine */"
    with pytest.raises(UserError, match=r"did you mean 'style/print\.css'"):
        copy(tmp_path, "style/prnt.css")


def test_the_own_style_sheet_is_for_screen_and_paper_and_others_for_the_screen() -> None:
    layout = (THEME / "layout/article.html.j2").read_text("utf-8")
    head = layout[: layout.index("</head>")]
    links = re.findall(r"<link rel=.stylesheet. [^>]*>", head)
    assert links[-1] == '<link rel="stylesheet" href="../assets/own.css">'

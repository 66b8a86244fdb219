"""Titles, names and other words have the quotation marks and dashes that prose has."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from juchi.core.errors import UserError
from juchi.html.title_block import title_block
from juchi.prose.calls import read_messages
from juchi.prose.typography import Typography, typeset
from juchi.site.citation import as_bibtex
from juchi.site.localized_metadata import read_metadata
from juchi.site.supplements import supplements
from tests.juchi.test_people import FOLDER, editions_of

CHINESE = Typography(dash="——", ellipsis="……")
GERMAN = Typography(quotes="„“‚‘")


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ('"Wet" bulbs -- a study... don\'t', "“Wet” bulbs – a study… don’t"),
        ("Yes --- in the '90s", "Yes — in the ’90s"),
        ("“Set” – already", "“Set” – already"),
        (
            'The $f\'$ of "x", `--a "b"` and https://a.org/b--c',
            'The $f\'$ of “x”, `--a "b"` and https://a.org/b--c',
        ),
        ('"the $p$ value"', "“the $p$ value”"),
    ],
)
def test_words_are_set_as_english_prose(typed: str, printed: str) -> None:
    assert typeset(typed, Typography()) == printed


def test_words_are_set_by_their_language() -> None:
    assert typeset('Ein "Wort"', GERMAN) == "Ein „Wort“"
    assert typeset('论"知识"之美---其一...', CHINESE) == "论“知识”之美——其一……"


def test_own_words_are_set_by_their_language(tmp_path: Path) -> None:
    words = {
        "title": '论"知识"',
        "tables": {"heads": {"runs": {"n": 'A 的 "数"，$f\'$'}}},
        "keywords": ["O'Neill"],
    }
    path = tmp_path / "zh" / "messages.yaml"
    path.parent.mkdir()
    path.write_text(yaml.safe_dump(words, allow_unicode=True), encoding="utf-8")
    read = read_messages(path)
    assert read["title"] == "论“知识”"
    assert read["tables"]["heads"]["runs"]["n"] == "A 的 “数”，$f'$"
    assert read["keywords"] == ["O’Neill"]


def test_the_signs_of_a_language_are_not_set_themselves(tmp_path: Path) -> None:
    path = tmp_path / "en" / "messages.yaml"
    path.parent.mkdir()
    path.write_text('title: \'"A"\'\ntypography: { quotes: "\\"\\"\'\'" }\n', encoding="utf-8")
    assert read_messages(path)["title"] == '"A"'


def test_names_and_titles_of_the_settings_are_set_as_prose() -> None:
    edition = editions_of(
        authors=[
            {
                "family": "O'Brien",
                "given": "Ada",
                "email": "o'brien@example.org",
                "corresponding": True,
                "url": "https://example.org/o'brien--ada",
                "affiliations": [{"name": "King's College", "city": "St Andrew's"}],
            }
        ],
        affiliations={},
        funding=[{"funder": "Men's Fund", "award": "A--1", "title": 'The "wet" bulb'}],
    )["en"]
    block = title_block(edition)
    assert [author.name for author in block.authors] == ["Ada O’Brien"]
    assert block.affiliations == [("", "King’s College, St Andrew’s")]
    assert "o&#39;brien@example.org" in block.notes[0]
    assert edition.authors[0].url == "https://example.org/o'brien--ada"
    (grant,) = edition.funding
    assert (grant.funder, grant.award, grant.title) == ("Men’s Fund", "A--1", "The “wet” bulb")


def test_every_citation_has_the_title_as_it_is_printed(tmp_path: Path) -> None:
    shutil.copytree(FOLDER / "templates", tmp_path / "templates")
    path = tmp_path / "templates" / "en" / "messages.yaml"
    words = {**yaml.safe_load(path.read_text(encoding="utf-8")), "title": 'The "wet" bulb'}
    path.write_text(yaml.safe_dump(words), encoding="utf-8")
    article = editions_of()["en"].article
    edition = read_metadata(article, tmp_path / "templates")["en"]
    assert edition.title == "The “wet” bulb"
    assert "title = {{The “wet” bulb}}" in as_bibtex(edition)


def test_supplements_are_called_as_prose_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a--b.csv").write_text("a\n", encoding="utf-8")
    entry = {"path": "a--b.csv", "title": "The 'raw' data", "description": "Rows -- all"}
    article = editions_of(supplements=[entry])["en"].article
    monkeypatch.chdir(tmp_path)
    (found,) = supplements(article, "en")
    assert (found.title, found.description) == ("The ‘raw’ data", "Rows – all")
    assert found.path == Path("a--b.csv")


def test_quotation_marks_may_have_spaces_inside() -> None:
    french = Typography(quotes="«\u202f\u202f»“”")
    assert typeset('les "Grands Lacs"', french) == "les «\u202fGrands Lacs\u202f»"
    assert typeset("il dit 'non'", french) == "il dit “non”"


def test_quotation_marks_that_are_not_four_are_refused_with_their_file(tmp_path: Path) -> None:
    path = tmp_path / "fr" / "messages.yaml"
    path.parent.mkdir()
    path.write_text('title: Le "lac"\ntypography: { quotes: «» }\n', encoding="utf-8")
    with pytest.raises(UserError, match="four marks") as refused:
        read_messages(path)
    assert f"error: {path}: typography.quotes\n" in str(refused.value)

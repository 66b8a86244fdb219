"""Citations are read back by parsers of their formats, and say what the record says."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware, MonthIntMiddleware
from pylatexenc.latex2text import (
    LatexNodes2Text,
    MacroTextSpec,
    get_default_latex_context_db,
)

from juchi.prose.references import load_references
from juchi.site import citation
from juchi.site.citation import FORMATS, as_bibtex, as_csl, as_html, as_ris, as_text
from juchi.site.localized_metadata import LocalizedMetadata
from tests.samples import Sample, command

# What ends a field, a group, a line, an element or a string in one of the formats.
HOSTILE = [
    'Quotes "double" and ‘single’',
    "Braces {open } closed} and a lonely {",
    "100 % of $5 & #1_a ^2 ~ back\\slash",
    "A line\nER  - \nTY  - JOUR",
    "</script><b>bold</b> &amp;",
    "汉字、全角标点：“引号”——《书名》",
    "@techreport{other, title = {x}}",
]


@pytest.fixture(scope="session")
def sample(published: Sample) -> Sample:
    """Give the article as it is once it is published."""
    return published


@pytest.fixture
def edition(sample: Sample, language: str) -> LocalizedMetadata:
    return sample.editions[language]


def entitled(edition: LocalizedMetadata, title: str) -> LocalizedMetadata:
    """Return the edition with this title, author and keyword, and with a DOI."""
    words = {**edition.words, "title": title, "keywords": [title, "second"]}
    article = {**edition.article, "author": title, "doi": "10.5281/zenodo.1"}
    return replace(edition, words=words, article=article)


def bibtex(text: str) -> dict[str, str]:
    known = get_default_latex_context_db()
    ascii_only = {"textbraceleft": "{", "textbraceright": "}", "textasciicircum": "^"}
    macros = [MacroTextSpec(name, character) for name, character in ascii_only.items()]
    known.add_context_category("ascii", macros=macros, prepend=True)
    decoder = LatexDecodingMiddleware(decoder=LatexNodes2Text(latex_context=known))
    library = parse_string(text, append_middleware=[MonthIntMiddleware(), decoder])
    assert library.failed_blocks == []
    (entry,) = library.entries
    assert entry.entry_type == "techreport"
    return {"key": entry.key, **{field.key: str(field.value) for field in entry.fields}}


def one_line(text: str) -> str:
    return " ".join(text.split())


def test_bibtex_says_what_the_record_says(edition: LocalizedMetadata) -> None:
    read = bibtex(as_bibtex(edition))
    assert read["key"] == edition.key
    assert f"{{{{{edition.publisher}}}}}" in as_bibtex(edition), "an author that BibTeX would split"
    assert (read["year"], read["month"]) == (str(edition.date.year), str(edition.date.month))
    assert read["url"] == edition.permanent
    assert "doi" not in read


@pytest.mark.parametrize("title", HOSTILE)
def test_bibtex_of_a_hostile_title_comes_back(edition: LocalizedMetadata, title: str) -> None:
    written = as_bibtex(entitled(edition, title))
    read = bibtex(written)
    assert written.count("{") == written.count("}")
    assert {read[name] for name in ("author", "title", "institution")} == {one_line(title)}
    assert read["doi"] == "10.5281/zenodo.1"


@pytest.mark.parametrize("title", [None, *HOSTILE])
def test_ris_comes_back(edition: LocalizedMetadata, title: str | None) -> None:
    edition = edition if title is None else entitled(edition, title)
    text = as_ris(edition)
    assert all(line == "" or line[2:6] == "  - " for line in text.split("\r\n"))
    (read,) = rispy.loads(text)
    assert read["type_of_reference"] == "RPRT"
    assert read["authors"] == [f"{edition.publisher},"], "all of it is the last name"
    assert read["title"] == edition.title
    assert read["keywords"] == edition.keywords
    assert read["year"] == str(edition.date.year)
    assert read["urls"] == [edition.permanent]
    assert read.get("doi") == edition.doi


@pytest.mark.parametrize("title", [None, *HOSTILE])
def test_csl_is_what_the_articles_own_references_are_held_to(
    edition: LocalizedMetadata, title: str | None, tmp_path: Path
) -> None:
    edition = edition if title is None else entitled(edition, title)
    path = tmp_path / "references.json"
    item = {**as_csl(edition), "language": "en"}
    path.write_text(json.dumps([item]), encoding="utf-8")
    assert load_references(path).items == {edition.key: item}
    assert item["author"] == [{"literal": edition.publisher}]
    assert item["title"] == edition.title


def test_plain_text_names_author_title_and_the_permanent_address(
    edition: LocalizedMetadata,
) -> None:
    text = as_text(edition)
    for part in (edition.publisher, edition.title, edition.permanent, str(edition.date.year)):
        assert part in text
    assert as_html(edition).count(f'href="{edition.permanent}"') == 1


def test_the_version_is_said_once_in_any_style(edition: LocalizedMetadata) -> None:
    words = edition.article["languages"][edition.code]
    styled = {**words, "citation": {"style": "apa", "locale": "en-US"}}
    article = {**edition.article, "languages": {edition.code: styled}}
    assert as_text(replace(edition, article=article)).count(edition.article["version"]) == (
        1 + edition.permanent.count(edition.article["version"])
    )


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_is_text_in_plain_text_and_html(
    edition: LocalizedMetadata, title: str
) -> None:
    edition = entitled(edition, title)
    assert "<b>" not in as_html(edition)
    assert "<script" not in as_html(edition)
    # Styles change quotation marks and the space before a colon, but no letter.
    letters = [char for char in one_line(title) if char.isalnum()]
    assert "".join(letters) in "".join(char for char in as_text(edition) if char.isalnum())


def test_each_language_has_a_file_in_each_format(
    sample: Sample, language: str, tmp_path: Path
) -> None:
    command(
        citation.main,
        sample.root,
        language=language,
        article=sample.file("article"),
        templates="templates",
        output=tmp_path / "cite",
    )
    edition = sample.editions[language]
    written = {path.name: path.read_bytes() for path in (tmp_path / "cite").iterdir()}
    assert written == {
        f"juchi.{language}.{form.ending}": form.write(edition).encode() for form in FORMATS.values()
    }

"""The prose keeps to the glossary: no configuration that it rules out occurs in either language."""

from __future__ import annotations

import re

import pytest

from juchi.prose.calls import flatten, read_messages
from tests.project import ROOT

GLOSSARY = ROOT / "docs" / "glossary.md"
TEMPLATES = ROOT / "templates"
LANGUAGES = sorted(path.parent.name for path in TEMPLATES.glob("*/messages.yaml"))
# Calls, code, formulas and quotations are not the article's own words.
_FOREIGN = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|```.*?```|`[^`]*`|\$[^$]*\$|“[^”]*”", re.DOTALL)


def forbidden() -> list[str]:
    """Return what the third column of the glossary's tables lists."""
    rows = [line for line in GLOSSARY.read_text("utf-8").splitlines() if line.startswith("| ")]
    cells = [row.strip("|").split("|")[2] for row in rows if "Not used" not in row]
    return [term.strip() for cell in cells for term in re.split(r"[,，、]", cell) if term.strip()]


def occurrences(text: str, terms: list[str]) -> list[str]:
    own = _FOREIGN.sub(" ", text)
    patterns = {term: rf"\b{term}\b" if term.isascii() else re.escape(term) for term in terms}
    return [term for term, pattern in patterns.items() if re.search(pattern, own, re.IGNORECASE)]


def prose(language: str) -> dict[str, str]:
    folder = TEMPLATES / language
    texts = {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.md"))}
    words = dict(flatten(read_messages(folder / "messages.yaml")))
    # Translations are those of quotations.
    own = {key: text for key, text in words.items() if not key.startswith("translations.")}
    return {**texts, **{f"messages.yaml: {key}": text for key, text in own.items()}}


def test_the_glossary_rules_something_out() -> None:
    terms = forbidden()
    assert len(terms) > 50
    assert {"动量法", "learnt"} <= set(terms)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_ruled_out_term_occurs(language: str) -> None:
    terms = forbidden()
    found = {
        place: hits for place, text in prose(language).items() if (hits := occurrences(text, terms))
    }
    assert found == {}


def test_a_ruled_out_term_is_found_outside_quotations() -> None:
    terms = ["动量法", "learnt"]
    assert occurrences("这是动量法。", terms) == ["动量法"]
    assert occurrences("It has Learnt.", terms) == ["learnt"]
    assert occurrences("“动量法” and `learnt`", terms) == []

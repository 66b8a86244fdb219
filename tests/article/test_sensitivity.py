"""Nothing the article says passes unnoticed: perturb it, and the build stops or the text changes.

The facts are those of the built site: each verdict is the one that its sentences are written for.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup

from juchi.check.check import Known, check_citations, check_claims, check_facts, read_prose
from juchi.check.translation_check import Prose
from juchi.exhibits import tables
from juchi.exhibits.table import Context
from juchi.plan.parts import parts as parts_of
from juchi.plan.yaml_files import read_yaml
from juchi.prose.calls import read_messages
from juchi.prose.fact_formatter import FactFormatter
from juchi.prose.formats import NumberFormat
from juchi.prose.printed import CODE
from juchi.prose.references import load_references
from juchi.results.evaluation import VERDICTS, Evaluation, evaluate, read_evaluations
from juchi.results.facts import Fact, read_facts
from report.claims import STATEMENTS
from tests.project import Project


@dataclass(frozen=True)
class Article:
    """The built article: its facts and evaluations, and its prose in every language."""

    settings: Mapping[str, Any]
    facts: Mapping[str, Fact]
    formats: Mapping[str, Mapping[str, Any]]
    evaluations: Mapping[str, Evaluation]
    words: Mapping[str, Mapping[str, Any]]
    prose: list[Prose]
    equations: list[str]

    def known(self, evaluations: Mapping[str, Evaluation]) -> Known:
        """Return what the prose may quote, with other evaluations."""
        settings = self.settings
        return Known(
            self.facts, evaluations, settings["figures"], settings["tables"], self.equations
        )

    def printer(self, language: str, facts: Mapping[str, Fact]) -> FactFormatter:
        """Return what prints other facts in a language."""
        words = self.words[language]
        locale = self.settings["languages"][language]["locale"]
        return FactFormatter(
            facts, self.formats, NumberFormat(locale, words["list_separator"]), words
        )


@pytest.fixture(scope="module")
def article(built: Project) -> Article:
    """Give the article that the tests have built."""
    folder = built.folder
    parts = folder / "build" / "settings"
    settings = json.loads((parts / "article.json").read_text("utf-8"))
    templates = folder / "templates"
    sections = parts_of(settings, templates)
    facts = read_facts(folder / "results" / "facts.json")
    return Article(
        settings=settings,
        facts=facts,
        formats=json.loads((parts / "fact_formats.json").read_text("utf-8")),
        evaluations=read_evaluations(folder / "results" / "claims.json", facts),
        words={
            code: read_messages(templates / code / "messages.yaml")
            for code in settings["languages"]
        },
        prose=[
            read_prose(code, [templates / code / f"{name}.md" for name in sections])
            for code in settings["languages"]
        ],
        equations=list(read_yaml(templates / "equations.yaml")),
    )


def changed(facts: Mapping[str, Fact], **values: float) -> dict[str, Fact]:
    """Return the facts with other values for some; an interval goes where its value goes."""
    return {**facts, **{name: moved(facts[name], value) for name, value in values.items()}}


def moved(fact: Fact, value: float) -> Fact:
    """Return a fact with another value."""
    if fact.interval is None or not isinstance(fact.value, float | int):
        return replace(fact, value=value)
    low, high = (value + end - fact.value for end in fact.interval)
    return replace(fact, value=value, interval=(low, high))


# --- claims ---


def candidates(name: str, facts: Mapping[str, Fact], read: Mapping[str, float]) -> Iterator[float]:
    """Yield values on the other side of what a predicate may compare a fact with.

    That is another fact which the predicate reads, the sum of one and a tolerance, or a constant
    of the predicate's own, zero, one half and one; from far and from the next number.
    """
    others = [value for other, value in read.items() if other != name]
    limits = {0.0, 0.5, 1.0, *others, *(sign * each for each in others for sign in (-1, 1))}
    limits |= {1 + sign * each for each in others for sign in (-1, 1)}
    limits |= {abs(each - 1) for each in others}
    for limit in sorted(limits):
        for value in (limit, math.nextafter(limit, -math.inf), math.nextafter(limit, math.inf)):
            if value != facts[name].value:
                yield value
    yield from (-1e9, 1e9)


def flipped(article: Article, claim: str, names: tuple[str, ...]) -> Evaluation | None:
    """Return another evaluation of a claim that turns on the first of some facts.

    With the rest far away, the verdict changes with the first; of the two evaluations it is the
    one that the sentences are not written for.
    """
    written_for = article.evaluations[claim]
    # A claim reads all of its facts in any case, and no others.
    read = {name: article.facts[name] for name in written_for.facts}
    first, *rest = names
    for far in (-1e9, 0.0, 1.0, 1e9) if rest else (0.0,):
        before = changed(read, **dict.fromkeys(rest, far))
        (old,) = evaluate(STATEMENTS, before, [claim]).values()
        for value in candidates(first, article.facts, written_for.facts):
            (new,) = evaluate(STATEMENTS, changed(before, **{first: value}), [claim]).values()
            if new.verdict != old.verdict:
                return new if new.verdict != written_for.verdict else old
    return None


def perturbed(article: Article, claim: str, name: str) -> tuple[Evaluation | None, int]:
    """Return another evaluation that a fact brings about, and how many facts it takes."""
    others = [other for other in article.evaluations[claim].facts if other != name]
    for count in (0, 1, 2):
        for rest in combinations(others, count):
            evaluation = flipped(article, claim, (name, *rest))
            if evaluation is not None:
                return evaluation, count + 1
    return None, 0


@pytest.mark.parametrize("claim", list(STATEMENTS))
def test_each_fact_of_a_claim_can_stop_the_build(
    article: Article, claim: str, note: Callable[[str], None]
) -> None:
    """Every language's sentence is named when any fact moves the verdict across its threshold."""
    sizes = []
    for name in article.evaluations[claim].facts:
        evaluation, size = perturbed(article, claim, name)
        assert evaluation is not None, f"{name} never decides {claim}"
        sizes.append(size)
        found = list(
            check_claims(article.prose, article.known({**article.evaluations, claim: evaluation}))
        )
        for language in article.settings["languages"]:
            assert any(f"templates/{language}/" in fault for fault in found), (language, name)
        says = evaluation.nothing_to_judge or repr(evaluation.verdict)
        assert all(repr(claim) in fault and says in fault for fault in found)
    assert sizes
    note(f"{len(sizes)} facts stop the build, {sizes.count(1)} of them alone")


def test_each_sentence_on_a_claim_is_held_to_its_verdict(
    article: Article, note: Callable[[str], None]
) -> None:
    """One sentence, one claim, another verdict: exactly the sentences on that claim are named."""
    count = 0
    assert list(check_claims(article.prose, article.known(article.evaluations))) == []
    for claim, evaluation in article.evaluations.items():
        places = {
            quote.place
            for part in article.prose
            for quote in part.quotes
            if quote.kind == "claim" and quote.names[0] == claim
        }
        assert len(places) >= len(article.settings["languages"])
        for verdict in set(VERDICTS) - {evaluation.verdict}:
            evaluations = {**article.evaluations, claim: replace(evaluation, verdict=verdict)}
            found = list(check_claims(article.prose, article.known(evaluations)))
            assert {fault.split(": the sentence")[0] for fault in found} == places
            count += len(found)
    note(f"{count} sentences under another verdict, each one told")


# --- numbers ---


def shifted(value: float) -> float:
    """Return a number that is larger by a tenth and a hundredth, a count that is so by one.

    Settings are printed with all of their digits, so that those of rounding are taken off.
    """
    if isinstance(value, int):
        return max(value + 1, round(value * 1.1))
    return float(f"{value * 1.1 + math.copysign(0.01, value):.12g}")


def nudged(fact: Fact) -> Fact:
    """Return a fact whose value is off, and both ends of its interval."""
    value: float | list[float]
    if isinstance(fact.value, list):
        value = [shifted(each) for each in fact.value]
    else:
        assert not isinstance(fact.value, str), "a fact of the article that is no number"
        value = shifted(fact.value)
    interval = fact.interval and (shifted(fact.interval[0]), shifted(fact.interval[1]))
    return replace(fact, value=value, interval=interval)


class Noting(dict[str, Markup]):
    """Printed facts, each one noted when it is read."""

    def __init__(self, printed: Mapping[str, Markup]) -> None:
        super().__init__(printed)
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> Markup:
        self.read.add(name)
        return super().__getitem__(name)


def rows(article: Article, language: str, table: str, printed: Mapping[str, Markup]) -> list[str]:
    """Return the cells of a table in a language, the facts printed in this way."""
    context = Context(
        article.settings,
        article.words[language],
        article.facts,
        article.evaluations,
        printed.__getitem__,
        in_words=lambda name, of: printed[name] + (printed[of] if of else ""),
        with_interval=printed.__getitem__,
    )
    return [str(cell) for row in tables.build(table, context).rows for cell in row]


def test_each_number_in_a_table_changes_with_its_fact(
    article: Article, language: str, note: Callable[[str], None]
) -> None:
    printer = article.printer(language, article.facts)
    printed = Noting({name: printer.bare(name) for name in article.facts})
    count = 0
    # The findings print none: what they have read stands where their origin is told.
    for table in set(article.settings["tables"]) - {"findings"}:
        printed.read.clear()
        plain = rows(article, language, table, printed)
        assert printed.read
        for name in set(printed.read):
            other = article.printer(language, {name: nudged(article.facts[name])}).bare(name)
            assert rows(article, language, table, {**printed, name: other}) != plain, (table, name)
            count += 1
    note(f"{count} numbers in tables change with their facts")


def test_each_number_in_the_prose_changes_with_its_fact(
    article: Article, language: str, note: Callable[[str], None]
) -> None:
    (prose,) = (part for part in article.prose if part.language == language)
    names = [quote.names[0] for quote in prose.quotes if quote.kind == "fact"]
    printer = article.printer(language, article.facts)
    for name in names:
        other = article.printer(language, {name: nudged(article.facts[name])})
        assert other.full(name) != printer.full(name), name
        assert other.write("plain", [name], {}, CODE) != printer.write("plain", [name], {}, CODE), (
            name
        )
        assert other.exact(name) != printer.exact(name), name
        if printer.interval(name) is not None:
            assert other.interval(name) != printer.interval(name), name
    assert len(names) > 100
    note(f"{len(names)} numbers in the prose change with their facts")


@pytest.mark.parametrize("share", [0.2, pytest.param(1, marks=pytest.mark.nightly)])
def test_each_fact_that_is_gone_stops_the_build(article: Article, share: float) -> None:
    by_tables = tables.quoted_facts(article.settings, article.facts)
    quoted = {
        quote.names[0] for part in article.prose for quote in part.quotes if quote.kind == "fact"
    }
    names = sorted(quoted)
    # Some at a time, far from each other in the alphabet: each is named for itself.
    apart = len(names) // 10
    for gone in (set(names[start::apart]) for start in range(math.ceil(share * apart))):
        facts = {other: fact for other, fact in article.facts.items() if other not in gone}
        known = replace(article.known(article.evaluations), facts=facts)
        faults = list(check_facts(article.prose, known, by_tables))
        for name in gone:
            assert [fault for fault in faults if f"undefined fact {name!r}" in fault], name


def test_each_work_that_is_gone_stops_the_build(article: Article, built: Project) -> None:
    references = load_references(Path(built.folder, "config", "references.json"))
    for key in references.items:
        items = {other: item for other, item in references.items.items() if other != key}
        faults = list(check_citations(article.prose, replace(references, items=items)))
        assert [fault for fault in faults if f"unknown citation {key!r}" in fault], key

"""Hold the prose of every language against the facts, the claims, the references, and its twins.

Runs before anything is rendered. All faults are told at once, each with its file and line.
"""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from juchi.check.coverage import bare
from juchi.check.declared import setting_faults, table_faults, word_faults, year_faults
from juchi.check.translation_check import NUMBER, Prose, differences, message_differences
from juchi.core.errors import UserError, run_command
from juchi.core.records import read_json, write_json
from juchi.exhibits.pictures import check_picture
from juchi.exhibits.tables import quoted_facts
from juchi.plan.parts import FRONT, parts
from juchi.plan.plan import is_fact
from juchi.plan.yaml_files import read_yaml
from juchi.prose.calls import flatten, read_messages
from juchi.prose.equations import read_equations
from juchi.prose.panel_letters import panels_meant
from juchi.prose.pictures import Picture, web_name
from juchi.prose.reading import (
    LITERATURE,
    Quote,
    formula_numerals,
    headings,
    numerals,
    pictures,
    quotes,
    text_numerals,
)
from juchi.prose.references import References, article_references
from juchi.prose.source import read_source
from juchi.results import expressions
from juchi.results.evaluation import Evaluation, read_evaluations
from juchi.results.facts import DIVERGED, Fact, matching, read_facts

__all__ = [
    "Known",
    "check_citations",
    "check_claims",
    "check_facts",
    "check_names",
    "check_once",
    "check_origins",
    "main",
    "read_prose",
]

# What the source of a fact begins with that is taken from results or settings.
_TAKEN = ("data/", "configuration")
# How many facts are named that may be meant.
_NAMED = 3
# Where a number may not stand literally, and what to do, by its kind.
_TYPED = {
    "text": (
        "the prose",
        "quote a fact instead, refer to a figure, a table or a section as `@fig-name`, put what "
        "others have found into a call of literature() that cites the work, or declare the string "
        "under numerals in config/article.yaml",
    ),
    "code": (
        "code",
        "quote a fact instead, or begin the file with `<!-- code: verbatim -->`: its code is no "
        "result",
    ),
    "uncited": (
        "a call of literature() that cites no work",
        "cite there the work that has it, as `[@key, p. 3]`, or quote a fact instead",
    ),
}
# Words in messages.yaml that are another's.
_QUOTED = "translations."


@dataclass(frozen=True)
class Known:
    """What prose may quote."""

    facts: Mapping[str, Fact]
    evaluations: Mapping[str, Evaluation]
    figures: Mapping[str, list[str]]
    tables: list[str]
    equations: list[str]
    panels: Mapping[str, str] = field(default_factory=dict)
    # Where each fact is declared: those of all configurations of an experiment stand at one key.
    places: Mapping[str, str] = field(default_factory=dict)

    def shown(self) -> dict[str, list[str]]:
        """Return the names of what sections show, by kind."""
        return {"figure": list(self.figures), "table": self.tables, "equation": self.equations}


def read_prose(language: str, paths: list[Path], end_matter: Collection[str] = ()) -> Prose:
    """Scan a language's files of prose; what stands before and behind the sections has no heading.

    What stands behind them is given one, to which references may lead.
    """
    found: list[Quote] = []
    ids: dict[str, list[str]] = {}
    for path in paths:
        source = read_source(path)
        found += [*quotes(source, path), *_of_literature(source, path)]
        has_heading = path.stem not in (*FRONT, *end_matter)
        found_ids = headings(source, path, has_heading=has_heading)
        ids[path.stem] = [path.stem] if path.stem in end_matter else found_ids
    return Prose(language, ids, found)


def _of_literature(source: str, path: Path) -> Iterator[Quote]:
    """Yield the numbers that others have found, which are typed in each language."""
    for each in numerals(source, path, []) if LITERATURE in source else ():
        if each.kind == LITERATURE:
            # The sign of the decimals is the language's.
            yield Quote(NUMBER, (each.text.replace(",", "."),), each.place, path.stem)


def check_facts(prose: Iterable[Prose], known: Known, by_tables: set[str]) -> Iterator[str]:
    """Yield quotes of no fact, and facts that neither prose nor table nor claim nor figure quotes.

    A figure names the facts that it marks, one by one or as a pattern such as ``*.eta_star``.
    """
    quoted = set(by_tables)
    for figure, sources in known.figures.items():
        for pattern in filter(is_fact, sources):
            marked = matching(known.facts, [pattern])
            quoted.update(marked)
            if not marked:
                near = _nearest(pattern, known.facts)
                yield f"config/article.yaml: figures.{figure}: no fact is {pattern!r}{near}"
    for evaluation in known.evaluations.values():
        quoted.update(evaluation.facts)
    for quote in _of_kind(prose, "fact"):
        quoted.update(quote.names)
        for name in quote.names:
            if name not in known.facts:
                yield f"{quote.place}: undefined fact {name!r}{_dotted(name, known.facts)}"
                # The one that was meant is not unused.
                quoted.update(_meant(name, known.facts))
            elif known.facts[name].value == DIVERGED:
                yield f"{quote.place}: the sentence quotes {name!r}, but its runs have {DIVERGED}"
    yield from _unquoted(known, quoted)


def _unquoted(known: Known, quoted: Collection[str]) -> Iterator[str]:
    """Yield the facts that nobody quotes; of those declared together, one quoted is enough."""
    told = {known.places.get(name, name) for name in {*quoted, *_parts(known.facts)}}
    for name in known.facts:
        place = known.places.get(name, name)
        if place in told:
            continue
        told.add(place)
        where, which = "config/facts.yaml", f"the fact {name!r}: quote it or remove it"
        if place.startswith("every."):
            where = f"{where}: {place}"
            which = f"any of these facts, such as {name!r}: quote one or remove them"
        yield f"{where}: nobody quotes {which}"


def _meant(name: str, facts: Iterable[str]) -> list[str]:
    """Return the facts that may be meant by the name of none: without a dot, by either part."""
    parted = [each for each in facts if "." not in name and name in each.split(".", maxsplit=1)]
    return parted or _alike(name, facts)


def _dotted(name: str, facts: Iterable[str]) -> str:
    """Return a hint for the name of no fact."""
    hint = _asked(_meant(name, facts)[:_NAMED])
    return hint if "." in name else f"; the name of a fact has a dot{hint}"


def _parts(facts: Mapping[str, Fact]) -> set[str]:
    """Return the facts that are parts of an expression, which is the source of another fact."""
    sources = [fact.source for fact in facts.values()]
    made = [source for source in sources if not source.startswith(_TAKEN)]
    return {name for source in made for name in expressions.names(source)}


def check_claims(prose: Iterable[Prose], known: Known) -> Iterator[str]:
    """Yield each sentence that was written for another verdict than the data give."""
    quoted = set()
    for quote in _of_kind(prose, "claim"):
        name, written_for = quote.names
        quoted.add(name)
        if name not in known.evaluations:
            yield f"{quote.place}: unknown claim {name!r}{_nearest(name, known.evaluations)}"
            continue
        evaluation = known.evaluations[name]
        if evaluation.verdict != written_for:
            values = ", ".join(f"{fact} = {value:g}" for fact, value in evaluation.facts.items())
            data = f"the data say {evaluation.verdict!r} ({evaluation.predicate} {values})"
            if evaluation.unmet:
                data = f"there is nothing to judge: {evaluation.nothing_to_judge} ({values})"
            yield (
                f"{quote.place}: the sentence is written for {name!r} being {written_for!r}, "
                f"but {data}"
            )
    for name in known.evaluations:
        if name not in quoted:
            yield f"config/article.yaml: {name}: no sentence quotes this claim"


def check_names(prose: Iterable[Prose], known: Known) -> Iterator[str]:
    """Yield unknown figures, tables, equations and cross references; and those never shown."""
    prose = list(prose)
    for kind, names in known.shown().items():
        quoted = _of_kind(prose, kind)
        for quote in quoted:
            if quote.names[0] not in names:
                yield f"{quote.place}: unknown {kind} {quote.names[0]!r}"
        for name in names:
            if name not in {quote.names[0] for quote in quoted}:
                yield f"the {kind} {name!r} is declared, but no section shows it"
    targets = _targets(prose, known)
    for quote in _of_kind(prose, "reference"):
        if quote.names[0] not in targets:
            panels = [name for name in panels_meant(quote.names[0]) if name in targets]
            near = (
                f"; write {'; '.join(f'@{name}' for name in panels)}, several in one pair of [ ]"
                if panels
                else _nearest(quote.names[0], targets)
            )
            yield f"{quote.place}: a cross reference to {quote.names[0]!r}, which is nowhere{near}"


def _targets(prose: Iterable[Prose], known: Known) -> set[str]:
    """Return every id that a cross reference may lead to."""
    sections = {f"sec-{id_}" for part in prose for ids in part.headings.values() for id_ in ids}
    shown = {f"{_PREFIX[kind]}-{name}" for kind, names in known.shown().items() for name in names}
    labelled = {quote.names[0] for quote in _of_kind(prose, "label")}
    panels = {f"fig-{name}-{letter}" for name, each in known.panels.items() for letter in each}
    return sections | shown | labelled | panels


def check_origins(article: Mapping[str, Any], references: References) -> Iterator[str]:
    """Yield works that the article says to start from, but that are in no list of references."""
    for key in article["based_on"]:
        if key not in references.items:
            near = _nearest(key, references.items)
            yield f"config/article.yaml: based_on: unknown work {key!r}{near}"


def check_once(part: Prose) -> Iterator[str]:
    """Yield what stands twice in one language: two elements of a page cannot have one id."""
    first: dict[tuple[str, str], str] = {}
    for quote in part.quotes:
        if quote.kind in (*_PREFIX, "label"):
            shown = (quote.kind, quote.names[0])
            if shown in first:
                yield f"{quote.place}: {' '.join(shown)} stands already at {first[shown]}"
            first.setdefault(shown, quote.place)
    ids: dict[str, str] = {}
    for section, names in part.headings.items():
        for name in names:
            if name in ids:
                where = f"templates/{part.language}/{section}.md"
                yield f"{where}: a second heading with the id {name!r}, after that in {ids[name]!r}"
            ids.setdefault(name, section)


def check_citations(prose: Iterable[Prose], references: References) -> Iterator[str]:
    """Yield citations of no work, and works that nothing cites."""
    cited: set[str] = set()
    for quote in _of_kind(prose, "citation"):
        cited.update(quote.names)
        for key in quote.names:
            if key not in references.items:
                yield f"{quote.place}: unknown citation {key!r}{_nearest(key, references.items)}"
    if cited and not references.items:
        yield f"{references.path}: no works in it, but the prose cites {len(cited)}"
    for key in references.items:
        # A file of BibTeX is a library, which may hold more than one article cites.
        if key not in cited and ".bib" not in references.place(key):
            yield f"{references.path}: nobody cites the work {key!r}: cite it or remove it"


_PREFIX = {"figure": "fig", "table": "tab", "equation": "eq"}


def _of_kind(prose: Iterable[Prose], kind: str) -> list[Quote]:
    return [quote for part in prose for quote in part.quotes if quote.kind == kind]


def _alike(name: str, known: Iterable[str]) -> list[str]:
    """Return the known name that is most like another, if any is."""
    return difflib.get_close_matches(name, list(known), n=1)


def _nearest(name: str, known: Iterable[str]) -> str:
    return _asked(_alike(name, known)[:1])


def _asked(meant: Sequence[str]) -> str:
    return f"; did you mean {' or '.join(map(repr, meant))}?" if meant else ""


def _numeral_faults(
    paths: list[Path], words: list[Path], equations: Path, allowed: list[str]
) -> Iterator[str]:
    found = [n for path in paths for n in numerals(read_source(path), path, allowed)]
    for path in words:
        own = (each for each in flatten(read_yaml(path)) if not each[0].startswith(_QUOTED))
        for key, text in own:
            found += text_numerals(text, Path(f"{path}: {key}"), allowed)
    for name, tex in read_equations(equations).formulas.items():
        found += formula_numerals(tex, f"{equations}: {name}", allowed)
    typed = (each for each in found if each.kind != LITERATURE)
    for (place, kind), group in groupby(typed, lambda each: (each.place, each.kind)):
        where, remedy = _TYPED[kind]
        texts = [each.text for each in group]
        stand = "number {} stands" if len(texts) == 1 else "numbers {} stand"
        yield f"{place}: the {stand.format(', '.join(texts))} literally in {where}; {remedy}"


def _case_faults(article: Mapping[str, Any], targets: set[str]) -> Iterator[str]:
    """Yield claims whose row in the ledger would link to something that does not exist."""
    for name, entry in {**article["claims"], **article["findings"]}.items():
        if entry["shown"] not in targets:
            near = _nearest(entry["shown"], targets)
            yield f"config/article.yaml: {name}.shown: nowhere is {entry['shown']!r}{near}"


def _faults(arguments: argparse.Namespace, article: Mapping[str, Any]) -> list[str]:
    """Return every fault of every language's prose."""
    folders = {code: arguments.templates / code for code in article["languages"]}
    names = parts(article, arguments.templates)
    files = {code: [folder / f"{name}.md" for name in names] for code, folder in folders.items()}
    prose = [read_prose(code, paths, article["end_matter"]) for code, paths in files.items()]
    facts = read_facts(arguments.facts)
    equations = arguments.templates / "equations.yaml"
    known = Known(
        facts=facts,
        evaluations=read_evaluations(arguments.claims, facts),
        figures={name: figure["draws"] for name, figure in article["figures"].items()},
        tables=article["tables"],
        equations=list(read_equations(equations).formulas),
        panels={name: figure["panels"] or "" for name, figure in article["figures"].items()},
        places=read_json(arguments.places),
    )
    references = article_references()
    words = {code: folder / "messages.yaml" for code, folder in folders.items()}
    sources = [path for paths in files.values() for path in paths]
    messages = {code: read_messages(path) for code, path in words.items()}
    faults = [
        *setting_faults(facts, read_json(arguments.formats)),
        *year_faults(facts, read_json(arguments.formats)),
        *table_faults(article),
        *word_faults(article, known.evaluations, {words[code]: messages[code] for code in words}),
        *check_facts(prose, known, quoted_facts(article, known.facts)),
        *check_claims(prose, known),
        *check_names(prose, known),
        *check_citations(prose, references),
        *check_origins(article, references),
        *_case_faults(article, _targets(prose, known)),
        *message_differences(messages),
        *bare(article, arguments.templates),
        *_numeral_faults(sources, [*words.values()], equations, article["numerals"]),
    ]
    for part in prose:
        faults += check_once(part)
    for other in prose[1:]:
        faults += differences(prose[0], other)
    return faults


def _pictures(templates: Path, article: Mapping[str, Any]) -> list[Picture]:
    """Return the pictures of all languages; one that cannot be shown is a `UserError`."""
    paths = [
        templates / language / f"{name}.md"
        for language in article["languages"]
        for name in parts(article, templates)
    ]
    shown = [picture for path in paths for picture in pictures(read_source(path), path)]
    for picture in shown:
        check_picture(Path(picture.path), picture.part, picture.place)
    return shown


def main() -> None:
    """Check everything; write a record of what was checked against what."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("article", "templates", "formats", "places", "facts", "claims", "output"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    arguments = parser.parse_args()
    article = read_json(arguments.article)
    shown = _pictures(arguments.templates, article)
    faults = _faults(arguments, article)
    if faults:
        raise UserError(
            where=f"{len(faults)} mistake{'s' * (len(faults) > 1)} in the prose",
            found="\n    ".join(faults),
            expected="prose that agrees with the data"
            + " and with its twin in every language" * (len(article["languages"]) > 1),
            hint="fix each place named; the last good site stays as it is",
        )
    credits: dict[str, dict[str, str]] = {}
    for picture in shown:
        # One that is shown again need not be credited again: the first language tells.
        if picture.source or picture.licence:
            told = {"source": picture.source, "licence": picture.licence}
            credits.setdefault(web_name(picture.path), told)
    languages = list(article["languages"])
    write_json(arguments.output, {"languages": languages, "faults": 0, "pictures": credits})


if __name__ == "__main__":
    run_command(main)

"""What each sentence of the prose rests on, measured as tests' coverage of code is.

A sentence rests on a claim if it stands in a `claim` call; on a fact if it quotes one; on the
literature if it cites a work. What no result could turn out otherwise is marked in the source, by
``{% call reasoning() %}...{% endcall %}``, and so with ``definition`` and ``literature``. All else
is bare. Where marks cover a sentence in part, the rest of it needs a fact or a citation of its own,
and so does each of the statements that a semicolon parts a sentence into.

``juchi coverage`` prints the coverage by section and lists the bare sentences.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from juchi.check.kinds import BARE, KINDS
from juchi.core.errors import UserError
from juchi.plan.parts import parts
from juchi.plan.settings import read_subject
from juchi.prose.calls import Messages, read_messages
from juchi.prose.reading import Passage, passages
from juchi.prose.sentences import Abbreviations, sentences, statements
from juchi.prose.source import read_source

__all__ = ["Sentence", "abbreviations", "bare", "measure", "report"]

_CALLS = {"fact": "fact", "citation": "literature"}
_WORD = re.compile(r"[^\W_]")


@dataclass(frozen=True)
class Sentence:
    """A sentence, where it begins, what it rests on, and whether its paragraph is the last one."""

    text: str
    place: str
    kind: str
    concluding: bool


def abbreviations(words: Messages) -> Abbreviations:
    """Return a language's abbreviations; words of another shape are a `UserError`."""
    try:
        inside, either = (words["abbreviations"][key].split() for key in ("inside", "either"))
    except (AttributeError, TypeError) as error:
        raise UserError(
            f"messages.yaml: abbreviations: {words['abbreviations']!r}",
            str(error),
            "the keys inside and either, each with words between spaces",
            "see the twin in another language",
        ) from error
    return Abbreviations(frozenset(inside), frozenset(either))


def measure(source: str, path: Path, known: Abbreviations) -> list[Sentence]:
    """Return the sentences of a file, first those of its running text, then captions and notes."""
    found = [each for each in passages(source, path) if _WORD.search(each.text)]
    own = [each for each in found if each.own]
    last = own[-1] if own else None
    return [
        sentence
        for passage in found
        for sentence in _sentences(passage, path, passage is last, known)
    ]


def _sentences(
    passage: Passage, path: Path, concluding: bool, known: Abbreviations
) -> Iterator[Sentence]:
    for first, last in sentences(passage.text, known):
        kinds = {
            kind
            for part in statements(passage.text, first, last)
            for kind in _rests_on(passage, *part)
        }
        if kinds:
            word = _WORD.search(passage.text, first)
            line = passage.lines[word.start() if word else first]
            kind = next(kind for kind in (BARE, *KINDS) if kind in kinds)
            shown = " ".join("".join(passage.shown[first:last]).split())
            yield Sentence(shown, f"{path}:{line}", kind, concluding)


def _rests_on(passage: Passage, begin: int, end: int) -> set[str]:
    """Return what a statement rests on; nothing if it has no words."""
    marked: set[str] = set()
    loose, calls = "", set()
    for position in range(begin, end):
        character, mark = passage.text[position], passage.marks[position]
        if mark is None:
            loose += character
            calls.add(passage.kinds[position])
        elif _WORD.match(character):
            marked.add(mark)
    if not _WORD.search(loose):
        return marked
    return marked | ({kind for call, kind in _CALLS.items() if call in calls} or {BARE})


def bare(article: Mapping[str, Any], templates: Path) -> Iterator[str]:
    """Yield each sentence of the declared conclusions that rests on nothing, with the ways out."""
    for sentences_of in _measured(article, templates).values():
        for section, found in sentences_of.items():
            for sentence in _of_conclusions(article, section, found):
                if sentence.kind == BARE:
                    yield (
                        f"{sentence.place}: a conclusion rests on nothing: “{sentence.text}”; "
                        "let it quote a fact, cite a work or stand in a claim's call, or mark it "
                        "as reasoning, definition or literature if no result could overturn it"
                    )


def _measured(article: Mapping[str, Any], templates: Path) -> dict[str, dict[str, list[Sentence]]]:
    """Return the sentences of every language and section."""
    sections = [name for name in parts(article, templates) if name not in article["end_matter"]]
    for key, names in article["conclusions"].items():
        for name in names:
            if name not in sections:
                raise UserError(
                    f"config/article.yaml: conclusions.{key}",
                    f"an unknown section {name!r}",
                    f"one of {', '.join(sections)}",
                    "correct the name, or declare the section under sections",
                )
    found: dict[str, dict[str, list[Sentence]]] = {}
    for language in article["languages"]:
        folder = templates / language
        known = abbreviations(read_messages(folder / "messages.yaml"))
        paths = [folder / f"{section}.md" for section in sections]
        found[language] = {path.stem: measure(read_source(path), path, known) for path in paths}
    return found


def _of_conclusions(
    article: Mapping[str, Any], section: str, found: Iterable[Sentence]
) -> list[Sentence]:
    """Return the sentences of a section that have to rest on something."""
    declared = article["conclusions"]
    if section in declared["sections"]:
        return list(found)
    return [each for each in found if each.concluding and section in declared["last_paragraphs"]]


def _row(name: str, found: list[Sentence]) -> str:
    count = Counter(sentence.kind for sentence in found)
    cells = "".join(f"{count[kind]:>12}" for kind in (*KINDS, BARE))
    percent = 100 * (len(found) - count[BARE]) // len(found) if found else 100
    return f"{name:<36}{len(found):>10}{cells}{percent:>10}%"


def _table(article: Mapping[str, Any], folder: Path, found: dict[str, list[Sentence]]) -> list[str]:
    """Return the lines that tell the coverage of one language by section."""
    heads = "".join(f"{kind:>12}" for kind in (*KINDS, BARE))
    lines = [f"{f'{folder}/':<36}{'sentences':>10}{heads}{'covered':>11}"]
    for section, own in found.items():
        star = " *" if section in article["conclusions"]["sections"] else ""
        lines.append(_row(f"  {section}{star}", own))
        if not star:
            star = " *" if section in article["conclusions"]["last_paragraphs"] else ""
            last = [sentence for sentence in own if sentence.concluding]
            lines.append(_row(f"    its last paragraph{star}", last))
    return [*lines, _row("  all", [each for own in found.values() for each in own])]


def report(shown: Collection[str]) -> None:
    """Print the coverage of the article in this folder, and the sentences that rest as asked for.

    Raises
    ------
    SystemExit
        With a message where a sentence of the conclusions is bare.
    """
    templates = Path("templates")
    article = read_subject(Path("config"), "article")
    measured = _measured(article, templates)
    for language, found in measured.items():
        print("\n".join(_table(article, templates / language, found)), end="\n\n")
    print("* a conclusion, all of whose sentences have to rest on something\n")
    for found in measured.values():
        for sentence in (each for own in found.values() for each in own):
            if sentence.kind in shown:
                print(f"{sentence.place}: {sentence.kind}: {sentence.text}")
    if faults := list(bare(article, templates)):
        raise SystemExit(f"\n{len(faults)} sentences of the conclusions rest on nothing")

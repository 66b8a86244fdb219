"""What is called otherwise than in an older version: keys and files of an article, by version."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ByHand", "by_hand", "files", "keys"]


@dataclass(frozen=True)
class _Key:
    """A key that has another name since a version; `hint` says what to do where that is not all."""

    since: str
    where: str
    old: str
    new: str
    hint: str = ""


@dataclass(frozen=True)
class _File:
    """A file that has another name since a version."""

    since: str
    where: str
    new: str


@dataclass(frozen=True)
class ByHand:
    """A key that its author has to change: where it stands, and what to do."""

    place: str
    old: str
    hint: str


_EXPERIMENTS, _FACTS = "config/experiments.yaml", "config/facts.yaml"
_MESSAGES = "templates/*/messages.yaml"
_FILES = (_File("0.3.0", "templates/*/words.yaml", "messages.yaml"),)
_VALUE = "it is `key: <name>` of the result that `of` or `file` names now"
_KEYS = (
    _Key("0.3.0", _EXPERIMENTS, "variants", "configurations"),
    _Key("0.3.0", _EXPERIMENTS, "studies", "configurations"),
    _Key("0.3.0", _EXPERIMENTS, "comparisons", "analyses"),
    _Key("0.3.0", _FACTS, "every_variant", "every"),
    _Key("0.3.0", _FACTS, "every_trial", "every"),
    _Key("0.3.0", _MESSAGES, "seed_language", "quoted_language"),
    _Key("0.3.0", _MESSAGES, "seed_section", "quoted_section"),
    *(
        _Key("0.3.0", _FACTS, old, "key", _VALUE)
        for old in ("landscape", "record", "agreement", "printed")
    ),
    _Key("0.3.0", _FACTS, "ratio", "expression", "it is `expression: a / b` now"),
)


def files(root: Path, version: str) -> Iterator[tuple[Path, Path]]:
    """Yield the files with a name from before, and their new places, which are free."""
    for each in _FILES:
        for path in sorted(root.glob(each.where)) if _newer(each.since, version) else ():
            if not path.with_name(each.new).exists():
                yield path, path.with_name(each.new)


def keys(root: Path, version: str, moved: Mapping[Path, Path]) -> Iterator[tuple[Path, str]]:
    """Yield each file in which keys get their new names, by its new place, with its new text."""
    origins = {new: old for old, new in moved.items()}
    for pattern in dict.fromkeys(each.where for each in _KEYS):
        for path in sorted({*root.glob(pattern), *(p for p in origins if p.match(pattern))}):
            text = before = origins.get(path, path).read_text("utf-8")
            for each in _KEYS:
                if each.where == pattern and not each.hint and _newer(each.since, version):
                    text = _pattern(each.old).sub(rf"\g<1>{each.new}\g<2>", text)
            if text != before:
                yield path, text


def by_hand(root: Path, version: str) -> Iterator[ByHand]:
    """Yield what has to be changed by hand."""
    for each in _KEYS:
        for path in (
            sorted(root.glob(each.where)) if each.hint and _newer(each.since, version) else ()
        ):
            text = path.read_text("utf-8")
            for found in _pattern(each.old, inline=True).finditer(text):
                line = text.count("\n", 0, found.start(1)) + 1
                place = f"{path.relative_to(root).as_posix()}:{line}"
                yield ByHand(place, each.old, f"{each.new!r} for {each.old!r}: {each.hint}")


def _pattern(key: str, *, inline: bool = False) -> re.Pattern[str]:
    """Return what finds a key at the head of a line; `inline`, also in braces, behind one there."""
    before = r"(^[ \t]*|[{,][ \t]*)" if inline else r"(^[ \t]*)"
    return re.compile(rf"{before}{key}(:(?=\s))", re.MULTILINE)


def _newer(since: str, version: str) -> bool:
    return _parts(since) > _parts(version)


def _parts(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]

"""Citations and cross references within a line, as Pandoc and Quarto write them.

``[@key]``, ``[see @key, p. 12; @other]``, ``[-@key]`` and ``@key`` cite works; ``@fig-name``,
``@tbl-name``, ``@eq-name``, ``@lst-name``, ``@sec-name`` and ``[@fig-one; @fig-two]`` lead to a
place of the article, and ``[-@fig-name]`` prints its number alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from juchi.core.errors import UserError
from juchi.prose.divs import THEOREMS
from juchi.prose.locators import Locator, read_locator
from juchi.prose.panel_letters import refuse_letters
from juchi.prose.tokens import leaves

__all__ = ["TARGETS", "Cited", "citation", "is_target", "read_citations", "reference", "target"]

# What the identifiers of an article's own places begin with, as written and as they are.
TARGETS = {
    **{"fig": "fig", "tbl": "tab", "tab": "tab", "eq": "eq", "lst": "lst", "sec": "sec"},
    # Of theorems and their like, as Quarto has them.
    **{kind: kind for kind in THEOREMS.values()},
}

# Of ASCII alone: between Chinese characters no space tells where a key ends.
_SIGNS = r"A-Za-z0-9_"
_KEY = (
    rf"(?:\{{(?P<braced>[^{{}}\s]+)\}}|(?P<key>[{_SIGNS}](?:[{_SIGNS}:.#$%&+?<>~/-]*[{_SIGNS}])?))"
)
_ITEM = re.compile(rf"(?P<prefix>.*?)(?P<bare>-?)(?<![A-Za-z0-9_@])@{_KEY}(?P<rest>.*)", re.DOTALL)
_NARRATIVE = re.compile(rf"@{_KEY}")
_LOCATOR = re.compile(r"\s*\[(?P<locator>[^\[\]@;]+)\]")
# As Quarto has them, with a capital at the beginning of a sentence too.
_KINDS = "|".join(f"[{kind[0].upper()}{kind[0]}]{kind[1:]}" for kind in TARGETS)
_TARGET = re.compile(rf"(?P<kind>{_KINDS})-(?P<name>[A-Za-z0-9_][A-Za-z0-9_-]*)")


_NOTHING = (0, Token("text", "", 0))
# What may not stand around a work in its brackets: what was found, what is expected, a hint.
_NOT_AROUND = {
    "refs": (
        "a work and a place in the same brackets",
        "works alone, as `[@key, p. 12]`",
        "write the cross reference outside the brackets",
    ),
    "cite": (
        "two works that no semicolon parts",
        "works as `[@key; @other]`",
        "write a semicolon between them",
    ),
}


@dataclass(frozen=True)
class Cited:
    """A work as it is cited at one place.

    Attributes
    ----------
    key
        By which the references of the article know it.
    before, behind
        What stands around it as it was written, such as ``see`` and ``, p. 12 and more``.
    prefix, suffix
        The same in tokens, without the place in the work; see `read_citations`.
    locator
        The place in the work, such as ``p. 12``.
    without_author
        Whether the sentence names the author already.
    """

    key: str
    before: str = ""
    behind: str = ""
    prefix: Sequence[Token] = ()
    suffix: Sequence[Token] = ()
    locator: Locator | None = None
    without_author: bool = False


def citation(state: StateInline, silent: bool) -> bool:
    """Read a citation in brackets, or several cross references in brackets."""
    end = state.src.find("]", state.pos)
    if state.src[state.pos] != "[" or end < 0 or state.src[end + 1 : end + 2] in ("(", "["):
        return False
    content = state.src[state.pos + 1 : end]
    if "[" in content or "@" not in content or "\n\n" in content:
        return False
    items = [_ITEM.fullmatch(part) for part in content.split(";")]
    if not all(items):
        return False
    if not silent:
        keys = [item["braced"] or item["key"] for item in items if item]
        works = [_cited(item, key) for item, key in zip(items, keys, strict=True) if item]
        if all(is_target(key) for key in keys):
            _push_reference(state, keys, works)
        else:
            _push(state, "cite", narrative=False, works=works)
    state.pos = end + 1
    return True


def _cited(item: re.Match[str], key: str) -> Cited:
    return Cited(key, item["prefix"], item["rest"], without_author=bool(item["bare"]))


def reference(state: StateInline, silent: bool) -> bool:
    """Read a cross reference, or a work that is part of the sentence."""
    bare = state.src.startswith("-@", state.pos)
    match = _NARRATIVE.match(state.src, state.pos + bare)
    before = state.src[state.pos - 1 : state.pos] if state.pos else ""
    in_word = before.isascii() and (before.isalnum() or before in tuple("._-@/"))
    if match is None or in_word:
        return False
    key, end = match["braced"] or match["key"], match.end()
    locator = _LOCATOR.match(state.src, end)
    leads_to_place = is_target(key)
    if bare and leads_to_place:
        return False
    if not silent:
        if leads_to_place:
            _push_reference(state, [key], ())
        else:
            behind = locator["locator"] if locator else ""
            work = Cited(key, behind=behind, without_author=bare)
            _push(state, "cite", narrative=not bare, works=[work])
    state.pos = locator.end() if locator and not leads_to_place else end
    return True


def _push_reference(state: StateInline, keys: list[str], written: Sequence[Cited]) -> None:
    is_first = keys[0][0].isupper()
    targets = [target(key) for key in keys]
    is_alone = any(one.without_author for one in written)
    _push(state, "refs", targets=targets, written=written, is_first=is_first, is_alone=is_alone)


def _push(state: StateInline, kind: str, **meta: object) -> None:
    token = state.push(kind, "", 0)
    # Beside it a quotation mark opens or closes as beside a word.
    token.content = "x"
    token.meta = meta


def is_target(key: str) -> bool:
    """Tell whether a key is that of a place of the article, not of a work."""
    return bool(_TARGET.fullmatch(key))


def target(key: str) -> str:
    """Return the identifier of a place as the page has it: `tbl-x` is `tab-x` there."""
    kind, _, name = key.partition("-")
    return f"{TARGETS.get(kind.lower(), kind)}-{name}"


def read_citations(state: StateCore) -> None:
    """Read what stands around the works of each citation, as any other prose."""
    found = list(leaves(state.tokens))
    for (line, token), (_, behind) in zip_longest(found, found[1:], fillvalue=_NOTHING):
        if token.type == "refs":
            _refuse_words(token.meta["written"], state.env["source"].place(line))
            _refuse_half_alone(token.meta["written"], state.env["source"].place(line))
            refuse_letters(
                token.meta["targets"][-1], behind.content, state.env["source"].place(line)
            )
        if token.type == "cite":
            works = token.meta["works"]
            _refuse_mixed([work.key for work in works], state.env["source"].place(line))
            token.meta["works"] = [_read(work, state, line) for work in works]


def _read(work: Cited, state: StateCore, line: int) -> Cited:
    locator, behind = read_locator(work.behind)
    prefix, suffix = (_tokens(text, state, line) for text in (work.before.lstrip(), behind))
    around = [token.type for token in (*prefix, *suffix)]
    for kind, (found, expected, hint) in _NOT_AROUND.items():
        if kind in around:
            written = f"{work.before}@{work.key}{work.behind}"
            place = state.env["source"].place(line)
            raise UserError(place, f"{found}: {written}", expected, hint)
    return replace(work, prefix=prefix, suffix=suffix, locator=locator)


def _tokens(text: str, state: StateCore, line: int) -> Sequence[Token]:
    if not text.strip():
        return ()
    source = state.env["source"]
    here = replace(source, lines=source.lines[line:], edges=[])
    (inline,) = state.md.parseInline(text, {"source": here})
    return inline.children or ()


def _refuse_words(written: Sequence[Cited], place: str) -> None:
    """Refuse words in the brackets of a cross reference, which would be lost."""
    for one in written:
        words = f"{one.before.strip()}{one.behind.strip()}"
        if words:
            raise UserError(
                place,
                f"{words!r} in the brackets of a cross reference to {one.key}",
                "places alone, as `[@fig-one; @fig-two]`, or one as `@fig-name`",
                "put the words outside the brackets",
            )


def _refuse_half_alone(written: Sequence[Cited], place: str) -> None:
    """Refuse numbers alone beside whole references, or of places of several kinds."""
    kinds = {target(one.key).partition("-")[0] for one in written}
    alone = [one.without_author for one in written]
    if any(alone) and not (all(alone) and len(kinds) == 1):
        shown = "; ".join(f"{'-' * one.without_author}@{one.key}" for one in written)
        raise UserError(
            place,
            f"the brackets [{shown}]",
            "numbers alone of places of one kind, as `[-@fig-one; -@fig-two]`",
            "write a hyphen before each or before none, and other kinds in brackets of their own",
        )


def _refuse_mixed(keys: list[str], place: str) -> None:
    """Refuse brackets that hold works and places of the article together."""
    if len({is_target(key) for key in keys}) > 1:
        raise UserError(
            place,
            f"works and places in the same brackets: {', '.join(keys)}",
            "either, as `[@key; @other]` or `[@fig-one; @fig-two]`",
            "write two pairs of brackets",
        )

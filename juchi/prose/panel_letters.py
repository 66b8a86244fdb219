"""Letters of panels as authors write them behind a reference: named, or refused with the name."""

from __future__ import annotations

import re

from juchi.core.errors import UserError

__all__ = ["panels_meant", "refuse_letters"]

_MORE = r"(?:\s*(?:[,，、;和及]|and|--?|–|—|～|~|至|到)\s*[A-Za-z](?![A-Za-z]))"
_BRACKETS = re.compile(rf"[（(\[]\s*([A-Za-z](?![A-Za-z]){_MORE}*)\s*[）)\]]")
_BEHIND = re.compile(rf"[,，、]([A-Za-z])(?![A-Za-z]){_MORE}*")
_PANEL = re.compile(r"(fig-[\w-]*?)-([A-Za-z])")
_RANGE = re.compile(r"(fig-[\w-]*?)-+([A-Za-z])--?([A-Za-z])")
_SPAN = re.compile(r"([A-Za-z])\s*(?:--?|–|—|～|~|至|到)\s*([A-Za-z])")


def refuse_letters(id_: str, behind: str, place: str) -> None:
    """Refuse letters right behind a reference to a figure, which would lead nowhere.

    ``@fig-x(a)`` has them in brackets, ``@fig-x-a,b`` goes on with another one.
    """
    if not id_.startswith("fig-"):
        return
    figure, letters = id_, _BRACKETS.match(behind)
    panel = _PANEL.fullmatch(id_)
    if not letters and panel:
        figure, letters = panel[1], _BEHIND.match(behind)
    if letters:
        written = (panel[2] if panel and figure == panel[1] else "") + letters[0]
        raise UserError(
            place,
            f"the letters {letters[0]!r} behind @{id_}",
            "panels by their names, as `@fig-name-a`, several as `[@fig-name-a; @fig-name-b]`",
            f"write {_named(figure, _letters(written))}",
        )


def panels_meant(id_: str) -> list[str]:
    """Return the panels that a name may mean that is nowhere, as `fig-x-a-c` or `fig-x-A`.

    Examples
    --------
    >>> panels_meant("fig-x-a--c")
    ['fig-x-a', 'fig-x-b', 'fig-x-c']
    """
    if several := _RANGE.fullmatch(id_):
        return [f"{several[1]}-{each}" for each in _letters(f"{several[2]}-{several[3]}")]
    one = _PANEL.fullmatch(id_)
    return [f"{one[1]}-{one[2].lower()}"] if one else []


def _letters(written: str) -> list[str]:
    text = _SPAN.sub(lambda span: " ".join(_between(span[1], span[2])), written)
    return [letter.lower() for letter in re.findall(r"(?<![A-Za-z])[A-Za-z](?![A-Za-z])", text)]


def _between(first: str, last: str) -> list[str]:
    return [chr(code) for code in range(ord(first.lower()), ord(last.lower()) + 1)]


def _named(figure: str, letters: list[str]) -> str:
    names = "; ".join(f"@{figure}-{letter}" for letter in letters)
    return f"[{names}]" if len(letters) > 1 else names

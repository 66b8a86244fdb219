"""Names in BibTeX that are read as others than they are meant: each is refused with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from juchi.core.errors import UserError
from juchi.prose.csl_names import NAMES
from juchi.prose.person_names import several_in_one

__all__ = ["refuse_misread_names"]

Fault = tuple[str, str, str]  # what stands there, what should, and a hint

_FORM = "persons parted by the word `and`, family and given name by a comma , of half width"
_PARTS = "the family name, what follows it, and the given name, with commas between"
# What stands behind a family name, and is no given name.
_GENERATION = re.compile(r"(?:Jr|Sr|Jnr|Snr)\.?|I{2,3}|IV", re.IGNORECASE)
_SUFFIX = re.compile(
    rf"{_GENERATION.pattern}|VI{{0,3}}|\d(?:nd|rd|th)|Junior|Senior|J[úu]nior|Filho|Neto|Sobrinho"
    r"|père|fils|Esq\.?|Ph\.?\s?D\.?|M\.?\s?D\.?|S\.?\s?J\.?|O\.?\s?P\.?|O\.?\s?S\.?\s?B\.?",
    re.IGNORECASE,
)
_MORE_THAN_A_NAME = 3  # parts of a name between commas
_OTHERS = re.compile(r"\bet\.? al\b|\bet\.?$|(?<=\w)等$|^等$")
_ROLE = re.compile(r"\((?:eds?|editors?|trans|Hrsg|Hg|comp|主编|编|译)\b\.?\)?", re.IGNORECASE)
_TITLE = re.compile(r"(?:Dr|Prof|Mrs?|Ms|Sir)\.(?=\s|$)|Professor\b")
# Words that no person has before the family name, and those that only institutions end in.
_NO_PARTICLE = re.compile(r"\b(?:of|for|the|on)\b", re.IGNORECASE)
_INSTITUTION = re.compile(
    r"(?:Organi[sz]ation|University|Institute|Consortium|Collaboration|Committee|Association|Society"
    r"|Agency|Foundation|Department|Ministry|Corporation|Company|Laborator(?:y|ies)|Council|Team"
    r"|Commission|Bureau|Inc\.?|Ltd\.?|GmbH|Project|Network|Initiative|Academy|Contributors"
    r"|Developers)",
    re.IGNORECASE,
)
_GROUP = re.compile(r"\{[^{}]*\}")


def refuse_misread_names(
    work: Mapping[str, Any], fields: Mapping[str, tuple[str, str]], place: str
) -> None:
    """Refuse a name that BibTeX reads as another than it is.

    Parameters
    ----------
    work
        The work in CSL-JSON.
    fields
        The fields of its entry: where each stands, and its value as it is written.
    place
        The file and line of the entry.

    Raises
    ------
    UserError
        With the file, the line, the entry and the role.
    """
    for role in sorted(NAMES & fields.keys()):
        where, raw = fields[role]
        for name in _names(raw):
            if name.count(",") >= _MORE_THAN_A_NAME and "=" not in name:
                raise UserError(where, f"more than two commas in the name {name!r}", *_of_several())
    for role in sorted(NAMES & work.keys()):
        for name in work[role]:
            if fault := next(_faults(name), None):
                where = fields[role][0] if role in fields else f"{place}: {work['id']}: {role}"
                raise UserError(where, *fault)


def _names(raw: str) -> Iterator[str]:
    """Yield the names of a field, with nothing in the place of what stands in braces of its own."""
    text = " ".join(raw.split())[1:-1]
    while (outer := _GROUP.sub("", text)) != text:
        text = outer
    yield from re.split(r" and ", text)


def _of_several() -> tuple[str, str]:
    hint = "write author = {黄, 亦磊 and 周, 仕勇}; an organisation stands in braces of its own"
    return _FORM, hint


def _faults(name: Mapping[str, Any]) -> Iterator[Fault]:
    whole = " ".join(str(part) for part in name.values() if isinstance(part, str))
    if sign := several_in_one(name):
        yield f"the sign {sign!r} in a name", *_of_several()
    if "literal" in name:
        return
    if _OTHERS.search(whole):
        yield repr(whole), "the word `others`", "write `and others` behind the last name"
    if match := re.search(r"\bAND\b|&|\band\b", whole):
        hint = "write `and` between two names, once; an institution stands in braces of its own"
        yield f"{match[0]!r} within a name, {whole!r}", _FORM, hint
    yield from _suffixed(name)
    if match := _ROLE.search(whole):
        yield repr(match[0]), "the name alone", "write editor = {…} or translator = {…} for a role"
    if match := _TITLE.match(str(name.get("given", ""))):
        yield repr(match[0]), "the name alone", "leave titles out"
    yield from _of_institution(name)


def _suffixed(name: Mapping[str, Any]) -> Iterator[Fault]:
    """Find `King, Jr.`, which BibTeX takes for a person of the given name Jr., and the like."""
    family, given, suffix = (str(name.get(part, "")) for part in ("family", "given", "suffix"))
    if _GENERATION.fullmatch(given):
        first, _, last = family.rpartition(" ")
        hint = f"write {last}, {given}, {first or 'Martin Luther'}"
        yield f"{given!r} in the place of a given name", _PARTS, hint
    if _GENERATION.fullmatch(family) and given:
        first, _, last = given.rpartition(" ")
        hint = f"write {last}, {family}, {first or 'Martin Luther'}"
        yield f"{family!r} in the place of a family name", _PARTS, hint
    if suffix and not _SUFFIX.fullmatch(suffix):
        form, hint = _of_several()
        yield f"{suffix!r} between two commas, where Jr. or III would stand", form, hint


def _of_institution(name: Mapping[str, Any]) -> Iterator[Fault]:
    """Find `World Health Organization` without braces of its own, printed as Organization, W. H."""
    given, family = str(name.get("given", "")), str(name.get("family", ""))
    particle = " ".join(str(name.get(f"{kind}dropping-particle", "")) for kind in ("non-", ""))
    if _NO_PARTICLE.search(particle) or (given and _INSTITUTION.fullmatch(family)):
        whole = " ".join(f"{given} {particle.strip()} {family}".split())
        yield (
            f"{whole!r}, of which {family!r} would be the family name",
            "the name of a person, or that of an institution in braces of its own",
            f"write {{{{{whole}}}}}",
        )

"""Typefaces: what the catalogue offers, and which family serves which character.

A stack is a list of families for one role (serif, sans, mono, math). A character is served by the
first family of the stack that has it and is not told to leave it (`without`), so that a Latin
family may stand first and still leave Chinese quotation marks to the Chinese one. A character that
nobody serves is an error here: WeasyPrint, matplotlib and browsers would only show a box.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import uharfbuzz as hb

from juchi.core.errors import UserError
from juchi.plan.build_models import Fonts
from juchi.plan.models import validated
from juchi.plan.yaml_files import read_yaml

__all__ = [
    "Catalogue",
    "Face",
    "Family",
    "Member",
    "Stack",
    "Usage",
    "characters_of",
    "check_glyphs",
    "describe",
    "drawn",
    "load_catalogue",
    "matplotlib_families",
    "open_font",
    "resolve",
    "serving",
]

PLACES_SHOWN = 3
# Where an article declares typefaces: its catalogue takes the place of the theme's.
_OWN = "config/fonts.yaml, which begins as a copy of juchi/theme/fonts.yaml"
_REGULAR = 500  # CSS looks for lighter faces first up to here


@dataclass(frozen=True)
class Face:
    """One file of a family.

    Parameters
    ----------
    weight
        CSS ``font-weight``.
    style
        CSS ``font-style``, ``normal`` or ``italic``.
    file
        TTF, WOFF or WOFF2; WOFF2 is slow to read.
    """

    weight: int
    style: str
    file: Path


@dataclass(frozen=True)
class Family:
    """A typeface; all its faces have the same characters.

    Parameters
    ----------
    name
        The name in the catalogue.
    licence
        SPDX identifier.
    features
        OpenType features that a subset keeps.
    faces
        In the catalogue's order.
    """

    name: str
    licence: str
    features: tuple[str, ...]
    faces: tuple[Face, ...]

    def face(self, weight: int, style: str) -> Face:
        """Return the face that CSS chooses for a weight and a style (CSS Fonts 4, 5.2).

        The style counts first; then the nearest weight, upwards for the heavy and downwards for
        the light.
        """
        faces = [each for each in self.faces if each.style == style] or list(self.faces)
        up = weight > _REGULAR

        def distance(face: Face) -> tuple[bool, int]:
            away = face.weight - weight
            return (away < 0 if up else away > 0), abs(away)

        return min(faces, key=distance)


@dataclass(frozen=True)
class Member:
    """A family's place in a stack, and the characters that it leaves to those after it."""

    family: Family
    without: str = ""


@dataclass(frozen=True)
class Usage:
    """A text that is shown.

    Attributes
    ----------
    role
        ``serif``, ``sans``, ``mono`` or ``math``.
    text
        Its characters.
    place
        Where it comes from, for messages.
    weight, style
        CSS ``font-weight`` and ``font-style``.
    later
        Whether it stands in a part of the page that nobody sees at first.
    """

    role: str
    text: str
    place: str
    weight: int = 400
    style: str = "normal"
    later: bool = False


Catalogue = dict[str, Family]
Stack = tuple[Member, ...]


def load_catalogue(path: Path) -> Catalogue:
    """Read and check the catalogue of families."""
    declared = validated(Fonts, read_yaml(path), str(path))
    return {
        name: Family(
            name,
            each.licence,
            each.features,
            tuple(Face(face.weight, face.style, Path(face.file)) for face in each.faces),
        )
        for name, each in declared.families.items()
    }


def resolve(
    fonts: Mapping[str, Sequence[Mapping[str, str]]], catalogue: Catalogue
) -> dict[str, Stack]:
    """Turn a language's `fonts` of the configuration into stacks.

    Raises
    ------
    UserError
        If a family is not in the catalogue, or leaves other characters in one role than in
        another: its one set of files could not do both.
    """
    stacks: dict[str, Stack] = {}
    left: dict[str, tuple[str, set[str]]] = {}
    for role, members in fonts.items():
        for member in members:
            name, without = member["family"], member.get("without", "")
            _check_member(role, name, set(without), catalogue, left)
        stacks[role] = tuple(
            Member(catalogue[member["family"]], member.get("without", "")) for member in members
        )
    return stacks


def _check_member(
    role: str,
    name: str,
    without: set[str],
    catalogue: Catalogue,
    left: dict[str, tuple[str, set[str]]],
) -> None:
    if name not in catalogue:
        raise UserError(
            where=f"config/article.yaml: languages.*.fonts.{role}",
            found=f"the family {name!r}",
            expected=f"one of {', '.join(catalogue)}",
            hint=f"name one of these, or add the family to {_OWN}",
        )
    other, before = left.setdefault(name, (role, without))
    if before != without:
        raise UserError(
            where=f"config/article.yaml: languages.*.fonts.{role}",
            found=f"{name!r} without {_listed(without)}, but in {other} without {_listed(before)}",
            expected="the same `without` in all roles of a language",
            hint="make them equal",
        )


def _listed(characters: set[str]) -> str:
    return "".join(sorted(characters)) or "nothing"


def serving(stack: Stack, characters: Iterable[str]) -> dict[str, Family]:
    """Give the family that serves each of some characters; one that nobody serves is left out."""
    families: dict[str, Family] = {}
    for character in characters:
        for member in stack:
            has = characters_of(member.family.faces[0].file)
            if character in has and character not in member.without:
                families[character] = member.family
                break
    return families


@cache
def characters_of(file: Path) -> frozenset[str]:
    """Give the characters that a font file has."""
    return frozenset(map(chr, open_font(file).unicodes))


@cache
def open_font(file: Path) -> hb.Face:
    """Open a font file; one that is missing, or has no TrueType outlines, is a `UserError`."""
    if not file.is_file():
        raise UserError(
            where=str(file),
            found="no such font file",
            expected="the file that the catalogue of typefaces names",
            hint="run `make setup`, which installs the fonts, or fix the name",
        )
    face = hb.Face(_uncompressed(file))
    if "glyf" not in face.table_tags:
        raise UserError(
            where=str(file),
            found="no TrueType outlines",
            expected="a TTF, WOFF or WOFF2 file with a glyf table",
            hint="name a font of that kind in the catalogue; if this one is, delete "
            "node_modules and run `make setup`, which installs the fonts again",
        )
    return face


def _uncompressed(file: Path) -> hb.Blob:
    with file.open("rb") as content:
        if content.read(3) != b"wOF":
            return hb.Blob.from_file_path(file)
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - only compressed fonts pay for it

    written = io.BytesIO()
    with TTFont(file, recalcBBoxes=False, recalcTimestamp=False) as font:
        font.flavor = font.flavorData = None
        font.save(written, reorderTables=None)
    return hb.Blob(written.getvalue())


def check_glyphs(usages: Iterable[Usage], stacks: Mapping[str, Stack]) -> None:
    """Hold every character that is shown against the fonts of its role.

    Raises
    ------
    UserError
        If no family of the role's stack has a character; names all such characters and where
        they stand.
    """
    usages = list(usages)
    for role in dict.fromkeys(usage.role for usage in usages):
        if role not in stacks:
            raise _unknown_role(role, stacks, usages)
        missing: dict[str, list[str]] = {}
        for usage in usages:
            if usage.role == role:
                shown = drawn(usage.text)
                for character in sorted(shown - serving(stacks[role], shown).keys()):
                    missing.setdefault(character, []).append(usage.place)
        if missing:
            raise _missing_glyphs(role, missing, stacks[role])


def drawn(text: str) -> set[str]:
    """Give the characters of a text that need a glyph; controls and invisible ones do not."""
    return {each for each in text if unicodedata.category(each) not in {"Cc", "Cf"}}


def _unknown_role(role: str, stacks: Mapping[str, Stack], usages: Sequence[Usage]) -> UserError:
    return UserError(
        where=next(usage.place for usage in usages if usage.role == role),
        found=f"text in the role {role!r}",
        expected=f"one of {', '.join(stacks)}",
        hint=f"add `{role}` to languages.*.fonts in config/article.yaml",
    )


def _missing_glyphs(role: str, missing: Mapping[str, Sequence[str]], stack: Stack) -> UserError:
    families = ", ".join(member.family.name for member in stack)
    described = [f"{describe(each)} in {_shown(places)}" for each, places in missing.items()]
    return UserError(
        where=next(iter(missing.values()))[0],
        found=f"{'; '.join(described)}: no glyph in the {role} fonts",
        expected=f"characters that {families} have",
        hint=f"write another character, or add a family that has this one to {_OWN}, and to "
        f"languages.*.fonts.{role} in config/article.yaml",
    )


def describe(character: str) -> str:
    """Give a character with its code point and its Unicode name.

    Examples
    --------
    >>> describe("√")
    '√ (U+221A SQUARE ROOT)'
    """
    name = unicodedata.name(character, "a character without a name")
    return f"{character} (U+{ord(character):04X} {name})"


def _shown(places: Sequence[str]) -> str:
    distinct = list(dict.fromkeys(places))
    more = len(distinct) - PLACES_SHOWN
    return ", ".join(distinct[:PLACES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def matplotlib_families(stack: Stack) -> list[str]:
    """Make a stack's fonts known to matplotlib; give the names for ``font.family``.

    The catalogue's weights count, since matplotlib reads a semi-bold face as a family of its own,
    and fonts of the same name that are installed on this machine are left out. matplotlib knows
    no `without`: there the first family that has a character draws it.
    """
    from matplotlib import font_manager  # noqa: PLC0415 - only figures pay for it

    manager = font_manager.fontManager
    names = [member.family.name for member in stack]
    manager.ttflist = [entry for entry in manager.ttflist if entry.name not in names]
    for member in stack:
        for face in member.family.faces:
            open_font(face.file)
            known = len(manager.ttflist)
            manager.addfont(face.file)  # once or twice: by its old and by its new style of name
            manager.ttflist[known:] = [
                replace(
                    manager.ttflist[known],
                    name=member.family.name,
                    weight=face.weight,
                    style=face.style,
                )
            ]
    return names

"""What is cut from which face: the characters set in its weight and style, and for which view.

A page is read from its top. Its later sections are marked (``later``), and what they alone show can
come once the reader moves; so the first view waits for few bytes. A large face is cut in two, one
file for each; a small one stays whole.
"""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from juchi.fonts.typefaces import Face, Family, Stack, Usage, characters_of, drawn, serving

__all__ = ["Cut", "cuts"]

SPACES = "\u0020\u00a0"
# What no text shows: style sheets add numbers and marks (page / pages, [1]), layout the hyphen of
# a broken word, scripts the signs of buttons. WeasyPrint would take them from a font of the machine
# without a warning.
NUMBERS = SPACES + string.digits + "\u2002"
ADDED = NUMBERS + string.punctuation + "\u2010\u2212\u00d7"
# Fewer later characters are not worth a file of their own.
WORTH_A_FILE = 50


@dataclass(frozen=True)
class Cut:
    """Some of a face's characters.

    Attributes
    ----------
    later
        Whether only the later sections of the page need them.
    """

    family: Family
    face: Face
    characters: frozenset[str]
    later: bool

    @property
    def name(self) -> str:
        """The name of its file, without an ending."""
        slug = self.family.name.lower().replace(" ", "-")
        return f"{slug}-{self.face.weight}-{self.face.style}"


Shares = dict[tuple[str, Face], dict[bool, set[str]]]


def cuts(usages: Iterable[Usage], stacks: Mapping[str, Stack], in_two: bool = False) -> list[Cut]:
    """Give what has to be cut, in the order of the stacks and their faces.

    A face in use also gets the spaces. What style sheets and layout add goes to the regular face of
    the first family of each stack of text, and the numbers to its other faces in use. A face that
    nothing is set in is left out.

    Parameters
    ----------
    usages
        The text that is shown; every character has a family in the stack of its role.
    stacks
        The language's stacks by role.
    in_two
        Whether large faces are cut in two, the first view's characters apart.
    """
    families = {member.family.name: member.family for stack in stacks.values() for member in stack}
    shares = _shares(usages, stacks)
    _add_marks(shares, stacks)
    return [
        cut
        for family in families.values()
        for face in family.faces
        if (family.name, face) in shares
        for cut in _parts(family, face, shares[family.name, face], in_two)
    ]


def _shares(usages: Iterable[Usage], stacks: Mapping[str, Stack]) -> Shares:
    """Give the characters of each face, of the first view (False) and of later ones (True).

    The first face of a stack says how high a line is, even where another one sets all its text. So
    what sets none of the first view, but comes first there, belongs to it too: were it to come
    later, the lines would move.
    """
    shares: Shares = {}
    first_view = set()
    for usage in usages:
        first = stacks[usage.role][0].family
        if not usage.later:
            first_view.add((first.name, first.face(usage.weight, usage.style)))
        for character, family in serving(stacks[usage.role], drawn(usage.text)).items():
            face = family.face(usage.weight, usage.style)
            share = shares.setdefault((family.name, face), {False: set(), True: set()})
            share[usage.later].add(character)
    for face_of_lines in first_view & shares.keys():
        shares[face_of_lines][False].add(" ")
    return shares


def _add_marks(shares: Shares, stacks: Mapping[str, Stack]) -> None:
    """Add what style sheets and layout show, to the first families in use of the stacks of text."""
    for role, stack in stacks.items():
        used = {name for name, _ in shares}
        if role != "math" and used & {member.family.name for member in stack}:
            for character, family in serving(stack, ADDED).items():
                regular = (family.name, family.face(400, "normal"))
                shares.setdefault(regular, {False: set(), True: set()})
                for key, share in shares.items():
                    if key == regular or (key[0] == family.name and character in NUMBERS):
                        share[not share[False]].add(character)


def _parts(family: Family, face: Face, share: dict[bool, set[str]], in_two: bool) -> list[Cut]:
    spaces = set(SPACES) & characters_of(face.file)
    early, later = share[False], share[True] - share[False]
    # Marks that meet are set closer by a feature of the font: they must be in one file.
    letters = {each for each in later if unicodedata.category(each) == "Lo"}
    if not in_two or not early or len(letters) < WORTH_A_FILE:
        return [Cut(family, face, frozenset(early | later | spaces), later=not early)]
    return [
        Cut(family, face, frozenset(letters), later=True),
        Cut(family, face, frozenset((early | later | spaces) - letters), later=False),
    ]

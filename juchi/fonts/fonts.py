"""Font files for one language, cut down to the characters in use.

Each face of some of the language's stacks becomes a small file that holds nothing but the
characters set in it. A style sheet, ``fonts.css``, has the ``@font-face`` rules and the stacks as
the custom properties ``--serif``, ``--sans``, ``--mono`` and ``--math``. The rules name the
families with a prefix, because a family of the same name may be installed where the PDF is made,
with other bytes or other glyphs.

For the screen, ``fonts.css`` has what the first view needs. What only later sections need comes
after it, when the reader moves: its rules are in ``late.css``, which stands before ``fonts.css`` in
the page, so that the first view's files are asked first for each character.

The bytes depend on the text and on the font files alone.
"""

from __future__ import annotations

import argparse
import io
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import uharfbuzz as hb
from fontTools.ttLib import TTFont

from juchi.core.atomic import write_bytes, write_text
from juchi.core.errors import UserError, run_command
from juchi.core.folders import replacing_folder
from juchi.core.records import read_json
from juchi.core.theme import theme_file
from juchi.fonts.font_subsets import Cut, cuts
from juchi.fonts.squeezed_marks import squeezed
from juchi.fonts.typefaces import (
    Face,
    Stack,
    Usage,
    check_glyphs,
    describe,
    load_catalogue,
    open_font,
    resolve,
)

__all__ = ["chart_usage", "font_face", "math_usages", "subset", "write_fonts"]

GENERIC = {"serif": "serif", "sans": "sans-serif", "mono": "monospace", "math": "math"}
# Endings of font files, and what CSS calls them.
FORMATS = {"woff2": "woff2", "ttf": "truetype"}
PREFIX = "Juchi "
# Copyright and licence travel inside the files, as the Open Font License asks.
NAMES = [*range(7), 13, 14, 16, 17]
DROPPED_TABLES = ["BASE", "STAT", "VORG", "vhea", "vmtx"]  # none is read in horizontal text


def subset(face: Face, features: Iterable[str], characters: Iterable[str]) -> bytes:
    """Cut a face down to some of its characters.

    Parameters
    ----------
    face
        What to cut.
    features
        OpenType features to keep; the MATH table and what it reaches are always kept. A font that
        lacks ``chws`` gets it.
    characters
        What to keep.

    Returns
    -------
    bytes
        A TrueType file, the same on every run.

    Raises
    ------
    UserError
        If the face's file is missing, or lacks one of the characters.
    """
    font = open_font(face.file)
    wanted = hb.Set(map(ord, characters))
    lacking = wanted.copy()
    lacking -= font.unicodes
    if lacking:
        raise _unequal_faces(face, chr(lacking.min))
    cut = hb.subset(font, _request(features, wanted))
    data: bytes = cut.blob.data
    return squeezed(data) if "chws" in features else data


def _as_woff2(font: bytes) -> bytes:
    """Pack a font as WOFF2; its tables are left as they were cut."""
    written = io.BytesIO()
    with TTFont(io.BytesIO(font), recalcBBoxes=False, recalcTimestamp=False) as packed:
        packed.flavor = "woff2"
        packed.save(written, reorderTables=False)
    return written.getvalue()


def _request(features: Iterable[str], wanted: hb.Set) -> hb.SubsetInput:
    """Say in HarfBuzz's terms what to keep."""
    request = hb.SubsetInput()
    request.flags = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NOTDEF_OUTLINE
    request.unicode_set.update(wanted)
    request.layout_feature_tag_set.clear()
    request.layout_feature_tag_set.update(map(_tag, features))
    request.drop_table_tag_set.update(map(_tag, DROPPED_TABLES))
    request.name_id_set.update(NAMES)
    return request


def _tag(name: str) -> int:
    return int.from_bytes(name.encode("ascii"), "big")


def _unequal_faces(face: Face, character: str) -> UserError:
    return UserError(
        where=str(face.file),
        found=f"no {describe(character)}",
        expected="the same characters in all faces of a family",
        hint="remove this face from the catalogue of typefaces, or write another character",
    )


def font_face(cut: Cut, address: str, form: str) -> str:
    """Give the ``@font-face`` rule of a cut whose file has this address, beside the style sheet."""
    return (
        f'@font-face {{\n  font-family: "{PREFIX}{cut.family.name}";\n'
        f'  src: url("{address}") format("{FORMATS[form]}");\n'
        f"  font-weight: {cut.face.weight};\n  font-style: {cut.face.style};\n"
        "  font-display: swap;\n}\n"
    )


def _stack_properties(stacks: Mapping[str, Stack], present: set[str]) -> str:
    """Give the stacks as custom properties, without the families that nothing is set in."""
    lines = []
    for role, stack in stacks.items():
        names = [f'"{PREFIX}{m.family.name}"' for m in stack if m.family.name in present]
        lines.append(f"  --{role}: {', '.join([*names, GENERIC[role]])};\n")
    return ":root {\n" + "".join(lines) + "}\n"


def write_fonts(
    usages: Sequence[Usage], stacks: Mapping[str, Stack], folder: Path, form: str = "woff2"
) -> None:
    """Write the fonts of some stacks and their style sheets as a folder that appears whole.

    `form` is one of `FORMATS`: packed and in two parts for the screen, or plain for paper, which
    need not wait for the packing and is sooner unpacked.
    """
    check_glyphs(usages, stacks)
    screen = form == "woff2"
    planned = cuts(usages, stacks, in_two=screen)
    sheets = {"fonts.css": "", "late.css": ""} if screen else {"fonts.css": ""}
    with replacing_folder(folder) as part:
        for cut in planned:
            early = screen and not cut.later
            name = f"{cut.name}-early.{form}" if early else f"{cut.name}.{form}"
            font = subset(cut.face, cut.family.features, cut.characters)
            write_bytes(part / name, _as_woff2(font) if screen else font)
            sheets["late.css" if screen and cut.later else "fonts.css"] += font_face(
                cut, name, form
            )
        sheets["fonts.css"] += _stack_properties(stacks, {cut.family.name for cut in planned})
        for name, rules in sheets.items():
            write_text(part / name, rules)


def math_usages(mathml: Mapping[str, str]) -> list[Usage]:
    """Give what MathML shows, formula by formula; keys serve as places."""
    usages = []
    for key, source in mathml.items():
        reader = _MathReader()
        reader.feed(source)
        reader.close()
        usages.append(Usage("math", "".join(reader.shown), f"the formula {key}", later=True))
    return usages


class _MathReader(HTMLParser):
    """Collects the characters of MathML, and those that browsers put in their place or beside."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []
        self.tag = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter an element; an upright `mi` is as good as text."""
        self.tag = "mtext" if ("mathvariant", "normal") in attrs else tag
        if tag in {"msqrt", "mroot"}:
            self.shown.append("√")

    def handle_endtag(self, tag: str) -> None:
        """Leave the element."""
        self.tag = ""

    def handle_data(self, data: str) -> None:
        """Take the text of an element that is shown."""
        if self.tag != "annotation":
            self.shown.append(data)
        if self.tag == "mi":
            self.shown.append(_math_italics().get(data, ""))
        if self.tag == "mo" and data == "-":
            self.shown.append("−")


@cache
def _math_italics() -> dict[str, str]:
    """Map Latin and Greek letters to their mathematical italics (MathML Core, math-auto)."""
    italics = {"h": "\u210e"}  # the one italic letter that stands outside its block
    for code in (*range(0x1D434, 0x1D468), 0x1D6A4, 0x1D6A5, *range(0x1D6E2, 0x1D71C)):
        _, _, base = unicodedata.decomposition(chr(code)).partition(" ")
        if base:
            italics[chr(int(base, 16))] = chr(code)
    return italics


def _read_usages(paths: list[Path]) -> list[Usage]:
    return [Usage(**fields) for path in paths for fields in read_json(path)["text"]]


def chart_usage(path: Path) -> Usage:
    """Return what a chart that moves may say: all its texts, names of fields among them."""
    return Usage("sans", "".join(sorted({*_texts(read_json(path))})), str(path), later=True)


def _texts(part: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    """Yield the characters of the texts in a JSON value."""
    values = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    if isinstance(part, str):
        yield from part
    for value in values:
        yield from _texts(value)


def _read_mathml(path: Path) -> dict[str, str]:
    fields: dict[str, dict[str, Any]] = read_json(path)
    return {key: formula["mathml"] for key, formula in fields.items()}


def main() -> None:
    """Cut the fonts of one language down to the characters in use."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--stacks", type=json.loads, required=True, help="stacks by role, as JSON")
    parser.add_argument("--catalogue", type=Path, default=theme_file("fonts.yaml"))
    parser.add_argument("--text", type=Path, nargs="*", default=[], help="composed text, JSON")
    parser.add_argument("--charts", type=Path, nargs="*", default=[], help="as Vega-Lite has them")
    parser.add_argument("--mathematics", type=Path, help="typeset formulas, JSON")
    parser.add_argument("--form", choices=FORMATS, default="woff2")
    parser.add_argument("--output", type=Path, required=True, help="folder")
    arguments = parser.parse_args()
    usages = _read_usages(arguments.text) + [chart_usage(path) for path in arguments.charts]
    stacks = resolve(arguments.stacks, load_catalogue(arguments.catalogue))
    if arguments.mathematics:
        usages += math_usages(_read_mathml(arguments.mathematics))
        # Words of a formula that its own font has no letters for are set in that of the text. Where
        # formulas alone are cut, another folder has the fonts of the text and their names.
        math = stacks["math"] + stacks.get("serif", ())
        stacks = {**(stacks if arguments.text else {}), "math": math}
    write_fonts(usages, stacks, arguments.output, arguments.form)


if __name__ == "__main__":
    run_command(main)

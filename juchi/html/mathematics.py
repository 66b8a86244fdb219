"""Mathematics from one LaTeX source: MathML for the screen, SVG for paper.

Python's own converters of LaTeX are silently wrong on common commands, so Node does the work:
``typeset.mjs`` runs Temml (MathML) and MathJax with its STIX Two font (SVG) over all formulas at
once. Lengths are in em of the text around a formula. MathJax's STIX Two glyphs and those of STIX
Two Text are of one design on one em, so a formula is set at the size of its text, unscaled.
"""

from __future__ import annotations

import argparse
import base64
import html
import json
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from math import inf
from pathlib import Path
from typing import Any

from juchi.core.errors import UserError, run_command
from juchi.core.records import read_json, write_json
from juchi.core.theme import theme_file
from juchi.fonts.outlines import outlines
from juchi.fonts.typefaces import Stack, load_catalogue, resolve
from juchi.html.linear import Patterns, linear_text
from juchi.plan.yaml_files import read_yaml
from juchi.toolchain.node import program

__all__ = [
    "LINE",
    "PLAIN",
    "Drawing",
    "Formula",
    "Reading",
    "Typeset",
    "as_image",
    "formula_key",
    "read_typeset",
    "typeset",
]

SCRIPT, SPEECH = (Path(__file__).with_name(f"{name}.mjs") for name in ("typeset", "speech"))
# In em: the room that a displayed formula has on paper between its number and as much space on its
# other side, and the width up to which a formula in running text is never broken.
LINE, WHOLE = 32, 8
# A displayed formula that is wider and cannot be broken, such as a matrix, is made smaller.
SMALLEST = 0.8


@dataclass(frozen=True)
class Formula:
    r"""A formula in LaTeX, without its dollar signs.

    Parameters
    ----------
    tex
        The source: ``\eta < 2 / \lambda``.
    display
        Whether it stands on lines of its own.
    place
        Where the author wrote it, for messages: ``templates/en/methods.md:12``.
    written
        How it is written there, if the place is a file alone: the line is looked for where it is
        told, so that a line more in the file does not change the formulas.
    """

    tex: str
    display: bool
    place: str
    written: str = ""


@dataclass(frozen=True)
class Reading:
    """How a language reads formulas.

    Attributes
    ----------
    locale
        Its code, which the speech rule engine may know.
    patterns
        How it puts them into words where the engine does not.
    serif
        The fonts of its text, for letters that the mathematics font lacks.
    """

    locale: str | None = None
    patterns: Patterns | None = None
    serif: Stack = ()


PLAIN = Reading()


@dataclass(frozen=True)
class Drawing:
    """A formula, or a piece of one, for paper.

    Parameters
    ----------
    svg
        A drawing that stands alone; its ink may hang over its sides by a few hundredths of an em,
        as that of letters does.
    width, height, depth
        Size of the drawing in em; `height` is the whole height, `depth` (0 or more) its part
        below the baseline.
    """

    svg: str
    width: float
    height: float
    depth: float


@dataclass(frozen=True)
class Typeset(Drawing):
    """A formula in both of its forms; its drawing is the whole of it.

    Parameters
    ----------
    mathml
        A ``<math>`` element for HTML, its LaTeX kept as an annotation.
    pieces
        The drawing once more in pieces, between which a line of text may end; none for a formula
        that stays whole.
    speech
        Its words in the language, for those who do not see it.
    plain
        Its signs on one line, for copying and searching.
    """

    mathml: str
    pieces: Sequence[Drawing] = ()
    speech: str = ""
    plain: str = ""


def formula_key(tex: str, display: bool) -> str:
    r"""Return the name of a formula in the results.

    Examples
    --------
    >>> formula_key("x", False), formula_key("x", True)
    ('inline:x', 'display:x')
    """
    return f"{'display' if display else 'inline'}:{tex}"


def typeset(formulas: Sequence[Formula], reading: Reading = PLAIN) -> dict[str, Typeset]:
    """Typeset every distinct formula in one run of Node.

    Returns
    -------
    dict of str to Typeset
        By `formula_key`, in order of first appearance.

    Raises
    ------
    UserError
        If a formula cannot be typeset, or Node or its packages are missing.
    """
    requests = {
        formula_key(each.tex, each.display): {
            "tex": each.tex,
            "display": each.display,
            "room": LINE if each.display else WHOLE,
        }
        for each in formulas
    }
    if not requests:
        return {}
    letters = {each for formula in formulas for each in formula.tex if not each.isascii()}
    asked = {
        "formulas": list(requests.values()),
        "locale": reading.locale,
        "letters": outlines(reading.serif, letters),
    }
    results = dict(zip(requests, _run_node(asked), strict=True))
    failures = {key: result["error"] for key, result in results.items() if "error" in result}
    if failures:
        raise _refused(formulas, failures)
    return {key: _read(_as_typeset(result), reading) for key, result in results.items()}


def _read(formula: Typeset, reading: Reading) -> Typeset:
    """Return a formula with its words and its signs on one line."""
    plain = linear_text(formula.mathml)
    words = linear_text(formula.mathml, reading.patterns) if reading.patterns else plain
    return replace(formula, speech=formula.speech or words, plain=plain)


def _as_typeset(fields: Mapping[str, Any]) -> Typeset:
    pieces = [Drawing(**piece) for piece in fields.get("pieces", ())]
    return Typeset(**{**fields, "pieces": pieces})


def as_image(drawing: Drawing, alternative: str, room: float = inf) -> str:
    """Return an ``<img>`` that sits on the baseline of the text around it.

    Parameters
    ----------
    drawing
        What to show.
    alternative
        The plain text that stands for it where it cannot be seen.
    room
        The width in em that it should not exceed: it is made smaller, down to `SMALLEST`.
    """
    data = base64.b64encode(drawing.svg.encode("utf-8")).decode("ascii")
    scale = max(SMALLEST, min(1.0, room / drawing.width)) if drawing.width else 1.0
    width, height, depth = (
        round(scale * each, 4) for each in (drawing.width, drawing.height, drawing.depth)
    )
    style = f"width:{width}em;height:{height}em;vertical-align:-{depth}em"
    return (
        f'<img class="math" src="data:image/svg+xml;base64,{data}" '
        f'alt="{html.escape(alternative)}" style="{style}">'
    )


def read_typeset(path: Path) -> dict[str, Typeset]:
    """Read what the command of this module wrote, by `formula_key`."""
    return {key: _as_typeset(fields) for key, fields in read_json(path).items()}


def _refused(formulas: Sequence[Formula], failures: dict[str, str]) -> UserError:
    faulty = [each for each in formulas if formula_key(each.tex, each.display) in failures]
    found = [f"{failures[formula_key(each.tex, each.display)]}, in {each.tex}" for each in faulty]
    others = [
        f"\n            {_place(each)}: {reason}"
        for each, reason in zip(faulty[1:], found[1:], strict=True)
    ]
    return UserError(
        where=_place(faulty[0]),
        found=found[0] + "".join(others),
        expected="LaTeX that both Temml and MathJax understand (packages ams, mathtools, "
        "boldsymbol, braket, cancel and mhchem)",
        hint=_hint(found[0]),
    )


def _place(formula: Formula) -> str:
    """Return the file and the line of a formula."""
    path = Path(formula.place)
    if formula.written and path.is_file():
        text = path.read_text(encoding="utf-8")
        at = text.find(formula.written)
        if at >= 0:
            return f"{path}:{text.count(chr(10), 0, at) + 1}"
    return formula.place


_HINTS = {
    r"(?:Undefined|Unsupported).*\\(?:SI|qty|num|ang)(?:range|list)\b": (
        "write each one apart, as \\num{1} to \\num{2}; what was measured is a fact"
    ),
    r"(?:Undefined|Unsupported).*\\(?:text)?color": (
        "leave the colour out: formulas have that of their text, on light and dark pages"
    ),
    r"(?:Undefined|Unsupported).*\\(?:new|renew|provide|Declare)": (
        "declare a command of the article under `macros` in templates/equations.yaml"
    ),
    r"Undefined|Unsupported": (
        "correct its name, or declare it under `macros` in templates/equations.yaml"
    ),
}


def _hint(found: str) -> str:
    return next((hint for kind, hint in _HINTS.items() if re.search(kind, found)), "fix it there")


def _run_node(asked: dict[str, Any]) -> list[dict[str, Any]]:
    # As text, so that they find packages in the folder of the article, wherever Juchi is installed.
    scripts = "\n".join(script.read_text("utf-8") for script in (SPEECH, SCRIPT))
    run = subprocess.run(
        [str(program()), "--input-type=module", "--eval", scripts],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if run.returncode != 0:
        raise _node_failed(run.stderr)
    results: list[dict[str, Any]] = json.loads(run.stdout)
    return results


def _node_failed(stderr: str) -> UserError:
    if "ERR_MODULE_NOT_FOUND" in stderr:
        return UserError(
            where="node_modules",
            found="the Node packages that typeset mathematics are missing or incomplete"
            + _cannot_find(stderr),
            expected="the packages that juchi/toolchain/package-lock.json pins",
            hint="delete node_modules and the folder that it leads to, then build again: both are "
            "made again",
        )
    messages = [line.strip() for line in stderr.splitlines() if "Error" in line]
    return UserError(
        where=str(SCRIPT),
        found=messages[0] if messages else "Node ended without a message",
        expected="Node 20 or later and the packages that juchi/toolchain/package-lock.json pins",
        hint="check `node --version`; delete node_modules, then build again: it is made again",
    )


def _cannot_find(stderr: str) -> str:
    """Return what Node says that it cannot find, for a message."""
    named = re.search(r"Cannot find (?:module|package) '(?:[^']*/node_modules/)?([^']+)'", stderr)
    return f": no {named[1]}" if named else ""


def _reading(language: str | None, stacks: Mapping[str, Any], catalogue: Path) -> Reading:
    """Return how a language reads formulas: by the patterns of the theme, if it has any."""
    own = theme_file(f"formulas/{language}.yaml")
    patterns = Patterns(**read_yaml(own)) if own.is_file() else None
    serif = resolve(stacks, load_catalogue(catalogue)).get("serif", ()) if stacks else ()
    return Reading(language, patterns, serif)


def main() -> None:
    """Typeset the formulas of all composed pages."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--formulas", type=Path, nargs="+", required=True)
    parser.add_argument("--language", help="its code")
    parser.add_argument("--stacks", type=json.loads, default={}, help="stacks by role, as JSON")
    parser.add_argument("--catalogue", type=Path, default=theme_file("fonts.yaml"))
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    reading = _reading(arguments.language, arguments.stacks, arguments.catalogue)
    formulas = [
        Formula(**fields) for path in arguments.formulas for fields in read_json(path)["formulas"]
    ]
    results = typeset(formulas, reading)
    write_json(arguments.output, {key: asdict(result) for key, result in results.items()})


if __name__ == "__main__":
    run_command(main)

r"""Inline formulas as plain text: what stands for one where its picture cannot be seen.

Letters and signs are Unicode, as a screen reader knows them: ``\eta\lambda < 2`` is ``ηλ < 2``, in
every language. A displayed formula has words of its own, written by the author. What plain text
cannot say without doubt is refused instead of said wrongly.
"""

from __future__ import annotations

import re
from typing import Any

from pylatexenc.latex2text import (
    LatexNodes2Text,
    MacroTextSpec,
    get_default_latex_context_db,
)
from pylatexenc.latexwalker import LatexWalker
from pylatexenc.latexwalker import get_default_latex_context_db as default_macros
from pylatexenc.macrospec import MacroSpec

from juchi.core.errors import UserError

__all__ = ["formula_text", "unsayable"]

_IN_DOUBT = ("binom", "overline", "underline")
_NAME = re.compile(r"\\operatorname\*?\{([^{}]*)\}")
_COMMAND = re.compile(r"\\([A-Za-z]+|.)")
_INVISIBLE = re.compile(r"\\(?:left|right)\s*\.|\\(?:left|right)(?![A-Za-z])")
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}
# Signs of set braces, while those of groups become parentheses.
_SET = {r"\{": "\ue000", r"\}": "\ue001"}


def _arguments(node: Any, into: LatexNodes2Text) -> list[str]:  # noqa: ANN401 - untyped
    found = [each and into.nodelist_to_text([each]) for each in node.nodeargd.argnlist]
    return [(each or "").strip().removeprefix("{").removesuffix("}") for each in found]


def _said_fraction(node: Any, l2tobj: LatexNodes2Text) -> str:  # noqa: ANN401 - untyped
    """Return a fraction with a slash; each part that is more than a sign in parentheses."""
    parts = _arguments(node, l2tobj)
    return "/".join(part if len(part) == 1 else f"({part})" for part in parts)


def _said_root(node: Any, l2tobj: LatexNodes2Text) -> str:  # noqa: ANN401 - untyped
    index, radicand = (argument.strip("[]") for argument in _arguments(node, l2tobj))
    if index not in _ROOTS:
        raise _UnclearError(rf"\sqrt[{index}]")
    return f"{_ROOTS[index]}({radicand})"


class _UnclearError(Exception):
    """A command that plain text cannot say."""


_SIGNS = get_default_latex_context_db()
_SIGNS.add_context_category(
    "formulas",
    [
        MacroTextSpec("ne", "≠"),
        MacroTextSpec("|", "‖"),
        *(MacroTextSpec(name, "%s") for name in ("boldsymbol", "bm", "pmb")),
        *(MacroTextSpec(name, _said_fraction) for name in ("frac", "tfrac", "dfrac")),
        MacroTextSpec("sqrt", _said_root),
    ],
    prepend=True,
)
_MACROS = default_macros()
_MACROS.add_context_category(
    "formulas",
    [
        *(MacroSpec(name, "{") for name in ("boldsymbol", "bm", "pmb")),
        *(MacroSpec(name, "{{") for name in ("frac", "tfrac", "dfrac")),
        MacroSpec("sqrt", "[{"),
    ],
    prepend=True,
)
_TO_TEXT = LatexNodes2Text(_SIGNS, math_mode="text", keep_braced_groups=True)


def unsayable(tex: str) -> list[str]:
    """Return the commands of a formula that have no plain text, or none that is clear."""
    commands = _COMMAND.findall(_INVISIBLE.sub("", _NAME.sub(r"\1", tex)))
    return [
        f"\\{command}"
        for command in commands
        if command in _IN_DOUBT or _SIGNS.get_macro_spec(command) is None
    ]


def formula_text(tex: str) -> str:
    """Return a formula in LaTeX, without its dollar signs, as plain text on one line.

    Raises
    ------
    UserError
        For a command that has no plain text, or none that is clear.
    """
    if commands := unsayable(tex):
        raise _refused(tex, commands[0])
    named = _INVISIBLE.sub("", _NAME.sub(r"\1", tex))
    for sign, mark in _SET.items():
        named = named.replace(sign, mark)
    # In text two apostrophes would close a quotation; here each is a derivative.
    walker = LatexWalker(f"${named.replace(chr(39), '′')}$", latex_context=_MACROS)
    try:
        text = _TO_TEXT.nodelist_to_text(walker.get_latex_nodes()[0])
    except _UnclearError as error:
        raise _refused(tex, str(error)) from error
    grouped = text.replace("{", "(").replace("}", ")")
    for sign, mark in _SET.items():
        grouped = grouped.replace(mark, sign[1])
    return " ".join(grouped.split())


def _refused(tex: str, command: str) -> UserError:
    return UserError(
        where=f"the formula ${tex}$",
        found=f"{command}, which plain text cannot say",
        expected="an inline formula of letters, signs, subscripts, fractions and roots",
        hint="write it with a slash or other signs, or display it as an equation, whose words "
        "you give",
    )

r"""Inline formulas as plain text: what stands for one where its picture cannot be seen.

Letters and signs are Unicode, as a screen reader knows them: ``\eta\lambda < 2`` is ``ηλ < 2``, in
every language. A displayed formula has words of its own, written by the author. What plain text
cannot say without doubt, such as a fraction, is refused instead of said wrongly.
"""

from __future__ import annotations

import re

from pylatexenc.latex2text import LatexNodes2Text, get_default_latex_context_db

from juchi.core.errors import UserError

__all__ = ["formula_text", "unsayable"]

_SIGNS = get_default_latex_context_db()
_TO_TEXT = LatexNodes2Text(_SIGNS, math_mode="text", keep_braced_groups=True)
_IN_DOUBT = ("frac", "binom", "overline", "underline")
_NAME = re.compile(r"\\operatorname\{([^{}\\]*)\}")
_COMMAND = re.compile(r"\\([A-Za-z]+|.)")


def unsayable(tex: str) -> list[str]:
    """Return the commands of a formula that have no plain text, or none that is clear."""
    commands = _COMMAND.findall(_NAME.sub(r"\1", tex))
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
        raise UserError(
            where=f"the formula ${tex}$",
            found=f"{commands[0]}, which plain text cannot say",
            expected="an inline formula of letters, signs, subscripts and roots",
            hint="write it with a slash or other signs, or display it as an equation, whose "
            "words you give",
        )
    named = _NAME.sub(r"\1", tex)
    # In text two apostrophes would close a quotation; here each is a derivative.
    text = _TO_TEXT.latex_to_text(f"${named.replace(chr(39), '′')}$")
    return " ".join(text.replace("{", "(").replace("}", ")").split())

r"""Formulas among the words of a figure, set as text: ``$\mathdefault{10^{-2}}$`` is 10⁻².

Matplotlib's formatters write powers of ten as LaTeX, and authors write formulas in titles and
labels. Matplotlib would set them in fonts of its own, without Chinese; where it does not, dollar
signs and commands stand in the figure. Here a formula becomes characters of the text's own fonts,
with the raised and lowered ones that these have; lowered letters that Unicode lacks stand behind a
low line, as programs have them: I_Na. What characters cannot say is refused.
"""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Any

from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import Formatter

from juchi.core.errors import UserError
from juchi.exhibits.figure_numbers import localized, localized_tick, written_by_matplotlib
from juchi.exhibits.formula_text import formula_text, unsayable
from juchi.prose.formats import NumberFormat

__all__ = ["as_text", "set_texts_as_text", "set_ticks_as_text"]

NBSP = "\N{NO-BREAK SPACE}"
# As in Markdown: a dollar sign before a space or behind one, or before a digit, is one of money.
_FORMULA = re.compile(r"(?<!\\)\$(?=\S)((?:[^$\\]|\\.)*?)(?<=[^\s])\$(?!\d)", re.DOTALL)
# What only chooses a face: a figure's text has one.
_FACE = re.compile(r"\\(?:math(?:default|regular|rm|it|sf|bf)|text(?:rm|it|bf)?|boldsymbol)(?=\W)")
_SIMPLE_FRACTION = re.compile(r"\\[dt]?frac\{(\w+)\}\{(\w+)\}")
_SCRIPT = re.compile(r"([\^_])(?:\{((?:[^{}]|\{[^{}]*\})*)\}|(\\[A-Za-z]+|[^\s{}]))")
_SPACE = re.compile(r"\\[,:;> ]|~")
_RELATION = re.compile(r"(?<=\S) ?([=<>≤≥≈≠∼]) ?(?=\S)")
_TIMES = re.compile(r"(?<=\d)\s*×\s*(?=\d)")
# A power of ten as plain text has it.
_POWER = re.compile(r"(?<=\b10)\^([−-]?\d+)")
# A number in a legend that Matplotlib has written.
_OF_MATPLOTLIB = re.compile(r"^\$\\mathdefault\{([^{}^\\]*)\}\$$")
_RAISED = str.maketrans(
    "0123456789+-−=()abcdefghijklmnoprstuvwxyzT′",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀ′",
)
_LOWERED = str.maketrans("0123456789+−=()aehijklmnoprstuvxβ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦ")


@cache
def as_text(words: str, place: str) -> str:
    r"""Return words with each formula between dollar signs as plain characters.

    `place` is where the words stand, for messages.

    Raises
    ------
    UserError
        For a formula that plain characters cannot say: with a root over a fraction, or an exponent
        such as 0.5.

    Examples
    --------
    >>> as_text(r"$\mathdefault{2\times10^{-3}}$", "a figure")
    '2\xa0×\xa010⁻³'
    >>> as_text(r"the rate $\eta$, in US\$", "a figure")
    'the rate η, in US$'
    >>> as_text("2 × 10^−3", "a figure")
    '2 × 10⁻³'
    >>> as_text(r"$I_\mathrm{Na}$ at $V_{half}$", "a figure")
    'I_Na at V_half'
    """
    words = _POWER.sub(lambda match: match[1].translate(_RAISED), words)
    if "$" not in words:
        return words
    return _FORMULA.sub(lambda match: _plain(match[1], place), words).replace(r"\$", "$")


def _plain(tex: str, place: str) -> str:
    """Return a formula without its dollar signs as plain characters."""
    bare = _SIMPLE_FRACTION.sub(r"\1/\2", _SPACE.sub(" ", _without_faces(tex)))
    parts: list[str] = []
    end = 0
    try:
        for match in _SCRIPT.finditer(bare):
            script = match[2] if match[2] is not None else match[3]
            parts += [_characters(bare[end : match.start()]), _script(match[1], script)]
            end = match.end()
            # What goes on would belong to letters on the line, as the t of I_Na t.
            if parts[-1].startswith("_") and re.match(r"\w|\\", bare[end:]):
                parts.append(" ")
        parts.append(_characters(bare[end:]))
    except _UnsayableError as error:
        raise UserError(
            where=place,
            found=f"{error}, which the text of a figure cannot say, in ${tex}$",
            expected="letters, digits and signs, with exponents and subscripts such as 10⁻² and xₙ",
            hint="write it in other signs, or in the caption; give ticks that stand between "
            "whole powers of ten labels of their own by set_xticks() and set_yticks()",
        ) from error
    return _RELATION.sub(r" \1 ", _TIMES.sub(f"{NBSP}×{NBSP}", "".join(parts)))


class _UnsayableError(Exception):
    """A part of a formula that has no plain text."""


def _without_faces(tex: str) -> str:
    r"""Return a formula without ``\mathrm{...}`` and the like; their contents stay.

    So do the braces of a script, which is all that stands in them: ``I_\mathrm{Na}``.
    """
    while match := _FACE.search(tex):
        before, rest = tex[: match.start()], tex[match.end() :]
        in_braces = rest[:1] == "{" and not before.endswith(("^", "_"))
        tex = before + (_without_first_braces(rest) if in_braces else rest)
    return tex


def _without_first_braces(tex: str) -> str:
    depth = 0
    for place, sign in enumerate(tex):
        depth += (sign == "{") - (sign == "}")
        if depth == 0:
            return tex[1:place] + tex[place + 1 :]
    return tex


def _characters(tex: str) -> str:
    """Return a part of a formula without scripts as characters; its outer spaces stay."""
    words = tex.strip()
    if commands := unsayable(words):
        raise _UnsayableError(commands[0])
    inner = formula_text(words).replace("-", "−") if words else ""
    return f"{tex[: len(tex) - len(tex.lstrip())]}{inner}{' ' * (tex != tex.rstrip())}"


def _script(kind: str, tex: str) -> str:
    """Return what stands raised or lowered, in the characters that fonts have for it.

    Few letters can be lowered: a subscript of others stays on the line, as in I_Na and k_B.
    """
    alphabet = _RAISED if kind == "^" else _LOWERED
    script = _characters(tex).replace(" ", "")
    if script and all(ord(each) in alphabet for each in script):
        return script.translate(alphabet)
    # An infinity is the steady state of physics: m_∞.
    if kind == "_" and script.replace("∞", "").isalnum() | (script == "∞"):
        return f"_{script}"
    raise _UnsayableError(f"{kind}{{{tex}}}")


class _AsText(Formatter):
    """A formatter of ticks that sets what another one writes as text."""

    def __init__(self, plain: Formatter, place: str, numbers: NumberFormat) -> None:
        self.plain, self.place, self.numbers = plain, place, numbers

    def __call__(self, x: float, pos: int | None = None) -> str:
        """Return the label of a tick."""
        return self._label(self.plain(x, pos), x)

    def format_ticks(self, values: list[float]) -> list[str]:
        """Return the labels of all ticks."""
        return list(map(self._label, self.plain.format_ticks(values), values))

    def _label(self, label: str, place: float) -> str:
        return localized_tick(as_text(label, self.place), place, self.plain, self.numbers)

    def get_offset(self) -> str:
        """Return what is written once at the end of the axis, such as ×10⁶."""
        return localized_tick(
            as_text(self.plain.get_offset(), self.place), math.nan, self.plain, self.numbers
        )

    def set_locs(self, locs: list[float]) -> None:
        """Take the places of all ticks."""
        self.plain.set_locs(locs)

    def set_axis(self, axis: Any) -> None:  # noqa: ANN401 - an axis or what stands for one
        """Take the axis."""
        self.plain.set_axis(axis)


def set_texts_as_text(figure: Figure, place: str, numbers: NumberFormat) -> None:
    """Set the formulas in a figure's titles, labels, legends and notes as text.

    The numbers that Matplotlib has written there are those of the language.
    """
    for text in written_by_matplotlib(figure):
        text.set_text(localized(text.get_text(), numbers))
    for text in figure.findobj(Text):
        if text.get_usetex():
            raise UserError(
                place,
                f"{text.get_text()!r} is to be set by LaTeX (usetex)",
                "text that Matplotlib sets in the fonts of config/article.yaml",
                "leave usetex off; simple formulas may stand between dollar signs",
            )
        words = _OF_MATPLOTLIB.sub(lambda match: localized(match[1], numbers), text.get_text())
        text.set_text(as_text(words, place))


def set_ticks_as_text(figure: Figure, place: str, numbers: NumberFormat) -> bool:
    """Let the ticks of all axes be labelled in text; return whether any were not before.

    A secondary axis gets its formatters when it is drawn, so this has to be asked again then.
    """
    axes = figure.findobj(Axis)
    tickers = [ticker for axis in axes for ticker in (axis.major, axis.minor)]
    others = [ticker for ticker in tickers if not isinstance(ticker.formatter, _AsText)]
    for ticker in others:
        # Axes that are shared share it.
        if ticker.formatter is not None and not isinstance(ticker.formatter, _AsText):
            ticker.formatter = _AsText(ticker.formatter, place, numbers)
    return bool(others)

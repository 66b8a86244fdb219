"""A formula as a line of text, read off its MathML: in signs, or in words by a language's patterns.

In signs it is what copying and searching find on paper: ``(∂L)/(∂w)``, ``x_i^2``, ``√(x + 1)``. In
words it is what stands for it where it is only heard, in languages that the speech rule engine does
not speak: the patterns are those of the theme, `juchi/theme/formulas`. Nothing is guessed: a
raised 2 is a raised 2, and what has no word of its own stays the sign that it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

__all__ = ["LINEAR", "Patterns", "linear_text"]

# What has words of its own for its end, in a language with words.
_CLOSED = ("fraction", "stack", "square_root")
_LEFT_OUT = ("annotation", "mphantom", "none", "mprescripts")
_INVISIBLE = dict.fromkeys(map(ord, "\u2061\u2062\u2063\u2064\u200b\u2060"), None)
_ACCENTS = {
    **{"^": "\u0302", "ˆ": "\u0302", "~": "\u0303", "˜": "\u0303", "¯": "\u0304", "‾": "\u0304"},
    **{"→": "\u20d7", "˙": "\u0307", "¨": "\u0308", "⃛": "\u20db", "ˇ": "\u030c", "˘": "\u0306"},
    **{"´": "\u0301", "`": "\u0300", "˚": "\u030a", "_": "\u0332", "―": "\u0304", "–": "\u0304"},
}
# Of an enclosure what stands behind what it encloses.
_ENCLOSURES = {"top": "\u0305", "bottom": "\u0332"}
_LINES = {"top": ("above", "‾"), "bottom": ("below", "‾")}
_STRUCK = "\u0338"
_ROOTS = {"3": "∛", "4": "∜"}
_BRACES = frozenset("⏞⏟")  # their words stand at the sum itself
_PRIMES = frozenset("′″‴⁗")
_BINARY = frozenset("+−±∓×÷⋅∗∘=<>≤≥≠≈≡∼≃≅∝∈∉∋⊂⊃⊆⊇⊄∪∩∖→←↔⇒⇐⇔↦⟶⟵⟹⟺≪≫⊥∥∣∧∨⊕⊗⇌≔:≲≳⊢⊨")
_WORD = 3  # letters: two are as likely two factors
_BEHIND = frozenset(",;")
_SCRIPT = re.compile(r"[_^][^\W\d_]$")
_THIN = 0.1  # em; what is wider parts words


@dataclass(frozen=True)
class Patterns:
    """How the parts of a formula are put into a line; in braces stand the parts.

    Attributes
    ----------
    fraction, stack, square_root, root, lowered, raised, below, above, table, row
        Of a fraction, of one without a bar, of roots, of what stands lower or higher beside a sign,
        below or above it, and of a table with its rows.
    simple
        Those of the same names where all parts are of one sign or one number.
    column, line
        What stands between the cells of a row, and between rows.
    group
        What keeps a part together that has several signs.
    struck
        Of what is crossed out.
    squared, cubed
        Of what is raised to the second or the third power, if that has words of its own.
    signs
        Words of signs; of a minus that stands before its number by ``-``.
    """

    fraction: str = "{numerator}/{denominator}"
    stack: str = "{numerator}¦{denominator}"
    square_root: str = "√{radicand}"
    root: str = "√[{index}]{radicand}"
    lowered: str = "{base}_{script}"
    raised: str = "{base}^{script}"
    below: str = "{base}_{script}"
    above: str = "{base}^{script}"
    table: str = "{rows}"
    column: str = ", "
    line: str = "; "
    group: str = "({inner})"
    simple: Mapping[str, str] = field(default_factory=dict)
    struck: str = "{inner}"
    squared: str = ""
    cubed: str = ""
    signs: Mapping[str, str] = field(default_factory=dict)


LINEAR = Patterns()


def linear_text(mathml: str, patterns: Patterns = LINEAR) -> str:
    """Return a formula, a ``<math>`` element, as a line of text."""
    text = " ".join(_Line(patterns).of(etree.fromstring(mathml)).split())
    return unicodedata.normalize("NFC", text)


@dataclass(frozen=True)
class _Line:
    patterns: Patterns

    def of(self, element: Any) -> str:  # noqa: ANN401 - lxml is untyped
        """Return the text of an element."""
        read = getattr(self, f"_{element.tag}", None)
        if element.tag in _LEFT_OUT:
            return ""
        return read(element) if read else self._row(element)

    # --- signs, side by side ---

    def _mo(self, element: Any) -> str:  # noqa: ANN401
        text = _sign(element)
        word = self.patterns.signs.get(text)
        return f" {word} " if word else text

    _mi = _mo

    def _mn(self, element: Any) -> str:  # noqa: ANN401
        return element.text or ""

    def _mtext(self, element: Any) -> str:  # noqa: ANN401
        return (element.text or "").replace("\N{NO-BREAK SPACE}", " ")

    def _mspace(self, element: Any) -> str:  # noqa: ANN401
        width = element.get("width", "")
        return " " if width.endswith("em") and float(width[:-2]) > _THIN else ""

    def _row(self, element: Any) -> str:  # noqa: ANN401
        parts: list[str] = []
        before: Any = None
        for child in element:
            text = self.of(child)
            if not text:
                continue
            parts.append(self._spaced(child, text, before, parts))
            before = child
        return "".join(parts)

    def _spaced(self, child: Any, text: str, before: Any, parts: Sequence[str]) -> str:  # noqa: ANN401
        """Return the text of an element with the spaces that part it from what stands before."""
        sign = _sign(child) if child.tag == "mo" else ""
        if sign in self.patterns.signs:
            negative = sign == "−" and (before is None or before.tag == "mo")
            return f" {self.patterns.signs['-'] if negative else text} "
        if len(sign) > 1 and sign.isalpha():
            return f" {text} "
        between = before is not None and child.getnext() is not None
        if sign in _BINARY and between and not _ends_open(before, parts):
            return f" {text} "
        if sign in _BEHIND:
            return f"{text} "
        apart = before is not None and (
            (_is_name(before) and text[:1].isalnum())
            or (_is_name(child) and parts[-1][-1:].isalnum())
            or _runs_on(parts[-1], text)
        )
        return f" {text}" if apart else text

    # --- what has parts ---

    def _put(self, name: str, **parts: Any) -> str:  # noqa: ANN401
        """Return a pattern of the language, filled with elements."""
        texts = {key: self.of(each).strip() for key, each in parts.items()}
        if not texts.get("script", "x"):  # nothing but room
            return texts["base"]
        single = all(_is_single(text) for text in texts.values())
        pattern = self._power(name, texts) or self.patterns.simple.get(name) if single else None
        if pattern is None and self.patterns is not LINEAR and name in _CLOSED:
            pattern = getattr(self.patterns, name)
        if pattern:
            return f" {pattern.format(**texts)} "
        grouped = {key: self._grouped(key, text) for key, text in texts.items()}
        put: str = getattr(self.patterns, name).format(**grouped)
        return f" {put} " if self.patterns.signs else put

    def _power(self, name: str, texts: Mapping[str, str]) -> str | None:
        """Return the pattern of a square or a cube, where a language has one."""
        own = {"2": self.patterns.squared, "3": self.patterns.cubed}
        return own.get(texts.get("script", "")) or None if name == "raised" else None

    def _grouped(self, key: str, text: str) -> str:
        outer = _outside(text)
        alone = _is_single(text) or outer == "()" or (key == "base" and " " not in outer)
        return text if alone else self.patterns.group.format(inner=text)

    def _mfrac(self, element: Any) -> str:  # noqa: ANN401
        bare = element.get("linethickness", "1").startswith("0")
        kind = "stack" if bare else "fraction"
        return self._put(kind, numerator=element[0], denominator=element[1])

    def _msqrt(self, element: Any) -> str:  # noqa: ANN401
        row = etree.Element("mrow")
        row.extend(list(element))
        return self._put("square_root", radicand=row)

    def _mroot(self, element: Any) -> str:  # noqa: ANN401
        index = self.of(element[1]).strip()
        if index in _ROOTS and self.patterns is LINEAR:
            return _ROOTS[index] + self._grouped("radicand", self.of(element[0]).strip())
        return self._put("root", radicand=element[0], index=element[1])

    def _msub(self, element: Any) -> str:  # noqa: ANN401
        return self._put("lowered", base=element[0], script=element[1])

    def _msup(self, element: Any) -> str:  # noqa: ANN401
        script = self.of(element[1]).strip()
        if script and set(script) <= _PRIMES:
            said = [self.patterns.signs.get(each, each) for each in script]
            return self.of(element[0]) + (f" {' '.join(said)} " if self.patterns.signs else script)
        return self._put("raised", base=element[0], script=element[1])

    def _msubsup(self, element: Any) -> str:  # noqa: ANN401
        return self._both("msub", "msup", element)

    def _munderover(self, element: Any) -> str:  # noqa: ANN401
        return self._both("munder", "mover", element)

    def _both(self, lower: str, upper: str, element: Any) -> str:  # noqa: ANN401
        inner, outer = etree.Element(lower), etree.Element(upper)
        base, below, above = element
        inner.extend([base, below])
        outer.extend([inner, above])
        return self.of(outer)

    def _munder(self, element: Any) -> str:  # noqa: ANN401
        return self._marked("below", element)

    def _mover(self, element: Any) -> str:  # noqa: ANN401
        return self._marked("above", element)

    def _marked(self, side: str, element: Any) -> str:  # noqa: ANN401
        base, mark = self.of(element[0]).strip(), (element[1].text or "").strip()
        if mark in _BRACES and self.patterns is LINEAR:
            return f"({base})"
        if mark in _ACCENTS and element[1].tag == "mo" and self.patterns is LINEAR:
            return (base if len(base) == 1 else f"({base})") + _ACCENTS[mark]
        return self._put(side, base=element[0], script=element[1])

    def _mmultiscripts(self, element: Any) -> str:  # noqa: ANN401
        parts = list(element)
        tags = [each.tag for each in parts]
        split = tags.index("mprescripts") if "mprescripts" in tags else len(parts)
        before, behind = parts[split + 1 :], parts[1:split]
        scripts = [
            self._put(name, base=etree.Element("mrow"), script=each)
            for group in (before, behind)
            for name, each in zip(("lowered", "raised") * len(group), group, strict=False)
            if each.tag != "none"
        ]
        return "".join([*scripts[: len(before)], self.of(parts[0]), *scripts[len(before) :]])

    def _menclose(self, element: Any) -> str:  # noqa: ANN401
        inner, notation = self._row(element).strip(), element.get("notation", "")
        if self.patterns.signs and "strike" in notation:
            return f" {self.patterns.struck.format(inner=inner)} "
        if self.patterns.signs and notation in _LINES:
            side, sign = _LINES[notation]
            return f" {getattr(self.patterns, side).format(base=inner, script=self._word(sign))} "
        mark = _ENCLOSURES.get(notation, _STRUCK if "strike" in notation else "")
        return (inner if len(inner) == 1 or not mark else f"({inner})") + mark

    def _word(self, sign: str) -> str:
        return self.patterns.signs.get(sign, sign)

    def _mtable(self, element: Any) -> str:  # noqa: ANN401
        rows = [[self.of(cell).strip() for cell in row] for row in element]
        column = "" if "tml-jot" in element.get("class", "") else self.patterns.column
        lines = [column.join(filter(None, row)) for row in rows]
        return self.patterns.table.format(
            rows=self.patterns.line.join(lines), height=len(rows), width=len(rows[0])
        )


def _sign(element: Any) -> str:  # noqa: ANN401
    """Return what an element of one sign or name shows."""
    text = unicodedata.normalize("NFC", "".join(element.itertext()).translate(_INVISIBLE))
    return text.replace("-", "−").strip()


def _is_single(text: str) -> bool:
    """Tell whether a text is one sign, one number or one word, which needs no parentheses."""
    return (
        len(text) <= 1 or text.replace(".", "").isdigit() or (text.isalpha() and len(text) >= _WORD)
    )


def _outside(text: str) -> str:
    """Return what of a text stands in no parentheses, and the outermost of these."""
    depth, kept = 0, []
    for sign in text:
        depth -= sign in ")]"
        if depth == 0:
            kept.append(sign)
        depth += sign in "(["
    return "".join(kept)


def _runs_on(before: str, text: str) -> bool:
    """Tell whether a text would be taken for a part of the fraction or the script before it."""
    begins = text[:1].isalnum() or text[:1] in "(√∛∜"
    ends = before[-1:].isalnum() or before[-1:] == ")"
    if begins and ends and ("/" in _outside(before) or "/" in _outside(text)):
        return True
    return text[:1].isalnum() and bool(_SCRIPT.search(before))


def _is_name(element: Any) -> bool:  # noqa: ANN401
    """Tell whether an element is a name of several letters, such as log."""
    return element.tag in ("mi", "mtext") and len((element.text or "").strip()) > 1


def _ends_open(element: Any, parts: Sequence[str]) -> bool:  # noqa: ANN401
    """Tell whether a sign behind an element is one before its number, and none between two."""
    return element.tag == "mo" and (parts[-1].endswith((" ", "(", "[", "{", "|", "⟨")))

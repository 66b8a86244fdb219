"""The styles of a drawing: its style sheets as styles of the elements that they are for.

The words of a drawing become outlines, so that the size and weight of each have to be known; and a
style that is told at its element means the same in every program.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from juchi.core.errors import UserError

__all__ = ["SPACE", "SVG", "inline_styles", "style_of"]

SVG = "{http://www.w3.org/2000/svg}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_NAMES = re.compile(r"([.#])([\w-]+)")
_SIMPLE = re.compile(r"(?P<tag>\*|[A-Za-z][\w-]*)?(?P<rest>(?:[.#][A-Za-z_][\w-]*)*)")
# Attributes that say what properties of CSS say.
_PROPERTIES = (
    *("font-size", "font-weight", "font-style", "font-family", "text-anchor", "fill", "stroke"),
    *("dominant-baseline", "alignment-baseline", "baseline-shift", "letter-spacing", "filter"),
    *("writing-mode", "white-space", "mix-blend-mode", "font"),
)


def style_of(element: Any) -> dict[str, str]:  # noqa: ANN401 - lxml is untyped
    """Return the properties of an element's own, from its attributes and its style."""
    told = {name: element.get(name) for name in _PROPERTIES if element.get(name) is not None}
    return {**told, **declarations(element.get("style", ""))}


def declarations(text: str) -> dict[str, str]:
    """Return the properties of a style by name."""
    pairs = (part.partition(":") for part in text.split(";"))
    return {
        name.strip().lower(): value.replace("!important", "").strip()
        for name, _, value in pairs
        if value.strip()
    }


@dataclass(frozen=True)
class _Rule:
    """A rule of a style sheet: whom it is for, from the outermost in, and what it says."""

    parts: tuple[re.Match[str], ...]
    told: dict[str, str]

    def weight(self) -> tuple[int, int]:
        """Return its specificity: by names and classes, then by elements."""
        named = [sign for part in self.parts for sign, _ in _NAMES.findall(part["rest"])]
        elements = sum(part["tag"] not in (None, "*") for part in self.parts)
        return 100 * named.count("#") + named.count("."), elements

    def fits(self, element: Any) -> bool:  # noqa: ANN401
        """Tell whether it is for an element."""
        *above, own = self.parts
        if not _fits(element, own):
            return False
        for ancestor in element.iterancestors():
            if above and _fits(ancestor, above[-1]):
                above.pop()
        return not above


def inline_styles(root: Any, refused: Callable[[str], UserError]) -> None:  # noqa: ANN401
    """Write what the style sheets of a drawing say at its elements.

    `refused` makes the error for what cannot be understood.
    """
    sheets = list(root.iter(f"{SVG}style"))
    rules = sorted((rule for each in sheets for rule in _rules(each, refused)), key=_Rule.weight)
    for sheet in sheets:
        sheet.getparent().remove(sheet)
    for element in root.iter(etree.Element):
        told: dict[str, str] = {}
        for rule in rules:
            if rule.fits(element):
                told |= rule.told
        # A property of a style sheet goes before an attribute, and a style of its own before both.
        told |= declarations(element.get("style", ""))
        if told:
            element.set("style", "; ".join(f"{name}: {value}" for name, value in told.items()))
    for element in root.iter(etree.Element):
        element.attrib.pop("class", None)


def _rules(sheet: Any, refused: Callable[[str], UserError]) -> Iterator[_Rule]:  # noqa: ANN401
    text = re.sub(r"/\*.*?\*/", "", sheet.text or "", flags=re.DOTALL)
    if rest := _RULE.sub("", text).strip():
        raise refused(f"the style sheet {rest[:60]!r}")
    for selectors, body in _RULE.findall(text):
        for selector in filter(None, map(str.strip, selectors.split(","))):
            parts = [_SIMPLE.fullmatch(part) for part in selector.split()]
            found = tuple(part for part in parts if part)
            if len(found) < len(parts):
                raise refused(f"the selector {selector!r} in its style sheet")
            yield _Rule(found, declarations(body))


def _fits(element: Any, part: re.Match[str]) -> bool:  # noqa: ANN401
    if part["tag"] not in (None, "*", etree.QName(element).localname):
        return False
    classes = (element.get("class") or "").split()
    return all(
        name in classes if sign == "." else name == element.get("id")
        for sign, name in _NAMES.findall(part["rest"])
    )

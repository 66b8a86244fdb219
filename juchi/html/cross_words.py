"""Words that an author has written beside a cross reference, which prints them itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from juchi.prose.divs import THEOREMS
from juchi.prose.messages import fill

__all__ = ["printed_forms", "said_twice"]

# A reference in its parts: its word, a number or a letter, and what Chinese has behind it.
_PRINTED = re.compile(r"(?P<word>[^\W\d_]*)\W*(?P<number>[\dA-Z][\w.]*)\W*(?P<end>[^\W\d_a-zA-Z]*)")
_SHORT = re.compile(
    r"\b(?:figs?\.?|(?:secs?|tabs?|tbls?|thm|lst|app|alg|lem|prop|cor|def|abb)\.)$|§$",
    re.IGNORECASE,
)
# Of how identifiers begin the keys of the words that are printed for them.
_LABELS = {
    **{"fig": ("figure",), "tab": ("table",), "lst": ("listing",), "sec": ("section", "appendix")},
    **{beginning: (kind,) for kind, beginning in THEOREMS.items()},
}


def printed_forms(
    targets: Sequence[str], labels: Mapping[str, str], several: Mapping[str, str], *, is_first: bool
) -> list[str]:
    """Return what a cross reference may print, in the words of a language, with N for a number."""
    beginning = targets[0].partition("-")[0]
    if beginning == "eq":
        keys = ["equation_first", "equation_firsts"] if is_first else []
        return [fill(several[key], numbers="N") for key in keys if key in several]
    kinds = _LABELS.get(beginning, ())
    alone = [fill(labels[kind], number="N") for kind in kinds if kind in labels]
    together = [fill(several[kind], numbers="N") for kind in kinds if kind in several]
    return [*together, *alone] if len(targets) > 1 else [*alone, *together]


def said_twice(before: str, printed: str, behind: str) -> str:
    """Return the word right beside a reference that the reference has too; empty where none is.

    Parameters
    ----------
    before, behind
        The text on both sides.
    printed
        What the reference prints, such as ``Figure 1`` or ``第 2 节``.
    """
    match = _PRINTED.match(printed)
    if match is None:
        return ""
    word, end = match["word"], match["end"]
    near = before.rstrip()
    if word:
        found = re.search(rf"(?<![a-zA-Z]){word}s?$", near, re.IGNORECASE)
        if found := found or (_SHORT.search(near) if word.isascii() else None):
            return found[0]
    alone = re.match(rf"\s*{end}(?![\u4e00-\u9fff])|\s*{end}[的中里]", behind)
    return end if end and alone else ""

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
    r"\b(?:figs?\.?|abbn?\.?|(?:sect?s?|chaps?|ch|kap|abschn|tabs?|tbls?|thms?|lst|app|anh|alg|lem"
    r"|prop|cor|def)\.)$|§$",
    re.IGNORECASE,
)
# Chinese words that mean the same, and that end as if they did.
_ALIKE = {"图": "图(?:表|形|像|片|示)?", "表": "表格?|图表", "程序": "程序|代码"}
_OTHER = {"图": "试企意", "表": "代发外", "例": "比", "注": "关"}
_OPENING = re.compile(r"[(（]\s*$")
# What stands before a word that needs the reference, as in `see Figure (…)`: behind `this` a word
# is whole, and the reference in brackets says which one is meant.
_UNDETERMINED = re.compile(
    r"(?:^|[.!?:;,(\[。，；：（见如由从据按在和与及]|\b(?:see|cf|in|from|and|or|siehe|vgl|aus|und|oder|laut"
    r"|zeigt|voir|dans|et|ou|selon|véase|ver|en|y|según)\.?)\s*$",
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
        keys = ["equation_first", "equation_firsts"]
        first = [fill(several[key], numbers="N") for key in keys if key in several]
        own = [fill(labels["equation"], number="N")] if "equation" in labels else []
        return first if is_first else own
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
    like = _ALIKE.get(word, rf"{word}s?") + r"\.?" * printed.startswith(f"{word}.")
    if word and (found := _word_before(before, word, like)):
        return found
    alone = re.match(rf"\s*{end}(?![\u4e00-\u9fff])|\s*{end}[的中里]", behind)
    return end if end and alone else ""


def _word_before(before: str, word: str, like: str) -> str:
    """Return what ends a text and is like a word, or short for one; empty where nothing does."""
    near = _OPENING.sub("", before)
    in_brackets, near = near != before, near.rstrip()
    if short := _SHORT.search(near):
        return short[0]
    other = rf"(?<![{_OTHER[word]}])" if word in _OTHER else ""
    found = re.search(rf"(?<![a-zA-Z]){other}(?:{like})$", near, re.IGNORECASE)
    if found is None or (in_brackets and not _UNDETERMINED.search(near[: found.start()])):
        return ""
    return found[0]

"""A word that is written beside a cross reference, which prints it: told, and not printed twice."""

from __future__ import annotations

import pytest

from juchi.html.cross_words import said_twice


@pytest.mark.parametrize(
    ("before", "printed", "behind", "twice"),
    [
        ("As Figure ", "Figure 1", " shows", "Figure"),
        ("as figures ", "Figures 1 and 2", "", "figures"),
        ("see Fig. ", "Figure 1", "", "Fig."),
        ("see § ", "Section N", "", "§"),
        ("by Theorem ", "Theorem 3", "", "Theorem"),
        ("第", "第 2 节", "节", "第"),
        ("", "第 2 节", "节的结论", "节"),
        ("由定理", "定理 1", "可知", "定理"),
        ("见附录", "附录 A", "。", "附录"),
        # What is not printed by the reference, or is a word of its own.
        ("by Equation ", "(2)", "", ""),
        ("按式", "(2)", "", ""),
        ("we configure ", "Figure 1", "", ""),
        ("this figure, ", "Figure 3", "", ""),
        ("the ", "Figure 1", " shows", ""),
        ("见", "第 2 节", "节选的部分", ""),
    ],
)
def test_a_word_beside_a_reference_is_found(
    before: str, printed: str, behind: str, twice: str
) -> None:
    assert said_twice(before, printed, behind) == twice

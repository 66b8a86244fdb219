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
        # In brackets, where no word says already which one is meant.
        ("Figure (", "Figure 1", ")", "Figure"),
        ("in figure (", "Figure 1", ", left)", "figure"),
        ("as Fig. (", "Figure 1", ")", "Fig."),
        ("见图（", "图 1", "）", "图"),
        ("siehe Abbildung (", "Abbildung 1", ")", "Abbildung"),
        ("voir Tableau (", "Tableau 1", ")", "Tableau"),
        ("This figure (", "Figure 1", ", left)", ""),
        ("in the second table (", "Table 2", ")", ""),
        ("die Abbildung (", "Abbildung 1", ")", ""),
        ("下图（", "图 1", "）", ""),
        ("如上所述，该表（", "表 1", "）", ""),
        ("Equation (", "(2)", ")", ""),
        # What means the same.
        ("见图表", "图 1", "", "图表"),
        ("下面的表格", "表 1", "", "表格"),
        ("见下图", "图 1", "", "图"),
        ("see Figs. ", "Figures 1 and 2", "", "Figs."),
        ("siehe Abb. ", "Abbildung 1", "", "Abb."),
        ("nach Kap. ", "Abschnitt 1", "", "Kap."),
        ("Abbildungen ", "Abbildungen 1 und 2", "", "Abbildungen"),
        ("véase Tabla ", "Tabla 1", "", "Tabla"),
        ("Eq. ", "Eq. (1)", "", "Eq."),
        # Words that end alike.
        ("这些数代表", "表 1", "", ""),
        ("试图", "图 1", "", ""),
        ("请关注", "注 1", "", ""),
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

"""Where sentences end, in English, Chinese and German, and what a semicolon parts."""

from __future__ import annotations

import pytest

from juchi.check.coverage import abbreviations
from juchi.core.theme import THEME
from juchi.plan.yaml_files import read_yaml
from juchi.prose.calls import read_messages
from juchi.prose.sentences import sentences, statements
from tests.samples import LANGUAGES, ROOT

KNOWN = {
    code: abbreviations(read_messages(ROOT / "templates" / code / "messages.yaml"))
    for code in LANGUAGES
}


@pytest.mark.parametrize(
    "parts",
    [
        ["One.", "Two!", "Three?", "Four"],
        ["The share is 0.73 of them.", "Then 1.5e-3."],
        ["It holds, e.g. here.", "I.e. there?"],
        ["See Fig. 3, Eqs. 1 and Sec. 2.", "No. 4 is best, cf. Tab. 5."],
        ["Chen et al. showed it.", "So did Song et al.", "They agree."],
        ["By J. Smith.", "By Prof. A. B. Jones."],
        ["Sigmoid, tanh, etc. are smooth.", "Rates, losses, etc.", "All are there."],
        ["“Is it?” he asked.", "“It is.”", "They left."],
        ["He said “it changes all the x.”", "Then he left."],
        ["It holds.", "(The rate lies above; farther on, it is larger.)", "This is why."],
        ["It holds (see above).", "And so on."],
        ["**What it is.**", "Overshoot.", "*Now.*", "Then."],
        ["A float.", "float64 begins in lower case."],
        ["Wait...", "What?!", "Done."],
        ["One line\nand another.", "Next\nline."],
    ],
)
def test_english_sentences(parts: list[str]) -> None:
    text = " ".join(parts)
    assert [text[slice(*span)].strip() for span in sentences(text, KNOWN["en"])] == parts


@pytest.mark.parametrize(
    "parts",
    [
        ["„Ist sie fair?“ fragte niemand.", "„Sie ist es.“", "Alle gingen."],
        ["Das gilt z. B. hier, vgl. Abb. 3 und Nr. 4.", "D. h. immer."],
        ["Kopf, Zahl usw. fallen.", "Es heißt »einseitig.«", "›Fair.‹", "Ende"],
        ["Es waren 2.000 Würfe.", "„Führt lange“ ist kein Beleg."],
    ],
)
def test_german_sentences(parts: list[str]) -> None:
    text = " ".join(parts)
    known = abbreviations(read_yaml(THEME / "messages/de.yaml"))
    assert [text[slice(*span)].strip() for span in sentences(text, known)] == parts


@pytest.mark.parametrize(
    "parts",
    [
        ["锯齿消失了。", "真的吗？", "真的！", "没有句号"],
        ["原文说“锯齿消失了。”", "可是没有。"],
        ["锯齿消失了。", "“真的？”", "真的。"],
        ["他问：“是吗？”", "结束！！"],
        ["原文说“变成有负数了。”，或许也不过是这个意思。", "再看。"],
        ["**锯齿是什么**。", "是冲过了头。", "约为 4.669。"],
        ["它有周期。", "（下方紧挨着一个窗口；再往上，指数更大。）", "原因都在这里。"],
        ["原文引作“Sigmoid……产生锯齿”。", "引全了。"],
        ["Chen 等（Chen et al. 指出）也如此。", "见 Fig. 三。"],
        ["网页在 example.org 上。", "完。"],
    ],
)
def test_chinese_sentences(parts: list[str]) -> None:
    text = "".join(parts)
    assert [text[slice(*span)] for span in sentences(text, KNOWN["zh"])] == parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("It rises; it falls.", ["It rises;", " it falls."]),
        ("升了；降了。", ["升了；", "降了。"]),
        ("(One; two); three.", ["(One; two);", " three."]),
        ("（一；二）。", ["（一；二）。"]),
        ("None here.", ["None here."]),
    ],
)
def test_a_semicolon_outside_brackets_parts_statements(text: str, parts: list[str]) -> None:
    assert [text[slice(*span)] for span in statements(text, 0, len(text))] == parts

"""Justified Chinese is flush at both edges, evenly spaced and still found as it was written."""

from __future__ import annotations

import re
import subprocess
from contextlib import nullcontext
from pathlib import Path

import pytest
import weasyprint

from juchi.fonts.fonts import write_fonts
from juchi.fonts.typefaces import Usage, load_catalogue, resolve
from juchi.pdf.justification import inter_character_justification
from tests.stacks import CATALOGUE

WIDTH = 440.0  # of the column, in pt
EDGE = 50.0 + WIDTH
HAN = "[\u4e00-\u9fff，。；：、！？（）《》“”]"

FORMULA = (
    '<img alt="x" style="width:{width}pt;height:9pt;vertical-align:-2pt" src="data:image/svg+xml,'
    "%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'%3E%3C/svg%3E\">"
)
MIXED = (
    "神经网络的权重更新常常出现<b>锯齿状</b>的轨迹：当激活函数是 sigmoid，而输入全为正数时，"
    f"梯度{FORMULA.format(width=40)}的符号被锁定在同一方向。"
    "<a href='https://example.org'>参见原文</a>第 3 节，那里的实验使用了 <code>Linear(1, 1)</code>"
    "，学习率为 1，共 100 步。我们重做了这个实验，"
    "并把初始权重换成 10,000 个不同的值，结果显示“锯齿”出现在"
    f"{FORMULA.format(width=70)}之后，而不是由“非零中心”造成的。"
)
PLAIN = (
    "条件数决定了梯度下降的步数；这里的“步”指一次完整的更新，（注意：动量不是零）。“零中心”，"
    "“归一化”，以及《统计学习》都没有改变这一点……相反——正如前面的实验所指出的——输入的均值与"
    "尺度才是决定性的因素，而输出的均值只在权重不止一个的时候才起作用，并且程度有限得多。"
)
WIDE = "这里的每个权重的更新取决于 sigmoid 的符号与梯度的大小，而梯度又取决于 w"
LATIN = (
    "The sawtooth of a trained weight begins where the learning rate exceeds two over the "
    "sharpness of the loss; neither the mean of the outputs nor their range has a part in it, "
    "whatever the inputs are, and a momentum only moves the bound, as the experiments confirm."
)
QUOTING = LATIN.replace("sawtooth", "sawtooth (锯齿)").replace("mean", "mean (均值)")


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    catalogue = load_catalogue(CATALOGUE)
    without = "“”‘’…—·"
    stacks = resolve(
        {
            "serif": [
                {"family": "STIX Two Text", "without": without},
                {"family": "Noto Serif SC"},
            ],
            "mono": [{"family": "JetBrains Mono"}],
        },
        catalogue,
    )
    shown = [Usage("serif", re.sub("<[^>]*>", "", MIXED) + PLAIN + WIDE + QUOTING, "here")]
    folder = tmp_path_factory.mktemp("fonts") / "all"
    write_fonts([*shown, Usage("mono", "Linear(1, 1)", "here")], stacks, folder)
    return folder


def as_pdf(fonts: Path, body: str, *, extended: bool = True, style: str = "") -> bytes:
    html = (
        "<html lang=zh-Hans><link rel=stylesheet href=fonts.css><style>"
        f"@page {{ size: {WIDTH + 100}pt 800pt; margin: 50pt }}"
        "html { font: 10.5pt/1.7 var(--serif); font-feature-settings: 'chws' } body { margin: 0 }"
        "p { margin: 0; break-after: page; text-align: justify; text-indent: 2em }"
        f"code {{ font-family: var(--mono) }} {style}</style>{body}"
    )
    with inter_character_justification() if extended else nullcontext():
        document = weasyprint.HTML(string=html, base_url=f"{fonts}/")
        pdf = document.write_pdf(pdf_tags=True, uncompressed_pdf=True)
    assert isinstance(pdf, bytes)
    return pdf


def poppler(pdf: bytes, *options: str) -> str:
    run = subprocess.run(
        ["pdftotext", *options, "-", "-"], input=pdf, capture_output=True, check=True
    )
    return run.stdout.decode()


def right_ends(pdf: bytes) -> list[float]:
    """Give the right end of every line of a page in pt, from top to bottom."""
    ends: dict[int, float] = {}
    for word in re.finditer(r'<word .*?xMax="([\d.]+)" yMax="([\d.]+)"', poppler(pdf, "-bbox")):
        line = round(float(word[2]) / 17.85)  # line height
        ends[line] = max(ends.get(line, 0.0), float(word[1]))
    return [ends[line] for line in sorted(ends)]


def adjustments(pdf: bytes) -> list[list[float]]:
    """Give the adjustments between glyphs of every shown text, in 1/1000 of the font size."""
    texts = re.findall(rb"\[(<.*?)\]\s*TJ", pdf, re.DOTALL)
    return [[float(number) for number in re.findall(rb">\s*(-?[\d.]+)\s*<", t)] for t in texts]


@pytest.mark.parametrize("text", [MIXED, PLAIN], ids=["mixed", "plain"])
@pytest.mark.parametrize("size", [10, 10.5, 12])
def test_every_full_line_of_a_chinese_paragraph_reaches_the_right_edge(
    fonts: Path, text: str, size: float
) -> None:
    style = f"p {{ font-size: {size}pt; line-height: 17.85pt }}"
    *full, last = right_ends(as_pdf(fonts, f"<p>{text}", style=style))
    assert len(full) >= 2
    assert full == pytest.approx([EDGE] * len(full), abs=0.15)
    assert last < EDGE - 5


def test_weasyprint_alone_leaves_such_lines_short(fonts: Path) -> None:
    # Where this fails, WeasyPrint has learnt to justify Chinese, and the module may go.
    ends = right_ends(as_pdf(fonts, f"<p>{PLAIN}", extended=False))
    assert min(ends[:-1]) < EDGE - 3


def test_the_gaps_of_a_line_are_even(fonts: Path) -> None:
    first_line = adjustments(as_pdf(fonts, f"<p>{'步' * 60}", style="p { text-indent: 1.5em }"))[0]
    assert len(first_line) >= 38
    assert max(first_line) < 0
    assert max(first_line) - min(first_line) <= 1.001


def test_a_double_ellipsis_stays_one(fonts: Path) -> None:
    han = adjustments(as_pdf(fonts, f"<p>{'步' * 60}", style="p { text-indent: 1.5em }"))[0]
    dots = adjustments(as_pdf(fonts, f"<p>步……{'步' * 60}", style="p { text-indent: 1.5em }"))[0]
    assert len(dots) == len(han) - 1


@pytest.mark.parametrize("text", [MIXED, PLAIN], ids=["mixed", "plain"])
def test_what_is_copied_is_what_was_written(fonts: Path, text: str) -> None:
    copied = poppler(as_pdf(fonts, f"<p>{text}"))
    assert re.findall(f"{HAN} +{HAN}", copied) == []
    written = re.sub("<[^>]*>", "", text)
    assert re.sub(r"\s", "", copied) == re.sub(r"\s", "", written)


def test_a_line_spread_wide_is_copied_without_spaces(fonts: Path) -> None:
    pdf = as_pdf(fonts, f"<p>{WIDE}{FORMULA.format(width=150)}，而不是输出。")
    assert b"/ActualText" in pdf
    assert WIDE in poppler(pdf)
    assert WIDE not in poppler(pdf.replace(b"/ActualText", b"/NotReadTxt"))


@pytest.mark.parametrize("text", [LATIN, QUOTING], ids=["latin", "quoting"])
def test_latin_lines_are_left_to_weasyprint(fonts: Path, text: str) -> None:
    ours, theirs = (as_pdf(fonts, f"<p>{text}", extended=each) for each in (True, False))
    assert ours == theirs


@pytest.mark.parametrize("style", ["p { text-align: left }", "p { direction: rtl }"])
def test_lines_not_justified_from_left_to_right_are_left_to_weasyprint(
    fonts: Path, style: str
) -> None:
    ours, theirs = (as_pdf(fonts, f"<p>{PLAIN}", extended=e, style=style) for e in (True, False))
    assert ours == theirs


def test_the_same_document_gives_the_same_bytes(fonts: Path) -> None:
    assert as_pdf(fonts, f"<p>{MIXED}") == as_pdf(fonts, f"<p>{MIXED}")


def test_outside_the_context_weasyprint_is_itself_again(fonts: Path) -> None:
    before = as_pdf(fonts, f"<p>{PLAIN}", extended=False)
    with pytest.raises(ZeroDivisionError), inter_character_justification():
        _ = 1 / 0
    assert as_pdf(fonts, f"<p>{PLAIN}", extended=False) == before

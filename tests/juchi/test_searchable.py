"""Formulas on paper can be copied and searched: a reader of PDF finds their signs."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pikepdf
import pytest
from lxml import html

from juchi.html.mathematics import Formula, as_image, typeset
from juchi.pdf.paper import print_pdf
from juchi.pdf.searchable import add_invisible_font, shared_out

FORMULAS = [r"\eta < \frac{2}{\lambda}", r"\mathbb{R} \ni \mathbf{x}", r"\sqrt[3]{x}"]


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Print formulas in a line and one on a line of its own."""
    folder = tmp_path_factory.mktemp("paper")
    drawn = typeset([Formula(tex, False, "x:1") for tex in FORMULAS])
    images = []
    for formula in drawn.values():
        image = html.fragment_fromstring(as_image(formula, "words"))
        image.set("data-plain", formula.plain)
        images.append(f'<span class="math">{html.tostring(image, encoding="unicode")}</span>')
    style = "body { font: 10pt sans-serif }"
    body = f"<p>Here {images[0]} holds, and {images[1]}.</p><p>{images[2]}</p>"
    head = f"<title>T</title><style>{style}</style>"
    root = html.document_fromstring(
        f"<html lang='en'><head>{head}</head><body>{body}</body></html>"
    )
    printed = print_pdf(root, folder, folder / "page.html", figure_pdfs={})
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        add_invisible_font(pdf)
        pdf.save(folder / "page.pdf")
    return folder / "page.pdf"


def test_their_signs_stand_among_the_words(paper: Path) -> None:
    command = ["pdftotext", "-layout", str(paper), "-"]
    text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    assert lines == ["Here η < 2/λ holds, and ℝ ∋ 𝐱.", "∛x"]


def test_the_font_shows_nothing_and_is_embedded(paper: Path) -> None:
    with pikepdf.open(paper) as pdf:
        font = pdf.pages[0].Resources.Font["/InvisibleText"]
        program = font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()
        assert program[:4] == b"\0\1\0\0"
        assert len(font.DescendantFonts[0].CIDToGIDMap.read_bytes()) == 2 * 65536
        assert b"3 Tr /InvisibleText" in pdf.pages[0].Contents.read_bytes()


@pytest.mark.parametrize(
    ("text", "widths", "parts"),
    [
        ("x", [1], ["x"]),
        ("a + b = c", [1, 1, 1], ["a", "+ b", "= c"]),
        ("f(a + b) + c", [2, 1], ["f(a + b)", "+ c"]),
        ("abcdef", [2, 1], ["abcd", "ef"]),
    ],
)
def test_a_formula_in_pieces_has_its_text_in_pieces(
    text: str, widths: list[float], parts: list[str]
) -> None:
    assert shared_out(text, widths) == parts

"""A figure that is laid in as a PDF of its own looks as if it had been drawn where it stands."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from lxml import html
from PIL import Image, ImageChops

from juchi.core.errors import UserError
from juchi.pdf.figure_pdfs import draw_figure_pdf, lay_in
from juchi.pdf.paper import print_pdf
from tests.project import Project
from tests.samples import FIGURES

# Lines, a half transparent disc and a curve, none of them the same upside down or mirrored.
PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" width="90pt" height="60pt" viewBox="0 0 90 60">
<path d="M 5 5 L 60 12 L 20 40 z" style="fill: #204080"/>
<circle cx="55" cy="30" r="20" style="fill: #c04000; fill-opacity: 0.5"/>
<path d="M 10 55 C 30 20 60 90 85 15" style="fill: none; stroke: #000000; stroke-width: 2"/>
</svg>"""
GREEN = (0, 255, 0)
PAGE = """<html lang="en"><head><title>T</title>
<style>img { width: 400px; margin: 30px }</style></head>
<body><p>Above.</p><img src="picture.svg" alt="a picture"><p>Below.</p></body></html>"""


def printed(picture: Path, figure_pdfs: dict[str, Path]) -> pikepdf.Pdf:
    root = html.document_fromstring(PAGE)
    pdf = pikepdf.open(io.BytesIO(print_pdf(root, picture.parent, Path("page.html"), figure_pdfs)))
    lay_in(pdf)
    return pdf


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture.svg"
    path.write_text(PICTURE, "utf-8")
    return path


@pytest.fixture
def figure_pdfs(picture: Path) -> dict[str, Path]:
    figure_pdf = picture.with_name("figure.pdf")
    figure_pdf.write_bytes(draw_figure_pdf(picture))
    return {picture.as_uri(): figure_pdf}


def as_seen(pdf: pikepdf.Pdf, folder: Path) -> Image.Image:
    pdf.save(folder / "seen.pdf")
    subprocess.run(["pdftoppm", "-r", "100", "-png", "seen.pdf", "seen"], cwd=folder, check=True)
    return Image.open(folder / "seen-1.png").convert("RGB")


def test_a_plate_looks_like_the_picture(
    tmp_path: Path, picture: Path, figure_pdfs: dict[str, Path]
) -> None:
    drawn, laid_in = (as_seen(printed(picture, each), tmp_path) for each in ({}, figure_pdfs))
    histogram = ImageChops.difference(drawn, laid_in).convert("L").histogram()
    # The numbers of the two are rounded differently; the edge of a line may get another grey.
    assert sum(histogram[16:]) < 5
    assert sum(drawn.convert("L").histogram()[:200]) > 10_000


def test_a_picture_with_a_plate_is_not_drawn_again(
    tmp_path: Path, picture: Path, figure_pdfs: dict[str, Path]
) -> None:
    picture.write_text(PICTURE.replace("#204080", "#00ff00"), "utf-8")
    drawn, laid_in = (as_seen(printed(picture, each), tmp_path) for each in ({}, figure_pdfs))
    colours = [set(image.get_flattened_data()) for image in (drawn, laid_in)]
    assert [GREEN in each for each in colours] == [True, False]


def holds_a_plate(form: Any) -> bool:
    return "/Resources" in form and "/Figure" in form.Resources.get("/XObject", {})


def test_every_figure_of_the_article_has_a_plate(built: Project, language: str) -> None:
    printed = built.printed(language).xpath("//figure[.//img]")
    assert 10 <= len(printed) < len(FIGURES)
    with pikepdf.open(built.paper(language)) as pdf:
        forms = [each for each in pdf.objects if isinstance(each, pikepdf.Stream)]
        assert sum(map(holds_a_plate, forms)) == len(printed)
        assert not any("/Figure" in each for each in forms)


@pytest.mark.parametrize("damage", ["missing", "emptied", "truncated", "flipped"])
def test_a_damaged_plate_is_found_when_it_is_read(
    picture: Path, figure_pdfs: dict[str, Path], damage: str
) -> None:
    (figure_pdf,) = figure_pdfs.values()
    content = bytearray(figure_pdf.read_bytes())
    if damage == "missing":
        figure_pdf.unlink()
    elif damage == "flipped":
        content[len(content) // 2] ^= 1
        figure_pdf.write_bytes(content)
    else:
        figure_pdf.write_bytes(content[: 0 if damage == "emptied" else -100])
    with pytest.raises(UserError) as caught:
        printed(picture, figure_pdfs)
    assert str(caught.value).startswith(f"error: {figure_pdf}\n")
    assert "build again" in str(caught.value)


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        (PICTURE.replace(' width="90pt"', ""), "without width or height"),
        (PICTURE.replace("</svg>", ""), "tag"),
        (PICTURE.replace("<circle", '<image href="none.png"/><circle'), "none.png"),
    ],
)
def test_a_picture_that_cannot_be_drawn_is_named(picture: Path, changed: str, found: str) -> None:
    picture.write_text(changed, "utf-8")
    with pytest.raises(UserError) as caught:
        draw_figure_pdf(picture)
    assert str(caught.value).startswith(f"error: {picture}\n")
    assert found in str(caught.value)

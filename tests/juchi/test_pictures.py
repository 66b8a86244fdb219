"""Pictures of others: read in the prose, made fit for the site, or refused with file and line."""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from lxml import etree, html
from markupsafe import Markup
from PIL import Image, ImageCms

from juchi.core.errors import UserError
from juchi.core.theme import theme_file
from juchi.exhibits.natural_size import natural_width
from juchi.exhibits.pictures import check_picture, normalized
from juchi.exhibits.raster import normalized_raster
from juchi.exhibits.svg import open_svg
from juchi.fonts.typefaces import Stack
from juchi.html.pictures import drawn, inlined, paneled, pictured
from juchi.plan.figures import completed
from juchi.prose.markdown import parse
from juchi.prose.picture_files import pictures_in_prose
from juchi.prose.pictures import Panels, Picture, web_name
from juchi.prose.reading import numerals, pictures, quotes
from juchi.prose.source import marked
from juchi.site.licences import licence_address

PATH = Path("templates/en/post.md")
PLACE = "templates/en/post.md:3"
SVG = "http://www.w3.org/2000/svg"
PLAIN = '![A *map*.](pictures/map.png){#fig-map width=60% alt="A coast." licence="CC0"}'
PANELS = """::: {#fig-both layout-ncol=2}
![One.](pictures/a.png){alt="a"}
![Two.](pictures/b.png){#fig-own alt="b" width=50%}

Both, with $x$.
:::
"""
WORDS = {
    "pictures": {
        "source": "Source: {source}",
        "licence": "Licence: {licence}",
        "separator": ". ",
        "panel": "({letter})",
    }
}


# --- the prose ---


def test_a_picture_alone_in_its_paragraph_is_a_figure() -> None:
    (picture,) = pictures(f"a\n\n{PLAIN}\n", PATH)
    assert picture == Picture(
        "pictures/map.png", PLACE, "fig-map", "A coast.", 60, licence="CC0", source=""
    )
    assert [(each.kind, each.names) for each in quotes(PLAIN, PATH)] == [("label", ("fig-map",))]


@pytest.mark.parametrize(
    ("attributes", "width", "alt"),
    [
        ('{alt="a"}', None, "a"),
        ('{fig-alt="a"}', None, "a"),
        ('{width=100% alt="a"}', 100, "a"),
        ('{width="7%" alt="{a} & @fig-x *b* `c`"}', 7, "{a} & @fig-x *b* `c`"),
        ('{\nwidth=5%\nalt="on\ntwo lines"}', 5, "on\ntwo lines"),
    ],
)
def test_attributes_stand_behind_a_picture(attributes: str, width: float | None, alt: str) -> None:
    (picture,) = pictures(f"![c](pictures/a.png){attributes}", PATH)
    assert (picture.width, picture.alt) == (width, alt)


def test_a_picture_within_a_line_has_its_words_as_its_alternative_text() -> None:
    (picture,) = pictures("a ![a die](pictures/die.svg) b", PATH)
    assert (picture.alt, picture.id) == ("a die", None)
    assert str(inlined(picture)) == '<img class="inline" src="../pictures/die.svg" alt="a die">'


def test_the_numbers_and_facts_of_alternative_texts_are_held_to_the_rules_of_prose() -> None:
    text = "![c](pictures/a.png){alt=\"{{ fact('die.mean') }} of 512\"}"
    assert [each.names for each in quotes(text, PATH)] == [("die.mean",)]
    assert [each.text for each in numerals(text, PATH, [])] == ["512"]


def test_pictures_between_colons_are_the_panels_of_a_figure() -> None:
    first, second = pictures(PANELS, PATH)
    assert (first.id, first.letter, first.part) == ("fig-both-a", "a", None)
    assert (second.id, second.letter, second.part) == ("fig-own", "b", 0.25)
    labels = [each.names[0] for each in quotes(PANELS, PATH)]
    assert labels == ["fig-both", "fig-both-a", "fig-own"]
    kinds = [token.type for token in parse(marked(PANELS, PATH)).tokens if token.type != "inline"]
    assert kinds == [
        "panels_open",
        *["picture_open", "picture_close"] * 2,
        *["caption_open", "caption_close", "panels_close"],
    ]


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("a\n\n![c](pictures/a.png){#fig-a}", 3, "a picture without an alternative text"),
        ('![c](pictures/a.png){alt=""}', 1, "without an alternative text"),
        ('![c](pictures/a.png){#map alt="a"}', 1, "the identifier 'map' of a picture"),
        ('![c](pictures/a.png){alt="a" width=0%}', 1, "the width '0%'"),
        ('![c](pictures/a.png){alt="a" width=120%}', 1, "the width '120%'"),
        ('![c](pictures/a.png){alt="a" width=wide}', 1, "the width 'wide'"),
        ('![c](pictures/a.png){alt="a" width=3in}', 1, "the width '3in'"),
        ('![c](pictures/a.png){alt="a" height=3in}', 1, "an unknown attribute height="),
        ('![c](pictures/a.png){alt="a" .wide}', 1, "an unknown attribute .wide"),
        ('![c](pictures/a.png "title"){alt="a"}', 1, "the title 'title' of a picture"),
        ('![c](https://example.org/a.png){alt="a"}', 1, "an address as a picture"),
        ('![c](data:image/png;base64,AA){alt="a"}', 1, "an address as a picture"),
        ('![c](../a.png){alt="a"}', 1, "no plain name of a file"),
        ('![c](/a.png){alt="a"}', 1, "no plain name of a file"),
        ('![c](<my photo.png>){alt="a"}', 1, "no plain name of a file"),
        ('![c](results/a.png){alt="a"}', 1, "a file that the build makes"),
        ('![c](pictures/a.gif){alt="a"}', 1, "a file of the kind .gif"),
        ('![c](pictures/a){alt="a"}', 1, "a file of the kind that has no ending"),
        ('a\n![c](pictures/a.png){alt="a"} b', 2, "a picture within a line that has attributes"),
        ("a ![*c*](pictures/a.png) b", 1, "markup in its words"),
        ('![c](pictures/a.png){alt="a \\"b"}', 1, "a picture within a line that has attributes"),
        ("![c](my photo.png){alt=a}", 1, "markup that is not understood: '![c]('"),
        ("::: {#fig-a}\nText.\n:::", 1, "a figure of several pictures with none"),
        ('::: {#fig-a}\n- a\n\n![c](pictures/a.png){alt="a"}\n:::', 2, "a ul in a figure"),
        ('::: {#fig-a layout-ncol=x}\n![c](a.png){alt="a"}\n:::', 1, "layout-ncol=x"),
        ('::: {#fig-a layout="[1]"}\n![c](a.png){alt="a"}\n:::', 1, "unknown attribute layout="),
        ('::: {#fig-a}\n![c](a.png){alt="a" .landscape}\n:::', 2, "a panel on a turned page"),
    ],
)
def test_what_is_no_picture_is_refused_with_its_line(text: str, line: int, found: str) -> None:
    with pytest.raises(UserError) as caught:
        pictures(text, PATH) or parse(marked(text, PATH))
    message = str(caught.value)
    assert message.startswith(f"error: {PATH}:{line}\n"), message
    assert found in message


# --- the files ---


def prose(folder: Path, text: str) -> Path:
    path = folder / "post.md"
    path.write_text(text, "utf-8")
    return path


def test_a_missing_picture_is_told_with_the_line_of_the_prose(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures/Map.PNG").touch()
    with pytest.raises(UserError, match=r"post\.md:3\n.*map\.png, which does not exist") as caught:
        pictures_in_prose([str(prose(tmp_path, f"a\n\n{PLAIN}"))])
    assert "did you mean pictures/Map.PNG?" in str(caught.value)
    assert pictures_in_prose([str(prose(tmp_path, PLAIN.replace("map.png", "Map.PNG")))])


def test_two_pictures_never_get_one_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pictures").mkdir()
    for name in ("pictures/map.svg", "pictures/map.pdf"):
        (tmp_path / name).touch()
    text = PLAIN.replace(".png", ".svg") + "\n\n" + PLAIN.replace(".png", ".pdf")
    with pytest.raises(UserError, match=r"which the site would call as it calls pictures/map\.svg"):
        pictures_in_prose([str(prose(tmp_path, text))])


@pytest.mark.parametrize(
    ("path", "name"),
    [("pictures/a.png", "a.png"), ("img/a.JPEG", "img/a.jpg"), ("pictures/b/c.pdf", "b/c.svg")],
)
def test_the_site_keeps_the_names_of_pictures(path: str, name: str) -> None:
    assert web_name(path) == name


def saved(folder: Path, name: str, picture: Image.Image, **options: object) -> Path:
    path = folder / name
    picture.save(path, **options)  # type: ignore[arg-type]
    return path


def shown(path: Path) -> Image.Image:
    picture = Image.open(io.BytesIO(normalized_raster(path, PLACE)))
    picture.load()
    return picture


NOISE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (20, 40, 3), dtype=np.uint8))


def test_a_photograph_keeps_its_pixels_and_loses_what_it_tells(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Maker of cameras"
    exif[0x8825] = {1: "N", 2: (51.0, 30.0, 0.0)}
    for progressive in (False, True):
        path = saved(
            tmp_path, "a.jpg", NOISE, exif=exif, comment=b"secret", progressive=progressive
        )
        path.write_bytes(path.read_bytes() + b"behind the end")
        made = normalized_raster(path, PLACE)
        assert b"Maker" in path.read_bytes()
        assert not re.search(rb"Maker|Exif|secret|behind", made)
        assert made.endswith(b"\xff\xd9")
        assert np.array_equal(np.asarray(shown(path)), np.asarray(Image.open(path)))


@pytest.mark.parametrize("name", ["a.jpg", "a.png"])
def test_a_picture_is_turned_as_the_camera_was_held(tmp_path: Path, name: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = shown(saved(tmp_path, name, NOISE, exif=exif))
    assert picture.size == (20, 40)
    assert not picture.getexif()


def test_colours_become_those_of_the_web(tmp_path: Path) -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # One in which red and green have changed places.
    other = srgb.replace("sRGB".encode("utf-16-be"), "mine".encode("utf-16-be"))
    for old, new in ((b"rXYZ", b"?XYZ"), (b"gXYZ", b"rXYZ"), (b"?XYZ", b"gXYZ")):
        other = other.replace(old, new, 1)
    red = Image.new("RGB", (8, 8), (200, 30, 30))
    for name in ("a.png", "a.jpg"):
        picture = shown(saved(tmp_path, name, red, icc_profile=other))
        assert "icc_profile" not in picture.info
        pixel = picture.getpixel((0, 0))
        assert isinstance(pixel, tuple)
        assert [abs(a - b) < 8 for a, b in zip(pixel, (30, 200, 30), strict=True)] == [True] * 3
    assert shown(saved(tmp_path, "b.png", red, icc_profile=srgb)).getpixel((0, 0)) == (200, 30, 30)


@pytest.mark.parametrize(
    ("picture", "mode", "pixel"),
    [
        (Image.fromarray(np.full((4, 4), 65535, np.uint16)), "L", 255),
        (Image.fromarray(np.full((4, 4), 257 * 100, np.uint16)), "L", 100),
        (Image.new("1", (4, 4), 1), "L", 255),
        (Image.new("RGB", (4, 4), (1, 2, 3)).quantize(4), "RGB", (1, 2, 3)),
        (Image.new("RGBA", (4, 4), (1, 2, 3, 4)), "RGBA", (1, 2, 3, 4)),
        (Image.new("LA", (4, 4), (7, 8)), "LA", (7, 8)),
    ],
)
def test_every_kind_of_png_becomes_one_of_eight_bits(
    tmp_path: Path, picture: Image.Image, mode: str, pixel: object
) -> None:
    made = shown(saved(tmp_path, "a.png", picture))
    assert (made.mode, made.getpixel((1, 1))) == (mode, pixel)


def sixteen_bits(path: Path) -> None:
    """Write a PNG of one pixel in 16 bits a channel: (0x1234, 0x5678, 0x9ABC)."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        whole = kind + content
        return struct.pack(">I", len(content)) + whole + struct.pack(">I", zlib.crc32(whole))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 16, 2, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0" + struct.pack(">HHH", 0x1234, 0x5678, 0x9ABC)))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + head + pixels + chunk(b"IEND", b""))


def test_sixteen_bits_a_channel_become_eight(tmp_path: Path) -> None:
    sixteen_bits(tmp_path / "a.png")
    assert shown(tmp_path / "a.png").getpixel((0, 0)) == (0x12, 0x56, 0x9A)


def animated(path: Path) -> None:
    NOISE.save(path, save_all=True, append_images=[NOISE.rotate(180)])


@pytest.mark.parametrize(
    ("name", "write", "found"),
    [
        ("a.png", lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\nnothing"), "can be read"),
        ("a.png", lambda path: NOISE.save(path, "JPEG"), "a picture of the kind JPEG"),
        ("a.jpg", lambda path: NOISE.save(path, "PNG"), "a picture of the kind PNG"),
        ("a.png", lambda path: path.write_text("<svg/>"), "can be read"),
        ("a.png", animated, "a moving picture"),
        ("a.jpg", lambda path: NOISE.convert("CMYK").save(path), "the colours of a printing press"),
        ("a.jpg", lambda path: NOISE.save(path, icc_profile=b"x" * 200), "a colour profile that"),
        ("a.png", lambda path: path.write_bytes(b""), "can be read"),
    ],
)
def test_a_picture_of_pixels_that_cannot_be_shown_is_refused(
    tmp_path: Path, name: str, write: Callable[[Path], object], found: str
) -> None:
    write(tmp_path / name)
    with pytest.raises(UserError) as caught:
        normalized_raster(tmp_path / name, PLACE)
    assert str(caught.value).startswith(f"error: {PLACE}\n  found:    {tmp_path / name}: ")
    assert found in str(caught.value)


def test_a_picture_of_too_few_pixels_for_its_width_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.png", Image.new("L", (600, 400)))
    check_picture(path, 0.68, PLACE)
    with pytest.raises(UserError, match="600 pixels in width, which are 102 an inch") as caught:
        check_picture(path, 1, PLACE)
    assert "68 percent of the text's width at most" in str(caught.value)
    # Nobody has asked for a width: it is as wide as it is.
    check_picture(path, None, PLACE)


# --- natural sizes ---


@pytest.mark.parametrize(
    ("density", "turned", "width"),
    [
        (None, 1, 600),
        ((300, 300), 1, 192),
        ((300, 300), 6, 128),
        ((72, 72), 1, 600),
        ((0, 0), 1, 600),
        ((9600, 9600), 1, 600),
    ],
)
def test_pixels_are_as_small_as_their_file_says(
    tmp_path: Path, density: tuple[int, int] | None, turned: int, width: float
) -> None:
    exif = Image.Exif()
    exif[0x0112] = turned
    path = tmp_path / "a.jpg"
    Image.new("L", (600, 400)).save(path, exif=exif, dpi=density or (96, 96))
    assert natural_width(path, PLACE) == pytest.approx(width, rel=0.01)


@pytest.mark.parametrize(
    ("attributes", "width"),
    [
        ('width="2.54cm" height="1in"', 96),
        ('width="72pt" height="1" viewBox="0 0 1 1"', 96),
        ('viewBox="0 0 50 20"', None),
        ('width="100%" viewBox="0 0 50 20"', None),
    ],
)
def test_a_drawing_is_as_wide_as_it_says(
    tmp_path: Path, attributes: str, width: float | None
) -> None:
    path = tmp_path / "a.svg"
    path.write_text(f'<svg xmlns="{SVG}" {attributes}/>')
    assert natural_width(path, PLACE) == width


@pytest.mark.parametrize(("turned", "width"), [(0, 288), (90, 192)])
def test_a_pdf_is_as_wide_as_its_sheet(tmp_path: Path, turned: int, width: float) -> None:
    import pikepdf  # noqa: PLC0415

    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(216, 144))
        pdf.pages[0].rotate(turned, relative=False)
        pdf.save(tmp_path / "a.pdf")
    assert natural_width(tmp_path / "a.pdf", PLACE) == width


def test_what_was_cropped_from_a_pdf_is_not_shown(sans: Stack) -> None:
    import pikepdf  # noqa: PLC0415

    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(600, 800))
        pdf.pages[0].cropbox = pikepdf.Array([100, 100, 172, 150])
        pdf.save("cropped.pdf")
    root = etree.fromstring(normalized(Path("cropped.pdf"), PLACE, sans))
    assert (root.get("width"), root.get("height")) == ("72pt", "50pt")
    assert natural_width(Path("cropped.pdf"), PLACE) == 96


def test_a_file_of_another_kind_is_told_without_addresses_of_memory(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"GIF89a")
    with pytest.raises(UserError, match=r"no picture that can be read, neither a PNG nor a JPEG"):
        check_picture(tmp_path / "a.png", None, PLACE)


def test_a_picture_without_a_width_tells_that_of_its_file_to_the_style_sheet() -> None:
    for letter in ("", "a"):
        shown = Picture("a.png", PLACE, "fig-a", "a", letter=letter)
        figure = html.fragment_fromstring(str(pictured(shown, None, WORDS, 192)))
        assert figure.find("picture").get("style") == "--natural: 192px"
    asked = replace(shown, width=50)
    figure = html.fragment_fromstring(str(pictured(asked, None, WORDS, 192)))
    assert figure.find("picture").get("style") == "--width: 50%"
    css = theme_file("style/article.css").read_text("utf-8")
    assert "width: var(--width, min(100%, var(--natural, 100%)));" in css


# --- drawings ---


def made_of(inside: str, stack: Stack, attributes: str = 'width="100" height="50"') -> str:
    content = f'<svg xmlns="{SVG}" xmlns:xlink="http://www.w3.org/1999/xlink" {attributes}>{inside}'
    return drawn_again(f"{content}</svg>", stack)


def drawn_again(text: str, stack: Stack) -> str:
    path = Path("drawing.svg")
    path.write_text(text, "utf-8")
    return normalized(path, PLACE, stack).decode()


@pytest.fixture
def sans(stacks: dict[str, Stack], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stack:
    catalogue = Path("node_modules").resolve()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "node_modules").symlink_to(catalogue)
    return stacks["sans"]


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="100" height="50"', ("75pt", "37.5pt")),
        ('width="100px" height="50px"', ("75pt", "37.5pt")),
        ('width="254mm" height="2.54cm"', ("720pt", "72pt")),
        ('width="100%" viewBox="0 0 40 20"', ("30pt", "15pt")),
        ('viewBox="0,0,40,20"', ("30pt", "15pt")),
    ],
)
def test_a_drawing_begins_with_its_size_in_points(
    sans: Stack, attributes: str, size: tuple[str, str]
) -> None:
    root = etree.fromstring(made_of("", sans, attributes).encode())
    assert (root.get("width"), root.get("height")) == size
    assert root.get("viewBox")


def test_words_become_outlines_at_their_place(sans: Stack) -> None:
    inside = '<g font-size="20" text-anchor="end"><text x="90" y="40" fill="red">II</text></g>'
    root = etree.fromstring(made_of(inside, sans).encode())
    assert not root.findall(f".//{{{SVG}}}text")
    (path,) = root.iter(f"{{{SVG}}}path")
    numbers = np.array(re.findall(r"-?\d+\.\d+", path.get("d")), float).reshape(-1, 2)
    # Two upright strokes that end before x = 90 and stand on y = 40, as high as capitals are.
    assert 86 < numbers[:, 0].max() < 90
    assert numbers[:, 1].max() == 40
    assert 24 < numbers[:, 1].min() < 27
    assert path.getparent().get("fill") == "red"


def test_words_keep_the_width_that_a_drawing_tells(sans: Stack) -> None:
    inside = '<text y="40" textLength="80" lengthAdjust="spacingAndGlyphs">HH</text>'
    numbers = re.findall(r"(-?\d+\.\d+) -?\d+\.\d+", made_of(inside, sans))
    assert 70 < max(map(float, numbers)) < 80


def test_style_sheets_are_written_at_their_elements(sans: Stack) -> None:
    inside = """<style>/* a */ *{stroke:none} .b rect, #c {fill: red} rect.d {fill: blue}</style>
    <g class="b"><rect/><rect class="d"/></g><rect id="c" style="fill: lime"/>"""
    root = etree.fromstring(made_of(inside, sans).encode())
    fills = [each.get("style") for each in root.iter(f"{{{SVG}}}rect")]
    assert fills == [
        "stroke: none; fill: red",
        "stroke: none; fill: blue",
        "stroke: none; fill: lime",
    ]


def test_what_only_editors_read_is_left_out(sans: Stack) -> None:
    inside = """<!-- who --><title>t</title><metadata><x xmlns="urn:y">who</x></metadata>
    <g xmlns:i="urn:inkscape" i:label="who"><a xlink:href="https://example.org/"><rect/></a></g>"""
    text = made_of(inside, sans)
    assert not re.search(r"who|title|metadata|urn:|example|<a\b", text)
    assert "<rect" in text


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        ("<script>alert()</script>", "an element &lt;script&gt;"),
        ("<foreignObject/>", "an element <foreignObject>"),
        ('<animate attributeName="x"/>', "an element <animate>"),
        ('<g onload="alert()"/>', "an attribute onload, which runs a script"),
        ('<image href="https://example.org/a.png"/>', "a link to 'https://example.org/a.png'"),
        ('<image xlink:href="a.png"/>', "a link to 'a.png'"),
        ('<use xlink:href="other.svg#a"/>', "a link to 'other.svg#a'"),
        ('<image xlink:href="data:image/svg+xml;base64,AA"/>', "a link to 'data:image/svg"),
        ('<g style="fill: url(https://example.org/)"/>', "which reaches out of it"),
        ("<style>@import 'x';</style>", "'@import' in its style sheet"),
        ("<style>@font-face { src: url(x) }</style>", "'@font-face' in its style sheet"),
        ("<style>a > b { fill: red }</style>", "the selector 'a > b'"),
        ('<g filter="url(#a)"/>', "filter: url(#a), which paper does not show"),
        ('<g style="mix-blend-mode: multiply"/>', "mix-blend-mode: multiply"),
        ('<text x="1 2 3">abc</text>', "words at '1 2 3'"),
        ('<text rotate="30">abc</text>', "letters that are turned one by one"),
        ('<text><textPath xlink:href="#a">x</textPath></text>', "an element <textPath>"),
        ("<text>\U00013000</text>", "U+13000"),
        ("<rect", "broken markup"),
    ],
)
def test_a_drawing_that_could_do_anything_else_is_refused(
    sans: Stack, inside: str, found: str
) -> None:
    with pytest.raises(UserError) as caught:
        made_of(inside, sans)
    assert found.replace("&lt;", "<").replace("&gt;", ">") in str(caught.value)
    assert "drawing.svg" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f'<svg xmlns="{SVG}"/>', "no size"),
        (f'<svg xmlns="{SVG}" width="0" height="5"/>', "no size"),
        ("<html/>", "a root <html>"),
        ('<svg width="1" height="1"/>', "a root <svg>"),
        (f'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="{SVG}" width="1" height="1"/>', "entities"),
    ],
)
def test_what_is_no_drawing_is_refused(sans: Stack, text: str, found: str) -> None:
    with pytest.raises(UserError, match=found):
        drawn_again(text, sans)


def test_a_pdf_becomes_a_drawing(sans: Stack) -> None:
    from matplotlib.figure import Figure  # noqa: PLC0415 - as heavy as the figures themselves

    figure = Figure(figsize=(3, 2))
    figure.subplots().plot([1, 2])
    figure.savefig("plot.pdf")
    root = etree.fromstring(normalized(Path("plot.pdf"), PLACE, sans))
    assert (root.get("width"), root.get("height")) == ("216pt", "144pt")
    assert len(list(root.iter(f"{{{SVG}}}path"))) > 10


def test_a_pdf_without_its_converter_or_of_several_pages_is_refused(
    sans: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pikepdf  # noqa: PLC0415

    for name, pages in (("one.pdf", 1), ("two.pdf", 2)):
        with pikepdf.new() as pdf:
            for _ in range(pages):
                pdf.add_blank_page()
            pdf.save(name)
    Path("none.pdf").write_text("nothing")
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save("locked.pdf", encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(UserError, match=r"locked\.pdf: no PDF that can be read"):
        check_picture(Path("locked.pdf"), None, PLACE)
    with pytest.raises(UserError, match=r"two\.pdf: 2 pages"):
        check_picture(Path("two.pdf"), 1, PLACE)
    with pytest.raises(UserError, match=r"none\.pdf: no PDF that can be read"):
        check_picture(Path("none.pdf"), 1, PLACE)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UserError, match=r"no pdftocairo on this machine.*\n.*\n.*poppler-utils"):
        normalized(Path("one.pdf"), PLACE, sans)


# --- HTML ---


def test_source_and_licence_stand_below_the_caption() -> None:
    picture = Picture(
        "pictures/a.png",
        PLACE,
        "fig-a",
        "A coast.",
        60,
        "Ada, https://example.org/a.",
        "CC BY-SA 4.0",
    )
    figure = html.fragment_fromstring(str(pictured(picture, None, WORDS)))
    assert (figure.get("id"), figure.get("class")) == ("fig-a", "picture")
    assert figure.find("picture").get("style") == "--width: 60%"
    (credit,) = figure.find_class("credit")
    assert credit.text_content() == "Source: Ada, https://example.org/a. Licence: CC BY-SA 4.0"
    assert credit.xpath("a/@href") == [
        "https://example.org/a",
        "https://creativecommons.org/licenses/by-sa/4.0/",
    ]


def test_a_decoration_has_neither_number_nor_caption() -> None:
    figure = str(pictured(Picture("pictures/a.png", PLACE), None, WORDS))
    assert figure == (
        '<figure class="picture"><picture><img src="../pictures/a.png" alt=""></picture></figure>\n'
    )


def test_panels_have_letters_and_places_of_their_own() -> None:
    start, end = paneled(Panels("fig-x", PLACE, 2, panels=("fig-x-a", "fig-own")), None)
    figure = html.fragment_fromstring(str(start + end))
    assert figure.get("data-panels") == "fig-x-a fig-own"
    assert figure.find("div").get("class") == "columns-2"
    panel = html.fragment_fromstring(
        str(pictured(Picture("a.png", PLACE, "fig-x-a", "a", letter="a"), None, WORDS))
    )
    assert (panel.tag, panel.get("id")) == ("div", "fig-x-a")
    assert panel.find_class("letter")[0].text == "(a)"


def test_phones_get_the_drawing_that_is_made_for_them() -> None:
    figure = html.fragment_fromstring(
        drawn("growth", completed({"narrow": True}), "en", "It grows.", Markup("Growth."))
    )
    phone = "screen and (max-width: 40rem)"
    dark = "(prefers-color-scheme: dark)"
    folder = "../figures/en/growth"
    assert [(each.get("media"), each.get("srcset")) for each in figure.iter("source")] == [
        (f"{phone} and {dark}", f"{folder}.narrow.dark.svg"),
        (phone, f"{folder}.narrow.light.svg"),
        (f"screen and {dark}", f"{folder}.dark.svg"),
    ]
    # One picture, so that its words are read out once.
    (image,) = figure.iter("img")
    assert (image.get("src"), image.get("alt")) == (f"{folder}.light.svg", "It grows.")
    assert figure.get("class") == "for-phones"


def test_a_picture_for_light_pages_alone_stands_on_white() -> None:
    entry = completed({"picture": "results/a.png", "panels": "ab", "width": "50%"})
    figure = html.fragment_fromstring(str(drawn("plot", entry, "en", "alt", "caption")))  # type: ignore[arg-type]
    assert figure.get("class") == "picture"
    assert figure.xpath(".//img/@src") == ["../figures/en/plot.light.png"]
    assert figure.xpath("span/@id") == ["fig-plot-a", "fig-plot-b"]
    assert not figure.xpath(".//source")
    themed = completed({"picture": "results/a.{theme}.svg"})
    assert themed["themes"] == ["light", "dark"]


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("CC-BY-NC-ND-3.0", "https://creativecommons.org/licenses/by-nc-nd/3.0/"),
        ("CC0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("https://example.org/licence", "https://example.org/licence"),
        ("public domain", None),
    ],
)
def test_a_licence_is_known_by_its_name(name: str, address: str | None) -> None:
    assert licence_address(name) == address


@pytest.mark.parametrize(("start", "kind"), [(b"\x89PNG\r\n", "PNG"), (b"%PDF-1.7\n", "PDF")])
def test_a_picture_of_another_kind_in_a_drawing_s_file_is_named(start: bytes, kind: str) -> None:
    with pytest.raises(UserError) as caught:
        open_svg(start + bytes(8), "results/months.svg")
    assert f"a {kind}, though its name ends in .svg" in str(caught.value)
    assert f"name it .{kind.lower()}, or write SVG" in str(caught.value)

"""A proofreader of printed pages: what a good printer would send back, read off the PDF by poppler.

Each check takes the lines or the rows of ink of the pages and returns its findings in words, so
that it can be tried on a made-up page with the fault, and then on the article.
"""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from lxml import html

from tests.project import ROOT

MARGINS = (0.075, 0.94)  # of the page's height: running heads and page numbers lie outside
NO_START = "，。；：、！？）》」』”’〉】…—·%％‰℃"
NO_END = "（《「『“‘〈【"
HAN = "\u4e00-\u9fff"
FAR = 3  # pages; where two tables of most of a page come first
COLUMN = (0.14, 0.2)  # of the width: where lines of text, indented or not, begin
OFTEN = 5  # lines that begin at the same place
# Of the width of a page, by the height of a line in that of a page: half an em on A4.
SQUEEZED = 0.75
SAME_LINE = 0.006  # of the page's height
OBJECT = "\ufffc"
GAP = 3.5  # mm between the content box and a running head
INK = 0xE0  # darker is ink


@dataclass(frozen=True)
class Line:
    """A line of text on a page, its place in shares of the page's width and height."""

    text: str
    left: float
    right: float
    top: float
    bottom: float


def read_lines(pdf: Path) -> list[list[Line]]:
    """Return the lines of each page between the margins, from top to bottom.

    Poppler takes a line apart where a formula stands, which is a picture; here it is one again,
    with an object character for each gap.
    """
    run = subprocess.run(
        ["pdftotext", "-bbox-layout", str(pdf), "-"], capture_output=True, check=True
    )
    root = html.fromstring(run.stdout.decode())
    pages = [[_as_line(page, line) for line in page.iter("line")] for page in root.iter("page")]
    return [
        [line for line in _whole(page) if MARGINS[0] < line.top and line.bottom < MARGINS[1]]
        for page in pages
    ]


def _whole(parts: Sequence[Line]) -> Iterator[Line]:
    rows: list[list[Line]] = []
    for part in sorted(parts, key=lambda line: line.bottom):
        if rows and part.bottom - rows[-1][0].bottom < SAME_LINE:
            rows[-1].append(part)
        else:
            rows.append([part])
    for row in rows:
        row.sort(key=lambda line: line.left)
        beside = row[:1]  # without exponents, which poppler sets apart from the line around them
        text = beside[0].text
        for part in row[1:]:
            gap = part.left - beside[-1].right
            # Full-width marks that meet are squeezed: the box of the second begins in the first's.
            if gap > -SQUEEZED * (part.bottom - part.top):
                text += (OBJECT if gap > 0 else "") + part.text
                beside.append(part)
        yield Line(text, beside[0].left, beside[-1].right, beside[0].top, beside[0].bottom)


def _as_line(page: html.HtmlElement, element: html.HtmlElement) -> Line:
    width, height = float(page.get("width")), float(page.get("height"))
    words = " ".join(word.text or "" for word in element.iter("word"))
    left, right = (float(element.get(key)) / width for key in ("xmin", "xmax"))
    top, bottom = (float(element.get(key)) / height for key in ("ymin", "ymax"))
    return Line(words, left, right, top, bottom)


def read_ink(pdf: Path, resolution: int = 20) -> list[float]:
    """Return for each page where its last ink above the lower margin ends, as a share of it."""
    run = subprocess.run(
        ["pdftoppm", "-gray", "-r", str(resolution), str(pdf)], capture_output=True, check=True
    )
    return [_last_ink(*page) for page in _pictures(run.stdout)]


def _pictures(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield width, height and bytes of the pictures in a stream of the PGM format."""
    while data:
        head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+\d+\s", data)
        assert head is not None
        width, height = int(head[1]), int(head[2])
        yield width, height, data[head.end() : head.end() + width * height]
        data = data[head.end() + width * height :]


@dataclass(frozen=True)
class Margins:
    """The margins of a page in millimetres; running heads and page numbers stand in them."""

    top: float
    side: float
    bottom: float

    @classmethod
    def read(cls, name: str) -> Margins:
        """Read those of a named page (or of all others) from the style sheet."""
        sheet = (ROOT / "juchi" / "theme" / "style" / "print.css").read_text("utf-8")
        rule = re.search(rf"@page {name} ?\{{.*?margin: (\S+)mm (\S+)mm (\S+)mm;", sheet, re.DOTALL)
        assert rule is not None
        return cls(*map(float, rule.groups()))

    def larger(self, by: float) -> Margins:
        """Return margins that are larger on all sides."""
        return Margins(self.top + by, self.side + by, self.bottom + by)


def ink_outside(pdf: Path, margins: Sequence[Margins], resolution: int = 60) -> list[str]:
    """Find pages of A4 with ink beside the content box, or right above or below it."""
    run = subprocess.run(
        ["pdftoppm", "-gray", "-r", str(resolution), str(pdf)], capture_output=True, check=True
    )
    found = []
    pixels = resolution / 25.4
    pictures = list(_pictures(run.stdout))
    for number, (margin, picture) in enumerate(zip(margins, pictures, strict=True), start=1):
        width, height, data = picture
        top, bottom = margin.top * pixels, height - margin.bottom * pixels
        left, right = margin.side * pixels, width - margin.side * pixels
        for row in range(height):
            line = data[row * width : (row + 1) * width]
            beside = line[: int(left) - 1] + line[int(right) + 2 :]
            near = top - GAP * pixels < row < top - 2 or bottom + 2 < row < bottom + GAP * pixels
            if min(line if near else beside) < INK:
                found.append(f"page {number}: ink {row / pixels:.0f} mm from the top")
                break
    return found


def _last_ink(width: int, height: int, picture: bytes) -> float:
    rows = range(int(MARGINS[0] * height), int(MARGINS[1] * height))
    inked = [row for row in rows if min(picture[row * width : (row + 1) * width]) < INK]
    return max(inked, default=rows.start) / height


def of_text(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Return the lines of running text: not those of tables, nor those that a formula begins."""
    starts = Counter(round(line.left, 3) for lines in pages for line in lines)
    return [
        [
            line
            for line in lines
            if COLUMN[0] < line.left < COLUMN[1] and starts[round(line.left, 3)] >= OFTEN
        ]
        for lines in pages
    ]


def holes(ends: Sequence[float], most: float) -> list[str]:
    """Find pages, but the first and the last, that are blank at the foot for more than `most`."""
    room = MARGINS[1] - MARGINS[0]
    blanks = [(MARGINS[1] - end) / room for end in ends]
    return [
        f"page {number}: {blank:.0%} blank"
        for number, blank in enumerate(blanks[1:-1], start=2)
        if blank > most
    ]


def orphaned_headings(pages: Sequence[Sequence[Line]], titles: Sequence[str]) -> list[str]:
    """Find headings that are the last text on their page."""
    names = {_bare(title) for title in titles}
    lasts = [max(lines, key=lambda line: line.bottom, default=None) for lines in pages]
    return [
        f"page {number}: {last.text}"
        for number, last in enumerate(lasts, start=1)
        if last and re.sub(r"^[\d.]+", "", _bare(last.text)) in names
    ]


def wrong_edges(pages: Sequence[Sequence[Line]]) -> list[str]:
    """Find lines that begin with a mark that closes, or end with one that opens."""
    return [
        f"page {number}: {line.text}"
        for number, lines in enumerate(pages, start=1)
        for line in lines
        if re.search(f"[{HAN}]", line.text)
        and (line.text[0] in NO_START or line.text[-1] in NO_END)
    ]


def parted_numbers(pages: Sequence[Sequence[Line]]) -> list[str]:
    """Find numbers at the end of a line whose measure word, or whose bracket, begins the next."""
    found = []
    for number, lines in enumerate(pages, start=1):
        for line, after in pairwise(lines):
            same = -0.003 < line.left - after.left < 0.04  # one paragraph, its first line indented
            counted = re.search(r"(?<![图表式节录][ \u00a0])(?<!\d)\d+$", line.text)
            counted = counted and re.match(f"[{HAN}]", after.text)
            bracket = re.search(r"\[[-−\d.%]+,$", line.text) and "]" in after.text[:8]
            if same and (counted or bracket):
                found.append(f"page {number}: {line.text} / {after.text}")
    return found


def far_figures(pages: Sequence[Sequence[Line]], captions: Mapping[str, str]) -> list[str]:
    """Find figures and tables more than `FAR` pages from every mention; captions by their label."""
    found = []
    for label, caption in captions.items():
        at = [n for n, page in enumerate(pages, 1) if _mentions(page, f"{label}{caption[:9]}")]
        mentions = [n for n, page in enumerate(pages, 1) if _mentions(page, label, caption[:9])]
        if not any(abs(page - at[0]) <= FAR for page in mentions):
            found.append(f"{label} is on page {at[0]}, mentioned on {mentions}")
    return found


def strayed_figures(
    pages: Sequence[Sequence[Line]], sections: Mapping[str, Sequence[str]]
) -> list[str]:
    """Find figures and tables that stand behind another section's heading than their own.

    `sections` has the beginnings of captions, with their labels, by the titles of sections.
    """
    homes = {_bare(caption): title for title, captions in sections.items() for caption in captions}
    begun, found = "", []
    for lines in pages:
        for line in lines:
            text = _bare(line.text)
            titles = [
                each for each in sections if re.fullmatch(rf"\w*{re.escape(_bare(each))}", text)
            ]
            begun = titles[0] if titles else begun
            captions = [each for each in homes if text.startswith(each)]
            found += [
                f"{caption} is in the section {begun!r}"
                for caption in captions
                if homes.pop(caption) != begun
            ]
    return found + [f"{caption} is not found" for caption in homes]


def _mentions(page: Sequence[Line], words: str, unless: str = "") -> bool:
    """Tell whether a page has the words, spaces apart, and no more digits or what `unless` says."""
    end = rf"(?!\d|{re.escape(_bare(unless))})" if unless else ""
    text = _bare("".join(line.text for line in page))
    return re.search(re.escape(_bare(words)) + end, text) is not None


def _bare(text: str) -> str:
    return re.sub(r"\s", "", text)

"""Reading in a real Chromium: what follows, opens, is copied, printed, and how much it weighs."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pikepdf
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.project import Project
from tests.serving import until

WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
# Bytes as hosts send them, with text compressed. Without that they were 450 kB at most before the
# article had a picture above its first line.
FIRST_VIEW = 300_000
FAMILIES = ("STIXTwo", "NotoSerifSC", "NotoSansSC", "Inter", "JetBrainsMono")
WEIGHTS = """
Object.fromEntries(
  ["navigation", "resource"]
    .flatMap((kind) => performance.getEntriesByType(kind))
    .map((entry) => [entry.name, entry.encodedBodySize])
)
"""
# What has moved on a page. It waits for its fonts however slow the machine is, not two seconds.
SHIFTS = """
const soon = window.setTimeout;
window.setTimeout = (action, delay, ...rest) => delay < 2000 && soon(action, delay, ...rest);
window.shifts = [];
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) shifts.push(entry.value);
}).observe({ type: "layout-shift", buffered: true });
"""


@contextmanager
def reader(chromium: Browser, **options: Any) -> Iterator[Page]:
    """Give a page of a browser without memory."""
    context = chromium.new_context(**{"viewport": WIDE, **options})
    try:
        yield context.new_page()
    finally:
        context.close()


def jump(page: Page, place: str) -> None:
    """Go to the element of that id, as a link does, and let the page follow."""
    page.evaluate(f"location.hash = {place!r}")
    page.wait_for_load_state("networkidle")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def top(page: Page, place: str) -> float:
    box = page.locator(f"[id='{place}']").bounding_box()
    assert box is not None
    return box["y"]


# --- weight and rest ---


def sent(site: Path, address: str) -> int:
    """Return how many bytes of a file go out: text is compressed on its way."""
    content = (site / urlsplit(address).path.lstrip("/")).read_bytes()
    text = address.endswith((".html", ".css", ".js", ".svg", ".json"))
    return len(gzip.compress(content)) if text else len(content)


@pytest.mark.parametrize("viewport", [pytest.param(WIDE, marks=pytest.mark.nightly), PHONE])
def test_the_first_view_is_light_and_nothing_moves(
    chromium: Browser,
    built: Project,
    address: str,
    language: str,
    viewport: dict[str, int],
) -> None:
    with reader(chromium, viewport=viewport) as page:
        page.add_init_script(SHIFTS)
        page.goto(f"{address}/{language}/index.html", wait_until="networkidle")
        until(page, "document.fonts.status === 'loaded'")
        page.wait_for_timeout(500)
        weights: dict[str, int] = page.evaluate(WEIGHTS)
        assert any(name.endswith(".woff2") for name in weights)
        assert weights[page.url] > 100_000
        site = built.folder / "build" / "site"
        found = {name: sent(site, name) for name in weights if name.startswith(address)}
        assert found.keys() == weights.keys()
        assert sum(found.values()) < FIRST_VIEW, found
        page.mouse.move(100, 300)
        height = page.evaluate("document.documentElement.scrollHeight")
        for _ in range(0, height, 900):
            page.mouse.wheel(0, 900)
            page.wait_for_timeout(30)
        page.wait_for_load_state("networkidle")
        until(page, "scrollY > 5000")
        assert sum(page.evaluate("shifts")) < 0.01


def _late(route: Route) -> None:
    time.sleep(0.1)
    route.continue_()


def test_nothing_moves_when_fonts_come_late(chromium: Browser, address: str, language: str) -> None:
    with reader(chromium) as page:
        page.route("**/*-early.woff2", _late)
        page.add_init_script(SHIFTS)
        page.goto(f"{address}/{language}/index.html", wait_until="networkidle")
        expect(page.locator("html.waiting")).to_have_count(0)
        assert sum(page.evaluate("shifts")) == 0


def test_a_link_into_the_page_arrives_where_it_points(
    chromium: Browser, address: str, language: str
) -> None:
    with reader(chromium, viewport=PHONE) as page:
        page.goto(f"{address}/{language}/index.html#sec-verdicts", wait_until="networkidle")
        page.evaluate("document.fonts.ready")
        until(
            page,
            "Math.abs(document.getElementById('sec-verdicts').getBoundingClientRect().top) < 120",
        )


# --- contents and languages ---


def test_the_contents_follow_the_reader(chromium: Browser, address: str, language: str) -> None:
    with reader(chromium) as page:
        page.goto(f"{address}/{language}/index.html")
        marked = page.locator(".contents [aria-current]")
        assert marked.count() == 0
        jump(
            page, "sec-bifurcation" if page.locator("#sec-bifurcation").count() else "sec-dynamics"
        )
        section = page.locator(".contents > ol > li > a[aria-current]")
        assert section.get_attribute("href") == "#sec-dynamics"
        assert page.locator(".contents > ol > li > a[aria-current] + ol").is_visible()
        beside = page.locator(".contents").bounding_box()
        text = page.locator("#sec-dynamics").bounding_box()
        assert beside is not None
        assert text is not None
        assert beside["x"] + beside["width"] < text["x"]
        assert 0 <= beside["y"] < 100
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        until(page, "document.querySelector('.contents [aria-current]').hash === '#cite'")


def test_on_a_phone_the_bar_has_the_contents(
    chromium: Browser, address: str, language: str
) -> None:
    with reader(chromium, viewport=PHONE, has_touch=True) as page:
        page.goto(f"{address}/{language}/index.html")
        jump(page, "sec-cures")
        title = page.locator("details.bar-contents summary")
        heading = page.locator(".contents a[href='#sec-cures'] .entry").inner_text()
        assert title.inner_text() == heading
        assert top(page, "sec-cures") > title.bounding_box()["height"]  # type: ignore[index]
        title.tap()
        page.keyboard.press("Escape")
        assert page.locator("details.bar-contents[open]").count() == 0
        title.tap()
        page.locator("details.bar-contents a[href='#sec-mean']").tap()
        assert page.locator("details.bar-contents[open]").count() == 0
        assert 0 < top(page, "sec-mean") < 150


def test_the_other_language_opens_at_the_same_place(chromium: Browser, address: str) -> None:
    with reader(chromium) as page:
        page.goto(f"{address}/en/index.html?from=a-list")
        twin = page.locator(".bar-links a[hreflang='zh-Hans']")
        twin.hover()
        assert twin.get_attribute("href") == "../zh/index.html?from=a-list"
        for place in ("sec-cures", "fig-bifurcation", "tab-outcomes"):
            jump(page, place)
            expect(twin).to_have_attribute("href", f"../zh/index.html?from=a-list#{place}")
        # By the mouse, as readers do: `click` would scroll first, since the bar is in the padding.
        box = twin.bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.wait_for_url(f"{address}/zh/index.html?from=a-list#tab-outcomes")
        until(
            page,
            "Math.abs(document.getElementById('tab-outcomes').getBoundingClientRect().top) < 120",
        )


# --- figures, tables, copying ---


@pytest.mark.parametrize("viewport", [WIDE, PHONE])
def test_a_figure_opens_large_and_closes_where_it_was(
    chromium: Browser, address: str, viewport: dict[str, int]
) -> None:
    with reader(chromium, viewport=viewport, color_scheme="dark") as page:
        page.goto(f"{address}/en/index.html")
        link = page.locator("#fig-sawtooth a.enlarge")
        link.focus()
        page.keyboard.press("Enter")
        dialog = page.locator("dialog.large")
        shown = dialog.locator("img")
        assert page.url.endswith("/en/index.html")
        assert (
            dialog.get_attribute("aria-label") == page.locator("#fig-sawtooth .label").inner_text()
        )
        form = "sawtooth.narrow" if viewport == PHONE else "sawtooth"
        assert shown.evaluate("(image) => image.currentSrc").endswith(f"/{form}.dark.svg")
        assert shown.get_attribute("alt") == link.locator("img").get_attribute("alt")
        # As large as it is once it has come.
        until(page, "document.querySelector('dialog.large img').complete")
        before = shown.bounding_box()
        assert before is not None
        assert before["width"] >= 600
        page.keyboard.press("+")
        after = shown.bounding_box()
        assert after is not None
        assert after["width"] > 1.3 * before["width"]
        page.keyboard.press("Escape")
        assert not dialog.is_visible()
        assert page.evaluate("document.activeElement.className") == "enlarge"


def test_wide_tables_scroll_inside_themselves(chromium: Browser, address: str) -> None:
    with reader(chromium, viewport=PHONE) as page:
        page.goto(f"{address}/en/index.html")
        jump(page, "tab-outcomes")
        frame = page.locator("#tab-outcomes .scroll")
        frame.evaluate("(element) => element.scrollTo(1000, 0)")
        assert frame.evaluate("(element) => element.scrollLeft") > 100
        name = page.locator("#tab-outcomes tbody th").first.bounding_box()
        assert name is not None
        assert name["x"] == pytest.approx(frame.bounding_box()["x"], abs=1)  # type: ignore[index]
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


# Notes that something was said, for a moment: a slow machine would ask too late.
SAID = """() => new MutationObserver(() => {
  window.said ||= document.querySelector("[role=status].said")?.textContent;
}).observe(document.body, { childList: true, subtree: true, characterData: true })"""


def test_code_latex_and_links_are_copied(chromium: Browser, address: str, language: str) -> None:
    allowed = ["clipboard-read", "clipboard-write"]
    with reader(chromium, permissions=allowed) as page:
        page.goto(f"{address}/{language}/index.html", wait_until="networkidle")
        clipboard = "navigator.clipboard.readText()"
        code = page.locator(".code").first
        page.evaluate(SAID)
        code.locator("button").click()
        until(page, "window.said")
        assert page.evaluate(clipboard) == code.locator("pre").inner_text().strip() + "\n"
        equation = page.locator(".equation").first
        equation.locator("button").click()
        tex = equation.locator("math").get_attribute("data-tex")
        until(page, f"{clipboard}.then((text) => text === {tex!r})")
        page.locator("#fig-sawtooth a.label").click()
        until(page, f"{clipboard}.then((text) => text === location.href)")
        assert page.url.endswith("#fig-sawtooth")


def test_every_citation_is_copied_as_its_file_has_it(
    chromium: Browser, address: str, built: Project, language: str
) -> None:
    with reader(chromium, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(f"{address}/{language}/index.html", wait_until="networkidle")
        for details in page.locator(".cite details").all():
            details.locator("summary").press("Enter")
        folder = built.folder / "build" / "site" / language / "cite"
        for ending, button in zip(
            ("txt", "bib", "ris", "csl.json"), page.locator(".cite button.copy").all(), strict=True
        ):
            button.click()
            text = (folder / f"juchi.{language}.{ending}").read_text("utf-8").strip()
            until(
                page,
                "(text) => navigator.clipboard.readText().then((copied) => copied === text)",
                text,
            )


def test_formulas_in_a_copied_passage_are_latex(chromium: Browser, address: str) -> None:
    with reader(chromium, permissions=["clipboard-read", "clipboard-write"]) as page:
        page.goto(f"{address}/en/index.html")
        paragraph = page.locator("main p:has(math)").first
        paragraph.evaluate("(element) => getSelection().selectAllChildren(element)")
        page.keyboard.press("Control+c")
        text = page.evaluate("navigator.clipboard.readText()")
        for tex in paragraph.evaluate(
            "(p) => [...p.querySelectorAll('math')].map(m => m.dataset.tex)"
        ):
            assert f"${tex}$" in text


def test_a_claim_and_its_verdict_lead_to_each_other(chromium: Browser, address: str) -> None:
    with reader(chromium) as page:
        page.goto(f"{address}/en/index.html")
        mark = page.locator("main .claim[id] .evaluation").first
        row = str(mark.get_attribute("href"))
        mark.click()
        assert page.url.endswith(row)
        back = page.locator(f"{row} a[href^='#said-']")
        target = str(back.get_attribute("href"))
        back.click()
        assert page.url.endswith(target)
        assert 0 < top(page, target[1:]) < 300


# --- without scripts, and on paper ---


@pytest.mark.parametrize("viewport", [pytest.param(WIDE, marks=pytest.mark.nightly), PHONE])
def test_the_page_is_whole_without_scripts(
    chromium: Browser, address: str, language: str, viewport: dict[str, int]
) -> None:
    with reader(chromium, viewport=viewport, java_script_enabled=False) as page:
        page.goto(f"{address}/{language}/index.html", wait_until="networkidle")
        assert page.locator("main section").last.is_visible()
        assert page.locator("button:visible, dialog:visible").count() == 0
        page.locator(".contents a[href='#sec-mean']").click()
        assert 0 < top(page, "sec-mean") < 150
        drawing = page.locator("#fig-sawtooth a.enlarge")
        drawing.click()
        assert page.url.endswith("/sawtooth.light.svg")


def test_a_browser_prints_the_page_as_a_document(
    chromium: Browser, address: str, language: str, tmp_path: Path
) -> None:
    with reader(chromium, color_scheme="dark") as page:
        page.goto(f"{address}/{language}/index.html", wait_until="networkidle")
        page.keyboard.press("Control")
        loaded = "[...document.fonts].every((font) => font.status === 'loaded')"
        until(page, f"document.querySelector('link.late').media === 'all' && {loaded}")
        page.emulate_media(media="print", color_scheme="light")
        for hidden in (".bar", ".evaluation", ".copy", ".said", "dialog"):
            assert page.locator(f"{hidden}:visible").count() == 0, hidden
        assert page.locator(".footnote").first.is_visible()
        assert page.evaluate("document.images[0].currentSrc").endswith(".light.svg")
        path = tmp_path / "page.pdf"
        page.pdf(path=path, format="A4", prefer_css_page_size=True)
    with pikepdf.open(path) as printed:
        assert 10 < len(printed.pages) < 60
        fonts = {
            str(font.BaseFont).partition("+")[2]
            for sheet in printed.pages
            for font in sheet.Resources.get("/Font", {}).values()
        }
    assert any("STIXTwoMath" in name for name in fonts)
    assert all(name.startswith(FAMILIES) for name in fonts), fonts

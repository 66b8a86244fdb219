"""The built pages in a real Chromium: wide and narrow, light and dark, every language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import Browser, Error, Page

from juchi.prose.policy import PAGE_POLICY
from tests.declared import ROOT
from tests.project import Project
from tests.serving import opened, until

LANGUAGES = ["en", "zh"]
WIDTHS = [1280, 360]
TEXTS = [
    *("h1", "h2", "h3", "main p", "li", "th", "td", "figcaption", "pre", "code", "b", "em", "dt"),
    *(".byline", ".bar", ".footnote", ".label", "figcaption .label", ".cite-formats", ".colophon"),
]


def read_on(page: Page) -> None:
    """Move as a reader does, and wait for what comes then."""
    page.mouse.move(200, 300)
    page.mouse.wheel(0, 300)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", [pytest.param("light", marks=pytest.mark.nightly), "dark"])
def test_page_is_whole(
    chromium: Browser, address: str, language: str, width: int, scheme: str
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    try:
        assert opened(page, f"{address}/{language}/index.html") == []
        page.evaluate("document.fonts.ready")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.evaluate("for (const image of document.images) image.loading = 'eager'")
        until(page, "[...document.images].every((image) => image.complete)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        broken = "[...document.images].filter(i => !i.complete || !i.naturalWidth).map(i => i.src)"
        assert page.evaluate(broken) == []
        assert page.evaluate("[...document.images].filter(i => !i.alt).length") == 0
        sources = page.evaluate("[...document.images].map(i => i.currentSrc)")
        assert all(f".{scheme}.svg" in source for source in sources)
    finally:
        page.close()


@pytest.mark.parametrize("long", [1, 12])
def test_equations_begin_at_the_edge_of_the_text_on_a_phone(chromium: Browser, long: int) -> None:
    style = "".join(
        (ROOT / f"juchi/theme/style/{name}.css").read_text("utf-8")
        for name in ("article", "screen", "mathematics")
    )
    terms = "<mi>a</mi><mo>+</mo><mi>bcdefg</mi><mo>=</mo>" * long
    page = chromium.new_page(viewport={"width": 390, "height": 800})
    try:
        page.set_content(
            f"<!doctype html><style>{style}</style><main><p>Text</p><div class='equation'>"
            f"<span class='display'><math display='block'>{terms}</math></span>"
            "<span class='label'>(1)</span></div></main>"
        )
        left = "document.querySelector('{}').getBoundingClientRect().left"
        begin = page.evaluate(left.format("p"))
        assert page.evaluate(left.format(".display")) >= begin
        assert page.evaluate(left.format("math mi")) >= begin
        shown = "((e) => e.scrollWidth - e.clientWidth)(document.querySelector('.display'))"
        assert (page.evaluate(shown) > 0) == (long > 1)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    finally:
        page.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_formulas_are_mathml_without_scripts(
    chromium: Browser, address: str, language: str
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(f"{address}/{language}/index.html")
        widths = page.locator("math").evaluate_all(
            "(formulas) => formulas.map((each) => each.getBoundingClientRect().width)"
        )
        assert len(widths) >= 20
        assert [index for index, width in enumerate(widths) if width <= 3] == []
    finally:
        context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_is_set_in_the_fonts_of_the_site(
    chromium: Browser, address: str, language: str
) -> None:
    page = chromium.new_page()
    try:
        page.goto(f"{address}/{language}/index.html", wait_until="networkidle")
        read_on(page)
        session = page.context.new_cdp_session(page)
        session.send("DOM.enable")
        session.send("CSS.enable")
        root = session.send("DOM.getDocument")["root"]["nodeId"]
        foreign = set()
        seen: dict[str, set[str]] = {}
        for selector in TEXTS:
            nodes = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": selector})
            for node in nodes["nodeIds"]:
                fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
                foreign |= {
                    (selector, font["familyName"]) for font in fonts if not font["isCustomFont"]
                }
                seen[selector] = seen.get(selector, set()) | {
                    font["postScriptName"] for font in fonts
                }
        assert foreign == set()
        # In the face of their weight, none thickened by the browser.
        for selector in ("h1", "figcaption .label"):
            assert all(name.endswith("SemiBold") for name in seen[selector]), seen[selector]
    finally:
        page.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_notes_are_called_and_shown(chromium: Browser, address: str, language: str) -> None:
    page = chromium.new_page(viewport={"width": 1280, "height": 800})
    try:
        page.goto(f"{address}/{language}/index.html", wait_until="networkidle")
        column = page.locator("main section > p").first.bounding_box()
        note = page.locator(".footnote").first.bounding_box()
        assert column is not None
        assert note is not None
        assert note["x"] > column["x"] + column["width"]  # beside the text
        assert page.locator(".note-call").count() == page.locator(".footnote").count()
    finally:
        page.close()


@pytest.mark.parametrize(
    ("preferred", "expected"), [("zh-CN", "/zh/"), ("en-US", "/en/"), ("sw-KE", "/index.html")]
)
def test_chooser_follows_the_browser(
    chromium: Browser, address: str, preferred: str, expected: str
) -> None:
    context = chromium.new_context(locale=preferred)
    try:
        page = context.new_page()
        page.goto(f"{address}/index.html", wait_until="networkidle")
        assert expected in page.url
    finally:
        context.close()


def test_chooser_works_without_scripts(chromium: Browser, address: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(f"{address}/index.html")
        assert page.locator("a.edition").count() == len(LANGUAGES)
        page.locator("a.edition[hreflang='zh-Hans']").click()
        assert page.url.endswith("/zh/index.html")
    finally:
        context.close()


def test_both_languages_link_to_each_other(built: Project) -> None:
    site = built.folder / "build" / "site"
    for language, other in (("en", "zh"), ("zh", "en")):
        text = (site / language / "index.html").read_text("utf-8")
        assert f'href="../{other}/index.html"' in text
        assert Path(site / language / f"juchi.{language}.pdf").exists()


def test_every_page_states_what_it_may_run(built: Project) -> None:
    """Where no server says it: the policy stands before anything that it is about."""
    pages = sorted((built.folder / "build" / "site").rglob("*.html"))
    assert len(pages) == 1 + 2 * len(LANGUAGES)
    assert not re.search(r"script-src[^;]*unsafe", PAGE_POLICY)
    for path in pages:
        head = html.fromstring(path.read_bytes()).find("head")
        assert head[1].get("http-equiv") == "Content-Security-Policy"
        assert head[1].get("content") == PAGE_POLICY
        for script in head.getroottree().iter("script"):
            data = script.get("type") in ("application/json", "application/ld+json")
            assert data == (script.get("src") is None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_opened_as_a_file_runs_its_own_scripts_and_no_other(
    chromium: Browser, built: Project, language: str
) -> None:
    page = chromium.new_page()
    try:
        faults: list[str] = []
        page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
        site = built.folder / "build" / "site"
        page.goto((site / language / "index.html").as_uri())
        until(page, "document.querySelector('.explorer input') !== null")
        assert faults == []
        with pytest.raises(Error, match="Content Security Policy"):
            page.add_script_tag(content="document.title = 'taken over'")
        assert page.title() != "taken over"
    finally:
        page.close()

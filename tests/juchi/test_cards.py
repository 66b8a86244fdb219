"""A card beside a link shows what it leads to: to a pointer and the keyboard, not to a finger."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Browser, FloatRect, Locator, Page, Route, expect

from tests.serving import opened, until

# Longer than a card takes to open or to close, in milliseconds.
LONG = 900
NIGHTLY = pytest.mark.nightly
WIDTHS = [1280, 390]
# Of each kind of link: what leads to it, and what of it the card has to show.
KINDS = {
    "work": ("main p a[href^='#ref-']", "a[href]"),
    "figure": ("main p a[href^='#fig-']", "picture img"),
    "table": ("main p a[href^='#tab-']", "table tbody td"),
    "equation": ("main p a[href^='#eq-']", "math[display=block]"),
    "number": ("main p a[href^='provenance.html']", "dl dd"),
}
# Puts a mark on a link that is far from what it leads to.
FAR = """(selector) => {
  const top = (each) => each.getBoundingClientRect().top;
  const far = [...document.querySelectorAll(selector)].find(
    (link) => !link.hash || !link.getAttribute("href").startsWith("#")
      || Math.abs(top(link) - top(document.getElementById(link.hash.slice(1)))) > 3000
  );
  far.dataset.tried = "";
}"""
# Of each number its address, its value, its interval and the size of its sample.
ENTRIES = """async () => {
  const text = await (await fetch("provenance.html")).text();
  const entries = new DOMParser().parseFromString(text, "text/html");
  return [...entries.querySelectorAll(".facts tbody tr")].map(
    (row) => [row.id, ...[1, 2, 3].map((column) => row.cells[column].textContent)]
  );
}"""
DOUBLE = """() => {
  const ids = [...document.querySelectorAll("[id]")].map((each) => each.id);
  return ids.filter((id, at) => ids.indexOf(id) !== at);
}"""


@contextmanager
def reading(chromium: Browser, address: str, **options: Any) -> Iterator[Page]:
    """Give an open page in which all fonts have come."""
    context = chromium.new_context(**options)
    try:
        page = context.new_page()
        page.goto(address, wait_until="networkidle")
        page.mouse.move(3, 3)
        page.keyboard.press("Shift")
        until(page, "[...document.fonts].every((font) => font.status === 'loaded')")
        yield page
    finally:
        context.close()


@pytest.fixture(scope="module")
def kept(chromium: Browser, address: str) -> Iterator[Callable[[str, int], Page]]:
    """Give what returns to the page of a language and a width, which takes seconds to open."""
    with ExitStack() as open_pages:

        @cache
        def opened(language: str, width: int) -> Page:
            viewport = {"width": width, "height": 800}
            place = f"{address}/{language}/index.html"
            return open_pages.enter_context(reading(chromium, place, viewport=viewport))

        yield opened


def leave_links(page: Page) -> None:
    """Take the pointer off the link that was tried, and the mark off the link."""
    page.mouse.move(3, 3)
    expect(page.locator(".card")).to_have_count(0)
    page.evaluate("delete document.querySelector('[data-tried]')?.dataset.tried")


def link_to(page: Page, kind: str) -> Locator:
    """Return a link whose card would show something out of sight, in the middle of the window."""
    page.evaluate(FAR, KINDS[kind][0])
    link = page.locator("[data-tried]")
    link.evaluate("(link) => link.scrollIntoView({ block: 'center' })")
    return link


def box_of(place: Locator) -> FloatRect:
    box = place.bounding_box()
    assert box is not None
    return box


def card_of(page: Page) -> Locator:
    return page.locator(".card:popover-open")


def assert_wholly_seen_beside(card: Locator, link: Locator, width: int) -> None:
    box, beside = box_of(card), box_of(link)
    assert box["x"] >= 0
    assert box["y"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] + box["height"] <= 800
    above = box["y"] + box["height"] <= beside["y"]
    assert above or box["y"] >= beside["y"] + beside["height"]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_pointer_that_rests_on_a_link_sees_what_it_leads_to(
    kept: Callable[[str, int], Page], language: str, width: int, kind: str
) -> None:
    page = kept(language, width)
    leave_links(page)
    link = link_to(page, kind)
    before = page.evaluate("document.documentElement.scrollHeight")
    link.hover()
    card = card_of(page)
    expect(card.locator(KINDS[kind][1]).first).to_be_visible()
    assert_wholly_seen_beside(card, link, width)
    assert page.evaluate(DOUBLE) == []
    # A picture that has come meanwhile may round the height of the page to the other side.
    after = page.evaluate("document.documentElement.scrollHeight")
    assert after == pytest.approx(before, abs=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.activeElement === document.body")
    assert card.locator(".note-call, .evaluation, .copy, a.enlarge").count() == 0
    if kind == "figure":
        image = card.locator("img")
        until(page, "document.querySelector('.card img').naturalWidth > 0")
        assert box_of(image)["width"] > 250
        assert card.locator("figcaption").inner_text()


@pytest.mark.parametrize("place", ["start", "end"])
def test_a_card_is_not_cut_at_the_edges(chromium: Browser, address: str, place: str) -> None:
    with reading(
        chromium, f"{address}/en/index.html", viewport={"width": 390, "height": 800}
    ) as page:
        link = link_to(page, "figure")
        link.evaluate("(link, place) => link.scrollIntoView({ block: place })", place)
        link.hover()
        expect(card_of(page)).to_be_visible()
        assert_wholly_seen_beside(card_of(page), link, 390)


def test_a_card_of_a_work_has_the_words_of_the_list(chromium: Browser, address: str) -> None:
    with reading(chromium, f"{address}/en/index.html") as page:
        link = link_to(page, "work")
        entry = page.locator(f"[id='{link.get_attribute('href')[1:]}']")  # type: ignore[index]
        link.hover()
        expect(card_of(page)).to_have_text(entry.text_content() or "")
        assert card_of(page).locator("div").get_attribute("lang") == entry.get_attribute("lang")


def test_a_card_of_a_number_has_its_interval_and_its_sample(
    chromium: Browser, address: str
) -> None:
    with reading(chromium, f"{address}/en/index.html") as page:
        told = {id_: cells for id_, *cells in page.evaluate(ENTRIES) if all(cells)}
        link = next(
            each
            for each in page.locator("main p a[href^='provenance.html#fact-']").all()
            if (each.get_attribute("href") or "").partition("#")[2] in told
        )
        link.hover()
        card = card_of(page)
        expect(card).to_be_visible()
        shown = card.inner_text()
        for value in told[(link.get_attribute("href") or "").partition("#")[2]]:
            assert value in shown


def test_a_card_stays_while_the_pointer_is_in_it_and_goes_behind_it(
    chromium: Browser, address: str
) -> None:
    with reading(chromium, f"{address}/en/index.html") as page:
        link_to(page, "work").hover()
        card = card_of(page)
        expect(card).to_be_visible()
        box = box_of(card)
        page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2, steps=8)
        page.wait_for_timeout(LONG)
        assert card.is_visible()
        page.mouse.move(3, 3)
        expect(card).to_have_count(0)
        assert page.locator("#card").count() == 0


def test_escape_closes_a_card_and_it_stays_closed(chromium: Browser, address: str) -> None:
    with reading(chromium, f"{address}/en/index.html") as page:
        link = link_to(page, "work")
        link.hover()
        expect(card_of(page)).to_be_visible()
        page.keyboard.press("Escape")
        expect(card_of(page)).to_have_count(0)
        box = box_of(link)
        page.mouse.move(box["x"] + 2, box["y"] + box["height"] / 2)
        page.wait_for_timeout(LONG)
        assert card_of(page).count() == 0
        # Elsewhere and back, it comes again.
        page.mouse.move(3, 3)
        link.hover()
        expect(card_of(page)).to_be_visible()


@pytest.mark.parametrize(
    "kind",
    [
        *("work", "number"),
        *(pytest.param(each, marks=NIGHTLY) for each in ("figure", "table", "equation")),
    ],
)
def test_the_keyboard_sees_a_card_and_goes_past_it(
    chromium: Browser, address: str, kind: str
) -> None:
    with reading(chromium, f"{address}/en/index.html") as page:
        link = link_to(page, kind)
        page.keyboard.press("Tab")
        link.focus()
        card = card_of(page)
        expect(card.locator(KINDS[kind][1]).first).to_be_visible()
        assert_wholly_seen_beside(card, link, 1280)
        expect(link).to_be_focused()
        assert link.get_attribute("aria-details") == card.get_attribute("id")
        # Another pointer's movement in the text is no reason to take it away.
        page.mouse.move(400, 790)
        page.wait_for_timeout(LONG)
        assert card.is_visible()
        page.keyboard.press("Tab")
        assert page.evaluate("!document.activeElement.closest('.card, [data-tried]')")
        until(page, "!document.querySelector('[data-tried] + .card')")
        link.focus()
        expect(card).to_be_visible()
        page.keyboard.press("Escape")
        expect(card).to_have_count(0)
        expect(link).to_be_focused()
        expect(link).not_to_have_attribute("aria-details", re.compile(""))


def test_a_click_keeps_the_card_of_a_number_that_was_seen_before(
    chromium: Browser, address: str
) -> None:
    with reading(chromium, f"{address}/en/index.html") as page:
        link = link_to(page, "number")
        link.hover()
        expect(card_of(page)).to_be_visible()
        assert page.get_by_role("dialog").count() == 0
        link.click()
        expect(page.get_by_role("dialog")).to_be_focused()
        expect(link).to_have_attribute("aria-expanded", "true")
        page.mouse.move(3, 3)
        page.wait_for_timeout(LONG)
        assert page.get_by_role("dialog").is_visible()


def test_a_card_that_a_click_asked_for_comes_though_the_pointer_has_gone(
    chromium: Browser, address: str
) -> None:
    """Its entry comes late, just when the pointer has left, and later the pointer is on a link."""
    context = chromium.new_context()
    page = context.new_page()
    asked: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route)

    page.route("**/provenance.html", hold)
    page.goto(f"{address}/en/index.html", wait_until="networkidle")
    link_to(page, "number").click()
    expect(page.locator(".card")).to_have_count(0)
    page.locator("main p a[href^='#fig-']:visible").first.hover()
    page.wait_for_timeout(LONG)
    assert page.locator(".card").count() == 0
    page.mouse.move(3, 3)
    asked[0].continue_()
    expect(page.get_by_role("dialog")).to_be_focused()
    page.wait_for_timeout(LONG)
    assert page.get_by_role("dialog").is_visible()
    context.close()


@pytest.mark.parametrize("kind", ["work", "figure"])
def test_a_finger_follows_the_link(chromium: Browser, address: str, kind: str) -> None:
    touch = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}
    with reading(chromium, f"{address}/en/index.html", **touch) as page:
        link = link_to(page, kind)
        link.tap()
        target = link.get_attribute("href")
        until(page, "(target) => location.hash === target", target)
        page.wait_for_timeout(LONG)
        assert card_of(page).count() == 0


def test_what_is_in_sight_has_no_card(chromium: Browser, address: str) -> None:
    with reading(chromium, f"{address}/en/index.html") as page:
        link = link_to(page, "work")
        target = link.get_attribute("href")
        page.evaluate(
            "(target) => document.querySelector('.references ol').prepend("
            "document.querySelector(target), document.querySelector('[data-tried]'))",
            target,
        )
        link.scroll_into_view_if_needed()
        link.hover()
        page.wait_for_timeout(LONG)
        assert card_of(page).count() == 0


NOTED = """<p><a href="#tab-z" data-tried>Table Z</a></p><div style="height: 3000px"></div>
<figure class="table" id="tab-z"><figcaption><a class="label" href="#tab-z">Table Z</a></figcaption>
<div class="scroll"><table><tbody>{rows}</tbody></table></div>
<div class="table-notes"><p id="tab-z-note-1"><sup class="note-mark">a</sup> Of <b>ten</b>.</p>
</div></figure></main>"""


def test_a_note_of_a_table_that_is_out_of_sight_has_a_card(chromium: Browser, address: str) -> None:
    rows = "".join(
        f'<tr><td>{n}<sup class="note-mark"><a href="#tab-z-note-1">a</a></sup></td></tr>'
        for n in range(60)
    )
    context = chromium.new_context()
    page = context.new_page()
    whole = page.request.get(f"{address}/en/index.html").text()
    body = whole.replace("</main>", NOTED.format(rows=rows))
    page.route("**/en/index.html", lambda route: route.fulfill(body=body, content_type="text/html"))
    assert opened(page, f"{address}/en/index.html") == []
    mark = page.locator("a[href='#tab-z-note-1']").nth(3)
    mark.scroll_into_view_if_needed()
    mark.hover()
    expect(card_of(page)).to_have_text("a Of ten.")
    context.close()


def test_a_card_is_not_printed(chromium: Browser, address: str) -> None:
    with reading(chromium, f"{address}/en/index.html") as page:
        link_to(page, "work").hover()
        expect(card_of(page)).to_be_visible()
        page.emulate_media(media="print")
        assert page.locator(".card:visible").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_card_has_the_colours_of_the_page(chromium: Browser, address: str, scheme: str) -> None:
    with reading(chromium, f"{address}/en/index.html", color_scheme=scheme) as page:
        link_to(page, "figure").hover()
        expect(card_of(page)).to_be_visible()
        ground = "(each) => getComputedStyle(each).backgroundColor"
        assert card_of(page).evaluate(ground) == page.locator("html").evaluate(ground)
        source = card_of(page).locator("img").evaluate("(image) => image.currentSrc")
        assert source.endswith(f".{scheme}.svg")

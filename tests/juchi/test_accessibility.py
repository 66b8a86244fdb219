"""WCAG 2.2 AA by axe-core in a real Chromium, and the whole page by the keyboard alone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from juchi.core.errors import UserError
from setup import checkers
from tests.project import ROOT, Project

OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    # It takes a header that is a formula for empty; see `violations`.
    "rules": {"empty-table-header": {"enabled": False}},
}
# The rules that read colours: all others find in dark pages what they find in light ones.
OF_COLOURS = {"runOnly": ["cat.color"], "resultTypes": ["violations"]}
# What those others read: the document, and what is shown of it.
SHOWN = """() => document.documentElement.outerHTML
  + [...document.querySelectorAll("*")].map((each) => Number(each.checkVisibility())).join("")"""
# The page where it is long: everything has come, nothing waits for the reader to scroll.
EVERYTHING = """async () => {
  for (const image of document.images) image.loading = "eager";
  for (const details of document.querySelectorAll("details")) details.open = true;
  await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
  await document.fonts.ready;
}"""


@pytest.fixture(scope="session")
def axe() -> str:
    """Give axe-core; a project without it fails the test and says how to get it."""
    path = ROOT / checkers.AXE
    try:
        checkers.ensure_installed(path)
    except UserError as error:
        pytest.fail(str(error), pytrace=False)
    return path.read_text("utf-8")


@pytest.fixture(scope="session")
def pages(built: Project) -> list[str]:
    """Give the address of every page of the site, below it."""
    site = built.folder / "build" / "site"
    found = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    assert {"index.html", "en/index.html", "zh/index.html"} <= set(found)
    return found


def opened(chromium: Browser, address: str, width: int = 1280) -> Page:
    """Open a page as it is, with everything that it has to show."""
    # A locale that no edition has: the page that chooses the language stays.
    context = chromium.new_context(
        viewport={"width": width, "height": 800},
        color_scheme="light",
        locale="sw-KE",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    page.evaluate(EVERYTHING)
    return page


def violations(page: Page, axe: str, options: dict[str, Any] = OPTIONS) -> list[str]:
    """Return what axe-core finds: the rule, what it wants, and each place."""
    # As a value of the debugger, which no policy of the page concerns.
    page.evaluate(f"{axe}; undefined")
    found: dict[str, Any] = page.evaluate("(options) => axe.run(document, options)", options)
    texts = page.locator("th").all_text_contents()
    return ["empty-table-header: a header says nothing" for text in texts if not text.strip()] + [
        f"{violation['id']}: {violation['help']}: {node['target']} {node['html'][:120]}\n"
        f"{node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize(
    "seen",
    [
        *((360, ("index", "en/")), (1280, ("zh/index",))),
        *(pytest.param((width, ("",)), marks=pytest.mark.nightly) for width in (360, 1280)),
    ],
)
def test_no_page_violates_wcag(
    chromium: Browser, address: str, pages: list[str], axe: str, seen: tuple[int, tuple[str, ...]]
) -> None:
    """Light or dark, on a phone or on a wide screen: some pages always, and all at night."""
    width, within = seen
    found = {}
    for name in (each for each in pages if each.startswith(within)):
        page = opened(chromium, f"{address}/{name}", width)
        found[f"{name}, light"] = violations(page, axe)
        shown = page.evaluate(SHOWN)
        page.emulate_media(color_scheme="dark")
        assert page.evaluate(SHOWN) == shown, name
        page.evaluate(EVERYTHING)
        found[f"{name}, dark"] = violations(page, axe, OF_COLOURS)
        page.context.close()
    faults = {name: each for name, each in found.items() if each}
    assert not faults, "\n".join(f"{name}:\n" + "\n".join(each) for name, each in faults.items())


SPOILT = {
    "image-alt": "document.querySelector('main img').removeAttribute('alt')",
    "color-contrast": "document.querySelector('main p').style.color = '#bbb'",
    "html-has-lang": "document.documentElement.removeAttribute('lang')",
    "link-name": "document.querySelector('main a').replaceChildren()",
    "empty-table-header": "document.querySelector('main th').replaceChildren()",
}


def test_violations_are_found(chromium: Browser, address: str, axe: str) -> None:
    page = opened(chromium, f"{address}/en/index.html")
    for spoil in SPOILT.values():
        page.evaluate(spoil)
    assert {fault.partition(":")[0] for fault in violations(page, axe)} >= SPOILT.keys()
    page.emulate_media(color_scheme="dark")
    page.evaluate("document.querySelector('main p').style.color = '#555'")
    found = {fault.partition(":")[0] for fault in violations(page, axe, OF_COLOURS)}
    assert "color-contrast" in found
    page.context.close()


# --- the keyboard ---

# Notes, as each key goes down, where the focus is and whether it can be seen to be there.
NOTE = """() => {
  const places = new Map([...document.querySelectorAll("*")].map((each, place) => [each, place]));
  window.steps = [];
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Tab") return;
    const at = document.activeElement;
    if (at === document.body) return window.steps.push(null);
    const style = getComputedStyle(at);
    const box = at.getBoundingClientRect();
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
    const seen = box.width > 0 && box.height > 0 && box.bottom > 0 && box.right > 0
      && box.top < innerHeight && box.left < innerWidth;
    window.steps.push({ order: places.get(at), outlined, seen, html: at.outerHTML.slice(0, 100) });
  }, { capture: true });
}"""
FOCUSABLE = """() => [...document.querySelectorAll(
  "a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex='-1'])"
)].filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.disabled).length"""


def walk(page: Page, key: str = "Tab") -> list[dict[str, Any]]:
    """Press a key until the focus must have left the page; return where it was till then."""
    page.evaluate(NOTE)
    for _ in range(int(page.evaluate(FOCUSABLE)) + 3):
        page.keyboard.press(key)
    steps: list[dict[str, Any] | None] = page.evaluate("window.steps")
    assert steps[0] is None, "the focus is in the page before the first key"
    assert None in steps[1:], f"the focus does not leave the page; it is at {steps[-3:]}"
    return [step for step in steps[1 : steps.index(None, 1)] if step]


@pytest.mark.parametrize(
    ("language", "width"), [("zh", 360), pytest.param("en", 1280, marks=pytest.mark.nightly)]
)
def test_the_keyboard_reaches_everything_in_order_and_is_seen_there(
    chromium: Browser, address: str, language: str, width: int
) -> None:
    page = opened(chromium, f"{address}/{language}/index.html", width)
    steps = walk(page)
    orders = [step["order"] for step in steps]
    assert orders == sorted(orders)
    assert len(set(orders)) == len(orders)
    assert len(steps) >= 100
    assert [step["html"] for step in steps if not step["outlined"]] == []
    assert [step["html"] for step in steps if not step["seen"]] == []
    page.context.close()


def test_the_way_back_is_the_way_there(chromium: Browser, address: str) -> None:
    orders = []
    for key in ("Tab", "Shift+Tab"):
        page = opened(chromium, f"{address}/index.html")
        orders.append([step["order"] for step in walk(page, key)])
        page.context.close()
    assert len(orders[0]) >= 2
    assert orders[1] == orders[0][::-1]


def test_a_focus_that_is_not_seen_is_found(chromium: Browser, address: str) -> None:
    page = opened(chromium, f"{address}/index.html")
    page.evaluate("for (const a of document.links) a.style.setProperty('outline', 'none')")
    assert [step for step in walk(page) if not step["outlined"]]
    page.context.close()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_first_key_skips_to_the_text(chromium: Browser, address: str, language: str) -> None:
    page = opened(chromium, f"{address}/{language}/index.html")
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.get_attribute("href") == "#content"
    assert skip.is_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    page.context.close()


def test_each_dialog_opens_by_the_keyboard_and_closes_by_escape(
    chromium: Browser, address: str
) -> None:
    page = opened(chromium, f"{address}/en/index.html")
    opener = page.locator("figure a.enlarge").first
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.locator("dialog[open]")
    assert dialog.count() == 1
    for _ in range(8):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body"
            " || document.querySelector('dialog[open]').contains(document.activeElement)"
        )
    page.keyboard.press("Escape")
    assert dialog.count() == 0
    assert page.evaluate("document.activeElement === document.querySelector('figure a.enlarge')")
    page.context.close()

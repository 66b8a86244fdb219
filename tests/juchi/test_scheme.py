"""Light, dark or as the system has it: a choice that every page remembers and all of it follows."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from juchi.core.theme import THEME
from juchi.plan.yaml_files import read_yaml
from juchi.prose.policy import PAGE_POLICY
from tests.serving import PATIENCE, opened, serving, until

PAPER = {"light": "rgb(255, 255, 255)", "dark": "rgb(22, 24, 28)"}
PAGES = ("index.html", "en/index.html", "zh/index.html", "en/provenance.html", "zh/provenance.html")
GROUND = "getComputedStyle(document.documentElement).backgroundColor"
SOURCES = "[...document.querySelectorAll('picture img')].map((image) => image.currentSrc)"
# What each frame of a page was drawn on: its ground, or before style sheets its colour scheme.
FRAMES = """
window.frames_ = [];
const note = () => {
  const style = getComputedStyle(document.documentElement);
  const drawn = document.body && document.styleSheets.length;
  const said = document.querySelector("meta[name='color-scheme']")?.content;
  frames_.push(drawn ? style.backgroundColor : said);
  requestAnimationFrame(note);
};
requestAnimationFrame(note);
"""


@contextmanager
def reader(chromium: Browser, **options: Any) -> Iterator[Page]:
    """Give a page of a browser without memory, whose language no edition has."""
    context = chromium.new_context(**{"color_scheme": "light", "locale": "sw-KE", **options})
    try:
        yield context.new_page()
    finally:
        context.close()


def choose(page: Page, choice: str) -> None:
    page.locator(".scheme select").select_option(choice)


def shows_all_pictures(page: Page, scheme: str) -> None:
    page.evaluate("for (const image of document.images) image.loading = 'eager'")
    until(page, f"{SOURCES}.every((source) => source.endsWith('.{scheme}.svg'))")


@pytest.mark.parametrize(
    ("system", "choice"),
    [("light", "dark"), pytest.param("dark", "light", marks=pytest.mark.nightly)],
)
def test_a_choice_holds_on_every_page_and_in_every_language(
    chromium: Browser, address: str, system: str, choice: str
) -> None:
    with reader(chromium, color_scheme=system) as page:
        page.goto(f"{address}/en/index.html")
        assert page.evaluate(GROUND) == PAPER[system]
        choose(page, choice)
        assert page.evaluate(GROUND) == PAPER[choice]
        shows_all_pictures(page, choice)
        for name in PAGES:
            page.goto(f"{address}/{name}")
            assert page.evaluate(GROUND) == PAPER[choice], name
            assert page.locator("meta[name='color-scheme']").get_attribute("content") == choice
            matches = "matchMedia(document.querySelector('meta[name=theme-color]').media).matches"
            assert page.evaluate(matches) == (choice == "dark")
        page.goto(f"{address}/zh/index.html")
        assert page.locator(".scheme select").input_value() == choice
        choose(page, "")
        assert page.evaluate(GROUND) == PAPER[system]
        shows_all_pictures(page, system)
        page.goto(f"{address}/en/provenance.html")
        assert page.evaluate(GROUND) == PAPER[system]
        page.emulate_media(color_scheme=choice)  # type: ignore[arg-type]
        assert page.evaluate(GROUND) == PAPER[choice]


def test_the_switch_is_worked_by_keyboard_and_says_what_it_is(
    chromium: Browser, address: str, language: str
) -> None:
    words = read_yaml(THEME / f"messages/{language}.yaml")["scheme"]
    with reader(chromium) as page:
        page.goto(f"{address}/{language}/index.html")
        switch = page.get_by_role("combobox", name=words["name"], exact=True)
        states = [("", "system"), ("light", "light"), ("dark", "dark")]
        assert switch.locator("option").all_inner_texts() == [words[name] for _, name in states]
        page.locator(".bar-links a").last.focus()
        page.keyboard.press("Tab")
        expect(switch).to_be_focused()
        assert switch.evaluate("(it) => getComputedStyle(it).outlineStyle") == "solid"
        for choice, name in states[1:]:
            page.keyboard.press("ArrowDown")
            assert switch.input_value() == choice
            said = switch.evaluate("(it) => it.selectedOptions[0].textContent")
            assert said == words[name]
            assert page.evaluate(GROUND) == PAPER[choice]


def _slow(route: Route) -> None:
    time.sleep(0.3)
    route.continue_()


@pytest.mark.parametrize("name", ["en/index.html", "en/provenance.html"])
def test_nothing_is_ever_seen_in_the_other_colours(
    chromium: Browser, address: str, name: str
) -> None:
    with reader(chromium) as page:
        page.goto(f"{address}/en/index.html")
        choose(page, "dark")
        page.context.add_init_script(FRAMES)
        fresh = page.context.new_page()
        fresh.route("**/*.css", _slow)
        asked: list[str] = []
        fresh.on("request", lambda request: asked.append(request.url))
        fresh.goto(f"{address}/{name}", wait_until="networkidle")
        frames = set(fresh.evaluate("frames_"))
        assert PAPER["dark"] in frames
        # Of what is drawn before there is a style sheet, the ground alone.
        assert frames <= {PAPER["dark"], "dark", "rgba(0, 0, 0, 0)", None}
        # The page of origins has no drawings.
        assert "provenance" in name or any(each.endswith(".svg") for each in asked)
        assert [each for each in asked if each.endswith(".light.svg")] == []


@pytest.mark.parametrize("system", ["light", "dark"])
def test_a_page_without_a_choice_is_as_without_scripts(
    chromium: Browser, address: str, system: str
) -> None:
    with reader(chromium, color_scheme=system, java_script_enabled=False) as page:
        page.goto(f"{address}/en/index.html", wait_until="networkidle")
        assert page.locator(".scheme").is_hidden()
        assert page.evaluate(GROUND) == PAPER[system]
        (lead,) = page.evaluate(f"{SOURCES}.slice(0, 1)")
        assert lead.endswith(f".{system}.svg")


def test_a_browser_that_keeps_nothing_follows_for_the_page(chromium: Browser, address: str) -> None:
    with reader(chromium) as page:
        page.add_init_script(
            "for (const name of ['getItem', 'setItem'])"
            " Storage.prototype[name] = () => { throw new DOMException('no', 'SecurityError'); };"
        )
        assert opened(page, f"{address}/en/index.html") == []
        choose(page, "dark")
        assert page.evaluate(GROUND) == PAPER["dark"]
        page.reload()
        assert page.evaluate(GROUND) == PAPER["light"]


def test_what_is_kept_and_is_no_choice_is_none(chromium: Browser, address: str) -> None:
    with reader(chromium) as page:
        page.goto(f"{address}/en/index.html")
        page.evaluate("localStorage.setItem('juchi-scheme', 'constructor')")
        assert opened(page, f"{address}/en/index.html") == []
        assert page.evaluate(GROUND) == PAPER["light"]
        assert page.locator(".scheme select").input_value() == ""


def test_other_windows_and_pages_behind_follow(chromium: Browser, address: str) -> None:
    with reader(chromium) as page:
        page.goto(f"{address}/en/index.html")
        other = page.context.new_page()
        other.goto(f"{address}/zh/index.html")
        choose(page, "dark")
        until(other, f"{GROUND} === '{PAPER['dark']}'")
        assert other.locator(".scheme select").input_value() == "dark"
        page.goto(f"{address}/en/provenance.html")
        choose(page, "light")
        page.go_back()
        until(page, f"{GROUND} === '{PAPER['light']}'")


def test_paper_stays_light(chromium: Browser, address: str) -> None:
    with reader(chromium) as page:
        page.goto(f"{address}/en/index.html")
        choose(page, "dark")
        page.evaluate("for (const image of document.images) image.loading = 'eager'")
        page.emulate_media(media="print")
        assert page.evaluate(GROUND) == PAPER["light"]
        until(page, f"{SOURCES}.every((source) => source.endsWith('.light.svg'))")


# Lets the browser have a page in two parts, and note what it asks for between them.
EARLY = f"""<!DOCTYPE html><html lang="en"><head>
<meta http-equiv="Content-Security-Policy" content="{PAGE_POLICY}">
<meta name="color-scheme" content="light dark"><script src="scheme.js"></script></head><body>
<picture><source media="screen and (prefers-color-scheme: dark)" srcset="a.dark.svg">
<img src="a.light.svg" alt="A"></picture>"""


class _InParts(BaseHTTPRequestHandler):
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if "js" in self.path else "text/html")
        self.end_headers()
        if self.path == "/scheme.js":
            self.wfile.write((THEME / "style/scheme.js").read_bytes())
        elif self.path == "/":
            self.wfile.write(EARLY.encode())
            end = time.monotonic() + PATIENCE
            while not any(".svg" in path for path in self.asked) and time.monotonic() < end:
                time.sleep(0.05)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_picture_on_a_page_that_is_still_coming_is_the_chosen_one(chromium: Browser) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _InParts) as server, reader(chromium) as page:
        Thread(target=server.serve_forever, daemon=True).start()
        page.add_init_script("localStorage.setItem('juchi-scheme', 'dark')")
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        assert [path for path in _InParts.asked if ".svg" in path] == ["/a.dark.svg"]
        server.shutdown()


CHART = f"""<!DOCTYPE html><html lang="en"><head>
<meta http-equiv="Content-Security-Policy" content="{PAGE_POLICY}">
<meta name="color-scheme" content="light dark">
<script src="scheme.js"></script><script src="charts.js" defer></script></head><body>
<span class="scheme"><select><option value="">s</option><option value="dark">d</option></select>
</span><figure data-chart="a.json"><picture><img alt="A chart."></picture>
<figcaption>A</figcaption></figure></body></html>"""
DRAWS = """window.vegaEmbed = async (place, chart, { config, tooltip }) => {
  place.textContent = `${config.ink} ${tooltip.theme}`;
};"""


def test_a_chart_that_moves_follows(chromium: Browser, tmp_path: Path) -> None:
    for name in ("scheme.js", "charts.js"):
        shutil.copy(THEME / "style" / name, tmp_path)
    styles = {"light": {"ink": "black"}, "dark": {"ink": "white"}}
    (tmp_path / "index.html").write_text(CHART, "utf-8")
    (tmp_path / "vega.js").write_text(DRAWS, "utf-8")
    chart = {"chart": {}, "styles": styles, "numbers": None}
    (tmp_path / "a.json").write_text(json.dumps(chart), "utf-8")
    with serving(tmp_path) as address, reader(chromium) as page:
        page.goto(f"{address}/index.html")
        drawing = page.locator(".live-chart")
        expect(drawing).to_have_text("black light")
        choose(page, "dark")
        expect(drawing).to_have_text("white dark")
        choose(page, "")
        expect(drawing).to_have_text("black light")
        page.emulate_media(color_scheme="dark")
        expect(drawing).to_have_text("white dark")

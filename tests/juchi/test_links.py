"""Every page of the site by itself: valid HTML, links that lead somewhere, nothing from outside."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html
from playwright.sync_api import Browser

from juchi.core.errors import UserError
from setup import checkers
from tests.project import ROOT, Project
from tests.serving import faults_of

# Attributes that hold an address, or several with widths behind them.
ADDRESSES = ("href", "src", "poster", "srcset", "data-src", "data-srcset")


@pytest.fixture(scope="session")
def site(built: Project) -> Path:
    """Give the folder of the built site."""
    return built.folder / "build" / "site"


def trees(site: Path) -> dict[str, html.HtmlElement]:
    """Return every page of a site as a tree, by its path."""
    parser = html.HTMLParser(encoding="utf-8")
    return {
        path.relative_to(site).as_posix(): html.parse(str(path), parser).getroot()
        for path in sorted(site.rglob("*.html"))
    }


def broken(site: Path) -> list[str]:
    """Return the links inside of the site that lead nowhere, and those outside without TLS."""
    pages = trees(site)
    ids = {name: set(tree.xpath("//@id")) for name, tree in pages.items()}
    found = []
    for name, tree in pages.items():
        for address in addresses(tree):
            url = urlsplit(address)
            if url.scheme or url.netloc:
                if url.scheme not in ("https", "data", "mailto"):
                    found.append(f"{name}: {address} is not https")
                continue
            target = (site / name).parent.joinpath(unquote(url.path)) if url.path else site / name
            file = target.resolve() / "index.html" if target.is_dir() else target.resolve()
            if not file.is_relative_to(site.resolve()) or not file.is_file():
                found.append(f"{name}: {address} leads to no file")
            elif url.fragment and file.suffix == ".html":
                page = file.relative_to(site.resolve()).as_posix()
                if unquote(url.fragment) not in ids[page]:
                    found.append(f"{name}: {address} leads to no place of {page}")
    return found


def addresses(tree: html.HtmlElement) -> list[str]:
    """Return all addresses of a page."""
    found = []
    for attribute in ADDRESSES:
        for value in tree.xpath(f"//@{attribute}"):
            parts = value.split(",") if attribute.endswith("srcset") else [value]
            found += [part.split()[0] for part in parts if part.strip()]
    return found


def test_every_link_leads_somewhere(site: Path) -> None:
    """Works cited keep the address that they have, with TLS or without."""
    works = json.loads((ROOT / "config" / "references.json").read_text("utf-8"))
    plain = {work["URL"] for work in works if work.get("URL", "").startswith("http:")}
    found = broken(site)
    assert [fault for fault in found if fault.split()[1] not in plain] == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('<a href="missing.html">x</a>', "missing.html leads to no file"),
        ('<a href="../../out.html">x</a>', "../../out.html leads to no file"),
        ('<a href="#nowhere">x</a>', "#nowhere leads to no place of en/index.html"),
        ('<a href="../index.html#x">x</a>', "../index.html#x leads to no place of index.html"),
        ('<img srcset="a.svg 2x" alt="">', "a.svg leads to no file"),
        ('<a href="http://example.org/">x</a>', "http://example.org/ is not https"),
    ],
)
def test_a_link_that_leads_nowhere_is_found(tmp_path: Path, text: str, fault: str) -> None:
    (tmp_path / "site/en").mkdir(parents=True)
    (tmp_path / "out.html").touch()
    (tmp_path / "site/index.html").write_text("<p id='top'>x</p>")
    (tmp_path / "site/en/index.html").write_text(f"<a href='../#top'>x</a>{text}")
    assert broken(tmp_path / "site") == [f"en/index.html: {fault}"]


def test_every_id_stands_once(site: Path) -> None:
    for name, tree in trees(site).items():
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids)), (name, {each for each in ids if ids.count(each) > 1})


def test_nothing_stands_in_the_way_of_a_strict_policy(site: Path) -> None:
    """No script and no handler inside of a page, no style but what formulas bring, and widths."""
    for name, tree in trees(site).items():
        scripts = tree.xpath("//script[not(@src)]/@type")
        assert set(scripts) <= {"application/json", "application/ld+json"}, name
        assert len(tree.xpath("//script[not(@src)]")) == len(scripts), name
        handlers = [key for element in tree.iter() for key in element.attrib if key[:2] == "on"]
        assert handlers == [], name
        styled = tree.xpath("//style | //*[@style][not(ancestor-or-self::math)]")
        only_wide = re.compile(r"(--)?width: [0-9.]+%")
        assert [each for each in styled if not only_wide.fullmatch(each.get("style", ""))] == []


@pytest.mark.parametrize("scripts", [True, False])
def test_no_page_asks_anything_of_another_host(
    chromium: Browser, address: str, site: Path, scripts: bool
) -> None:
    context = chromium.new_context(java_script_enabled=scripts, locale="sw-KE")
    for name in trees(site):
        page = context.new_page()
        faults = faults_of(page, address)
        page.goto(f"{address}/{name}", wait_until="networkidle")
        page.mouse.wheel(0, 100_000)
        page.wait_for_load_state("networkidle")
        assert faults == [], name
        page.close()
    context.close()


def validate(*files: Path) -> subprocess.CompletedProcess[str]:
    try:
        command = checkers.command("html-validate", ROOT)
    except UserError as error:
        pytest.fail(str(error), pytrace=False)
    config = ["--config", str(ROOT / ".htmlvalidate.json"), "--max-warnings", "0"]
    return subprocess.run(
        [*command, *config, *map(str, files)], capture_output=True, text=True, check=False
    )


def test_every_page_is_valid_html(site: Path) -> None:
    done = validate(*sorted(site.rglob("*.html")))
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("</main>", "<ul><p>x</p></ul></main>", "element-permitted-content"),
        ("</main>", '<p id="content">x</p></main>', "no-dup-id"),
        ("</main>", '<p lang="en" lang="zh">x</p></main>', "no-dup-attr"),
        ("</main>", "", "close-order"),
    ],
)
def test_invalid_html_is_found(site: Path, tmp_path: Path, old: str, new: str, rule: str) -> None:
    page = tmp_path / "index.html"
    text = (site / "en" / "index.html").read_text("utf-8")
    page.write_text(text.replace(old, new, 1), "utf-8")
    done = validate(page)
    assert done.returncode != 0
    assert rule in done.stdout

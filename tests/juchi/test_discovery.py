"""Sitemap, robots.txt and linkset: every page is found from them, and every link is absolute."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.robotparser import RobotFileParser

import pytest
from lxml import etree, html

from juchi.site import discovery
from juchi.site.localized_metadata import LocalizedMetadata
from juchi.site.metadata import LINKSET
from tests.samples import LANGUAGES, Sample, command

NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture(scope="session")
def sample(published: Sample) -> Sample:
    """Give the article as it is once it is published."""
    return published


@pytest.fixture(scope="module")
def root(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("discovery") / "root"
    article = sample.file("article")
    command(discovery.main, sample.root, article=article, templates="templates", output=folder)
    return folder


@pytest.fixture
def editions(sample: Sample) -> list[LocalizedMetadata]:
    return list(sample.editions.values())


def test_the_sitemap_has_every_page_with_all_its_twins(
    root: Path, editions: list[LocalizedMetadata]
) -> None:
    tree = etree.parse(root / "sitemap.xml")
    site = editions[0].article["address"]
    assert tree.xpath("//s:loc/text()", namespaces=NAMES) == [
        site,
        *(each.page for each in editions),
    ]
    days = tree.xpath("//s:lastmod/text()", namespaces=NAMES)
    assert set(days) == {editions[0].article["date"]}
    twins = {"x-default": site, **{each.tag: each.page for each in editions}}
    for entry in tree.xpath("//s:url", namespaces=NAMES):
        found = entry.xpath("x:link[@rel='alternate']", namespaces=NAMES)
        assert {link.get("hreflang"): link.get("href") for link in found} == twins


def test_robots_may_read_everything_and_find_the_sitemap(
    root: Path, editions: list[LocalizedMetadata]
) -> None:
    robots = RobotFileParser()
    robots.parse((root / "robots.txt").read_text("utf-8").splitlines())
    assert robots.can_fetch("Googlebot", editions[0].page)
    assert robots.site_maps() == [f"{editions[0].article['address']}sitemap.xml"]


def test_the_linkset_says_what_the_pages_say(sample: Sample, root: Path) -> None:
    contexts = {
        context.pop("anchor"): context
        for context in json.loads((root / LINKSET).read_text("utf-8"))["linkset"]
    }
    for code in LANGUAGES:
        edition = sample.editions[code]
        page = html.parse(str(sample.composed(code))).getroot()
        page.make_links_absolute(edition.page)
        links = contexts[edition.page]
        assert "linkset" not in links
        for relation, targets in links.items():
            shown = page.xpath(f"//link[@rel='{relation}']/@href")
            assert [target["href"] for target in targets] == shown


def test_every_file_leads_back_to_its_page(root: Path, editions: list[LocalizedMetadata]) -> None:
    contexts = {
        context["anchor"]: context
        for context in json.loads((root / LINKSET).read_text("utf-8"))["linkset"]
    }
    for edition in editions:
        page = {"href": edition.page, "type": "text/html"}
        assert contexts[edition.paper]["collection"] == [page]
        for file in contexts[edition.page]["describedby"]:
            assert page in contexts[file["href"]]["describes"]

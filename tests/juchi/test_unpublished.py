"""An article without an address: it says that it is unpublished, and tells nobody where it is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from urllib.robotparser import RobotFileParser

import pytest
import yaml
from lxml import html
from lxml.html import HtmlElement

from juchi.core.errors import UserError
from juchi.plan.settings import read_subject
from juchi.plan.subjects import defaults
from juchi.site import discovery
from juchi.site.cff_zenodo import as_cff, as_zenodo
from juchi.site.citation import as_bibtex, as_csl, as_ris, as_text
from juchi.site.crate import describe
from juchi.site.localized_metadata import LocalizedMetadata
from juchi.site.publish import chooser
from juchi.site.releases import check_address
from tests.juchi.test_metadata import vocabulary_faults
from tests.project import ROOT
from tests.samples import Sample, command

# Links that say where on the web a page stands.
WHERE = ("canonical", "cite-as", "linkset", "latest-version")


def test_it_has_no_address_of_any_kind(edition: LocalizedMetadata) -> None:
    addresses = ("home", "site", "page", "paper", "preview", "permanent_site", "permanent")
    assert [getattr(edition, name) for name in addresses] == [""] * len(addresses)
    assert edition.cited_as == ""
    assert edition.status


def test_a_doi_is_enough_to_be_published(edition: LocalizedMetadata) -> None:
    cited = replace(edition, article={**edition.article, "doi": "10.5281/zenodo.1"})
    assert (cited.status, cited.genre) == ("", cited.version)
    assert cited.cited_as == "https://doi.org/10.5281/zenodo.1"
    assert "10.5281/zenodo.1" in as_text(cited)


def test_every_citation_says_so_and_leads_nowhere(edition: LocalizedMetadata) -> None:
    assert as_bibtex(edition).startswith("@unpublished{")
    assert f"note = {{{edition.status}}}" in as_bibtex(edition)
    assert as_ris(edition).startswith("TY  - UNPB\r\n")
    assert edition.status in as_csl(edition)["genre"]
    shown = as_text(edition)
    assert shown.casefold().count(edition.status) == 1
    for text in (as_bibtex(edition), as_ris(edition), json.dumps(as_csl(edition)), shown):
        assert "http" not in text


def test_the_page_says_so_and_names_no_place(edition: LocalizedMetadata, page: HtmlElement) -> None:
    assert edition.status in page.xpath("string(//p[@class='byline'])")
    assert not [link for link in page.xpath("//link") if link.get("rel") in WHERE]
    assert not page.xpath("//link[@rel='alternate'][@hreflang]")
    assert not page.xpath("//meta[@property='og:url' or @property='og:image']")
    assert not page.xpath("//meta[@name='citation_pdf_url' or @name='citation_publication_date']")
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert not page.xpath("//dl[@class='cite-versions']")
    assert "data-permanent" not in page.attrib
    assert "example.org" not in html.tostring(page, encoding="unicode")


def test_its_structured_data_are_sound_without_addresses(page: HtmlElement) -> None:
    data = json.loads(page.xpath("string(//script[@type='application/ld+json'])"))
    assert not {"@id", "url", "identifier", "archivedAt", "image", "datePublished"} & set(data)
    assert data["dateCreated"]
    assert data["creativeWorkStatus"]
    assert vocabulary_faults(data) == []


def test_search_engines_are_told_nothing(sample: Sample, tmp_path: Path) -> None:
    article = sample.file("article")
    output = tmp_path / "root"
    command(discovery.main, sample.root, article=article, templates="templates", output=output)
    assert [path.name for path in output.iterdir()] == ["robots.txt"]
    robots = RobotFileParser()
    robots.parse((output / "robots.txt").read_text("utf-8").splitlines())
    assert not robots.can_fetch("Googlebot", "https://example.org/en/")


def test_the_chooser_names_no_place(sample: Sample) -> None:
    text = chooser(sample.plan.article, sample.root / "templates")
    page = html.document_fromstring(text)
    assert not [link for link in page.xpath("//link") if link.get("rel") in WHERE]
    assert "None" not in text


def test_archives_are_told_what_there_is(sample: Sample, tmp_path: Path) -> None:
    editions = list(sample.editions.values())
    record = yaml.safe_load(as_cff(editions))
    assert not {"url", "repository-code"} & set(record)
    cited = record["preferred-citation"]
    assert (cited["type"], cited["status"], cited.get("url")) == ("unpublished", "preprint", None)
    assert "related_identifiers" not in as_zenodo(editions)
    (root,) = (each for each in describe(tmp_path, editions)["@graph"] if each["@id"] == "./")
    assert root["creativeWorkStatus"] == editions[0].status
    assert not {"url", "identifier", "cite-as"} & set(root)


def test_it_is_not_deployed(sample: Sample) -> None:
    with pytest.raises(UserError) as refused:
        check_address(sample.plan.article, "https://juchi.test/a")
    assert "no address" in str(refused.value)
    assert "https://juchi.test/a/" in str(refused.value)


def test_earlier_versions_need_a_place_to_stand(sample: Sample) -> None:
    values = read_subject(ROOT / "config", "article")
    values["earlier"] = [{"version": "0.1.0", "date": "2026-01-01"}]
    with pytest.raises(UserError) as refused:
        defaults("article", values, "config/article.yaml", None)
    assert str(refused.value).startswith("error: config/article.yaml: earlier\n")

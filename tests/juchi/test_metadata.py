"""What pages tell machines: tags for Google Scholar, Open Graph, structured data, typed links."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from lxml.html import HtmlElement

from juchi.prose.typography import PLAIN, typeset
from juchi.site.citation import FORMATS
from juchi.site.localized_metadata import LocalizedMetadata
from juchi.site.metadata import CRATE, PREVIEW_SIZE
from juchi.site.publish import chooser
from setup import venv
from tests.samples import LANGUAGES, PUBLISHED, ROOT, Sample, copied

HOSTILE = 'A "title" with </script><i>&amp;\nlines {{ 1 }} 和汉字'


@pytest.fixture(scope="session")
def sample(published: Sample) -> Sample:
    """Give the article as it is once it is published."""
    return published


@pytest.fixture(scope="module")
def rewritten(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Any], HtmlElement]:
    """Return a function that composes the first language's page with a changed setting or word."""

    def rewrite(path: str, change: Callable[[Any], None]) -> HtmlElement:
        folder = tmp_path_factory.mktemp("rewritten")
        changed = Sample(copied(folder / "project"), folder / "made")
        changed.edit("config/article.yaml", lambda article: article.update(PUBLISHED))
        changed.edit(path, change)
        parser = html.HTMLParser(encoding="utf-8")
        return html.parse(str(changed.composed(LANGUAGES[0])), parser).getroot()

    return rewrite


def meta(page: HtmlElement, name: str) -> list[str]:
    key = "property" if ":" in name and not name.startswith("twitter") else "name"
    found: list[str] = page.xpath(f"//meta[@{key}='{name}']/@content")
    return found


def links(page: HtmlElement, relation: str) -> list[dict[str, str]]:
    return [dict(link.attrib) for link in page.xpath(f"//link[@rel='{relation}']")]


def structured(page: HtmlElement) -> dict[str, Any]:
    (text,) = page.xpath("//script[@type='application/ld+json']/text()")
    data: dict[str, Any] = json.loads(text)
    return data


# --- Google Scholar ---


def test_scholar_finds_title_author_date_and_pdf(
    edition: LocalizedMetadata, page: HtmlElement
) -> None:
    assert meta(page, "citation_title") == [edition.title]
    assert meta(page, "citation_author") == [edition.publisher]
    assert meta(page, "citation_publication_date") == [edition.article["date"].replace("-", "/")]
    assert meta(page, "citation_keywords") == edition.keywords
    assert meta(page, "citation_language") == [edition.tag]
    assert meta(page, "citation_doi") == []


def test_the_pdf_lies_in_the_folder_of_its_page(
    edition: LocalizedMetadata, page: HtmlElement
) -> None:
    (pdf,) = meta(page, "citation_pdf_url")
    (canonical,) = links(page, "canonical")
    assert pdf == canonical["href"] + f"{edition.file_name}.pdf"
    assert page.xpath(f"//a[@href='{edition.file_name}.pdf']")


# --- canonical addresses and twins ---


def test_each_page_names_itself_its_twins_and_the_page_for_all_others(
    sample: Sample, edition: LocalizedMetadata, page: HtmlElement
) -> None:
    (canonical,) = links(page, "canonical")
    assert canonical["href"] == edition.page
    twins = {
        link["hreflang"]: link["href"] for link in links(page, "alternate") if "type" not in link
    }
    assert twins == {
        **{each.tag: each.page for each in sample.editions.values()},
        "x-default": edition.article["address"],
    }


def test_the_chooser_is_the_page_for_all_others(sample: Sample) -> None:
    page = html.document_fromstring(chooser(sample.plan.article, sample.root / "templates"))
    address = sample.plan.article["address"]
    (canonical,) = links(page, "canonical")
    assert canonical["href"] == address
    twins = {link["hreflang"]: link["href"] for link in links(page, "alternate")}
    assert twins == {
        **{each.tag: each.page for each in sample.editions.values()},
        "x-default": address,
    }
    first = next(iter(sample.editions.values()))
    assert meta(page, "description") == [first.description]
    assert meta(page, "og:image") == [first.preview]
    assert [link["href"] for link in links(page, "describedby")] == [CRATE]
    assert page.getroottree().docinfo.doctype == "<!DOCTYPE html>"


# --- Open Graph ---


def test_a_shared_link_shows_title_description_and_preview(
    sample: Sample, edition: LocalizedMetadata, page: HtmlElement
) -> None:
    assert meta(page, "og:title") == [edition.title]
    assert meta(page, "og:description") == [edition.description]
    assert meta(page, "og:url") == [edition.page]
    assert meta(page, "og:image") == [f"{edition.page}preview.png"]
    size = (meta(page, "og:image:width"), meta(page, "og:image:height"))
    assert size == tuple([str(pixels)] for pixels in PREVIEW_SIZE)
    assert len(meta(page, "og:image:alt")[0]) > 10
    own, others = meta(page, "og:locale"), meta(page, "og:locale:alternate")
    assert sorted(own + others) == sorted(
        each.open_graph_locale for each in sample.editions.values()
    )
    assert meta(page, "twitter:card") == ["summary_large_image"]


def test_open_graph_writes_a_locale_without_its_script(sample: Sample) -> None:
    assert [each.open_graph_locale for each in sample.editions.values()] == ["en_GB", "zh_CN"]


# --- structured data ---


def test_structured_data_say_what_the_record_says(
    edition: LocalizedMetadata, page: HtmlElement
) -> None:
    data = structured(page)
    assert data["headline"] == edition.title == page.findtext(".//h1")
    assert data["inLanguage"] == page.get("lang") == edition.tag
    assert data["author"]["name"] == edition.publisher
    assert data["author"]["@type"] == "Organization"
    assert data["datePublished"] == edition.article["date"]
    assert data["version"] == edition.article["version"]
    assert data["license"] == edition.article["licence"]["text_url"]
    assert data["encoding"]["contentUrl"] == edition.paper
    assert data["archivedAt"] == data["identifier"] == edition.permanent
    abstract = "".join(page.xpath("//section[@class='abstract']/p[1]")[0].text_content().split())
    assert "".join(data["abstract"].split()) == abstract


def vocabulary_faults(data: dict[str, Any]) -> list[str]:
    """Return what schema.org's own vocabulary has against a document."""
    done = subprocess.run(
        [venv.tool("python", ROOT), ROOT / "tests" / "validate_structured_data.py"],
        input=json.dumps(data),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    faults: list[str] = json.loads(done.stdout)
    return faults


def test_structured_data_keep_to_the_vocabulary(page: HtmlElement) -> None:
    assert vocabulary_faults(structured(page)) == []


def test_the_vocabulary_knows_what_it_does_not_allow(page: HtmlElement) -> None:
    data = structured(page)
    data["author"]["cuisine"] = "x"
    data["servesCuisine"] = "x"
    data["datePublished"] = "November"
    data["encoding"]["@type"] = "File"
    faults = vocabulary_faults(data)
    assert len(faults) == 5
    for part in ("'cuisine' is no property", "no servesCuisine", "'November'", "'File' is no type"):
        assert any(part in fault for fault in faults)


def test_the_editions_name_each_other(sample: Sample) -> None:
    pages = {
        code: structured(html.parse(str(sample.composed(code))).getroot()) for code in LANGUAGES
    }
    original, *others = pages.values()
    assert [each["@id"] for each in original["workTranslation"]] == [each["@id"] for each in others]
    assert others
    for each in others:
        assert each["translationOfWork"]["@id"] == original["@id"]


def test_every_work_of_the_list_is_cited_and_the_seed_is_what_it_is_based_on(
    edition: LocalizedMetadata, page: HtmlElement
) -> None:
    data = structured(page)
    assert len(data["citation"]) == len(page.xpath("//li[starts-with(@id, 'ref-')]")) > 0
    assert len(data["isBasedOn"]) == len(edition.article["based_on"]) > 0
    assert all(work in data["citation"] for work in data["isBasedOn"])


# --- Signposting ---


def test_signposts_are_those_of_the_fair_profile(
    edition: LocalizedMetadata, page: HtmlElement
) -> None:
    (cite_as,) = links(page, "cite-as")
    assert cite_as["href"] == edition.cited_as
    assert [link["href"] for link in links(page, "type")] == [
        "https://schema.org/AboutPage",
        "https://schema.org/ScholarlyArticle",
    ]
    (licence,), (item,) = links(page, "license"), links(page, "item")
    assert licence["href"] == edition.article["licence"]["text_url"]
    assert item == {"rel": "item", "href": f"{edition.file_name}.pdf", "type": "application/pdf"}
    assert all("type" in link for link in links(page, "describedby"))
    (linkset,) = links(page, "linkset")
    assert linkset["type"] == "application/linkset+json"


# --- the box ---


def test_the_box_has_every_format_as_text_and_as_a_file(
    edition: LocalizedMetadata, page: HtmlElement
) -> None:
    (box,) = page.xpath("//section[@aria-labelledby='cite']")
    shown = [pre.text for pre in box.iter("pre")]
    written = {
        name: form.write(edition).replace("\r\n", "\n").strip() for name, form in FORMATS.items()
    }
    text = written.pop("text")
    assert [each.strip() for each in shown] == list(written.values())
    assert box.xpath("string(.//p[@data-copy])") == text
    files = box.xpath(".//a[@download]/@href")
    assert files == [f"cite/{edition.file_name}.{form.ending}" for form in FORMATS.values()]


def test_the_box_leads_to_this_version_and_to_the_latest(
    edition: LocalizedMetadata, page: HtmlElement
) -> None:
    addresses = page.xpath("//dl[@class='cite-versions']//a/@href")
    assert addresses == [edition.permanent, edition.page]


def test_the_box_names_a_doi_and_earlier_versions(
    rewritten: Callable[[str, Any], HtmlElement],
) -> None:
    def release(article: dict[str, Any]) -> None:
        article["doi"] = "10.5281/zenodo.1"
        article["earlier"] = [{"version": "0.0.1", "date": "2025-01-02"}]

    page = rewritten("config/article.yaml", release)
    addresses = page.xpath("//dl[@class='cite-versions']//a/@href")
    assert addresses[0] == "https://doi.org/10.5281/zenodo.1"
    assert addresses[-1].endswith(f"/v0.0.1/{LANGUAGES[0]}/")
    assert meta(page, "citation_doi") == ["10.5281/zenodo.1"]
    assert [link["href"] for link in links(page, "predecessor-version")] == addresses[-1:]
    assert structured(page)["identifier"] == addresses[0]


# --- whatever the title ---


def test_a_hostile_title_stays_text_everywhere(
    rewritten: Callable[[str, Any], HtmlElement],
) -> None:
    page = rewritten(
        f"templates/{LANGUAGES[0]}/messages.yaml", lambda words: words.update(title=HOSTILE)
    )
    title = typeset(" ".join(HOSTILE.split()), PLAIN)
    assert meta(page, "citation_title") == meta(page, "og:title") == [title]
    assert structured(page)["headline"] == title
    assert page.xpath("//i[starts-with(., '&')]") == []
    assert " ".join(page.findtext(".//h1").split()) == title
    assert Path(page.base_url or "").name == f"{LANGUAGES[0]}.html"

"""Authors, affiliations, roles and funders: what each format says of them, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import rispy
import yaml
from bibtexparser import middlewares
from bibtexparser.entrypoint import parse_string
from lxml import html
from lxml.html import HtmlElement

from juchi.core.errors import UserError
from juchi.core.theme import THEME
from juchi.html.title_block import milestones, title_block
from juchi.plan.article_model import Article
from juchi.plan.identifiers import orcid_digit, ror_digits
from juchi.plan.models import validated
from juchi.plan.settings import read_subject
from juchi.prose.layout import fill_in
from juchi.prose.references import load_references
from juchi.site import citation
from juchi.site.cff_zenodo import as_cff, as_zenodo
from juchi.site.crate import describe
from juchi.site.localized_metadata import LocalizedMetadata, read_metadata
from juchi.site.metadata import credit, signposts, structured_data
from juchi.site.people import Name
from tests.juchi.test_cff_zenodo import cffconvert
from tests.juchi.test_crate import entities
from tests.juchi.test_metadata import vocabulary_faults
from tests.samples import ROOT

FOLDER = ROOT / "tests" / "articles" / "minimal"
# The iD that ORCID's own documentation shows.
ORCID = "0000-0002-1825-0097"
ADA: dict[str, Any] = {"family": "Example", "given": "Ada"}
SOFTWARE = {"title": "Dice", "description": "A die and its throws."}
PEOPLE: dict[str, Any] = {
    "author": None,
    "software": SOFTWARE,
    "authors": [
        {
            **ADA,
            "orcid": f"https://orcid.org/{ORCID}",
            "email": "ada@example.org",
            "affiliations": ["university", {"name": "Institute for Dice"}],
            "corresponding": True,
            "equal": True,
            "roles": ["Software", "Data curation", "Writing – original draft"],
        },
        {
            "family": "Muster",
            "given": "Max",
            "particle": "von",
            "suffix": "Jr.",
            "names": {"zh": "马克斯·冯·穆斯特"},
            "affiliations": ["university"],
            "equal": True,
        },
        {"family": "San", "given": "Zhang", "names": {"zh": {"family": "张", "given": "三"}}},
        {"name": {"en": "The Dice & Co. Group", "zh": "骰子协作组"}},
    ],
    "affiliations": {
        "university": {
            "name": {"en": "Example University", "zh": "示例大学"},
            "department": {"en": "Department of Examples", "zh": "示例系"},
            "city": {"en": "Exampleton", "zh": "示例市"},
            "ror": "05dxps055",
        }
    },
    "funding": [
        {
            "funder": {"en": "Example Foundation", "zh": "示例基金会"},
            "doi": "10.13039/501100000780",
            "award": "EX-1",
            "title": {"en": "Throwing dice", "zh": "掷骰子"},
        }
    ],
    "received": "2026-09-01",
    "published": "2026-11-20",
}


def editions_of(**keys: Any) -> dict[str, LocalizedMetadata]:
    """Return the editions of an article with other keys."""
    article = read_subject(FOLDER / "config", "article", {**PEOPLE, **keys})
    return read_metadata(article, FOLDER / "templates")


@pytest.fixture(scope="module")
def editions() -> dict[str, LocalizedMetadata]:
    return editions_of()


@pytest.fixture
def english(editions: dict[str, LocalizedMetadata]) -> LocalizedMetadata:
    return editions["en"]


@pytest.fixture
def chinese(editions: dict[str, LocalizedMetadata]) -> LocalizedMetadata:
    return editions["zh"]


# --- names ---


@pytest.mark.parametrize(
    ("name", "shown", "inverted"),
    [
        (Name("Example", "Ada"), "Ada Example", "Example, Ada"),
        (Name("Gogh", "Vincent", "van"), "Vincent van Gogh", "van Gogh, Vincent"),
        (
            Name("King", "Martin Luther", "", "Jr."),
            "Martin Luther King Jr.",
            "King, Martin Luther, Jr.",
        ),
        (Name("Aristotle"), "Aristotle", "Aristotle"),
        (Name("张", "三"), "张三", "张, 三"),
        (Name("山田", "太郎"), "山田太郎", "山田, 太郎"),
        (Name("佐々木", "一"), "佐々木一", "佐々木, 一"),
        (Name("김", "철수"), "김철수", "김, 철수"),
        (Name("Иванов", "Иван"), "Иван Иванов", "Иванов, Иван"),
        (Name("李", "Ada"), "Ada 李", "李, Ada"),
        (Name(whole="艾达·埃克桑普尔"), "艾达·埃克桑普尔", "艾达·埃克桑普尔"),
    ],
)
def test_a_name_is_printed_in_the_order_of_its_script(
    name: Name, shown: str, inverted: str
) -> None:
    assert (str(name), name.inverted) == (shown, inverted)


def test_each_language_has_its_names(
    english: LocalizedMetadata, chinese: LocalizedMetadata
) -> None:
    assert english.byline == "Ada Example, Max von Muster Jr., Zhang San, The Dice & Co. Group"
    assert chinese.byline == "Ada Example，马克斯·冯·穆斯特，张三，骰子协作组"


# --- the title block ---


def block(edition: LocalizedMetadata) -> HtmlElement:
    """Return the title block as a tree."""
    text = fill_in(
        THEME / "layout/authors.html.j2", people=title_block(edition), words=edition.words
    )
    return html.fragment_fromstring(text, create_parent="header")


def test_the_title_block_marks_affiliations_correspondence_and_equals(
    english: LocalizedMetadata,
) -> None:
    page = block(english)
    assert [each.text_content() for each in page.find_class("author")] == [
        "Ada Example1,2,†,*ORCID",
        "Max von Muster Jr.1,†",
        "Zhang San",
        "The Dice & Co. Group",
    ]
    assert [each.text_content() for each in page.xpath(".//li")] == [
        "1 Department of Examples, Example University, Exampleton",
        "2 Institute for Dice",
    ]
    assert [each.text_content() for each in page.find_class("author-notes")] == [
        "† These authors contributed equally.",
        "* Corresponding author: ada@example.org",
        f"ORCID: Ada Example {ORCID}",
    ]
    assert page.xpath(".//a/@href") == [
        f"https://orcid.org/{ORCID}",
        "mailto:ada@example.org",
        f"https://orcid.org/{ORCID}",
    ]


def test_the_chinese_title_block_is_set_as_chinese_is(chinese: LocalizedMetadata) -> None:
    page = block(chinese)
    assert page.find_class("authors")[0].text_content() == (
        "Ada Example1,2,†,*ORCID，马克斯·冯·穆斯特1,†，张三，骰子协作组"
    )
    assert page.xpath("string(.//li)") == "1 示例大学示例系，示例市"


def test_authors_of_one_place_need_no_marks() -> None:
    authors = [
        {**ADA, "affiliations": ["university"]},
        {"family": "B", "affiliations": ["university"]},
    ]
    page = block(editions_of(authors=authors)["en"])
    assert page.xpath(".//sup") == []
    assert page.xpath("string(.//li)") == "Department of Examples, Example University, Exampleton"


def test_several_corresponding_authors_are_named_with_their_addresses() -> None:
    authors = [
        {**ADA, "email": "a@example.org", "corresponding": True},
        {"family": "B", "email": "b@example.org", "corresponding": True},
    ]
    (note,) = title_block(editions_of(authors=authors, affiliations={})["en"]).notes
    text = html.fromstring(f"<p>{note}</p>").text_content()
    assert text == "* Corresponding authors: Ada Example, a@example.org, B, b@example.org"


def test_dates_are_told_as_the_language_writes_them(
    english: LocalizedMetadata, chinese: LocalizedMetadata
) -> None:
    assert milestones(english) == [
        ("Received 1 September 2026", "2026-09-01"),
        ("First published 20 November 2026", "2026-11-20"),
    ]
    assert milestones(chinese)[0] == ("2026年9月1日收稿", "2026-09-01")


def test_a_day_that_no_calendar_has_is_refused() -> None:
    edition = editions_of(received="2026-02-30")["en"]
    with pytest.raises(UserError, match=r"article\.yaml: received\n  found:    2026-02-30"):
        milestones(edition)


# --- formats of citations ---


def test_bibtex_has_persons_in_parts_and_organisations_in_braces(
    english: LocalizedMetadata, chinese: LocalizedMetadata
) -> None:
    assert (
        "  author = {Example, Ada and von Muster, Jr., Max and San, Zhang and "
        "{The Dice \\& Co. Group}},\n"
    ) in citation.as_bibtex(english)
    assert (
        "  author = {Example, Ada and 马克斯·冯·穆斯特 and 张, 三 and {骰子协作组}},\n"
    ) in citation.as_bibtex(chinese)
    names = [middlewares.SeparateCoAuthors(), middlewares.SplitNameParts()]
    library = parse_string(citation.as_bibtex(english), append_middleware=names)
    first, second, _, group = library.entries[0]["author"]
    assert (first.first, first.von, first.last) == (["Ada"], [], ["Example"])
    assert (second.first, second.von, second.last, second.jr) == (
        ["Max"], ["von"], ["Muster"], ["Jr."]
    )  # fmt: skip
    assert group.last == ["{The Dice \\& Co. Group}"]


def test_where_an_author_works_is_no_publisher_in_any_format() -> None:
    editions = editions_of(authors=PEOPLE["authors"][:2])
    english = editions["en"]
    assert "Example University" not in citation.as_text(english)
    assert citation.as_bibtex(english).startswith("@misc{"), "a report needs an institution"
    assert "institution" not in citation.as_bibtex(english)
    assert "PB  - " not in citation.as_ris(english)
    assert "publisher" not in citation.as_csl(english)
    assert (
        "institution" not in yaml.safe_load(as_cff(list(editions.values())))["preferred-citation"]
    )


def test_a_publisher_that_is_declared_is_named_in_every_format() -> None:
    editions = editions_of(authors=PEOPLE["authors"][:2], publisher={"en": "P", "zh": "社"})
    english = editions["en"]
    assert "institution = {{P}}" in citation.as_bibtex(english)
    assert citation.as_bibtex(english).startswith("@techreport{")
    assert "PB  - P\r\n" in citation.as_ris(english)
    assert citation.as_csl(english)["publisher"] == "P"
    reference = yaml.safe_load(as_cff(list(editions.values())))["preferred-citation"]
    assert reference["institution"] == {"name": "P"}


def test_a_family_name_of_two_words_is_kept_whole_in_bibtex() -> None:
    authors = [{"family": "García Márquez", "given": "Gabriel"}]
    written = citation.as_bibtex(editions_of(authors=authors, affiliations={})["en"])
    assert "author = {{García Márquez}, Gabriel}" in written


def test_ris_and_csl_have_every_author(english: LocalizedMetadata, tmp_path: Path) -> None:
    (read,) = rispy.loads(citation.as_ris(english))
    assert read["authors"] == [
        "Example, Ada",
        "von Muster, Max, Jr.",
        "San, Zhang",
        "The Dice & Co. Group,",
    ]
    item = citation.as_csl(english)
    assert item["author"] == [
        {"family": "Example", "given": "Ada"},
        {
            **{"family": "Muster", "given": "Max"},
            **{"non-dropping-particle": "von", "suffix": "Jr."},
        },
        {"family": "San", "given": "Zhang"},
        {"literal": "The Dice & Co. Group"},
    ]
    path = tmp_path / "references.json"
    path.write_text(json.dumps([item]), encoding="utf-8")
    assert load_references(path).items == {english.key: item}
    assert citation.as_text(english).startswith("A. Example, M. von Muster Jr., Z. San, and")


def test_cff_has_persons_with_orcid_and_affiliation(
    editions: dict[str, LocalizedMetadata], tmp_path: Path
) -> None:
    text = as_cff(list(editions.values()))
    record = yaml.safe_load(text)
    assert record["authors"] == [
        {
            "family-names": "Example",
            "given-names": "Ada",
            "orcid": f"https://orcid.org/{ORCID}",
            "email": "ada@example.org",
            "affiliation": "Department of Examples, Example University, Exampleton; "
            "Institute for Dice",
        },
        {
            "family-names": "Muster",
            "given-names": "Max",
            "name-particle": "von",
            "name-suffix": "Jr.",
            "affiliation": "Department of Examples, Example University, Exampleton",
        },
        {"family-names": "San", "given-names": "Zhang"},
        {"name": "The Dice & Co. Group"},
    ]
    assert record["references"][0]["authors"][2] == {"family-names": "张", "given-names": "三"}
    (tmp_path / "CITATION.cff").write_text(text, "utf-8")
    assert cffconvert(tmp_path).returncode == 0


def test_zenodo_has_creators_contributors_and_grants(
    editions: dict[str, LocalizedMetadata],
) -> None:
    record = as_zenodo(list(editions.values()))
    ada = {
        "name": "Example, Ada",
        "affiliation": "Department of Examples, Example University, Exampleton; Institute for Dice",
        "orcid": ORCID,
    }
    assert record["creators"][0] == ada
    assert [each["name"] for each in record["creators"][1:]] == [
        "von Muster, Max, Jr.",
        "San, Zhang",
        "The Dice & Co. Group",
    ]
    assert record["contributors"] == [
        {**ada, "type": "ContactPerson"},
        {**ada, "type": "DataCurator"},
    ]
    assert record["grants"] == [{"id": "10.13039/501100000780::EX-1"}]


# --- linked data ---


def test_structured_data_have_persons_their_places_and_the_grant(
    editions: dict[str, LocalizedMetadata],
) -> None:
    data = structured_data(editions["en"], list(editions.values()), "", [])
    ada, max_, _, group = data["author"]
    assert ada == {
        "@type": "Person",
        "@id": f"https://orcid.org/{ORCID}",
        "name": "Ada Example",
        "familyName": "Example",
        "givenName": "Ada",
        "identifier": f"https://orcid.org/{ORCID}",
        "email": "ada@example.org",
        "affiliation": [
            {
                "@type": "Organization",
                "name": "Example University",
                "identifier": "https://ror.org/05dxps055",
                "department": {"@type": "Organization", "name": "Department of Examples"},
                "address": {"@type": "PostalAddress", "addressLocality": "Exampleton"},
            },
            {"@type": "Organization", "name": "Institute for Dice"},
        ],
    }
    assert (max_["familyName"], max_["honorificSuffix"]) == ("von Muster", "Jr.")
    assert data["publisher"] == group == {"@type": "Organization", "name": "The Dice & Co. Group"}
    assert data["funding"] == [
        {
            "@type": "Grant",
            "identifier": "EX-1",
            "name": "Throwing dice",
            "funder": {
                "@type": "Organization",
                "@id": "https://doi.org/10.13039/501100000780",
                "name": "Example Foundation",
            },
        }
    ]
    assert (data["datePublished"], data["dateModified"]) == ("2026-11-20", "2026-11-30")
    assert "abstract" not in data
    assert vocabulary_faults(data) == []


def test_a_name_without_parts_borrows_them_from_the_first_name(
    chinese: LocalizedMetadata,
) -> None:
    second = credit(chinese)["author"][1]
    assert (second["name"], second["familyName"]) == ("马克斯·冯·穆斯特", "von Muster")


def test_persons_alone_publish_nothing_unless_somebody_is_named() -> None:
    assert "publisher" not in credit(editions_of(authors=PEOPLE["authors"][:2])["en"])
    named = editions_of(authors=PEOPLE["authors"][:2], publisher={"en": "P", "zh": "社"})["zh"]
    assert credit(named)["publisher"] == {"@type": "Organization", "name": "社"}


def test_the_crate_has_an_entity_for_each_person_and_organisation(
    editions: dict[str, LocalizedMetadata], tmp_path: Path
) -> None:
    found = entities(describe(tmp_path, list(editions.values())))
    ada, max_, _, group = (found[each["@id"]] for each in found["./"]["author"])
    assert (ada["@id"], ada["@type"]) == (f"https://orcid.org/{ORCID}", "Person")
    university, institute = (found[each["@id"]] for each in ada["affiliation"])
    assert found[university["department"]["@id"]]["name"] == "Department of Examples"
    assert institute["name"] == "Institute for Dice"
    assert max_["affiliation"] == {"@id": university["@id"]}
    assert found["./"]["publisher"] == {"@id": group["@id"]}
    grant = found[found["./"]["funding"]["@id"]]
    assert found[grant["funder"]["@id"]]["name"] == "Example Foundation"


def test_signposts_lead_to_the_authors_that_have_an_address(english: LocalizedMetadata) -> None:
    authors = [link["href"] for link in signposts(english) if link["rel"] == "author"]
    assert authors == [f"https://orcid.org/{ORCID}"]


# --- identifiers ---


@pytest.mark.parametrize("orcid", [ORCID, "0000-0001-5109-3700", "0000-0002-1694-233X"])
def test_the_last_digit_of_an_orcid_id_is_checked(orcid: str) -> None:
    assert orcid_digit(orcid) == orcid[-1]


@pytest.mark.parametrize("ror", ["05dxps055", "042nb2s44", "00f54p054", "013meh722"])
def test_the_last_digits_of_a_ror_id_are_checked(ror: str) -> None:
    assert ror_digits(ror) == ror[-2:]


# --- what is refused ---


def author(**keys: Any) -> Callable[[], dict[str, Any]]:
    return lambda: {**PEOPLE, "authors": [{**ADA, **keys}], "affiliations": {}}


def article(**keys: Any) -> Callable[[], dict[str, Any]]:
    return lambda: {**PEOPLE, **keys}


@pytest.mark.parametrize(
    ("values", "place", "said"),
    [
        (author(orcid="0000-0002-1825-0098"), "authors.0.orcid", "would end in 7"),
        (author(orcid="0000-0002-1825"), "authors.0.orcid", "ORCID iD of a person"),
        (author(roles=["softwear"]), "authors.0.roles.0", "did you mean 'software'?"),
        (author(roles=["Visualisation"]), "authors.0.roles.0", "did you mean 'visualization'?"),
        (author(roles=["Software", "software"]), "authors.0.roles", "uniqueItems"),
        (author(affiliations=["uni"]), "authors.0.affiliations.0", "declare it under"),
        (author(affiliations=[{"nme": "X"}]), "authors.0.affiliations.0.nme", "mean 'name'?"),
        (author(corresponding=True), "authors.0.corresponding", "without an address"),
        (author(email="ada at home"), "authors.0.email", "ada at home"),
        (author(equal=True), "authors.0.equal", "one author alone"),
        (author(family="<b>Example</b>"), "authors.0.family", "with markup"),
        (author(given="*Ada*"), "authors.0.given", "with markup"),
        (author(family="Example, Ada"), "authors.0.family", "one part of the name"),
        (author(family="Example and Other"), "authors.0.family", "each person an entry"),
        (author(name="X"), "authors.0.name", "both a family name and a name"),
        (author(names={"de": "X"}), "authors.0.names.de", "the article has not"),
        (author(names={"zh": {"given": "X"}}), "authors.0.names.zh.family", "no such key"),
        (author(ror="05dxps056"), "authors.0.ror", "would end in 55"),
        (article(authors=[]), "authors", "minItems"),
        (article(authors=["Ada Example"]), "authors.0", "`{ family: …, given: … }` of a person"),
        (article(authors=None), "author", "no author"),
        (article(author="X"), "author", "author and authors"),
        (article(author=[ADA]), "author", "list them under `authors`"),
        (article(authors=[{"given": "A"}]), "authors.0", "neither a family name nor a name"),
        (article(authors=[{"name": "X", "given": "A"}]), "authors.0.given", "an organisation"),
        (article(authors=[ADA]), "affiliations.university", "an affiliation of no author"),
        (
            article(authors=[{**ADA, "orcid": ORCID}] * 2, affiliations={}),
            "authors.1.orcid",
            "the ORCID iD of authors.0 too",
        ),
        (article(publisher={"en": "P"}), "publisher", "add 'zh'"),
        (article(received="2026-12-24"), "published", "which is before received"),
        (article(funding=[{"award": "1"}]), "funding.0.funder", "who gave it"),
    ],
)
def test_what_cannot_be_is_refused_at_its_key(
    values: Callable[[], dict[str, Any]], place: str, said: str
) -> None:
    declared = read_subject(FOLDER / "config", "article")
    with pytest.raises(UserError) as refusal:
        validated(Article, {**declared, **values()}, "config/article.yaml")
    message = str(refusal.value)
    assert message.startswith(f"error: config/article.yaml: {place}\n")
    assert said in message


def test_one_organisation_is_what_it_was(english: LocalizedMetadata) -> None:
    """The string of ``author`` stands for an organisation whose address is the site's."""
    declared = read_subject(FOLDER / "config", "article")
    edition = replace(english, article={**english.article, **declared})
    assert edition.publisher == "The authors of the dice"
    assert credit(edition) == {
        key: {"@type": "Organization", "name": edition.publisher, "url": edition.home}
        for key in ("author", "publisher")
    }

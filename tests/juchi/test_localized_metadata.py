"""The one record that everything takes names, dates and addresses from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from juchi.core.errors import UserError
from juchi.site.localized_metadata import LocalizedMetadata
from tests.samples import Sample


@pytest.fixture(scope="session")
def sample(published: Sample) -> Sample:
    """Give the article as it is once it is published."""
    return published


def changed(edition: LocalizedMetadata, **settings: Any) -> LocalizedMetadata:
    return replace(edition, article={**edition.article, **settings})


def test_every_address_lies_where_the_configuration_says(sample: Sample, language: str) -> None:
    edition = changed(
        sample.editions[language],
        address="https://juchi.test/a/",
        permanent="archive/v{version}/",
        version="1.20.3",
    )
    assert edition.page == f"https://juchi.test/a/{language}/"
    assert edition.paper == f"https://juchi.test/a/{language}/juchi.{language}.pdf"
    assert edition.permanent_site == "https://juchi.test/a/archive/v1.20.3/"
    assert edition.permanent == f"https://juchi.test/a/archive/v1.20.3/{language}/"
    assert edition.cited_as == edition.permanent


def test_the_doi_is_cited_once_there_is_one(sample: Sample, language: str) -> None:
    edition = sample.editions[language]
    assert edition.doi is None
    edition = changed(edition, doi="10.5281/zenodo.1")
    assert edition.cited_as == "https://doi.org/10.5281/zenodo.1"


def test_earlier_versions_keep_their_addresses(sample: Sample, language: str) -> None:
    earlier = [{"version": "0.1.9", "date": "2026-01-31"}]
    edition = changed(sample.editions[language], earlier=earlier)
    (version,) = edition.earlier
    assert (version.number, version.date.isoformat()) == ("0.1.9", "2026-01-31")
    assert version.address == edition.permanent.replace(edition.article["version"], "0.1.9")


@pytest.mark.parametrize(
    ("settings", "place"),
    [
        ({"date": "2026-02-30"}, "config/article.yaml: date"),
        (
            {"earlier": [{"version": "0.1.0", "date": "2026-13-01"}]},
            "config/article.yaml: earlier.0.date",
        ),
    ],
)
def test_a_day_that_no_calendar_has_is_told(
    sample: Sample, settings: dict[str, Any], place: str
) -> None:
    edition = changed(sample.editions["en"], **settings)
    with pytest.raises(UserError) as refused:
        _ = (edition.date, edition.earlier)
    assert str(refused.value).startswith(f"error: {place}\n")


def test_texts_come_on_one_line(sample: Sample) -> None:
    edition = sample.editions["en"]
    edition = replace(edition, words={**edition.words, "title": " Two\n  lines \t"})
    assert edition.title == "Two lines"

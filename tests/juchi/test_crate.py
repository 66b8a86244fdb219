"""The crate describes every file of the site as it is, and the format's validator accepts it."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from juchi.plan.settings import read_subject
from juchi.site.crate import describe
from juchi.site.metadata import CRATE
from setup import venv
from tests.project import Project
from tests.samples import ROOT, Sample

CONTEXT = ROOT / "tests" / "data" / "ro-crate-1.2-context.jsonld"
# What only a registered organisation with a site on the web can have: an address, one in ROR,
# somebody to write to, and an identifier that resolves from here.
BEYOND = (
    *("SHOULD have a URL", "ROR identifier", "contactPoint"),
    "SHOULD resolve to the RO-Crate",
)
FILES = {
    "index.html": "other_page",
    "robots.txt": "for_machines",
    "linkset.json": "for_machines",
    "data/facts.json": "record",
    "data/paths.curves.csv": "table",
    "assets/copy.js": "assets",
    "en/index.html": "page",
    "en/juchi.en.pdf": "paper",
    "en/provenance.html": "other_page",
    "en/preview.png": "preview",
    "en/cite/juchi.en.csl.json": "citation",
    "figures/zh/regimes.dark.svg": "figure",
    "fonts/zh/a.woff2": "fonts",
}


@pytest.fixture(scope="session")
def sample(published: Sample) -> Sample:
    """Give the article as it is once it is published."""
    return published


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Give a small site with a file of every kind."""
    for name in FILES:
        path = tmp_path / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")
    return tmp_path / "site"


def entities(crate: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    found = {entity["@id"]: entity for entity in crate["@graph"]}
    assert len(found) == len(crate["@graph"])
    return found


def validated(folder: Path) -> dict[str, Any]:
    """Return what the validator says of a folder."""
    done = subprocess.run(
        [venv.tool("python", ROOT), ROOT / "tests" / "validate_crate.py", folder, CONTEXT],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    # Before its answer, the validator may print a report of its own.
    said: dict[str, Any] = json.loads(
        next(line for line in done.stdout.splitlines() if line.startswith('{"checks"'))
    )
    return said


def test_every_file_is_described_as_it_is(sample: Sample, site: Path) -> None:
    found = entities(describe(site, list(sample.editions.values())))
    words = next(iter(sample.editions.values())).words["crate"]
    assert [part["@id"] for part in found["./"]["hasPart"]] == sorted(FILES)
    for name, kind in FILES.items():
        entity = found[name]
        assert entity["description"] == words[kind]
        assert entity["contentSize"] == str(len(name))
        assert entity["sha256"] == hashlib.sha256(name.encode()).hexdigest()
    assert found["en/index.html"]["@type"] == ["File", "ScholarlyArticle"]
    assert found["figures/zh/regimes.dark.svg"]["inLanguage"] == "zh-Hans"
    assert "inLanguage" not in found["data/paths.curves.csv"]


def test_media_types_are_told_by_the_longest_ending(sample: Sample, site: Path) -> None:
    found = entities(describe(site, list(sample.editions.values())))
    assert found["en/cite/juchi.en.csl.json"]["encodingFormat"] == (
        "application/vnd.citationstyles.csl+json"
    )
    assert found["linkset.json"]["encodingFormat"] == "application/linkset+json"
    assert found["data/facts.json"]["encodingFormat"] == "application/json"


def test_the_crate_says_what_the_record_says(sample: Sample, site: Path) -> None:
    edition = next(iter(sample.editions.values()))
    found = entities(describe(site, list(sample.editions.values())))
    root = found["./"]
    assert root["datePublished"] == edition.article["date"]
    assert root["version"] == edition.article["version"]
    assert root["inLanguage"] == [each.tag for each in sample.editions.values()]
    assert found[root["author"]["@id"]]["name"] == edition.publisher
    assert found[root["identifier"]["@id"]]["url"] == root["cite-as"] == edition.permanent_site
    assert root["mainEntity"]["@id"] in found


def test_a_list_of_one_is_its_value(sample: Sample, site: Path) -> None:
    edition = next(iter(sample.editions.values()))
    words = {**edition.words, "keywords": ["one"]}
    root = entities(describe(site, [replace(edition, words=words)]))["./"]
    assert root["inLanguage"] == edition.tag
    assert root["keywords"] == "one"


def test_fonts_and_code_keep_their_own_licences(sample: Sample, site: Path) -> None:
    found = entities(describe(site, list(sample.editions.values())))
    licence = sample.plan.article["licence"]
    assert found["en/index.html"]["license"]["@id"] == licence["text_url"]
    assert found["assets/copy.js"]["license"]["@id"].endswith(f"/{licence['code']}")
    assert found["fonts/zh/a.woff2"]["license"]["@id"].endswith(f"/{licence['fonts']}")
    assert all(
        entity["license"]["@id"] in found for entity in found.values() if "license" in entity
    )
    families = read_subject(ROOT / "config", "fonts")["families"].values()
    assert {family["licence"] for family in families} == {licence["fonts"]}


@pytest.mark.parametrize("article", ["small", pytest.param("built", marks=pytest.mark.nightly)])
def test_the_validator_accepts_the_built_site(request: pytest.FixtureRequest, article: str) -> None:
    project: Project = request.getfixturevalue(article)
    site = project.folder / "build" / "site"
    found = entities(json.loads((site / CRATE).read_text("utf-8")))
    files = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    assert files - found.keys() == {"manifest.json"}
    said = validated(site)
    assert said["checks"] > 100
    surplus = [issue for issue in said["issues"] if not any(part in issue[1] for part in BEYOND)]
    assert surplus == []


def test_the_validator_sees_a_missing_file_and_a_missing_licence(
    sample: Sample, site: Path
) -> None:
    crate = describe(site, list(sample.editions.values()))
    del entities(crate)["./"]["license"]
    (site / CRATE).write_text(json.dumps(crate), encoding="utf-8")
    (site / "data" / "paths.curves.csv").unlink()
    demanded = [issue for issue in validated(site)["issues"] if issue[0] == "REQUIRED"]
    assert any("license" in message for _, message, _ in demanded)
    assert any("paths.curves.csv" in f"{message} {entity}" for _, message, entity in demanded)

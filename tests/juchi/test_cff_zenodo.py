"""`CITATION.cff` and `.zenodo.json` follow from the record, and are what archives accept."""

from __future__ import annotations

import shutil
import subprocess
import tomllib
from pathlib import Path

import yaml

import juchi
from juchi.site import cff_zenodo
from juchi.site.cff_zenodo import CFF, ZENODO, as_cff, as_zenodo
from setup import venv
from tests.samples import ROOT, Sample


def test_the_files_of_the_repository_follow_from_the_record(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    cff_zenodo.write(tmp_path)
    for name in (CFF, ZENODO):
        stale = f"{name} is out of date: run `make citation`"
        assert (ROOT / name).read_bytes() == (tmp_path / name).read_bytes(), stale


def cffconvert(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(venv.tool("cffconvert", ROOT)), "--validate"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_cffconvert_accepts_the_citation_file(tmp_path: Path) -> None:
    assert cffconvert(ROOT).returncode == 0
    text = (ROOT / CFF).read_text("utf-8")
    (tmp_path / CFF).write_text(text.replace("type: unpublished", "type: sermon"), "utf-8")
    assert cffconvert(tmp_path).returncode != 0


def test_the_package_says_the_same_of_itself(sample: Sample) -> None:
    article = sample.plan.article
    package = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert juchi.__version__ == article["version"]
    assert package["license"] == article["licence"]["code"]
    assert package["authors"] == [{"name": article["author"]}]
    assert (ROOT / "CHANGELOG.md").read_text("utf-8").count(
        f"## [{article['version']}] - {article['date']}\n"
    ) == 1


def test_every_edition_is_cited_by_its_permanent_address(published: Sample) -> None:
    first, *others = published.editions.values()
    record = yaml.safe_load(as_cff([first, *others]))
    cited = [record["preferred-citation"], *record["references"]]
    editions = [first, *others]
    assert [work["url"] for work in cited] == [each.permanent for each in editions]
    assert [work["title"] for work in cited] == [each.title for each in editions]
    assert all(work["authors"] == [{"name": first.publisher}] for work in [record, *cited])


def test_the_deposit_is_what_zenodo_asks_of_software(published: Sample) -> None:
    editions = list(published.editions.values())
    record = as_zenodo(editions)
    # What https://developers.zenodo.org/#representation demands, and the words that it knows.
    assert {"upload_type", "title", "creators", "description", "access_right", "license"} <= set(
        record
    )
    assert record["upload_type"] == "software"
    assert record["access_right"] == "open"
    assert record["creators"] == [{"name": editions[0].publisher}]
    assert {each["relation"] for each in record["related_identifiers"]} <= {
        "isDocumentedBy",
        "isSupplementTo",
    }
    addresses = {each["identifier"] for each in record["related_identifiers"]}
    assert {each.permanent for each in editions} < addresses

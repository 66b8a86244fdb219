"""A site is what its manifest lists and what a rebuild from clean gives, wherever that is done."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from contextlib import chdir
from pathlib import Path

import pytest

from juchi.core import environment
from juchi.core.errors import UserError
from juchi.core.tables import read_table, write_table
from juchi.verify import verify as verification
from juchi.verify.platforms import disagreements, read_tolerances
from juchi.verify.verify import check_manifest
from tests.juchi.test_watertight import steps
from tests.project import ROOT, Project


def verify(project: Project, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the command in the folder of a project."""
    return subprocess.run(
        [sys.executable, "-m", "juchi", "verify", *options],
        cwd=project.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},  # the folder of the site holds no code
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_one_cell_that_a_rebuild_has_otherwise_is_told_and_nothing_else(
    built: Project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What is built stands for the rebuild; in test_commands `make verify` makes one, elsewhere."""
    project = built.copy(tmp_path / "project")
    table = project.folder / "results" / "one_weight" / "listing.samples.parquet"
    columns = {name: values.copy() for name, values in read_table(table).items()}
    columns["final_loss"][3] += 0.5
    write_table(table, columns)

    gone = table.with_name("gone.samples.parquet")
    shutil.copyfile(table, gone)

    def as_built(folder: Path, cores: int, overlay: Path | None) -> None:
        for name in ("results", "build/site"):
            shutil.copytree(built.folder / name, folder / name)

    monkeypatch.setattr(verification, "rebuild", as_built)
    with pytest.raises(SystemExit, match="1"), chdir(project.folder):
        verification.verify(4, None, None)
    said = capsys.readouterr().out
    told = [line for line in said.splitlines() if "differs" in line or "|" in line]
    assert told[0] == "results/one_weight/listing.samples.parquet differs (present | rebuilt)"
    assert told[1].startswith("    row 4 (start 3), final_loss: ")
    assert len(told) == 2
    assert "results/one_weight/gone.samples.parquet is not compared" in said


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("en/juchi.en.pdf", "en/juchi.en.pdf was changed"),
        ("data/new.csv", "data/new.csv is not listed"),
    ],
)
def test_a_site_that_was_changed_is_told_before_anything_is_built(
    built: Project, tmp_path: Path, name: str, found: str
) -> None:
    site = tmp_path / "build" / "site"
    shutil.copytree(built.folder / "build" / "site", site)
    for article in ("Snakefile", "config/article.yaml"):
        (tmp_path / article).parent.mkdir(exist_ok=True)
        (tmp_path / article).touch()
    with (site / name).open("ab") as file:
        file.write(b"x")
    done = verify(Project(tmp_path))
    assert done.returncode == 1
    assert found in done.stderr
    assert "Traceback" not in done.stderr
    assert "rebuil" not in done.stdout
    (site / name).unlink()
    (site / "index.html").unlink()
    with pytest.raises(UserError, match=r"index\.html is missing"):
        check_manifest(site)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"sha256": 1}', "{"])
def test_a_damaged_manifest_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text, "utf-8")
    with pytest.raises(UserError) as caught:
        check_manifest(tmp_path)
    assert str(caught.value).startswith(f"error: {tmp_path / 'manifest.json'}\n")


OTHERWISE = {"ATEN_CPU_CAPABILITY": "default", "OPENBLAS_CORETYPE": "Nehalem"}


@pytest.mark.nightly
def test_other_arithmetic_gives_other_bytes_and_the_same_statistics(
    built: Project, tmp_path: Path
) -> None:
    other = Project.create(tmp_path / "other")
    result = other.snakemake("--until", "data", environment=OTHERWISE)
    assert result.returncode == 0, result.stdout + result.stderr
    here, there = (project.folder / "build/web/data" for project in (built, other))
    assert (here / "paths.curves.csv").read_bytes() != (there / "paths.curves.csv").read_bytes()
    assert list(disagreements(here, there, read_tolerances(ROOT / "config"))) == []


@pytest.mark.nightly
def test_variants_of_other_arithmetic_have_other_bytes_and_the_same_statistics(
    built: Project, tmp_path: Path
) -> None:
    """The shorter form: the other experiments, which take longest, are taken as they are."""
    (facts,) = [step for step in steps(built, "--forceall") if step.rule == "facts"]
    settings = [name for name in facts.inputs if name.startswith("build/settings/")]
    other = Project.create(tmp_path / "other")
    paths = "analyses/paths.curves.parquet"
    result = other.snakemake("--", f"results/{paths}", *settings, environment=OTHERWISE)
    assert result.returncode == 0, result.stdout + result.stderr
    here, there = (project.folder / "results" for project in (built, other))
    for name in facts.inputs:
        if name.startswith("results/") and not (other.folder / name).exists():
            (other.folder / name).parent.mkdir(exist_ok=True, parents=True)
            shutil.copy2(built.folder / name, other.folder / name)
    subprocess.run(
        ["bash", "-c", facts.command],
        cwd=other.folder,
        env=environment.for_jobs(other.folder),
        check=True,
    )
    assert (here / paths).read_bytes() != (there / paths).read_bytes()
    assert list(disagreements(here, there, read_tolerances(ROOT / "config"))) == []


def test_a_copy_of_the_same_site_is_the_same(built: Project, tmp_path: Path) -> None:
    shutil.copytree(built.folder / "build" / "site", tmp_path / "site")
    for against in (tmp_path / "site", tmp_path / "site" / "manifest.json"):
        done = verify(built, "--against", str(against))
        assert done.returncode == 0, done.stderr
        assert "the same, byte for byte" in done.stdout


def test_a_site_whose_numbers_are_off_is_told_fact_by_fact(built: Project, tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(built.folder / "build" / "site", site)
    path = site / "data" / "facts.json"
    facts = json.loads(path.read_text("utf-8"))
    facts["post.sharpness"]["value"] *= 1.001
    path.write_text(json.dumps(facts), "utf-8")
    manifest = json.loads((site / "manifest.json").read_text("utf-8"))
    assert verify(built, "--against", str(site)).returncode == 1  # the manifest names the file
    digest = subprocess.run(["sha256sum", path], capture_output=True, text=True, check=True)
    manifest["sha256"]["data/facts.json"] = digest.stdout.split()[0]
    (site / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    done = verify(built, "--against", str(site))
    assert done.returncode == 1
    assert "out of tolerance: post.sharpness: " in done.stdout
    assert "post: chaotic, exponent " in done.stdout
    assert "small_step: 100.0% of the runs end together" in done.stdout

"""The article on a real Slurm, with a node that fails on the way: the same bytes as built here."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.project import WALKS, Project, without
from tests.slurm import cluster as slurm
from tests.slurm.cluster import Cluster, wait_until

OBSTACLE = slurm.obstacle()
pytestmark = pytest.mark.skipif(OBSTACLE is not None, reason=str(OBSTACLE))

# Asked after a second rather than forty, these jobs being short.
PROFILE = ("--profile", "profiles/slurm", "--slurm-init-seconds-before-status-checks", "1")
CACHE = ("--cache", "experiment")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with slurm.running() as cluster:
        yield cluster


@dataclass(frozen=True)
class Rebuilt:
    """A project that was built on the cluster, and the jobs of the node that failed."""

    project: Project
    lost: list[str]


def slow_down(project: Project) -> None:
    """Have what trains take seconds, so that there is a job to be lost: it imports this module."""
    text = """
import contextlib
import time


def threadpool_limits(_):
    time.sleep(5)
    return contextlib.nullcontext()
"""
    (project.folder / "threadpoolctl.py").write_text(text, "utf-8")


@pytest.fixture(scope="module")
def rebuilt(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Rebuilt:
    """Build the article on the cluster, and set a node down under the jobs that run on it."""
    project = Project.create(tmp_path_factory.mktemp("slurm") / "project", (), WALKS)
    slow_down(project)
    log = project.folder.parent / "log"
    with (
        log.open("w") as output,
        subprocess.Popen(
            [*cluster.within, sys.executable, "-m", "snakemake", *project.overlay, *PROFILE],
            cwd=project.folder,
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as build,
    ):
        try:
            made = project.folder / "results" / "walks"
            wait_until(lambda: any(made.glob("*.parquet")), "a configuration is trained", 1800)
            lost = cluster.lose("n1")
        except AssertionError:
            build.terminate()
            raise
        build.wait()
    assert build.returncode == 0, log.read_text("utf-8")[-4000:]
    return Rebuilt(project, lost)


@pytest.mark.nightly
def test_it_gives_the_same_bytes_though_a_node_fails(small: Project, rebuilt: Rebuilt) -> None:
    assert rebuilt.lost
    assert results(rebuilt.project) == results(small)
    assert rebuilt.project.site() == small.site()


def test_one_changed_configuration_is_one_job_whose_result_other_clones_share(
    small: Project, cluster: Cluster, tmp_path: Path
) -> None:
    """Under the same key, whether the cluster or this machine asks the cache for it."""
    (tmp_path / "cache").mkdir()
    environment = {"SNAKEMAKE_OUTPUT_CACHE": str(tmp_path / "cache")}
    clones = [small.copy(tmp_path / name) for name in ("there", "here")]
    for clone in clones:
        old = "long: { like: drunk, steps: 25"
        clone.edit("config/experiments.yaml", old, "long: { like: drunk, steps: 26")
    there = replace(clones[0], built_within=cluster.within)
    before = set(cluster.jobs("--states=all"))
    trained = ("--until", "experiment", *CACHE)
    done = there.snakemake(*trained, *PROFILE, cores=1, environment=environment)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    (job,) = set(cluster.jobs("--states=all")) - before
    told = cluster.ask("squeue", "--jobs", job, "--states=all", "--format=%k")
    # The group, which is named after the experiment, and its rule.
    assert "rule_walks_experiment" in told
    before_here = results(clones[1])
    with without("threadpoolctl", clones[1]):
        done = clones[1].snakemake(*trained, environment=environment)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    after = results(clones[1])
    assert after == results(clones[0])
    changed = {name for name in after if after[name] != before_here[name]}
    assert {name.partition("/")[2].partition(".")[0] for name in changed} == {"long"}


def results(project: Project) -> dict[str, bytes]:
    folder = project.folder / "results"
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}

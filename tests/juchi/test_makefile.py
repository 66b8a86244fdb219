"""The Makefile: what its goals run, what they say at the end, and what they leave alone."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from snakemake.cli import parse_args

ROOT = Path(__file__).parents[2]
PYTHON = """#!/bin/sh
case "$1 $2" in
    -c*) exit 0 ;;
    "-m setup") echo "set up for $5" ;;
    "-m juchi") echo "$(command -v python) $@"; . "${0%/*}/juchi" ;;
    *) echo "python $@" ;;
esac
"""


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    """Give a ready environment whose programs say how they were called."""
    folder = tmp_path / "ready"
    (folder / "bin").mkdir(parents=True)
    program(folder, "python", PYTHON)
    program(folder, "juchi", "")
    return folder


def program(venv: Path, name: str, text: str) -> None:
    path = venv / "bin" / name
    path.write_text(text)
    path.chmod(0o755)


def make(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    ours = {"VENV", "PYTHON", "CORES", "ARGS", "CONDA_DEFAULT_ENV", "CONDA_PREFIX"}
    # Pytest may itself run under make, whose variables would reach this one.
    outer = ours | {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES"}
    environment = {name: value for name, value in os.environ.items() if name not in outer}
    return subprocess.run(
        ["make", "-f", ROOT / "Makefile", *arguments],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_article_sets_up_builds_and_ends_with_the_place_and_the_time(venv: Path) -> None:
    done = make("article", f"VENV={venv}")
    first, second, last = done.stdout.splitlines()
    assert done.returncode == 0
    assert first == "set up for article"
    assert second == f"{venv}/bin/python -m juchi build --cores 4"
    assert re.fullmatch(r"The article is in build/site/ \(0 min \d+ s\)\.", last)


def test_a_failed_build_says_nothing_of_a_site(venv: Path) -> None:
    program(venv, "juchi", "echo a step failed >&2\nexit 1\n")
    done = make("article", f"VENV={venv}")
    assert done.returncode != 0
    assert "build/site" not in done.stdout + done.stderr
    assert "a step failed" in done.stderr


def test_a_failed_set_up_starts_no_build(venv: Path) -> None:
    program(venv, "python", '#!/bin/sh\ntest "$1" = -c\n')
    program(venv, "juchi", "echo built\n")
    done = make("article", f"VENV={venv}")
    assert done.returncode != 0
    assert "built" not in done.stdout


def test_test_sets_up_and_ends_with_pytest(venv: Path) -> None:
    done = make("test", f"VENV={venv}", "ARGS=-k pins")
    first, second = done.stdout.splitlines()
    assert first == "set up for test"
    assert re.fullmatch(r"python -m pytest -n auto .* -k pins", second)


def test_python_starts_as_it_comes_whatever_its_variables_say(
    venv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PYTHONPATH", "PYTHONHOME", "PYTHONSAFEPATH", "PYTHONINSPECT", "PYTHONUTF8"):
        monkeypatch.setenv(name, "/hostile")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    program(venv, "juchi", "env\n")
    lines = make("article", f"VENV={venv}", "PYTHON=/mine/python3.11").stdout.splitlines()
    seen = {name: text for name, _, text in (line.partition("=") for line in lines)}
    assert {name: text for name, text in seen.items() if name.startswith("PYTHON")} == {
        "PYTHON": "/mine/python3.11",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        **{name: os.environ[name] for name in ("PYTHONUNBUFFERED",) if name in os.environ},
    }


def test_reference_has_snakemake_make_the_settings_that_it_then_reads(venv: Path) -> None:
    program(venv, "snakemake", '#!/bin/sh\necho "snakemake $@"\n')
    _, article, _, settings, recomputed = make("reference", f"VENV={venv}").stdout.splitlines()
    assert article.endswith("-m juchi build --cores 4")
    # As Snakemake itself understands the line.
    assert [*parse_args(settings.split()[1:])[1].targets] == ["build/settings/reference.json"]
    assert "--settings build/settings/reference.json" in recomputed


@pytest.mark.parametrize(
    ("goal", "options"),
    [
        (["serve", "PORT=8001"], "serve --port 8001"),
        (["preview", "CORES=2"], "preview --port 8000 --cores 2"),
        (["coverage"], "coverage"),
        (["coverage", "SHOW=reasoning definition"], "coverage --show reasoning --show definition"),
        (["verify"], "verify --cores 4"),
        (
            ["verify", "AGAINST=a b", "OVERLAY=config/smoke.yaml"],
            "verify --cores 4 --against a b --overlay config/smoke.yaml",
        ),
        (["citation"], "cite"),
    ],
)
def test_a_goal_calls_the_command_of_this_folder(venv: Path, goal: list[str], options: str) -> None:
    _, called = make(*goal, f"VENV={venv}").stdout.splitlines()
    assert called.split() == [f"{venv}/bin/python", "-m", "juchi", *options.split()]


@pytest.mark.parametrize(("name", "taken"), [("juchi", "/conda/juchi"), ("base", ".venv")])
def test_only_an_active_conda_environment_of_ours_is_taken(name: str, taken: str) -> None:
    conda = (f"CONDA_DEFAULT_ENV={name}", "CONDA_PREFIX=/conda/juchi")
    assert f'--venv "{taken}" article' in make("-n", "setup", *conda).stdout


def test_help_comes_first_and_names_every_goal() -> None:
    (goals,) = re.findall(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    shown = re.findall(r"^  make (\w+) +\w", make().stdout, re.MULTILINE)
    assert sorted(shown) == sorted(goals.split())


def test_clean_deletes_the_build_alone(tmp_path: Path) -> None:
    for name in ("build/site", "results", ".venv", "node_modules"):
        (tmp_path / name).mkdir(parents=True)
    assert make("clean", folder=tmp_path).returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [".venv", "node_modules", "results"]


def test_distclean_leaves_what_git_tracks(tmp_path: Path) -> None:
    for name in ("build", "results", ".venv", "node_modules", "setup/__pycache__"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "setup" / "venv.py").touch()
    assert make("distclean", folder=tmp_path).returncode == 0
    assert [path.name for path in tmp_path.rglob("*")] == ["setup", "venv.py"]

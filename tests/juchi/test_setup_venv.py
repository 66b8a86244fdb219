"""The set-up of Python packages: done once, again when a pin changes, again when torn."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from juchi.core.errors import UserError
from setup import pins, venv

ROOT = Path(__file__).parents[2]
# It installs what a lock file pins, but for what `withheld` names, into the environment around it.
PIP = r"""#!/bin/sh
if [ "$4" = config ]; then cat pip-settings; exit; fi
echo pip "$@" >> calls
env >> variables
packages=$(dirname "$0")/../lib/python3.11/site-packages
while [ $# -gt 1 ]; do shift; done
mkdir -p "$packages"
sed -n 's/^\([a-zA-Z0-9._-]*\)==\([^ ]*\).*/\1-\2.dist-info/p' "$1" | grep -vf withheld |
    while read -r name; do mkdir -p "$packages/$name"; done
exit $(cat status)
"""


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Give a project whose Python makes environments with a pip that only writes its orders."""
    prefix = tmp_path / "prefix"
    (prefix / "bin").mkdir(parents=True)
    (prefix / "pip").write_text(PIP)
    (prefix / "bin" / "python3.11").write_text(
        "#!/bin/sh\n"
        'echo "$@" >> calls\n'
        f'rm -rf "$4" && mkdir -p "$4/bin" && cp {prefix}/pip "$4/bin/python"\n'
    )
    for program in (prefix / "pip", prefix / "bin" / "python3.11"):
        program.chmod(0o755)
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "locks").mkdir()
    tools = (pins.TOOLS_LOCK, pins.TOOLS_REQUIREMENTS, pins.TOOLS_CONSTRAINTS)
    article = (pins.REQUIREMENTS, pins.GENERATOR_REQUIREMENTS)
    python = (
        pins.LOCK,
        pins.TEST_LOCK,
        *article,
        pins.CLUSTER_REQUIREMENTS,
        pins.TEST_REQUIREMENTS,
    )
    for name in (*python, pins.CONSTRAINTS, *tools):
        shutil.copy(ROOT / name, folder / name)
    (folder / "status").write_text("0")
    for empty in ("withheld", "pip-settings", "variables"):
        (folder / empty).touch()
    monkeypatch.setattr(sys, "base_prefix", str(prefix))
    monkeypatch.chdir(folder)
    return folder


def calls() -> list[str]:
    """Return what was run since the last question."""
    record = Path("calls")
    lines = record.read_text().splitlines() if record.exists() else []
    record.unlink(missing_ok=True)
    return lines


CREATE = "-m venv --clear .venv"
PIP_INSTALL = "pip -m pip --disable-pip-version-check install --no-input"


def installs(lock: str, constraints: str, requirements: str) -> list[str]:
    """Return the calls of pip: what has digests by them, then the rest by its pins."""
    return [
        f"{PIP_INSTALL} --no-deps --require-hashes -r locks/{lock}.txt",
        f"{PIP_INSTALL} -c {constraints}.txt -r {requirements}.txt",
    ]


ARTICLE = installs("article", "constraints", "requirements")
TESTS = installs("tests", "constraints", "requirements-dev")


@pytest.mark.usefixtures("project")
def test_a_second_call_does_nothing() -> None:
    venv.ensure(Path(".venv"), tests=False)
    assert calls() == [CREATE, *ARTICLE]
    venv.ensure(Path(".venv"), tests=False)
    assert calls() == []


@pytest.mark.usefixtures("project")
def test_the_tests_packages_are_added_to_the_articles() -> None:
    venv.ensure(Path(".venv"), tests=False)
    calls()
    venv.ensure(Path(".venv"), tests=True)
    assert calls() == TESTS
    venv.ensure(Path(".venv"), tests=False)
    venv.ensure(Path(".venv"), tests=True)
    assert calls() == []


@pytest.mark.parametrize(
    "file", ["requirements.txt", "requirements-juchi.txt", "constraints.txt", "locks/article.txt"]
)
def test_a_changed_pin_makes_the_environment_anew(project: Path, file: str) -> None:
    venv.ensure(Path(".venv"), tests=True)
    calls()
    with (project / file).open("a") as pinned:
        pinned.write("more==1.0\n")
    venv.ensure(Path(".venv"), tests=True)
    assert calls() == [CREATE, *TESTS]


def test_a_changed_pin_of_the_tests_leaves_the_article_alone(project: Path) -> None:
    venv.ensure(Path(".venv"), tests=True)
    calls()
    with (project / "requirements-dev.txt").open("a") as pinned:
        pinned.write("more==1.0\n")
    venv.ensure(Path(".venv"), tests=False)
    assert calls() == []
    venv.ensure(Path(".venv"), tests=True)
    assert calls() == TESTS


def test_a_failed_installation_is_said_and_made_anew(project: Path) -> None:
    venv.ensure(Path(".venv"), tests=False)
    (project / "status").write_text("7")
    with pytest.raises(UserError) as caught:
        venv.ensure(Path(".venv"), tests=True)
    assert "pip install --no-deps --require-hashes -r locks/tests.txt" in str(caught.value)
    assert "status 7" in str(caught.value)
    calls()
    (project / "status").write_text("0")
    venv.ensure(Path(".venv"), tests=False)
    assert calls() == [CREATE, *ARTICLE]


@pytest.mark.parametrize("ending", [".egg-info", "-py3.11.egg-info"])
def test_what_an_older_pip_has_built_from_source_is_there(project: Path, ending: str) -> None:
    """Before 23.1, as in Debian 12, pip has other folders for it than for wheels."""
    venv.ensure(Path(".venv"), tests=False)
    calls()
    (built,) = Path(".venv").rglob("connection*pool-*.dist-info")
    built.rename(built.with_name(built.name.removesuffix(".dist-info") + ending))
    venv.ensure(Path(".venv"), tests=False)
    assert calls() == []


def test_an_environment_that_lacks_a_package_is_made_anew(project: Path) -> None:
    venv.ensure(Path(".venv"), tests=True)
    calls()
    (lost,) = Path(".venv").rglob("numpy-*.dist-info")
    lost.rename(lost.with_name("numpy-1.0.dist-info"))
    venv.ensure(Path(".venv"), tests=False)
    assert calls() == [CREATE, *ARTICLE]
    # Where pip ends well and has installed elsewhere, nothing is taken for done.
    (project / "withheld").write_text("^numpy-\n")
    for _ in range(2):
        shutil.rmtree(".venv")
        with pytest.raises(UserError, match=r"pip ended well, but \.venv lacks 1, such as numpy "):
            venv.ensure(Path(".venv"), tests=False)
        assert calls() == [CREATE, *ARTICLE]


def test_pip_is_told_where_packages_are_had_and_not_where_they_go(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the user's files of settings say counts as what the variables do."""
    for name in ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PYTHONPATH"):
        monkeypatch.setenv(name, "hostile")
    (project / "pip-settings").write_text(
        ":env:.target='hostile'\n"
        ":env:.timeout='90'\n"
        "global.index-url='https://packages.example.org/simple'\n"
        "global.timeout='15'\n"
        "global.user='hostile'\n"
        "install.prefix='hostile'\n"
        "install.extra-index-url='https://a.example.org\\nhttps://b.example.org'\n"
    )
    venv.ensure(Path(".venv"), tests=False)
    variables = (project / "variables").read_text()
    assert "hostile" not in variables
    assert "\nPIP_INDEX_URL=https://packages.example.org/simple\n" in variables
    assert "\nPIP_EXTRA_INDEX_URL=https://a.example.org\nhttps://b.example.org\n" in variables
    assert "\nPIP_TIMEOUT=90\n" in variables
    assert f"\nPIP_CONFIG_FILE={os.devnull}\n" in variables


def test_a_link_is_not_emptied(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "precious").touch()
    (project / ".venv").symlink_to(other)
    with pytest.raises(UserError, match=r"^error: \.venv\n.*a link to"):
        venv.ensure(Path(".venv"), tests=True)
    assert (other / "precious").exists()
    assert calls() == []


def test_a_moved_project_gets_a_new_environment(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    venv.ensure(Path(".venv"), tests=False)
    calls()
    monkeypatch.chdir(project.rename(project.with_name("moved")))
    venv.ensure(Path(".venv"), tests=False)
    assert calls() == [CREATE, *ARTICLE]


CREATE_TOOLS = "-m venv --clear .tools"
INSTALL_TOOLS = installs("tools", "constraints-tools", "requirements-tools")


@pytest.mark.usefixtures("project")
def test_the_validators_have_an_environment_of_their_own_and_are_installed_once() -> None:
    venv.ensure_tools()
    assert calls() == [CREATE_TOOLS, *INSTALL_TOOLS]
    venv.ensure_tools()
    assert calls() == []


@pytest.mark.parametrize(
    "file", ["requirements-tools.txt", "constraints-tools.txt", "locks/tools.txt"]
)
def test_a_changed_pin_of_the_validators_changes_nothing_else(project: Path, file: str) -> None:
    venv.ensure(Path(".venv"), tests=True)
    venv.ensure_tools()
    calls()
    with (project / file).open("a") as pinned:
        pinned.write("more==1.0\n")
    venv.ensure(Path(".venv"), tests=True)
    assert calls() == []
    venv.ensure_tools()
    assert calls() == [CREATE_TOOLS, *INSTALL_TOOLS]


@pytest.mark.usefixtures("project")
def test_a_validator_that_is_not_installed_names_the_way_out() -> None:
    venv.ensure_tools()
    with pytest.raises(UserError, match="run `make test`"):
        venv.tool("cffconvert")
    (venv.TOOLS / "bin" / "cffconvert").write_text("")
    assert venv.tool("cffconvert") == venv.TOOLS / "bin" / "cffconvert"

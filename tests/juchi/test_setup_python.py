"""`setup/with-python`: the first Python 3.11, or one message that names all ways to get it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "setup" / "with-python"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a folder of programs that holds nothing but the shell's own."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("cat", "sh"):
        (folder / name).symlink_to(f"/bin/{name}")
    return folder


def python(path: Path, version: str) -> None:
    """Lay down a program that answers as a Python of this version would."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        "#!/bin/sh\n"
        'case "$1" in\n'
        f"--version) echo Python {version} ;;\n"
        f"-c) test {version.rsplit('.', 1)[0]} = 3.11 ;;\n"
        f'*) echo "$0" "$@" ;;\n'
        "esac\n"
    )
    path.chmod(0o755)


def run(path: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", SCRIPT, *arguments],
        env={"PATH": str(path), **environment},
        cwd=path.parent,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_first_3_11_is_taken_and_given_the_arguments(path: Path) -> None:
    python(path / "python3.11", "3.10.1")
    python(path / "python3", "3.11.9")
    python(path / "python", "3.11.1")
    assert run(path, "-m", "setup", "two words").stdout == f"{path}/python3 -m setup two words\n"


def test_a_finished_environment_serves_where_no_other_is(path: Path) -> None:
    python(path / "python3", "3.13.0")
    python(path.parent / ".venv/bin/python", "3.11.2")
    assert run(path, "-m", "setup").stdout == ".venv/bin/python -m setup\n"


def test_the_environment_that_is_named_is_taken(path: Path) -> None:
    python(path / "python3.11", "3.11.9")
    python(path / "mine", "3.11.9")
    conda = path.parent / "conda"
    python(conda / "bin" / "python", "3.11.5")
    taken = run(path, "-m", "setup", VENV=str(conda), PYTHON="mine")
    assert taken.stdout == f"{conda}/bin/python -m setup\n"


def test_an_environment_that_is_not_there_is_no_reason_to_take_another(path: Path) -> None:
    python(path / "python3.11", "3.11.9")
    refused = run(path, "-m", "setup", VENV="/nowhere")
    assert refused.returncode == 1
    assert "found:    no /nowhere/bin/python\n" in refused.stderr


def test_the_python_that_is_named_is_taken_or_refused(path: Path) -> None:
    python(path / "python3.11", "3.11.9")
    python(path / "mine", "3.11.5")
    assert run(path, "-m", "setup", PYTHON="mine").stdout == f"{path}/mine -m setup\n"
    python(path / "mine", "3.12.0")
    refused = run(path, "-m", "setup", PYTHON="mine")
    assert refused.returncode == 1
    assert "found:    mine is Python 3.12.0\n" in refused.stderr


@pytest.mark.parametrize(
    ("versions", "found"),
    [
        ({}, "no python3.11, no python3, no python, no .venv/bin/python"),
        ({"python3.11": "3.10.2"}, "python3.11 is Python 3.10.2, no python3, no python, no .venv"),
        (
            {"python": "2.7.18", "python3": "3.12.0"},
            "no python3.11, python3 is Python 3.12.0, python is Python 2.7.18, no .venv",
        ),
    ],
)
def test_without_3_11_one_message_says_how_to_get_it(
    path: Path, versions: dict[str, str], found: str
) -> None:
    for name, version in versions.items():
        python(path / name, version)
    refused = run(path, "-m", "setup")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.count("error:") == 1
    assert f"found:    {found}" in refused.stderr
    for way in ("apt-get install python3.11", "dnf install", "brew install", "PYTHON=", "conda"):
        assert way in refused.stderr


def test_a_real_python_is_recognised(path: Path) -> None:
    (path / "python3.11").symlink_to(sys.executable)
    answer = run(path, "-c", "import sys; print(sys.version_info[:2])", HOME=os.environ["HOME"])
    assert answer.stdout == "(3, 11)\n"

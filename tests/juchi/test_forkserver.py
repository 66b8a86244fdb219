"""Jobs run in forks of a process that has imported their modules, as Python itself runs them.

That builds with and without such a process give the same bytes is seen in test_hostile.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from juchi.runtime.forkserver import Forkserver
from tests.namespaces import can_mount, noexec, with_disk
from tests.project import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks on Linux alone")

# A module that counts its imports in a file, and does what it is told.
COUNTED = """
import os, sys, time
from pathlib import Path
with Path("count").open("a") as count:
    count.write(__name__ + "\\n")
if __name__ == "__main__":
    word = sys.argv[1]
    if word == "fail": sys.exit("error: told")
    if word == "status": sys.exit(7)
    if word == "raise": raise ValueError("broken")
    if word == "echo": print(sys.stdin.read(), os.environ["JUCHI_TRIED"], end="")
    if word == "sleep":
        Path("pid").write_text(str(os.getpid()))
        time.sleep(600)
        Path("late").touch()
    Path("out").write_text(word)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with a package of one module, in which everything runs."""
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "__init__.py").touch()
    (tmp_path / "small" / "counted.py").write_text(COUNTED, "utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}:{tmp_path}")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def warm(folder: Path) -> Iterator[Forkserver]:
    """Give a process that keeps the package warm."""
    warm = Forkserver(["small"], {**os.environ, "JUCHI_TRIED": "1"})
    yield warm
    warm.close()


def python(warm: Forkserver, *words: str) -> subprocess.Popen[str]:
    """Start the ``python`` that hands over."""
    path = f"{warm.programs(Path('programs'))}{os.pathsep}{os.environ['PATH']}"
    return subprocess.Popen(
        ["bash", "-c", 'exec python "$@"', "bash", *words],
        env={**os.environ, "PATH": path, "JUCHI_TRIED": "2"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ended(warm: Forkserver, *words: str, said: str = "") -> tuple[int, str, str]:
    """Return status, output and errors of the ``python`` that hands over."""
    with python(warm, *words) as job:
        output, errors = job.communicate(said)
    return job.returncode, output, errors


def appears(path: Path) -> str:
    """Wait for a file; return what stands in it."""
    for _ in range(6000):
        if path.is_file() and (text := path.read_text()):
            return text
        time.sleep(0.05)
    raise AssertionError(f"{path} did not appear")


def lives(pid: int) -> bool:
    """Tell whether a process runs."""
    state = Path(f"/proc/{pid}/stat")
    return state.is_file() and state.read_text().rpartition(")")[2].split()[0] != "Z"


def ends(pid: int) -> bool:
    """Wait for a process to end; tell whether it does."""
    for _ in range(6000):
        if not lives(pid):
            return True
        time.sleep(0.05)
    return False


def test_commands_run_as_python_runs_them(warm: Forkserver) -> None:
    assert warm.run("small.counted", ["two words"]) is None
    assert Path("out").read_text() == "two words"
    assert Path("count").read_text() == "small.counted\n__main__\n"
    assert warm.run("small.counted", ["fail"]) == "error: told\n"
    assert "ValueError: broken" in (warm.run("small.counted", ["raise"]) or "")
    assert warm.run("small.counted", ["again"]) is None
    assert Path("out").read_text() == "again"
    # Imported once, however often it has run.
    assert Path("count").read_text().count("small.counted") == 1


def test_what_cannot_be_imported_is_said(warm: Forkserver) -> None:
    assert "No module named small.absent" in (warm.run("small.absent", []) or "")


def test_the_program_passes_streams_environment_and_status_on(warm: Forkserver) -> None:
    assert ended(warm, "-m", "small.counted", "echo", said="said") == (0, "said 2", "")
    assert ended(warm, "-m", "small.counted", "status") == (7, "", "")
    assert ended(warm, "-m", "small.counted", "fail") == (1, "", "error: told\n")


def test_the_sockets_may_lie_deep(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = folder.joinpath(*["deeper" * 10] * 5)
    deep.mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    warm = Forkserver(["small"])
    try:
        assert warm.run("small.counted", ["two words"]) is None
        assert ended(warm, "-m", "small.counted", "status") == (7, "", "")
        assert Path("count").read_text().count("small.counted") == 1
    finally:
        warm.close()
    assert not list(deep.iterdir())


@pytest.mark.skipif(not can_mount(), reason="this machine lets no test mount a file system")
@pytest.mark.parametrize("elsewhere", [True, False])
def test_where_no_program_may_be_run_another_place_is_taken(folder: Path, elsewhere: bool) -> None:
    """As where the folder of temporary files is mounted noexec, and then the project's too."""
    within = noexec(folder) if not elsewhere else with_disk(str(folder / "temporary"), "noexec")
    (folder / "temporary").mkdir()
    script = (
        "import os; from pathlib import Path\n"
        "from juchi.runtime.forkserver import Forkserver\n"
        "warm = Forkserver([])\n"
        "try: print(warm.programs(Path('programs')))\n"
        "except PermissionError as error: print(error.strerror)\n"
        "print(*sorted(str(path) for path in Path().rglob('python')))\n"
        "warm.close()"
    )
    done = subprocess.run(
        [*within, sys.executable, "-c", script],
        env={**os.environ, "TMPDIR": str(folder / "temporary")},
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    found, left = done.stdout.splitlines()
    assert found == (str(folder / "programs") if elsewhere else "no program may be run there")
    # Where it cannot be run, none is left that Python would take for itself.
    assert left == ("programs/python" if elsewhere else "")


def test_what_is_not_kept_warm_runs_all_the_same(warm: Forkserver) -> None:
    assert ended(warm, "-m", "platform")[1].startswith("Linux")
    assert ended(warm, "-c", "print(6 * 7)") == (0, "42\n", "")
    # Nobody listens any more.
    warm._processes[0].kill()
    warm._processes[0].wait()
    assert ended(warm, "-m", "small.counted", "cold") == (0, "", "")
    assert Path("out").read_text() == "cold"
    assert Path("count").read_text() == "__main__\n"


def test_a_job_ends_with_the_program_that_handed_it_over(warm: Forkserver) -> None:
    with python(warm, "-m", "small.counted", "sleep") as job:
        pid = int(appears(Path("pid")))
        assert lives(pid)
        job.kill()
    assert ends(pid)
    assert not Path("late").exists()


def test_a_job_ends_with_the_shell_that_wanted_it(warm: Forkserver) -> None:
    """As when a build is killed: nothing kills the program that has handed the job over."""
    path = f"{warm.programs(Path('programs'))}{os.pathsep}{os.environ['PATH']}"
    command = ["bash", "-c", "python -m small.counted sleep; true"]
    with subprocess.Popen(command, env={**os.environ, "PATH": path}) as build:
        pid = int(appears(Path("pid")))
        assert lives(pid)
        build.kill()
    assert ends(pid)
    assert not Path("late").exists()


def test_a_job_that_is_killed_has_failed(warm: Forkserver) -> None:
    with python(warm, "-m", "small.counted", "sleep") as job:
        os.kill(int(appears(Path("pid"))), signal.SIGKILL)
    assert job.returncode == 128 + signal.SIGKILL


def test_the_process_ends_with_the_one_that_started_it(folder: Path) -> None:
    script = (
        "import sys, time; from juchi.runtime.forkserver import Forkserver as F; f = F(['small']); "
        "print(f._processes[0].pid, f._folder, flush=True); time.sleep(600)"
    )
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        pid, sockets = parent.stdout.readline().split()
        assert lives(int(pid))
        parent.kill()
    assert ends(int(pid))
    assert not Path(sockets).exists()

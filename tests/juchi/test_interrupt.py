"""Control-C: one line, nothing lost, and nothing left running."""

from __future__ import annotations

import os
import pty
import re
import signal
import sys
from pathlib import Path

import pytest

from tests.project import Project

CONTROL_C = b"\x03"


def interrupted(folder: Path, moment: bytes, *command: str) -> tuple[str, str, int]:
    """Run a command on a terminal, and press Control-C once it has printed something.

    Returns
    -------
    tuple
        What it printed before and after, and its exit status.
    """
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.environ["TERM"] = "xterm"
        # As on a terminal, also where these tests run in the background of a shell.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.execv(command[0], command)
    said, pressed = b"", 0
    while part := _read(terminal):
        said += part
        if not pressed and moment in said:
            pressed = len(said)
            os.write(terminal, CONTROL_C)
    _, status = os.waitpid(child, 0)
    assert pressed, said.decode()
    return said[:pressed].decode(), said[pressed:].decode(), os.waitstatus_to_exitcode(status)


def _read(terminal: int) -> bytes:
    """Return what a terminal prints next; nothing once its last process has ended."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""


@pytest.mark.skipif(sys.platform != "linux", reason="needs a pseudo-terminal as Linux has it")
@pytest.mark.parametrize("moment", [b"Building DAG of jobs", b"running: experiment:"])
def test_control_c_is_told_in_one_line(small: Project, tmp_path: Path, moment: bytes) -> None:
    project = small.copy(tmp_path / "project")
    snakemake = (sys.executable, "-m", "snakemake", "--cores", "2")
    _, said, status = interrupted(project.folder, moment, *snakemake, "--forcerun", "experiment")
    assert status == 130
    assert "Traceback" not in said
    shown = re.sub(r"[^\n]*\r\x1b\[K", "", said)  # a line that is cleared is written again
    plain = re.sub(r"\x1b\[[0-9;]*[A-Za-z]|\r", "", shown).replace("^C", "")
    left = [line for line in plain.splitlines() if line and "jobs done" not in line]
    assert left == ["Interrupted. What was finished is kept; the last good site is as it was."]
    assert project.site() == small.site()


def test_control_c_ends_a_command_without_a_word(tmp_path: Path) -> None:
    """Such as `make serve`'s, while it does something else than wait for requests."""
    program = tmp_path / "program.py"
    program.write_text(
        "import time\nfrom juchi.core.errors import run_command\n"
        "def main():\n    print('begun', flush=True)\n    time.sleep(600)\nrun_command(main)\n"
    )
    root = str(Path(__file__).parents[2])
    begin = f"import sys; sys.path.insert(0, {root!r}); exec(open({str(program)!r}).read())"
    _, said, status = interrupted(tmp_path, b"begun", sys.executable, "-c", begin)
    assert said.replace("^C", "").strip() == ""
    assert status == 130

"""What a user has set of matplotlib neither changes a build nor stops it with a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from juchi.core import environment
from juchi.core.errors import UserError
from juchi.core.matplotlibrc import leave_out

JUNK = b"\x89PNG\xff\xfe\x00"


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the variable of this process as it is."""
    monkeypatch.setenv("MATPLOTLIBRC", "before")


def test_junk_in_the_folder_of_the_article_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_bytes(JUNK)
    with pytest.raises(UserError, match=r"error: matplotlibrc\n(.*\n)*.*delete it"):
        leave_out(tmp_path)


def test_readable_settings_are_passed_over(tmp_path: Path) -> None:
    leave_out(tmp_path)
    (tmp_path / "matplotlibrc").write_text("lines.linewidth: 9\n", "utf-8")
    leave_out(tmp_path)


def test_junk_in_the_home_is_not_even_read(tmp_path: Path) -> None:
    folder = tmp_path / ".config" / "matplotlib"
    folder.mkdir(parents=True)
    (folder / "matplotlibrc").write_bytes(JUNK)
    leave_out(tmp_path)
    code = "import matplotlib; print(matplotlib.rcParams['lines.linewidth'])"
    home = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / ".config")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, **home},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "1.5"), done.stderr
    assert environment.for_jobs(tmp_path)["MATPLOTLIBRC"] == os.devnull

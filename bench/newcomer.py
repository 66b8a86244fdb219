"""What a newcomer waits for and makes room for: from the wheel to the PDFs of a new article."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from bench.rebuild import CORES
from juchi.core import environment
from setup import wheel

__all__ = ["Newcomer", "disk_use", "measure"]

_ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Newcomer:
    """What `juchi new` and a first `juchi build` took.

    Attributes
    ----------
    megabytes
        What Python's packages, Node, fonts and MathJax take on disk.
    installed, built
        Seconds until the wheel was installed, and from there on until there was a PDF.
    """

    megabytes: float
    installed: float
    built: float


def disk_use(folder: Path) -> float:
    """Return what a folder takes on disk, in MB of 1024^2 bytes, as ``du -m`` says."""
    blocks = sum(
        (Path(parent) / name).lstat().st_blocks
        for parent, folders, files in os.walk(folder)
        for name in [*folders, *files]
    )
    return blocks * 512 / 2**20


def measure(folder: Path) -> Newcomer:
    """Install the wheel into an environment of its own, and build a new article with it."""
    made = wheel.build(_ROOT, folder)
    kept, venv, article = folder / "cache", folder / "venv", folder / "article"
    # With the caches of nobody: npm's packages are fetched.
    own = environment.for_setup() | {"XDG_CACHE_HOME": str(kept)}
    base = Path(sys.base_prefix, "bin", "python3.11")
    programs = venv / "bin"
    started = time.perf_counter()
    subprocess.run([base, "-m", "venv", venv], env=own, check=True)
    install: list[str | Path] = [programs / "pip", "install", "--quiet", "--no-cache-dir", made]
    subprocess.run([*install, "-c", _ROOT / "constraints.txt"], env=own, check=True)
    installed = time.perf_counter()
    new: list[str | Path] = [
        programs / "juchi",
        "new",
        article.name,
        "--title",
        "Title",
        "--author",
        "Ada Lovelace",
    ]
    subprocess.run(new, cwd=folder, env=own, check=True, stdout=subprocess.DEVNULL)
    build: list[str | Path] = [programs / "juchi", "build", "--cores", str(CORES)]
    subprocess.run(build, cwd=article, env=own, check=True, stderr=subprocess.DEVNULL)
    built = time.perf_counter()
    if not list(article.glob("build/site/*/*.pdf")):
        raise FileNotFoundError(f"no PDF in {article}")
    return Newcomer(disk_use(venv) + disk_use(kept), installed - started, built - installed)

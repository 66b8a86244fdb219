"""Set up what a goal of the Makefile needs; a second call finds everything done."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from juchi.core.errors import run_command
from juchi.toolchain import pango
from setup import chromium, packages, pins, programs, project, r, slurm, venv

OWN = Path(".venv")


def main() -> None:
    """Parse the command line and take the steps, those that may need root first."""
    parser = argparse.ArgumentParser(prog="python -m setup", description=__doc__)
    parser.add_argument("goal", choices=["article", "lint", "test"])
    parser.add_argument("--venv", type=Path, default=OWN, help="a ready environment")
    arguments = parser.parse_args()
    goal, environment = arguments.goal, arguments.venv
    if goal != "lint":
        pango.ensure()
    if goal == "test":
        programs.ensure()
        slurm.ensure()
        r.ensure()
    if environment == OWN:
        venv.ensure(environment, tests=goal != "article")
        project.ensure(environment)
    else:
        pins.check(tests=goal != "article")
    packages.ensure(environment, tests=goal != "article")
    if goal == "test":
        venv.ensure_tools()
        chromium.ensure(environment)


if __name__ == "__main__":
    try:
        run_command(main)
    except KeyboardInterrupt:
        sys.exit("\ninterrupted; the same command goes on from here")

"""The checkers of pages and style sheets that npm has installed, run by the environment's Node.

``python -m setup.checkers stylelint FILE...`` runs one of them.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from juchi.core import environment
from juchi.core.errors import UserError, run_command
from juchi.toolchain import node

__all__ = ["AXE", "command", "ensure_installed", "main"]

MODULES = Path("node_modules")
# What runs in the browser itself.
AXE = MODULES / "axe-core" / "axe.min.js"
PROGRAMS = {
    "html-validate": MODULES / "html-validate" / "bin" / "html-validate.mjs",
    "stylelint": MODULES / "stylelint" / "bin" / "stylelint.mjs",
}


def command(name: str, root: Path = Path()) -> list[str]:
    """Return how a checker is started, with the packages in a project's folder.

    Raises
    ------
    UserError
        Where it is not installed.
    """
    ensure_installed(root / PROGRAMS[name])
    return [str(node.home(Path(sys.prefix)) / "bin" / "node"), str(root / PROGRAMS[name])]


def ensure_installed(file: Path) -> None:
    """Refuse a checker's file that is not there: the article alone is set up without them."""
    if not file.is_file():
        raise UserError(
            str(file),
            "no such file",
            "the checkers of pages, which juchi/toolchain/package.json names under devDependencies",
            "run `make test` or `make lint`, which install them",
        )


def main() -> None:
    """Run the checker that the command line names, and end as it does."""
    name, *arguments = sys.argv[1:]
    done = subprocess.run([*command(name), *arguments], env=environment.for_setup(), check=False)
    sys.exit(done.returncode)


if __name__ == "__main__":
    run_command(main)

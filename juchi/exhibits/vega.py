"""The scripts of Vega for the pages, in one file: ``python -m juchi.exhibits.vega``."""

from __future__ import annotations

import argparse
from pathlib import Path

from juchi.core.atomic import write_text
from juchi.core.errors import run_command
from juchi.exhibits.chart import converter

__all__ = ["main"]

_PLACE = "config/article.yaml: figures"


def main() -> None:
    """Write what the page's own script asks for, with the licence in front of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("licence", "output"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    arguments = parser.parse_args()
    scripts = converter(_PLACE).javascript_bundle("window.vegaEmbed = vegaEmbed;")
    notice = arguments.licence.read_text("utf-8")
    write_text(arguments.output, f"{notice}{scripts}\n")


if __name__ == "__main__":
    run_command(main)

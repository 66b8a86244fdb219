"""The page for the screen: the composed HTML with its formulas as MathML."""

from __future__ import annotations

import argparse
from pathlib import Path

from lxml import etree, html

from pipeline.atomic import write_text
from pipeline.errors import run_command
from report.document import serialise
from report.mathematics import formula_key, read_typeset

__all__ = ["fill_in", "main"]


def fill_in(page: Path, mathematics: Path) -> str:
    """Return the composed page with every formula set in MathML."""
    typeset = read_typeset(mathematics)
    root = html.parse(str(page), html.HTMLParser(encoding="utf-8")).getroot()
    for place in list(root.iter("span")):
        tex = place.attrib.pop("data-tex", None)
        if tex is not None:
            display = "display" in place.get("class")
            formula = etree.fromstring(typeset[formula_key(tex, display)].mathml)
            if alternative := place.attrib.pop("data-alt", None):
                formula.set("aria-label", alternative)
            place.append(formula)
    return serialise(root)


def main() -> None:
    """Fill in the page that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("page", "mathematics", "output"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    arguments = parser.parse_args()
    write_text(arguments.output, fill_in(arguments.page, arguments.mathematics))


if __name__ == "__main__":
    run_command(main)

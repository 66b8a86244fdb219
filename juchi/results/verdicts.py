"""Give the verdicts on the article's claims: ``python -m juchi.results.verdicts``.

The claims are those of ``STATEMENTS`` in `report/claims.py`, a mapping of `Claim` by name; an
article without that module has none.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from juchi.core.article import article_value
from juchi.core.errors import run_command
from juchi.core.records import read_json, write_json
from juchi.results.evaluation import evaluate
from juchi.results.facts import read_facts

__all__ = ["main"]


def main() -> None:
    """Judge the claims that the command line names; an unknown one is a `UserError`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", required=True, type=Path)
    parser.add_argument("--names", required=True, type=Path, help="a JSON list of claims")
    parser.add_argument("--output", required=True, type=Path)
    arguments = parser.parse_args()
    statements = article_value("report.claims", "STATEMENTS", {})
    evaluations = evaluate(statements, read_facts(arguments.facts), read_json(arguments.names))
    write_json(
        arguments.output, {name: asdict(evaluation) for name, evaluation in evaluations.items()}
    )


if __name__ == "__main__":
    run_command(main)

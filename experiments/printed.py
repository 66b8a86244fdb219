"""Does the seed's listing run as printed? Compile it, and look up every method that it calls."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import Any

import torch

from juchi.core.errors import run_command
from juchi.core.records import write_json

__all__ = ["examine", "main"]

_MODEL_METHOD = re.compile(r"\bmodel\.(\w+)\(")
_OPTIMISER = re.compile(r"\boptimizer = torch\.optim\.SGD\(")


def examine(listing: str) -> dict[str, Any]:
    """Return what keeps a listing from running.

    ``compiles`` (0 or 1), ``first_error_line`` (0 where it compiles), ``method_calls`` (of the
    model), ``unknown_methods`` (those that a ``torch.nn.Sequential`` does not have), ``optimisers``
    (how many are made; each one replaces the one before).
    """
    try:
        compile(listing, "listing", "exec")
    except SyntaxError as error:
        first_error_line = error.lineno or 0
    else:
        first_error_line = 0
    methods = _MODEL_METHOD.findall(listing)
    return {
        "compiles": int(first_error_line == 0),
        "first_error_line": first_error_line,
        "method_calls": len(methods),
        "unknown_methods": sum(not hasattr(torch.nn.Sequential, name) for name in methods),
        "optimisers": len(_OPTIMISER.findall(listing)),
    }


def main() -> None:
    """Examine the listing named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listing", required=True, type=Path)
    parser.add_argument("--output", required=True, type=Path)
    arguments = parser.parse_args()
    write_json(arguments.output, examine(arguments.listing.read_text(encoding="utf-8")))


if __name__ == "__main__":
    run_command(main)

"""Does the post's listing run as printed? Compile it, and look up every method that it calls."""

from __future__ import annotations

import re
from typing import Any

import torch

from experiments.settings import PrintedListingSettings
from juchi.core.errors import run_command
from juchi.results.experiment import Inputs, Result, analysis_command

__all__ = ["analyse", "examine", "main"]

_MODEL_METHOD = re.compile(r"\bmodel\.(\w+)\(")
_OPTIMISER = re.compile(r"\boptimizer = torch\.optim\.SGD\(")


def analyse(_settings: PrintedListingSettings, inputs: Inputs) -> Result:
    """Examine the listing, which is the only file."""
    (listing,) = inputs.files
    return Result(scalars=examine(listing.read_text(encoding="utf-8")))


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
    """Analyse the listing that the command line names."""
    analysis_command(__doc__, PrintedListingSettings, analyse)


if __name__ == "__main__":
    run_command(main)

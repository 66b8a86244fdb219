"""The rules of every article, as files that its Snakefile includes.

A Snakefile sets `workdir`, includes `common.smk`, has rules of its own for its results, and
includes `results.smk`, `pages.smk`, `paper.smk` and `site.smk` behind them. `RULES` is the folder
of these files, wherever Juchi is installed.
"""

from pathlib import Path

__all__ = ["RULES"]

RULES = Path(__file__).resolve().parent

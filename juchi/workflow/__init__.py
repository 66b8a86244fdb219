"""The rules of every article, as files that its Snakefile includes.

A Snakefile sets `workdir`, includes `common.smk`, has rules of its own for its results, and
includes `results.smk`, `pages.smk`, `paper.smk` and `site.smk` behind them.
"""

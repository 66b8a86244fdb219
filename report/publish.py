"""Publish: stage the whole site beside the present one, and put it in its place in one move."""

from __future__ import annotations

import argparse
import ctypes
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import UserError, run_command
from pipeline.records import read_json, write_json
from report.crate import describe
from report.edition import read_editions
from report.layout import fill_in
from report.manifest import write_manifest
from report.metadata import CRATE, LINKSET

__all__ = ["chooser", "exchange", "main", "publish", "stage"]

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def chooser(article: Mapping[str, Any], templates: Path) -> str:
    """Return the page that chooses the language."""
    editions = list(read_editions(article, templates).values())
    layout = templates / "layout" / "chooser.html.j2"
    return fill_in(layout, article=article, editions=editions, linkset=LINKSET, crate=CRATE)


def stage(folder: Path, arguments: argparse.Namespace) -> None:
    """Write the whole site into an empty folder."""
    article = read_json(arguments.article)
    for part in ("assets", "data", "figures", "fonts", *article["languages"], "root"):
        shutil.copytree(
            arguments.web / part,
            folder if part == "root" else folder / part,
            copy_function=shutil.copyfile,
            ignore=shutil.ignore_patterns(".*"),
            dirs_exist_ok=True,
        )
    # Beside its page, where Google Scholar wants the PDF that a page names.
    for paper in arguments.papers:
        shutil.copyfile(paper, folder / paper.stem / f"{article['slug']}.{paper.stem}.pdf")
    (folder / "index.html").write_text(chooser(article, arguments.templates), encoding="utf-8")
    editions = list(read_editions(article, arguments.templates).values())
    write_json(folder / CRATE, describe(folder, editions))
    write_manifest(folder, article, read_json(arguments.revision), arguments.locks)


def exchange(staged: Path, site: Path) -> None:
    """Put the staged folder in the place of the site, so that a reader sees the one or the other.

    Linux exchanges two names in one step (renameat2); elsewhere there is a moment between two
    renames in which no site stands.
    """
    if not site.exists():
        staged.rename(site)
        return
    libc = ctypes.CDLL(None, use_errno=True)
    paths = (os.fsencode(staged), os.fsencode(site))
    if hasattr(libc, "renameat2"):
        failed = libc.renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE)
        if not failed:
            shutil.rmtree(staged)
            return
    aside = staged.with_name(f"{staged.name}.old")
    site.rename(aside)
    try:
        staged.rename(site)
    except OSError:
        aside.rename(site)
        raise
    shutil.rmtree(aside)


def publish(arguments: argparse.Namespace) -> None:
    """Stage the site in a new folder beside its place, put it there, and leave nothing else."""
    arguments.site.parent.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(prefix=".site.", dir=arguments.site.parent))
    try:
        staged.chmod(0o755)
        stage(staged, arguments)
        exchange(staged, arguments.site)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def main() -> None:
    """Stage and publish what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("article", "revision", "templates", "web", "site"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    for name in ("papers", "locks"):
        parser.add_argument(f"--{name}", required=True, type=Path, nargs="*")
    arguments = parser.parse_args()
    try:
        publish(arguments)
    except OSError as error:
        where, found = error.filename or arguments.site, error.strerror or str(error)
        if isinstance(error, shutil.Error):  # one entry for each file of a folder; one will do
            where, _, found = error.args[0][0]
        raise UserError(
            where=str(where),
            found=found,
            expected="a file that can be read, and room to write the site",
            remedy="free the place or mend its permissions; the last good site is untouched",
        ) from error


if __name__ == "__main__":
    run_command(main)

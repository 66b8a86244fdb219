"""Publish: stage the whole site beside the present one, and put it in its place in one move."""

from __future__ import annotations

import argparse
import errno
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from juchi.core.checksums import sha256_of
from juchi.core.errors import UserError, run_command
from juchi.core.folders import make_readable, replacing_folder
from juchi.core.records import read_json, write_json
from juchi.core.theme import theme_file
from juchi.prose.layout import fill_in
from juchi.runtime.ledger import Ledger, changed
from juchi.site.crate import describe
from juchi.site.localized_metadata import read_metadata
from juchi.site.manifest import NAME, write_manifest
from juchi.site.metadata import CRATE, LINKSET

__all__ = ["chooser", "main", "publish", "stage"]

# What to do about what the system says; of anything else its own words tell most.
_REMEDIES = {
    errno.ENOSPC: "make room there",
    errno.EDQUOT: "make room there",
    errno.EACCES: "fix its permissions",
    errno.EPERM: "fix its permissions",
    errno.EROFS: "mount it so that it can be written to",
    errno.ENOENT: "build again: Snakemake makes what is missing",
}


def chooser(article: Mapping[str, Any], templates: Path) -> str:
    """Return the page that chooses the language."""
    editions = list(read_metadata(article, templates).values())
    layout = theme_file("layout/chooser.html.j2", templates)
    return fill_in(layout, article=article, editions=editions, linkset=LINKSET, crate=CRATE)


def stage(folder: Path, arguments: argparse.Namespace) -> None:
    """Write the whole site into an empty folder.

    Each file is named by what the rules declare and compared, as it is copied, with what its rule
    made: neither leftovers nor files that something else has written are published.
    """
    ledger = Ledger(arguments.ledger)
    read = [str(path) for path in (arguments.article, arguments.revision, arguments.checked)]
    ledger.require(read, "when the site was published")
    article = read_json(arguments.article)
    sources = _sources(arguments, ledger, article)
    for name, source in sources.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, folder / name)
    (folder / "index.html").write_text(chooser(article, arguments.templates), encoding="utf-8")
    editions = list(read_metadata(article, arguments.templates).values())
    credits = read_json(arguments.checked)["pictures"]
    write_json(folder / CRATE, describe(folder, editions, credits))
    manifest = write_manifest(folder, article, read_json(arguments.revision), arguments.locks)
    for name, source in sources.items():
        if manifest["sha256"][name] != ledger.noted(str(source)):
            raise changed(str(source), "when the site was published")


def _sources(
    arguments: argparse.Namespace, ledger: Ledger, article: Mapping[str, Any]
) -> dict[str, Path]:
    """Return what each file of the site is copied from, by its path in the site."""
    sources: dict[str, Path] = {}
    for part in (*arguments.parts, arguments.top):
        base = part if part == arguments.top else arguments.web
        noted = ledger.noted(str(part))
        names = noted if isinstance(noted, Mapping) else [""]
        sources |= {(part / name).relative_to(base).as_posix(): part / name for name in names}
    # Beside its page, where Google Scholar wants the PDF that a page names.
    for paper in arguments.papers:
        sources[f"{paper.stem}/{article['slug']}.{paper.stem}.pdf"] = paper
    return sources


def publish(arguments: argparse.Namespace) -> None:
    """Stage the site beside its place, put it there, leave nothing else, and say what stands."""
    with replacing_folder(arguments.site) as staged:
        stage(staged, arguments)
        make_readable(staged)
    write_json(arguments.output, {"manifest": sha256_of(arguments.site / NAME)})


def main() -> None:
    """Stage and publish what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    inputs = ("article", "revision", "checked", "templates", "web", "top", "ledger")
    for name in (*inputs, "site", "output"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    for name in ("parts", "papers", "locks"):
        parser.add_argument(f"--{name}", required=True, type=Path, nargs="*")
    arguments = parser.parse_args()
    try:
        publish(arguments)
    except OSError as error:
        remedy = _REMEDIES.get(error.errno or 0, "fix what the system names")
        raise UserError(
            where=str(error.filename or arguments.site),
            found=error.strerror or str(error),
            expected="a file that can be read, and a place that takes the site",
            hint=f"{remedy}; the last good site is untouched",
        ) from error


if __name__ == "__main__":
    run_command(main)

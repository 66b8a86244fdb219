"""From a built site to its permanent addresses: the latest version, and beside it each release.

A release on GitHub keeps its site as an archive. What is published is the latest site at the
article's address, and below it every version that the article names, each at its permanent address
for good. A version that is not released yet stands there as it is built now.
"""

from __future__ import annotations

import argparse
import gzip
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from juchi.core.atomic import replacing
from juchi.core.errors import UserError, run_command
from juchi.plan.settings import read_subject

__all__ = ["ARCHIVE", "assemble", "check_address", "check_tag", "fetch", "main", "pack"]

ARCHIVE = "site.tar.gz"
SITE = Path("build/site")


def check_address(article: Mapping[str, Any], published: str) -> None:
    """Refuse to publish at another address than the one that the pages name.

    Parameters
    ----------
    article
        The settings of the article.
    published
        Where the host will publish, with or without a slash at its end.
    """
    address = article["address"]
    if address is None or address.rstrip("/") != published.rstrip("/"):
        raise UserError(
            "config/article.yaml: address",
            address or "no address: the article says that it is unpublished",
            f"{published.rstrip('/')}/, where Pages publishes this repository",
            "give the key that value, or change the address under Settings, Pages",
        )


def check_tag(article: Mapping[str, Any], tag: str) -> None:
    """Refuse a tag that names another version than the article."""
    if tag != f"v{article['version']}":
        raise UserError(
            "config/article.yaml: version",
            f"{article['version']!r}, but the tag is {tag}",
            f"the tag v{article['version']}",
            "set the version in the commit that is tagged, or tag it as its version says",
        )


def pack(site: Path, archive: Path) -> None:
    """Pack a site so that equal sites give equal bytes: names in order, no times, no owners."""
    with (
        replacing(archive) as part,
        part.open("wb") as raw,
        gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path in sorted(site.rglob("*")):
            entry = tarfile.TarInfo(path.relative_to(site).as_posix())
            if path.is_dir():
                entry.type, entry.mode = tarfile.DIRTYPE, 0o755
                tar.addfile(entry)
            else:
                entry.size, entry.mode = path.stat().st_size, 0o644
                with path.open("rb") as content:
                    tar.addfile(entry, content)


def fetch(version: str, folder: Path) -> Path | None:
    """Fetch the archive of a released version by GitHub's own program; None if there is none."""
    archive = folder / f"{version}-{ARCHIVE}"
    command = ["gh", "release", "download", f"v{version}", "--pattern", ARCHIVE]
    done = subprocess.run(
        [*command, "--output", str(archive)], capture_output=True, text=True, check=False
    )
    if done.returncode and "not found" not in done.stderr:
        raise UserError(
            " ".join(command),
            done.stderr.strip() or f"status {done.returncode}",
            "the archive of the release, or that there is no such release",
            "look at the network and at the token in GH_TOKEN, then run the job again",
        )
    return archive if archive.is_file() else None


def assemble(
    article: Mapping[str, Any],
    site: Path,
    output: Path,
    archive_of: Callable[[str], Path | None],
) -> None:
    """Lay out what is published: the latest site, and each version at its permanent address.

    Parameters
    ----------
    article
        The settings of the article: `version`, `earlier` and `permanent`.
    site
        The built site.
    output
        A folder to make again.
    archive_of
        Returns the archive of a released version; None where it is not released.

    Raises
    ------
    UserError
        Where an earlier version has no archive.
    """
    shutil.rmtree(output, ignore_errors=True)
    shutil.copytree(site, output)
    for version in [article["version"], *(entry["version"] for entry in article["earlier"])]:
        place = output / article["permanent"].format(version=version)
        if archive := archive_of(version):
            _unpack(archive, place)
        elif version == article["version"]:
            shutil.copytree(site, place)
        else:
            raise UserError(
                f"config/article.yaml: earlier: {version}",
                f"no release v{version} with {ARCHIVE}",
                "a release of each version that the article names",
                f"tag the version's commit v{version}, or take the version out",
            )


def _unpack(archive: Path, place: Path) -> None:
    """Unpack what `pack` has packed: files and folders, and nothing outside of the place.

    By hand, since Debian's Python 3.11 has no filters for that.
    """
    with tarfile.open(archive) as tar:
        for member in tar:
            target = place / member.name
            inside = target.resolve().is_relative_to(place.resolve())
            if not inside or not (member.isfile() or member.isdir()):
                raise UserError(
                    f"{archive}: {member.name}",
                    "an entry that leads out of the archive's place, or is no file",
                    "the archive of a release, as `pack` makes it",
                    "take the archive off the release, and make it again from the tag",
                )
            content = tar.extractfile(member)
            (target.parent if content else target).mkdir(parents=True, exist_ok=True)
            if content:
                target.write_bytes(content.read())


def main() -> None:
    """Do what the command line says with the site that is built."""
    parser = argparse.ArgumentParser(prog="python -m juchi.site.releases", description=__doc__)
    tasks = parser.add_subparsers(dest="task", required=True)
    tasks.add_parser("address", help=check_address.__doc__).add_argument("published")
    tasks.add_parser("tag", help=check_tag.__doc__).add_argument("name")
    tasks.add_parser("pack", help=pack.__doc__).add_argument("archive", type=Path)
    tasks.add_parser("assemble", help=assemble.__doc__).add_argument("output", type=Path)
    arguments = parser.parse_args()
    article = read_subject(Path("config"), "article")
    if arguments.task == "address":
        check_address(article, arguments.published)
    elif arguments.task == "tag":
        check_tag(article, arguments.name)
    elif arguments.task == "pack":
        pack(SITE, arguments.archive)
    else:
        with tempfile.TemporaryDirectory() as folder:
            assemble(article, SITE, arguments.output, lambda v: fetch(v, Path(folder)))


if __name__ == "__main__":
    run_command(main)

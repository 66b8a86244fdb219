"""Files that go along with the article as they are: published beside it, described and listed."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from juchi.core.checksums import sha256_of
from juchi.site.people import localised

__all__ = ["FOLDER", "Supplement", "media_type", "supplements"]

# Of the site, in which they stand under their own names.
FOLDER = "supplement"
# Bytes: a larger file is not attached to the PDF.
_ATTACHED = 2**20
# Without the files of the system: the same on every machine.
_MEDIA_TYPES = mimetypes.MimeTypes()


@dataclass(frozen=True)
class Supplement:
    """A file as one language describes it.

    Attributes
    ----------
    licence
        Its SPDX identifier; empty where the file has the licence of the article.
    size
        In bytes.
    attached
        Whether it travels in the PDF.
    """

    path: Path
    title: str
    description: str
    licence: str
    size: int
    sha256: str
    attached: bool

    @property
    def address(self) -> str:
        """Where it stands below the address of the site."""
        return f"{FOLDER}/{self.path.name}"


def supplements(article: Mapping[str, Any], language: str) -> list[Supplement]:
    """Return the files that go along, in order."""
    return [_supplement(entry, language) for entry in article["supplements"]]


def _supplement(entry: Mapping[str, Any], language: str) -> Supplement:
    path = Path(entry["path"])
    size = path.stat().st_size
    return Supplement(
        path,
        localised(entry["title"], language),
        localised(entry.get("description"), language),
        entry.get("licence") or "",
        size,
        sha256_of(path),
        entry.get("attach", True) and size <= _ATTACHED,
    )


def media_type(path: Path) -> str:
    """Return what a file is on the web, by its name."""
    return _MEDIA_TYPES.guess_type(path.name)[0] or "application/octet-stream"

"""Data files inside the PDF: each with what it is, how it stands to the article, and its date."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pikepdf import Array, AttachedFileSpec, Name, Pdf

from juchi.core.errors import UserError
from juchi.prose.messages import fill

__all__ = ["attach"]

_MEDIA_TYPES = {".csv": "text/csv", ".json": "application/json"}


def attach(pdf: Pdf, folder: Path, date: str, descriptions: Mapping[str, str]) -> None:
    """Embed every file of a folder, in the order of their names.

    Parameters
    ----------
    date
        When they were made and last changed, by ISO 8601; their own times say nothing.
    descriptions
        What a file is, in the language of the article, by its name or else by its suffix without
        the dot; ``{name}`` stands for the name.

    Raises
    ------
    UserError
        For a file that nothing describes, or whose kind has no media type.
    """
    stamp = f"D:{date.replace('-', '')}000000Z"
    files = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    for path in files:
        attached = AttachedFileSpec(
            pdf,
            path.read_bytes(),
            filename=path.name,
            description=_description(path, descriptions),
            mime_type=_media_type(path),
            creation_date=stamp,
            mod_date=stamp,
        )
        attached.relationship = Name.Data
        pdf.attachments[path.name] = attached
    pdf.Root.AF = Array([pdf.attachments[path.name].obj for path in files])


def _media_type(path: Path) -> str:
    if path.suffix not in _MEDIA_TYPES:
        raise UserError(
            where=str(path),
            found=f"data of a kind unknown to the PDF: {path.suffix or 'no suffix'}",
            expected=f"one of {', '.join(_MEDIA_TYPES)}",
            hint="name its media type in juchi/pdf/attachments.py",
        )
    return _MEDIA_TYPES[path.suffix]


def _description(path: Path, descriptions: Mapping[str, str]) -> str:
    for key in (path.name, path.suffix.removeprefix(".")):
        if key in descriptions:
            return fill(descriptions[key], name=path.name)
    raise UserError(
        where="templates/*/messages.yaml: attachments",
        found=f"no description of {path.name}",
        expected="one for the file or for all files of its kind",
        hint=f"add {path.name} or {path.suffix.removeprefix('.')} under attachments",
    )

"""Data files inside the PDF: each with what it is, how it stands to the article, and its date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from pikepdf import Array, AttachedFileSpec, Name, Pdf

from juchi.core.errors import UserError
from juchi.prose.messages import fill
from juchi.site.supplements import media_type

__all__ = ["attach"]

_MEDIA_TYPES = {".csv": "text/csv", ".json": "application/json"}


def attach(
    pdf: Pdf,
    folder: Path,
    date: str,
    descriptions: Mapping[str, str],
    supplements: Mapping[Path, str] | None = None,
) -> None:
    """Embed every file of a folder, in the order of their names, and the supplements.

    Parameters
    ----------
    date
        When they were made and last changed, by ISO 8601; their own times say nothing.
    descriptions
        What a file is, in the language of the article, by its name or else by its suffix without
        the dot; ``{name}`` stands for the name.
    supplements
        The titles of files that go along with the article, by their paths.

    Raises
    ------
    UserError
        For a file that nothing describes, or whose kind has no media type.
    """
    stamp = f"D:{date.replace('-', '')}000000Z"
    files = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    for path in files:
        described = _description(path, descriptions), _media_type(path)
        _embed(pdf, path, described, stamp, Name.Data)
    further = supplements or {}
    for path, title in further.items():
        _refuse_second(path, files)
        _embed(pdf, path, (title, media_type(path)), stamp, Name.Supplement)
    names = [path.name for path in (*files, *further)]
    pdf.Root.AF = Array([pdf.attachments[name].obj for name in names])


def _embed(pdf: Pdf, path: Path, described: tuple[str, str], stamp: str, relation: Name) -> None:
    """Embed a file with what it is, its media type, and how it stands to the article."""
    attached = AttachedFileSpec(
        pdf,
        path.read_bytes(),
        filename=path.name,
        description=described[0],
        mime_type=described[1],
        creation_date=stamp,
        mod_date=stamp,
    )
    attached.relationship = relation
    pdf.attachments[path.name] = attached


def _refuse_second(path: Path, files: Iterable[Path]) -> None:
    if path.name in {file.name for file in files}:
        raise UserError(
            where="config/article.yaml: supplements",
            found=f"{path}, with the name of a file of data that is attached to the PDF",
            expected="a name of its own",
            hint="rename the file, or give it `attach: false`",
        )


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

"""Complete a printed PDF to PDF/A-3a and PDF/UA-1: what it says of itself, and what travels in it.

WeasyPrint writes PDF/A-3a. The metadata (XMP) is written again, to declare both profiles and to say
all that the HTML page says of itself; pictures are not smoothed, which PDF/A forbids to ask for.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from lxml.html import HtmlElement
from pikepdf import Name, Pdf

from juchi.core.errors import UserError
from juchi.pdf.attachments import attach
from juchi.pdf.figure_pdfs import lay_in
from juchi.pdf.searchable import add_invisible_font
from juchi.prose.layout import fill_in

__all__ = ["Record", "complete", "read_record"]


@dataclass(frozen=True)
class Record:
    """What a page says of itself.

    Attributes
    ----------
    language
        As a BCP 47 tag.
    rights
        The sentence on rights and licences; `licence` is the address of the text's licence.
    address
        Where the page stands; empty before it is published.
    created, modified
        Dates by ISO 8601.
    """

    title: str
    language: str
    authors: list[str]
    description: str
    keywords: list[str]
    rights: str
    licence: str
    address: str
    created: str
    modified: str


def read_record(root: HtmlElement, source: Path) -> Record:
    """Return what an HTML page says of itself; anything missing is a `UserError`."""

    def one(path: str) -> str:
        found = root.xpath(f"string({path})").strip()
        if not found:
            raise UserError(
                where=str(source),
                found=f"nothing at {path}",
                expected="a page that says its title, language, author, rights and dates",
                hint="fix the layout, which the page is made of",
            )
        return " ".join(found.split())

    def meta(name: str) -> str:
        return f"//meta[@name='{name}']/@content"

    keywords = root.xpath(f"string({meta('keywords')})")
    return Record(
        title=one("//title"),
        language=one("/html/@lang"),
        authors=[str(each) for each in root.xpath(meta("author"))],
        description=one(meta("description")),
        keywords=list(map(str.strip, filter(None, keywords.split(",")))),
        rights=one("//footer//a[@rel='license']/.."),
        licence=one("//footer//a[@rel='license']/@href"),
        address=root.xpath("string(//link[@rel='canonical']/@href)").strip(),
        created=one(meta("dcterms.created")),
        modified=one(meta("dcterms.modified")),
    )


def complete(
    printed: bytes,
    record: Record,
    packet: Path,
    data: Path,
    descriptions: Mapping[str, str],
    *,
    supplements: Mapping[Path, str] | None = None,
) -> bytes:
    """Return the PDF with its figures laid in, metadata by the template `packet`, and data.

    `data` is the folder of files to attach; see `juchi.pdf.attachments` for their `descriptions`
    and the `supplements`.
    """
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        lay_in(pdf)
        add_invisible_font(pdf)
        _write_metadata(pdf, record, packet)
        _refuse_smoothing(pdf)
        attach(pdf, data, record.modified, descriptions, supplements)
        finished = io.BytesIO()
        pdf.save(
            finished,
            deterministic_id=True,
            fix_metadata_version=False,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
        )
    return finished.getvalue()


def _write_metadata(pdf: Pdf, record: Record, packet: Path) -> None:
    producer = str(pdf.docinfo[Name.Producer])
    text = fill_in(packet, record=record, producer=producer, byte_order_mark="\ufeff")
    # Not compressed: a reader that does not know PDF finds it by its marks.
    pdf.Root.Metadata = pdf.make_stream(text.encode("utf-8"), Type=Name.Metadata, Subtype=Name.XML)


def _refuse_smoothing(pdf: Pdf) -> None:
    """Remove the wish to smooth pictures (ISO 19005-3, 6.2.8)."""
    for each in pdf.objects:
        if isinstance(each, pikepdf.Stream) and Name.Interpolate in each:
            del each[Name.Interpolate]

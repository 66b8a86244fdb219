"""How to cite the article: BibTeX, RIS, CSL-JSON and plain text of each edition, as files.

In every format it is a report: the one kind of work that has an issuing body, a version and no
journal in BibTeX, RIS, CSL and Google Scholar's tags alike.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from juchi.core.atomic import write_text
from juchi.core.errors import run_command
from juchi.core.folders import replacing_folder
from juchi.core.records import read_json
from juchi.prose.bibliography import render
from juchi.prose.bibtex_dates import MONTHS
from juchi.prose.citeproc_input import without_markup
from juchi.prose.messages import fill
from juchi.prose.references import References
from juchi.site.localized_metadata import LocalizedMetadata, read_metadata
from juchi.site.people import Author, Name

__all__ = ["FORMATS", "Format", "as_bibtex", "as_csl", "as_html", "as_ris", "as_text", "main"]

# BibTeX counts braces even behind a backslash, so that these two need a command of their own.
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    **{special: f"\\{special}" for special in "$&#_%"},
}


def as_bibtex(edition: LocalizedMetadata) -> str:
    """Return the BibTeX entry.

    An organisation stands in two pairs of braces, as a name that is not to be taken apart, and so
    does the title, whose capitals are meant.
    """
    publisher = edition.publisher
    fields = {
        "author": " and ".join(_bibtex_name(each) for each in edition.authors),
        "title": f"{{{_tex(edition.title)}}}",
        **_given("institution", publisher and f"{{{_tex(publisher)}}}"),
        "type": f"{{{_tex(edition.version)}}}",
        **_given("note", _tex(edition.status)),
        "year": str(edition.date.year),
        "language": edition.language,
        **_given("keywords", ", ".join(map(_tex, edition.keywords))),
        **_given("url", edition.permanent),
        **({"doi": edition.doi} if edition.doi else {}),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    lines.append(f"  month = {MONTHS[edition.date.month - 1]}")
    # A report without an institution is none in BibTeX.
    kind = "unpublished" if edition.status else "techreport" if publisher else "misc"
    return "\n".join([f"@{kind}{{{edition.key},", *lines, "}", ""])


def _given(key: str, value: str) -> dict[str, str]:
    return {key: value} if value else {}


def _bibtex_name(author: Author) -> str:
    """Return a name as BibTeX reads it: ``von Last, Jr, First``, or whole in braces."""
    name = author.name
    if name.whole:
        # A word alone is a last name; of several, BibTeX would take the last one for it.
        return (
            _tex(name.whole) if author.is_person and " " not in name.whole else _braced(name.whole)
        )
    behind = filter(None, [_tex(name.suffix), _tex(name.given)])
    return ", ".join([_bibtex_last(name), *behind])


def _bibtex_last(name: Name) -> str:
    """Return a last name; one in which BibTeX would look for a von part stands in braces."""
    family = _braced(name.family) if re.search(r"\s", name.family) else _tex(name.family)
    return " ".join(filter(None, [_tex(name.particle), family]))


def _braced(text: str) -> str:
    return f"{{{_tex(text)}}}"


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in text)


def as_ris(edition: LocalizedMetadata) -> str:
    """Return the RIS record, with the line ends that the format asks for.

    The comma behind a name without parts says that all of it is the last name.
    """
    tags = [
        ("TY", "UNPB" if edition.status else "RPRT"),
        ("ID", edition.key),
        *(("AU", _ris_name(author.name)) for author in edition.authors),
        ("TI", edition.title),
        *([("PB", edition.publisher)] if edition.publisher else []),
        ("M3", edition.genre),
        ("PY", str(edition.date.year)),
        ("DA", f"{edition.date:%Y/%m/%d}"),
        ("AB", edition.description),
        *(("KW", keyword) for keyword in edition.keywords),
        ("LA", edition.tag),
        *([("DO", edition.doi)] if edition.doi else []),
        *_addresses(edition),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in tags)


def _addresses(edition: LocalizedMetadata) -> list[tuple[str, str]]:
    """Return the tags of the page and the PDF; of an unpublished article there are none."""
    page = edition.permanent
    return [("UR", page), ("L1", f"{page}{edition.file_name}.pdf")] if page else []


def _ris_name(name: Name) -> str:
    return name.inverted if name.given else f"{name.inverted},"


def as_csl(edition: LocalizedMetadata) -> dict[str, Any]:
    """Return the CSL item."""
    date = edition.date
    item = {
        "id": edition.key,
        "type": "report",
        "language": edition.tag,
        "title": edition.title,
        "author": [_csl_name(author.name) for author in edition.authors],
        "issued": {"date-parts": [[date.year, date.month, date.day]]},
        # It says the version, which styles would print a second time as a field of its own.
        "genre": edition.genre,
        **_given("publisher", edition.publisher),
        "abstract": edition.description,
        **_given("keyword", ", ".join(edition.keywords)),
        **_given("URL", edition.permanent),
    }
    return {**item, "DOI": edition.doi} if edition.doi else item


def _csl_name(name: Name) -> dict[str, str]:
    if name.whole:
        return {"literal": name.whole}
    return {
        "family": name.family,
        **_given("given", name.given),
        **_given("non-dropping-particle", name.particle),
        **_given("suffix", name.suffix),
    }


def as_html(edition: LocalizedMetadata) -> str:
    """Return the reference as a safe fragment, as the language's own list of references has it."""
    item = as_csl(edition)
    # The publisher would only repeat the author.
    if item.get("publisher") in [author.get("literal") for author in item["author"]]:
        item.pop("publisher", None)
    citation = edition.article["languages"][edition.code]["citation"]
    item["title"] = without_markup(item["title"])
    works = References(Path(), {edition.key: item})
    (entry,) = render(works, [edition.key], **citation, language=edition.tag)
    return str(_with_status(entry.html, edition))


def _with_status(reference: Markup, edition: LocalizedMetadata) -> Markup:
    """Return a reference that says what is unpublished; not every style prints the genre."""
    if not edition.status or edition.status in reference.striptags():
        return reference
    return fill(escape(edition.words["unpublished"]["behind"]), reference=reference)


def as_text(edition: LocalizedMetadata) -> str:
    """Return the reference in plain text."""
    return unescape(re.sub(r"<[^>]*>", "", as_html(edition)))


@dataclass(frozen=True)
class Format:
    """A format of citations.

    Attributes
    ----------
    ending
        The ending of its files.
    media_type
        What it is on the web.
    write
        Returns an edition in it.
    """

    ending: str
    media_type: str
    write: Callable[[LocalizedMetadata], str]


# By the name of the format in the words of a language.
FORMATS: Mapping[str, Format] = {
    "bibtex": Format("bib", "application/x-bibtex", as_bibtex),
    "ris": Format("ris", "application/x-research-info-systems", as_ris),
    "csl": Format(
        "csl.json",
        "application/vnd.citationstyles.csl+json",
        lambda edition: json.dumps([as_csl(edition)], ensure_ascii=False, indent=2) + "\n",
    ),
    "text": Format("txt", "text/plain", lambda edition: as_text(edition) + "\n"),
}


def main() -> None:
    """Write the citations of the language that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--language", required=True)
    for name in ("article", "templates", "output"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    arguments = parser.parse_args()
    article = read_json(arguments.article)
    edition = read_metadata(article, arguments.templates)[arguments.language]
    with replacing_folder(arguments.output) as part:
        for form in FORMATS.values():
            write_text(part / f"{edition.file_name}.{form.ending}", form.write(edition))


if __name__ == "__main__":
    run_command(main)

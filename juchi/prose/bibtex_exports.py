"""What programs and portals write into fields of BibTeX that have another home in CSL-JSON.

Preprints of arXiv in a note or as a journal, addresses under `howpublished`, dates of access in a
note, editions in words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from juchi.prose.bibtex_dates import MONTHS
from juchi.prose.bibtex_latex import unenclosed

__all__ = ["settled"]

_ARXIV = re.compile(
    r"(?:CoRR,? )?(?:abs/|(?:arXiv(?: preprint)?[:\s]+)(?:abs/|arXiv:)?)"
    r"(?P<id>\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:\s*\[[\w.-]+\])?\.?",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"(?:\\url\s*\{(?P<url>https?://[^\s{}]+)\}|(?P<bare>https?://[^\s{}\\]+))", re.IGNORECASE
)
_LEAD = re.compile(r"[{\"\s]*(?:\[Online\]\.?\s*)?(?:Available(?: at)?:?|URL:?)?\s*", re.IGNORECASE)
_ACCESSED = re.compile(
    r"(?:\[Online; )?(?:last )?(?:accessed|visited|retrieved|访问日期|引用日期)(?: on)?[:：]?\s*"
    r"(?:(?P<date>\d{4}-\d{1,2}-\d{1,2})|(?P<day>\d{1,2})[-\s](?P<month>[A-Za-z]{3})[a-z]*[-\s]"
    r"(?P<year>\d{4}))\]?\.?",
    re.IGNORECASE,
)
_WORDS = "first second third fourth fifth sixth seventh eighth ninth tenth"
_ORDINALS = _WORDS.split()
_CHINESE = "一二三四五六七八九十"
# A stop at the end of a title, as DBLP has it, and not that of a word cut short.
_STOP = re.compile(r"(?<=[a-z]{4})\.(?=(?:</span>)?$)")
_EDITION = re.compile(
    rf"(?:(?P<word>{'|'.join(_ORDINALS)})|第?(?P<chinese>[{_CHINESE}])版|第?\s?(?P<counted>\d+)\s?版"
    r"|(?P<number>\d+)(?:st|nd|rd|th|\.|ª|ᵉ|e)?)(?:\s(?:edition|ed\.?|edn\.?|Auflage|Aufl\.?))?",
    re.IGNORECASE,
)


def settled(item: dict[str, Any], fields: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """Return a work in which each thing stands where styles look for it.

    Parameters
    ----------
    item
        The work in CSL-JSON.
    fields
        The fields of its entry: where each stands, and its value as it is written.
    """
    done = _of_arxiv(_with_address(dict(item), fields))
    if match := _EDITION.fullmatch(str(done.get("edition", "")).strip()):
        done["edition"] = _number(match)
    if "title" in done:
        done["title"] = _STOP.sub("", str(done["title"]))
    accessed = _ACCESSED.fullmatch(str(done.get("note", "")).strip())
    if accessed and "accessed" not in done and _day(accessed)[1] <= len(MONTHS):
        done["accessed"] = {"date-parts": [_day(accessed)]}
        done.pop("note")
    if package := re.fullmatch(r"\w+ package version (\S+)", str(done.get("note", ""))):
        done |= {"type": "software", "version": package[1]}
        done.pop("note")
    if "page" not in done and "article-number" in fields:  # as MDPI has it
        done["page"] = unenclosed(fields["article-number"][1])
    return done


def _day(match: re.Match[str]) -> list[int]:
    if match["date"]:
        return [int(part) for part in match["date"].split("-")]
    names = [*MONTHS, match["month"].lower()]
    return [int(match["year"]), names.index(match["month"].lower()) + 1, int(match["day"])]


def _number(match: re.Match[str]) -> str:
    if match["word"]:
        return str(_ORDINALS.index(match["word"].lower()) + 1)
    if match["chinese"]:
        return str(_CHINESE.index(match["chinese"]) + 1)
    return match["counted"] or match["number"]


def _with_address(item: dict[str, Any], fields: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """Return a work with the address that stands under `howpublished` or alone in a note."""
    if "URL" in item:
        return item
    for field, variable in (("howpublished", "publisher"), ("note", "note")):
        raw = fields.get(field, ("", ""))[1]
        lead = _LEAD.match(raw)
        match = _ADDRESS.match(raw, lead.end()) if lead else None
        if match and not raw[match.end() :].strip('{}" .\n'):
            rest = {name: value for name, value in item.items() if name != variable}
            return {**rest, "URL": (match["url"] or match["bare"]).replace("\\", "").rstrip(".")}
    return item


def _of_arxiv(item: dict[str, Any]) -> dict[str, Any]:
    """Return a preprint of arXiv as one, wherever its entry says so."""
    for variable in ("container-title", "note", "publisher"):
        said = str(item.get(variable, "")).strip()
        if said == "CoRR":  # as DBLP calls it
            said = f"{said} {item.get('volume', '')}"
        match = _ARXIV.fullmatch(said)
        if match and (variable == "container-title" or "container-title" not in item):
            return _preprint(item, match["id"], variable)
    address = re.fullmatch(r"https?://arxiv\.org/abs/(\S+)", str(item.get("URL", "")))
    if address and item.get("type", "") in ("", "webpage"):
        return _preprint(item, address[1], "publisher")
    return item


def _preprint(item: dict[str, Any], number: str, said: str) -> dict[str, Any]:
    rest = {name: value for name, value in item.items() if name not in (said, "volume")}
    return {
        **rest,
        "type": "article",
        "publisher": "arXiv",
        "number": f"arXiv:{number}",
        "URL": item.get("URL", f"https://arxiv.org/abs/{number}"),
    }

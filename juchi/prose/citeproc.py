"""Citations and the list of references as a CSL style has them, by Pandoc's citeproc.

One run of Pandoc sets all citations of a page and its list, once for each language whose words are
asked for. Its answer is read from Pandoc's syntax tree; text reaches a page only through
`juchi.prose.inlines`, which escapes it.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from juchi.core.errors import UserError
from juchi.core.pandoc import run_pandoc
from juchi.prose.csl_style import Style, locator_word
from juchi.prose.inlines import Inline, element
from juchi.prose.locators import NAMED, Locator

__all__ = ["Cluster", "Listed", "Mention", "Outcome", "cite"]

Item = Mapping[str, Any]

# Sets the same document in the words of each locale.
_SCRIPT = """
local job = pandoc.json.decode(io.read('a'), false)
local done = {}
for i, style in ipairs(job.styles) do
  local document = pandoc.read(job.document, 'json')
  document.meta.bibliography = job.bibliography
  document.meta.csl = style.path
  document.meta.lang = style.locale
  document.meta['link-citations'] = true
  document.meta['notes-after-punctuation'] = false
  done[i] = pandoc.write(pandoc.utils.citeproc(document), 'json')
end
io.write(pandoc.json.encode(done))
"""
_MODES = {"": "NormalCitation", "-": "SuppressAuthor", "@": "AuthorInText"}


@dataclass(frozen=True)
class Mention:
    """A work as one citation has it.

    Attributes
    ----------
    key
        The id of the work.
    prefix, suffix
        What stands before and behind it.
    locator
        Where in the work.
    mode
        Empty, ``-`` for one without its author, or ``@`` for one that is part of the sentence.
    """

    key: str
    prefix: Sequence[Inline] = ()
    suffix: Sequence[Inline] = ()
    locator: Locator | None = None
    mode: str = ""


@dataclass(frozen=True)
class Cluster:
    """Works that are cited at one place.

    Attributes
    ----------
    mentions
        The works.
    note
        The number of the note in which it stands, or which it is in a style of notes; or 0.
    in_note
        Whether it stands in a note of the article.
    """

    mentions: Sequence[Mention]
    note: int = 0
    in_note: bool = False


@dataclass(frozen=True)
class Listed:
    """A work in the list: its label, if the style has any, and its text."""

    key: str
    label: Sequence[Inline]
    text: Sequence[Inline]


@dataclass(frozen=True)
class Outcome:
    """What Pandoc has made of a page in the words of one locale.

    Attributes
    ----------
    citations
        The text of each cluster.
    entries
        The list in its order.
    """

    citations: list[list[Inline]] = field(default_factory=list)
    entries: list[Listed] = field(default_factory=list)


def cite(
    items: Sequence[Item],
    style: Style,
    locales: Iterable[str],
    clusters: Sequence[Cluster],
    listed: Iterable[str] = (),
) -> dict[str, Outcome]:
    """Set citations and their list.

    Parameters
    ----------
    items
        The works, as CSL-JSON.
    style
        The style.
    locales
        The CSL locales in whose words they are set.
    clusters
        The citations in the order of the page.
    listed
        Works that stand in the list though nothing cites them.

    Raises
    ------
    UserError
        For a style that Pandoc cannot read.
    """
    document = json.dumps(_document(clusters, list(listed)))
    styles = {locale: style.text(locale) for locale in dict.fromkeys(locales)}
    said = _run(json.dumps(list(items)), document, style.name, json.dumps(styles))
    blocks = [json.loads(text)["blocks"] for text in json.loads(said)]
    return {
        locale: _outcome(parts, len(clusters)) for locale, parts in zip(styles, blocks, strict=True)
    }


@cache
def _run(items: str, document: str, name: str, styles: str) -> str:
    """Run Pandoc; what depends on the same texts is worked out once."""
    with tempfile.TemporaryDirectory() as folder:
        works = Path(folder, "works.json")
        works.write_text(items, "utf-8")
        jobs = []
        for locale, text in json.loads(styles).items():
            path = Path(folder, f"{locale}.csl")
            path.write_text(text, "utf-8")
            jobs.append({"locale": locale, "path": str(path)})
        job = {"document": document, "bibliography": str(works), "styles": jobs}
        run = run_pandoc(["lua", "-e", _SCRIPT], json.dumps(job))
    if run.returncode:
        raise UserError(
            f"citation style {name!r}",
            run.stderr.strip().partition("\nstack traceback")[0],
            "a style that Pandoc's citeproc can read",
            "see whether the style holds to CSL 1.0.2, or take another one",
        )
    return run.stdout


# --- to Pandoc ---


def _document(clusters: Sequence[Cluster], listed: Sequence[str]) -> dict[str, Any]:
    meta = {}
    if listed:
        unseen = element("Cite", [[_citation(Mention(key), 0) for key in listed], []])
        meta = {"nocite": element("MetaInlines", [unseen])}
    blocks = [_block(cluster) for cluster in clusters]
    return {"pandoc-api-version": [1, 23, 1], "meta": meta, "blocks": blocks}


def _block(cluster: Cluster) -> Inline:
    mentions = [_citation(mention, cluster.note) for mention in cluster.mentions]
    content = [element("Cite", [mentions, []])]
    if cluster.in_note:
        content = [element("Note", [element("Para", content)])]
    return element("Para", content)


def _citation(mention: Mention, note: int) -> dict[str, Any]:
    return {
        "citationId": mention.key,
        "citationPrefix": list(mention.prefix),
        "citationSuffix": [*_located(mention.locator), *mention.suffix],
        "citationMode": element(_MODES[mention.mode]),
        "citationNoteNum": note,
        "citationHash": 0,
    }


def _located(locator: Locator | None) -> Iterator[Inline]:
    if locator:
        # One that is named as it was written has no word before it.
        yield element("Str", "{")
        if locator.label != NAMED:
            yield element("Str", locator_word(locator.label))
            yield element("Space")
        yield element("Str", f"{locator.number}}}")


# --- from Pandoc ---


def _outcome(blocks: Sequence[Any], count: int) -> Outcome:
    citations = [_cited(block["c"]) for block in blocks[:count]]
    entries = [_listed(entry) for block in blocks[count:] for entry in block["c"][1]]
    return Outcome(citations, entries)


def _cited(inlines: list[Inline]) -> list[Inline]:
    """Return the text of a citation, without the note of the article that it stands in."""
    (only,) = inlines
    if only["t"] == "Note":
        (only,) = only["c"][0]["c"]
    found: list[Inline] = only["c"][1]
    return found


def _listed(entry: Any) -> Listed:  # noqa: ANN401 - a part of Pandoc's tree
    (identifier, _, _), blocks = entry["c"]
    inlines = [inline for block in blocks for inline in block["c"]]
    label = [inline for inline in inlines if _is_label(inline)]
    text = [inline for inline in inlines if inline not in label]
    return Listed(identifier.removeprefix("ref-"), label, text)


def _is_label(inline: Inline) -> bool:
    return inline["t"] == "Span" and "csl-left-margin" in inline["c"][0][1]

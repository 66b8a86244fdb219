"""Measure citations and references on the test suite of the Citation Style Language.

``python -m docs.csl_suite FOLDER`` takes a copy of the suite's folder ``processor-tests/humans``,
prints how many cases of each category pass, and names those that fail. See `docs/citations.md`.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lxml import etree

from juchi.core.errors import UserError, run_command
from juchi.core.pandoc import run_pandoc
from juchi.prose.bibliography import finished, without_commas_behind_institutions
from juchi.prose.citeproc import Cluster, Listed, Mention, cite
from juchi.prose.citeproc_input import prepared_cluster, prepared_items
from juchi.prose.csl_style import Style
from juchi.prose.inlines import Inline, as_html
from juchi.prose.locators import Locator, normal

# What papers need.
CATEGORIES = (
    *("name", "date", "page", "number", "locator", "punctuation", "quotes", "textcase", "sort"),
    *("collapse", "disambiguate", "substitute"),
)
_SECTION = re.compile(r">>=+ ([A-Z-]+) =+>>\n(.*?)\n?<<=+ \1 =+<<", re.DOTALL)
_REFUSED = "[CSL STYLE ERROR: reference with no printed form.]"


def verdict(path: Path) -> tuple[bool, str, str]:
    """Return whether a case passes, what it expects, and what it gets."""
    parts = {name.lower(): text for name, text in _SECTION.findall(path.read_text("utf-8-sig"))}
    read = json.loads(parts["input"])
    items = list({str(item.get("id", at)): item for at, item in enumerate(read)}.values())
    for number, item in enumerate(items):
        item["id"] = str(item.get("id", f"item-{number}"))
    style = Style(path.stem, etree.fromstring(parts["csl"].encode()))
    locale = style.root.get("default-locale") or "en-US"
    # A note that a style makes begins with a capital; the suite wants the text of the citation.
    clusters = [
        Cluster(mentions, note, in_note=style.notes) for mentions, note in _clusters(parts, items)
    ]
    prepared = [prepared_cluster(cluster, style, locale) for cluster in clusters]
    try:
        done = cite(prepared_items(items, style), style, [locale], prepared)[locale]
    except UserError as error:
        return False, parts["result"], str(error)
    if parts["mode"] == "citation":
        shown = [_text(each, style, locale) or _REFUSED for each in done.citations]
    else:
        works = {item["id"]: item for item in items}
        shown = [_entry(each, works[each.key], style, locale) for each in done.entries]
    expected, got = parts["result"], "\n".join(shown)
    if "citations" in parts:
        expected = re.sub(r"(?m)^\s*(>>|\.\.)\[\d+\] ?", "", expected)
    return _plain(expected) == _plain(got), expected, got


def _clusters(parts: dict[str, str], items: Sequence[Any]) -> list[tuple[list[Mention], int]]:
    """Return the citations of a case, each with the number of its note."""
    if "citations" in parts:
        steps = json.loads(parts["citations"])
        last = {step[0].get("citationID", number): step[0] for number, step in enumerate(steps)}
        order = [known for known, _ in steps[-1][1]] + [steps[-1][0].get("citationID")]
        order += [known for known, _ in steps[-1][2]]
        chosen = [last[known] for known in order if known in last] or list(last.values())
        return [
            (_mentions(each["citationItems"]), each.get("properties", {}).get("noteIndex", 0))
            for each in chosen
        ]
    if "citation-items" in parts:
        return [(_mentions(cites), 0) for cites in json.loads(parts["citation-items"])]
    if parts["mode"] == "citation":
        return [(_mentions(items), 0)]
    return [(_mentions([item]), 0) for item in items]


def _mentions(cites: Sequence[Any]) -> list[Mention]:
    return [
        Mention(
            str(each["id"]),
            _words(each.get("prefix")),
            _words(each.get("suffix")),
            _locator(each),
            "-" if each.get("suppress-author") else "",
        )
        for each in cites
    ]


def _locator(cited: Any) -> Locator | None:  # noqa: ANN401 - JSON of the suite
    # An item that is cited whole has no label.
    if not cited.get("locator") or "type" in cited:
        return None
    label = str(cited.get("label") or "page").replace(" ", "-")
    written = str(cited["locator"])
    return Locator(label, normal(written), written)


def _words(text: str | None) -> list[Inline]:
    """Return a text of CSL-JSON as Pandoc reads it."""
    if not text:
        return []
    work = json.dumps([{"id": "x", "type": "book", "title": text}])
    read = json.loads(run_pandoc(["-f", "csljson", "-t", "json"], work).stdout)
    inlines: list[Inline] = read["meta"]["references"]["c"][0]["c"]["title"]["c"]
    return inlines


def _entry(listed: Listed, item: Any, style: Style, locale: str) -> str:  # noqa: ANN401 - JSON
    texts = [_text(part, style, locale) for part in (listed.label, listed.text)]
    texts[1] = without_commas_behind_institutions(texts[1], item, style)
    return " ".join(filter(None, texts)) or _REFUSED


def _text(inlines: Sequence[Inline], style: Style, locale: str) -> str:
    return finished(str(as_html(inlines, lambda _: "")), style, locale)


def _plain(text: str) -> str:
    """Return what a browser shows of a text: its white space and its links are no part of it."""
    for entity, sign in (("&#38;", "&amp;"), ("&#60;", "&lt;"), ("&#62;", "&gt;"), ("&#34;", '"')):
        text = text.replace(entity, sign)
    text = re.sub('</?div[^>]*>|<span class="csl-[a-z-]+">', " ", text)
    text = text.replace('<span class="nocase">', "")
    text = re.sub(r'<span style="font-variant: ?small-caps;">', '<span class="small-caps">', text)
    text = text.replace('<span style="font-style:normal;">', '<span class="plain">')
    text = text.replace("</sup><sup>", "").replace("</i><i>", "").replace("</span>", "")
    text = text.replace("text-decoration:underline;", "").replace('<span style="">', "<u>")
    return " ".join(text.replace("</u>", "").split())


def main() -> None:
    """Print the table of the suite in a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", action="store_true", help="print what failing cases expect")
    arguments = parser.parse_args()
    counts: dict[str, Counter[bool]] = defaultdict(Counter)
    cases = sorted(arguments.folder.glob("*.txt"))
    if not cases:
        raise UserError(
            str(arguments.folder),
            "no case of the suite",
            "the folder processor-tests/humans of the test suite, with its .txt files",
            "clone the suite, and name that folder",
        )
    for path in cases:
        category, _, name = path.stem.partition("_")
        if category not in CATEGORIES:
            continue
        passes, expected, got = verdict(path)
        counts[category][passes] += 1
        if not passes:
            print(f"{category}: {name}")
            if arguments.show:
                print(f"  expected {expected!r}\n  got      {got!r}")
    total = sum(counts.values(), Counter())
    for category, count in (*counts.items(), ("all", total)):
        share = count[True] / count.total()
        print(f"| {category} | {count.total()} | {count[True]} | {share:.0%} |")


if __name__ == "__main__":
    run_command(main)

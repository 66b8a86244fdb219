"""The page that tells where every number comes from, and what paper says of it in short.

Both are filled in from `build/provenance.json`; from the composed article come the numbers of
figures, tables and sections. Paper names the files that it carries, which hold all that the page
shows.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import html
from lxml.html import HtmlElement
from markupsafe import Markup, escape

from juchi.core.atomic import write_text
from juchi.core.errors import run_command
from juchi.core.records import read_json, write_json
from juchi.core.theme import theme_file
from juchi.exhibits.table import identifier, origin
from juchi.html.document import characters
from juchi.plan.figures import THEMES, picture_of
from juchi.prose.calls import read_messages
from juchi.prose.fact_formatter import FactFormatter
from juchi.prose.formats import NumberFormat
from juchi.prose.layout import fill_in
from juchi.prose.messages import fill
from juchi.provenance.source_links import built_from, file_link
from juchi.results.facts import Fact, read_facts
from juchi.site.localized_metadata import permanent_page

__all__ = ["Article", "Page", "main", "pictures"]

# What goes along with every article, besides its results.
_RECORDS = ("facts.json", "claims.json", "configuration.json", "provenance.json")
_ARROW = "\N{LEFTWARDS ARROW}"


@dataclass(frozen=True)
class Place:
    """A place of the article: its address from the page of provenance, and its label."""

    href: str
    label: str


class Article:
    """The composed article: how its parts are numbered, and where it links to which fact."""

    def __init__(self, root: HtmlElement, words: Mapping[str, Any]) -> None:
        self.labels: dict[str, Place] = {}
        self.quoted: dict[str, list[Place]] = {}
        self.ids = set(root.xpath("//@id"))
        self._words = words
        self._prefix = origin("fact", "")
        heading = Place("index.html", words["title"])
        for element in root.iter("h2", "h3", "figure", "a"):
            if element.tag == "figure":
                self._number(element)
            elif element.tag != "a" and element.get("id"):
                heading = self._heading(element)
            elif element.tag == "a":
                self._note(element, heading)

    def _number(self, figure: HtmlElement) -> None:
        for label in figure.find_class("label")[:1]:
            place = Place(f"index.html#{figure.get('id')}", label.text_content())
            self.labels[figure.get("id")] = place

    def _heading(self, element: HtmlElement) -> Place:
        number = next(iter(element.find_class("number")), None)
        label = (
            element.text_content()
            if number is None
            else fill(self._words["labels"]["section"], number=number.text_content())
        )
        return Place(f"index.html#{element.get('id')}", label)

    def _note(self, link: HtmlElement, heading: Place) -> None:
        address = link.get("href", "")
        if not address.startswith(self._prefix):
            return
        figure = next(link.iterancestors("figure"), None)
        place = heading if figure is None else self.labels.get(figure.get("id"), heading)
        places = self.quoted.setdefault(address.removeprefix(self._prefix), [])
        if place not in places:
            places.append(place)


class Page:
    """Fills in the page and the appendix of one language.

    Parameters
    ----------
    provenance
        What `juchi.provenance.provenance` wrote.
    article
        The settings of the article.
    composed
        The language's composed article.
    printer, words
        How the language prints facts; its words.
    """

    def __init__(
        self,
        provenance: Mapping[str, Any],
        article: Mapping[str, Any],
        composed: Article,
        printer: FactFormatter,
        words: Mapping[str, Any],
    ) -> None:
        self.provenance = provenance
        self.article = article
        self.composed = composed
        self.printer = printer
        self.words = words
        self.own = words["provenance"]

    def fields(self, language: str) -> dict[str, Any]:
        """Return what the layouts show."""
        return {
            "article": self.article,
            "language": language,
            "entry": self.article["languages"][language],
            "twins": [
                {"code": code, "tag": entry["tag"], "name": entry["name"]}
                for code, entry in self.article["languages"].items()
                if code != language
            ],
            "words": self.words,
            "own": self.own,
            "built_from": built_from(self.article, self._revision, self.own["commit"]),
            "preset": self.words["presets"][self.provenance["preset"]],
            "figures": [
                self._display("figure", "fig", name, language) for name in self._in_order("figures")
            ],
            "tables": [
                self._display("table", "tab", name, language) for name in self._in_order("tables")
            ],
            "claims": [self._claim(name) for name in self.provenance["claims"]],
            "subjects": [self._subject(name) for name in self._subjects()],
            "address": permanent_page(self.article, language),
            "attached": list(self._attached()),
            "rules": [self._rule(name) for name in self.provenance["rules"]],
        }

    @property
    def _revision(self) -> Any:  # noqa: ANN401 - a part of a JSON document
        return {key: self.provenance[key] for key in ("commit", "dirty")}

    def _in_order(self, kind: str) -> list[str]:
        """Return the figures or tables that rules make, in the order in which they are numbered."""
        prefix = {"figures": "fig-", "tables": "tab-"}[kind]
        names = [id_.removeprefix(prefix) for id_ in self.composed.labels if id_.startswith(prefix)]
        return [name for name in names if name in self.provenance[kind]]

    def _display(self, kind: str, prefix: str, name: str, language: str) -> dict[str, Any]:
        entry = self.provenance[f"{kind}s"][name]
        return {
            "id": f"{kind}-{name}",
            "name": name,
            "place": self.composed.labels[f"{prefix}-{name}"],
            "data": pictures(entry, language) or [_data_link(file) for file in entry["data"]],
            "code": list(
                map(self._file, entry["scripts"] if "scripts" in entry else [entry["code"]])
            ),
            "source": self._shown(entry["taken"]) if "taken" in entry else None,
            "rules": _chain(entry["rules"]),
            "experiments": entry["experiments"],
            "declared": entry["declared"],
            "command": entry.get("command"),
        }

    def _shown(self, taken: Mapping[str, Any]) -> Markup:
        """Return which rows and columns of a file a table shows."""
        rows = [f"{column} = {_shown(value)}" for column, value in taken["rows"].items()]
        rows += [f"sort: {', '.join(taken['sort'])}"] if taken["sort"] else []
        rows += [f"first: {taken['first']}"] if taken["first"] else []
        parts = (Markup("<code>{}</code>").format(part) for part in (*rows, *taken["columns"]))
        return escape(self.own["separator"]).join(parts)

    def _claim(self, name: str) -> dict[str, Any]:
        entry = self.provenance["claims"][name]
        return {
            "id": f"claim-{name}",
            "shown_in_ledger": f"claim-{name}" in self.composed.ids,
            "name": name,
            "statement": self.words["claims"][name]["statement"],
            "verdict": entry["verdict"],
            "shown": self.words["verdicts"][entry["verdict"]],
            "test": self.words["claims"][name]["test"],
            "preconditions": [
                (self.words["preconditions"][each], each in entry["unmet"])
                for each in entry["preconditions"]
            ],
            "fixed": self.words["fixed"][entry["fixed"]],
            "facts": [(fact, self.printer.bare(fact)) for fact in entry["facts"]],
            "rules": _chain(entry["rules"]),
        }

    def _subjects(self) -> list[str]:
        """Return what facts are about: experiments, and a few things besides."""
        facts = (name.split(".", maxsplit=1)[0] for name in self.provenance["facts"])
        return sorted({*facts, *self.provenance["experiments"]})

    def _subject(self, name: str) -> dict[str, Any]:
        experiment = self.provenance["experiments"].get(name)
        facts = [fact for fact in self.provenance["facts"] if fact.startswith(f"{name}.")]
        named = self.words.get("configurations", {}).get(name) or {}
        return {
            "id": f"subject-{name}",
            "name": name,
            "title": named.get("name") or self.own["subjects"].get(name, ""),
            "experiment": experiment and self._experiment(experiment),
            "facts": [self._row(fact) for fact in facts],
        }

    def _experiment(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        declared: dict[str, list[tuple[str, str]]] = {entry["declared"]: []}
        if entry["like"]:
            declared[entry["declared"]].append(("like", entry["like"]))
        for key, value in entry["settings"].items():
            declared.setdefault(entry["places"][key], []).append((key, _shown(value)))
        return {
            **entry,
            "code": self._file(entry["code"]),
            "changed": declared[entry["declared"]],
            # What it has from others, those that all share the last.
            "settings": sorted(declared.items(), key=lambda part: part[0] == entry["common"]),
        }

    def _attached(self) -> Iterator[tuple[str, str]]:
        """Yield the files that the PDF carries, with what they are; those of a kind together."""
        entries = [
            *self.provenance["facts"].values(),
            *self.provenance["figures"].values(),
            *self.provenance["tables"].values(),
        ]
        files = {Path(file).name for entry in entries for file in entry["data"]}
        described = self.words["attachments"]
        named = [name for name in described if name in {*_RECORDS, *files}]
        for name in named:
            yield name, described[name]
        for suffix, count in sorted(
            Counter(map(_suffix, files.difference(_RECORDS, named))).items()
        ):
            several = fill(self.own["several_files"], kind=suffix.upper(), number=count)
            yield "", fill(described[suffix], name=several)

    def _row(self, name: str) -> dict[str, Any]:
        entry = self.provenance["facts"][name]
        return {
            "id": f"fact-{name}",
            "name": identifier(name),
            "printed": self.printer.full(name),
            "exact": self.printer.exact(name),
            "n": entry["n"],
            "interval": self.printer.interval(name),
            "source": self._source(name, entry),
            "rules": _chain(entry["rules"]),
            "places": self._places(name),
        }

    def _places(self, name: str) -> list[Place]:
        """Return where the article prints a fact, draws it, or rests on it."""
        shown = [
            self.composed.labels[f"{prefix}-{each}"]
            for kind, prefix in (("figures", "fig"), ("tables", "tab"))
            for each, entry in self.provenance[kind].items()
            if name in entry["facts"]
        ]
        return list(dict.fromkeys([*self.composed.quoted.get(name, []), *shown]))

    def _source(self, name: str, entry: Mapping[str, Any]) -> Markup:
        """Return which file, rows and column give a fact, and the experiments that it compares."""
        if "expression" in entry["taken"]:
            return _expression(entry["taken"])
        parts = [_data_link(entry["data"][0]), *self._which(entry["taken"], entry["configuration"])]
        subject = name.split(".", maxsplit=1)[0]
        if entry["experiments"] not in ([], [subject]):
            parts.append(
                escape(self.own["list_separator"]).join(
                    Markup('<a href="#subject-{}"><code>{}</code></a>').format(each, each)
                    for each in entry["experiments"]
                )
            )
        return escape(self.own["separator"]).join(parts)

    def _which(self, taken: Mapping[str, Any], keys: list[str]) -> Iterator[Markup]:
        """Yield the rows, and the statistic or column; of a setting, its key."""
        if "setting" in taken:
            yield Markup("<code>{}</code>").format(keys[0])
            return
        if taken["rows"]:
            rows = ", ".join(f"{column} = {value}" for column, value in taken["rows"].items())
            yield Markup("<code>{}</code>").format(rows)
        column = Markup("<code>{}</code>").format(taken["column"])
        pattern = escape(self.own["statistics"][taken.get("statistic", "none")])
        yield fill(pattern, column=column, at=taken.get("at", ""))
        if "omitted" in taken:
            yield fill(escape(self.own["omitted"]), number=str(taken["omitted"]))

    def _rule(self, name: str) -> dict[str, Any]:
        rule = self.provenance["rules"][name]
        runs = rule["runs"]
        return {
            "id": f"rule-{name}",
            "name": name,
            "code": [*(self._file(path) for path in rule["code"]), *rule["programs"]],
            "runs": len(runs),
            # Those of experiments and figures stand with these.
            "command": runs[0]["command"] if not runs[0]["wildcards"] else None,
        }

    def _file(self, path: str) -> Markup:
        return file_link(path, self.article, self._revision)


def pictures(entry: Mapping[str, Any], language: str) -> list[Markup]:
    """Return the pictures that a rule of the article makes of a figure, if one does.

    Examples
    --------
    >>> pictures({"picture": "results/a.{theme}.{language}.svg"}, "en")[0]
    Markup('<code>results/a.light.en.svg</code>')
    """
    if not entry.get("picture"):
        return []
    files = dict.fromkeys(picture_of(entry, language, theme) for theme in THEMES)
    return [Markup("<code>{}</code>").format(file) for file in files]


def _suffix(file: str) -> str:
    return Path(file).suffix.removeprefix(".")


def _expression(taken: Mapping[str, Any]) -> Markup:
    """Return an expression of facts, each linked to its row."""
    named = "|".join(re.escape(part) for part in sorted(taken["parts"], key=len, reverse=True))
    texts = re.split(rf"({named})", taken["expression"]) if named else [taken["expression"]]
    return Markup("").join(
        Markup('<a href="#fact-{}"><code>{}</code></a>').format(text, text)
        if text in taken["parts"]
        else escape(text)
        for text in texts
    )


def _data_link(file: str) -> Markup:
    return Markup('<a href="../{}"><code>{}</code></a>').format(file, Path(file).name)


def _chain(rules: Iterable[str]) -> str:
    return f" {_ARROW} ".join(rules)


def _shown(value: Any) -> str:  # noqa: ANN401 - any JSON value
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _record(texts: Iterable[str], places: Iterable[str]) -> dict[str, Any]:
    """Return the characters of both forms, each with its layout; no first view shows them."""
    names = ("role", "weight", "style", "text")
    return {
        "text": [
            {**dict(zip(names, key, strict=True)), "later": True, "place": place}
            for text, place in zip(texts, places, strict=True)
            for key in characters(html.document_fromstring(text))
        ]
    }


def main() -> None:
    """Fill in the page and the appendix of the language that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--language", required=True)
    names = ("provenance", "article", "formats", "facts", "composed", "templates")
    for name in (*names, "page", "appendix", "record"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    arguments = parser.parse_args()
    article, language = read_json(arguments.article), arguments.language
    words = read_messages(arguments.templates / language / "messages.yaml")
    numbers = NumberFormat(article["languages"][language]["locale"], words["list_separator"])
    facts: dict[str, Fact] = read_facts(arguments.facts)
    printer = FactFormatter(facts, read_json(arguments.formats), numbers, words)
    parser_ = html.HTMLParser(encoding="utf-8")
    composed = Article(html.parse(str(arguments.composed), parser_).getroot(), words)
    page = Page(read_json(arguments.provenance), article, composed, printer, words)
    fields = page.fields(language)
    layouts = [
        theme_file(f"layout/{name}.html.j2", arguments.templates)
        for name in ("provenance", "appendix")
    ]
    texts = [fill_in(layout, **fields) for layout in layouts]
    for path, text in zip((arguments.page, arguments.appendix), texts, strict=True):
        write_text(path, text)
    write_json(arguments.record, _record(texts, map(str, layouts)))


if __name__ == "__main__":
    run_command(main)

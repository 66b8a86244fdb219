"""Compose one language's page: prose, facts, tables, figures and references, formulas left open.

The result is a whole HTML page in which each formula is an empty element with its LaTeX; the
screen fills in MathML and the paper pictures. Beside it go two records: of the formulas, for the
typesetting of mathematics, and of the characters in use, for the subsetting of fonts. They are two
files since most changed sentences leave the formulas as they are.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from babel.dates import format_date
from lxml import html
from lxml.html import HtmlElement
from markupsafe import Markup

from juchi.core.atomic import write_text
from juchi.core.errors import run_command
from juchi.core.records import read_json, write_json
from juchi.core.tables import read_table
from juchi.core.theme import theme_file
from juchi.exhibits.table import Context
from juchi.html import document
from juchi.html.citations import set_citations
from juchi.html.composer import Composer
from juchi.html.end_matter import end_matter
from juchi.html.forms import WEB, refuse_parted_references
from juchi.html.fragments import data_block
from juchi.html.front import check_front
from juchi.html.marks import explain_marks
from juchi.html.own_links import resolve_own_links
from juchi.html.reference_spaces import set_spaces
from juchi.html.tables import say_continued
from juchi.html.title_block import milestones, title_block
from juchi.html.whole_units import keep_units_whole
from juchi.plan.parts import FRONT, parts
from juchi.plan.revision import Revision
from juchi.prose.bibliography import Entry
from juchi.prose.calls import Messages, flatten, read_messages
from juchi.prose.equations import read_equations
from juchi.prose.fact_formatter import FactFormatter
from juchi.prose.formats import NumberFormat
from juchi.prose.layout import fill_in
from juchi.prose.references import FILES
from juchi.prose.source import read_source
from juchi.provenance.source_links import built_from
from juchi.results.evaluation import read_evaluations
from juchi.results.facts import read_facts
from juchi.site import citation, metadata
from juchi.site.localized_metadata import LocalizedMetadata, read_metadata

__all__ = ["main"]


def _page(
    composer: Composer,
    prose: Mapping[str, HtmlElement],
    layout: Path,
    revision: Revision,
    editions: Mapping[str, LocalizedMetadata],
) -> HtmlElement:
    """Return the whole page around the prose, with its references and contents."""
    article, words = composer.context.article, composer.words
    edition = editions[composer.language]
    sections = _sections(article, prose, edition)
    front = [prose[name] for name in FRONT if name in prose]
    entries = set_citations([*front, *sections], composer)
    body, labels = _numbered(sections, prose.get("lead"), words)
    fields = {
        "article": article,
        "built_from": built_from(article, revision, words["provenance"]["commit"]),
        "words": words,
        "scripts": data_block(words["scripts"]),
        "assets": composer.assets,
        "language": composer.language,
        "entry": composer.entry,
        "twins": [
            {"code": code, "tag": entry["tag"], "name": entry["name"]}
            for code, entry in article["languages"].items()
            if code != composer.language
        ],
        "people": title_block(edition) if article["authors"] else None,
        "milestones": milestones(edition),
        "date": format_date(edition.date, "long", composer.entry["locale"]),
        **_front(prose),
        "contents": document.contents(body),
        "body": Markup(_inner(body)),
        **_web_appendices(body, labels),
        "references": entries,
        "references_form": _form_of(entries),
        **_edition_fields(editions, composer.language),
        "structured_data": data_block(
            metadata.structured_data(
                edition,
                list(editions.values()),
                document.plain_text(prose["abstract"]) if "abstract" in prose else "",
                [composer.references.items[entry.key] for entry in entries],
            )
        ),
    }
    root: HtmlElement = html.document_fromstring(fill_in(layout, **fields))
    document.resolve_references(root, labels, words["several"])
    set_spaces(root)
    keep_units_whole(root)
    resolve_own_links(root)
    refuse_parted_references(root)
    explain_marks(root, words)
    return root


def _sections(
    article: Mapping[str, Any], prose: Mapping[str, HtmlElement], edition: LocalizedMetadata
) -> list[HtmlElement]:
    """Return the sections, the appendices, and what stands behind them, in order."""
    sections = [prose[name] for name in article["sections"]]
    appendices = [prose[name] for name in article["appendices"]]
    on_web = [prose[name] for name in article["web_appendices"]]
    for section in (*appendices, *on_web):
        section.set("class", document.APPENDIX)
    for section in on_web:
        section.set("class", f"{document.APPENDIX} {WEB}")
    ends = end_matter(edition, {name: prose[name] for name in article["end_matter"]})
    found = [*sections, *appendices, *on_web, *ends]
    # What stands before them is what a reader may see at first; with neither a picture nor key
    # points before the abstract, the first section is, too.
    seen = 0 if prose.keys() & {"lead", "key_points"} else 1
    for section in found[seen:]:
        section.set("class", f"{section.get('class', '')} {document.LATER}".strip())
    return found


def _web_appendices(
    body: HtmlElement, labels: Mapping[str, document.Label]
) -> dict[str, list[dict[str, Any]]]:
    """Return what paper lists of the appendices that only the web has."""
    entries = (each for each in document.contents(body) if each.form == WEB)
    listed = [each for each in entries if labels[each.id].kind == "appendix"]
    told = [{"id": each.id, "label": labels[each.id].text, "title": each.title} for each in listed]
    return {"web_appendices": told}


def _form_of(entries: Sequence[Entry]) -> str | None:
    """Return the form that alone has a list of references."""
    forms = {entry.form for entry in entries}
    return forms.pop() if len(forms) == 1 else None


def _numbered(
    sections: list[HtmlElement], lead: HtmlElement | None, words: Mapping[str, Any]
) -> tuple[HtmlElement, dict[str, document.Label]]:
    """Return the sections in one element, and the label of each place; the lead comes first."""
    body = html.Element("div")
    body.extend([] if lead is None else [lead])
    body.extend(sections)
    labels = document.number(body, words["labels"])
    say_continued(body, words["tables"]["continued"])
    if lead is not None:
        body.remove(lead)
    return body, labels


def _front(prose: Mapping[str, HtmlElement]) -> dict[str, Any]:
    """Return what stands before the sections, each nothing where the article has none."""
    fields: dict[str, Any] = {name: Markup(_inner(prose[name])) for name in FRONT if name in prose}
    source = prose["abstract"].get("data-source") if "abstract" in prose else None
    return {**dict.fromkeys(FRONT), **fields, "abstract_source": source}


def _edition_fields(editions: Mapping[str, LocalizedMetadata], language: str) -> dict[str, Any]:
    """Return what the layout says of the article as a work: how to cite it, and where it stands."""
    edition = editions[language]
    return {
        "edition": edition,
        "editions": list(editions.values()),
        "signposts": metadata.signposts(edition),
        "preview_size": metadata.PREVIEW_SIZE,
        "reference": Markup(citation.as_html(edition)),
        "formats": {
            name: {**asdict(form), "text": "\n".join(form.write(edition).splitlines())}
            for name, form in citation.FORMATS.items()
        },
    }


def _inner(element: HtmlElement) -> str:
    return (element.text or "") + "".join(
        html.tostring(child, encoding="unicode") for child in element
    )


def _formulas(
    root: HtmlElement, written: Mapping[str, tuple[str, str]], sources: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return the formulas of a page, each with the place of its first use."""
    found = []
    for element in root.iter("span"):
        if tex := element.get("data-tex"):
            place, source = written.get(tex) or (_place(tex, sources), "")
            display = "display" in element.get("class")
            found.append({"tex": tex, "display": display, "place": place, "written": source})
    return found


def _characters(root: HtmlElement, sources: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return each character of a page once for each way it is set, with its first place."""
    places: dict[str, str] = {}
    found = []
    for (role, weight, style, character), later in document.characters(root).items():
        if character not in places:
            places[character] = _place(character, sources)
        found.append(
            {
                "role": role,
                "weight": weight,
                "style": style,
                "text": character,
                "later": later,
                "place": places[character],
            }
        )
    return found


def _place(text: str, sources: Mapping[str, str]) -> str:
    """Return the file and line where a text first stands in the sources."""
    for path, source in sources.items():
        position = source.find(text)
        if position >= 0:
            return f"{path}:{source.count(chr(10), 0, position) + 1}"
    return next(iter(sources))


def _chooser_text(
    templates: Path, editions: Mapping[str, LocalizedMetadata]
) -> list[dict[str, Any]]:
    """Return what the page that chooses the language shows of every language."""
    texts = []
    for code, edition in editions.items():
        path = templates / code / "messages.yaml"
        words = edition.words
        shown = words["title"] + (edition.byline if edition.article["authors"] else "")
        for text, weight in ((shown, 400), (words["site"] + edition.name, 600)):
            texts.append({"role": "sans", "text": text, "weight": weight, "place": str(path)})
    return texts


def _script_text(words: Messages, path: Path) -> list[dict[str, Any]]:
    """Return the words that only scripts show; they are set in the sans face."""
    return [
        {"role": "sans", "text": text, "later": True, "place": str(path)}
        for _, text in flatten(words["scripts"])
    ]


def main() -> None:
    """Compose the language that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--language", required=True)
    for name in (
        "article",
        "revision",
        "formats",
        "facts",
        "claims",
        "templates",
        "page",
        "formulas",
        "record",
    ):
        parser.add_argument(f"--{name}", required=True, type=Path)
    parser.add_argument("--live", type=Path, help="what live parts are given")
    parser.add_argument("--results", nargs="*", default=[], type=Path, help="what its calls read")
    parser.add_argument("--assets", nargs="*", default=[], help="style sheets and scripts besides")
    arguments = parser.parse_args()
    article, formats = read_json(arguments.article), read_json(arguments.formats)
    folder = arguments.templates / arguments.language
    words = read_messages(folder / "messages.yaml")
    facts = read_facts(arguments.facts)
    numbers = NumberFormat(
        article["languages"][arguments.language]["locale"], words["list_separator"]
    )
    context = Context(
        article=article,
        words=words,
        facts=facts,
        evaluations=read_evaluations(arguments.claims, facts),
        printed=FactFormatter(facts, formats, numbers, words).bare,
    )
    equations_path = arguments.templates / "equations.yaml"
    layouts = arguments.templates / "layout"
    composer = Composer(
        arguments.language,
        context,
        formats,
        read_equations(equations_path),
        live=read_json(arguments.live) if arguments.live else {},
        layouts=layouts,
        results={path.stem: read_table(path) for path in arguments.results},
        assets=arguments.assets,
    )
    paths = [folder / f"{name}.md" for name in parts(article, arguments.templates)]
    layout = theme_file("layout/article.html.j2", arguments.templates)
    prose = {path.stem: composer.section(path) for path in paths}
    check_front(prose)
    editions = read_metadata(article, arguments.templates)
    root = _page(composer, prose, layout, read_json(arguments.revision), editions)
    named = [
        *paths,
        folder / "messages.yaml",
        equations_path,
        *map(Path, FILES),
        layout,
    ]
    sources = {str(path): read_source(path) for path in named if path.is_file()}
    text = _characters(root, sources)
    text += _script_text(words, folder / "messages.yaml")
    text += _chooser_text(arguments.templates, editions)
    write_text(arguments.page, document.serialise(root))
    write_json(arguments.formulas, {"formulas": _formulas(root, composer.written, sources)})
    write_json(arguments.record, {"text": text})


if __name__ == "__main__":
    run_command(main)

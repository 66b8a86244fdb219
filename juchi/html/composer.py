"""The prose of one language as HTML: what its calls, citations and blocks print on the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from babel.numbers import get_decimal_symbol
from lxml import html
from lxml.html import HtmlElement
from markupsafe import Markup, escape

from juchi.core.errors import UnplacedError, UserError
from juchi.core.tables import Columns
from juchi.exhibits import data_tables, tables
from juchi.exhibits.natural_size import natural_width
from juchi.exhibits.table import Content, Context, Table, origin
from juchi.html.article_calls import writers
from juchi.html.cross_words import printed_forms
from juchi.html.enclosures import enclosed
from juchi.html.equations import equation
from juchi.html.pictures import drawn, inlined, paneled, pictured
from juchi.html.prose import Renderer, note_html, words_as_html
from juchi.html.table_notes import place_general_notes
from juchi.html.tables import TableFigure, dressed
from juchi.html.typed_numbers import refuse_typed_numbers
from juchi.plan.parts import headless
from juchi.prose.attributes import Attributes
from juchi.prose.citeproc import Mention
from juchi.prose.citing import target
from juchi.prose.equations import Equations
from juchi.prose.fact_formatter import FactFormatter
from juchi.prose.formats import NumberFormat
from juchi.prose.markdown import parse
from juchi.prose.messages import fill
from juchi.prose.pictures import Panels, Picture
from juchi.prose.printed import CODE, LATEX, Html, Medium
from juchi.prose.reading import heading_ids
from juchi.prose.references import article_references
from juchi.prose.siunitx import Joints
from juchi.prose.source import Call, Words, marked, read_source
from juchi.prose.typography import Typography
from juchi.results.layout import published

__all__ = ["Composer"]

# A caption names its files of data up to so many; more are listed where it leads to.
_FILES = 2


class _Linked(Html):
    """A page on which each fact leads to where it comes from."""

    def linked(self, fact: str, exact: str, text: str) -> Markup:
        return Markup('<a class="fact" href="{}"><data value="{}">{}</data></a>').format(
            origin("fact", fact), exact, text
        )


class Composer:
    """Renders the prose of one language.

    Parameters
    ----------
    language
        Its code in `config/article.yaml`.
    article, words, formats, equations
        The settings of the article, the language's words, how facts are printed, and what the
        formulas have in common.
    context
        The results as the tables see them.
    live
        What the article's own live parts are given.
    layouts
        The folder of the layouts.
    results
        The tables that the article's own calls read.
    assets
        The article's own style sheets, for the screen, and scripts.
    """

    def __init__(
        self,
        language: str,
        context: Context,
        formats: Mapping[str, Mapping[str, Any]],
        equations: Equations,
        *,
        live: Mapping[str, Any],
        layouts: Path,
        results: Mapping[str, Columns] | None = None,
        assets: Sequence[str] = (),
    ) -> None:
        self.language = language
        self.context = context
        self.words = context.words
        self.entry = context.article["languages"][language]
        self.equations = equations
        numbers = NumberFormat(self.entry["locale"], self.words["list_separator"])
        self.printer = FactFormatter(context.facts, formats, numbers, self.words)
        self._point = get_decimal_symbol(numbers.locale)
        self.live, self.results = live, results or {}
        self.layouts, self.assets = layouts, assets
        self.typography = Typography(**self.words["typography"])
        several = self.words["several"]
        between = fill(self.words["range"]["words"], first="", last="")
        self._joints = Joints(between, several["separator"], several["last_separator"])
        # Of each formula its file and how it begins there.
        self.written: dict[str, tuple[str, str]] = {}
        # Each citation by the number in its place; see `juchi.html.citations`.
        self.citations: list[Sequence[Mention]] = []
        self.tables = 0
        self.claimed: set[str] = set()
        self.references = article_references()
        self._functions = self.functions()

    def functions(self) -> dict[str, Callable[..., Markup | str]]:
        """Return what prose may call but facts; the names are those of `juchi.prose.calls`."""
        return {
            "cite": self.cite,
            "ref": self.reference,
            "figure": self.figure,
            "table": self.table,
            "equation": self.equation,
            "footnote": self.footnote,
            "preset": self.preset,
            **{name: partial(write, self) for name, write in writers().items()},
        }

    # --- what stands in the place of calls; see `juchi.html.prose.Writer` ---

    def call(self, call: Call) -> Markup:
        """Return what a call prints."""
        named: dict[str, Any] = {}
        if call.alternative:
            named["alt"] = "".join(
                part.text if isinstance(part, Words) else self._printed(part, self.printer.spoken)
                for part in call.alternative
            )
        if call.kind == "fact":
            return Markup(self._printed(call, _Linked()))
        if call.body is not None:
            body = Renderer(parse(call.body, self.typography), self)
            named["caller"] = body.note if call.kind == "footnote" else body.inline
        return escape(self._functions[call.function](*call.names, **named))

    def as_text(self, call: Call) -> str:
        """Return what a call prints where no markup may stand."""
        if call.kind == "fact":
            return self._printed(call, CODE)
        if call.kind == "preset":
            return self.preset()
        raise UserError(
            call.place,
            f"a call of {call.function} where no markup may stand",
            "a fact: in code, in an address, in the words of a link",
            "put the call in front of it or behind it",
        )

    def in_link(self, call: Call) -> Markup:
        """Return a fact as it is printed, without a link of its own."""
        return (
            Markup(self._printed(call, Html()))
            if call.kind == "fact"
            else escape(self.as_text(call))
        )

    def in_formula(self, call: Call) -> str:
        """Return a fact as LaTeX."""
        if call.kind != "fact":
            raise UserError(
                call.place,
                f"a call of {call.function} inside a formula",
                "a fact, which is a number there",
                "close the dollar sign before the braces",
            )
        return self._printed(call, LATEX)

    def _printed(self, call: Call, medium: Medium) -> str:
        """Return what a call prints of facts."""
        names_relation = bool(call.options.get("relation"))
        may_be_less = any(map(self.printer.quantities.has_below, call.names))
        if call.related and (names_relation or may_be_less):
            raise UserError(
                call.place,
                f"a sign such as = in front of {call.function}({call.names[0]!r}), which prints "
                f"{'one itself' if names_relation else 'less than'}",
                "one relation: = for what is printed, or < for what is less",
                f'write {{{{ {call.function}("{call.names[0]}", relation=true) }}}} without a sign',
            )
        try:
            return self.printer.write(call.function, call.names, call.options, medium)
        except UnplacedError as error:
            raise error.at(call.place) from error

    def formula(self, tex: str, place: str, written: str) -> str:
        """Return a formula without macros and with its words in the language."""
        told = self.equations.expanded(tex, self.language, place, self._joints)
        expanded = " ".join(told.split())
        path, _, line = place.rpartition(":")
        self.written.setdefault(
            expanded, (path if line.isdigit() else place, written.strip().partition("\n")[0])
        )
        return expanded

    def _note_part(self, part: str, whole: str) -> None:
        self.written.setdefault(part, self.written[whole])

    def opened(self, call: Call, *, again: bool) -> Markup:
        """Mark a sentence that rests on a claim; the check has held it to the verdict.

        The first such sentence has an id: the claim's row in the ledger leads to it. Others are
        for `juchi.check.coverage` alone.
        """
        if call.kind != "claim":
            return Markup("")
        name, verdict = call.names
        id_ = Markup("") if again or name in self.claimed else Markup(' id="said-{}"').format(name)
        self.claimed.add(name)
        quotes = self.context.article["claims"].get(name, {}).get("quotes")
        quoted = Markup(' data-quoted="{}"').format(len(quotes)) if quotes else Markup("")
        return Markup('<span class="claim"{} data-claim="{}" data-verdict="{}"{}>').format(
            id_, name, verdict, quoted
        )

    def closed(self, call: Call) -> Markup:
        """End what `opened` has begun."""
        return Markup("</span>") if call.kind == "claim" else Markup("")

    def cited(self, mentions: Sequence[Mention]) -> Markup:
        """Return the place of a citation, which is set when all of the page are known."""
        self.citations.append(mentions)
        return Markup('<span class="citation" data-cited="{}"></span>').format(
            len(self.citations) - 1
        )

    def referred(self, targets: Sequence[str], *, is_first: bool = False) -> Markup:
        """Return links whose texts are the labels of their targets, when all are numbered."""
        first = Markup(' data-first=""') if is_first else Markup("")
        if len(targets) == 1:
            return Markup('<a class="reference" href="#{}"{}></a>').format(targets[0], first)
        return Markup('<span class="references" data-targets="{}"{}></span>').format(
            " ".join(targets), first
        )

    def numbered(self, targets: Sequence[str], place: str) -> Markup:
        """Return links whose texts are the numbers of their targets alone."""
        return Markup('<span class="references" data-targets="{}" data-alone="{}"></span>').format(
            " ".join(targets), place
        )

    def printed_forms(self, targets: Sequence[str], *, is_first: bool) -> Sequence[str]:
        """Return what cross references to places may print, in the words of the language."""
        labels, several = self.words["labels"], self.words["several"]
        return printed_forms(targets, labels, several, is_first=is_first)

    def noted(self, text: Markup, name: str | None = None) -> Markup:
        """Return a note: at the foot of the printed page, beside or below the text on screen."""
        return note_html(text, name)

    def displayed(self, tex: str, attributes: Attributes, place: str) -> Markup:
        """Return a displayed formula, with a number if it has a name."""
        attributes.only(place, "alt")
        id_ = attributes.named(place, "displayed formula", "eq")
        return equation(tex, id_, attributes.values.get("alt"), place, self._note_part)

    def enclosed(
        self, attributes: Attributes, place: str, title: Markup | None
    ) -> tuple[Markup, Markup]:
        """Return the beginning and the end of a callout, or of a theorem or its like."""
        return enclosed(attributes, self.words, place, title)

    def tabled(
        self, table: Table, caption: Markup | None, attributes: Attributes, place: str
    ) -> Markup:
        """Return a table of the prose; without a caption it has no number."""
        self.tables += 1
        given = attributes.named(place, "table", "tbl", "tab")
        id_ = target(given) if given else f"tab-{self.tables}"
        figure = TableFigure(id_, "prose", place, self._as_html, self._point)
        region = "" if caption else self.words["reading"]["table"]
        return figure.html(dressed(table, attributes, place), caption, region)

    def pictured(self, picture: Picture, caption: Markup | None) -> Markup:
        """Return a picture with its caption."""
        natural = natural_width(Path(picture.path), picture.place)
        return pictured(picture, caption, self.words, natural)

    def paneled(self, panels: Panels, caption: Markup | None) -> tuple[Markup, Markup]:
        """Return the beginning and the end of a figure of several pictures."""
        return paneled(panels, caption)

    def inlined(self, picture: Picture) -> Markup:
        """Return a picture within a line."""
        return inlined(picture)

    # --- functions ---

    def cite(self, *keys: str) -> Markup:
        """Return a citation of works."""
        return self.cited([Mention(key) for key in keys])

    def reference(self, target: str) -> Markup:
        """Return a link whose text is the label of its target, filled in when all are numbered."""
        return Markup('<a class="reference" href="#{}"></a>').format(target)

    def footnote(self, caller: Callable[[], Markup]) -> Markup:
        """Return a note."""
        return self.noted(caller())

    def preset(self) -> str:
        """Return the name of the choice of sizes that the article was built with."""
        return str(self.words["presets"][self.context.article["preset"]])

    def figure(self, name: str, alt: str, caller: Callable[[], Markup]) -> Markup:
        """Return a numbered figure with its caption, for light and dark pages."""
        origins = self._origins("figure", name, self.context.article["drawn_from"][name])
        figure = self.context.article["figures"][name]
        return drawn(name, figure, self.language, alt, caller() + origins)

    def table(self, name: str, caller: Callable[[], Markup]) -> Markup:
        """Return a numbered table with its caption above it."""
        if name in self.context.article["table_files"]:
            return self._data_table(name, caller())
        told: set[tuple[str, str]] = set()
        tell = partial(self._tell, told)
        context = replace(
            self.context,
            printed=lambda name: tell(name, self.printer.bare(name)),
            with_interval=lambda name: tell(name, self._with_interval(name)),
            in_words=lambda name, of: tell(name, self.printer.in_words(name, of)),
        )
        built = tables.build(name, context)
        refuse_typed_numbers(built, name, self.context, self._as_html, told)
        place = f"report/tables/{name}.py"
        figure = TableFigure(f"tab-{name}", name, place, self._as_html, self._point)
        region = self.words["tables"]["regions"][name]
        return figure.html(built, caller(), region, self._origins("table", name, []))

    def _tell(self, told: set[tuple[str, str]], name: str, shown: Markup) -> Markup:
        """Return what a cell shows of a fact, with its exact value, and note both."""
        value = self.printer.exact(name)
        told.add((value, " ".join(shown.striptags().split())))
        return Markup('<data value="{}">{}</data>').format(value, shown)

    def _with_interval(self, name: str) -> Markup:
        """Return a fact as a cell has it, with its interval, if it has one."""
        parts = (self.printer.bare(name), self.printer.interval(name))
        return Markup(" ").join(filter(None, parts))

    def _data_table(self, name: str, caption: Markup) -> Markup:
        """Return a table that is made from a file of data, which stands under its caption."""
        built = data_tables.build(name, self.context, self.printer.numbers)
        place = f"config/article.yaml: tables.{name}"
        figure = TableFigure(f"tab-{name}", f"prose {name}", place, self._as_html, self._point)
        files = [published(self.context.article["table_files"][name])]
        return figure.html(built, caption, origins=self._origins("table", name, files))

    def _as_html(self, content: Content) -> Markup:
        """Return what is in a cell as HTML: words may hold formulas, markup is finished already."""
        if isinstance(content, Markup):
            return content
        path = str(self.equations.path)
        return words_as_html(content, lambda tex: self.formula(tex, path, tex))

    def _origins(self, kind: str, name: str, files: list[str]) -> Markup:
        """Return the line under a caption: files of data, if they are few, and the whole origin."""
        words = self.words["provenance"]
        links = Markup("").join(
            Markup('<a href="../data/{}">{}</a>{}').format(file, file, words["separator"])
            for file in files
            if len(files) <= _FILES
        )
        named = Markup('<span class="screen-only">{}</span>').format(links) if links else ""
        return Markup(' <span class="origin">{}<a href="{}">{}</a></span>').format(
            named, origin(kind, name), words["origin"]
        )

    def equation(self, name: str, alt: str | None = None) -> Markup:
        """Return a numbered displayed equation; `alt` says it in words of its own."""
        written = self.equations.formulas[name]
        place = self.equations.place(name)
        tex = self.formula(written, place, written)
        return equation(tex, f"eq-{name}", alt, place, self._note_part)

    def section(self, path: Path) -> HtmlElement:
        """Return one file of prose as an element; what prose may not hold is refused."""
        document = parse(marked(read_source(path), path), self.typography)
        has_heading = path.stem not in headless(self.context.article)
        renderer = Renderer(document, self, heading_ids(document, has_heading=has_heading))
        element: HtmlElement = html.fragment_fromstring(
            str(renderer.block()), create_parent="section"
        )
        element.set("data-source", str(path))
        place_general_notes(element)
        for heading in element.iter("h1", "h2", "h3"):
            heading.tag = f"h{int(heading.tag[1:]) + 1}"
            heading.set("id", f"sec-{heading.get('id')}")
        return element

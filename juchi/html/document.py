"""The assembled page as a tree: numbering, cross references, contents, and its visible text."""

from __future__ import annotations

import copy
import re
import string
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import html
from lxml.html import HtmlElement
from markupsafe import Markup, escape

from juchi.core.characters import WORD_JOINER
from juchi.core.errors import UserError
from juchi.exhibits.formula_text import formula_text
from juchi.html.forms import WEB, form_around
from juchi.html.tables import CONTINUED
from juchi.prose import lettered_lists
from juchi.prose.messages import fill

__all__ = [
    "APPENDIX",
    "LATER",
    "Entry",
    "Label",
    "Look",
    "characters",
    "contents",
    "number",
    "plain_text",
    "resolve_references",
    "serialise",
    "visible_text",
]

# What the style sheets set in another face than the regular serif one of running text.
_MONO = ("code", "pre")
_SANS = ("h1", "h2", "h3", "h4", "figcaption", "table", "nav", "footer")
_SANS_CLASSES = (
    *(
        "subtitle",
        "byline",
        "authors",
        "affiliations",
        "author-notes",
        "bar",
        "keywords",
        "skip",
        "footnote",
        "table-notes",
        "marks",
        "cite-formats",
        "entry",
        "callout-title",
        "panel-caption",
        "task",
    ),
    # What an article puts in the place of a figure where scripts run.
    "live-part",
)
# By element, by element and class, or by role and class.
_WEIGHTS = {
    **{"h1": 600, "h2": 600, "h3": 600, "h4": 600, "thead": 600, "b": 700, "strong": 700},
    **{"p.callout-title": 600, "p.theorem-title": 700, "dt.term": 700, "serif.note-call": 400},
    **{
        "span.bar-name": 600,
        "p.contents-title": 600,
        "sans.label": 600,
        "span.number": 400,
        "span.letter": 600,
    },
    **{"code.name": 400, "span.k": 700, "span.kn": 700, "span.ow": 700},
}
_SILENT = ("script", "style", "head", "noscript")
# The sections that nobody sees at first, see `juchi.fonts.font_subsets`.
LATER = "later"
# The sections that are counted by letters.
APPENDIX = "lettered"
# Round brackets, of both scripts.
_OPENING, _CLOSING = {"(", "（"}, {")", "）"}
_LETTERS = string.ascii_uppercase

_HEADINGS = ("h2", "h3", "h4")
_LAST = re.compile(r"(.*?)(\d+|[A-Za-z])")
# So many numbers that follow each other become a range.
_RANGE = 3

_BULLET = "\N{BULLET}"


@dataclass(frozen=True)
class Label:
    """What a place of the article is called: its kind, its number, and the whole label."""

    kind: str
    number: str
    text: str


@dataclass(frozen=True)
class Entry:
    """A line of the contents, with the lines of its parts, and the form that alone has it."""

    id: str
    number: str
    title: Markup
    parts: list[Entry] = field(default_factory=list)
    form: str | None = None


def number(root: HtmlElement, labels: Mapping[str, str]) -> dict[str, Label]:
    """Give sections, figures, tables and their like numbers; return the label of each by its id.

    Appendices have letters, and what stands in them is counted anew behind the letter. What stands
    below a heading without a number has none either; a reference to it says its title.

    `labels` holds the patterns, such as ``Figure {number}``.
    """
    numbering = _Numbering(labels)
    for element in root.iter(*_HEADINGS, "figure", "div"):
        kind = element.get("data-kind")
        if element.tag in _HEADINGS and element.get("id"):
            numbering.head(element)
        elif kind:
            numbering.count(element, kind)
    return numbering.found


class _Numbering:
    """Counts headings and what is shown, in the order of the page."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        self.found: dict[str, Label] = {}
        self._labels = labels
        self._counters: Counter[str] = Counter()
        self._levels = [0] * len(_HEADINGS)
        self._appendices = 0
        self._letter = ""
        # The level of the heading without a number above which a heading has to stand to have one.
        self._unnumbered = len(_HEADINGS)

    def head(self, heading: HtmlElement) -> None:
        """Give a heading its number, unless it has none."""
        title = _heading_text(heading)
        heading.set("data-title", title)
        level = _HEADINGS.index(heading.tag)
        if level <= self._unnumbered:
            is_unnumbered = "unnumbered" in (heading.get("class") or "").split()
            self._unnumbered = level if is_unnumbered else len(_HEADINGS)
        if level >= self._unnumbered:
            self.found[heading.get("id")] = Label("heading", "", title)
            return
        if level == 0 and _is_appendix(heading.getparent()):
            self._begin_appendix()
        count = self._counted(level)
        kind = "appendix" if self._letter else "section"
        label = Label(kind, count, fill(self._labels[kind], number=count))
        self.found[heading.get("id")] = label
        # The contents have no room for the word.
        shown = label.text if self._letter and level == 0 else count
        heading.insert(0, _span("number", shown))
        if shown != count:
            heading[0].set("data-number", count)
        heading[0].tail = heading.text or ""
        heading.text = None

    def count(self, element: HtmlElement, kind: str) -> None:
        """Give a figure, a table, an equation or a theorem its number."""
        label = self._label(kind, element.attrib.pop("data-tag", None))
        count = label.number
        self.found[element.get("id")] = label
        for letter, panel in zip(string.ascii_lowercase, _panels(element), strict=False):
            part = f"{count}{letter}"
            self.found[panel] = Label(kind, part, fill(self._labels[kind], number=part))
        for place in element.xpath(".//span[@class='label']"):
            place.text = label.text

    def _label(self, kind: str, tag: str | None) -> Label:
        """Return the next label of a kind, or that of an equation with a sign of its own."""
        if tag:
            return Label(kind, tag.strip("()"), tag)
        self._counters[kind] += 1
        count = f"{self._letter}{self._counters[kind]}"
        return Label(kind, count, fill(self._labels[kind], number=count))

    def _begin_appendix(self) -> None:
        self._letter = _LETTERS[self._appendices]
        self._appendices += 1
        self._counters.clear()

    def _counted(self, level: int) -> str:
        levels = self._levels
        levels[level:] = [levels[level] + 1] + [0] * (len(levels) - level - 1)
        above, *below = levels[: level + 1]
        return ".".join(map(str, [self._letter or above, *below]))


def _is_appendix(section: HtmlElement) -> bool:
    return APPENDIX in (section.get("class") or "").split()


def _panels(element: HtmlElement) -> list[str]:
    """Return the identifiers of the panels of a figure, in the order of their letters."""
    return (element.get("data-panels") or "").split()


def _heading_text(heading: HtmlElement) -> str:
    """Return a heading as the running head and the outline say it: formulas in words, no notes."""
    own = _without_notes(heading)
    for formula in own.xpath(".//span[@data-tex]"):
        formula.text = formula_text(formula.get("data-tex"))
    return " ".join(own.text_content().split())


def _without_notes(heading: HtmlElement) -> HtmlElement:
    """Return a copy of a heading alone, without the notes that it calls."""
    own = copy.deepcopy(heading)
    own.tail = None
    for note in own.xpath(".//span[@class='footnote' or @class='note-call']"):
        note.drop_tree()
    return own


def resolve_references(
    root: HtmlElement, labels: Mapping[str, Label], several: Mapping[str, str]
) -> None:
    """Write the label of its target into each cross reference.

    `several` holds the patterns for references to several places at once, by their kind.
    """
    for link in root.iter("a"):
        if link.get("class") == "reference":
            label = labels[link.get("href").removeprefix("#")]
            link.text = _bare(label.text) if _in_brackets(link) else label.text
            begins = several.get(f"{label.kind}_first", "{numbers}")
            if _is_first(link):
                link.text = fill(begins, numbers=link.text)
    for place in root.xpath("//span[@class='references']"):
        targets = place.attrib.pop("data-targets").split()
        resolved = html.fragment_fromstring(_several(place, targets, labels, several), "span")
        place.text = resolved.text
        place.extend(list(resolved))


def _is_first(place: HtmlElement) -> bool:
    """Tell whether a reference was written with a capital, as one that begins a sentence is."""
    return place.attrib.pop("data-first", None) is not None


def _in_brackets(link: HtmlElement) -> bool:
    """Tell whether a link stands alone between round brackets, as in ``(@eq-mean)``."""
    before, around = link.getprevious(), link.getparent()
    text = around.text if before is None else before.tail
    return (text or "")[-1:] in _OPENING and (link.tail or "")[:1] in _CLOSING


def _bare(label: str) -> str:
    """Return a label without round brackets of its own: those that it stands between do."""
    is_bracketed = label[:1] in _OPENING and label[-1:] in _CLOSING
    return label[1:-1] if is_bracketed else label


def _several(
    place: HtmlElement,
    targets: Sequence[str],
    labels: Mapping[str, Label],
    several: Mapping[str, str],
) -> Markup:
    """Return links to several places, consecutive ones as a range."""
    kinds = {labels[each].kind for each in targets}
    kind = kinds.pop() if len(kinds) == 1 else ""
    alone = place.attrib.pop("data-alone", "")
    if alone:
        _require_numbers(targets, labels, alone)
    alike = kind in several or bool(alone)
    shown = [(each, labels[each].number if alike else labels[each].text) for each in targets]
    runs = _runs(shown) if alike else [[each] for each in shown]
    if kind == "equation" and not alone and not _in_brackets(place):
        runs = [[(each, labels[each].text) for each, _ in run] for run in runs]
    parts = [_run(run, several["range"]) for run in runs]
    first, last = parts[:-1], parts[-1]
    joined = escape(several["separator"]).join(first)
    numbers = joined + escape(several["last_separator"]) + last if first else last
    pattern = several[kind if alike and not alone else "other"]
    if _is_first(place):
        pattern = several.get(f"{kind}_firsts", pattern)
    return fill(escape(pattern), numbers=numbers)


def _require_numbers(targets: Sequence[str], labels: Mapping[str, Label], place: str) -> None:
    """Refuse the number of what has none."""
    for each in targets:
        if not labels[each].number:
            raise UserError(
                place,
                f"the number of {each}, which has none",
                "a place that is numbered",
                f"write @{each}, which prints its title",
            )


def _runs(shown: Sequence[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """Return neighbours whose last numbers follow each other together, if there are three."""
    runs: list[list[tuple[str, str]]] = []
    for each in shown:
        if runs and _follows(runs[-1][-1][1], each[1]):
            runs[-1].append(each)
        else:
            runs.append([each])
    return [
        part for run in runs for part in ([run] if len(run) >= _RANGE else [[each] for each in run])
    ]


def _follows(before: str, after: str) -> bool:
    """Tell whether two numbers are neighbours: 1.2 and 1.3, A1 and A2, 3a and 3b."""
    first, second = _LAST.fullmatch(before), _LAST.fullmatch(after)
    if first is None or second is None or first[1] != second[1]:
        return False
    return _ordinal(second[2]) == _ordinal(first[2]) + 1


def _ordinal(last: str) -> int:
    return int(last) if last.isdigit() else string.ascii_letters.index(last)


def _run(run: Sequence[tuple[str, str]], pattern: str) -> Markup:
    first, (target, last) = run[0], run[-1]
    # Of panels the last one by its letter, as 2a–c.
    shown = last[-1] if last[-1] in string.ascii_lowercase else last
    ends = [
        Markup('<a class="reference" href="#{}">{}</a>').format(*each)
        for each in (first, (target, shown))
    ]
    return ends[0] if len(run) == 1 else fill(escape(pattern), first=ends[0], last=ends[1])


def contents(root: HtmlElement) -> list[Entry]:
    """Return the sections and their parts as the contents list them."""
    sections: list[Entry] = []
    for heading in root.iter("h2", "h3"):
        if heading.get("id"):
            entry = _entry(heading)
            (sections if heading.tag == "h2" else sections[-1].parts).append(entry)
    return sections


def _entry(heading: HtmlElement) -> Entry:
    """Return a heading as the contents list it: with its formulas, without links and notes."""
    own = _without_notes(heading)
    number = ""
    if len(own) and own[0].get("class") == "number":
        number = own[0].get("data-number", own[0].text)
        own[0].drop_tree()
    for link in own.xpath(".//a | .//data"):
        link.drop_tag()
    for element in own.iter():
        element.attrib.pop("id", None)
    inner = escape(own.text or "") + Markup("").join(
        Markup(html.tostring(child, encoding="unicode")) for child in own
    )
    return Entry(heading.get("id"), number, inner, form=_form(heading))


def _form(heading: HtmlElement) -> str | None:
    """Return the form of the page that alone lists a heading: paper lists no statements."""
    is_end = "end-matter" in (heading.getparent().get("class") or "").split()
    return WEB if is_end else form_around(heading)


def _span(name: str, text: str) -> HtmlElement:
    span: HtmlElement = html.Element("span")
    span.set("class", name)
    span.text = text
    return span


@dataclass(frozen=True)
class Look:
    """How a text is set.

    Attributes
    ----------
    role
        ``serif``, ``sans`` or ``mono``.
    weight
        CSS ``font-weight``.
    emphasis
        Whether it is emphasised, which is italic in one language and bold in another.
    later
        Whether it stands in a section that nobody sees at first.
    """

    role: str = "serif"
    weight: int = 400
    emphasis: bool = False
    later: bool = False


def visible_text(root: HtmlElement) -> Iterator[tuple[Look, str]]:
    """Yield each piece of text that the page shows, with its look."""
    yield from _walk(root, Look())


def _walk(element: Any, look: Look) -> Iterator[tuple[Look, str]]:  # noqa: ANN401 - lxml is untyped
    if element.tag in _SILENT or not isinstance(element.tag, str):
        return
    look = _look(element, look)
    for note in ("data-label", CONTINUED):  # which are printed before it
        if label := element.get(note):
            yield look, label
    if _has_bullet(element):  # which is drawn before it
        yield look, _BULLET
    if sign := _sign(element):
        yield look, sign
    if element.text:
        yield look, element.text
    for child in element:
        yield from _walk(child, look)
        if child.tail:
            yield look, child.tail


def _has_bullet(element: Any) -> bool:  # noqa: ANN401 - lxml is untyped
    """Tell whether an element is an item of a list that is not within another one."""
    lists = [each.tag for each in element.iterancestors("ul", "ol")]
    return element.tag == "li" and lists == ["ul"]


def _sign(element: Any) -> str:  # noqa: ANN401 - lxml is untyped
    """Return what a style sheet sets before an item of a list with letters or parentheses."""
    around = element.getparent()
    if element.tag != "li" or around is None or around.tag != "ol" or not around.get("class"):
        return ""
    number = int(around.get("start", 1)) + len(list(element.itersiblings("li", preceding=True)))
    return lettered_lists.sign(number, around.get("type", "1"), "()")


def _look(element: Any, around: Look) -> Look:  # noqa: ANN401 - lxml is untyped
    """Return the look of an element's own text, which it inherits in part."""
    classes = (element.get("class") or "").split()
    role = around.role
    if element.tag in _MONO:
        role = "mono"
    elif element.tag in _SANS or set(classes) & set(_SANS_CLASSES):
        role = "sans"
    keys = [f"{kind}.{name}" for kind in (element.tag, role) for name in classes]
    weights = [_WEIGHTS[key] for key in (*keys, element.tag) if key in _WEIGHTS]
    return Look(
        role,
        weights[0] if weights else around.weight,
        around.emphasis or element.tag in ("em", "i"),
        around.later or LATER in classes,
    )


def characters(root: HtmlElement) -> dict[tuple[str, int, str, str], bool]:
    """Return each character that a page shows, by role, weight and style; and if it comes later.

    A character that the first view shows too does not count as a later one.
    """
    found: dict[tuple[str, int, str, str], bool] = {}
    # The running heads of the paper have the headings, with their formulas in words.
    titles = [heading.get("data-title", "") for heading in root.iter(*_HEADINGS)]
    heads = [(Look("sans", later=True), title) for title in titles]
    for look, text in [*visible_text(root), *heads]:
        # Emphasis is italic or bold, as the language's style sheet has it: both faces get it.
        styles = [(look.weight, "normal")]
        if look.emphasis:
            styles = [(look.weight, "italic"), (700, "normal")]
        for character in set(text) - {"\n", "\t", WORD_JOINER}:
            for weight, style in styles:
                key = (look.role, weight, style, character)
                found[key] = look.later and found.get(key, True)
    return dict(sorted(found.items()))


def plain_text(root: HtmlElement) -> str:
    """Return the text of a part of the page on one line, each formula as its LaTeX."""
    own = copy.deepcopy(root)
    for formula in own.xpath("//span[@data-tex]"):
        formula.text = f"${formula.get('data-tex')}$"
    text: str = own.text_content()
    return " ".join(text.replace(WORD_JOINER, "").split())


def serialise(root: HtmlElement) -> str:
    """Return the page as HTML text."""
    text: str = html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>")
    # Elements of HTML 5 that libxml2 does not know to be empty.
    return text.replace("</source>", "").replace("</wbr>", "") + "\n"

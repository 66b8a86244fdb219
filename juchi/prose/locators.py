"""Places within a work that is cited: ``p. 12``, ``chap. 3``, ``S. 12``, ``第 12 页``.

They are read in the words of several languages, and set in those of the style. What is not known
as a place stays as it was written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["LABELS", "Locator", "read_locator"]

# The terms of CSL that citeproc knows as places, each with the words for it. Letters count as they
# are where another case means another thing: `S. 12` is a German page, `s. 12` an English section.
_WORDS = {
    "book": "book books bk. bks. Buch libro livre 卷册",
    "chapter": "chapter chapters chap. chaps. ch. chs. Kapitel Kap. capítulo cap. capitolo "
    "chapitre 章",
    "column": "column columns col. cols. Spalte Sp. colonne columna 栏 欄",
    "figure": "figure figures fig. figs. Abbildung Abb. figura 图 圖 図",
    "folio": "folio folios fol. fols. folium 叶 葉",
    "issue": "issue issues no. nos. Heft 期 号 號",
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

_LABEL_OF = {
    word.replace("&", " "): label for label, words in _WORDS.items() for word in words.split()
}
_CASELESS = {word.casefold(): label for word, label in _LABEL_OF.items() if len(word) > 2}  # noqa: PLR2004
_WORD = "|".join(re.escape(word) for word in sorted(_LABEL_OF, key=len, reverse=True))
_ROMAN = r"[ivxlcdm]+\b|[IVXLCDM]+\b"
_NUMBER = r"[A-Za-z]{0,3}\d+[a-z]?(?![a-z]{2})(?:\.\d+)*(?:\(\w{1,4}\))*(?:\s?ff?\.)?"
_DASH = r"\s?(?:--?-?|[–—~～至])\s?"
_JOIN = rf"(?:{_DASH}|\s?[,，、&]\s?)"
_NUMBERS = rf"{_NUMBER}(?:{_JOIN}{_NUMBER})*"
_ANY = rf"(?:{_NUMBERS}|(?:{_ROMAN})(?:{_JOIN}(?:{_ROMAN}|{_NUMBER}))*)"
_FORMS = [
    # `第 12 页` and `12 页`, `p. 12` and `页 12`, `12`.
    re.compile(rf"第?\s?(?P<number>{_NUMBERS})\s?(?P<word>[^\x00-\u2fff]{{1,3}})"),
    re.compile(rf"(?P<word>{_WORD})\s?(?P<number>{_ANY})(?!\w)", re.IGNORECASE),
    re.compile(rf"(?P<word>)(?P<number>{_NUMBERS})(?=\s*(?:[,.;，。；]|$))"),
]
_BRACED = re.compile(r"\s*[,，]?\s*\{(?P<inner>[^{}]*)\}")
# A place of another kind, as `Theorem 1`: it is on no page of that name.
_NAMED = re.compile(r"[^\W\d_]{2,}[.\s]")


@dataclass(frozen=True)
class Locator:
    """A place within a work.

    Attributes
    ----------
    label
        What it counts, as CSL calls it.
    number
        Which ones.
    written
        The whole as it was written.
    """

    label: str
    number: str
    written: str


def read_locator(text: str) -> tuple[Locator | None, str]:
    """Return the place that a text begins with, and the rest of the text.

    Examples
    --------
    >>> read_locator(", pp. 3-5 and more")
    (Locator(label='page', number='3-5', written='pp. 3-5'), ' and more')
    >>> read_locator(", as they say")
    (None, ', as they say')
    """
    if braced := _BRACED.match(text):
        inner = braced["inner"].strip()
        locator, rest = _read(inner)
        if locator is None or rest:
            label, _, number = inner.partition(" ")
            known = _label(label)
            if known is None and _NAMED.match(inner):
                return None, f"{text[: braced.start('inner') - 1]}{inner}{text[braced.end() :]}"
            locator = Locator(known or "page", number if known else inner, inner)
        return locator, text[braced.end() :]
    start = re.match(r"\s*[,，]?\s*", text)
    locator, rest = _read(text[start.end() :] if start else text)
    return (locator, rest) if locator else (None, text)


def _read(text: str) -> tuple[Locator | None, str]:
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

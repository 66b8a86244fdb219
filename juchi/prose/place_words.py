"""The words for kinds of places in a work, by language: pages, chapters, tables, equations.

Letters count as they are where another case means another thing: `S. 12` is a German page, `s. 12`
an English section.
"""

from __future__ import annotations

from itertools import zip_longest

from juchi.core.characters import is_wide

__all__ = ["LABELS", "NAMES", "WORDS", "kind_of", "label_of", "speaks"]

# The terms of CSL that citeproc knows as places: in English, in German, and in other languages.
_WORDS = {
    "book": "book books bk. bks. | Buch | libro livre 卷册",
    "chapter": "chapter chapters chap. chaps. ch. chs. | Kapitel Kap. | capítulo cap. capitolo "
    "chapitre 章",
    "column": "column columns col. cols. | Spalte Sp. | colonne columna 栏 欄",
    "figure": "figure figures fig. figs. | Abbildung Abb. | figura 图 圖 図",
    "folio": "folio folios fol. fols. | folium | 叶 葉",
    "issue": "issue issues | Heft Hefte | 期 号 號",
    "line": "line lines l. ll. | Zeile Zeilen Z. | ligne riga línea 行",
    "note": "note notes n. nn. footnote footnotes fn. fns. | Anmerkung Anm. Fußnote Fußnoten Fn. "
    "| nota 注 註 脚注",
    "opus": "opus opera op. opp. | | 作品",
    "page": "page pages p. pp. p pp pg. pgs. | Seite Seiten S. | página páginas pág. págs. pagina "
    "pagine pag. pagg. стр. с. 页 頁 ページ 頁码 쪽 면",
    "paragraph": "paragraph paragraphs para. paras. ¶ ¶¶ | Absatz Abs. ¶ ¶¶ | párrafo alinéa 段",
    "part": "part parts pt. pts. | Teil | parte partie 部分 部 编 編",
    "section": "section sections sec. secs. sect. sects. § §§ | Abschnitt Abschn. § §§ | sección "
    "sezione 节 節",
    "sub-verbo": "s.v. s.vv. sub&verbo | s.v. | 词条 詞條",
    "verse": "verse verses v. vv. | Vers | 诗节",
    "volume": "volume volumes vol. vols. | Band Bd. Bde. | volumen tome tomo 卷 册 冊 巻",
}
LABELS = tuple(_WORDS)
# Kinds for which CSL has no words.
_NAMES = {
    "table": "table tables tbl. tbls. tab. tabs. | Tabelle Tabellen Tab. "
    "| tableau tabla tabella 表",
    "equation": "equation equations eq. eqs. eqn. eqns. | Gleichung Gleichungen Gl. Gln. "
    "| équation ecuación 式 公式 方程",
    "theorem": "theorem theorems thm. thms. | Satz Sätze | théorème teorema 定理",
    "lemma": "lemma lemmas lem. | Lemma | 引理",
    "corollary": "corollary corollaries cor. cors. | Korollar | 推论",
    "proposition": "proposition propositions prop. props. | Proposition | 命题",
    "conjecture": "conjecture conjectures | Vermutung | 猜想",
    "definition": "definition definitions def. defs. | Definition Definitionen Def. | 定义",
    "example": "example examples ex. exs. | Beispiel Beispiele Bsp. | 例",
    "exercise": "exercise exercises | Aufgabe Aufgaben | 练习",
    "remark": "remark remarks rem. | Bemerkung Bem. | 注记",
    "algorithm": "algorithm algorithms alg. algs. | Algorithmus Algorithmen | 算法",
    "listing": "listing listings | Listing | 代码",
    "number": "no. nos. | Nr. Nrn. | nº № número numéro numero 编号",
    "appendix": "appendix appendices app. apps. | Anhang Anh. | 附录",
    "margin": "| Rn. Rdnr. |",
    "other": "box boxes scheme schemes step steps slide slides video videos movie movies "
    "| Schritt Folie Video |",
}
_LANGUAGES = ("en", "de")


def _by_word(table: dict[str, str]) -> dict[str, str]:
    """Return the kind of each word."""
    return {
        word.replace("&", " "): kind
        for kind, words in table.items()
        for word in words.replace("|", " ").split()
    }


WORDS, NAMES = _by_word(_WORDS), _by_word(_NAMES)
_CASELESS = {word.casefold(): label for word, label in WORDS.items() if len(word) > 2}  # noqa: PLR2004
_KINDS = {word.casefold(): kind for word, kind in NAMES.items()}
_SPOKEN = {
    (language, word.casefold())
    for words in (*_WORDS.values(), *_NAMES.values())
    for language, part in zip_longest(_LANGUAGES, words.split("|")[:2], fillvalue="")
    for word in part.split()
}


def label_of(word: str) -> str | None:
    """Return what a word for a kind of place means to CSL."""
    return WORDS.get(word) or _CASELESS.get(word.casefold())


def kind_of(word: str) -> str | None:
    """Return the kind of place that a word means, whether CSL has words for it or not."""
    return label_of(word) or _KINDS.get(word.casefold())


def speaks(language: str, word: str) -> bool:
    """Tell whether a word for a kind of place is one of a language.

    Of languages whose words are not told apart here each word is one.
    """
    if language in _LANGUAGES:
        return (language, word.casefold()) in _SPOKEN
    return is_wide(word[:1]) if language in ("zh", "ja") else True

"""BibTeX as programs and portals export it: each thing stands where styles look for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from juchi.core.errors import UserError
from juchi.prose.bibliography import render
from juchi.prose.references import References, load_references

GBT = "china-national-standard-gb-t-7714-2015-numeric"


def read(folder: Path, text: str) -> References:
    path = folder / "references.bib"
    path.write_text(text, encoding="utf-8")
    return load_references(path)


def only(folder: Path, fields: str, kind: str = "article") -> Any:
    (item,) = read(folder, f"@{kind}{{a, title = {{T}}, {fields}}}").items.values()
    return item


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("misc", "eprint = {1706.03762}, archivePrefix = {arXiv}, primaryClass = {cs.CL}"),
        ("misc", "note = {arXiv:1706.03762 [cs.CL]}"),
        ("misc", "howpublished = {arXiv preprint arXiv:1706.03762}"),
        ("article", "journal = {arXiv preprint arXiv:1706.03762}"),
        ("article", "journal = {CoRR}, volume = {abs/1706.03762}, eprint = {1706.03762}, "
         "eprinttype = {arXiv}"),
        ("online", "url = {https://arxiv.org/abs/1706.03762}"),
    ],
)  # fmt: skip
def test_a_preprint_of_arxiv_is_one_however_it_is_told(
    tmp_path: Path, kind: str, fields: str
) -> None:
    item = only(tmp_path, f"{fields}, author = {{Doe, Jane}}, year = 2017", kind)
    (entry,) = render(References(Path("a.bib"), {"a": item}), ["a"], "apa", "en-US")
    address = "https://arxiv.org/abs/1706.03762"
    assert entry.html.striptags() == f"Doe, J. (2017). T (arXiv:1706.03762). arXiv. {address}"


def test_an_article_that_has_a_preprint_too_stays_one(tmp_path: Path) -> None:
    item = only(tmp_path, "journal = {J}, note = {arXiv:1706.03762}, eprint = {1706.03762}")
    assert (item["type"], item["container-title"]) == ("article-journal", "J")


@pytest.mark.parametrize(
    "fields",
    [
        r"howpublished = {\url{https://a.org/b_c?d=1&e=%20}}",
        r"howpublished = {Available at \url{https://a.org/b_c?d=1&e=%20}.}",
        r"howpublished = {[Online]. Available: https://a.org/b_c?d=1&e=%20}",
        r"note = {\url{https://a.org/b_c?d=1&e=%20}}",
    ],
)
def test_an_address_is_one_wherever_it_stands(tmp_path: Path, fields: str) -> None:
    item = only(tmp_path, fields, "misc")
    assert item["URL"] == "https://a.org/b_c?d=1&e=%20"
    assert {"publisher", "note"}.isdisjoint(item)


def test_a_date_of_access_in_a_note_is_one(tmp_path: Path) -> None:
    fields = r"howpublished = {\url{https://a.org}}, note = {Accessed: 2024-01-02}, year = 2023"
    references = read(tmp_path, f"@misc{{a, title = {{T}}, {fields}}}")
    (entry,) = render(references, ["a"], GBT, "work", "en")
    assert entry.html.striptags() == "T[EB/OL]. (2023)[2024-01-02]. https://a.org."


@pytest.mark.parametrize(
    ("written", "edition"),
    [
        ("Second", "2"),
        ("2nd", "2"),
        ("3rd edition", "3"),
        ("tenth ed.", "10"),
        ("2. Auflage", "2"),
        ("第二版", "2"),
        ("第 2 版", "2"),
        ("3版", "3"),
        ("Revised", "Revised"),
    ],
)
def test_an_edition_is_counted(tmp_path: Path, written: str, edition: str) -> None:
    assert only(tmp_path, f"edition = {{{written}}}", "book")["edition"] == edition


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("50% of Things", "50% of things"),
        (r"50\% of Things", "50% of things"),
        ("Stars &amp; Planets &lt; 1", "Stars & planets < 1"),
        ("A Title of Things.", "A title of things"),
        ("Stars, Planets, etc.", "Stars, planets, etc."),
        ("ggplot2: Graphics for Analysis", "ggplot2: Graphics for analysis"),
        ("The iPhone Effect", "The iPhone effect"),
    ],
)
def test_titles_are_those_of_the_work(tmp_path: Path, written: str, title: str) -> None:
    (item,) = read(tmp_path, f"@book{{a, title = {{{written}}}, year = 2000}}").items.values()
    assert item["title"] == title


def test_water_keeps_its_capitals(tmp_path: Path) -> None:
    for water in ("H$_2$O", "H<sub>2</sub>O"):
        references = read(tmp_path, f"@book{{a, title = {{The Role of {water} in Ice}}}}")
        (entry,) = render(references, ["a"], "apa", "en-US")
        assert entry.html == "<i>The role of H<sub>2</sub>O in ice</i>. (n.d.)."


def test_the_numbers_of_dblp_are_no_names(tmp_path: Path) -> None:
    item = only(tmp_path, "author = {Jane Doe 0001 and Roe, R. 0002 and John Poe}")
    assert [name["family"] for name in item["author"]] == ["Doe", "Roe", "Poe"]
    assert item["author"][1]["given"] == "R."


def test_the_address_of_a_doi_is_not_printed_twice(tmp_path: Path) -> None:
    doi = "doi = {10.1145/1.2}, url = {https://doi.org/10.1145/1.2}"
    item = only(
        tmp_path, f"{doi}, author = {{Doe, J}}, journal = {{J}}, year = 2019, number = {{03}}"
    )
    (entry,) = render(References(Path("a.bib"), {"a": item}), ["a"], GBT, "work", "en")
    assert entry.html.striptags() == "DOE J. T[J]. J, 2019(3). DOI:10.1145/1.2."


def test_strings_and_parents_of_a_file_are_read(tmp_path: Path) -> None:
    text = """@string{nat = "Nature"}
@string{ab = nat # " B"}
@inproceedings{a, title = {A}, crossref = {p}}
@article{b, title = {B}, journal = AB, year = 2000, month = Feb}
@proceedings{p, title = {Proceedings of All}, year = 2001}
"""
    items = read(tmp_path, text).items
    assert items["a"]["container-title"] == "Proceedings of All"
    assert items["b"]["container-title"] == "Nature B"
    assert items["b"]["issued"] == {"date-parts": [[2000, 2]]}


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ("journal = jfoo", r"journal\n.*the abbreviation jfoo\n"),
        ("journal = {The } # foo", r"journal\n.*the abbreviation foo\n"),
        ("year = 2000, month = foo", r"month\n.*the abbreviation foo\n"),
        ("crossref = {nope}", r"crossref\n.*'nope'\n"),
    ],
)
def test_what_is_said_nowhere_is_refused(tmp_path: Path, fields: str, told: str) -> None:
    with pytest.raises(UserError, match=rf"references\.bib:2: a: {told}"):
        read(tmp_path, f"@article{{a, title = {{T}},\n {fields}}}")


@pytest.mark.parametrize(
    ("entry", "style", "shown"),
    [
        (
            "@article{a, AUTHOR = {Doe, Jane}, TITLE = {T}, JOURNAL = {J}, YEAR = {2020}, "
            "ARTICLE-NUMBER = {123}, MONTH = {10~} # feb}",
            "ieee",
            "J. Doe, “T,” J, p. 123, Feb. 2020.",
        ),
        (
            "@manual{a, title = {ggplot2: Graphics for Data}, author = {Hadley Wickham}, "
            "year = 2022, note = {R package version 3.4.0}}",
            "apa",
            "Wickham, H. (2022). ggplot2: Graphics for data (Version 3.4.0) [Computer software].",
        ),
        (
            "@misc{a, title = {T}, author = {{Wikipedia contributors}}, year = 2023, "
            "url = {https://a.org}, note = {[Online; accessed 2-January-2024]}}",
            GBT,
            "Wikipedia contributors. T[EB/OL]. (2023)[2024-01-02]. https://a.org.",
        ),
        (
            "@article{a, title = {T}, author = {Jones, AB and LI, WEI}, journal = {J}, "
            "year = 2010}",
            "apa",
            "Jones, A. B., & LI, W. (2010). T. J.",
        ),
        (
            "@patent{a, title = {T}, author = {Doe, Jane}, number = {US 1234567 B2}, year = 2010}",
            "apa",
            "Doe, J. (2010). T (Patent No. US 1234567 B2).",
        ),
        (
            r"@book{a, title = {Ice \textemdash{} Below 0 \textdegree{}C}, year = 2010, "
            "edition = 1}",
            GBT,
            "Ice — below 0 °C[M]. 2010.",
        ),
    ],
)
def test_what_portals_export_is_printed_whole(
    tmp_path: Path, entry: str, style: str, shown: str
) -> None:
    locale = "work" if style == GBT else "en-US"
    (listed,) = render(read(tmp_path, entry), ["a"], style, locale)
    assert listed.html.striptags().replace("&amp;", "&") == shown


@pytest.mark.parametrize(
    ("title", "printed"),
    [
        (r"{H}$_{\textrm{2}}${O} in lakes", "H<sub>2</sub>O in lakes"),
        (r"{The} record of N$_{\textrm{2}}$O", "The record of N<sub>2</sub>O"),
        (
            r"The $\delta^{\textrm{18}}$O record",
            'The <span class="nocase">δ<sup>18</sup></span>O record',
        ),
        (r"A flux of 3 m s$^{\textrm{-1}}$", "A flux of 3 m s<sup>−1</sup>"),
    ],
)
def test_formulas_of_upright_digits_are_read(tmp_path: Path, title: str, printed: str) -> None:
    (item,) = read(tmp_path, f"@misc{{a, title = {{{title}}}}}").items.values()
    assert item["title"] == printed


@pytest.mark.parametrize("kind", ["{PhD} {Thesis}", "{PhD Thesis}", "PhD Thesis"])
def test_the_type_of_a_thesis_has_no_braces(tmp_path: Path, kind: str) -> None:
    assert (
        only(tmp_path, f"type = {{{kind}}}, school = {{U}}", "phdthesis")["genre"] == "PhD Thesis"
    )


def test_the_type_of_a_thesis_may_have_accents_in_latex(tmp_path: Path) -> None:
    item = only(tmp_path, r"type = {Th{\`e}se de {D}octorat}, school = {U}", "phdthesis")
    assert item["genre"] == "Thèse de Doctorat"

"""Works in BibTeX and BibLaTeX: what becomes of them, and what is refused with file and line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from juchi.core.errors import UserError
from juchi.prose.bibtex import convert, corrected
from juchi.prose.references import References, load_references


def read(folder: Path, text: str) -> References:
    path = folder / "references.bib"
    path.write_text(text, encoding="utf-8")
    return load_references(path)


def only(folder: Path, text: str) -> Any:
    (item,) = read(folder, text).items.values()
    return item


def test_an_entry_becomes_a_work_of_csl(tmp_path: Path) -> None:
    item = only(
        tmp_path,
        r"""@string{jfm = "J. Fluid Mech."}
% A comment.
@article{DBLP:conf/nips/Doe20,
  author = {Jane {van der} Doe and {The ACME Group} and M{\"u}ller, J{\"o}rg},
  title = {The {NASA} \emph{Growth} of \textit{E. coli} in H\textsubscript{2}O},
  journal = jfm, pages = {1--10}, year = 2020, month = may, langid = {ngerman},
  doi = {https://doi.org/10.1000/xyz}, url = {http://example.org/c_d}, urldate = {2021-02-03},
  date-added = {x}, bdsk-url-1 = {y}, file = {z}, annote = {},
}
""",
    )
    assert item["id"] == "DBLP:conf/nips/Doe20"
    assert item["type"] == "article-journal"
    assert item["author"] == [
        {"family": "Doe", "given": "Jane", "dropping-particle": "van der"},
        {"literal": "The ACME Group"},
        {"family": "Müller", "given": "Jörg"},
    ]
    assert "<i>E. coli</i> in H<sub>2</sub>O" in item["title"]
    assert item["container-title"] == "J. Fluid Mech."
    assert item["DOI"] == "10.1000/xyz"
    assert item["issued"] == {"date-parts": [[2020, 5]]}
    assert item["accessed"] == {"date-parts": [[2021, 2, 3]]}
    assert item["language"] == "de-DE"


@pytest.mark.parametrize(
    ("entry", "field", "value"),
    [
        ("@misc{a, title={A}}", "type", "document"),
        ("@online{a, title={A}}", "type", "webpage"),
        ("@inproceedings{a, title={A}}", "type", "paper-conference"),
        ("@incollection{a, title={A}}", "type", "chapter"),
        ("@phdthesis{a, title={A}}", "type", "thesis"),
        ("@techreport{a, title={A}}", "type", "report"),
        ("@dataset{a, title={A}}", "type", "dataset"),
        ("@book{a, title={A}, edition={2}}", "edition", "2"),
        ("@book{a, title={A}, date={1999~}}", "issued", {"circa": True, "date-parts": [[1999]]}),
        ("@book{a, title={A}, date={2020/2021}}", "issued", {"date-parts": [[2020], [2021]]}),
        ("@book{a, title={A}, author={Doe, J. and others}}", "author", None),
        ("@BOOK{a, TITLE={A}}", "title", "A"),
        ('@book{a, title="A"}', "title", "A"),
        ("@book{张三2020, title={某书}}", "language", "zh"),
    ],
)
def test_kinds_and_fields_are_those_of_csl(
    tmp_path: Path, entry: str, field: str, value: object
) -> None:
    item = only(tmp_path, entry)
    if value is None:
        assert item[field][-1] == {"literal": "others"}
    else:
        assert item[field] == value


@pytest.mark.parametrize(
    ("text", "where", "found"),
    [
        ("@article{a,\n title={x},\n year 2020\n}", "references.bib:3\n", "unexpected"),
        ("@artcle{a,\n title={x}}", "references.bib:1: a\n", "perhaps @article"),
        (
            "\n@article{a,\n title={x},\n jornal={Y}}",
            "references.bib:4: a\n",
            "perhaps 'journal'",
        ),
        (
            "@book{a, title={A}}\n\n@book{a, title={B}}",
            "references.bib:3: a: id\n",
            "a second work",
        ),
        ("@book(a, title={A})", "references.bib:1\n", "unexpected '('"),
        ("@book{a,\n author={A}}", "references.bib:1: a: title\n", "none"),
        ("@book{a, title={A}, doi={x}}", "references.bib:1: a: DOI\n", "a bare DOI"),
        ("@book{a, title={If $p < .05$}}", "references.bib:1: a: title\n", "the formula $p <"),
        ("@book{fig-a, title={A}}", "references.bib:1: fig-a: id\n", "begins otherwise"),
    ],
)
def test_a_slip_is_told_with_file_and_line(
    tmp_path: Path, text: str, where: str, found: str
) -> None:
    with pytest.raises(UserError) as caught:
        read(tmp_path, text)
    assert where in str(caught.value)
    assert found in str(caught.value)


def test_simple_formulas_of_titles_become_markup(tmp_path: Path) -> None:
    text = "@book{a, title={{$P$} values of {H$_2$O} and {Ca$^{2+}$}}}"
    title = '<span class="nocase"><i>P</i></span> values of H<sub>2</sub>O and Ca<sup>2+</sup>'
    assert read(tmp_path, text).items["a"]["title"] == title


def test_a_key_stands_once_in_both_files(tmp_path: Path) -> None:
    (tmp_path / "references.json").write_text('[{"id": "a", "type": "book", "title": "A"}]')
    (tmp_path / "references.bib").write_text("@book{a, title={A}}")
    with pytest.raises(UserError, match=r"references\.bib:1: a: id\n.*references\.json"):
        load_references(tmp_path / "references.json", tmp_path / "references.bib")


def test_a_work_is_named_with_its_line(tmp_path: Path) -> None:
    references = read(tmp_path, "@book{a, title={A}}\n@book{b, title={B}}\n")
    assert references.place("b") == f"{tmp_path}/references.bib:2: b"


def test_a_name_in_a_script_without_capitals_is_whole() -> None:
    text = "@book{a, author={李 娜 and ابن سينا and van der Berg, Jan}, title={T}}"
    (work,) = convert(text, "a.bib")
    assert corrected(work)["author"] == [
        {"family": "李", "given": "娜"},
        {"family": "سينا", "given": "ابن"},
        {"dropping-particle": "van der", "family": "Berg", "given": "Jan"},
    ]

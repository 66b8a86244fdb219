"""Works in BibTeX and BibLaTeX: what becomes of them, and what is refused with file and line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from juchi.core.errors import UserError
from juchi.prose.bibliography import bibliography, names_in_text, render
from juchi.prose.bibtex import convert, corrected, read_bibtex
from juchi.prose.citeproc import Cluster, Mention
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
        {"family": "Doe", "given": "Jane", "non-dropping-particle": "van der"},
        {"literal": "The ACME Group"},
        {"family": "Müller", "given": "Jörg"},
    ]
    assert '<i><span class="nocase">E. coli</span></i> in H<sub>2</sub>O' in item["title"]
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
        (r"@article{a, title={A}, journal={\prd}}", "container-title", "Physical Review D"),
        (
            r'@article{a, title={A}, journal="\apjl"}',
            "container-title",
            "The Astrophysical Journal Letters",
        ),
        ("@string{j={\\nat}}\n@article{a, title={A}, journal=j}", "container-title", "Nature"),
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


def test_a_field_of_others_beside_the_one_that_is_printed_is_a_note(tmp_path: Path) -> None:
    assert only(tmp_path, "@book{a, title={A}, place={X}, address={Y}}")["publisher-place"] == "Y"


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
        (r"@book{a, title={A $\sqrt{x}$}}", "references.bib:1: a: title", r"the formula $\sqrt"),
        (r"@book{a, title={A}, note={$\sqrt{x}$}}", ".bib:1: a: note", r"the formula $\sqrt"),
        ("@book{a,\n title={A \\foo{B}}}", ".bib:2: a: title", r"the command \foo, of"),
        ("@book{a,\n title={A \\foo B}}", ".bib:2: a: title", r"the command \foo, of"),
        ("@book{a, title={A},\n journal={\\jfoo}}", ".bib:2: a: journal", r"command \jfoo, of"),
        (r"@book{a, title={A \apj{} B}}", ".bib:1: a: title", r"the command \apj, of"),
        ("@book{a, title={A},\n author={\\foo{X}}}", ".bib:2: a: author", r"command \foo, of"),
        (r"@book{a, title={A \cite{b}}}", ".bib:1: a: title", r"the command \cite"),
        ("@string{j={\\foo}}\n@book{a, title={A}}", ".bib:1: @string: j", r"command \foo, of"),
        ("@book{a, title={A}, doy={10.1000/x}}", "references.bib:1: a\n", "'day' or 'doi'"),
        ("@book{a, title={A}, yaer={2000}}", "references.bib:1: a\n", "perhaps 'year'"),
        ("@book{a, title={A}, vol={2}}", "references.bib:1: a\n", "perhaps 'volume'"),
        (
            "@inbook{a, title={A},\n place={Sunderland, MA}}",
            ".bib:2: a\n",
            "'address' or 'location'",
        ),
        ("@book{a, title={A}, pp={1--2}}", "references.bib:1: a\n", "perhaps 'pages'"),
        ("@book{a, title={A}, container-title={B}}", ".bib:1: a\n", "'journal' or 'booktitle'"),
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


NOCASE = r'<span class="nocase">\1</span>'


def shown(title: str) -> str:
    """Return a title with spans in the place of braces."""
    return re.sub(r"\{([^{}]*)\}", NOCASE, title)


SMALL = '<span style="font-variant:small-caps;">Nasa</span>'


@pytest.mark.parametrize(
    ("written", "title"),
    [
        # what is emphasised, in the commands of all ages
        (r"The Growth of {\it E. coli}", "The growth of <i>{E. coli}</i>"),
        (r"{\em E. coli} Grows", "<i>{E. coli}</i> grows"),
        (r"\textit{E. coli} Grows", "<i>{E. coli}</i> grows"),
        (r"On \emph{Drosophila} Growth", "On <i>Drosophila</i> growth"),
        (r"{\sc Nasa} and \textsc{Nasa}", f"{SMALL} and {SMALL}"),
        # names in small letters, and words behind a stop that ends no sentence
        (r"The {van der Waals} Force in E. coli", "The {van der Waals} force in {E. coli}"),
        (r"{The {NASA} of the Day}", "{The NASA of the Day}"),
        (r"The {V}alue of {DNA}s in Proc. of Things", "The Value of DNAs in proc. of things"),
        (r"\underline{In Vivo} Studies", "<i>In Vivo</i> studies"),
        # letters, accents and signs
        (r"{\'E}tude \'{\i}n {\v{S}koda} \L{}\'od\'z", "Étude ín Škoda łódź"),
        (r"\TH{}orl\'aks \DJ or\dj e", "Þorláks đorđe"),
        (r"R\&D 100\% -- ``quoted'' --- \$5", "R&D 100% – “quoted” — $5"),
        (r"An \mbox{MRI} of \noopsort{x}it", "An MRI of it"),
        # formulas
        ("{$P$} values of {H$_2$O}", "{<i>P</i>} values of H<sub>2</sub>O"),
        ("A {Ca$^{2+}$} Channel", "A Ca<sup>2+</sup> channel"),
        (r"On $\beta$-Decay, $\Delta T$", "On {β}-decay, {Δ<i>T</i>}"),
        (r"If $p < .05$, $10^{-3}$", "If {<i>p</i> < .05}, 10<sup>−3</sup>"),
        (r"The \ensuremath{\alpha} of $\mathrm{CO}_2$", "The {α} of {CO<sub>2</sub>}"),
        (r"\ce{H2O} and \ce{Ca(OH)2}", "H<sub>2</sub>O and Ca(OH)<sub>2</sub>"),
        (r"The \ce{SO4^2-} Ion", "The SO<sub>4</sub><sup>2-</sup> ion"),
        (r"\ce{Na+} Channels", "Na<sup>+</sup> channels"),
    ],
)
def test_titles_keep_what_latex_says(tmp_path: Path, written: str, title: str) -> None:
    assert only(tmp_path, f"@book{{a, title={{{written}}}}}")["title"] == shown(title)
    assert only(tmp_path, f'@book{{a, title="{written}", year=2000}}')["title"] == shown(title)


def test_a_style_that_raises_capitals_leaves_what_keeps_its_case(tmp_path: Path) -> None:
    title = r"Growth of \textit{E. coli} and {van der Waals} forces in $\beta$-decay"
    references = read(tmp_path, f"@book{{a, title={{{title}}}, year=2020}}")
    (work,) = render(references, ["a"], "modern-language-association", "en-US")
    assert work.html == (
        "<i>Growth of <i>E. coli</i> and van der Waals Forces in β-Decay</i>. 2020."
    )


def test_commands_stay_in_what_is_not_printed(tmp_path: Path) -> None:
    text = r"abstract={\foo}, file={C:\users\x.pdf}, mendeley-x={\foo}, url={https://x.org/\_}"
    assert only(tmp_path, f"@book{{a, title={{A}}, {text}}}")["title"] == "A"


@pytest.mark.parametrize("field", ["eissn", "mrnumber", "date-added", "bdsk-url-1", "owner"])
def test_fields_of_reference_managers_are_passed_over(tmp_path: Path, field: str) -> None:
    assert only(tmp_path, f"@book{{a, title={{A}}, {field}={{x}}}}")["title"] == "A"


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
        {"family": "Berg", "given": "Jan", "non-dropping-particle": "van der"},
    ]


@pytest.mark.parametrize(
    ("author", "family"),
    [
        ("de la Cruz, Juan", "de la Cruz"),
        ("{de la Cruz}, Juan", "de la Cruz"),
        ("Juan de la Cruz", "de la Cruz"),
        ("de l'Hôpital, Juan", "de l’Hôpital"),
        ("d'Alembert, Juan", "d’Alembert"),
        ("dell'Acqua, Juan", "dell’Acqua"),
    ],
)
def test_a_family_name_is_cited_with_its_particle(tmp_path: Path, author: str, family: str) -> None:
    references = read(tmp_path, f"@book{{a, author = {{{author}}}, title = {{A}}, year = 1999}}")
    assert names_in_text(references.items["a"], {}) == family
    entries = {name: render(references, ["a"], name, "en-US")[0].html for name in ("ieee", "apa")}
    assert entries["ieee"].startswith(f"J. {family}, ")
    assert entries["apa"].startswith(f"{family}, J. ")
    (gbt,) = render(references, ["a"], "china-national-standard-gb-t-7714-2015-numeric", "work")
    assert re.sub("[’ʼ]", "’", gbt.html).startswith(f"{family.upper()} J. ")
    cluster = [Cluster([Mention("a", mode=mode)]) for mode in ("", "@")]
    done = bibliography(references, cluster, style="apa", locale="en-US", language="en")
    cited = [each.html.striptags() for each in done.citations]
    assert cited == [f"({family}, 1999)", f"{family} (1999)"]


def test_a_particle_is_left_out_where_an_entry_says_so(tmp_path: Path) -> None:
    text = "author = {von Humboldt, Alexander}, options = {useprefix=false}, title = {T}"
    (author,) = only(tmp_path, f"@book{{a, {text}}}")["author"]
    assert author["dropping-particle"] == "von"


def test_a_particle_that_is_left_out_and_ends_in_an_apostrophe_is_set_off(tmp_path: Path) -> None:
    text = "author = {de' Medici, Lorenzo}, options = {useprefix=false}, title = {T}, year = 2001"
    references = read(tmp_path, f"@book{{a, {text}}}")
    assert render(references, ["a"], "ieee", "en-US")[0].html == "L. de’ Medici, <i>T</i>. 2001."


def test_what_follows_a_family_name_is_no_given_name(tmp_path: Path) -> None:
    for wrong in ("Martin Luther King, Jr.", "King, III", "Martin Luther King Jr."):
        with pytest.raises(UserError, match=r":1: a: author\n.*\n.*\n.*write King, (Jr\.|III), "):
            read(tmp_path, f"@book{{a, author = {{{wrong}}}, title = {{T}}}}")
    right = only(tmp_path, "@book{a, author = {King, Jr., Martin Luther}, title = {T}}")
    assert right["author"] == [{"family": "King", "given": "Martin Luther", "suffix": "Jr."}]


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ("Smith, John, Doe, Jane", "more than two commas in the name 'Smith, John, Doe, Jane'"),
        ("Smith J, Doe J, Poe E", "'Doe J' between two commas"),
        ("Smith, John AND Doe, Jane", "'AND' within a name"),
        ("Smith, John and", "'and' within a name"),
        ("John Smith & Jane Doe", "'&' within a name"),
        ("Smith, John and et al.", "write `and others`"),
        ("Smith, John et al.", "write `and others`"),
        ("张三等", "write `and others`"),
        ("张三 and 等", "write `and others`"),
        ("Smith, John (ed.)", r"write editor = \{…\}"),
        ("Dr. John Smith", "leave titles out"),
        ("World Health Organization", r"write \{\{World Health Organization\}\}"),
        ("Jane Doe and University of Oxford", r"write \{\{University of Oxford\}\}"),
    ],
)
def test_a_name_that_is_read_as_another_is_refused(tmp_path: Path, names: str, told: str) -> None:
    with pytest.raises(UserError, match=rf":2: a: author\n(.*\n)*.*{told}"):
        read(tmp_path, f"@book{{a, title = {{T}},\n author = {{{names}}}}}")


def test_names_in_all_forms_of_bibtex_are_read(tmp_path: Path) -> None:
    names = (
        "{Barnes, Noble, & Co., Inc.} and Silva, Neto, João and García Márquez, Gabriel and "
        "given=Hans, family=Berg, prefix=von den, useprefix=true and Plato and others"
    )
    assert only(tmp_path, f"@book{{a, author = {{{names}}}, title = {{T}}}}")["author"] == [
        {"literal": "Barnes, Noble, & Co., Inc."},
        {"family": "Silva", "suffix": "Neto", "given": "João"},
        {"family": "García Márquez", "given": "Gabriel"},
        {"family": "Berg", "given": "Hans", "non-dropping-particle": "von den"},
        {"family": "Plato"},
        {"literal": "others"},
    ]


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("b 值的估计", "b 值的估计"),
        ("A magnitude scale: a robust view of Tokyo", "A magnitude scale: a robust view of Tokyo"),
        ("A Robust View of the Magnitude Scale", "A robust view of the magnitude scale"),
        ("An English thesis", "An English thesis"),
        ("Learning with Data", "Learning with data"),
        ("The dogs' dinner: O’Brien's day", "The dogs’ dinner: O’Brien’s day"),
    ],
)
def test_a_title_in_the_letters_of_a_sentence_stays_as_it_is(
    tmp_path: Path, title: str, read: str
) -> None:
    (work,) = works(tmp_path, f"@article{{a, title = {{{title}}}, year = 2016}}")
    assert work["title"] == read
    assert "language" not in work


def test_what_a_work_is_part_of_keeps_its_capitals(tmp_path: Path) -> None:
    container = "Proceedings of the First European Conference"
    (work,) = works(
        tmp_path,
        f"@inproceedings{{a, title = {{On It}}, booktitle = {{{container}}}, year = 1999}}",
    )
    assert work["container-title"] == container


def test_a_standard_is_one(tmp_path: Path) -> None:
    (work,) = works(tmp_path, "@standard{a, title = {地震震级的规定}, year = 2017}")
    assert work["type"] == "standard"


@pytest.mark.parametrize(
    "names", ["黄亦磊; 周仕勇", "傅承义，陈运泰", "傅承义、陈运泰", "司马，光", "{司马，光}"]
)
def test_names_that_no_and_parts_are_refused(tmp_path: Path, names: str) -> None:
    with pytest.raises(UserError, match=r":1: a: author\n.*in a name\n.*`and`.*of half width"):
        works(tmp_path, f"@article{{a, title = {{X}}, author = {{{names}}}, year = 2016}}")


def works(folder: Path, text: str) -> list[Mapping[str, Any]]:
    path = folder / "references.bib"
    path.write_text(text, "utf-8")
    return [work for _, work in read_bibtex(path)]


@pytest.mark.parametrize(
    ("fields", "issued"),
    [
        ("date = {2024-3-5}", [[2024, 3, 5]]),
        ("date = {2024/03/05}", [[2024, 3, 5]]),
        ("date = {2024年3月}", [[2024, 3]]),
        ("date = {2020-05/2020-07}", [[2020, 5], [2020, 7]]),
        ("year = 2020, month = {March}, day = 5", [[2020, 3, 5]]),
        ('year = 2020, month = mar # "~5"', [[2020, 3, 5]]),
        ("year = 2020, month = {Jul.--Aug.}", [[2020, 7], [2020, 8]]),
        ("year = 2020, month = {Summer}", [[2020, 22]]),
        ("year = {2020--2021}", [[2020], [2021]]),
        ("date = {2020-3-5 10:11:12}", [[2020, 3, 5]]),
        ("date = {2020-3-5}, year = 2020", [[2020, 3, 5]]),
        ("date = {}, year = 2020", [[2020]]),
        ("year = {２０２０}", [[2020]]),
        ("year = {}, month = {}, date = {-0043-03-15}", [[-44, 3, 15]]),
        ("date = {2020-24/2021-21}", [[2020, 24], [2021, 21]]),
    ],
)
def test_a_date_is_read_as_it_is_meant(
    tmp_path: Path, fields: str, issued: list[list[int]]
) -> None:
    work = only(tmp_path, f"@article{{a, title = {{T}}, {fields}, urldate = {{2024-3-5}}}}")
    assert work["issued"] == {"date-parts": issued}
    assert work["accessed"] == {"date-parts": [[2024, 3, 5]]}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ("year = {in press}", "in press"),
        ("year = {forthcoming}", "forthcoming"),
        ("pubstate = {inpress}", "in press"),
        ("date = {1990/}", "1990–"),
        ("year = {1990/..}", "1990–"),
        ("date = {/1990}", "–1990"),
    ],
)
def test_a_date_in_words_stands_where_the_year_would(
    tmp_path: Path, fields: str, words: str
) -> None:
    text = "@book{%s, title = {T}, author = {Doe, Jane}, " + fields + "}\n"
    works = read(tmp_path, text % "a" + text % "b")
    for style in ("ieee", "china-national-standard-gb-t-7714-2015-numeric"):
        (one, _) = render(works, ["a", "b"], style, "en-US")
        assert one.html.count(words) == 1
    clusters = [Cluster([Mention(key)]) for key in ("a", "b")]
    done = bibliography(works, clusters, style="apa", locale="en-US", language="en")
    joint = "-" if words[-1].isalpha() else ""
    cited = [each.html.striptags() for each in done.citations]
    assert cited == [f"(Doe, {words}{joint}a)", f"(Doe, {words}{joint}b)"]


@pytest.mark.parametrize(
    ("field", "value", "hint"),
    [
        ("date", "in press", r"pubstate = \{in press\}"),
        ("date", "5 March 2024", r"date = \{2024-03-05\}"),
        ("urldate", "2024-13-5", r"urldate = \{2024-03-05\}"),
        ("year", "c. 1900", r"date = \{1900~\}"),
        ("year", "n.d.", "leave year out"),
        ("month", "13", "correct the month"),
        ("month = feb, day", "30", "correct day"),
        ("date", "2023-02-29", "correct date"),
        ("date", "2023-13", "correct date"),
        ("urldate", "2024-04-31", "correct urldate"),
        ("date", "2021/2020", "correct date"),
        ("year = 2020, date", "May 2020", r"date = \{2024-03-05\}"),
        ("year", "20", "four digits"),
        ("year", "20200", "four digits"),
        ("year", "44 BC", r"date = \{-0043\} is 44 BC"),
        ("year", "0000", "correct year"),
        ("date = {2020-03-05}, year", "2019", "date is the one that counts"),
        ("month", "Brumaire", "month = mar"),
    ],
)
def test_a_date_that_cannot_be_read_is_refused(
    tmp_path: Path, field: str, value: str, hint: str
) -> None:
    text = f"@book{{b, title = {{B}}}}\n@book{{a, title = {{T}},\n {field} = {{{value}}}"
    other = "" if re.search("year|date$", field) else ", year = 2020"
    name = field.rpartition(" ")[2]
    with pytest.raises(UserError, match=rf":3: a: {name}\n.*'{value}'\n.*\n.*{hint}"):
        read(tmp_path, f"{text}{other}}}")


@pytest.mark.parametrize("fields", ["year = {}", "year = ", "date = {}", 'year = "", month = {}'])
def test_an_empty_date_is_none(tmp_path: Path, fields: str) -> None:
    text = f"@book{{a, author = {{Doe, Jane}}, title = {{T}}, urldate = {{}}, {fields}}}"
    (entry,) = render(read(tmp_path, text), ["a"], "apa", "en-US")
    assert entry.html == "Doe, J. (n.d.). <i>T</i>."


def test_a_month_without_its_year_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r":2: a: month\n.*'jan'\n.*a month with its year"):
        only(tmp_path, "@book{a, title = {T},\n month = jan}")


@pytest.mark.parametrize("date", ["1723~", "1723?", "1723%"])
def test_a_doubtful_date_is_printed_as_one(tmp_path: Path, date: str) -> None:
    references = read(tmp_path, f"@book{{a, author = {{D}}, title = {{T}}, date = {{{date}}}}}")
    (entry,) = render(references, ["a"], "apa", "en-US")
    assert entry.html == "D. (ca. 1723). <i>T</i>."


@pytest.mark.parametrize("written", [r"{\'\i}", r"{\'{\i}}", r"\'{\i}", r"\'\i{}", r"\'i"])
def test_an_accent_stands_on_a_letter_without_its_dot(tmp_path: Path, written: str) -> None:
    name = f"Garc{written}a"
    text = f"@book{{a, author = {{{name}, A.}}, title = {{{name}}}}}\n@book{{b, title={{B}}}}"
    first, _ = works(tmp_path, text)
    assert (first["author"][0]["family"], first["title"]) == ("García", "García")


def test_letters_behind_a_formula_keep_their_case(tmp_path: Path) -> None:
    references = read(tmp_path, "@book{a, title = {The Dating of $^{14}$C and CO$_2$ in Ice}}")
    (shown,) = render(references, ["a"], "apa", "en-US")
    assert shown.html.striptags().startswith("The dating of 14C and CO2 in ice.")


@pytest.mark.parametrize(
    ("author", "listed", "cited"),
    [
        ("卡森, R.", "卡森 R", "卡森"),
        ("[美] 卡森, R.", "卡森 R", "卡森"),
        ("[美] R. 卡森", "卡森 R", "卡森"),
        ("昂温, P. S. and ［英］昂温, G.", "昂温 P S, 昂温 G", "昂温等"),
        ("{[美]蕾切尔·卡森}", "蕾切尔·卡森", "蕾切尔·卡森"),
        ("蕾切尔·卡森（美）", "蕾切尔·卡森", "蕾切尔·卡森"),
        ("（清）曹雪芹", "曹雪芹", "曹雪芹"),
        ("{中国地质大学（武汉）}", "中国地质大学（武汉）", "中国地质大学（武汉）"),
    ],
)
def test_a_foreign_name_in_chinese_is_that_of_the_national_standard(
    tmp_path: Path, author: str, listed: str, cited: str
) -> None:
    references = read(tmp_path, f"@book{{a, author = {{{author}}}, title = {{春}}, year = 2008}}")
    style = "china-national-standard-gb-t-7714-2015-author-date"
    clusters = [Cluster([Mention("a")])]
    done = bibliography(references, clusters, style=style, locale="work", language="zh")
    assert done.citations[0].html.striptags() == f"({cited}, 2008)"
    assert done.entries[0].html == f"{listed}, 2008. 春[M]."


def test_a_foreign_name_in_chinese_has_its_initials_where_the_style_does(tmp_path: Path) -> None:
    references = read(tmp_path, "@book{a, author = {卡森, R}, title = {春}, year = 2008}")
    (ieee,) = render(references, ["a"], "ieee", "zh-CN")
    assert ieee.html.startswith("R. 卡森, ")
    assert names_in_text(references.items["a"], {}) == "卡森"


@pytest.mark.parametrize(
    ("entry", "locale", "word"),
    [
        ("@phdthesis{a, ", "en-US", "PhD thesis"),
        ("@phdthesis{a, ", "de-DE", "Dissertation"),
        ("@phdthesis{a, ", "zh-CN", "博士学位论文"),
        ("@mastersthesis{a, ", "de-AT", "Masterarbeit"),
        ("@thesis{a, type = {bathesis}, ", "de-DE", "Bachelorarbeit"),
        ("@phdthesis{a, type = {PhD thesis}, ", "de-DE", "PhD thesis"),
        ("@phdthesis{a, ", "it-IT", "PhD thesis"),
    ],
)
def test_a_thesis_is_one_in_the_words_of_the_list(
    tmp_path: Path, entry: str, locale: str, word: str
) -> None:
    references = read(tmp_path, f"{entry} author = {{Doe, Jane}}, title = {{T}}, year = 2001}}")
    (shown,) = render(references, ["a"], "apa", locale)
    assert shown.html == f"Doe, J. (2001). <i>T</i> [{word}]."
    (shown,) = render(references, ["a"], "ieee", locale)
    assert f" {word}, 2001" in shown.html


def test_a_report_has_its_number_in_the_words_of_the_list(tmp_path: Path) -> None:
    references = read(tmp_path, "@techreport{a, author = {Doe, J}, title = {T}, number = 12}")
    for locale, word in (("en-US", "No."), ("de-DE", "Nr."), ("zh-CN", "编号")):
        assert f"<i>T</i> ({word} 12)" in render(references, ["a"], "apa", locale)[0].html


@pytest.mark.parametrize(
    ("title", "english", "german"),
    [
        ("A 'word' of \"it\"", "A “word” of “it”", "A „word“ of „it“"),
        ("O'Neil's 'don't' and 'so'", "O’Neil’s “don’t” and “so”", "O’Neil’s „don’t“ and „so“"),
        ("the \"one 'of' two\"", "The “one ‘of’ two”", "the „one ‚of‘ two“"),
        ("the dogs' '90s", "The dogs’ ’90s", "the dogs’ ’90s"),
    ],
)
def test_straight_quotation_marks_are_those_of_the_list(
    tmp_path: Path, title: str, english: str, german: str
) -> None:
    references = read(tmp_path, f"@article{{a, title = {{{title}}}, author = {{Doe, J}}}}")
    for locale, shown in (("en-US", english), ("de-DE", german), ("zh-CN", english)):
        (entry,) = render(references, ["a"], "apa", locale)
        assert shown.casefold() in entry.html.casefold().replace("ʼ", "’").replace(".”", "”")


def test_a_work_without_a_year_yet_is_so_in_the_words_of_the_list(tmp_path: Path) -> None:
    text = "@book{a, author = {Doe, J}, title = {T}, pubstate = {inpress}}"
    references = read(tmp_path, text)
    for locale, words in (("en-US", "in press"), ("de-DE", "im Druck"), ("zh-CN", "印刷中")):
        assert render(references, ["a"], "apa", locale)[0].html == f"Doe, J. ({words}). <i>T</i>."

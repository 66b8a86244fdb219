"""The list of references: exact entries in both styles, and each mistake's message."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from juchi.core.errors import UserError
from juchi.prose.bibliography import Bibliography, bibliography, names_in_text, render
from juchi.prose.citeproc import Cluster, Mention
from juchi.prose.inlines import from_words
from juchi.prose.locators import NAMED, read_locator
from juchi.prose.references import References, load_references

FILE = Path("config/references.json")
GBT = ("china-national-standard-gb-t-7714-2015-numeric", "work")
IEEE = ("ieee", "en-GB")

WORK = {
    "id": "a2020",
    "type": "article-journal",
    "language": "en",
    "title": "A title",
    "author": [{"family": "Doe", "given": "Jane"}],
    "container-title": "A Journal",
    "issued": {"date-parts": [[2020]]},
}


@pytest.fixture(scope="module")
def references() -> References:
    return load_references(FILE)


def written(folder: Path, works: Any) -> Path:
    path = folder / "references.json"
    path.write_text(json.dumps(works), encoding="utf-8")
    return path


def loaded(folder: Path, **changes: Any) -> References:
    return load_references(written(folder, [WORK | changes]))


def entry(references: References, key: str, style: tuple[str, str]) -> str:
    (only,) = render(references, [key], *style)
    return only.html


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (
            "lecun1991eigenvalues",
            "LECUN Y, KANTER I, SOLLA S A. Eigenvalues of covariance matrices: application to "
            "neural-network learning[J]. Physical Review Letters, 1991, 66(18): 2396-2399. DOI:"
            '<a href="https://doi.org/10.1103/PhysRevLett.66.2396">10.1103/PhysRevLett.66.2396</a>.',
        ),
        (
            "lecun1998",
            "LECUN Y, BOTTOU L, ORR G B, et al. Efficient BackProp[M]//ORR G B, MÜLLER K R. Neural "
            "Networks: Tricks of the Trade. Berlin: Springer, 1998: 9-50. DOI:"
            '<a href="https://doi.org/10.1007/3-540-49430-8_2">10.1007/3-540-49430-8_2</a>.',
        ),
        (
            "ioffe2015",
            "IOFFE S, SZEGEDY C. Batch normalization: accelerating deep network training by "
            "reducing internal covariate shift[C/OL]//Proceedings of the 32nd International "
            "Conference on Machine Learning: Vol. 37. PMLR, 2015: 448-456. "
            '<a href="https://proceedings.mlr.press/v37/ioffe15.html">'
            "https://proceedings.mlr.press/v37/ioffe15.html</a>.",
        ),
        (
            "vandendoel2012",
            "VAN DEN DOEL K, ASCHER U M. The chaotic nature of faster gradient descent methods[J]. "
            "Journal of Scientific Computing, 2012, 51(3): 560-581. DOI:"
            '<a href="https://doi.org/10.1007/s10915-011-9521-3">10.1007/s10915-011-9521-3</a>.',
        ),
        (
            "cs231n",
            "Stanford University. Neural networks part 1: setting up the architecture[EB/OL]. "
            '<a href="https://cs231n.github.io/neural-networks-1/">'
            "https://cs231n.github.io/neural-networks-1/</a>.",
        ),
        (
            "post",
            "由sigmod权重曲线存在锯齿的探索[EB/OL]. "
            '<a href="http://www.lryc.cn/news/2393536.html">'
            "http://www.lryc.cn/news/2393536.html</a>.",
        ),
    ],
)
def test_entry_in_the_chinese_national_style(
    references: References, key: str, expected: str
) -> None:
    assert entry(references, key, GBT) == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (
            "polyak1964",
            "B. T. Polyak, ‘Some methods of speeding up the convergence of iteration methods’, "
            "<i>USSR Computational Mathematics and Mathematical Physics</i>, vol. 4, no. 5, "
            "pp. 1–17, 1964, doi: "
            '<a href="https://doi.org/10.1016/0041-5553(64)90137-5">10.1016/0041-5553(64)90137-5'
            "</a>.",
        ),
        (
            "molder2021",
            "F. Mölder <i>et al.</i>, ‘Sustainable data analysis with Snakemake’, "
            "<i>F1000Research</i>, vol. 10, Art. no. 33, 2021, doi: "
            '<a href="https://doi.org/10.12688/f1000research.29032.2">'
            "10.12688/f1000research.29032.2</a>.",
        ),
        (
            "santurkar2018",
            "S. Santurkar, D. Tsipras, A. Ilyas, and A. Madry, ‘How does batch normalization help "
            "optimization?’, in <i>Advances in Neural Information Processing Systems 31</i>, "
            "Curran Associates, 2018. [Online]. Available: "
            '<a href="https://proceedings.neurips.cc/paper/2018/hash/'
            '905056c1ac1dad141560467e0a99e1cf-Abstract.html">'
            "https://proceedings.neurips.cc/paper/2018/hash/"
            "905056c1ac1dad141560467e0a99e1cf-Abstract.html</a>",
        ),
        (
            "vandendoel2012",
            "K. van den Doel and U. M. Ascher, ‘The chaotic nature of faster gradient descent "
            "methods’, <i>Journal of Scientific Computing</i>, vol. 51, no. 3, pp. 560–581, 2012, "
            'doi: <a href="https://doi.org/10.1007/s10915-011-9521-3">10.1007/s10915-011-9521-3'
            "</a>.",
        ),
        (
            "cs231n",
            "Stanford University, ‘Neural networks part 1: setting up the architecture’, CS231n: "
            "Deep Learning for Computer Vision. [Online]. Available: "
            '<a href="https://cs231n.github.io/neural-networks-1/">'
            "https://cs231n.github.io/neural-networks-1/</a>",
        ),
        (
            "post",
            "‘由sigmod权重曲线存在锯齿的探索’. [Online]. Available: "
            '<a href="http://www.lryc.cn/news/2393536.html">'
            "http://www.lryc.cn/news/2393536.html</a>",
        ),
    ],
)
def test_entry_in_the_ieee_style(references: References, key: str, expected: str) -> None:
    assert entry(references, key, IEEE) == expected


CHINESE = {
    "language": "zh-CN",
    "title": "某文章",
    "author": [{"family": family, "given": given} for family, given in ("张三", "李四", "王五")]
    + [{"family": "欧阳", "given": "六"}],
    "container-title": "某学报",
    "volume": "1",
    "issue": "2",
    "page": "3-4",
}


def test_chinese_work_is_worded_in_chinese_and_its_names_have_no_space(tmp_path: Path) -> None:
    references = loaded(tmp_path, **CHINESE)
    expected = "张三, 李四, 王五, 等. 某文章[J]. 某学报, 2020, 1(2): 3-4."
    assert entry(references, "a2020", GBT) == expected
    expected = (
        "张三, 李四, 王五, and 欧阳六, ‘某文章’, <i>某学报</i>, vol. 1, no. 2, pp. 3–4, 2020."
    )
    assert entry(references, "a2020", IEEE) == expected


def test_institution_keeps_its_small_letters_and_no_stop_is_doubled(tmp_path: Path) -> None:
    references = loaded(tmp_path, author=[{"literal": "Straße Inc."}])
    assert entry(references, "a2020", GBT) == "Straße Inc. A title[J]. A Journal, 2020."


def test_page_read_on_a_date_shows_it(tmp_path: Path) -> None:
    page = {"type": "webpage", "URL": "https://example.org/a", "issued": {"date-parts": [[2020]]}}
    references = loaded(tmp_path, **page, accessed={"date-parts": [[2024, 6, 3]]})
    link = '<a href="https://example.org/a">https://example.org/a</a>'
    expected = f"DOE J. A title[EB/OL]. (2020)[2024-06-03]. {link}."
    assert entry(references, "a2020", GBT) == expected
    assert "Accessed: Jun. 03, 2024. [Online]. Available: " in entry(references, "a2020", IEEE)


def test_work_with_doi_and_address_is_one_read_on_line(tmp_path: Path) -> None:
    references = loaded(tmp_path, DOI="10.1000/x", URL="https://example.org/10.1000/x")
    assert entry(references, "a2020", GBT) == (
        "DOE J. A title[J/OL]. A Journal, 2020. "
        '<a href="https://example.org/10.1000/x">https://example.org/10.1000/x</a>. '
        'DOI:<a href="https://doi.org/10.1000/x">10.1000/x</a>.'
    )


def test_style_that_shows_the_doi_as_an_address_has_it_whole_in_the_link(tmp_path: Path) -> None:
    references = loaded(tmp_path, DOI="10.1000/x")
    link = '<a href="https://doi.org/10.1000/x">https://doi.org/10.1000/x</a>'
    assert entry(references, "a2020", ("springer-mathphys-brackets", "en-GB")).endswith(link)


@pytest.mark.parametrize("style", [GBT, IEEE])
def test_markup_in_the_data_arrives_as_text(tmp_path: Path, style: tuple[str, str]) -> None:
    references = loaded(
        tmp_path,
        title='A <b onclick="x()">bold</b> & <script>bad</script> title',
        author=[{"family": "O<u>x</u>", "given": "A"}, {"literal": "<i>R&D</i>"}],
        URL='https://example.org/?a=1&b="2"',
        DOI="10.1000/a<b>&c",
    )
    found = entry(references, "a2020", style)
    assert set(re.findall(r"<(/?[a-z]+)", found)) <= {"a", "/a", "i", "/i"}
    assert "&lt;b onclick=“x()”&gt;bold&lt;/b&gt; &amp; &lt;script&gt;bad&lt;/script&gt;" in found
    assert "&lt;i&gt;R&amp;D&lt;/i&gt;" in found
    assert 'href="https://doi.org/10.1000/a%3Cb%3E%26c"' in found
    if style == GBT:
        assert 'href="https://example.org/?a=1&amp;b=%222%22"' in found


@pytest.mark.parametrize("style", [GBT, IEEE])
def test_every_listed_work_is_set_cleanly(references: References, style: tuple[str, str]) -> None:
    entries = render(references, references.items, *style)
    assert [one.label for one in entries] == [
        f"[{number}]" for number in range(1, len(references.items) + 1)
    ]
    for one in entries:
        text = re.sub(r"<[^>]+>", "", one.html)
        assert not re.search(r"\.\.|,,|\. ,|  |\s$|^\s|\[\]|\(\)| [,.;:]|\?\.", text), text
        item = references.items[one.key]
        assert one.language == item["language"]
        for field in ("DOI", "URL"):
            if field in item:
                assert f">{item[field]}</a>" in one.html
        assert any(code in text for code in ("[J", "[M]", "[C", "[A", "[DS]", "[EB/OL]")) == (
            style == GBT
        )


def test_rendering_twice_gives_the_same_entries(references: References) -> None:
    assert render(references, references.items, *GBT) == render(references, references.items, *GBT)


def test_entries_follow_the_first_use(references: References) -> None:
    entries = render(references, ["may1976", "post", "may1976"], *IEEE)
    assert [(one.key, one.label) for one in entries] == [("may1976", "[1]"), ("post", "[2]")]


def test_broken_file_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "references.json"
    path.write_text('[\n  {"id": "a2020",}\n]\n', encoding="utf-8")
    with pytest.raises(UserError, match=r"references\.json:2\n.*\n.*CSL-JSON"):
        load_references(path)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"references\.json\n.*No such file"):
        load_references(tmp_path / "references.json")


def test_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "references.json"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(UserError, match=r"references\.json:1\n.*no UTF-8"):
        load_references(path)


@pytest.mark.parametrize("works", [{"id": "a2020"}, ["a2020"]])
def test_json_of_another_shape_is_refused(tmp_path: Path, works: object) -> None:
    with pytest.raises(UserError, match="not a list of objects"):
        load_references(written(tmp_path, works))


def test_duplicate_id_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"references\.json: a2020: id\n.*a second work"):
        load_references(written(tmp_path, [WORK, WORK]))


@pytest.mark.parametrize("key", [None, 7, "", "may 1976", "may;1976", "fig-may"])
def test_id_that_is_no_key_is_refused(tmp_path: Path, key: object) -> None:
    with pytest.raises(UserError, match=r"references\.json: (the work 'A title'|fig-may): id\n"):
        load_references(written(tmp_path, [WORK | {"id": key}]))


@pytest.mark.parametrize("field", ["title", "type"])
def test_field_that_is_missing_is_named(tmp_path: Path, field: str) -> None:
    work = {name: value for name, value in WORK.items() if name != field}
    with pytest.raises(UserError, match=rf"references\.json: a2020: {field}\n"):
        load_references(written(tmp_path, [work]))


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("title", "", "one line of text"),
        ("volume", 6.5, "one line of text"),
        ("volum", "66", "perhaps volume"),
        ("type", "journal-article", "article-journal"),
        ("language", "klingonese", "as de or pt-BR"),
        ("DOI", "https://doi.org/10.1000/x", "a bare DOI"),
        ("URL", "javascript:alert(1)", "begins with http:// or https://"),
        ("author", "Jane Doe", "a list of"),
        ("author", ["Jane Doe"], "a list of"),
        ("author", [{"family": 7}], "a list of"),
        ("author", [{"given": "Jane"}], "a list of"),
        ("issued", "2020", "date-parts"),
        ("issued", {"date-parts": [["about 2020"]]}, "date-parts"),
        ("issued", {"date-parts": [[2020, 25]]}, "date-parts"),
        ("issued", {"date-parts": [[2020], [2021], [2022]]}, "date-parts"),
        ("issued", {"season": 2}, "date-parts"),
        ("issued", {"date-parts": [[2023, 2, 29]]}, "date-parts"),
        ("issued", {"date-parts": [[2023, 17]]}, "date-parts"),
        ("issued", {"date-parts": [[2023, 13, 1]]}, "date-parts"),
        ("issued", {"date-parts": [[0]]}, "date-parts"),
        ("issued", {"date-parts": [[2023, 5], [2023, 4]]}, "date-parts"),
        ("issued", {"literal": " "}, "date-parts"),
        ("issued", {"raw": "2020/05"}, "date-parts"),
        ("author", [{"family": "Doe\ue000"}], "no character of a private use area"),
        ("author", [{"family": "司马，光"}], "each of one person"),
        ("author", [{"literal": "司马，光"}], "each of one person"),
        ("author", [{"literal": "Doe\nER  - "}], "no control, no line end"),
        ("title", "The \\emph{coli}", "CSL-JSON knows no LaTeX"),
        ("title", "On H$_2$O", "CSL-JSON knows no LaTeX"),
        ("title", "One\rER  - ", "no control, no line end"),
        ("title", "One\u2028ER  - ", "no control, no line end"),
    ],
)
def test_field_that_would_be_set_wrongly_is_named(
    tmp_path: Path, field: str, value: object, expected: str
) -> None:
    with pytest.raises(UserError) as caught:
        loaded(tmp_path, **{field: value})
    assert f"references.json: a2020: {field}\n" in str(caught.value)
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("style", "locale", "named"),
    [("no-such-style", "en-GB", "no-such-style"), ("ieee", "en-XX", "en-XX")],
)
def test_unknown_style_or_locale_is_named(
    references: References, style: str, locale: str, named: str
) -> None:
    with pytest.raises(UserError) as caught:
        render(references, ["post"], style, locale)
    assert named in str(caught.value)
    assert "config/article.yaml" in str(caught.value)


# --- names ---


def named(style: tuple[str, str], *names: dict[str, str]) -> str:
    """Return what stands before the title in an entry with these authors."""
    item = {**WORK, "author": list(names)}
    (only,) = render(References(FILE, {"a2020": item}), ["a2020"], *style)
    return re.split(r"(, ‘|\. )A title", only.html)[0]


@pytest.mark.parametrize(
    ("family", "given", "ieee", "gbt"),
    [
        ("ホフスタッター", "ダグラス", "ホフスタッターダグラス", "ホフスタッターダグラス"),
        ("さとう", "はなこ", "さとうはなこ", "さとうはなこ"),
        ("佐藤", "花子", "佐藤花子", "佐藤花子"),
        ("김", "철수", "김철수", "김철수"),
        ("孙", "建", "孙建", "孙建"),
        ("諸葛", "亮", "諸葛亮", "諸葛亮"),
        ("欧阳", "修", "欧阳修", "欧阳修"),
        ("محفوظ", "نجيب", "نجيب محفوظ", "نجيب محفوظ"),
        ("Sun", "jian", "jian Sun", "SUN jian"),
        ("A", "", "A", "A"),
        ("Ångström", "Anders", "A. Ångström", "ÅNGSTRÖM A"),
        ("Иванов", "Пётр Ильич", "П. И. Иванов", "ИВАНОВ П И"),
        ("Παπαδόπουλος", "Γιώργος", "Γ. Παπαδόπουλος", "ΠΑΠΑΔΌΠΟΥΛΟΣ Γ"),
        ("Müller", "Karl-Heinz J.R.", "K.-H. J. R. Müller", "MÜLLER K H J R"),
    ],
)
def test_names_in_any_script_have_no_stray_stop(
    family: str, given: str, ieee: str, gbt: str
) -> None:
    name = {"family": family, "given": given}
    assert named(IEEE, name) == ieee
    assert named(GBT, name) == gbt


def test_names_of_several_scripts_stand_beside_each_other() -> None:
    names = [
        {"family": "ホフスタッター", "given": "ダグラス"},
        {"family": "孙", "given": "建"},
        {"family": "Sun", "given": "jian"},
    ]
    assert named(IEEE, *names) == "ホフスタッターダグラス, 孙建, and jian Sun"
    assert named(IEEE, *names, {"literal": "others"}) == (
        "ホフスタッターダグラス, 孙建, jian Sun, <i>et al.</i>"
    )


# --- titles ---


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        (
            "Growth of <i>E. coli</i> in H<sub>2</sub>O",
            "Growth of <i>E. coli</i> in H<sub>2</sub>O",
        ),
        ("At 10<sup>3</sup> K", "At 10<sup>3</sup> K"),
        ("A <b>bold</b> one", "A <b>bold</b> one"),
        ("The <sc>dna</sc> code", 'The <span class="small-caps">dna</span> code'),
        ('An <span class="nocase">iPhone</span>', "An iPhone"),
        ("<i>Drosophila <b>sp</b></i>", "<i>Drosophila <b>sp</b></i>"),
        ("On <em>this</em>", "On &lt;em&gt;this&lt;/em&gt;"),
        ("If x < 3 & y > 2", "If x &lt; 3 &amp; y &gt; 2"),
        ("<u>Under</u>", "&lt;u&gt;Under&lt;/u&gt;"),
        ('A "quoted" word', "A “quoted” word"),
        ("Newton's laws", "Newton’s laws"),
        ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
    ],
)
def test_titles_hold_the_markup_of_csl_and_no_other(title: str, shown: str) -> None:
    item = {**WORK, "title": title}
    (only,) = render(References(FILE, {"a2020": item}), ["a2020"], "apa", "en-US")
    assert only.html == f"Doe, J. (2020). {shown}. <i>A Journal</i>."


@pytest.mark.parametrize(
    ("title", "english", "german"),
    [
        ("A -- b --- c", "A – b — c", "A – b — c"),
        ("A ``quoted'' word", "A “quoted” word", "A „quoted“ word"),
        ("Stars &amp; planets", "Stars &amp; planets", "Stars &amp; planets"),
        ("US$5 and US$6_a", "US$5 and US$6_a", "US$5 and US$6_a"),
    ],
)
def test_what_is_typed_for_signs_becomes_signs(
    tmp_path: Path, title: str, english: str, german: str
) -> None:
    references = loaded(tmp_path, title=title)
    for locale, shown in (("en-US", english), ("de-DE", german)):
        assert entry(references, "a2020", ("apa", locale)) == (
            f"Doe, J. (2020). {shown}. <i>A Journal</i>."
        )


# --- GB/T 7714 ---


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"type": "book", "language": "zh-CN", "edition": "2", "publisher": "某社"},
            "DOE J. A title[M]. 2版. 某社, 2020.",
        ),
        (
            {"type": "book", "language": "en", "edition": 2, "publisher": "Some"},
            "DOE J. A title[M]. 2nd ed. Some, 2020.",
        ),
        (
            {"type": "book", "language": "zh-CN", "edition": "修订版", "publisher": "某社"},
            "DOE J. A title[M]. 修订版. 某社, 2020.",
        ),
        (
            {"type": "webpage", "DOI": "10.1000/x", "accessed": {"date-parts": [[2024, 6, 3]]}},
            "DOE J. A title[EB/OL]. (2020)[2024-06-03]. DOI:"
            '<a href="https://doi.org/10.1000/x">10.1000/x</a>.',
        ),
        (
            {"type": "article-journal", "container-title": "J", "DOI": "10.1000/x"},
            'DOE J. A title[J]. J, 2020. DOI:<a href="https://doi.org/10.1000/x">10.1000/x</a>.',
        ),
        (
            {"type": "thesis", "publisher": "某大学", "publisher-place": "北京"},
            "DOE J. A title[D]. 北京: 某大学, 2020.",
        ),
        (
            {"type": "patent", "number": "CN1", "issued": {"date-parts": [[2020, 1, 2]]}},
            "DOE J. A title: CN1[P]. 2020-01-02.",
        ),
        (
            {"type": "book", "author": [{"literal": "Max-Planck-Institut"}], "publisher": "P"},
            "Max-Planck-Institut. A title[M]. P, 2020.",
        ),
        (
            {"type": "book", "publisher": "P", "issued": {"date-parts": [[1936]], "circa": True}},
            "DOE J. A title[M]. P, [1936].",
        ),
        (
            {
                "type": "book",
                "language": "zh",
                "publisher": "P",
                "author": [{"literal": "某 SDK 组"}],
            },
            "某 SDK 组. A title[M]. P, 2020.",
        ),
    ],
)
def test_the_chinese_national_standard_to_the_letter(
    changes: dict[str, Any], expected: str
) -> None:
    item = {name: value for name, value in WORK.items() if name != "container-title"} | changes
    (only,) = render(References(FILE, {"a2020": item}), ["a2020"], *GBT)
    assert only.html == expected


# --- dates ---


@pytest.mark.parametrize(
    ("date", "chicago"),
    [
        ({"date-parts": [[2020, 5], [2020, 7]]}, "2020. “A Title.” <i>A Journal</i>, May–July."),
        ({"date-parts": [[2020]], "circa": True}, "[2020?]. “A Title.” <i>A Journal</i>."),
        ({"date-parts": [[1999], [2003]]}, "1999–2003. “A Title.” <i>A Journal</i>."),
        ({"date-parts": [[2020]], "season": 2}, "2020. “A Title.” <i>A Journal</i>, Summer."),
        ({"date-parts": [[2020, 14]]}, "2020. “A Title.” <i>A Journal</i>, Summer."),
        ({"date-parts": [["2020", "1"]]}, "2020. “A Title.” <i>A Journal</i>, January."),
        ({"raw": "2020-05-03"}, "2020. “A Title.” <i>A Journal</i>, May 3."),
        ({"date-parts": [[-44]]}, "44 BC. “A Title.” <i>A Journal</i>."),
    ],
)
def test_dates_of_all_forms(date: dict[str, Any], chicago: str) -> None:
    references = References(FILE, {"a2020": {**WORK, "issued": date}})
    (only,) = render(references, ["a2020"], "chicago-author-date", "en-US")
    assert only.html == f"Doe, Jane. {chicago}"


# --- citations ---

MANY = {f"k{number:02}": {**WORK, "id": f"k{number:02}"} for number in range(1, 61)}
WORDS = {
    "citing": {"two": "{first} and {second}", "several": "{first} et al.", "narrative": "{names} "}
}
APA = ("apa", "en-US", "en")
CHICAGO = ("chicago-author-date", "en-US", "en")
AUTHORS = {
    "doe": {**WORK, "id": "doe"},
    "roe": {
        **WORK,
        "id": "roe",
        "author": [{"family": name, "given": "R"} for name in ("Roe", "Poe", "Zoe")],
    },
    "zhang": {
        **CHINESE,
        "id": "zhang",
        "type": "article-journal",
        "issued": {"date-parts": [[2020]]},
    },
}


def mention(text: str) -> Mention:
    """Read `see|doe, p. 12` as a work with what stands around it, and `@doe` as a narrative one."""
    before, _, rest = text.rpartition("|")
    mode, key, behind = re.fullmatch(r"([@-]?)(\w+)(.*)", rest).groups()  # type: ignore[union-attr]
    locator, suffix = read_locator(behind)
    prefix = [*from_words(f"{before} ")] if before else []
    return Mention(key, prefix, list(from_words(suffix)), locator, mode)


@pytest.mark.parametrize(
    ("families", "expected"),
    [
        (["Bayer", "Diaconis"], "Bayer 和 Diaconis"),
        (["Bayer", "Diaconis", "Aldous"], "Bayer 等"),
        (["张", "李"], "张和李"),
    ],
)
def test_chinese_words_stand_apart_from_latin_names(families: list[str], expected: str) -> None:
    words = {"citing": {"two": "{first}和{second}", "several": "{first}等"}}
    assert names_in_text({"author": [{"family": each} for each in families]}, words) == expected


@pytest.mark.parametrize(
    ("behind", "label", "number", "suffix"),
    [
        (", {p. A-12} x", "page", "A-12", " x"),
        (", {ii, A, D-Z}", "page", "ii, A, D-Z", ""),
        (", {Theorem A} and more", NAMED, "Theorem A", " and more"),
        (", {Stelling A} and more", None, None, ", Stelling A and more"),
        ("，{定理 甲}", None, None, "，定理 甲"),
    ],
)
def test_braces_hold_a_place_together_and_make_no_page_of_a_theorem(
    behind: str, label: str | None, number: str | None, suffix: str
) -> None:
    locator, rest = read_locator(behind)
    assert (locator and locator.label, locator and locator.number, rest) == (label, number, suffix)


@pytest.mark.parametrize(
    ("behind", "label", "number", "more", "suffix"),
    [
        (", tbl. 1", NAMED, "tbl. 1", "", ""),
        (", {tbl. 1}", NAMED, "tbl. 1", "", ""),
        ("tbl. 1", NAMED, "tbl. 1", "", ""),
        (", table 5 of it", NAMED, "table 5", "", " of it"),
        (", eq. 4a", NAMED, "eq. 4a", "", ""),
        (", eqs. (3)--(5)", NAMED, "eqs. (3)–(5)", "", ""),
        (", Tab. 3 und 4", NAMED, "Tab. 3 und 4", "", ""),
        ("，表 3", NAMED, "表 3", "", ""),
        (", p. 3180, eq. 4a", "page", "3180", ", eq. 4a", ""),
        (", {p. 3180, eq. 4a}", "page", "3180", ", eq. 4a", ""),
        (", {p. 3, suppl. A}", "page", "3", ", suppl. A", ""),
        (", 第 12 页，表 3", "page", "12", "，表 3", ""),
        (", Theorem 2.1, pp. 4-5 and", NAMED, "Theorem 2.1", ", pp. 4–5", " and"),
    ],
)
def test_tables_equations_and_second_places_are_named_as_they_are_written(
    behind: str, label: str, number: str, more: str, suffix: str
) -> None:
    locator, rest = read_locator(behind)
    assert locator is not None
    assert (locator.label, locator.number, locator.more, rest) == (label, number, more, suffix)


@pytest.mark.parametrize(
    ("place", "apa", "ieee"),
    [
        ("chap. 3, p. 5", "Chapter 3, p. 5", "Ch. 3, p. 5"),
        ("chap. iv", "Chapter iv", "Ch. iv"),
        ("chap. 3.2", "Chapter 3.2", "Ch. 3.2"),
        ("verse 1:2", "Verse 1:2", "V. 1:2"),
        ("no. 4", "no. 4", "no. 4"),
        ("nos. 4-5", "nos. 4–5", "nos. 4–5"),
        ("issue 4", "Issue 4", "No. 4"),
        ("vol. 2, no. 4, p. 7", "Volume 2, no. 4, p. 7", "Vol. 2, no. 4, p. 7"),
    ],
)
def test_each_place_is_printed_with_its_word(place: str, apa: str, ieee: str) -> None:
    assert cited(APA, AUTHORS, f"doe, {place}") == [f"(Doe, 2020, {apa})"]
    assert cited((*IEEE, "en"), AUTHORS, f"doe, {place}") == [f"[1, {ieee}]"]


def test_a_table_of_that_many_is_no_place() -> None:
    assert read_locator(", tables of 5") == (None, ", tables of 5")


def set_by(
    references: References, clusters: list[Cluster], style: str, locale: str, language: str
) -> Bibliography:
    fields = {"style": style, "locale": locale, "language": language}
    return bibliography(references, clusters, **fields, words=WORDS)


def cited(style: tuple[str, str, str], works: dict[str, Any], *clusters: str) -> list[str]:
    asked = [Cluster([mention(one) for one in text.split("; ")]) for text in clusters]
    done = set_by(References(FILE, works), asked, *style)
    return [re.sub("</?a[^>]*>", "", f"{one.before}{one.html}") for one in done.citations]


@pytest.mark.parametrize(
    ("style", "several", "some"),
    [
        ((*GBT, "zh"), "<sup>[47-49]</sup>", "<sup>[2-4,10]</sup>"),
        ((*IEEE, "en"), "[47], [48], [49]", "[2], [3], [4], [10]"),
        (("nature", "en-GB", "en"), "<sup>47–49</sup>", "<sup>2–4,10</sup>"),
        (("springer-basic-brackets", "en-US", "en"), "[47–49]", "[2–4, 10]"),
    ],
)
def test_several_works_are_sorted_and_collapsed_as_the_style_says(
    style: tuple[str, str, str], several: str, some: str
) -> None:
    first = list(MANY)
    found = cited(style, MANY, *first, "k47; k48; k49", "k02; k10; k04; k03")
    assert found[-2:] == [several, some]


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        (
            APA,
            [
                "(Doe, 2020)",
                "(Doe, 2020, p. 12)",
                "(see Roe et al., 2020, Chapter 3 and more)",
                "(Doe, 2020; Roe et al., 2020)",
                "Roe et al. (2020)",
                "Doe (2020, pp. 12–14)",
                "(2020)",
                "(Doe, 2020, Table 3)",
            ],
        ),
        (
            CHICAGO,
            [
                "(Doe 2020)",
                "(Doe 2020, 12)",
                "(see Roe et al. 2020, chap. 3 and more)",
                "(Roe et al. 2020; Doe 2020)",
                "Roe et al. (2020)",
                "Doe (2020, 12–14)",
                "(2020)",
                "(Doe 2020, Table 3)",
            ],
        ),
        (
            (*IEEE, "en"),
            [
                "[1]",
                "[1, p. 12]",
                "see [2, Ch. 3] and more",
                "[1], [2]",
                "Roe et al. [2]",
                "Doe [1, pp. 12–14]",
                "[1]",
                "[1, Table 3]",
            ],
        ),
        (
            (*GBT, "zh"),
            [
                "<sup>[1]</sup>",
                "<sup>[1]12</sup>",
                "<sup>[see 2, 第 3 章 and more]</sup>",
                "<sup>[1,2]</sup>",
                "Roe et al. <sup>[2]</sup>",
                "Doe <sup>[1]12-14</sup>",
                "<sup>[1]</sup>",
                "<sup>[1, 表 3]</sup>",
            ],
        ),
    ],
)
def test_works_are_cited_as_the_style_says(
    style: tuple[str, str, str], expected: list[str]
) -> None:
    assert (
        cited(
            style,
            AUTHORS,
            *("doe", "doe, p. 12", "see|roe, chap. 3 and more", "roe; doe", "@roe"),
            *("@doe, pp. 12--14", "-doe", "doe, Table 3"),
        )
        == expected
    )


def test_works_are_cited_in_the_words_of_their_languages() -> None:
    style = ("china-national-standard-gb-t-7714-2015-author-date", "work", "zh")
    found = cited(style, AUTHORS, "doe; roe; zhang", "@zhang", "@roe", "zhang, 第 12 页")
    assert found == [
        "(Doe, 2020; Roe et al., 2020; 张三等, 2020)",
        "张三等(2020)",
        "Roe et al. (2020)",
        "(张三等, 2020)<sup>12</sup>",
    ]


@pytest.mark.parametrize(
    ("written", "english", "german", "chinese"),
    [
        ("p. 12", "p. 12", "S. 12", "第 12 页"),
        ("S. 12ff.", "p. 12ff.", "S. 12ff.", "第 12ff. 页"),
        ("chap. 3", "Chapter 3", "Kapitel 3", "第 3 章"),
        ("第 12 页", "p. 12", "S. 12", "第 12 页"),
        ("第3章", "Chapter 3", "Kapitel 3", "第3章"),
        # several numbers
        ("p. 12 and 15", "pp. 12, 15", "S. 12, 15", "第 12、15 页"),
        ("S. 12 bis 15 und 18", "pp. 12–15, 18", "S. 12–15, 18", "第 12–15、18 页"),
        ("pp. 12, 15, and 18", "pp. 12, 15, 18", "S. 12, 15, 18", "第 12、15、18 页"),
        ("p. 12–p. 15", "pp. 12–15", "S. 12–15", "第 12–15 页"),
        ("第 12、15 页", "pp. 12, 15", "S. 12, 15", "第 12、15 页"),
        ("5—7页", "pp. 5–7", "S. 5–7", "5—7页"),
        ("pp ix–xii", "pp. ix–xii", "S. ix–xii", "第 ix–xii 页"),
        # what stands behind another place, or has no word in CSL
        ("Kap. 3, S. 5", "Chapter 3, p. 5", "Kapitel 3, S. 5", "第 3 章, 第 5 页"),
        ("第3章第2节", "Chapter 3, sec. 2", "Kapitel 3, Abschn. 2", "第3章第2节"),
        ("p. 5, figs. 2-3", "p. 5, figs. 2–3", "S. 5, Abb. 2–3", "第 5 页, 图 2–3"),
        ("表 1", "table 1", "Tab. 1", "表 1"),
        ("eqs. (3) and (4)", "eqs. (3) and (4)", "Gln. (3), (4)", "式 (3)、(4)"),
        ("Satz 2.1", "theorem 2.1", "Satz 2.1", "定理 2.1"),
        ("Anhang A", "appendix A", "Anhang A", "附录 A"),
        ("footnote 3", "Note 3", "Anmerkung 3", "注 3"),
        ("slide 4", "slide 4", "slide 4", "slide 4"),
    ],
)
def test_places_are_set_in_the_words_of_the_page(
    written: str, english: str, german: str, chinese: str
) -> None:
    assert cited(APA, AUTHORS, f"doe, {written}") == [f"(Doe, 2020, {english})"]
    assert cited(("apa", "de-DE", "de"), AUTHORS, f"doe, {written}") == [f"(Doe, 2020, {german})"]
    assert cited(("apa", "zh-CN", "zh"), AUTHORS, f"doe, {written}") == [f"(Doe, 2020, {chinese})"]


def test_works_and_their_places_are_told_apart_in_one_bracket() -> None:
    style = (*GBT, "zh")
    assert cited(style, AUTHORS, "doe, p. 3; roe, chap. 2") == [
        "<sup>[1, 第 3 页; 2, 第 2 章]</sup>"
    ]
    assert cited(style, AUTHORS, "doe; roe") == ["<sup>[1,2]</sup>"]


@pytest.mark.parametrize(
    ("written", "apa", "german", "ieee", "chinese"),
    [
        (", p. 3180", "p. 3180", "S. 3180", "p. 3180", "3180"),
        (", {p. 3180, eq. 4a}", *("p. 3180, eq. 4a", "S. 3180, Gl. 4a", "p. 3180, eq. 4a"), ""),
        (", tbl. 1", "tbl. 1", "Tab. 1", "tbl. 1", ""),
        (", {p. A-12}", "p. A-12", "S. A-12", "p. A-12", "A-12"),
        (", {p. 12 top}", "p. 12 top", "S. 12 top", "p. 12 top", "12 top"),
        (", pp. S12-S19", "pp. S12–S19", "S. S12–S19", "pp. S12–S19", "S12-S19"),
        (", {ii, A, D-Z}", "pp. ii, A, D–Z", "S. ii, A, D–Z", "pp. ii, A, D–Z", "ii, A, D-Z"),
        (", pp. iv-x", "pp. iv–x", "S. iv–x", "pp. iv–x", "iv-x"),
    ],
)
def test_a_word_is_plural_for_several_places_of_its_own_kind_alone(
    written: str, apa: str, german: str, ieee: str, chinese: str
) -> None:
    assert cited(APA, AUTHORS, f"doe{written}") == [f"(Doe, 2020, {apa})"]
    assert cited(("apa", "de-DE", "de"), AUTHORS, f"doe{written}") == [f"(Doe, 2020, {german})"]
    assert cited((*IEEE, "en"), AUTHORS, f"doe{written}") == [f"[1, {ieee}]"]
    if chinese:
        assert cited((*GBT, "zh"), AUTHORS, f"doe{written}") == [f"<sup>[1]{chinese}</sup>"]


def test_a_style_of_notes_makes_notes() -> None:
    asked = [Cluster([mention("doe, p. 12")], 1), Cluster([mention("@roe")], 2)]
    style = ("chicago-shortened-notes-bibliography", "en-US", "en")
    done = set_by(References(FILE, AUTHORS), asked, *style)
    shown = [
        (one.is_note, one.before, re.sub("</?a[^>]*>", "", one.html)) for one in done.citations
    ]
    assert shown == [
        (True, "", "Doe, “A Title,” 12."),
        (True, "Roe et al.", "“A Title.”"),
    ]


def test_the_list_of_a_style_of_authors_and_years_is_sorted_and_has_no_labels() -> None:
    asked = [Cluster([Mention("roe")]), Cluster([Mention("doe")])]
    done = set_by(References(FILE, AUTHORS), asked, *APA)
    assert [(one.key, one.label) for one in done.entries] == [("doe", ""), ("roe", "")]


def test_each_work_of_a_citation_links_to_its_entry() -> None:
    works = {"DBLP:conf/x+y_1": {**WORK, "id": "DBLP:conf/x+y_1"}, "b": {**WORK, "id": "b"}}
    asked = [Cluster([Mention(key) for key in works])]
    done = set_by(References(FILE, works), asked, *IEEE, "en")
    links = re.findall('href="#([^"]*)"', done.citations[0].html)
    assert links == [one.anchor for one in done.entries] == ["ref-DBLP:conf/x+y_1", "ref-b"]


def test_a_work_of_which_a_style_prints_nothing_is_refused(tmp_path: Path) -> None:
    style = tmp_path / "empty.csl"
    style.write_text(
        '<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0"><info/>'
        '<citation><layout><text variable="title"/></layout></citation>'
        '<bibliography><layout><text variable="genre"/></layout></bibliography></style>',
        encoding="utf-8",
    )
    with pytest.raises(UserError, match=r"a2020\n.*prints nothing"):
        render(loaded(tmp_path), ["a2020"], str(style), "en-GB")


# --- languages, styles ---


@pytest.mark.parametrize(
    ("changes", "language"),
    [
        ({"language": "en_US"}, "en-US"),
        ({"language": "eng"}, "en"),
        ({"language": "English"}, "en"),
        ({"language": "zh-hans"}, "zh-Hans"),
        ({"language": "German"}, "de"),
        ({"title": "某文章"}, "zh"),
        ({"title": "ある論文について"}, "ja"),
        ({"title": "어떤 논문"}, "ko"),
        ({"title": "Некоторая статья"}, "ru"),
        ({"title": "Μια μελέτη"}, "el"),
        ({"title": "The decay of β and γ"}, "en"),
        ({"title": "Eine Arbeit"}, "en"),
    ],
)
def test_the_language_of_a_work_is_told_or_that_of_its_script(
    tmp_path: Path, changes: dict[str, str], language: str
) -> None:
    work = {name: value for name, value in WORK.items() if name != "language"} | changes
    assert load_references(written(tmp_path, [work])).items["a2020"]["language"] == language


def test_a_style_may_be_a_file_of_the_article(tmp_path: Path) -> None:
    style = tmp_path / "own.csl"
    style.write_text(
        '<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0"><info/>'
        '<citation><layout prefix="{" suffix="}"><text variable="title"/></layout></citation>'
        '<bibliography><layout suffix="!"><text variable="title"/></layout></bibliography></style>',
        encoding="utf-8",
    )
    references = loaded(tmp_path)
    done = set_by(references, [Cluster([Mention("a2020")])], str(style), "en-GB", "en")
    assert re.sub("</?a[^>]*>", "", done.citations[0].html) == "{A title}"
    assert [one.html for one in done.entries] == ["A title!"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("<style", "own.csl:1"),
        ("<html/>", "XML with the root html"),
        ('<style xmlns="http://purl.org/net/xbiblio/csl"><info/></style>', "citeproc can read"),
    ],
)
def test_a_file_that_is_no_style_is_refused(tmp_path: Path, text: str, named: str) -> None:
    style = tmp_path / "own.csl"
    style.write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as caught:
        render(loaded(tmp_path), ["a2020"], str(style), "en-GB")
    assert named in str(caught.value)


def test_an_apostrophe_of_a_western_title_is_narrow_on_a_chinese_page() -> None:
    works = References(
        FILE, {"a2020": {**WORK, "language": "it", "title": "Giornale dell'Istituto"}}
    )
    (chinese,) = render(works, ["a2020"], *GBT, "zh-Hans")
    assert "dellʼIstituto[J]" in chinese.html
    (english,) = render(works, ["a2020"], *IEEE, "en")
    assert "dell’Istituto" in english.html


@pytest.mark.parametrize(
    ("authors", "in_brackets", "in_a_sentence"),
    [
        ([{"family": "Doe"}, {"family": "Roe"}], "(Doe & Roe, 2020)", "Doe and Roe (2020)"),
        ([{"literal": "Doe & Sons"}], "(Doe & Sons, 2020)", "Doe & Sons (2020)"),
        (
            [{"literal": "Doe & Sons"}, {"literal": "R & D"}],
            "(Doe & Sons & R & D, 2020)",
            "Doe & Sons and R & D (2020)",
        ),
    ],
)
def test_apa_has_a_word_before_the_last_name_of_a_sentence(
    authors: list[dict[str, str]], in_brackets: str, in_a_sentence: str
) -> None:
    works = {"a": {**WORK, "id": "a", "author": authors}}
    shown = [one.replace("&amp;", "&") for one in cited(APA, works, "a", "@a")]
    assert shown == [in_brackets, in_a_sentence]


@pytest.mark.parametrize("version", ["2.1", "v2.1", "v. 2.1", "Version 2.1", "version 2.1"])
def test_a_version_is_said_once(version: str) -> None:
    tool = {**WORK, "type": "software", "version": version, "publisher": "Zenodo"}
    del tool["container-title"]
    for title, shown in (
        ("Tool", "<i>Tool</i> (Version 2.1)"),
        ("Tool (v2.1)", "<i>Tool (v2.1)</i>"),
        ("Tool v2.1.3", "<i>Tool v2.1.3</i> (Version 2.1)"),
        ("Tool for Vectors 2.1", "<i>Tool for Vectors 2.1</i> (Version 2.1)"),
    ):
        (only,) = render(References(FILE, {"a2020": {**tool, "title": title}}), ["a2020"], *APA[:2])
        assert only.html.startswith(f"Doe, J. (2020). {shown} [Computer software]. Zen"), title


def test_names_that_differ_by_spaces_are_of_one_person() -> None:
    works = {
        key: {**WORK, "id": key, "author": [{"family": "Doe", "given": given}]}
        for key, given in (("a", "J.J."), ("b", "J. J."))
    }
    assert cited(APA, works, "a", "b") == ["(Doe, 2020a)", "(Doe, 2020b)"]


@pytest.mark.parametrize(
    "particle", [{"family": "dos Santos"}, {"family": "Santos", "non-dropping-particle": "dos"}]
)
def test_a_particle_tells_families_apart(particle: dict[str, str]) -> None:
    works = {
        "a": {**WORK, "id": "a", "author": [{**particle, "given": "Rafael"}]},
        "b": {**WORK, "id": "b", "author": [{"family": "Santos", "given": "Beatriz"}]},
    }
    assert cited(APA, works, "a", "b") == ["(dos Santos, 2020)", "(Santos, 2020)"]
    entries = render(References(FILE, works), ["a", "b"], *APA)
    assert [entry.html[:14] for entry in entries] == ["dos Santos, R.", "Santos, B. (20"]


def test_a_particle_that_ends_in_an_apostrophe_is_set_off() -> None:
    assert named(IEEE, {"family": "de' Medici", "given": "Lorenzo"}) == "L. de’ Medici"
    assert named(IEEE, {"family": "d'Alembert", "given": "Jean"}) == "J. d’Alembert"


def test_no_comma_stands_behind_an_institution_where_it_is_for_inverted_names() -> None:
    offices = [{"literal": "Office of Roads"}, {"literal": "R&D Office"}]
    people = [{"family": "Doe", "given": "Jane"}, {"family": "Roe", "given": "Richard"}]
    style = ("canadian-journal-of-economics", "en-US")
    for authors, shown in (
        (offices, "Office of Roads and R&amp;D Office"),
        (people, "Doe, J., and R. Roe"),
    ):
        works = References(FILE, {"a2020": {**WORK, "author": authors}})
        assert render(works, ["a2020"], *style)[0].html.startswith(shown)


def test_a_work_without_a_year_leaves_no_gap(tmp_path: Path) -> None:
    style = tmp_path / "own.csl"
    style.write_text(
        '<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">'
        '<citation collapse="year"><layout prefix="(" suffix=")" delimiter=", ">'
        '<group delimiter=" "><names variable="author"><name form="short"/></names>'
        '<date variable="issued"><date-part name="year"/></date></group></layout></citation>'
        "</style>"
    )
    undated = {key: value for key, value in WORK.items() if key != "issued"}
    works = References(FILE, {"a": {**WORK, "id": "a"}, "b": {**undated, "id": "b"}})
    cluster = Cluster([Mention("a"), Mention("b")])
    done = bibliography(works, [cluster], style=str(style), locale="en-US", language="en")
    assert [each.html.striptags() for each in done.citations] == ["(Doe 2020)"]


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("12-14", "pp. 12–14"),
        ("S12-S19", "pp. S12–S19"),
        ("N110-P5", "p. N110-P5"),
        ("xii-xiv", "pp. xii–xiv"),
        ("3--5, 9", "pp. 3–5, 9"),
        ("e1006", "p. e1006"),
    ],
)
def test_ranges_of_pages_have_a_dash_and_other_pages_their_hyphen(page: str, shown: str) -> None:
    (only,) = render(References(FILE, {"a2020": {**WORK, "page": page}}), ["a2020"], *IEEE)
    assert f"</i>, {shown}, 2020." in only.html


def test_american_stops_stand_before_the_closing_quotation_mark() -> None:
    works = References(FILE, {"a2020": {**WORK, "title": 'This is "The One"'}})
    (american,) = render(works, ["a2020"], "ieee", "en-US")
    assert "“This is ‘The One,’” <i>A Journal</i>" in american.html
    (british,) = render(works, ["a2020"], *IEEE)
    assert "‘This is “The One”’, <i>A Journal</i>" in british.html


@pytest.mark.parametrize(("ordinal", "shown"), [("1ʳᵉ", "1<sup>re</sup>"), ("2ª", "2<sup>a</sup>")])
def test_raised_letters_are_raised_by_markup(ordinal: str, shown: str) -> None:
    works = References(FILE, {"a2020": {**WORK, "title": f"A {ordinal} title"}})
    (only,) = render(works, ["a2020"], *IEEE)
    assert f"A {shown} title" in only.html

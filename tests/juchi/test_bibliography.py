"""The list of references: exact entries in both styles, and each mistake's message."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from juchi.core.errors import UserError
from juchi.prose.bibliography import (
    References,
    load_references,
    number_citations,
    render,
)

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
    assert '&lt;b onclick="x()"&gt;bold&lt;/b&gt; &amp; &lt;script&gt;bad&lt;/script&gt;' in found
    assert "&lt;i&gt;R&amp;D&lt;/i&gt;" in found
    assert 'href="https://doi.org/10.1000/a%3Cb%3E%26c"' in found
    if style == GBT:
        assert 'href="https://example.org/?a=1&amp;b=&quot;2&quot;"' in found


@pytest.mark.parametrize("style", [GBT, IEEE])
def test_every_listed_work_is_set_cleanly(references: References, style: tuple[str, str]) -> None:
    entries = render(references, references.items, *style)
    assert [one.number for one in entries] == list(range(1, len(references.items) + 1))
    for one in entries:
        text = re.sub(r"<[^>]+>", "", one.html)
        assert not re.search(r"\.\.|,,|\. ,|  |\s$|^\s|\[\]|\(\)| [,.;:]|\?\.", text), text
        item = references.items[one.key]
        assert one.language == item["language"]
        for field in ("DOI", "URL"):
            if field in item:
                assert f">{item[field]}</a>" in one.html
        assert any(code in text for code in ("[J", "[M]", "[C", "[A]", "[DS]", "[EB/OL]")) == (
            style == GBT
        )


def test_rendering_twice_gives_the_same_entries(references: References) -> None:
    assert render(references, references.items, *GBT) == render(references, references.items, *GBT)


def test_numbers_follow_the_first_use() -> None:
    assert number_citations(["b", "a", "b", "c"]) == {"b": 1, "a": 2, "c": 3}


def test_entries_follow_the_first_use(references: References) -> None:
    entries = render(references, ["may1976", "post", "may1976"], *IEEE)
    assert [(one.key, one.number) for one in entries] == [("may1976", 1), ("post", 2)]


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
    with pytest.raises(UserError, match=r"references\.json\n.*codec"):
        load_references(path)


@pytest.mark.parametrize("works", [{"id": "a2020"}, ["a2020"]])
def test_json_of_another_shape_is_refused(tmp_path: Path, works: object) -> None:
    with pytest.raises(UserError, match="not a list of objects"):
        load_references(written(tmp_path, works))


def test_duplicate_id_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"references\.json: a2020: id\n.*a second work"):
        load_references(written(tmp_path, [WORK, WORK]))


@pytest.mark.parametrize("key", [None, 7, "May1976", "may 1976"])
def test_id_that_is_no_key_is_refused(tmp_path: Path, key: object) -> None:
    with pytest.raises(UserError, match=r"references\.json: work 1 of the list: id\n"):
        load_references(written(tmp_path, [WORK | {"id": key}]))


@pytest.mark.parametrize("field", ["title", "type", "language"])
def test_field_that_is_missing_is_named(tmp_path: Path, field: str) -> None:
    work = {name: value for name, value in WORK.items() if name != field}
    with pytest.raises(UserError, match=rf"references\.json: a2020: {field}\n"):
        load_references(written(tmp_path, [work]))


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("title", "", "one line of text"),
        ("volume", 66, "one line of text"),
        ("volum", "66", "perhaps volume"),
        ("type", "journal-article", "article-journal"),
        ("language", "english", "as de or pt-BR"),
        ("DOI", "https://doi.org/10.1000/x", "a bare DOI"),
        ("URL", "javascript:alert(1)", "begins with http:// or https://"),
        ("author", "Jane Doe", "a list of"),
        ("author", ["Jane Doe"], "a list of"),
        ("author", [{"family": 7}], "a list of"),
        ("author", [{"given": "Jane"}], "a list of"),
        ("issued", "2020", "date-parts"),
        ("issued", {"date-parts": [["2020"]]}, "date-parts"),
        ("author", [{"family": "Doe\ue000"}], "no character of a private use area"),
        ("author", [{"literal": "Doe\nER  - "}], "no control, no line end"),
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

"""Works that are added by their DOI, or from a record: what is kept, what is refused."""

from __future__ import annotations

import io
import json
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError

import pytest

from juchi.core.errors import UserError
from juchi.prose import add_works
from juchi.prose.add_works import add_by_doi, add_record

# As a registry answers: what is of use, and what is not.
ANSWER = {
    "indexed": {"date-parts": [[2026, 1, 1]]},
    "type": "journal-article",
    "title": "Simple  mathematical\n models &amp; very complicated dynamics",
    "author": [
        {"given": "Robert M.", "family": "May", "sequence": "first", "affiliation": []},
        {"name": "Some Institute", "sequence": "additional"},
    ],
    "container-title": "Nature",
    "issued": {"date-parts": [[1976, 6]]},
    "ISSN": ["0028-0836", "1476-4687"],
    "DOI": "10.1038/261459a0",
    "URL": "https://doi.org/10.1038/261459a0",
    "page": "459-467",
    "language": "eng",
    "abstract": "<jats:p>Long.</jats:p>",
    "accepted": {"date-parts": [[None]]},
    "reference": [{"key": "x"}],
}
KEPT = {
    "id": "may1976",
    "type": "article-journal",
    "title": "Simple mathematical models & very complicated dynamics",
    "author": [{"family": "May", "given": "Robert M."}, {"literal": "Some Institute"}],
    "container-title": "Nature",
    "issued": {"date-parts": [[1976, 6]]},
    "ISSN": "0028-0836",
    "DOI": "10.1038/261459a0",
    "page": "459-467",
    "language": "en",
}


@pytest.fixture(autouse=True)
def article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of an article without references."""
    (tmp_path / "config").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def works() -> Any:
    return json.loads(Path("config/references.json").read_text("utf-8"))


def answer(monkeypatch: pytest.MonkeyPatch, value: object) -> list[str]:
    """Have the registry answer with a value, or fail with it; return what it is asked for."""
    asked: list[str] = []

    def urlopen(request: Any, timeout: float) -> io.BytesIO:
        assert request.headers["Accept"] == "application/vnd.citationstyles.csl+json"
        asked.append(request.full_url)
        if isinstance(value, Exception):
            raise value
        return io.BytesIO(json.dumps(value).encode())

    monkeypatch.setattr(add_works, "urlopen", urlopen)
    return asked


@pytest.mark.parametrize(
    "doi",
    ["10.1038/261459a0", "https://doi.org/10.1038/261459a0", "doi:10.1038/261459a0"],
)
def test_a_work_is_added_by_its_doi(monkeypatch: pytest.MonkeyPatch, doi: str) -> None:
    asked = answer(monkeypatch, ANSWER)
    said = add_by_doi(doi)
    assert asked == ["https://doi.org/10.1038/261459a0"]
    assert said == ["config/references.json has may1976 now: cite it as [@may1976]"]
    assert works() == [KEPT]


def test_a_work_that_is_there_is_not_added_again(monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, ANSWER)
    add_by_doi("10.1038/261459A0")
    said = add_by_doi("10.1038/261459a0")
    assert said == ["may1976 is among the references already: cite it as [@may1976]"]
    assert len(works()) == 1


def test_works_of_one_author_and_year_have_keys_of_their_own() -> None:
    for number in range(3):
        record = {**KEPT, "id": "x", "DOI": f"10.1000/{number}"}
        Path("record.json").write_text(json.dumps(record), "utf-8")
        add_record("record.json")
    assert [work["id"] for work in works()] == ["may1976", "may1976a", "may1976b"]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ({"family": "Mölder", "given": "Felix"}, "molder1976"),
        ({"family": "van den Doel", "given": "K."}, "doel1976"),
        ({"literal": "Stanford University"}, "university1976"),
        ({"family": "张", "given": "三"}, "work1976"),
    ],
)
def test_a_key_is_a_name_and_a_year(name: dict[str, str], key: str) -> None:
    Path("record.json").write_text(json.dumps([{**KEPT, "author": [name]}]), "utf-8")
    add_record("record.json")
    assert [work["id"] for work in works()] == [key]


def test_a_record_of_bibtex_may_be_pasted(monkeypatch: pytest.MonkeyPatch) -> None:
    record = '@article{x, author={M{\\"u}ller, J.}, title={On {DNA}}, journal={J}, year=2020}\n'
    monkeypatch.setattr("sys.stdin", io.StringIO(record))
    assert add_record("-") == [
        "config/references.json has muller2020 now: cite it as [@muller2020]"
    ]
    (work,) = works()
    assert work["author"] == [{"family": "Müller", "given": "J."}]
    assert work["container-title"] == "J"


def test_without_a_network_it_says_so_and_takes_a_record(monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, URLError("no route to host"))
    with pytest.raises(UserError, match=r"does not answer: no route to host") as caught:
        add_by_doi("10.1038/261459a0")
    assert "juchi cite --record FILE" in str(caught.value)
    assert not Path("config/references.json").exists()


def test_a_doi_that_nobody_has_registered_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    answer(monkeypatch, HTTPError("", 404, "Not Found", Message(), None))
    with pytest.raises(UserError, match=r"10\.1000/none\n.*404 Not Found"):
        add_by_doi("10.1000/none")


@pytest.mark.parametrize("doi", ["may1976", "10.1000", "https://example.org/10.1000/x"])
def test_what_is_no_doi_is_refused(doi: str) -> None:
    with pytest.raises(UserError, match="what is no DOI"):
        add_by_doi(doi)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[{"id": 1,]', "record:1"),
        ("[]", "no work"),
        ("7", "no work"),
        ("@article{x, title={A}, year 2020}", "record:1"),
        ('{"type": "book"}', "title"),
    ],
)
def test_a_record_that_cannot_be_read_is_refused(text: str, named: str) -> None:
    Path("record").write_text(text, "utf-8")
    with pytest.raises(UserError) as caught:
        add_record("record")
    assert named in str(caught.value)
    assert not Path("config/references.json").exists()


def test_a_record_that_is_missing_is_named() -> None:
    with pytest.raises(UserError, match=r"nowhere\.bib\n.*No such file"):
        add_record("nowhere.bib")


_BOOK = {
    "type": "book",
    "title": "Bayesian <i>Data</i> Analysis",
    "author": [{"family": "Gelman", "given": "Andrew"}, {"family": "Hill", "given": "Jennifer"}],
    "issued": {"date-parts": [[2007]]},
}


def add(tmp_path: Path, **changed: object) -> str:
    record = tmp_path / "record.json"
    record.write_text(json.dumps({**_BOOK, **changed}), "utf-8")
    (said,) = add_record(str(record))
    return said


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"title": "Bayesian data analysis"},
        {"DOI": "10.1000/x"},
        {"author": [{"family": "GELMAN"}]},
    ],
    ids=["the same record", "case and markup", "a DOI besides", "the case of a name"],
)
def test_a_work_without_a_doi_is_added_once(tmp_path: Path, changed: dict[str, object]) -> None:
    assert "gelman2007 now" in add(tmp_path)
    assert "gelman2007 is among the references already" in add(tmp_path, **changed)
    assert len(works()) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "Data analysis"},
        {"type": "chapter"},
        {"author": [{"family": "Gellman"}]},
        {"issued": {"date-parts": [[2008]]}},
    ],
    ids=["title", "type", "author", "year"],
)
def test_a_work_that_differs_in_one_trait_is_another(
    tmp_path: Path, changed: dict[str, object]
) -> None:
    add(tmp_path)
    assert " now: cite it as " in add(tmp_path, **changed)
    assert len(works()) == 2


def test_of_two_dois_there_are_two_works(tmp_path: Path) -> None:
    add(tmp_path, DOI="10.1000/x")
    assert "gelman2007a now" in add(tmp_path, DOI="10.1000/y")

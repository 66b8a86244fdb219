"""What is text stays text: hostile names, titles and words in every place that takes them.

Each page is made twice, with quiet words and with hostile ones in the same places. A parser of
HTML has to see the same elements with the same attributes, and each text whole. A whole site of
hostile words is built in test_words.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import tinyhtml5
import yaml
from lxml import etree, html

from juchi.core.errors import UserError
from juchi.pdf.archive import read_record
from juchi.plan.settings import read_subject
from juchi.plan.subjects import defaults
from juchi.prose.calls import read_messages
from juchi.prose.layout import fill_in
from juchi.prose.reading import quotes
from juchi.site import publish
from juchi.site.cff_zenodo import as_cff, as_zenodo
from juchi.site.crate import describe
from juchi.site.discovery import linkset, robots, sitemap
from report.calls import RESULTS
from tests.samples import LANGUAGES, ROOT, Sample, copied

QUIET = "Quiet words"
# What ends a string, an attribute, an element, a comment, a script, or a template's own text.
HOSTILE = (
    """"'><script>alert()</script><img src=x onerror=alert()>--></style></title></textarea> """
    """[x](javascript:alert()) {{ cycler.x }} {% raw %} {# x #} {x.real} ../../etc/passwd"""
)
# Words that are no text of a page: a language's tag, what matplotlib alone draws, and marks.
KEPT = ("quoted_language", "figures", "typography")


def appended(value: Any, text: str) -> Any:
    """Return words with a text behind each of them."""
    if isinstance(value, dict):
        return {key: each if key in KEPT else appended(each, text) for key, each in value.items()}
    if isinstance(value, list):
        return [appended(each, text) for each in value]
    return f"{value} {text}"


def spoilt(folder: Path, text: str) -> Sample:
    """Return a copy of the sources with a text in every place that takes any."""
    sample = Sample(copied(folder / "sources"), folder / "output")
    for language in LANGUAGES:
        words = sample.root / "templates" / language / "messages.yaml"
        whole = json.loads(json.dumps(read_messages(words)))  # with those of the theme
        changed = appended(whole, text)
        words.write_text(yaml.safe_dump(changed, allow_unicode=True, width=10**6), "utf-8")
    sample.edit("config/article.yaml", lambda article: _spoil_article(article, text))
    references = sample.root / "config" / "references.json"
    works = [_spoilt_work(work, text) for work in json.loads(references.read_text("utf-8"))]
    references.write_text(json.dumps(works), "utf-8")
    return sample


def _spoil_article(article: dict[str, Any], text: str) -> None:
    article["author"] += f" {text}"
    article["licence"]["text"] += f" {text}"
    for key in ("title", "description"):
        article["software"][key] += f" {text}"
    for claim in article["claims"].values():
        claim.update({key: f"{claim[key]} {text}" for key in ("quote", "section") if key in claim})
    for entry in article["languages"].values():
        entry["name"] = f"{entry.get('name', 'Language')} {text}"


def _spoilt_work(work: dict[str, Any], text: str) -> dict[str, Any]:
    free = ("title", "container-title", "publisher", "publisher-place", "collection-title")
    names = [
        {**name, **{key: f"{name[key]} {text}" for key in ("family", "literal") if key in name}}
        for name in work.get("author", [])
    ]
    return {
        **work,
        **{key: f"{work[key]} {text}" for key in free if key in work},
        **({"author": names} if names else {}),
    }


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory, sample: Sample) -> tuple[Sample, Sample]:
    """Give the sources with quiet words, and with hostile ones in the same places."""
    quiet, hostile = (spoilt(tmp_path_factory.mktemp("s"), text) for text in (QUIET, HOSTILE))
    # What is measured, and by which jobs, has no words of theirs.
    for made in [sample.file("jobs"), *map(sample.table, sample.plan.tables_of("", RESULTS))]:
        for each in (quiet, hostile):
            each.output.mkdir(exist_ok=True)
            shutil.copy2(made, each.output)
    return quiet, hostile


@pytest.fixture
def copy(tmp_path: Path) -> Sample:
    """Give a copy of the sources, to put something into."""
    return Sample(copied(tmp_path / "sources"), tmp_path / "output")


def page(sample: Sample, kind: str, language: str) -> str:
    """Return one of the pages as text."""
    if kind == "chooser":
        return publish.chooser(sample.plan.article, sample.root / "templates")
    makers = {
        "composed": sample.composed,
        "screen": sample.page,
        "provenance": sample.provenance_page,
    }
    if kind == "appendix":
        sample.provenance_page(language)
        return sample.appendix(language).read_text("utf-8")
    return makers[kind](language).read_text("utf-8")


# Where the lines of a table's head may break, which depends on its words.
BREAKS = re.compile(r'<wbr>|<span class="unit">([^<]*)</span>')


@cache
def parsed(page: str) -> Any:
    """Return a page as a parser of HTML sees it, but for the breaks in heads of tables."""
    return tinyhtml5.parse(BREAKS.sub(lambda found: found[1] or "", page))


def skeleton(text: str) -> list[tuple[str, list[str]]]:
    """Return the elements of a page in order, each with the names of its attributes.

    Which cells of a table stay whole depends on their words, and does not count.
    """
    return [
        (str(each.tag), sorted(set(each.attrib) - ({"class"} if _is_cell(each) else set())))
        for each in parsed(text).iter()
    ]


def _is_cell(element: Any) -> bool:
    return str(element.tag).rpartition("}")[2] in ("td", "th")


def texts(page: str) -> Iterator[str]:
    """Yield all that a page says: its text, its attributes, and the strings of its data."""
    root = parsed(page)
    for element in root.iter():
        yield from element.attrib.values()
        if "data-copy-name" in element.attrib:
            continue  # citations, which their formats escape in ways of their own: test_citation
        if str(element.tag).endswith("}script") and element.text:
            yield from strings(json.loads(element.text))
        else:
            yield from filter(None, (element.text,))
        yield element.tail or ""


def strings(value: Any) -> Iterator[str]:
    """Yield the strings of a value of JSON."""
    if isinstance(value, dict):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)
    elif isinstance(value, str):
        yield value


def said(text: str, pieces: Iterator[str]) -> int:
    """Return how many times a text stands in pieces of text, its letters unchanged.

    Texts have the quotation marks and dashes of their language, and capitals where a style has
    them.
    """
    found = "\n".join(" ".join(piece.split()) for piece in pieces)
    typed = found.translate(str.maketrans("’‘“”", "''\"\"")).replace("–", "--")
    return typed.casefold().count(text.casefold())


@pytest.mark.parametrize(
    "language",
    [LANGUAGES[0], *(pytest.param(each, marks=pytest.mark.nightly) for each in LANGUAGES[1:])],
)
@pytest.mark.parametrize("kind", ["composed", "screen", "provenance", "appendix", "chooser"])
def test_hostile_words_are_text_on_every_page(
    samples: tuple[Sample, Sample], kind: str, language: str
) -> None:
    quiet, hostile = (page(sample, kind, language) for sample in samples)
    assert skeleton(hostile) == skeleton(quiet)
    assert said(HOSTILE, texts(hostile)) == said(QUIET, texts(quiet)) > 0


def test_hostile_words_are_text_in_every_record(
    samples: tuple[Sample, Sample], tmp_path: Path
) -> None:
    """What machines read is parsed back: YAML, JSON and XML, in the same shape as before."""
    (tmp_path / "index.html").touch()
    shapes: list[Any] = []
    counts: list[list[int]] = []
    for sample, text in zip(samples, (QUIET, HOSTILE), strict=True):
        editions = list(sample.editions.values())
        records = [
            yaml.safe_load(as_cff(editions)),
            json.loads(json.dumps(as_zenodo(editions))),
            json.loads(json.dumps(describe(tmp_path, editions))),
            json.loads(json.dumps(linkset(editions))),
        ]
        tree = etree.fromstring(sitemap(editions))
        counts.append([said(text, strings(record)) for record in records])
        shapes.append([*map(shape, records), [(each.tag, each.attrib) for each in tree.iter()]])
        assert not said(text, iter([sitemap(editions).decode(), robots(editions[0])]))
    assert shapes[0] == shapes[1]
    # Only Zenodo's description is HTML, with each text in it escaped.
    assert counts[0][:1] + counts[0][2:] == counts[1][:1] + counts[1][2:]
    assert min(counts[0][:3]) > 0


def shape(value: Any) -> Any:
    """Return a value of JSON without its strings."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items()}
    if isinstance(value, list):
        return [shape(each) for each in value]
    return "" if isinstance(value, str) else value


def test_hostile_words_are_text_in_the_metadata_of_the_paper(
    samples: tuple[Sample, Sample],
) -> None:
    trees = []
    for sample, text in zip(samples, (QUIET, HOSTILE), strict=True):
        page = sample.composed("en")
        record = read_record(html.parse(str(page)).getroot(), page)
        layout = ROOT / "juchi" / "theme" / "layout" / "packet.xmp.j2"
        packet = fill_in(layout, record=record, producer=text, byte_order_mark="")
        trees.append(etree.fromstring(packet.encode()))
        assert said(text, trees[-1].itertext()) > 5
    assert [each.tag for each in trees[0].iter()] == [each.tag for each in trees[1].iter()]


# --- what would be HTML, a path or a program is refused ---


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert()</script>",
        "a <img src=x onerror=alert()> b",
        "{% call footnote() %}<b onclick=x>{% endcall %}",
        '<a href="{{ fact("a.b") }}">x</a>',
        '{% call figure("a", alt="x") %}\n<svg onload=x>\n{% endcall %}',
    ],
)
def test_html_in_the_prose_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(UserError) as caught:
        quotes(f"# Title\n\n{text}\n", Path("en/x.md"))
    assert re.match(r"error: en/x\.md:[34]\n  found:    HTML in the prose: <", str(caught.value))


@pytest.mark.parametrize("text", ["`<script>`", "&lt;script>", "a < b > c", "$a <b> c$", "\\<b>"])
def test_signs_that_are_text_are_none(text: str) -> None:
    assert quotes(f"# Title\n\n{text}\n", Path("en/x.md")) == []


def test_a_caption_and_an_alternative_text_are_text(copy: Sample) -> None:
    prose = copy.root / "templates" / "en" / "seen.md"
    found = re.search(r'(call figure\("\w+", alt=")[^"]*("\) %}\n?)', prose.read_text("utf-8"))
    assert found
    text = "x\n\n[a](https://example.org) <b onclick=x> ' &quot;"
    spoilt_call = f"{found[1]}{text}{found[2]}&lt;b onclick=y> "
    prose.write_text(prose.read_text("utf-8").replace(found[0], spoilt_call), "utf-8")
    before = Sample(copied(copy.output.with_name("before")), copy.output.with_name("quiet"))
    pages = [sample.composed("en").read_text("utf-8") for sample in (before, copy)]
    assert skeleton(pages[0]) == skeleton(pages[1])
    assert said(" ".join(text.split()), texts(pages[1])) == 1
    assert said("<b onclick=y>", texts(pages[1])) == 1


NAMES = [
    ("experiments", ["experiments"], {"configurations": {"a": {}}}),
    ("experiments", ["experiments", "digits", "configurations"], {}),
    ("experiments", ["analyses"], {}),
    ("article", ["figures"], ["paths"]),
    ("article", ["claims"], {"quote": "x", "section": "x", "shown": "fig-x"}),
    ("article", ["languages"], {}),
    ("article", ["tables"], {}),
    ("article", ["tables", "remedies", "rows"], {"proper": "post"}),
    ("facts", ["every"], {}),
    ("facts", ["every", "one_weight"], {"key": "w_star"}),
]
VALUES = [
    ("article", ["slug"]),
    ("article", ["permanent"]),
    ("article", ["sections", 0]),
    ("article", ["tables", "outcomes", "rows", 0]),
    ("article", ["languages", "en", "tag"]),
    ("article", ["languages", "en", "locale"]),
    ("article", ["languages", "en", "citation", "style"]),
    ("article", ["licence", "text_url"]),
    ("article", ["address"]),
    ("article", ["doi"]),
    ("fonts", ["families", "Inter", "faces", 0, "file"]),
]
PATHS = ["../x", "/etc/passwd", "a/../b", "..", "a b", "a\n", 'a"b', "<b>", "{{x}}", "=x", "-x"]


def refused(subject: str, values: Any) -> str:
    with pytest.raises(UserError) as caught:
        defaults(subject, values, f"config/{subject}.yaml", None)
    return str(caught.value)


@pytest.mark.parametrize("name", PATHS)
@pytest.mark.parametrize(("subject", "keys", "value"), NAMES, ids=str)
def test_a_name_that_is_no_plain_one_is_refused(
    subject: str, keys: list[str], value: Any, name: str
) -> None:
    values = read_subject(ROOT / "config", subject)  # with what the theme knows
    at(values, keys)[name] = value
    assert f"error: config/{subject}.yaml: {'.'.join(keys)}.{name}\n" in refused(subject, values)


@pytest.mark.parametrize("text", [*PATHS, "javascript:alert()"])
@pytest.mark.parametrize(("subject", "keys"), VALUES, ids=str)
def test_a_value_that_becomes_a_path_or_an_address_is_refused(
    subject: str, keys: list[Any], text: str
) -> None:
    values = read_subject(ROOT / "config", subject)  # with what the theme knows
    at(values, keys[:-1])[keys[-1]] = text
    where = f"error: config/{subject}.yaml: {'.'.join(map(str, keys))}\n"
    assert where in refused(subject, values)


def at(values: Any, keys: list[Any]) -> Any:
    for key in keys:
        values = values[key]
    return values

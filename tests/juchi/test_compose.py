"""The composed pages of the article, with made-up results; and a language that was never there."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from lxml import html
from lxml.html import HtmlElement
from markupsafe import Markup

from juchi.core.errors import UserError
from juchi.exhibits import ledger
from juchi.exhibits.table import Context
from juchi.html.composer import Composer
from juchi.prose.calls import MARKS, forms, read_messages
from juchi.prose.equations import Equations
from juchi.prose.reading import quotes
from juchi.prose.source import Call, read_source
from juchi.results.evaluation import Evaluation
from juchi.results.facts import Fact
from juchi.site.metadata import CRATE, LINKSET
from juchi.site.supplements import FOLDER
from tests.samples import LANGUAGES, ROOT, Sample, copied

# What may not stand in a paragraph or a heading: a browser would end them before it.
BLOCKS = {"p", "div", "figure", "table", "ul", "ol", "pre", "section", "h1", "h2", "h3", "h4"}
PHRASING = ("p", "h1", "h2", "h3", "figcaption", "span", "td", "th", "b", "em", "a", "data")
SCRIPT = "<script>alert()</script>"


def parsed(path: Path) -> HtmlElement:
    return html.document_fromstring(path.read_text("utf-8"))


@pytest.fixture
def page(sample: Sample, language: str) -> HtmlElement:
    return parsed(sample.composed(language))


@pytest.fixture
def copy(tmp_path: Path) -> Sample:
    return Sample(copied(tmp_path / "sources"), tmp_path / "output")


# --- the pages of the article ---


def test_nothing_stands_where_a_browser_would_move_it(page: HtmlElement) -> None:
    outer = list(page.iter(*PHRASING))
    assert outer
    assert not [
        (element.tag, inner.tag)
        for element in outer
        for inner in element.iterdescendants()
        if inner.tag in BLOCKS
    ]


def test_every_id_is_unique(page: HtmlElement) -> None:
    counts = Counter(page.xpath("//@id"))
    assert [id_ for id_, count in counts.items() if count > 1] == []
    assert all(id_ and " " not in id_ for id_ in counts)


def test_every_inner_address_resolves(page: HtmlElement) -> None:
    ids = set(page.xpath("//@id"))
    links = [link.removeprefix("#") for link in page.xpath("//a/@href") if link.startswith("#")]
    labels = [id_ for value in page.xpath("//@aria-labelledby") for id_ in value.split()]
    assert links
    assert set(links) | set(labels) <= ids


def test_every_outer_address_is_one_that_the_site_has(
    sample: Sample, language: str, page: HtmlElement
) -> None:
    article = sample.plan.article
    others = [code for code in article["languages"] if code != language]
    expected = {f"../{code}/index.html" for code in others}
    expected |= {f"../{CRATE}"} | ({f"../{LINKSET}"} if article.get("address") else set())
    expected |= {f"../{FOLDER}/{Path(each['path']).name}" for each in article["supplements"]}
    expected |= {f"../fonts/{folder}/fonts.css" for folder in (language, f"{language}-math")}
    files = sample.plan.figure_files(language, phones=True)
    pictures = {file.replace("build/web", "..") for file in files}
    found = {link for link in page.xpath("//@href | //@src | //@srcset") if link.startswith("../")}
    own = {link for link in found if not link.startswith(("../assets/", "../data/"))}
    assert own == expected | pictures
    assert f"{article['slug']}.{language}.pdf" in page.xpath("//a/@href")
    folders = (ROOT / "juchi" / "theme" / "style", ROOT / "templates" / "style")
    assets = {path.name for folder in folders for path in folder.iterdir()}
    assert {link.rpartition("/")[2] for link in found if link.startswith("../assets/")} <= assets


def test_every_picture_and_displayed_formula_has_words(page: HtmlElement) -> None:
    pictures = page.xpath("//img/@alt")
    assert len(pictures) == len(page.xpath("//img")) > 0
    formulas = page.xpath("//span[@data-tex][contains(@class, 'display')]")
    words = [formula.get("data-alt") or "" for formula in formulas]
    assert words
    assert all(len(text) > 10 for text in [*pictures, *words])


def test_languages_are_declared(sample: Sample, language: str, page: HtmlElement) -> None:
    languages = dict(sample.plan.article["languages"])
    assert page.get("lang") == languages.pop(language)["tag"]
    for entry in languages.values():
        (link,) = page.xpath(f"//nav//a[@hreflang='{entry['tag']}']")
        assert link.get("lang") == entry["tag"]
        assert link.text == entry["name"]
    works = page.xpath("//li[starts-with(@id, 'ref-')]")
    assert works
    assert all(work.get("lang") for work in works)


def test_headings_descend_by_one_level(page: HtmlElement) -> None:
    levels = [int(heading.tag[1]) for heading in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_quote_of_the_prose_is_on_the_page(
    sample: Sample, language: str, page: HtmlElement
) -> None:
    quoted = [q for path in sample.prose(language) for q in quotes(read_source(path), path)]
    counts = Counter(quote.kind for quote in quoted)
    shown = {
        "claim": "//span[@data-claim]",
        "citation": "//span[@class='citation']",
        "reference": "//a[@class='reference'][not(ancestor::table[not(@class='prose')])]",
        "figure": "//figure[starts-with(@id, 'fig-')]",
        "table": "//figure[starts-with(@id, 'tab-')][not(.//table[@class='prose'])]",
        "equation": "//div[@data-kind='equation']",
        "listing": "//pre[@class='source']",
        "footnote": "//*[contains(@class, 'footnote')][@role='note']",
    }
    assert {kind: len(page.xpath(path)) for kind, path in shown.items()} == {
        kind: counts[kind] for kind in shown
    }
    assert all(link.text_content().strip() for link in page.xpath("//a[@class='reference']"))


def test_facts_lead_to_their_entry_and_carry_their_exact_value(
    sample: Sample, page: HtmlElement
) -> None:
    links = page.find_class("fact")
    assert links
    for link in links:
        name = link.get("href").removeprefix("provenance.html#fact-")
        value = sample.facts[name].value
        values = value if isinstance(value, list) else [value]
        assert [float(text) for text in link[0].get("value").split()] == values
        assert link.text_content()


def test_an_interval_stands_behind_the_number_that_it_belongs_to() -> None:
    quoted = [
        re.findall(r'\{\{ (fact|number|interval)\("([^"]+)"\) \}\}', read_source(path))
        for path in (ROOT / "templates").glob("*/*.md")
    ]
    intervals = [
        (before, (kind, name))
        for calls in quoted
        for before, (kind, name) in pairwise(calls)
        if kind == "interval"
    ]
    assert intervals
    # Percentage points are named once, behind both: a number without its words stands before.
    assert all(before in {("fact", name), ("number", name)} for before, (_, name) in intervals)


def test_no_markup_of_the_sources_reaches_the_text(page: HtmlElement) -> None:
    hidden = "".join(f"[not(ancestor::{tag})]" for tag in ("pre", "code", "script"))
    # Cells of a table follow each other: one may end with a bracket, and the next begin with one.
    shown = " ".join(page.xpath(f"//body//text(){hidden}"))
    for mark in ("{{", "}}", "{%", "{:", "**", "$", "](", "&lt;", "&amp;"):
        assert mark not in shown


def test_the_records_name_formulas_and_characters_with_their_places(
    sample: Sample, language: str, page: HtmlElement
) -> None:
    composed = sample.composed(language)
    listed = json.loads(composed.with_suffix(".formulas.json").read_text("utf-8"))["formulas"]
    text = json.loads(composed.with_suffix(".json").read_text("utf-8"))["text"]
    formulas = [(formula["tex"], formula["display"]) for formula in listed]
    in_page = page.xpath("//span[@data-tex]")
    assert formulas == [
        (span.get("data-tex"), "display" in span.get("class").split()) for span in in_page
    ]
    used = {character for usage in text for character in usage["text"]}
    assert set("".join(page.xpath("//main//p//text()"))) - {"\n", "\N{WORD JOINER}"} <= used
    for usage in [*listed, *text]:
        assert (ROOT / usage["place"].partition(":")[0]).is_file()


def test_composing_twice_gives_the_same_bytes(sample: Sample, tmp_path: Path) -> None:
    again = Sample(ROOT, tmp_path)
    for suffix in (".html", ".formulas.json", ".json"):
        first, second = (each.composed("en").with_suffix(suffix) for each in (sample, again))
        assert first.read_bytes() == second.read_bytes()


# --- what an author writes by mistake, or with bad intent ---


def poisoned(values: Any) -> Any:
    """Put a script behind each text."""
    if isinstance(values, dict):
        return {key: poisoned(value) for key, value in values.items()}
    if isinstance(values, list):
        return [poisoned(value) for value in values]
    return f"{values}{SCRIPT}"


def foreign_scripts(page: html.HtmlElement) -> list[html.HtmlElement]:
    """Return the scripts of a page that run and stand in the page itself."""
    return [
        each
        for each in page.iter("script")
        if not each.get("src") and not (each.get("type") or "").endswith("json")
    ]


def test_a_script_in_any_word_arrives_as_text(copy: Sample) -> None:
    copy.edit("templates/en/messages.yaml", lambda words: words.update(poisoned(words)))
    copy.edit("config/article.yaml", lambda article: article.update(author=f"Me{SCRIPT}"))
    page = parsed(copy.composed("en"))
    assert foreign_scripts(page) == []
    for place in ("//title", "//h1", "//th", "//td", "//figcaption", "//header"):
        assert any(SCRIPT in element.text_content() for element in page.xpath(place)), place
    assert page.xpath("//meta[@name='description']/@content")[0].endswith(SCRIPT)


def test_a_script_in_an_alternative_text_arrives_as_text(copy: Sample) -> None:
    path = copy.root / "templates" / "en" / "dynamics.md"
    path.write_text(path.read_text("utf-8").replace('alt="', f'alt="{SCRIPT}\\"'), "utf-8")
    page = parsed(copy.composed("en"))
    assert foreign_scripts(page) == []
    assert any(alt.startswith(f'{SCRIPT}"') for alt in page.xpath("//img/@alt"))
    assert any(alt.startswith(f'{SCRIPT}"') for alt in page.xpath("//@data-alt"))


@pytest.mark.parametrize(
    ("addition", "found"),
    [
        ("**锯齿。 **下面", "**锯齿。"),
        ("It costs $5.", "$5."),
        ("one * two *three", "*three"),
    ],
)
def test_markup_that_markdown_left_alone_is_refused(
    copy: Sample, addition: str, found: str
) -> None:
    with (copy.root / "templates/zh/verdicts.md").open("a", encoding="utf-8") as file:
        file.write(f"\n{addition}\n")
    with pytest.raises(UserError) as caught:
        copy.composed("zh")
    assert str(caught.value).startswith("error: templates/zh/verdicts.md")
    assert f"markup that reached the page: {found!r}" in str(caught.value)


def test_a_missing_word_is_named(copy: Sample) -> None:
    copy.edit("templates/en/messages.yaml", lambda words: words["claims"].pop("tanh_calms"))
    with pytest.raises(
        UserError, match=r"templates/en/messages\.yaml\n.*no key 'claims\.tanh_calms'"
    ):
        copy.composed("en")


# --- one function of the prose at a time ---

FORMATS: dict[str, dict[str, Any]] = {
    "post.share": {"style": "percent", "digits": 1},
    "post.loss": {"digits": 3},
    "post.steps": {},
    "post.step": {},
    "post.inputs": {},
    "post.p": {"style": "probability", "below": 0.001},
}
FACTS = {
    "post.share": Fact(0.734, "share", 64, (0.61, 0.85), ""),
    "post.loss": Fact(0.12345, "1", None, None, ""),
    "post.steps": Fact(100, "step", None, None, ""),
    "post.step": Fact(1, "step", None, None, ""),
    "post.inputs": Fact([10, 2.5], "1", None, None, ""),
    "post.p": Fact(0.0004, "1", None, None, ""),
}


@pytest.fixture
def composer(sample: Sample) -> Composer:
    words = read_messages(ROOT / "templates" / "en" / "messages.yaml")
    evaluation = Evaluation("refuted", "", {}, [], {}, [], "before")
    context = Context(sample.plan.article, words, FACTS, {"tanh_cures": evaluation}, Markup)
    live = json.loads(sample.plan.part("live"))
    layouts = ROOT / "templates" / "layout"
    equations = Equations(ROOT / "templates" / "equations.yaml", {"bound": r"\eta < \eta^\ast"})
    return Composer("en", context, FORMATS, equations, live=live, layouts=layouts)


@pytest.mark.parametrize(("preconditions", "provisos"), [({}, 1), ({"diverged": ""}, 2)])
def test_a_claim_of_the_ledger_has_its_preconditions_if_any(
    sample: Sample, preconditions: dict[str, str], provisos: int
) -> None:
    words = {**read_messages(ROOT / "templates" / "en" / "messages.yaml")}
    words["preconditions"] = {"diverged": "It diverged."}
    evaluation = Evaluation("refuted", "", {}, [], preconditions, [], "before")
    article = {**sample.plan.article, "claims": {"sigmoid_range": {"shown": "fig-a"}}}
    table = ledger.build(Context(article, words, FACTS, {"sigmoid_range": evaluation}, Markup))
    assert str(table.rows[0][1]).count('class="proviso"') == provisos


def called(composer: Composer, function: str, *names: str) -> Markup:
    """Return what a call of a fact prints on the page."""
    return composer.call(Call(function, "fact", names, "templates/en/post.md:3"))


def caption(text: str) -> Callable[[], Markup]:
    return lambda: Markup(text)


def test_a_mark_prints_its_text_as_it_is(composer: Composer, tmp_path: Path) -> None:
    plain = "# Title {: #post}\n\n1. One. *Two*.\n\n2. Three.\n"
    marked = plain.replace("*Two*.", "{% call reasoning() %}*Two*.{% endcall %}").replace(
        "\n\n2. Three.\n", "\n{% call literature() %}\n2. Three.\n{% endcall %}\n"
    )
    pages = []
    for text in (plain, marked):
        path = tmp_path / "post.md"
        path.write_text(text, "utf-8")
        pages.append("".join(html.tostring(composer.section(path), encoding="unicode").split()))
    assert pages[0] == pages[1]


def test_prose_can_call_what_is_declared(composer: Composer) -> None:
    of_facts = {name for name, form in forms().items() if form.kind == "fact"}
    assert {*composer.functions(), *MARKS, *of_facts} == {*forms()}


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("post.share", "0.734", "73.4%"),
        ("post.loss", "0.12345", "0.123"),
        ("post.steps", "100", "100 steps"),
        ("post.step", "1", "1 step"),
        ("post.inputs", "10 2.5", "10, 2.5"),
    ],
)
def test_a_fact_is_printed_beside_its_exact_value(
    composer: Composer, name: str, value: str, text: str
) -> None:
    element = html.fragment_fromstring(called(composer, "fact", name))
    assert element.attrib == {"class": "fact", "href": f"provenance.html#fact-{name}"}
    assert element[0].attrib == {"value": value}
    assert element.text_content().replace("\N{NO-BREAK SPACE}", " ") == text


def test_plain_facts_have_neither_markup_nor_unit(composer: Composer) -> None:
    assert called(composer, "plain", "post.steps") == "100"
    assert called(composer, "plain", "post.share") == "73.4%"


def test_an_interval_is_printed_like_its_fact(composer: Composer) -> None:
    assert called(composer, "interval", "post.share") == "[61.0%,\u00a085.0%]"


def test_a_fact_without_an_interval_is_refused(composer: Composer) -> None:
    with pytest.raises(UserError, match=r"post\.md:3\n.*post\.loss, a fact without a confidence"):
        called(composer, "interval", "post.loss")


def test_a_fact_that_may_be_less_brings_its_relation_along(composer: Composer) -> None:
    for relation in ("$p = ", "$p$ = ", "p ≈ ", r"$p \le ", "p="):
        text = relation + '{{ fact("post.p") }}' + ("$" if relation.count("$") == 1 else "")
        with pytest.raises(UserError) as caught:
            written(composer, text)
        assert "templates/en/post.md:3" in str(caught.value)
        assert 'write {{ fact("post.p", relation=true) }} without a sign' in str(caught.value)
    section = written(composer, '$p {{ fact("post.p", relation=true) }}$ and {{ fact("post.p") }}')
    assert section.xpath("string(.//@data-tex)") == "p <0.001"
    assert section.text_content().strip() == "and <\u00a00.001"


def test_an_alternative_text_says_numbers_in_words(composer: Composer) -> None:
    text = '{{ equation("bound", alt="p is " ~ fact("post.p")) }}'
    assert written(composer, text).xpath("string(.//@data-alt)") == "p is less than 0.001"


def test_each_end_of_a_range_leads_to_where_it_comes_from(composer: Composer) -> None:
    section = written(composer, 'It takes {{ range("post.step", "post.steps") }}.')
    assert section.text_content().strip() == "It takes 1–100\u00a0steps."
    links = section.find_class("fact")
    assert [link.get("href") for link in links] == [
        "provenance.html#fact-post.step",
        "provenance.html#fact-post.steps",
    ]


def written(composer: Composer, text: str) -> html.HtmlElement:
    """Return a section with a title of its own and this text."""
    path = Path("templates/en/post.md")
    with mock.patch("juchi.html.composer.read_source", lambda _: f"# Title\n\n{text}\n"):
        section = composer.section(path)
    section[0].drop_tree()
    return section


def test_a_claim_marks_its_sentence(composer: Composer) -> None:
    call = '{% call claim("tanh_cures", "refuted") %}'
    section = written(composer, f"{call}No *way*.{{% endcall %}} Yes.")
    (span,) = section.iter("span")
    assert dict(span.attrib) == {
        "class": "claim",
        "id": "said-tanh_cures",
        "data-claim": "tanh_cures",
        "data-verdict": "refuted",
    }
    assert html.tostring(span, encoding="unicode").endswith(">No <em>way</em>.</span> Yes.")


@pytest.mark.parametrize(
    "text",
    [
        "{}One.\n\nTwo.{}",
        "{}\nOne.\n\nTwo.\n{}",
        "{}\n1. One.\n\n2. Two.\n{}",
        "{}One.\n\n- Two.{}",
    ],
)
def test_a_claim_may_go_around_several_paragraphs(composer: Composer, text: str) -> None:
    call = '{% call claim("tanh_cures", "refuted") %}'
    section = written(composer, text.format(call, "{% endcall %}") + "\n\nThree.")
    spans = list(section.iter("span"))
    assert [span.text for span in spans] == ["One.", "Two."]
    assert [span.get("id") for span in spans] == ["said-tanh_cures", None]
    assert section[-1].text_content() == "Three."


@pytest.mark.parametrize(
    "text",
    [
        "Text{% call footnote() %}one\n\ntwo *three*\n\n- four\n- five{% endcall %} goes on.",
        "Text[^a] goes on.\n\n[^a]: one\n\n    two *three*\n\n    - four\n    - five",
    ],
)
def test_a_note_has_paragraphs_and_lists_within_a_paragraph(composer: Composer, text: str) -> None:
    (paragraph,) = written(composer, text)
    (note,) = paragraph.find_class("footnote")
    assert [part.text_content() for part in note.find_class("note-part")] == ["one", "two three"]
    assert [part.text_content() for part in note.find_class("note-item")] == ["• four", "• five"]
    assert paragraph.text == "Text"
    assert note.tail == " goes on."


def test_a_figure_has_its_words_and_both_themes(composer: Composer) -> None:
    figure = html.fragment_fromstring(
        composer.figure("sawtooth", '"<b>"', caption('<em>So</em> <b data-tex="x"></b>.'))
    )
    assert figure.get("id") == "fig-sawtooth"
    assert figure.xpath(".//img/@alt") == ['"<b>"']
    assert figure.xpath(".//@src | .//@srcset") == [
        "../figures/en/sawtooth.narrow.dark.svg",
        "../figures/en/sawtooth.narrow.light.svg",
        "../figures/en/sawtooth.dark.svg",
        "../figures/en/sawtooth.light.svg",
    ]
    (shown,) = figure.iter("figcaption")
    assert shown.text_content().startswith("So . ")
    assert shown.xpath("span[@class='origin']//a/@href") == [
        "../data/paths.curves.csv",
        "provenance.html#figure-sawtooth",
    ]
    assert shown.xpath(".//@data-tex") == ["x"]


def test_an_equation_has_its_latex_and_its_words(composer: Composer) -> None:
    equation = html.fragment_fromstring(composer.equation("bound", 'the "bound"'))
    assert equation.get("id") == "eq-bound"
    assert equation.xpath(".//@data-tex") == [r"\eta < \eta^\ast"]
    assert equation.xpath(".//@data-alt") == ['the "bound"']


# --- a language that was never there ---


def test_a_third_language_needs_a_folder_and_an_entry(copy: Sample) -> None:
    templates = copy.root / "templates"
    shutil.copytree(templates / LANGUAGES[0], templates / "xx")
    # What the theme knows of the first language, the article has to say of this one itself.
    words = json.dumps(read_messages(templates / LANGUAGES[0] / "messages.yaml"))
    (templates / "xx" / "messages.yaml").write_text(words, "utf-8")
    known = copy.plan.article["languages"][LANGUAGES[0]]
    del copy.plan

    def declare(article: dict[str, Any]) -> None:
        changes = {"name": "Deutsch", "tag": "de", "locale": "de_DE"}
        article["languages"]["xx"] = {**known, **changes}

    copy.edit("config/article.yaml", declare)
    assert json.loads(copy.check().read_text("utf-8"))["languages"] == [*LANGUAGES, "xx"]
    page = parsed(copy.page("xx"))
    assert page.get("lang") == "de"
    assert "1,5" in page.text_content()
    assert page.xpath("//math")
    for code in LANGUAGES:
        assert parsed(copy.page(code)).xpath("//nav//a[@hreflang='de']/text()") == ["Deutsch"]

"""Prose that disagrees with the data, or with its twin, is told place by place, all at once."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from juchi.check import check
from juchi.check.declared import setting_faults, table_faults, year_faults
from juchi.core.errors import nearest, run_command
from juchi.core.records import write_json
from juchi.plan.figures import completed
from juchi.prose.calls import read_messages
from juchi.results.evaluation import Evaluation
from juchi.results.facts import Fact
from tests.samples import Sample, command

SECTION = """# Title {: #post}

{% call figure("saw", alt="teeth") %}caption{% endcall %}
{% call table("ledger") %}caption{% endcall %}
{{ equation("bound", alt="a bound") }}
{% call claim("tanh_cures", "refuted") %}It is {{ fact("post.loss") }}.{% endcall %}
{{ cite("may1976") }} {{ ref("fig-saw") }} {{ ref("sec-post") }} {{ ref("eq-bound") }}
"""
SETTING = "configuration: post, steps"
WORDS = """title: Title
abbreviations: { inside: e.g., either: etc. }
claims:
  tanh_cures: { statement: It cures., test: Many learn. }
  idle: { statement: Nobody says it., test: None. }
preconditions: { sawtooth: There is one. }
tables: { regions: { ledger: Claims, outcomes: Outcomes } }
"""
ABSTRACT = 'Short: {{ fact("post.loss") }}.\n'
WORK = {
    "id": "may1976",
    "type": "article-journal",
    "language": "en",
    "title": "Simple mathematical models",
    "author": [{"family": "May", "given": "Robert M."}],
}
ARTICLE = {
    "sections": ["post"],
    "appendices": [],
    "web_appendices": [],
    "end_matter": [],
    "conclusions": {"sections": ["abstract"], "last_paragraphs": []},
    "based_on": [],
    "figures": {"saw": completed([])},
    "tables": {"ledger": {}},
    "numerals": ["float32"],
    "claims": {"tanh_cures": {"quote": "", "section": "", "shown": "fig-saw"}},
    "findings": {},
    "languages": {"en": {}, "zh": {}},
}
FACTS = {
    "post.loss": Fact(0.1, "1", 8, (0.0, 0.2), "data/one_weight.samples.csv"),
    "tanh.share": Fact(0.0125, "share", 8, None, "data/one_weight.samples.csv"),
}
RULING = Evaluation(
    verdict="refuted",
    predicate="Gone and learned.",
    facts={"tanh.share": 0.0125, "post.loss": 0.1},
    judged_by=["post.loss", "tanh.share"],
    preconditions={"sawtooth": "There is a sawtooth."},
    unmet=[],
    fixed="before",
)


class Folder:
    """A small project in which everything agrees, for a test to spoil."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for language in ARTICLE["languages"]:
            self.write(f"{language}/post.md", SECTION)
            self.write(f"{language}/abstract.md", ABSTRACT)
            self.write(f"{language}/messages.yaml", WORDS)
        self.write("equations.yaml", "bound: \\eta < 2 / \\lambda\n")
        self.save("config/references", [WORK])
        self.save("article", ARTICLE)
        self.save("facts", {name: asdict(fact) for name, fact in FACTS.items()})
        self.save("formats", {})
        self.save("places", {})
        self.save("claims", {"tanh_cures": asdict(RULING)})

    def write(self, path: str, text: str) -> None:
        """Write a file of the templates."""
        file = self.root / "templates" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def save(self, name: str, value: object) -> None:
        """Write one of the records."""
        path = self.root / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_json(path, value)

    def spoil(self, path: str, old: str, new: str) -> None:
        """Replace a text, which must stand there, in a file of the templates."""
        text = (self.root / "templates" / path).read_text("utf-8")
        assert old in text
        self.write(path, text.replace(old, new))

    def run(self) -> None:
        """Run the command."""
        names = ("article", "formats", "places", "facts", "claims")
        command(
            lambda: run_command(check.main),
            self.root,
            templates="templates",
            output="checked.json",
            **{name: f"{name}.json" for name in names},
        )

    def faults(self) -> list[str]:
        """Return what the command finds, line by line, once it has ended as it has to."""
        with pytest.raises(SystemExit) as caught:
            self.run()
        message = str(caught.value.code)
        first, *lines = message.splitlines()
        end = next(number for number, line in enumerate(lines) if line.startswith("  expected:"))
        found = [line.removeprefix("  found:").strip() for line in lines[:end]]
        mistakes = "1 mistake" if len(found) == 1 else f"{len(found)} mistakes"
        assert first == f"error: {mistakes} in the prose"
        assert "the last good site stays" in lines[end + 1]
        assert not (self.root / "checked.json").exists()
        return found


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_prose_that_agrees_passes(folder: Folder) -> None:
    folder.run()
    record = json.loads((folder.root / "checked.json").read_text("utf-8"))
    assert record == {"languages": ["en", "zh"], "faults": 0, "pictures": {}}


def test_the_article_itself_passes(sample: Sample) -> None:
    assert json.loads(sample.check().read_text("utf-8"))["faults"] == 0


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('fact("post.loss")', 'fact("post.los")', 6, "undefined fact 'post.los'; did you mean"),
        (
            'fact("post.loss")',
            'fact("loss")',
            6,
            "undefined fact 'loss'; the name of a fact has a dot; did you mean 'post.loss'?",
        ),
        ('fact("post.loss")', 'fact("post")', 6, "undefined fact 'post'; the name of a fact has a"),
        ('cite("may1976")', 'cite("may1967")', 7, "unknown citation 'may1967'; did you mean"),
        ('figure("saw"', 'figure("axe"', 3, "unknown figure 'axe'"),
        ('table("ledger"', 'table("legder"', 4, "unknown table 'legder'"),
        ('equation("bound"', 'equation("bond"', 5, "unknown equation 'bond'"),
        (
            'ref("sec-post")',
            'ref("sec-posts")',
            7,
            "a cross reference to 'sec-posts', which is nowhere; did you mean 'sec-post'?",
        ),
        (
            'claim("tanh_cures"',
            'claim("tanh_curse"',
            6,
            "unknown claim 'tanh_curse'; did you mean 'tanh_cures'?",
        ),
    ],
)
def test_a_wrong_name_is_told_in_every_language(
    folder: Folder, old: str, new: str, line: int, message: str
) -> None:
    for language in ("en", "zh"):
        folder.spoil(f"{language}/post.md", old, new)
    faults = folder.faults()
    for language in ("en", "zh"):
        start = f"templates/{language}/post.md:{line}: {message}"
        assert sum(fault.startswith(start) for fault in faults) == 1


def test_a_turned_verdict_names_every_sentence_with_claim_facts_and_values(
    folder: Folder,
) -> None:
    for language in ("en", "zh"):
        folder.spoil(
            f"{language}/abstract.md",
            "Short",
            '{% call claim("tanh_cures", "refuted") %}No.{% endcall %} Short',
        )
    folder.save("claims", {"tanh_cures": {**asdict(RULING), "verdict": "conditional"}})
    assert folder.faults() == [
        f"templates/{language}/{place}: the sentence is written for 'tanh_cures' being 'refuted', "
        "but the data say 'conditional' (Gone and learned. tanh.share = 0.0125, post.loss = 0.1)"
        for language in ("en", "zh")
        for place in ("abstract.md:1", "post.md:6")
    ]


def test_of_facts_that_are_declared_together_one_that_is_quoted_is_enough(folder: Folder) -> None:
    idle = {
        f"{each}.{key}": asdict(Fact(1, "1", None, None, SETTING))
        for each in ("post", "tanh")
        for key in ("length", "rate")
    }
    places = {name: f"every.one_weight.{name.split('.')[1]}" for name in idle}
    folder.save("facts", {name: asdict(fact) for name, fact in FACTS.items()} | idle)
    folder.save("places", places | {"post.loss": "every.one_weight.length"})
    assert folder.faults() == [
        "config/facts.yaml: every.one_weight.rate: nobody quotes any of these facts, such as "
        "'post.rate': quote one or remove them"
    ]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "facts",
            {name: asdict(fact) for name, fact in FACTS.items()}
            | {"post.idle": asdict(Fact(1, "1", None, None, SETTING))},
            "config/facts.yaml: nobody quotes the fact 'post.idle': quote it or remove it",
        ),
        (
            "config/references",
            [WORK, WORK | {"id": "idle2020"}],
            "config/references.json: nobody cites the work 'idle2020': cite it or remove it",
        ),
        (
            "claims",
            {"tanh_cures": asdict(RULING), "idle": asdict(RULING)},
            "config/article.yaml: idle: no sentence quotes this claim",
        ),
        (
            "article",
            ARTICLE | {"figures": {"saw": completed([]), "idle": completed([])}},
            "the figure 'idle' is declared, but no section shows it",
        ),
        (
            "article",
            ARTICLE | {"tables": {"ledger": {}, "outcomes": {"rows": []}}},
            "the table 'outcomes' is declared, but no section shows it",
        ),
        (
            "article",
            ARTICLE | {"claims": {"tanh_cures": {"shown": "fig-axe"}}},
            "config/article.yaml: tanh_cures.shown: nowhere is 'fig-axe'; did you mean 'fig-saw'?",
        ),
    ],
)
def test_what_nobody_quotes_is_told(folder: Folder, name: str, value: object, message: str) -> None:
    folder.save(name, value)
    assert folder.faults() == [message]


def test_a_conclusion_that_rests_on_nothing_is_told_with_the_ways_out(folder: Folder) -> None:
    folder.write("zh/abstract.md", f"{ABSTRACT}\n符号不是起因。\n")
    (fault,) = folder.faults()
    assert fault.startswith(
        "templates/zh/abstract.md:3: a conclusion rests on nothing: “符号不是起因。”; let it"
    )
    for way in ("fact", "cite", "claim", "reasoning", "definition", "literature"):
        assert way in fault


def test_an_equation_that_is_not_shown_is_told(folder: Folder) -> None:
    folder.write("equations.yaml", "bound: x\nidle: y\n")
    assert folder.faults() == ["the equation 'idle' is declared, but no section shows it"]


@pytest.mark.parametrize("ratio", ["post.ratio", "tanh.ratio"])
def test_a_part_of_a_ratio_and_a_fact_of_a_claim_count_as_quoted(
    folder: Folder, ratio: str
) -> None:
    extra = {
        "post.part": Fact(1, "1", None, None, SETTING),
        ratio: Fact(1, "1", None, None, "post.part / post.loss"),
    }
    folder.save("facts", {name: asdict(fact) for name, fact in {**FACTS, **extra}.items()})
    for language in ("en", "zh"):
        folder.spoil(f"{language}/abstract.md", "Short", f'Short {{{{ fact("{ratio}") }}}}')
    folder.run()


@pytest.mark.parametrize(
    ("path", "text", "places"),
    [
        ("zh/post.md", SECTION + "占 ７３％。\n", ["templates/zh/post.md:8: the number 73"]),
        ("en/post.md", SECTION + "A 7.\n", ["templates/en/post.md:8: the number 7"]),
        (
            "en/messages.yaml",
            WORDS.replace("Title", "A 7"),
            ["templates/en/messages.yaml: title:1: the number 7"],
        ),
        (
            "equations.yaml",
            "bound: \\eta < 0.68\n",
            ["templates/equations.yaml: bound: the number 0.68"],
        ),
    ],
)
def test_a_literal_number_is_told_wherever_it_is_shown(
    folder: Folder, path: str, text: str, places: list[str]
) -> None:
    folder.write(path, text)
    assert [fault.partition(" stands literally")[0] for fault in folder.faults()] == places


QUOTED = """{% call literature() %}

| lattice | threshold |
|---|---|
| square | 0.5927 |

: Thresholds [@may1976]. {#tbl-known}

{% endcall %}
"""


def test_numbers_of_a_work_that_is_cited_may_be_typed(folder: Folder) -> None:
    cited = "{% call literature() %}It is 0.5927 [@may1976].{% endcall %}"
    for language in ARTICLE["languages"]:
        folder.write(f"{language}/post.md", f"{SECTION}{cited}\n\n{QUOTED}\n")
    folder.run()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{% call literature() %}It is 0.5927.{% endcall %}", "literature() that cites no work"),
        ("{% call literature() %}So [@may1976].{% endcall %} It is 0.5927.", "in the prose"),
    ],
)
def test_a_number_that_no_work_is_cited_for_is_told(folder: Folder, text: str, told: str) -> None:
    for language in ARTICLE["languages"]:
        folder.write(f"{language}/post.md", f"{SECTION}{text}\n")
    faults = folder.faults()
    assert [told in fault and "0.5927" in fault for fault in faults] == [True, True]


def test_numbers_of_a_work_agree_in_all_languages(folder: Folder) -> None:
    for language, number in zip(ARTICLE["languages"], ("0.5927", "0.5972"), strict=True):
        cited = f"{{% call literature() %}}It is {number} [@may1976].{{% endcall %}}"
        folder.write(f"{language}/post.md", f"{SECTION}{cited}\n")
    (fault,) = folder.faults()
    assert "parity: number of the literature differs: 0.59" in fault


def test_a_declared_string_with_digits_may_be_shown(folder: Folder) -> None:
    folder.write("en/post.md", f"{SECTION}In float32.\n")
    folder.run()


@pytest.mark.parametrize(
    ("addition", "message"),
    [
        (
            '{% call figure("saw", alt="x") %}y{% endcall %}',
            "post.md:8: figure saw stands already at templates/{}/post.md:3",
        ),
        (
            '{{ equation("bound", alt="x") }}',
            "post.md:8: equation bound stands already at templates/{}/post.md:5",
        ),
        (
            "## Again {: #post}",
            "post.md: a second heading with the id 'post', after that in 'post'",
        ),
    ],
)
def test_what_stands_twice_on_a_page_is_told(folder: Folder, addition: str, message: str) -> None:
    for language in ("en", "zh"):
        folder.write(f"{language}/post.md", f"{SECTION}{addition}\n")
    assert folder.faults() == [
        f"templates/{language}/{message.format(language)}" for language in ("en", "zh")
    ]


def test_languages_are_held_against_each_other(folder: Folder) -> None:
    folder.spoil("zh/post.md", '{{ cite("may1976") }}', "")
    folder.write("zh/messages.yaml", f"{WORDS}more: More\n")
    assert folder.faults() == [
        "parity: templates/en/messages.yaml lacks the key 'more'",
        "parity: citation differs: may1976 at templates/en/post.md:7; nothing more in 'zh'",
    ]


def test_a_third_language_is_held_against_the_first(folder: Folder) -> None:
    folder.save("article", ARTICLE | {"languages": {"en": {}, "zh": {}, "xx": {}}})
    for name in ("post.md", "abstract.md"):
        folder.write(f"xx/{name}", (folder.root / "templates" / "en" / name).read_text("utf-8"))
    # The generator knows no messages in it: they are the article's own.
    words = dict(read_messages(folder.root / "templates" / "en" / "messages.yaml"))
    folder.write("xx/messages.yaml", json.dumps(words))
    folder.spoil("xx/post.md", '{{ ref("eq-bound") }}', "")
    assert folder.faults() == [
        "parity: reference differs: eq-bound at templates/en/post.md:7; nothing more in 'xx'"
    ]


def test_all_faults_are_told_at_once(folder: Folder) -> None:
    folder.spoil("en/post.md", 'fact("post.loss")', 'fact("no.fact")')
    folder.spoil("zh/post.md", 'cite("may1976")', 'cite("no-work")')
    folder.spoil("zh/post.md", 'ref("fig-saw")', 'ref("fig-axe")')
    folder.spoil("zh/abstract.md", "Short", "Short 7")
    folder.save("claims", {"tanh_cures": {**asdict(RULING), "verdict": "supported"}})
    faults = "\n".join(folder.faults())
    for fragment in (
        "templates/en/post.md:6: undefined fact 'no.fact'",
        "templates/zh/post.md:7: unknown citation 'no-work'",
        "templates/zh/post.md:7: a cross reference to 'fig-axe'",
        "templates/zh/abstract.md:1: the number 7",
        "templates/en/post.md:6: the sentence is written for 'tanh_cures'",
        "templates/zh/post.md:6: the sentence is written for 'tanh_cures'",
        "parity: fact differs",
        "parity: citation differs",
        "parity: reference differs",
    ):
        assert fragment in faults


def test_a_table_of_an_undefined_fact_is_refused(folder: Folder) -> None:
    tables = {"ledger": {}, "outcomes": {"rows": ["post"]}}
    folder.save("article", ARTICLE | {"tables": tables})
    with pytest.raises(SystemExit) as caught:
        folder.run()
    for fragment in ("config/article.yaml: tables.outcomes", "undefined fact 'post.eta_star'"):
        assert fragment in str(caught.value.code)


def test_words_that_the_configuration_needs_are_told_at_once(folder: Folder) -> None:
    for language in ("en", "zh"):
        folder.write(f"{language}/messages.yaml", "title: Title\nabbreviations: { inside: e.g. }\n")
    assert folder.faults() == [
        f"templates/{language}/messages.yaml: no key {key!r}, which {needed_by} needs"
        for language in ("en", "zh")
        for key, needed_by in (
            ("claims.tanh_cures.statement", "claims.tanh_cures"),
            ("claims.tanh_cures.test", "claims.tanh_cures"),
            ("preconditions.sawtooth", "claims.tanh_cures"),
            ("tables.regions.ledger", "tables.ledger"),
        )
    ]


def test_a_column_that_a_file_lacks_is_told_before_anything_is_rendered(tmp_path: Path) -> None:
    file = tmp_path / "rain.csv"
    file.write_text("day,rain\n1,2\n", "utf-8")
    settings = {"columns": [{"column": "dya"}], "where": {"rian": 1}, "sort": ["-wind"]}
    article = {"tables": {"rain": settings}, "table_files": {"rain": str(file)}}
    place = "config/article.yaml: tables.rain"
    assert list(table_faults(article)) == [
        f"{place}.columns: no column 'dya' in {file}; did you mean 'day'?",
        f"{place}.where: no column 'rian' in {file}; did you mean 'rain'?",
        f"{place}.sort: no column 'wind' in {file}; {nearest('wind', ['day', 'rain'])}",
    ]


def test_facts_that_a_figure_marks_are_quoted(folder: Folder) -> None:
    idle = {"post.idle": asdict(FACTS["post.loss"]), "tanh.idle": asdict(FACTS["post.loss"])}
    folder.save("facts", {**{name: asdict(fact) for name, fact in FACTS.items()}, **idle})
    folder.save("article", ARTICLE | {"figures": {"saw": completed(["*.idle"])}})
    folder.run()
    assert (folder.root / "checked.json").exists()


def test_a_figure_that_marks_no_fact_is_told(folder: Folder) -> None:
    folder.save("article", ARTICLE | {"figures": {"saw": completed(["*.idle"])}})
    assert folder.faults() == ["config/article.yaml: figures.saw: no fact is '*.idle'"]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"digits": 1}, "digits: 1 are significant digits, and would print the setting 2.5 as 2"),
        ({"digits": 0, "style": "fixed"}, "are decimals, and would print the setting 2.5 as 2"),
        ({"digits": 0, "style": "percent"}, None),
        ({"digits": 2}, None),
        ({}, None),
    ],
)
def test_a_setting_is_printed_as_it_was_typed(how: dict[str, Any], said: str | None) -> None:
    facts = {
        "sir.rate": Fact(2.5, "1", None, None, "configuration: sir, rate"),
        "sir.size": Fact(2.5, "1", None, None, "data/sir.samples.csv"),
    }
    found = list(setting_faults(facts, dict.fromkeys(facts, how)))
    assert len(found) == (said is not None)
    assert all(fault.startswith("config/facts.yaml: sir.rate") for fault in found)
    assert all(str(said) in fault for fault in found)


def test_a_fact_in_the_style_year_is_a_whole_number() -> None:
    facts = {
        "lake.first": Fact(1875, "1", None, None, "configuration: lake, first"),
        "lake.middle": Fact(1930.5, "1", None, None, "data/lake.samples.csv"),
    }
    (found,) = year_faults(facts, {name: {"style": "year"} for name in facts})
    assert found.startswith("config/facts.yaml: lake.middle: 1930.5 in the style year")

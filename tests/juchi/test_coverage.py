"""What each sentence rests on: told sentence by sentence, counted, and held to what is declared."""

from __future__ import annotations

import re
import shutil
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest
import yaml

from juchi.check import coverage
from juchi.check.coverage import abbreviations, bare, measure
from juchi.check.kinds import BARE, KINDS
from juchi.core.errors import UserError
from juchi.plan.settings import read_subject
from juchi.prose.calls import Messages, read_messages
from juchi.prose.sentences import Abbreviations
from tests.samples import LANGUAGES, ROOT

PATH = Path("templates/en/post.md")
KNOWN = Abbreviations(frozenset({"e.g.", "Fig."}), frozenset({"etc."}))
REASONING = "{% call reasoning() %}"
CLAIM = '{% call claim("a", "refuted") %}'
END = "{% endcall %}"
FACT = '{{ fact("a.b") }}'
CITE = '{{ cite("may1976") }}'


def kinds(source: str) -> list[str]:
    return [sentence.kind for sentence in measure(source, PATH, KNOWN)]


# --- what a sentence rests on ---


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("It holds.", [BARE]),
        (f"It is {FACT}.", ["fact"]),
        (f"It is $p < {FACT}$.", ["fact"]),
        (f"It is `--level {FACT}`.", ["fact"]),
        ('It lies in {{ interval("a.b") }}.', ["fact"]),
        (f"May said so {CITE}.", ["literature"]),
        (f"{CLAIM}It holds.{END}", ["claim"]),
        (f"{CLAIM}It holds. So does this.{END} Not this.", ["claim", "claim", BARE]),
        (f"{REASONING}It follows.{END}", ["reasoning"]),
        ("{% call definition() %}We call it so.{% endcall %}", ["definition"]),
        ("{% call literature() %}He says so.{% endcall %}", ["literature"]),
        # A cross reference or the name of the sizes shows nothing by itself.
        ('See {{ ref("fig-a") }} with {{ preset() }}.', [BARE]),
        # The firmest counts; what a mark leaves out needs something of its own.
        (f"{CLAIM}It holds{END}, to {FACT}.", ["claim"]),
        (f"{REASONING}It follows{END} that all is well.", [BARE]),
        (f"{REASONING}It follows{END}.", ["reasoning"]),
        (f"*{REASONING}It follows{END}*, *{CLAIM}it holds{END}*.", ["claim"]),
        (f"{REASONING}So, by {CLAIM}what holds{END}, it follows.{END}", ["claim"]),
        # A fact bears the statement that quotes it, and not the one behind the semicolon.
        (f"It is {FACT}; all is well.", [BARE]),
        (f"It is {FACT}; it is {FACT}.", ["fact"]),
        (f"它是 {FACT}；一切都好。", [BARE]),
        (f"They are ({FACT}; {FACT}).", ["fact"]),
        ("It is a&lt;b.", [BARE]),
        # Behind a formula and behind code a sentence ends as behind a word.
        (f"It tends to $x$ {CITE}. All is well in $y$. It is so.", ["literature", BARE, BARE]),
        (f"It tends {CITE} to $x$. All is well.", ["literature", BARE]),
        (f"It is {FACT} in `code`. All is well.", ["fact", BARE]),
    ],
)
def test_what_a_sentence_rests_on(source: str, expected: list[str]) -> None:
    assert kinds(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "",
        "# A heading that says something {: #post}",
        "```\ncode. More.\n```",
        '{{ equation("a", alt="It is so. And so.") }}',
        '{{ listing("run") }}',
        f"{FACT}.",
    ],
)
def test_what_is_no_sentence_is_not_measured(source: str) -> None:
    assert kinds(source) == []


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ("A b. C\nd, e.g. e.\n\nF.", ["A b.", "C d, e.g. e.", "F."]),
        ("1. One. Two.\n\n2. Three:\n\n   * Four.", ["One.", "Two.", "Three:", "Four."]),
        ("> Said. Done.", ["Said.", "Done."]),
        ("So $a = b. C$ is. Then `x. Y` too.", ["So $a = b. C$ is.", "Then `x. Y` too."]),
        (f"At {FACT} it is.", ["At … it is."]),
        ("**锯齿是什么**。是冲过头。", ["锯齿是什么。", "是冲过头。"]),
    ],
)
def test_sentences_are_found_in_paragraphs_and_lists(source: str, texts: list[str]) -> None:
    assert [sentence.text for sentence in measure(source, PATH, KNOWN)] == texts


def test_captions_and_notes_are_measured_by_themselves() -> None:
    source = f"""Text{{% call footnote() %}}A note. With {FACT}.{END} goes on {CITE}.

{{% call figure("a", alt="Not. Measured.") %}}A caption. {REASONING}It follows.{END}{END}
"""
    found = [(sentence.text, sentence.kind) for sentence in measure(source, PATH, KNOWN)]
    assert found == [
        ("Text goes on ….", "literature"),
        ("A note.", BARE),
        ("With ….", "fact"),
        ("A caption.", BARE),
        ("It follows.", "reasoning"),
    ]


def test_a_mark_may_go_around_several_paragraphs_and_items() -> None:
    source = f"{REASONING}\n\nOne. Two.\n\n1. Three.\n\n2. Four.\n\n{END}\n\nFive.\n"
    assert kinds(source) == ["reasoning"] * 4 + [BARE]


def test_sentences_have_their_lines() -> None:
    source = f"""# Title {{: #post}}

One {{{{
  fact("a.b") }}}} two.
Three
four. {REASONING}Five
six. Seven.{END}

{{% call table("a") %}}
Eight.
Nine.
{END}
"""
    places = [sentence.place for sentence in measure(source, PATH, KNOWN)]
    assert places == [f"{PATH}:{line}" for line in (3, 5, 6, 7, 10, 11)]


def test_the_last_paragraph_of_running_text_concludes() -> None:
    source = f'One.\n\nTwo. Three.\n\n{{% call table("a") %}}Four.{END}\n\n{FACT}\n'
    assert [each.concluding for each in measure(source, PATH, KNOWN)] == [False, True, True, False]


@pytest.mark.parametrize("entry", ["e.g.", {"inside": 5, "either": "etc."}, {"inside": "e.g."}])
def test_abbreviations_of_another_shape_are_refused(entry: Any) -> None:
    with pytest.raises(UserError) as caught:
        abbreviations(Messages({"abbreviations": entry}, Path("messages.yaml")))
    assert "abbreviations" in str(caught.value)


# --- what is declared ---


class Folder:
    """A project of two sections in one language, as far as the coverage reads it."""

    article: dict[str, Any]

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(ROOT / "config", root / "config")
        self.article = read_subject(ROOT / "config", "article")
        self.article["sections"] = ["post", "verdicts"]
        self.article["web_appendices"] = []
        self.article["languages"] = {"en": self.article["languages"]["en"]}
        self.declare(sections=["abstract", "verdicts"], last_paragraphs=["post"])
        self.write("messages.yaml", "abbreviations: { inside: e.g., either: etc. }\n")
        self.write("abstract.md", f"It is {FACT}.\n")
        self.write("post.md", f"# Title {{: #post}}\n\nBare.\n\nIt is {FACT}.\n")
        self.write("verdicts.md", f"# Title {{: #verdicts}}\n\n{CLAIM}It holds.{END}\n")

    def declare(self, **conclusions: list[str]) -> None:
        """Declare the conclusions."""
        self.article["conclusions"] = conclusions
        text = yaml.safe_dump(self.article, allow_unicode=True)
        (self.root / "config" / "article.yaml").write_text(text, "utf-8")

    def write(self, name: str, text: str) -> None:
        """Write a file of the language."""
        path = self.root / "templates" / "en" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def bare(self) -> list[str]:
        """Return the faults, their places from the project's folder."""
        found = list(bare(self.article, self.root / "templates"))
        return [fault.removeprefix(f"{self.root}/") for fault in found]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_a_bare_sentence_outside_the_conclusions_is_no_fault(folder: Folder) -> None:
    assert folder.bare() == []


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("abstract.md", f"It is {FACT}.\nWhy?\n", "abstract.md:2"),
        ("post.md", f"# Title {{: #post}}\n\nIt is {FACT}.\n\nWhy?\n", "post.md:5"),
        ("verdicts.md", f'# T {{: #v}}\n\n{{% call table("a") %}}Why?{END}\n', "verdicts.md:3"),
    ],
)
def test_a_bare_conclusion_is_named(folder: Folder, name: str, text: str, place: str) -> None:
    folder.write(name, text)
    (fault,) = folder.bare()
    assert fault.startswith(f"templates/en/{place}: a conclusion rests on nothing: “Why?”; ")


def test_an_unknown_section_among_the_conclusions_is_refused(folder: Folder) -> None:
    folder.declare(sections=["verdict"], last_paragraphs=[])
    with pytest.raises(UserError) as caught:
        folder.bare()
    assert "config/article.yaml: conclusions.sections" in str(caught.value)
    assert "'verdict'" in str(caught.value)


# --- the command ---


def test_the_command_counts_by_section_and_lists_what_is_bare(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    with chdir(folder.root):
        coverage.report([BARE])
    printed = capsys.readouterr().out
    rows = {line.split("  ")[1]: line.split()[-8:] for line in printed.splitlines()[1:5]}
    assert rows["abstract *"] == ["1", "0", "1", "0", "0", "0", "0", "100%"]
    assert rows["post"] == ["2", "0", "1", "0", "0", "0", "1", "50%"]
    assert rows["verdicts *"] == ["1", "1", "0", "0", "0", "0", "0", "100%"]
    assert re.search(r"its last paragraph \* +1 +0 +1 +0 +0 +0 +0 +100%", printed)
    assert re.search(r"all +4 +1 +2 +0 +0 +0 +1 +75%", printed)
    assert printed.splitlines()[-1] == "templates/en/post.md:3: bare: Bare."


def test_the_command_lists_what_rests_as_asked_for(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    with chdir(folder.root):
        coverage.report(["claim", "fact"])
    lines = capsys.readouterr().out.splitlines()
    listed = [line for line in lines if line.startswith("templates/en/") and ".md:" in line]
    assert listed == [
        "templates/en/abstract.md:1: fact: It is ….",
        "templates/en/post.md:5: fact: It is ….",
        "templates/en/verdicts.md:3: claim: It holds.",
    ]


def test_the_command_fails_where_a_conclusion_is_bare(folder: Folder) -> None:
    folder.write("abstract.md", "Bare.\n")
    with pytest.raises(SystemExit) as caught, chdir(folder.root):
        coverage.report([BARE])
    assert "1 sentences of the conclusions" in str(caught.value.code)


# --- the article ---


def test_the_article_declares_its_conclusions_and_none_is_bare() -> None:
    article = read_subject(ROOT / "config", "article")
    declared = article["conclusions"]
    assert {"abstract", "introduction", "verdicts", "practice"} <= set(declared["sections"])
    covered = {*declared["sections"], *declared["last_paragraphs"]}
    assert covered >= {"abstract", *article["sections"]}
    assert covered <= {"abstract", *article["sections"], *article["web_appendices"]}
    assert list(bare(article, ROOT / "templates")) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_is_met_in_the_article(language: str) -> None:
    words = read_messages(ROOT / f"templates/{language}/messages.yaml")
    known = abbreviations(words)
    found = {
        sentence.kind
        for path in sorted((ROOT / "templates" / language).glob("*.md"))
        for sentence in measure(path.read_text("utf-8"), path, known)
    }
    assert found >= set(KINDS)

"""What prose quotes, with its place; and that no literal result slips through."""

from __future__ import annotations

import re
from functools import reduce
from operator import getitem
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest

from juchi.core.errors import UserError
from juchi.prose import calls
from juchi.prose.calls import flatten, forms, read_messages
from juchi.prose.reading import Quote, formula_numerals, headings, numerals, quotes
from juchi.prose.source import marked, read_source

PATH = Path("templates/en/post.md")


def place(line: int) -> str:
    return f"{PATH}:{line}"


def refusal(source: str) -> str:
    with pytest.raises(UserError) as caught:
        quotes(source, PATH)
    return str(caught.value)


# --- quotes ---


@pytest.mark.parametrize(
    ("call", "kind", "names"),
    [
        ('{{ fact("a.b") }}', "fact", ("a.b",)),
        ("{{ plain('a.b') }}", "fact", ("a.b",)),
        ("[x](https://example.org/{{ fact('a.b') }})", "fact", ("a.b",)),
        ("`{{ fact('a.b') }}`", "fact", ("a.b",)),
        ("${{ fact('a.b') }}$", "fact", ("a.b",)),
        ("[@may1976, p. 3; @he2015]", "citation", ("may1976", "he2015")),
        ("@tbl-a", "reference", ("tab-a",)),
        ('{{ interval("a.b") }}', "fact", ("a.b",)),
        ('{{ cite("may1976", "he2015") }}', "citation", ("may1976", "he2015")),
        ('{{ ref("fig-a") }}', "reference", ("fig-a",)),
        ('{{ equation("bound", alt="words") }}', "equation", ("bound",)),
        ('{{ listing("run") }}', "listing", ("run",)),
        ('{% call claim("a", "refuted") %}x{% endcall %}', "claim", ("a", "refuted")),
        ('{% call figure("a", alt="words") %}x{% endcall %}', "figure", ("a",)),
        ('{% call table("a") %}x{% endcall %}', "table", ("a",)),
        ("{% call footnote() %}x{% endcall %}", "footnote", ()),
    ],
)
def test_each_call_is_a_quote_with_its_place(call: str, kind: str, names: tuple[str, ...]) -> None:
    assert quotes(f"# Title\n\ntext {call} text\n", PATH) == [Quote(kind, names, place(3), "post")]


def test_quotes_stand_in_order_with_their_lines_wherever_they_are_nested() -> None:
    source = """# Title

A {{ fact("one") }} and {{
  fact("two") }} here.

{% call figure("three",
    alt="words " ~ plain("four") ~ " words "
      ~ plain("five")) %}
caption {{ fact("six") }}{% call footnote() %}
{% call claim("seven", "refuted") %}{{ cite("eight") }}{% endcall %}
{%- endcall -%}
{% endcall %} {{ fact("nine") }}
"""
    assert [(q.kind, q.names[:1], q.place) for q in quotes(source, PATH)] == [
        ("fact", ("one",), place(3)),
        ("fact", ("two",), place(4)),
        ("figure", ("three",), place(6)),
        ("fact", ("four",), place(7)),
        ("fact", ("five",), place(8)),
        ("fact", ("six",), place(9)),
        ("footnote", (), place(9)),
        ("claim", ("seven",), place(10)),
        ("citation", ("eight",), place(10)),
        ("fact", ("nine",), place(12)),
    ]


@pytest.mark.parametrize(
    ("call", "found", "expected"),
    [
        ("{{ fact(name) }}", "a name that is computed", "literal name"),
        ('{{ fact("a" ~ "b") }}', "a name that is computed", "literal name"),
        ("{{ fact(7) }}", "a name that is computed", "literal name"),
        ('{{ fast("a.b") }}', "a call of fast", "fact, plain, interval"),
        ('{{ fact("a.b").upper() }}', "a call of an expression", "fact, plain, interval"),
        ('{{ fact["a"]("b") }}', "a call of an expression", "fact, plain, interval"),
        ("{{ fact() }}", "another use of fact", '{{ fact("subject.name") }}'),
        ('{{ fact("a", "b") }}', "another use of fact", '{{ fact("subject.name") }}'),
        ('{{ fact(name="a") }}', "another use of fact", '{{ fact("subject.name") }}'),
        ("{{ cite() }}", "another use of cite", '{{ cite("name") }}'),
        ('{{ equation("a", "b") }}', "another use of equation", 'equation("name")'),
        (
            '{{ claim("a", "refuted") }}',
            "another use of claim",
            '{% call claim("name", "verdict") %}...{% endcall %}',
        ),
        ('{% call claim("a") %}x{% endcall %}', "another use of claim", '"verdict"'),
        ('{% call fact("a") %}x{% endcall %}', "another use of fact", '{{ fact("subject.name") }}'),
        ('{% call figure("a") %}x{% endcall %}', "no alt= in a call of figure", 'alt="..."'),
        (
            '{% call figure("a", "0.73", alt="b") %}x{% endcall %}',
            "another use of figure",
            'alt="..."',
        ),
        ('{% call figure("a", alt=" ") %}x{% endcall %}', "an empty alt= in a call of", "alt="),
        ('{% call footnote("0.73") %}x{% endcall %}', "another use of footnote", "footnote()"),
        ('{{ fact("a", digits=2, digits=3) }}', "another use of fact", "perhaps with"),
        ('{{ fact("a", colour="red") }}', "another use of fact", "perhaps with unit=, style="),
        ('{{ fact("a", form="concise") }}', "another use of fact", "digits=, sign=, relation="),
        (
            '{{ range("a") }}',
            "another use of range",
            '{{ range("subject.name", "subject.other") }}',
        ),
        ('{{ cite("a", digits=2) }}', "another use of cite", '{{ cite("name") }}'),
        ('{{ fact("a", digits=18) }}', "digits=18", "a whole number up to 17"),
        ('{{ fact("a", digits=true) }}', "digits=True", "a whole number up to 17"),
        ('{{ fact("a", digits="2") }}', "digits='2'", "a whole number up to 17"),
        ('{{ fact("a", digits=1 + 1) }}', "digits=something computed", "a whole number"),
        ('{{ fact("a", style="roman") }}', "style='roman'", "decimal, fixed, percent, permille"),
        ('{{ fact("a", sign="+") }}', "sign='+'", "true"),
        ('{{ fact("a", unit=5) }}', "unit=5", "a word"),
        ('{{ measured("a", form="short") }}', "form='short'", "plus-minus, concise, digits"),
        ('{{ fact("a", below=0.01) }}', "another use of fact", "perhaps with"),
        ('{{ equation("a", alt=ref("b")) }}', "a call of ref in an alternative", "words and facts"),
        # Whatever else Jinja can do would print what no one has measured.
        ("{{ 0.73 }}", "computes (Const)", "literal names"),
        ('{{ "0.73" }}', "computes (Const)", "literal names"),
        ("{{ 73 / 100 }}", "computes (Div)", "literal names"),
        ('{{ fact("a.b") | upper }}', "computes (Filter)", "literal names"),
        ('{{ fact("a.b") ~ "0.73" }}', "computes (Concat)", "literal names"),
        ("{{ fact }}", "computes (Name)", "literal names"),
        ("{% set x = 0.73 %}", "computes (Assign)", "literal names"),
        ("{% if true %}x{% endif %}", "computes (If)", "literal names"),
        ("{% for x in [0.73] %}y{% endfor %}", "computes (For)", "literal names"),
        ('{% include "x" %}', "computes (Include)", "literal names"),
        ('{% include "../../etc/passwd" %}', "computes (Include)", "literal names"),
        ('{% import "/etc/passwd" as x %}', "computes (Import)", "literal names"),
        ("{{ ''.__class__.__mro__ }}", "computes (Getattr)", "literal names"),
        ("{{ cycler.__init__.__globals__.os }}", "computes (Getattr)", "literal names"),
        ('{{ open("/etc/passwd") }}', "a call of open", "fact, plain, interval"),
        ('{{ fact(*["a"]) }}', "another use of fact", "fact"),
        ('{{ equation("a", alt=0.73) }}', "computes (Const)", "literal names"),
        ('{{ equation("a", alt="x" ~ 0.73) }}', "computes (Const)", "literal names"),
        ('{{ equation("a", alt="x" * 2) }}', "computes (Mul)", "literal names"),
        (
            '{% call(x) table("a") %}y{% endcall %}',
            "computes (Name)",
            "literal names",
        ),
    ],
)
def test_prose_that_computes_is_refused_with_its_line(call: str, found: str, expected: str) -> None:
    message = refusal(f"# Title\n\n{call}\n")
    assert message.startswith(f"error: {place(3)}\n")
    assert found in message
    assert expected in message


@pytest.mark.parametrize(
    ("source", "line", "found"),
    [
        ('a\n{{ fact("a.b" }}', 2, "unexpected '}'"),
        ('a\n\n{% call claim("a", "b") %}c', 3, "a block that is not closed"),
        ("a\n{% cal x() %}", 2, "unknown tag 'cal'"),
        ("a\n{{ fact('a) }}", 2, "unexpected char"),
    ],
)
def test_a_template_that_cannot_be_read_names_its_line(source: str, line: int, found: str) -> None:
    message = refusal(source)
    assert message.startswith(f"error: {place(line)}\n")
    assert found in message
    assert "{% call %}" in message


@pytest.mark.parametrize("sign", ["（", "“", "，"])
def test_a_full_width_sign_in_a_call_is_named(sign: str) -> None:
    message = refusal(f"{{{{ fact({sign} }}}}")
    assert f"write the sign {sign} as the keyboard has it" in message


def test_every_function_has_an_example_that_fits() -> None:
    for name, form in forms().items():
        assert [quote.kind for quote in quotes(form.example(name), PATH)] == [form.kind]


# --- headings ---


def test_headings_are_told_by_their_ids() -> None:
    source = (
        "# Title {: #post}\n\ntext\n\n## *Sub* `x` {: #sub-1}\n\n```\n# code\n---\n```\n\n---\n"
    )
    assert headings(source, PATH) == ["post", "sub-1"]


@pytest.mark.parametrize(
    ("source", "line", "found"),
    [
        ("# Title {: #post}\n\n### Sub {: #sub}\n", 3, "a heading of level 3"),
        ("# Title\n\n## A\n\n#### B\n", 5, "a heading of level 4"),
        ("# Title\n\n# Another\n", 3, "a heading of level 1"),
        ("## Title\n", 1, "a heading of level 2"),
        ("# Title {#po st}\n", 1, "the attributes {#po st}"),
        ("text\n", 1, "no heading"),
        ("", 1, "no heading"),
    ],
)
def test_a_heading_out_of_its_place_is_refused(source: str, line: int, found: str) -> None:
    with pytest.raises(UserError) as caught:
        headings(source, PATH)
    assert str(caught.value).startswith(f"error: {place(line)}\n")
    assert found in str(caught.value)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (
            "# Title\n\n## Sub\n\n### Deeper\n\n## Sub {#other-part}\n",
            ["post", "post-2", "post-3", "other-part"],
        ),
        ("# Title {#sec-a}\n\n## Sub {#sec-b}\n\n## Sub\n", ["a", "b", "post-3"]),
        ("Title\n=====\n\nSub\n---\n", ["post", "post-2"]),
        ("# Title {#post}\n\n## With `code`, $x$ and [@key] {#sub}\n", ["post", "sub"]),
        ("# Title {-}\n\n  ## Sub {.unnumbered #Sub}\n", ["post", "Sub"]),
    ],
)
def test_a_heading_without_an_id_is_named_by_its_file_and_its_place(
    source: str, found: list[str]
) -> None:
    assert headings(source, PATH) == found


# --- literal numbers ---


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a share of 0.73 here", ["0.73"]),
        ("1,234 starts, 5 % and 12", ["1,234", "5", "12"]),
        ("the 2nd of x86 in v1.2.3", ["2", "86", "1.2.3"]),
        ("`0.73` and ``7``", ["0.73", "7"]),
        ("```\nx = 0.73\n```", ["0.73"]),
        ("    x = 0.73", ["0.73"]),
        ("<!-- 0.73 -->", []),
        ("[a link](https://example.org/0.73)", []),
        ("1. one\n\n   1) two\n\n      - 3\n", ["3"]),
        ("::: note Up by 7\nText.\n:::\n", ["7"]),
        ("[@may1976, p. 12] and @may1976 [fig. 3] and @fig-2", []),
        ("[^7] once\n\n[^7]: A note on 0.73.", ["0.73"]),
        ("| a | b |\n|---|--:|\n| 7 | 0.73 |\n\n: A table of 12. {#tbl-7}", ["12", "7", "0.73"]),
        ("$$\nx = 0.73\n$$ {#eq-7}", ["0.73"]),
        ("{% raw %}0.73{% endraw %}", ["0.73"]),
        ("0{{ fact('a.b') }}.73", ["0", "73"]),
        ("0\\.73", ["0.73"]),
        ("**7**3", ["7", "3"]),
        # in Chinese, between Chinese characters, and in full width
        ("共512个初值，占百分之73。", ["512", "73"]),
        ("占０．７３，即７３％", ["0.73", "73"]),
        ("二〇二六年", []),
        # digits that are none to a keyboard
        ("CO₂, C₁₂H₂₂O₁₁ and Ca(OH)₂, but 5₂", ["52"]),
        ("面积km², kg m⁻³, (s⁻¹), m²/s, but km³² and exam²", ["2", "2"]),
        ("½ of them, x², ①, 10⁻³, ٧", ["1⁄2", "2", "1", "10", "3", "٧"]),
        ("&frac34; &half; &#55; &#x37;", ["3⁄4", "1⁄2", "7", "7"]),
        # the ids of headings are not shown, but what looks like one elsewhere is
        ("## A {: #part-2}", []),
        # in formulas only what looks measured
        ("$2/\\lambda$, $\\eta\\lambda > 1$, $x_1^2$", []),
        ("$\\tfrac12 + \\frac34$", []),
        ("$\\lambda = 2.92$", ["2.92"]),
        ("$0{,}73$ or $0{.}73$ or $.73$", ["0{,}73", "0{.}73", ".73"]),
        ("$n = 512$ and $10^{-6}$", ["512", "10"]),
        ("$5\\%$ or $5 \\%$", ["5\\%", "5 \\%"]),
        ("$a$ 7 $b$", ["7"]),
        ("`$` 7 `$`", ["7"]),
        ("\\$7 and 8\\$", ["7", "8"]),
        ("```\n$ echo 7 $\n```", ["7"]),
        ("$a + b_2$ costs 7", ["7"]),
    ],
)
def test_literal_numbers_are_found(text: str, found: list[str]) -> None:
    assert [numeral.text for numeral in numerals(text, PATH, [])] == found


def test_numbers_stand_at_their_lines() -> None:
    source = """# Title {: #post}

{{ fact("a.b") }} one 1
{% call figure("a",
  alt="two 2 " ~ plain("c.d") ~ " three 3") %} four 4
five 5{% endcall %} six
$7.0$ and
$x
= 8.0$
"""
    found = {(numeral.text, numeral.place) for numeral in numerals(source, PATH, [])}
    assert found == {
        ("1", place(3)),
        ("2", place(5)),
        ("3", place(5)),
        ("4", place(5)),
        ("5", place(6)),
        ("7.0", place(7)),
        ("8.0", place(8)),
    }


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("In 2060 there were 6019 of 1920.", ["2060", "6019", "1920"]),
        ("It takes 205, 1601, 20.5 or 1.60.", ["205", "1601", "20.5", "1.60"]),
        ("In 2014, of 20 and of 160: 20.", []),
        ("Of $205$ and $1.20$, not $20$.", ["205", "1.20"]),
    ],
)
def test_an_allowed_number_is_no_part_of_a_longer_one(text: str, found: list[str]) -> None:
    allowed = ["20", "60", "19", "160", "2014"]
    assert [numeral.text for numeral in numerals(text, PATH, allowed)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("in float32 and BatchNorm1d", []),
        ("in float64", ["64"]),
        ("float32 and float320.73", ["320.73"]),
        ("$x_{12}$ and 12", ["12"]),
        ('{{ equation("a", alt="float32, 7") }}', ["7"]),
    ],
)
def test_allowed_strings_do_not_count(text: str, found: list[str]) -> None:
    allowed = ["float32", "BatchNorm1d", "x_{12}"]
    assert [numeral.text for numeral in numerals(text, PATH, allowed)] == found


def test_a_displayed_formula_is_held_to_the_same() -> None:
    found = formula_numerals("\\eta = \\tfrac12 \\cdot 0.73", "equations.yaml: x", [])
    assert [(numeral.text, numeral.place) for numeral in found] == [("0.73", "equations.yaml: x")]
    assert not formula_numerals("10^{-3}", "equations.yaml: x", ["10^{-3}"])


# --- files ---


def test_what_calls_of_facts_are_told_is_no_typed_number() -> None:
    text = (
        '# Title\n\n{{ measured("a.b", digits=2) }}, {{ range("a.b", "a.c", unit="m s^-1") }}, '
        '$x = {{ fact("a.b", digits=3) }}$, {{ count("a.b", of="a.c") }}, but 7 and 3–5.\n'
    )
    assert [numeral.text for numeral in numerals(text, PATH, [])] == ["7", "3", "5"]
    names = [quote.names for quote in quotes(text, PATH)]
    # A fact that a count is held to is quoted as well.
    assert names == [("a.b",), ("a.b", "a.c"), ("a.b",), ("a.b", "a.c")]


def test_the_numbers_of_steps_in_a_list_are_no_results() -> None:
    source = "1. First.\n\n   More.\n\n12. Twelfth, with 0.73.\n\nIn 1998. Not so.\n"
    assert [numeral.text for numeral in numerals(source, PATH, [])] == ["0.73", "1998"]


def test_a_file_that_is_missing_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"none\.md\n.*No such file"):
        read_source(tmp_path / "none.md")
    (tmp_path / "latin.md").write_bytes(b"na\xefve")
    with pytest.raises(UserError, match=r"latin\.md:1\n.*no UTF-8"):
        read_source(tmp_path / "latin.md")


def test_a_missing_word_is_named_with_its_file_and_key(tmp_path: Path) -> None:
    # The words of other languages are looked for beside this folder.
    path = tmp_path / "de" / "messages.yaml"
    path.parent.mkdir()
    path.write_text("axes: { step: Schritt }\ntitle: Titel\n", "utf-8")
    words: Any = read_messages(path)
    assert words["axes"]["step"] == "Schritt"
    for missing in ("axes.loss", "no"):
        found = re.escape(f"error: {path}\n  found:    no key '{missing}'")
        with pytest.raises(UserError, match=found):
            reduce(getitem, missing.split("."), words)


def test_all_words_that_a_language_lacks_are_named_at_once(tmp_path: Path) -> None:
    article = "{site: S, title: T, subtitle: U, description: D, keywords: [k]"
    for language, words in (
        ("en", "axes: { loss: loss, step: step }, claims: { works: It works. }"),
        ("zh", "axes: { step: 步 }, units: { day: { other: '{number} 天' } }"),
    ):
        path = tmp_path / language / "messages.yaml"
        path.parent.mkdir()
        path.write_text(f"{article}, {words}}}\n", "utf-8")
    with pytest.raises(UserError) as caught:
        read_messages(tmp_path / "zh" / "messages.yaml")["axes"]["loss"]
    found = (
        f"error: {tmp_path}/zh/messages.yaml\n  found:    no key 'axes.loss', nor 'claims.works'\n"
    )
    assert str(caught.value).startswith(found)
    with pytest.raises(UserError, match=r"no key 'claims\.fails', nor 'units\.day'\n"):
        read_messages(tmp_path / "en" / "messages.yaml")["claims"]["fails"]


def test_words_of_a_language_that_the_theme_does_not_know_are_named(tmp_path: Path) -> None:
    path = tmp_path / "fr" / "messages.yaml"
    path.parent.mkdir()
    path.write_text("site: S\n", "utf-8")
    with pytest.raises(UserError) as caught:
        _ = read_messages(path)["contents"]
    for key in ("'contents', nor", "'labels.figure'", "'title'"):
        assert key in str(caught.value)


def test_words_that_are_no_mapping_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "messages.yaml"
    path.write_text("[a, b]\n", "utf-8")
    with pytest.raises(UserError, match="words by key"):
        read_messages(path)


@pytest.mark.parametrize(
    ("words", "where", "found"),
    [
        ("units: { deck: { one: '{number} deck', other: decks } }", "units.deck.other", "'decks'"),
        ("units: { deck: decks }", "units.deck.other", "'decks'"),
        ("title: What a $p$ value is", "title", "the markup $p$"),
        ("subtitle: A *new* one", "subtitle", "the markup *new*"),
        ("title: How **many", "title", "the markup **many"),
        ("title: What `sort` costs", "title", "the markup `"),
    ],
)
def test_words_that_would_lose_a_number_or_show_markup_are_refused(
    tmp_path: Path, words: str, where: str, found: str
) -> None:
    path = tmp_path / "messages.yaml"
    path.write_text(words, "utf-8")
    with pytest.raises(UserError) as caught:
        read_messages(path)
    assert str(caught.value).startswith(f"error: {path}: {where}\n")
    assert found in str(caught.value)


@pytest.mark.parametrize(
    ("words", "where", "expected"),
    [
        ("references: { heads: [Call] }", "references", "a text, as 'References'"),
        ("credit: { software: { name: code } }", "credit: software", "a text, as 'software'"),
        ("credit: our roles", "credit", "words by key"),
    ],
)
def test_words_of_ones_own_cannot_take_the_key_of_words_of_another_kind(
    tmp_path: Path, words: str, where: str, expected: str
) -> None:
    path = tmp_path / "en" / "messages.yaml"
    path.parent.mkdir()
    path.write_text(words, "utf-8")
    with pytest.raises(UserError) as caught:
        read_messages(path)
    assert str(caught.value).startswith(f"error: {path}: {where}\n")
    assert f"expected: {expected}" in str(caught.value)


def test_words_may_hold_prices_stars_and_numbers_that_are_words(tmp_path: Path) -> None:
    path = tmp_path / "messages.yaml"
    words = "title: A* from $5 to $10\nunits: { deck: { '1': a deck, other: '{number} decks' } }"
    path.write_text(words, "utf-8")
    assert read_messages(path)["units"]["deck"]["1"] == "a deck"


def test_words_flatten_to_dotted_keys() -> None:
    values = {"a": {"b": {"c": "x"}, "d": 7}, "e": ["f", "g"]}
    assert list(flatten(values)) == [("a.b.c", "x"), ("a.d", "7"), ("e", "['f', 'g']")]


def test_an_article_may_add_calls_of_its_own() -> None:
    own = {"chart": SimpleNamespace(form=calls.Form("figure", alt=True, block=True))}
    marked.cache_clear()
    source = '{% call chart("tides", alt="a curve") %}High water.{% endcall %}'
    with mock.patch.object(calls, "article_value", lambda *_: own):
        (quote,) = quotes(source, Path("section.md"))
    assert (quote.kind, quote.names) == ("figure", ("tides",))
    marked.cache_clear()
    with pytest.raises(UserError, match="a call of chart"):
        quotes(source, Path("section.md"))


def test_a_call_of_an_article_takes_no_name_of_the_generator() -> None:
    own = {"cite": SimpleNamespace(form=calls.Form("citation"))}
    with (
        mock.patch.object(calls, "article_value", lambda *_: own),
        pytest.raises(UserError, match=r"report/calls\.py: cite"),
    ):
        forms()

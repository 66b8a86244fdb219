"""Each way in which two languages can say different things is told with both places."""

from __future__ import annotations

from pathlib import Path

import pytest

from juchi.check.translation_check import Prose, differences, message_differences
from juchi.prose.reading import headings, quotes

SECTION = """# Title {: #post}

{% call figure("one", alt="x") %}caption {{ fact("a.b") }}{% endcall %}
{% call table("two") %}caption{% endcall %}
{{ equation("three", alt="x") }}
{{ listing("four") }}
{% call claim("five", "refuted") %}{{ fact("c.d") }} {{ cite("six", "seven") }}{% endcall %}
{{ ref("fig-one") }}{% call footnote() %}a note{% endcall %}
"""


def prose(language: str, source: str) -> Prose:
    path = Path(f"templates/{language}/post.md")
    return Prose(language, {"post": headings(source, path)}, quotes(source, path))


def told(changed: str) -> list[str]:
    return list(differences(prose("en", SECTION), prose("zh", changed)))


def test_prose_that_agrees_has_no_differences() -> None:
    assert told(SECTION) == []


def test_a_fact_may_change_places_with_a_citation() -> None:
    old = '{{ fact("c.d") }} {{ cite("six", "seven") }}'
    assert told(SECTION.replace(old, '{{ cite("six", "seven") }}{{ fact("c.d") }}')) == []


@pytest.mark.parametrize(
    ("old", "new", "kind", "here", "there"),
    [
        ('figure("one"', 'figure("other"', "figure", "one at {en}:3", "other at {zh}:3"),
        ('table("two"', 'table("other"', "table", "two at {en}:4", "other at {zh}:4"),
        ('equation("three"', 'equation("other"', "equation", "three at {en}:5", "other at {zh}:5"),
        ('listing("four"', 'listing("other"', "listing", "four at {en}:6", "other at {zh}:6"),
        (
            'claim("five", "refuted"',
            'claim("five", "supported"',
            "evidence",
            "five, refuted at {en}:7",
            "five, supported at {zh}:7",
        ),
        ('fact("c.d")', 'plain("c.e")', "fact", "c.d at {en}:7", "c.e at {zh}:7"),
        (
            'cite("six", "seven")',
            'cite("six")',
            "citation",
            "six, seven at {en}:7",
            "six at {zh}:7",
        ),
        ('ref("fig-one")', 'ref("tab-two")', "reference", "fig-one at {en}:8", "tab-two at {zh}:8"),
        (
            "{% call footnote() %}a note{% endcall %}",
            "",
            "footnote",
            "footnote at {en}:8",
            "nothing more in 'zh'",
        ),
        (
            "{% call footnote() %}a note{% endcall %}",
            "{% call reasoning() %}{% call footnote() %}a note{% endcall %}{% endcall %}",
            "evidence",
            "nothing more in 'en'",
            "reasoning at {zh}:8",
        ),
        (
            '{{ fact("c.d") }}',
            '{{ fact("c.d") }} {{ fact("c.d") }}',
            "fact",
            "nothing more in 'en'",
            "c.d at {zh}:7",
        ),
    ],
)
def test_a_different_quote_is_told_with_both_places(
    old: str, new: str, kind: str, here: str, there: str
) -> None:
    places = {"en": "templates/en/post.md", "zh": "templates/zh/post.md"}
    expected = f"parity: {kind} differs: {here}; {there}".format(**places)
    assert told(SECTION.replace(old, new)) == [expected]


def test_the_kinds_of_evidence_follow_each_other_alike() -> None:
    marks = "{% call reasoning() %}a{% endcall %} {% call definition() %}b{% endcall %}"
    swapped = "{% call definition() %}a{% endcall %} {% call reasoning() %}b{% endcall %}"
    first, other = (prose(code, SECTION + text) for code, text in (("en", marks), ("zh", swapped)))
    assert list(differences(first, other)) == [
        "parity: evidence differs: reasoning at templates/en/post.md:9; "
        "definition at templates/zh/post.md:9"
    ]


def test_plain_and_full_quotes_of_a_fact_are_alike() -> None:
    assert told(SECTION.replace('fact("c.d")', 'plain("c.d")')) == []


def test_only_the_first_of_a_row_of_differences_is_told() -> None:
    source = SECTION.replace('{{ fact("a.b") }}', "")
    (message,) = told(source)
    assert "a.b at templates/en/post.md:3; c.d at templates/zh/post.md:7" in message


def test_different_headings_are_told_with_both_lists() -> None:
    (message,) = told(SECTION + "\n## More {: #more}\n")
    assert message == (
        "parity: section 'post' has the headings post in 'en' and post, more in 'zh'"
    )


@pytest.mark.parametrize(
    ("english", "chinese", "expected"),
    [
        ({"a": {"b": "x"}}, {"a": {"b": "y"}}, []),
        (
            {"a": {"b": "x", "c": "x"}},
            {"a": {"b": "y"}},
            ["parity: templates/zh/messages.yaml lacks the key 'a.c'"],
        ),
        (
            {"a": {"b": "x"}},
            {"a": "y"},
            [
                "parity: templates/en/messages.yaml lacks the key 'a'",
                "parity: templates/zh/messages.yaml lacks the key 'a.b'",
            ],
        ),
        # A quotation needs no translation in its own language.
        ({"a": "x", "translations": {"b": ["x"]}}, {"a": "y"}, []),
        # Languages have different plurals, but each has some form of each unit.
        ({"units": {"step": {"one": "x", "other": "x"}}}, {"units": {"step": {"other": "y"}}}, []),
        (
            {"units": {"step": {"one": "x"}, "year": {"other": "x"}}},
            {"units": {"step": {"other": "y"}}},
            ["parity: templates/zh/messages.yaml lacks the key 'units.year'"],
        ),
    ],
)
def test_a_key_that_one_language_lacks_is_told(
    english: dict[str, object], chinese: dict[str, object], expected: list[str]
) -> None:
    assert list(message_differences({"en": english, "zh": chinese})) == expected

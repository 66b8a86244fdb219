"""The configuration: what is read, what is laid over it, and what each mistake is told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from juchi.core.errors import UserError
from juchi.plan.settings import SUBJECTS, canonical, load_settings, merge, read_subject
from juchi.plan.yaml_files import read_yaml
from tests.declared import ROOT

GONE = object()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Give a copy of the configuration, to make mistakes in."""
    return Path(shutil.copytree(ROOT / "config", tmp_path / "config"))


def put(path: Path, *keys: str, value: Any) -> None:
    """Write `value` into a YAML file where `keys` lead; GONE takes the key out."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    place = content
    for key in keys[:-1]:
        place = place[key]
    place[keys[-1]] = value
    if value is GONE:
        del place[keys[-1]]
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def refusal(config: Path, overlay: dict[str, Any] | None = None) -> str:
    with pytest.raises(UserError) as refused:
        load_settings(config, overlay or {})
    return str(refused.value)


def test_every_subject_is_read_and_as_it_stands() -> None:
    settings = load_settings(ROOT / "config", {})
    assert tuple(settings) == SUBJECTS
    assert settings["experiments"]["common"]["inputs"] == [10, 2, 11, 21]
    assert settings["experiments"]["variants"]["seed"] == {}


@pytest.mark.parametrize(
    ("keys", "value", "parts"),
    [
        pytest.param(
            ["experiments", "common", "momentun"],
            0,
            ["common.momentun", "unknown key 'momentun'", "learning_rate", "mean 'momentum'?"],
            id="a typing error, and the nearest key",
        ),
        pytest.param(
            ["experiments", "variants", "seed", "xyzzy"],
            1,
            ["variants.seed.xyzzy", "unknown key 'xyzzy'", "way out:  remove the key"],
            id="an unknown key that is near to none",
        ),
        pytest.param(
            ["article", "slug"],
            GONE,
            [": slug\n", "no such key", "name of the PDF files", "add the key 'slug'"],
            id="a missing key",
        ),
        pytest.param(
            ["article", "languages", "en", "tag"],
            GONE,
            ["languages.en.tag", "no such key", "language tag", "add the key 'tag'"],
            id="a missing key, deep",
        ),
        pytest.param(
            ["experiments", "common", "steps"],
            "a hundred",
            ["common.steps", '"a hundred"', "number of updates", '"integer"'],
            id="a wrong type",
        ),
        pytest.param(
            ["experiments", "common", "momentum"],
            1,
            ["common.momentum", "found:    1\n", "beta, from 0 to less than 1"],
            id="out of range",
        ),
        pytest.param(
            ["experiments", "common", "inputs"],
            [1, 2, "three"],
            ["common.inputs.2", '"three"', "an input"],
            id="an item of a list",
        ),
        pytest.param(
            ["experiments", "variants", "seed"],
            None,
            ["variants.seed", "found:    null", "what one variant changes"],
            id="nothing where a mapping is due",
        ),
        pytest.param(
            ["facts", "named", "seed.w_star", "setting"],
            "momentum",
            ["named.seed.w_star", "exactly one source"],
            id="two sources of one fact",
        ),
    ],
)
def test_a_mistake_is_named_by_its_key(
    config: Path, keys: list[str], value: Any, parts: list[str]
) -> None:
    path = config / f"{keys[0]}.yaml"
    put(path, *keys[1:], value=value)
    message = refusal(config)
    for part in [f"error: {path}: ", *parts]:
        assert part in message


def test_a_number_that_yaml_reads_as_text_is_shown_as_text(config: Path) -> None:
    """YAML 1.1 wants a dot: 5.0e-2."""
    path = config / "experiments.yaml"
    put(path, "common", "learning_rate", value=0.125)
    path.write_text(path.read_text("utf-8").replace("0.125", "125e-3"), encoding="utf-8")
    assert 'common.learning_rate\n  found:    "125e-3"\n  expected: eta' in refusal(config)


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        pytest.param("a: 1\nb: [1, 2\nc: 3\n", 3, "expected ',' or ']'", id="broken"),
        pytest.param("a: 1\n\tb: 2\n", 2, "found a tab character", id="a tab"),
        pytest.param("a: 1\nb: 2\na: 3\n", 3, "the key 'a' stands twice", id="twice"),
        pytest.param("x:\n  a: 1\n  b:\n    c: 1\n    c: 2\n", 5, "the key 'c'", id="twice, deep"),
        pytest.param("en: 1\nno: 2\n", 2, "the key False is no text", id="a word YAML knows"),
        pytest.param("a:\n  1: x\n", 2, "the key 1 is no text: put it in quotes", id="a number"),
        pytest.param("a: {{ fact }}\n", 1, "is no text", id="a template"),
        pytest.param('a: 1\nb: "x\\rTY"\n', 2, "control character '\\r'", id="a return"),
        pytest.param('a: "x\\0"\n', 1, "control character '\\x00'", id="a zero"),
        pytest.param('a: "x\\L"\n', 1, "control character '\\u2028'", id="a line separator"),
        pytest.param('"a\\n": 1\n', 1, "'a\\n' has a line break", id="a name of two lines"),
    ],
)
def test_what_is_no_yaml_is_named_by_its_line(
    tmp_path: Path, text: str, line: int, found: str
) -> None:
    path = tmp_path / "words.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as refused:
        read_yaml(path)
    assert f"error: {path}:{line}\n" in str(refused.value)
    assert found in str(refused.value)


def test_a_file_that_is_missing_or_not_utf8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "words.yaml"
    with pytest.raises(UserError, match=r"words\.yaml\n.*No such file"):
        read_yaml(path)
    path.write_bytes("name: 名".encode("gb18030"))
    with pytest.raises(UserError, match=r"words\.yaml\n.*utf-8"):
        read_yaml(path)


def test_an_empty_file_is_refused(config: Path) -> None:
    (config / "thresholds.yaml").write_text("", encoding="utf-8")
    assert "thresholds.yaml\n  found:    null\n" in refusal(config)


def test_an_overlay_changes_what_it_names_and_nothing_else() -> None:
    overlay = {"experiments": {"common": {"starts": 64}, "variants": {"listing": {"starts": 16}}}}
    plain, laid = (load_settings(ROOT / "config", each) for each in ({}, overlay))
    assert laid["experiments"]["common"].pop("starts") == 64
    assert laid["experiments"]["variants"]["listing"].pop("starts") == 16
    assert plain["experiments"]["common"].pop("starts") != 64
    assert plain["experiments"]["variants"]["listing"].pop("starts") != 16
    assert laid == plain


def test_the_smoke_overlay_is_one() -> None:
    overlay = read_yaml(ROOT / "config" / "smoke.yaml")
    assert load_settings(ROOT / "config", overlay) != load_settings(ROOT / "config", {})


@pytest.mark.parametrize(
    ("overlay", "parts"),
    [
        ({"experiment": {}}, ["overlay: experiment", "one of experiments,", "'experiments'?"]),
        ({1: {}}, ["overlay: 1\n", "unknown key 1"]),
        (
            {"experiments": {"common": {"stps": 3}}},
            ["the overlay of", "experiments.yaml: common.stps", "did you mean 'steps'?"],
        ),
        ({"article": 3}, ["the overlay of", "article.yaml\n", "found:    3\n"]),
    ],
    ids=["unknown subject", "no text", "unknown key", "no mapping"],
)
def test_a_mistake_in_the_overlay_is_not_laid_on_the_file(
    overlay: dict[Any, Any], parts: list[str]
) -> None:
    message = refusal(ROOT / "config", overlay)
    for part in parts:
        assert part in message


@pytest.mark.parametrize(
    ("base", "overlay", "expected"),
    [
        ({"a": 1, "b": 2}, {"b": 3}, {"a": 1, "b": 3}),
        ({"a": {"x": 1, "y": 2}}, {"a": {"y": 3}}, {"a": {"x": 1, "y": 3}}),
        ({"a": [1, 2, 3]}, {"a": [4]}, {"a": [4]}),
        ({"a": {"x": 1}}, {"a": 2}, {"a": 2}),
        ({"a": 1}, {"b": {"c": 2}}, {"a": 1, "b": {"c": 2}}),
        ({"a": 1}, {"a": None}, {"a": None}),
    ],
)
def test_merging_goes_key_by_key(base: Any, overlay: Any, expected: Any) -> None:
    before = json.dumps(base)
    assert merge(base, overlay) == expected
    assert json.dumps(base) == before


def test_a_subject_outside_the_settings_is_read_by_the_same_rules(config: Path) -> None:
    assert "Inter" in read_subject(config, "fonts")["families"]
    put(config / "fonts.yaml", "famlies", value={})
    with pytest.raises(UserError, match=r"fonts\.yaml: famlies\n(.*\n)*.*did you mean 'families'"):
        read_subject(config, "fonts")


def test_canonical_text_depends_on_values_and_not_on_their_order() -> None:
    one = {"b": [1, {"y": 2, "x": "字"}], "a": None}
    other = {"a": None, "b": [1, {"x": "字", "y": 2}]}
    assert canonical(one) == canonical(other) == '{"a":null,"b":[1,{"x":"字","y":2}]}'
    assert canonical([1, 2]) != canonical([2, 1])

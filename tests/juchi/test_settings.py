"""The configuration: what is read, what is laid over it, and what each mistake is told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from juchi.core.errors import UserError
from juchi.core.theme import THEME
from juchi.plan.article_model import Article
from juchi.plan.settings import SUBJECTS, canonical, load_settings, merge, read_subject
from juchi.plan.yaml_files import read_yaml

ROOT = Path(__file__).parents[2]
GONE = object()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Give a copy of the configuration, with typefaces of its own, to make mistakes in."""
    config = Path(shutil.copytree(ROOT / "config", tmp_path / "config"))
    shutil.copy(THEME / "fonts.yaml", config)
    return config


def put(path: Path, *keys: str, value: Any) -> None:
    """Write `value` into a YAML file where `keys` lead; GONE takes the key out."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    place = content
    for key in keys[:-1]:
        place = place[key]
    place[keys[-1]] = value
    if value is GONE:
        del place[keys[-1]]
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
    path.write_text(text, encoding="utf-8")


def refusal(config: Path, overlay: dict[str, Any] | None = None) -> str:
    with pytest.raises(UserError) as refused:
        load_settings(config, overlay or {})
        for subject in ("fonts", "tolerances"):
            read_subject(config, subject)
    return str(refused.value)


def test_every_subject_is_read_and_as_it_stands() -> None:
    settings = load_settings(ROOT / "config", {})
    assert tuple(settings) == SUBJECTS
    one_weight = settings["experiments"]["experiments"]["one_weight"]
    assert one_weight["common"]["inputs"] == [10, 2, 11, 21]
    assert one_weight["configurations"]["post"] == {}


@pytest.mark.parametrize(
    ("keys", "value", "parts"),
    [
        pytest.param(
            ["experiments", "experiments", "cobweb", "comon"],
            {},
            [
                "experiments.cobweb.comon",
                "unknown key 'comon'",
                "one of common, ",
                "mean 'common'?",
            ],
            id="a typing error, and the nearest key",
        ),
        pytest.param(
            ["facts", "xyzzy"],
            1,
            [": xyzzy\n", "unknown key 'xyzzy'", "hint:     remove the key"],
            id="an unknown key that is near to none",
        ),
        pytest.param(
            ["facts", "line.slope"],
            {"file": "model.json", "key": "slope"},
            [": line.slope\n", "unknown key 'line.slope'", "hint:     put it under `named:`"],
            id="a fact that stands beside the others",
        ),
        pytest.param(
            ["article", "slug"],
            GONE,
            [": slug\n", "no such key", "name of the PDF files", "add the key 'slug'"],
            id="a missing key",
        ),
        pytest.param(
            ["article", "licence", "text_url"],
            GONE,
            ["licence.text_url", "no such key", "address", "add the key 'text_url'"],
            id="a missing key, deep",
        ),
        pytest.param(
            ["fonts", "families", "Inter", "faces"],
            "a hundred",
            ["families.Inter.faces", '"a hundred"', "the weights and styles", '"array"'],
            id="a wrong type",
        ),
        pytest.param(
            ["facts", "confidence"],
            1,
            ["confidence", "found:    1\n", "the level of all intervals", "exclusiveMaximum: 1"],
            id="out of range",
        ),
        pytest.param(
            ["article", "sections"],
            ["seen", 2],
            ["sections.1", "found:    2\n", "a name (lower case", '"string"'],
            id="an item of a list",
        ),
        pytest.param(
            ["article", "sections"],
            ["seen", "listing", "seen"],
            ["sections", '["seen", "listing", "seen"]', "sections in order", "uniqueItems: true"],
            id="an item that stands twice",
        ),
        pytest.param(
            ["article", "claims", "sigmoid_range"],
            None,
            ["claims.sigmoid_range", "found:    null"],
            id="nothing where a mapping is due",
        ),
        pytest.param(
            ["facts", "named", "post.w_star", "setting"],
            "momentum",
            ["named.post.w_star", "key and setting", "exactly one source"],
            id="two sources of one fact",
        ),
        pytest.param(
            ["facts", "named", "post.w_star"],
            {"digits": 2},
            ["named.post.w_star", "no source", "exactly one source"],
            id="a fact without a source",
        ),
        pytest.param(
            ["facts", "named", "post.w_star"],
            {"key": "w_star", "where": {"start": 1}},
            ["named.post.w_star.where", "where beside key", "where beside column"],
            id="rows of a single number",
        ),
        pytest.param(
            ["facts", "named", "post.w_star"],
            {"column": "w_star"},
            ["named.post.w_star.statistic", "no such key", "add the key 'statistic'"],
            id="a column without a statistic",
        ),
        pytest.param(
            ["facts", "named", "post.w_star"],
            {"column": "w_star", "where": {"start": 1}},
            ["mean, share, count", "`statistic: largest` is its value"],
            id="a row without a statistic",
        ),
        pytest.param(
            ["facts", "named", "w_star"],
            {"key": "w_star"},
            [
                "named.w_star",
                "the name 'w_star'",
                "two plain names with a dot between",
                "rename the key",
            ],
            id="a fact of nothing",
        ),
        pytest.param(
            ["article", "tables", "outcomes", "rows"],
            ["post", "tahn"],
            ["tables.outcomes.rows.1", "unknown configuration 'tahn'", "did you mean 'tanh'?"],
            id="a row that is no configuration",
        ),
        pytest.param(
            ["article", "tables", "outcomes"],
            None,
            ["tables.outcomes.rows", "no such key", "add the key 'rows'"],
            id="a table that is told nothing of its rows",
        ),
        pytest.param(
            ["article", "figures", "made"],
            {"picture": "results/a.{theme}.eps"},
            [
                "figures.made.picture",
                '"results/a.{theme}.eps"',
                "end in one of .svg, .png, .jpg",
            ],
            id="a picture in a format that is not shown",
        ),
        pytest.param(
            ["article", "figures", "made"],
            {"picture": "results/a b.svg"},
            ["figures.made.picture", '"results/a b.svg"', "(pattern: "],
            id="a picture with a space in its name",
        ),
        pytest.param(
            ["article", "live", "cases"],
            ["post", "tahn"],
            ["live.cases.1", "unknown configuration 'tahn'", "tanh_small_step"],
            id="an unknown case of the live model",
        ),
        pytest.param(
            ["article", "live", "controls", "weight", "per_decade"],
            3,
            ["live.controls.weight", "step and per_decade", "keep one of the two"],
            id="a control with two kinds of steps",
        ),
        pytest.param(
            ["tolerances", "facts"],
            [{"facts": ["*"], "why": "nothing says how far apart"}],
            ["facts.0", "no measure", "at least one of absolute"],
            id="a tolerance of nothing",
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
    path = config / "facts.yaml"
    put(path, "confidence", value=0.125)
    path.write_text(path.read_text("utf-8").replace("0.125", "125e-3"), encoding="utf-8")
    assert 'confidence\n  found:    "125e-3"\n  expected: the level' in refusal(config)


def test_a_number_that_is_none_is_refused(config: Path) -> None:
    put(config / "facts.yaml", "confidence", value=float("nan"))
    assert "confidence\n  found:    NaN\n  expected: the level" in refusal(config)


def test_an_article_may_leave_out_nearly_everything(config: Path) -> None:
    path = config / "article.yaml"
    whole = yaml.safe_load(path.read_text("utf-8"))
    required = ("slug", "version", "date", "author", "sections", "languages")
    least = {key: whole[key] for key in required}
    path.write_text(yaml.safe_dump(least), encoding="utf-8")
    read = read_subject(config, "article")
    assert read.keys() == Article.model_fields.keys()
    assert {key: read[key] for key in required if key != "languages"} == {
        key: least[key] for key in required if key != "languages"
    }
    assert read["languages"]["zh"]["tag"] == "zh-Hans"
    assert read["repository"] is read["licence"] is read["live"] is None
    assert read["tables"] == read["figures"] == read["claims"] == {}
    assert read["permanent"] == "v{version}/"


def test_experiments_facts_and_thresholds_may_be_none(config: Path) -> None:
    for subject, filled in (
        ("experiments", {"preset": "default", "experiments": {}, "analyses": {}}),
        ("facts", {"confidence": 0.95, "every": {}, "named": {}, "together": {}}),
        ("thresholds", {}),
    ):
        (config / f"{subject}.yaml").write_text("{}", encoding="utf-8")
        assert read_subject(config, subject) == filled


def test_values_stay_as_they_are_written_and_in_their_order(config: Path) -> None:
    path = config / "experiments.yaml"
    put(path, "experiments", "cobweb", "common", "steps", value=1)
    put(path, "experiments", "cobweb", "configurations", value={"b": None, "a": {"x": 1.0}})
    cobweb = read_subject(config, "experiments")["experiments"]["cobweb"]
    assert repr(cobweb["common"]["steps"]) == "1"
    assert repr(cobweb["configurations"]) == "{'b': None, 'a': {'x': 1.0}}"


def test_what_is_read_is_the_reader_s_own(config: Path) -> None:
    put(config / "article.yaml", "earlier", value=GONE)
    read_subject(config, "article")["earlier"].append("spoilt")
    assert read_subject(config, "article")["earlier"] == []


def test_a_date_needs_no_quotes(config: Path) -> None:
    path = config / "article.yaml"
    path.write_text(path.read_text("utf-8").replace('"2026-11-26"', "2026-11-26"), "utf-8")
    assert read_subject(config, "article")["date"] == "2026-11-26"


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        pytest.param("a: 1\nb: [1, 2\nc: 3\n", 2, "a bracket that is closed by ]", id="broken"),
        pytest.param("a: 1\n\tb: 2\n", 2, "indented with a tab", id="a tab"),
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
    path = tmp_path / "messages.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as refused:
        read_yaml(path)
    assert f"error: {path}:{line}\n" in str(refused.value)
    assert found in str(refused.value)


def test_a_file_that_is_missing_or_not_utf8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "messages.yaml"
    with pytest.raises(UserError, match=r"messages\.yaml\n.*No such file"):
        read_yaml(path)
    path.write_bytes("name: 名".encode("gb18030"))
    with pytest.raises(UserError, match=r"messages\.yaml:1\n.*no UTF-8"):
        read_yaml(path)


def test_an_empty_file_is_refused(config: Path) -> None:
    (config / "thresholds.yaml").write_text("", encoding="utf-8")
    assert "thresholds.yaml\n  found:    null\n" in refusal(config)


def test_an_overlay_changes_what_it_names_and_nothing_else() -> None:
    changes = {"common": {"starts": 64}, "configurations": {"listing": {"starts": 16}}}
    overlay = {"experiments": {"experiments": {"one_weight": changes}}}
    plain, laid = (load_settings(ROOT / "config", each) for each in ({}, overlay))
    starts = []
    for settings in (plain, laid):
        one_weight = settings["experiments"]["experiments"]["one_weight"]
        listing = one_weight["configurations"]["listing"]
        starts.append((one_weight["common"].pop("starts"), listing.pop("starts")))
    assert starts == [(512, 256), (64, 16)]
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
            {"experiments": {"experimets": {}}},
            ["the overlay of", "experiments.yaml: experimets", "did you mean 'experiments'?"],
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


@pytest.mark.parametrize("version", ["0.3.0", "0.2", "0"])
def test_an_article_for_this_generator_or_an_older_one_is_read(config: Path, version: str) -> None:
    put(config / "article.yaml", "generator", value=version)
    assert read_subject(config, "article")["generator"] == version


@pytest.mark.parametrize("version", ["0.3.1", "0.10", "1"])
def test_an_article_for_a_newer_generator_is_refused_before_all_else(
    config: Path, version: str
) -> None:
    put(config / "article.yaml", "generator", value=version)
    put(config / "article.yaml", "a_key_of_tomorrow", value=1)
    told = refusal(config)
    assert told.startswith(f"error: {config / 'article.yaml'}: generator\n")
    assert f"an article for Juchi {version}, read by Juchi 0.3.0" in told


def test_a_language_says_only_what_the_theme_does_not_know_of_it(config: Path) -> None:
    put(config / "article.yaml", "languages", value={"en": {"name": "British English"}, "zh": None})
    languages = read_subject(config, "article")["languages"]
    assert list(languages) == ["en", "zh"]
    assert (languages["en"]["name"], languages["en"]["tag"]) == ("British English", "en")


def test_of_an_unknown_language_everything_has_to_be_said(config: Path) -> None:
    put(config / "article.yaml", "languages", "eo", value={"name": "Esperanto"})
    assert "languages.eo.tag\n" in refusal(config)


def test_no_file_but_that_of_the_article_has_to_be_there(config: Path) -> None:
    for path in config.glob("*.yaml"):
        if path.name != "article.yaml":
            path.unlink()
    put(config / "article.yaml", "tables", value={})
    put(config / "article.yaml", "live", value=None)
    settings = load_settings(config, {})
    assert settings["facts"]["named"] == settings["experiments"]["experiments"] == {}
    assert "Inter" in read_subject(config, "fonts")["families"]
    (config / "article.yaml").unlink()
    assert "No such file" in refusal(config)

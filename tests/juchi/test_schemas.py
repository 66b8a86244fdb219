"""What editors and authors are told of the configuration follows from its models."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import jsonschema
import pytest

from juchi.core.theme import THEME
from juchi.plan.reference import reference
from juchi.plan.schemas import main, schemas
from juchi.plan.subjects import SUBJECTS
from juchi.plan.yaml_files import read_yaml

ROOT = Path(__file__).parents[2]
SCHEMAS = schemas()


@pytest.mark.parametrize("subject", SUBJECTS)
def test_an_editor_is_told_of_a_file_what_the_build_holds_it_against(subject: str) -> None:
    path = ROOT / "config" / f"{subject}.yaml"
    if not path.is_file():
        path = THEME / f"{subject}.yaml"
    above = "../" * len(path.relative_to(ROOT).parent.parts)
    named = f"# yaml-language-server: $schema={above}build/schemas/{subject}.schema.json\n"
    assert path.read_text("utf-8").startswith(named)
    schema = SCHEMAS[subject]
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(read_yaml(path))


@pytest.mark.parametrize(
    ("subject", "keys"),
    [
        ("article", ["languages", "en", "xyzzy"]),
        ("article", ["languages", "E N"]),
        ("article", ["live", "controls", "xyzzy"]),
        ("article", ["tables", "outcomes", "xyzzy"]),
        ("experiments", ["experiments", "one_weight", "common", "xyzzy"]),
        ("experiments", ["experiments", "one_weight", "configurations", "post", "xyzzy"]),
        ("experiments", ["analyses", "comparison", "xyzzy"]),
        ("facts", ["named", "post.steps", "xyzzy"]),
    ],
)
def test_an_editor_marks_an_unknown_key(subject: str, keys: list[str]) -> None:
    values = read_yaml(ROOT / "config" / f"{subject}.yaml")
    place = values
    for key in keys[:-1]:
        place = place[key]
    place[keys[-1]] = {}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMAS[subject]).validate(values)


def test_the_reference_has_the_keys_of_a_value_that_may_be_short_or_a_mapping() -> None:
    """Figures, tables of data, columns, affiliations: all may be told in a word, or by keys."""
    text = reference(SCHEMAS)
    for key in (
        "figures.<name>.picture",
        "tables.<name>.data",
        "tables.<name>.columns[].head",
        "authors[].affiliations[].name",
    ):
        assert text.count(f"\n| `{key}` |") == 1


def test_the_reference_of_all_keys_is_up_to_date() -> None:
    text = (ROOT / "docs" / "configuration.md").read_text("utf-8")
    assert text == reference(SCHEMAS), "out of date: run `make schemas`"


def test_every_key_is_described() -> None:
    for line in reference(SCHEMAS).splitlines():
        if line.startswith("| `"):
            assert len(line.rstrip(" |").rpartition(" | ")[2]) > 3, line


def test_the_command_writes_a_schema_of_each_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "configuration.md"
    options = ["--output", str(tmp_path / "schemas"), "--reference", str(page)]
    monkeypatch.setattr(sys, "argv", ["schemas", *options])
    main()
    written = {path.name.partition(".")[0]: path for path in (tmp_path / "schemas").iterdir()}
    assert {name: json.loads(path.read_text("utf-8")) for name, path in written.items()} == SCHEMAS
    assert page.read_text("utf-8") == reference(SCHEMAS)

"""What an experiment is given and does not take is told by its key, never as a traceback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from juchi.core.errors import UserError
from juchi.plan.models import Model
from juchi.results.experiment import Result, experiment_command
from juchi.results.layout import PARTS


class Outbreak(Model):
    """Of an outbreak: its name, and for how many days it is followed."""

    name: str
    days: int


def carry_out(monkeypatch: pytest.MonkeyPatch, folder: Path, settings: dict[str, Any]) -> None:
    files = [each for part in PARTS for each in (f"--{part}", str(folder / f"mild.{part}.json"))]
    arguments = ["experiment", "--settings", json.dumps({"name": "mild", **settings}), *files]
    monkeypatch.setattr("sys.argv", arguments)
    experiment_command("An outbreak.", Outbreak, lambda settings: Result())


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"day": 5}, ["mild.day\n", "an unknown key 'day'", "the keys days", "days"]),
        ({}, ["mild.days\n", "no key 'days'", "add it"]),
        ({"days": "five"}, ["mild.days\n", "'five'", "integer", "correct the value"]),
    ],
)
def test_a_setting_that_the_experiment_does_not_take_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: dict[str, Any], said: list[str]
) -> None:
    with pytest.raises(UserError) as refused:
        carry_out(monkeypatch, tmp_path, settings)
    assert str(refused.value).startswith("error: config/experiments.yaml: mild.")
    for words in said:
        assert words in str(refused.value)
    assert list(tmp_path.iterdir()) == []

"""How far rounding parts two runs, checked against exact arithmetic and against worst cases."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from experiments import engine
from experiments.initial_parameters import default_weights
from experiments.objective import Objective
from experiments.settings import OneWeight, TrajectoryComparisonSettings
from experiments.trajectories import as_columns
from experiments.trajectory_comparison import (
    analyse,
    compare,
    first_parting,
    meaningful_steps,
    rounding_error,
)
from juchi.core.errors import UserError
from juchi.core.records import write_json
from juchi.core.tables import write_table
from juchi.results.experiment import Inputs, StoredResult
from tests.declared import ONE_WEIGHT, shortened

Array = NDArray[np.float64]

UNIT = np.spacing(1.0)
SETTINGS = TrajectoryComparisonSettings(
    name="trajectory_comparison",
    source="post",
    control="control",
    listing="listing",
    together_tolerance=1e-3,
    meaningful_error=1e-6,
)


def exact_run(configuration: OneWeight, weight: float) -> Array:
    """Descend with 60 digits, from the float64 data that the engine has."""
    objective = Objective(configuration)
    X, Y = ([Decimal(v) for v in side.tolist()] for side in (objective.inputs, objective.targets))
    shift = Decimal("0.5") * (configuration.activation == "centred_sigmoid")
    rate, w = Decimal(configuration.learning_rate), Decimal(weight)
    path = []
    with localcontext(prec=60):
        for _ in range(configuration.steps + 1):
            path.append(w)
            gradient = Decimal(0)
            for x, y in zip(X, Y, strict=True):
                s = 1 / (1 + (-w * x).exp())
                gradient += 2 * (s - shift - y) * s * (1 - s) * x
            w -= rate * gradient / len(X)
    return np.array([float(w) for w in path])


@pytest.mark.parametrize("name", ["post", "control", "no_momentum", "small_step", "scaled_inputs"])
def test_the_engine_stays_within_the_bound_of_exact_arithmetic(name: str) -> None:
    configuration = shortened(name, starts=6)
    weights = default_weights(configuration.starts)
    run = engine.train(configuration, weights)
    exact = np.stack([exact_run(configuration, weight) for weight in weights.tolist()], axis=1)
    mean_input = float(np.mean(np.abs(configuration.inputs))) * configuration.input_scale
    error = rounding_error(run["curvature"], run["weight"], configuration.learning_rate, mean_input)
    together = meaningful_steps(error, 1e-6)
    apart = np.abs(run["weight"] - exact)
    assert together >= 30
    assert (apart[: together + 1] <= error[: together + 1]).all()
    assert apart.max() > 0, "the two are not computed apart"


def test_a_run_starts_without_an_error_and_gains_one_with_each_step() -> None:
    flat = rounding_error(np.zeros((5, 2)), np.full((5, 2), 0.3), 1.0, 11.0)
    assert flat.shape == (5, 2)
    np.testing.assert_allclose(flat[:, 0], 12 * UNIT * np.arange(5), rtol=1e-12)


@pytest.mark.parametrize("factor", [0.5, 1.5, 2.0])
def test_errors_grow_by_the_derivative_of_the_map(factor: float) -> None:
    """With |1 - eta L''| = g throughout, the errors add up to u (g^t - 1) / (g - 1)."""
    curvature = np.full((41, 1), (1 + factor) / 0.25)
    error = rounding_error(curvature, np.full((41, 1), 0.7), 0.25, 8.0)
    expected = 3 * UNIT * (factor ** np.arange(41) - 1) / (factor - 1)
    np.testing.assert_allclose(error[:, 0], expected, rtol=1e-12)


def test_the_unit_is_the_spacing_at_the_weight_but_never_below_that_at_one() -> None:
    weight = np.array([[0.0, 0.0], [0.01, -1024.0]])
    error = rounding_error(np.zeros((2, 2)), weight, 1.0, 0.0)
    assert error[1].tolist() == [UNIT, 1024 * UNIT]


@pytest.mark.parametrize("rate", [0.5, 1.2, 2.3])
def test_a_run_that_is_pushed_at_every_step_stays_within_the_bound(rate: float) -> None:
    """On a quadratic bowl, pushed at random by up to the unit, and reached when pushed outwards."""
    steps, starts = 60, 50
    rng = np.random.default_rng(7)
    factor = 1 - rate
    unit = UNIT * (1 + rate)
    pushed, worst = np.zeros((steps + 1, starts)), np.zeros((steps + 1, starts))
    for step in range(steps):
        pushed[step + 1] = factor * pushed[step] + rng.uniform(-unit, unit, starts)
        worst[step + 1] = factor * worst[step] + np.copysign(unit, factor * worst[step])
    error = rounding_error(np.ones_like(pushed), pushed, rate, 1.0)
    assert (np.abs(pushed) <= error).all()
    np.testing.assert_allclose(np.abs(worst), error, rtol=1e-12)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        pytest.param([[0, 0], [1, 1], [1, 1]], 2, id="never above"),
        pytest.param([[0, 0], [1, 1.1], [1, 1]], 0, id="at once, in one of the starts"),
        pytest.param([[0, 0], [1, 1], [2, 1], [0, 0]], 1, id="above, and back"),
        pytest.param([[0, 0], [0, 0], [0, 2]], 1, id="in the last step"),
    ],
)
def test_a_comparison_is_meaningful_up_to_the_first_error_above_the_limit(
    error: list[list[float]], expected: int
) -> None:
    assert meaningful_steps(np.array(error, dtype=np.float64), 1.0) == expected


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        pytest.param([0, 0, 0, 0], 4, id="never"),
        pytest.param([1, 1, 1, 1], 0, id="at once"),
        pytest.param([0, 0.5, -0.5, 0.5], 4, id="apart by the tolerance, which is together"),
        pytest.param([0, 0, -0.75, 0], 2, id="apart, and together again"),
        pytest.param([0, 0, 0, 0.75], 3, id="in the last step"),
    ],
)
def test_runs_part_at_the_first_step_beyond_the_tolerance(
    second: list[float], expected: int
) -> None:
    first = np.zeros((4, 2))
    other = np.stack([np.zeros(4), np.array(second)], axis=1)
    assert first_parting(first, other, 0.5).tolist() == [4, expected]


def test_what_the_article_compares_is_meaningful_for_longer_than_a_few_steps() -> None:
    """The post and its control: the same map in exact arithmetic, so apart by rounding alone."""
    weights = default_weights(64)
    post, control = (engine.train(ONE_WEIGHT[name], weights) for name in ("post", "control"))
    error = rounding_error(post["curvature"], post["weight"], 1.0, 11.0)
    together = meaningful_steps(error, 1e-6)
    apart = np.abs(post["weight"] - control["weight"])
    assert 20 <= together < 100
    assert 0 < apart[: together + 1].max() < 1e-6
    assert (apart[: together + 1] <= 2 * error[: together + 1]).all()
    assert apart[-1].max() > 1e-6, "rounding has grown to a size that shows, as chaos makes it"


def test_the_comparison_with_the_control_and_the_listing() -> None:
    configuration = shortened("post", steps=3, starts=3)
    weight = np.zeros((4, 3))
    control = weight + np.array([0, 1e-16, 4e-16, 1e-3])[:, None] * np.array([1, -1, 2])
    listing = weight[:, :2] + np.array([[0, 0], [0, 5e-3], [0, 0], [2e-3, 0]])
    # Errors grow tenfold: 2.7e-15, 2.9e-14, then in the last step beyond every limit.
    curvature = np.array([11, 11, 1e12, 0])[:, None] * np.ones(3)
    columns, summary = compare(
        {"weight": weight, "curvature": curvature},
        {"weight": control},
        {"weight": listing},
        configuration,
        SETTINGS,
    )
    assert summary == {
        "meaningful_steps": {"value": 2, "n": 3},
        "max_difference": {"value": 8e-16, "n": 3},
        "first_step_difference": {"value": 2e-16, "n": 3},
        "largest_difference": {"value": 2e-3, "n": 3},
        "starts": 3,
        "float32_parting": {"value": 2, "n": 2},
        "float32_starts": 2,
    }
    assert columns["step"].tolist() == [0, 1, 2, 3]
    assert columns["median_difference"].tolist() == [0, 1e-16, 4e-16, 1e-3]
    assert columns["largest_difference"].tolist() == [0, 2e-16, 8e-16, 2e-3]
    assert columns["largest_rounding_error"][:2].tolist() == [0, 12 * np.spacing(1.0)]


def stored(
    folder: Path,
    name: str,
    weight: Array,
    changes: Mapping[str, Any],
    diverged: bool = False,
) -> StoredResult:
    """Return the result of a declared configuration, written with these weights."""
    settings = shortened(name, steps=len(weight) - 1, starts=weight.shape[1])
    made_with = {**settings.model_dump(mode="json"), **changes}
    quantities = ("loss", "saturated", "lowest_output", "curvature")
    run = {"weight": weight, **{quantity: np.zeros_like(weight) for quantity in quantities}}
    write_table(folder / f"{name}.curves.parquet", as_columns(run))
    flags = np.full(weight.shape[1], diverged)
    write_table(folder / f"{name}.samples.parquet", {"diverged": flags})
    write_json(folder / f"{name}.checksums.json", {"settings": made_with, "sha256": {}})
    return StoredResult(folder / name)


def inputs(
    folder: Path,
    control: Array,
    changes: Mapping[str, Mapping[str, Any]] = {},
    diverged: bool = False,
) -> Inputs:
    """Return the post at rest, a control, and a listing of the first two starts at rest."""
    rest = np.zeros((9, 3))
    weights = {"listing": rest[:, :2], "post": rest, "control": control}
    return Inputs(
        {
            name: stored(folder, name, weight, changes.get(name, {}), diverged)
            for name, weight in weights.items()
        }
    )


def test_the_analysis_compares_what_its_settings_name(tmp_path: Path) -> None:
    result = analyse(SETTINGS, inputs(tmp_path, np.zeros((9, 3))))
    assert len(result.curves["step"]) == 9
    assert result.scalars["max_difference"] == {"value": 0, "n": 3}
    assert result.scalars["float32_parting"] == {"value": 9, "n": 2}
    assert (result.scalars["starts"], result.scalars["float32_starts"]) == (3, 2)


@pytest.mark.parametrize("diverged", [True, False])
def test_a_number_that_there_is_none_of_is_told_where_a_run_has_diverged(
    tmp_path: Path, diverged: bool
) -> None:
    control = np.zeros((9, 3))
    control[8, 1] = np.nan
    scalars = analyse(SETTINGS, inputs(tmp_path, control, diverged=diverged)).scalars
    told = scalars["largest_difference"]["value"]
    assert told == "diverged" if diverged else np.isnan(told)
    assert scalars["largest_difference"]["n"] == 3
    assert scalars["first_step_difference"] == {"value": 0, "n": 3}
    assert scalars["starts"] == 3


@pytest.mark.parametrize(
    ("name", "changes", "told"),
    [
        ("control", {"steps": 9}, r"control\.steps\n.*9, where post has 8"),
        ("control", {"starts": 2}, r"control\.starts\n.*2, where post has 3"),
        ("listing", {"steps": 7}, r"listing\.steps\n.*7, where post has 8"),
        ("listing", {"starts": 4}, r"listing\.starts\n.*4, where post has 3"),
    ],
)
def test_runs_that_cannot_be_compared_step_by_step_are_refused(
    tmp_path: Path, name: str, changes: dict[str, int], told: str
) -> None:
    given = inputs(tmp_path, np.zeros((9, 3)), {name: changes})
    with pytest.raises(UserError, match=r"one_weight\.configurations\." + told):
        analyse(SETTINGS, given)


def test_a_configuration_that_is_not_there_is_named(tmp_path: Path) -> None:
    given = inputs(tmp_path, np.zeros((9, 3)))
    other = SETTINGS.model_copy(update={"control": "contrl"})
    with pytest.raises(UserError, match=r"comparison\.control\n.*'contrl'(?s:.)*'control'\?"):
        analyse(other, given)

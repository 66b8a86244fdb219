"""The reference: its pieces against closed forms and PyTorch, then the article against it."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from scipy import stats
from sklearn.datasets import load_digits

from reference.activation import CURVES
from reference.agreement import Judgement, Measure, judge, near, table
from reference.boundary import largest_stable_rate
from reference.comparison import holm, student_tail
from reference.descent import flip_share
from reference.digits import Network, Part, images, sharpness
from reference.features import Quadratic, arrival, detour
from reference.generator import Generator
from reference.initialisation import kolmogorov
from reference.line import deviation_share
from reference.loss import Loss, Valley, bisect, minimiser
from reference.orbit import Orbits
from reference.sweep import Step, doubling_rate
from tests.project import ROOT, Project
from tests.recomputed import assert_every_subject_is_recomputed, judged

COMPLEX_STEP = 1e-30
SEED = {
    "activation": "sigmoid",
    "inputs": [10, 2, 11, 21],
    "targets": [0.9, 0.2, 0.92, 0.987],
}
SEEDS = (0, 7, 2**32 - 1)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("fan_in", [1, 33, 64])
def test_a_layer_is_drawn_as_pytorch_draws_it(seed: int, fan_in: int) -> None:
    torch.manual_seed(seed)
    layer = torch.nn.Linear(fan_in, 5)
    weight, bias = Generator(seed).linear(fan_in, 5, bias=True)
    # Half a last place, where PyTorch does not fuse product and sum.
    np.testing.assert_allclose(weight, layer.weight.detach().numpy(), rtol=0, atol=1e-7)
    np.testing.assert_allclose(bias, layer.bias.detach().numpy(), rtol=0, atol=1e-7)


@pytest.mark.parametrize("seed", SEEDS)
def test_numbers_are_drawn_as_pytorch_draws_them(seed: int) -> None:
    generator, stream = torch.Generator().manual_seed(seed), Generator(seed)
    options: dict[str, Any] = {"generator": generator, "dtype": torch.float64}
    uniform = torch.empty(7, dtype=torch.float64).uniform_(-0.3, 0.3, generator=generator)
    np.testing.assert_allclose(stream.uniform(7, -0.3, 0.3), uniform.numpy(), atol=1e-15)
    np.testing.assert_allclose(stream.uniform(4), torch.rand(4, **options).numpy(), atol=1e-15)
    np.testing.assert_allclose(stream.normal(50), torch.randn(50, **options).numpy(), atol=1e-13)
    whole = torch.randint(256, (20,), generator=generator)
    assert stream.below(256, 20).tolist() == whole.tolist()


@pytest.mark.parametrize("name", CURVES)
def test_every_derivative_is_that_of_the_one_before(name: str) -> None:
    z = np.linspace(-3, 3, 13)
    real = CURVES[name].derivatives(z, 4)
    moved = CURVES[name].derivatives(z + 1j * COMPLEX_STEP, 4)
    for order in range(4):
        np.testing.assert_allclose(
            real[order + 1], moved[order].imag / COMPLEX_STEP, rtol=1e-12, atol=1e-14
        )
    np.testing.assert_allclose(CURVES[name].solve(real[0]), z, atol=1e-12)
    assert max(real[1]) == pytest.approx(CURVES[name].largest_slope)


def test_the_derivatives_of_the_loss_are_those_of_each_other() -> None:
    loss, weight = Loss.of(SEED), np.array([-0.2, 0.1, 0.4])
    moved = loss.derivatives(weight + 1j * COMPLEX_STEP)
    found = loss.derivatives(weight)
    np.testing.assert_allclose(found[0], loss.slope(weight))
    np.testing.assert_allclose(found[1], loss.curvature(weight))
    for order in range(3):
        np.testing.assert_allclose(found[order + 1], moved[order].imag / COMPLEX_STEP, rtol=1e-10)
    change = loss(weight + 1e-6) - loss(weight - 1e-6)
    np.testing.assert_allclose(found[0], change / 2e-6, rtol=1e-7)


def test_the_minimiser_of_targets_that_the_model_reaches_is_the_weight_behind_them() -> None:
    x = np.array([10.0, 2, 11, 21])
    assert minimiser(Loss(CURVES["sigmoid"], x, CURVES["sigmoid"](0.17 * x))) == pytest.approx(0.17)
    flat = Loss(CURVES["tanh"], x, np.zeros(4)).flat_weight
    assert CURVES["tanh"].derivatives(np.array([2 * flat]), 1)[1] == pytest.approx(0.01)


def test_a_valley_has_the_minimum_and_the_curvatures_of_its_hessian() -> None:
    x, curve = np.array([-1.0, 0.5, 2.0]), CURVES["tanh"]
    valley = Valley.of(curve, x, curve(0.4 * x - 0.3))
    assert (valley.p, valley.q, valley.loss) == pytest.approx((0.4, -0.3, 0), abs=1e-12)
    slope = curve.derivatives(0.4 * x - 0.3, 1)[1]
    jacobian = slope[:, None] * np.stack([x, np.ones(3)], axis=1)
    expected = np.linalg.eigvalsh(2 / 3 * jacobian.T @ jacobian)[::-1]
    assert valley.curvatures == pytest.approx(tuple(expected), rel=1e-10)


def test_flips_are_counted_among_the_updates_that_are_large_enough() -> None:
    weight = np.array([[0, 0, 0], [1, 1, 1e-9], [0, 2, 0], [1, 3, 1e-9]], dtype=float)
    assert flip_share(weight, 1e-6).tolist() == [1, 0, 0]


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_the_stable_rate_is_that_of_the_heavy_ball(momentum: float) -> None:
    loss = Loss.of(SEED)
    place = minimiser(loss)
    expected = 2 * (1 + momentum) / float(loss.derivatives(np.array(place))[1])
    assert largest_stable_rate(loss, place, momentum) == pytest.approx(expected, rel=1e-9)


def test_periods_of_the_logistic_map_double_where_they_should() -> None:
    family = Step(lambda r, w: r * w * (1 - w), lambda r, w: r * (1 - 2 * w))
    assert doubling_rate(family, 2, 3.02, 0.02, 0.3) == pytest.approx(1 + math.sqrt(6), rel=1e-12)
    assert doubling_rate(family, 4, 3.46, 0.005, 0.3) == pytest.approx(3.544090359552, rel=1e-11)


@pytest.mark.parametrize("momentum", [0.0, 0.5])
def test_the_exponent_at_rest_is_the_size_of_the_larger_root(momentum: float) -> None:
    loss, rate = Loss.of(SEED), 0.3
    place = minimiser(loss)
    at_rest = Orbits.begin(loss, rate, momentum, np.array([place]))
    stretched = 1 + momentum - rate * float(loss.curvature(np.array(place)))
    size = np.abs(np.roots([1, -stretched, momentum])).max()
    exponent = at_rest.watch(4000)[1].exponent
    assert exponent == pytest.approx([math.log(size)], abs=2e-3)


def test_a_detour_in_the_plane_is_that_of_its_steps() -> None:
    curvature, offset = np.array([2.0, 0.1]), np.array([1.0, 1.0])
    rate = 0.9
    steps = arrival(curvature, offset, rate, 1e-3)
    way = [offset * (1 - rate * curvature) ** step for step in range(steps + 1)]
    losses = [float(curvature @ np.square(place)) for place in way]
    assert losses[steps] <= 1e-3 * losses[0] < losses[steps - 1]
    path = np.linalg.norm(np.diff(way, axis=0), axis=1).sum()
    expected = path / np.linalg.norm(way[-1] - way[0])
    assert detour(curvature, offset, rate, steps) == pytest.approx(expected)


def test_a_mirror_changes_signs_and_no_length() -> None:
    settings = {"samples": 32, "slope": 1, "threshold": 0, "shift": 0, "gain": 1}
    bowl = Quadratic.draw(settings, 2, 3)
    mirrored = bowl.reflected(np.array([1.0, 0, 0]), 0.5)
    np.testing.assert_allclose(mirrored.modes[0], bowl.modes[0])
    np.testing.assert_allclose(np.abs(mirrored.modes[1]), np.abs(bowl.modes[1]))
    np.testing.assert_allclose(mirrored.design @ mirrored.teacher, bowl.design @ bowl.teacher)
    assert (mirrored.design[:, 1:] < 0).any() and (bowl.design > 0).all()


def test_tails_distances_and_corrections_are_those_of_scipy() -> None:
    for t in (0.0, 0.5, -2.0, 26.0):
        assert student_tail(t, 19) == pytest.approx(2 * stats.t.sf(abs(t), 19), rel=1e-12)
    sample = np.random.default_rng(0).uniform(-1, 1, 50)
    expected = stats.kstest(sample, stats.uniform(-1, 2).cdf).statistic * math.sqrt(50)
    assert kolmogorov(sample) == pytest.approx(expected, rel=1e-12)
    assert holm(np.array([0.04, 0.01, 0.03])).tolist() == pytest.approx([0.06, 0.03, 0.06])


def test_the_best_line_of_a_short_stretch_misses_by_the_cubic_term() -> None:
    # s = 1/2 + z/4 - z^3/48 + ...: the best line misses z^3 by h^3 / 4 on (-h, h).
    half = 0.01
    assert deviation_share(half) == pytest.approx(half**3 / 192 / (half / 2), rel=1e-3)


def test_a_change_is_bracketed_to_rounding() -> None:
    assert bisect(1, 2, lambda z: z * z > 2) == pytest.approx(math.sqrt(2), rel=1e-15)


@pytest.mark.parametrize("activation", ["sigmoid", "scaled_sigmoid", "tanh", "relu"])
def test_backpropagation_and_sharpness_are_those_of_automatic_differentiation(
    activation: str,
) -> None:
    rng = np.random.default_rng(0)
    network = Network((3, 4, 2), activation)
    part = Part(rng.normal(size=(6, 3)), rng.integers(0, 2, 6))
    vector = network.initial(1)
    point = torch.tensor(vector, requires_grad=True)

    def loss(p: torch.Tensor) -> torch.Tensor:
        w, b, v, c = (
            each.reshape(s)
            for each, s in zip(
                torch.split(p, [12, 4, 8, 2]), [(4, 3), (4,), (2, 4), (2,)], strict=True
            )
        )
        hidden = torch.tensor(part.inputs) @ w.T + b
        functions = {
            "sigmoid": torch.sigmoid,
            "scaled_sigmoid": lambda z: 4 * (torch.sigmoid(z) - 0.5),
            "tanh": torch.tanh,
            "relu": torch.relu,
        }
        logits = functions[activation](hidden) @ v.T + c
        return torch.nn.functional.cross_entropy(logits, torch.tensor(part.labels))

    value, gradient = network.descent(vector, part)
    expected = loss(point)
    assert float(value) == pytest.approx(expected.item(), rel=1e-12)
    (slope,) = torch.autograd.grad(expected, point)
    np.testing.assert_allclose(gradient, slope.numpy(), atol=1e-14)
    hessian = torch.autograd.functional.hessian(loss, point.detach())  # type: ignore[no-untyped-call]
    largest = float(torch.linalg.eigvalsh(hessian)[-1])
    assert sharpness(network, vector, part, 26) == pytest.approx(largest, rel=1e-9)


def test_the_images_are_those_of_scikit_learn() -> None:
    pixels, digits = load_digits(return_X_y=True)
    assert np.array_equal(images()[0], pixels)
    assert np.array_equal(images()[1], digits)


def test_a_measure_agrees_within_its_tolerance_and_not_beyond() -> None:
    measure = Measure("a.b", 2.0, 0.5, "a reason")
    assert Judgement(measure, 2.5).agrees
    assert not Judgement(measure, 2.6).agrees
    assert not Judgement(measure, math.nan).agrees
    assert not Judgement(near("a.b", math.nan), 2.0).agrees
    assert Judgement(Measure("a.b", 2, 0, "a count"), 2).agrees
    assert not Judgement(Measure("a.b", 2, 0, "a count"), 3).agrees


def test_what_is_no_fact_is_left_out_and_the_table_says_what_disagrees() -> None:
    measures = [near("a.b", 2.0), near("a.c", 3.0), near("a.d", 4.0)]
    judgements = judge(measures, {"a.b": {"value": 2.0}, "a.c": {"value": 3.1}})
    lines = table(judgements).splitlines()
    assert [line.split()[0] for line in lines] == ["fact", "a.b", "a.c"]
    assert [line.split()[-1] for line in lines] == ["agrees", "yes", "NO"]


def reference(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "reference", *arguments],
        cwd=folder,
        # Arrays are small: more threads only wait for each other.
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_build_that_is_not_there_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "facts.json"
    given = ("--settings", str(missing), "--data", str(tmp_path))
    done = reference(ROOT, "--facts", str(missing), *given)
    assert done.returncode == 1
    assert f"error: {missing}" in done.stderr and "make article" in done.stderr


# The two numbers that are made wrong, and the configurations that they are of.
WRONG = ("digits_tanh.steps_to_target", "post.sharpness")
OF_THEM = {"one_weight": "post", "digits": "digits_tanh"}


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.nightly)])
def test_the_facts_of_a_build_agree_and_a_wrong_one_is_named(
    built: Project, tmp_path: Path, whole: bool
) -> None:
    """Always those of two configurations; `make reference` in test_commands holds all to agree."""
    project = built.copy(tmp_path / "project")
    settings = project.folder / "build/settings/reference.json"
    made = project.snakemake("--", "build/settings/reference.json")
    assert made.returncode == 0, made.stderr
    if not whole:
        asked = json.loads(settings.read_text("utf-8"))
        asked["experiments"] = {
            experiment: {OF_THEM[experiment]: configurations[OF_THEM[experiment]]}
            for experiment, configurations in asked["experiments"].items()
            if experiment in OF_THEM
        }
        settings.write_text(json.dumps(asked), "utf-8")
    facts = json.loads((project.folder / "results/facts.json").read_text("utf-8"))
    facts["post.sharpness"]["value"] *= 1 + 1e-6
    facts["digits_tanh.steps_to_target"]["value"] += 1
    wrong = tmp_path / "facts.json"
    wrong.write_text(json.dumps(facts), encoding="utf-8")
    data = str(project.folder / "build/site/data")
    done = reference(ROOT, "--facts", str(wrong), "--settings", str(settings), "--data", data)
    assert done.returncode == 1, done.stdout + done.stderr
    # All the others agree: the two are what the build did not say.
    assert [row[0] for row in judged(done.stdout) if row[-1] == "NO"] == [*WRONG], done.stderr
    assert "2 numbers that the reference does not find" in done.stderr
    assert "post.sharpness is" in done.stderr and "digits_tanh.steps_to_target is" in done.stderr
    if whole:
        assert_every_subject_is_recomputed(done.stdout, project.folder)

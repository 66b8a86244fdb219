"""A GPU is used where it is asked for and there; what it computes agrees with the processor."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from experiments import engine
from experiments.device import CPU, require_device
from experiments.initial_parameters import default_weights
from experiments.replicas import Loss, Replicas, advance, observe
from juchi.core.errors import UserError
from juchi.results.layout import PARTS
from tests.declared import ONE_WEIGHT
from tests.project import ROOT

GPU = "cuda"
with_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU on this machine")
without_gpu = pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
# Where paths are not chaotic, other last bits stay last bits: of steps that contract the distance.
CALM_RATE = 0.3
AGREES = 1e-12


def ends(device: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return weights, an orbit and exponents of replicas at calm rates."""
    post = ONE_WEIGHT["post"]
    loss = Loss(post.activation, post.inputs, post.targets, device)
    rates = np.linspace(0.1, CALM_RATE, 8)[:, None]
    replicas = Replicas.start(rates, np.zeros(1), default_weights(100).numpy())
    advance(loss, replicas, 200, chunk=256)
    seen = observe(loss, replicas, 50, chunk=256)
    return replicas.weight.numpy(), seen.weight.numpy(), seen.exponent.numpy()


@with_gpu
def test_sweeps_agree_on_both_devices() -> None:
    for here, there in zip(ends(CPU), ends(GPU), strict=True):
        np.testing.assert_allclose(there, here, rtol=AGREES, atol=AGREES)


@with_gpu
@pytest.mark.parametrize("name", ["small_step", "biased", "batchnorm"])
def test_training_agrees_on_both_devices(name: str) -> None:
    here = ONE_WEIGHT[name].model_copy(update={"learning_rate": CALM_RATE / 10, "steps": 50})
    weights, biases = default_weights(100), default_weights(200)[100:]
    drawn = {"bias": biases} if here.model == "biased" else {}
    runs = [engine.train(here.model_copy(update={"device": d}), weights, drawn) for d in (CPU, GPU)]
    assert runs[0].keys() == runs[1].keys()
    for column, values in runs[0].items():
        np.testing.assert_allclose(runs[1][column], values, rtol=1e-9, atol=1e-9)


@without_gpu
def test_a_gpu_that_is_not_there_is_refused() -> None:
    require_device(CPU)
    post = ONE_WEIGHT["post"]
    for use in (
        lambda: engine.train(post.model_copy(update={"device": GPU}), default_weights(1)),
        lambda: Loss(post.activation, post.inputs, post.targets, GPU),
    ):
        with pytest.raises(UserError, match=r"(?s)device\n.*'cuda'.*set device to cpu"):
            use()


@without_gpu
def test_a_job_that_wants_a_gpu_ends_in_one_message(tmp_path: Path) -> None:
    settings = ONE_WEIGHT["post"].model_copy(update={"device": GPU}).model_dump_json()
    paths = [f"--{part}={tmp_path / part}{ending}" for part, ending in PARTS.items()]
    job = subprocess.run(
        [sys.executable, "-m", "experiments.one_weight", "--settings", settings, *paths],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert job.returncode == 1
    assert job.stderr.startswith("error: config/experiments.yaml: device\n")
    assert "Traceback" not in job.stderr
    assert not list(tmp_path.iterdir())

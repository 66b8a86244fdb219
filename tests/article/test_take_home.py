"""The script to take home trains as the article does, and its build refuses one that does not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from experiments.listing import run_listing
from experiments.settings import TakeHomeSettings
from experiments.take_home import analyse, cured, histories
from juchi.core.errors import UserError
from juchi.results.experiment import Inputs, StoredResult
from tests.declared import ROOT

PATH = ROOT / "experiments" / "data" / "sawtooth.py"
SCRIPT = PATH.read_text("utf-8")
SETTINGS = TakeHomeSettings(name="take_home", starts=2, plain="post", cured="other")
INPUTS = torch.tensor([[10.0], [2.0], [11.0], [21.0]])
TARGETS = torch.tensor([[0.9], [0.2], [0.92], [0.987]])


def trained(seed: int, scale: float, bias: bool, rate: float) -> tuple[list[float], list[float]]:
    torch.manual_seed(seed)
    model = torch.nn.Sequential(torch.nn.Linear(1, 1, bias=bias), torch.nn.Sigmoid())
    return run_listing(model, INPUTS / scale, TARGETS, lr=rate, momentum=0, steps=99)


def model(constant_loss: float, loss_star: float) -> StoredResult:
    result = StoredResult(Path("absent"))
    measured = {"update_tolerance": 1e-6, "sawtooth_flip_share": 0.5, "learned_gap": 0.05}
    vars(result).update(
        settings=measured, scalars={"constant_loss": constant_loss, "loss_star": loss_star}
    )
    return result


def test_it_trains_as_the_repaired_listing_does() -> None:
    found = histories(SCRIPT, PATH, 2)
    for seed in range(2):
        weights, losses = trained(seed, 1, False, 1)
        np.testing.assert_array_equal(found["weights"][:, seed], weights)
        np.testing.assert_array_equal(found["losses"][:, seed], losses)


def test_its_cures_are_what_stands_behind_the_hash_marks() -> None:
    found = histories(cured(SCRIPT, PATH), PATH, 1)
    weights, losses = trained(0, 10, True, 5)
    np.testing.assert_array_equal(found["weights"][:, 0], weights)
    np.testing.assert_array_equal(found["losses"][:, 0], losses)


def test_three_lines_are_cures_and_the_rest_is_short() -> None:
    changed = set(cured(SCRIPT, PATH).splitlines()) - set(SCRIPT.splitlines())
    assert len(changed) == 3
    assert len([line for line in SCRIPT.splitlines() if line and line[0] != "#"]) <= 20
    assert all(len(line) <= 72 for line in SCRIPT.splitlines())


def test_the_sawtooth_appears_and_goes_and_the_model_learns() -> None:
    inputs = Inputs({"post": model(0.1025, 0.0383), "other": model(0.1025, 6.5e-5)}, (PATH,))
    found = analyse(SETTINGS, inputs)
    assert found.scalars == {"own_sawtooth": 1}
    assert found.samples["start"].tolist() == [0, 1]
    assert found.samples["sawtooth"].tolist() == [0, 1]
    assert found.samples["cured_sawtooth"].tolist() == [0, 0]
    assert found.samples["cured_learned"].tolist() == [1, 1]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("import torch\n", "import torch, nothing_of_the_kind\n", "nothing_of_the_kind"),
        ('plt.savefig("sawtooth.png")', "", "no picture"),
        ("# ", "#", "no line that begins with a hash mark"),
        ("manual_seed(1)", "manual_seed(2)", "the seeds [2]"),
        ("torch.manual_seed(1)\n", "", "the seeds []"),
    ],
)
def test_a_script_that_does_not_do_is_refused(
    tmp_path: Path, old: str, new: str, found: str
) -> None:
    path = tmp_path / "script.py"
    path.write_text(SCRIPT.replace(old, new), "utf-8")
    inputs = Inputs({"post": model(0.1, 0.04), "other": model(0.1, 0)}, (path,))
    with pytest.raises(UserError) as caught:
        analyse(SETTINGS, inputs)
    assert str(path) in str(caught.value)
    assert found in str(caught.value)

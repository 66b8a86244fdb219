"""What keeps the listing, as it is printed, from running."""

from __future__ import annotations

import pytest

from experiments.printed_listing import analyse, examine
from experiments.settings import PrintedListingSettings
from juchi.results.experiment import Inputs
from tests.declared import ROOT

PRINTED = ROOT / "experiments" / "data" / "printed_listing.txt"
REPAIRED = """\
import torch

model = torch.nn.Sequential(torch.nn.Linear(1, 1, bias=False), torch.nn.Sigmoid())
X = torch.tensor([[10.0], [2.0], [11.0], [21.0]])
optimizer = torch.optim.SGD(model.parameters(), lr=1)
for step in range(100):
    optimizer.zero_grad()
    loss = model(X).mean()
"""


def test_the_listing_as_printed() -> None:
    assert examine(PRINTED.read_text(encoding="utf-8")) == {
        "compiles": 0,
        "first_error_line": 2,
        "method_calls": 2,
        "unknown_methods": 2,
        "optimisers": 2,
    }


def test_python_stops_at_the_line_that_is_named() -> None:
    text = PRINTED.read_text(encoding="utf-8")
    with pytest.raises(SyntaxError) as stopped:
        compile(text, "listing", "exec")
    assert stopped.value.lineno == examine(text)["first_error_line"]
    assert "import matplotlib.pyplot as pltmodel = " in text.splitlines()[1]


def test_a_listing_that_runs_has_no_fault() -> None:
    assert examine(REPAIRED) == {
        "compiles": 1,
        "first_error_line": 0,
        "method_calls": 1,
        "unknown_methods": 0,
        "optimisers": 1,
    }


@pytest.mark.parametrize(
    ("fault", "fact", "value"),
    [
        ("model.paramters()", "unknown_methods", 1),
        ("model.eval()", "unknown_methods", 0),
        ("model.eval()", "method_calls", 2),
        ("optimizer = torch.optim.SGD([], lr=1)", "optimisers", 2),
        ("# a comment\nx = = 1", "first_error_line", 10),
    ],
)
def test_each_fault_is_counted(fault: str, fact: str, value: int) -> None:
    assert examine(f"{REPAIRED}{fault}\n")[fact] == value


def test_the_analysis_tells_what_it_found() -> None:
    result = analyse(PrintedListingSettings(name="printed_listing"), Inputs({}, (PRINTED,)))
    assert result.scalars == examine(PRINTED.read_text(encoding="utf-8"))
    assert result.scalars["compiles"] == 0
    assert result.samples == result.curves == {}

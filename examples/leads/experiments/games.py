"""Heads plays against Tails, toss by toss, and each of them leads for a while.

Whoever has won more tosses leads; a tie counts for the side that led before it. So each side leads
for an even number of tosses.
"""

from math import comb

import numpy as np
from numpy.typing import NDArray

from juchi.core.errors import run_command
from juchi.plan.models import Model
from juchi.results.experiment import Result, experiment_command

# From half of a game to all of it, in fifths: where each of them begins.
BINS = (0.5, 0.6, 0.7, 0.8, 0.9)


class Games(Model):
    """How long a game is, how many there are, and which are called close or lopsided."""

    name: str
    tosses: int
    games: int
    seed: int
    close: float
    lopsided: float
    drawn: int


def balances(tosses: int, games: int, rng: np.random.Generator) -> NDArray[np.int16]:
    """Return by how much Heads is ahead after each toss, one row for each game."""
    points = 2 * rng.integers(0, 2, (games, tosses), dtype=np.int8) - 1
    return points.cumsum(axis=1, dtype=np.int16)


def leads(balance: NDArray[np.int16]) -> NDArray[np.bool_]:
    """Return of each toss whether Heads leads; a tie belongs to who led before it."""
    before = np.pad(balance[:, :-1], ((0, 0), (1, 0)))
    return balance + before > 0


def chance(tosses: int) -> NDArray[np.float64]:
    """Return how likely it is to lead for 0, 2, 4 … of the tosses (Chung and Feller, 1949)."""
    half = tosses // 2
    return np.array(
        [comb(2 * k, k) * comb(2 * (half - k), half - k) / 4**half for k in range(half + 1)]
    )


def shares(led: NDArray[np.int64], tosses: int) -> NDArray[np.float64]:
    """Return the share of the game that belongs to whoever leads for longer."""
    return np.maximum(led, tosses - led) / tosses


def in_bins(share: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weight in each of the bins; the last one includes a whole game."""
    return np.histogram(share, (*BINS, 1), weights=weights)[0]


def strips(heads_leads: NDArray[np.bool_]) -> dict[str, NDArray[np.int64]]:
    """Return each lead of each game: after which toss it begins and ends, and whose it is."""
    edge = np.ones((len(heads_leads), 1), dtype=bool)
    begins = np.hstack([edge, heads_leads[:, 1:] != heads_leads[:, :-1]])
    ends = np.hstack([begins[:, 1:], edge])
    game, begin = begins.nonzero()
    return {
        "game": game,
        "begin": begin,
        "end": ends.nonzero()[1] + 1,
        "heads": heads_leads[begins],
    }


def run(settings: Games) -> Result:
    """Play all games; count ties and leads, and compute what chance would make of them."""
    tosses = settings.tosses
    balance = balances(tosses, settings.games, np.random.default_rng(settings.seed))
    heads_leads = leads(balance)
    share = shares(heads_leads.sum(axis=1), tosses)
    possible, likely = shares(np.arange(0, tosses + 1, 2), tosses), chance(tosses)
    samples = {
        "ties": (balance == 0).sum(axis=1),
        "share": share,
        "close": share < settings.close,
        "lopsided": share >= settings.lopsided,
        "settled": (balance[:, tosses // 2 :] != 0).all(axis=1),
    }
    bins = {
        "measured": in_bins(share, np.full(settings.games, 1 / settings.games)),
        "exact": in_bins(possible, likely),
    }
    scalars = {
        "tosses": tosses,
        "ties": (tosses + 1) * comb(tosses, tosses // 2) / 2**tosses - 1,
        "close": likely[possible < settings.close].sum(),
        "lopsided": likely[possible >= settings.lopsided].sum(),
        **{
            f"{kind}_{bound}": each
            for kind, values in bins.items()
            for bound, each in zip(BINS, values, strict=True)
        },
    }
    return Result(samples, strips(heads_leads[: settings.drawn]), scalars)


if __name__ == "__main__":
    run_command(lambda: experiment_command(__doc__, Games, run))

"""Decks are riffled, and a guesser tells them from decks that were mixed at random.

The guesser counts rising sequences: runs of cards whose values follow each other, read from the top
of the deck to its bottom. A riffle at most doubles their number, and by Bayer and Diaconis (1992)
their number is all that can tell how often a deck was riffled.
"""

from fractions import Fraction
from functools import cache
from math import comb, factorial

import numpy as np
from numpy.typing import NDArray

from juchi.core.errors import run_command
from juchi.plan.models import Model
from juchi.results.experiment import Result, experiment_command

Decks = NDArray[np.int64]


class Shuffles(Model):
    """How large the decks are, how many there are, and how often they are riffled."""

    name: str
    cards: int
    decks: int
    most: int
    looked_at: int


def riffled(decks: Decks, rng: np.random.Generator) -> Decks:
    """Return each deck after one riffle of the model of Gilbert, Shannon and Reeds.

    Each place of the new deck takes its card from the upper or the lower packet, with equal chance.
    """
    order = np.argsort(rng.integers(0, 2, decks.shape), axis=1, kind="stable")
    mixed = np.empty_like(decks)
    np.put_along_axis(mixed, order, decks, axis=1)
    return mixed


def rising_sequences(decks: Decks) -> NDArray[np.int64]:
    """Return the number of rising sequences of each deck, one for a deck in order."""
    places = np.argsort(decks, axis=1)
    return 1 + np.sum(places[:, 1:] < places[:, :-1], axis=1)


@cache
def orders(cards: int) -> tuple[int, ...]:
    """Return how many orders of a deck have 1, 2, … rising sequences: the Eulerian numbers."""
    counts = [1]
    for n in range(2, cards + 1):
        padded = [0, *counts, 0]
        counts = [r * padded[r] + (n - r + 1) * padded[r - 1] for r in range(1, n + 1)]
    return tuple(counts)


def excess(cards: int, shuffles: int, rising: int) -> Fraction:
    """Return by how much riffling makes one such order likelier than chance does."""
    piles = 2**shuffles
    ways = comb(piles + cards - rising, cards) if piles >= rising else 0
    return Fraction(ways, piles**cards) - Fraction(1, factorial(cards))


def distance(cards: int, shuffles: int) -> float:
    """Return the total variation distance between riffled decks and decks in random order."""
    return float(
        sum(
            count * max(excess(cards, shuffles, rising), Fraction(0))
            for rising, count in enumerate(orders(cards), 1)
        )
    )


def guesses_riffled(cards: int, shuffles: int) -> NDArray[np.bool_]:
    """Return for 1, 2, … rising sequences whether the best guess is that the deck was riffled."""
    return np.array([excess(cards, shuffles, rising) > 0 for rising in range(1, cards + 1)])


def run(settings: Shuffles) -> Result:
    """Riffle half of the decks again and again, and let the guesser guess after each time."""
    rng = np.random.default_rng(settings.cards)
    half = settings.decks // 2
    decks = np.tile(np.arange(settings.cards), (half, 1))
    truth = np.repeat([True, False], half)
    measured, exact, samples = [], [], {}
    for shuffles in range(1, settings.most + 1):
        decks = riffled(decks, rng)
        at_random = rng.permuted(np.tile(np.arange(settings.cards), (half, 1)), axis=1)
        rising = np.concatenate([rising_sequences(decks), rising_sequences(at_random)])
        right = guesses_riffled(settings.cards, shuffles)[rising - 1] == truth
        measured.append(right.mean())
        exact.append((1 + distance(settings.cards, shuffles)) / 2)
        if shuffles == settings.looked_at:
            samples = {
                "riffled": truth.astype(int),
                "rising": rising,
                "right": right.astype(int),
            }
    curves = {
        "shuffles": np.arange(1, settings.most + 1),
        "measured": np.array(measured),
        "exact": np.array(exact),
    }
    far = [2 * success - 1 for success in exact]
    scalars = {
        "exact": exact[settings.looked_at - 1],
        "distance": far[settings.looked_at - 1],
        "enough": next(number for number, each in enumerate(far, 1) if each < 1 / 2),
    }
    return Result(samples, curves, scalars)


if __name__ == "__main__":
    run_command(lambda: experiment_command(__doc__, Shuffles, run))

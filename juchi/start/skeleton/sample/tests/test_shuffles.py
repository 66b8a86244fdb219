"""The experiment against what is known of riffle shuffles: `make test` runs it."""

import unittest

import numpy as np

from experiments.shuffles import distance, orders, riffled, rising_sequences


class Shuffles(unittest.TestCase):
    """Each by numbers that were published, or that can be counted by hand."""

    def test_the_distance_is_that_of_bayer_and_diaconis(self) -> None:
        published = {5: 0.924, 6: 0.614, 7: 0.334, 8: 0.167, 9: 0.085, 10: 0.043}
        for shuffles, value in published.items():
            self.assertAlmostEqual(distance(52, shuffles), value, places=3)

    def test_three_cards_have_six_orders(self) -> None:
        self.assertEqual(orders(3), (1, 4, 1))

    def test_rising_sequences_are_counted(self) -> None:
        decks = np.array([[0, 1, 2, 3], [3, 2, 1, 0], [0, 2, 1, 3]])
        self.assertEqual(rising_sequences(decks).tolist(), [1, 4, 2])

    def test_a_riffle_keeps_all_cards_and_at_most_doubles_the_rising_sequences(self) -> None:
        decks = np.tile(np.arange(52), (200, 1))
        once = riffled(decks, np.random.default_rng(0))
        self.assertTrue((np.sort(once, axis=1) == decks).all())
        self.assertEqual(rising_sequences(once).max(), 2)


if __name__ == "__main__":
    unittest.main()

"""Steps by chance."""

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits


def positions(steps: int, walkers: int, pause: float, seed: int) -> NDArray[np.int64]:
    """Return where each walker is after each step, a row for each walker."""
    generator = np.random.default_rng(seed)
    step = generator.choice([-1, 1], size=(walkers, steps))
    with threadpool_limits(1):
        return np.cumsum(step * (generator.random((walkers, steps)) >= pause), axis=1)

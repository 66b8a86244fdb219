"""PyTorch's random numbers on the CPU, without PyTorch.

Its generator is the Mersenne Twister MT19937 (Matsumoto & Nishimura, ACM Trans. Model. Comput.
Simul. 8, 3, 1998) with the seeding of 2002, which numpy's `RandomState` has too: the stream of
32-bit words is the same for the same seed. How numbers are made of the words follows
``aten/src/ATen/core/DistributionsHelper.h`` and ``native/cpu/DistributionTemplates.h``:

- float32, uniform: the lower 24 bits of a word over ``2^24``;
- float64, uniform: two words, the first one above, the lower 53 bits over ``2^53``;
- float64, normal, at least 16 of them: uniform ones, and in each 16 of these the k-th with the
  (k + 8)-th by the formula of Box & Muller (Ann. Math. Stat. 29, 610, 1958);
- whole numbers below n: the word modulo n.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["Generator"]

Array = NDArray[np.float64]

_BLOCK = 16


class Generator:
    """The stream of numbers that follows ``torch.manual_seed(seed)``; seed below ``2^32``."""

    def __init__(self, seed: int) -> None:
        self._words = np.random.RandomState(seed)

    def _draw(self, count: int) -> NDArray[np.uint32]:
        return np.frombuffer(self._words.bytes(4 * count), dtype="<u4")

    def uniform32(self, count: int, bound: float) -> NDArray[np.float32]:
        """Return draws of U(-bound, bound), computed in float32, shape ``(count,)``.

        Product and sum are rounded once, as by the fused multiply-add of a vector processor; on
        one without it PyTorch's own last bits differ.
        """
        share = (self._draw(count) & np.uint32(2**24 - 1)) * 2.0**-24
        low, high = np.float32(-bound), np.float32(bound)
        return np.asarray((share * float(high - low) + float(low)).astype(np.float32))

    def uniform(self, count: int, low: float = 0.0, high: float = 1.0) -> Array:
        """Return draws of U(low, high), float64, shape ``(count,)``."""
        # Read as one number of 64 bits, a pair has its first word below: the two change places.
        pairs = np.frombuffer(self._words.bytes(8 * count), dtype="<u8")
        whole = (pairs & np.uint64(2**21 - 1)) << np.uint64(32)
        whole |= pairs >> np.uint64(32)
        share = whole.astype(np.float64)
        share *= 2.0**-53 * (high - low)
        share += low
        return share

    def normal(self, count: int) -> Array:
        """Return standard normal draws, float64, shape ``(count,)``, at least 16.

        Where 16 does not divide their number, the last 16 of them are drawn again.
        """
        drawn = self.uniform(count)
        whole = count - count % _BLOCK
        drawn[:whole] = _box_muller(drawn[:whole])
        if whole < count:
            drawn[-_BLOCK:] = _box_muller(self.uniform(_BLOCK))
        return drawn

    def below(self, bound: int, count: int) -> NDArray[np.int64]:
        """Return whole numbers from 0 to ``bound - 1``, shape ``(count,)``."""
        return np.asarray(self._draw(count).astype(np.int64) % bound)

    def linear(self, fan_in: int, outputs: int, *, bias: bool) -> tuple[Array, Array]:
        """Return weight ``(outputs, fan_in)`` and bias ``(outputs,)`` of ``torch.nn.Linear``.

        Both from U(-1 / sqrt(n), 1 / sqrt(n)) with n inputs, in float32, the weight first; zeros
        for a bias that the layer does not have.
        """
        # kaiming_uniform_ with a = sqrt(5): the gain sqrt(2 / (1 + 5)) times sqrt(3 / n).
        bound = math.sqrt(3.0) * (math.sqrt(2.0 / 6.0) / math.sqrt(fan_in))
        weight = self.uniform32(fan_in * outputs, bound).astype(np.float64)
        shift = np.zeros(outputs)
        if bias:
            shift = self.uniform32(outputs, 1 / math.sqrt(fan_in)).astype(np.float64)
        return weight.reshape(outputs, fan_in), shift


def _box_muller(uniform: Array) -> Array:
    """Return normal draws made of uniform ones, block by block."""
    blocks = uniform.reshape(-1, 2, _BLOCK // 2)
    radius = np.sqrt(-2 * np.log1p(-blocks[:, 0]))
    angle = 2 * math.pi * blocks[:, 1]
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1).ravel()

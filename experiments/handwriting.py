"""The handwritten digits of scikit-learn, 8 x 8 pixels each, divided into three parts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.datasets import load_digits

from experiments.network import Samples
from juchi.core.errors import UserError

__all__ = ["CLASSES", "PIXELS", "Parts", "divide", "load"]

CLASSES = 10
PIXELS = 64


@dataclass(frozen=True)
class Parts:
    """What is trained on, what stops the training, and what is looked at in the end only."""

    training: Samples
    validation: Samples
    test: Samples


@dataclass(frozen=True)
class Images:
    """Pixels, shape ``(images, 64)``, from 0 to 16, and the digit that each shows."""

    pixels: NDArray[np.float64]
    digits: NDArray[np.int64]


def load() -> Images:
    """Return the 1,797 images that come with scikit-learn."""
    pixels, digits = load_digits(return_X_y=True)
    return Images(pixels, digits.astype(np.int64))


def divide(images: Images, training: int, validation: int, seed: int) -> Parts:
    """Draw a training and a validation part for a seed; the test part is the same for all seeds.

    What is left of the images after the sizes of the two parts are taken is the test part: no
    image of it is ever trained on, or chosen by, with any seed. The mean of each pixel over the
    training part is taken away everywhere, and all is divided by one number, the root mean square
    of the training part after that: the first layer is fed zero-centred numbers (LeCun et al.
    1998), so that what the activations feed to the others is all that differs.
    """
    kept = training + validation
    if kept >= len(images.digits):
        raise UserError(
            where="config/experiments.yaml: experiments.digits.common",
            found=f"{training} + {validation} images for training and validation",
            expected=f"fewer than {len(images.digits)} in all, for some to be left to test on",
            hint="lower training_samples or validation_samples",
        )
    order = np.random.default_rng(0).permutation(len(images.digits))
    drawn = np.random.default_rng([1, seed]).permutation(order[:kept])
    own = images.pixels[drawn[:training]]
    mean = own.mean(axis=0)
    size = np.sqrt(np.square(own - mean).mean())

    def samples(chosen: NDArray[np.int64]) -> Samples:
        inputs = torch.from_numpy((images.pixels[chosen] - mean) / size)
        return Samples.of(inputs, torch.from_numpy(images.digits[chosen]), CLASSES)

    return Parts(samples(drawn[:training]), samples(drawn[training:]), samples(order[kept:]))

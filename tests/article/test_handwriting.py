"""The three parts of the handwritten digits: apart, of the sizes asked for, and scaled alike."""

from __future__ import annotations

import pytest
import torch

from experiments.handwriting import PIXELS, divide, load
from juchi.core.errors import UserError

IMAGES = load()


def test_the_images_are_all_there() -> None:
    assert IMAGES.pixels.shape == (1797, PIXELS)
    assert (IMAGES.pixels.min(), IMAGES.pixels.max()) == (0, 16)
    assert set(IMAGES.digits) == set(range(10))


def test_the_parts_are_apart() -> None:
    parts = divide(IMAGES, 640, 560, seed=0)
    counts = [len(part.labels) for part in (parts.training, parts.validation, parts.test)]
    assert counts == [640, 560, 597]
    seen = [
        {tuple(row) for row in part.inputs.tolist()}
        for part in (parts.training, parts.validation, parts.test)
    ]
    assert len(set.union(*seen)) == sum(len(part) for part in seen)


def test_the_test_part_is_the_same_for_all_seeds() -> None:
    first, second = (divide(IMAGES, 640, 560, seed) for seed in (0, 1))
    assert torch.equal(first.test.labels, second.test.labels)
    assert not torch.equal(first.training.labels, second.training.labels)
    again = divide(IMAGES, 640, 560, 0)
    assert torch.equal(first.training.inputs, again.training.inputs)


def test_what_is_fed_is_centred_and_of_size_one() -> None:
    training = divide(IMAGES, 640, 560, seed=5).training
    assert training.inputs.mean(dim=0).abs().max() < 1e-12
    assert training.inputs.square().mean().item() == pytest.approx(1)
    assert training.inputs.dtype == torch.float64
    assert torch.equal(training.wanted.argmax(dim=1), training.labels)
    assert torch.equal(training.wanted.sum(dim=1), torch.ones(640, dtype=torch.float64))


def test_no_image_left_to_test_on_is_a_users_mistake() -> None:
    with pytest.raises(UserError, match="1000 \\+ 797 images"):
        divide(IMAGES, 1000, 797, seed=0)

"""The network on handwritten digits: backpropagation by hand, Hessian by a complex step.

Layers ``z = W a + b`` with the activation between them, softmax and cross-entropy at the end, all
samples in every step. The images are read from the file that comes with scikit-learn, whose code
is not used.
"""

from __future__ import annotations

import csv
import gzip
import importlib.metadata
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.activation import CURVES
from reference.agreement import Measure, near
from reference.generator import Generator

__all__ = [
    "Network",
    "Part",
    "cross_entropy",
    "divide",
    "images",
    "measures",
    "powers",
    "sharpness",
    "train",
]

Array = NDArray[Any]

_IMAGES = "sklearn/datasets/data/digits.csv.gz"
_PIXELS, _CLASSES = 64, 10
_COMPLEX_STEP = 1e-30


@cache
def images() -> tuple[Array, Array]:
    """Return pixels ``(images, 64)`` and digits ``(images,)`` from scikit-learn's file."""
    path = importlib.metadata.distribution("scikit-learn").locate_file(_IMAGES)
    with gzip.open(str(path), "rt", encoding="ascii") as text:
        rows = np.array(list(csv.reader(text)), dtype=float)
    return rows[:, :_PIXELS], rows[:, _PIXELS].astype(int)


@dataclass(frozen=True)
class Part:
    """Inputs ``(samples, 64)`` and labels ``(samples,)``."""

    inputs: Array
    labels: Array


def divide(training: int, validation: int, seed: int) -> tuple[Part, Part, Part]:
    """Return the training, validation and test part of a seed.

    The test part is what a first shuffle leaves; a second one, the seed's own, divides the rest.
    The mean of each pixel over the training part is taken away, and all is divided by the root mean
    square of what is left of that part.
    """
    pixels, digits = images()
    order = np.random.default_rng(0).permutation(len(digits))
    kept, test = np.split(order, [training + validation])
    own, other = np.split(np.random.default_rng([1, seed]).permutation(kept), [training])
    centred = pixels - pixels[own].mean(axis=0)
    scaled = centred / math.sqrt(np.square(centred[own]).mean())
    first, second, third = (Part(scaled[part], digits[part]) for part in (own, other, test))
    return first, second, third


def cross_entropy(logits: Array, labels: Array) -> tuple[Any, Array]:
    """Return its mean, and the gradient of that with respect to the logits."""
    logits = logits - logits.real.max(axis=1, keepdims=True)
    total = np.exp(logits).sum(axis=1, keepdims=True)
    rows = np.arange(len(labels))
    loss = (np.log(total[:, 0]) - logits[rows, labels]).mean()
    error = np.exp(logits) / total
    error[rows, labels] -= 1
    return loss, error / len(rows)


@dataclass(frozen=True)
class Network:
    """Layers of given widths, inputs first, with an activation by name."""

    widths: tuple[int, ...]
    activation: str

    @property
    def parameters(self) -> int:
        """The number of weights and biases."""
        return sum((n + 1) * m for n, m in zip(self.widths, self.widths[1:], strict=False))

    def initial(self, seed: int) -> Array:
        """Return PyTorch's default draws: layer by layer the weight, row by row, and the bias."""
        stream = Generator(seed)
        pairs = zip(self.widths, self.widths[1:], strict=False)
        drawn = [stream.linear(n, m, bias=True) for n, m in pairs]
        return np.concatenate([each.ravel() for layer in drawn for each in layer])

    def layers(self, vector: Array) -> list[tuple[Array, Array]]:
        """Return the weight and the bias of each layer, as views of the vector."""
        found, place = [], 0
        for n, m in zip(self.widths, self.widths[1:], strict=False):
            weight = vector[place : place + n * m].reshape(m, n)
            found.append((weight, vector[place + n * m :][:m]))
            place += (n + 1) * m
        return found

    def _activated(self, z: Array) -> tuple[Array, Array]:
        """Return values and slopes; a complex z counts by its real part where ReLU bends."""
        if self.activation == "relu":
            on = z.real > 0
            return z * on, on.astype(float)
        value, slope = CURVES[self.activation].derivatives(z, 1)
        return value, slope

    def logits(self, vector: Array, inputs: Array) -> Array:
        """Return the last layer's values, shape ``(samples, classes)``."""
        *hidden, (weight, bias) = self.layers(vector)
        a = inputs
        for inner, shift in hidden:
            a = self._activated(a @ inner.T + shift)[0]
        return np.asarray(a @ weight.T + bias)

    def descent(self, vector: Array, part: Part) -> tuple[Any, Array]:
        """Return the mean cross-entropy and its gradient, complex where `vector` is."""
        layers = self.layers(vector)
        fed, slopes = [part.inputs], []
        for weight, bias in layers[:-1]:
            value, slope = self._activated(fed[-1] @ weight.T + bias)
            fed.append(value)
            slopes.append(slope)
        logits = fed[-1] @ layers[-1][0].T + layers[-1][1]
        loss, error = cross_entropy(logits, part.labels)
        parts: list[Array] = []
        for index in reversed(range(len(layers))):
            parts = [(error.T @ fed[index]).ravel(), error.sum(axis=0), *parts]
            if index:
                error = (error @ layers[index][0]) * slopes[index - 1]
        return loss, np.concatenate(parts)


@dataclass(frozen=True)
class Training:
    """Updates to the target (all where it is not reached), means over them, and what came of it.

    `reached` is whether it is; `cosine` is that of consecutive updates, `coherence` the agreement
    of the signs in the gradients of the second layer's neurons, ``|sum sign g| / d``; `accuracy`
    is on the test part.
    """

    steps: int
    reached: bool
    cosine: float
    coherence: float
    accuracy: float


def train(network: Network, seed: int, settings: Mapping[str, Any], rate: float) -> Training:
    """Descend from a seed's start; the accuracy is that of the step of least validation loss."""
    parts = divide(settings["training_samples"], settings["validation_samples"], seed)
    training, validation, test = parts
    vector, steps = network.initial(seed), settings["steps"]
    losses, gradients, best = [], [], (math.inf, vector)
    for step in range(steps + 1):
        loss, gradient = network.descent(vector, training)
        losses.append(float(loss))
        gradients.append(gradient)
        if step % settings["check_every"] == 0:
            looked = float(network.descent(vector, validation)[0])
            best = min(best, (looked, vector), key=lambda entry: entry[0])
        vector = vector - rate * gradient
    there = np.flatnonzero(np.array(losses) <= settings["target_loss"])
    way = int(there[0]) if len(there) else steps
    updates = np.array(gradients[:way])
    updates /= np.linalg.norm(updates, axis=1, keepdims=True)
    second = np.sign([network.layers(gradient)[1][0] for gradient in gradients[:way]])
    hits = network.logits(best[1], test.inputs).argmax(axis=1) == test.labels
    return Training(
        steps=way,
        reached=bool(len(there)),
        cosine=float((updates[1:] * updates[:-1]).sum(axis=1).mean()),
        coherence=float(np.abs(second.mean(axis=2)).mean()),
        accuracy=float(hits.mean()),
    )


def sharpness(network: Network, vector: Array, part: Part, rounds: int) -> float:
    """Return the largest eigenvalue of the Hessian within the Krylov space of one vector.

    The Hessian times v is the imaginary part of the gradient at ``p + i h v``, over h. Instead of
    Lanczos's recursion: an orthonormal basis of the products, made by QR, and the eigenvalues of
    the Hessian within it (Rayleigh & Ritz). The first vector is a draw of normal numbers, the same
    as the article's: of few products the space, though not the way to it, decides the result.
    """
    first = Generator(0).normal(len(vector))
    basis = first[None] / np.linalg.norm(first)
    images_of = []
    for _ in range(rounds):
        moved = vector + 1j * _COMPLEX_STEP * basis[-1]
        images_of.append(network.descent(moved, part)[1].imag / _COMPLEX_STEP)
        spanned = np.linalg.qr(np.vstack([basis, images_of[-1]]).T)[0]
        basis = np.vstack([basis, spanned[:, -1]])
    within = basis[:-1] @ np.array(images_of).T
    return float(np.linalg.eigvalsh((within + within.T) / 2)[-1])


def measures(settings: Mapping[str, Any], rate: float) -> Iterator[Measure]:
    """Train every seed again at the tuned rate, and find the sharpness where each begins."""
    name, seeds = settings["name"], range(settings["seeds"])
    sizes = settings["training_samples"], settings["validation_samples"]
    network = Network((_PIXELS, *settings["hidden"], _CLASSES), settings["activation"])
    test = len(images()[1]) - sum(sizes)
    yield Measure(f"{name}.parameters", network.parameters, 0, "a count")
    yield Measure(f"{name}.test_samples", test, 0, "a count")
    yield near(f"{name}.chance_coherence", _chance_coherence(settings["hidden"][0]))
    runs = [train(network, seed, settings, rate) for seed in seeds]
    beyond = "rounding, which a rate beyond the stable ones amplifies"
    for fact, values, room, why in (
        ("steps_to_target", [run.steps for run in runs], 0.25, "a step more in one run of four"),
        ("update_cosine", [run.cosine for run in runs], 0.005, beyond),
        ("coherence", [run.coherence for run in runs], 0.005, beyond),
        ("reached", [run.reached for run in runs], 0, "a share of all, a step more or less"),
        ("test_accuracy", [run.accuracy for run in runs], 1 / test, "an image in every run"),
    ):
        yield Measure(f"{name}.{fact}", float(np.mean(values)), room, why)
    curvature = np.mean(
        [
            sharpness(
                network,
                network.initial(seed),
                divide(*sizes, seed)[0],
                settings["sharpness_rounds"],
            )
            for seed in seeds
        ]
    )
    why = "the rounding of products that are made orthogonal one after another"
    yield near(f"{name}.sharpness_start", float(curvature), 1e-6, why)
    yield near(f"{name}.stability_start", float(curvature) * rate / 2, 1e-6, why)


def powers(settings: Mapping[str, Any]) -> Iterator[Measure]:
    """Find by what power of the width the mean makes the networks sharper before any training."""
    name, widths, rounds = settings["name"], settings["widths"], settings["sharpness_rounds"]
    ratios = np.empty((settings["seeds"], len(widths)))
    for seed in range(settings["seeds"]):
        training = divide(settings["training_samples"], 0, seed)[0]
        for column, width in enumerate(widths):
            layers = (_PIXELS, *[width] * settings["hidden_layers"], _CLASSES)
            plain, centred = (Network(layers, name) for name in ("sigmoid", "centred_sigmoid"))
            start = plain.initial(seed)
            ratios[seed, column] = sharpness(plain, start, training, rounds) / sharpness(
                centred, start, training, rounds
            )
    # The slope of the least-squares line through the logarithms.
    x = np.log(widths) - np.log(widths).mean()
    slopes = np.log(ratios) @ x / (x @ x)
    why = "the rounding of products that are made orthogonal one after another"
    yield near(f"{name}.power", float(slopes.mean()), 1e-6, why)


def _chance_coherence(width: int) -> float:
    """Return ``E |sum of d random signs| / d``, term by term of the binomial distribution."""
    total = sum(abs(2 * plus - width) * math.comb(width, plus) for plus in range(width + 1))
    return float(total / 2**width / width)

"""The settings of every experiment and every analysis: their types, bounds and descriptions.

A key of ``config/experiments.yaml`` is declared here and nowhere else. This module is free of
torch, since the plan of a build reads it before anything is computed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from juchi.core.errors import UserError, nearest
from juchi.plan.models import Distinct, Model, Name, conflict

__all__ = [
    "ANALYSES",
    "EXPERIMENTS",
    "BandsSettings",
    "BestCurve",
    "BestCurvesSettings",
    "BoundarySettings",
    "CobwebSettings",
    "ComparisonSettings",
    "CoordinatesSettings",
    "DetoursSettings",
    "DigitsSettings",
    "FeatureSettings",
    "FewestSettings",
    "InitialisationSettings",
    "LaterNetwork",
    "LaterSettings",
    "LinearRangeSettings",
    "MethodsSettings",
    "OneWeight",
    "OneWeightSettings",
    "Pair",
    "PathsSettings",
    "PrintedListingSettings",
    "RegimesSettings",
    "StretchedSettings",
    "SweepSettings",
    "TakeHomeSettings",
    "TrajectoryComparisonSettings",
    "ValleySettings",
    "VarianceCase",
    "VarianceSettings",
    "Walk",
    "WalkSettings",
    "WidthsSettings",
    "key_of",
    "whole",
]

# Bounds beyond which sizes would fill the memory, and values overflow.
MOST = 10_000_000
LARGE = 1_000_000
# The recorded run is in memory at once, five numbers for each step of each start.
MOST_RECORDED = 20_000_000
MOST_RATES = 1_000_000
# Inputs whose range is smaller than this share of their size differ by rounding alone.
ALIKE = 1e-9
# Only far apart from the widest features does a sample say much about all of their directions.
SAMPLES_PER_FEATURE = 2
# The width of the coordinates whose weights make a plane that can be drawn.
PLANE = 2
DIGIT_IMAGES = 1797


def whole(value: float) -> float:
    """Return a whole number as an integer, which is written as 1 and not as 1.0."""
    return int(value) if float(value).is_integer() else value


def key_of(value: float) -> str:
    """Return a number as a part of names: 2.8 as ``2_8``, and 1.0 as ``1``."""
    return str(whole(value)).replace(".", "_")


Input = Annotated[float, Field(ge=-LARGE, le=LARGE, description="an input")]
Target = Annotated[float, Field(ge=-LARGE, le=LARGE, description="a target")]
Weight = Annotated[float, Field(ge=-LARGE, le=LARGE, description="a weight")]
LearningRate = Annotated[float, Field(gt=0, le=LARGE)]
# A learning rate of a sweep, which is divided by.
Rate = Annotated[float, Field(ge=1e-6, le=LARGE)]
Momentum = Annotated[float, Field(ge=0, lt=1, description="beta, from 0 to less than 1")]
Share = Annotated[float, Field(ge=0, le=1)]
Confidence = Annotated[float, Field(gt=0, lt=1)]
Tolerance = Annotated[float, Field(ge=1e-15, le=1)]
Nudge = Annotated[float, Field(ge=1e-12, le=1)]
Length = Annotated[float, Field(ge=0.001, le=1000)]
Device = Literal["cpu", "cuda"]
Stretched = Literal["sigmoid", "centred_sigmoid", "tanh"]
Method = Literal["gradient_descent", "heavy_ball", "adam", "rmsprop"]
Hidden = tuple[Annotated[int, Field(ge=2, le=4096, description="neurons of a layer")], ...]

# Descriptions that several experiments share.
_ACTIVATION = "a function of experiments/activations.py"
_METHOD = "a method of experiments/optimisers.py"
_HIDDEN = "widths of the hidden layers, the first one first"
_DEVICE = "where the replicas are stepped: the processor (cpu), or a GPU where there is one (cuda)"
_UPDATE_TOLERANCE = "updates below this size have no sign"
_LONGEST_PERIOD = "a period beyond this is none"
_PERIOD_TOLERANCE = "weights this close repeat"
_EXPONENT_TOLERANCE = "a Lyapunov exponent above this is chaos"
_RATES_PER_UNIT = "learning rates from 0 to 1: their spacing is one over this"
_WINDOW = "steps of the window, at least twice the longest period"
_NUDGE = "distance from the resting place at which its stability is tried"


def _raw(inputs: tuple[float, ...]) -> tuple[float, ...]:
    return inputs


def _centred(inputs: tuple[float, ...]) -> tuple[float, ...]:
    mean = math.fsum(inputs) / len(inputs)
    return tuple(x - mean for x in inputs)


def _standardised(inputs: tuple[float, ...]) -> tuple[float, ...]:
    centred = _centred(inputs)
    deviation = math.sqrt(math.fsum(x * x for x in centred) / len(centred))
    # Inputs that are all the same have no scale to divide by, and are zero already.
    return tuple(x / (deviation or 1.0) for x in centred)


_TRANSFORMS = {"raw": _raw, "centred": _centred, "standardised": _standardised}


class Configuration(Model):
    """What every configuration and every analysis has."""

    name: Name = Field(description="its name")


class TrainingSet(Configuration):
    """A training set of one feature."""

    inputs: tuple[Input, ...] = Field(min_length=1, description="the inputs of the training set")
    targets: tuple[Target, ...] = Field(min_length=1, description="the targets, one for each input")

    @model_validator(mode="after")
    def _paired(self) -> Self:
        if len(self.inputs) != len(self.targets):
            raise conflict(
                "targets",
                f"{len(self.targets)} targets for {len(self.inputs)} inputs",
                "as many targets as inputs",
                "pair them up",
            )
        return self


class OneWeight(TrainingSet):
    """One weight: what it is trained on, through which model, and how it descends.

    `learning_rate` and `momentum` are eta and beta of ``v <- beta v + g; w <- w - eta v``.
    """

    device: Device = Field(description=_DEVICE)
    activation: Stretched = Field(description=_ACTIVATION)
    model: Literal["scalar", "biased", "batchnorm", "batchnorm_frozen"] = Field(
        description="a model of experiments/models.py"
    )
    input_transform: Literal["raw", "centred", "standardised"] = Field(
        description="what is done to the inputs: raw (nothing), centred (less their mean), "
        "standardised (centred, over their standard deviation)"
    )
    input_scale: float = Field(
        ge=1e-6, le=LARGE, description="factor applied to every input after the transform"
    )
    target_shift: float = Field(ge=-LARGE, le=LARGE, description="number added to every target")
    learning_rate: LearningRate = Field(description="eta, above zero")
    momentum: Momentum = Field(description="beta, from 0 to less than 1")
    steps: int = Field(ge=3, le=MOST, description="number of updates, at least 3")

    def fed_inputs(self) -> tuple[float, ...]:
        """Return the inputs as the model gets them: transformed, then scaled."""
        return tuple(self.input_scale * x for x in _TRANSFORMS[self.input_transform](self.inputs))

    @staticmethod
    def plain(
        name: str,
        activation: str,
        inputs: tuple[float, ...],
        targets: tuple[float, ...],
        *,
        learning_rate: float = 1.0,
        steps: int = 3,
    ) -> OneWeight:
        """Return a weight without a bias, a transform or momentum."""
        return OneWeight.model_validate(
            {
                "name": name,
                "device": "cpu",
                "activation": activation,
                "model": "scalar",
                "inputs": inputs,
                "targets": targets,
                "input_transform": "raw",
                "input_scale": 1.0,
                "target_shift": 0.0,
                "learning_rate": learning_rate,
                "momentum": 0.0,
                "steps": steps,
            }
        )


class OneWeightSettings(OneWeight):
    """Of the experiment with one weight: how it is trained, and how its runs are measured."""

    engine: Literal["batched", "listing"] = Field(
        description="batched (float64, many starts at once) or listing (the loop of the post in "
        "float32)"
    )
    burn_in: int = Field(ge=0, le=MOST, description="first step of the measuring window")
    starts: int = Field(ge=2, le=MOST, description="number of initial weights, at least 2")
    update_tolerance: float = Field(ge=0, le=LARGE, description=_UPDATE_TOLERANCE)
    sawtooth_flip_share: Share = Field(
        description="flip share from which on a run shows a sawtooth"
    )
    learned_gap: Share = Field(description="share of the gap to the best loss that may be left")
    moved_gaps: Distinct[Annotated[Share, Field(description="a share")]] = Field(
        default=(), description="other shares in place of learned_gap"
    )
    moved_flip_shares: Distinct[Annotated[Share, Field(description="a share")]] = Field(
        default=(), description="other shares in place of sawtooth_flip_share"
    )
    moved_burn_ins: Distinct[
        Annotated[float, Field(ge=0, le=10, description="a factor of burn_in")]
    ] = Field(default=(), description="other beginnings of the window, as factors of burn_in")
    early_step: int = Field(
        ge=1,
        le=MOST,
        description="step at which runs of different lengths are compared, beside their ends",
    )
    diverged_weight: float = Field(
        ge=1,
        le=1e9,
        description="a run has diverged when its weight has left this range, or is no number",
    )

    @model_validator(mode="after")
    def _go_together(self) -> Self:
        if self.burn_in > self.steps - 2:
            raise conflict(
                "burn_in",
                f"{self.burn_in} with {self.steps} steps",
                "at most steps - 2, so that the window holds two updates",
                "lower burn_in or raise steps",
            )
        latest = max(map(self.moved_burn_in, self.moved_burn_ins), default=0)
        if latest > self.steps - 2:
            raise conflict(
                "moved_burn_ins",
                f"a window from step {latest} on, with {self.steps} steps",
                "at most steps - 2, so that the window holds two updates",
                "lower moved_burn_ins or raise steps",
            )
        if self.engine == "listing" and self.model != "scalar":
            raise conflict(
                "model",
                f"{self.model} with engine listing, which records the weight alone",
                "scalar, whose outputs follow from the weight",
                "take the model scalar or the engine batched",
            )
        if self.steps * self.starts > MOST_RECORDED:
            raise conflict(
                "steps",
                f"{self.steps} steps of {self.starts} starts",
                f"at most {MOST_RECORDED:,} steps of all starts together, which are kept in memory",
                "lower steps or starts",
            )
        return self

    def moved_burn_in(self, factor: float) -> int:
        """Return the first step of a window that begins at so many times burn_in."""
        return round(factor * self.burn_in)


class InitialisationSettings(Configuration):
    """Of what ``torch.nn.Linear`` draws by default."""

    fan_ins: Distinct[Annotated[int, Field(ge=1, le=MOST, description="a fan-in")]] = Field(
        min_length=1, description="numbers of inputs of the layers"
    )
    layers: int = Field(ge=2, le=MOST, description="layers made for each fan-in, at least 2")
    weights: int = Field(
        ge=2, le=MOST, description="least number of weights of a layer, at least 2"
    )
    bins: int = Field(ge=1, le=MOST, description="bins of the histogram")
    false_alarm: float = Field(
        ge=1e-12,
        le=0.5,
        description="how often one of the tests, one for each fan-in, may fail where all draws "
        "are uniform",
    )


class VarianceCase(Model):
    """A network: its inputs, the drawing of its weights, its activation, its number of layers."""

    inputs: Literal["standardised", "sigmoid", "related", "post"] = Field(
        description="inputs of experiments/variance.py"
    )
    scheme: Literal["default", "derived", "he"] = Field(
        description="how weights are drawn, of experiments/variance.py"
    )
    activation: Literal["linear", "sigmoid", "centred_sigmoid", "tanh", "relu"] = Field(
        description="an activation of experiments/variance.py"
    )
    depth: int = Field(ge=1, le=1000, description="number of layers")


class VarianceSettings(Configuration):
    """Of what becomes of the variance from layer to layer."""

    width: int = Field(ge=2, le=MOST, description="neurons of a layer, at least 2")
    samples: int = Field(ge=2, le=MOST, description="samples of the drawn inputs, at least 2")
    networks: int = Field(ge=2, le=MOST, description="networks of each case, at least 2")
    data: tuple[Input, ...] = Field(min_length=2, description="the inputs of the post")
    cases: dict[Name, Annotated[VarianceCase, Field(description="a network")]] = Field(
        min_length=1, description="networks by name (lower case, digits, underscores)"
    )

    @model_validator(mode="after")
    def _data_differ(self) -> Self:
        low, high = min(self.data), max(self.data)
        if high - low <= ALIKE * max(abs(low), abs(high)):
            raise conflict(
                "data",
                f"inputs from {whole(low)} to {whole(high)}",
                "inputs that differ: their variance is what the layers are checked against",
                "give inputs that are apart",
            )
        return self


class LinearRangeSettings(Configuration):
    """Of how straight an activation is."""

    activation: Stretched = Field(description=_ACTIVATION)
    half_width: Length = Field(description="the interval goes from minus this to this")
    reach: Length = Field(description="the outputs' range is taken up to this size of z")
    shown: Length = Field(description="half the width of the figure")
    points: int = Field(ge=2, le=MOST, description="points of the figure, at least 2")
    largest_deviation: float = Field(
        ge=1e-6,
        lt=1,
        description="a stretch is straight below this deviation, as a share of the output's range",
    )
    slope_kept: float = Field(
        ge=1e-6,
        lt=1,
        description="a stretch is straight above this slope at its end, as a share of that at zero",
    )


class Walk(Model):
    """Gradient descent on one weight from a given start, and the window that is drawn around it."""

    activation: Stretched = Field(description=_ACTIVATION)
    learning_rate: LearningRate = Field(description="eta, above zero")
    start: float = Field(ge=-LARGE, le=LARGE, description="the weight at which the walk begins")
    window: tuple[Weight, Weight] = Field(description="first and last weight of the picture")

    @model_validator(mode="after")
    def _window_rises(self) -> Self:
        _require_rising_window(self.window)
        return self


class WalkSettings(TrainingSet):
    """Of an experiment that draws walks."""

    steps: int

    def configuration(self, case: Walk) -> OneWeight:
        """Return the one-weight configuration of a case."""
        return OneWeight.plain(
            self.name,
            case.activation,
            self.inputs,
            self.targets,
            learning_rate=case.learning_rate,
            steps=self.steps,
        )


class CobwebSettings(WalkSettings):
    """Of the map of one step of gradient descent on one weight, and an orbit on it."""

    points: int = Field(ge=2, le=MOST, description="points of each map, at least 2")
    steps_drawn: int = Field(ge=1, le=MOST, description="steps of each orbit that are drawn")
    steps: int = Field(
        ge=4, le=MOST, description="steps of each orbit, at least four times the longest period"
    )
    longest_period: int = Field(ge=1, le=MOST, description=_LONGEST_PERIOD)
    period_tolerance: Tolerance = Field(description=_PERIOD_TOLERANCE)
    cases: dict[Name, Annotated[Walk, Field(description="one cobweb")]] = Field(
        min_length=1, description="the cobwebs by name"
    )

    @model_validator(mode="after")
    def _long_enough(self) -> Self:
        _require_long(self, "steps", self.steps - self.steps // 2, self.longest_period)
        return self


class ValleySettings(WalkSettings):
    """Of the loss against one weight, and of gradient descent that walks on it."""

    points: int = Field(ge=2, le=MOST, description="points of each loss, at least 2")
    steps: int = Field(ge=3, le=MOST, description="steps of each walk, at least 3")
    cases: dict[Name, Annotated[Walk, Field(description="one walk")]] = Field(
        min_length=1, description="the walks by name"
    )


class BestCurve(Model):
    """A model whose curve of least loss is drawn."""

    activation: Stretched = Field(description=_ACTIVATION)
    model: Literal["scalar", "biased"] = Field(description="without a bias, or with one")


class BestCurvesSettings(TrainingSet):
    """Of the curves of least loss through the training set."""

    points: int = Field(ge=2, le=MOST, description="points of each curve, at least 2")
    window: tuple[Input, Input] = Field(description="first and last input of the curves")
    cases: dict[Name, Annotated[BestCurve, Field(description="one model")]] = Field(
        min_length=1, description="the models by name"
    )

    @model_validator(mode="after")
    def _window_rises(self) -> Self:
        _require_rising_window(self.window)
        return self

    def configuration(self, case: BestCurve) -> OneWeight:
        """Return the one-weight configuration of a case."""
        plain = OneWeight.plain(self.name, case.activation, self.inputs, self.targets)
        return plain.model_copy(update={"model": case.model})


class FeatureSettings(Configuration):
    """Of least squares on features ``gain (sigmoid(slope (z - threshold)) - shift)``."""

    slope: Length = Field(
        description="slope k of the features gain (sigmoid(k (z - threshold)) - shift), above zero"
    )
    threshold: float = Field(
        ge=-10,
        le=10,
        description="the pre-activation z at which the sigmoid of a feature is one half",
    )
    shift: float = Field(ge=-1000, le=1000, description="what is taken from the sigmoid's output")
    gain: Length = Field(description="factor of the shifted output, above zero")
    drawings: int = Field(
        ge=2, le=100_000, description="drawings of features, start and teacher, at least 2"
    )
    tolerance: float = Field(
        ge=1e-12,
        lt=1,
        description="a descent has arrived when this share of its first loss is left",
    )


class CoordinatesSettings(FeatureSettings):
    """Of the same functions in other coordinates."""

    mirror: Literal["axis", "diagonal"] = Field(
        description="where the mirrored coordinates have the mean sample: on the first axis, or "
        "on the diagonal of all"
    )
    widths: Distinct[Annotated[int, Field(ge=1, le=1024, description="a number of features")]] = (
        Field(min_length=1, description=f"numbers of features, {PLANE} among them")
    )
    samples: int = Field(
        ge=4,
        le=100_000,
        description="samples of a training set, at least twice the largest of widths",
    )
    small_step: float = Field(
        ge=0.001,
        lt=1,
        description="the small rate, as a share of the largest that overshoots in no direction",
    )
    window: int = Field(
        ge=1,
        le=MOST,
        description="number of first updates over which the signs of the batch gradient are taken",
    )
    limit: int = Field(
        ge=1, le=MOST, description="updates after which a descent from the data is given up"
    )

    @model_validator(mode="after")
    def _go_together(self) -> Self:
        if PLANE not in self.widths:
            raise conflict(
                "widths",
                f"[{', '.join(map(str, self.widths))}]",
                f"numbers of features, {PLANE} among them",
                f"add {PLANE}, whose weights make a plane that can be drawn",
            )
        _require_samples(self.samples, self.widths)
        return self


class MethodsSettings(FeatureSettings):
    """Of one method of descent on features whose signs and axes are changed."""

    method: Method = Field(description=_METHOD)
    relative: bool = Field(
        description="whether a rate is a share of 1 / lambda_max of each drawing (true) or a number"
    )
    rates: Distinct[LearningRate] = Field(min_length=3, description="learning rates, rising")
    small_rate: LearningRate = Field(description="one of these, at which all forms are compared")
    widths: Distinct[Annotated[int, Field(ge=2, le=1024, description="a number of features")]] = (
        Field(min_length=1, description="numbers of features")
    )
    turns: Distinct[Share] = Field(
        min_length=2,
        description="how far the mean of the features is turned from the diagonal (0) to the first "
        "axis (1), both among them",
    )
    samples: int = Field(ge=4, le=100_000, description="samples of a training set")
    limit: int = Field(ge=1, le=MOST, description="updates after which a run is given up")

    @model_validator(mode="after")
    def _go_together(self) -> Self:
        if self.small_rate not in self.rates:
            raise conflict(
                "small_rate",
                f"{whole(self.small_rate)}, which is not among rates",
                "a rate of the grid",
                "take one of rates",
            )
        if not {0, 1} <= {*self.turns}:
            raise conflict(
                "turns",
                f"[{', '.join(str(whole(share)) for share in self.turns)}]",
                "shares with 0 and 1 among them",
                "add the two that are compared",
            )
        return self


class DetoursSettings(FeatureSettings):
    """Of how long the way of gradient descent is at given shares of the bound."""

    limit: int = Field(ge=1, le=10_000_000, description="the most updates of a descent")
    shares: Distinct[
        Annotated[float, Field(gt=0, lt=2, description="eta lambda_max, below the bound of two")]
    ] = Field(min_length=1, description="learning rates as eta lambda_max")
    samples: int = Field(ge=4, le=100_000, description="samples of a training set")


class FewestSettings(FeatureSettings):
    """Of gradient descent at the rate, of a grid, that takes the fewest steps."""

    shares: Distinct[
        Annotated[
            float, Field(ge=0.01, le=0.999999, description="a share of the bound 2 / lambda_max")
        ]
    ] = Field(min_length=3, description="learning rates as shares of the bound")
    widths: Distinct[Annotated[int, Field(ge=1, le=1024, description="a number of features")]] = (
        Field(min_length=1, description="numbers of features")
    )
    samples: int = Field(
        ge=4,
        le=10_000,
        description="samples of a training set, at least twice the largest of widths",
    )

    @model_validator(mode="after")
    def _go_together(self) -> Self:
        _require_samples(self.samples, self.widths)
        return self


class WidthsSettings(Configuration):
    """Of what the mean costs at the start of networks of several widths."""

    widths: Distinct[Annotated[int, Field(ge=1, le=4096, description="a width")]] = Field(
        min_length=2, description="neurons of each hidden layer, at least two widths"
    )
    hidden_layers: int = Field(ge=1, le=100, description="number of hidden layers")
    training_samples: int = Field(ge=2, lt=DIGIT_IMAGES, description="images that the loss is over")
    seeds: int = Field(ge=2, le=100_000, description="initial networks of each width")
    sharpness_rounds: int = Field(
        ge=2,
        le=1000,
        description="products of the Hessian with a vector for its largest eigenvalue",
    )
    confidence: Confidence = Field(description="of the intervals")


class LaterNetwork(Model):
    """An activation, what is normalised, and what the network begins as."""

    activation: Literal[
        "sigmoid",
        "centred_sigmoid",
        "scaled_sigmoid",
        "amplified_sigmoid",
        "tanh",
        "relu",
        "gelu",
        "silu",
    ] = Field(description="a function between the layers")
    normalisation: Literal[
        "none", "layer", "batch_before", "batch_behind", "layer_mean", "batch_mean"
    ] = Field(
        default="none",
        description="of the outputs over the units (layer) or the samples (batch_behind), or of "
        "what the activation is fed over the samples (batch_before); of the outputs by their mean "
        "alone, over the units (layer_mean) or the samples (batch_mean)",
    )
    start: Literal["own", "centred"] = Field(
        default="own",
        description="its own function of the draws, or that of the centred sigmoid with them",
    )
    rate_factor: Length = Field(
        default=1, description="factor of the learning rates that the tuning tries with it"
    )

    def rates(self, tried: Sequence[float]) -> list[float]:
        """Return the learning rates that the tuning tries with this network."""
        return [self.rate_factor * rate for rate in tried]

    @model_validator(mode="after")
    def _go_together(self) -> Self:
        if self.start == "centred" and (self.activation, self.normalisation) != ("sigmoid", "none"):
            raise conflict(
                "start",
                f"centred, with {self.activation} and normalisation {self.normalisation}",
                "a sigmoid without normalisation, which alone can begin as the centred one",
                "leave start out",
            )
        return self


class LaterSettings(Configuration):
    """Of networks with activations and normalisations of today, trained by one method."""

    method: Method = Field(description=_METHOD)
    batch: int = Field(
        ge=0, lt=DIGIT_IMAGES, description="images of a mini-batch; 0 for all in every update"
    )
    rates: Distinct[Annotated[Rate, Field(description="a learning rate")]] = Field(
        min_length=1, description="learning rates that the tuning tries, rising"
    )
    hidden: Hidden = Field(min_length=1, description=_HIDDEN)
    training_samples: int = Field(ge=2, lt=DIGIT_IMAGES, description="images that a seed trains on")
    target_loss: float = Field(
        ge=1e-6, le=1000, description="loss over all of them at which the updates are counted"
    )
    tuning_seeds: int = Field(
        ge=2, le=MOST, description="seeds that choose the rate, at least 2; none is reported"
    )
    seeds: int = Field(ge=2, le=MOST, description="reported seeds, at least 2")
    limit: int = Field(ge=1, le=MOST, description="updates after which a run is given up")
    networks: dict[Name, Annotated[LaterNetwork, Field(description="a network")]] = Field(
        min_length=1, description="the networks, by name"
    )
    left_out: Distinct[Annotated[Name, Field(description="a network")]] = Field(
        default=(), description="networks that are not trained; no pair that has one is compared"
    )
    pairs: dict[
        Name,
        tuple[
            Annotated[Name, Field(description="first")],
            Annotated[Name, Field(description="second")],
        ],
    ] = Field(description="pairs of networks whose updates are divided, first by second")
    same: Distinct[Annotated[Name, Field(description="a network")]] = Field(
        min_length=1, description="networks that are to take the same steps at the first one's rate"
    )
    confidence: Confidence = Field(description="of the intervals")

    @model_validator(mode="after")
    def _go_together(self) -> Self:
        if self.batch > self.training_samples:
            raise conflict(
                "batch",
                f"{self.batch}, of {self.training_samples} training_samples",
                "at most as many as there are",
                "lower batch or raise training_samples",
            )
        lists = {"same": self.same, "left_out": self.left_out}
        for key, names in {**self.pairs, **lists}.items():
            known = self.trained if key == "same" else self.networks
            for name in names:
                if name not in known:
                    raise conflict(
                        key if key in lists else "pairs",
                        f"an unknown network {name!r}",
                        f"one of {', '.join(known)}",
                        nearest(name, list(known)),
                    )
        return self

    @property
    def trained(self) -> dict[str, LaterNetwork]:
        """The networks that are trained, by name."""
        return {name: each for name, each in self.networks.items() if name not in self.left_out}

    @property
    def compared(self) -> dict[str, tuple[str, str]]:
        """The pairs of networks that are both trained, by name."""
        return {
            name: pair
            for name, pair in self.pairs.items()
            if not set(pair).intersection(self.left_out)
        }


class StretchedSettings(TrainingSet):
    """Of an experiment that steps many replicas of one weight at once."""

    device: Device = Field(description=_DEVICE)
    activation: Stretched = Field(description=f"{_ACTIVATION} that is a stretched sigmoid")


class SweepSettings(StretchedSettings):
    """Of the learning rate swept: onset of the sawtooth, doublings, chaos, saturation."""

    first_rate: Rate = Field(
        description="the least learning rate, well below the onset of the sawtooth"
    )
    last_rate: Rate = Field(description="the largest learning rate")
    rates_per_unit: int = Field(ge=1, le=MOST, description=_RATES_PER_UNIT)
    starts: int = Field(ge=2, le=MOST, description="initial weights at each rate, at least 2")
    burn_in: int = Field(ge=1, le=MOST, description="steps before the window")
    window: int = Field(ge=2, le=MOST, description=_WINDOW)
    rows_drawn: int = Field(
        ge=1, le=MOST, description="steps at the window's end that the diagram shows"
    )
    starts_drawn: int = Field(ge=1, le=MOST, description="initial weights that the diagram shows")
    longest_period: int = Field(ge=1, le=MOST, description=_LONGEST_PERIOD)
    period_tolerance: Tolerance = Field(description=_PERIOD_TOLERANCE)
    exponent_tolerance: float = Field(ge=0, le=LARGE, description=_EXPONENT_TOLERANCE)
    update_tolerance: float = Field(ge=0, le=LARGE, description=_UPDATE_TOLERANCE)
    refine_steps: int = Field(
        ge=64, le=MOST, description="length of the runs that bracket a change, at least 64"
    )
    refine_starts: int = Field(ge=1, le=MOST, description="initial weights of these runs")
    nudge: Nudge = Field(description=_NUDGE)
    marked_rate: Rate = Field(description="the rate that is measured from more initial weights")
    marked_starts: int = Field(
        ge=2, le=MOST, description="initial weights at that rate, at least 2"
    )
    marked_window: int = Field(
        ge=2,
        le=MOST,
        description="steps of the window at that rate, at least twice the longest period",
    )
    nearby: float = Field(
        gt=0,
        lt=1,
        description="how far from that rate its neighbourhood reaches on either side, as a share "
        "of it",
    )
    nearby_rates: int = Field(
        ge=1, le=100_000, description="rates in that neighbourhood, on either side"
    )

    @model_validator(mode="after")
    def _go_together(self) -> Self:
        _require_rising(self, "first_rate", "last_rate")
        _require_long(self, "window", self.window, self.longest_period)
        _require_long(self, "marked_window", self.marked_window, self.longest_period)
        first, last, per_unit = self.first_rate, self.last_rate, self.rates_per_unit
        if first * per_unit < 1 or not 1 <= (last - first) * per_unit <= MOST_RATES:
            raise conflict(
                "rates_per_unit",
                f"{per_unit} from {whole(first)} to {whole(last)}",
                f"steps no larger than first_rate, and from two rates to {MOST_RATES:,}",
                "choose another number of rates per unit, or other ends",
            )
        return self


class BoundarySettings(StretchedSettings):
    """Of the largest stable learning rate of each momentum, on runs."""

    momenta: tuple[Momentum, ...] = Field(min_length=1, description="the momenta")
    calm_rate: Rate = Field(description="a learning rate at which every momentum comes to rest")
    last_rate: Rate = Field(description="a learning rate at which none does")
    starts: int = Field(
        ge=1, le=MOST, description="initial weights that look for the resting place"
    )
    steps: int = Field(ge=2, le=MOST, description="length of the runs, at least 2")
    nudge: Nudge = Field(description=_NUDGE)

    @model_validator(mode="after")
    def _rates_rise(self) -> Self:
        _require_rising(self, "calm_rate", "last_rate")
        return self


class RegimesSettings(StretchedSettings):
    """Of the map of learning rate and momentum."""

    rates: int = Field(ge=1, le=MOST, description="learning rates of the grid, from one spacing up")
    rates_per_unit: int = Field(ge=1, le=MOST, description=_RATES_PER_UNIT)
    momenta: int = Field(
        ge=1, le=MOST, description="momenta of the grid, evenly spaced from 0 to less than 1"
    )
    starts: int = Field(ge=1, le=MOST, description="initial weights in each cell")
    early: int = Field(
        ge=1, le=MOST, description="steps before the outcomes that are certain are set aside"
    )
    burn_in: int = Field(ge=2, le=MOST, description="steps before the window, more than early")
    window: int = Field(ge=2, le=MOST, description=_WINDOW)
    patience: int = Field(
        ge=1, le=MOST, description="further steps of the replicas that are unsettled"
    )
    long_window: int = Field(ge=2, le=MOST, description="steps of their window")
    longest_period: int = Field(ge=2, le=MOST, description=_LONGEST_PERIOD)
    rest_tolerance: Tolerance = Field(description="weights this close to the minimum rest there")
    period_tolerance: Tolerance = Field(description=_PERIOD_TOLERANCE)
    exponent_tolerance: float = Field(ge=0, le=LARGE, description=_EXPONENT_TOLERANCE)
    diverged_weight: float = Field(
        ge=1, le=1e9, description="a weight larger than this has diverged"
    )
    learned_share: Share = Field(description="share of the starts of a cell that have to converge")
    places: dict[
        Name,
        Annotated[
            tuple[
                Annotated[LearningRate, Field(description="the learning rate")],
                Annotated[
                    float, Field(ge=0, lt=1, description="the momentum, from 0 to less than 1")
                ],
            ],
            Field(description="learning rate and momentum"),
        ],
    ] = Field(
        min_length=1,
        description="learning rate and momentum of the places of interest, by name",
    )
    place_starts: int = Field(
        ge=2, le=MOST, description="initial weights at each place, at least 2"
    )

    @model_validator(mode="after")
    def _go_together(self) -> Self:
        _require_long(self, "window", self.window, self.longest_period)
        _require_long(self, "long_window", self.long_window, self.longest_period)
        if self.early > self.burn_in:
            raise conflict(
                "early",
                f"{self.early}, with a burn_in of {self.burn_in}",
                "a step of the burn-in",
                "lower early or raise burn_in",
            )
        return self


class DigitsSettings(Configuration):
    """Of networks on handwritten digits."""

    activation: Literal["sigmoid", "centred_sigmoid", "scaled_sigmoid", "tanh", "relu"] = Field(
        description=_ACTIVATION
    )
    hidden: Hidden = Field(min_length=1, description=_HIDDEN)
    training_samples: int = Field(ge=2, le=DIGIT_IMAGES, description="images that a seed trains on")
    validation_samples: int = Field(
        ge=1,
        le=DIGIT_IMAGES,
        description="images that tell a seed when to stop; those left over are the test part",
    )
    rates: Distinct[Annotated[Rate, Field(description="a learning rate")]] = Field(
        min_length=1, description="learning rates that the tuning tries, rising"
    )
    target_loss: float = Field(
        ge=1e-6, le=1000, description="training loss at which the steps are counted"
    )
    tuning_seeds: int = Field(
        ge=2,
        le=MOST,
        description="seeds that choose the rate, at least 2; none of them is reported",
    )
    tuning_steps: int = Field(
        ge=1, le=MOST, description="updates after which a run of the tuning is given up"
    )
    seeds: int = Field(
        ge=2, le=MOST, description="reported seeds, at least 2, the same for all activations"
    )
    steps: int = Field(ge=2, le=MOST, description="updates of a reported run, at least 2")
    check_every: int = Field(
        ge=1, le=MOST, description="updates between two looks at the validation part"
    )
    sharpness_rounds: int = Field(
        ge=2,
        le=MOST,
        description="products of the Hessian with a vector for its largest eigenvalue, at least 2",
    )
    sway_seeds: int = Field(
        ge=2,
        le=MOST,
        description="how many seeds of the tuning are followed at every rate, at least 2",
    )
    sway_steps: int = Field(
        ge=3, le=MOST, description="how many updates they are followed for, at least 3"
    )
    confidence: Confidence = Field(
        description="confidence level of the intervals of curves and of single numbers"
    )


class PathsSettings(Configuration):
    """Of the analysis of what figures show of runs: the first steps of the first starts."""


class BandsSettings(Configuration):
    """Of the analysis of the loss over all starts, step by step."""


class PrintedListingSettings(Configuration):
    """Of the analysis of the listing as it is printed."""


class TakeHomeSettings(Configuration):
    """Of the analysis of the script that readers may take home."""

    starts: int = Field(ge=1, le=MOST, description="seeds that its training is run from")
    plain: Name = Field(description="a configuration with the model of the script as it stands")
    cured: Name = Field(description="a configuration with the model of the script with its cures")

    def check_inputs(
        self, configurations: Mapping[str, Mapping[str, Any]]
    ) -> Iterator[tuple[str, str, str, str, str]]:
        """Yield nothing; a configuration that is not among the inputs is a `UserError`."""
        for role in ("plain", "cured"):
            _require_known(f"take_home.{role}", getattr(self, role), configurations)
        yield from ()


class TrajectoryComparisonSettings(Configuration):
    """Of the comparison of trajectories, step by step, that should be the same but for rounding."""

    source: Name = Field(description="the configuration that the other two are checked against")
    control: Name = Field(description="a configuration with the same steps in exact arithmetic")
    listing: Name = Field(description="a configuration with the same steps in float32")
    together_tolerance: float = Field(gt=0, le=LARGE, description="weights this close are together")
    meaningful_error: float = Field(
        gt=0, le=LARGE, description="rounding up to this size leaves a comparison meaningful"
    )

    def check_inputs(
        self, configurations: Mapping[str, Mapping[str, Any]]
    ) -> Iterator[tuple[str, str, str, str, str]]:
        """Yield what could not be compared step by step.

        Parameters
        ----------
        configurations
            The settings of each configuration that the analysis is of, by its name.

        Yields
        ------
        tuple
            The configuration and the key at fault; what is found, what is expected, the hint.

        Raises
        ------
        UserError
            Where a configuration that is named is none of these.
        """
        for role in ("source", "control", "listing"):
            _require_known(f"trajectory_comparison.{role}", getattr(self, role), configurations)
        source, listing = configurations[self.source], configurations[self.listing]
        pairs = [(self.control, "steps"), (self.control, "starts"), (self.listing, "steps")]
        unlike = [(name, key) for name, key in pairs if configurations[name][key] != source[key]]
        if listing["starts"] > source["starts"]:
            unlike.append((self.listing, "starts"))
        for name, key in unlike:
            yield (
                name,
                key,
                f"{configurations[name][key]}, where {self.source} has {source[key]}",
                f"runs as long as those of {self.source}, each from a start that it has too: they "
                "are compared",
                f"give both the same {key}",
            )


class Pair(Model):
    """Two configurations; differences are second less first."""

    first: Name = Field(description="a configuration")
    second: Name = Field(description="a configuration with the same seeds")


class ComparisonSettings(Configuration):
    """Of the family of paired comparisons, declared before the runs."""

    confidence: Confidence = Field(description="confidence level of each interval, taken alone")
    pairs: dict[
        Name, Annotated[Pair, Field(description="a pair; differences are second less first")]
    ] = Field(
        min_length=1,
        description="pairs of configurations by name (lower case, digits, underscores)",
    )
    measures: dict[Name, Annotated[Name, Field(description="a column of the samples")]] = Field(
        min_length=1,
        description="columns of the samples by the name of the measure (lower case, digits, "
        "underscores)",
    )

    def check_inputs(
        self, configurations: Mapping[str, Mapping[str, Any]]
    ) -> Iterator[tuple[str, str, str, str, str]]:
        """Refuse a pair with a configuration that is not among those given; yield nothing."""
        for name, pair in self.pairs.items():
            for side in ("first", "second"):
                place = f"comparison.pairs.{name}.{side}"
                _require_known(place, getattr(pair, side), configurations)
        yield from ()


def _require_known(place: str, name: str, configurations: Mapping[str, object]) -> None:
    if name not in configurations:
        raise UserError(
            where=f"config/experiments.yaml: analyses.{place}",
            found=f"an unknown configuration {name!r}",
            expected=f"one of {', '.join(configurations)}",
            hint=nearest(name, list(configurations)),
        )


def _require_samples(samples: int, widths: Sequence[int]) -> None:
    """Refuse so few samples that the features of the largest width are nearly dependent."""
    if samples < SAMPLES_PER_FEATURE * max(widths):
        raise conflict(
            "samples",
            f"{samples} samples for {max(widths)} features",
            f"at least {SAMPLES_PER_FEATURE} samples for each feature",
            "raise samples, or leave out the largest of widths",
        )


def _require_rising(settings: Model, low: str, high: str) -> None:
    """Refuse two settings of which the second is not larger."""
    first, last = whole(getattr(settings, low)), whole(getattr(settings, high))
    if first >= last:
        found, expected = f"{last}, where {low} is {first}", f"more than {low}"
        raise conflict(high, found, expected, "put the two in order")


def _require_rising_window(window: tuple[float, float]) -> None:
    low, high = map(whole, window)
    if low >= high:
        found = f"[{low}, {high}]"
        expected = "the lower end, then the upper one"
        raise conflict("window", found, expected, "put the two in order")


def _require_long(settings: Model, key: str, window: int, longest_period: int) -> None:
    """Refuse a window that does not hold the longest period twice: none is seen in it."""
    if 2 * longest_period > window:
        raise conflict(
            key,
            f"{getattr(settings, key)}, with a longest_period of {longest_period}",
            f"orbits twice as long as the longest period; the one looked at has {window} steps",
            f"raise {key} or lower longest_period",
        )


EXPERIMENTS: dict[str, type[Model]] = {
    "one_weight": OneWeightSettings,
    "initialisation": InitialisationSettings,
    "variance": VarianceSettings,
    "linear_range": LinearRangeSettings,
    "cobweb": CobwebSettings,
    "valley": ValleySettings,
    "best_curves": BestCurvesSettings,
    "coordinates": CoordinatesSettings,
    "four_methods": MethodsSettings,
    "detours": DetoursSettings,
    "fewest_steps": FewestSettings,
    "sweep": SweepSettings,
    "boundary": BoundarySettings,
    "regimes": RegimesSettings,
    "layer_widths": WidthsSettings,
    "later_layers": LaterSettings,
    "digits": DigitsSettings,
}

ANALYSES: dict[str, type[Model]] = {
    "paths": PathsSettings,
    "bands": BandsSettings,
    "trajectory_comparison": TrajectoryComparisonSettings,
    "comparison": ComparisonSettings,
    "printed_listing": PrintedListingSettings,
    "take_home": TakeHomeSettings,
}

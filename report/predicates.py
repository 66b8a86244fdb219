"""What the predicates of claims and findings have in common."""

from __future__ import annotations

from juchi.results.evaluation import CONDITIONAL, REFUTED, SUPPORTED, Evidence, Precondition

__all__ = [
    "SAWTOOTH",
    "has_learned",
    "in_part",
    "is_gone",
    "is_shown",
    "learnable",
    "trained_alike",
    "verdict",
]


def is_gone(evidence: Evidence, variant: str) -> bool:
    """Return whether the variant's sawtooth is gone: its share of starts is small."""
    return evidence[f"{variant}.sawtooth_share"] <= evidence["threshold.gone"]


def is_shown(evidence: Evidence, variant: str) -> bool:
    """Return whether most starts of the variant show a sawtooth."""
    return evidence[f"{variant}.sawtooth_share"] >= evidence["threshold.shown"]


def has_learned(evidence: Evidence, variant: str) -> bool:
    """Return whether nearly all starts of the variant arrive near the model's best loss."""
    return evidence[f"{variant}.learned_share"] >= evidence["threshold.learned"]


def verdict(holds: bool) -> str:
    """Return whether a statement is supported or refuted."""
    return SUPPORTED if holds else REFUTED


def in_part(first: bool, second: bool) -> str:
    """Return the verdict on a statement of two parts, the first of which carries it."""
    if not first:
        return REFUTED
    return SUPPORTED if second else CONDITIONAL


SAWTOOTH = Precondition(
    "sawtooth",
    "There is a sawtooth to explain: most starts of the seed show one.",
    lambda evidence: is_shown(evidence, "seed"),
)


def trained_alike(variant: str, *, but: str | None = None) -> Precondition:
    """Require that a variant has the seed's rate, momentum and steps, up to what is under test."""

    def holds(evidence: Evidence) -> bool:
        compared = [key for key in ("learning_rate", "momentum", "length") if key != but]
        values = [(evidence[f"{variant}.{key}"], evidence[f"seed.{key}"]) for key in compared]
        return all(own == seed for own, seed in values)

    return Precondition(
        "trained_alike",
        "The seed and what is compared with it are trained alike: in rate, momentum and steps they "
        "differ in nothing but what is under test.",
        holds,
    )


def learnable(variant: str) -> Precondition:
    """Require that a variant's model can do better than the best constant."""
    return Precondition(
        "learnable",
        "There is something to learn: the least loss of the model is below that of the best "
        "constant.",
        lambda evidence: evidence[f"{variant}.loss_star"] < evidence["seed.constant_loss"],
    )

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


def is_gone(evidence: Evidence, configuration: str) -> bool:
    """Return whether the configuration's sawtooth is gone: its share of starts is small."""
    return evidence[f"{configuration}.sawtooth_share"] <= evidence["threshold.gone"]


def is_shown(evidence: Evidence, configuration: str) -> bool:
    """Return whether most starts of the configuration show a sawtooth."""
    return evidence[f"{configuration}.sawtooth_share"] >= evidence["threshold.shown"]


def has_learned(evidence: Evidence, configuration: str) -> bool:
    """Return whether nearly all starts of the configuration arrive near the model's best loss."""
    return evidence[f"{configuration}.learned_share"] >= evidence["threshold.learned"]


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
    "There is a sawtooth to explain: most starts of the post show one.",
    lambda evidence: is_shown(evidence, "post"),
)


def trained_alike(configuration: str, *, but: str | None = None) -> Precondition:
    """Require the post's rate, momentum and steps of a configuration, up to what is under test."""

    def holds(evidence: Evidence) -> bool:
        compared = [key for key in ("learning_rate", "momentum", "length") if key != but]
        values = [(evidence[f"{configuration}.{key}"], evidence[f"post.{key}"]) for key in compared]
        return all(own == post for own, post in values)

    return Precondition(
        "trained_alike",
        "The post and what is compared with it are trained alike: in rate, momentum and steps they "
        "differ in nothing but what is under test.",
        holds,
    )


def learnable(configuration: str) -> Precondition:
    """Require that a configuration's model can do better than the best constant."""
    return Precondition(
        "learnable",
        "There is something to learn: the least loss of the model is below that of the best "
        "constant.",
        lambda evidence: evidence[f"{configuration}.loss_star"] < evidence["post.constant_loss"],
    )

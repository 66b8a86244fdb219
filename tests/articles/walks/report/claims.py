"""What the article claims."""

from juchi.results.evaluation import REFUTED, SUPPORTED, Claims, Evidence, Fixed, Precondition

STATEMENTS = Claims()
_WALKED = Precondition("walked", "Somebody walks.", lambda facts: facts["drunk.walkers"] > 0)


@STATEMENTS.enter("The mean square is that of theory.", requires=[_WALKED], fixed=Fixed.BEFORE)
def root(evidence: Evidence) -> str:
    """Return the verdict on the square of the distance."""
    ratio = evidence["drunk.square"] / evidence["drunk.expected"]
    return SUPPORTED if abs(ratio - 1) < evidence["threshold.near"] else REFUTED


@STATEMENTS.enter("Heads are as many as tails.", requires=[], fixed=Fixed.BEFORE)
def fair(evidence: Evidence) -> str:
    """Return the verdict on the coin."""
    return SUPPORTED if abs(evidence["coin.heads"] - 0.5) < 0.1 else REFUTED

"""What the article claims."""

from juchi.results.evaluation import REFUTED, SUPPORTED, Claims, Evidence, Fixed, Precondition

STATEMENTS = Claims()
_THROWN = Precondition("thrown", "The die was thrown.", lambda facts: facts["die.throws"] > 0)


@STATEMENTS.enter("The means differ by little.", requires=[_THROWN], fixed=Fixed.BEFORE)
def fair(evidence: Evidence) -> str:
    """Return the verdict on the die."""
    difference = abs(evidence["die.mean"] - evidence["die.expected"])
    return SUPPORTED if difference < evidence["threshold.near"] else REFUTED

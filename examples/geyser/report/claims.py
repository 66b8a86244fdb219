"""What the article claims, and what would refute it."""

from juchi.results.evaluation import REFUTED, SUPPORTED, Claims, Evidence, Fixed

STATEMENTS = Claims()


@STATEMENTS.enter(
    "The confidence interval of the slope lies above zero.", requires=[], fixed=Fixed.AFTER
)
def foretold(evidence: Evidence) -> str:
    """Return whether longer eruptions are followed by longer waits."""
    low, _ = evidence.interval("line.slope")
    return SUPPORTED if low > 0 else REFUTED

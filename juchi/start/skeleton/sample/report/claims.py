"""What the article claims, and what would refute it."""

from juchi.results.evaluation import REFUTED, SUPPORTED, Claims, Evidence, Fixed, Precondition

STATEMENTS = Claims()
_ENOUGH = Precondition(
    "enough_decks",
    "At least a hundred decks were guessed.",
    lambda facts: facts["deck.decks"] >= 100,
)


# `fixed` is printed with the claim: whether it was fixed BEFORE the data, WITH the first of them or
# AFTER they were known. Say BEFORE only where that is true.
@STATEMENTS.enter(
    "The confidence interval of the share of right guesses lies above one half.",
    requires=[_ENOUGH],
    fixed=Fixed.BEFORE,
)
def told(evidence: Evidence) -> str:
    """Return whether a riffled deck is told from a random one more often than by a coin."""
    low, _ = evidence.interval("deck.told")
    return SUPPORTED if low > 1 / 2 else REFUTED

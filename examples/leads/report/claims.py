"""What the article claims, and what would refute it."""

from juchi.results.evaluation import REFUTED, SUPPORTED, Claims, Evidence, Fixed, Precondition

STATEMENTS = Claims()
# With this many games the interval of a share is six percentage points wide or little more.
_GAMES = 1000
_TIMES = 10
_ENOUGH = Precondition(
    "enough_games",
    "At least a thousand games of each length were played.",
    lambda facts: facts["long.games"] >= _GAMES,
)
_LONGER = Precondition(
    "much_longer",
    "The long games have at least ten times the tosses of the medium ones.",
    lambda facts: facts["growth.tosses"] >= _TIMES,
)


@STATEMENTS.enter(
    "The interval of the share of lopsided games lies above the factor times that of close ones.",
    requires=[_ENOUGH],
    fixed=Fixed.BEFORE,
)
def lopsided(evidence: Evidence) -> str:
    """Return whether long games are lopsided much more often than close."""
    low, _ = evidence.interval("long.lopsided")
    _, high = evidence.interval("long.close")
    return SUPPORTED if low > evidence["threshold.factor"] * high else REFUTED


@STATEMENTS.enter(
    "The share of lopsided games falls from medium to long games by less than the threshold.",
    requires=[_ENOUGH, _LONGER],
    fixed=Fixed.BEFORE,
)
def lasting(evidence: Evidence) -> str:
    """Return whether ten times the tosses leave the share of lopsided games nearly as it was."""
    return SUPPORTED if evidence["growth.lopsided"] > -evidence["threshold.drop"] else REFUTED

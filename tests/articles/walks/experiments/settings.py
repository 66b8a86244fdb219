"""The settings of the experiments and analyses."""

from pydantic import Field

from juchi.plan.models import Model


class Walks(Model):
    """Walkers who take steps to the left or the right, or pause by chance."""

    name: str
    steps: int = Field(description="number of steps of each walker", ge=1)
    walkers: int
    pause: float
    seed: int


class Coin(Model):
    """A coin that is thrown."""

    name: str
    throws: int


class Distance(Model):
    """An analysis of which nothing more is said."""

    name: str


class Ratio(Model):
    """Two walks, one longer than the other."""

    name: str
    short: str
    long: str


EXPERIMENTS = {"walks": Walks, "coin": Coin}
ANALYSES = {"distance": Distance, "ratio": Ratio, "letter": Distance}

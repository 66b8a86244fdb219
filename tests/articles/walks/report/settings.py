"""What the tables are told in `config/article.yaml`."""

from juchi.plan.models import ConfigurationName, Model


class Squares(Model):
    """The configurations in the order of their rows."""

    rows: list[ConfigurationName]


class Nothing(Model):
    """A table that is told nothing."""


TABLES = {"squares": Squares, "ledger": Nothing}

"""The ledger of the claims: the generator's own, as it is."""

from juchi.exhibits.ledger import build, quoted

__all__ = ["build", "quoted"]

"""Figures of the article that the manual speaks of."""

"""The generator: from results and prose to an article. It knows no article."""

__all__ = ["__version__"]

__version__ = "0.3.0"

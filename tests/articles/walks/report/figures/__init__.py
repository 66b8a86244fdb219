"""Modules of the article."""

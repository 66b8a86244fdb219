"""The experiment of the article."""

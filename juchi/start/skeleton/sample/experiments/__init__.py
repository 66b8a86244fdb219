"""The experiments of the article: each module has `run(settings)`."""

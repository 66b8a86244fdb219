"""The figures of the article: one module each, with ``draw(drawing) -> Figure``."""

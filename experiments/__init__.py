"""The science: models, training, and measures. The only package that imports torch."""

"""The configuration, and what the rules of the Snakefile ask of it."""

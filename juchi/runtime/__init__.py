"""The build as it runs: Snakemake, its jobs, their progress and what they have made."""

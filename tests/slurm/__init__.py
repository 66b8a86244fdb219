"""The article on a real Slurm."""

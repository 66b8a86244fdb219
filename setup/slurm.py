"""Slurm and its plugin's programs, for the tests that run the article on a cluster of this machine.

Only root can bring a Slurm up. For others nothing is installed, and those tests are skipped.
"""

from __future__ import annotations

import shutil

from juchi.toolchain import host

__all__ = ["PACKAGES", "PROGRAMS", "ensure"]

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "squeue", "scontrol")
PACKAGES = host.SystemPackages(
    need="Slurm, on which the tests run the article as on a cluster",
    debian="munge slurmctld slurmd slurm-client",
    fedora="munge slurm-slurmctld slurm-slurmd slurm",
    macos="",
)


def ensure() -> None:
    """Install Slurm where it is missing and that is possible."""
    if any(shutil.which(name) is None for name in PROGRAMS) and host.can_install():
        host.install(PACKAGES)

"""What the reference prints of a build, read back."""

from __future__ import annotations

import json
from pathlib import Path

__all__ = ["assert_every_subject_is_recomputed", "judged"]


def judged(said: str) -> list[list[str]]:
    """Return the cells of each row of the table that the reference prints."""
    return [line.split() for line in said.splitlines() if line.endswith(("  yes", "  NO"))]


def assert_every_subject_is_recomputed(said: str, project: Path) -> None:
    """Hold the table that the reference prints to have a row of every configuration of a build."""
    facts = json.loads((project / "results/facts.json").read_text("utf-8"))
    subjects = {row[0].partition(".")[0] for row in judged(said)}
    quoted = {name.partition(".")[0] for name in facts}
    # The listing is read, and the script run, by the build alone.
    script = {"take_home", "take_home_cured"}
    assert quoted - subjects == {"measures", "printed", "threshold", *script}

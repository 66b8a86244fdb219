"""Edit a file as a block of a tutorial says, which comes from standard input.

Its first line names the file; lines with a minus stand there, those with a plus take their place.
"""

from __future__ import annotations

import sys
from pathlib import Path

__all__ = ["main"]


def main(block: str) -> None:
    """Edit the file; what is to be replaced has to stand in it once."""
    head, *lines = block.splitlines()
    file = Path(head.removeprefix("--- "))
    old = "\n".join(line[1:] for line in lines if line.startswith("-"))
    new = "\n".join(line[1:] for line in lines if line.startswith("+"))
    text = file.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} does not stand once in {file}"
    file.write_text(text.replace(old, new), "utf-8")


if __name__ == "__main__":
    main(sys.stdin.read())

"""Edit a file as a block of the manual says, which comes from standard input.

Its first line names the file. Lines with a minus or a space stand there; those with a plus or a
space take their place. Where all have a plus, they go to the end of the file, which may be new.
"""

from __future__ import annotations

import sys
from pathlib import Path

__all__ = ["main"]


def main(block: str, folder: Path = Path()) -> None:
    """Edit the file; what is to be replaced has to stand in it once."""
    head, *lines = block.splitlines()
    file = folder / head.removeprefix("=== ")
    old = "\n".join(line[1:] for line in lines if not line.startswith("+"))
    new = "\n".join(line[1:] for line in lines if not line.startswith("-"))
    if old:
        text = file.read_text("utf-8")
        assert text.count(old) == 1, f"{old!r} does not stand once in {file}"
        file.write_text(text.replace(old, new), "utf-8")
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as end:
            end.write(f"{new}\n")


if __name__ == "__main__":
    main(sys.stdin.read())

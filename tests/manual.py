"""The manual of Juchi as its tests see it: its recipes, and the blocks of code in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tests import documented, edit
from tests.project import ROOT

__all__ = ["LANGUAGES", "MANUAL", "Block", "Recipe", "blocks", "commands", "prose", "recipes"]

MANUAL = ROOT / "docs" / "manual"
LANGUAGES = ("en", "zh")
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_RECIPE = re.compile(r"^### .*\{#([a-z-]+)\}$", re.MULTILINE)
# The first line of a new file names it, in a comment.
_NAMED = re.compile(r"(?:#|/\*|<!--) (?P<file>[\w./-]+)(?: \*/| -->)?\n")


@dataclass(frozen=True)
class Block:
    """A block of code: ``sh`` is run, ``bash`` is not, ``diff`` edits, ``text`` is what was said.

    All others are new files.
    """

    kind: str
    text: str

    def edit(self, folder: Path) -> None:
        """Edit or write the file of an article that the block names."""
        if self.kind == "diff":
            edit.main(self.text, folder)
            return
        found = _NAMED.match(self.text)
        assert found is not None, f"a block of {self.kind} that names no file:\n{self.text}"
        file = folder / found["file"]
        assert not file.exists(), file
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(self.text, "utf-8")


@dataclass(frozen=True)
class Recipe:
    """One recipe: what its heading is called, and its blocks in order."""

    name: str
    blocks: list[Block]

    @property
    def has_commands(self) -> bool:
        """Whether commands of it are run."""
        return any(block.kind == "sh" for block in self.blocks)


def prose(language: str) -> list[Path]:
    """Return the texts of the manual in a language."""
    return sorted((MANUAL / "templates" / language).glob("*.md"))


def blocks(text: str) -> list[Block]:
    """Return the blocks of code of a text."""
    return [Block(kind, content) for kind, content in _BLOCK.findall(text)]


def recipes(language: str) -> list[Recipe]:
    """Return the recipes of the manual."""
    text = (MANUAL / "templates" / language / "recipes.md").read_text("utf-8")
    _, *parts = _RECIPE.split(text)
    return [Recipe(name, blocks(part)) for name, part in zip(parts[::2], parts[1::2], strict=True)]


def commands() -> set[str]:
    """Return the commands that are run as they stand in the tutorial and in the recipes.

    `tests.juchi.test_start` runs those of the tutorial, `tests.juchi.test_manual` the others.
    """
    found = set()
    for name in ("tutorial.md", "recipes.md"):
        for block in blocks((MANUAL / "templates" / "en" / name).read_text("utf-8")):
            if block.kind == "sh":
                text = f"```sh\n{block.text}```\n"
                found |= {command for _, command in documented.in_markdown(text, ROOT)}
    return found

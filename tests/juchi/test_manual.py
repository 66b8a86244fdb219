"""The manual: what it tells authors to do is done here, and it is an article that is built."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from juchi.start.new import Start, create
from tests.manual import Block, Recipe, recipes
from tests.project import ROOT, Project

RECIPES = recipes("en")
# What a command is told to say where it fails.
_FAILS = ("but the data say", "found:", "out of tolerance:")
_CHECKED = "build/texts.checked"


class Begun:
    """An article as `juchi new` writes it, with the generator beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def create(cls, folder: Path) -> Begun:
        """Write it, and check its texts."""
        start = Start("How many shuffles mix a deck?", ["Ada Example"], ["en", "zh"])
        create(folder, start)
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "juchi", folder / "juchi", ignore=ignored)
        with (folder / ".git/info/exclude").open("a", encoding="utf-8") as excluded:
            excluded.write("/juchi\n")
        (folder / "node_modules").symlink_to((ROOT / "node_modules").resolve())
        begun = cls(folder)
        begun.build(_CHECKED, *begun.figures())
        return begun

    def copy(self, folder: Path) -> Begun:
        """Copy it with all that has been made."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Begun(folder)

    def build(self, *targets: str) -> None:
        """Build some targets, or all."""
        done = Project(self.folder, ()).snakemake(*targets, cores=2)
        assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]

    def follow(self, recipe: Recipe) -> None:
        """Do what a recipe says, and then check the texts and draw the figures."""
        said, failed, changed = "", False, False
        for block, behind in zip(recipe.blocks, [*recipe.blocks[1:], Block("", "")], strict=True):
            match block.kind:
                case "bash":
                    continue
                case "sh":
                    failed = behind.kind == "text" and any(each in behind.text for each in _FAILS)
                    said, changed = self.run(block.text, fails=failed), False
                case "text":
                    for line in block.text.splitlines():
                        assert line.strip() in said, said
                case _:
                    block.edit(self.folder)
                    changed = True
        if changed:
            self.build(_CHECKED, *self.figures())

    def figures(self) -> list[str]:
        """Return the pictures of the figures in English."""
        names = {path.stem for path in (self.folder / "report/figures").glob("*.py")}
        drawn = {f"build/web/figures/en/{name}.light.svg" for name in names - {"__init__"}}
        ruled = {"build/web/figures/en/bound.light.svg"} if self.has("plots/bound.R") else set()
        return sorted(drawn | ruled)

    def has(self, name: str) -> bool:
        """Tell whether the article has a file."""
        return (self.folder / name).is_file()

    def run(self, script: str, *, fails: bool) -> str:
        """Run commands in the article's folder; return what they say."""
        done = subprocess.run(
            ["bash", "-euc", script],
            cwd=self.folder,
            env={name: text for name, text in os.environ.items() if name != "PYTHONPATH"},
            capture_output=True,
            text=True,
            check=False,
        )
        said = done.stdout + done.stderr
        assert (done.returncode != 0) == fails, said[-4000:]
        assert "Traceback" not in said
        return said


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Begun:
    """Give the article that every recipe starts from, with its texts checked."""
    return Begun.create(tmp_path_factory.mktemp("begun") / "my-paper")


@pytest.mark.parametrize("recipe", RECIPES, ids=[recipe.name for recipe in RECIPES])
def test_a_recipe_does_what_it_says(begun: Begun, recipe: Recipe, tmp_path: Path) -> None:
    if any("Rscript" in block.text for block in recipe.blocks) and not shutil.which("Rscript"):
        pytest.skip("no R on this machine")
    begun.copy(tmp_path / "my-paper").follow(recipe)

"""The manual: what it tells authors to do is done here, and it is an article that is built."""

from __future__ import annotations

import os
import re
import runpy
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import html

from juchi.plan.reference import rows
from juchi.plan.schemas import inlined, schemas
from juchi.plan.subjects import SUBJECTS
from juchi.prose.calls import OPTIONS, article_calls, forms
from juchi.prose.equations import read_equations
from juchi.start.new import Start, create
from tests.article.test_glossary import forbidden, occurrences
from tests.manual import LANGUAGES, MANUAL, Block, Recipe, blocks, prose, recipes
from tests.project import ROOT, Project

RECIPES = recipes("en")
# What is done with a block of each kind; see `tests.manual.Block`.
_KINDS = {"sh", "bash", "diff", "text", "python", "r", "xml", "css", "yaml"}
_CALLS = forms().keys() - article_calls().keys()
# What a command is told to say where it fails.
_FAILS = ("but the data say", "found:", "out of tolerance:")
_CHECKED = "build/texts.checked"
# Commands after which there is nothing left to be checked.
_CHECKING = re.compile(r"juchi (check|build|verify)")
# The recipe that starts from an empty article.
_BARE = "from-nothing"
# The recipes whose commands take so long that they are run at night.
_LONG = ("changes",)


def is_long(recipe: Recipe) -> bool:
    """Tell whether a recipe is tried by itself only at night."""
    return recipe.name in _LONG or not recipe.has_commands


class Begun:
    """An article as `juchi new` writes it, with the generator beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def create(cls, folder: Path) -> Begun:
        """Write it, and check its texts."""
        start = Start("How many shuffles mix a deck?", ["Ada Example"], ["en", "zh"])
        create(folder, start)
        begun = cls.beside_the_generator(folder)
        begun.build(_CHECKED, *begun.figures())
        return begun

    @classmethod
    def beside_the_generator(cls, folder: Path) -> Begun:
        """Take an article of which nothing is built, and put the generator beside it."""
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "juchi", folder / "juchi", ignore=ignored)
        with (folder / ".git/info/exclude").open("a", encoding="utf-8") as excluded:
            excluded.write("/juchi\n")
        (folder / "node_modules").symlink_to((ROOT / "node_modules").resolve())
        return cls(folder)

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
                    said = self.run(block.text, fails=failed)
                    changed = changed and not _CHECKING.search(block.text)
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


@pytest.mark.parametrize(
    "recipe",
    [
        pytest.param(each, id=each.name, marks=pytest.mark.nightly if is_long(each) else ())
        for each in RECIPES
    ],
)
def test_a_recipe_does_what_it_says(begun: Begun, recipe: Recipe, tmp_path: Path) -> None:
    """By itself: each with short commands always, and every one at night."""
    require_programs(recipe)
    if recipe.name == _BARE:
        begins, *blocks_behind = recipe.blocks
        Begun(tmp_path).run(begins.text, fails=False)
        recipe = Recipe(recipe.name, blocks_behind)
        article = Begun.beside_the_generator(tmp_path / "seedlings")
    else:
        article = begun.copy(tmp_path / "my-paper")
    article.follow(recipe)
    composed = (article.folder / "build/composed/en.html").read_text("utf-8")
    assert ("assets/own.css" in composed) == article.has("templates/style/own.css")


@pytest.mark.nightly
def test_the_edits_of_the_other_recipes_get_on_with_each_other(
    begun: Begun, tmp_path: Path
) -> None:
    """One article has them all, and is built to the end."""
    article = begun.copy(tmp_path / "my-paper")
    for recipe in filter(is_long, RECIPES):
        require_programs(recipe)
        for block in recipe.blocks:
            if block.kind not in ("bash", "sh", "text"):
                block.edit(article.folder)
    article.build()
    site = article.folder / "build/site"
    for language in LANGUAGES:
        assert (site / language / f"my-paper.{language}.pdf").read_bytes().startswith(b"%PDF")
        page = html.parse(site / language / "index.html").getroot()
        shown = {each.get("id") for each in page.iter("figure", "div", "h2")}
        assert {"fig-enough", "fig-bound", "fig-cut", "tab-games", "eq-distance"} <= shown
        assert {"sec-model", "sec-hands"} <= shown


def require_programs(recipe: Recipe) -> None:
    """Skip a recipe for which the machine has no program."""
    if any("Rscript" in block.text for block in recipe.blocks) and not shutil.which("Rscript"):
        pytest.skip("no R on this machine")


# --- what is shown is what is printed ---


@pytest.mark.parametrize("name", ["tutorial.md", "recipes.md"])
def test_all_languages_do_the_same(name: str) -> None:
    english, chinese = (blocks(path.read_text("utf-8")) for path in both(name))
    assert english == chinese
    assert {block.kind for block in english} <= _KINDS


def both(name: str) -> list[Path]:
    return [MANUAL / "templates" / language / name for language in LANGUAGES]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_snippet_of_markup_is_printed_by_the_page_that_shows_it(language: str) -> None:
    text = (MANUAL / "templates" / language / "calls.md").read_text("utf-8")
    shown = blocks(text)
    assert {block.kind for block in shown} == {"markdown", "yaml"}
    for block in shown:
        if block.kind == "markdown":
            assert text.count(f"\n{block.text}") == 2, block.text
    written = re.findall(r"^\| `(.*\{\{.*)` \| (.*) \|$", text, re.MULTILINE)
    assert len(written) > 15
    assert [code for code, printed in written if code != printed] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_snippet_of_a_file_is_read_as_that_file(language: str, tmp_path: Path) -> None:
    text = (MANUAL / "templates" / language / "calls.md").read_text("utf-8")
    (block,) = (block for block in blocks(text) if block.kind == "yaml")
    block.edit(tmp_path)
    equations = read_equations(tmp_path / "templates/equations.yaml")
    assert "x > 0" in equations.expanded(equations.formulas["rectifier"], language, "here")


# --- the references ---


def words(language: str) -> dict[str, Any]:
    path = MANUAL / "templates" / language / "messages.yaml"
    found: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_call_and_every_option_is_explained(language: str) -> None:
    assert words(language)["calls"].keys() == _CALLS
    assert words(language)["options"]["names"].keys() == OPTIONS.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_a_figure_may_draw_from_is_explained(language: str) -> None:
    calls = runpy.run_path(str(MANUAL / "report" / "calls.py"))
    names = calls["drawing_names"]()
    assert words(language)["drawing"].keys() == names.keys()
    assert {"drawing.value(fact)", "drawing.theme.faint"} <= set(names.values())
    assert "{{ drawing() }}" in (MANUAL / "templates" / language / "calls.md").read_text("utf-8")


def test_what_is_said_of_keys_in_chinese_is_said_of_keys_that_there_are() -> None:
    told = yaml.safe_load((MANUAL / "report/keys.zh.yaml").read_text("utf-8"))
    own = [inlined(model) for model in SUBJECTS.values()]
    described = {row[-1] for schema in (*own, *schemas().values()) for row in rows(schema)}
    assert told.keys() - described == set()
    assert occurrences(" ".join(told.values()), forbidden()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_prose_keeps_to_the_glossary(language: str) -> None:
    for path in (*prose(language), MANUAL / "templates" / language / "messages.yaml"):
        # Options of programs are theirs, such as `Rscript --vanilla`.
        text = re.sub(r"^```.*?^```$", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
        assert occurrences(text, forbidden()) == [], path


# --- the article ---


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the site of the manual."""
    project = Project.create(tmp_path_factory.mktemp("manual") / "manual", (), MANUAL)
    project.build(cores=2)
    return project.folder / "build" / "site"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_manual_is_built_with_its_references(built: Path, language: str) -> None:
    page = html.parse(built / language / "index.html").getroot()
    assert [each.get("id") for each in page.xpath("//section/h2[@id]")][1:6] == [
        *("sec-tutorial", "sec-recipes", "sec-calls", "sec-why", "sec-keys"),
    ]
    rows_of_calls = page.xpath("//figure[@id='tab-calls']//tbody/tr/td[1]/code/text()")
    names = {re.findall(r"\{[{%] (?:call )?(\w+)\(", each)[0] for each in rows_of_calls}
    assert (len(rows_of_calls), names) == (len(_CALLS), _CALLS)
    options = page.xpath("//figure[@id='tab-options']//tbody/tr/td[1]/code/text()")
    assert [each.removesuffix("=") for each in options] == list(OPTIONS)
    keys = page.xpath("//figure[starts-with(@id, 'tab-keys-')]//tbody/tr/td[1]/code/text()")
    assert {"slug", "figures.<name>.picture", "named.<name>.unit", "facts[].why"} <= set(keys)
    paper = built / language / f"juchi-manual.{language}.pdf"
    assert paper.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("language", LANGUAGES)
def test_code_is_shown_as_it_is_written(built: Path, language: str) -> None:
    page = html.parse(built / language / "index.html").getroot()
    shown = "\n".join(each.text_content() for each in page.iter("pre", "code"))
    for block in recipes(language)[0].blocks:
        assert block.text.strip() in shown
    assert '{{ fact("deck.height", unit="cm") }}' in shown

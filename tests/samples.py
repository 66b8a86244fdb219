"""A project with made-up results: what tests of the report work on, without any training.

The facts follow from what the configuration declares, so that a new fact, figure or language needs
no change here; the verdicts are those that the prose is written for.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import chdir
from dataclasses import asdict, dataclass, replace
from functools import cache, cached_property, partial
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import yaml
from filelock import FileLock

from experiments.settings import ANALYSES, EXPERIMENTS
from juchi.check import check
from juchi.core.atomic import write_text
from juchi.core.records import write_json
from juchi.core.tables import Columns, write_table
from juchi.core.theme import own_assets
from juchi.exhibits import draw
from juchi.html import compose, mathematics, page, provenance_page
from juchi.plan.figures import NARROW
from juchi.plan.models import validated
from juchi.plan.plan import Plan
from juchi.plan.settings import load_settings, read_subject
from juchi.prose.reading import quotes
from juchi.prose.source import read_source
from juchi.provenance import provenance
from juchi.results.evaluation import Evaluation
from juchi.results.experiment import Inputs, Result
from juchi.results.facts import Fact
from juchi.results.layout import published
from juchi.site.localized_metadata import LocalizedMetadata, read_metadata
from report.calls import RESULTS
from report.claims import STATEMENTS
from tests.project import Project

__all__ = [
    "ARTICLE",
    "FIGURES",
    "LANGUAGES",
    "PUBLISHED",
    "ROOT",
    "TRACED",
    "Sample",
    "carried_out",
    "command",
    "copied",
    "declared_jobs",
    "made_up",
    "made_up_results",
]

ROOT = Path(__file__).parent.parent
ARTICLE: dict[str, Any] = read_subject(ROOT / "config", "article")
FIGURES: list[str] = list(ARTICLE["figures"])
LANGUAGES: list[str] = list(ARTICLE["languages"])
# The rules behind the numbers and figures, the last first.
TRACED = (
    "claims",
    "figure",
    "facts",
    "analysis",
    "experiment",
)
STARTS = 3
STEPS = 40


def command(main: Callable[[], None], root: Path = ROOT, **options: object) -> None:
    """Run a command's main function in a folder, with options as its command line gives them."""
    arguments = ["command"]
    for name, value in options.items():
        values = value if isinstance(value, list) else [value]
        arguments += [f"--{name}", *map(str, values)]
    with mock.patch.object(sys, "argv", arguments), chdir(root):
        main()


def made_up(entry: Mapping[str, Any], setting: Any) -> Fact:
    """Return a fact of the kind that its specification declares."""
    unit = entry.get("unit", "1")
    if "setting" in entry:
        return Fact(setting, unit, None, None, "configuration")
    if entry.get("statistic") == "count":
        return Fact(2, unit, 64, None, f"data/{published(entry['file'])}")
    if "column" in entry:
        extreme = entry["statistic"] in ("smallest", "largest")
        interval = None if extreme else (0.2, 0.3125)
        return Fact(0.25, unit, 64, interval, f"data/{published(entry['file'])}")
    if "expression" in entry:
        return Fact(1.5, unit, None, None, entry["expression"])
    if unit in ("call", "cell", "optimiser", "start"):
        # A count, which may be printed in words.
        return Fact(2, unit, None, None, f"data/{published(entry['file'])}")
    return Fact(0.5, unit, 10, (0.25, 0.75), f"data/{published(entry['file'])}")


def made_up_results(configurations: Iterable[str]) -> dict[str, Result]:
    """Return the analyses that figures draw from, with a few starts of every configuration."""
    configurations = list(configurations)
    step = np.arange(STEPS + 1, dtype=np.int32)
    zigzag = 0.3 + 0.2 * (-1.0) ** step
    paths = {
        "configuration": np.repeat(np.array(configurations, dtype=object), STARTS * (STEPS + 1)),
        "start": np.tile(
            np.repeat(np.arange(STARTS, dtype=np.int32), STEPS + 1), len(configurations)
        ),
        "step": np.tile(step, STARTS * len(configurations)),
        "weight": np.tile(zigzag, STARTS * len(configurations)),
        "loss": np.tile(zigzag / 10, STARTS * len(configurations)),
    }
    bands = {
        "configuration": np.repeat(np.array(configurations, dtype=object), STEPS + 1),
        "step": np.tile(step, len(configurations)),
        **{
            f"loss_{part}": np.tile(zigzag / each, len(configurations))
            for part, each in (("low", 30), ("median", 20), ("high", 10))
        },
    }
    differences = {
        "step": step,
        **{f"{part}_difference": zigzag * 1e-16 for part in ("median", "largest")},
        "largest_rounding_error": zigzag * 1e-15,
    }
    curves = {"paths": paths, "bands": bands, "trajectory_comparison": differences}
    return {name: Result(curves=table) for name, table in curves.items()}


@cache
def carried_out(name: str) -> Result:
    """Return what a configuration or an analysis finds with the sizes of the smoke overlay."""
    overlay = yaml.safe_load((ROOT / "config" / "smoke.yaml").read_text("utf-8"))
    plan = Plan(load_settings(ROOT / "config", overlay), ROOT)
    result: Result
    if name in plan.analyses:
        read = {each: carried_out(each) for each in plan.experiments.read_by(name)}
        module = import_module(f"experiments.{name}")
        settings = validated(ANALYSES[name], plan.analyses[name], name)
        result = module.analyse(settings, Inputs(read))  # type: ignore[arg-type]  # has their parts
        return result
    experiment = plan.experiments.experiment(name)
    settings = validated(EXPERIMENTS[experiment], plan.configurations[name], name)
    result = import_module(f"experiments.{experiment}").run(settings)
    return result


@cache
def declared_jobs() -> list[dict[str, Any]]:
    """Return the jobs that the Snakefile declares, as it writes them down."""
    with tempfile.TemporaryDirectory() as folder:
        project = Project.create(Path(folder) / "project", overlay=())
        result = project.snakemake(*(f"build/jobs/{rule}.json" for rule in TRACED))
        assert result.returncode == 0, (result.stdout + result.stderr)[-4000:]
        files = [project.folder / "build" / "jobs" / f"{rule}.json" for rule in TRACED]
        return [job for file in files for job in json.loads(file.read_text("utf-8"))]


# What an article has once it is published.
PUBLISHED = {
    "address": "https://example.org/juchi/",
    "repository": "https://example.org/juchi/source",
    "commit_address": "https://example.org/juchi/source/commit/{commit}",
    "file_address": "https://example.org/juchi/source/blob/{commit}/{path}",
}


def copied(folder: Path) -> Path:
    """Return a copy of what an author edits: configuration and prose; the code is shared."""
    shutil.copytree(ROOT / "config", folder / "config")
    shutil.copytree(ROOT / "templates", folder / "templates")
    for package in ("experiments", "juchi", "report"):
        (folder / package).symlink_to(ROOT / package)
    return folder


@dataclass
class Sample:
    """The sources in `root`, and in `output` what the steps of the road make of them.

    Each product is made when it is first asked for. Several processes may share an output folder:
    one makes the product, the others wait for it.
    """

    root: Path
    output: Path

    def _once(self, path: Path, make: Callable[[], object], key: str = "") -> Path:
        """Return the path of a product, made now unless it stands there.

        Products with the same key are made one after another.
        """
        locks = self.output / ".locks"
        locks.mkdir(exist_ok=True, parents=True)
        name = key or path.relative_to(self.output).as_posix()
        with FileLock(locks / name.replace("/", "+")):
            if not path.exists():
                make()
        return path

    @cached_property
    def plan(self) -> Plan:
        """The settings as the Snakefile lays them out."""
        return Plan(load_settings(self.root / "config", {}), self.root)

    @cached_property
    def editions(self) -> dict[str, LocalizedMetadata]:
        """The article in every language, as it is cited."""
        return read_metadata(self.plan.article, self.root / "templates")

    @cached_property
    def facts(self) -> dict[str, Fact]:
        """A made-up fact for each one declared."""
        settings = json.loads(self.plan.part("fact_settings"))
        declared = json.loads(self.plan.part("fact_sources"))
        return {
            name: made_up(entry, settings.get(entry.get("of"), {}).get(entry.get("setting")))
            for name, entry in declared.items()
        }

    @cached_property
    def evaluations(self) -> dict[str, Evaluation]:
        """The verdicts that the first language's prose is written for."""
        found = {}
        for path in self.prose(self.plan.languages[0]):
            for quote in quotes(read_source(path), path):
                if quote.kind == "claim":
                    name, verdict = quote.names
                    evaluation = STATEMENTS[name].evaluate(self.facts)
                    found[name] = replace(evaluation, verdict=verdict, unmet=[])
        return found

    def prose(self, language: str) -> list[Path]:
        """Return the files of running prose of a language."""
        return [self.root / path for path in self.plan.prose(language) if path.endswith(".md")]

    def file(self, name: str) -> Path:
        """Return the path of an input of the steps, written now unless it stands there."""
        values: dict[str, Callable[[], Any]] = {
            "article": lambda: self.plan.article,
            "languages": lambda: json.loads(self.plan.part("languages")),
            "revision": lambda: {"commit": "0123456789abcdef" * 2 + "01234567", "dirty": False},
            "live": lambda: json.loads(self.plan.part("live")),
            "formats": lambda: json.loads(self.plan.part("fact_formats")),
            "specification": lambda: json.loads(self.plan.part("fact_sources")),
            "places": lambda: json.loads(self.plan.part("fact_places")),
            "configuration": lambda: json.loads(self.plan.part("configuration")),
            "jobs": declared_jobs,
            "facts": lambda: {key: asdict(fact) for key, fact in self.facts.items()},
            "claims": lambda: {
                key: asdict(evaluation) for key, evaluation in self.evaluations.items()
            },
        }
        path = self.output / f"{name}.json"
        return self._once(path, lambda: write_json(path, values[name]()))

    def table(self, file: str) -> Path:
        """Return the path of a table: made up, or of a small run of its experiment."""
        path = self.output / Path(file).name
        return self._once(path, lambda: write_table(path, self._columns(path.stem)))

    def _columns(self, table: str) -> Columns:
        name, _, part = table.partition(".")
        made_up = made_up_results(self.plan.configurations)
        columns: Columns = getattr(made_up.get(name) or carried_out(name), part)
        return columns

    def check(self) -> Path:
        """Hold the prose against facts, claims and itself; return the record."""
        record = self.output / "checked.json"
        names = ("article", "formats", "places", "facts", "claims")
        inputs = {name: self.file(name) for name in names}
        command(
            check.main,
            self.root,
            templates="templates",
            output=record,
            **inputs,
        )
        return record

    def composed(self, language: str) -> Path:
        """Return the composed page of a language; its records lie beside it."""
        path = self.output / "composed" / f"{language}.html"
        names = ("article", "revision", "live", "formats", "facts", "claims")
        return self._once(
            path,
            lambda: command(
                compose.main,
                self.root,
                language=language,
                templates="templates",
                assets=own_assets(self.root / "templates"),
                page=path,
                formulas=path.with_suffix(".formulas.json"),
                record=path.with_suffix(".json"),
                results=[self.table(file) for file in self.plan.tables_of("", RESULTS)],
                **{name: self.file(name) for name in names},
            ),
        )

    @cached_property
    def provenance(self) -> Path:
        """Where every number, figure, table and claim comes from."""
        path = self.output / "provenance.json"
        names = ("facts", "claims", "article", "configuration", "specification", "places")
        inputs = {name: self.file(name) for name in (*names, "revision", "jobs")}
        return self._once(path, lambda: command(provenance.main, self.root, output=path, **inputs))

    def provenance_page(self, language: str) -> Path:
        """Return the page of provenance of a language; its appendix and record: `appendix`."""
        path = self.output / "web" / language / "provenance.html"
        appendix = self.appendix(language)
        return self._once(
            path,
            lambda: command(
                provenance_page.main,
                self.root,
                language=language,
                provenance=self.provenance,
                composed=self.composed(language),
                templates="templates",
                page=path,
                appendix=appendix,
                record=appendix.with_suffix(".json"),
                **{name: self.file(name) for name in ("article", "formats", "facts")},
            ),
        )

    def appendix(self, language: str) -> Path:
        """Return the path of the appendix of a language, which `provenance_page` writes."""
        return self.output / "composed" / f"{language}.appendix.html"

    @cached_property
    def mathematics(self) -> Path:
        """The typeset formulas of all languages."""
        path = self.output / "mathematics.json"
        pages = [self.composed(each) for each in self.plan.languages]
        formulas = [page.with_suffix(".formulas.json") for page in pages]
        return self._once(path, lambda: command(mathematics.main, formulas=formulas, output=path))

    def picture(self, language: str, figure: str) -> Path:
        """Return the path of a figure as the paper shows it, which `figure` draws."""
        return self.output / "web" / "figures" / language / f"{figure}.light.svg"

    def page(self, language: str) -> Path:
        """Return the page for the screen of a language."""
        path = self.output / "web" / language / "index.html"
        return self._once(path, lambda: self._make_page(language, path))

    def _make_page(self, language: str, path: Path) -> None:
        blank = '<svg width="300pt" height="150pt"/>\n'
        for name, figure in self.plan.article["figures"].items():
            for form in ["", *[NARROW] * figure["narrow"]]:
                drawing = self.picture(language, name + form)
                # The page asks a figure for nothing but its size.
                self._once(drawing, partial(write_text, drawing, blank), f"figure {name}{form}")
        command(
            page.main,
            self.root,
            page=self.composed(language),
            mathematics=self.mathematics,
            words=f"templates/{language}/messages.yaml",
            output=path,
        )

    def figure(
        self, name: str, languages: Iterable[str] = (), tables: list[Path] | None = None
    ) -> Path:
        """Return the folder of figures, with this one drawn in every language and theme."""
        folder = self.output / "web" / "figures"
        languages = list(languages) or self.plan.languages
        last = folder / languages[-1] / f"{name}.dark.svg"

        def make() -> None:
            drawn_from = tables
            if drawn_from is None:
                drawn_from = [self.table(file) for file in self.plan.figure_tables(name)]
            command(
                draw.main,
                figure=name,
                words=[self.root / f"templates/{each}/messages.yaml" for each in languages],
                catalogue="juchi/theme/fonts.yaml",
                output=folder,
                tables=drawn_from,
                languages=self.file("languages"),
                facts=self.file("facts"),
                quoted=self.plan.figure_facts(name) if tables is None else ["*"],
            )

        self._once(last, make, f"figure {name}")
        return folder

    def edit(self, path: str, change: Callable[[Any], None]) -> None:
        """Change a YAML file of the sources."""
        file = self.root / path
        values = yaml.safe_load(file.read_text("utf-8"))
        change(values)
        file.write_text(yaml.safe_dump(values, allow_unicode=True, sort_keys=False), "utf-8")

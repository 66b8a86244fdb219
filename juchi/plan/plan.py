"""What the Snakefile asks for when it lays out the DAG: the parts of the settings by rule."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any

from juchi.core.article import article_value
from juchi.core.checksums import sha256_of
from juchi.core.errors import UserError, nearest
from juchi.core.memoize import memoize
from juchi.plan.configurations import FILE, Experiments
from juchi.plan.facts import DeclaredFacts
from juchi.plan.figures import NARROW, THEMES, completed, figure_file
from juchi.plan.imports import closure, code_digest, is_module
from juchi.plan.parts import parts
from juchi.plan.revision import Revision, revision
from juchi.plan.settings import canonical, read_subject
from juchi.plan.tables import completed_table, is_data_table
from juchi.results.layout import published

__all__ = ["RESULTS", "Plan", "is_fact"]

# Below it stands what the rules make.
RESULTS = "results/"


def is_fact(source: str) -> bool:
    """Tell whether what a figure draws from is a fact, or a pattern of facts, and no table."""
    return "." in source


class Plan:
    """The article's experiments, languages, sections and facts, each as the rules need them.

    Parameters
    ----------
    settings
        What `juchi.plan.settings.load_settings` returned.
    root
        The folder of the project.
    """

    def __init__(self, settings: Mapping[str, Any], root: Path) -> None:
        self.root = root
        self.settings = settings
        self.experiments = Experiments(settings["experiments"])
        self.configurations = self.experiments.configurations
        self.analyses = self.experiments.analyses
        families = read_subject(root / "config", "fonts")["families"]
        self._fonts = [face["file"] for family in families.values() for face in family["faces"]]
        self._check_settings()
        self.facts = DeclaredFacts(settings["facts"], self.experiments, root / "templates")
        # With the sizes of the experiments, all of each figure, and the files of data behind it.
        self.article: Mapping[str, Any] = {
            **settings["article"],
            "preset": settings["experiments"]["preset"],
            "figures": {
                name: completed(entry) for name, entry in settings["article"]["figures"].items()
            },
            "tables": {
                name: completed_table(entry)
                for name, entry in settings["article"]["tables"].items()
            },
        }
        self.article = {
            **self.article,
            "drawn_from": {
                figure: list(dict.fromkeys(map(published, self.figure_tables(figure))))
                for figure in self.article["figures"]
            },
            "table_files": {name: self._table_file(name) for name in self._data_tables()},
        }
        self.modules = [
            name for name, figure in self.article["figures"].items() if not figure["picture"]
        ]
        self._live()
        self._check_modules()
        self._check_prose()
        self._check_supplements()

    def _check_settings(self) -> None:
        """Refuse settings that the article's models of its experiments and analyses refuse."""
        models = "experiments/settings.py"
        if (self.root / models).is_file():
            code = self.digest("experiments.settings")
            memoize(self._are_sound, "models", code, repr(self.settings["experiments"]))

    def _are_sound(self) -> bool:
        # Here, since it takes long and is seldom wanted.
        from juchi.plan.models import check_configuration  # noqa: PLC0415

        experiments = self.experiments
        models = article_value(
            "experiments.settings", "EXPERIMENTS", {}, optional=True, kind=Mapping
        )
        for name, settings in self.configurations.items():
            if (model := models.get(experiments.experiment(name))) is not None:
                check_configuration(model, settings, partial(self._place, name))
        models = article_value("experiments.settings", "ANALYSES", {}, optional=True, kind=Mapping)
        for name, settings in self.analyses.items():
            if (model := models.get(name)) is not None:
                checked = check_configuration(model, settings, partial(self._place, name))
                self._check_inputs(name, checked)
        return True

    def _check_inputs(self, analysis: str, settings: Any) -> None:  # noqa: ANN401 - a model
        """Refuse configurations that an analysis could not compare, where its model tells."""
        if not hasattr(settings, "check_inputs"):
            return
        inputs = {each: self.configurations[each] for each in self.experiments.read_by(analysis)}
        for name, key, *message in settings.check_inputs(inputs):
            raise UserError(f"{FILE}: {self.experiments.declared_at(name)}.{key}", *message)

    def _place(self, name: str, key: str) -> str:
        """Return the key below which a setting of a configuration stands."""
        return self.experiments.places(name).get(key, self.experiments.declared_at(name))

    def _check_modules(self) -> None:
        """Refuse a figure, a table, an experiment or an analysis that no module makes."""
        named = [
            ("config/article.yaml: figures", "report/figures", self.modules),
            ("config/article.yaml: tables", "report/tables", self.module_tables()),
            (f"{FILE}: experiments", "experiments", self.experiments.experiments),
            (f"{FILE}: analyses", "experiments", self.analyses),
        ]
        for place, folder, names in named:
            for name in names:
                if not (self.root / f"{folder}/{name}.py").is_file():
                    found = f"{name!r}, but no {folder}/{name}.py"
                    hint = "correct the name, or write the module"
                    raise UserError(place, found, f"names of modules in {folder}/", hint)

    def _data_tables(self) -> list[str]:
        """Return the tables that are made from files of data."""
        tables = self.article["tables"]
        return [name for name in tables if is_data_table(tables[name])]

    def module_tables(self) -> list[str]:
        """Return the tables that modules of the article make."""
        tables = self.article["tables"]
        return [name for name in tables if not is_data_table(tables[name])]

    def _table_file(self, name: str) -> str:
        """Return the file of data that a table is made from."""
        place = f"config/article.yaml: tables.{name}"
        if (self.root / f"report/tables/{name}.py").is_file():
            found = f"a file of data, and a module report/tables/{name}.py"
            raise UserError(place, found, "one of the two", "remove one, or rename it")
        data: str = self.article["tables"][name]["data"]
        return data if "/" in data else self.tables_of(f"{place}.data", [data])[0]

    def table_results(self) -> list[str]:
        """Return the results that tables show."""
        return [file for file in self._table_files() if file.startswith("results/")]

    def table_sources(self) -> list[str]:
        """Return the files of the article that tables show."""
        return [file for file in self._table_files() if not file.startswith("results/")]

    def _table_files(self) -> list[str]:
        return list(dict.fromkeys(self.article["table_files"].values()))

    def _check_prose(self) -> None:
        """Refuse a language without a file of prose for each section."""
        for language in self.languages:
            for path in self.prose(language):
                if not (self.root / path).is_file():
                    raise UserError(
                        path,
                        "no such file",
                        f"the prose of language {language!r}, as every section has it",
                        "write the file (templates/<another language>/ has its twin), "
                        "or take the section or the language out of config/article.yaml",
                    )

    def _check_supplements(self) -> None:
        """Refuse a supplement that is no file of the article, and that no rule would make."""
        for number, path in enumerate(self.supplements()):
            if not path.startswith(RESULTS) and not (self.root / path).is_file():
                raise UserError(
                    f"config/article.yaml: supplements.{number}.path",
                    f"{path!r}, which is no file",
                    "a file of the article, or one below results/ that a rule makes",
                    "correct the path, or put the file there",
                )

    def supplements(self) -> list[str]:
        """Return the files that go along with the article as they are."""
        return [entry["path"] for entry in self.article["supplements"]]

    @property
    def languages(self) -> list[str]:
        """The codes of the languages, the default one first."""
        return list(self.article["languages"])

    @cached_property
    def revision(self) -> Revision:
        """The commit; a repository that Git does not read is a `UserError`."""
        return revision(self.root)

    def prose(self, language: str) -> list[str]:
        """Return the files that hold a language's words: messages, and each part of the prose."""
        names = [f"{name}.md" for name in parts(self.article, self.root / "templates")]
        return [f"templates/{language}/{name}" for name in ("messages.yaml", *names)]

    def all_prose(self) -> list[str]:
        """Return the files of prose of all languages."""
        return [path for language in self.languages for path in self.prose(language)]

    def fact_names(self) -> list[str]:
        """Return the names of all facts that are declared."""
        return list(self.facts.specification)

    def font_files(self) -> list[str]:
        """Return the font files of the catalogue; one that is not installed is a `UserError`."""
        for file in self._fonts:
            if not (self.root / file).is_file():
                raise UserError(
                    "the catalogue of typefaces",
                    f"{file}, which does not exist",
                    "a font file that npm has installed",
                    "run `make setup`, which installs the fonts, or fix the name",
                )
        return self._fonts

    def figure_facts(self, figure: str) -> list[str]:
        """Return the facts that a figure declares to quote: names, and patterns of names."""
        return list(filter(is_fact, self.article["figures"][figure]["draws"]))

    def figure_tables(self, figure: str) -> list[str]:
        """Return the tables that a figure declares to draw from, as files."""
        names = [name for name in self.article["figures"][figure]["draws"] if not is_fact(name)]
        return self.tables_of(f"config/article.yaml: figures.{figure}", names)

    def drawings(self) -> dict[str, str]:
        """Return what modules draw, each with its figure: all of them, and some for phones too."""
        narrow = [name for name in self.modules if self.article["figures"][name]["narrow"]]
        return {name: name for name in self.modules} | {name + NARROW: name for name in narrow}

    def figure_files(
        self, language: str, *, themes: Iterable[str] = THEMES, phones: bool = False
    ) -> list[str]:
        """Return the files that show the figures in a language, for some themes.

        `phones`: with those for phones.
        """
        return [
            f"build/web/figures/{figure_file(name + form, figure, language, theme)}"
            for name, figure in self.article["figures"].items()
            for form in ["", *[NARROW] * (phones and figure["narrow"])]
            for theme in themes
            if theme in figure["themes"]
        ]

    def tables_of(self, place: str, names: Iterable[str]) -> list[str]:
        """Return the tables of what a place names: samples and curves, or ``paths:curves`` alone.

        An unknown name is a `UserError`.
        """
        files = []
        for entry in names:
            name, _, part = entry.partition(":")
            if name not in self.experiments.subjects:
                known = self.experiments.subjects
                raise UserError(
                    place,
                    f"an unknown configuration or analysis {name!r}",
                    f"one of {', '.join(known)}",
                    nearest(name, known),
                )
            parts = [part] if part else ["samples", "curves"]
            files += [self.experiments.file(name, each) for each in parts]
        return files

    def given(self, module: str, name: str, *, optional: bool = False) -> list[str]:
        """Return a list of names that a module of the article gives, none where there is no module.

        It is kept until the module's code or the settings change: what draws takes long to import.
        """
        if not is_module(module, self.root):
            return []

        def read() -> list[str]:
            return list(article_value(module, name, [], optional=optional))

        names: list[str] = memoize(
            read, "given", module, name, self.digest(module), repr(self.settings)
        )
        return names

    def published_results(self) -> list[str]:
        """Return the results that are published: those behind facts, figures and tables."""
        drawn = [file for figure in self.article["figures"] for file in self.figure_tables(figure)]
        return list(dict.fromkeys([*self.facts.files, *drawn, *self.table_results()]))

    def code(self, module: str) -> list[str]:
        """Return the files of a module and of what it imports."""
        return [path.as_posix() for path in closure(module, self.root)]

    def digest(self, module: str) -> str:
        """Return the digest of a module's code and of what it imports."""
        return code_digest(module, self.root)

    def contents(self, paths: Iterable[str]) -> str:
        """Return a digest of what is in some files that no rule makes.

        Of a font, which is large and which nobody edits, only the size and the time are looked at.
        """
        told = [self._content(path) for path in paths]
        return hashlib.sha256(canonical(told).encode()).hexdigest()

    def require(self, paths: Iterable[str]) -> None:
        """Refuse a source that is not there; a pattern with wildcards names none."""
        for path in paths:
            if "{" not in path and not (self.root / path).is_file():
                raise UserError(
                    path,
                    "no such file",
                    "a source that the build reads",
                    "bring it back: `git status` tells what is missing",
                )

    @cache  # noqa: B019 - a plan lives as long as the build that it is for
    def _content(self, path: str) -> list[Any]:
        file = self.root / path
        if not file.is_file():  # Snakemake refuses an input that is missing.
            return [path]
        if path in self._fonts:
            status = file.stat()
            return [path, status.st_size, status.st_mtime_ns]
        return [path, sha256_of(file)]

    def part(self, name: str) -> str:
        """Return one part of the settings as JSON, as the rule that reads it needs it.

        The order of the article's languages and claims has a meaning; that of other keys has none
        and is made canonical, so that moving a key runs nothing again.
        """
        if name == "article":
            return json.dumps(self.article, ensure_ascii=False)
        parts: dict[str, Callable[[], Any]] = {
            "fact_sources": lambda: self.facts.specification,
            "fact_formats": lambda: self.facts.formats,
            "fact_settings": self._fact_settings,
            "fact_places": lambda: self.facts.places,
            "claims": lambda: [*self.article["claims"], *self.article["findings"]],
            "languages": lambda: self.article["languages"],
            "live": self._live,
            "revision": lambda: self.revision,
            "configuration": self._configuration,
            "reference": self._reference,
        }
        return canonical(parts[name]())

    def _configuration(self) -> dict[str, Any]:
        """Return what every experiment was set to and where that stands, for the reader."""
        experiments = self.experiments
        settings = {**self.configurations, **self.analyses}
        return {
            "preset": self.article["preset"],
            "experiments": {
                name: {
                    "experiment": None if name in self.analyses else experiments.experiment(name),
                    "reads": experiments.read_by(name) if name in self.analyses else [],
                    "declared": experiments.declared_at(name),
                    "common": experiments.common_at(name),
                    "like": experiments.like(name),
                    "places": experiments.places(name),
                    "settings": {key: settings[name][key] for key in experiments.places(name)},
                }
                for name in experiments.subjects
            },
            "confidence": self.settings["facts"]["confidence"],
            "thresholds": self.settings["thresholds"],
        }

    def _live(self) -> dict[str, Any]:
        """Return what the live parts of the page are given; what they cannot show is refused."""
        given: dict[str, Any] = article_value("report.live", "live_part", _none)(self)
        return given

    def _fact_settings(self) -> dict[str, Any]:
        """Return the settings that facts quote, by what they are of."""
        thresholds = {name: entry["value"] for name, entry in self.settings["thresholds"].items()}
        own = {"confidence": self.settings["facts"]["confidence"]}
        for name in sorted(thresholds.keys() - self._compared()):
            raise UserError(
                where=f"config/thresholds.yaml: {name}",
                found="a threshold that no fact holds, so that no claim can compare with it",
                expected="a fact for each threshold",
                hint=f"declare threshold.{name}: {{ setting: {name} }} under named in "
                f"config/facts.yaml, and read evidence['threshold.{name}'] in report/claims.py",
            )
        return {**self.configurations, **self.analyses, "threshold": thresholds, "facts": own}

    def _compared(self) -> set[str]:
        """Return the thresholds that facts hold."""
        named = self.settings["facts"]["named"]
        return {
            str(source.get("setting"))
            for name, source in named.items()
            if name.startswith("threshold.")
        }

    def _reference(self) -> dict[str, Any]:
        """Return all that the experiments were carried out with, for an independent check."""
        by_experiment: dict[str, dict[str, Any]] = {}
        for name, settings in self.configurations.items():
            by_experiment.setdefault(self.experiments.experiment(name), {})[name] = settings
        return {"experiments": by_experiment, "analyses": self.analyses}


def _none(*_: object) -> Any:  # noqa: ANN401 - any empty collection
    """Stand for what an article does not have."""
    return {}

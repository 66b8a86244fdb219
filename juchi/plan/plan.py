"""What the Snakefile asks for when it lays out the DAG: the parts of the settings by rule."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from juchi.core.article import article_value
from juchi.core.checksums import sha256_of
from juchi.core.errors import UserError
from juchi.plan.imports import closure, code_digest
from juchi.plan.revision import Revision, revision
from juchi.plan.settings import canonical, read_subject
from juchi.plan.variants import LIKE, declared_at, resolved

__all__ = ["SHARED_TABLES", "Plan", "is_fact"]

_FORMAT_KEYS = ("style", "digits")

# What else the first part of a fact's name may be, besides a variant.
_OTHER_SUBJECTS = ("measures", "threshold", "printed", "comparison")

# The tables of all variants: published, and open to figures beside those of single studies.
SHARED_TABLES = ("measures", "paths", "bands", "differences", "comparison")


def is_fact(source: str) -> bool:
    """Tell whether what a figure draws from is a fact, or a pattern of facts, and no table."""
    return "." in source


class Plan:
    """The article's variants, languages, sections and facts, each as the rules need them.

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
        experiments = settings["experiments"]
        # With what the article tells of the experiments: their sizes, and the pairs compared.
        self.article: Mapping[str, Any] = {
            **settings["article"],
            "preset": experiments["preset"],
            "comparisons": list(experiments["comparisons"]["pairs"]),
        }
        self.variants = resolved(experiments["common"], experiments["variants"])
        self.trials: dict[str, dict[str, Any]] = {
            name: {"name": name, **study["common"], **(changes or {})}
            for study in experiments["studies"].values()
            for name, changes in study["variants"].items()
        }
        families = read_subject(root / "config", "fonts")["families"]
        self._fonts = [face["file"] for family in families.values() for face in family["faces"]]
        self._check_names()
        self._check_variants()
        self._check_compared()
        self._check_outcomes()
        self._live()
        self._check_modules()
        self._check_prose()
        # With the files of data behind each figure.
        self.article = {
            **self.article,
            "drawn_from": {
                figure: [f"{Path(table).stem}.csv" for table in self.figure_tables(figure)]
                for figure in self.article["figures"]
            },
        }

    def _check_names(self) -> None:
        """Refuse a name that two experiments share, or that facts already use for other things."""
        taken = {*_OTHER_SUBJECTS, *self.variants}
        for study, entry in self.settings["experiments"]["studies"].items():
            for name in entry["variants"]:
                if name in taken:
                    raise UserError(
                        f"config/experiments.yaml: studies.{study}.variants.{name}",
                        "a name that is taken",
                        "a name of its own for each variant of the whole article",
                        f"rename one of the two; {', '.join(_OTHER_SUBJECTS)} are reserved",
                    )
                taken.add(name)

    def _check_variants(self) -> None:
        """Refuse what no schema can see in a variant: settings that do not go together."""
        experiments = self.settings["experiments"]
        of_variant = article_value("experiments.conflicts", "variant_conflicts", _none)
        of_study = article_value("experiments.conflicts", "study_conflicts", _none)
        for name, variant in self.variants.items():
            for key, found, *message in of_variant(variant):
                place = declared_at(name, experiments["common"], experiments["variants"])[key]
                own = place in ("common", f"variants.{name}")
                told = found if own else f"{found} ({key} as in {place})"
                raise UserError(f"config/experiments.yaml: variants.{name}.{key}", told, *message)
        for name, trial in self.trials.items():
            study = self.study(name)
            for key, *message in of_study(study, trial):
                place = f"studies.{study}.variants.{name}.{key}"
                raise UserError(f"config/experiments.yaml: {place}", *message)

    def _check_compared(self) -> None:
        """Refuse variants that the article could not compare with one another."""
        unlike = article_value("experiments.conflicts", "comparison_conflicts", _none)
        for name, key, *message in unlike(self.variants):
            raise UserError(f"config/experiments.yaml: variants.{name}.{key}", *message)

    def _check_outcomes(self) -> None:
        """Refuse a row of a table of variants that is no variant."""
        remedies = self.article["remedies"]
        rows = [("outcomes", row) for row in self.article["outcomes"]]
        rows += [(f"remedies.{name}", row) for name in remedies for row in remedies[name].values()]
        for key, row in rows:
            if row not in self.variants:
                raise UserError(
                    f"config/article.yaml: {key}",
                    f"an unknown variant {row!r}",
                    f"one of {', '.join(self.variants)}",
                    "mend the name, or declare the variant in config/experiments.yaml",
                )

    def _check_modules(self) -> None:
        """Refuse a figure or a table without the module that makes it."""
        for kind in ("figures", "tables"):
            for name in self.article[kind]:
                path = f"report/{kind}/{name}.py"
                if not (self.root / path).is_file():
                    raise UserError(
                        f"config/article.yaml: {kind}",
                        f"{name!r}, but no {path}",
                        f"names of modules in report/{kind}/",
                        "mend the name, or write the module",
                    )

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

    @property
    def languages(self) -> list[str]:
        """The codes of the languages, the default one first."""
        return list(self.article["languages"])

    @cached_property
    def revision(self) -> Revision:
        """The commit; a repository that Git does not read is a `UserError`."""
        return revision(self.root)

    def prose(self, language: str) -> list[str]:
        """Return the files that hold a language's words: `words.yaml`, abstract, and sections."""
        names = ["words.yaml", "abstract.md", *(f"{name}.md" for name in self.article["sections"])]
        return [f"templates/{language}/{name}" for name in names]

    def all_prose(self) -> list[str]:
        """Return the files of prose of all languages."""
        return [path for language in self.languages for path in self.prose(language)]

    def fact_names(self) -> list[str]:
        """Return the names of all facts that are declared."""
        return list(self._facts())

    def font_files(self) -> list[str]:
        """Return the font files of the catalogue; one that is not installed is a `UserError`."""
        for file in self._fonts:
            if not (self.root / file).is_file():
                raise UserError(
                    "config/fonts.yaml",
                    f"{file}, which does not exist",
                    "a font file that npm has installed",
                    "run `make setup`, which installs the fonts, or mend the name",
                )
        return self._fonts

    @property
    def comparisons(self) -> Mapping[str, Any]:
        """The family of comparisons in pairs."""
        comparisons: Mapping[str, Any] = self.settings["experiments"]["comparisons"]
        return comparisons

    @property
    def compared(self) -> list[str]:
        """The variants that the comparisons name, each once, in order."""
        pairs = self.comparisons["pairs"].values()
        names = dict.fromkeys(name for pair in pairs for name in pair.values())
        for name in names:
            if name not in self.trials:
                raise UserError(
                    "config/experiments.yaml: comparisons.pairs",
                    f"an unknown variant {name!r}",
                    f"one of {', '.join(self.trials)}",
                    "mend the name, or declare the variant under studies",
                )
        return list(names)

    def study(self, trial: str) -> str:
        """Return the study that a variant belongs to, which is also the name of its module."""
        studies = self.settings["experiments"]["studies"]
        return next(str(study) for study, entry in studies.items() if trial in entry["variants"])

    def figure_facts(self, figure: str) -> list[str]:
        """Return the facts that a figure declares to quote: names, and patterns of names."""
        return list(filter(is_fact, self.article["figures"][figure]))

    def figure_tables(self, figure: str) -> list[str]:
        """Return the tables that a figure declares to draw from, as files."""
        files = []
        for name in self.article["figures"][figure]:
            if is_fact(name):
                continue
            if name in SHARED_TABLES:
                files.append(f"results/{name}.parquet")
            elif name in self.trials:
                files += [f"results/studies/{name}.{part}.parquet" for part in ("runs", "series")]
            else:
                raise UserError(
                    f"config/article.yaml: figures.{figure}",
                    f"an unknown table or variant {name!r}",
                    f"one of {', '.join([*SHARED_TABLES, *self.trials])}",
                    "mend the name, or declare the variant in config/experiments.yaml",
                )
        return files

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
            "variants": self._variant_list,
            "measures": self._measures,
            "fact_sources": self._fact_sources,
            "fact_formats": self._fact_formats,
            "fact_settings": self._fact_settings,
            "claims": lambda: [*self.article["claims"], *self.article["findings"]],
            "languages": lambda: self.article["languages"],
            "live": self._live,
            "revision": lambda: self.revision,
            "configuration": self._configuration,
            "fact_places": self._fact_places,
            "reference": self._reference,
        }
        return canonical(parts[name]())

    def _configuration(self) -> dict[str, Any]:
        """Return what every experiment was set to and where that stands, for the reader."""
        experiments = self.settings["experiments"]
        common, variants = experiments["common"], experiments["variants"]
        entries = {
            name: {
                "study": None,
                "declared": f"variants.{name}",
                "common": "common",
                "like": (changes or {}).get(LIKE),
                "places": declared_at(name, common, variants),
                "settings": _without_name(self.variants[name]),
            }
            for name, changes in variants.items()
        }
        for study, entry in experiments["studies"].items():
            for name, changes in entry["variants"].items():
                declared, shared = f"studies.{study}.variants.{name}", f"studies.{study}.common"
                own = dict.fromkeys(changes or {}, declared)
                entries[name] = {
                    "study": study,
                    "declared": declared,
                    "common": shared,
                    "like": None,
                    "places": {**dict.fromkeys(entry["common"], shared), **own},
                    "settings": _without_name(self.trials[name]),
                }
        return {
            "preset": experiments["preset"],
            "experiments": entries,
            "measures": experiments["measures"],
            "comparisons": experiments["comparisons"],
            "thresholds": self.settings["thresholds"],
        }

    def _fact_places(self) -> dict[str, str]:
        """Return the key under which each fact stands in `config/facts.yaml`."""
        facts = self.settings["facts"]
        trials = {
            trial: f"every_trial.{study}"
            for study in facts["every_trial"]
            for trial in self.settings["experiments"]["studies"][study]["variants"]
        }
        places = {}
        for name in self._facts():
            subject, key = name.split(".", maxsplit=1)
            shared = trials.get(subject, "every_variant")
            places[name] = f"named.{name}" if name in facts["named"] else f"{shared}.{key}"
        return places

    def _variant_list(self) -> list[dict[str, Any]]:
        return list(self.variants.values())

    def _measures(self) -> dict[str, Any]:
        """Return how the measures are taken; the confidence level belongs to the facts."""
        measures = self.settings["experiments"]["measures"]
        return {key: value for key, value in measures.items() if key != "confidence"}

    def _live(self) -> dict[str, Any]:
        """Return what the live parts of the page are given; what they cannot show is refused."""
        given: dict[str, Any] = article_value("report.live", "live_part", _none)(self)
        return given

    def _facts(self) -> dict[str, dict[str, Any]]:
        """Return the specification of every fact by its full name."""
        facts = self.settings["facts"]
        studies = self.settings["experiments"]["studies"]
        shared = [(variant, facts["every_variant"]) for variant in self.variants]
        for study, entries in facts["every_trial"].items():
            if study not in studies:
                raise UserError(
                    f"config/facts.yaml: every_trial.{study}",
                    "an unknown study",
                    f"one of {', '.join(studies)}",
                    "mend the name, or declare the study in config/experiments.yaml",
                )
            shared += [(trial, entries) for trial in studies[study]["variants"]]
        every = {
            f"{subject}.{name}": _of_subject(subject, entry)
            for subject, entries in shared
            for name, entry in entries.items()
        }
        return {**every, **facts["named"]}

    def _fact_sources(self) -> dict[str, Any]:
        """Return the specification of the facts, without how they are printed."""
        return {
            name: {key: value for key, value in fact.items() if key not in _FORMAT_KEYS}
            for name, fact in self._facts().items()
        }

    def _fact_formats(self) -> dict[str, dict[str, Any]]:
        """Return how each fact is printed, by its full name."""
        return {
            name: {key: fact[key] for key in _FORMAT_KEYS if key in fact}
            for name, fact in self._facts().items()
        }

    def _fact_settings(self) -> dict[str, Any]:
        """Return the settings that facts quote: variants, measures and thresholds."""
        thresholds = {name: entry["value"] for name, entry in self.settings["thresholds"].items()}
        measures = self.settings["experiments"]["measures"]
        return {**self.variants, **self.trials, "measures": measures, "threshold": thresholds}

    def _reference(self) -> dict[str, Any]:
        """Return all that the experiments were carried out with, for the independent check."""
        studies = self.settings["experiments"]["studies"]
        return {
            "variants": self.variants,
            "studies": {
                study: {trial: self.trials[trial] for trial in entry["variants"]}
                for study, entry in studies.items()
            },
            "measures": self._measures(),
            "comparisons": self.comparisons,
        }


def _none(*_: object) -> Any:  # noqa: ANN401 - any empty collection
    """Stand for what an article does not have."""
    return {}


def _without_name(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in settings.items() if key != "name"}


def _of_subject(subject: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return a shared fact as one of a subject: a ratio without dots is one of its own facts."""
    if "ratio" not in entry:
        return dict(entry)
    return {**entry, "ratio": [f"{subject}.{part}" for part in entry["ratio"]]}

"""What the Snakefile asks for when it lays out the DAG: the parts of the settings by rule."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import UserError
from pipeline.imports import closure, code_digest
from pipeline.settings import canonical, read_subject

__all__ = ["Plan"]

_FORMAT_KEYS = ("style", "digits")


class Plan:
    """The article's variants, languages, sections and facts, each as the rules need them.

    Parameters
    ----------
    settings
        What `pipeline.settings.load_settings` returned.
    root
        The folder of the project.
    """

    def __init__(self, settings: Mapping[str, Any], root: Path) -> None:
        self.root = root
        self.settings = settings
        self.article: Mapping[str, Any] = settings["article"]
        experiments = settings["experiments"]
        self.variants: dict[str, dict[str, Any]] = {
            name: {"name": name, **experiments["common"], **(changes or {})}
            for name, changes in experiments["variants"].items()
        }
        self.families: Mapping[str, Any] = read_subject(root / "config", "fonts")["families"]
        self._check_variants()
        self._check_compared()
        self._check_outcomes()
        self._check_modules()
        self._check_prose()

    def _check_variants(self) -> None:
        """Refuse what no schema can see in a variant: settings that do not go together."""
        for name, variant in self.variants.items():
            for key, *message in _conflicts(variant):
                raise UserError(f"config/experiments.yaml: variants.{name}.{key}", *message)

    def _check_compared(self) -> None:
        """Refuse variants that the summary could not compare with the seed, step by step."""
        seed = self.variants["seed"]
        for name, keys in (("control", ("steps", "starts")), ("listing", ("steps",))):
            for key in keys:
                if self.variants[name][key] != seed[key]:
                    raise _incomparable(name, key, self.variants[name], seed)
        if self.variants["listing"]["starts"] > seed["starts"]:
            raise _incomparable("listing", "starts", self.variants["listing"], seed)

    def _check_outcomes(self) -> None:
        """Refuse a row of the table of outcomes that is no variant."""
        for row in self.article["outcomes"]:
            if row not in self.variants:
                raise UserError(
                    "config/article.yaml: outcomes",
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

    def prose(self, language: str) -> list[str]:
        """Return the files that hold a language's words: `words.yaml`, abstract, and sections."""
        names = ["words.yaml", "abstract.md", *(f"{name}.md" for name in self.article["sections"])]
        return [f"templates/{language}/{name}" for name in names]

    def all_prose(self) -> list[str]:
        """Return the files of prose of all languages."""
        return [path for language in self.languages for path in self.prose(language)]

    def font_files(self) -> list[str]:
        """Return the font files of the catalogue; one that is not installed is a `UserError`."""
        files = [face["file"] for family in self.families.values() for face in family["faces"]]
        for file in files:
            if not (self.root / file).is_file():
                raise UserError(
                    "config/fonts.yaml",
                    f"{file}, which does not exist",
                    "a font file that npm has installed",
                    "run `make setup`, which installs the fonts, or mend the name",
                )
        return files

    def code(self, module: str) -> list[str]:
        """Return the files of a module and of what it imports."""
        return [path.as_posix() for path in closure(module, self.root)]

    def digest(self, module: str) -> str:
        """Return the digest of a module's code and of what it imports."""
        return code_digest(module, self.root)

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
            "claims": lambda: list(self.article["claims"]),
        }
        return canonical(parts[name]())

    def _variant_list(self) -> list[dict[str, Any]]:
        return list(self.variants.values())

    def _measures(self) -> dict[str, Any]:
        """Return how the measures are taken; the confidence level belongs to the facts."""
        measures = self.settings["experiments"]["measures"]
        return {key: value for key, value in measures.items() if key != "confidence"}

    def _fact_sources(self) -> dict[str, Any]:
        """Return the specification of the facts, without how they are printed."""
        return {
            part: {
                name: {key: value for key, value in fact.items() if key not in _FORMAT_KEYS}
                for name, fact in facts.items()
            }
            for part, facts in self.settings["facts"].items()
        }

    def _fact_formats(self) -> dict[str, dict[str, Any]]:
        """Return how each fact is printed, by its full name."""
        facts = self.settings["facts"]
        named = {
            f"{variant}.{name}": fact
            for variant in self.variants
            for name, fact in facts["every_variant"].items()
        }
        return {
            name: {key: fact[key] for key in _FORMAT_KEYS if key in fact}
            for name, fact in {**named, **facts["named"]}.items()
        }

    def _fact_settings(self) -> dict[str, Any]:
        """Return the settings that facts quote: variants, measures and thresholds."""
        thresholds = {name: entry["value"] for name, entry in self.settings["thresholds"].items()}
        measures = self.settings["experiments"]["measures"]
        return {**self.variants, "measures": measures, "threshold": thresholds}


def _conflicts(variant: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Yield each setting that another one rules out: key, found, expected, remedy."""
    if variant["burn_in"] > variant["steps"] - 2:
        yield (
            "burn_in",
            f"{variant['burn_in']} with {variant['steps']} steps",
            "at most steps - 2, so that the window holds two updates",
            "lower burn_in or raise steps",
        )
    if len(variant["inputs"]) != len(variant["targets"]):
        yield (
            "targets",
            f"{len(variant['targets'])} targets for {len(variant['inputs'])} inputs",
            "as many targets as inputs",
            "pair them up",
        )
    if variant["engine"] == "listing" and variant["model"] != "scalar":
        yield (
            "model",
            f"{variant['model']} with engine listing, which records the weight alone",
            "scalar, whose outputs follow from the weight",
            "take the model scalar or the engine batched",
        )


def _incomparable(
    name: str, key: str, variant: Mapping[str, Any], seed: Mapping[str, Any]
) -> UserError:
    return UserError(
        f"config/experiments.yaml: variants.{name}.{key}",
        f"{variant[key]}, where variant seed has {seed[key]}",
        "runs as long as the seed's, each from a start that the seed has too: they are compared",
        f"give both the same {key}",
    )

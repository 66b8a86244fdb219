"""The facts as they are declared: how each is taken and printed, and the key where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from juchi.core.errors import UserError, nearest
from juchi.core.theme import THEME
from juchi.plan.configurations import RESERVED, Experiments
from juchi.plan.yaml_files import read_yaml
from juchi.results.expressions import ExpressionError, qualified
from juchi.results.units import PLAIN, STYLES, UnitError, parse

__all__ = ["DeclaredFacts"]

_FILE = "config/facts.yaml"
# How a fact is printed: the keys of `FactFormat`, which is loaded only where settings are checked.
_FORMAT = ("style", "digits", "sign", "below")
# The styles of numbers that add up, or stand below each other.
_ALIKE = ("decimal", "fixed", "percent", "permille", "points")

Entry = dict[str, Any]


class DeclaredFacts:
    """The facts of ``config/facts.yaml``, by their full names.

    Parameters
    ----------
    declared
        What stands there.
    experiments
        What the facts may be of.
    templates
        The folder of the prose, whose messages name what facts count.
    """

    def __init__(
        self,
        declared: Mapping[str, Any],
        experiments: Experiments,
        templates: Path = Path("templates"),
    ) -> None:
        self._experiments = experiments
        self._templates = templates
        entries = {name: (place, entry) for name, place, entry in self._declared(declared)}
        self.places = {name: place for name, (place, _) in entries.items()}
        self.formats = {
            name: {key: entry[key] for key in _FORMAT if key in entry}
            for name, (_, entry) in entries.items()
        }
        for group, entry in declared.get("together", {}).items():
            self._round_together(group, entry)
        self.specification = {
            name: self._taken(name, place, entry) for name, (place, entry) in entries.items()
        }

    def _declared(self, declared: Mapping[str, Any]) -> Iterator[tuple[str, str, Entry]]:
        """Yield each fact: its name, the key at which it stands, and its entry."""
        named: Mapping[str, Entry] = declared["named"]
        for experiment, entries in declared["every"].items():
            self._require_experiment(experiment)
            for name in self._experiments.configurations:
                if self._experiments.experiment(name) != experiment:
                    continue
                for key, entry in entries.items():
                    if f"{name}.{key}" not in named:
                        place = f"every.{experiment}.{key}"
                        yield f"{name}.{key}", place, _of_subject(name, place, entry)
        for name, entry in named.items():
            yield name, f"named.{name}", dict(entry)

    def _require_experiment(self, name: str) -> None:
        known = self._experiments.experiments
        if name not in known:
            raise UserError(
                f"{_FILE}: every.{name}",
                "an unknown experiment",
                f"one of {', '.join(known)}",
                nearest(name, known),
            )

    def _taken(self, name: str, place: str, entry: Entry) -> Entry:
        """Return how a fact is taken: from a file, from a setting, or from other facts."""
        taken = {key: value for key, value in entry.items() if key not in (*_FORMAT, "of", "file")}
        if self._is_measured(place, entry):
            taken["measured"] = True
        if "expression" in entry:
            return taken
        if "file" in entry:
            return {**taken, "file": f"results/{entry['file'].removeprefix('results/')}"}
        subject = entry.get("of", name.split(".", maxsplit=1)[0])
        self._require_subject(subject, place, entry)
        if "setting" in entry:
            return {**taken, "of": subject}
        part = "samples" if "column" in entry else "scalars"
        return {**taken, "of": subject, "file": self._experiments.file(subject, part)}

    def _require_subject(self, subject: str, place: str, entry: Entry) -> None:
        known = self._experiments.subjects + (list(RESERVED) if "setting" in entry else [])
        if subject not in known:
            raise UserError(
                f"{_FILE}: {place}",
                f"a fact of {subject!r}, which is neither a configuration nor an analysis",
                f"one of {', '.join(known)}",
                f"{nearest(subject, known)}; `of` names another one, `file` any other result",
            )

    def _is_measured(self, place: str, entry: Entry) -> bool:
        """Return whether a fact has a unit of physics; one that nobody knows is refused."""
        unit = entry.get("unit", "1")
        if unit in PLAIN or unit in self._nouns:
            return False
        try:
            parse(unit)
        except UnitError as error:
            known = ", ".join([*PLAIN, *self._nouns])
            expected = f"a unit of physics, or {known}: what `units` in messages.yaml names"
            hint = nearest(unit, self._nouns, error.hint)
            raise UserError(f"{_FILE}: {place}.unit", error.found, expected, hint) from error
        style = entry.get("style", "decimal")
        if style not in STYLES:
            raise UserError(
                f"{_FILE}: {place}.style",
                f"the style {style} beside the unit {unit}",
                "decimal, fixed or scientific for what has a unit of physics",
                "leave the style out, or the unit",
            )
        return True

    @cached_property
    def _nouns(self) -> list[str]:
        """Return the words for what facts count, in any language."""
        files = [*(THEME / "messages").glob("*.yaml"), *self._templates.glob("*/messages.yaml")]
        words = [read_yaml(path).get("units", {}) for path in files]
        return sorted({noun for each in words for noun in each})

    def _round_together(self, group: str, entry: Entry) -> None:
        """Note for each fact of a group with which others it is rounded."""
        place, names = f"{_FILE}: together.{group}.facts", list(entry["facts"])
        for name in names:
            self._check_member(name, group, place)
        styles = list(dict.fromkeys(self.formats[name].get("style", "decimal") for name in names))
        if len(styles) > 1 or styles[0] not in _ALIKE:
            raise UserError(
                place,
                f"the styles {', '.join(styles)}" if len(styles) > 1 else f"the style {styles[0]}",
                f"one style for all, of {', '.join(_ALIKE)}",
                "give these facts the same `style`",
            )
        for name in names:
            self.formats[name]["together"] = {**entry, "name": group, "facts": names}

    def _check_member(self, name: str, group: str, place: str) -> None:
        """Refuse what cannot be rounded with others."""
        how = self.formats.get(name)
        if how is None:
            near = nearest(name, list(self.formats))
            raise UserError(place, f"no fact {name!r}", "facts of this file", near)
        if "together" in how:
            raise UserError(
                place,
                f"{name}, which is in the group {how['together']['name']!r} as well",
                "each fact in one group at most",
                "take it out of one of them",
            )
        for key in sorted({"digits", "below"} & how.keys()):
            raise UserError(
                f"{_FILE}: {self.places[name]}.{key}",
                f"{key} of a fact of the group {group!r}",
                "`decimals` of the group alone",
                f"take out the key {key!r}",
            )

    @property
    def files(self) -> list[str]:
        """The files of results that facts are taken from, each once."""
        taken = self.specification.values()
        return list(dict.fromkeys(entry["file"] for entry in taken if "file" in entry))


def _of_subject(subject: str, place: str, entry: Mapping[str, Any]) -> Entry:
    """Return a shared fact as one of a subject: names without dots are those of its own facts."""
    if "expression" not in entry:
        return dict(entry)
    try:
        return {**entry, "expression": qualified(entry["expression"], subject)}
    except ExpressionError as error:
        found, expected = str(error), "facts, with + - * / ** between them"
        raise UserError(f"{_FILE}: {place}", found, expected, "correct the expression") from error

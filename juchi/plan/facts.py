"""The facts as they are declared: how each is taken and printed, and the key where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from juchi.core.errors import UserError, nearest
from juchi.plan.configurations import RESERVED, Experiments
from juchi.results.expressions import ExpressionError, qualified

__all__ = ["DeclaredFacts"]

_FILE = "config/facts.yaml"
_FORMAT = ("style", "digits")

Entry = dict[str, Any]


class DeclaredFacts:
    """The facts of ``config/facts.yaml``, by their full names.

    Parameters
    ----------
    declared
        What stands there.
    experiments
        What the facts may be of.
    """

    def __init__(self, declared: Mapping[str, Any], experiments: Experiments) -> None:
        self._experiments = experiments
        entries = {name: (place, entry) for name, place, entry in self._declared(declared)}
        self.places = {name: place for name, (place, _) in entries.items()}
        self.formats = {
            name: {key: entry[key] for key in _FORMAT if key in entry}
            for name, (_, entry) in entries.items()
        }
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

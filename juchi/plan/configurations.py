"""What the experiments and analyses of an article are to be carried out with.

A configuration has the settings that are common to its experiment, those of the configuration that
it is `like`, which may be like another in turn, and its own; the later go before the earlier. So
one follows the other wherever that goes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from juchi.core.errors import UserError, nearest
from juchi.results.layout import ANALYSES, PARTS, result_file

__all__ = ["FILE", "LIKE", "RESERVED", "Experiments"]

FILE = "config/experiments.yaml"
LIKE = "like"
# What a fact may name besides a configuration and an analysis: the thresholds, and its own file.
RESERVED = ("threshold", "facts")
# The keys of an analysis that say what it reads.
_READS = ("of", "files")

Settings = dict[str, Any]


class Experiments:
    """The configurations and analyses that ``config/experiments.yaml`` declares.

    Parameters
    ----------
    declared
        What stands there.

    Attributes
    ----------
    configurations, analyses
        The settings of each by its name, which is among them.
    """

    def __init__(self, declared: Mapping[str, Any]) -> None:
        self._declared: Mapping[str, Any] = declared["experiments"]
        self._analyses: Mapping[str, Any] = declared["analyses"]
        self._experiment: dict[str, str] = dict(self._names())
        self.configurations: dict[str, Settings] = {
            name: {"name": name, **self._settings(name)} for name in self._experiment
        }
        self.analyses: dict[str, Settings] = {
            name: {"name": name, **_without(entry or {}, *_READS)}
            for name, entry in self._analyses.items()
        }

    def _names(self) -> Iterator[tuple[str, str]]:
        """Yield each configuration with its experiment; a name that is taken is a `UserError`."""
        taken = {*RESERVED, *self._analyses}
        for experiment, entry in self._declared.items():
            if experiment == ANALYSES:
                place = f"{FILE}: experiments.{ANALYSES}"
                raise UserError(place, "a name that is taken", "another name", "rename it")
            for name in entry.get("configurations") or {}:
                if name in taken:
                    raise UserError(
                        f"{FILE}: experiments.{experiment}.configurations.{name}",
                        "a name that is taken",
                        "a name of its own for each configuration and analysis of the article",
                        f"rename one of the two; {', '.join(RESERVED)} are reserved",
                    )
                taken.add(name)
                yield name, experiment

    def experiment(self, name: str) -> str:
        """Return the experiment that a configuration belongs to, the name of its module too."""
        return self._experiment[name]

    @property
    def experiments(self) -> list[str]:
        """The names of the experiments that have configurations."""
        return list(dict.fromkeys(self._experiment.values()))

    @property
    def subjects(self) -> list[str]:
        """The configurations and the analyses: whatever has a result."""
        return [*self._experiment, *self._analyses]

    def file(self, name: str, part: str) -> str:
        """Return the path of a part of the result of a configuration or an analysis."""
        return result_file(self._experiment.get(name, ANALYSES), name, part)

    def read_by(self, analysis: str) -> list[str]:
        """Return the configurations that an analysis reads, each once, in order.

        An unknown one is a `UserError`.
        """
        names = (self._analyses[analysis] or {}).get("of", [])
        members: list[str] = []
        for name in names:
            if name in self._declared:
                members += [each for each, owner in self._experiment.items() if owner == name]
            elif name in self._experiment:
                members.append(name)
            else:
                known = [*self._declared, *self._experiment]
                raise UserError(
                    f"{FILE}: analyses.{analysis}.of",
                    f"an unknown experiment or configuration {name!r}",
                    f"one of {', '.join(known)}",
                    nearest(str(name), known),
                )
        return list(dict.fromkeys(members))

    def inputs_of(self, analysis: str) -> list[str]:
        """Return the files of results that an analysis reads."""
        return [self.file(name, part) for name in self.read_by(analysis) for part in PARTS]

    def sources_of(self, analysis: str) -> list[str]:
        """Return the sources that an analysis reads."""
        return list((self._analyses[analysis] or {}).get("files", []))

    def declared_at(self, name: str) -> str:
        """Return the key at which a configuration or an analysis is declared."""
        if name in self._analyses:
            return f"analyses.{name}"
        return f"experiments.{self._experiment[name]}.configurations.{name}"

    def common_at(self, name: str) -> str | None:
        """Return the key of what a configuration shares with others; an analysis shares nothing."""
        return f"experiments.{self._experiment[name]}.common" if name in self._experiment else None

    def like(self, name: str) -> str | None:
        """Return the configuration that one is like."""
        return self._changes(name).get(LIKE) if name in self._experiment else None

    def places(self, name: str) -> dict[str, str]:
        """Return the key below which each setting of a configuration or an analysis stands."""
        if name in self._analyses:
            return dict.fromkeys(_without(self._analyses[name] or {}, *_READS), f"analyses.{name}")
        common = self._declared[self.experiment(name)].get("common") or {}
        places = dict.fromkeys(common, f"experiments.{self.experiment(name)}.common")
        for each in reversed(self._lineage(name)):
            places |= dict.fromkeys(_without(self._changes(each), LIKE), self.declared_at(each))
        return places

    def _settings(self, name: str) -> Settings:
        settings = dict(self._declared[self.experiment(name)].get("common") or {})
        for each in reversed(self._lineage(name)):
            settings |= _without(self._changes(each), LIKE)
        return settings

    def _changes(self, name: str) -> Mapping[str, Any]:
        changes: Mapping[str, Any] | None
        changes = self._declared[self.experiment(name)]["configurations"][name]
        return changes or {}

    def _lineage(self, name: str) -> list[str]:
        """Return a configuration, the one that it is like, the one that this is like, and so on.

        One that is like none of its experiment, or like itself in the end, is a `UserError`.
        """
        line = [name]
        siblings = list(self._declared[self.experiment(name)]["configurations"])
        while (base := self._changes(line[-1]).get(LIKE)) is not None:
            place = f"{FILE}: {self.declared_at(line[-1])}.{LIKE}"
            if base not in siblings:
                raise UserError(
                    place,
                    f"an unknown configuration {base!r}",
                    f"one of {', '.join(siblings)}",
                    nearest(str(base), siblings),
                )
            if base in line:
                raise UserError(
                    place,
                    f"a circle: {' is like '.join([*line, base])}",
                    "configurations that are in the end like one that stands for itself",
                    f"give one of them settings of its own, without {LIKE}",
                )
            line.append(base)
        return line


def _without(settings: Mapping[str, Any], *keys: str) -> Settings:
    return {key: value for key, value in settings.items() if key not in keys}

"""Take every declared fact from where its specification says: results, settings, other facts."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from juchi.core.errors import UserError, nearest, run_command
from juchi.core.other_numbers import unread
from juchi.core.records import damaged, read_json, write_json
from juchi.core.tables import Columns, read_any_table
from juchi.results.expressions import ExpressionError, evaluate, names
from juchi.results.facts import DIVERGED, OMITTED, SETTING, Fact, is_finite, require_sound, whole
from juchi.results.layout import configuration_of, published
from juchi.results.propagation import Gradient, gradient, standard_error
from juchi.results.statistics import summarise
from juchi.results.units import TIMES, UnitError, calculated

__all__ = ["Collector", "main"]

# So many signs of a wrong value are shown.
_SHOWN = 60

Entry = Mapping[str, Any]
Interval = tuple[float, float] | None


class Collector:
    """Takes facts.

    Parameters
    ----------
    specification
        How each fact is taken, by its name: ``file`` and ``column`` with ``statistic``, ``file``
        and ``key``, ``of`` and ``setting``, or ``expression``; ``measured`` with those whose
        ``unit`` is one of physics.
    settings
        By what facts name as ``of``; those of ``facts`` hold the level of all intervals.
    """

    def __init__(self, specification: Mapping[str, Entry], settings: Mapping[str, Entry]) -> None:
        self._specification, self._settings = specification, settings
        self._confidence: float = settings["facts"]["confidence"]
        self._files: dict[str, Any] = {}
        self._facts: dict[str, Fact] = {}
        # Those in a unit of physics.
        self._measured = {name for name, entry in specification.items() if "measured" in entry}
        # Expressions that are being worked out, each for the sake of the one before.
        self._pending: list[str] = []
        # How expressions change with the facts that have a standard error of their own.
        self._gradients: dict[str, Gradient] = {}

    def facts(self) -> dict[str, Fact]:
        """Return every fact, in the order of the specification.

        Raises
        ------
        UserError
            That names the first one which cannot be taken, or contradicts itself.
        """
        facts = {name: self.fact(name) for name in self._specification}
        for name, fact in facts.items():
            remedy = "correct what measures it, or its unit in the fact's entry"
            require_sound(f"config/facts.yaml: {name}", fact, remedy)
        return facts

    def fact(self, name: str) -> Fact:
        """Return one fact."""
        if name not in self._facts:
            entry = self._specification[name]
            kinds = {
                "column": self._statistic,
                "key": self._scalar,
                "setting": self._setting,
                "expression": self._expression,
            }
            kind = next(kind for kind in kinds if kind in entry)
            self._facts[name] = kinds[kind](name, entry)
        return self._facts[name]

    def _setting(self, name: str, entry: Entry) -> Fact:
        settings, key = self._settings[entry["of"]], entry["setting"]
        if key not in settings:
            raise _missing(name, f"setting {key!r}", list(settings), "config/experiments.yaml")
        source = f"{SETTING}{entry['of']}, {key}"
        error = self._own_error(name, entry, settings, "config/experiments.yaml")
        value = _finite(name, settings[key])
        return Fact(value, entry.get("unit", "1"), None, None, source, error)

    def _own_error(self, name: str, entry: Entry, values: Entry, where: str) -> float | None:
        """Return the standard error that stands beside a value, under the key that is named."""
        key = entry.get("standard_error")
        if key is None:
            return None
        if key not in values:
            raise _missing(name, f"standard error {key!r}", list(values), where)
        return float(_single(name, f"{key} of {where}", values[key]))

    def _scalar(self, name: str, entry: Entry) -> Fact:
        """Take a single number of a record, or an estimate that came with its interval."""
        record, key = self._read(name, entry, read_json), entry["key"]
        if not isinstance(record, Mapping):
            raise damaged(Path(entry["file"]), ValueError("no record"), "numbers by their names")
        if key not in record:
            raise _missing(name, f"key {key!r}", list(record), entry["file"])
        value, unit = record[key], entry.get("unit", "1")
        source = ", ".join([_place(entry["file"]), key])
        n, interval, error = None, None, self._own_error(name, entry, record, entry["file"])
        if isinstance(value, Mapping):
            place = f"{key}.{{}} of {entry['file']}"
            n = _stated(name, place, value, "n")
            error = _stated(name, place, value, "standard_error", error)
            interval = _given_interval(name, place, value, unit)
            key, value = f"{key}.value", value["value"]
        if value == DIVERGED:
            return Fact(DIVERGED, unit, None, None, source)
        value = _single(name, f"{key} of {entry['file']}", value)
        return Fact(value, unit, n, interval, source, error)

    def _statistic(self, name: str, entry: Entry) -> Fact:
        """Take a statistic over the rows of a table."""
        columns = self._read(name, entry, read_any_table)
        conditions = entry.get("where", {})
        rows = _rows(name, columns, entry)
        values = _numbers(name, columns[entry["column"]], rows, entry)
        unit = entry.get("unit", "share" if entry["statistic"] == "share" else "1")
        where = "".join(f", {column} = {wanted}" for column, wanted in conditions.items())
        at = entry.get("at")
        which = entry["statistic"] if at is None else f"quantile {at:g}"
        taken = f"{which} of {entry['column']}{where}"
        place = _place(entry["file"])
        source = f"{place}, {taken}" if ": " in place else f"{place}: {taken}"
        flags = columns.get("diverged", np.zeros_like(rows))[rows]
        if not np.isfinite(values).all() and np.any(flags):
            return Fact(DIVERGED, unit, len(values), None, source)
        known = _without_missing(name, values, rows, entry)
        if len(known) < len(values):
            source += OMITTED.format(len(values) - len(known))
        values = known
        found = summarise(values, entry["statistic"], unit, self._confidence, at)
        value, interval, error = _finite(name, found.value), found.interval, found.standard_error
        if "certain" in entry:
            _check_certain(name, values)
            interval = error = None
        return Fact(value, unit, len(values), interval, source, error)

    def _expression(self, name: str, entry: Entry) -> Fact:
        """Work out an expression of other facts: n of the first of them, no interval."""
        expression = entry["expression"]
        if name in self._pending:
            circle = " needs ".join([*self._pending[self._pending.index(name) :], name])
            expected = "an expression of facts that stand for themselves"
            remedy = "take one of them from the results"
            raise _refusal(name, f"a circle: {circle}", expected, remedy)
        self._pending.append(name)
        parts = {part: self._part(name, part) for part in _parts(name, expression)}
        self._pending.pop()
        n = next(iter(parts.values())).n if parts else None
        values = {part: fact.value for part, fact in parts.items()}
        if DIVERGED in values.values():
            return Fact(DIVERGED, entry.get("unit", "1"), n, None, expression)
        for part, value in values.items():
            if not is_finite(value):
                raise _refusal(name, f"{part}, a list", "single numbers", "name other facts")
        value, unit = self._calculated(name, entry, parts)
        if all(type(each) is int for each in values.values()):
            value = whole(value)
        error = self._propagated(name, entry, parts)
        return Fact(_finite(name, value), unit, n, None, expression, error)

    def _propagated(self, name: str, entry: Entry, parts: Mapping[str, Fact]) -> float | None:
        """Return the standard error of an expression; see `juchi.results.propagation`."""

        def value_at(part: str, value: float) -> float:
            moved = {**parts, part: replace(parts[part], value=value)}
            return self._calculated(name, entry, moved)[0]

        own = {
            part: (float(fact.value), fact.standard_error, self._gradient(part, fact))  # type: ignore[arg-type]  # no list
            for part, fact in parts.items()
        }
        self._gradients[name] = gradient(value_at, own)
        return standard_error(self._gradients[name], lambda base: self._facts[base].standard_error)

    def _gradient(self, part: str, fact: Fact) -> Gradient:
        """Return how a fact changes with those that have a standard error of their own."""
        entry = self._specification[part]
        if "expression" in entry:
            return self._gradients.get(part)
        if fact.standard_error is not None:
            return {part: 1.0}
        return {} if "setting" in entry or "certain" in entry else None

    def _calculated(self, name: str, entry: Entry, parts: Mapping[str, Fact]) -> tuple[float, str]:
        """Return the value of an expression and its unit, in that which is declared for it."""
        units = {part: fact.unit for part, fact in parts.items() if part in self._measured}
        values: dict[str, Any] = {part: fact.value for part, fact in parts.items()}
        if not units and "measured" not in entry:
            return evaluate(entry["expression"], values), entry.get("unit", "1")
        # Beside units of physics a counted time, such as years with words of their own, is one.
        units |= {part: fact.unit for part, fact in parts.items() if fact.unit in TIMES}
        wanted = entry["unit"] if "measured" in entry or entry.get("unit") in TIMES else None
        try:
            value, unit = calculated(entry["expression"], values, units, wanted)
        except UnitError as error:
            raise error.at(f"config/facts.yaml: {name}") from error
        if unit:
            self._measured.add(name)
        return value, unit or entry.get("unit", "1")

    def _part(self, name: str, part: str) -> Fact:
        if part not in self._specification:
            known = list(self._specification)
            found = f"no fact {part!r}"
            raise _refusal(name, found, "facts of this file", nearest(part, known))
        return self.fact(part)

    def _read(self, name: str, entry: Entry, read: Callable[[Path], Any]) -> Any:  # noqa: ANN401
        """Return what is in a file of results, read once."""
        file: str = entry["file"]
        if file not in self._files:
            if not Path(file).is_file():
                found, expected = f"{file}, which no rule has made", "a result that a rule makes"
                raise _refusal(name, found, expected, "correct `of` or `file`, or add the rule")
            self._files[file] = read(Path(file))
        return self._files[file]


def _place(file: str) -> str:
    """Return where a file's numbers are published: the table, and the configuration in it."""
    configuration = configuration_of(file)
    return f"data/{published(file)}" + (f": {configuration}" if configuration else "")


def _parts(name: str, expression: str) -> list[str]:
    try:
        return names(expression)
    except ExpressionError as error:
        expected = "facts with + - * / **, numbers, and abs, exp, log, max, min, sqrt"
        raise _refusal(name, str(error), expected, "correct the expression") from error


def _rows(name: str, columns: Columns, entry: Entry) -> NDArray[np.bool_]:
    """Return which rows a statistic is over; none at all is a `UserError`."""
    conditions: Mapping[str, Any] = entry.get("where", {})
    for column in (entry["column"], *conditions):
        if column not in columns:
            raise _missing(name, f"column {column!r}", list(columns), entry["file"])
    rows = np.ones(len(columns[entry["column"]]), dtype=bool)
    for column, wanted in conditions.items():
        rows &= columns[column] == wanted
    if not rows.any():
        values = [f"{c} = {value}" for c in conditions for value in np.unique(columns[c])]
        what = f"row with {dict(conditions)}" if conditions else "row at all"
        raise _missing(name, what, values, entry["file"])
    return rows


def _numbers(
    name: str, column: NDArray[Any], rows: NDArray[np.bool_], entry: Entry
) -> NDArray[np.float64]:
    """Return the numbers of some rows of a column, NaN where there is none."""
    values = column[rows]
    # Truth values of which some are missing are objects.
    if all(each is None or isinstance(each, bool) for each in values):
        return np.array([np.nan if each is None else float(each) for each in values])
    if values.dtype.kind not in "biuf":
        wrong = next((place for place, each in enumerate(values) if not _is_number(each)), 0)
        remedy = "choose another column, or leave a cell empty where there is no number"
        if told := unread(values.tolist()):
            wrong, _, remedy = told
        elif not any(map(_is_number, values)):
            chosen = f"`where: {{ {entry['column']}: {values[wrong]} }}`"
            remedy = f"texts have no {entry['statistic']}: choose a column of numbers; {chosen} "
            remedy += "beside it counts the rows of one text alone"
        found = f"{values[wrong]!r} in row {np.flatnonzero(rows)[wrong] + 1} of {_named(entry)}"
        raise _refusal(name, found, "a column of numbers", remedy)
    return values.astype(np.float64)


def _is_number(cell: Any) -> bool:  # noqa: ANN401 - whatever a column holds
    """Tell whether a cell would be one of a column of numbers."""
    try:
        return cell is None or cell == "" or math.isfinite(float(cell))
    except (TypeError, ValueError):
        return False


def _without_missing(
    name: str, values: NDArray[np.float64], rows: NDArray[np.bool_], entry: Entry
) -> NDArray[np.float64]:
    """Return the values that there are; those that are missing are refused unless declared."""
    missing = np.isnan(values)
    if not missing.any():
        return values
    if entry.get("omit_missing") and not missing.all():
        return values[~missing]
    first = np.flatnonzero(rows)[missing][0] + 1
    raise _refusal(
        name,
        f"no number in {missing.sum()} of {len(values)} rows of {_named(entry)}, row {first} first",
        "a number in each row; NA, nan and an empty cell are none",
        "the results hold no number here: choose another column"
        if missing.all()
        else "choose rows by `where`, or declare `omit_missing: true`: the fact is then one of the "
        "others, and its source says how many are missing",
    )


def _named(entry: Entry) -> str:
    return f"the column {entry['column']!r} of {entry['file']}"


def _check_certain(name: str, values: NDArray[np.float64]) -> None:
    """Refuse to take for certain what comes out now so, now otherwise."""
    if (values != values[0]).any():
        raise UserError(
            where=f"config/facts.yaml: {name}.certain",
            found=f"values from {values.min():g} to {values.max():g}",
            expected="one value whatever is drawn, since there is no chance in it",
            hint="`certain` is for what is the same in each row: remove it, so that the fact has "
            "its interval, or find what is wrong",
        )


def _stated(
    name: str, place: str, estimate: Mapping[str, Any], part: str, otherwise: float | None = None
) -> Any:  # noqa: ANN401 - a number or None
    """Return what an estimate may say beside its value."""
    value = estimate.get(part, otherwise)
    return value if value is None else _single(name, place.format(part), value)


def _given_interval(name: str, place: str, estimate: Mapping[str, Any], unit: str) -> Interval:
    """Return the interval that an estimate came with, that of a share within zero and one."""
    if "low" not in estimate:
        return None
    low, high = (_single(name, place.format(end), estimate[end]) for end in ("low", "high"))
    if low > high:
        found, remedy = (
            f"low = {low} above high = {high}",
            "exchange the two where they are written",
        )
        raise _refusal(name, found, "the lower end of the interval as `low`", remedy)
    if low == high:  # All values are the same: no spread to tell chance by.
        return None
    return (max(0.0, low), min(1.0, high)) if unit == "share" else (low, high)


def _single(name: str, place: str, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a number of a record; a list or a text with a number in it is none."""
    if isinstance(value, list):
        found = f"the list {str(value)[:_SHOWN]} as {place}"
        remedy = "write one number under each key; in R: toJSON(…, auto_unbox = TRUE)"
        raise _refusal(name, found, "a single number", remedy)
    if isinstance(value, str):
        found = f"the text {value[:_SHOWN]!r} as {place}"
        remedy = "write it without quotation marks; in R: as.numeric(…)"
        raise _refusal(name, found, "a number", remedy)
    return _finite(name, value)


def _finite(name: str, value: Any) -> Any:  # noqa: ANN401 - a number, or a setting that is a list
    if not all(map(is_finite, value if isinstance(value, list) else [value])):
        remedy = "the results hold none here: choose another column, key or setting"
        found = "no number: none, NaN or infinite" if value is None else f"the value {value}"
        raise _refusal(name, found, "a finite number", remedy)
    return value


def _missing(name: str, what: str, known: list[str], where: str) -> UserError:
    expected = f"one of {', '.join(sorted(known))}" if known else "a result that is not empty"
    return _refusal(name, f"no {what} in {where}", expected, "correct the fact's entry")


def _refusal(name: str, found: str, expected: str, remedy: str) -> UserError:
    return UserError(f"config/facts.yaml: {name}", found, expected, remedy)


def main() -> None:
    """Collect the facts that the command line declares; it names the results, too."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("specification", "settings", "output"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    # Declared for Snakemake: which file a fact is taken from stands in the specification.
    parser.add_argument("--results", type=Path, nargs="*")
    arguments = parser.parse_args()
    collector = Collector(read_json(arguments.specification), read_json(arguments.settings))
    facts = {name: asdict(fact) for name, fact in collector.facts().items()}
    write_json(arguments.output, facts)


if __name__ == "__main__":
    run_command(main)

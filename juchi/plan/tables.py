"""Which tables of the article are made from files of data: see `juchi.plan.table_model`."""

from __future__ import annotations

from typing import Any

__all__ = ["completed_table", "is_data_table"]


def is_data_table(settings: object) -> bool:
    """Tell whether the settings of a table are those of one that is made from a file of data."""
    return isinstance(settings, dict) and "data" in settings


def completed_table(settings: Any) -> Any:  # noqa: ANN401 - whatever a table's module takes
    """Return the settings of a table, each column of a file that is a bare name as a mapping."""
    if not is_data_table(settings):
        return settings
    columns = [{"column": each} if isinstance(each, str) else each for each in settings["columns"]]
    return {**settings, "columns": columns}

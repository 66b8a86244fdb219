"""Which tables of the article are made from files of data: see `juchi.plan.table_model`."""

from __future__ import annotations

__all__ = ["is_data_table"]


def is_data_table(settings: object) -> bool:
    """Tell whether the settings of a table are those of one that is made from a file of data."""
    return isinstance(settings, dict) and "data" in settings

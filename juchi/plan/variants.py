"""Variants that are like another one but for what they name: each setting is declared once.

A variant has the settings of the one that it is `like`, which may be like another in turn, and
those that are common to all; what it sets itself goes before both. So a variant follows its source
wherever that goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from juchi.core.errors import UserError, nearest

__all__ = ["LIKE", "declared_at", "lineage", "resolved"]

LIKE = "like"

Changes = Mapping[str, Any]
Variants = Mapping[str, Changes | None]


def lineage(name: str, variants: Variants) -> list[str]:
    """Return a variant, the one that it is like, the one that this is like, and so on.

    One that is like nothing declared, or like itself in the end, is a `UserError`.
    """
    line = [name]
    while (base := (variants[line[-1]] or {}).get(LIKE)) is not None:
        place = f"config/experiments.yaml: variants.{line[-1]}.{LIKE}"
        if base not in variants:
            raise UserError(
                place,
                f"an unknown variant {base!r}",
                f"one of {', '.join(variants)}",
                nearest(str(base), list(variants)),
            )
        if base in line:
            raise UserError(
                place,
                f"a circle: {' is like '.join([*line, base])}",
                "variants that are in the end like one that stands for itself",
                f"give one of them settings of its own, without {LIKE}",
            )
        line.append(base)
    return line


def resolved(common: Changes, variants: Variants) -> dict[str, dict[str, Any]]:
    """Return the settings of every variant, its name among them."""
    return {name: {"name": name, **_settings(name, common, variants)} for name in variants}


def _settings(name: str, common: Changes, variants: Variants) -> dict[str, Any]:
    settings = dict(common)
    for each in reversed(lineage(name, variants)):
        settings |= _own(variants[each])
    return settings


def _own(changes: Changes | None) -> dict[str, Any]:
    """Return what a variant sets itself."""
    return {key: value for key, value in (changes or {}).items() if key != LIKE}


def declared_at(name: str, common: Changes, variants: Variants) -> dict[str, str]:
    """Return the key of the configuration that each setting of a variant comes from."""
    places = dict.fromkeys(common, "common")
    for each in reversed(lineage(name, variants)):
        places |= dict.fromkeys(_own(variants[each]), f"variants.{each}")
    return places

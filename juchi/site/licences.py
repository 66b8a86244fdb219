"""Licences of pictures: the address of one that is known by its name."""

from __future__ import annotations

import re

__all__ = ["licence_address"]

_CREATIVE = re.compile(r"CC[ -](BY(?:[ -](?:NC|SA|ND))*)[ -](\d\.\d)", re.IGNORECASE)
_ZERO = re.compile(r"CC[ -]?0(?:[ -]1\.0)?", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


def licence_address(name: str) -> str | None:
    """Return the address of a licence; None for one that is not known here.

    Examples
    --------
    >>> licence_address("CC BY-SA 4.0")
    'https://creativecommons.org/licenses/by-sa/4.0/'
    """
    if match := _CREATIVE.fullmatch(name.strip()):
        kind = match[1].lower().replace(" ", "-")
        return f"https://creativecommons.org/licenses/{kind}/{match[2]}/"
    if _ZERO.fullmatch(name.strip()):
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    found = _ADDRESS.fullmatch(name.strip())
    return found[0] if found else None

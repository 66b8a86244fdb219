"""Identifiers of people and organisations by the rules of who gives them, and the CRediT roles."""

from __future__ import annotations

import re

__all__ = ["ROLES", "orcid", "orcid_digit", "role", "ror", "ror_digits"]

# The Contributor Role Taxonomy, ANSI/NISO Z39.104-2022, by the last part of its addresses.
ROLES = (
    *("conceptualization", "data-curation", "formal-analysis", "funding-acquisition"),
    *("investigation", "methodology", "project-administration", "resources", "software"),
    *("supervision", "validation", "visualization", "writing-original-draft"),
    "writing-review-editing",
)
# Crockford's digits: no letter that looks like one of them.
_BASE32 = "0123456789abcdefghjkmnpqrstvwxyz"


def orcid(text: str) -> str:
    """Return a bare ORCID iD, also of one that is written as an address."""
    return re.sub(r"^https?://orcid\.org/", "", text)


def orcid_digit(text: str) -> str:
    """Return the check digit that belongs to a bare iD, by ISO 7064 mod 11-2."""
    total = 0
    for digit in text.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    result = (12 - total % 11) % 11
    return "X" if result == 10 else str(result)  # noqa: PLR2004 - the tenth digit


def ror(text: str) -> str:
    """Return a bare ROR ID, also of one that is written as an address."""
    return re.sub(r"^https://ror\.org/", "", text)


def ror_digits(text: str) -> str:
    """Return the two check digits that belong to a bare ID, by ISO 7064 mod 97-10."""
    number = 0
    for sign in text[:-2]:
        number = number * len(_BASE32) + _BASE32.index(sign)
    return f"{98 - number * 100 % 97:02}"


def role(text: str) -> str:
    """Return the name of a CRediT role as `ROLES` have it, however it is spelt out."""
    words = re.findall("[a-z]+", text.lower())
    return "-".join(word for word in words if word != "and")

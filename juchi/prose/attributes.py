"""Attributes in braces, as Pandoc writes them: ``{#fig-name .wide width=60%}``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from juchi.core.errors import UserError

__all__ = ["Attributes", "read_attributes"]

_PART = re.compile(
    r"\s*(?:#(?P<id>[\w][\w.:-]*)|\.(?P<name>[\w][\w-]*)|(?P<bare>-(?=\s|$))"
    r"|(?P<key>[\w][\w-]*)=(?:\"(?P<quoted>[^\"]*)\"|(?P<value>[^\s\"=]+)))(?=\s|$)"
)


@dataclass(frozen=True)
class Attributes:
    """An identifier, classes, and values by key; ``{-}`` is the class ``unnumbered``."""

    id: str | None = None
    classes: tuple[str, ...] = ()
    values: dict[str, str] = field(default_factory=dict)

    def named(self, place: str, kind: str, *prefixes: str) -> str | None:
        """Return the identifier; one that does not begin as those of its kind is a `UserError`."""
        if self.id and not self.id.startswith(tuple(f"{prefix}-" for prefix in prefixes)):
            raise UserError(
                place,
                f"the identifier {self.id!r} of a {kind}",
                f"one that begins with {prefixes[0]}-",
                f"write #{prefixes[0]}-{self.id}",
            )
        return self.id

    def only(self, place: str, *known: str, classes: tuple[str, ...] = ()) -> Attributes:
        """Return them; a key or a class that is not known here is a `UserError`."""
        unknown = [f"{key}=" for key in self.values if key not in known]
        unknown += [f".{name}" for name in self.classes if name not in classes]
        if unknown:
            accepted = [f"{key}=" for key in known] + [f".{name}" for name in classes]
            raise UserError(
                place,
                f"an unknown attribute {unknown[0]}",
                f"one of #name, {', '.join(accepted)}" if accepted else "nothing but #name",
                "remove it, or correct its name",
            )
        return self


def read_attributes(text: str | None, place: str) -> Attributes:
    """Read what stands between the braces; what cannot be read is a `UserError`."""
    if not text or not text.strip():
        return Attributes()
    name, classes, values, at = None, [], {}, 0
    text = text.rstrip()
    while at < len(text):
        match = _PART.match(text, at)
        if match is None:
            raise UserError(
                place,
                f"the attributes {{{text}}}",
                'an identifier, classes and values, as `{#fig-name .wide width="60%"}`',
                f"see what stands at {text[at:].strip()!r}",
            )
        at = match.end()
        if match["id"]:
            name = match["id"]
        elif match["key"]:
            values[match["key"]] = match["value"] if match["quoted"] is None else match["quoted"]
        else:
            classes.append(match["name"] or "unnumbered")
    return Attributes(name, tuple(classes), values)

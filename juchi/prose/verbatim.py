"""Code that is shown as it is written, in a file that begins with ``<!-- code: verbatim -->``.

Elsewhere facts may stand in code, and its digits are results. A file that explains how something is
written, or prints examples, says so in its first line: then braces in its code are no calls, and
digits no results. Its text is held to the same rules as that of any other file.
"""

from __future__ import annotations

import re
from pathlib import Path

from juchi.core.errors import UserError

__all__ = ["is_verbatim", "shielded"]

_DECLARATION = re.compile(r"\s*<!--\s*code:\s*(?P<how>.*?)\s*-->")
_VERBATIM = "verbatim"
# A block between fences, or code within a paragraph.
_CODE = re.compile(
    r"^(?P<indent>[ >]*)(?P<fence>`{3,}|~{3,})[^\n]*\n(?:.*?\n)??(?P=indent)(?P=fence)[ \t]*$"
    r"|(?<!`)(?P<ticks>`+)(?!`)(?:(?!\n\s*\n).)+?(?<!`)(?P=ticks)(?!`)",
    re.MULTILINE | re.DOTALL,
)
# What begins something for Jinja.
_BRACES = re.compile(r"\{[{%]|<!--")


def is_verbatim(text: str, path: Path) -> bool:
    """Tell whether a file declares its code as verbatim; another declaration is a `UserError`."""
    found = _DECLARATION.match(text)
    if found is None:
        return False
    if found["how"] != _VERBATIM:
        raise UserError(
            f"{path}:1",
            f"<!-- code: {found['how']} -->",
            f"<!-- code: {_VERBATIM} -->, for code that is shown as it is written",
            "write it so, or take the line out where code quotes facts",
        )
    return True


def shielded(text: str) -> str:
    """Return a text whose code is no template; its lines stay where they are."""
    return _CODE.sub(_shield, text)


def _shield(match: re.Match[str]) -> str:
    code = match[0]
    return f"{{% raw %}}{code}{{% endraw %}}" if _BRACES.search(code) else code

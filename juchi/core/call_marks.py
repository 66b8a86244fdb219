"""What stands for a call in a text while it is read as Markdown."""

from __future__ import annotations

import re

__all__ = ["CALL", "CLOSE", "EDGE", "MARK", "OPEN", "START", "with_ellipses"]

# The mark of a call is a word for Markdown. What begins and ends a text that says what it rests on
# is punctuation, so that asterisks beside it open and close; of a script that no article is in.
START, CALL, OPEN, CLOSE = "\ue000\ue001\ue002\ue003"
EDGE = "\N{DUPLOYAN PUNCTUATION CHINOOK FULL STOP}"
MARK = re.compile(rf"{START}(?P<call>\d+){CALL}|{EDGE}(?P<text>\d+)(?P<end>[{OPEN}{CLOSE}]){EDGE}")


def _shown(signs: str) -> str:
    """Return a pattern of one of these signs, as it is or as `repr` writes it."""
    forms = [form for sign in signs for form in (sign, ascii(sign)[1:-1])]
    return f"(?:{'|'.join(map(re.escape, forms))})"


_PRIVATE = _shown(START + CALL + OPEN + CLOSE)
_EDGE = _shown(EDGE)
_ANY = re.compile(rf"{_PRIVATE}\d+{_PRIVATE}|{_EDGE}\d+{_PRIVATE}{_EDGE}")


def with_ellipses(message: str) -> str:
    """Return a message for people, with ``…`` for each mark in it."""
    return _ANY.sub("…", message)

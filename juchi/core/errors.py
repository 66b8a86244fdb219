"""One shape for every message about a user's mistake, and the way a command ends on one."""

from __future__ import annotations

import difflib
import errno
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

__all__ = [
    "BRIEF",
    "INTERRUPTED",
    "UnplacedError",
    "UserError",
    "keep_message",
    "kept_messages",
    "messages_in",
    "nearest",
    "run_command",
]

# What a disk says that is full, may not be written to, or is not this user's.
_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM)
# The exit status that a shell gives a command which Control-C has ended.
INTERRUPTED = 130
# Set where the Snakefile alone prints what jobs leave for it: `juchi build` tells a mistake once.
BRIEF = "JUCHI_BRIEF"
# The file in which jobs leave their messages.
_KEPT = "JUCHI_ERRORS"
# A message as it is printed; its lines after the first are indented.
_MESSAGE = re.compile(
    r"^error: (.+)\n  found:    ((?:.|\n(?! *expected:))+)\n  expected: ((?:.|\n(?! *hint:))+)"
    r"\n  hint:     (.+(?:\n {8}.*)*)",
    re.MULTILINE,
)


class UserError(Exception):
    """A mistake that the user can fix; printed without a traceback.

    Parameters
    ----------
    where
        The file and, where there is one, the line or the key:
        ``config/article.yaml: languages.zh``.
    found
        What stands there now.
    expected
        What should stand there.
    hint
        What to do about it, as one sentence.
    """

    def __init__(self, where: str, found: str, expected: str, hint: str) -> None:
        super().__init__(
            f"error: {where}\n  found:    {found}\n  expected: {expected}\n  hint:     {hint}"
        )


class UnplacedError(ValueError):
    """A mistake of the user's whose place only the caller knows; see `UserError`."""

    def __init__(self, found: str, expected: str, hint: str) -> None:
        super().__init__(f"{found}; expected {expected}; {hint}")
        self.found, self.expected, self.hint = found, expected, hint

    def at(self, where: str) -> UserError:
        """Return it with its place."""
        return UserError(where, self.found, self.expected, self.hint)


def nearest(
    name: str,
    known: Sequence[str],
    otherwise: str = "remove the key, or spell it as listed",
    cutoff: float = 0.6,
) -> str:
    """Return a hint for a name that is not known: the known one that is as alike as `cutoff` asks.

    `otherwise` is the hint where none is.
    """
    near = difflib.get_close_matches(name, known, n=1, cutoff=cutoff)
    return f"did you mean {near[0]!r}?" if near else otherwise


def run_command(command: Callable[[], None]) -> None:
    """Run a command's main function; a `UserError` ends it with its message and status 1.

    So does a disk that takes nothing more, wherever it is noticed. Control-C ends it without a
    word: who pressed it knows.
    """
    try:
        command()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except UserError as error:
        _end(error)
    except OSError as error:
        if error.errno not in _DISK:
            raise
        _end(
            UserError(
                where=str(error.filename or "the disk that is written to"),
                found=str(error.strerror),
                expected="a place that takes what is written",
                hint="make room there or fix its permissions, then build again; "
                "the last good site is untouched",
            )
        )


def _end(error: UserError) -> NoReturn:
    keep_message(str(error))
    sys.exit(1 if os.environ.get(BRIEF) and os.environ.get(_KEPT) else str(error))


def keep_message(message: str) -> None:
    """Leave the message where the Snakefile finds it, to print it last, below its own report."""
    if path := os.environ.get(_KEPT):
        with Path(path).open("a", encoding="utf-8") as kept:
            kept.write(f"{message}\n")


def kept_messages() -> list[UserError]:
    """Return what jobs have left for the Snakefile to print."""
    path = Path(os.environ.get(_KEPT, os.devnull))
    return messages_in(path.read_text("utf-8")) if path.is_file() else []


def messages_in(said: str) -> list[UserError]:
    """Return the mistakes that a command has told among all that it has said."""
    return [UserError(*parts) for parts in _MESSAGE.findall(said)]

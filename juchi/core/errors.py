"""One shape for every message about a user's mistake, and the way a command ends on one."""

from __future__ import annotations

import difflib
import errno
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from traceback import FrameSummary, extract_tb
from typing import NoReturn

from juchi.core.call_marks import with_ellipses

__all__ = [
    "BRIEF",
    "INTERRUPTED",
    "UnplacedError",
    "UserError",
    "keep_message",
    "kept_messages",
    "messages_in",
    "nearest",
    "own_mistake",
    "relative",
    "run_command",
]

# What a disk says that is full, may not be written to, or is not this user's.
_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM)
# The code of the generator, which is none of the article's.
_GENERATOR = Path(__file__).resolve().parents[1]
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
        message = f"error: {where}\n  found:    {found}\n  expected: {expected}\n  hint:     {hint}"
        super().__init__(with_ellipses(message))


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


def run_command(command: Callable[[], object]) -> None:
    """Run a command's main function; a `UserError` ends it with its message and status 1.

    So does a disk that takes nothing more, wherever it is noticed, and whatever goes wrong in a
    module of the article. Control-C ends it without a word: who pressed it knows.
    """
    try:
        command()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except UserError as error:
        _end(error)
    except Exception as error:
        told = _of_the_disk(error) or own_mistake(error, "code that runs to its end")
        if told is None:
            raise
        _end(told)


def _of_the_disk(error: Exception) -> UserError | None:
    if not isinstance(error, OSError) or error.errno not in _DISK:
        return None
    return UserError(
        where=str(error.filename or "the disk that is written to"),
        found=str(error.strerror),
        expected="a place that takes what is written",
        hint="make room there or fix its permissions, then build again; "
        "the last good site is untouched",
    )


def own_mistake(error: Exception, expected: str) -> UserError | None:
    """Return the message for an exception that passed a line of the article; else None.

    Parameters
    ----------
    error
        What was raised.
    expected
        What the code should have done, for the message.
    """
    lines = _own_lines(error)
    if not lines:
        return None
    *callers, last = lines
    called = f" (called from {', '.join(reversed(callers))})" if callers else ""
    return UserError(last, f"{type(error).__name__}: {error}{called}", expected, _hint(error))


def _hint(error: Exception) -> str:
    """Return what to do; for an attribute of the generator's that is missing, those that it has."""
    owner = getattr(error, "obj", None)
    if isinstance(error, AttributeError) and type(owner).__module__.startswith("juchi."):
        known = [name for name in dir(owner) if not name.startswith("_")]
        has = f"{type(owner).__name__} has {', '.join(known)}"
        return f"{has}: {nearest(error.name or '', known, 'take one of them')}"
    return "fix that line; the last good site stays as it is"


def _own_lines(error: Exception) -> list[str]:
    """Return the lines of the article that an exception passed, the last one last."""
    if isinstance(error, SyntaxError) and error.filename:
        return [f"{relative(error.filename)}:{error.lineno}"]
    own = [line for line in extract_tb(error.__traceback__) if _is_own(line)]
    return [f"{relative(line.filename)}:{line.lineno}" for line in own]


def _is_own(line: FrameSummary) -> bool:
    """Tell whether a line is the article's, and neither the generator's nor a library's."""
    path = Path(line.filename)
    is_library = path.is_relative_to(_GENERATOR) or "site-packages" in path.parts
    # What merely starts a command, as the last line of a module does.
    starts = (line.line or "").startswith("run_command(")
    return path.is_relative_to(Path.cwd()) and not is_library and not starts


def relative(filename: str) -> str:
    """Return a path from the article's folder, or as it is where it lies elsewhere."""
    path, folder = Path(filename), Path.cwd()
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else filename


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

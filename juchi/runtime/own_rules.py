"""What is told of a rule of the article's own that fails: its script stops, or leaves a file out.

The modules of the generator tell their mistakes themselves. A script in R, or in any other
language, only prints something and ends; what it printed last is the message then.
"""

from __future__ import annotations

import contextlib
import os
import re
import threading
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from juchi.core.errors import UserError, kept_messages, messages_in

__all__ = ["Overheard", "Ran", "scripts_in", "stopped", "unwritten"]

_STDERR = 2
# How much of what a command prints is kept, in bytes, and how much of it is told.
_KEPT = 8192
_LINES = 8
_WIDTH = 200
# How long a program may still print that a command has left behind, in seconds.
_WAIT = 1.0
# The files of programs that a command names, by the languages that one is written in.
_SCRIPT = re.compile(r"(?<![\w./-])[\w./-]+\.(?:R|r|py|jl|sh|pl|rb|js|mjs|m|awk|gp|sql)(?![\w./-])")
# What R says behind each of its mistakes.
_SAYS_NOTHING = ("", "Execution halted")


def scripts_in(command: str) -> list[str]:
    """Return the scripts of the article that a command names."""
    return [name for name in dict.fromkeys(_SCRIPT.findall(command)) if Path(name).is_file()]


class Ran(NamedTuple):
    """A job of such a rule: where the rule stands, what it runs, and what it is to write."""

    place: str
    rule: str
    command: str
    scripts: Sequence[str]
    outputs: Sequence[str]


class Overheard:
    """What a command prints to its standard error, which goes on to this process's own."""

    def __init__(self) -> None:
        self._printed = b""

    @property
    def said(self) -> str:
        """The end of what it has printed."""
        return self._printed.decode("utf-8", "replace")

    @contextlib.contextmanager
    def listening(self) -> Iterator[int]:
        """Give the file descriptor that the command is to print to."""
        reading, writing = os.pipe()
        listener = threading.Thread(target=self._pass_on, args=(reading,), daemon=True)
        listener.start()
        try:
            yield writing
        finally:
            os.close(writing)
            listener.join(_WAIT)

    def _pass_on(self, reading: int) -> None:
        with os.fdopen(reading, "rb", buffering=0) as stream:
            while printed := stream.read(_KEPT):
                self._printed = (self._printed + printed)[-_KEPT:]
                # Whoever reads this process's words may be gone; the command goes on.
                with contextlib.suppress(OSError):
                    os.write(_STDERR, printed)


def stopped(ran: Ran, said: str) -> UserError | None:
    """Return the message for a command that has failed; None where it has told its mistake itself.

    Parameters
    ----------
    said
        The end of what it has printed to its standard error.
    """
    lines = [line.rstrip()[:_WIDTH] for line in said.splitlines()]
    lines = [line for line in lines if line.strip() not in _SAYS_NOTHING][-_LINES:]
    if messages_in(said) or (not lines and kept_messages()):
        return None
    last = "".join(f"\n    {line}" for line in lines)
    shown = f", and said last:{last}" if last else "; what it said stands above"
    return UserError(
        f"{ran.place}: rule {ran.rule}",
        f"{ran.command} stopped{shown}",
        f"a script that runs to its end and writes {', '.join(ran.outputs)}",
        _hint(ran.scripts),
    )


def _hint(scripts: Sequence[str]) -> str:
    for script in scripts:
        path = Path(script)
        if path.is_file() and path.read_bytes().startswith(BOM_UTF8):
            return (
                f"{script} begins with a byte order mark, which its program may take for code: "
                "save it as UTF-8 without one"
            )
    named = " and ".join(scripts) or "what it runs"
    return f"mend {named}, and build again; the last good site stays as it is"


def unwritten(ran: Ran, missing: Sequence[str], *, here: bool) -> UserError:
    """Return the message for a command that ended well and has not written all of its files.

    Parameters
    ----------
    here
        Whether it ran on this machine.
    """
    late = "" if here else "; where the cluster's files arrive late, raise `latency-wait`"
    return UserError(
        f"{ran.place}: rule {ran.rule}",
        f"no file {', '.join(missing)} after {ran.command}",
        "the files that the rule names under `output:`",
        "the script ended without writing it: "
        f"compare the path that it writes to with the rule's{late}",
    )

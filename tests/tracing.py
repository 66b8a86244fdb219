"""What commands read and write in a folder, as the kernel sees it: by strace."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from juchi.core import environment
from tests import traced_steps

__all__ = ["Touched", "traced"]

_STEPS = Path(traced_steps.__file__)
_CALLS = "open,openat,creat,rename,renameat,renameat2,link,linkat,truncate,unlink,unlinkat"
_LINE = re.compile(r"(?P<pid>\d+) +(?P<rest>.*)")
_UNFINISHED = " <unfinished ...>"
_RESUMED = re.compile(r"<\.\.\. \w+ resumed>")
# With -y strace tells what a descriptor is: `openat(AT_FDCWD</folder>, "name", FLAGS) = 3</path>`.
_OPENED = re.compile(
    r"(?:open|openat|creat)\(.*?, ?(?P<flags>O_[A-Z_|]+).* = \d+<(?P<path>[^>]*)>$"
)
_MOVED = re.compile(r"(?:rename|link|unlink|truncate)\w*\(.* = 0$")
_PLACES = re.compile(r'(?:(?:AT_FDCWD|\d+)<(?P<base>[^>]*)>, )?"(?P<name>(?:[^"\\]|\\.)*)"')
# What matplotlib and Fontconfig keep of the fonts that they have found, what PyTorch would keep of
# what it compiles, and how far a job tells to be.
_ASIDE = tuple(f".snakemake/{name}/" for name in ("matplotlib", "fontconfig", "torch", "progress"))
_WRITES = ("O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC")


@dataclass
class Touched:
    """The files of one folder that a command opened, by their paths within it."""

    read: set[str] = field(default_factory=set)
    written: set[str] = field(default_factory=set)


def traced(commands: Sequence[str], folder: Path, log: Path) -> list[Touched]:
    """Run shell commands in a folder as jobs, under strace; return what each touched there.

    A module that Python takes from its cache counts as read: its source decides what is cached.
    """
    strace = ["strace", "-f", "--seccomp-bpf", "-qq", "-y", "-e", f"trace={_CALLS}", "-o", str(log)]
    subprocess.run(
        [*strace, sys.executable, "-I", str(_STEPS)],
        cwd=folder,
        env=environment.for_jobs(folder),
        check=True,
        input=json.dumps([*commands]).encode(),
        stdout=subprocess.DEVNULL,
    )
    # What comes before the first one is what all have imported.
    touched = [Touched()]
    with log.open(encoding="utf-8", errors="replace") as lines:
        for call in _whole_calls(lines):
            if traced_steps.MARK in call:
                touched.append(Touched())
            _note(call, folder.resolve(), touched[-1])
    assert len(touched) == len(commands) + 1
    return touched[1:]


def _whole_calls(lines: Iterable[str]) -> Iterator[str]:
    """Join the calls that strace tells in two parts, since another process came between."""
    begun: dict[str, str] = {}
    for line in lines:
        match = _LINE.match(line.rstrip("\n"))
        if match is None:
            continue
        pid, rest = match["pid"], match["rest"]
        if rest.endswith(_UNFINISHED):
            begun[pid] = rest.removesuffix(_UNFINISHED)
        elif _RESUMED.match(rest):
            yield begun.pop(pid, "") + _RESUMED.sub("", rest, count=1)
        else:
            yield rest


def _note(call: str, folder: Path, touched: Touched) -> None:
    if opened := _OPENED.match(call):
        name = _within(opened["path"], folder)
        if name is not None and "O_DIRECTORY" not in opened["flags"]:
            writes = any(flag in opened["flags"] for flag in _WRITES)
            if not writes:
                if not name.startswith(_ASIDE):
                    touched.read.add(_source(name))
            elif not _is_cache(name):
                touched.written.add(name)
    elif _MOVED.match(call):
        for place in _PLACES.finditer(call):
            name = _within(str(Path(place["base"] or folder, place["name"])), folder)
            if name is not None and not _is_cache(name):
                touched.written.add(name)


def _is_cache(name: str) -> bool:
    """Return whether Python keeps a compiled module there, or a build what is no result."""
    return "__pycache__" in Path(name).parts or name.startswith(_ASIDE)


def _within(path: str, folder: Path) -> str | None:
    """Return a path within the folder; None for any other, and for a folder."""
    place = Path(path)
    if not place.is_relative_to(folder) or place.is_dir():
        return None
    return place.relative_to(folder).as_posix()


def _source(name: str) -> str:
    """Return the module that a cached file was compiled of."""
    match = re.fullmatch(r"(.*)__pycache__/(\w+)\.cpython-\d+\.pyc(?:\.\d+)?", name)
    return f"{match[1]}{match[2]}.py" if match else name

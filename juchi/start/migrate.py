"""Bring an article to this version of Juchi: `juchi migrate`.

What can be done by itself is done: files and keys that have new names, see `juchi.start.renames`,
and the version that the article pins, wherever it stands. What cannot is told key by key, with file
and line, and then nothing is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from juchi import __version__
from juchi.core.atomic import write_text
from juchi.core.errors import UserError
from juchi.plan.settings import load_settings
from juchi.start import renames

__all__ = ["migrate"]

_ARTICLE = Path("config", "article.yaml")
_GENERATOR = re.compile(r"^generator:.*$", re.MULTILINE)
_SAID = re.compile(r"^generator:\s*[\"']?(\d+(?:\.\d+)*)", re.MULTILINE)
# `juchi==0.3.0`, as pip and conda have it.
_PINNED = re.compile(r"\bjuchi==\d+(\.\d+)*")
_PINNING = ("environment.yml", "requirements*.txt", "README*.md", ".github/workflows/*.yml")


def migrate(root: Path) -> list[str]:
    """Bring an article to this version; return what was done, a line for each file.

    Raises
    ------
    UserError
        Where something has to be changed by hand, or the article is for a newer version, or its
        configuration has a key that this one does not know or lacks one. Then nothing is changed.
    """
    version = _version(root)
    _refuse_by_hand([*renames.by_hand(root, version)])
    moved = dict(renames.files(root, version))
    texts = dict(renames.keys(root, version, moved))
    touched = {*moved, *moved.values(), *texts}
    before = {path: path.read_text("utf-8") if path.is_file() else None for path in touched}
    try:
        for old, new in moved.items():
            old.rename(new)
        for path, text in texts.items():
            write_text(path, text)
        load_settings(root / "config", {})
    except BaseException:
        _restore(before)
        raise
    done = [f"{_name(root, old)} is {_name(root, new)} now" for old, new in moved.items()]
    done += [f"{_name(root, path)} has keys of new names now" for path in texts]
    return done + _pin(root)


def _version(root: Path) -> str:
    """Return the version that an article says it is for, or zero."""
    found = _SAID.search((root / _ARTICLE).read_text("utf-8"))
    return found[1] if found else "0"


def _refuse_by_hand(found: list[renames.ByHand]) -> None:
    if found:
        raise UserError(
            where="; ".join(each.place for each in found),
            found="; ".join(
                f"{each.place}: {each.old!r}, a key of an older version" for each in found
            ),
            expected=f"the keys of Juchi {__version__}",
            hint="; ".join(f"{each.place}: {each.hint}" for each in found)
            + "; then run `juchi migrate` again",
        )


def _restore(before: Mapping[Path, str | None]) -> None:
    for path, text in before.items():
        if text is None:
            path.unlink(missing_ok=True)
        else:
            write_text(path, text)


def _name(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix()


def _pin(root: Path) -> list[str]:
    """Pin this version wherever one is pinned."""
    changed = [(path, text) for path, text in _pinned(root) if text != path.read_text("utf-8")]
    for path, text in changed:
        write_text(path, text)
    return [f"{_name(root, path)} pins juchi {__version__} now" for path, _ in changed]


def _pinned(root: Path) -> Iterator[tuple[Path, str]]:
    """Yield each file that names a version of Juchi, with this one in its place."""
    text = (root / _ARTICLE).read_text("utf-8")
    line = f'generator: "{__version__}"'
    if _GENERATOR.search(text):
        yield root / _ARTICLE, _GENERATOR.sub(line, text, count=1)
    else:
        yield root / _ARTICLE, f"{line}\n{text}"
    for pattern in _PINNING:
        for path in sorted(root.glob(pattern)):
            yield path, _PINNED.sub(f"juchi=={__version__}", path.read_text("utf-8"))

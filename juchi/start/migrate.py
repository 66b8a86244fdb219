"""Bring an article to this version of Juchi: `juchi migrate`.

What can be done by itself is done: the version that the article pins, wherever it stands. What
cannot is told key by key, as the configuration is read, and then nothing is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from juchi import __version__
from juchi.core.atomic import write_text
from juchi.plan.settings import load_settings

__all__ = ["migrate"]

_ARTICLE = Path("config", "article.yaml")
_GENERATOR = re.compile(r"^generator:.*$", re.MULTILINE)
# `juchi==0.3.0`, as pip and conda have it.
_PINNED = re.compile(r"\bjuchi==\d+(\.\d+)*")
_PINNING = ("environment.yml", "requirements*.txt", "README*.md", ".github/workflows/*.yml")


def migrate(root: Path) -> list[str]:
    """Pin this version in an article; return the files that were changed.

    Raises
    ------
    UserError
        Where the article is for a newer version, or its configuration has a key that this one does
        not know or lacks one; it names the key.
    """
    load_settings(root / "config", {})
    changed = [(path, text) for path, text in _pinned(root) if text != path.read_text("utf-8")]
    for path, text in changed:
        write_text(path, text)
    return [path.relative_to(root).as_posix() for path, _ in changed]


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

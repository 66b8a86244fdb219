"""The pinned npm packages, kept in a cache that all articles of a machine share.

An article's ``node_modules`` is a link into the cache. What stands there under the digest of its
lock file is whole: it is installed beside its place and renamed at the end. Of each package only
what an article uses is kept.

``python -m juchi.toolchain.packages --checkers`` also brings the checkers of pages, which the
generator's own tests run.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from platformdirs import user_cache_path

from juchi.core.errors import UserError, run_command
from juchi.core.folders import replacing_folder
from juchi.core.theme import THEME
from juchi.toolchain import node

__all__ = ["FOLDER", "LOCK", "ensure", "kept", "missing"]

FOLDER = Path("node_modules")
LOCK = Path(__file__).with_name("package-lock.json")
_PINS = (LOCK.with_name("package.json"), LOCK)
# Whatever the user's own settings leave out.
_EVERYTHING = ("--include=dev", "--include=optional", "--include=peer")
# What browsers or other programs than Node's modules take of MathJax and of fonts.
_UNUSED = (
    *("@mathjax/*/bundle", "@mathjax/*/cjs", "@mathjax/*/chtml", "@mathjax/*/svg"),
    *("@mathjax/*/mjs/chtml", "@mathjax/*/tex-mml-*", "@mathjax/src/ts"),
    *("@mathjax/src/components", "temml/src", "temml/dist/*.cjs"),
    *("temml/dist/*.js", "speech-rule-engine/cjs", "speech-rule-engine/js"),
    # Letters of the font that MathJax takes unless told otherwise, and the menu of its pages.
    *("@mathjax/mathjax-newcm-font/mjs/svg/dynamic", "mj-context-menu/*/"),
    # What the menu is built with: it should not ask for it.
    *("glob/*/", "lru-cache/*/", "minimatch/*/", "minipass/*/", "path-scurry/*/", "rimraf/*/"),
    # Kinds for TypeScript, and where in it a line of JavaScript comes from.
    *("**/*.d.ts", "**/*.map"),
    # Of what others have added to Temml only mhchem is used.
    "temml/contrib/[!m]*",
)
_FONTS = ("@expo-google-fonts/**/*.*", "@fontsource/*/files/*")
_HEAVY = (".ttf", ".woff", ".woff2", ".png")
# What says that not all is there, and by the pins and patterns of which Juchi.
_PRUNED = ".pruned"
# An article with typefaces of its own may take any font file of the packages.
_OWN_TYPEFACES = Path("config", "fonts.yaml")


def ensure(article: Path, *, checkers: bool = False) -> None:
    """Have in an article's ``node_modules`` what the lock file says, by a link into the cache.

    Whatever stands there already and is complete stays as it is.

    Parameters
    ----------
    article
        The folder of the article.
    checkers
        Whether the checkers of pages are wanted too.

    Raises
    ------
    UserError
        Where npm fails or installs less than it is asked for, or where a folder is in the way.
    """
    folder = article / FOLDER
    whole = (article / _OWN_TYPEFACES).is_file()
    if _has(folder, whole=whole, checkers=checkers):
        return
    if folder.is_dir() and not folder.is_symlink():
        raise UserError(
            where=str(folder.resolve()),
            found="a folder of packages that are not those of this Juchi",
            expected="no such folder: Juchi makes a link there to the packages of this machine",
            hint="delete the folder and run the same command again",
        )
    _link(folder, _filled(whole=whole, checkers=checkers) / FOLDER)


def _has(folder: Path, *, whole: bool, checkers: bool) -> bool:
    """Tell whether a folder holds the packages: with `whole`, with all font files of theirs."""
    mark = folder / _PRUNED
    enough = not mark.is_file() or (not whole and mark.read_text("utf-8") == _digest())
    return enough and not missing(folder, checkers=checkers)


def missing(folder: Path, *, checkers: bool = False) -> list[str]:
    """Return the packages of the lock file that are not in a folder in that version.

    Parameters
    ----------
    checkers
        Whether the checkers of pages count too.
    """
    locked = json.loads(LOCK.read_text("utf-8"))["packages"]
    names = {place: place.removeprefix(f"{FOLDER}/") for place in locked}
    return [
        f"{names[place]} {entry['version']}"
        for place, entry in locked.items()
        if place and (checkers or not entry.get("dev"))
        # One that is for some systems alone may be missing on the others.
        if not entry.get("optional") and _version_in(folder / names[place]) != entry["version"]
    ]


def _version_in(folder: Path) -> str | None:
    try:
        version: str = json.loads((folder / "package.json").read_text("utf-8"))["version"]
    except (OSError, ValueError, KeyError):
        return None
    return version


def kept(*, whole: bool = False, checkers: bool = False) -> Path:
    """Return the folder of the cache that is for the packages, whether they are there or not."""
    kinds = [*(["whole"] if whole else []), *(["checkers"] if checkers else [])]
    return user_cache_path("juchi") / "-".join(["npm", _digest(), *kinds])


def _filled(*, whole: bool, checkers: bool) -> Path:
    """Return the folder of the cache, with the packages in it."""
    folder = kept(whole=whole, checkers=checkers)
    if not _has(folder / FOLDER, whole=whole, checkers=checkers):
        with _lock(folder):
            # Another process may have brought them meanwhile.
            if not _has(folder / FOLDER, whole=whole, checkers=checkers):
                _install(folder, whole=whole, checkers=checkers)
    return folder


def _digest() -> str:
    parts = [path.read_bytes() for path in _PINS]
    kept = "\n".join([*_UNUSED, *_font_files()]).encode()
    return hashlib.sha256(b"\0".join([*parts, kept])).hexdigest()[:16]


@contextmanager
def _lock(place: Path) -> Iterator[None]:
    """Have one process at a time fill the cache."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.with_name("lock").open("w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except OSError as error:
        raise UserError(
            where=str(error.filename or place.parent),
            found=error.strerror or str(error),
            expected="a cache folder that fonts and mathematics can be kept in",
            hint="make room there or fix its permissions; XDG_CACHE_HOME names another place",
        ) from error


def _install(place: Path, *, whole: bool, checkers: bool) -> None:
    print(f"fetching fonts and mathematics into {place}", file=sys.stderr, flush=True)
    with replacing_folder(place) as part:
        for path in _PINS:
            shutil.copyfile(path, part / path.name)
        node.npm(part, "ci", *(_EVERYTHING if checkers else ["--omit=dev"]))
        if not whole:
            _prune(part / FOLDER)
        if lacking := missing(part / FOLDER, checkers=checkers):
            raise UserError(
                where="npm ci",
                found=f"it ended well, but {FOLDER} lacks {len(lacking)}, such as {lacking[0]}",
                expected=f"every package of {LOCK}",
                hint="look for a setting of npm that keeps it from them: `npm config list`",
            )


def _prune(folder: Path) -> None:
    """Take away what no article uses."""
    for pattern in _UNUSED:
        for path in folder.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    used = {folder.parent / file for file in _font_files()}
    for pattern in _FONTS:
        for path in folder.glob(pattern):
            if path.suffix in _HEAVY and path not in used:
                path.unlink()
    (folder / _PRUNED).write_text(_digest(), encoding="utf-8")


def _font_files() -> list[str]:
    """Return the font files of the theme's catalogue."""
    catalogue = (THEME / "fonts.yaml").read_text("utf-8")
    return re.findall(r"^\s*file: (\S+)$", catalogue, re.MULTILINE)


def _link(folder: Path, target: Path) -> None:
    """Make `folder` a link, also in the place of one that leads elsewhere."""
    part = folder.with_name(f".{folder.name}.{os.getpid()}")
    part.symlink_to(target)
    part.replace(folder)


def main() -> None:
    """Have the packages in the current folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkers", action="store_true", help="the checkers of pages too")
    ensure(Path(), checkers=parser.parse_args().checkers)


if __name__ == "__main__":
    run_command(main)

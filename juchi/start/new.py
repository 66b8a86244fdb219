"""Write a new article: `juchi new`.

The skeleton has a part for all articles and one of two others: a small experiment that is worth
reading, or next to nothing. A file that ends in ``.j2`` is filled in, a name that begins with
``dot-`` becomes hidden. The folder appears whole, with its first commit, or not at all.
"""

from __future__ import annotations

import datetime
import json
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from babel import Locale, UnknownLocaleError
from pydantic import ValidationError

from juchi import __version__
from juchi.core import environment
from juchi.core.atomic import write_text
from juchi.core.characters import is_wide
from juchi.core.errors import UserError, nearest
from juchi.core.folders import replacing_folder
from juchi.core.theme import THEME
from juchi.plan.people_model import Author
from juchi.plan.settings import read_subject
from juchi.plan.yaml_files import read_yaml
from juchi.prose.calls import refuse_markup
from juchi.site.cff_zenodo import CFF, as_cff
from juchi.site.localized_metadata import read_metadata

__all__ = ["LICENCES", "Start", "create", "read_as"]

_SKELETON = Path(__file__).with_name("skeleton")
_SLUG = re.compile("[a-z][a-z0-9-]*")
_CODE = re.compile("[a-z]{2,3}(-[a-z]+)?")
_HIDDEN, _FILLED_IN = "dot-", ".j2"
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|$~^@])")
# A person as `juchi new --author` has it: with the family name first, or last.
_FAMILY_FIRST = re.compile(r"(?P<family>[^,]+),\s*(?P<given>[^,]+)")
# A Chinese name in one: a family name of one character, or one of the usual ones of two.
_HAN_NAME = re.compile(
    "^(欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|令狐|夏侯|端木|南宫|独孤|[\u4e00-\u9fff])([\u4e00-\u9fff]{1,2})$"
)
# What a family name at the end begins with, behind a given name: Émile Le Goff.
_PARTICLE = (
    "(?i:v[ao]n|de[rnls]?|d[aiou]|d[ao]s|dell[ao]|l[aeo]s?|zu[mr]?|te[rn]|a[fvl]|el|bin|ibn|ben)"
)
_FAMILY_LAST = re.compile(rf"(?P<given>\S+(?:\s\S+)*?)\s(?P<family>(?:{_PARTICLE}\s)+.+|\S+)")
_LONGEST_TITLE = 300
_WITH_DIGIT = re.compile(r"[^\s\d]?\d[\d.,]*[^\s\d]?")


@dataclass(frozen=True)
class Licence:
    """A licence of texts: its name, its SPDX identifier, and its address."""

    text: str
    spdx: str
    url: str


_CC = "https://creativecommons.org"
LICENCES = {
    each.spdx: each
    for each in (
        Licence("CC BY 4.0", "CC-BY-4.0", f"{_CC}/licenses/by/4.0/"),
        Licence("CC BY-SA 4.0", "CC-BY-SA-4.0", f"{_CC}/licenses/by-sa/4.0/"),
        Licence("CC BY-NC 4.0", "CC-BY-NC-4.0", f"{_CC}/licenses/by-nc/4.0/"),
        Licence("CC0 1.0", "CC0-1.0", f"{_CC}/publicdomain/zero/1.0/"),
    )
}


@dataclass(frozen=True)
class Start:
    """What a new article is told.

    Parameters
    ----------
    title
        Of the article, in each of its languages.
    authors
        Names of persons: ``Given Family`` or ``Family, Given``.
    languages
        Their codes, the default one first.
    bare
        Whether it begins without an experiment.
    licence
        The SPDX identifier of the licence of the text, one of `LICENCES`.
    """

    title: str
    authors: Sequence[str]
    languages: Sequence[str] = ("en",)
    bare: bool = False
    licence: str = "CC-BY-4.0"


def create(folder: Path, start: Start) -> list[str]:
    """Write the article into a folder that is not there yet, or empty.

    Returns
    -------
    list
        The files that are still to be translated.

    Raises
    ------
    UserError
        Where the folder, its name, a language or a title cannot be that of an article, or where Git
        is missing or refuses; nothing has been written then.
    """
    place = folder.absolute()
    _check_folder(place)
    _check_text("--title", start.title)
    refuse_markup("--title", start.title)
    values = _values(place.name, start)
    with replacing_folder(place) as part:
        for name in ("common", "bare" if start.bare else "sample"):
            _fill(_SKELETON / name, part, values)
        untranslated = _fill_languages(part, start, values)
        article = read_subject(part / "config", "article")
        editions = list(read_metadata(article, part / "templates").values())
        write_text(part / CFF, as_cff(editions))
        _commit(part, start.authors[0])
    return untranslated


def _check_folder(folder: Path) -> None:
    if not _SLUG.fullmatch(folder.name):
        raise UserError(
            where=f"the folder {folder.name!r}",
            found="a name that cannot be that of an article and of its PDF files",
            expected="small letters, digits and hyphens, a letter first, as in `my-paper`",
            hint=f"did you mean {_slug(folder.name)!r}?",
        )
    if not folder.parent.is_dir():
        raise UserError(
            where=str(folder.parent),
            found="no such folder",
            expected="the folder in which that of the article is made",
            hint="make it, or name another one",
        )
    if folder.is_symlink() or folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise UserError(
            where=str(folder),
            found="something is there already",
            expected="no such folder, or an empty one",
            hint="choose another name, or move what is there",
        )


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-0123456789") or "my-paper"


def _check_text(option: str, text: str) -> None:
    odd = next((each for each in text if _is_odd(each)), None)
    if not text.strip() or odd or len(text) > _LONGEST_TITLE:
        found = f"U+{ord(odd):04X} in it" if odd else "nothing" if not text.strip() else "too long"
        raise UserError(
            where=option,
            found=found,
            expected=f"one line of at most {_LONGEST_TITLE} characters",
            hint="quotes, colons, braces may stand in it as they are; no typeface here has emoji",
        )


def _is_odd(character: str) -> bool:
    """Tell controls, ends of lines, what stands for no character, and pictures from text."""
    return unicodedata.category(character) in _ODD or character in _PICTURES


_ODD = {"Cc", "Cn", "Co", "Cs", "Zl", "Zp"}
# The typefaces have none of these.
_PICTURES = {*map(chr, range(0x1F000, 0x20000)), "\ufe0f"}


def _values(slug: str, start: Start) -> dict[str, Any]:
    today = datetime.datetime.now(tz=datetime.UTC).date()
    return {
        "slug": slug,
        "title": start.title.strip(),
        "authors": [each.strip() for each in start.authors],
        "people": [_person(each) for each in start.authors],
        "languages": _languages(start.languages),
        "bare": start.bare,
        "licence": LICENCES[start.licence],
        "date": today.isoformat(),
        "year": today.year,
        "juchi": __version__,
        # Digits in prose are results, unless they are declared as none.
        "numerals": list(dict.fromkeys(_WITH_DIGIT.findall(start.title))),
    }


def read_as(authors: Sequence[str]) -> list[str]:
    """Return how names of more than two words were read, of which one cannot be sure."""
    parted = {name: _person(name) for name in authors if name.strip().count(" ") > 1}
    return [
        f"{name} is one person, with the family name {parts['family']!r}"
        for name, parts in parted.items()
    ]


def _person(name: str) -> Mapping[str, str]:
    """Return the parts of a name; one in a single part is a family name."""
    _check_text("--author", name)
    name = name.strip()
    if is_wide(name[0]) and "," not in name:
        # As it is written in Chinese and Japanese, family first.
        name = name.replace(" ", ", ", 1) if " " in name else _HAN_NAME.sub(r"\1, \2", name)
    found = _FAMILY_FIRST.fullmatch(name) or _FAMILY_LAST.fullmatch(name)
    parts = {key: found[key].strip() for key in ("family", "given")} if found else {"family": name}
    try:
        Author.model_validate(parts)
    except ValidationError as error:
        raise UserError(
            where="--author",
            found=repr(name),
            expected="the name of one person: `Given Family` or `Family, Given`",
            hint="give --author once for each person; an organisation is written into "
            "config/article.yaml afterwards, as { name: … }",
        ) from error
    return parts


def _languages(codes: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """Return what the configuration says of each language; of those of the theme, nothing."""
    known = read_yaml(THEME / "languages.yaml")
    entries: dict[str, Mapping[str, Any]] = {}
    for code in codes:
        if code in entries:
            raise UserError(
                "--language", f"{code!r} twice", "each language once", "leave one of them out"
            )
        entries[code] = {} if code in known else _described(code, known)
    return entries


def _described(code: str, known: Mapping[str, Any]) -> Mapping[str, Any]:
    locale = _locale(code, known)
    if locale.text_direction != "ltr":
        raise UserError(
            where="--language",
            found=f"{code!r}, which is written from right to left",
            expected="a language that is written from left to right",
            hint="pages of Juchi run from left to right only",
        )
    name = locale.get_language_name() or code
    return {**known["en"], "name": name, "tag": code, "locale": str(locale)}


def _locale(code: str, known: Mapping[str, Any]) -> Locale:
    if _CODE.fullmatch(code):
        try:
            return Locale.parse(code, sep="-")
        except (UnknownLocaleError, ValueError):
            pass
    near = _CODE.match(code.lower())
    raise UserError(
        where="--language",
        found=f"{code!r}, which is the code of no language",
        expected=f"a code of ISO 639 such as {', '.join(known)}, fr or es",
        hint=nearest(near[0][:2] if near else code, [*known, "fr", "es", "it", "pt"]),
    )


def _fill(source: Path, target: Path, values: Mapping[str, Any]) -> None:
    """Write all of a part of the skeleton but its prose."""
    for path in _files(source):
        name = path.relative_to(source)
        if name.parts[0] != "templates":
            _write(path, target / name, values)


def _fill_languages(target: Path, start: Start, values: Mapping[str, Any]) -> list[str]:
    """Write the prose of each language; return the files that are in English still."""
    untranslated = []
    skeleton = _SKELETON / ("bare" if start.bare else "sample") / "templates"
    for code in start.languages:
        own = (skeleton / code).is_dir()
        source = skeleton / (code if own else "en")
        for path in _files(source):
            name = Path("templates", code, path.relative_to(source))
            _write(path, target / name, values)
            if not own:
                untranslated.append(str(name).removesuffix(_FILLED_IN))
        if not (THEME / "messages" / f"{code}.yaml").is_file():
            _append_messages(target / "templates" / code / "messages.yaml")
    return untranslated


def _append_messages(file: Path) -> None:
    """Give a language that the theme does not know the words of every article, in English."""
    words = (THEME / "messages" / "en.yaml").read_text("utf-8").partition("\n")[2]
    head = "# What the pages of every article say, in English still: translate what follows.\n"
    write_text(file, file.read_text("utf-8") + head + words)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() and _is_source(path))


def _is_source(path: Path) -> bool:
    return "__pycache__" not in path.parts


def _write(source: Path, target: Path, values: Mapping[str, Any]) -> None:
    parts = [
        part.replace(_HIDDEN, ".", 1) if part.startswith(_HIDDEN) else part for part in target.parts
    ]
    text = source.read_text("utf-8")
    if source.suffix == _FILLED_IN:
        text = _ENVIRONMENT.from_string(text).render(values)
    path = Path(*parts)
    write_text(path.with_name(path.name.removesuffix(_FILLED_IN)), text)


def _as_yaml(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return a value as YAML that stands in one line; JSON is such YAML."""
    return json.dumps(value, ensure_ascii=False)


def _as_markdown(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)


_ENVIRONMENT = jinja2.Environment(
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    # Shells write {#.
    comment_start_string="{##",
    keep_trailing_newline=True,
    autoescape=False,
)
_ENVIRONMENT.filters.update(yaml=_as_yaml, markdown=_as_markdown)


def _commit(folder: Path, author: str) -> None:
    """Make the folder a repository with a first commit, by the author where Git knows no user."""
    if shutil.which("git") is None:
        raise UserError(
            where="git",
            found="no such program on the PATH",
            expected="Git, which keeps the versions of the article",
            hint="install Git (Debian: sudo apt-get install git), then run the same command again",
        )
    known = _git(folder, "config", "user.email", check=False).returncode == 0
    name = re.sub("[<>\n]", "", author)
    own = [] if known else ["-c", f"user.name={name}", "-c", "user.email=author@example.org"]
    _git(folder, "init", "--quiet", "--initial-branch=main")
    _git(folder, "add", "--all")
    message = "Begin the article"
    options = ["--quiet", "--no-verify", "--no-gpg-sign", "--message", message]
    _git(folder, *own, "commit", *options)


def _git(folder: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env=environment.for_git(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if check and done.returncode != 0:
        raise UserError(
            where=f"git {arguments[0]}",
            found=done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "it failed",
            expected="a repository with a first commit",
            hint="do as Git says, then run the same command again",
        )
    return done

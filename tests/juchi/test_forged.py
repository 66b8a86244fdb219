"""Nothing forged flows on: whatever something else than its rule has written is restored or named.

The files that the site depends on are changed validly: a number for a number, a cell for a cell, a
picture, a font, a PDF that opens; their times are as before, old or new.

- Every single file is changed in turn, and the ledger names exactly that file.
- For each step of the road all files from there on are changed at once, so that each file is once
  among the first on its way to the site that are not what their rules made. The job of each is to
  run again; and so are all that read what it makes, which is Snakemake's own work. From some of
  the steps the build is carried out, and every byte is as before.
"""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from juchi.core.tables import read_table, write_table
from juchi.runtime.ledger import Ledger
from tests.juchi.test_watertight import Step, steps
from tests.project import Project

LEDGER = ".snakemake/ledger"
_NAMED = re.compile(r"^(\S+) is not as its rule made it: it is made again\.$", re.MULTILINE)


# --- changes after which a file is as valid as before ---


def forge_json(path: Path) -> None:
    path.write_text(json.dumps(_other(json.loads(path.read_text("utf-8")))), "utf-8")


def _other(value: Any) -> Any:
    """Return a JSON value with its first number or text changed."""
    if isinstance(value, dict) and value:
        first = next((key for key in value if value[key] not in ({}, [], None)), None)
        return {**value, first: _other(value[first])} if first else {}
    if isinstance(value, list) and value:
        return [_other(value[0]), *value[1:]]
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int | float) else f"{value} "


def forge_table(path: Path) -> None:
    columns = dict(read_table(path)) or {"forged": np.zeros(1)}
    name = next((name for name in columns if columns[name].dtype.kind == "f"), next(iter(columns)))
    column = columns[name].copy()
    column[-1] = column[-1] + 1 if column.dtype.kind in "iuf" else f"{column[-1]}x"
    columns[name] = column
    write_table(path, columns)


def forge_picture(path: Path) -> None:
    with Image.open(path) as image:
        pixels = np.array(image)
    pixels[0, 0] ^= 1
    Image.fromarray(pixels).save(path)


def forge_font(path: Path) -> None:
    with TTFont(path) as font:
        font["head"].fontRevision += 1
        font.save(path)


def forge_packed_font(path: Path) -> None:
    """Change which version of itself a WOFF2 says it is: to pack it again would take a second."""
    content = bytearray(path.read_bytes())
    assert content[:4] == b"wOF2"
    content[25] ^= 1
    path.write_bytes(content)


def forge_paper(path: Path) -> None:
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.docinfo["/Forged"] = "true"
        pdf.save(path)


def forge_text(path: Path) -> None:
    """Change the last digit of a text, or else its last letter; an empty one gets a line."""
    text = path.read_bytes().decode("utf-8") or "\nx"
    at = max(text.rfind(digit) for digit in "0123456789")
    if at < 0:
        at = max(n for n, letter in enumerate(text) if letter.isalpha())
    other = str((int(text[at]) + 1) % 10) if text[at].isdigit() else text[at].swapcase()
    path.write_bytes((text[:at] + other + text[at + 1 :]).encode("utf-8"))


FORGERS: dict[str, Callable[[Path], None]] = {
    ".json": forge_json,
    ".jsonld": forge_json,
    ".parquet": forge_table,
    ".png": forge_picture,
    ".ttf": forge_font,
    ".otf": forge_font,
    ".woff2": forge_packed_font,
    ".pdf": forge_paper,
}


def forge(path: Path, shift: float = 0.0) -> None:
    """Change a file; it seems so many seconds younger than it was."""
    before, status = path.read_bytes(), path.stat()
    FORGERS.get(path.suffix, forge_text)(path)
    assert path.read_bytes() != before, path
    os.utime(path, (status.st_atime + shift, status.st_mtime + shift))


# --- the files, and the steps of the road ---

# From the first to the last: what one leads to comes behind it.
STEPS = (
    r"results/(?!analyses/)\w+/",
    r"build/settings/|build/jobs/|results/",
    r"build/(provenance\.json|texts\.checked|checked\.json)",
    r"build/web/(figures|data)/",
    r"build/(composed|mathematics|faces|figure_pdfs)/",
    r"build/(web|papers)/",
    r"build/published\.json|build/site/",
)


def step_of(name: str) -> int:
    """Return the number of the step at which a file is made."""
    return next(at for at, starts in enumerate(STEPS) if re.match(starts, name))


def all_files(project: Project) -> list[str]:
    """Return every file that the rules have made, the site's own among them."""
    return sorted(
        path.relative_to(project.folder).as_posix()
        for top in ("results", "build")
        for path in (project.folder / top).rglob("*")
        if path.is_file() and path.name != ".snakemake_timestamp"
    )


def contents(project: Project) -> dict[str, bytes]:
    return {name: (project.folder / name).read_bytes() for name in all_files(project)}


def named(said: str) -> list[str]:
    """Return the files that a build has named, in order."""
    return _NAMED.findall(said)


@pytest.fixture(params=["small", pytest.param("built", marks=pytest.mark.nightly)])
def either(request: pytest.FixtureRequest) -> Project:
    """Give the small article, and in nightly runs the large one too."""
    project: Project = request.getfixturevalue(request.param)
    return project


@pytest.fixture
def project(small: Project, tmp_path: Path) -> Project:
    """Give a copy of the built project."""
    return small.copy(tmp_path / "project")


@pytest.fixture
def within(either: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Give a copy of a built project whose folder is the current one."""
    project = either.copy(tmp_path / "project")
    monkeypatch.chdir(project.folder)
    return project


def test_every_single_file_is_named_when_it_is_changed(
    within: Project, note: Callable[[str], None]
) -> None:
    files = all_files(within)
    ledger = Ledger(Path(LEDGER))
    made = [path for path in ledger.paths if Path(path).exists()]

    def others() -> list[str]:
        return [name for path in made for name in ledger.others(path)]

    assert others() == []
    for name in files:
        before, status = Path(name).read_bytes(), Path(name).stat()
        forge(Path(name))
        assert others() == [name]
        Path(name).write_bytes(before)
        os.utime(name, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert others() == []
    note(f"{len(files)} files changed in turn, each named alone")


def forge_from(project: Project, first: int) -> list[str]:
    """Change all files from one step of the road on; return them."""
    chance = random.Random(first)
    files = [name for name in all_files(project) if step_of(name) >= first]
    for name in files:
        forge(project.folder / name, chance.choice([-1e6, 0, 1e5]))
    return files


@pytest.fixture(scope="module")
def every_step(small: Project) -> list[Step]:
    """Give every job with its command line, as Snakemake prints it."""
    return steps(small, "--forceall")


@pytest.mark.parametrize("first", range(len(STEPS)))
def test_whatever_was_changed_is_to_be_made_again(
    project: Project, every_step: list[Step], first: int
) -> None:
    files = forge_from(project, first)
    makers = {
        step.command
        for step in every_step
        for output in step.outputs
        if any(name == output or name.startswith(f"{output}/") for name in files)
        or output == "build/published.json"
    }
    assert makers <= {step.command for step in steps(project)}


@pytest.mark.parametrize(
    "first",
    [pytest.param(0, marks=pytest.mark.nightly), 3, pytest.param(5, marks=pytest.mark.nightly), 6],
)
def test_whatever_was_changed_is_named_and_restored(
    either: Project, tmp_path: Path, first: int, note: Callable[[str], None]
) -> None:
    project = either.copy(tmp_path / "project")
    before = contents(project)
    files = forge_from(project, first)
    done = project.snakemake()
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    assert named(done.stderr) == files
    assert contents(project) == before
    assert project.planned() == []
    note(f"{len(files)} files changed from step {first} on, all named and restored")


def test_a_dry_run_names_them_and_writes_nothing(project: Project) -> None:
    forge(project.folder / "results" / "facts.json")
    before = contents(project)
    ledger = (project.folder / LEDGER).read_bytes()
    done = project.snakemake("--dry-run")
    assert named(done.stderr) == ["results/facts.json"]
    assert contents(project) == before
    assert (project.folder / LEDGER).read_bytes() == ledger
    planned = project.planned()
    assert [job.name for job in planned if job.first] == ["facts"]
    assert {"compose:en", "paper:zh", "publish"} <= {job.name for job in planned}


# What a module does besides, when its job has ended: it changes a file that it did not make.
MEDDLE = """
    import json
    from pathlib import Path
    changed = json.loads(Path("{file}").read_text("utf-8"))
    changed["drunk.square"]["value"] = 0.125
    Path("{file}").write_text(json.dumps(changed), "utf-8")
"""


@pytest.mark.parametrize(
    ("module", "file"),
    [
        ("juchi/check/check.py", "results/facts.json"),
        ("juchi/html/provenance_page.py", "build/web/data/facts.json"),
    ],
)
def test_what_is_changed_while_the_build_runs_is_refused(
    project: Project, module: str, file: str
) -> None:
    """Also where the job that would read it has begun long before."""
    site = project.site()
    project.append(module, MEDDLE.format(file=file))
    done = project.snakemake()
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert f"error: {file}\n  found:    another file than its rule made, " in said
    assert "Traceback" not in said
    assert project.site() == site


def test_results_of_which_nothing_tells_are_made_again(project: Project) -> None:
    (project.folder / LEDGER).unlink()
    done = project.snakemake("--dry-run")
    assert "Nothing tells what results/ and build/ were made from" in done.stderr
    planned = {job.name for job in project.planned()}
    assert {"experiment:walks:drunk", "facts", "publish"} <= planned


def test_a_site_that_is_gone_is_published_again(project: Project) -> None:
    (project.folder / "build" / "site").rename(project.folder / "elsewhere")
    assert {job.name for job in project.planned()} == {"publish", "all"}


# --- options that would have outdated files pass ---


def test_age_alone_does_not_make_a_file_up_to_date(project: Project) -> None:
    """Also where a user's own profile says so."""
    profile = project.folder / "mine" / "config.yaml"
    profile.parent.mkdir()
    profile.write_text("rerun-triggers: [mtime]\n", "utf-8")
    old = (project.folder / "templates/en/introduction.md").read_text("utf-8").splitlines()[2]
    project.edit("templates/en/introduction.md", old, f"{old} tanh.")
    for options in (("--rerun-triggers", "mtime"), ("--profile", str(profile.parent))):
        done = project.snakemake("--dry-run", *options)
        assert done.returncode == 0
        assert re.search(r"^compose +\d$", done.stdout + done.stderr, re.MULTILINE)


@pytest.mark.parametrize("options", [("--touch",), ("--allowed-rules", "publish")])
def test_options_by_which_outdated_files_pass_are_refused(
    project: Project, options: tuple[str, ...]
) -> None:
    before = contents(project)
    done = project.snakemake(*options)
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert f"error: the option {options[0]}\n" in said
    assert "hint:" in said
    assert contents(project) == before

"""The article is the same, byte for byte, whatever surrounds the project that it is built in."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.namespaces import can_mount, noexec, read_only
from tests.project import WALKS, Project

# Each of these once changed or stopped a build, or would where its variable came through.
VARIABLES = {
    # Of Python: other modules, other ways to run them.
    "PYTHONPATH": "{hostile}/modules",
    "PYTHONHASHSEED": "7",
    "PYTHONOPTIMIZE": "2",
    "PYTHONSAFEPATH": "1",
    "PYTHONWARNINGS": "error::UserWarning",
    # Of figures.
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "MATPLOTLIBRC": "{hostile}/matplotlibrc",
    "MPLCONFIGDIR": "{hostile}",
    "FONTCONFIG_FILE": "{hostile}/fonts.conf",
    "SOURCE_DATE_EPOCH": "1",
    # Of arithmetic.
    "OMP_NUM_THREADS": "3",
    "OPENBLAS_NUM_THREADS": "3",
    "ONEDNN_DEFAULT_FPMATH_MODE": "BF16",
    "MKL_DYNAMIC": "TRUE",
    "TORCH_LOGS": "nonsense",
    # Of Node, as an editor leaves them.
    "NODE_OPTIONS": "--require {hostile}/bootloader.js",
    "NODE_ENV": "production",
    # Of the user.
    "HOME": "{hostile}/home",
    "LC_ALL": "C",
    "LANGUAGE": "zh_CN",
    "TZ": "Asia/Shanghai",
    "COLUMNS": "40",
    # Of Git, as in a hook of another repository.
    "GIT_DIR": "{hostile}/other.git",
    "GIT_WORK_TREE": "{hostile}",
}
# For the shells of the jobs alone: one on the way to Snakemake might take them to heart.
OF_SHELLS = {
    "BASH_ENV": "{hostile}/stops.sh",
    "SHELLOPTS": "noexec",
    "POSIXLY_CORRECT": "1",
    "CDPATH": "/",
    "BASH_FUNC_python%%": "() { false; }",
    "BASH_FUNC_mv%%": "() { false; }",
}
DRAWN_OTHERWISE = """
lines.linewidth: 9
axes.facecolor: red
xtick.direction: in
savefig.dpi: 31
svg.image_inline: False
axes.xmargin: 0.4
"""
SET_OTHERWISE = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>/usr/share/fonts</dir>
<match target="pattern"><edit name="family" mode="prepend" binding="strong">
<string>DejaVu Sans</string></edit></match>
<match target="font"><edit name="embolden" mode="assign"><bool>true</bool></edit></match>
</fontconfig>"""


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """Give a folder with what the variables name, and a home full of settings."""
    folder = tmp_path / "hostile"
    files = {
        "stops.sh": "exit 1\n",
        "matplotlibrc": DRAWN_OTHERWISE,
        "fonts.conf": SET_OTHERWISE,
        # Not what Snakemake itself imports, which is refused.
        "modules/torch.py": "raise ImportError",
        "modules/weasyprint.py": "raise ImportError",
        "home/.config/matplotlib/matplotlibrc": DRAWN_OTHERWISE,
        "home/.matplotlib/matplotlibrc": DRAWN_OTHERWISE,
        "home/.config/fontconfig/fonts.conf": SET_OTHERWISE,
        "home/.fonts.conf": SET_OTHERWISE,
        "home/.npmrc": "node-options=--require /absent.js\n",
        "home/.gitconfig": "[core]\n\tworktree = /\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture
def minimal(tmp_path: Path) -> Project:
    """Give the least that an article can be, built: in those surroundings each job takes long."""
    project = Project.create(tmp_path / "minimal", (), WALKS.with_name("minimal"))
    project.build()
    return project


def surroundings(hostile: Path, project: Path) -> tuple[str, ...]:
    """Return what runs a command with a umask for nobody else, without a home to write to.

    And where no program may be run in the project's folder, nor in that of temporary files, so that
    each job imports for itself.
    """
    mounted: tuple[str, ...] = ()
    if can_mount():
        mounted = (*read_only(str(hostile / "home")), *noexec(project.parent))
    shells = [f"{name}={text}" for name, text in named(OF_SHELLS, hostile).items()]
    return (*mounted, "sh", "-c", 'umask 077 && exec "$@"', "sh", "env", *shells)


def named(variables: dict[str, str], hostile: Path) -> dict[str, str]:
    """Return variables with the folder that they speak of."""
    return {name: text.replace("{hostile}", str(hostile)) for name, text in variables.items()}


# In a short run of the large article some that is trained, by the arithmetic of torch.
RESULTS = (
    "results/one_weight/post.curves.parquet",
    "results/linear_range/sigmoid_line.scalars.json",
    "results/analyses/printed_listing.scalars.json",
)


@pytest.mark.skipif(sys.platform != "linux", reason="shells and mounts as Linux has them")
@pytest.mark.parametrize(
    "article",
    [pytest.param(each, marks=pytest.mark.nightly) for each in ("minimal", "small", "built")],
)
def test_nothing_around_the_project_changes_what_is_built(
    request: pytest.FixtureRequest, hostile: Path, tmp_path: Path, article: str
) -> None:
    """And not whether each job imports for itself, as here, or runs in a fork of what has."""
    undisturbed: Project = request.getfixturevalue(article)
    project = surrounded(undisturbed, hostile, tmp_path)
    project.build(environment=variables(hostile, tmp_path))
    assert project.site() == undisturbed.site()
    assert project.digests("results") == undisturbed.digests("results")
    site = project.folder / "build" / "site"
    modes = {path.stat().st_mode & 0o777 for path in site.rglob("*") if path.is_file()}
    assert modes == {0o644}
    # It wrote nothing outside its own folders.
    assert not list((tmp_path / "built" / "temporary").iterdir())
    assert not (hostile / "home" / ".cache").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="shells and mounts as Linux has them")
@pytest.mark.parametrize(
    "results", [RESULTS[:1], pytest.param(RESULTS, marks=pytest.mark.nightly)], ids=len
)
def test_nothing_around_the_project_changes_what_is_trained(
    built: Project, hostile: Path, tmp_path: Path, results: tuple[str, ...]
) -> None:
    project = surrounded(built, hostile, tmp_path)
    done = project.snakemake("--", *results, environment=variables(hostile, tmp_path))
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    for name in results:
        assert (project.folder / name).read_bytes() == (built.folder / name).read_bytes()


def surrounded(built: Project, hostile: Path, folder: Path) -> Project:
    """Return the sources of a project, of which nothing is built, in hostile surroundings."""
    project = built.bare(folder / "built" / "project")
    (folder / "built" / "temporary").mkdir()
    (project.folder / "matplotlibrc").write_text(DRAWN_OTHERWISE, "utf-8")
    if not can_mount():
        project.edit("juchi/runtime/session.py", 'sys.platform == "linux"', "False")
    return replace(project, built_within=surroundings(hostile, project.folder))


def variables(hostile: Path, folder: Path) -> dict[str, str]:
    """Return the variables of a user who builds there."""
    return named(VARIABLES, hostile) | {"TMPDIR": str(folder / "built" / "temporary")}

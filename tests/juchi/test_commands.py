"""Every command that the documents tell people to run, run as it stands there on a fresh clone.

A command that the documents name and nobody runs is an error, and so is one that is run here and
that they do not name. All are run in one clone, in this order; it has the sizes of the smoke
overlay, so that little time is needed, and each command leaves it as Git knows it.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from itertools import chain
from pathlib import Path

import pytest
import yaml
from snakemake.cli import get_argument_parser

import juchi
from juchi.cli import cite, new
from juchi.plan.plan import Plan
from juchi.plan.settings import load_settings
from juchi.toolchain import pango
from setup import pins
from tests import documented, manual
from tests.clones import Clone, Cloned, obstacle
from tests.installed import OFFLINE, fresh_environment
from tests.project import ROOT
from tests.recomputed import assert_every_subject_is_recomputed
from tests.samples import declared_jobs
from tests.slurm import test_cluster

OBSTACLE = obstacle()
DOCUMENTED = documented.commands(ROOT)
SITE = "build/site"
NOTHING_TO_DO = "Nothing to be done"
LARGE = "snakemake --cores all --configfile config/large.yaml"
CACHED = ("export SNAKEMAKE_OUTPUT_CACHE=/shared/juchi", "snakemake --cores 4 --cache experiment")
# What must not matter to the bytes that are built: a user's locale, time zone, threads, hashes.
ELSEWHERE = {
    "CORES": "3",
    "PYTHONHASHSEED": "7",
    "TZ": "Asia/Shanghai",
    "LC_ALL": "C",
    "LANG": "zh_CN.UTF-8",
    "OMP_NUM_THREADS": "2",
    "MKL_NUM_THREADS": "2",
    "OPENBLAS_NUM_THREADS": "2",
    "USER": "nobody",
    "COLUMNS": "40",
}

Way = Callable[[Clone, str], None]
Look = Callable[[str], None]
# How each command is run, and what must come of it.
RUN: dict[str, Way] = {}
# What cannot be run here, and what is looked at instead.
NOT_HERE: dict[str, Look] = {}
# What only the nightly workflow runs. In a shorter form it always runs: test_verify.py has a small
# article built anew, test_manual.py the manual; continuous integration lints before it tests.
LONG = ("make verify", "make lint", "make manual")


def runs(*commands: str) -> Callable[[Way], Way]:
    """Say which commands a way is for."""

    def take(way: Way) -> Way:
        RUN.update(dict.fromkeys(commands, way))
        return way

    return take


def cannot(*commands: str, because: str) -> Callable[[Look], Look]:
    """Say which commands cannot be run here, why, and how they are looked at instead."""
    assert because

    def take(look: Look) -> Look:
        NOT_HERE.update(dict.fromkeys(commands, look))
        return look

    return take


def succeeded(clone: Clone, command: str, *, activated: bool = False) -> str:
    """Run a command that has to succeed; return what it said."""
    done = clone.run(command, activated=activated)
    assert done.status == 0, f"{command}\n{done.said[-4000:]}"
    assert "Traceback" not in done.said
    return done.said


@pytest.fixture(scope="module")
def clone(cloned: Cloned, tmp_path_factory: pytest.TempPathFactory) -> Clone:
    """Give a copy of a fresh clone in which ``make article`` has built the article."""
    assert "Traceback" not in cloned.said
    ended = r"^The article is in build/site/ \(\d+ min \d+ s\)\.$"
    assert re.search(ended, cloned.said, re.MULTILINE)
    return cloned.clone.copy(tmp_path_factory.mktemp("clone") / "juchi")


def test_every_documented_command_is_run_or_it_is_said_why_not() -> None:
    nobody_runs = {command: DOCUMENTED[command] for command in DOCUMENTED.keys() - known()}
    assert nobody_runs == {}
    assert known() - DOCUMENTED.keys() == set()
    assert not RUN.keys() & NOT_HERE.keys()


def known() -> set[str]:
    return {*RUN, *NOT_HERE, *manual.commands()}


def test_commands_are_found_wherever_they_stand(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("")
    (tmp_path / "run").chmod(0o755)
    (tmp_path / "docs").mkdir()
    text = """
Run `make
one` or `A=b snakemake -n`, `./run`, `docs/`, `make`, `device: cuda`, `tests/run.py`.

| `pip install x` |
|---|
| `sudo two` |

```sh
three   # a remark
# a remark
four a \\
    b
```
```
no command
```
"""
    found = [command for _, command in documented.in_markdown(text, tmp_path)]
    assert found == [
        *("make one", "A=b snakemake -n", "./run"),
        *("pip install x", "sudo two", "three", "four a b"),
    ]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each command that a way is known for: they are all known once the module is read."""
    if metafunc.function is test_a_command_does_what_the_documents_say:
        long = {each: pytest.mark.nightly if each in LONG else () for each in RUN}
        assert long
        metafunc.parametrize("command", [pytest.param(each, marks=long[each]) for each in RUN])


@pytest.mark.skipif(OBSTACLE is not None, reason=str(OBSTACLE))
def test_a_command_does_what_the_documents_say(clone: Clone, command: str) -> None:
    RUN[command](clone, command)
    assert clone.changes() == ""


@pytest.mark.nightly
@pytest.mark.skipif(OBSTACLE is not None, reason=str(OBSTACLE))
def test_the_benchmark_is_run_to_its_end(clone: Clone) -> None:
    page = clone.folder / "docs/performance.md"
    before = page.read_text("utf-8")
    done = clone.run("make bench")
    after = page.read_text("utf-8")
    clone.restore()
    # Which limits are kept depends on the machine, and on what else it does.
    assert (done.status == 0) == ("**missed**" not in after), done.said[-4000:]
    assert after != before


@pytest.mark.nightly
@pytest.mark.skipif(OBSTACLE is not None, reason=str(OBSTACLE))
def test_the_large_preset_is_built(tmp_path: Path) -> None:
    clone = Clone.create(tmp_path / "juchi")
    succeeded(clone, LARGE, activated=True)
    assert "large" in (clone.folder / SITE / "en/index.html").read_text("utf-8")


@pytest.mark.parametrize("command", NOT_HERE)
def test_a_command_that_cannot_be_run_here_agrees_with_what_there_is(command: str) -> None:
    NOT_HERE[command](command)


# --- build and look -------------------------------------------------------------------------------


@runs("make setup")
def finds_everything_set_up(clone: Clone, command: str) -> None:
    assert succeeded(clone, command) == ""


@runs("make help")
def names_the_goals(clone: Clone, command: str) -> None:
    assert "  make article" in succeeded(clone, command)


@runs("make article")
def builds_the_site(clone: Clone, command: str) -> None:
    # It has been built, from nothing; the same command again finds it there.
    assert NOTHING_TO_DO in succeeded(clone, command)
    (papers,) = [sorted((clone.folder / SITE).glob("*/*.pdf"))]
    assert len(papers) == 2


@runs("make manual")
def builds_the_manual(clone: Clone, command: str) -> None:
    succeeded(clone, command)
    for language in ("en", "zh"):
        folder = clone.folder / "docs/manual" / SITE / language
        assert len([*folder.glob("*.pdf")]) == 1


@runs(". .venv/bin/activate")
def has_the_programs(clone: Clone, command: str) -> None:
    said = succeeded(clone, f"{command}\ncommand -v snakemake python")
    assert {Path(line).parent.resolve() for line in said.split()} == {
        (ROOT / ".venv" / "bin").resolve()
    }


@runs("snakemake --cores 4", "snakemake --cores 4 --configfile config/smoke.yaml")
def does_the_same_as_make_article(clone: Clone, command: str) -> None:
    # The clone's own sizes are those of the overlay, so that it changes nothing.
    before = files(clone.folder / SITE)
    assert NOTHING_TO_DO in succeeded(clone, command, activated=True)
    assert files(clone.folder / SITE) == before


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def asked_after_an_edit(clone: Clone, command: str) -> str:
    """Return what a command says when a sentence was edited, which is taken back behind it."""
    prose = clone.folder / "templates/en/introduction.md"
    prose.write_text(prose.read_text("utf-8") + "\nOne more sentence.\n", "utf-8")
    said = succeeded(clone, command, activated=True)
    clone.restore()
    return said


@runs("snakemake -n", "snakemake -n --quiet host")
def says_what_would_run(clone: Clone, command: str) -> None:
    said = asked_after_an_edit(clone, command)
    assert re.search(r"^compose +\d$", said, re.MULTILINE)
    why = re.search(r"^rule check:\n(    .*\n)*    reason: \S", said, re.MULTILINE)
    assert bool(why) == ("host" in command)


@runs("snakemake -n -p --quiet host")
def shows_commands_fit_to_be_pasted(clone: Clone, command: str) -> None:
    said = asked_after_an_edit(clone, command)
    made = clone.folder / "build/mathematics/en.json"
    output = "--output build/mathematics/en.json "
    (line,) = re.findall(rf"^Shell command: (.*{re.escape(output)}.*)$", said, re.MULTILINE)
    content, times = made.read_bytes(), made.stat()
    made.unlink()
    succeeded(clone, line, activated=True)
    assert made.read_bytes() == content
    # Lest all that reads it is made again.
    os.utime(made, ns=(times.st_atime_ns, times.st_mtime_ns))


@runs("python -m juchi.core.environment")
def runs_what_stands_behind_it_as_a_job(clone: Clone, command: str) -> None:
    said = succeeded(clone, f"TZ=Asia/Shanghai {command} printenv TZ", activated=True)
    assert said == "UTC\n"


@runs(LARGE)
def begins_the_large_preset(clone: Clone, command: str) -> None:
    # It takes many minutes: here it begins to train, and Control-C ends it.
    other = Clone.create(clone.folder.parent / "large")
    steps = other.folder / ".snakemake/progress"
    done = other.interrupt(command, lambda _: any(steps.glob("*")), activated=True)
    assert done.status != 0


@runs("make bench")
def begins_to_measure(clone: Clone, command: str) -> None:
    # It takes twenty minutes: here it begins. What it measures with, test_bench tries.
    done = clone.interrupt(command, lambda said: "engines ..." in said)
    assert done.status != 0
    # Python shows the line that Control-C met, which may define an error. What was raised begins
    # a line.
    assert not re.search(r"^(\w+\.)*\w*Error\b", done.said, re.MULTILINE)


@runs("make serve", "make serve PORT=8001")
def shows_the_site(clone: Clone, command: str) -> None:
    visited(clone, command, "build/site is at")


@runs("make preview")
def shows_the_pages_as_they_are_written(clone: Clone, command: str) -> None:
    visited(clone, command, "The pages are at")


def visited(
    clone: Clone, command: str, says: str, variables: Mapping[str, str] | None = None
) -> None:
    """Fetch the pages that a command serves, and end it by Control-C."""
    port = re.search(r"\d+", command)
    address = f"http://127.0.0.1:{port[0] if port else 8000}/"
    pages = ("", "en/index.html", "zh/index.html")
    done = clone.visit(command, address, *pages, variables=variables)
    assert f"{says} {address}" in done.said
    assert re.search(rf"^{address}zh/index\.html: \d{{5,}} bytes$", done.said, re.MULTILINE)
    assert "Traceback" not in done.said


# --- check ----------------------------------------------------------------------------------------


@runs("make reference")
def computes_the_facts_again(clone: Clone, command: str) -> None:
    said = succeeded(clone, command)
    assert re.search(r"\d+ .*facts", said)
    assert_every_subject_is_recomputed(said, clone.folder)


@runs("make verify")
def rebuilds_and_finds_the_same(clone: Clone, command: str) -> None:
    # By a user who has set everything otherwise, in a folder with an awkward name.
    place = clone.folder.parent / "temporary folder – 锯齿"
    place.mkdir()
    done = clone.run(command, variables={**ELSEWHERE, "TMPDIR": str(place)})
    assert done.status == 0, done.said[-4000:]
    assert "The rebuild is the same, byte for byte." in done.said


@runs("make verify AGAINST=folder", "make verify AGAINST=文件夹")
def compares_with_another_site(clone: Clone, command: str) -> None:
    compares(clone, command, command.partition("AGAINST=")[2], succeeded)


def compares(clone: Clone, command: str, name: str, run: Callable[[Clone, str], str]) -> None:
    """Have a command compare the site with a copy in a folder of a name."""
    folder = clone.folder / name
    shutil.copytree(clone.folder / SITE, folder)
    said = run(clone, command)
    shutil.rmtree(folder)
    assert "Both sites are the same, byte for byte." in said


@runs("make coverage", 'make coverage SHOW="reasoning definition"')
def says_what_sentences_rest_on(clone: Clone, command: str) -> None:
    assert "%" in succeeded(clone, command)


@runs("make test", 'make test ARGS="tests/juchi/test_page.py"')
def runs_the_tests(clone: Clone, command: str) -> None:
    """All of them are collected, or one module is run: the whole is what runs at this moment."""
    if "ARGS" not in command:
        said = succeeded(clone, f'{command} ARGS="--collect-only -q -n 0"')
        assert re.search(r"^\d+/\d+ tests collected", said, re.MULTILINE)
        return
    last = succeeded(clone, command).strip().splitlines()[-1]
    assert re.search(r"\d+ passed", last)
    assert "failed" not in last


@runs("make lint")
def finds_no_fault(clone: Clone, command: str) -> None:
    assert "All checks passed!" in succeeded(clone, command)


@runs("make format")
def finds_nothing_to_lay_out(clone: Clone, command: str) -> None:
    succeeded(clone, command)


@runs(".venv/bin/pre-commit install")
def installs_the_hooks(clone: Clone, command: str) -> None:
    succeeded(clone, command)
    hook = clone.folder / ".git/hooks/pre-commit"
    assert "pre-commit" in hook.read_text("utf-8")
    hook.unlink()


# --- what is written again ------------------------------------------------------------------------


@runs("make citation", "make licences", "make schemas")
def writes_what_is_there(clone: Clone, command: str) -> None:
    succeeded(clone, command)


@runs("pip freeze --exclude-editable")
def prints_the_pins(clone: Clone, command: str) -> None:
    said = succeeded(clone, command, activated=True)
    assert f"snakemake=={pins.read(ROOT / pins.REQUIREMENTS)['snakemake']}" in said.splitlines()


@runs("make locks")
def writes_the_lock_files(clone: Clone, command: str) -> None:
    # It takes uv and a network, of which there is none here: it says which of them is missing.
    done = clone.run(command)
    assert done.status != 0
    assert "Traceback" not in done.said
    missing = "no uv" if shutil.which("uv") is None else "error: constraints.txt"
    assert missing in done.said


@runs("make pictures")
def makes_the_pictures(clone: Clone, command: str) -> None:
    """Without Graphviz it says so, behind the screenshots."""
    done = clone.run(command)
    for name in ("page-en.png", "page-zh.png"):
        image = (clone.folder / "docs/images" / name).read_bytes()
        assert image.startswith(b"\x89PNG")
        assert image != (ROOT / "docs/images" / name).read_bytes()
    clone.restore()
    assert "Traceback" not in done.said
    assert (done.status == 0) == (shutil.which("dot") is not None)
    assert done.status == 0 or "no Graphviz on this machine" in done.said


# --- the command juchi ---


INSTALL = "pip install -c constraints.txt -e ."


def installed(clone: Clone) -> dict[str, str]:
    """Return the variables of a user with an environment of their own, where `juchi` is installed.

    It is made once for all commands, from the clone.
    """
    environment = clone.folder.parent / "own"
    variables = {
        "PATH": f"{environment / 'bin'}:/usr/local/bin:/usr/bin:/bin",
        **OFFLINE,
    }
    if not environment.exists():
        fresh_environment(environment)
        done = clone.run(INSTALL, variables=variables)
        assert "Successfully installed juchi-" in done.said, done.said
    return variables


def called(clone: Clone, command: str) -> str:
    """Run `juchi`, which has to succeed; return what it said."""
    done = clone.run(command, variables=installed(clone))
    assert done.status == 0, f"{command}\n{done.said[-4000:]}"
    assert "Traceback" not in done.said
    return done.said


@runs(INSTALL)
def installs_the_generator_and_its_command(clone: Clone, command: str) -> None:
    # Once more: what it asks for is found, and nothing is fetched.
    assert "Successfully installed juchi-" in called(clone, command)


@runs("juchi --help", "juchi build --help")
def tells_of_itself(clone: Clone, command: str) -> None:
    assert "--cores" in (said := called(clone, command)) or "\n  build " in said


@runs("juchi build", "juchi check")
def finds_it_built(clone: Clone, command: str) -> None:
    assert NOTHING_TO_DO in called(clone, command)


@runs("juchi preview")
def shows_the_pages_too(clone: Clone, command: str) -> None:
    visited(clone, command, "The pages are at", variables=installed(clone))


@runs("juchi serve", "juchi serve --port 8001")
def shows_the_site_too(clone: Clone, command: str) -> None:
    visited(clone, command, "build/site is at", variables=installed(clone))


@runs("juchi verify --against folder", "juchi verify --against 文件夹")
def compares_as_make_does(clone: Clone, command: str) -> None:
    compares(clone, command, command.rpartition(" ")[2], called)


@runs("juchi coverage --show reasoning", "juchi coverage --show reasoning --show definition")
def lists_what_rests_on_reasoning(clone: Clone, command: str) -> None:
    said = called(clone, command)
    assert ": reasoning: " in said
    assert ": bare: " not in said


@runs("python -m juchi.plan.schemas --output build/schemas")
def writes_what_editors_know(clone: Clone, command: str) -> None:
    succeeded(clone, command, activated=True)
    assert (clone.folder / "build/schemas/article.schema.json").is_file()


@runs("juchi cite")
def writes_what_is_there_already(clone: Clone, command: str) -> None:
    assert called(clone, command) == ""


# --- a cluster and a cache ------------------------------------------------------------------------


@runs(".venv/bin/python -m pip install -c constraints.txt -r requirements-cluster.txt")
def installs_what_a_cluster_takes(clone: Clone, command: str) -> None:
    # It is installed, so that pip asks no index.
    assert "Requirement already satisfied: snakemake-executor-plugin-slurm" in succeeded(
        clone, command
    )


@runs(*CACHED)
def builds_with_a_cache(clone: Clone, command: str) -> None:
    # In a folder of the test's own, with everything built; tests/juchi/test_cache.py trains for it.
    cache = clone.folder.parent / "cache"
    cache.mkdir(exist_ok=True)
    script = "\n".join(CACHED).replace("/shared/juchi", str(cache))
    assert NOTHING_TO_DO in succeeded(clone, script, activated=True)


@runs("make wheel")
def builds_the_wheel(clone: Clone, command: str) -> None:
    name = f"dist/juchi-{juchi.__version__}-py3-none-any.whl"
    assert name in succeeded(clone, command)
    assert (clone.folder / name).is_file()


# --- what goes ------------------------------------------------------------------------------------


@runs("make clean", "make distclean")
def deletes_what_was_made(clone: Clone, command: str) -> None:
    """And what is lent to the clone stays where it is."""
    succeeded(clone, command)
    left = {path.name for path in clone.folder.iterdir()}
    gone = {"build"} | ({"results", ".venv", "node_modules"} if "dist" in command else set())
    assert not left & gone
    assert (ROOT / ".venv" / "bin" / "python").exists()
    assert (ROOT / "node_modules").is_dir()


# --- what cannot be run here ----------------------------------------------------------------------


@cannot("sudo dnf install pango", because="it is for Fedora")
def names_the_package_of_fedora(command: str) -> None:
    assert command == f"sudo dnf install {pango.PACKAGES.fedora}"


@cannot("brew install pango", because="it is for macOS")
def names_the_package_of_macos(command: str) -> None:
    assert command == f"brew install {pango.PACKAGES.macos}"


@cannot(".ci/run", because="it is what runs these tests from nothing")
def runs_what_is_run_above(command: str) -> None:
    lines = (ROOT / command).read_text("utf-8").splitlines()
    assert {"make lint || lint=$?", "make test"} <= set(lines)


@cannot('make test ARGS="-m nightly --timeout 0"', because="it takes hours")
def runs_at_night(command: str) -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/nightly.yml").read_text("utf-8"))
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    assert command in [step.get("run") for step in steps]


@cannot(
    "juchi cite 10.1000/xyz",
    "juchi cite 10.1214/aoap/1177005705",
    because="it asks the registry of DOIs, which takes a network",
)
def asks_for_a_work_by_its_doi(command: str) -> None:
    *_, doi = shlex.split(command)
    with cite.make_context("cite", shlex.split(command)[2:]) as context:
        assert context.params["doi"] == doi


@cannot(
    "juchi new",
    "juchi new --bare",
    "juchi new … --language fr",
    because="it has to be told more",
)
def begins_an_article_that_is_told_more(command: str) -> None:
    options = {name for each in new.params for name in each.opts}
    assert {word for word in shlex.split(command) if word.startswith("--")} <= options


@cannot(
    "python3.11 -m venv environment",
    ". environment/bin/activate",
    f"pip install juchi-{juchi.__version__}-py3-none-any.whl",
    because="test_start does it in an environment that needs no network",
)
def installs_the_wheel(command: str) -> None:
    assert command


@cannot("pip install snakemake-executor-plugin-slurm", because="it takes a network")
def installs_the_plugin_for_slurm(command: str) -> None:
    package = command.rpartition(" ")[2]
    assert f"\n{package}==" in (ROOT / "requirements-cluster.txt").read_text("utf-8")


@cannot(
    "git remote add origin https://github.com/YOU/my-paper.git",
    "git push --set-upstream origin main",
    because="it takes a repository at GitHub",
)
def is_a_command_of_git(command: str) -> None:
    done = subprocess.run(["git", "help", "--all"], capture_output=True, text=True, check=True)
    assert f"\n   {shlex.split(command)[1]} " in done.stdout


@cannot("python -m docs.csl_suite FOLDER --show", because="the suite is not part of the project")
def measures_a_folder_of_cases(command: str) -> None:
    done = subprocess.run(
        [sys.executable, *shlex.split(command)[1:]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "error: FOLDER\n  found:    no case of the suite" in done.stderr


@cannot("npm audit", because="it takes a network")
def runs_where_the_site_is_published(command: str) -> None:
    assert f"run: {command} " in (ROOT / ".github/workflows/publish.yml").read_text("utf-8")


@cannot(
    "snakemake --profile profiles/slurm",
    "snakemake --profile profiles/slurm --cache experiment",
    because="it takes a cluster",
)
def has_the_options_of_the_tests_on_a_cluster(command: str) -> None:
    options = shlex.split(command)[1:]
    assert tuple(options[:2]) == test_cluster.PROFILE[:2]
    assert tuple(options[2:]) in ((), test_cluster.CACHE)


@cannot(
    "pip install -c constraints.txt snakemake-storage-plugin-fs",
    because="it takes a network, for a package that nothing else here needs",
)
def is_held_to_the_constraints(command: str) -> None:
    assert shlex.split(command)[2:4] == ["-c", str(pins.CONSTRAINTS)]


@cannot(
    "rsync -aR experiments juchi locks requirements.txt requirements-juchi.txt constraints.txt"
    " environment.yml /store/",
    because="it writes outside of the project",
)
def copies_all_that_training_reads(command: str) -> None:
    copied = shlex.split(command)[2:-1]
    plan = Plan(load_settings(ROOT / "config", {}), ROOT)
    rules = (ROOT / "juchi" / "workflow" / "common.smk").read_text("utf-8")
    locks = re.findall(r"^(?:JUCHI_)?LOCKS = \[(\".*?)\]$", rules, re.M | re.S)
    experiments = [plan.code(f"experiments.{name}") for name in plan.experiments.experiments]
    read = [*chain.from_iterable(experiments), *re.findall(r'"(.+?)"', " ".join(locks))]
    assert "locks/article.txt" in read
    assert not [file for file in read if file.partition("/")[0] not in copied]


@cannot(
    "SNAKEMAKE_OUTPUT_CACHE=/store/cache snakemake --cores 4 --cache experiment"
    " --default-storage-provider fs --default-storage-prefix /store"
    " --shared-fs-usage persistence sources source-cache software-deployment"
    " -- results/one_weight/post.checksums.json",
    "snakemake --executor kubernetes --jobs 50"
    " --container-image registry.example.org/juchi:0.3.0"
    " --default-storage-provider s3 --default-storage-prefix s3://bucket/juchi"
    " -- results/one_weight/post.checksums.json",
    because="it takes a plugin that nothing else here needs, and a storage or a cluster",
)
def has_options_and_a_target_that_snakemake_knows(command: str) -> None:
    known = get_argument_parser()._option_string_actions
    assert not [
        word for word in shlex.split(command) if word[:2] == "--" != word and word not in known
    ]
    outputs = {file for job in declared_jobs() for file in job["outputs"]}
    assert command.rpartition(" -- ")[2] in outputs

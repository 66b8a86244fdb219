"""The command `juchi`: what each subcommand calls, what it refuses, and how it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from snakemake.cli import parse_args

import juchi as juchi_package
from juchi import cli
from juchi.core.errors import INTERRUPTED
from tests.project import ROOT

OVERLAY = "config/smoke.yaml"
# They are for no article in particular.
ANYWHERE = {"new", "doctor", "completion"}


class Replaced(BaseException):
    """The process would have become another program."""


@pytest.fixture
def article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder that has what an article's has, as the current one."""
    (tmp_path / "config").mkdir()
    for file in ("Snakefile", "config/article.yaml", OVERLAY):
        (tmp_path / file).touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def became(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Give the command lines of the programs that the process would have become."""
    lines: list[list[str]] = []

    def become(_: str, line: list[str], *environment: dict[str, str]) -> None:
        lines.append(line)
        raise Replaced(*environment)

    monkeypatch.setattr(os, "execv", become)
    monkeypatch.setattr(os, "execve", become)
    return lines


def juchi(*arguments: str) -> Result:
    return CliRunner().invoke(cli.commands, arguments, prog_name="juchi")


def recorded(monkeypatch: pytest.MonkeyPatch, function: str) -> list[tuple[Any, ...]]:
    """Have a function do nothing; give the arguments of its calls."""
    calls: list[tuple[Any, ...]] = []
    monkeypatch.setattr(function, lambda *arguments: calls.append(arguments))
    return calls


def started(became: list[list[str]], *arguments: str) -> Any:
    """Run a command that becomes Snakemake; return its options as Snakemake reads them."""
    with pytest.raises(Replaced):
        juchi(*arguments)
    (line,) = became
    assert line[:3] == [sys.executable, "-m", "snakemake"]
    return parse_args(line[3:])[1]


# --- what it calls ---


@pytest.mark.usefixtures("article")
def test_build_becomes_snakemake_with_all_that_stands_behind_the_dashes(
    became: list[list[str]],
) -> None:
    options = started(
        became, "build", "--cores", "3", "--overlay", OVERLAY, "--", "build/web/root", "-n"
    )
    assert options.cores == 3
    assert [Path(file).name for file in options.configfile] == ["smoke.yaml"]
    assert [*options.targets] == ["build/web/root"]
    assert options.dryrun


@pytest.mark.usefixtures("article")
def test_build_alone_takes_every_core_and_the_first_rule(became: list[list[str]]) -> None:
    options = started(became, "build")
    assert options.cores == os.cpu_count()
    assert [*options.targets] == []
    assert not options.configfile


@pytest.mark.usefixtures("article")
@pytest.mark.parametrize("overlay", [(), ("--overlay", OVERLAY)])
def test_check_asks_for_the_texts_alone(became: list[list[str]], overlay: tuple[str, ...]) -> None:
    options = started(became, "check", *overlay, "--", "--quiet", "all")
    assert [*options.targets] == ["build/texts.checked"]
    assert len(options.configfile or ()) == len(overlay) // 2


def test_what_check_asks_for_is_a_target_of_the_workflow() -> None:
    assert '"build/texts.checked",' in (ROOT / "juchi/workflow/pages.smk").read_text("utf-8")


@pytest.mark.usefixtures("article")
@pytest.mark.parametrize(
    ("arguments", "function", "call"),
    [
        (["serve"], "preview.serve.serve", (Path("build/site"), 8000)),
        (["serve", "--site", "a", "--port", "0"], "preview.serve.serve", (Path("a"), 0)),
        (["preview", "--cores", "2"], "preview.preview.preview", (8000, 2, [])),
        (
            ["preview", "--port", "1", "--cores", "2", "--overlay", OVERLAY, "--", "--keep-going"],
            "preview.preview.preview",
            (1, 2, ["--keep-going", "--configfile", OVERLAY]),
        ),
        (["verify", "--cores", "2"], "verify.verify.verify", (2, None, None)),
        (
            ["verify", "--cores", "2", "--overlay", OVERLAY, "--against", "config"],
            "verify.verify.verify",
            (2, Path(OVERLAY), Path("config")),
        ),
        (["coverage"], "check.coverage.report", (("bare",),)),
        (
            ["coverage", "--show", "reasoning", "--show", "fact"],
            "check.coverage.report",
            (("reasoning", "fact"),),
        ),
        (["cite"], "site.cff_zenodo.write", (Path(),)),
    ],
)
def test_a_command_calls_what_does_it(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], function: str, call: tuple[Any, ...]
) -> None:
    calls = recorded(monkeypatch, f"juchi.{function}")
    result = juchi(*arguments)
    assert (result.exit_code, result.output) == (0, "")
    assert calls == [call]


@pytest.mark.parametrize("own", [None, "profiles/default", "workflow/profiles/default"])
def test_build_brings_snakemakes_settings_where_the_article_has_none(
    article: Path, became: list[list[str]], own: str | None
) -> None:
    if own:
        (article / own).mkdir(parents=True)
        (article / own / "config.yaml").write_text("quiet: [host]\n")
    options = started(became, "build")
    (line,) = became
    assert ("--workflow-profile" in line) == (own is None)
    if own is None:
        profile = yaml.safe_load((ROOT / "juchi/workflow/profile/config.yaml").read_text("utf-8"))
        assert {each.name.lower() for each in options.quiet} == set(profile["quiet"])
        assert options.show_failed_logs and options.rerun_incomplete
        assert options.scheduler == profile["scheduler"]
        assert len(options.shared_fs_usage) == len(profile["shared-fs-usage"])


@pytest.mark.usefixtures("article")
def test_settings_that_snakemake_is_told_take_the_place_of_these(became: list[list[str]]) -> None:
    options = started(became, "build", "--", "--workflow-profile", "none", "-n")
    assert options.dryrun
    assert not options.show_failed_logs


@pytest.mark.parametrize("command", ["build", "check", "preview"])
def test_an_overlay_that_cannot_be_read_is_told_as_other_settings_are(
    article: Path, became: list[list[str]], command: str
) -> None:
    (article / OVERLAY).write_text("experiments:\n\tdecks: 10\n", "utf-8")
    result = juchi(command, "--overlay", OVERLAY)
    assert result.exit_code == 1
    assert f"error: {OVERLAY}:2\n  found:    decks: 10\n" in result.output
    assert "with a tab" in result.output
    assert became == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_complete_commands(shell: str) -> None:
    result = juchi("completion", shell)
    assert result.exit_code == 0
    assert "_JUCHI_COMPLETE" in result.output
    variables = {"_JUCHI_COMPLETE": "bash_complete", "COMP_WORDS": "juchi ne", "COMP_CWORD": "1"}
    command = [sys.executable, "-m", "juchi"]
    told = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.stdout == "plain,new\n"


def test_help_names_the_statuses() -> None:
    told = " ".join(juchi("--help").output.split())
    assert "with 0 when all is well, with 1 on a mistake" in told
    assert f"with {INTERRUPTED} after Control-C" in told


# --- what it refuses ---


@pytest.mark.parametrize(
    "command", [name for name in cli.commands.commands if name not in ANYWHERE]
)
@pytest.mark.parametrize("missing", ["Snakefile", "config/article.yaml"])
def test_outside_of_an_article_every_command_says_so(
    article: Path, became: list[list[str]], command: str, missing: str
) -> None:
    (article / missing).unlink()
    result = juchi(command)
    assert result.exit_code == 1
    assert result.output == (
        f"error: {article / missing}\n"
        "  found:    no such file\n"
        "  expected: the folder of an article, with Snakefile and config/article.yaml\n"
        f"  hint:     change to that folder and run `juchi {command}` again\n"
    )
    assert became == []


@pytest.mark.usefixtures("article")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "Usage: juchi"),
        (["nonsense"], "No such command 'nonsense'"),
        (["--nonsense"], "No such option '--nonsense'"),
        (["build", "--cores", "0"], "--cores"),
        (["build", "--cores", "many"], "--cores"),
        (["build", "--cores"], "--cores"),
        (["build", "-n"], "No such option '-n'"),
        (["build", "--overlay", "config/none.yaml"], "'config/none.yaml' does not exist"),
        (["check", "--overlay", "config"], "'config' is a directory"),
        (["preview", "--port", "65536"], "--port"),
        (["serve", "--port", "-1"], "--port"),
        (["serve", "build/site"], "unexpected extra argument"),
        (["verify", "--against", "none"], "'none' does not exist"),
        (["coverage", "--show", "odd"], "'odd' is not one of"),
        (["cite", "10.1000/x", "all"], "unexpected extra argument"),
    ],
)
def test_wrong_usage_ends_with_two_and_runs_nothing(
    became: list[list[str]], arguments: list[str], told: str
) -> None:
    result = juchi(*arguments)
    assert result.exit_code == 2
    assert told in result.output
    assert became == []


@pytest.mark.usefixtures("article")
def test_a_mistake_found_on_the_way_is_one_message() -> None:
    result = juchi("serve", "--site", "nowhere")
    assert result.exit_code == 1
    assert result.output.startswith("error: nowhere\n  found:    no built site\n")


@pytest.mark.usefixtures("article")
def test_control_c_ends_it_without_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("juchi.site.cff_zenodo.write", interrupted)
    result = juchi("cite")
    assert (result.exit_code, result.output) == (INTERRUPTED, "")


# --- what it tells ---


@pytest.mark.parametrize("command", ["", *cli.commands.commands])
def test_help_is_given_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = juchi(*command.split(), "--help")
    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: juchi {command}")
    assert command or all(f"\n  {name} " in result.output for name in cli.commands.commands)
    assert "..." not in result.output.replace("[ARGS]...", "")


def test_the_version_is_that_of_this_code() -> None:
    version = juchi_package.__version__
    assert juchi("--version").output == f"juchi {version}\n"
    command = [sys.executable, "-m", "juchi", "--version"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert told == f"juchi {version}\n"


def test_it_starts_without_what_only_some_commands_use() -> None:
    heavy = ("jinja2", "jsonschema", "lxml", "numpy", "snakemake", "watchfiles", "yaml")
    script = f"import sys, juchi.cli; print(*[name for name in {heavy} if name in sys.modules])"
    command = [sys.executable, "-c", script]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert told == "\n"


# --- by which generator ---


@pytest.fixture
def at_start(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Give the start of ``juchi build``, that leaves the way to modules as it was."""
    monkeypatch.setattr(sys, "argv", ["juchi", "build"])
    monkeypatch.setattr(sys, "path", [*sys.path])
    return cli.main


def test_an_article_with_a_generator_of_its_own_is_built_by_that(
    article: Path,
    monkeypatch: pytest.MonkeyPatch,
    became: list[list[str]],
    at_start: Callable[[], None],
) -> None:
    monkeypatch.setenv("PYTHONSAFEPATH", "1")
    (article / "juchi").mkdir()
    (article / "juchi" / "cli.py").touch()
    with pytest.raises(Replaced) as replaced:
        at_start()
    assert became == [[sys.executable, "-m", "juchi", "build"]]
    (environment,) = replaced.value.args
    assert "PYTHONSAFEPATH" not in environment
    assert environment["PATH"] == os.environ["PATH"]


@pytest.mark.parametrize("linked", [True, False])
def test_without_one_or_with_this_very_one_nothing_is_handed_over(
    article: Path, became: list[list[str]], at_start: Callable[[], None], linked: bool
) -> None:
    if linked:
        (article / "juchi").symlink_to(ROOT / "juchi")
    with pytest.raises(Replaced):
        at_start()
    assert became[0][2] == "snakemake"
    assert sys.path[0] == str(article)

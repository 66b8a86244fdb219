"""The command ``juchi``: all that is done with the article in the current folder.

What takes long to import is imported by the commands that use it, so that each starts at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

from juchi import __version__
from juchi.check.kinds import BARE, KINDS
from juchi.core.errors import BRIEF, UserError, run_command

__all__ = ["commands", "main"]

# What makes a folder that of an article.
_ARTICLE = ("Snakefile", "config/article.yaml")
# Passed when nothing in facts and texts alone stops a build any more; no figure is drawn for it.
_CHECKED = "build/texts.checked"

_cores = click.option(
    "--cores",
    type=click.IntRange(min=1),
    default=os.cpu_count() or 1,
    show_default=True,
    help="How many steps run at once.",
)
_overlay = click.option(
    "--overlay",
    type=click.Path(exists=True, dir_okay=False),
    help="A file of settings that is laid over those in config/.",
)
_port = click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="0 for any that is free.",
)
_others = click.argument(
    "others", nargs=-1, type=click.UNPROCESSED, metavar="[-- SNAKEMAKE'S OWN ARGUMENTS]"
)


class _Command(click.Command):
    """A command for the article in the current folder; where there is none it is refused."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - as click has it
        for file in _ARTICLE:
            if not Path(file).is_file():
                raise UserError(
                    where=str(Path.cwd() / file),
                    found="no such file",
                    expected=f"the folder of an article, with {' and '.join(_ARTICLE)}",
                    hint=f"change to that folder and run `juchi {ctx.info_name}` again",
                )
        return super().invoke(ctx)


class _Commands(click.Group):
    """The commands; a mistake ends each with one message, and Control-C without a word."""

    command_class = _Command

    def invoke(self, ctx: click.Context) -> None:
        invoke = super().invoke
        run_command(lambda: invoke(ctx))


_EPILOG = """\b
Begin with:
  juchi doctor                                what this machine lacks
  juchi new my-paper --title T --author N     a new article
  cd my-paper && juchi preview                write, and see it

\b
A command ends with 0 when all is well, with 1 on a mistake that its message names, with 2 where it
was called wrongly, and with 130 after Control-C.
"""


@click.group(cls=_Commands, epilog=_EPILOG)
@click.version_option(__version__, message="%(prog)s %(version)s", prog_name="juchi")
def commands() -> None:
    """Build, check and show the article in the current folder."""


@commands.command(cls=click.Command)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", required=True, help="The title of the article.")
@click.option(
    "--author",
    "authors",
    required=True,
    multiple=True,
    help="A person: 'Given Family' or 'Family, Given'; may be given several times.",
)
@click.option(
    "--language",
    "languages",
    multiple=True,
    default=["en"],
    show_default=True,
    help="The code of a language; may be given several times, the default one first.",
)
@click.option("--bare", is_flag=True, help="Without the small experiment to begin with.")
@click.option(
    "--licence",
    type=click.Choice(["CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC0-1.0"]),
    default="CC-BY-4.0",
    show_default=True,
    help="The licence of text and figures; the code has MIT.",
)
def new(folder: Path, **told: Any) -> None:  # noqa: ANN401 - the fields of a Start
    """Begin an article in a new FOLDER.

    It has an experiment, figures, a table and a claim that you replace by your own, and a first
    commit in a repository of Git.

    \b
    Example:
      juchi new my-paper --title "How many shuffles mix a deck?" --author "Ada Example"
      cd my-paper && make article
    """  # noqa: D301 - click reads \b
    from juchi.start.new import Start, create, read_as

    untranslated = create(folder, Start(**told))
    click.echo(f"{folder} is ready. What next:\n  cd {folder}\n  make article\n  make preview")
    for line in read_as(told["authors"]):
        click.echo(f"{line}; if that is wrong, mend authors in config/article.yaml")
    if untranslated:
        click.echo("In English still, to be translated:")
        click.echo("".join(f"  {folder / name}\n" for name in untranslated), nl=False)


@commands.command()
@_cores
@_overlay
@_others
def build(cores: int, overlay: str | None, others: tuple[str, ...]) -> None:
    """Build the article: pages, PDF and data in build/site/.

    \b
    Examples:
      juchi build
      juchi build --cores 2 -- --dry-run      what would run
    """  # noqa: D301 - click reads \b
    _snakemake(cores, overlay, *others)


@commands.command()
@_cores
@_overlay
@_others
def check(cores: int, overlay: str | None, others: tuple[str, ...]) -> None:
    """Check facts, claims and texts; nothing is drawn or printed.

    Whether the prose quotes what there is, claims hold, the languages say the same, each conclusion
    rests on something, and every call, formula and character can be set: what a build would refuse
    in facts and texts is refused here. Results that are missing are made first.

    Example: juchi check
    """
    _snakemake(cores, overlay, _CHECKED, *others)


@commands.command()
@_port
@_cores
@_overlay
@_others
def preview(port: int, cores: int, overlay: str | None, others: tuple[str, ...]) -> None:
    """Show the pages as you write.

    What you save is built, and the open page follows.
    """
    from juchi.preview.preview import preview

    preview(port, cores, [*others, *_configured(overlay)])


@commands.command()
@click.option(
    "--site",
    type=click.Path(path_type=Path),
    default=Path("build/site"),
    show_default=True,
    help="The site that is shown.",
)
@_port
def serve(site: Path, port: int) -> None:
    """Show the built site to this machine's browsers."""
    from juchi.preview.serve import serve

    serve(site, port)


@commands.command()
@_cores
@click.option(
    "--overlay",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The overlay that the site was built with.",
)
@click.option(
    "--against",
    type=click.Path(exists=True, path_type=Path),
    help="A site of another platform, or its manifest, to compare with; nothing is rebuilt.",
)
def verify(cores: int, overlay: Path | None, against: Path | None) -> None:
    """Rebuild from clean elsewhere and compare every byte.

    Before that, the site is checked against its manifest.
    """
    from juchi.verify.verify import verify

    verify(cores, overlay, against)


@commands.command()
@click.option(
    "--show",
    type=click.Choice([*KINDS, BARE]),
    multiple=True,
    default=[BARE],
    show_default=True,
    help="List the sentences that rest so; may be given several times.",
)
def coverage(show: tuple[str, ...]) -> None:
    """Say what each sentence of the prose rests on.

    Those that rest on nothing are listed; one of them among the conclusions is refused.
    """
    from juchi.check.coverage import report

    report(show)


@commands.command()
@click.argument("doi", required=False)
@click.option(
    "--record",
    metavar="FILE",
    help="A record of works, CSL-JSON or BibTeX, that are added; - for the standard input.",
)
def cite(doi: str | None, record: str | None) -> None:
    """Add a work by its DOI, or write CITATION.cff.

    With a DOI, or with a record of works, they are added to config/references.json. With neither,
    CITATION.cff and .zenodo.json are written again; they follow from config/article.yaml and the
    words of the languages.
    """
    if doi or record:
        from juchi.prose.add_works import add_by_doi, add_record

        for line in [*(add_by_doi(doi) if doi else []), *(add_record(record) if record else [])]:
            click.echo(line)
        return
    from juchi.site.cff_zenodo import write

    write(Path())


def _profile(others: Sequence[str]) -> list[str]:
    """Return Snakemake's settings for every article; none where it is told or finds others.

    As options, since Snakemake begins what it says by naming each profile.
    """
    own = any(Path(folder, "profiles", "default").is_dir() for folder in ("", "workflow"))
    if own or any(each.startswith("--workflow-profile") for each in others):
        return []
    from juchi.plan.yaml_files import read_yaml
    from juchi.workflow import RULES

    options = ["--workflow-profile", "none"]
    for key, value in read_yaml(RULES / "profile" / "config.yaml").items():
        values = value if isinstance(value, list) else [] if value is True else [value]
        options += [f"--{key}", *map(str, values)]
    return options


@commands.command(cls=click.Command)
def doctor() -> None:
    """Tell what this machine lacks, and what brings it.

    With the commands for Debian, Fedora and macOS. It ends with 1 where no article can be built.
    """
    from juchi.toolchain.doctor import report

    report()


@commands.command()
def migrate() -> None:
    """Bring the article to this version of Juchi.

    Files and keys get their new names, and the version that it pins is raised wherever it stands;
    what has to be changed by hand is told, key by key, with file and line.
    """
    from juchi.start.migrate import migrate

    changed = migrate(Path())
    click.echo("".join(f"{line}\n" for line in changed), nl=False)
    click.echo("Look at it with git diff, then: juchi build" if changed else "Nothing to do")


@commands.command()
@click.argument("name", required=False)
def theme(name: str | None) -> None:
    """List the theme's files, or copy one to edit it.

    Of layouts and style sheets; NAME is one of those listed.

    A file of that name in templates/ takes the place of the theme's. What a style sheet of your own
    is to add stands in templates/style/own.css.

    \b
    Examples:
      juchi theme
      juchi theme layout/cite.html.j2
    """  # noqa: D301 - click reads \b
    from juchi.start.overrides import copy, listed

    if name is not None:
        click.echo(f"{copy(Path(), name)} takes the place of the theme's now")
        return
    for each, own in listed(Path()):
        click.echo(f"{each}{'  (your own, in templates/)' if own else ''}")


@commands.command(cls=click.Command)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print what makes a SHELL complete commands and options.

    \b
    Examples:
      juchi completion bash >> ~/.bashrc
      juchi completion zsh >> ~/.zshrc
      juchi completion fish > ~/.config/fish/completions/juchi.fish
    """  # noqa: D301 - click reads \b
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is not None:
        click.echo(kind(commands, {}, "juchi", "_JUCHI_COMPLETE").source())


def _configured(overlay: str | None) -> list[str]:
    """Return the options that name an overlay; one that is no YAML is refused here."""
    if overlay is None:
        return []
    from juchi.plan.yaml_files import read_yaml

    read_yaml(Path(overlay))
    return ["--configfile", overlay]


def _snakemake(cores: int, overlay: str | None, *others: str) -> NoReturn:
    """Become Snakemake, which takes Control-C itself and ends with its own status."""
    # What takes several values stands first: Snakemake takes all up to the next option for them.
    options = [*_configured(overlay), *_profile(others), "--cores", str(cores), *others]
    line = [sys.executable, "-m", "snakemake", *options]
    os.execve(sys.executable, line, {**os.environ, BRIEF: "1"})


def main() -> None:
    """Run the command line, by the generator that lies in the article's folder where one does.

    An environment may be shared by several clones and holds the command of one of them.
    """
    own = Path("juchi", "cli.py")
    if all(Path(file).is_file() for file in _ARTICLE):
        if own.is_file() and not own.samefile(__file__):
            os.execve(sys.executable, [sys.executable, "-m", "juchi", *sys.argv[1:]], _plain())
        # The article's own modules are found by name, as the Snakefile finds them.
        sys.path.insert(0, str(Path.cwd()))
    commands(prog_name="juchi")


def _plain() -> dict[str, str]:
    """Return the environment in which ``python -m`` looks into the current folder first."""
    return {name: text for name, text in os.environ.items() if name != "PYTHONSAFEPATH"}

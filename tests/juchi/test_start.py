"""A new article: what `juchi new` writes, what it refuses, and that it is built from the wheel."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from bibtexparser.entrypoint import parse_string
from click.testing import CliRunner, Result

from juchi import __version__, cli
from juchi.plan.settings import load_settings, read_subject
from juchi.prose.typography import PLAIN, typeset
from juchi.site.citation import as_bibtex
from juchi.site.localized_metadata import read_metadata
from juchi.start.new import LICENCES, Start, create
from juchi.toolchain import packages
from setup import wheel
from tests import edit, visit
from tests.installed import OFFLINE, fresh_environment
from tests.manual import MANUAL
from tests.project import ROOT

TITLE = "How many shuffles mix a deck?"
BOTH = ("en", "zh")
_IDENTITY = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "Test"), ("EMAIL", "test@example.org"))
}
# What would come from the article of this repository.
FOREIGN = re.compile(r"sawtooth|锯齿|torch|Juchi project|sigmoid|momentum|\bpost\b", re.IGNORECASE)
HOSTILE = 'He said "no": {a} <b> & #1 @x [y](z) 100% \\n --- 数学'


def new(*arguments: str) -> Result:
    return CliRunner().invoke(cli.commands, ["new", *arguments], prog_name="juchi")


def files(folder: Path) -> list[str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    names = (path.relative_to(folder).as_posix() for path in found)
    return sorted(name for name in names if not name.startswith(".git/"))


def git(folder: Path, *arguments: str) -> str:
    command = ["git", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


# --- what it writes ---


def test_it_writes_at_most_25_files_and_commits_them(tmp_path: Path) -> None:
    folder = tmp_path / "my-paper"
    options = ["--author", "Ada Example", "--language", "en", "--language", "zh"]
    result = new(str(folder), "--title", TITLE, *options)
    assert result.exit_code == 0, result.output
    assert "make article" in result.output
    written = files(folder)
    assert len(written) <= 25
    assert git(folder, "status", "--porcelain") == ""
    assert git(folder, "log", "--format=%s") == "Begin the article\n"
    assert sorted(git(folder, "ls-files").split()) == written
    assert [path.name for path in tmp_path.iterdir()] == ["my-paper"]
    for name in (
        *("README.md", "LICENSE", "CITATION.cff", ".gitignore", "environment.yml", "Makefile"),
        *(".github/workflows/article.yml", "Snakefile", "config/article.yaml"),
    ):
        assert name in written
    figures = [name for name in written if name.startswith("report/figures/")]
    works = json.loads((folder / "config/references.json").read_text("utf-8"))
    experiments = load_settings(folder / "config", {})["experiments"]["experiments"]
    assert (len(figures), len(works)) == (2, 2)
    assert len(experiments["shuffles"]["configurations"]) == 3


def test_nothing_of_the_article_of_this_repository_is_in_it(tmp_path: Path) -> None:
    create(tmp_path / "my-paper", Start(TITLE, ["Ada Example"], ["en", "zh", "de"]))
    for name in files(tmp_path / "my-paper"):
        found = FOREIGN.search((tmp_path / "my-paper" / name).read_text("utf-8"))
        assert found is None, f"{name}: {found}"


def test_bare_it_has_no_experiment(tmp_path: Path) -> None:
    create(tmp_path / "bare", Start(TITLE, ["Ada Example"], BOTH, bare=True))
    written = files(tmp_path / "bare")
    assert not [name for name in written if name.startswith(("experiments", "report", "tests"))]
    settings = load_settings(tmp_path / "bare" / "config", {})
    assert settings["article"]["sections"] == ["introduction"]
    assert "unittest" not in (tmp_path / "bare" / "Makefile").read_text("utf-8")


@pytest.mark.parametrize(
    "title", [TITLE, HOSTILE, "数学：“洗牌”要几次？", "It's 'so' -- 50%: {number}"]
)
def test_a_title_comes_out_as_it_was_given(tmp_path: Path, title: str) -> None:
    folder = tmp_path / "my-paper"
    create(folder, Start(title, ["Ada Example"], BOTH))
    for language in BOTH:
        words = yaml.safe_load((folder / f"templates/{language}/messages.yaml").read_text("utf-8"))
        assert words["title"] == words["site"] == title
    # Pages and citations have the quotation marks and dashes of the language.
    printed = typeset(title, PLAIN)
    citation = yaml.safe_load((folder / "CITATION.cff").read_text("utf-8"))
    assert citation["title"] == citation["preferred-citation"]["title"] == printed
    article = read_subject(folder / "config", "article")
    assert article["software"]["title"] == title
    edition = read_metadata(article, folder / "templates")["en"]
    (entry,) = parse_string(as_bibtex(edition)).entries
    assert re.sub(r"\\text\w+\{\}|[\\{}]", "", entry["title"]) == re.sub(r"[\\{}]", "", printed)
    heading = (folder / "README.md").read_text("utf-8").splitlines()[0]
    assert re.sub(r"\\(.)", r"\1", heading) == f"# {title}"


def test_digits_of_a_title_are_declared_as_no_results(tmp_path: Path) -> None:
    create(tmp_path / "a", Start("50% of 3 cards", ["Ada Example"]))
    assert read_subject(tmp_path / "a/config", "article")["numerals"] == ["50%", "3"]


@pytest.mark.parametrize(
    ("author", "parts"),
    [
        ("Ada Example", {"family": "Example", "given": "Ada"}),
        ("Example, Ada B.", {"family": "Example", "given": "Ada B."}),
        ("Jean-Luc O'Neil", {"family": "O'Neil", "given": "Jean-Luc"}),
        ("Émile Le Goff", {"family": "Le Goff", "given": "Émile"}),
        ("Ludwig van Beethoven", {"family": "van Beethoven", "given": "Ludwig"}),
        ("Anna Maria de la Cruz", {"family": "de la Cruz", "given": "Anna Maria"}),
        ("Martin Luther King", {"family": "King", "given": "Martin Luther"}),
        ("Van Morrison", {"family": "Morrison", "given": "Van"}),
        ("Da Li", {"family": "Li", "given": "Da"}),
        ("张三", {"family": "张", "given": "三"}),
        ("欧阳文忠", {"family": "欧阳", "given": "文忠"}),
        ("李 明", {"family": "李", "given": "明"}),
        ("李, 明", {"family": "李", "given": "明"}),
    ],
)
def test_authors_are_given_by_name(tmp_path: Path, author: str, parts: dict[str, str]) -> None:
    create(tmp_path / "a", Start(TITLE, ["First Author", author]))
    first, second = read_subject(tmp_path / "a/config", "article")["authors"]
    assert first["family"] == "Author"
    assert {
        key: value for key, value in second.items() if key in ("family", "given") and value
    } == parts


def test_how_a_name_of_many_words_is_read_is_told(tmp_path: Path) -> None:
    names = ["Ada Example", "Émile Le Goff", "John Smith, Jane Doe"]
    options = [option for name in names for option in ("--author", name)]
    result = new(str(tmp_path / "a"), "--title", TITLE, *options)
    assert "Émile Le Goff is one person, with the family name 'Le Goff'; if" in result.output
    assert "Jane Doe is one person, with the family name 'John Smith'; if that" in result.output
    assert "Ada Example is" not in result.output


def test_another_language_begins_in_english_and_it_is_told_what_to_translate(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "a"
    result = new(str(folder), "--title", TITLE, "--author", "Ada Example", "--language", "fr")
    assert result.exit_code == 0, result.output
    for name in ("abstract.md", "messages.yaml", "shuffles.md"):
        assert f"  {folder}/templates/fr/{name}\n" in result.output
    words = yaml.safe_load((folder / "templates/fr/messages.yaml").read_text("utf-8"))
    assert (words["title"], words["abstract"]) == (TITLE, "Abstract")
    language = read_subject(folder / "config", "article")["languages"]["fr"]
    assert (language["name"], language["tag"], language["locale"]) == ("français", "fr", "fr")


def test_german_has_the_words_of_the_theme_and_only_the_prose_is_to_be_translated(
    tmp_path: Path,
) -> None:
    untranslated = create(tmp_path / "a", Start(TITLE, ["Ada Example"], ["de"]))
    assert "templates/de/shuffles.md" in untranslated
    words = yaml.safe_load((tmp_path / "a/templates/de/messages.yaml").read_text("utf-8"))
    assert "abstract" not in words
    language = read_subject(tmp_path / "a/config", "article")["languages"]["de"]
    assert (language["name"], language["locale"]) == ("Deutsch", "de_DE")


@pytest.mark.parametrize("licence", LICENCES)
def test_the_licence_is_the_one_that_was_chosen(tmp_path: Path, licence: str) -> None:
    create(tmp_path / "a", Start(TITLE, ["Ada Example"], licence=licence))
    assert read_subject(tmp_path / "a/config", "article")["licence"]["text_spdx"] == licence
    text = (tmp_path / "a/LICENSE").read_text("utf-8")
    assert LICENCES[licence].url in text
    assert "Ada Example" in text


def test_its_workflow_is_one_that_zizmor_passes(tmp_path: Path) -> None:
    create(tmp_path / "a", Start(TITLE, ["Ada Example"]))
    command = [
        "zizmor",
        "--offline",
        "--no-progress",
        "--quiet",
        "--strict-collection",
        "--pedantic",
    ]
    done = subprocess.run([*command, tmp_path / "a/.github"], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()


def test_its_python_is_laid_out_as_ours_and_its_experiment_passes_its_tests(
    tmp_path: Path,
) -> None:
    create(tmp_path / "a", Start(TITLE, ["Ada Example"]))
    command = [sys.executable, "-m", "unittest", "discover", "-s", "tests"]
    environment = {**os.environ, "PYTHONPATH": f".:{ROOT}"}
    done = subprocess.run(
        command, cwd=tmp_path / "a", env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Ran 4 tests" in done.stderr


def test_without_a_user_of_git_the_author_commits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    create(tmp_path / "a", Start(TITLE, ["Ada Example"]))
    committed = git(tmp_path / "a", "log", "--format=%an")
    assert committed.strip()


# --- what it refuses ---

OPTIONS = ("--title", TITLE, "--author", "Ada Example")


@pytest.mark.parametrize(
    ("name", "options", "fragments"),
    [
        ("My Paper!", OPTIONS, ["a name that cannot be", "did you mean 'my-paper'?"]),
        ("1st", OPTIONS, ["a name that cannot be", "did you mean 'st'?"]),
        ("论文", OPTIONS, ["a name that cannot be", "did you mean 'my-paper'?"]),
        ("none/a", OPTIONS, ["no such folder"]),
        ("a", (*OPTIONS, "--language", "xx"), ["'xx', which is the code of no language"]),
        ("a", (*OPTIONS, "--language", "English"), ["'English', which", "did you mean 'en'?"]),
        ("a", (*OPTIONS, "--language", "EN"), ["'EN', which", "did you mean 'en'?"]),
        ("a", (*OPTIONS, "--language", ""), ["'', which is the code of no language"]),
        ("a", (*OPTIONS, "--language", "en", "--language", "en"), ["'en' twice"]),
        ("a", (*OPTIONS, "--language", "ar"), ["from right to left"]),
        ("a", ("--title", " ", "--author", "A B"), ["error: --title", "nothing"]),
        ("a", ("--title", "a\nb", "--author", "A B"), ["error: --title", "U+000A in it"]),
        (
            "a",
            ("--title", "How *many*", "--author", "A B"),
            ["error: --title", "the markup *many*"],
        ),
        ("a", ("--title", "🎲", "--author", "A B"), ["U+1F3B2 in it", "has emoji"]),
        ("a", ("--title", "x" * 301, "--author", "A B"), ["too long"]),
        ("a", ("--title", "x", "--author", ""), ["error: --author", "nothing"]),
        ("a", ("--title", "x", "--author", "A and B C"), ["--author once for each person"]),
        ("a", ("--title", "x", "--author", "A B; C D"), ["--author once for each person"]),
        ("a", ("--title", "x", "--author", "<b>A</b> B"), ["--author once for each person"]),
    ],
)
def test_bad_input_is_one_message_and_nothing_is_written(
    tmp_path: Path, name: str, options: tuple[str, ...], fragments: list[str]
) -> None:
    result = new(str(tmp_path / name), *options)
    assert result.exit_code == 1
    assert result.output.count("error: ") == 1
    for fragment in fragments:
        assert fragment in result.output
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("missing", ["--title", "--author"])
def test_a_title_and_an_author_are_asked_for(tmp_path: Path, missing: str) -> None:
    given = {"--title": "x", "--author": "A B"}
    del given[missing]
    result = new(str(tmp_path / "a"), *(word for pair in given.items() for word in pair))
    assert (result.exit_code, f"Missing option '{missing}'" in result.output) == (2, True)


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/mine.txt").touch()
    result = new(str(tmp_path / "a"), *OPTIONS)
    assert "something is there already" in result.output
    assert files(tmp_path / "a") == ["mine.txt"]
    (tmp_path / "a/mine.txt").unlink()
    assert new(str(tmp_path / "a"), *OPTIONS).exit_code == 0


def test_without_git_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    result = new(str(tmp_path / "a"), *OPTIONS)
    assert "error: git\n  found:    no such program on the PATH" in result.output
    assert [*tmp_path.iterdir()] == []


def test_a_git_that_refuses_is_quoted_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/git").write_text("#!/bin/sh\necho 'fatal: no room' >&2\nexit 128\n")
    (tmp_path / "bin/git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    result = new(str(tmp_path / "a"), *OPTIONS)
    assert "found:    fatal: no room" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["bin"]


# --- from the wheel, in an environment and a folder that know no repository ---


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the programs of an environment into which the wheel is installed."""
    folder = tmp_path_factory.mktemp("environment")
    programs = fresh_environment(folder / "environment")
    built = wheel.build(ROOT, folder)
    done = subprocess.run(
        [programs / "pip", "install", "--no-deps", "--ignore-installed", built],
        env={**os.environ, **OFFLINE},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return programs


TUTORIALS = {code: MANUAL / "templates" / code / "tutorial.md" for code in BOTH}
# Each block that is run (sh) or edited (diff); what needs the network or never ends is bash.
_BLOCK = re.compile(r"^```(sh|diff|bash)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def script(tutorial: Path) -> str:
    """Return what a tutorial has its reader do, as one script."""
    parts = []
    for kind, text in _BLOCK.findall(tutorial.read_text("utf-8")):
        if kind == "sh":
            parts.append(text)
        elif kind == "diff":
            parts.append(f"python {Path(edit.__file__)} <<'END'\n{text}END\n")
    return "".join(parts)


def test_the_tutorial_has_its_reader_do_the_same_in_both_languages() -> None:
    english, chinese = (_BLOCK.findall(path.read_text("utf-8")) for path in TUTORIALS.values())
    assert english == chinese
    assert f"juchi-{__version__}-py3-none-any.whl" in TUTORIALS["en"].read_text("utf-8")


@pytest.mark.nightly
def test_the_tutorial_leads_from_the_wheel_to_the_site_offline_with_a_filled_cache(
    programs: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "cache/juchi" / packages.kept().name
    kept.mkdir(parents=True)
    (kept / "node_modules").symlink_to((ROOT / "node_modules").resolve())
    inherited = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    page = f"http://127.0.0.1:{port}/en/index.html"
    seen = f"python {Path(visit.__file__)} 'juchi preview --port {port} --cores 2' {page}"
    done = subprocess.run(
        ["bash", "-euc", f"{script(TUTORIALS['en'])}\nsnakemake --cores 2 --dry-run\n{seen}"],
        cwd=tmp_path,
        env={
            **inherited,
            "PATH": f"{programs}:{Path(sys.executable).parent}:{os.environ['PATH']}",
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
            # Who asks the network all the same is refused.
            "npm_config_registry": "http://127.0.0.1:9",
            **_IDENTITY,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-4000:]
    assert "The rebuild is the same, byte for byte." in said
    assert "Nothing to be done" in said
    assert re.search(rf"^{page}: \d{{4,}} bytes$", said, re.MULTILINE)
    assert "Traceback" not in said
    site = tmp_path / "my-paper/build/site"
    for language in BOTH:
        assert (site / language / f"my-paper.{language}.pdf").read_bytes().startswith(b"%PDF")
    facts = json.loads((site / "data/facts.json").read_text("utf-8"))
    assert round(facts["deck.distance"]["value"], 3) == 0.334
    assert facts["deck.enough"]["value"] == 7
    assert facts["deck.told"]["n"] == 600
    manifest = json.loads((site / "manifest.json").read_text("utf-8"))
    assert manifest["libraries"]["juchi"] == __version__
    assert manifest["libraries"]["weasyprint"]
    assert (len(manifest["commit"]), manifest["dirty"]) == (40, False)
    # Nothing tells where this machine has its environment or its cache.
    for path in site.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert str(programs.parent).encode() not in content, path
            assert str(tmp_path).encode() not in content, path


# --- to a newer version ---


def old_article(folder: Path) -> Path:
    """Make an article as the skeleton of an earlier version wrote it."""
    create(folder, Start(TITLE, ["Ada Example"]))
    for name in (
        "config/article.yaml",
        "environment.yml",
        "README.md",
        ".github/workflows/article.yml",
    ):
        file = folder / name
        file.write_text(file.read_text("utf-8").replace(__version__, "0.2.9"), "utf-8")
    return folder


def migrate(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.chdir(folder)
    return CliRunner().invoke(cli.commands, ["migrate"], prog_name="juchi")


def test_an_older_article_is_read_as_it_is_and_its_pins_are_raised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_one, old_one = tmp_path / "new", tmp_path / "old"
    create(new_one, Start(TITLE, ["Ada Example"]))
    old_article(old_one)
    assert load_settings(old_one / "config", {})["article"]["generator"] == "0.2.9"
    result = migrate(old_one, monkeypatch)
    assert result.exit_code == 0, result.output
    pinning = [
        "config/article.yaml",
        "environment.yml",
        "README.md",
        ".github/workflows/article.yml",
    ]
    assert [line.split()[0] for line in result.output.splitlines()[:-1]] == pinning
    for name in pinning:
        raised = (old_one / name).read_text("utf-8").replace("/old/", "/new/")
        raised = raised.replace(" old", " new")
        assert raised == (new_one / name).read_text("utf-8")
    assert migrate(old_one, monkeypatch).output == "Nothing to do\n"


def test_what_cannot_be_migrated_is_told_by_its_key_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = old_article(tmp_path / "old")
    file = folder / "config/article.yaml"
    file.write_text(file.read_text("utf-8").replace("sections:", "chapters:"), "utf-8")
    result = migrate(folder, monkeypatch)
    assert result.exit_code == 1
    assert "config/article.yaml: chapters" in result.output
    assert "juchi==0.2.9" in (folder / "environment.yml").read_text("utf-8")


def test_files_and_keys_of_an_older_skeleton_get_their_new_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = old_article(tmp_path / "old")
    written = {
        name: (folder / name).read_text("utf-8")
        for name in ("config/experiments.yaml", "templates/en/messages.yaml")
    }
    experiments = folder / "config/experiments.yaml"
    older = written["config/experiments.yaml"].replace("configurations:", "variants:")
    experiments.write_text(older, "utf-8")
    (folder / "templates/en/messages.yaml").rename(folder / "templates/en/words.yaml")
    result = migrate(folder, monkeypatch)
    assert result.exit_code == 0, result.output
    assert "templates/en/words.yaml is templates/en/messages.yaml now\n" in result.output
    assert "config/experiments.yaml has keys of new names now\n" in result.output
    for name, text in written.items():
        assert (folder / name).read_text("utf-8") == text
    assert not (folder / "templates/en/words.yaml").exists()


def test_what_has_to_be_changed_by_hand_is_told_with_its_line_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = old_article(tmp_path / "old")
    facts = folder / "config/facts.yaml"
    facts.write_text(facts.read_text("utf-8") + "  deck.share: { ratio: [a, b] }\n", "utf-8")
    (folder / "templates/en/messages.yaml").rename(folder / "templates/en/words.yaml")
    line = len(facts.read_text("utf-8").splitlines())
    result = migrate(folder, monkeypatch)
    assert result.exit_code == 1
    assert f"config/facts.yaml:{line}: 'expression' for 'ratio'" in result.output
    assert (folder / "templates/en/words.yaml").is_file()


def test_an_article_for_a_newer_version_is_not_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = old_article(tmp_path / "old")
    file = folder / "config/article.yaml"
    file.write_text(file.read_text("utf-8").replace("0.2.9", "99.0"), "utf-8")
    assert "an article for Juchi 99.0" in migrate(folder, monkeypatch).output


def test_an_article_without_a_pin_gets_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = old_article(tmp_path / "old")
    file = folder / "config/article.yaml"
    file.write_text(file.read_text("utf-8").replace('generator: "0.2.9"\n', ""), "utf-8")
    assert migrate(folder, monkeypatch).exit_code == 0
    assert read_subject(folder / "config", "article")["generator"] == __version__

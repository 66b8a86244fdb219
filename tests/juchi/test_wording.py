"""The whole road with other words: hostile ones, and those of a third language, in one build."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser

from juchi.plan.yaml_files import read_yaml
from juchi.prose.calls import read_messages
from juchi.prose.typography import PLAIN, typeset
from tests.juchi.test_security import HOSTILE, appended
from tests.project import Project
from tests.samples import LANGUAGES
from tests.serving import faults_of, serving

TITLE = "Where is the walker?"


@dataclass(frozen=True)
class Reworded:
    """The project with other words, and what stood beside its files before it was built."""

    project: Project
    before: set[str]


@pytest.fixture(scope="module")
def reworded(small: Project, tmp_path_factory: pytest.TempPathFactory) -> Reworded:
    """Give the project built with hostile words in each language, and in a third one."""
    project = small.copy(tmp_path_factory.mktemp("words") / "project")
    for language in LANGUAGES:
        words = project.folder / "templates" / language / "messages.yaml"
        changed = yaml.safe_load(words.read_text("utf-8"))
        for key in ("site", "title", "subtitle", "description", "keywords"):
            changed[key] = appended(changed[key], HOSTILE)
        changed["claims"]["root"] = appended(changed["claims"]["root"], HOSTILE)
        words.write_text(yaml.safe_dump(changed, allow_unicode=True, width=10**6), "utf-8")
    author = "The authors of the walks"
    quote = json.dumps(f"{author} {HOSTILE}")
    project.edit("config/article.yaml", f"author: {author}", f"author: {quote}")
    add_a_language(project)
    before = beside(project.folder)
    project.build()
    return Reworded(project, before)


def add_a_language(project: Project) -> None:
    source, target = project.folder / "templates" / "en", project.folder / "templates" / "fr"
    target.mkdir()
    for path in source.iterdir():
        (target / path.name).write_text(path.read_text("utf-8"), encoding="utf-8")
    # What the theme knows of English and says in it, the article has to say of French itself.
    words = json.dumps(read_messages(source / "messages.yaml")).replace(TITLE, "Pourquoi ?")
    (target / "messages.yaml").write_text(words, "utf-8")
    known = read_yaml(project.folder / "juchi/theme/languages.yaml")["en"]
    entry = {**known, "name": "Français", "tag": "fr", "locale": "fr_FR"}
    article = project.folder / "config" / "article.yaml"
    text = article.read_text("utf-8").rstrip()
    article.write_text(f"{text}\n  fr: {json.dumps(entry, ensure_ascii=False)}\n", "utf-8")


def beside(folder: Path) -> set[str]:
    """Return what stands beside a project's folder, and in it but for what it builds."""
    own = {path.name for path in folder.iterdir()}
    return own | {path.name for path in folder.parent.iterdir()}


def test_a_site_of_hostile_words_runs_no_script_and_leaves_its_folder(
    small: Project, reworded: Reworded, chromium: Browser
) -> None:
    project = reworded.project
    assert beside(project.folder) == reworded.before
    site = project.folder / "build" / "site"
    others = {name for name in project.site() if not re.search(r"\bfr\b", name)}
    assert others == {*small.site()}
    with serving(site) as address:
        for name in sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html")):
            page = chromium.new_page(locale="sw-KE")
            faults = faults_of(page, address)
            page.goto(f"{address}/{name}", wait_until="networkidle")
            assert faults == [], name  # under the policy, a script of the words would be one
            shown = page.locator("body").inner_text()
            assert typeset(HOSTILE, PLAIN) in shown, name
            page.close()


def test_a_third_language_needs_no_code(reworded: Reworded) -> None:
    site = reworded.project.folder / "build" / "site"
    assert (site / "fr" / "walks.fr.pdf").stat().st_size > 0
    page = (site / "fr" / "index.html").read_text("utf-8")
    assert 'lang="fr"' in page
    assert re.search(r"\d,\d", page)
    assert "Français" in (site / "index.html").read_text("utf-8")
    assert 'href="../fr/index.html"' in (site / "zh" / "index.html").read_text("utf-8")

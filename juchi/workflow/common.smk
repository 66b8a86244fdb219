"""What the rules of every article stand on: its plan, its session, and parts of its settings."""

import re
import sys
from pathlib import Path

from juchi.core.matplotlibrc import leave_out
from juchi.core.theme import own_assets, part_of_juchi, theme_file
from juchi.plan.figures import THEMES, picture_of
from juchi.plan.plan import RESULTS, Plan
from juchi.plan.settings import canonical, load_settings, subject_file
from juchi.prose.picture_files import pictures_in_prose
from juchi.results.layout import ANALYSES, PARTS, result_file
from juchi.runtime import brevity
from juchi.runtime.declare import Declarations
from juchi.runtime.hooks import Invocation, as_workflow_error
from juchi.runtime.session import LEDGER, Session
from juchi.toolchain import packages

ROOT = Path(workflow.basedir)
# The article's own modules are found by name.
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))
brevity.follow()
INVOCATION = Invocation(workflow)
# Before any module of the article, which may import it.
as_workflow_error(leave_out, ROOT)
if INVOCATION.is_main:
    # Before the session, which leaves out the user's settings of npm.
    as_workflow_error(packages.ensure, ROOT)
# No figure is drawn before the texts are checked: a wrong sentence is told within seconds.
SESSION = Session(
    INVOCATION, ROOT, {"build/published.json": "build/site"}, {"texts": ["figure"]}
)
# An overlay (`--configfile config/smoke.yaml`) arrives in `config` and is laid over the files.
PLAN = as_workflow_error(lambda: Plan(load_settings(Path("config"), config), ROOT))
# Asked now: Snakemake would swallow a refusal inside of a parameter.
as_workflow_error(lambda: PLAN.revision)
ARTICLE = PLAN.article
LANGUAGES = PLAN.languages
FIGURES = ARTICLE["figures"]
# Those that a rule of the article makes; the others are drawn by a module.
PICTURED = [name for name, figure in FIGURES.items() if figure["picture"]]
# Those of them that are charts, which move on the screen.
CHARTS = [name for name in PICTURED if FIGURES[name]["live"]]
# The pictures that the prose names, by their names in the site.
PICTURES = as_workflow_error(pictures_in_prose, PLAN.all_prose())
# The article's own style sheets and scripts, which stand beside those of the theme.
OWN_ASSETS = own_assets()
# What the PDF is set by; `own.css` is the article's own on the screen and on paper.
PAPER_STYLES = [
    "article.css",
    "print.css",
    *(name for name in OWN_ASSETS if name == "own.css"),
]


def present(*paths):
    """Those of some files that the article has."""
    return [path for path in paths if (ROOT / path).is_file()]


# What pins the programs that build; the manifest of the site has the digest of each. An article may
# have none of them; one that brings what pins the generator has to have them all.
LOCKS = ["requirements.txt", "environment.yml"]
JUCHI_LOCKS = ["requirements-juchi.txt", "constraints.txt", "locks/article.txt"]
LOCKS = [*LOCKS, *JUCHI_LOCKS] if present(*JUCHI_LOCKS) else present(*LOCKS)
LOCKS = [*LOCKS, part_of_juchi("toolchain/package-lock.json")] if LOCKS else []

# What goes along with the article as it is, by its name on the site; the rules make what stands
# below results/.
SUPPLEMENTS = {Path(path).name: path for path in PLAN.supplements()}

DECLARED = Declarations(PLAN, INVOCATION)
code, digest, source, call = (
    DECLARED.code,
    DECLARED.digest,
    DECLARED.source,
    DECLARED.call,
)


def setting(part):
    """The file of a part of the configuration: see the rule of this name."""
    return f"build/settings/{part}.json"


def in_languages(path):
    """A path in every language."""
    return expand(path, language=LANGUAGES, allow_missing=True)


def themed(*names):
    """Files of the theme, or the article's own of the same names, as sources."""
    return source([str(theme_file(name)) for name in names])


SUPPLEMENT_FILES = [
    path if path.startswith(RESULTS) else source(path) for path in SUPPLEMENTS.values()
]
WORDS = in_languages("templates/{language}/messages.yaml")
# What the pages of every article say, in the languages that the generator knows.
MESSAGES = [theme_file(f"messages/{language}.yaml") for language in LANGUAGES]
MESSAGES = source([str(file) for file in MESSAGES if file.is_file()])
FONT_FILES = source(as_workflow_error(PLAN.font_files))
TYPEFACES = subject_file(Path("config"), "fonts")
CATALOGUE = {"catalogue": source(str(TYPEFACES))}
if TYPEFACES.is_absolute():
    # No command line tells where a machine has Juchi: a command finds the theme's by itself.
    CATALOGUE, FONT_FILES = {}, source([*FONT_FILES, str(TYPEFACES)])
# Styles of citations that are files of the article, and words that Pandoc's locales lack.
CITED_IN = [
    ARTICLE["languages"][language]["citation"]["style"] for language in LANGUAGES
]
CITATION_FILES = [
    str(theme_file("csl_terms.yaml")),
    *present(*sorted({style for style in CITED_IN if style.endswith(".csl")})),
]


wildcard_constraints:
    language="|".join(LANGUAGES),
    figure="|".join(FIGURES) or "-",
    pictured="|".join(name for name in PICTURED if name not in CHARTS) or "-",
    charted="|".join(CHARTS) or "-",
    theme="light|dark",
    supplement="|".join(map(re.escape, SUPPLEMENTS)) or "-",
    rule_name=r"\w+",


localrules:
    setting,
    jobs,


onstart:
    SESSION.start()


onsuccess:
    SESSION.end()


onerror:
    SESSION.fail()


rule setting:
    # One part of the configuration as a file: a rule that reads it runs again when that part
    # changes, and only then.
    output:
        "build/settings/{part}.json",
    params:
        text=lambda wildcards: PLAN.part(wildcards.part),
    shell:
        "printf '%s\\n' {params.text:q} > {output}.part && mv {output}.part {output}"


rule jobs:
    # What a rule declares, for the provenance: its runs and their command lines. One file for each
    # rule, since a command line has only so much room.
    output:
        "build/jobs/{rule_name}.json",
    params:
        text=lambda wildcards: canonical(DECLARED.traced()[wildcards.rule_name]),
    shell:
        "printf '%s\\n' {params.text:q} > {output}.part && mv {output}.part {output}"

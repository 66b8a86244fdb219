"""The whole road: what is built, what is built again, and when."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import declared
from tests.project import Project

REQUIRED_FACTS = {
    "post.w_star",
    "post.loss_star",
    "post.sharpness",
    "post.eta_star",
    "post.flip_share",
    "post.amplitude",
    "momentum.final_loss",
    "tanh.final_loss",
    "batchnorm.final_loss",
    "control.max_difference",
}
PAGES = {
    "check",
    "compose",
    "provenance_page",
    "mathematics",
    "texts",
    "fonts",
    "math_font",
    "paper_fonts",
    "page",
    "paper",
    "publish",
    "all",
}


def rules(project: Project) -> set[str]:
    return {job.name.split(":")[0] for job in project.planned()}


def first_jobs(project: Project) -> set[str]:
    """Return the jobs that start a run; those after them run because their inputs are new."""
    return {job.name for job in project.planned() if job.first}


def test_published_layout(built: Project) -> None:
    site = built.folder / "build" / "site"
    for path in (
        "index.html",
        "zh/index.html",
        "en/index.html",
        "zh/provenance.html",
        "en/provenance.html",
        "zh/juchi.zh.pdf",
        "en/juchi.en.pdf",
        "data/facts.json",
        "data/claims.json",
        "data/configuration.json",
        "data/provenance.json",
        "data/one_weight.samples.csv",
        "data/one_weight.scalars.csv",
        "data/paths.curves.csv",
        "manifest.json",
    ):
        assert (site / path).stat().st_size > 0, path
    assert not [path for path in built.site() if Path(path).name.startswith(".")]


def test_facts_and_claims_have_the_promised_form(built: Project) -> None:
    facts = json.loads((built.folder / "results" / "facts.json").read_text("utf-8"))
    assert facts.keys() >= REQUIRED_FACTS
    for fact in facts.values():
        assert fact.keys() == {"value", "unit", "n", "interval", "source", "standard_error"}
    claims = json.loads((built.folder / "results" / "claims.json").read_text("utf-8"))
    for claim in claims.values():
        assert claim.keys() == {
            *("verdict", "predicate", "facts", "judged_by"),
            *("preconditions", "unmet", "fixed"),
        }
        assert set(claim["facts"]) <= facts.keys()
        assert set(claim["judged_by"]) <= claim["facts"].keys()
        assert set(claim["unmet"]) <= claim["preconditions"].keys()
        assert (claim["verdict"] == "void") == bool(claim["unmet"])


def test_manifest_lists_every_file(built: Project) -> None:
    manifest = json.loads((built.folder / "build/site/manifest.json").read_text("utf-8"))
    site = built.site()
    del site["manifest.json"]
    assert manifest["sha256"] == site


def test_nothing_changed_runs_nothing(small: Project) -> None:
    assert small.planned() == []


def test_nothing_changed_runs_nothing_in_a_large_article_either(built: Project) -> None:
    assert built.planned() == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_sentence_renders_pages_only(small: Project, tmp_path: Path, language: str) -> None:
    project = small.copy(tmp_path / "project")
    path = f"templates/{language}/introduction.md"
    first_line = (project.folder / path).read_text("utf-8").splitlines()[2]
    project.edit(path, first_line, first_line + " tanh.")
    planned = rules(project)
    assert planned <= PAGES
    assert {"check", "compose", "page", "paper", "publish"} <= planned


def written(project: Project, path: str) -> int:
    """Return what tells whether a file was written again: jobs put new files in place of old."""
    return (project.folder / path).stat().st_ino


def test_a_sentence_prints_the_paper_of_its_language_alone(small: Project, tmp_path: Path) -> None:
    project = small.copy(tmp_path / "project")
    # A copy is no checkout of the same commit: what tells the revision comes first.
    project.build()
    before = {name: written(project, f"build/papers/{name}.pdf") for name in ("en", "zh")}
    project.edit("templates/en/limits.md", "There is one line", "Here is one line")
    said = project.snakemake().stderr
    after = {name: written(project, f"build/papers/{name}.pdf") for name in ("en", "zh")}
    assert after["en"] != before["en"] and after["zh"] == before["zh"]
    assert re.search(r"^  paper +1 ", said, re.MULTILINE)
    assert re.search(r"^  What \d+ more read came out the same", said, re.MULTILINE)
    assert project.planned() == []
    published = project.site()
    assert project.snakemake("--forceall").returncode == 0
    assert project.site() == published


def test_results_that_come_out_the_same_are_not_read_again(small: Project, tmp_path: Path) -> None:
    """The experiment's code has changed, and nothing of what it gives; so all else is as it was."""
    project = small.copy(tmp_path / "project")
    project.build()
    made = ("results/facts.json", "build/papers/en.pdf", "build/published.json")
    before = [written(project, path) for path in made]
    project.append("experiments/coin.py", "\nADDED = 1\n")
    assert {"facts", "paper", "publish"} <= rules(project)
    said = project.snakemake().stderr
    assert re.search(r"^  experiment +\d", said, re.MULTILINE)
    assert [written(project, path) for path in made] == before
    assert project.planned() == []


def test_what_is_asked_for_runs_even_if_it_would_make_the_same(
    small: Project, tmp_path: Path
) -> None:
    project = small.copy(tmp_path / "project")
    project.build()
    before = written(project, "build/papers/zh.pdf")
    project.edit("templates/en/limits.md", "There is one line", "Here is one line")
    assert project.snakemake("--forcerun", "paper").returncode == 0
    assert written(project, "build/papers/zh.pdf") != before


def carried_out(planned: set[str]) -> set[str]:
    """Return the experiments and analyses among the jobs of a build."""
    return {name for name in planned if name.startswith(("experiment:", "analysis:"))}


def test_a_configuration_is_trained_alone(small: Project, tmp_path: Path) -> None:
    """And analysed where it is among what an analysis reads."""
    project = small.copy(tmp_path / "project")
    project.edit(
        "config/experiments.yaml",
        "long: { like: drunk, steps: 256",
        "long: { like: drunk, steps: 320",
    )
    assert carried_out({job.name for job in project.planned()}) == {
        "experiment:walks:long",
        *("analysis:distance", "analysis:ratio"),
    }


def test_a_configuration_that_no_analysis_reads_is_carried_out_alone(
    small: Project, tmp_path: Path
) -> None:
    project = small.copy(tmp_path / "project")
    project.edit("config/experiments.yaml", "throws: 1000", "throws: 1001")
    planned = {job.name for job in project.planned()}
    assert carried_out(planned) == {"experiment:coin:fair"}
    assert "figure:spread" in planned


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ('{{ fact("post.nothing") }}', "undefined fact 'post.nothing'"),
        ("<b>bold</b>", "error: templates/en/limits.md"),
        ("$\\nosuchcommand$", "nosuchcommand"),
    ],
    ids=["a fact", "markup", "a formula"],
)
def test_a_fault_in_a_text_is_told_before_any_figure_is_drawn(
    small: Project, tmp_path: Path, fault: str, said: str
) -> None:
    """Check, composition and formulas each refuse one; all figures would be drawn again."""
    project = small.copy(tmp_path / "project")
    project.append("juchi/exhibits/style.py", "\nADDED = 1\n")
    project.append("templates/en/limits.md", f"\n{fault}\n")
    drawn = sorted((project.folder / "build" / "web" / "figures").rglob("*.svg"))
    before = [path.stat().st_mtime_ns for path in drawn]
    done = project.snakemake()
    assert done.returncode != 0
    assert said in done.stdout + done.stderr
    assert [path.stat().st_mtime_ns for path in drawn] == before
    assert project.site() == small.site()


def test_a_text_draws_no_figure(small: Project, tmp_path: Path) -> None:
    """They wait until all texts have passed, but show nothing of them."""
    project = small.copy(tmp_path / "project")
    project.append("juchi/theme/style/print.css", "\n/* */\n")
    project.edit("templates/en/limits.md", "There is one line", "Here is one line")
    assert not rules(project) & {"figure", "figure_pdf"}


@pytest.mark.parametrize("folder", ["templates/en", "elsewhere"])
def test_the_build_may_be_started_from_any_folder(
    small: Project, tmp_path: Path, folder: str
) -> None:
    project = small.copy(tmp_path / "project")
    start = project.folder / folder
    start.mkdir(exist_ok=True)
    before = sorted(start.iterdir())
    done = subprocess.run(
        [
            *(sys.executable, "-m", "snakemake", "--cores", "2"),
            *("--snakefile", str(project.folder / "Snakefile")),
        ],
        cwd=start,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Nothing to be done" in done.stderr
    assert sorted(start.iterdir()) == before


def test_a_new_version_draws_no_figure_anew(small: Project, tmp_path: Path) -> None:
    project = small.copy(tmp_path / "project")
    project.edit("config/article.yaml", 'version: "1.0.0"', 'version: "99.0.0"')
    planned = {job.name for job in project.planned()}
    assert {"compose:en", "citation:zh", "publish"} <= planned
    assert carried_out(planned) == set()
    assert not [name for name in planned if name.startswith("figure:")]


def test_moving_a_key_runs_nothing(small: Project, tmp_path: Path) -> None:
    project = small.copy(tmp_path / "project")
    project.edit(
        "config/experiments.yaml",
        "common: { steps: 64, walkers: 200,",
        "common: { walkers: 200, steps: 64,",
    )
    assert project.planned() == []


WALKS = {f"experiment:walks:{name}" for name in ("drunk", "lazy", "long")}
PREVIEWS = {"preview:en", "preview:zh"}
# The image for links to the page is drawn too.
DRAWN = {"figure:paths", "figure:distance", "figure:spread"} | PREVIEWS
COMPOSED = {"compose:en", "compose:zh"}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("report/figures/paths.py", {"figure:paths"}),
        ("report/lines.py", {"figure:paths"} | PREVIEWS),
        ("report/tables/squares.py", {"check", "provenance"}),
        ("juchi/exhibits/style.py", DRAWN | {"check"}),
        ("report/palette.py", DRAWN | {"check"}),
        ("experiments/chance.py", WALKS),
        ("experiments/coin.py", {"experiment:coin:fair"}),
        ("experiments/letter.py", {"analysis:letter"}),
        ("juchi/exhibits/ledger.py", {"check", "provenance"}),
        ("report/claims.py", {"claims"}),
        ("juchi/prose/formats.py", DRAWN | {"check"}),
        ("juchi/pdf/justification.py", {"paper:en", "paper:zh"}),
        ("juchi/html/page.py", {"page:en", "page:zh"}),
        ("juchi/html/provenance_page.py", {"provenance_page:en", "provenance_page:zh"}),
        ("juchi/site/publish.py", {"publish"}),
    ],
)
def test_a_changed_module_reruns_what_imports_it(
    small: Project, tmp_path: Path, path: str, expected: set[str]
) -> None:
    project = small.copy(tmp_path / "project")
    project.append(path, "\nADDED = 1\n")
    assert first_jobs(project) == expected


RUNS = {f"experiment:one_weight:{name}" for name in declared.NAMES}
# The experiments on the map of one weight, which share its measures.
ONE_STEP = "experiment:cobweb:one_step"
WALKS_ON_THE_LOSS = "experiment:valley:loss_walks"
SWEEPS = {f"experiment:sweep:{name}" for name in ("rate_sweep", "cascade", "tanh_sweep")}
LATER = [f"later_{name}" for name in ("descent", "momentum", "adam", "batches")]
DIGITS = [f"digits_{name}" for name in ("sigmoid", "centred", "scaled", "tanh", "relu")]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("experiments/engine.py", {*RUNS, ONE_STEP, WALKS_ON_THE_LOSS}),
        ("experiments/measures.py", {*RUNS, ONE_STEP, WALKS_ON_THE_LOSS, *SWEEPS}),
        (
            "experiments/network.py",
            {
                "experiment:layer_widths:network_widths",
                *(f"experiment:digits:{name}" for name in DIGITS),
                *(f"experiment:later_layers:{name}" for name in LATER),
            },
        ),
    ],
)
def test_a_changed_module_trains_the_configurations_of_this_article_that_import_it(
    built: Project, tmp_path: Path, path: str, expected: set[str]
) -> None:
    files = (built.folder / "results/one_weight").glob("*.samples.parquet")
    assert {f"experiment:one_weight:{path.name.partition('.')[0]}" for path in files} == RUNS
    project = built.copy(tmp_path / "project")
    project.append(path, "\nADDED = 1\n")
    assert first_jobs(project) == expected


def test_a_figure_is_drawn_again_whatever_else_has_changed(small: Project, tmp_path: Path) -> None:
    """It waits for the texts, of which it reads nothing."""
    project = small.copy(tmp_path / "project")
    project.append("report/figures/distance.py", "\nADDED = 1\n")
    path = "templates/en/introduction.md"
    line = (project.folder / path).read_text("utf-8").splitlines()[2]
    project.edit(path, line, f"{line} tanh.")
    planned = {job.name for job in project.planned()}
    assert {
        "texts",
        "compose:en",
        "figure:distance",
        "figure_pdf:en:distance",
        "paper:zh",
    } <= planned
    assert {name for name in planned if name.startswith("figure:")} == {"figure:distance"}


def test_a_comment_runs_nothing(small: Project, tmp_path: Path) -> None:
    project = small.copy(tmp_path / "project")
    project.append("experiments/walks.py", "\n# A remark.\n")
    assert project.planned() == []


LONG_AGO = 1e9  # 2001
PAPERS = {"paper:en", "paper:zh"}
ORIGINS = {"provenance_page:en", "provenance_page:zh"}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("templates/en/introduction.md", {"check"}),
        ("juchi/theme/layout/article.html.j2", COMPOSED),
        ("config/references.json", {"check"}),
        ("experiments/data/letter.txt", {"analysis:letter"}),
        ("juchi/html/typeset.mjs", {"mathematics:en", "mathematics:zh"}),
        *(
            pytest.param(path, expected, marks=pytest.mark.nightly)
            for path, expected in (
                ("templates/equations.yaml", {"check"}),
                ("juchi/theme/layout/appendix.html.j2", ORIGINS),
                ("juchi/theme/layout/packet.xmp.j2", PAPERS),
                ("juchi/theme/layout/chooser.html.j2", {"publish"}),
                ("templates/style/walks.css", {"asset:walks.css"}),
                ("experiments/chance.py", COMPOSED),
                ("requirements.txt", {"publish"}),
            )
        ),
    ],
)
def test_a_source_is_known_by_its_content_and_not_by_its_age(
    small: Project, tmp_path: Path, path: str, expected: set[str]
) -> None:
    """Saved by a clock that was set back, or taken out of an archive with its old time."""
    project = small.copy(tmp_path / "project")
    file = project.folder / path
    os.utime(file)
    assert project.planned() == []
    project.append(path, " # \n")
    os.utime(file, (LONG_AGO, LONG_AGO))
    assert first_jobs(project) == expected


@pytest.mark.parametrize(
    "path",
    [
        "templates/en/introduction.md",
        "juchi/theme/layout/cite.html.j2",
        "juchi/theme/style/print.css",
        "config/references.json",
        "juchi/html/typeset.mjs",
        "locks/article.txt",
    ],
)
def test_a_source_that_is_missing_is_refused(small: Project, tmp_path: Path, path: str) -> None:
    """Snakemake alone would call what was once made of it up to date."""
    project = small.copy(tmp_path / "project")
    (project.folder / path).unlink()
    done = project.snakemake()
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert path in said
    assert "Traceback" not in said
    assert project.site() == small.site()


# What the rules declare, of each kind of file, as Snakemake has it at the end of the Snakefile.
_PROBE = """
from snakemake.io import is_flagged


names = {"language": LANGUAGES[0], "figure": "paths", "asset": "print.css", "part": "claims"}
names |= {"experiment": "walks", "configuration": "long", "rule_name": "experiment"}
names |= {"analysis": "letter"}
# Of pictures of others, charts and supplements this article has none.
absent = {"picture", "pictured", "charted", "supplement"}


def declared(rule):
    wildcards = {name: names[name] for name in rule.wildcard_names}
    inputs, outputs = rule.expand_input(wildcards)[0], rule.expand_output(wildcards)[0]
    params = rule.expand_params(wildcards, inputs, outputs, None)[0]
    sources = [str(path) for path in inputs if is_flagged(path, "source")]
    return {
        "sources": sources,
        "digest": params.get("sources") == PLAN.contents(sources) if sources else None,
        "by_age": [
            str(path)
            for path in inputs
            if not is_flagged(path, "ancient") and not str(path).startswith(("results/", "build/"))
        ],
    }


Path("told.json").write_text(
    __import__("json").dumps(
        {
            each.name: declared(each)
            for each in workflow.rules
            if not absent & {*each.wildcard_names}
        }
    )
)
"""


def test_no_rule_goes_by_the_age_of_a_source(small: Project, tmp_path: Path) -> None:
    project = small.copy(tmp_path / "project")
    project.append("Snakefile", _PROBE)
    assert project.snakemake("--dry-run").returncode == 0
    told = json.loads((project.folder / "told.json").read_text("utf-8"))
    assert {name for name, files in told.items() if files["by_age"]} == set()
    without = {name for name, files in told.items() if files["sources"] and not files["digest"]}
    assert without == set()
    assert len([name for name, files in told.items() if files["sources"]]) > 10


@pytest.mark.parametrize("question", ["--rulegraph", "--summary", "--list-rules", "--unlock"])
def test_snakemake_answers_without_being_told_of_cores(small: Project, question: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", *small.overlay, question],
        cwd=small.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]

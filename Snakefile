"""From the configuration to the published site; the whole DAG.

`snakemake --cores 4` builds everything. Each rule runs `python -m package.module` with all that it
reads and writes on the command line; a line printed by `snakemake -p` can be pasted and debugged.
"""

import contextlib
import os
import sys
from functools import cache
from pathlib import Path

from snakemake.exceptions import WorkflowError
from snakemake.io import flag, is_flagged

ROOT = Path(workflow.basedir)
sys.path.insert(0, str(ROOT))


# From whatever folder Snakemake was started: all paths below are relative to the project's.
workdir: ROOT


from juchi.core import environment
from juchi.runtime import hooks
from juchi.core import interrupts
from juchi.core import locks
from juchi.core import memory
from juchi.runtime import outputs
from juchi.runtime import progress
from juchi.core import steps
from juchi.core.errors import UserError
from juchi.provenance.jobs import trace
from juchi.runtime.ledger import Ledger
from juchi.plan.plan import SHARED_TABLES, Plan
from juchi.plan.settings import canonical, load_settings
from juchi.runtime.warm import Warm


def told(function, *arguments):
    """Call a function; a user's mistake ends in Snakemake's own message, without a traceback."""
    try:
        return function(*arguments)
    except UserError as error:
        raise WorkflowError(str(error))


# Snakemake and its jobs go on in an environment of the project's own.
told(environment.require_utf8)
told(environment.refuse_foreign_modules, ROOT)
environment.adopt(Path())

# What texts have told before; what this build uses of it is kept at the end of this file.
MEMORY = Path(".snakemake/memory")
memory.recall(MEMORY)
PROGRESS = None
# What every job inherits: as long as one lives, no later build begins.
INHERITED = []
# Jobs that run here share what they import: see juchi/runtime/warm.py. None, or one, while jobs run.
WARM = []

if workflow.is_main_process:
    outputs.bring_home_the_log(Path(workflow.workdir_init), Path.cwd())

# A build that was killed is nobody's any more: it keeps no later one waiting.
if workflow.is_main_process and not workflow.output_settings.dryrun:
    made = [Path("results"), Path("build")]
    told(outputs.require_writable, Path(), [*made, Path(".snakemake")])
    INHERITED = told(locks.hold, Path(".snakemake"))
    hooks.pass_to_jobs(INHERITED)
    interrupts.end_at_once(lambda: [process.close() for process in WARM])
    from_the_future = outputs.end_the_future(made)
    if from_the_future:
        print(
            f"The clock was set back: {from_the_future} files are from the future. They count as made"
            " now; their checksums tell which of them have to be made again.",
            file=sys.stderr,
        )

    PROGRESS = progress.follow(
        frozenset(kind.name.lower() for kind in workflow.output_settings.quiet or ()),
        workflow.resource_settings.cores or 1,
        Path(os.environ[steps.FOLDER]),
        Path(".snakemake/durations.json"),
    )

# Whatever way a file came to be, it counts as made only if its rule made it, of what is declared.
LEDGER = ".snakemake/ledger"
if workflow.is_main_process:
    told(hooks.follow, Ledger(Path(LEDGER)), {"build/published.json": "build/site"})
    # A wrong sentence is told within seconds, and not when all figures are drawn.
    hooks.put_first("texts", ["figure"])

# An overlay (`--configfile config/smoke.yaml`) arrives in `config` and is laid over the files.
PLAN = told(lambda: Plan(load_settings(Path("config"), config), ROOT))
ARTICLE = PLAN.article
# Asked now: Snakemake would swallow a refusal inside of a parameter.
told(lambda: PLAN.revision)
LANGUAGES = PLAN.languages
SLUG = ARTICLE["slug"]
THEMES = ["light", "dark"]
# What pins the programs that build; the manifest of the site has the digest of each.
LOCKS = [
    "requirements.txt",
    "constraints.txt",
    "locks/article.txt",
    "environment.yml",
    "package-lock.json",
]
ASSETS = [
    "article.css",
    "screen.css",
    "explorer.css",
    "print.css",
    "browser-print.css",
    "contents.js",
    "copy.js",
    "explorer.js",
    "figures.js",
    "fonts.js",
    "chooser.js",
    "origins.js",
    "provenance.css",
    "icon.svg",
]


ENVIRONMENT = environment.digest()
# The files of every module that a rule runs.
MODULES = {}


def code(module):
    """A rule's modules as inputs whose age does not matter: `digest` sees when they change."""
    MODULES[module] = told(PLAN.code, module)
    return ancient(MODULES[module])


def digest(module):
    """A rule's parameter that changes when the code of the module or of its imports does.

    And when it would run in another environment, as on another kind of processor.
    """
    return f"{told(PLAN.digest, module)} {ENVIRONMENT}"


def source(paths):
    """Files that no rule makes, as inputs whose age does not matter: see `contents`.

    One that is missing is refused here. Snakemake would take what was once made of it as it is.
    """
    told(PLAN.require, [paths] if isinstance(paths, str) else paths)
    return flag(ancient(paths), "source")


# Of these the rule knows a pattern alone.
source(expand("templates/style/{asset}", asset=ASSETS))


def contents(rule_name):
    """A rule's parameter that changes when what is in its sources does, whatever their age.

    A function of the wildcards alone: Snakemake keeps no account of one that is given the inputs.
    """

    def digest_of_sources(wildcards):
        inputs, *_ = workflow.get_rule(rule_name).expand_input(dict(wildcards.items()))
        return PLAN.contents(path for path in inputs if is_flagged(path, "source"))

    return digest_of_sources


def font_files():
    """The catalogue's schema and the font files that it names, for rules that read them."""
    return source(["config/schemas/fonts.schema.json", *told(PLAN.font_files)])


def stacks(language, *roles):
    """Some of a language's font stacks, as JSON."""
    fonts = ARTICLE["languages"][language]["fonts"]
    return canonical({role: fonts[role] for role in roles})


def table_digests():
    """The digests of the table modules, which are found by name and not by import."""
    return [digest(f"report.tables.{name}") for name in ARTICLE["tables"]]


def table_code():
    """The files of the table modules."""
    return [code(f"report.tables.{name}") for name in ARTICLE["tables"]]


@cache
def traced():
    """The jobs behind every number and figure, from the rules below; by rule, in their order."""
    rules = Path(workflow.main_snakefile).read_bytes()
    plan = [digest("juchi.plan.plan"), digest("juchi.provenance.jobs")]
    settings = [PLAN.settings, PLAN.font_files(), MODULES, plan]
    return memory.remembered(trace_all, "jobs", rules, repr(settings))


def trace_all():
    """As `traced`, worked out: nothing but the rules, the settings and the modules matters."""
    ends = ["results/claims.json"] + [
        f"build/web/figures/{LANGUAGES[0]}/{figure}.{THEMES[0]}.svg"
        for figure in ARTICLE["figures"]
    ]
    by_rule = {}
    for job in trace(workflow.rules, ends):
        by_rule.setdefault(job["rule"], []).append(job)
    return by_rule


# Found now and not in a rule's function, where Snakemake would swallow a mistake in a module.
FIGURE_CODE = {name: code(f"report.figures.{name}") for name in ARTICLE["figures"]}
FIGURE_FACTS = {name: PLAN.figure_facts(name) for name in ARTICLE["figures"]}
FIGURE_TABLES = {name: told(PLAN.figure_tables, name) for name in ARTICLE["figures"]}
FIGURE_DIGESTS = {name: digest(f"report.figures.{name}") for name in ARTICLE["figures"]}
STUDIES = {trial: PLAN.study(trial) for trial in PLAN.trials}
STUDY_CODE = {study: code(f"experiments.{study}") for study in STUDIES.values()}
STUDY_DIGESTS = {study: digest(f"experiments.{study}") for study in STUDIES.values()}
RECORDS = [
    *expand("results/studies/{trial}.json", trial=PLAN.trials),
    "results/comparison.json",
]
TRIAL_RUNS = expand("results/studies/{trial}.runs.parquet", trial=PLAN.trials)
TRIAL_SERIES = expand("results/studies/{trial}.series.parquet", trial=PLAN.trials)


wildcard_constraints:
    language="|".join(LANGUAGES),
    variant="|".join(PLAN.variants),
    # A variant of a study; with none declared, a name that no variant can have.
    trial="|".join(PLAN.trials) or "-",
    figure="|".join(ARTICLE["figures"]),
    rule_name=r"\w+",


# On a cluster all but training and studies stay where Snakemake runs: they take seconds each.
localrules:
    all,
    setting,
    jobs,
    compare,
    examine_printed_listing,
    summarise,
    facts,
    claims,
    provenance,
    data,
    figure,
    check,
    compose,
    origins,
    mathematics,
    texts,
    fonts,
    paper_fonts,
    math_font,
    asset,
    page,
    preview,
    citation,
    discovery,
    paper,
    publish,


def end_companions():
    """End what has accompanied the jobs."""
    for process in WARM:
        process.close()
    if PROGRESS:
        PROGRESS.close()


onstart:
    if not workflow.local_exec:
        # Snakemake calls back what it has sent to a cluster.
        interrupts.leave_to_snakemake()
    else:
        # So many jobs a second is for those who share a cluster. Here each look whether it is kept
        # would bring about another one a second later, and the end would wait for the last.
        workflow.scheduler.job_rate_limiter = None
    # A job that ends on a user's mistake leaves its message here, see juchi/core/errors.py.
    Path(os.environ["JUCHI_ERRORS"]).unlink(missing_ok=True)
    if sys.platform == "linux":
        # Without it every job imports for itself, and the build takes longer.
        with contextlib.suppress(OSError):
            WARM.append(Warm(["experiments", "juchi", "report"], inherited=INHERITED))
            programs = WARM[0].programs(Path(".snakemake/programs"))
            os.environ["PATH"] = f"{programs}{os.pathsep}{os.environ['PATH']}"


onsuccess:
    end_companions()


onerror:
    end_companions()
    messages = Path(os.environ["JUCHI_ERRORS"])
    if messages.is_file():
        print(f"\n{messages.read_text('utf-8')}", file=sys.stderr)


rule all:
    input:
        "build/published.json",


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
        text=lambda wildcards: canonical(traced()[wildcards.rule_name]),
    shell:
        "printf '%s\\n' {params.text:q} > {output}.part && mv {output}.part {output}"


# --- experiments -> results ---------------------------------------------------------------------


rule train:
    input:
        code("experiments.train"),
        # For the key under which a cache keeps results: other programs may make other ones.
        ancient(LOCKS),
    output:
        run="results/runs/{variant}.parquet",
        landscape="results/landscapes/{variant}.json",
        seal="results/seals/{variant}.json",
    params:
        code=digest("experiments.train"),
        settings=lambda wildcards: canonical(PLAN.variants[wildcards.variant]),
    shell:
        "python -m experiments.train --variant {params.settings:q}"
        " --run {output.run} --landscape {output.landscape} --seal {output.seal}"


rule study:
    # One variant of an experiment of another kind, by the module of its study.
    input:
        lambda wildcards: STUDY_CODE[STUDIES[wildcards.trial]],
        ancient(LOCKS),
    output:
        runs="results/studies/{trial}.runs.parquet",
        series="results/studies/{trial}.series.parquet",
        record="results/studies/{trial}.json",
        seal="results/seals/{trial}.json",
    # The longest jobs: begun first, they leave no core idle at the end.
    priority: 2
    params:
        code=lambda wildcards: STUDY_DIGESTS[STUDIES[wildcards.trial]],
        study=lambda wildcards: STUDIES[wildcards.trial],
        settings=lambda wildcards: canonical(PLAN.trials[wildcards.trial]),
    shell:
        "python -m experiments.{params.study} --settings {params.settings:q}"
        " --runs {output.runs} --series {output.series} --record {output.record}"
        " --seal {output.seal}"


rule compare:
    # Pairs of variants, seed by seed, with all comparisons in one family.
    input:
        code("experiments.comparison"),
        runs=expand(
            "results/studies/{trial}.runs.parquet", trial=told(lambda: PLAN.compared)
        ),
        series=expand(
            "results/studies/{trial}.series.parquet",
            trial=told(lambda: PLAN.compared),
        ),
    output:
        table="results/comparison.parquet",
        record="results/comparison.json",
    params:
        code=digest("experiments.comparison"),
        settings=canonical(PLAN.comparisons),
    shell:
        "python -m experiments.comparison --settings {params.settings:q} --runs {input.runs}"
        " --series {input.series} --table {output.table} --record {output.record}"


rule examine_printed_listing:
    input:
        code("experiments.printed"),
        listing=source("experiments/data/printed_listing.txt"),
    output:
        "results/printed.json",
    params:
        sources=contents("examine_printed_listing"),
        code=digest("experiments.printed"),
    shell:
        "python -m experiments.printed --listing {input.listing} --output {output}"


rule summarise:
    input:
        code("experiments.summarise"),
        variants="build/settings/variants.json",
        settings="build/settings/measures.json",
        runs=expand("results/runs/{variant}.parquet", variant=PLAN.variants),
        landscapes=expand("results/landscapes/{variant}.json", variant=PLAN.variants),
    output:
        measures="results/measures.parquet",
        paths="results/paths.parquet",
        bands="results/bands.parquet",
        differences="results/differences.parquet",
        agreement="results/agreement.json",
    params:
        code=digest("experiments.summarise"),
    shell:
        "python -m experiments.summarise --variants {input.variants}"
        " --settings {input.settings} --runs {input.runs} --landscapes {input.landscapes}"
        " --measures {output.measures} --paths {output.paths} --bands {output.bands}"
        " --differences {output.differences} --agreement {output.agreement}"


# --- results -> facts, claims, figures ----------------------------------------------------------


rule facts:
    input:
        code("juchi.results.facts"),
        specification="build/settings/fact_sources.json",
        settings="build/settings/fact_settings.json",
        measures="results/measures.parquet",
        landscapes=expand("results/landscapes/{variant}.json", variant=PLAN.variants),
        runs=TRIAL_RUNS,
        records=RECORDS,
        agreement="results/agreement.json",
        printed="results/printed.json",
    output:
        "results/facts.json",
    params:
        code=digest("juchi.results.facts"),
    shell:
        "python -m juchi.results.facts --specification {input.specification}"
        " --settings {input.settings} --measures {input.measures}"
        " --landscapes {input.landscapes} --runs {input.runs} --records {input.records}"
        " --agreement {input.agreement} --printed {input.printed} --output {output}"


rule claims:
    input:
        code("report.claims"),
        names="build/settings/claims.json",
        facts="results/facts.json",
    output:
        "results/claims.json",
    # What tells whether facts and texts agree goes before all that only shows them.
    priority: 1
    params:
        code=digest("report.claims"),
    shell:
        "python -m report.claims --facts {input.facts} --names {input.names}"
        " --output {output}"


rule provenance:
    # Where every number, figure, table and claim comes from, by what the rules declare.
    input:
        code("juchi.provenance.provenance"),
        table_code(),
        facts="results/facts.json",
        claims="results/claims.json",
        article="build/settings/article.json",
        configuration="build/settings/configuration.json",
        specification="build/settings/fact_sources.json",
        places="build/settings/fact_places.json",
        revision="build/settings/revision.json",
        jobs=lambda wildcards: expand("build/jobs/{rule_name}.json", rule_name=traced()),
    output:
        "build/provenance.json",
    priority: 1
    params:
        code=digest("juchi.provenance.provenance"),
        tables=table_digests(),
    shell:
        "python -m juchi.provenance.provenance --facts {input.facts} --claims {input.claims}"
        " --article {input.article} --configuration {input.configuration}"
        " --specification {input.specification} --places {input.places}"
        " --revision {input.revision} --jobs {input.jobs} --output {output}"


rule data:
    # Every table behind a figure or a number, as it is published and attached to the PDF.
    input:
        code("juchi.results.data"),
        landscapes=expand("results/landscapes/{variant}.json", variant=PLAN.variants),
        data=[
            *(
                f"results/{name}.json"
                for name in ("facts", "claims", "agreement", "printed")
            ),
            "build/settings/configuration.json",
            "build/provenance.json",
        ],
        tables=expand("results/{table}.parquet", table=SHARED_TABLES)
        + TRIAL_RUNS
        + TRIAL_SERIES,
        records=RECORDS,
    output:
        directory("build/web/data"),
    params:
        code=digest("juchi.results.data"),
    shell:
        "python -m juchi.results.data --landscapes {input.landscapes} --data {input.data}"
        " --tables {input.tables} --records {input.records} --output {output}"


rule figure:
    input:
        lambda wildcards: FIGURE_CODE[wildcards.figure],
        code("juchi.exhibits.draw"),
        font_files(),
        languages="build/settings/languages.json",
        catalogue=source("config/fonts.yaml"),
        words=source(expand("templates/{language}/words.yaml", language=LANGUAGES)),
        # A new value among the facts redraws those figures alone that quote any.
        facts=lambda wildcards: (
            "results/facts.json" if FIGURE_FACTS[wildcards.figure] else []
        ),
        tables=lambda wildcards: FIGURE_TABLES[wildcards.figure],
    output:
        expand(
            "build/web/figures/{language}/{{figure}}.{theme}.svg",
            language=LANGUAGES,
            theme=THEMES,
        ),
    params:
        sources=contents("figure"),
        code=lambda wildcards: FIGURE_DIGESTS[wildcards.figure],
        draw_code=digest("juchi.exhibits.draw"),
        quoted=lambda wildcards: FIGURE_FACTS[wildcards.figure],
    shell:
        "python -m juchi.exhibits.draw --figure {wildcards.figure} --catalogue {input.catalogue}"
        " --languages {input.languages} --facts {input.facts} --quoted {params.quoted:q}"
        " --tables {input.tables} --words {input.words} --output build/web/figures"


# --- prose -> pages -----------------------------------------------------------------------------


rule check:
    # Everything that the prose quotes, and both languages against each other, before any page.
    input:
        code("juchi.check.check"),
        table_code(),
        source(PLAN.all_prose()),
        article="build/settings/article.json",
        equations=source("templates/equations.yaml"),
        references=source("config/references.json"),
        facts="results/facts.json",
        claims="results/claims.json",
    output:
        "build/checked.json",
    priority: 1
    params:
        sources=contents("check"),
        code=digest("juchi.check.check"),
        tables=table_digests(),
    shell:
        "python -m juchi.check.check --article {input.article} --templates templates"
        " --equations {input.equations} --references {input.references}"
        " --facts {input.facts} --claims {input.claims} --output {output}"


rule compose:
    input:
        code("juchi.html.compose"),
        table_code(),
        lambda wildcards: source(PLAN.prose(wildcards.language)),
        # Of the other languages too: the titles on the page that chooses between them.
        source(expand("templates/{language}/words.yaml", language=LANGUAGES)),
        source(
            [
                "templates/equations.yaml",
                "templates/layout/article.html.j2",
                "templates/layout/metadata.html.j2",
                "templates/layout/cite.html.j2",
                "templates/layout/explorer.html.j2",
                "config/references.json",
                "experiments/listing.py",
            ]
        ),
        "build/checked.json",
        article="build/settings/article.json",
        revision="build/settings/revision.json",
        explorer="build/settings/explorer.json",
        formats="build/settings/fact_formats.json",
        facts="results/facts.json",
        claims="results/claims.json",
    output:
        page="build/composed/{language}.html",
        formulas="build/composed/{language}.formulas.json",
        record="build/composed/{language}.json",
    priority: 1
    params:
        sources=contents("compose"),
        code=digest("juchi.html.compose"),
        tables=table_digests(),
    shell:
        "python -m juchi.html.compose --language {wildcards.language} --article {input.article}"
        " --revision {input.revision} --formats {input.formats} --facts {input.facts} --claims {input.claims}"
        " --explorer {input.explorer} --templates templates --page {output.page}"
        " --formulas {output.formulas} --record {output.record}"


rule origins:
    # The page that tells where every number comes from, and the same as an appendix on paper.
    input:
        code("juchi.html.origins"),
        source(
            [
                "templates/layout/provenance.html.j2",
                "templates/layout/appendix.html.j2",
                "templates/{language}/words.yaml",
            ]
        ),
        provenance="build/provenance.json",
        article="build/settings/article.json",
        formats="build/settings/fact_formats.json",
        facts="results/facts.json",
        composed="build/composed/{language}.html",
    output:
        page="build/web/{language}/provenance.html",
        appendix="build/composed/{language}.appendix.html",
        record="build/composed/{language}.appendix.json",
    priority: 1
    params:
        sources=contents("origins"),
        code=digest("juchi.html.origins"),
    shell:
        "python -m juchi.html.origins --language {wildcards.language} --article {input.article}"
        " --provenance {input.provenance} --formats {input.formats} --facts {input.facts}"
        " --composed {input.composed} --templates templates --page {output.page}"
        " --appendix {output.appendix} --record {output.record}"


rule mathematics:
    input:
        code("juchi.html.mathematics"),
        # Node reads in package.json of which kind a script is.
        source(["juchi/html/typeset.mjs", "package.json", "package-lock.json"]),
        formulas="build/composed/{language}.formulas.json",
    output:
        "build/mathematics/{language}.json",
    # The PDF is the longest way: what it waits for goes first.
    priority: 1
    params:
        sources=contents("mathematics"),
        code=digest("juchi.html.mathematics"),
    shell:
        "python -m juchi.html.mathematics --formulas {input.formulas} --output {output}"


rule fonts:
    # Those of the text for the screen; they wait for no formula.
    input:
        code("juchi.fonts.fonts"),
        font_files(),
        catalogue=source("config/fonts.yaml"),
        records=[
            "build/composed/{language}.json",
            "build/composed/{language}.appendix.json",
        ],
    output:
        directory("build/web/fonts/{language}"),
    params:
        sources=contents("fonts"),
        code=digest("juchi.fonts.fonts"),
        stacks=lambda wildcards: stacks(wildcards.language, "serif", "sans", "mono"),
    shell:
        "python -m juchi.fonts.fonts --stacks {params.stacks:q} --catalogue {input.catalogue}"
        " --text {input.records} --output {output}"


rule paper_fonts:
    # The same for paper, not packed: WeasyPrint has them sooner.
    input:
        code("juchi.fonts.fonts"),
        font_files(),
        catalogue=source("config/fonts.yaml"),
        records=[
            "build/composed/{language}.json",
            "build/composed/{language}.appendix.json",
        ],
    output:
        directory("build/faces/{language}"),
    priority: 1
    params:
        sources=contents("paper_fonts"),
        code=digest("juchi.fonts.fonts"),
        stacks=lambda wildcards: stacks(wildcards.language, "serif", "sans", "mono"),
    shell:
        "python -m juchi.fonts.fonts --stacks {params.stacks:q} --catalogue {input.catalogue}"
        " --text {input.records} --form ttf --output {output}"


rule math_font:
    # That of the formulas, for the screen alone: on paper they are pictures.
    input:
        code("juchi.fonts.fonts"),
        font_files(),
        catalogue=source("config/fonts.yaml"),
        mathematics="build/mathematics/{language}.json",
    output:
        directory("build/web/fonts/{language}-math"),
    params:
        sources=contents("math_font"),
        code=digest("juchi.fonts.fonts"),
        stacks=lambda wildcards: stacks(wildcards.language, "math"),
    shell:
        "python -m juchi.fonts.fonts --stacks {params.stacks:q} --catalogue {input.catalogue}"
        " --mathematics {input.mathematics} --output {output}"


rule texts:
    # Passed when nothing in facts and texts alone stops the build any more. No figure is drawn
    # before, see above.
    input:
        "build/checked.json",
        expand("build/composed/{language}.html", language=LANGUAGES),
        expand("build/mathematics/{language}.json", language=LANGUAGES),
        expand("build/web/{language}/provenance.html", language=LANGUAGES),
        expand("build/web/{language}/cite", language=LANGUAGES),
        "build/web/root",
    output:
        "build/texts.checked",
    priority: 1
    # Written and not touched: Snakemake's touch() leaves what stands in the file.
    shell:
        "printf '' > {output}.part && mv {output}.part {output}"


rule asset:
    input:
        source("templates/style/{asset}"),
    output:
        "build/web/assets/{asset}",
    params:
        sources=contents("asset"),
    shell:
        "cp {input} {output}.part && mv {output}.part {output}"


rule page:
    input:
        code("juchi.html.page"),
        # Their sizes: a picture keeps its room before it comes.
        expand(
            "build/web/figures/{{language}}/{figure}.light.svg",
            figure=ARTICLE["figures"],
        ),
        page="build/composed/{language}.html",
        mathematics="build/mathematics/{language}.json",
        words=source("templates/{language}/words.yaml"),
    output:
        "build/web/{language}/index.html",
    params:
        sources=contents("page"),
        code=digest("juchi.html.page"),
    shell:
        "python -m juchi.html.page --page {input.page} --mathematics {input.mathematics}"
        " --words {input.words} --output {output}"


rule preview:
    # The picture that a shared link shows.
    input:
        code("report.social_card"),
        font_files(),
        source(expand("templates/{language}/words.yaml", language=LANGUAGES)),
        article="build/settings/article.json",
        catalogue=source("config/fonts.yaml"),
        facts="results/facts.json",
        paths="results/paths.parquet",
    output:
        "build/web/{language}/preview.png",
    params:
        sources=contents("preview"),
        code=digest("report.social_card"),
    shell:
        "python -m report.social_card --language {wildcards.language} --article {input.article}"
        " --templates templates --catalogue {input.catalogue} --facts {input.facts}"
        " --paths {input.paths} --output {output}"


rule citation:
    input:
        code("juchi.site.citation"),
        source(expand("templates/{language}/words.yaml", language=LANGUAGES)),
        article="build/settings/article.json",
    output:
        directory("build/web/{language}/cite"),
    priority: 1
    params:
        sources=contents("citation"),
        code=digest("juchi.site.citation"),
    shell:
        "python -m juchi.site.citation --language {wildcards.language} --article {input.article}"
        " --templates templates --output {output}"


rule discovery:
    # What stands at the root of the site for machines: sitemap, robots.txt, linkset.
    input:
        code("juchi.site.discovery"),
        source(expand("templates/{language}/words.yaml", language=LANGUAGES)),
        article="build/settings/article.json",
    output:
        directory("build/web/root"),
    priority: 1
    params:
        sources=contents("discovery"),
        code=digest("juchi.site.discovery"),
    shell:
        "python -m juchi.site.discovery --article {input.article} --templates templates"
        " --output {output}"


rule plate:
    # A figure as the paper shows it: drawn once, however often the text is printed.
    input:
        code("juchi.pdf.plates"),
        # WeasyPrint wants a font also where it sets no text.
        font_files(),
        picture="build/web/figures/{language}/{figure}.light.svg",
    output:
        "build/plates/{language}/{figure}.pdf",
    priority: 1
    params:
        sources=contents("plate"),
        code=digest("juchi.pdf.plates"),
    shell:
        "python -m juchi.pdf.plates --picture {input.picture} --output {output}"


rule paper:
    input:
        code("juchi.pdf.paper"),
        font_files(),
        expand("build/web/assets/{asset}", asset=["article.css", "print.css"]),
        pictures=expand(
            "build/web/figures/{{language}}/{figure}.light.svg",
            figure=ARTICLE["figures"],
        ),
        plates=expand(
            "build/plates/{{language}}/{figure}.pdf", figure=ARTICLE["figures"]
        ),
        page="build/composed/{language}.html",
        appendix="build/composed/{language}.appendix.html",
        mathematics="build/mathematics/{language}.json",
        fonts="build/faces/{language}",
        words=source("templates/{language}/words.yaml"),
        packet=source("templates/layout/packet.xmp.j2"),
        data="build/web/data",
    output:
        "build/papers/{language}.pdf",
    priority: 1
    params:
        sources=contents("paper"),
        code=digest("juchi.pdf.paper"),
    shell:
        "python -m juchi.pdf.paper --page {input.page} --appendix {input.appendix}"
        " --mathematics {input.mathematics} --fonts {input.fonts}"
        " --base build/web/{wildcards.language} --words {input.words}"
        " --packet {input.packet} --data {input.data}"
        " --pictures {input.pictures} --plates {input.plates} --output {output}"


# --- everything -> the published site -----------------------------------------------------------


rule publish:
    # The site is staged beside the present one and takes its place in one move. No file of it is an
    # output: Snakemake deletes those of a job before it runs, and when it fails. The output says
    # which site is published, and is written last; so a job that fails or is killed runs again.
    input:
        code("juchi.site.publish"),
        "build/texts.checked",
        source("templates/layout/chooser.html.j2"),
        source(expand("templates/{language}/words.yaml", language=LANGUAGES)),
        parts=[
            *expand(
                "build/web/figures/{language}/{figure}.{theme}.svg",
                language=LANGUAGES,
                figure=ARTICLE["figures"],
                theme=THEMES,
            ),
            *expand("build/web/fonts/{language}", language=LANGUAGES),
            *expand("build/web/fonts/{language}-math", language=LANGUAGES),
            *expand("build/web/assets/{asset}", asset=ASSETS),
            *expand(
                "build/web/{language}/{page}",
                language=LANGUAGES,
                page=["index.html", "provenance.html", "preview.png", "cite"],
            ),
            "build/web/data",
        ],
        top="build/web/root",
        article="build/settings/article.json",
        revision="build/settings/revision.json",
        papers=expand("build/papers/{language}.pdf", language=LANGUAGES),
        locks=source(LOCKS),
    output:
        "build/published.json",
    params:
        sources=contents("publish"),
        code=digest("juchi.site.publish"),
        ledger=LEDGER,
    shell:
        "python -m juchi.site.publish --article {input.article} --revision {input.revision}"
        " --templates templates --web build/web --parts {input.parts} --top {input.top}"
        " --papers {input.papers} --locks {input.locks} --ledger {params.ledger} --site build/site"
        " --output {output}"


if workflow.is_main_process and not workflow.output_settings.dryrun:
    traced()
    told(memory.save, MEMORY)

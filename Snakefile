"""This article from its experiments to the published site.

`snakemake --cores 4` builds everything. Here stand the rules that make its results; those of every
article, from the facts to the site, are in `juchi/workflow/`.
"""

import sys

sys.path.insert(0, workflow.basedir)


# From whatever folder Snakemake was started: all paths are relative to the article's.
workdir: workflow.basedir


include: "juchi/workflow/common.smk"


from juchi.plan.plan import SHARED_TABLES

STUDIES = {trial: f"experiments.{PLAN.study(trial)}" for trial in PLAN.trials}
STUDY_CODE = {module: code(module) for module in STUDIES.values()}
TRIAL_RUNS = expand("results/studies/{trial}.runs.parquet", trial=PLAN.trials)
TRIAL_SERIES = expand("results/studies/{trial}.series.parquet", trial=PLAN.trials)
RECORDS = expand("results/studies/{trial}.json", trial=PLAN.trials)
RECORDS += ["results/comparison.json"]
LANDSCAPES = expand("results/landscapes/{variant}.json", variant=PLAN.variants)
COMPARED = as_workflow_error(lambda: PLAN.compared)

FACT_INPUTS = {
    "measures": "results/measures.parquet",
    "landscapes": LANDSCAPES,
    "runs": TRIAL_RUNS,
    "records": RECORDS,
    "agreement": "results/agreement.json",
    "printed": "results/printed.json",
}
DATA_INPUTS = {
    "landscapes": LANDSCAPES,
    "data": [
        *expand(
            "results/{name}.json", name=["facts", "claims", "agreement", "printed"]
        ),
        setting("configuration"),
        "build/provenance.json",
    ],
    "tables": [
        *expand("results/{table}.parquet", table=SHARED_TABLES),
        *TRIAL_RUNS,
        *TRIAL_SERIES,
    ],
    "records": RECORDS,
}
CARD_INPUTS = {"tables": "results/paths.parquet"}
ASSETS_BESIDES = ["explorer.css", "explorer.js"]
COMPOSED_BESIDES = ["templates/layout/explorer.html.j2", "experiments/listing.py"]


wildcard_constraints:
    variant="|".join(PLAN.variants) or "-",
    # A variant of a study; with none declared, a name that no variant can have.
    trial="|".join(PLAN.trials) or "-",


rule all:
    input:
        "build/published.json",


# On a cluster all but training and studies stay where Snakemake runs: they take seconds each.
localrules:
    all,
    compare,
    examine_printed_listing,
    summarise,


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
        **call(
            "experiments.train",
            settings=lambda wildcards: canonical(PLAN.variants[wildcards.variant]),
        ),
    shell:
        "{params.command}"


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
        **call(
            lambda wildcards: STUDIES[wildcards.trial],
            settings=lambda wildcards: canonical(PLAN.trials[wildcards.trial]),
        ),
    shell:
        "{params.command}"


rule compare:
    # Pairs of variants, seed by seed, with all comparisons in one family.
    input:
        code("experiments.comparison"),
        runs=expand("results/studies/{trial}.runs.parquet", trial=COMPARED),
        series=expand("results/studies/{trial}.series.parquet", trial=COMPARED),
    output:
        table="results/comparison.parquet",
        record="results/comparison.json",
    params:
        **call(
            "experiments.comparison",
            settings=lambda wildcards: canonical(PLAN.comparisons),
        ),
    shell:
        "{params.command}"


rule examine_printed_listing:
    input:
        code("experiments.printed"),
        listing=source("experiments/data/printed_listing.txt"),
    output:
        "results/printed.json",
    params:
        **call("experiments.printed", sources_of="examine_printed_listing"),
    shell:
        "{params.command}"


rule summarise:
    input:
        code("experiments.summarise"),
        variants=setting("variants"),
        settings=setting("measures"),
        runs=expand("results/runs/{variant}.parquet", variant=PLAN.variants),
        landscapes=LANDSCAPES,
    output:
        measures="results/measures.parquet",
        paths="results/paths.parquet",
        bands="results/bands.parquet",
        differences="results/differences.parquet",
        agreement="results/agreement.json",
    params:
        **call("experiments.summarise"),
    shell:
        "{params.command}"


include: "juchi/workflow/results.smk"
include: "juchi/workflow/pages.smk"
include: "juchi/workflow/paper.smk"
include: "juchi/workflow/site.smk"

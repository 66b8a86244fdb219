"""From experiments to results, facts, verdicts, provenance, published data, and figures."""


# On a cluster all but the experiments stay where Snakemake runs: they take seconds each.
localrules:
    analysis,
    facts,
    claims,
    provenance,
    data,
    figure,


EXPERIMENTS = PLAN.experiments
EXPERIMENT_CODE = {
    name: code(f"experiments.{name}") for name in EXPERIMENTS.experiments
}
ANALYSIS_CODE = {name: code(f"experiments.{name}") for name in PLAN.analyses}
ANALYSIS_INPUTS = {
    name: as_workflow_error(EXPERIMENTS.inputs_of, name) for name in PLAN.analyses
}
ANALYSIS_SOURCES = {
    name: source(EXPERIMENTS.sources_of(name)) for name in PLAN.analyses
}
TABLE_MODULES = [f"report.tables.{name}" for name in PLAN.module_tables()]
TABLE_CODE = [code(module) for module in TABLE_MODULES]
TABLE_DIGESTS = [digest(module) for module in TABLE_MODULES]
# Found now and not in a rule's function, where Snakemake would swallow a mistake in a module.
DRAWINGS = PLAN.drawings()
FIGURE_CODE = {name: code(f"report.figures.{of}") for name, of in DRAWINGS.items()}
FIGURE_DIGESTS = {name: digest(f"report.figures.{of}") for name, of in DRAWINGS.items()}
FIGURE_TABLES = {
    name: as_workflow_error(PLAN.figure_tables, of) for name, of in DRAWINGS.items()
}
FIGURE_FACTS = {name: PLAN.figure_facts(of) for name, of in DRAWINGS.items()}


wildcard_constraints:
    experiment="|".join(EXPERIMENTS.experiments) or "-",
    configuration="|".join(PLAN.configurations) or "-",
    analysis="|".join(PLAN.analyses) or "-",


rule experiment:
    # One configuration of an experiment, by the module of its name.
    input:
        lambda wildcards: EXPERIMENT_CODE[wildcards.experiment],
        # For the key under which a cache keeps results: other programs may make other ones.
        ancient(LOCKS),
    output:
        **{part: result_file("{experiment}", "{configuration}", part) for part in PARTS},
    # The longest jobs: begun first, they leave no core idle at the end.
    priority: 2
    params:
        **call(
            lambda wildcards: f"experiments.{wildcards.experiment}",
            settings=lambda wildcards: canonical(
                PLAN.configurations[wildcards.configuration]
            ),
        ),
    shell:
        "{params.command}"


rule analysis:
    # Of the results of configurations, or of sources of the article.
    input:
        lambda wildcards: ANALYSIS_CODE[wildcards.analysis],
        results=lambda wildcards: ANALYSIS_INPUTS[wildcards.analysis],
        files=lambda wildcards: ANALYSIS_SOURCES[wildcards.analysis],
    output:
        **{part: result_file(ANALYSES, "{analysis}", part) for part in PARTS},
    params:
        **call(
            lambda wildcards: f"experiments.{wildcards.analysis}",
            sources_of="analysis",
            settings=lambda wildcards: canonical(PLAN.analyses[wildcards.analysis]),
        ),
    shell:
        "{params.command}"


rule facts:
    input:
        code("juchi.results.collect"),
        results=PLAN.facts.files,
        specification=setting("fact_sources"),
        settings=setting("fact_settings"),
    output:
        "results/facts.json",
    params:
        **call("juchi.results.collect"),
    shell:
        "{params.command}"


rule claims:
    input:
        code("juchi.results.verdicts"),
        names=setting("claims"),
        facts="results/facts.json",
    output:
        "results/claims.json",
    # What tells whether facts and texts agree goes before all that only shows them.
    priority: 1
    params:
        **call("juchi.results.verdicts"),
    shell:
        "{params.command}"


rule provenance:
    # Where every number, figure, table and claim comes from, by what the rules declare.
    input:
        code("juchi.provenance.provenance"),
        TABLE_CODE,
        facts="results/facts.json",
        claims="results/claims.json",
        article=setting("article"),
        configuration=setting("configuration"),
        specification=setting("fact_sources"),
        places=setting("fact_places"),
        revision=setting("revision"),
        jobs=lambda wildcards: expand(
            "build/jobs/{rule_name}.json", rule_name=DECLARED.traced()
        ),
    output:
        "build/provenance.json",
    priority: 1
    params:
        **call("juchi.provenance.provenance"),
        tables=TABLE_DIGESTS,
    shell:
        "{params.command}"


rule data:
    # Every table behind a figure or a number, as it is published and attached to the PDF.
    input:
        code("juchi.results.data"),
        results=PLAN.published_results() + source(PLAN.table_sources()),
        records=[
            "results/facts.json",
            "results/claims.json",
            "build/provenance.json",
            setting("configuration"),
        ],
    output:
        directory("build/web/data"),
    params:
        **call("juchi.results.data", sources_of="data"),
    shell:
        "{params.command}"


rule figure:
    input:
        lambda wildcards: FIGURE_CODE[wildcards.figure],
        code("juchi.exhibits.draw"),
        MESSAGES,
        FONT_FILES,
        **CATALOGUE,
        languages=setting("languages"),
        words=source(WORDS),
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
    wildcard_constraints:
        figure="|".join(map(re.escape, DRAWINGS)) or "-",
    params:
        **call(
            "juchi.exhibits.draw",
            sources_of="figure",
            figure="{figure}",
            quoted=lambda wildcards: FIGURE_FACTS[wildcards.figure],
            panels=lambda wildcards: FIGURES[DRAWINGS[wildcards.figure]]["panels"]
            or "",
            output="build/web/figures",
        ),
        figure_code=lambda wildcards: FIGURE_DIGESTS[wildcards.figure],
    shell:
        "{params.command}"


rule figure_picture:
    # A figure that a rule of the article has drawn, as the site shows it.
    input:
        code("juchi.exhibits.pictures"),
        FONT_FILES,
        **CATALOGUE,
        languages=setting("languages"),
        picture=lambda wildcards: picture_of(
            FIGURES[wildcards.pictured], wildcards.language, wildcards.theme
        ),
    output:
        "build/web/figures/{language}/{pictured}.{theme}.{ending}",
    wildcard_constraints:
        ending="svg|png|jpg",
    params:
        **call(
            "juchi.exhibits.pictures",
            sources_of="figure_picture",
            place="config/article.yaml: figures.{pictured}.picture",
        ),
    shell:
        "{params.command}"


rule picture:
    # A picture that the prose names, as the site shows it.
    input:
        code("juchi.exhibits.pictures"),
        FONT_FILES,
        **CATALOGUE,
        languages=setting("languages"),
        picture=lambda wildcards: source(PICTURES[wildcards.picture].path),
    output:
        "build/web/pictures/{picture}",
    wildcard_constraints:
        picture="|".join(PICTURES) or "-",
    params:
        **call(
            "juchi.exhibits.pictures",
            sources_of="picture",
            place=lambda wildcards: PICTURES[wildcards.picture].path,
        ),
    shell:
        "{params.command}"


rule chart:
    # A chart that a rule of the article describes: still for each theme, and as the page moves it.
    input:
        code("juchi.exhibits.chart"),
        FONT_FILES,
        **CATALOGUE,
        languages=setting("languages"),
        picture=lambda wildcards: picture_of(
            FIGURES[wildcards.charted], wildcards.language, "light"
        ),
    output:
        light="build/web/figures/{language}/{charted}.light.svg",
        dark="build/web/figures/{language}/{charted}.dark.svg",
        chart="build/web/figures/{language}/{charted}.vl.json",
    params:
        **call(
            "juchi.exhibits.chart",
            sources_of="chart",
            place="config/article.yaml: figures.{charted}.picture",
            language="{language}",
            width=lambda wildcards: (FIGURES[wildcards.charted]["width"] or "100%")[
                :-1
            ],
        ),
    shell:
        "{params.command}"


rule vega:
    # The scripts that move charts, for the pages that have any.
    input:
        code("juchi.exhibits.vega"),
        licence=themed("vega-licence.js"),
    output:
        "build/web/assets/vega.js",
    params:
        **call("juchi.exhibits.vega", sources_of="vega"),
    shell:
        "{params.command}"

"""From results to facts, verdicts, provenance, published data, and figures.

The Snakefile sets FACT_INPUTS, by the options of the command that measures the facts, and
DATA_INPUTS, by those of the command that publishes the data.
"""


localrules:
    facts,
    claims,
    provenance,
    data,
    figure,


TABLE_MODULES = [f"report.tables.{name}" for name in ARTICLE["tables"]]
TABLE_CODE = [code(module) for module in TABLE_MODULES]
TABLE_DIGESTS = [digest(module) for module in TABLE_MODULES]
# Found now and not in a rule's function, where Snakemake would swallow a mistake in a module.
FIGURE_CODE = {name: code(f"report.figures.{name}") for name in FIGURES}
FIGURE_DIGESTS = {name: digest(f"report.figures.{name}") for name in FIGURES}
FIGURE_TABLES = {name: as_workflow_error(PLAN.figure_tables, name) for name in FIGURES}
FIGURE_FACTS = {name: PLAN.figure_facts(name) for name in FIGURES}


rule facts:
    input:
        code("juchi.results.facts"),
        **FACT_INPUTS,
        specification=setting("fact_sources"),
        settings=setting("fact_settings"),
    output:
        "results/facts.json",
    params:
        **call("juchi.results.facts"),
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
        **DATA_INPUTS,
    output:
        directory("build/web/data"),
    params:
        **call("juchi.results.data"),
    shell:
        "{params.command}"


rule figure:
    input:
        lambda wildcards: FIGURE_CODE[wildcards.figure],
        code("juchi.exhibits.draw"),
        FONT_FILES,
        languages=setting("languages"),
        catalogue=source("config/fonts.yaml"),
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
    params:
        **call(
            "juchi.exhibits.draw",
            sources_of="figure",
            figure="{figure}",
            quoted=lambda wildcards: FIGURE_FACTS[wildcards.figure],
            output="build/web/figures",
        ),
        figure_code=lambda wildcards: FIGURE_DIGESTS[wildcards.figure],
    shell:
        "{params.command}"

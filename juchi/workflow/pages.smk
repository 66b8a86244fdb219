"""From the prose to the pages: what is checked first, and what a browser shows."""


localrules:
    check,
    compose,
    provenance_page,
    mathematics,
    fonts,
    math_font,
    texts,
    page,
    preview,


def stacks(*roles):
    """The font stacks of a job's language, as JSON."""

    def of_language(wildcards):
        fonts = ARTICLE["languages"][wildcards.language]["fonts"]
        return canonical({role: fonts[role] for role in roles})

    return of_language


TEXT_STACKS = stacks("serif", "sans", "mono")
# What else the prose is made of, where the article has it.
BESIDES = present(
    "templates/equations.yaml", "config/references.json", "config/references.bib"
)


def spoken(language):
    """How a language reads formulas, if the speech rule engine does not read them."""
    file = theme_file(f"formulas/{language}.yaml")
    return source([str(file)]) if file.is_file() else []


# What the article draws its card from.
CARD_RESULTS = as_workflow_error(
    PLAN.tables_of,
    "report/social_card.py: RESULTS",
    as_workflow_error(PLAN.given, "report.social_card", "RESULTS"),
)
# What the article's own calls read of its results.
CALL_RESULTS = as_workflow_error(
    PLAN.tables_of,
    "report/calls.py: RESULTS",
    as_workflow_error(PLAN.given, "report.calls", "RESULTS", optional=True),
)
CALL_SOURCES = as_workflow_error(PLAN.given, "report.calls", "SOURCES", optional=True)
# The texts that a language's fonts are cut to.
COMPOSED_TEXT = [
    "build/composed/{language}.json",
    "build/composed/{language}.appendix.json",
]


rule check:
    # Everything that the prose quotes, and the languages against each other, before any page.
    input:
        code("juchi.check.check"),
        MESSAGES,
        TABLE_CODE,
        source(PLAN.all_prose()),
        source(BESIDES),
        source([picture.path for picture in PICTURES.values()]),
        # The columns that tables name.
        PLAN.table_results(),
        source(PLAN.table_sources()),
        article=setting("article"),
        formats=setting("fact_formats"),
        places=setting("fact_places"),
        facts="results/facts.json",
        claims="results/claims.json",
    output:
        "build/checked.json",
    priority: 1
    params:
        **call("juchi.check.check", sources_of="check", templates="templates"),
        tables=TABLE_DIGESTS,
    shell:
        "{params.command}"


rule compose:
    input:
        code("juchi.html.compose"),
        MESSAGES,
        TABLE_CODE,
        PLAN.table_results(),
        source(PLAN.table_sources()),
        lambda wildcards: source(PLAN.prose(wildcards.language)),
        # Of the other languages too: the titles on the page that chooses between them.
        source(WORDS),
        source(BESIDES),
        source(CITATION_FILES),
        # As wide as they are.
        source([picture.path for picture in PICTURES.values()]),
        themed(
            "layout/article.html.j2",
            "layout/authors.html.j2",
            "layout/metadata.html.j2",
            "layout/cite.html.j2",
            "layout/scheme.html.j2",
        ),
        # What the article's own calls read.
        source(CALL_SOURCES),
        # Their sizes and checksums.
        SUPPLEMENT_FILES,
        "build/checked.json",
        article=setting("article"),
        revision=setting("revision"),
        live=setting("live"),
        results=CALL_RESULTS,
        formats=setting("fact_formats"),
        facts="results/facts.json",
        claims="results/claims.json",
    output:
        page="build/composed/{language}.html",
        formulas="build/composed/{language}.formulas.json",
        record="build/composed/{language}.json",
    priority: 1
    params:
        **call(
            "juchi.html.compose",
            sources_of="compose",
            language="{language}",
            templates="templates",
            assets=OWN_ASSETS,
        ),
        tables=TABLE_DIGESTS,
    shell:
        "{params.command}"


rule provenance_page:
    # The page that tells where every number comes from, and the same as an appendix on paper.
    input:
        code("juchi.html.provenance_page"),
        MESSAGES,
        source("templates/{language}/messages.yaml"),
        themed(
            "layout/provenance.html.j2",
            "layout/scheme.html.j2",
            "layout/appendix.html.j2",
        ),
        provenance="build/provenance.json",
        article=setting("article"),
        formats=setting("fact_formats"),
        facts="results/facts.json",
        composed="build/composed/{language}.html",
    output:
        page="build/web/{language}/provenance.html",
        appendix="build/composed/{language}.appendix.html",
        record="build/composed/{language}.appendix.json",
    priority: 1
    params:
        **call(
            "juchi.html.provenance_page",
            sources_of="provenance_page",
            language="{language}",
            templates="templates",
        ),
    shell:
        "{params.command}"


rule mathematics:
    input:
        code("juchi.html.mathematics"),
        FONT_FILES,
        source(
            [
                part_of_juchi("html/typeset.mjs"),
                part_of_juchi("html/speech.mjs"),
                part_of_juchi("toolchain/package-lock.json"),
            ]
        ),
        lambda wildcards: spoken(wildcards.language),
        **CATALOGUE,
        formulas="build/composed/{language}.formulas.json",
    output:
        "build/mathematics/{language}.json",
    # The PDF is the longest way: what it waits for goes first.
    priority: 1
    params:
        **call(
            "juchi.html.mathematics",
            sources_of="mathematics",
            language="{language}",
            stacks=stacks("serif"),
        ),
    shell:
        "{params.command}"


rule fonts:
    # Those of the text for the screen; they wait for no formula.
    input:
        code("juchi.fonts.fonts"),
        FONT_FILES,
        **CATALOGUE,
        text=COMPOSED_TEXT,
        # What they say is drawn by the browser.
        charts=lambda wildcards: [
            picture_of(FIGURES[name], wildcards.language, "light") for name in CHARTS
        ],
    output:
        directory("build/web/fonts/{language}"),
    params:
        **call("juchi.fonts.fonts", sources_of="fonts", stacks=TEXT_STACKS),
    shell:
        "{params.command}"


rule math_font:
    # That of the formulas, for the screen alone: on paper they are pictures.
    input:
        code("juchi.fonts.fonts"),
        FONT_FILES,
        **CATALOGUE,
        mathematics="build/mathematics/{language}.json",
    output:
        directory("build/web/fonts/{language}-math"),
    params:
        **call(
            "juchi.fonts.fonts",
            sources_of="math_font",
            stacks=stacks("math", "serif"),
        ),
    shell:
        "{params.command}"


rule texts:
    # Passed when nothing in facts and texts alone stops the build any more. No figure is drawn
    # before, see common.smk.
    input:
        "build/checked.json",
        in_languages("build/composed/{language}.html"),
        in_languages("build/mathematics/{language}.json"),
        # Each character has a glyph.
        in_languages("build/faces/{language}"),
        in_languages("build/web/{language}/provenance.html"),
        in_languages("build/web/{language}/cite"),
        "build/web/root",
    output:
        "build/texts.checked",
    priority: 1
    # Written and not touched: Snakemake's touch() leaves what stands in the file.
    shell:
        "printf '' > {output}.part && mv {output}.part {output}"


rule page:
    input:
        code("juchi.html.page"),
        MESSAGES,
        # Their sizes: a picture keeps its room before it comes.
        PLAN.figure_files("{language}", themes=["light"], phones=True),
        expand("build/web/pictures/{picture}", picture=PICTURES),
        page="build/composed/{language}.html",
        mathematics="build/mathematics/{language}.json",
        words=source("templates/{language}/messages.yaml"),
    output:
        "build/web/{language}/index.html",
    params:
        **call("juchi.html.page", sources_of="page"),
    shell:
        "{params.command}"


rule preview:
    # The picture that a shared link shows.
    input:
        code("juchi.site.card"),
        MESSAGES,
        FONT_FILES,
        source(WORDS),
        **CATALOGUE,
        results=CARD_RESULTS,
        article=setting("article"),
        facts="results/facts.json",
    output:
        "build/web/{language}/preview.png",
    params:
        **call(
            "juchi.site.card",
            sources_of="preview",
            language="{language}",
            templates="templates",
        ),
    shell:
        "{params.command}"

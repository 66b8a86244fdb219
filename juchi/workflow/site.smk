"""Everything together: what stands beside the pages, and the published site."""


localrules:
    asset,
    supplement,
    citation,
    discovery,
    publish,


ASSETS = [
    "article.css",
    "mathematics.css",
    "screen.css",
    "print.css",
    "browser-print.css",
    "scheme.js",
    "contents.js",
    "copy.js",
    "figures.js",
    *(["charts.js"] if CHARTS else []),
    "fonts.js",
    "chooser.js",
    "origins.js",
    "cards.js",
    "provenance.css",
    "icon.svg",
    *OWN_ASSETS,
]
# The rule knows a pattern alone; one that is missing is refused here.
themed(*expand("style/{asset}", asset=ASSETS))


rule asset:
    input:
        lambda wildcards: themed(f"style/{wildcards.asset}"),
    output:
        "build/web/assets/{asset}",
    # Another rule makes the library of charts.
    wildcard_constraints:
        asset=r"(?!vega\.js$).+",
    params:
        sources=DECLARED.contents("asset"),
    shell:
        "cp {input} {output}.part && mv {output}.part {output}"


rule supplement:
    input:
        lambda wildcards: SUPPLEMENT_FILES[
            list(SUPPLEMENTS).index(wildcards.supplement)
        ],
    output:
        "build/web/supplement/{supplement}",
    params:
        sources=DECLARED.contents("supplement"),
    shell:
        "cp {input} {output}.part && mv {output}.part {output}"


rule citation:
    input:
        code("juchi.site.citation"),
        MESSAGES,
        source(WORDS),
        source(CITATION_FILES),
        article=setting("article"),
    output:
        directory("build/web/{language}/cite"),
    priority: 1
    params:
        **call(
            "juchi.site.citation",
            sources_of="citation",
            language="{language}",
            templates="templates",
        ),
    shell:
        "{params.command}"


rule discovery:
    # What stands at the root of the site for machines: sitemap, robots.txt, linkset.
    input:
        code("juchi.site.discovery"),
        MESSAGES,
        source(WORDS),
        article=setting("article"),
    output:
        directory("build/web/root"),
    priority: 1
    params:
        **call("juchi.site.discovery", sources_of="discovery", templates="templates"),
    shell:
        "{params.command}"


rule publish:
    # The site is staged beside the present one and takes its place in one move. No file of it is an
    # output: Snakemake deletes those of a job before it runs, and when it fails. The output says
    # which site is published, and is written last; so a job that fails or is killed runs again.
    input:
        code("juchi.site.publish"),
        MESSAGES,
        "build/texts.checked",
        themed("layout/chooser.html.j2"),
        source(WORDS),
        parts=[
            *(
                file
                for language in LANGUAGES
                for file in PLAN.figure_files(language, phones=True)
            ),
            *expand(
                "build/web/figures/{language}/{name}.vl.json",
                language=LANGUAGES,
                name=CHARTS,
            ),
            *(["build/web/assets/vega.js"] if CHARTS else []),
            *expand("build/web/pictures/{picture}", picture=PICTURES),
            *in_languages("build/web/fonts/{language}"),
            *in_languages("build/web/fonts/{language}-math"),
            *expand("build/web/assets/{asset}", asset=ASSETS),
            *expand(
                "build/web/{language}/{page}",
                language=LANGUAGES,
                page=["index.html", "provenance.html", "preview.png", "cite"],
            ),
            "build/web/data",
            *expand("build/web/supplement/{name}", name=SUPPLEMENTS),
        ],
        top="build/web/root",
        article=setting("article"),
        revision=setting("revision"),
        checked="build/checked.json",
        papers=in_languages("build/papers/{language}.pdf"),
        locks=source(LOCKS),
    output:
        "build/published.json",
    params:
        **call(
            "juchi.site.publish",
            sources_of="publish",
            templates="templates",
            web="build/web",
            ledger=LEDGER,
            site="build/site",
        ),
    shell:
        "{params.command}"


# All rules have been read.
if INVOCATION.is_main:
    as_workflow_error(DECLARED.require_followed)
    as_workflow_error(DECLARED.require_declared)
    as_workflow_error(DECLARED.require_makers)
if INVOCATION.is_main and not INVOCATION.is_dry_run:
    DECLARED.traced()
    SESSION.keep_memoized()

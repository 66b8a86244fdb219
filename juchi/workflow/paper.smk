"""The same pages on paper: fonts that are not packed, figures as PDF, and the PDF itself."""


localrules:
    paper_fonts,
    figure_pdf,
    paper,


LIGHT = PLAN.figure_files("{language}", themes=["light"])
DRAWN = [file for file in LIGHT if file.endswith(".svg")]


rule paper_fonts:
    # Not packed: WeasyPrint has them sooner.
    input:
        code("juchi.fonts.fonts"),
        FONT_FILES,
        **CATALOGUE,
        text=COMPOSED_TEXT,
    output:
        directory("build/faces/{language}"),
    priority: 1
    params:
        **call(
            "juchi.fonts.fonts",
            sources_of="paper_fonts",
            stacks=TEXT_STACKS,
            form="ttf",
        ),
    shell:
        "{params.command}"


rule figure_pdf:
    # A figure as the paper shows it: drawn once, however often the text is printed.
    input:
        code("juchi.pdf.figure_pdfs"),
        # WeasyPrint wants a font also where it sets no text.
        FONT_FILES,
        picture="build/web/figures/{language}/{figure}.light.svg",
    output:
        "build/figure_pdfs/{language}/{figure}.pdf",
    priority: 1
    params:
        **call("juchi.pdf.figure_pdfs", sources_of="figure_pdf"),
    shell:
        "{params.command}"


rule paper:
    input:
        code("juchi.pdf.paper"),
        MESSAGES,
        FONT_FILES,
        expand("build/web/assets/{asset}", asset=PAPER_STYLES),
        # Of pixels, and those that the prose names: printed as they are.
        *(file for file in LIGHT if file not in DRAWN),
        expand("build/web/pictures/{picture}", picture=PICTURES),
        pictures=DRAWN,
        figure_pdfs=[
            f"build/figure_pdfs/{{language}}/{Path(file).name.split('.')[0]}.pdf"
            for file in DRAWN
        ],
        page="build/composed/{language}.html",
        appendix="build/composed/{language}.appendix.html",
        mathematics="build/mathematics/{language}.json",
        fonts="build/faces/{language}",
        words=source("templates/{language}/messages.yaml"),
        packet=themed("layout/packet.xmp.j2"),
        data="build/web/data",
        supplements=SUPPLEMENT_FILES,
    output:
        "build/papers/{language}.pdf",
    priority: 1
    params:
        **call("juchi.pdf.paper", sources_of="paper", base="build/web/{language}"),
    shell:
        "{params.command}"

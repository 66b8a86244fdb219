"""Other articles than this one: small ones of `tests/articles`, built by the generator as it is."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from math import comb
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import yaml
from lxml import etree, html

from juchi.core.characters import WORD_JOINER
from tests.project import ROOT, Project

ARTICLES = ROOT / "tests" / "articles"
EXAMPLES = ROOT / "examples"
# All that the site of an article with one language has, but for its figures, fonts and data.
ENGLISH = {"index.html", "provenance.html", "preview.png"}


class Small:
    """A copy of a small article, with the generator beside it."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(source, folder)
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "juchi", folder / "juchi", ignore=ignored)
        (folder / "node_modules").symlink_to(ROOT / "node_modules")

    def build(self, *targets: str) -> None:
        """Build all, or some targets."""
        result = Project(self.folder, ()).snakemake(*targets, cores=2)
        assert result.returncode == 0, (result.stdout + result.stderr)[-4000:]

    def refusal(self, *targets: str) -> str:
        """Return what a build says that is refused: one message, and no traceback."""
        result = Project(self.folder, ()).snakemake(*targets, cores=2)
        said = result.stdout + result.stderr
        assert result.returncode != 0
        assert "Traceback" not in said
        messages = {found[0] for found in re.finditer(r"error: .*(\n  .*)+", said)}
        assert len(messages) == 1, said
        return messages.pop()

    def change(self, name: str, keys: tuple[str, ...], value: object) -> None:
        """Set a key of a file of the configuration."""
        path = self.folder / "config" / f"{name}.yaml"
        values = yaml.safe_load(path.read_text("utf-8"))
        place = values
        for key in keys[:-1]:
            place = place[key]
        place[keys[-1]] = value
        path.write_text(yaml.safe_dump(values, allow_unicode=True, sort_keys=False), "utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        """Change a text; `old` stands in it."""
        Project(self.folder, ()).edit(name, old, new)

    @property
    def site(self) -> Path:
        """The published site."""
        return self.folder / "build" / "site"

    def page(self, language: str = "en") -> html.HtmlElement:
        """Return a published page."""
        return html.parse(self.site / language / "index.html").getroot()

    def dead_links(self) -> set[str]:
        """Return what the pages link to or load that the site does not have."""
        found = set()
        for path in self.site.rglob("*.html"):
            for address in html.parse(path).getroot().xpath("//@href | //@src"):
                file = address.partition("#")[0]
                if file and not re.match(r"[a-z]+:", file) and not (path.parent / file).exists():
                    found.add(address)
        return found

    def facts(self) -> dict[str, Any]:
        """Return the facts that were measured."""
        found: dict[str, Any] = json.loads((self.folder / "results/facts.json").read_text("utf-8"))
        return found


@pytest.fixture
def minimal(tmp_path: Path) -> Small:
    """Give the article with one of everything."""
    return Small(ARTICLES / "minimal", tmp_path / "article")


@pytest.fixture
def script(tmp_path: Path) -> Small:
    """Give the article with nothing but the table that a shell script writes."""
    return Small(ARTICLES / "script", tmp_path / "article")


def test_the_minimal_article_is_small_and_knows_neither_torch_nor_this_article() -> None:
    files = [path for path in (ARTICLES / "minimal").rglob("*") if path.is_file()]
    texts = [path.read_text("utf-8") for path in files]
    assert sum(len(text.splitlines()) for text in texts) < 150
    assert not any(word in text for text in texts for word in ("torch", "sawtooth", "post"))


def test_the_minimal_article_is_built(minimal: Small) -> None:
    """With an experiment, a figure, a claim and two languages."""
    minimal.build()
    facts = minimal.facts()
    assert facts["die.mean"]["n"] == facts["die.throws"]["value"] == 600
    assert facts["die.mean"]["source"] == "data/throws.samples.csv: die, mean of face"
    assert facts["die.expected"]["value"] == 3.5
    for language, title in (("en", "Is the die fair?"), ("zh", "这枚骰子公平吗？")):
        page = minimal.page(language)
        assert page.findtext(".//h1") == title
        assert page.xpath("count(//figure)") == 1
        assert "3.5" in page.find(".//main").text_content()
        assert (minimal.site / language / f"dice.{language}.pdf").read_bytes().startswith(b"%PDF")
    data = {path.name for path in (minimal.site / "data").iterdir()}
    assert {"throws.samples.csv", "throws.curves.csv", "facts.json", "claims.json"} <= data
    assert not minimal.dead_links()
    claims = json.loads((minimal.site / "data/claims.json").read_text("utf-8"))
    assert claims["fair"]["verdict"] == "supported"


def test_a_shell_script_is_rule_enough_and_an_article_may_have_nothing_else(script: Small) -> None:
    """Neither experiments nor figures, tables, claims, equations or references; one language.

    Nor a subtitle, an abstract or keywords.
    """
    script.build()
    facts = script.facts()
    assert facts["rain.depth"]["value"] == 8.0
    assert facts["rain.depth"]["source"] == "data/rain.csv: mean of depth"
    assert (script.site / "data/rain.csv").read_text("utf-8").startswith("day,depth\n1,1.5\n")
    assert {path.name for path in (script.site / "en").iterdir()} >= {*ENGLISH, "rain.en.pdf"}
    assert not script.dead_links()
    page = script.page()
    assert not page.xpath("//figure | //table | //section[contains(@class, 'references')]")
    assert not page.xpath("//*[@class='subtitle' or @class='abstract' or @class='keywords']")
    assert not page.xpath("//meta[@name='keywords' or @name='citation_keywords']")
    with pikepdf.open(script.site / "en/rain.en.pdf") as pdf:
        assert "/Keywords" not in pdf.docinfo
        assert b"Keywords" not in pdf.Root.Metadata.read_bytes()
    assert page.xpath("//nav[@class='contents']//a/@href") == [
        "#sec-rain",
        "#cite",
        "provenance.html",
    ]
    origins = html.parse(script.site / "en/provenance.html").getroot()
    assert [each.text for each in origins.iter("h2")] == ["Numbers", "Rules"]
    assert "sh measure.sh" in origins.text_content()


def test_a_changed_script_is_run_again(script: Small) -> None:
    script.build("results/facts.json")
    script.edit("measure.sh", "day * day", "day + day")
    script.build("results/facts.json")
    assert script.facts()["rain.last"]["value"] == 8.5


def test_rows_without_a_number_are_told_where_the_number_comes_from(script: Small) -> None:
    script.edit("measure.sh", "done", "done; echo 5,")
    told = script.refusal("results/facts.json")
    assert "no number in 1 of 5 rows of the column 'depth' of results/rain.csv, row 5" in told
    script.edit("config/facts.yaml", "statistic: mean", "statistic: mean, omit_missing: true")
    script.build("build/web/en/provenance.html")
    origins = html.parse(script.folder / "build/web/en/provenance.html").getroot()
    row = origins.get_element_by_id("fact-rain.depth").text_content()
    assert "mean of depth · rows without a number, left out: 1" in row
    assert "measure.sh" in origins.get_element_by_id("rule-measure").text_content()


def test_an_article_may_have_five_languages(minimal: Small) -> None:
    known = yaml.safe_load((ROOT / "juchi/theme/languages.yaml").read_text("utf-8"))["en"]
    messages = (ROOT / "juchi/theme/messages/en.yaml").read_text("utf-8")
    for code in ("de", "fr", "it"):
        folder = minimal.folder / "templates" / code
        shutil.copytree(minimal.folder / "templates/en", folder)
        words = {
            **yaml.safe_load(messages),
            **yaml.safe_load((folder / "messages.yaml").read_text()),
        }
        (folder / "messages.yaml").write_text(yaml.safe_dump(words, allow_unicode=True), "utf-8")
        entry = {**known, "name": code, "tag": code, "locale": code}
        minimal.change("article", ("languages", code), entry)
    minimal.build("build/texts.checked")
    composed = {path.stem for path in (minimal.folder / "build/composed").glob("??.html")}
    assert composed == {"en", "zh", "de", "fr", "it"}


@pytest.mark.parametrize(
    ("name", "old", "new", "fragments"),
    [
        pytest.param(
            "config/facts.yaml",
            "file: rain.csv, column: depth, statistic: mean",
            "file: snow.csv, column: depth, statistic: mean",
            ["facts.yaml: named.rain.depth.file", "results/snow.csv, which no rule makes"],
            id="a file that no rule makes",
        ),
        pytest.param(
            "config/facts.yaml",
            "column: depth, statistic: mean",
            "column: dept, statistic: mean",
            ["facts.yaml: rain.depth", "no column 'dept' in results/rain.csv", "day, depth"],
            id="a column that the file lacks",
        ),
        pytest.param(
            "config/facts.yaml",
            "file: rain.csv, column: depth, statistic: mean",
            "of: snow, column: depth, statistic: mean",
            ["facts.yaml: named.rain.depth", "'snow'", "neither a configuration nor an analysis"],
            id="of nothing that is declared",
        ),
        pytest.param(
            "Snakefile",
            '    params:\n        sources=DECLARED.contents("measure"),\n',
            "",
            ["the rule measure reads", "does not follow its contents", "DECLARED.contents("],
            id="a source whose changes nobody would notice",
        ),
        pytest.param(
            "Snakefile",
            'DECLARED.contents("measure")',
            'DECLARED.contents("measured")',
            ["does not follow its contents"],
            id="a source that another rule follows",
        ),
        pytest.param(
            "config/article.yaml",
            "slug: rain",
            'generator: "99.0"\nslug: rain',
            ["article.yaml: generator", "an article for Juchi 99.0", "a later one"],
            id="for a newer generator",
        ),
        pytest.param(
            "templates/en/messages.yaml",
            "title: How much did it rain?\ndescription: The rain of four days.\n",
            "",
            ["templates/en/messages.yaml", "title", "description"],
            id="words that are missing, all at once",
        ),
    ],
)
def test_a_mistake_is_told_in_one_message(
    script: Small, name: str, old: str, new: str, fragments: list[str]
) -> None:
    script.edit(name, old, new)
    told = script.refusal("build/texts.checked")
    for fragment in fragments:
        assert fragment in told


def test_a_claim_that_reads_an_unknown_fact_is_told_in_one_message(minimal: Small) -> None:
    minimal.edit("report/claims.py", '"die.expected"', '"die.expectd"')
    told = minimal.refusal("results/claims.json")
    assert "report/claims.py: fact 'die.expectd'" in told
    assert "a fact of config/facts.yaml" in told


# --- every element of the prose ---


def test_a_build_with_charts_says_nothing_of_errors(tmp_path: Path) -> None:
    """Snakemake tried to copy what another rule makes, and told on the terminal that it cannot."""
    article = Small(EXAMPLES / "kitchen-sink", tmp_path / "article")
    planned = Project(article.folder, ()).snakemake("--dry-run")
    assert planned.returncode == 0
    assert "Exception" not in planned.stdout + planned.stderr


@pytest.fixture(scope="module")
def sink(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """Give the article with every element of the prose, built."""
    article = Small(EXAMPLES / "kitchen-sink", tmp_path_factory.mktemp("sink") / "article")
    article.build()
    return article


def test_the_kitchen_sink_is_printed_with_every_element(sink: Small) -> None:
    article = sink
    assert article.dead_links() == set()
    for language in ("en", "zh"):
        page = article.page(language)
        (section,) = page.xpath("//section[h2/@id='sec-elements']")
        for path, count in (
            *(("h2", 1), ("h3", 5), ("h4", 1), ("figure//td", 134), ("dl/dd", 2)),
            ("figure[@id='lst-mean']/pre//span", 4),
            *(
                (".//sub", 1),
                (".//sup[not(a)]", 5),
                (".//*[@class='note-mark']/a", 5),
                (".//s", 1),
                ("blockquote", 1),
                ("aside", 2),
            ),
            *((".//*[@role='note']", 4), (".//*[@class='task']", 2), ("div[@id='thm-mean']", 1)),
            *((".//math[@display='block']", 9), (".//div[@id='eq-mean']", 1)),
            *(
                (".//div[@id='eq-square']/a[@href='#eq-square']", 1),
                (".//span[@class='long wide']", 1),
            ),
        ):
            assert len(section.xpath(path)) == count, (language, path)
        for name, heads, rows in (("polyhedra", 8, 5), ("running", 2, 70), ("heads", 4, 4)):
            (table,) = section.xpath(f".//figure[@id='tab-{name}']//table")
            assert table.xpath("count(thead//th)") == heads, (language, name)
            assert table.xpath("count(tbody/tr)") == rows, (language, name)
        assert section.xpath("string(.//*[@id='row-polyhedra-3']/td[1])") == "8"
        heading = page.xpath("//nav//li/a[@href='#sec-elements']")[0]
        assert len(heading.xpath(".//math")) == 1
        assert not heading.xpath(".//*[@role='note']")
        pdf = article.site / language / f"kitchen-sink.{language}.pdf"
        with pikepdf.open(pdf) as printed:
            turned = [page.mediabox[2] > page.mediabox[3] for page in printed.pages]
        assert turned.count(True) == 1
        (section,) = page.xpath("//section[h2/@id='sec-pictures']")
        assert section.xpath(".//a[@href='#fig-parts-a'][1]/text()")[0][-2:] == "3a"
        assert section.xpath(".//div[@class='panel']/@id") == [f"fig-parts-{x}" for x in "abc"]
        assert section.xpath(".//figure[@id='fig-faces']//source/@srcset") == [
            f"../figures/{language}/faces.dark.svg"
        ]
        assert page.xpath("//figure[@id='fig-means']/@data-chart") == [
            f"../figures/{language}/means.vl.json"
        ]
        assert "../assets/charts.js" in page.xpath("//script/@src")
    assert "vega" in (article.site / "assets/vega.js").read_text("utf-8")
    crate = json.loads((article.site / "ro-crate-metadata.json").read_text("utf-8"))
    (picture,) = (each for each in crate["@graph"] if each["@id"] == "pictures/dice.png")
    assert picture["creditText"] == "Drawn for this article."
    assert picture["license"] == {"@id": "https://creativecommons.org/licenses/by/4.0/"}
    origins = html.parse(article.site / "en/provenance.html").getroot()
    told = "".join(origins.get_element_by_id("figure-faces").itertext())
    for words in (
        "results/faces.en.light.svg, results/faces.en.dark.svg",
        "figure_picture ← faces",
        "plots/faces.py",
    ):
        assert words in told
    text = " ".join(article.page("en").text_content().split())
    for words in (
        "a place in a work [1, p. 460], see [2, Sect. 2]",
        "Knuth and Yao [3] study how coins make dice, and Mölder et al. [2, Sect. 2] describe",
        "Figure 1 is a figure, Table 1 a table, (1) an equation, Theorem 1 a theorem",
        "Sections 2, 2.1 and 2.1.1 are several at once",
        "Algorithm 1 is an algorithm, whose steps have letters within.",
        "“straight quotes” – as a keyboard has them – and sets them as English does…",
        "The command is throw --times 600, and 600 throws are linked.",
        "An asterisk* and a dollar$ are text.",
        "Figure 3a is one of its panels, and Figures 3a–c are all of them.",
        "(a) The die from above.",
        "Source: Drawn for this article. Licence: CC BY 4.0",
        "Figure 1 shows how it got there; Appendix A derives it, and Appendix B lists more.",
        "[5] is cited here alone, and so is on no list of paper.",
        "An appendix has a letter, and so has what stands in it, as (A1) and Table A1.",
        "Appendices A and B are the appendices, Appendices A and A.1 an appendix and a part of it, "
        "and Without a number has no number.",
        "Only the screen shows this sentence, with 600 throws.",
        "Quarto’s way to say the same is understood.",
        "an edge of 16 mm, which is 1.6 cm",
        "Its density is (1.183 ± 0.004) g cm⁻³, or 1.183(4) g cm⁻³, so that it weighs 4.85 g.",
        "at 2.5 m/s, or 2.5 m s⁻¹, in a room of 21 °C, which are 294.15 K",
        "The mean is 3.62 ± 0.07, with an interval of [3.48, 3.76]. It differs by +0.12 from 3.5",
        "lie within 3.5–3.62.",
        "faces come in 31%, 32% and 37% of the throws",
        "that is < 0.001.",
        "Among the first ten throws one six came up; the first throw was the first six, the 1st",
        "All 600 throws were counted.",
        '--speed "2.5 m/s" --edge 1.6, and 1.183 g cm⁻³ is a link.',
        "(4) is the last of them.",
        "as (P) has.",
    ):
        assert words in text
    chinese = "".join(article.page("zh").text_content().replace(WORD_JOINER, "").split())
    for words in (
        "“直引号”——键盘上的那种",
        "这里换行不会留下空格",
        "Knuth和Yao[3]讨论了",
        "定理1（大数定律）",
        "图3a是其中一幅，图3a–c是全部。",
        "附录A推导它，附录B是其他内容",
        "附录A期望值",
        "密度为(1.183±0.004)gcm⁻³，或写作1.183(4)gcm⁻³，因此质量为4.85g。",
        "在3.5～3.62之间",
        "头十次里有一个六点；第一次掷出了头一个六点，用数字写是第1次。全部600次都计算在内。",
    ):
        assert words in chinese


def test_the_kitchen_sink_credits_its_people_and_gives_its_parts_their_places(
    sink: Small,
) -> None:
    """Title block, lead, key points, appendices, statements and files, on screen and on paper."""
    for language, names in (
        ("en", ["Ada Example", "Max von Muster Jr.", "Zhang San", "The Dice Consortium"]),
        ("zh", ["Ada Example", "马克斯·冯·穆斯特", "张三", "骰子协作组"]),
    ):
        page = sink.page(language)
        shown = [each.text for each in page.find_class("author")]
        assert shown == names
        assert page.xpath("//meta[@name='author']/@content") == names
        assert len(page.xpath("//aside[@class='lead']/figure[@id='fig-mean']")) == 1
        assert len(page.xpath("//aside[@class='key-points']//li")) == 3
        front = page.xpath("//body/*[@class='title-block' or @class='front' or @class='abstract']")
        assert [each.get("class") for each in front] == ["title-block", "front", "abstract"]
        ids = [each.get("id") for each in page.xpath("//section/h2[@id]")]
        assert ids[ids.index("sec-derivation") :] == [
            *("sec-derivation", "sec-others", "sec-longer", "sec-contributions", "sec-funding"),
            *("sec-acknowledgements", "sec-competing_interests", "sec-data_availability"),
            *("sec-code_availability", "sec-ethics", "sec-supplements", "references", "cite"),
        ]
        assert not page.xpath("//*[@class='web-only' or @class='paper-only']")
        numbers = [each[0].text for each in page.xpath("//nav[@class='contents']/ol/li/a")]
        assert numbers[numbers.index("A") :][:4] == ["A", "B", "C", None]
        with pikepdf.open(sink.site / language / f"kitchen-sink.{language}.pdf") as pdf:
            assert pdf.docinfo["/Author"] == ", ".join(names)
            assert "protocol.txt" in pdf.attachments
            metadata = etree.fromstring(pdf.Root.Metadata.read_bytes())
            said = metadata.xpath("//*[local-name()='creator']//*[local-name()='li']/text()")
            assert said == names
    assert (sink.site / "supplement/protocol.txt").read_text().startswith("Protocol\n")
    listed = sink.page("en").xpath("string(//ul[@class='supplements']/li)")
    size = "64\N{NO-BREAK SPACE}B"
    assert listed.startswith(f"Protocol. How the die was thrown. protocol.txt ({size}; CC0-1.0; ")
    chooser = (sink.site / "index.html").read_text("utf-8")
    assert '<span class="byline">Ada Example, Max von Muster Jr., ' in chooser


def test_paper_and_screen_of_the_kitchen_sink_have_each_what_is_theirs(sink: Small) -> None:
    page = sink.page("en").text_content()
    assert "Only the paper shows this sentence" not in page
    printed = subprocess.run(
        ["pdftotext", sink.site / "en/kitchen-sink.en.pdf", "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "Only the paper shows this sentence, with 600 throws." in printed
    assert "Only the screen" not in printed
    assert "Quarto" not in printed
    assert "0000-0002-1825-0097" in printed
    assert "Contents" not in printed  # a short paper is found through without a list
    with pikepdf.open(sink.site / "en/kitchen-sink.en.pdf") as pdf, pdf.open_outline() as outline:
        assert len(outline.root) > 5


def test_paper_lists_the_appendix_of_the_web_and_leads_to_it(sink: Small) -> None:
    """The screen has it, with the works that nothing else cites; both name it alike."""
    home = "https://example.org/kitchen-sink/v1.0.0"
    named = "Appendix C has Figure C1 and Table C1 and (C1) besides."
    page = sink.page("en")
    assert named in " ".join(page.text_content().split())
    assert len(page.xpath("//section[h2/@id='sec-longer']//figure")) == 2
    assert len(page.xpath("//li[@id='ref-feller1968']")) == 1
    assert not page.xpath("//*[@id='web-appendices']")
    pdf = sink.site / "en/kitchen-sink.en.pdf"
    printed = " ".join(
        subprocess.run(
            ["pdftotext", pdf, "-"], capture_output=True, text=True, check=True
        ).stdout.split()
    )
    assert named in printed
    assert "Appendix C What paper has no room for" in printed
    assert "Only the screen has this appendix" not in printed
    assert "Feller" not in printed
    with pikepdf.open(pdf) as opened:
        leads = [str(each["/A"]["/URI"]) for each in opened.objects if is_link(each)]
    for target in ("#sec-longer", "#fig-closer", "#tab-opposite", "#eq-opposite"):
        assert f"{home}/en/{target}" in leads
    assert any(each.startswith(f"{home}/en/provenance.html#fact-die.") for each in leads)


def is_link(each: Any) -> bool:
    """Tell whether an object of a PDF is a link that leads out of it."""
    action = each.get("/A") if isinstance(each, pikepdf.Dictionary) else None
    return isinstance(action, pikepdf.Dictionary) and "/URI" in action


# --- three languages ---


@pytest.fixture(scope="module")
def leads(tmp_path_factory: pytest.TempPathFactory) -> Small:
    """Give the article in three languages, as far as it is built without drawing."""
    article = Small(EXAMPLES / "leads", tmp_path_factory.mktemp("leads") / "article")
    charts = [f"results/leaders.{code}.vl.json" for code in ("en", "zh", "de")]
    article.build("build/texts.checked", *charts)
    return article


def test_the_games_are_as_lopsided_as_the_arcsine_law_has_them(leads: Small) -> None:
    rows = (leads.folder / "results/lengths.csv").read_text("utf-8").splitlines()[1:]
    values = [[float(cell) for cell in row.split(",")] for row in rows]
    assert [row[0] for row in values] == [20, 200, 2000]
    # By hand: of twenty tosses one side leads ten, or at least eighteen.
    assert values[0][5] == comb(10, 5) ** 2 / 2**20
    assert values[0][6] == pytest.approx(2 * (comb(20, 10) + 2 * comb(18, 9)) / 2**20)
    for _, ties, close, lopsided, *exact in values:
        assert [ties, close, lopsided] == pytest.approx(exact, abs=0.02, rel=0.02)
    claims = json.loads((leads.folder / "results/claims.json").read_text("utf-8"))
    assert {name: each["verdict"] for name, each in claims.items()} == {
        "lopsided": "supported",
        "lasting": "supported",
    }


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            [
                "In 41.5% [40.5%, 42.5%] of 10,000 fair games",
                "leads for at least 90% of the 2000 tosses",
                "by −1.1 percentage points (Table 1)",
                "“Ahead for most of the time” is a statement",
                "Figure 1Who leads in the first 40 games.",
                "1 December 2026",
                "along continuous paths, and Chung and Feller [2] how",
                "its name [3, Ch. III]",
                "References P. Lévy, ‘Sur certains processus stochastiques homogènes’, ",
            ],
        ),
        (
            "zh",
            [
                "可是有 41.5%[40.5%, 42.5%]的对局（共 10,000 局）",
                "只有 −1.1 个百分点（表 1）",
                "“大部分时间领先”说的只是",
                "图 1前 40 局由谁领先。",
                "2026年12月1日",
                "Chung 和 Feller[2]求出了",
                "[3, 第 III 章]。",
                "参考文献 LÉVY P. Sur certains",
            ],
        ),
        (
            "de",
            [
                "In 41,5 % [40,5 %; 42,5 %] von 10.000 fairen Spielen",
                "mindestens 90 % der 2.000 Würfe",
                "um −1,1 Prozentpunkte (Tabelle 1)",
                "„Meistens in Führung“ ist eine Aussage",
                "Abbildung 1Wer in den ersten 40 Spielen führt.",
                "1. Dezember 2026",
                "auf stetigen Pfaden verteilt, Chung und Feller [2], wie",
                "seinen Namen [3, Kap. III]",
                "Zusammenfassung In",
                "Literatur P. Lévy, „Sur certains processus stochastiques homogènes“, Compositio "
                "Mathematica, Bd. 7, S. 283–339, 1939.",
                "3. Aufl., Bd. 1. New York: Wiley, 1968.",
            ],
        ),
    ],
)
def test_three_languages_print_numbers_dates_quotations_and_works_each_in_its_way(
    leads: Small, language: str, words: list[str]
) -> None:
    page = html.parse(leads.folder / f"build/composed/{language}.html").getroot()
    text = " ".join(page.text_content().replace(WORD_JOINER, "").split())
    for each in words:
        assert each in text


def test_the_chart_speaks_each_language(leads: Small) -> None:
    for language, tosses, measured in (
        ("en", "2000", "measured"),
        ("zh", "2000", "实测"),
        ("de", "2.000", "gemessen"),
    ):
        file = leads.folder / f"results/leaders.{language}.vl.json"
        chart = json.loads(file.read_text("utf-8"))
        assert chart["params"][0]["bind"]["labels"][-1] == tosses
        assert chart["layer"][0]["encoding"]["color"] == {"datum": measured}
        rows = chart["data"]["values"]
        assert [round(row["measured"], 4) for row in rows if row["tosses"] == 2000][-1] == 0.4149


@pytest.mark.nightly
def test_the_article_in_three_languages_is_published_whole(leads: Small) -> None:
    leads.build()
    assert leads.dead_links() == set()
    for language in ("en", "zh", "de"):
        with pikepdf.open(leads.site / language / f"leads.{language}.pdf") as printed:
            assert len(printed.pages) <= 4
    assert len(leads.page("de").xpath("//figure[@data-chart]")) == 1


# --- an analysis in R ---


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="there is no R (Debian: r-base-core)")
def test_r_measures_and_draws_the_geyser(tmp_path: Path) -> None:
    article = Small(EXAMPLES / "geyser", tmp_path / "article")
    article.build(
        "build/checked.json",
        "build/web/figures/en/waiting.dark.svg",
        "build/web/en/provenance.html",
    )
    facts = article.facts()
    slope = facts["line.slope"]
    assert round(slope["value"], 4) == 10.7296
    assert [round(end, 4) for end in slope["interval"]] == [10.11, 11.3493]
    assert slope["n"] == 272
    assert round(facts["line.explained"]["value"], 4) == 0.8115
    assert round(facts["short.wait"]["value"], 4) == 54.4948
    assert round(facts["long.wait"]["value"], 4) == 79.9886
    drawn = (article.folder / "build/web/figures/en/waiting.dark.svg").read_text("utf-8")
    assert "#6cc0f5" in drawn.lower() or "rgb(42.35" in drawn
    claims = json.loads((article.folder / "results/claims.json").read_text("utf-8"))
    assert claims["foretold"]["verdict"] == "supported"
    origins = json.loads((article.folder / "build/provenance.json").read_text("utf-8"))
    model = origins["rules"]["model"]
    assert model["code"] == ["analysis/model.R"]
    assert re.fullmatch(r"R \d+\.\d+\.\d+", *model["programs"])
    assert origins["figures"]["waiting"]["scripts"] == ["analysis/picture.R"]
    page = html.parse(article.folder / "build/web/en/provenance.html").getroot()
    told = page.get_element_by_id("rule-model").text_content()
    assert "analysis/model.R" in told
    assert model["programs"][0] in told
    assert "analysis/picture.R" in page.get_element_by_id("figure-waiting").text_content()

"""Every number, figure, table and claim leads to its data, rules, settings and commit."""

from __future__ import annotations

import csv
import json
import math
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lxml import html
from lxml.html import HtmlElement
from playwright.sync_api import Browser, Page, expect

from juchi.core.records import read_json
from juchi.html.provenance_page import pictures
from juchi.plan.plan import is_fact
from juchi.plan.settings import load_settings
from juchi.plan.yaml_files import read_yaml
from juchi.prose.calls import read_messages
from juchi.prose.reading import quotes
from juchi.prose.source import read_source
from juchi.provenance.source_links import built_from, file_link
from juchi.results.layout import PARTS, published, result_file
from report.calls import RESULTS
from tests.project import ROOT, Project
from tests.samples import TRACED, Sample, declared_jobs
from tests.serving import opened, serving

NIGHTLY = pytest.mark.nightly
COMMIT = "0123456789abcdef" * 2 + "01234567"
ARTICLE = {
    "commit_address": "https://example.org/c/{commit}",
    "file_address": "https://example.org/f/{commit}/{path}",
}


@pytest.fixture(scope="session")
def site(built: Project) -> Path:
    return built.folder / "build" / "site"


@pytest.fixture(scope="session")
def entries(site: Path) -> Any:
    return json.loads((site / "data" / "provenance.json").read_text("utf-8"))


@pytest.fixture
def page(site: Path, language: str) -> HtmlElement:
    return html.document_fromstring((site / language / "provenance.html").read_text("utf-8"))


@cache
def lines(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def rows(file: Path, conditions: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the rows of a CSV in which columns have these values."""

    def fits(row: Mapping[str, str]) -> bool:
        return all(
            row[column] == value if isinstance(value, str) else float(row[column]) == value
            for column, value in conditions.items()
        )

    return [row for row in lines(file) if fits(row)]


# --- each number against its data ---

STATISTICS: dict[str, Callable[[list[float]], Any]] = {
    "mean": np.mean,
    "share": np.mean,
    "count": np.count_nonzero,
    "median": np.median,
    "smallest": np.min,
    "largest": np.max,
}


def numeral(text: str) -> float:
    return float(text == "True") if text in ("True", "False") else float(text)


def recomputed(entry: Mapping[str, Any], entries: Any, site: Path) -> Any:
    """Return what the data give by the words of an entry, without the code that made the fact."""
    taken = entry["taken"]
    if "expression" in taken:
        parts = {name: recomputed(entries["facts"][name], entries, site) for name in taken["parts"]}
        return worked_out(taken["expression"], parts)
    if "setting" in taken:
        return setting(entry["configuration"][0], taken["setting"], entry, site)
    found = rows(site / entry["data"][0], taken["rows"])
    values = [numeral(row[taken["column"]]) for row in found]
    if "statistic" not in taken:
        (value,) = values
        return value
    assert len(values) == entry["n"]
    return STATISTICS[taken["statistic"]](values)


def worked_out(expression: str, parts: Mapping[str, float]) -> float:
    """Return the value of an expression of numbers by their dotted names, as Python has it."""
    names = {name: name.replace(".", "__") for name in parts}
    for name, plain in names.items():
        expression = re.sub(rf"\b{re.escape(name)}\b", plain, expression)
    value = eval(expression, vars(math) | {plain: parts[name] for name, plain in names.items()})
    return float(value)


def setting(place: str, key: str, entry: Mapping[str, Any], site: Path) -> Any:
    """Return a setting from the published configuration."""
    configuration = json.loads((site / "data" / "configuration.json").read_text("utf-8"))
    if entry["experiments"]:
        return configuration["experiments"][entry["experiments"][0]]["settings"][key]
    if place.startswith("config/thresholds.yaml"):
        return configuration["thresholds"][key]["value"]
    return configuration[key]


def test_every_fact_follows_from_the_data_that_its_entry_names(site: Path, entries: Any) -> None:
    facts = json.loads((site / "data" / "facts.json").read_text("utf-8"))
    assert entries["facts"].keys() == facts.keys()
    for name, entry in entries["facts"].items():
        assert entry["value"] == facts[name]["value"]
        assert recomputed(entry, entries, site) == pytest.approx(entry["value"], rel=1e-12), name


def test_every_setting_stands_where_its_entry_says(entries: Any, built: Project) -> None:
    overlay = read_yaml(built.folder / "config" / "smoke.yaml")
    settings = load_settings(built.folder / "config", overlay)
    checked = 0
    for entry in entries["facts"].values():
        for place in entry["configuration"]:
            file, _, key = place.partition(": ")
            value: Any = settings[Path(file).stem]
            for part in key.split("."):
                value = value[part]
            if "setting" in entry["taken"]:
                stated = value["value"] if file.endswith("thresholds.yaml") else value
                assert stated == entry["value"], place
                checked += 1
    assert checked > 50


# --- every quoted thing has an entry ---


def test_whatever_the_prose_quotes_has_an_entry(sample: Sample, entries: Any) -> None:
    kinds = {"fact": "facts", "figure": "figures", "table": "tables", "claim": "claims"}
    quoted = [
        quote
        for path in sample.prose(sample.plan.languages[0])
        for quote in quotes(read_source(path), path)
        if quote.kind in kinds
    ]
    assert {quote.kind for quote in quoted} == set(kinds)
    for quote in quoted:
        assert quote.names[0] in entries[kinds[quote.kind]], quote


def test_all_data_and_code_that_entries_name_exist(site: Path, entries: Any) -> None:
    for kind in ("facts", "figures", "tables", "claims"):
        for name, entry in entries[kind].items():
            assert all((site / file).is_file() for file in entry["data"]), name
            assert kind == "facts" or (ROOT / entry["code"]).is_file()
    for rule in entries["rules"].values():
        assert all((ROOT / path).is_file() for path in rule["code"])


def test_a_figure_names_all_that_it_draws_from(sample: Sample, entries: Any) -> None:
    for name, entry in entries["figures"].items():
        tables = sample.plan.figure_tables(name)
        files = dict.fromkeys(f"data/{published(table)}" for table in tables)
        assert entry["data"] == [*files]
        patterns = [*filter(is_fact, sample.plan.article["figures"][name]["draws"])]
        assert bool(entry["facts"]) == bool(patterns)


def test_experiments_have_their_settings_and_the_place_of_each(
    sample: Sample, entries: Any
) -> None:
    plan = sample.plan
    assert entries["experiments"].keys() == {*plan.configurations, *plan.analyses}
    momentum = entries["experiments"]["momentum"]
    assert momentum["experiment"] == "one_weight"
    assert momentum["declared"] == "experiments.one_weight.configurations.momentum"
    assert momentum["common"] == "experiments.one_weight.common"
    assert momentum["like"] == "post"
    assert momentum["settings"]["momentum"] == 0.9
    assert momentum["places"]["momentum"] == momentum["declared"]
    assert momentum["places"]["learning_rate"] == momentum["common"]
    # What a configuration has from the one that it is like stands where that one declares it.
    longer = entries["experiments"]["tanh_long"]
    assert (longer["like"], longer["settings"]["activation"]) == ("tanh", "tanh")
    assert longer["places"]["activation"] == "experiments.one_weight.configurations.tanh"
    tanh = entries["experiments"]["digits_tanh"]
    assert tanh["declared"] == "experiments.digits.configurations.digits_tanh"
    assert tanh["code"] == "experiments/digits.py"
    assert tanh["outputs"] == [result_file("digits", "digits_tanh", part) for part in PARTS]
    compared = entries["experiments"]["trajectory_comparison"]
    assert (compared["experiment"], compared["common"]) == (None, None)
    assert compared["declared"] == "analyses.trajectory_comparison"
    assert compared["reads"] == ["post", "control", "listing"]
    assert compared["places"]["meaningful_error"] == compared["declared"]
    assert compared["code"] == "experiments/trajectory_comparison.py"
    for entry in entries["experiments"].values():
        assert entry["settings"].keys() == entry["places"].keys()


# --- rules and command lines ---


def test_the_rules_are_those_of_the_snakefile(entries: Any) -> None:
    files = [ROOT / "Snakefile", *(ROOT / "juchi" / "workflow").glob("*.smk")]
    rules = "".join(path.read_text("utf-8") for path in files)
    declared = set(re.findall(r"^rule (\w+):$", rules, re.M))
    assert set(entries["rules"]) == set(TRACED) <= declared
    for kind in ("facts", "figures", "tables", "claims"):
        for entry in entries[kind].values():
            assert set(entry["rules"]) <= set(entries["rules"])


@pytest.mark.parametrize(
    "target",
    [
        "results/one_weight/momentum.samples.parquet",
        "results/analyses/paths.curves.parquet",
        "results/facts.json",
    ],
)
def test_a_command_is_the_one_that_snakemake_prints(
    built: Project, entries: Any, target: str
) -> None:
    printed = built.snakemake("--dry-run", "--printshellcmds", "--quiet", "host", "--force", target)
    runs = [run for rule in entries["rules"].values() for run in rule["runs"]]
    (command,) = (run["command"] for run in runs if target in run["outputs"])
    assert command in printed.stdout + printed.stderr


def test_a_chain_follows_an_experiment_alone(entries: Any) -> None:
    flip = entries["facts"]["post.flip_share"]
    assert flip["rules"] == ["facts", "experiment"]
    assert flip["experiments"] == ["post"]
    pair = entries["facts"]["comparison.sigmoid_centred_steps_difference"]
    assert pair["rules"] == ["facts", "analysis", "experiment"]
    digits = [name for name in entries["experiments"] if name.startswith("digits_")]
    read = entries["experiments"]["comparison"]["reads"]
    assert pair["experiments"] == ["comparison", *read]
    assert sorted(read) == sorted(digits)
    difference = entries["facts"]["control.max_difference"]
    assert difference["experiments"] == ["trajectory_comparison", "post", "control", "listing"]
    ratio = entries["facts"]["post.rate_ratio"]
    assert ratio["taken"] == {
        "expression": "post.learning_rate / post.eta_star",
        "parts": ["post.learning_rate", "post.eta_star"],
    }
    assert ratio["experiments"] == ["post"]
    assert entries["facts"]["threshold.gone"]["experiments"] == []


def test_jobs_are_traced_once_and_without_code(sample: Sample) -> None:
    outputs = [file for job in declared_jobs() for file in job["outputs"]]
    assert len(outputs) == len(set(outputs))
    wildcards = [(job["rule"], job["wildcards"]) for job in declared_jobs()]
    carried_out = {each["configuration"] for rule, each in wildcards if rule == "experiment"}
    assert carried_out == set(sample.plan.configurations)
    analysed = {each["analysis"] for rule, each in wildcards if rule == "analysis"}
    assert analysed == set(sample.plan.analyses)
    inputs = [f for job in declared_jobs() for files in job["inputs"].values() for f in files]
    # What an analysis reads as data may be a script.
    assert {file for file in inputs if file.endswith(".py")} <= {"experiments/data/sawtooth.py"}


# --- the commit ---


def test_the_commit_is_named_and_linked() -> None:
    words = {"clean": "from {commit}.", "dirty": "changed since {commit}.", "none": "unknown"}
    clean = built_from(ARTICLE, {"commit": COMMIT, "dirty": False}, words)
    link = f'<a href="https://example.org/c/{COMMIT}"><code>{COMMIT[:7]}</code></a>'
    assert clean == f"from {link}."
    assert built_from(ARTICLE, {"commit": COMMIT, "dirty": True}, words) == f"changed since {link}."
    assert built_from(ARTICLE, {"commit": None, "dirty": False}, words) == "unknown"


def test_code_is_linked_where_there_is_a_commit() -> None:
    there = file_link("juchi/cli.py", ARTICLE, {"commit": COMMIT, "dirty": False})
    assert (
        there
        == f'<a href="https://example.org/f/{COMMIT}/juchi/cli.py"><code>juchi/cli.py</code></a>'
    )
    name = "<code>juchi/cli.py</code>"
    assert file_link("juchi/cli.py", ARTICLE, {"commit": None, "dirty": False}) == name
    # One that is not the project's.
    away = file_link("a/b.py", ARTICLE, {"commit": COMMIT, "dirty": False})
    assert away == "<code>a/b.py</code>"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "clean"),
        ("zh", "dirty"),
        *(pytest.param(*each, marks=NIGHTLY) for each in (("en", "dirty"), ("zh", "clean"))),
    ],
)
def test_pages_and_manifest_tell_the_commit(
    sample: Sample, tmp_path: Path, language: str, words: str
) -> None:
    copy = Sample(ROOT, tmp_path)
    for made in (sample.file("jobs"), *map(sample.table, sample.plan.tables_of("", RESULTS))):
        shutil.copy2(made, tmp_path)
    revision = {"commit": COMMIT, "dirty": words == "dirty"}
    (tmp_path / "revision.json").write_text(json.dumps(revision), "utf-8")
    said = read_messages(ROOT / "templates" / language / "messages.yaml")["provenance"]["commit"][
        words
    ]
    for path in (copy.composed(language), copy.provenance_page(language), copy.appendix(language)):
        text = html.fromstring(path.read_text("utf-8")).text_content()
        assert said.format(commit=COMMIT[:7]) in text, path


def test_without_a_repository_the_pages_say_so(page: HtmlElement, language: str) -> None:
    said = read_messages(ROOT / "templates" / language / "messages.yaml")["provenance"]["commit"][
        "none"
    ]
    assert said in page.text_content()


# --- the page and the appendix ---


def test_every_link_of_both_pages_resolves(site: Path, language: str) -> None:
    ids: dict[str, set[str]] = {}
    for name in ("index", "provenance"):
        root = html.document_fromstring((site / language / f"{name}.html").read_text("utf-8"))
        ids[f"{name}.html"] = set(root.xpath("//@id"))
    checked = 0
    for name in ids:
        root = html.document_fromstring((site / language / name).read_text("utf-8"))
        for address in root.xpath("//main//a/@href | //footer//a/@href"):
            file, _, target = address.partition("#")
            if "://" in address:
                continue
            assert (site / language / (file or name)).resolve().is_file(), address
            if target:
                assert target in ids[file or name], address
            checked += 1
    assert checked > 500


def test_the_page_has_an_entry_for_everything(page: HtmlElement, entries: Any) -> None:
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    for kind in ("fact", "figure", "table", "claim", "rule"):
        for name in entries[f"{kind}s"]:
            assert f"{kind}-{name}" in ids
    assert {f"subject-{name}" for name in entries["experiments"]} <= set(ids)
    cells = page.get_element_by_id("fact-post.flip_share").xpath("td")
    assert float(cells[3].text_content()) == entries["facts"]["post.flip_share"]["value"]


def test_a_changed_result_changes_the_printed_entry(
    sample: Sample, tmp_path: Path, language: str
) -> None:
    copy = Sample(ROOT, tmp_path)
    shutil.copy2(sample.file("jobs"), tmp_path)
    shutil.copytree(sample.composed(language).parent, tmp_path / "composed")

    def printed() -> str:
        root = html.document_fromstring(copy.provenance_page(language).read_text("utf-8"))
        return str(root.get_element_by_id("fact-post.flip_share").text_content())

    before = printed()
    facts = json.loads(copy.file("facts").read_text("utf-8"))
    facts["post.flip_share"] |= {"value": 0.625, "interval": [0.5, 0.75]}
    copy.file("facts").write_text(json.dumps(facts), "utf-8")
    copy.provenance_page(language).unlink()
    del copy.provenance
    after = printed()
    assert "0.625" in after
    assert before != after


def test_a_claim_that_can_always_be_judged_says_no_precondition(
    sample: Sample, tmp_path: Path, language: str
) -> None:
    copy = Sample(ROOT, tmp_path)
    shutil.copy2(sample.file("jobs"), tmp_path)
    shutil.copytree(sample.composed(language).parent, tmp_path / "composed")
    claims = read_json(copy.file("claims"))
    name = next(name for name, entry in claims.items() if entry["preconditions"])
    others = next(
        other for other, entry in claims.items() if other != name and entry["preconditions"]
    )
    claims[name]["preconditions"] = {}
    copy.file("claims").write_text(json.dumps(claims), "utf-8")
    page = html.document_fromstring(copy.provenance_page(language).read_text("utf-8"))
    provided = read_messages(ROOT / f"templates/{language}/messages.yaml")["tables"]["provided"]
    assert provided.strip() not in page.get_element_by_id(f"claim-{name}").text_content()
    assert provided.strip() in page.get_element_by_id(f"claim-{others}").text_content()


@pytest.mark.parametrize(
    ("picture", "files"),
    [
        ("results/a.{theme}.{language}.svg", ["results/a.light.de.svg", "results/a.dark.de.svg"]),
        ("results/a.png", ["results/a.png"]),
    ],
)
def test_pictures_that_rules_make_are_named_by_their_files(picture: str, files: list[str]) -> None:
    named = [each.striptags() for each in pictures({"picture": picture}, "de")]
    assert named == files


def test_the_appendix_names_what_the_pdf_carries(sample: Sample, language: str) -> None:
    """The four records one by one, the results together; and how to look up a number."""
    sample.provenance_page(language)
    words = read_messages(ROOT / "templates" / language / "messages.yaml")
    part = html.fragment_fromstring(sample.appendix(language).read_text("utf-8"))
    named = part.xpath(".//li/code/text()")
    assert named == ["facts.json", "claims.json", "configuration.json", "provenance.json"]
    entries = read_json(sample.provenance).values()
    files = {
        Path(file).name
        for kind in entries
        if isinstance(kind, dict)
        for entry in kind.values()
        if isinstance(entry, dict)
        for file in entry.get("data", ())
    }
    results = [name for name in files if name.endswith(".csv")]
    together = words["provenance"]["several_files"].format(kind="CSV", number=len(results))
    assert together in part.xpath("string(.//li[last()])")
    assert words["provenance"]["look_up"] in part.text_content()
    assert len(part.xpath(".//li")) == len(named) + 1
    assert not part.xpath(".//a")  # nothing is published


def test_the_appendix_of_a_published_article_leads_to_its_page(
    published: Sample, language: str
) -> None:
    published.provenance_page(language)
    part = html.fragment_fromstring(published.appendix(language).read_text("utf-8"))
    address = f"{published.editions[language].permanent}provenance.html"
    assert address in part.xpath(".//a/@href")


# --- in a real browser ---


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    with serving(site) as address:
        yield address


@pytest.fixture
def reader(chromium: Browser, address: str, language: str) -> Iterator[Page]:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{address}/{language}/index.html")
    yield page
    context.close()


def test_without_scripts_a_click_on_a_number_leads_to_its_entry(
    chromium: Browser, site: Path, language: str
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((site / language / "index.html").as_uri())
    link = page.locator("main a:has(> data)").first
    target = str(link.get_attribute("href"))
    link.click()
    page.wait_for_url(f"**/{target}")
    expect(page.locator("tr:target")).to_be_in_viewport()
    context.close()


def test_a_click_on_a_number_shows_its_entry_in_place(reader: Page, entries: Any) -> None:
    link = reader.locator("main a:has(> data)").first
    address = str(link.get_attribute("href"))
    entry = entries["facts"][address.removeprefix("provenance.html#fact-")]
    link.click()
    card = reader.get_by_role("dialog")
    expect(card).to_be_in_viewport()
    expect(card).to_be_focused()
    shown = card.inner_text()
    assert Path(entry["data"][0]).name in shown
    assert str(entry["value"]).strip("[]").replace(",", "") in shown
    card.get_by_role("link").last.click()
    reader.wait_for_url(f"**/{address}")
    expect(reader.locator("tr:target")).to_be_in_viewport()


def test_a_card_is_opened_and_closed_by_keyboard(reader: Page) -> None:
    link = reader.locator("main a:has(> data)").first
    link.focus()
    reader.keyboard.press("Enter")
    expect(reader.get_by_role("dialog")).to_be_visible()
    expect(link).to_have_attribute("aria-expanded", "true")
    reader.keyboard.press("Escape")
    expect(reader.locator(".card")).to_be_hidden()
    expect(link).to_be_focused()
    expect(link).to_have_attribute("aria-expanded", "false")


def test_with_a_modifier_a_number_is_an_ordinary_link(reader: Page) -> None:
    with reader.context.expect_page() as opened:
        reader.locator("main a:has(> data)").first.click(modifiers=["Control"])
    assert "provenance.html#fact-" in opened.value.url
    assert reader.locator(".card:popover-open").count() == 0


def test_where_the_entries_cannot_be_read_the_link_leads_to_them(
    chromium: Browser, site: Path, language: str
) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto((site / language / "index.html").as_uri())
    page.locator("main a:has(> data)").first.click()
    page.wait_for_url("**/provenance.html#fact-*")
    context.close()


@pytest.mark.parametrize("width", [1280, 360])
def test_the_page_of_provenance_fits_its_window(
    chromium: Browser, address: str, language: str, width: int
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 800})
    assert opened(page, f"{address}/{language}/provenance.html") == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()

"""The PDF's promises, PDF/A-3a and PDF/UA-1: kept, and every check shown to see them broken."""

from __future__ import annotations

import io
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from lxml import html
from pikepdf import Array, Dictionary, Name, String

from juchi.core.errors import UserError
from juchi.pdf.archive import complete, read_record
from juchi.pdf.attachments import attach
from juchi.pdf.paper import print_pdf
from juchi.prose.calls import read_messages
from tests.access_checks import ACCESS
from tests.archive_checks import ARCHIVE, packet, said
from tests.pdf_content import Element, File
from tests.project import Project
from tests.samples import ARTICLE, LANGUAGES, ROOT
from tests.verapdf import PROFILES, validate

CHECKS = {**ARCHIVE, **{f"access: {name}": check for name, check in ACCESS.items()}}
DESCRIPTIONS = {"csv": "results ({name})", "facts.json": "every number"}

PAGE = """\
<html lang="en"><head><title>All &amp; sundry</title>
<meta name="author" content="The author"><meta name="description" content="What it is">
<meta name="keywords" content="one, two"><link rel="canonical" href="https://example.org/">
<meta name="dcterms.created" content="2026-01-02">
<meta name="dcterms.modified" content="2026-01-02">
<style>
@page { size: 60mm 90mm; margin: 10mm 5mm; @top-left { content: string(t) } }
h1 { string-set: t content(); bookmark-level: 1 }
.footnote { float: footnote } nav a { display: block }
nav a::after { content: leader(". ") target-counter(attr(href), page) }
</style></head><body>
<header><h1>Head</h1></header>
<nav><p>Contents</p><ol><li><a href="#one"><span>Part</span></a></li></ol></nav>
<main><section><h2 id="one">Part</h2>
<p>Some <em>words</em> of <span lang="it">parole</span>, <span class="math"><img
src="square.svg" alt="x"></span> and a note<span class="footnote">said in passing</span>.
<a href="https://example.org/a">A link that is broken over two lines</a></p>
<ul><li><p>first</p></li><li>second</li></ul>
<figure><img src="square.svg" alt="a square"><figcaption>Shown.</figcaption></figure>
<pre><code>a = 1</code></pre>
<figure class="table" id="tab-counted"><figcaption>Counted.</figcaption><div class="scroll"><table>
<thead><tr><th scope="col">Name</th><th scope="col">Value</th></tr></thead>
<tbody>ROWS</tbody></table></div></figure></section></main>
<footer><p>All rights: <a rel="license" href="https://example.org/l">free</a>.</p></footer>
</body></html>"""
HEADS = '<tr><th scope="col">Name</th><th scope="col">Value</th></tr>'
MERGED = (
    '<tr><th scope="col" id="a" rowspan="2">a</th><th scope="colgroup" id="g" colspan="2">g</th>'
    '</tr><tr><th scope="col" id="b">b</th><th scope="col" id="c">c</th></tr>'
)
ROW = '<tr><th scope="row">row</th><td>1</td></tr>'
SQUARE = """\
<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><rect width="20" height="20"/>
<image width="8" height="8" href="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFc\
SJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="/></svg>"""


def archived(folder: Path, page: str = PAGE) -> bytes:
    """Print a page with a little of everything, with two attached files."""
    (folder / "square.svg").write_text(SQUARE, "utf-8")
    data = folder / "data"
    data.mkdir(exist_ok=True)
    (data / "table.csv").write_text("a,b\n1,2\n", "utf-8")
    (data / "facts.json").write_text("{}", "utf-8")
    root = html.document_fromstring(page.replace("ROWS", 12 * ROW))
    record = read_record(root, Path("page.html"))
    printed = print_pdf(root, folder, Path("page.html"), figure_pdfs={})
    return complete(printed, record, ROOT / "juchi/theme/layout/packet.xmp.j2", data, DESCRIPTIONS)


@pytest.fixture(scope="module")
def little(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return archived(tmp_path_factory.mktemp("archived"))


@pytest.fixture
def file(little: bytes) -> Iterator[File]:
    with pikepdf.open(io.BytesIO(little)) as pdf:
        yield File(pdf)


def faults(pdf: pikepdf.Pdf) -> dict[str, list[str]]:
    """Return what the checks find in a PDF that has been changed since it was read."""
    file = File(pdf)
    access = {f"access: {name}": found for name, found in ACCESS.faults(file).items()}
    return {**ARCHIVE.faults(file), **access}


@pytest.mark.parametrize("name", CHECKS)
def test_a_page_with_everything_keeps_the_profiles(file: File, name: str) -> None:
    assert list(CHECKS[name](file)) == []


@pytest.mark.parametrize("name", CHECKS)
def test_the_article_keeps_the_profiles(papers: dict[str, File], language: str, name: str) -> None:
    assert list(CHECKS[name](papers[language])) == []


@pytest.fixture(scope="module")
def papers(built: Project) -> Iterator[dict[str, File]]:
    """Give the papers of all languages, read once for all checks."""
    opened = {each: pikepdf.open(built.paper(each)) for each in LANGUAGES}
    yield {language: File(pdf) for language, pdf in opened.items()}
    for pdf in opened.values():
        pdf.close()


# --- every check sees what it is for -------------------------------------------------------------

Damage = Callable[[File], None]
DAMAGES: list[tuple[str, Damage]] = []


def breaks(*checks: str) -> Callable[[Damage], Damage]:
    """Say which checks have to report a damage."""

    def take(damage: Damage) -> Damage:
        DAMAGES.extend((check, damage) for check in checks)
        return damage

    return take


def element(file: File, role: str) -> Any:
    return file.of(role)[0].object


def font(file: File) -> Any:
    return next(iter(file.fonts.values()))


def descriptor(file: File) -> Any:
    return font(file).DescendantFonts[0].FontDescriptor


def rewrite_metadata(file: File, old: str, new: str) -> None:
    data = file.pdf.Root.Metadata.read_bytes()
    assert old.encode() in data
    file.pdf.Root.Metadata.write(data.replace(old.encode(), new.encode()))


def add_content(file: File, operations: bytes) -> None:
    file.pdf.pages[0].contents_add(pikepdf.Stream(file.pdf, operations))


@breaks("no_encryption_but_an_identifier")
def encrypt(file: File) -> None:
    file.pdf.trailer[Name.Encrypt] = Dictionary()


@breaks("only_filters_that_last")
def point_outside(file: File) -> None:
    file.pdf.Root.Metadata[Name.F] = String("elsewhere")


@breaks("colours_are_defined")
def leave_colours_undefined(file: File) -> None:
    del file.pdf.Root[Name.OutputIntents]


@breaks("colours_are_defined")
def damage_the_profile(file: File) -> None:
    file.pdf.Root.OutputIntents[0].DestOutputProfile.write(b"no profile" * 20)


@breaks("pictures_are_shown_as_they_are")
def smooth(file: File) -> None:
    for each in file.pdf.objects:
        if isinstance(each, pikepdf.Stream) and each.get(Name.Subtype) == Name.Image:
            each.Interpolate = True


@breaks("fonts_are_embedded_subsets")
def take_a_font_out(file: File) -> None:
    for key in {"/FontFile2", "/FontFile3"} & set(descriptor(file).keys()):
        del descriptor(file)[key]


@breaks("fonts_are_embedded_subsets")
def name_a_font_whole(file: File) -> None:
    font(file).DescendantFonts[0].BaseFont = Name.Whole


@breaks("glyphs_are_found")
def encode_otherwise(file: File) -> None:
    font(file).Encoding = Name.WinAnsiEncoding


@breaks("glyphs_are_found")
def leave_glyphs_unmapped(file: File) -> None:
    for each in file.fonts.values():
        descendant = each.DescendantFonts[0]
        descendant.Subtype = Name.CIDFontType2
        if Name.CIDToGIDMap in descendant:
            del descendant[Name.CIDToGIDMap]


@breaks("widths_agree")
def widen(file: File) -> None:
    for each in file.fonts.values():
        each.DescendantFonts[0].W = Array([0, 60000, 1234])


@breaks("glyphs_have_characters")
def forget_characters(file: File) -> None:
    del font(file)[Name.ToUnicode]


@breaks("glyphs_have_characters")
def show_a_glyph_that_is_missing(file: File) -> None:
    name = next(iter(file.fonts))
    add_content(file, f"/Artifact BMC BT {name} 9 Tf <0000> Tj ET EMC".encode())


@breaks("annotations_are_printed")
def hide_a_link(file: File) -> None:
    file.annotations[0][1].F = 2 | 4


@breaks("nothing_runs")
def run_a_script(file: File) -> None:
    file.pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


@breaks("nothing_runs")
def launch_by_a_link(file: File) -> None:
    file.annotations[-1][1].A = Dictionary(S=Name.Launch)


@breaks("metadata_can_be_read")
def encode_the_packet(file: File) -> None:
    rewrite_metadata(file, 'id="W5M0', 'encoding="UTF-8" id="W5M0')


@breaks("schemas_are_described")
def use_an_unknown_schema(file: File) -> None:
    rewrite_metadata(file, "<dc:format>", '<n:x xmlns:n="https://example.org/n">1</n:x><dc:format>')


@breaks("schemas_are_described")
def leave_a_schema_undescribed(file: File) -> None:
    rewrite_metadata(file, ">http://www.aiim.org/pdfua/ns/id/<", ">https://example.org/<")


@breaks("metadata_agrees")
def change_the_title(file: File) -> None:
    file.pdf.docinfo[Name.Title] = String("Another")


@breaks("metadata_agrees")
def change_the_date(file: File) -> None:
    rewrite_metadata(file, "<xmp:ModifyDate>2026-01-02", "<xmp:ModifyDate>2026-01-03")


@breaks("the_profile_is_declared")
def declare_less(file: File) -> None:
    rewrite_metadata(file, "conformance>A<", "conformance>B<")


@breaks("the_file_is_tagged")
def doubt_the_tags(file: File) -> None:
    file.pdf.Root.MarkInfo.Suspects = True


@breaks("attachments_say_what_they_are")
def forget_a_relationship(file: File) -> None:
    del file.pdf.attachments["table.csv"].obj[Name.AFRelationship]


@breaks("attachments_say_what_they_are")
def forget_a_date(file: File) -> None:
    del file.pdf.attachments["table.csv"].obj.EF.F.Params[Name.ModDate]


@breaks("attachments_say_what_they_are")
def change_what_is_attached(file: File) -> None:
    file.pdf.attachments["table.csv"].obj.EF.F.write(b"a,b\n1,3\n")


@breaks("attachments_belong_to_the_document")
def list_an_attachment_twice(file: File) -> None:
    file.pdf.Root.AF.append(file.pdf.Root.AF[0])


@breaks("access: the_profile_is_declared")
def declare_no_access(file: File) -> None:
    rewrite_metadata(file, "<pdfuaid:part>1</pdfuaid:part>", "")


@breaks("access: the_title_is_shown")
def show_the_name_of_the_file(file: File) -> None:
    file.pdf.Root.ViewerPreferences.DisplayDocTitle = False


@breaks("access: everything_is_content_or_artifact")
def paint_untagged(file: File) -> None:
    add_content(file, b"0 0 9 9 re f")


@breaks("access: everything_is_content_or_artifact")
def nest_an_artifact(file: File) -> None:
    add_content(file, b"/P <</MCID 999>> BDC /Artifact BMC 0 0 9 9 re f EMC EMC")


@breaks("access: content_and_structure_agree")
def add_content_without_structure(file: File) -> None:
    add_content(file, b"/P <</MCID 999>> BDC 0 0 9 9 re f EMC")


@breaks("access: content_and_structure_agree")
def lose_the_way_back(file: File) -> None:
    tree = file.pdf.Root.StructTreeRoot.ParentTree
    tree.Nums[1] = Array(reversed(list(tree.Nums[1])))


@breaks("access: types_are_standard")
def invent_a_type(file: File) -> None:
    element(file, "P").S = Name.Paragraph


@breaks("access: elements_stand_where_they_may")
def put_a_cell_into_a_table(file: File) -> None:
    element(file, "TR").S = Name.TD


@breaks("access: languages_are_known")
def speak_no_language(file: File) -> None:
    del file.pdf.Root[Name.Lang]


@breaks("access: languages_are_known")
def speak_an_unknown_language(file: File) -> None:
    element(file, "Span").Lang = String("Chinese (simplified)")


@breaks("access: pictures_have_words_and_a_place")
def leave_a_formula_speechless(file: File) -> None:
    del element(file, "Formula")[Name.Alt]


@breaks("access: pictures_have_words_and_a_place")
def move_a_figure_off_the_page(file: File) -> None:
    element(file, "Figure").A.BBox = Array([0, -50, 10, -40])


@breaks("access: headings_go_down_one_by_one")
def skip_a_level(file: File) -> None:
    element(file, "H2").S = Name.H3


@breaks("access: tables_have_headers")
def forget_a_scope(file: File) -> None:
    del element(file, "TH")[Name.A]


@breaks("access: tables_have_headers")
def shorten_a_row(file: File) -> None:
    del element(file, "TR").K[0]


@breaks("access: lists_say_how_they_are_numbered")
def forget_the_numbering(file: File) -> None:
    del element(file, "L")[Name.A]


@breaks("access: notes_can_be_told_apart")
def rename_a_note(file: File) -> None:
    element(file, "Note").ID = String("another")


@breaks("access: there_are_bookmarks")
def forget_bookmarks(file: File) -> None:
    del file.pdf.Root[Name.Outlines]


@breaks("access: annotations_are_in_the_structure")
def take_a_link_out_of_the_structure(file: File) -> None:
    link = element(file, "Link")
    link.K = Array([kid for kid in link.K if not isinstance(kid, Dictionary)])


@breaks("access: annotations_are_in_the_structure")
def lay_a_link_over_a_link(file: File) -> None:
    file.annotations[1][1].Rect = file.annotations[0][1].Rect
    page = file.pdf.pages[file.annotations[0][0]]
    page.Annots.append(file.annotations[0][1])


@breaks("access: links_have_words")
def silence_a_link(file: File) -> None:
    file.annotations[0][1].Contents = String("")


@breaks("access: the_tabulator_follows_the_structure")
def tabulate_by_rows(file: File) -> None:
    file.pdf.pages[0].Tabs = Name.R


@pytest.mark.parametrize(
    ("check", "damage"), [pytest.param(*each, id=each[1].__name__) for each in DAMAGES]
)
def test_a_damage_is_seen(file: File, check: str, damage: Damage) -> None:
    damage(file)
    assert check in faults(file.pdf)


def test_every_check_is_shown_to_see_a_damage() -> None:
    assert {check for check, _ in DAMAGES} == set(CHECKS)


# --- what the structure says ---------------------------------------------------------------------


def outline(element: Any) -> str:
    """Return the types of a structure, with those that lie within in brackets."""
    each = Element(element, ())
    kids = [outline(kid) for kid in each.kids if isinstance(kid, Dictionary) and Name.S in kid]
    within = f"({' '.join(kids)})" if kids else ""
    return f"{each.role}{within}"


def test_the_structure_is_that_of_the_page(file: File) -> None:
    row = "TR(TH TD)"
    title = "Sect(H1)"
    contents = "Sect(P TOC(TOCI(Lbl Reference(Link))))"
    paragraph = "P(Span Formula Reference Note(Lbl) Link)"
    items = "L(LI(Lbl LBody(P)) LI(Lbl LBody))"
    table = f"Table(Caption THead(TR(TH TH)) TBody({' '.join(12 * [row])}))"
    section = f"Sect(H2 {paragraph} {items} Div(Figure Caption) P(Code) {table})"
    rights = "Sect(P(Link))"
    assert outline(element(file, "Document")) == (
        f"Document({title} {contents} Part({section}) {rights})"
    )


def test_cells_below_merged_heads_name_their_heads(tmp_path: Path) -> None:
    rows = (
        '<tr><th scope="row" id="r">r</th><td headers="g b r">1</td>'
        '<td headers="g c r" rowspan="2">2</td></tr><tr><th scope="row">s</th><td>3</td></tr>'
    )
    page = (
        PAGE.replace(HEADS, MERGED)
        .replace("ROWS", rows)
        .replace("</style>", "table { font-size: 7px } </style>")
    )
    with pikepdf.open(io.BytesIO(archived(tmp_path, page))) as pdf:
        file = File(pdf)
        assert [fault for check in CHECKS.values() for fault in check(file)] == []
        heads = [list(map(str, each.attribute("Headers") or [])) for each in file.of("TD")]
        assert heads == [["g", "b", "r"], ["g", "c", "r"], []]
        assert [str(each.object.get("/ID", "")) for each in file.of("TH")] == [
            *("a", "g", "b", "c", "r", "")
        ]


def test_what_is_not_text_is_an_artifact(file: File) -> None:
    kinds = Counter(kind for page in file.pages for kind in page.artifacts)
    cells = [each for each in file.of("TH", "TD") if each.attribute("Scope") != Name.Column]
    pages_of_table = {file.page_number(each.object.Pg) for each in cells}
    heads = [each for each in file.of("TH") if each.attribute("Scope") == Name.Column]
    assert len(pages_of_table) > 1
    assert [len(each.kids) for each in heads] == [1, 1]
    assert kinds["/Pagination"] == len(heads) * (len(pages_of_table) - 1)
    assert kinds["/Header"] == len(file.pdf.pages)
    assert kinds["/Layout"] > 0  # the dots of the contents


def test_words_change_where_the_language_does(file: File) -> None:
    assert [str(each.object.Lang) for each in file.of("Span")] == ["it"]
    assert str(file.of("Document")[0].object.Lang) == "en"


def test_links_say_what_they_are(file: File) -> None:
    words = [str(annotation.Contents) for _, annotation in file.annotations]
    link = "A link that is broken over two lines"
    assert words == ["Part", *[link] * (len(words) - 2), "free"]
    assert len(words) > 3


# --- what it says of itself, and what it brings along -------------------------------------------


def test_the_metadata_are_those_of_the_page(
    built: Project, papers: dict[str, File], language: str
) -> None:
    page = html.document_fromstring(built.composed(language).read_text("utf-8"))
    words = read_messages(ROOT / f"templates/{language}/messages.yaml")
    tree = packet(papers[language])
    assert set(said(tree, "dc:title")) == {page.findtext(".//title")} == {words["title"]}
    assert said(tree, "dc:language") == [page.get("lang")]
    assert said(tree, "dc:creator") == [ARTICLE["author"]]
    assert said(tree, "dc:subject") == words["keywords"]
    assert set(said(tree, "dc:description")) == {words["description"]}
    assert said(tree, "xmpRights:WebStatement") == [ARTICLE["licence"]["text_url"]]
    assert said(tree, "dc:identifier") == page.xpath("//link[@rel='canonical']/@href")
    (rights,) = set(said(tree, "dc:rights"))
    assert ARTICLE["licence"]["text"] in rights
    assert ARTICLE["author"] in rights
    assert said(tree, "xmp:CreateDate") == [ARTICLE["date"]]


def test_the_data_travel_along(built: Project, papers: dict[str, File], language: str) -> None:
    attached = papers[language].pdf.attachments
    files = {path.name: path for path in (built.folder / "build/web/data").glob("[!.]*")}
    supplements = {Path(each["path"]).name for each in ARTICLE["supplements"]}
    assert set(attached) == set(files) | supplements
    stamp = f"D:{ARTICLE['date'].replace('-', '')}000000Z"
    for name, path in files.items():
        content = attached[name].get_file()
        assert content.read_bytes() == path.read_bytes()
        assert str(content.obj.Params.ModDate) == str(content.obj.Params.CreationDate) == stamp
        assert content.mime_type == {".csv": "text/csv", ".json": "application/json"}[path.suffix]
    assert (
        "trajectory_comparison.curves.csv"
        in attached["trajectory_comparison.curves.csv"].description
    )


@pytest.mark.parametrize(
    ("gone", "place"),
    [
        ("<title>All &amp; sundry</title>", "//title"),
        (' lang="en"', "/html/@lang"),
        ('<meta name="description" content="What it is">', "description"),
        (' rel="license"', "license"),
    ],
)
def test_a_page_that_does_not_say_what_it_is(gone: str, place: str) -> None:
    assert gone in PAGE
    root = html.document_fromstring(PAGE.replace(gone, ""))
    with pytest.raises(UserError, match=r"error: page\.html") as caught:
        read_record(root, Path("page.html"))
    assert place in str(caught.value)


def test_an_unpublished_page_names_no_address(tmp_path: Path) -> None:
    assert read_record(html.document_fromstring(PAGE), Path("page.html")).address
    unpublished = PAGE.replace(' rel="canonical"', "")
    printed = archived(tmp_path, unpublished)
    (tmp_path / "unpublished.pdf").write_bytes(printed)
    with pikepdf.open(tmp_path / "unpublished.pdf") as pdf:
        assert b"dc:identifier" not in pdf.Root.Metadata.read_bytes()
        assert not any(faults(pdf).values())


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("data.xls", r"of a kind unknown to the PDF: \.xls"),
        ("claims.json", r"no description of claims\.json"),
    ],
)
def test_data_that_cannot_be_attached(tmp_path: Path, name: str, found: str) -> None:
    (tmp_path / name).write_text("{}", "utf-8")
    with pytest.raises(UserError, match=found):
        attach(pikepdf.new(), tmp_path, "2026-01-02", {**DESCRIPTIONS, "xls": "a sheet"})


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (' alt="a square"', "", "Image square.svg has no alternative text"),
        ('<th scope="row">', "<th>", "Table header 'row' has no scope"),
    ],
)
def test_what_has_no_words_is_not_printed(tmp_path: Path, old: str, new: str, found: str) -> None:
    assert old in PAGE.replace("ROWS", ROW)
    with pytest.raises(UserError, match=found):
        archived(tmp_path, PAGE.replace("ROWS", ROW).replace(old, new))


def test_the_same_page_gives_the_same_bytes(little: bytes, tmp_path: Path) -> None:
    assert archived(tmp_path) == little


# --- what others say of it -----------------------------------------------------------------------


def test_qpdf_finds_no_fault(built: Project, language: str) -> None:
    result = subprocess.run(
        ["qpdf", "--check", built.paper(language)], text=True, capture_output=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "No syntax or stream encoding errors found" in result.stdout


def test_verapdf_finds_no_fault(built: Project, language: str) -> None:
    for name, verdict in validate(built.paper(language)).items():
        assert verdict.failures == [], PROFILES[name]
        assert verdict.compliant
        assert verdict.rules > 100
        assert verdict.assertions > 10_000


def test_verapdf_sees_what_is_damaged(file: File, tmp_path: Path) -> None:
    for damage in (declare_less, forget_a_relationship, leave_a_formula_speechless, paint_untagged):
        damage(file)
    file.pdf.save(tmp_path / "damaged.pdf", fix_metadata_version=False)
    verdicts = validate(tmp_path / "damaged.pdf")
    rules = {name: {each["rule"] for each in found.failures} for name, found in verdicts.items()}
    assert not any(verdict.compliant for verdict in verdicts.values())
    assert {"6.6.4-3", "6.8-3"} <= rules["3a"]
    assert {"7.1-3", "7.7-1"} <= rules["ua1"]

"""What makes a PDF fit for an archive, clause by clause of ISO 19005-3 (PDF/A-3), level A."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pikepdf
from fontTools.ttLib import TTFont
from lxml import etree
from pikepdf import Array, Dictionary, Name, String

from tests.pdf_content import Checks, File, is_true, streams

__all__ = ["ARCHIVE", "packet", "said", "unicode_map"]

ARCHIVE = Checks()

PRINT, HIDING = 4, 1 | 2 | 32 | 256  # flags of annotations: Invisible, Hidden, NoView, ToggleNoView
NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
}
# Known to PDF/A without a description.
PREDEFINED = {"rdf", "dc", "pdf", "xmp", "xmpRights", "pdfaid", "pdfaExtension"}
RELATIONSHIPS = {"/Source", "/Data", "/Alternative", "/Supplement", "/Unspecified"}


def packet(file: File) -> Any:
    """Return the XMP packet as a tree."""
    return etree.fromstring(file.pdf.Root.Metadata.read_bytes())


def said(tree: Any, name: str) -> list[str]:
    """Return the values of an XMP property, those of a list one by one."""
    place = f"//rdf:Description/{name}"
    found = tree.xpath(
        f"{place}//rdf:li/text() | {place}/text()[normalize-space()] | //rdf:Description/@{name}",
        namespaces=NAMESPACES,
    )
    return [str(each) for each in found]


@ARCHIVE
def no_encryption_but_an_identifier(file: File) -> Iterator[str]:
    """ISO 19005-3, 6.1.3: the trailer has an ID and no Encrypt."""
    if Name.Encrypt in file.pdf.trailer:
        yield "encrypted"
    if len(file.pdf.trailer.get(Name.ID, Array())) != 2:
        yield "no identifier in the trailer"


@ARCHIVE
def only_filters_that_last(file: File) -> Iterator[str]:
    """ISO 19005-3, 6.1.7: no LZW, no Crypt, and no stream whose data lie outside of the file."""
    for stream in streams(file.pdf):
        filters = stream.get(Name.Filter, Array())
        names = {str(each) for each in ([filters] if isinstance(filters, Name) else filters)}
        for name in names & {"/LZWDecode", "/Crypt"}:
            yield f"{name} in {stream.objgen}"
        if Name.F in stream:
            yield f"data outside of the file in {stream.objgen}"


@ARCHIVE
def colours_are_defined(file: File) -> Iterator[str]:
    """ISO 19005-3, 6.2.3 and 6.2.4.3: an output intent holds an RGB profile of ICC."""
    intents = list(file.pdf.Root.get(Name.OutputIntents, Array()))
    profiles = [each.get(Name.DestOutputProfile) for each in intents if each.S == Name.GTS_PDFA1]
    if len(profiles) != 1 or profiles[0] is None:
        yield "not one PDF/A output intent with a profile"
        return
    data = profiles[0].read_bytes()
    if data[16:20] != b"RGB " or data[36:40] != b"acsp" or data[8] not in (2, 4):
        yield "the output intent is not an RGB profile of version 2 or 4"
    if profiles[0].get(Name.N) != 3:
        yield "the profile does not have three components"


@ARCHIVE
def pictures_are_shown_as_they_are(file: File) -> Iterator[str]:
    """ISO 19005-3, 6.2.8: no image asks to be smoothed, has alternates or OPI information."""
    for stream in streams(file.pdf):
        if stream.get(Name.Subtype) == Name.Image:
            if is_true(stream, "Interpolate"):
                yield f"image {stream.objgen} is smoothed"
            yield from (
                f"{key} in {stream.objgen}" for key in ("/Alternates", "/OPI") if key in stream
            )


def _programs(file: File) -> Iterator[tuple[str, Any, Any]]:
    """Yield the name, the descendant and the descriptor of each font."""
    for name, font in file.fonts.items():
        descendant = font.DescendantFonts[0] if Name.DescendantFonts in font else font
        yield f"{name} {font.get(Name.BaseFont)}", descendant, descendant.get(Name.FontDescriptor)


# The font of the words that stand invisible over formulas: it has no shapes, is whole, and is shown
# in text rendering mode 3 alone, of which 6.2.11.5 says nothing.
_INVISIBLE = "InvisibleText"


@ARCHIVE
def fonts_are_embedded_subsets(file: File) -> Iterator[str]:
    """ISO 19005-3, 6.2.11.4: every font program is in the file; ISO 32000-1, 9.6.4: as a subset."""
    if not file.fonts:
        yield "no fonts"
    for name, font, descriptor in _programs(file):
        if descriptor is None or not {"/FontFile2", "/FontFile3"} & set(descriptor.keys()):
            yield f"{name} is not embedded"
        tag, plus, _ = str(font.BaseFont).removeprefix("/").partition("+")
        if tag == _INVISIBLE:
            continue
        if not (plus and len(tag) == 6 and tag.isupper()):
            yield f"{name} is not a subset"


@ARCHIVE
def glyphs_are_found(file: File) -> Iterator[str]:
    """ISO 19005-3, 6.2.11.3.2 and 6.2.11.3.3: codes lead to glyphs by embedded or known maps."""
    for name, font in file.fonts.items():
        if font.get(Name.Encoding) != Name("/Identity-H"):
            yield f"{name} has another encoding than Identity-H"
    for name, font, _ in _programs(file):
        if font.Subtype == Name.CIDFontType2 and Name.CIDToGIDMap not in font:
            yield f"{name} has no CIDToGIDMap"


def _declared_widths(font: Any) -> dict[int, float]:
    widths: dict[int, float] = {}
    entries = list(font.get(Name.W, Array()))
    while entries:
        first, second = entries.pop(0), entries.pop(0)
        if isinstance(second, Array):
            widths |= {int(first) + at: float(width) for at, width in enumerate(second)}
        else:
            width = float(entries.pop(0))
            widths |= dict.fromkeys(range(int(first), int(second) + 1), width)
    return widths


@ARCHIVE
def widths_agree(file: File) -> Iterator[str]:
    """ISO 19005-3, 6.2.11.5: each glyph that is shown is as wide as its font program says."""
    for name, font, descriptor in _programs(file):
        shown = set().union(*(page.glyphs.get(name.split()[0], set()) for page in file.pages))
        if descriptor is None or Name.FontFile2 not in descriptor or _INVISIBLE in name:
            continue
        program = TTFont(io.BytesIO(descriptor.FontFile2.read_bytes()), lazy=True)
        order, metrics, scale = program.getGlyphOrder(), program["hmtx"], program["head"].unitsPerEm
        declared = _declared_widths(font)
        for glyph in sorted(shown):
            width = 1000 * metrics[order[glyph]][0] / scale
            if abs(declared.get(glyph, float(font.get(Name.DW, 1000))) - width) > 1:
                yield f"glyph {glyph} of {name}"


def unicode_map(font: Any) -> dict[int, str]:
    """Return the ToUnicode map of a font as code and text."""
    if Name.ToUnicode not in font:
        return {}
    found: dict[int, str] = {}
    block: list[Any] = []
    for instruction in pikepdf.parse_content_stream(font.ToUnicode):
        operator = str(instruction.operator)
        block = list(instruction.operands)
        if operator == "endbfchar":
            for code, text in zip(block[::2], block[1::2], strict=True):
                found[int.from_bytes(bytes(code))] = bytes(text).decode("utf-16-be", "replace")
        elif operator == "endbfrange":
            for first, last, text in zip(block[::3], block[1::3], block[2::3], strict=True):
                start = bytes(text).decode("utf-16-be")
                codes = range(int.from_bytes(bytes(first)), int.from_bytes(bytes(last)) + 1)
                found |= {
                    code: start[:-1] + chr(ord(start[-1]) + at) for at, code in enumerate(codes)
                }
    return found


@ARCHIVE
def glyphs_have_characters(file: File) -> Iterator[str]:
    """ISO 19005-3, 6.2.11.7 and 6.2.11.8: what is shown has Unicode, and is not .notdef."""
    for name, font in file.fonts.items():
        shown = set().union(*(page.glyphs.get(name, set()) for page in file.pages))
        known = unicode_map(font)
        if 0 in shown:
            yield f".notdef of {name} is shown"
        for glyph in sorted(shown - {0}):
            if not known.get(glyph) or set(known[glyph]) & {"\0", "\ufeff", "\ufffe"}:
                yield f"glyph {glyph} of {name} has no character"


@ARCHIVE
def annotations_are_printed(file: File) -> Iterator[str]:
    """ISO 19005-3, 6.3.2: annotations have flags that print and do not hide."""
    for page, annotation in file.annotations:
        flags = int(annotation.get(Name.F, 0))
        if not flags & PRINT or flags & HIDING:
            yield f"annotation on page {page + 1} with flags {flags}"


@ARCHIVE
def nothing_runs(file: File) -> Iterator[str]:
    """ISO 19005-3, 6.5: no scripts, no actions but to go somewhere, none by itself."""
    for each in (Name.OpenAction, Name.AA):
        if each in file.pdf.Root:
            yield f"{each} in the catalog"
    if Name.JavaScript in file.pdf.Root.get(Name.Names, Dictionary()):
        yield "scripts in the catalog"
    for page, annotation in file.annotations:
        action = annotation.get(Name.A, Dictionary()).get(Name.S, Name.URI)
        if action not in (Name.URI, Name.GoTo) or Name.AA in annotation:
            yield f"action {action} on page {page + 1}"


@ARCHIVE
def metadata_can_be_read(file: File) -> Iterator[str]:
    """ISO 19005-3, 6.6.2.1: the XMP is well formed, in a packet without old attributes."""
    metadata = file.pdf.Root.get(Name.Metadata)
    if metadata is None or metadata.get(Name.Subtype) != Name.XML:
        yield "no XMP in the catalog"
        return
    data = metadata.read_bytes()
    head = data.split(b"?>")[0]
    if not head.startswith(b"<?xpacket begin=") or b"bytes=" in head or b"encoding=" in head:
        yield f"packet {head!r}"
    try:
        packet(file)
    except etree.XMLSyntaxError as error:
        yield str(error)


@ARCHIVE
def schemas_are_described(file: File) -> Iterator[str]:
    """ISO 19005-3, 6.6.2.3: what PDF/A does not know is described, property by property."""
    tree = packet(file)
    described = set(tree.xpath("//pdfaSchema:namespaceURI/text()", namespaces=NAMESPACES))
    known = {NAMESPACES[prefix] for prefix in PREDEFINED} | described
    for each in tree.xpath("//rdf:RDF/rdf:Description/*", namespaces=NAMESPACES):
        if etree.QName(each).namespace not in known:
            yield f"{each.tag} is not described"


@ARCHIVE
def metadata_agrees(file: File) -> Iterator[str]:
    """ISO 19005-3, 6.6.3: what the information dictionary says, the XMP says too."""
    tree, info = packet(file), file.pdf.docinfo
    pairs = {
        "/Title": "dc:title",
        "/Author": "dc:creator",
        "/Subject": "dc:description",
        "/Keywords": "pdf:Keywords",
        "/Producer": "pdf:Producer",
    }
    for key, name in pairs.items():
        if {str(info.get(key, ""))} != set(said(tree, name)):
            yield f"{key}: {info.get(key)} is not {name}: {said(tree, name)}"
    for key, name in {"/CreationDate": "xmp:CreateDate", "/ModDate": "xmp:ModifyDate"}.items():
        if [str(info.get(key, ""))] != [f"D:{date.replace('-', '')}" for date in said(tree, name)]:
            yield f"{key}: {info.get(key)} is not {name}: {said(tree, name)}"


@ARCHIVE
def the_profile_is_declared(file: File) -> Iterator[str]:
    """ISO 19005-3, 6.6.4: part 3, conformance A."""
    tree = packet(file)
    declared = (said(tree, "pdfaid:part"), said(tree, "pdfaid:conformance"))
    if declared != (["3"], ["A"]):
        yield f"declared {declared}"


@ARCHIVE
def the_file_is_tagged(file: File) -> Iterator[str]:
    """ISO 19005-3, 6.7.2 and 6.7.3: marked, with a structure tree that nothing puts in doubt."""
    marks = file.pdf.Root.get(Name.MarkInfo, Dictionary())
    if not is_true(marks, "Marked") or is_true(marks, "Suspects"):
        yield f"marks {marks}"
    if not file.elements:
        yield "no structure"


def _attached(file: File) -> dict[str, Any]:
    names = file.pdf.Root.get(Name.Names, Dictionary()).get(Name.EmbeddedFiles)
    return {str(name): each for name, each in pikepdf.NameTree(names).items()} if names else {}


@ARCHIVE
def attachments_say_what_they_are(file: File) -> Iterator[str]:
    """ISO 19005-3, 6.8: names, kind, relationship, date; ISO 14289-1, 7.11: both names.

    By ISO 32000-1, 7.11.4, size and checksum.
    """
    attached = _attached(file)
    if not attached:
        yield "nothing attached"
    for name, each in attached.items():
        lacking = {"/F", "/UF", "/Desc", "/AFRelationship"} - {
            key for key, value in each.items() if str(value)
        }
        yield from (f"{name} has no {key}" for key in sorted(lacking))
        if str(each.get(Name.AFRelationship, Name.Data)) not in RELATIONSHIPS:
            yield f"{name}: {each.AFRelationship}"
        content = each.EF.F
        parameters = content.get(Name.Params, Dictionary())
        if Name.Subtype not in content or "/" not in str(content.Subtype).removeprefix("/"):
            yield f"{name} has no media type"
        if not str(parameters.get(Name.ModDate, "")).startswith("D:"):
            yield f"{name} has no date"
        data = content.read_bytes()
        if parameters.get(Name.Size) != len(data):
            yield f"{name} is not of its size"
        if bytes(parameters.get(Name.CheckSum, String(""))) != hashlib.md5(data).digest():
            yield f"{name} is not what was attached"


@ARCHIVE
def attachments_belong_to_the_document(file: File) -> Iterator[str]:
    """ISO 19005-3, 6.8: the catalog's AF leads to each attached file, once."""
    listed = Counter(each.objgen for each in file.pdf.Root.get(Name.AF, Array()))
    if listed != Counter(each.objgen for each in _attached(file).values()):
        yield f"{listed.total()} files associated, {len(_attached(file))} attached"

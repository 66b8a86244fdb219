"""The font files of a language and their style sheet."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest
import uharfbuzz as hb
from fontTools.ttLib import TTFont

from juchi.core.errors import UserError
from juchi.fonts.fonts import chart_usage, main, math_usages, subset, write_fonts
from juchi.fonts.typefaces import Catalogue, Stack, Usage, characters_of
from tests.stacks import CHINESE, ROOT


def opened(data: bytes) -> TTFont:
    return TTFont(io.BytesIO(data))


def characters(font: TTFont) -> set[str]:
    return {chr(code) for code in font.getBestCmap()}


def test_a_subset_holds_what_is_wanted_in_the_same_bytes_each_time(catalogue: Catalogue) -> None:
    for name, wanted in (("STIX Two Text", set("AV fi")), ("Noto Serif SC", set("——。”中"))):
        family = catalogue[name]
        for face in family.faces:
            first, second = (subset(face, family.features, wanted) for _ in range(2))
            assert first == second
            assert len(first) < 9000
            font = opened(first)
            assert font.flavor is None
            assert characters(font) == wanted
            with TTFont(face.file, lazy=True) as whole:
                assert font["head"].modified == whole["head"].modified
            assert "Open Font License" in font["name"].getDebugName(13)
            assert not {"fpgm", "prep", "cvt ", "vhea"} & set(font.keys())


def test_a_subset_has_the_outlines_of_its_face(catalogue: Catalogue) -> None:
    for family in catalogue.values():
        wanted = set("Éfi…“。中") & characters_of(family.faces[0].file)
        for face in family.faces:
            cut, whole = opened(subset(face, family.features, wanted)), TTFont(face.file)
            for character in wanted:
                ours, theirs = (each.getBestCmap()[ord(character)] for each in (cut, whole))
                assert cut["hmtx"][ours] == whole["hmtx"][theirs]
                mine, its = (
                    each["glyf"][name].getCoordinates(each["glyf"])
                    for each, name in ((cut, ours), (whole, theirs))
                )
                assert mine[0] == its[0]
                assert list(mine[1]) == list(its[1])


@pytest.mark.parametrize(
    ("name", "wanted", "table", "feature"),
    [
        ("STIX Two Text", "AVTo", "GPOS", "kern"),
        ("Noto Serif SC", "。”，", "GPOS", "chws"),
        ("Noto Sans SC", "。”，", "GPOS", "chws"),
        ("Noto Serif SC", "—", "GSUB", "ccmp"),
        ("Inter", "0123456789", "GSUB", "tnum"),
    ],
)
def test_a_subset_keeps_the_features_of_the_catalogue(
    catalogue: Catalogue, name: str, wanted: str, table: str, feature: str
) -> None:
    family = catalogue[name]
    font = opened(subset(family.faces[0], family.features, wanted))
    tags = {record.FeatureTag for record in font[table].table.FeatureList.FeatureRecord}
    assert feature in tags
    assert tags <= set(family.features)


@pytest.mark.parametrize("name", ["Noto Serif SC", "Noto Sans SC"])
@pytest.mark.parametrize(
    ("text", "ems"),
    [("值），的", 3.5), ("“（值", 2.5), ("值。”（的", 4), ("值，的", 3), ("值（的", 3)],
)
def test_marks_that_meet_are_squeezed(
    catalogue: Catalogue, name: str, text: str, ems: float
) -> None:
    family = catalogue[name]
    for face in family.faces:
        font = hb.Font(hb.Face(subset(face, family.features, text)))
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        hb.shape(font, buffer, {"chws": True})
        advances = [position.x_advance for position in buffer.glyph_positions]
        assert sum(advances) == pytest.approx(ems * font.face.upem, abs=font.face.upem / 50)


def test_the_mathematical_subset_keeps_what_stretches(catalogue: Catalogue) -> None:
    family = catalogue["STIX Two Math"]
    font = opened(subset(family.faces[0], family.features, "(√"))
    configurations = font["MATH"].table.MathVariants
    for character in "(√":
        glyph = font.getBestCmap()[ord(character)]
        index = configurations.VertGlyphCoverage.glyphs.index(glyph)
        construction = configurations.VertGlyphConstruction[index]
        assert len(construction.MathGlyphVariantRecord) >= 4
        assert construction.GlyphAssembly.PartRecords


def test_a_face_that_lacks_a_character_is_an_error(catalogue: Catalogue) -> None:
    with pytest.raises(UserError, match=r"no 中 \(U\+4E2D CJK UNIFIED IDEOGRAPH-4E2D\)"):
        subset(catalogue["Inter"].faces[0], [], "a中")


def test_the_folder_is_whole_and_its_style_sheets_name_its_files(
    stacks: dict[str, Stack], tmp_path: Path
) -> None:
    folder = tmp_path / "zh"
    folder.mkdir()
    (folder / "stale.woff2").touch()
    shown = [
        Usage("serif", "a中“b”", "here"),
        Usage("serif", "文", "here", weight=700, later=True),
        Usage("math", "x", "there", later=True),
    ]
    write_fonts(shown, stacks, folder)
    sheets = {name: (folder / name).read_text("utf-8") for name in ("fonts.css", "late.css")}
    named = {name: re.findall(r'url\("([^"]+)"\)', css) for name, css in sheets.items()}
    files = [*named["fonts.css"], *named["late.css"], *sheets]
    assert sorted(files) == sorted(path.name for path in folder.iterdir())
    assert named == {
        "fonts.css": [
            "stix-two-text-400-normal-early.woff2",
            "noto-serif-sc-400-normal-early.woff2",
        ],
        "late.css": ["noto-serif-sc-700-normal.woff2", "stix-two-math-400-normal.woff2"],
    }
    for css in sheets.values():
        assert css.count("font-display: swap;") == css.count("@font-face") == 2
    assert '--serif: "Juchi STIX Two Text", "Juchi Noto Serif SC", serif;' in sheets["fonts.css"]
    assert "--sans: sans-serif;" in sheets["fonts.css"]
    assert '--math: "Juchi STIX Two Math", math;' in sheets["fonts.css"]
    assert [path.name for path in tmp_path.iterdir()] == ["zh"]


@pytest.mark.parametrize("with_text", [False, True])
def test_fonts_of_formulas_alone_name_no_font_of_the_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_text: bool
) -> None:
    """Their style sheet comes behind that of the text, whose names it would take away."""
    mathematics, text = tmp_path / "mathematics.json", tmp_path / "text.json"
    mathematics.write_text(json.dumps({"inline:x": {"mathml": "<math><mi>x</mi></math>"}}), "utf-8")
    text.write_text(json.dumps({"text": [{"role": "serif", "text": "a", "place": "here"}]}))
    arguments = {
        "stacks": json.dumps(CHINESE),
        "mathematics": mathematics,
        "output": tmp_path / "fonts",
    }
    arguments |= {"text": text} if with_text else {}
    told = [part for name, value in arguments.items() for part in (f"--{name}", str(value))]
    monkeypatch.setattr(sys, "argv", ["fonts", *told])
    monkeypatch.chdir(ROOT)
    main()
    css = (tmp_path / "fonts/fonts.css").read_text("utf-8")
    assert '--math: "Juchi STIX Two Math"' in css
    assert ('--serif: "Juchi STIX Two Text"' in css) == with_text
    assert ("--serif" in css) == with_text


def test_paper_has_each_face_in_one_file(stacks: dict[str, Stack], tmp_path: Path) -> None:
    late = "".join(map(chr, range(0x4E2D, 0x4E8D)))
    shown = [Usage("serif", "中", "here"), Usage("serif", late, "here", later=True)]
    for form, count in (("woff2", 2), ("ttf", 1)):
        write_fonts(shown, stacks, tmp_path / form, form)
        assert len(list((tmp_path / form).glob(f"noto-serif-*.{form}"))) == count
    assert not (tmp_path / "ttf" / "late.css").exists()


@pytest.mark.parametrize(("form", "flavour"), [("woff2", "woff2"), ("ttf", None)])
def test_the_form_decides_the_files(
    stacks: dict[str, Stack], tmp_path: Path, form: str, flavour: str | None
) -> None:
    write_fonts([Usage("serif", "a中", "here")], stacks, tmp_path / "zh", form)
    css = (tmp_path / "zh" / "fonts.css").read_text("utf-8")
    names = re.findall(r'url\("([^"]+)"\)', css)
    assert names
    for name in names:
        assert name.endswith(f".{form}")
        assert opened((tmp_path / "zh" / name).read_bytes()).flavor == flavour


def test_a_failure_leaves_the_folder_as_it_was(stacks: dict[str, Stack], tmp_path: Path) -> None:
    folder = tmp_path / "zh"
    write_fonts([Usage("math", "x", "here")], {"math": stacks["math"]}, folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(UserError):
        write_fonts([Usage("math", "中", "here")], {"math": stacks["math"]}, folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["zh"]


def test_mathml_shows_its_text_its_italics_and_its_radicals() -> None:
    source = (
        "<math><semantics><mrow><mi>x</mi><mi>sin</mi><mi mathvariant='normal'>d</mi><mi>h</mi>"
        "<mi>&#x3B7;</mi><mo>-</mo><msqrt><mn>2</mn></msqrt><mtext>if</mtext></mrow>"
        "<annotation encoding='application/x-tex'>\\Q</annotation></semantics></math>"
    )
    (usage,) = math_usages({"inline:x": source})
    assert usage == Usage("math", "x𝑥sindhℎη𝜂-−√2if", "the formula inline:x", later=True)


def run(stacks: object, source: str, content: object, output: Path) -> dict[str, bytes]:
    """Run the command on a file of text or mathematics; return the files that it wrote."""
    path = output.with_suffix(".json")
    path.write_text(json.dumps(content), "utf-8")
    command = [sys.executable, "-m", "juchi.fonts.fonts", "--stacks", json.dumps(stacks)]
    command += ["--catalogue", "juchi/theme/fonts.yaml", source, str(path), "--output", str(output)]
    subprocess.run(command, cwd=ROOT, check=True)
    return {path.name: path.read_bytes() for path in output.iterdir()}


def test_what_a_chart_says_is_in_the_font_of_the_pages(tmp_path: Path) -> None:
    file = tmp_path / "a.vl.json"
    file.write_text('{"title": "部部", "layer": [{"text": ["α", 1, null]}]}', "utf-8")
    usage = chart_usage(file)
    assert (usage.role, usage.text, usage.later) == ("sans", "α部", True)


def test_the_command_writes_the_same_bytes_whatever_the_order_of_the_text(tmp_path: Path) -> None:
    texts = [
        {"role": "serif", "text": "梯度“中心”", "place": "a"},
        {"role": "sans", "text": "Figure 图", "place": "b"},
    ]
    stacks = {role: stack for role, stack in CHINESE.items() if role != "math"}
    first = run(stacks, "--text", {"text": texts}, tmp_path / "one")
    assert first == run(stacks, "--text", {"text": texts[::-1]}, tmp_path / "two")
    assert len(first) == 6
    assert b"--sans" in first["fonts.css"]
    assert b"--math" not in first["fonts.css"]


def test_the_command_cuts_the_font_of_the_formulas_by_itself(tmp_path: Path) -> None:
    formulas = {"inline:x": {"mathml": "<math><mi>x</mi></math>", "svg": ""}}
    written = run({"math": CHINESE["math"]}, "--mathematics", formulas, tmp_path / "math")
    assert characters(opened(written.pop("stix-two-math-400-normal.woff2"))) == set("x𝑥 \u00a0")
    assert re.findall(rb"--\w+:", written.pop("fonts.css")) == [b"--math:"]
    assert b"stix-two-math-400-normal.woff2" in written.pop("late.css")
    assert not written


def test_the_step_loads_nothing_that_is_slow_to_load() -> None:
    slow = "{'matplotlib', 'torch', 'weasyprint'}"
    code = f"import sys, juchi.fonts.fonts; assert not {slow} & sys.modules.keys()"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


@pytest.mark.parametrize(
    ("asked", "family"),
    [
        ("Helvetica", "Inter"),
        ("sans", "Inter"),
        ("Times", "STIX-Two-Text"),
        ("Courier", "JetBrains-Mono"),
    ],
)
def test_programs_get_a_typeface_of_the_kind_that_they_ask_for(
    asked: str, family: str, tmp_path: Path
) -> None:
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    program = (
        "from weasyprint import HTML; "
        f"HTML(string='<p style=\"font-family: {asked}\">Level (m)').write_pdf('a.pdf')"
    )
    surroundings = {**os.environ, "FONTCONFIG_FILE": str(ROOT / "juchi" / "core" / "fonts.conf")}
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=surroundings, check=True)
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        (font,) = pdf.pages[0].Resources.Font.values()
        assert family in str(font.BaseFont)

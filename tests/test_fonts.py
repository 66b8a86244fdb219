"""Fonts: who serves which character, what is missing, and the files that come out."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from matplotlib import font_manager

from pipeline.errors import UserError
from report.fonts import (
    Catalogue,
    Face,
    Stack,
    Usage,
    check_glyphs,
    coverage,
    load_catalogue,
    math_usages,
    matplotlib_families,
    resolve,
    served,
    subset,
    write_fonts,
)

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "config" / "fonts.yaml"
WITHOUT = "“”‘’…—·"
CHINESE = {
    "serif": [{"family": "STIX Two Text", "without": WITHOUT}, {"family": "Noto Serif SC"}],
    "sans": [{"family": "Inter", "without": WITHOUT}, {"family": "Noto Sans SC"}],
    "math": [{"family": "STIX Two Math"}],
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue(CATALOGUE)


@pytest.fixture(scope="module")
def stacks(catalogue: Catalogue) -> dict[str, Stack]:
    return resolve(CHINESE, catalogue)


def opened(data: bytes) -> TTFont:
    return TTFont(io.BytesIO(data))


def characters(font: TTFont) -> set[str]:
    return {chr(code) for code in font.getBestCmap()}


def test_every_face_is_there_static_and_alike(catalogue: Catalogue) -> None:
    for family in catalogue.values():
        assert len({(face.weight, face.style) for face in family.faces}) == len(family.faces)
        for face in family.faces:
            with TTFont(ROOT / face.file, lazy=True) as font:
                assert "fvar" not in font
                assert font["OS/2"].usWeightClass == face.weight
                assert ("Italic" in font["name"].getBestSubFamilyName()) == (face.style == "italic")


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"families": {}}, "families"),
        ({"families": {"A": {"licence": "X", "features": [], "faces": []}}}, "families.A.faces"),
        ({"familys": {}}, "familys"),
    ],
)
def test_a_faulty_catalogue_is_refused(tmp_path: Path, change: object, key: str) -> None:
    (tmp_path / "schemas").mkdir()
    schema = CATALOGUE.parent / "schemas" / "fonts.schema.json"
    (tmp_path / "schemas" / schema.name).write_text(schema.read_text("utf-8"), "utf-8")
    path = tmp_path / "fonts.yaml"
    path.write_text(json.dumps(change), "utf-8")
    with pytest.raises(UserError, match=re.escape(f"{path}: {key}")):
        load_catalogue(path)


@pytest.mark.parametrize(
    ("role", "character", "family"),
    [
        ("serif", "a", "STIX Two Text"),
        ("serif", "中", "Noto Serif SC"),
        ("serif", "“", "Noto Serif SC"),
        ("serif", "—", "Noto Serif SC"),
        ("sans", "→", "Inter"),
        ("math", "∑", "STIX Two Math"),
    ],
)
def test_the_first_family_that_may_serve_a_character_does(
    stacks: dict[str, Stack], role: str, character: str, family: str
) -> None:
    assert coverage(stacks[role])[character].name == family


def test_without_nothing_left_out_the_first_family_serves_quotation_marks(
    catalogue: Catalogue,
) -> None:
    members = [{"family": "STIX Two Text"}, {"family": "Noto Serif SC"}]
    assert coverage(resolve({"serif": members}, catalogue)["serif"])["“"].name == "STIX Two Text"


def test_an_unknown_family_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(UserError) as caught:
        resolve({"serif": [{"family": "Times"}]}, catalogue)
    for part in ("fonts.serif", "'Times'", "STIX Two Text", "config/fonts.yaml"):
        assert part in str(caught.value)


def test_one_family_cannot_leave_out_different_characters(catalogue: Catalogue) -> None:
    inter = {"family": "Inter"}
    with pytest.raises(UserError) as caught:
        resolve({"serif": [inter], "sans": [{**inter, "without": "“"}]}, catalogue)
    assert "'Inter' without “, but in serif without nothing" in str(caught.value)


def test_a_character_that_no_font_has_is_an_error_with_its_places(
    stacks: dict[str, Stack],
) -> None:
    usages = [
        Usage("serif", "中文 abc", "templates/zh/seed.md:1"),
        *(Usage("serif", "😀𰻝", f"templates/zh/cures.md:{line}") for line in range(5)),
    ]
    with pytest.raises(UserError) as caught:
        check_glyphs(usages, stacks)
    message = str(caught.value)
    for part in (
        "error: templates/zh/cures.md:0",
        "😀 (U+1F600 GRINNING FACE)",
        "U+30EDD",
        "templates/zh/cures.md:1, templates/zh/cures.md:2 and 2 more",
        "the serif fonts",
        "STIX Two Text, Noto Serif SC",
        "languages.*.fonts.serif in config/article.yaml",
    ):
        assert part in message
    assert "seed.md" not in message


def test_characters_that_draw_nothing_need_no_glyph(stacks: dict[str, Stack]) -> None:
    check_glyphs([Usage("serif", "a\n\t\u200b\u2060\u00ad\ufeffb", "here")], stacks)


def test_a_role_without_fonts_is_an_error(stacks: dict[str, Stack]) -> None:
    with pytest.raises(UserError, match=r"text in the role 'mono'"):
        check_glyphs([Usage("mono", "a", "here")], stacks)


def test_each_family_serves_its_own_and_the_spaces(stacks: dict[str, Stack]) -> None:
    shares = {
        family.name: share
        for family, share in served(
            [Usage("serif", "“中a”", "here"), Usage("math", "x", "there")], stacks
        )
    }
    assert shares["Noto Serif SC"] == set("“中” \u00a0")
    assert {"a", " ", "\u00a0", "7", "\u2010"} <= shares["STIX Two Text"]
    assert not shares["STIX Two Text"] & set("“中”")
    assert shares["STIX Two Math"] == set("x \u00a0")
    assert "Noto Sans SC" not in shares


def test_a_subset_holds_what_is_wanted_in_the_same_bytes_each_time(catalogue: Catalogue) -> None:
    for name, wanted in (("STIX Two Text", set("AV fi")), ("Noto Serif SC", set("——。”中"))):
        family = catalogue[name]
        for face in family.faces:
            first, second = (subset(face, family.features, wanted) for _ in range(2))
            assert first == second
            assert len(first) < 4000
            font = opened(first)
            assert font.flavor == "woff2"
            assert characters(font) == wanted
            with TTFont(face.file, lazy=True) as whole:
                assert font["head"].modified == whole["head"].modified
            assert "Open Font License" in font["name"].getDebugName(13)
            assert not {"fpgm", "prep", "cvt ", "vhea"} & set(font.keys())


@pytest.mark.parametrize(
    ("name", "wanted", "table", "feature"),
    [
        ("STIX Two Text", "AVTo", "GPOS", "kern"),
        ("Noto Serif SC", "。”，", "GPOS", "chws"),
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


def test_the_mathematical_subset_keeps_what_stretches(catalogue: Catalogue) -> None:
    family = catalogue["STIX Two Math"]
    font = opened(subset(family.faces[0], family.features, "(√"))
    variants = font["MATH"].table.MathVariants
    for character in "(√":
        glyph = font.getBestCmap()[ord(character)]
        index = variants.VertGlyphCoverage.glyphs.index(glyph)
        construction = variants.VertGlyphConstruction[index]
        assert len(construction.MathGlyphVariantRecord) >= 4
        assert construction.GlyphAssembly.PartRecords


def test_a_face_that_lacks_a_character_is_an_error(catalogue: Catalogue) -> None:
    with pytest.raises(UserError, match=r"no 中 \(U\+4E2D CJK UNIFIED IDEOGRAPH-4E2D\)"):
        subset(catalogue["Inter"].faces[0], [], "a中")


def test_a_missing_file_is_an_error_with_the_way_out() -> None:
    with pytest.raises(UserError) as caught:
        subset(Face(400, "normal", Path("node_modules/none/None.ttf")), [], "a")
    assert "error: node_modules/none/None.ttf" in str(caught.value)
    assert "make setup" in str(caught.value)


def test_the_folder_is_whole_and_its_style_sheet_names_its_files(
    stacks: dict[str, Stack], tmp_path: Path
) -> None:
    folder = tmp_path / "zh"
    folder.mkdir()
    (folder / "stale.woff2").touch()
    write_fonts([Usage("serif", "a中“b”", "here"), Usage("math", "x", "there")], stacks, folder)
    css = (folder / "fonts.css").read_text("utf-8")
    named = re.findall(r'url\("([^"]+)"\)', css)
    assert sorted([*named, "fonts.css"]) == sorted(path.name for path in folder.iterdir())
    assert "noto-serif-sc-700-normal.woff2" in named
    assert "stix-two-text-700-italic.woff2" in named
    assert css.count("font-display: swap;") == css.count("@font-face") == len(named)
    assert '--serif: "Juchi STIX Two Text", "Juchi Noto Serif SC", serif;' in css
    assert '--sans: "Juchi Inter", sans-serif;' in css
    assert '--math: "Juchi STIX Two Math", math;' in css
    assert [path.name for path in tmp_path.iterdir()] == ["zh"]


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
    assert usage == Usage("math", "x𝑥sindhℎη𝜂-−√2if", "the formula inline:x")


def test_matplotlib_finds_our_files_and_no_others(stacks: dict[str, Stack]) -> None:
    names = matplotlib_families(stacks["sans"])
    names = matplotlib_families(stacks["sans"])  # a second figure must not double them
    assert names == ["Inter", "Noto Sans SC"]
    entries = [e for e in font_manager.fontManager.ttflist if e.name in names]
    assert sorted((e.name, e.weight, e.style) for e in entries) == [
        ("Inter", 400, "italic"),
        ("Inter", 400, "normal"),
        ("Inter", 600, "normal"),
        ("Noto Sans SC", 400, "normal"),
        ("Noto Sans SC", 600, "normal"),
    ]
    bold = font_manager.FontProperties(family=["Noto Sans SC"], weight=600)
    assert font_manager.findfont(bold).endswith("NotoSansSC_600SemiBold.ttf")


def test_the_command_writes_the_same_bytes_whatever_the_order_of_the_text(tmp_path: Path) -> None:
    texts = [
        {"role": "serif", "text": "梯度“中心”", "place": "a"},
        {"role": "sans", "text": "Figure 图", "place": "b"},
    ]
    formulas = {"inline:x": {"mathml": "<math><mi>x</mi></math>", "svg": ""}}
    (tmp_path / "mathematics.json").write_text(json.dumps(formulas), "utf-8")
    outputs = []
    for name, ordered in (("one", texts), ("two", texts[::-1])):
        (tmp_path / f"{name}.json").write_text(json.dumps({"text": ordered}), "utf-8")
        command = [sys.executable, "-m", "report.fonts", "--stacks", json.dumps(CHINESE)]
        command += ["--catalogue", "config/fonts.yaml", "--text", str(tmp_path / f"{name}.json")]
        command += ["--mathematics", str(tmp_path / "mathematics.json")]
        subprocess.run([*command, "--output", str(tmp_path / name)], cwd=ROOT, check=True)
        outputs.append({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()})
    assert outputs[0] == outputs[1]
    assert len(outputs[0]) == 13

"""Who serves which character, what is missing, and what matplotlib finds."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from matplotlib import font_manager

from juchi.core.errors import UserError
from juchi.fonts.typefaces import (
    Catalogue,
    Stack,
    Usage,
    characters_of,
    check_glyphs,
    load_catalogue,
    matplotlib_families,
    resolve,
    serving,
)
from tests.stacks import ROOT


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
    assert serving(stacks[role], character)[character].name == family


def test_without_nothing_left_out_the_first_family_serves_quotation_marks(
    catalogue: Catalogue,
) -> None:
    members = [{"family": "STIX Two Text"}, {"family": "Noto Serif SC"}]
    assert (
        serving(resolve({"serif": members}, catalogue)["serif"], "“")["“"].name == "STIX Two Text"
    )


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
        Usage("serif", "中文 abc", "templates/zh/post.md:1"),
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
    assert "post.md" not in message


def test_characters_that_draw_nothing_need_no_glyph(stacks: dict[str, Stack]) -> None:
    check_glyphs([Usage("serif", "a\n\t\u200b\u2060\u00ad\ufeffb", "here")], stacks)


def test_a_role_without_fonts_is_an_error(stacks: dict[str, Stack]) -> None:
    with pytest.raises(UserError, match=r"text in the role 'mono'"):
        check_glyphs([Usage("mono", "a", "here")], stacks)


def test_a_missing_file_is_an_error_with_the_way_out() -> None:
    with pytest.raises(UserError) as caught:
        characters_of(Path("node_modules/none/None.ttf"))
    assert "error: node_modules/none/None.ttf" in str(caught.value)
    assert "make setup" in str(caught.value)


def test_a_file_that_is_no_truetype_font_is_an_error_with_the_way_out(tmp_path: Path) -> None:
    file = tmp_path / "Broken.ttf"
    file.write_bytes(b"not a font")
    with pytest.raises(UserError) as caught:
        characters_of(file)
    for part in (f"error: {file}", "no TrueType outlines", "glyf", "make setup"):
        assert part in str(caught.value)


def test_a_compressed_font_has_the_same_characters(catalogue: Catalogue, tmp_path: Path) -> None:
    file = ROOT / catalogue["JetBrains Mono"].faces[0].file
    with TTFont(file) as font:
        font.flavor = "woff"
        font.save(tmp_path / "Mono.woff")
    assert characters_of(tmp_path / "Mono.woff") == characters_of(file)


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

"""What is cut from which face."""

from __future__ import annotations

from juchi.fonts.font_subsets import Cut, cuts
from juchi.fonts.typefaces import Catalogue, Stack, Usage

MANY = "".join(map(chr, range(0x4E8D, 0x4EF5)))


def by_face(found: list[Cut]) -> dict[tuple[str, int, str, bool], frozenset[str]]:
    return {
        (cut.family.name, cut.face.weight, cut.face.style, cut.later): cut.characters
        for cut in found
    }


def test_each_face_holds_what_is_set_in_it_and_the_spaces(stacks: dict[str, Stack]) -> None:
    shown = [
        Usage("serif", "“中a”", "here"),
        Usage("serif", "粗b", "here", weight=700),
        Usage("serif", "c", "here", style="italic"),
        Usage("math", "x", "there"),
    ]
    shares = by_face(cuts(shown, stacks))
    assert shares["Noto Serif SC", 400, "normal", False] == set("“中” \u00a0")
    assert shares["Noto Serif SC", 700, "normal", False] == set("粗 \u00a0")
    regular = shares["STIX Two Text", 400, "normal", False]
    assert {"a", " ", "\u00a0", "7", "[", "\u2010", "\u2002"} <= regular
    assert not regular & set("“中”bc")
    assert {"b", "7"} <= shares["STIX Two Text", 700, "normal", False]
    assert {"c", "7"} <= shares["STIX Two Text", 400, "italic", False]
    assert shares["STIX Two Math", 400, "normal", False] == set("x \u00a0")
    assert not {key for key in shares if key[0] in ("Inter", "Noto Sans SC")}


def test_a_face_is_chosen_as_css_chooses_it(catalogue: Catalogue) -> None:
    chosen = {
        (name, weight, style): catalogue[name].face(weight, style)
        for name, weight, style in (
            ("Inter", 700, "normal"),
            ("Inter", 500, "normal"),
            ("Inter", 600, "italic"),
            ("Noto Serif SC", 600, "normal"),
            ("Noto Serif SC", 400, "italic"),
        )
    }
    assert {key: (face.weight, face.style) for key, face in chosen.items()} == {
        ("Inter", 700, "normal"): (600, "normal"),
        ("Inter", 500, "normal"): (400, "normal"),
        ("Inter", 600, "italic"): (400, "italic"),
        ("Noto Serif SC", 600, "normal"): (700, "normal"),
        ("Noto Serif SC", 400, "italic"): (400, "normal"),
    }


def test_a_large_face_is_cut_in_two_for_the_first_view_and_the_rest(
    stacks: dict[str, Stack],
) -> None:
    shown = [Usage("serif", "中。", "here"), Usage("serif", f"中{MANY}”", "there", later=True)]
    shares = by_face(cuts(shown, stacks, in_two=True))
    # Marks stay together: a feature of the font sets them closer where they meet.
    assert shares["Noto Serif SC", 400, "normal", False] == set("中。” \u00a0")
    assert shares["Noto Serif SC", 400, "normal", True] == set(MANY)
    (whole,) = (
        share for key, share in by_face(cuts(shown, stacks)).items() if key[0] == "Noto Serif SC"
    )
    assert whole == set(f"中。”{MANY} \u00a0")


def test_a_small_face_stays_whole_and_waits_where_only_later_sections_need_it(
    stacks: dict[str, Stack],
) -> None:
    shown = [
        Usage("serif", "中", "here"),
        Usage("serif", "文", "there", later=True),
        Usage("serif", "粗", "there", weight=700, later=True),
    ]
    shares = by_face(cuts(shown, stacks, in_two=True))
    assert shares["Noto Serif SC", 400, "normal", False] == set("中文 \u00a0")
    assert shares["Noto Serif SC", 700, "normal", True] == set("粗 \u00a0")


def test_the_face_that_says_how_high_a_line_is_comes_with_the_first_view(
    stacks: dict[str, Stack],
) -> None:
    shown = [
        Usage("serif", "粗", "here", weight=700),
        Usage("serif", "bold", "there", weight=700, later=True),
    ]
    shares = by_face(cuts(shown, stacks, in_two=True))
    assert {*"bold "} <= shares["STIX Two Text", 700, "normal", False]

"""The picture of a shared link: its size, its title, and the same bytes every time."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from juchi.core.errors import UserError
from juchi.site import card
from juchi.site.metadata import PREVIEW_SIZE
from report.frames import FRAMES
from report.social_card import RESULTS
from tests.samples import LANGUAGES, ROOT, Sample, command, copied


def drawn(sample: Sample, language: str, path: Path) -> bytes:
    command(
        card.main,
        sample.root,
        language=language,
        templates="templates",
        catalogue="juchi/theme/fonts.yaml",
        results=[sample.table(file) for file in sample.plan.tables_of("here", RESULTS)],
        output=path,
        **{name: sample.file(name) for name in ("article", "facts")},
    )
    return path.read_bytes()


def inked(content: bytes) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return which pixels differ from the ground, which the corner has."""
    pixels = np.asarray(Image.open(io.BytesIO(content)).convert("RGB")).astype(int)
    differs: np.ndarray[Any, np.dtype[np.bool_]] = (np.abs(pixels - pixels[0, 0]) > 30).any(axis=2)
    return differs


def test_it_has_the_size_that_the_page_tells(sample: Sample, language: str, tmp_path: Path) -> None:
    with Image.open(io.BytesIO(drawn(sample, language, tmp_path / "a.png"))) as image:
        assert image.size == PREVIEW_SIZE
        assert image.format == "PNG"
        assert image.info.keys() <= {"dpi"}


def test_it_has_the_same_bytes_every_time(sample: Sample, language: str, tmp_path: Path) -> None:
    assert drawn(sample, language, tmp_path / "a.png") == drawn(
        sample, language, tmp_path / "b.png"
    )


def test_title_above_and_four_frames_below(sample: Sample, language: str, tmp_path: Path) -> None:
    ink = inked(drawn(sample, language, tmp_path / "a.png"))
    height = PREVIEW_SIZE[1]
    assert ink[: height // 3].any()
    below = ink[height * 11 // 20 :].any(axis=0)
    assert (np.diff(below.astype(int)) == 1).sum() == len(FRAMES)
    assert below.mean() > 0.7, "the frames go from margin to margin"


@pytest.fixture
def changed(tmp_path: Path) -> Sample:
    project = copied(tmp_path / "project")
    (project / "node_modules").symlink_to(ROOT / "node_modules")
    return Sample(project, tmp_path / "made")


def entitled(sample: Sample, title: str) -> None:
    sample.edit(f"templates/{LANGUAGES[0]}/messages.yaml", lambda words: words.update(title=title))


def test_a_long_title_is_made_smaller_until_it_fits(changed: Sample, tmp_path: Path) -> None:
    entitled(changed, "Why does the weight zigzag " * 3)
    ink = inked(drawn(changed, LANGUAGES[0], tmp_path / "a.png"))[: PREVIEW_SIZE[1] // 3]
    columns = np.flatnonzero(ink.any(axis=0))
    margin = round(0.06 * PREVIEW_SIZE[0])
    assert abs(columns[0] - margin) < 10
    assert abs(PREVIEW_SIZE[0] - margin - columns[-1]) < 15


def test_a_character_that_no_font_has_is_told(changed: Sample, tmp_path: Path) -> None:
    entitled(changed, "Why 𓀀?")
    with pytest.raises(UserError, match="𓀀"):
        drawn(changed, LANGUAGES[0], tmp_path / "a.png")

"""Everything that a lock file brings has a licence that is admitted, and stands in the list."""

from __future__ import annotations

import pytest

from setup.licences import FILE, Package, allowed, packages, table
from tests.samples import ROOT


def test_the_list_is_that_of_the_lock_files() -> None:
    assert (ROOT / FILE).read_text("utf-8") == table(packages(ROOT))


def test_every_licence_is_admitted() -> None:
    listed = packages(ROOT)
    assert {"torch", "weasyprint", "@mathjax/src"} <= {each.name for each in listed}
    assert [each for each in listed if not allowed(each)] == []


@pytest.mark.parametrize(
    ("licence", "admitted"),
    [
        ("MIT", True),
        ("BSD-3-Clause AND MIT", True),
        ("MIT AND GPL-3.0-only", False),
        ("GPL-2.0-or-later", False),
        ("LGPLv3+", False),
        ("GNU General Public License v2 or later (GPLv2+) or Mozilla Public License 1.1", True),
        ("none stated", False),
        ("Proprietary", False),
    ],
)
def test_what_is_admitted(licence: str, admitted: bool) -> None:
    assert allowed(Package("Python", "some", "1.0", licence)) == admitted

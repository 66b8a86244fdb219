"""WeasyPrint's layout is changed only in the version that the changes were written for."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import weasyprint
from weasyprint.layout import block, inline

from juchi.core.errors import UserError
from juchi.pdf.floats import floating_figures
from juchi.pdf.justification import inter_character_justification
from juchi.pdf.linebreaks import full_lines

CONTEXTS = [inter_character_justification, full_lines, floating_figures]


@pytest.mark.parametrize("context", CONTEXTS)
def test_another_weasyprint_is_refused_with_a_hint(
    monkeypatch: pytest.MonkeyPatch, context: Callable[[], AbstractContextManager[None]]
) -> None:
    monkeypatch.setattr(weasyprint, "__version__", "71.0")
    with pytest.raises(UserError) as caught, context():
        pass
    for part in ("WeasyPrint 71.0", "WeasyPrint 70.0", "hint:", "WRITTEN_FOR", "juchi/pdf/"):
        assert part in str(caught.value)


def test_everything_is_as_it_was_when_a_context_closes_even_by_an_error() -> None:
    plain = inline.justify_line, inline.split_first_line, block.block_container_layout
    with (
        pytest.raises(ZeroDivisionError),
        inter_character_justification(),
        full_lines(),
        floating_figures(),
    ):
        changed = inline.justify_line, inline.split_first_line, block.block_container_layout
        assert all(one is not other for one, other in zip(plain, changed, strict=True))
        1 / 0  # noqa: B018
    assert plain == (inline.justify_line, inline.split_first_line, block.block_container_layout)

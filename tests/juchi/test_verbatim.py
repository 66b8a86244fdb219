"""Code that is shown as it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from juchi.core.errors import UserError
from juchi.prose.markdown import parse
from juchi.prose.reading import numerals, quotes
from juchi.prose.source import marked
from juchi.prose.verbatim import shielded

PATH = Path("templates/en/post.md")
DECLARED = "<!-- code: verbatim -->\n"
TEXT = """# Title

Write `{{ fact("a.b") }}`, it prints {{ fact("a.b") }}; ``{% call claim("a", "refuted") %}`` begins
a claim, and `<!-- words -->` is no comment there.

```yaml
{{ fact("c.d") }}: 12  # {% raw
```

| Call | Prints |
|---|---|
| `{{ plain("e.f") }}` | {{ plain("e.f") }} |

> ~~~
> {{ fact("g.h") }}
> ~~~

{{ fact("i.j") }}
"""


def test_calls_in_code_are_shown_and_those_in_the_text_quote() -> None:
    found = quotes(DECLARED + TEXT, PATH)
    assert [(q.names[0], q.place) for q in found] == [
        ("a.b", f"{PATH}:4"),
        ("e.f", f"{PATH}:13"),
        ("i.j", f"{PATH}:19"),
    ]
    document = parse(marked(DECLARED + TEXT, PATH))
    (fence, quoted) = (token.content for token in document.tokens if token.type == "fence")
    assert fence == '{{ fact("c.d") }}: 12  # {% raw\n'
    assert quoted == '{{ fact("g.h") }}\n'
    inlines = [child for token in document.tokens for child in token.children or []]
    code = [child.content for child in inlines if child.type == "code_inline"]
    assert code == [
        '{{ fact("a.b") }}',
        '{% call claim("a", "refuted") %}',
        "<!-- words -->",
        '{{ plain("e.f") }}',
    ]


def test_code_without_braces_stays_as_it_is_and_lines_keep_their_places() -> None:
    text = "`a` and ```\nb `c\n\nd `{{ e }}\nf`\n"
    assert shielded(text) == "`a` and ```\nb `c\n\nd {% raw %}`{{ e }}\nf`{% endraw %}\n"


def test_digits_of_verbatim_code_are_no_results_and_those_of_the_text_are() -> None:
    text = "# Title\n\nThe `12` of 34.\n\n```\n56\n```\n"
    assert [each.text for each in numerals(text, PATH, [])] == ["12", "34", "56"]
    assert [each.text for each in numerals(DECLARED + text, PATH, [])] == ["34"]
    caption = '{% call figure("a", alt="7") %}`8` and 9{% endcall %}\n'
    found = [each.text for each in numerals(f"{DECLARED}# Title\n\n{caption}", PATH, [])]
    assert found == ["7", "9"]


@pytest.mark.parametrize("how", ["verbtim", "", "as it is"])
def test_another_declaration_is_refused(how: str) -> None:
    with pytest.raises(UserError, match=r"post\.md:1(.|\n)*<!-- code: verbatim -->"):
        quotes(f"<!-- code: {how} -->\n{TEXT}", PATH)

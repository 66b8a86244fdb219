"""Code in the article: cut out of the modules that ran, so that the two cannot differ."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from juchi.core.errors import UserError

__all__ = ["highlighted"]

# What the style sheet sets like the text around it: all but keywords, words that are operators,
# and comments.
_PLAIN = re.compile(r'<span class="(?!(?:k|kn|ow|sd|c1)")\w+">([^<]*)</span>')


def highlighted(path: Path, name: str) -> Markup:
    """Return the source of a top-level function as highlighted HTML, without blank lines."""
    source = path.read_text(encoding="utf-8")
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            text = ast.get_source_segment(source, node) or ""
            code = highlight(text, PythonLexer(), HtmlFormatter(nowrap=True)).strip("\n")
            code = _PLAIN.sub(r"\1", code)
            # One line of HTML: a blank line inside would end the block for Markdown.
            return Markup('<pre class="listing" tabindex="0"><code>{}</code></pre>').format(
                Markup(code.replace("\n", "&#10;"))
            )
    raise UserError(
        str(path),
        f"no function {name!r}",
        "a top-level function of that name",
        "correct the name in the call",
    )

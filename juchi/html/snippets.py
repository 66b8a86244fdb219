"""Code in the article, highlighted: blocks of the prose, and functions of the modules that ran."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from juchi.core.errors import UserError

__all__ = ["highlighted", "highlighted_code", "listing"]

# What the style sheet sets like the text around it: all but keywords, words that are operators,
# comments, and of a change its head and the lines that it takes out and puts in.
_PLAIN = re.compile(r'<span class="(?!(?:k|kn|ow|sd|c1|gd|gi|gh)")\w+">([^<]*)</span>')


def highlighted_code(code: str, language: str, place: str, kind: str = "code") -> Markup:
    """Return a block of code as HTML; a language that Pygments does not know is a `UserError`.

    Parameters
    ----------
    language
        Its name for Pygments; empty for code that is not highlighted.
    place
        File and line, for the message.
    kind
        The class of the block.
    """
    try:
        lexer = get_lexer_by_name(language or "text")
    except ClassNotFound as error:
        raise UserError(
            place,
            f"code in the language {language!r}",
            "a name that Pygments knows, as `python`, `r`, `julia`, `bash`; or none",
            'correct the name behind the fence, or write `{.python #lst-name lst-cap="…"}`; code '
            "is not run: `{python}` is a cell of a notebook, `{note}` a directive",
        ) from error
    marked = highlight(code.rstrip("\n"), lexer, HtmlFormatter(nowrap=True)).strip("\n")
    return Markup('<pre class="{}" tabindex="0"><code>{}</code></pre>\n').format(
        kind, Markup(_PLAIN.sub(r"\1", marked))
    )


def listing(id_: str | None, caption: Markup | None) -> tuple[Markup, Markup]:
    """Return the beginning and the end of code with a caption; with a name it has a number."""
    named, label = Markup(""), Markup("")
    if id_:
        named = Markup(' id="{}" data-kind="listing"').format(id_)
        label = Markup('<span class="label"></span>')
    start = Markup('<figure{} class="own listing"><figcaption>{}{}</figcaption>\n')
    return start.format(named, label, caption or ""), Markup("</figure>\n")


def highlighted(path: Path, name: str) -> Markup:
    """Return the source of a top-level function as highlighted HTML."""
    source = path.read_text(encoding="utf-8")
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            text = ast.get_source_segment(source, node) or ""
            return highlighted_code(text, "python", str(path), "source")
    raise UserError(
        str(path),
        f"no function {name!r}",
        "a top-level function of that name",
        "correct the name in the call",
    )

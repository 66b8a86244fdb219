r"""What Markdown has for a command of LaTeX in the text, such as ``\eqref{eq:x}``."""

from __future__ import annotations

import re

from juchi.prose.citing import is_target

__all__ = ["instead_of"]

_COMMAND = re.compile(r"\\(?P<name>[A-Za-z]+)\*?(?:\[[^\]]*\])*\{(?P<inner>[^{}]*)\}")
_REFERS = re.compile(r"(?:[cC]|auto|page|name|eq)?ref")
_CITES = re.compile(r"(?:paren|foot|auto|full)?citep?")
_NAMES_AUTHORS = re.compile(r"citet|citeauthor|textcite")
_FORMULAS = re.compile(r"equation|align(?:ed|at)?|gather(?:ed)?|multline|eqnarray|split|cases")
_OTHERS = {
    **dict.fromkeys(("emph", "textit"), "write `*{}*`"),
    **{"textbf": "write `**{}**`", "texttt": "write it between backticks"},
    **{"footnote": "write `^[{}]`", "url": "write `<{}>`"},
    **{"section": "write `## {}`", "subsection": "write `### {}`"},
}
# Commands without an argument, or whose argument Markdown has at another place.
_BARE = {
    **dict.fromkeys(("ldots", "dots"), "write `...`"),
    **{"LaTeX": "write `LaTeX`", "TeX": "write `TeX`", "S": "write `@sec-name`, or `§`"},
    **{"item": "begin each item with `- ` or `1. `", "par": "leave a blank line"},
    **{"newline": "write a backslash at the end of the line", "noindent": "leave it out"},
    **{"label": "write `{#fig-name}` behind what it names, as `# Title {#sec-name}`"},
    **{"href": "write `[words](https://example.org)`"},
    **{"includegraphics": 'write `![caption](pictures/photo.jpg){#fig-photo alt="…"}`'},
    **dict.fromkeys(("SI", "qty", "num", "si", "unit"), "quote a fact, or write it in a formula"),
    **dict.fromkeys(("quad", "qquad", "hspace", "enspace", "thinspace"), "write a space"),
}
_NAME = re.compile(r"\\(?P<name>[A-Za-z]+)")
_ENVIRONMENTS = {
    "itemize": "begin each item with `- `",
    "enumerate": "begin each item with `1. `",
}
# How labels of LaTeX begin, and what identifiers here begin with.
_BEGINNING = re.compile(r"(?P<kind>[a-z]+)[:_.-](?P<name>.*)")
_KINDS = {"equ": "eq", "eqn": "eq", "tab": "tbl", "table": "tbl", "figure": "fig"}


def instead_of(text: str) -> str | None:
    r"""Return what to write instead of the command that a text begins with, if it is known.

    Examples
    --------
    >>> instead_of(r"\eqref{eq:x} holds")
    'write `@eq-x`'
    >>> instead_of(r"\citep{may1976, he2015}")
    'write `[@may1976; @he2015]`'
    """
    bare = _NAME.match(text)
    known = _BARE.get(bare["name"]) if bare else None
    match = _COMMAND.match(text)
    if known or match is None:
        return known
    name, inner = match["name"], match["inner"].strip()
    if name in ("begin", "end"):
        return _environment(inner)
    keys = [each.strip() for each in inner.split(",")]
    if _REFERS.fullmatch(name):
        keys = [_identifier(key, name) for key in keys]
        return _called(keys, alone=len(keys) == 1)
    if _CITES.fullmatch(name):
        return _called(keys, alone=False)
    if _NAMES_AUTHORS.fullmatch(name):
        return _called(keys, alone=len(keys) == 1)
    return _OTHERS[name].format(inner) if name in _OTHERS else None


def _called(keys: list[str], *, alone: bool) -> str:
    return f"write `@{keys[0]}`" if alone else f"write `[@{'; @'.join(keys)}]`"


def _environment(name: str) -> str | None:
    if _FORMULAS.fullmatch(name.rstrip("*")):
        return (
            rf"write a line `$$` above \begin{{{name}}} and a line `$$ {{#eq-name}}` below "
            rf"\end{{{name}}}"
        )
    return _ENVIRONMENTS.get(name)


def _identifier(label: str, command: str) -> str:
    """Return a label of LaTeX as an identifier has it: `eq:x` is `eq-x`."""
    if match := _BEGINNING.fullmatch(label):
        kind = _KINDS.get(match["kind"], match["kind"])
        if is_target(f"{kind}-x"):
            return f"{kind}-{match['name']}"
    return f"eq-{label}" if command == "eqref" else f"fig-{label}"

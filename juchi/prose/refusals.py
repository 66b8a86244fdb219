"""What looks like markup and is not understood: refused with file and line, and what to write."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby, pairwise, zip_longest
from typing import NoReturn

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from juchi.core.call_marks import MARK
from juchi.core.errors import UserError
from juchi.prose.divs import refuse_unknown_kind
from juchi.prose.latex_commands import instead_of
from juchi.prose.tokens import leaves, line_of
from juchi.prose.wide_signs import wide_markup

__all__ = ["refuse_stray"]

# What stays in a text when markup was meant that is not known here, or was not closed.
_STRAY = re.compile(
    r"(?P<citation>\[[^\]]*@[\dA-Za-z_]|@(?:fig|tbl|tab|eq|lst|sec)-\w)"
    r"|(?P<tex>\\[A-Za-z]+)"
    r"|(?P<div>^:::)"
    r"|(?P<note>\[\^[^\]]+\])"
    r"|(?P<display>\$\$)"
    r"|(?P<picture>!\[[^\]]*\][({\[])"
    r"|(?P<link>\[[^\[\]]*\](?:\(|\[[^\]]*\])|\[\[[^\[\]]+\]\])"
    r"|(?P<attributes>\{[#.:=][\w-])"
    r"|(?P<critic>\{(?:\+\+|--|~~|>>|==))"
    r"|(?P<highlight>==\S(?:.*?\S)?==)"
    r"|(?P<pipes>^\|.*\|\s*$)"
    r"|(?P<struck>~~)"
    r"|(?P<script>(?<![\w~])~\S[^~]*\S~(?![\w~])|\w\^[^\s^]+\s[^^]*\S\^|~\w+\s[^~]*\w~"
    r"|\w\^[^\s^]+\^\w|[A-Za-z)\]]\^[-−+]?\d|\S?\^\S+|\S\^|\w_\{)"
    r"|(?P<range>[\d%‰℃°]~(?=\d))"
    r"|(?P<tie>[\w.)\]]~(?=[\w(\[@]|$))"
    r"|(?P<key>(?<![\w.])@[^\W\d_A-Za-z][^\W_]*)"
    r"|(?P<quotes>`+)"
    r"|(?P<entity>&(?:[A-Za-z][A-Za-z0-9]+|#\d+|#[xX][0-9A-Fa-f]+);)"
    r"|(?P<comment>\{#\s|\s#\})"
    r"|(?P<backslash>\\$)"
)
# The same at the beginning of a line of a paragraph, and at that of the paragraph.
_AT_LINE = re.compile(
    r"(?P<grid>\+[-=:+]{3,}\+?\s*$)|(?P<lines>\|\s)|(?P<heading>#{1,6}[^\W\d])|(?P<items>#\.\s|\(@\w*\)\s)"
)
_AT_PARAGRAPH = re.compile(
    r"(?P<percent>%\s)"
    r"|(?P<admonition>!!!\s|\.\. [\w-]+::|\[!\w+\])"
    r"|(?P<target>\([\w:. -]+\)=\s*$)"
    r"|(?P<contents>\[(?:TOC|toc)\]\s*$)"
    r"|(?P<items>(?:[a-z]|[ivx]{2,4})[.)][ \t])"
)
# The beginnings of items that Markdown does not know; what prose has at a line's beginning, too.
_DASHED = re.compile(r"[–—]\s")
_ITEMS = (
    _DASHED,
    re.compile(r"[•·●▪◦‣]"),
    re.compile(r"[①-⑳]"),
    re.compile(r"[(（]?[一二三四五六七八九十]{1,3}[)）、.．]"),
    re.compile(r"(?:[(（]\d{1,2}[)）]|\d{1,2}(?:[)）、．]|\.(?!\d)))"),
)
# A letter that is a word of its own ends a text.
_LETTER = re.compile(r"(?<!\w)[A-Za-z]$")
# A role of MyST or reStructuredText, right before code.
_ROLE = re.compile(r"(?:\{[\w:-]+\}|(?<!\w):[\w-]+:)$")
# Code within a line that R Markdown and Quarto carry out.
_EVALUATED = re.compile(r"(?:r\s+(?:[\w.]+::)?[\w.]+(?:[(\[]|\$\w|$)|\{(?:r|python|julia|ojs)\}\s)")
# In a formula that begins and ends with a space, as prices do.
_WORDS = re.compile(r"(?<![\\A-Za-z{])[A-Za-z]{3,}")
# What tells a formula from words in brackets.
_IS_FORMULA = re.compile(r"^\s|\s$|[\\^_=]")
# The dashes below the head of a simple table, one run for each column.
_COLUMNS = re.compile(r"-{2,}(?:[ \t]+-{2,})+\s*$")
_SIGN = re.compile(r"\S*(?:\*\S|\S\*)\S*|\S*\$\S*")
_HINTS = {
    "citation": (
        "a citation as `[@key, p. 12]` or `@key`, a cross reference as `@fig-name`",
        "close the bracket, and put a space before the sign @; several places, as a range, are "
        "`[@eq-a; @eq-b; @eq-c]`",
    ),
    "tex": (
        "Markdown; LaTeX stands in formulas alone",
        "write `@fig-name`, `[@key]`, `**strong**`, `*emphasis*`, `[^note]` or a heading with `#`; "
        "put what is to be read as it stands between backticks",
    ),
    "div": (
        "a line `::: note`, text, and a line `:::` that closes it",
        "put each on a line of its own",
    ),
    "note": (
        "a note whose text stands in a paragraph of its own, `[^name]: text`",
        "write the text of the note, or a backslash before the bracket",
    ),
    "display": (
        "a displayed formula on lines of its own, between `$$` and `$$`",
        "begin a line with `$$`, or write `$…$` within a line",
    ),
    "link": (
        "a link as `[words](https://example.org)`, an address with spaces between `<` and `>`",
        "close it and declare what it leads to, or write a backslash before the bracket",
    ),
    "critic": ("text without the marks of a reviewer", "accept or reject each change first"),
    "script": (
        "what is raised or lowered, as `x^2^` and `H~2~O`, or a formula, as `$x^2$`",
        "close it with the same sign, with a backslash before each space within it, or write a "
        "backslash before a sign that is meant as text",
    ),
    "range": (
        "a range as `1–2`, with a dash",
        "write `–` for the sign `~`, or `～` in Chinese; a space that does not break is `\\ `",
    ),
    "key": (
        "a citation as `[@key]`, where the key has Latin letters, or as `[@{key}]` with any",
        "put braces around the key, or a backslash before the sign where it is meant as text",
    ),
    "tie": (
        "a space that does not break, as `a\\ b` or `a&nbsp;b`, or what is lowered, as `H~2~O`",
        "write it so, or `–` or `～` where a range is meant, or a backslash before the sign where "
        "it is meant as text",
    ),
    "escape": (
        "a space as `\\ `, or a thin one as `\\,`",
        "write one of these, or the sign without a backslash",
    ),
    "ending": (
        "one backslash at the end of a line that is to end there",
        "write one, or leave a blank line",
    ),
    "backslash": (
        "a backslash before a sign, or at the end of a line within a paragraph",
        "take it out, or write two where the sign itself is meant",
    ),
    "merged": (
        "each item of a list as `- item` or `1. item`, and of Chinese ones a paragraph each",
        "write it so, or put an empty line between the lines, which would become one",
    ),
    "accent": (
        "letters with their accents, as é and ö",
        "write the letter as it is, and an apostrophe without a backslash",
    ),
    "hyphen": (
        "a place at which a word may be parted as `&shy;`",
        "write it so, or leave it out: words are parted by themselves",
    ),
    "product": (
        "emphasis as `*words*`, a product as `2 × 3` or `$2 \\cdot 3$`",
        "write `×` for the sign `*`, or a backslash before each that is meant as text",
    ),
    "quotes": (
        "quotation marks as the keyboard has them, which are set as the language does",
        'write "words", or close the backticks where code is meant',
    ),
    "entity": (
        "a character as HTML names it, such as `&eta;`",
        "correct its name, or write `&amp;` where the sign is meant as text",
    ),
    "wide": (
        "the signs of calls and of markup as the keyboard has them: {{, [@key], {#id}, @fig-name, "
        "$x$, # Title, **words**",
        "write them half as wide, with the input method switched to English",
    ),
    "lines": (
        "lines that each end in a backslash, or a table with a line `|---|---|`",
        "write a backslash at the end of each line that is to stay one; in a table, `\\vert` for a "
        "pipe in a formula and `\\|` for one in a text",
    ),
    "grid": (
        "a table with pipes, and a line `|---|---|` below its head; grid tables are not taken",
        "put pipes around the cells of each row; a head of two rows has both above the dashes",
    ),
    "heading": (
        "a heading as `# Title`",
        "put a space behind the signs, or a backslash before them where they are text",
    ),
    "items": (
        "a list with `-`, with `1.`, or with `a.` and then `b.`",
        "number the items, or letter each in turn; text has a backslash before the full stop or "
        "the parenthesis",
    ),
    "percent": ("a comment as `<!-- words that nobody sees -->`", "write it so, or leave it out"),
    "admonition": (
        "a block as `::: note`, text, and a line `:::` that closes it",
        "name one of note, tip, important, warning, caution",
    ),
    "target": (
        "an identifier behind what it names, as `# Title {#sec-name}`",
        "write it there, and `@sec-name` where you refer to it",
    ),
    "contents": ("text: the page has a list of contents of its own", "take it out"),
    "role": (
        "a formula as `$…$`, a citation as `[@key]`, a cross reference as `@fig-name`",
        "write it so, or a backslash before the braces where they are text",
    ),
    "evaluated": (
        'a number as `{{ fact("name") }}`; code within a line is printed, and not carried out',
        "let an experiment or a script write the number into its results, declare it in "
        "config/facts.yaml and quote it",
    ),
    "brackets": (
        "formulas as `$…$`, or displayed ones between `$$` and `$$`",
        "write it so; a parenthesis that is text needs no backslash",
    ),
    "picture": (
        'a picture as `![caption](pictures/photo.jpg){#fig-photo alt="…"}`',
        "let no space stand in the name of the file or before the braces",
    ),
    "attributes": (
        "attributes at the end of a heading, of a displayed formula or of a picture",
        "remove the braces, or write a backslash before them where they are text",
    ),
    "highlight": (
        "**strong** or *emphasised* words",
        "highlight with asterisks: a marker pen is not supported",
    ),
    "pipes": (
        "a table with a line `|---|---|` below its head, and as many cells in each row",
        "see that the second line has a cell of dashes for each column; a pipe in a formula is "
        "`\\vert`, one in a text `\\|`",
    ),
    "comment": ("a comment as `<!-- words that nobody sees -->`", "write it so, or leave it out"),
    "struck": ("words between `~~` and `~~`", "close what is struck out on the same line"),
}


def refuse_stray(state: StateCore) -> None:
    """Refuse HTML, and what looks like markup and has stayed text."""
    _refuse_front_matter(state)
    _refuse_simple_tables(state)
    before = ""
    for (line, kind), group in groupby(
        leaves(state.tokens), lambda leaf: (leaf[0], _kind(leaf[1]))
    ):
        tokens = [token for _, token in group]
        content = "".join(token.content for token in tokens)
        place = state.env["source"].place(line)
        if kind in ("html_block", "html_inline"):
            _refuse_html(content, place)
        if kind == "text":
            _refuse_beginning(content, before, place)
            _refuse_stray_text(content, place)
        before = tokens[-1].type
    for token in state.tokens:
        if token.type == "container_div_open":
            place = state.env["source"].place(line_of(token))
            refuse_unknown_kind(token.meta["attributes"], place)
        if token.type == "inline":
            for refuse in (
                *(_refuse_roles, _refuse_raised_brackets, _refuse_wide_brackets),
                *(_refuse_bracketed, _refuse_prices, _refuse_tildes, _refuse_products),
                *(_refuse_around_calls, _refuse_escapes, _refuse_merged_items),
            ):
                refuse(token.children or [], state.env["source"].place(line_of(token)))


# What Markdown has for a tag of HTML.
_INSTEAD = {
    "br": "write a backslash at the end of the line, or begin a new paragraph",
    "sub": "write `H~2~O`",
    "sup": "write `m^2^`",
    "em": "write `*words*`",
    "i": "write `*words*`",
    "strong": "write `**words**`",
    "b": "write `**words**`",
    "code": "write the code between backticks",
    "img": 'write `![caption](pictures/photo.jpg){#fig-photo alt="…"}`',
    "a": "write `[words](https://example.org)`",
}


def _refuse_html(content: str, place: str) -> None:
    tag = re.match(r"</?([a-z]+)", content, re.IGNORECASE)
    instead = _INSTEAD.get(tag[1].lower()) if tag else None
    raise UserError(
        place,
        f"HTML in the prose: {MARK.sub('…', content).strip()}",
        "Markdown, and calls of the functions",
        instead or "write `&lt;` for a sign that is meant as text, or put it between backticks",
    )


def _refuse_front_matter(state: StateCore) -> None:
    """Refuse YAML at the head of a file, which would be a line and a heading."""
    if re.match(r"---[ \t]*\n(?:[^\n]*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|$)", state.src):
        raise UserError(
            state.env["source"].place(0),
            "YAML at the head of a file of prose",
            "a heading `# Title` first",
            "title and authors stand in config/article.yaml and messages.yaml: take it out here",
        )


def _refuse_beginning(content: str, before: str, place: str) -> None:
    """Refuse markup of others that is known by where it stands: at the beginning of a line."""
    is_line = before in ("paragraph_open", "softbreak", "hardbreak")
    if wide := wide_markup(content, is_line=is_line):
        _refuse("wide", wide, place)
    match = None
    if before == "paragraph_open":
        match = _AT_PARAGRAPH.match(content)
    if is_line:
        match = match or _AT_LINE.match(content)
    if match:
        _refuse(match.lastgroup, content, place)


def _refuse_prices(children: Sequence[Token], place: str) -> None:
    """Refuse words between two dollar signs that are prices, as in `costs $a and $b`."""
    for formula, after in zip_longest(children, children[1:]):
        tex = formula.content
        if formula.type != "math_inline":
            continue
        spaces = tex[:1].isspace() + tex[-1:].isspace()
        digit = after is not None and after.type == "text" and after.content[:1].isdigit()
        if spaces == 1 or digit or (spaces and _WORDS.search(tex)):
            raise UserError(
                place,
                f"words that would be a formula: {f'${tex}$'[:60]!r}",
                "a formula as `$x$`, with no space inside the dollar signs and no digit behind",
                r"close it as it was opened, or write `\$` where a price is meant",
            )


def _refuse_roles(children: Sequence[Token], place: str) -> None:
    """Refuse ``{math}`x``` and ``:math:`x```, of which the name would be printed.

    So is code that R Markdown and Quarto carry out, as ```r mean(x)```.
    """
    for before, code in pairwise(children):
        if before.type == "text" and code.type == "code_inline" and _ROLE.search(before.content):
            _refuse("role", f"{before.content}`{code.content}`"[-60:], place)
    for code in children:
        if code.type == "code_inline" and _EVALUATED.match(code.content):
            _refuse("evaluated", f"`{code.content}`"[:60], place)


def _refuse_escapes(children: Sequence[Token], place: str) -> None:
    r"""Refuse a backslash before a sign that is LaTeX there, such as ``5\;mm`` and ``K\"onig``."""
    for at, token in enumerate(children):
        sign = token.markup if token.type == "text_special" else ""
        left, right = _end_of(children, at - 1, -1), _end_of(children, at + 1, 0)
        if not re.fullmatch(r"[A-Za-z0-9.)]", left):
            continue
        ends_line = children[at + 1 :][:1] == [] or children[at + 1].type == "softbreak"
        if sign in (r"\;", r"\:") or (sign == r"\!" and right not in "["):
            _refuse("escape", f"{left}{sign}{right}", place)
        if sign == r"\\" and ends_line:
            _refuse("ending", f"{left}{sign}", place)
        if sign in (r"\'", r"\"", r"\`", r"\-") and left.isalpha() and right.isalpha():
            _refuse("hyphen" if sign == r"\-" else "accent", f"{left}{sign}{right}", place)


def _refuse_tildes(children: Sequence[Token], place: str) -> None:
    """Refuse ``{{ fact("a") }}~{{ fact("b") }}``, and a tilde between a fact and a word."""
    for before, text, after in zip_longest(children, children[1:], children[2:]):
        if before.type == "call" and text is not None and text.type == "text":
            is_last = text.content == "~" and after is not None and after.type == "call"
            if is_last or re.match(r"~\w", text.content):
                _refuse("range", f"…{text.content}{'…' * is_last}", place)


def _refuse_around_calls(children: Sequence[Token], place: str) -> None:
    """Refuse what would be markup if no call stood in it, such as ``=={{ fact("a") }}==``."""
    shown = {"call": "…", "softbreak": "\n"}
    text = "".join(
        each.content if each.type == "text" else shown.get(each.type, "\0") for each in children
    )
    if "…" in text and (match := _STRAY.search(text)):
        _refuse(match.lastgroup, match[0], place)


def _refuse_products(children: Sequence[Token], place: str) -> None:
    """Refuse ``A*B and C*D``, of which the middle would be emphasised and the asterisks lost."""
    opened: list[int] = []
    for at, token in enumerate(children):
        if token.type == "em_open":
            opened.append(at)
        elif token.type == "em_close":
            first = opened.pop()
            around = [_end_of(children, first - 1, -1), _end_of(children, at + 1, 0)]
            inner = "".join(each.content for each in children[first + 1 : at])
            sides = around[0] + inner[:1], inner[-1:] + around[1]
            in_words = [bool(re.fullmatch("[A-Za-z0-9]{2}", side)) for side in sides]
            has_digit = any(
                is_word and re.search(r"\d", side)
                for is_word, side in zip(in_words, sides, strict=True)
            )
            apart = re.search(r"[^\w.'-]|[\u4e00-\u9fff]", inner)
            letters = _LETTER.search(_text_at(children, first - 1)) and re.match(
                r"[A-Za-z]\b", _text_at(children, at + 1)
            )
            if has_digit or (all(in_words) and (apart or (letters and len(inner) == 1))):
                _refuse("product", f"{around[0]}*{inner}*{around[1]}", place)


def _refuse_merged_items(children: Sequence[Token], place: str) -> None:
    """Refuse lines that begin as the items of a list do and would become one paragraph."""
    begins = [0, *(at + 1 for at, token in enumerate(children) if token.type == "softbreak")]
    lines = [_text_at(children, at) for at in begins]
    for item in _ITEMS:
        found = [line for line in lines if item.match(line)]
        if len(found) > 1 and (item is not _DASHED or item.match(lines[0])):
            _refuse("merged", "\n".join(found), place)


def _end_of(children: Sequence[Token], at: int, end: int) -> str:
    """Return the first or the last character of a neighbour, if it is text."""
    return _text_at(children, at)[end:][:1]


def _text_at(children: Sequence[Token], at: int) -> str:
    token = children[at] if 0 <= at < len(children) else None
    return token.content if token and token.type == "text" else ""


def _refuse_raised_brackets(children: Sequence[Token], place: str) -> None:
    """Refuse ``[^a]^[b]``, where half of each bracket would be raised, and a sign behind a note."""
    for before, text in pairwise(children):
        if text.type != "text":
            continue
        if before.type == "sup_open" and text.content.count("[") != text.content.count("]"):
            _refuse("note", f"^{text.content}^", place)
        if before.type == "footnote_ref" and text.content.startswith("^"):
            _refuse("script", text.content, place)


def _refuse_wide_brackets(children: Sequence[Token], place: str) -> None:
    """Refuse ``【@key】`` and ``[words]（https://…）``, of which the brackets would be text."""
    for text, cite in pairwise(children):
        is_link = cite.type == "link_open" and cite.markup == "autolink"
        if is_link and text.type == "text" and re.search(r"[\]］]（$", text.content):
            _refuse("wide", text.content[-2:], place)
        if text.type == "text" and cite.type == "cite" and text.content.endswith(("【", "［")):
            _refuse("wide", f"{text.content[-1]}@", place)


def _refuse_bracketed(children: Sequence[Token], place: str) -> None:
    r"""Refuse formulas between ``\(`` and ``\)``, or ``\[`` and ``\]``, which are brackets here."""
    opened: dict[str, int] = {}
    for at, token in enumerate(children):
        sign = token.markup if token.type == "text_special" else ""
        if sign in (r"\(", r"\["):
            opened.setdefault(sign, at)
        pair = {r"\)": r"\(", r"\]": r"\["}.get(sign)
        if pair in opened:
            inner = children[opened.pop(pair) + 1 : at]
            text = "".join("\n" if t.type.endswith("break") else t.content for t in inner)
            if pair == r"\(" or _IS_FORMULA.search(text):
                _refuse("brackets", f"{pair}{text}{sign}", place)


def _refuse_simple_tables(state: StateCore) -> None:
    """Refuse the dashes of a simple table of Pandoc's, which would be a line across the page."""
    lines = state.src.splitlines()
    for token in state.tokens:
        if token.type in ("hr", "heading_open") and token.map:
            dashes = lines[token.map[1] - 1].lstrip("> ")
            if _COLUMNS.match(dashes):
                raise UserError(
                    state.env["source"].place(token.map[1] - 1),
                    f"markup that is not understood: {dashes[:60]!r}",
                    "a table with pipes, and a line `|---|---|` below its head",
                    "put pipes around each cell; a line across the page is `---`",
                )


def _kind(token: Token) -> str:
    """Return the type of a token; a backslash that escapes nothing is text."""
    is_text = token.type == "text_special" and token.content == token.markup
    return "text" if is_text else token.type


def _refuse_stray_text(text: str, place: str) -> None:
    if match := _STRAY.search(text):
        instead = instead_of(text[match.start() :]) if match.lastgroup == "tex" else None
        _refuse(match.lastgroup, match[0], place, instead)
    if match := _SIGN.search(text):
        raise UserError(
            place,
            f"markup that reached the page: {match[0][:60]!r}",
            "emphasis and formulas that Markdown understands",
            "put punctuation outside the asterisks and no space inside them, close each dollar "
            "sign, and write a backslash before a sign that is meant as text",
        )


def _refuse(kind: str | None, text: str, place: str, instead: str | None = None) -> NoReturn:
    expected, hint = _HINTS[kind or ""]
    found = f"markup that is not understood: {text[:60]!r}"
    raise UserError(place, found, expected, instead or hint)

"""Tokens of Markdown: where each begins, and characters that matter to how lines are joined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

__all__ = ["end_of_div", "leaves", "line_of"]


def line_of(token: Token, default: int = 0) -> int:
    """Return the line on which a token begins; tokens within a block have none of their own."""
    return token.map[0] if token.map else default


def end_of_div(tokens: Sequence[Token], first: int) -> int:
    """Return where the block between colons ends that begins at a token."""
    depth, at = 1, first
    while depth:
        at += 1
        depth += tokens[at].nesting if tokens[at].type.startswith("container_div") else 0
    return at


def leaves(tokens: Sequence[Token]) -> Iterator[tuple[int, Token]]:
    """Yield each token that holds a text, a formula or a call, with the line where it begins."""
    above = 0
    for token in tokens:
        above = line_of(token, above)
        if token.type != "inline":
            yield above, token
            continue
        line = above
        for child in token.children or []:
            yield line, child
            line += child.type in ("softbreak", "hardbreak")

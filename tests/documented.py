"""The commands that the documents tell people to run, found in their Markdown and the Makefile."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from markdown_it import MarkdownIt

__all__ = ["DOCUMENTS", "commands", "in_markdown"]

DOCUMENTS = ("README*.md", "CONTRIBUTING.md", "docs/*.md", "docs/manual/templates/*/*.md")
# A fence in one of these holds a command on each line; what no language is said of is no command.
_SHELLS = ("sh", "bash", "shell", "console")
_PROGRAMS = """
apt apt-get bash brew cd chmod conda cp curl dnf docker export gh git juchi mamba make mkdir mv
mypy node npm npx pip pip3 pipx pre-commit pytest python python3 python3.11 rm rsync ruff
sbatch scancel scontrol sh sinfo snakefmt snakemake source squeue srun ssh sudo uv wget
zizmor
""".split()  # noqa: SIM905
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_PARSER = MarkdownIt("commonmark").enable("table")


def commands(root: Path) -> dict[str, list[str]]:
    """Return every command with the places that tell people to run it, such as ``README.md:17``.

    The goals of the Makefile count too: ``make help`` tells of them.
    """
    found: dict[str, list[str]] = {}
    for pattern in DOCUMENTS:
        for file in sorted(root.glob(pattern)):
            for line, command in in_markdown(file.read_text("utf-8"), root):
                found.setdefault(command, []).append(f"{file.relative_to(root)}:{line}")
    goals = re.findall(r"^([a-z]+):.*## ", (root / "Makefile").read_text("utf-8"), re.MULTILINE)
    for goal in goals:
        found.setdefault(f"make {goal}", []).append("Makefile")
    return found


def in_markdown(text: str, root: Path) -> Iterator[tuple[int, str]]:
    """Yield the commands of a text, each with the number of the line where its block begins.

    Parameters
    ----------
    text
        Markdown: lines of fenced shell code, and inline code that is a command.
    root
        The project's folder: a path in it to a program is a command too.
    """
    for token in _PARSER.parse(text):
        line = token.map[0] + 1 if token.map else 0
        if token.type == "fence" and token.info.strip() in _SHELLS:
            yield from ((line, command) for command in _lines(token.content))
        for child in token.children or []:
            if child.type == "code_inline" and _is_command(child.content, root):
                yield line, " ".join(child.content.split())


def _lines(block: str) -> Iterator[str]:
    """Yield the commands of a block, without remarks, each on one line."""
    for line in block.replace("\\\n", " ").splitlines():
        command = " ".join(re.sub(r"(^|\s)#.*", "", line).split())
        if command:
            yield command


def _is_command(code: str, root: Path) -> bool:
    """Tell whether inline code is to be run: a program and its arguments, or a path to one."""
    try:
        words = shlex.split(code)
    except ValueError:
        return False
    while words and _ASSIGNMENT.match(words[0]):
        words.pop(0)
    if not words:
        return False
    program, arguments = words[0], words[1:]
    if program == "." or program.startswith((".venv/bin/", ".tools/bin/")):
        return bool(arguments)
    if "/" in program:
        return (root / program).is_file() and bool((root / program).stat().st_mode & 0o111)
    return program in _PROGRAMS and bool(arguments)

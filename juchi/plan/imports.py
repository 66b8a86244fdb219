"""Which project modules a module imports, and a digest of their code.

Snakemake does not look into the modules that a rule's module imports. A rule therefore declares
the files of the closure as inputs and carries the digest as a parameter: it runs again when the
code of one of them changes, and not when only a comment or a docstring does.
"""

from __future__ import annotations

import ast
import hashlib
import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import resolve_name
from pathlib import Path
from typing import Any

from juchi.core.errors import UserError
from juchi.core.memoize import memoize

__all__ = ["closure", "code_digest", "is_module"]

PACKAGES = ("juchi", "experiments", "report", "reference")
# An article that does not bring the generator is built by the one that is installed.
_GENERATOR = "juchi"
_INSTALLED = Path(__file__).resolve().parents[2]


@cache
def closure(module: str, root: Path) -> tuple[Path, ...]:
    """Return the files of a module and of all project modules that it imports, sorted.

    Parameters
    ----------
    module
        Dotted name, such as ``report.figures.loss``.
    root
        The folder that holds the packages; the paths returned are relative to it. Those of a
        generator that is installed elsewhere are absolute.
    """
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(_imported(name, root))
    return tuple(sorted(_shown(_file(name, root), root) for name in seen))


def code_digest(module: str, root: Path) -> str:
    """Return a SHA-256 over the syntax trees, docstrings left out, of a module's closure."""
    digest = hashlib.sha256()
    for path in closure(module, root):
        # The same wherever the generator is installed.
        name = path.relative_to(_INSTALLED) if path.is_absolute() else path
        digest.update(f"{name.as_posix()}\n{_code(root / path)['tree']}\n".encode())
    return digest.hexdigest()


def _shown(file: Path, root: Path) -> Path:
    return file.relative_to(root) if file.is_relative_to(root) else file


@cache
def _file(name: str, root: Path) -> Path:
    own, package = root, name.partition(".")[0]
    if package == _GENERATOR and not (root / _GENERATOR).is_dir():
        own = _INSTALLED
    base = own.joinpath(*name.split("."))
    return base / "__init__.py" if base.is_dir() else base.with_suffix(".py")


@cache
def is_module(name: str, root: Path) -> bool:
    """Tell whether a dotted name is that of a module or a package of the project."""
    return name.split(".", maxsplit=1)[0] in PACKAGES and _file(name, root).is_file()


@cache
def _imported(name: str, root: Path) -> tuple[str, ...]:
    """Return the project modules that one module imports, its parent packages among them."""
    found = {name.rsplit(".", 1)[0]} if "." in name else set()
    package = name if _file(name, root).name == "__init__.py" else name.rpartition(".")[0]
    for dots, source, names in _code(_file(name, root))["imports"]:
        origin = resolve_name("." * dots + source, package) if dots or source else ""
        found.update([origin, *(f"{origin}.{each}".lstrip(".") for each in names)])
    return tuple(sorted(module for module in found if is_module(module, root)))


@cache
def _code(path: Path) -> dict[str, Any]:
    """Return what is told of a module: a digest of its ``tree``, and what it ``imports``.

    The imports are as written: dots, module, names; ``import a`` has no module.
    """
    source = _read(path)

    def work_out() -> dict[str, Any]:
        tree = _parse(source, path)
        imports = list(_imports(tree))
        return {"imports": imports, "tree": hashlib.sha256(_tree_text(tree).encode()).hexdigest()}

    known: dict[str, Any] = memoize(work_out, "code", sys.version, source)
    return known


def _imports(tree: ast.Module) -> Iterator[tuple[int, str, list[str]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield 0, "", [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            yield node.level, node.module or "", [alias.name for alias in node.names]
        elif isinstance(node, ast.Call) and _finds_by_name(node):
            yield 0, "", [ast.literal_eval(node.args[0])]


def _finds_by_name(call: ast.Call) -> bool:
    """Tell whether a call finds a module of the article, as ``article_value("report.claims", …)``.

    Where the article has the module, it counts as imported.
    """
    named = isinstance(call.func, ast.Name) and call.func.id == "article_value"
    return named and isinstance(call.args[0], ast.Constant)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UserError(
            where=str(path),
            found="no such module",
            expected="the module that a rule of the Snakefile runs or imports",
            hint="write it, or fix its name where it is asked for",
        ) from error


def _parse(source: bytes, path: Path) -> ast.Module:
    try:
        return ast.parse(source, filename=str(path))
    except SyntaxError as error:
        raise UserError(
            where=f"{path}:{error.lineno}",
            found=error.msg,
            expected="valid Python",
            hint="fix the module at that line",
        ) from error


def _tree_text(tree: ast.Module) -> str:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and _is_docstring(body[0]):
            del body[0]
    return ast.dump(tree)


def _is_docstring(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )

"""What the generator touches inside Snakemake and WeasyPrint, all of it named here.

Neither promises these names to anyone. Whoever takes a new version reads through this list: it is
what may have changed its meaning, and no other module depends on it.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from juchi.pdf import weasyprint_patches
from juchi.runtime import hooks
from tests.project import ROOT

# Classes whose functions a module may put others in the place of.
_CLASSES = ("DAG", "Executor", "Job")
PACKAGES = ("snakemake", "weasyprint")
# What both promise.
FRONT_DOOR = {"weasyprint.HTML", "snakemake.exceptions.WorkflowError", "snakemake.utils.format"}
# By module: what it imports beyond the front door, what it replaces, and which private attributes
# of other objects it reads or sets.
TOUCHED: dict[str, set[str]] = {
    "juchi/pdf/broken_words.py": {
        "replaced drawing.draw_first_line",
        "replaced inline.split_text_box",
        "weasyprint.draw.text",
        "weasyprint.layout.inline",
        "weasyprint.text.ffi.ffi",
        "weasyprint.text.ffi.pango",
    },
    "juchi/pdf/even_lines.py": {
        "replaced block.iter_line_boxes",
        "replaced inline.split_inline_box",
        "replaced inline.text_align",
        "weasyprint.formatting_structure.boxes",
        "weasyprint.layout.block",
        "weasyprint.layout.inline",
    },
    "juchi/pdf/figure_pdfs.py": {
        "._base_url",
        "replaced images.SVGImage.draw",
        "weasyprint.images",
    },
    "juchi/pdf/floats.py": {
        "replaced block.block_container_layout",
        "weasyprint.layout.block",
        "weasyprint.text.line_break.strut",
    },
    "juchi/pdf/footnotes.py": {
        "._page_box",
        "replaced LayoutContext._update_footnote_area",
        "replaced block._linebox_layout",
        "weasyprint.formatting_structure.boxes",
        "weasyprint.layout.LayoutContext",
        "weasyprint.layout.block",
    },
    "juchi/pdf/justification.py": {
        "replaced drawing.draw_first_line",
        "replaced inline.justify_line",
        "weasyprint.draw.text",
        "weasyprint.formatting_structure.boxes",
        "weasyprint.layout.inline",
        "weasyprint.text.ffi.TO_UNITS",
        "weasyprint.text.ffi.ffi",
        "weasyprint.text.line_break.Layout",
        "weasyprint.text.line_break._font_style_cache_key",
        "weasyprint.text.line_break.line_size",
    },
    "juchi/pdf/linebreaks.py": {
        "replaced inline.split_first_line",
        "weasyprint.layout.inline",
    },
    "juchi/pdf/long_tables.py": {
        "replaced block.table_layout",
        "weasyprint.formatting_structure.boxes",
        "weasyprint.layout.block",
    },
    "juchi/pdf/searchable.py": {
        "replaced weasyprint.draw.draw_replacedbox",
        "weasyprint.draw",
    },
    "juchi/pdf/overfull.py": {
        "._box",
        "._page_box",
        "._replace",
        "weasyprint.formatting_structure.boxes",
        "weasyprint.layout.absolute.AbsolutePlaceholder",
    },
    "juchi/pdf/tagging.py": {
        "._box",
        "._page_box",
        "._tags",
        "replaced weasyprint.pdf.add_tags",
        "weasyprint.formatting_structure.boxes",
        "weasyprint.layout.absolute.AbsolutePlaceholder",
        "weasyprint.logger.LOGGER",
        "weasyprint.pdf",
    },
    "juchi/pdf/weasyprint_patches.py": {
        "replaced weasyprint.text.fonts.mkdtemp",
        "weasyprint.text.fonts",
    },
    "juchi/pdf/word_breaks.py": {
        "replaced drawing.draw_first_line",
        "replaced inline.remove_last_whitespace",
        "replaced inline.split_text_box",
        "weasyprint.draw.text",
        "weasyprint.formatting_structure.boxes",
        "weasyprint.layout.inline",
    },
    "juchi/runtime/hooks.py": {
        "._code",
        "._n_until_ready",
        "._params",
        "._process_args",
        "replaced DAG.update_needrun",
        "replaced Executor.cached_or_run",
        "replaced Job.postprocess",
        "replaced Job.prepare",
        "snakemake.api",
        "snakemake.cli.main",
        "snakemake.dag.DAG",
        "snakemake.exceptions.MissingOutputException",
        "snakemake.executors.local.Executor",
        "snakemake.io.AnnotatedString",
        "snakemake.io.ancient",
        "snakemake.io.flag",
        "snakemake.io.is_flagged",
        "snakemake.jobs.Job",
        "snakemake.shell.shell",
    },
}


def imported(tree: ast.AST) -> Iterator[str]:
    """Yield what a module imports from within the packages, by its full name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in PACKAGES:
            yield from (f"{node.module}.{each.name}" for each in node.names)
        elif isinstance(node, ast.Import):
            names = [each.name for each in node.names]
            yield from (name for name in names if "." in name and name.split(".")[0] in PACKAGES)


def replacements(tree: ast.AST) -> Iterator[str]:
    """Yield the functions that a module replaces."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "replaced":
            yield f"replaced {ast.unparse(node.args[1])}.{ast.literal_eval(node.args[2])}"


def assigned(tree: ast.AST) -> Iterator[str]:
    """Yield the functions of imported classes that a module puts others in the place of."""
    targets = [
        each for node in ast.walk(tree) if isinstance(node, ast.Assign) for each in node.targets
    ]
    for target in (part for each in targets for part in ast.walk(each)):
        if isinstance(target, ast.Attribute) and ast.unparse(target.value) in _CLASSES:
            yield f"replaced {ast.unparse(target)}"


def private(tree: ast.AST) -> Iterator[str]:
    """Yield the private attributes of other objects than a module's own."""
    own = {
        node.name if isinstance(node, ast.FunctionDef | ast.ClassDef) else node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        or (isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("self", "cls"))
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and node.attr.startswith("_")
            and not node.attr.startswith("__")
            and node.attr not in own
        ):
            yield f".{node.attr}"


def touched(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    inside = {*imported(tree), *replacements(tree), *assigned(tree)} - FRONT_DOOR
    return inside | set(private(tree)) if inside else set()


FOUND = {
    path.relative_to(ROOT).as_posix(): names
    for path in sorted((ROOT / "juchi").rglob("*.py"))
    if (names := touched(path))
}


@pytest.mark.parametrize("file", sorted({*FOUND, *TOUCHED}))
def test_what_a_module_touches_is_listed(file: str) -> None:
    assert FOUND.get(file, set()) == TOUCHED.get(file, set())


def test_one_module_alone_touches_snakemake() -> None:
    inside = {file for file, names in FOUND.items() if any("snakemake" in name for name in names)}
    assert inside == {"juchi/runtime/hooks.py"}


@pytest.mark.parametrize(
    ("package", "written_for"),
    [("snakemake", hooks.WRITTEN_FOR), ("weasyprint", weasyprint_patches.WRITTEN_FOR)],
)
def test_the_version_that_it_was_written_for_is_the_one_that_is_pinned(
    package: str, written_for: str
) -> None:
    pins = (ROOT / "requirements-juchi.txt").read_text("utf-8").splitlines()
    assert f"{package}=={written_for}" in [line.split()[0] for line in pins if line]
    assert importlib.import_module(package).__version__ == written_for

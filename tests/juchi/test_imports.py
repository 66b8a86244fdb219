"""The graph of imports: what a rule depends on, and which package may import which."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from juchi.core.errors import UserError
from juchi.plan.imports import PACKAGES, closure, code_digest, is_module
from tests.declared import ROOT

MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for package in PACKAGES
    for path in (ROOT / package).rglob("*.py")
)


def project(root: Path, files: dict[str, str]) -> Path:
    """Lay down a project of modules: dotted names and their code."""
    for name, code in files.items():
        path = root.joinpath(*name.split(".")).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code, encoding="utf-8")
    return root


def files(module: str, root: Path) -> list[str]:
    return [path.as_posix() for path in closure(module, root)]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("import report.b", ["report/b.py"]),
        ("import report.b as other", ["report/b.py"]),
        ("from report.b import value", ["report/b.py"]),
        ("from report import b", ["report/b.py"]),
        ("from .b import value", ["report/b.py"]),
        ("from . import b", ["report/b.py"]),
        ("def late():\n    from report.b import value\n    return value", ["report/b.py"]),
        ("if False:\n    import report.b", ["report/b.py"]),
        ("class Inner:\n    import report.b", ["report/b.py"]),
        (
            "from report.deep.c import value",
            ["experiments/d.py", "report/deep/__init__.py", "report/deep/c.py"],
        ),
        (
            "import report.deep",
            ["report/deep/__init__.py"],
        ),
        ("import json, numpy.linalg, unknown.module", []),
        ("from report import nothing", []),
        ("# import report.b\nTEXT = 'import report.b'", []),
    ],
)
def test_whatever_way_a_module_is_imported_it_is_found(
    tmp_path: Path, statement: str, expected: list[str]
) -> None:
    root = project(
        tmp_path,
        {
            "report.__init__": "",
            "report.a": statement,
            "report.b": "value = 1",
            "report.deep.__init__": "",
            "report.deep.c": "from experiments import d\nvalue = d",
            "experiments.d": "",
        },
    )
    assert files("report.a", root) == sorted([*expected, "report/__init__.py", "report/a.py"])


def test_what_a_package_imports_counts_for_its_modules(tmp_path: Path) -> None:
    root = project(
        tmp_path,
        {
            "report.__init__": "from .setting import size",
            "report.setting": "import juchi.basis\nsize = 1",
            "report.a": "",
            "juchi.basis": "",
        },
    )
    expected = ["juchi/basis.py", "report/__init__.py", "report/a.py", "report/setting.py"]
    assert files("report.a", root) == expected


def test_modules_that_import_each_other_come_to_an_end(tmp_path: Path) -> None:
    root = project(tmp_path, {"report.a": "import report.b", "report.b": "import report.a"})
    assert files("report.a", root) == files("report.b", root) == ["report/a.py", "report/b.py"]


# What the plan imports when it needs it: the models, what these name, and modules of the article by
# their names.
_MODELS = (
    "article_model",
    "build_models",
    "identifiers",
    "models",
    "people_model",
    "result_models",
    "subjects",
    "table_model",
)
_ON_DEMAND = {
    *(Path(f"juchi/plan/{name}.py") for name in _MODELS),
    *map(Path, ("juchi/core/records.py", "juchi/results/facts.py")),
    *map(Path, ("experiments/__init__.py", "experiments/settings.py")),
    *map(Path, ("report/__init__.py", "report/live.py", "report/settings.py")),
}


@pytest.mark.parametrize(
    ("module", "on_demand"),
    [("juchi.results.facts", set()), ("juchi.plan.plan", _ON_DEMAND)],
)
def test_what_python_loads_is_what_the_closure_holds(module: str, on_demand: set[Path]) -> None:
    listing = "import sys, {}; print(*(m.__file__ for m in sys.modules.values() if {}), sep='\\n')"
    ours = f"(m.__name__ or '').split('.')[0] in {PACKAGES!r}"
    done = subprocess.run(
        [sys.executable, "-c", listing.format(module, ours)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {Path(line).relative_to(ROOT) for line in done.stdout.splitlines()}
    assert set(closure(module, ROOT)) == loaded | on_demand
    assert not loaded & on_demand


CODE = '''"""A module."""

import math


def area(radius):
    """Return the area."""
    # The formula.
    return math.pi * radius**2


class Shape:
    """A shape."""

    sides = 3
'''


def digest_with(folder: Path, old: str, new: str) -> str:
    assert old in CODE
    code = CODE.replace(old, new)
    root = project(folder, {"report.a": "from report.b import area", "report.b": code})
    return code_digest("report.a", root)


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        pytest.param("# The formula.", "# Another comment.", True, id="comment"),
        pytest.param('"""A module."""', '"""What it is for."""', True, id="docstring"),
        pytest.param('    """Return the area."""\n', "", True, id="docstring removed"),
        pytest.param('"""A shape."""', '"""Shaped."""', True, id="docstring of a class"),
        pytest.param("\n\n\ndef", "\n\n\n\n\ndef", True, id="blank lines"),
        pytest.param("math.pi * radius**2", "(math.pi * (radius**2))", True, id="brackets"),
        pytest.param("radius**2", "radius**3", False, id="a number"),
        pytest.param("def area(radius)", "def area(radius=1)", False, id="a default"),
        pytest.param("sides = 3", "sides = 4", False, id="in a class"),
        pytest.param("import math", "import cmath as math", False, id="an import"),
    ],
)
def test_the_digest_changes_with_code_and_with_nothing_else(
    tmp_path: Path, old: str, new: str, same: bool
) -> None:
    before = digest_with(tmp_path / "before", "", "")
    assert (digest_with(tmp_path / "after", old, new) == before) is same


def test_the_digest_is_that_of_the_project_and_not_of_its_place(tmp_path: Path) -> None:
    one, other = (digest_with(tmp_path / name, "", "") for name in ("one", "other"))
    assert one == other


def test_broken_python_is_named_by_its_line(tmp_path: Path) -> None:
    root = project(tmp_path, {"report.a": "import report.b", "report.b": "x = 1\ny = = 2\n"})
    with pytest.raises(UserError) as refused:
        closure("report.a", root)
    assert f"error: {root / 'report' / 'b.py'}:2\n" in str(refused.value)
    assert "invalid syntax" in str(refused.value)


def test_a_module_that_is_not_there_is_named(tmp_path: Path) -> None:
    root = project(tmp_path, {"report.figures.__init__": ""})
    with pytest.raises(UserError, match=r"report/figures/sawtoth\.py\n.*no such module"):
        code_digest("report.figures.sawtoth", root)


def outside(path: Path) -> set[str]:
    """Return the top-level names that a file imports, at whatever depth of its code."""
    names: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize("module", [m for m in MODULES if m.partition(".")[0] != "experiments"])
def test_nothing_but_the_science_reaches_torch(module: str) -> None:
    """Who may import whom is for import-linter, see pyproject.toml; torch is no package of ours."""
    reached = closure(module, ROOT)
    assert [path for path in reached if "torch" in outside(path)] == []


@pytest.mark.parametrize("module", [m for m in MODULES if m.partition(".")[0] == "reference"])
def test_the_reference_shares_nothing_with_what_it_checks(module: str) -> None:
    """Numpy and the standard library, and of the project the way a command ends on a mistake."""
    ours = {path for path in closure(module, ROOT) if path.parts[0] != "reference"}
    shared = ("__init__", "core/__init__", "core/errors", "core/call_marks")
    assert ours <= {Path(f"juchi/{name}.py") for name in shared}
    for path in closure(module, ROOT):
        foreign = outside(path) - {"reference", "juchi", "numpy"}
        assert foreign <= sys.stdlib_module_names


@pytest.mark.parametrize("module", ["experiments.settings", "experiments.measures"])
def test_what_pages_may_read_of_the_science_is_free_of_torch(module: str) -> None:
    assert not any("torch" in outside(path) for path in closure(module, ROOT))


def test_the_rules_see_modules_of_all_packages_and_torch_where_it_is() -> None:
    assert {module.partition(".")[0] for module in MODULES} == set(PACKAGES)
    assert any("torch" in outside(path) for path in closure("experiments.one_weight", ROOT))


def test_no_module_is_a_drawer_for_everything() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert not drawers & {part for module in MODULES for part in module.split(".")}


def test_a_package_is_a_module_too(tmp_path: Path) -> None:
    for name in ("report/calls/__init__.py", "report/palette.py", "notes/other.py"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    names = ("report.calls", "report.palette", "report.none", "notes.other")
    assert [is_module(name, tmp_path) for name in names] == [True, True, False, False]

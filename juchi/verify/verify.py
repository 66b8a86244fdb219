"""Verify a site: its manifest, then a rebuild from clean checked against it.

``juchi verify`` rebuilds everything in a fresh folder and compares every file of
``results/`` and ``build/site/`` byte by byte. ``--against`` names a site, or its manifest, that
was built on another platform: then statistics are compared, within the tolerances of
``config/tolerances.yaml``, and nothing is rebuilt.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from juchi.core.checksums import sha256_of
from juchi.core.errors import UserError
from juchi.core.records import damaged, read_json
from juchi.plan.settings import read_subject
from juchi.site.manifest import NAME
from juchi.verify.differences import Difference, compare
from juchi.verify.platforms import disagreements, read_comparison, read_tolerances, runs
from juchi.verify.rebuild import fresh_copy, rebuild

__all__ = ["check_manifest", "verify"]

_CONFIG, _RESULTS, _SITE = Path("config"), Path("results"), Path("build/site")


def check_manifest(site: Path) -> int:
    """Hold every file of a site against its manifest; return how many there are.

    Raises
    ------
    UserError
        Where a file was changed, is missing, or is not listed; it names each.
    """
    listed = _listed(site / NAME)
    faults = list(_manifest_faults(site, listed))
    if faults:
        raise UserError(
            where=f"{site}/{NAME}",
            found="; ".join(faults),
            expected="every file of the site, as it was published",
            hint=f"delete {site} and build again, or fetch the site again whole",
        )
    return len(listed)


def _listed(manifest: Path) -> Mapping[str, str]:
    """Return the checksum of each file that a manifest lists."""
    content = read_json(manifest)
    listed = content["sha256"] if isinstance(content, Mapping) else None
    if not isinstance(listed, Mapping):
        raise damaged(manifest, ValueError("no list of checksums"), "the manifest of a site")
    return listed


def _manifest_faults(site: Path, listed: Mapping[str, str]) -> Iterator[str]:
    present = {
        path.relative_to(site).as_posix()
        for path in site.rglob("*")
        if path.is_file() and path != site / NAME
    }
    for name in sorted(present | listed.keys()):
        if name not in listed:
            yield f"{name} is not listed"
        elif name not in present:
            yield f"{name} is missing"
        elif sha256_of(site / name) != listed[name]:
            yield f"{name} was changed"


def _rebuilt(cores: int, overlay: Path | None) -> list[Difference]:
    """Rebuild from clean in a fresh folder; return what differs from the present one."""
    root = Path.cwd()
    named_by = read_subject(_CONFIG, "tolerances").get("named_by", [])
    with tempfile.TemporaryDirectory(prefix="juchi-verify-") as name:
        folder = Path(name)
        fresh_copy(root, folder)
        rebuild(folder, cores, overlay)
        return [
            replace(each, path=f"{part}/{each.path}")
            for part in (_RESULTS, _SITE)
            for each in compare(root / part, folder / part, named_by)
        ]


def _report_rebuild(cores: int, overlay: Path | None) -> bool:
    differences = []
    for each in _rebuilt(cores, overlay):
        # Nothing reads what a configuration that is gone has left among the results.
        if each.only_here and _RESULTS in Path(each.path).parents:
            print(f"{each.path} is not compared: no rule makes it any more")
            continue
        differences.append(each)
        print(f"{each.path} differs (present | rebuilt)")
        for line in each.details:
            print(f"    {line}")
    if not differences:
        print("The rebuild is the same, byte for byte.")
    return not differences


def _report_platform(other: Path) -> bool:
    """Print how a site of another platform compares; return whether it agrees."""
    whole = other.is_dir()
    site = other if whole else other.parent
    if whole:
        check_manifest(site)
    present, listed = _listed(_SITE / NAME), _listed(site / NAME if whole else other)
    if present == listed:
        print("Both sites are the same, byte for byte.")
        return True
    if not (site / "data" / "facts.json").is_file():
        for name in sorted(present.keys() | listed.keys()):
            if present.get(name) != listed.get(name):
                print(f"{name} differs")
        print(f"Statistics are compared where the whole site stands beside {other.name}.")
        return False
    check_manifest(site)
    return _report_statistics(_SITE / "data", site / "data")


def _report_statistics(here: Path, there: Path) -> bool:
    """Print where the data of two platforms part; return whether they agree."""
    lines = list(disagreements(here, there, read_tolerances(_CONFIG)))
    how = read_comparison(_CONFIG)
    compared = runs(here, there, how) if how else []
    for each in compared:
        exponent = "" if each.exponent is None else f", exponent {each.exponent:.3f} per step"
        if each.together is None:
            print(f"{each.name}: chaotic{exponent}; trajectories not compared")
        else:
            told = "" if each.agree else ": TOO FEW"
            print(f"{each.name}: {each.together:.1%} of the runs end together{exponent}{told}")
    for line in lines:
        print(f"out of tolerance: {line}")
    count = len(read_json(here / "facts.json"))
    print(f"{count - len(lines)} of {count} facts agree within their tolerances.")
    return not lines and all(each.agree for each in compared)


def verify(cores: int, overlay: Path | None, against: Path | None) -> None:
    """Verify the site of the article in this folder; end with status 1 where something differs.

    Parameters
    ----------
    cores
        How many steps of a rebuild run at once.
    overlay
        The overlay that the site was built with.
    against
        A site of another platform, or its manifest.
    """
    print(f"{_SITE}: {check_manifest(_SITE)} files as its manifest lists them.")
    same = _report_rebuild(cores, overlay) if against is None else _report_platform(against)
    if not same:
        raise SystemExit(1)

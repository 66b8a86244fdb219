"""System packages: installed where that is allowed, explained where it is not."""

from __future__ import annotations

import importlib.util
import os
import platform
from collections.abc import Callable
from pathlib import Path

import pytest

from juchi.core.errors import UserError
from juchi.toolchain import host, pango
from setup import chromium, programs

System = Callable[..., None]


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> System:
    """Give a machine of one's choice, whose apt-get only writes down what it is told."""

    def make(release: dict[str, str], *, user: int, status: int = 0) -> None:
        def asked() -> dict[str, str]:
            if not release:
                raise OSError
            return release

        apt_get = tmp_path / "apt-get"
        apt_get.write_text(
            f'#!/bin/sh\necho "$@" "$DEBIAN_FRONTEND" >> {tmp_path}/calls\n'
            f"echo E: no such luck\nexit {status}\n"
        )
        apt_get.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
        monkeypatch.setattr(platform, "freedesktop_os_release", asked)
        monkeypatch.setattr(os, "geteuid", lambda: user)

    return make


DEBIAN = {"ID": "debian"}
UBUNTU = {"ID": "ubuntu", "ID_LIKE": "debian"}
FEDORA = {"ID": "fedora"}
NO_LINUX: dict[str, str] = {}


@pytest.mark.parametrize(
    ("release", "user", "allowed"),
    [
        (DEBIAN, 0, True),
        (UBUNTU, 0, True),
        (DEBIAN, 1000, False),
        (FEDORA, 0, False),
        (NO_LINUX, 0, False),
    ],
)
def test_only_root_on_debian_installs(
    system: System, release: dict[str, str], user: int, allowed: bool
) -> None:
    system(release, user=user)
    assert host.can_install() is allowed


def test_ubuntu_is_derived_from_debian(system: System) -> None:
    system(UBUNTU, user=0)
    assert host.is_debian()
    assert not host.is_debian(derived=False)


def test_install_updates_the_lists_first_and_never_asks(system: System, tmp_path: Path) -> None:
    system(DEBIAN, user=0)
    host.install(programs.PACKAGES)
    update, install = (tmp_path / "calls").read_text().splitlines()
    assert update.endswith("update noninteractive")
    assert f"install --yes --no-install-recommends {programs.PACKAGES.debian}" in install


def test_a_failed_installation_quotes_apt_get(system: System) -> None:
    system(DEBIAN, user=0, status=100)
    with pytest.raises(UserError) as caught:
        host.install(pango.PACKAGES)
    assert "status 100: E: no such luck" in str(caught.value)
    assert "sudo apt-get install libpango-1.0-0" in str(caught.value)


@pytest.mark.parametrize("release", [DEBIAN, FEDORA, NO_LINUX])
def test_pango_that_cannot_be_installed_gives_one_command_for_each_system(
    system: System, monkeypatch: pytest.MonkeyPatch, release: dict[str, str]
) -> None:
    system(release, user=1000)
    monkeypatch.setattr(pango, "LIBRARIES", {"fontconfig": 1, "pango-absent": 0})
    with pytest.raises(UserError) as caught:
        pango.ensure()
    message = str(caught.value)
    assert message.count("error:") == 1
    assert "no library pango-absent\n" in message
    for command in (
        "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
        "sudo dnf install pango",
        "brew install pango",
    ):
        assert command in message


def test_pango_is_installed_where_that_is_allowed(
    system: System, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    system(DEBIAN, user=0)
    monkeypatch.setattr(pango, "LIBRARIES", {"pango-absent": 0})
    with pytest.raises(UserError, match="pango-absent"):
        pango.ensure()
    assert "install --yes --no-install-recommends libpango" in (tmp_path / "calls").read_text()


def test_the_libraries_are_those_that_weasyprint_loads() -> None:
    weasyprint = importlib.util.find_spec("weasyprint")
    assert weasyprint is not None and weasyprint.origin is not None
    loaded = Path(weasyprint.origin).with_name("text").joinpath("ffi.py").read_text()
    assert pango.missing() == []
    for stem, major in pango.LIBRARIES.items():
        assert f"'lib{stem}.so.{major}'" in loaded


def test_programs_that_cannot_be_installed_are_named(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    system(FEDORA, user=0)
    monkeypatch.setattr(programs, "PROGRAMS", ("sh", "pdf-absent"))
    with pytest.raises(UserError) as caught:
        programs.ensure()
    assert "pdf-absent not on PATH" in str(caught.value)
    assert f"dnf install {programs.PACKAGES.fedora}" in str(caught.value)


def test_chromium_comes_from_debian_for_root(
    system: System, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    system(DEBIAN, user=0)
    monkeypatch.setattr(chromium, "find", lambda: None)
    with pytest.raises(UserError, match="neither Chromium nor Chrome"):
        chromium.ensure(tmp_path)
    assert "chromium" in (tmp_path / "calls").read_text()


@pytest.mark.parametrize(("release", "user"), [(UBUNTU, 0), (DEBIAN, 1000), (NO_LINUX, 1000)])
def test_chromium_comes_from_playwright_for_everybody_else(
    system: System,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    release: dict[str, str],
    user: int,
) -> None:
    system(release, user=user)
    monkeypatch.setattr(chromium, "find", lambda: None)
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\necho "$@" "$PLAYWRIGHT_NODEJS_PATH" > {tmp_path}/playwright\n')
    python.chmod(0o755)
    with pytest.raises(UserError):
        chromium.ensure(tmp_path)
    asked = (tmp_path / "playwright").read_text()
    assert asked == f"-m playwright install --no-shell chromium {tmp_path}/bin/node\n"
    assert not (tmp_path / "calls").exists()

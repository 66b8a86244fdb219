"""Commands without any network, or with a disk of their own, as a user of Linux may run them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

__all__ = [
    "CUT_OFF",
    "ON_LOOPBACK",
    "bound",
    "can_bind",
    "can_cut_off",
    "can_have_loopback",
    "can_mount",
    "mounted",
    "noexec",
    "overlaid",
    "read_only",
    "with_disk",
]

# A network of its own, in which there is not even loopback.
CUT_OFF = ("unshare", "--map-current-user", "--net", "--")
# One in which there is loopback and nothing else: its ports are nobody else's.
_LOOPBACK_UP = """
import fcntl, os, socket, struct, sys
SIOCSIFFLAGS, IFF_UP = 0x8914, 1
with socket.socket() as any_socket:
    fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))
os.execvp(sys.argv[1], sys.argv[1:])
"""
ON_LOOPBACK = (
    *("unshare", "--map-current-user", "--keep-caps", "--net", "--"),
    *(sys.executable, "-I", "-c", _LOOPBACK_UP),
)


def with_disk(folder: str, options: str) -> tuple[str, ...]:
    """Return what runs a command that sees an empty disk in memory in the place of a folder."""
    # Like a real disk it has a folder of its own, so that nobody takes it for one to be removed.
    return _with_mounts(f"mount -t tmpfs -o {options} tmpfs {folder} && mkdir {folder}/lost+found")


def read_only(folder: str) -> tuple[str, ...]:
    """Return what runs a command that may read a folder but not write to it."""
    return _mounted(folder, "ro")


def noexec(folder: Path) -> tuple[str, ...]:
    """Return what runs a command that may run no program of a folder."""
    return _mounted(str(folder), "noexec")


def _mounted(folder: str, option: str) -> tuple[str, ...]:
    return _with_mounts(
        f"mount --bind {folder} {folder} && mount -o remount,bind,{option} {folder}"
    )


def mounted(folder: str) -> tuple[str, ...]:
    """Return what runs a command to which a folder is a file system of its own."""
    return _with_mounts(f"mount --bind {folder} {folder}")


def overlaid(folder: str) -> tuple[str, ...]:
    """Return what runs a command to which a folder is the lower layer of an overlay."""
    layers = f"lowerdir={folder},upperdir=/mnt/upper,workdir=/mnt/work,userxattr"
    return _with_mounts(
        "mount -t tmpfs tmpfs /mnt && mkdir /mnt/upper /mnt/work"
        f" && mount -t overlay overlay -o {layers} {folder}"
    )


def bound(folder: Path, place: Path) -> tuple[str, ...]:
    """Return what runs a command that sees a folder in the place of another; for root alone."""
    command = f'mount --bind {folder} {place} && exec "$@"'
    return ("unshare", "--mount", "--", "sh", "-c", command, "sh")


def _with_mounts(script: str) -> tuple[str, ...]:
    command = f'{script} && cd "$PWD" && exec "$@"'
    return ("unshare", "--map-root-user", "--mount", "--", "sh", "-c", command, "sh")


@cache
def can_cut_off() -> bool:
    """Return whether this machine lets a command run without its network."""
    return _succeeds(*CUT_OFF, "true")


@cache
def can_have_loopback() -> bool:
    """Return whether this machine lets a command run with loopback for its only network."""
    return _succeeds(*ON_LOOPBACK, "true")


@cache
def can_mount() -> bool:
    """Return whether this machine lets a command mount a disk for itself."""
    return _succeeds(*with_disk("/mnt", "size=1m"), "true")


@cache
def can_bind(place: Path) -> bool:
    """Return whether root may show a command a folder in the place of another."""
    return _succeeds(*bound(place, place), "true")


def _succeeds(*command: str) -> bool:
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, capture_output=True, check=False).returncode == 0

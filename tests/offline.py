"""Commands without any network, as an ordinary user of Linux may run them."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache

__all__ = ["CUT_OFF", "can_cut_off"]

# A network of its own, in which there is not even loopback.
CUT_OFF = ("unshare", "--map-current-user", "--net", "--")


@cache
def can_cut_off() -> bool:
    """Return whether this machine lets a command run without its network."""
    if shutil.which(CUT_OFF[0]) is None:
        return False
    return subprocess.run([*CUT_OFF, "true"], capture_output=True, check=False).returncode == 0

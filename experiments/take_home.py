"""Does the script that readers may take home do what the article says? It is run to find out.

It is run as they run it, as it stands and with its cures, and its training once more from each of
many seeds. What is measured is what is measured of every other run of one weight.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from experiments import measures
from experiments.settings import TakeHomeSettings
from juchi.core import environment
from juchi.core.errors import UserError, run_command
from juchi.core.tables import Columns
from juchi.results.experiment import Inputs, Result, StoredResult, analysis_command

__all__ = ["analyse", "cured", "histories", "main"]

# A line that readers make part of the script by taking its hash mark away.
_CURE = re.compile(r"^# (?=\w+ = )", re.MULTILINE)
_SEED = re.compile(r"(?<=torch\.manual_seed\()\d+(?=\))")


def analyse(settings: TakeHomeSettings, inputs: Inputs) -> Result:
    """Run the script, which is the only file, in both of its forms.

    In `samples` one row for each seed; ``own_sawtooth`` is 1 if there is one from its own seed.
    """
    (path,) = inputs.files
    script = path.read_text(encoding="utf-8")
    own = _own_seed(script, path, settings.starts)
    scripts = {settings.plain: script, settings.cured: cured(script, path)}
    samples: Columns = {"start": np.arange(settings.starts, dtype=np.int32)}
    for prefix, (model, text) in zip(("", "cured_"), scripts.items(), strict=True):
        _run(text, path)
        taken = _measured(text, path, settings.starts, inputs.results[model])
        samples |= {f"{prefix}{name}": values for name, values in taken.items()}
    return Result(samples=samples, scalars={"own_sawtooth": samples["sawtooth"][own]})


def cured(script: str, path: Path) -> str:
    """Return a script with those of its lines that stand behind a hash mark."""
    text, cures = _CURE.subn("", script)
    if not cures:
        raise UserError(
            str(path),
            "no line that begins with a hash mark and sets something",
            "cures to try, such as `# rate = 5.0`",
            "write them so, each in a line of its own",
        )
    return text


def _own_seed(script: str, path: Path, starts: int) -> int:
    seeds = [int(seed) for seed in _SEED.findall(script)]
    if len(seeds) != 1 or seeds[0] >= starts:
        raise UserError(
            str(path),
            f"the seeds {seeds}",
            f"one call of torch.manual_seed, with a seed below {starts}",
            "correct the script, or raise analyses.take_home.starts in config/experiments.yaml",
        )
    return seeds[0]


def _run(script: str, path: Path) -> None:
    """Run a script from its first line to its last, as readers do, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        ended = subprocess.run(
            [sys.executable, "-c", script],
            cwd=folder,
            env={**environment.for_jobs(Path.cwd()), "MPLBACKEND": "agg"},
            capture_output=True,
            text=True,
            check=False,
        )
        drawn = any(Path(folder).iterdir())
    if ended.returncode or not drawn:
        raise UserError(
            str(path),
            ended.stderr.strip().rpartition("\n")[2] or "a script that writes no picture",
            "a script that runs and draws what it has trained",
            "run it, as it stands and without the hash marks, and correct it",
        )


def histories(script: str, path: Path, starts: int) -> dict[str, np.ndarray[Any, Any]]:
    """Return weight and loss before each update, ``(steps, starts)``, from seeds 0, 1, 2 ..."""
    runs = [_trained(_SEED.sub(str(seed), script), path) for seed in range(starts)]
    return {name: np.array([run[name] for run in runs]).T for name in ("weights", "losses")}


def _trained(script: str, path: Path) -> Mapping[str, Any]:
    """Return what a script has set when it has trained; what it draws is left out."""
    tree = ast.parse(script, str(path))
    tree.body = [statement for statement in tree.body if "plt" not in ast.unparse(statement)]
    names: dict[str, Any] = {}
    exec(compile(tree, str(path), "exec"), names)
    return names


def _measured(script: str, path: Path, starts: int, model: StoredResult) -> Columns:
    """Return whether each start has a sawtooth and has learned, as of the runs of its model."""
    run, settings = histories(script, path, starts), model.settings
    constant, best = model.scalars["constant_loss"], model.scalars["loss_star"]
    half = len(run["weights"]) // 2
    flips = measures.flip_share(run["weights"], half, settings["update_tolerance"])
    gap = measures.gap_closed(run["losses"][-1], constant, best)
    return {
        "sawtooth": (flips >= settings["sawtooth_flip_share"]).astype(float),
        "learned": (gap >= 1 - settings["learned_gap"]).astype(float),
    }


def main() -> None:
    """Analyse the script that the command line names."""
    analysis_command(__doc__, TakeHomeSettings, analyse)


if __name__ == "__main__":
    run_command(main)

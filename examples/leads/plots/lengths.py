"""Write the table of all lengths: what was measured, and what chance makes of it.

python plots/lengths.py TABLE.csv SAMPLES… SCALARS…
"""

import csv
import json
import sys
from pathlib import Path

import numpy as np

from juchi.core.tables import read_table

MEASURES = ("ties", "close", "lopsided")


def main(table: str, *results: str) -> None:
    """Write a row for each length of a game."""
    half = len(results) // 2
    with Path(table).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["tosses", *MEASURES, *(f"{name}_exact" for name in MEASURES)])
        for samples, scalars in zip(results[:half], results[half:], strict=True):
            columns = read_table(Path(samples))
            measured = [np.mean(columns[name]) for name in MEASURES]
            exact = json.loads(Path(scalars).read_text("utf-8"))
            writer.writerow([exact["tosses"], *measured, *(exact[name] for name in MEASURES)])


if __name__ == "__main__":
    main(*sys.argv[1:])

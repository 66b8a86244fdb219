"""Print a bar for each face of the die as SVG, as any program might: R, gnuplot, a shell script."""

import sys
from collections import Counter
from pathlib import Path

from juchi.core.tables import read_table

WORDS = {"en": "face", "zh": "点数"}


def main(samples: str, language: str, theme: str) -> None:
    """Print the drawing of a table of throws."""
    counts = Counter(read_table(Path(samples))["face"].tolist())
    ink, bar = {"light": ("#1b1f24", "#0072b2"), "dark": ("#e4e6ea", "#6cc0f5")}[theme]
    print('<svg xmlns="http://www.w3.org/2000/svg" width="420" height="170" font-size="11">')
    for face, count in sorted(counts.items()):
        x, height = 65 * face - 35, count
        print(f'<rect x="{x}" y="{130 - height}" width="40" height="{height}" fill="{bar}"/>')
        print(f'<g fill="{ink}" text-anchor="middle">')
        print(f'<text x="{x + 20}" y="{124 - height}">{count}</text>')
        print(f'<text x="{x + 20}" y="146">{face}</text></g>')
    print(f'<path d="M10 130.5H410" stroke="{ink}" stroke-width="0.8"/>')
    print(f'<text x="410" y="164" text-anchor="end" fill="{ink}">{WORDS[language]}</text></svg>')


if __name__ == "__main__":
    main(*sys.argv[1:])

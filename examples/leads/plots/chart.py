"""Write the chart of who leads for how long, in one language, as Vega-Lite has it.

python plots/chart.py LANGUAGE CHART.vl.json SCALARS…
"""

import json
import sys
from pathlib import Path

WORDS = {
    "en": {
        "tosses": "Tosses in a game: ",
        "group": "",
        "leader": "share of the game in which the same side leads",
        "games": "share of the games",
        "measured": "measured",
        "exact": "by the law",
        "bin": "{low}–{high}%",
    },
    "zh": {
        "tosses": "每局抛的次数：",
        "group": "",
        "leader": "领先较久的一方占全局的比例",
        "games": "占全部对局的比例",
        "measured": "实测",
        "exact": "按定律",
        "bin": "{low}–{high}%",
    },
    "de": {
        "tosses": "Würfe je Spiel: ",
        "group": ".",
        "leader": "Anteil des Spiels, in dem dieselbe Seite führt",
        "games": "Anteil der Spiele",
        "measured": "gemessen",
        "exact": "nach dem Gesetz",
        "bin": "{low}–{high}\u00a0%",
    },
}
PERCENT = 100
BINS = (50, 60, 70, 80, 90)


def rows(words: dict, files: tuple[str, ...]) -> list[dict]:
    """Return a row for each bin of each length."""
    found = []
    for file in files:
        scalars = json.loads(Path(file).read_text("utf-8"))
        for low in BINS:
            values = {kind: scalars[f"{kind}_{low / PERCENT}"] for kind in ("measured", "exact")}
            share = words["bin"].format(low=low, high=low + 10)
            found.append({"tosses": scalars["tosses"], "bin": share, **values})
    return found


def chart(language: str, files: tuple[str, ...]) -> dict:
    """Return bars of what was measured, with ticks at what chance makes of it."""
    words = WORDS[language]
    values = rows(words, files)
    lengths = sorted({row["tosses"] for row in values})
    tooltip = [
        {"field": "bin", "title": words["leader"]},
        {"field": "measured", "title": words["measured"], "format": ".1%"},
        {"field": "exact", "title": words["exact"], "format": ".1%"},
    ]
    height = {
        "type": "quantitative",
        "title": words["games"],
        "axis": {"format": ".0%", "titlePadding": 10},
    }
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": values},
        "height": 210,
        "params": [
            {
                "name": "tosses",
                "value": lengths[-1],
                "bind": {
                    "input": "radio",
                    "options": lengths,
                    "labels": [f"{length:,}".replace(",", words["group"]) for length in lengths],
                    "name": words["tosses"],
                },
            }
        ],
        "transform": [{"filter": "datum.tosses == tosses"}],
        "encoding": {
            "x": {
                "field": "bin",
                "type": "nominal",
                "sort": None,
                "title": words["leader"],
                "axis": {"labelAngle": 0, "titlePadding": 10},
            },
            "color": {"legend": {"orient": "top-left", "title": None}},
            "tooltip": tooltip,
        },
        "layer": [
            {
                "mark": {"type": "bar", "width": {"band": 0.8}},
                "encoding": {
                    "y": {"field": "measured", "scale": {"domain": [0, 0.6]}, **height},
                    "color": {"datum": words["measured"]},
                },
            },
            {
                "mark": {"type": "tick", "thickness": 2.5, "opacity": 1, "width": {"band": 0.95}},
                "encoding": {
                    "y": {"field": "exact", **height},
                    "color": {"datum": words["exact"]},
                },
            },
            {
                "mark": {"type": "text", "dy": -11},
                "encoding": {
                    "y": {"field": "measured", **height},
                    "text": {"field": "measured", "format": ".1%"},
                },
            },
        ],
    }


def main(language: str, output: str, *files: str) -> None:
    """Write the chart."""
    Path(output).write_text(json.dumps(chart(language, files), ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])

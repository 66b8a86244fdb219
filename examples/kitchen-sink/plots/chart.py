"""Write a chart of how the mean settles, by Altair, for one language."""

import sys
from pathlib import Path

import altair

from juchi.core.tables import read_table

WORDS = {"en": ("throw", "mean so far"), "zh": ("次数", "到目前为止的平均值")}


def main(curves: str, language: str, output: str) -> None:
    """Write the chart of a table of means."""
    columns = {name: values.tolist() for name, values in read_table(Path(curves)).items()}
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    throw, mean = WORDS[language]
    data = altair.Data(values=rows[9::10])
    near = altair.selection_point(on="pointerover", nearest=True, empty=False)
    line = (
        altair.Chart(data)
        .mark_line()
        .encode(
            x=altair.X("throw:Q", title=throw),
            y=altair.Y("mean:Q", title=mean, scale=altair.Scale(zero=False)),
        )
    )
    points = (
        line.mark_point(size=60, filled=True)
        .encode(
            opacity=altair.condition(near, altair.value(1), altair.value(0)),
            tooltip=[
                altair.Tooltip("throw:Q", title=throw),
                altair.Tooltip("mean:Q", title=mean, format=".3f"),
            ],
        )
        .add_params(near)
    )
    (line + points).properties(height=220).save(output, format="json")


if __name__ == "__main__":
    main(*sys.argv[1:])

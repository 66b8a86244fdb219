"""How often the guesser is right, after each number of shuffles."""

from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from juchi.exhibits.draw import Drawing
from juchi.exhibits.style import WIDTH

_DECKS = ("half_deck", "deck", "two_decks")


def draw(drawing: Drawing) -> Figure:
    """Draw measured marks on the exact lines, and where the article looks closer."""
    figure, axes = plt.subplots(figsize=(WIDTH, 2.4))
    for name, marker in zip(_DECKS, "os^", strict=True):
        curves = drawing.curves(name)
        (line,) = axes.plot(curves["shuffles"], curves["exact"], linewidth=1)
        axes.plot(
            curves["shuffles"],
            curves["measured"],
            marker,
            color=line.get_color(),
            label=drawing.words["decks"][name],
        )
    axes.axhline(0.5, color=drawing.theme.faint, linewidth=0.8, linestyle="--")
    axes.axvline(drawing.value("deck.looked_at"), color=drawing.theme.faint, linewidth=0.8)
    axes.set_xlabel(drawing.words["shuffles"])
    axes.set_ylabel(drawing.words["success"])
    axes.legend(frameon=False)
    return figure

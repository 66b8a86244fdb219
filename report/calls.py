"""What the prose of this article may call besides the calls of the generator."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lxml import html
from markupsafe import Markup, escape

from juchi.html.article_calls import ArticleCall, Page
from juchi.html.fragments import data_block
from juchi.html.snippets import highlighted, highlighted_code
from juchi.prose.calls import Form
from juchi.prose.layout import fill_in
from juchi.prose.messages import fill
from juchi.site.supplements import FOLDER
from report.live import SWEEP
from report.sensitivity import definitions, sensitivity
from report.tally import fixed, tally

__all__ = ["CALLS", "RESULTS", "SOURCES"]

_LISTING = Path("experiments/listing.py")
# The script to take home, which goes along with the article.
_SCRIPT = Path("experiments/data/sawtooth.py")
# What these calls read, besides the prose.
SOURCES = ["templates/layout/explorer.html.j2", str(_LISTING), str(_SCRIPT)]
# And what of the results.
RESULTS = [f"{SWEEP}:curves"]


def _explorer(page: Page, name: str, alt: str, caller: Callable[[], Markup]) -> Markup:
    """Return a figure that the live model takes the place of where scripts run.

    Elsewhere it stands as it is.
    """
    article = page.context.article
    start = page.context.facts[article["live"]["start"]].value
    live = fill_in(
        page.layouts / "explorer.html.j2",
        figure=name,
        words=page.words,
        settings=page.live,
        data=data_block({**page.live, "weight": start}),
        diagram=_diagram(page),
    )
    figure = html.fragment_fromstring(page.figure(name, alt, caller))
    figure.set("class", "explorer")
    figure.find("figcaption").addprevious(html.fragment_fromstring(live.strip()))
    return Markup(html.tostring(figure, encoding="unicode"))


def _diagram(page: Page) -> str:
    """Return the picture behind the slider of the learning rate, as an address."""
    from report import rate_track  # noqa: PLC0415 - nobody pays for it who only plans

    track = page.context.article["live"]["controls"]["learning_rate"]["track"]
    ends = track["least"], track["most"]
    shades = rate_track.shades(page.results[f"{SWEEP}.curves"], ends)
    return rate_track.as_address(shades)


def _listing(page: Page, name: str) -> Markup:
    """Return the code of a function of `experiments.listing`, as it ran."""
    del page
    return highlighted(_LISTING, name)


def _script(page: Page) -> Markup:
    """Return the script to take home, as it ran, and on the screen where to fetch it."""
    code = highlighted_code(_SCRIPT.read_text(encoding="utf-8"), "python", str(_SCRIPT))
    link = Markup('<a href="../{0}/{1}" download>{1}</a>').format(FOLDER, _SCRIPT.name)
    fetch = fill(escape(page.words["script"]["fetch"]), file=link)
    return code + Markup('<p class="web-only">{}</p>\n').format(fetch)


def _sentence(said: Callable[[Page], str]) -> Callable[[Page], Markup]:
    """Return what prints a sentence of the article's own about its verdicts."""
    return lambda page: escape(said(page))


CALLS = {
    "explorer": ArticleCall(Form("figure", alt=True, block=True, display=True), _explorer),
    "listing": ArticleCall(Form("listing", display=True), _listing),
    "fixed": ArticleCall(Form("fixed", names=0), _sentence(fixed)),
    "definitions": ArticleCall(Form("definitions", names=0), _sentence(definitions)),
    "sensitivity": ArticleCall(Form("sensitivity", names=0), _sentence(sensitivity)),
    "tally": ArticleCall(Form("tally", names=0), _sentence(tally)),
    "script": ArticleCall(Form("script", names=0, display=True), _script),
}

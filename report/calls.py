"""What the prose of this article may call besides the calls of the generator."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lxml import html
from markupsafe import Markup, escape

from juchi.html.article_calls import ArticleCall, Page
from juchi.html.fragments import data_block
from juchi.html.snippets import highlighted
from juchi.prose.calls import Form
from juchi.prose.layout import fill_in
from juchi.prose.messages import fill
from report.live import SWEEP

__all__ = ["CALLS", "RESULTS", "SOURCES"]

_LISTING = Path("experiments/listing.py")
# What these calls read, besides the prose.
SOURCES = ["templates/layout/explorer.html.j2", str(_LISTING)]
# And what of the results.
RESULTS = [f"{SWEEP}:curves"]


def _explorer(page: Page, name: str, alt: str, caller: Callable[[], Markup]) -> Markup:
    """Return a figure that the live model takes the place of where scripts run.

    Elsewhere it stands as it is, and on paper it says where it is live.
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
    printed = Markup(' <span class="explorer-printed">{}</span>').format(
        fill(escape(page.words["explorer"]["printed"]), address=_address(page, f"fig-{name}"))
    )
    figure = html.fragment_fromstring(page.figure(name, alt, lambda: caller() + printed))
    figure.set("class", "explorer")
    figure.find("figcaption").addprevious(html.fragment_fromstring(live.strip()))
    return Markup(html.tostring(figure, encoding="unicode"))


def _address(page: Page, target: str) -> Markup:
    """Return where something stands on the page of the web, as a link."""
    address = f"{page.context.article['address']}{page.language}/index.html#{target}"
    return Markup('<a href="{0}">{0}</a>').format(address)


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


CALLS = {
    "address": ArticleCall(Form("reference"), _address),
    "explorer": ArticleCall(Form("figure", alt=True, block=True, display=True), _explorer),
    "listing": ArticleCall(Form("listing", display=True), _listing),
}

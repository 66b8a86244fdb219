"""What the prose may call besides the calls of the generator."""

from pathlib import Path

from markupsafe import Markup

from juchi.html.article_calls import ArticleCall, Page
from juchi.html.snippets import highlighted
from juchi.prose.calls import Form

_LISTING = Path("experiments/chance.py")
SOURCES = [str(_LISTING)]


def _listing(page: Page, name: str) -> Markup:
    """Return the code of a function, as it ran."""
    del page
    return highlighted(_LISTING, name)


CALLS = {"listing": ArticleCall(Form("listing", display=True), _listing)}

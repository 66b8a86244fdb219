"""What leads from a page into the repository: the commit that it was built from, and its files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from juchi.plan.revision import Revision
from juchi.prose.messages import fill

__all__ = ["built_from", "file_link"]

# As many digits of a commit as tell it from the others.
_SHORT = 7


def built_from(article: Mapping[str, Any], revision: Revision, words: Mapping[str, Any]) -> Markup:
    """Return the sentence that names the commit, and says so where it does not tell all.

    `words` holds a sentence for each case: `clean`, `dirty`, and `none` without any commit.
    """
    commit = revision["commit"]
    if commit is None:
        return escape(words["none"])
    link = Markup("<code>{}</code>").format(commit[:_SHORT])
    if article["commit_address"]:
        address = article["commit_address"].format(commit=commit)
        link = Markup('<a href="{}">{}</a>').format(address, link)
    return fill(escape(words["dirty" if revision["dirty"] else "clean"]), commit=link)


def file_link(path: str, article: Mapping[str, Any], revision: Revision) -> Markup:
    """Return the name of a file, linked to its text where it is the project's and has an address.

    A file of a generator that is installed elsewhere is none of the project's.
    """
    name = Markup("<code>{}</code>").format(path)
    if revision["commit"] is None or not article["file_address"] or not Path(path).is_file():
        return name
    address = article["file_address"].format(commit=revision["commit"], path=path)
    return Markup('<a href="{}">{}</a>').format(address, name)

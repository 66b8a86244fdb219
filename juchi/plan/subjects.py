"""The files of the configuration, each with its model, and the models that an article adds.

Those of its tables' settings and of its live part stand in ``report/settings.py``, as ``TABLES``
and ``LIVE``; those of its experiments and analyses in ``experiments/settings.py``, as
``EXPERIMENTS`` and ``ANALYSES``. What has no model may hold any keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from juchi.core.article import article_value
from juchi.plan.article_model import Article
from juchi.plan.build_models import Fonts, Tolerances
from juchi.plan.models import validated
from juchi.plan.result_models import Experiments, Facts, Thresholds
from juchi.plan.table_model import DataTable
from juchi.plan.tables import is_data_table

__all__ = ["SUBJECTS", "defaults"]

SUBJECTS: dict[str, type[BaseModel]] = {
    "experiments": Experiments,
    "article": Article,
    "facts": Facts,
    "thresholds": Thresholds,
    "fonts": Fonts,
    "tolerances": Tolerances,
}


def defaults(
    subject: str,
    values: Any,  # noqa: ANN401 - any YAML value
    place: str,
    configurations: Iterable[str] | None,
) -> dict[str, Any]:
    """Return the values of a subject with all that they leave out; a fault is a `UserError`.

    A key without a value is None in the article, whose readers rely on every key; elsewhere, and in
    what the article has models of itself, it is not there. See `validated` for `configurations`.
    """
    model = validated(SUBJECTS[subject], values, place, configurations=configurations)
    filled: dict[str, Any] = model.model_dump(mode="json", exclude_none=subject != "article")
    if subject == "article":
        for path, part in _parts_of_article(filled):
            *above, key = path
            holder = filled[above[0]] if above else filled
            own = validated(part, holder[key] or {}, place, path, configurations)
            holder[key] = own.model_dump(mode="json", exclude_none=True)
    return filled


def _parts_of_article(
    article: Mapping[str, Any],
) -> Iterator[tuple[tuple[str, ...], type[BaseModel]]]:
    """Yield the parts that the article itself has models of, each with its keys."""
    models = (
        article_value("report.settings", "TABLES", {}, optional=True, kind=Mapping)
        if any(article["tables"].values())
        else {}
    )
    for name, settings in article["tables"].items():
        if is_data_table(settings):
            yield ("tables", name), DataTable
        elif name in models:
            yield ("tables", name), models[name]
    if article["live"] is not None:
        live = article_value("report.settings", "LIVE", None, optional=True, kind=type)
        yield from [] if live is None else [(("live",), live)]

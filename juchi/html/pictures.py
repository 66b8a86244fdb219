"""Pictures as HTML: one alone, several as the panels of a figure, one within a line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from juchi.plan.figures import NARROW, THEMES, figure_file
from juchi.prose.messages import fill
from juchi.prose.pictures import Panels, Picture, web_name
from juchi.site.licences import licence_address

__all__ = ["drawn", "inlined", "paneled", "pictured"]

# Screens on which figures that have a drawing for phones show it; screen.css has the same width.
_PHONE = "screen and (max-width: 40rem)"
# What scheme.js rewrites where the reader has chosen.
_DARK = "(prefers-color-scheme: dark)"
_ADDRESS = re.compile(r"(https?://[^\s<>\"]*[^\s<>\".,;:)。，；）])")


def pictured(
    picture: Picture, caption: Markup | None, words: Mapping[str, Any], natural: float | None = None
) -> Markup:
    """Return a picture alone in its paragraph.

    `words` are those of the language; `natural` is the width in CSS pixels of a picture without
    one, which is narrower where there is no room.
    """
    image = _image(picture, natural)
    if picture.letter:
        return _panel(picture, image, caption, words)
    label = Markup('<span class="label"></span>') if picture.id else Markup("")
    told = label + (caption or "") + _credit(picture, words)
    return Markup("<figure{}{}>{}{}</figure>\n").format(
        _identity(picture.id),
        _classes("picture", landscape=picture.landscape),
        image,
        Markup("<figcaption>{}</figcaption>").format(told) if told else "",
    )


def paneled(panels: Panels, caption: Markup | None) -> tuple[Markup, Markup]:
    """Return the beginning and the end of a figure of several pictures."""
    start = Markup('<figure{}{} data-panels="{}"><div class="columns-{}">\n').format(
        _identity(panels.id),
        _classes("picture", "panels", landscape=panels.landscape),
        " ".join(panels.panels),
        panels.columns,
    )
    end = Markup('</div><figcaption><span class="label"></span>{}</figcaption></figure>\n')
    return start, end.format(caption or "")


def drawn(name: str, figure: Mapping[str, Any], language: str, alt: str, caption: Markup) -> Markup:
    """Return a figure that a module or a rule draws, as `config/article.yaml` declares it."""
    panels = [f"fig-{name}-{letter}" for letter in figure["panels"] or ""]
    lettered = Markup(' data-panels="{}"').format(" ".join(panels)) if panels else ""
    places = [Markup('<span class="panel-place" id="{}"></span>').format(each) for each in panels]
    light = f"../figures/{figure_file(name, figure, language, THEMES[0])}"
    chart = Markup("")
    if figure["live"]:
        chart = Markup(' data-chart="../figures/{}/{}.vl.json"').format(language, name)
    has_dark = THEMES[1] in figure["themes"]
    return Markup(
        '<figure id="fig-{}" data-kind="figure"{}{}{}>{}<picture{}>{}<img src="{}" alt="{}">'
        '</picture><figcaption><span class="label"></span>{}</figcaption></figure>'
    ).format(
        name,
        _classes(
            *["picture"] * (not has_dark),
            *["for-phones"] * figure["narrow"],
            landscape=figure["landscape"],
        ),
        lettered,
        chart,
        Markup("").join(places),
        _wide(figure["width"] and float(figure["width"].removesuffix("%"))),
        _sources(name, figure, language),
        light,
        alt,
        caption,
    )


def _sources(name: str, figure: Mapping[str, Any], language: str) -> Markup:
    """Return the drawings besides the light one; a browser takes the first that fits."""

    def source(media: str, form: str, theme: str) -> Markup:
        file = figure_file(name + form, figure, language, theme)
        return Markup('<source media="{}" srcset="../figures/{}">').format(media, file)

    dark = figure["themes"][1:]
    # Paper is white whatever is chosen.
    forms = [(_PHONE, NARROW)] * figure["narrow"] + [("screen", "")]
    sources = []
    for media, form in forms:
        sources += [source(f"{media} and {_DARK}", form, theme) for theme in dark]
        if form:
            sources.append(source(media, form, THEMES[0]))
    return Markup("").join(sources)


def inlined(picture: Picture) -> Markup:
    """Return a picture within a line."""
    return Markup('<img class="inline" src="../pictures/{}" alt="{}">').format(
        web_name(picture.path), picture.alt
    )


def _classes(*classes: str, landscape: bool) -> Markup:
    names = [*classes, *["landscape"] * landscape]
    return Markup(' class="{}"').format(" ".join(names)) if names else Markup("")


def _wide(width: float | None, natural: float | None = None) -> Markup:
    if width is not None:
        return Markup(' style="--width: {:g}%"').format(width)
    return Markup(' style="--natural: {:.5g}px"').format(natural) if natural else Markup("")


def _identity(id_: str | None) -> Markup:
    return Markup(' id="{}" data-kind="figure"').format(id_) if id_ else Markup("")


def _image(picture: Picture, natural: float | None) -> Markup:
    return Markup('<picture{}><img src="../pictures/{}" alt="{}"></picture>').format(
        _wide(picture.width, natural), web_name(picture.path), picture.alt
    )


def _panel(
    picture: Picture, image: Markup, caption: Markup | None, words: Mapping[str, Any]
) -> Markup:
    letter = fill(words["pictures"]["panel"], letter=picture.letter)
    return Markup(
        '<div class="panel" id="{}">{}<p class="panel-caption"><span class="letter">{}</span> '
        "{}{}</p></div>\n"
    ).format(picture.id, image, letter, caption or "", _credit(picture, words))


def _credit(picture: Picture, words: Mapping[str, Any]) -> Markup:
    """Return where a picture is from and under which licence, as its caption says it."""
    own = words["pictures"]
    parts = []
    if picture.source:
        parts.append(
            fill(escape(own["source"]), source=_linked(picture.source.strip().rstrip(".。")))
        )
    if picture.licence:
        address = licence_address(picture.licence)
        name = escape(picture.licence)
        if address:
            name = Markup('<a href="{}" rel="license">{}</a>').format(address, picture.licence)
        parts.append(fill(escape(own["licence"]), licence=name))
    told = escape(own["separator"]).join(parts)
    return Markup(' <span class="credit">{}</span>').format(told) if parts else Markup("")


def _linked(text: str) -> Markup:
    """Return a text with its addresses as links."""
    parts = _ADDRESS.split(text)
    return Markup("").join(
        Markup('<a href="{0}">{0}</a>').format(part) if at % 2 else escape(part)
        for at, part in enumerate(parts)
    )

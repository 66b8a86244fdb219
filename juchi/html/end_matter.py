"""What stands behind the sections without a number: credit, thanks, statements, further files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from babel.numbers import format_decimal
from lxml import html
from lxml.html import HtmlElement
from markupsafe import Markup, escape

from juchi.plan.parts import GENERATED
from juchi.prose.messages import fill
from juchi.site.localized_metadata import LocalizedMetadata
from juchi.site.people import Funding
from juchi.site.supplements import Supplement, supplements

__all__ = ["end_matter"]


def end_matter(
    edition: LocalizedMetadata, prose: Mapping[str, HtmlElement]
) -> Iterator[HtmlElement]:
    """Yield the sections, each under the heading that the language has for its name.

    Parameters
    ----------
    edition
        Who contributed what, who paid for it, and which files go along.
    prose
        What the article says itself, by name; it takes the place of what would be generated.
    """
    written = {
        "contributions": _contributions(edition),
        "funding": _funding(edition),
        "supplements": _supplements(edition),
    }
    for name in dict.fromkeys((*GENERATED[:-1], *prose, GENERATED[-1])):
        if name in prose:
            yield _headed(prose[name], name, edition)
        elif written[name]:
            section = html.fragment_fromstring(f"<section>{written[name]}</section>")
            yield _headed(section, name, edition)


def _headed(section: HtmlElement, name: str, edition: LocalizedMetadata) -> HtmlElement:
    heading = html.Element("h2")
    heading.set("id", f"sec-{name}")
    heading.set("class", "unnumbered")
    heading.text = edition.words["end_matter"][name]
    section.insert(0, heading)
    heading.tail, section.text = section.text, None
    section.set("class", "end-matter")
    return section


def _contributions(edition: LocalizedMetadata) -> Markup:
    """Return who did what, by the CRediT roles."""
    words = edition.words
    told = [
        fill(
            escape(words["contribution"]),
            name=str(author.name),
            roles=words["list_separator"].join(words["credit"][role] for role in author.roles),
        )
        for author in edition.authors
        if author.roles
    ]
    return _paragraph(told, edition)


def _funding(edition: LocalizedMetadata) -> Markup:
    return _paragraph([_grant(each, edition) for each in edition.funding], edition)


def _grant(funding: Funding, edition: LocalizedMetadata) -> Markup:
    """Return a funder with the number and the title of the award, as far as there are any."""
    known = {key: value for key in ("award", "title") if (value := getattr(funding, key))}
    key = "both" if len(known) > 1 else next(iter(known), "funder")
    return fill(escape(edition.words["grant"][key]), funder=funding.funder, **known)


def _paragraph(sentences: list[Markup], edition: LocalizedMetadata) -> Markup:
    separator = escape(edition.words["tables"]["sentence_separator"])
    return Markup("<p>{}</p>").format(separator.join(sentences)) if sentences else Markup("")


def _supplements(edition: LocalizedMetadata) -> Markup:
    """Return the list of the files that go along, each with its size and its checksum."""
    items = [_supplement(each, edition) for each in supplements(edition.article, edition.code)]
    listed = Markup("").join(items)
    return Markup('<ul class="supplements">{}</ul>').format(listed) if items else Markup("")


def _supplement(supplement: Supplement, edition: LocalizedMetadata) -> Markup:
    words = edition.words["supplement"]
    name, address, site = supplement.path.name, supplement.address, edition.permanent_site
    # On paper a name without a link, as long as the file stands nowhere.
    printed = Markup('<a href="{}{}">{}</a>').format(site, address, name) if site else name
    told = [_size(supplement.size, edition), supplement.licence or None]
    separator = edition.words["tables"]["sentence_separator"]
    described = f"{separator}{supplement.description}" if supplement.description else ""
    return Markup(
        '<li{attached}><b>{title}</b>{described} <span class="file"><span class="web-only">'
        '<a href="../{address}">{name}</a></span><span class="paper-only">'
        "{printed}{also}</span> ({told}; "
        '<span class="checksum">SHA-256</span> <code>{sha256}</code>)</span></li>'
    ).format(
        attached=Markup(' data-attached="{}"').format(supplement.path)
        if supplement.attached
        else "",
        title=fill(words["title"], title=supplement.title),
        described=described,
        address=address,
        name=name,
        printed=printed,
        also=words["attached"] if supplement.attached else "",
        told="; ".join(filter(None, told)),
        sha256=supplement.sha256,
    )


def _size(size: int, edition: LocalizedMetadata) -> str:
    """Return a size in the unit in which it is no less than one."""
    units = ["B", "kB", "MB", "GB"]
    power = min((len(str(size)) - 1) // 3, len(units) - 1)
    number = format_decimal(size / 1000**power, "#,##0.#", edition.locale)
    return f"{number}\N{NO-BREAK SPACE}{units[power]}"

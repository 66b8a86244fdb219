"""Formulas in figures are characters of the text's fonts: no LaTeX is printed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.ticker import LogFormatterMathtext, PercentFormatter, ScalarFormatter

from juchi.core.errors import UserError
from juchi.exhibits.draw import save
from juchi.exhibits.figure_text import as_text
from juchi.exhibits.style import WIDTH, styled, themes
from juchi.fonts.typefaces import Stack, matplotlib_families
from juchi.prose.formats import NumberFormat
from tests.project import Project

COMMENT = re.compile(r"<!-- (.*?) -->", re.DOTALL)
X = np.logspace(-3, 5, 20)


def words(svg: Path) -> list[str]:
    """Return the words of a drawing, which Matplotlib notes beside their outlines."""
    return COMMENT.findall(svg.read_text("utf-8"))


@pytest.fixture
def drawn(stacks: dict[str, Stack], tmp_path: Path) -> Iterator[Callable[..., list[str]]]:
    def save_and_read(figure: Figure, locale: str = "en_GB") -> list[str]:
        numbers = NumberFormat(locale, ", ")
        save(figure, tmp_path / "figure.svg", "report/figures/some.py", stacks, numbers)
        return words(tmp_path / "figure.svg")

    with styled(themes()["light"], matplotlib_families(stacks["sans"])):
        yield save_and_read


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (r"$\mathdefault{10^{-2}}$", "10⁻²"),
        (r"$\mathdefault{-10^{2}}$", "−10²"),
        (r"$\mathdefault{2\times10^{-3}}$", "2\xa0×\xa010⁻³"),
        (r"$\times\mathdefault{10^{-5}}\mathdefault{}$", "×10⁻⁵"),
        (r"$\mathdefault{1-10^{-3}}$", "1−10⁻³"),
        (r"$\mathdefault{\frac{1}{2}}$", "1/2"),
        (r"$\mathdefault{e^{2}}$", "e²"),
        (r"$\eta$ and $\lambda_{\max}$", "η and λₘₐₓ"),
        (r"$\theta_{t+1}=\theta_t-\eta g$", "θₜ₊₁ = θₜ−η g"),
        (r"$\mathrm{loss}_0$ in $10^{-3}\,\mathrm{s}$", "loss₀ in 10⁻³ s"),
        (r"$w^{\mathrm{max}}$", "wᵐᵃˣ"),
        # Letters that Unicode cannot lower.
        (r"sodium: $I_\mathrm{Na}$ (pA)", "sodium: I_Na (pA)"),
        (r"$V_{\mathrm{half}}$, $k_B T$", "V_half, k_B T"),
        (r"$k_BT$, $g_{\mathrm{Na}}\eta$", "k_B T, g_Na η"),
        (r"$x_q^2 + x_Q$", "x_q² + x_Q"),
        # Steady states.
        (r"$m_\infty(V)$, $h_{\infty}$", "m_∞(V), h_∞"),
        ("from $5 to $6", "from $5 to $6"),
        (r"US\$", "US$"),
        ("one dollar: $", "one dollar: $"),
    ],
)
def test_formulas_are_characters(written: str, shown: str) -> None:
    assert as_text(written, "a figure") == shown


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (r"$\mathdefault{10^{0.50}}$", "^{0.50}"),
        (r"$\binom{a}{2}$", r"\binom"),
        (r"$x^{2^2}$", "^{2^2}"),
        (r"$\nosuchsign$", r"\nosuchsign"),
        (r"$x_{q,1}$", "_{q,1}"),
        (r"$x^{Na}$", "^{Na}"),
    ],
)
def test_what_characters_cannot_say_is_refused_with_its_figure(written: str, found: str) -> None:
    with pytest.raises(UserError) as caught:
        as_text(f"before {written}", "report/figures/some.py")
    message = str(caught.value)
    assert message.startswith("error: report/figures/some.py\n")
    assert f"{found}, which" in message
    assert written in message


def log(figure: Figure) -> None:
    axis = figure.subplots()
    axis.plot(X, X)
    axis.set_xscale("log")
    axis.set_yscale("log")


def symlog(figure: Figure) -> None:
    axis = figure.subplots()
    axis.plot(X - 100, X)
    axis.set_xscale("symlog")


def within_a_decade(figure: Figure) -> None:
    axis = figure.subplots()
    axis.plot([2, 7], [2, 7])
    axis.set_xscale("log")


def logit(figure: Figure) -> None:
    axis = figure.subplots()
    axis.plot([0.001, 0.999], [0.001, 0.999])
    axis.set_yscale("logit")


def offset(figure: Figure) -> None:
    figure.subplots().plot(X * 1e6, X * -1e-12)


def secondary(figure: Figure) -> None:
    axis = figure.subplots()
    axis.plot(X, X)
    axis.set_yscale("log")
    axis.secondary_yaxis("right", functions=(np.sqrt, np.square))


def shared(figure: Figure) -> None:
    first, _ = figure.subplots(1, 2, sharey=True)
    first.plot(X, X)
    first.set_yscale("log")


def colour_bar(figure: Figure) -> None:
    image = figure.subplots().imshow(X.reshape(4, 5), norm=LogNorm())
    figure.colorbar(image)


def polar(figure: Figure) -> None:
    axis = figure.add_subplot(projection="polar")
    axis.plot([0, 1], [1, 1000])
    axis.set_yscale("log")


def shifted(figure: Figure) -> None:
    axis = figure.subplots()
    axis.plot([1e6 + 1, 1e6 + 2], [0, -1])
    axis.ticklabel_format(axis="x", useOffset=1e6)


def formulas(figure: Figure) -> None:
    axis = figure.subplots()
    axis.plot([0, 1], label=r"$\eta^{-2}$")
    axis.legend(title=r"$\theta$")
    axis.set_title(r"中文 $\lambda$")
    axis.set_xlabel(r"$x_1$")
    axis.annotate(r"$\pi$", (0.5, 0.5))
    figure.suptitle(r"$\sigma^2$")


@pytest.mark.parametrize(
    ("fill", "shown"),
    [
        (log, "10⁻²"),
        (symlog, "−10²"),
        (within_a_decade, "3\xa0×\xa010⁰"),
        (logit, "1−10⁻²"),
        (offset, "×10⁻⁷"),
        (secondary, "10⁵"),
        (shared, "10³"),
        (colour_bar, "10⁴"),
        (polar, "10²"),
        (shifted, "+10⁶"),
        (shifted, "−1.0"),
        (formulas, "中文 λ"),
    ],
)
def test_no_latex_reaches_a_figure(
    drawn: Callable[[Figure], list[str]], fill: Callable[[Figure], None], shown: str
) -> None:
    figure = plt.figure(figsize=(WIDTH, 4))
    fill(figure)
    found = drawn(figure)
    assert shown in found
    assert not [each for each in found if "\\" in each or "$" in each]


def linear(figure: Figure) -> None:
    axis = figure.subplots()
    axis.plot([0, 1.5], [1990, 2010])
    axis.set_xticks([0, 0.75, 1.5])
    axis.set_yticks([1990, 2010])


def large(figure: Figure) -> None:
    figure.subplots().set_ylim(0, 40000)


def logarithmic(figure: Figure) -> None:
    axis = figure.subplots()
    axis.plot([0.1, 10], [0.1, 10])
    axis.set_xscale("log")
    axis.xaxis.set_major_formatter(ScalarFormatter())


def bar_of_colours(figure: Figure) -> None:
    figure.colorbar(figure.subplots().imshow([[0, 0.5]]))


def legend(figure: Figure) -> None:
    axis = figure.subplots()
    points = axis.scatter([1, 2], [1, 2], c=[0.25, 0.75])
    axis.legend(*points.legend_elements())


def formats(figure: Figure) -> None:
    axis = figure.subplots()
    axis.set_xlim(0, 1)
    axis.xaxis.set_major_formatter(PercentFormatter(1, decimals=1))
    axis.set_ylim(0, 2000)
    axis.yaxis.set_major_formatter("{x:,.0f}")


def own_labels(figure: Figure) -> None:
    axis = figure.subplots()
    axis.set_xticks([0, 1.5], ["3.10", "1.50"])
    axis.set_yticks([0, 1000], ["0", "1.000"])


def contours(figure: Figure) -> None:
    axis = figure.subplots()
    drawn = axis.contour(np.add.outer(np.arange(9), np.arange(9)) / 9, levels=[0.75])
    axis.clabel(drawn)


def bars(figure: Figure) -> None:
    axis = figure.subplots()
    axis.bar_label(axis.bar(["3.10"], [2.5]))
    axis.set_title("Version 3.10")


@pytest.mark.parametrize(
    ("fill", "german", "french"),
    [
        (linear, ["0,75", "1990"], ["0,75", "1990"]),
        (large, ["20.000", "5000"], ["20\u202f000", "5000"]),
        (logarithmic, ["0,10"], ["0,10"]),
        (bar_of_colours, ["0,25"], ["0,25"]),
        (legend, ["0,25"], ["0,25"]),
        (formats, ["20,0\xa0%", "1.000"], ["20,0\xa0%", "1\u202f000"]),
        (own_labels, ["3.10", "1,50", "1.000"], ["3.10", "1,50", "1.000"]),
        (offset, ["0,2"], ["0,2"]),
        (contours, ["0,75"], ["0,75"]),
        (bars, ["2,5", "3.10", "Version 3.10"], ["2,5", "3.10", "Version 3.10"]),
    ],
)
def test_numbers_of_a_figure_are_those_of_its_language(
    drawn: Callable[..., list[str]],
    fill: Callable[[Figure], None],
    german: list[str],
    french: list[str],
) -> None:
    for locale, wanted in (("de_DE", german), ("fr_FR", french)):
        figure = plt.figure(figsize=(WIDTH, 4))
        fill(figure)
        assert set(wanted) <= set(drawn(figure, locale))


def test_a_number_of_the_language_is_text_in_a_figure(drawn: Callable[..., list[str]]) -> None:
    figure, axis = plt.subplots(figsize=(WIDTH, 4))
    numbers = NumberFormat("de_DE", ", ")
    axis.text(0, 0, numbers.printed(1.5))  # type: ignore[arg-type]
    axis.set_xlabel(f"{numbers.printed(2.4e-10, 'scientific', 2)}")
    axis.set_ylabel(numbers.text(1e-3, "scientific", None))
    found = drawn(figure, "de_DE")
    assert {"1,5", "2,4\xa0×\xa010⁻¹⁰", "10⁻³"} <= set(found)


def test_a_tick_that_cannot_be_labelled_is_refused_with_its_figure(
    drawn: Callable[[Figure], list[str]],
) -> None:
    figure = plt.figure(figsize=(WIDTH, 4))
    log(figure)
    figure.axes[0].set_xticks([10**0.5])
    figure.axes[0].xaxis.set_major_formatter(
        LogFormatterMathtext(minor_thresholds=(np.inf, np.inf))
    )
    with pytest.raises(UserError, match=r"report/figures/some\.py\n.*10\^\{0\.50\}"):
        drawn(figure)


def test_a_sign_of_a_tick_that_no_font_has_is_named(
    drawn: Callable[[Figure], list[str]],
) -> None:
    figure, axis = plt.subplots(figsize=(WIDTH, 4))
    axis.xaxis.set_major_formatter(lambda x, _: f"{x}\U00013000")
    with pytest.raises(UserError, match=r"U\+13000"):
        drawn(figure)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda figure: figure.set_figwidth(WIDTH + 1), "7.53 inches in width"),
        (lambda figure: figure.text(0, 0, "x", usetex=True), "usetex"),
        (lambda figure: figure.set_figheight(0.1), "a warning: "),
    ],
)
def test_what_cannot_be_drawn_well_is_refused_with_its_figure(
    drawn: Callable[[Figure], list[str]], change: Callable[[Figure], None], found: str
) -> None:
    figure = plt.figure(figsize=(WIDTH, 4))
    log(figure)
    change(figure)
    with pytest.raises(UserError, match=r"report/figures/some\.py") as caught:
        drawn(figure)
    assert found in str(caught.value)


def test_no_figure_of_the_article_carries_latex(built: Project) -> None:
    drawings = sorted((built.folder / "build" / "site" / "figures").rglob("*.svg"))
    assert drawings
    for drawing in drawings:
        found = words(drawing)
        assert found
        assert not [each for each in found if "\\" in each or "$" in each], drawing

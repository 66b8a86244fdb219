"""Numbers as English, Chinese and German print them."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from juchi.core.errors import UserError
from juchi.prose.formats import NumberFormat, as_html, as_text
from juchi.results.facts import Fact

ENGLISH = NumberFormat("en_GB", ", ")
CHINESE = NumberFormat("zh_Hans_CN", "、")
GERMAN = NumberFormat("de_DE", "; ")


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.73421, 3, "0.734"),
        (0.5, 3, "0.500"),
        (12.345, 3, "12.3"),
        (1234.5, 5, "1234.5"),
        (1234.5, 2, "1200"),
        (512, None, "512"),
        (100000, None, "100,000"),
        (0.987, None, "0.987"),
        (1e-6, None, "0.000001"),
        (1e22, None, "10,000,000,000,000,000,000,000"),
        (-0.25, 2, "−0.25"),
        (-3, None, "−3"),
        (0, None, "0"),
        (0.0, 3, "0"),
        (-0.0, 3, "0"),
        (5e-324, 2, f"0.{'0' * 323}50"),
        (0.73421, 0, "0.7"),
        # Halves go to the even digit, and what the binary number is does not matter.
        (0.125, 2, "0.12"),
        (0.135, 2, "0.14"),
        (2.5, 1, "2"),
        (3.5, 1, "4"),
        # Rounding that carries into a new digit does not add one.
        (9.996, 3, "10.0"),
        (0.9996, 3, "1.00"),
        (99.5, 2, "100"),
    ],
)
def test_decimals_have_significant_digits(value: float, digits: int | None, text: str) -> None:
    assert ENGLISH.text(value, "decimal", digits) == text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.99609375, 1, "99.6%"),
        (0.05, None, "5%"),
        (0.5, 0, "50%"),
        (0.999, None, "99.9%"),
        (0.9973, None, "99.73%"),
        (1, None, "100%"),
        (1.0, 1, "100.0%"),
        (0, 1, "0.0%"),
        (0.0, None, "0%"),
        (0.0004, 1, "0.0%"),
        (0.125, 0, "12%"),
        (0.135, 0, "14%"),
        (0.0005, 1, "0.0%"),
        (0.0015, 1, "0.2%"),
        (-0.125, 1, "−12.5%"),
        (12.5, 0, "1,250%"),
    ],
)
def test_percentages_have_decimals(value: float, digits: int | None, text: str) -> None:
    assert ENGLISH.text(value, "percent", digits) == text


@pytest.mark.parametrize(
    ("value", "digits", "text", "html"),
    [
        (2.449e-10, 2, "2.4 × 10^−10", "2.4 × 10<sup>−10</sup>"),
        (-2.449e-10, 2, "−2.4 × 10^−10", "−2.4 × 10<sup>−10</sup>"),
        (9.996e-7, 3, "1.00 × 10^−6", "1.00 × 10<sup>−6</sup>"),
        (1e-6, None, "10^−6", "10<sup>−6</sup>"),
        (1e-6, 2, "1.0 × 10^−6", "1.0 × 10<sup>−6</sup>"),
        (2.5e-3, None, "2.5 × 10^−3", "2.5 × 10<sup>−3</sup>"),
        (512, 2, "5.1 × 10^2", "5.1 × 10<sup>2</sup>"),
        (7, 1, "7 × 10^0", "7 × 10<sup>0</sup>"),
        (0, 2, "0", "0"),
        (0.0, 2, "0", "0"),
    ],
)
def test_scientific_numbers_have_a_mantissa(
    value: float, digits: int | None, text: str, html: str
) -> None:
    assert ENGLISH.text(value, "scientific", digits) == text.replace(" ", "\N{NO-BREAK SPACE}")
    assert ENGLISH.html(value, "scientific", digits) == html.replace(" ", "\N{NO-BREAK SPACE}")


@pytest.mark.parametrize(
    ("numbers", "style", "value", "digits", "text"),
    [
        (CHINESE, "decimal", 1234.5, 5, "1234.5"),
        (CHINESE, "percent", 0.99609375, 1, "99.6%"),
        (CHINESE, "scientific", -2.4e-10, 2, "−2.4\u00a0×\u00a010^−10"),
        (GERMAN, "decimal", 1234.5, 5, "1234,5"),
        (GERMAN, "decimal", -0.25, 2, "−0,25"),
        (GERMAN, "percent", 0.99609375, 1, "99,6\u00a0%"),
        (GERMAN, "percent", -0.125, None, "−12,5\u00a0%"),
        (GERMAN, "scientific", -2.4e-10, 2, "−2,4\u00a0×\u00a010^−10"),
    ],
)
def test_each_locale_has_its_marks(
    numbers: NumberFormat, style: str, value: float, digits: int | None, text: str
) -> None:
    assert numbers.text(value, style, digits) == text
    assert "-" not in text


@pytest.mark.parametrize("style", ["decimal", "percent"])
@pytest.mark.parametrize("value", [0.25, -1234.5, 0.0])
def test_html_is_the_text_where_nothing_is_raised(style: str, value: float) -> None:
    html = GERMAN.html(value, style, 3)
    assert isinstance(html, Markup)
    assert html == GERMAN.text(value, style, 3)


@pytest.mark.parametrize(
    ("numbers", "text"),
    [(ENGLISH, "0.9, 0.2, 0.987"), (CHINESE, "0.9、0.2、0.987"), (GERMAN, "0,9; 0,2; 0,987")],
)
def test_lists_are_joined_as_the_language_does(numbers: NumberFormat, text: str) -> None:
    fact = Fact([0.9, 0.2, 0.987], "1", None, None, "")
    assert as_text(fact, {}, numbers) == text
    assert as_html(fact, {}, numbers) == text


def test_a_list_of_scientific_numbers_raises_each_exponent() -> None:
    fact = Fact([1e-3, 1e-6], "1", None, None, "")
    assert as_html(fact, {"style": "scientific"}, ENGLISH) == ("10<sup>−3</sup>, 10<sup>−6</sup>")


def test_a_separator_is_text_and_no_markup() -> None:
    printed = as_html(Fact([1, 2], "1", None, None, ""), {}, NumberFormat("en_GB", "<b>"))
    assert printed == "1&lt;b&gt;2"


def test_the_declared_style_and_digits_are_used() -> None:
    fact = Fact(0.12345, "share", 8, (0.1, 0.2), "")
    assert as_text(fact, {"style": "percent", "digits": 2}, ENGLISH) == "12.34%"
    assert as_text(fact, {"digits": 2}, ENGLISH) == "0.12"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
@pytest.mark.parametrize("style", ["decimal", "percent", "scientific"])
def test_what_is_no_number_is_never_printed(value: float, style: str) -> None:
    with pytest.raises(ValueError, match="no number to print"):
        ENGLISH.text(value, style, 3)


@pytest.mark.parametrize("locale", ["xx_XX", "english please", ""])
def test_an_unknown_locale_is_refused(locale: str) -> None:
    with pytest.raises(UserError) as caught:
        NumberFormat(locale, ", ")
    assert f"languages.*.locale: {locale}" in str(caught.value)
    assert "en_GB" in str(caught.value)


@pytest.mark.parametrize(
    ("value", "style", "digits", "text"),
    [
        (0.63, "probability", 2, "0.63"),
        (0.001, "probability", 2, "0.0010"),
        (0.00042, "probability", 2, "4.2\u00a0×\u00a010^−4"),
        (0.0, "probability", 2, "0"),
        (-0.01047, "points", 2, "−1.05"),
        (0.02, "points", 2, "2.00"),
    ],
)
def test_tiny_probabilities_are_raised_and_points_have_no_sign_of_percent(
    value: float, style: str, digits: int, text: str
) -> None:
    assert ENGLISH.text(value, style, digits) == text

"""Numbers as English, Chinese and German print them."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from juchi.core.errors import UnplacedError, UserError
from juchi.prose.formats import NumberFormat
from juchi.prose.printed import CODE

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
        # So many zeros nobody counts.
        (2.4e-21, 2, "2.4\u00a0×\u00a010^−21"),
        (-9.99e-7, 2, "−1.0\u00a0×\u00a010^−6"),
        (5e-324, 2, "5.0\u00a0×\u00a010^−324"),
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
        (GERMAN, "decimal", 1234.5, 5, "1.234,5"),
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


@pytest.mark.parametrize(
    ("locale", "texts"),
    [
        # In science four digits stand together in English and Chinese.
        ("en_GB", ["999", "1234", "12,345", "1,234,567"]),
        ("zh_Hans_CN", ["999", "1234", "12,345", "1,234,567"]),
        # Spanish, Polish and European Portuguese leave four together as well.
        ("es_ES", ["999", "1234", "12.345", "1.234.567"]),
        ("pl_PL", ["999", "1234", "12\u00a0345", "1\u00a0234\u00a0567"]),
        ("pt_PT", ["999", "1234", "12\u00a0345", "1\u00a0234\u00a0567"]),
        ("es_MX", ["999", "1,234", "12,345", "1,234,567"]),
        ("de_DE", ["999", "1.234", "12.345", "1.234.567"]),
        ("fr_FR", ["999", "1\u202f234", "12\u202f345", "1\u202f234\u202f567"]),
        ("de_CH", ["999", "1’234", "12’345", "1’234’567"]),
        # By lakh and crore.
        ("hi_IN", ["999", "1,234", "12,345", "12,34,567"]),
        ("en_IN", ["999", "1234", "12,345", "12,34,567"]),
    ],
)
def test_digits_are_grouped_as_the_locale_does(locale: str, texts: list[str]) -> None:
    numbers = NumberFormat(locale, ", ")
    values = (999, 1234, 12345, 1234567)
    assert [numbers.html(value, "decimal", None) for value in values] == texts


@pytest.mark.parametrize(
    ("locale", "text"),
    [("es_ES", "1234,5\u00a0%"), ("de_DE", "1.234,5\u00a0%"), ("tr_TR", "%1.234,5")],
)
def test_percentages_are_grouped_as_the_locale_does(locale: str, text: str) -> None:
    assert NumberFormat(locale, ", ").text(12.345, "percent", None) == text


@pytest.mark.parametrize(
    ("value", "digits", "english", "german"),
    [
        (0.0042, 1, "4.2‰", "4,2\u00a0‰"),
        (-0.00004, 1, "0.0‰", "0,0\u00a0‰"),
        (0.0335, None, "33.5‰", "33,5\u00a0‰"),
    ],
)
def test_per_mille_is_printed_like_percent(
    value: float, digits: int | None, english: str, german: str
) -> None:
    assert ENGLISH.text(value, "permille", digits) == english
    assert GERMAN.text(value, "permille", digits) == german


@pytest.mark.parametrize(
    ("value", "style", "digits", "text"),
    [
        (0.3, "decimal", 2, "+0.30"),
        (-0.3, "decimal", 2, "−0.30"),
        (0, "decimal", None, "0"),
        (-0.0, "decimal", 2, "0"),
        (-0.00004, "percent", 1, "0.0%"),
        (0.00004, "percent", 1, "0.0%"),
        (0.125, "percent", None, "+12.5%"),
        (0.02, "points", 2, "+2.00"),
        (2.4e-10, "scientific", 2, "+2.4\u00a0×\u00a010^−10"),
        (1e-6, "scientific", None, "+1\u00a0×\u00a010^−6"),
    ],
)
def test_a_sign_is_printed_where_it_is_wanted_but_never_of_zero(
    value: float, style: str, digits: int | None, text: str
) -> None:
    assert CODE.number(ENGLISH.printed(value, style, digits, sign=True)) == text


@pytest.mark.parametrize("locale", ["fr_FR", "de_DE", "en_GB", "pl_PL"])
def test_a_year_is_no_quantity(locale: str) -> None:
    numbers = NumberFormat(locale, ", ")
    assert numbers.text(1875, "year", None) == "1875"
    assert numbers.text(-10500.0, "year", None) == "−10500"


@pytest.mark.parametrize(("value", "digits"), [(1875.5, None), (1875, 4)])
def test_what_is_no_year_is_refused(value: float, digits: int | None) -> None:
    with pytest.raises(UnplacedError, match="a whole number, as 1875, and no digits"):
        GERMAN.text(value, "year", digits)

"""What calls of facts print, in each medium and language."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import pytest
from markupsafe import Markup

from juchi.core.errors import UnplacedError, UserError
from juchi.core.theme import THEME
from juchi.plan.yaml_files import read_yaml
from juchi.prose.fact_formatter import FactFormatter
from juchi.prose.formats import NumberFormat
from juchi.prose.printed import CODE, LATEX, Html
from juchi.results.facts import Fact

LOCALES = {"en": "en_GB", "zh": "zh_Hans_CN", "de": "de_DE"}
NOUNS = {
    "en": {"start": {"one": "{number} start", "other": "{number} starts"}},
    "zh": {"start": {"other": "{number} 次"}},
    "de": {"start": {"one": "{number} Start", "other": "{number} Starts"}},
}


def fact(value: Any, unit: str = "1", **rest: Any) -> Fact:
    return Fact(value, unit, None, rest.pop("interval", None), "", **rest)


FACTS = {
    "a.length": fact(1234.5, "m"),
    "a.width": fact(1e-5, "m"),
    "a.speed": fact(12.5, "m/s", interval=(12.0, 13.0), standard_error=0.2551),
    "a.flux": fact(3.25, "W m^-2 K^-1"),
    "a.heat": fact(4184, "J/(kg K)"),
    "a.warm": fact(25, "°C", standard_error=0.5),
    "a.angle": fact(30, "°"),
    "a.acid": fact(0.1, "mol/L"),
    "a.ozone": fact(31, "ppb"),
    "a.air": fact(1.2, "kg m^-3"),
    "a.giant": fact(1e30, standard_error=3e27),
    "a.wide_angle": fact(45, "°"),
    "a.moist": fact(5, "%"),
    "a.lengths": fact([1, 2.5], "km"),
    "a.share": fact(0.734, "share", interval=(0.61, 0.85), standard_error=0.031),
    "a.tiny_share": fact(0.0004, "share"),
    "a.no_share": fact(0.0, "share"),
    "a.p": fact(0.00004),
    "a.p_zero": fact(0.0),
    "a.p_large": fact(0.03),
    "a.change": fact(0.3),
    "a.loss": fact(-0.3),
    "a.mean": fact(1.2345, interval=(1.15, 1.319), standard_error=0.0412),
    "a.small": fact(0.0012345, "m", standard_error=0.0000412),
    "a.tiny": fact(2.412e-21, standard_error=3e-22),
    "a.large": fact(12345, standard_error=412),
    "a.median": fact(1.5, interval=(1.0, 3.0)),
    "a.same": fact(2.0),
    "a.three": fact(3, "start"),
    "a.five": fact(5, "start"),
    "a.none": fact(0, "start"),
    "a.one": fact(1, "start"),
    "a.two": fact(2, "start"),
    "a.all": fact(512, "start"),
    "a.steps": fact(0.96, "step"),
    "a.half": fact(0.5),
    "a.third": fact(1 / 3),
    "a.gain": fact(0.68, interval=(0.6, 0.76), standard_error=0.02),
    "a.point": fact(0.01),
}
PERCENT = {"style": "percent", "digits": 1}
FORMATS: dict[str, dict[str, Any]] = {
    **{name: {} for name in FACTS},
    "a.flux": {"digits": 3},
    "a.share": PERCENT,
    "a.tiny_share": {**PERCENT, "below": 0.001},
    "a.no_share": {**PERCENT, "below": 0.001},
    "a.p": {"style": "probability", "digits": 2, "below": 0.001},
    "a.p_zero": {"style": "probability", "digits": 2, "below": 0.001},
    "a.p_large": {"style": "probability", "digits": 1, "below": 0.001},
    "a.change": {"digits": 1, "sign": True},
    "a.loss": {"digits": 1, "sign": True},
    "a.small": {"style": "scientific", "digits": 3},
    "a.steps": {"digits": 1},
    "a.gain": {"style": "points"},
    "a.point": {"style": "points"},
}


def formatter(
    language: str = "en",
    facts: Mapping[str, Fact] = FACTS,
    formats: Mapping[str, Mapping[str, Any]] = FORMATS,
) -> FactFormatter:
    words = read_yaml(THEME / f"messages/{'en' if language == 'de' else language}.yaml")
    words["units"] = {**words["units"], **deepcopy(NOUNS[language])}
    if language == "de":
        del words["counting"], words["ordinals"]
    numbers = NumberFormat(LOCALES[language], words["list_separator"])
    return FactFormatter(facts, formats, numbers, words)


def html(function: str, *names: str, language: str = "en", **options: Any) -> str:
    """Return what stands on the page, with ordinary spaces for no-break ones."""
    text = formatter(language).write(function, [f"a.{name}" for name in names], options, Html())
    assert isinstance(text, Markup)
    return text.replace("\N{NO-BREAK SPACE}", " ")


def latex(function: str, *names: str, language: str = "en", **options: Any) -> str:
    return formatter(language).write(function, [f"a.{name}" for name in names], options, LATEX)


def spoken(function: str, *names: str, language: str = "en", **options: Any) -> str:
    printer = formatter(language)
    text = printer.write(function, [f"a.{name}" for name in names], options, printer.spoken)
    return text.replace("\N{NO-BREAK SPACE}", " ")


def refused(function: str, *names: str, language: str = "en", **options: Any) -> str:
    with pytest.raises(UnplacedError) as caught:
        html(function, *names, language=language, **options)
    return str(caught.value)


# --- units ---


@pytest.mark.parametrize(
    ("name", "options", "text"),
    [
        ("length", {}, "1234.5 m"),
        ("length", {"unit": "km"}, "1.2345 km"),
        ("length", {"unit": "km", "digits": 2}, "1.2 km"),
        ("length", {"unit": "km", "style": "fixed", "digits": 2}, "1.23 km"),
        ("width", {"unit": "µm"}, "10 µm"),
        ("width", {"style": "scientific"}, "10<sup>−5</sup> m"),
        ("speed", {}, "12.5 m/s"),
        ("speed", {"unit": "m s^-1"}, "12.5 m s⁻¹"),
        ("speed", {"unit": "km/h"}, "45 km/h"),
        ("flux", {}, "3.25 W m⁻² K⁻¹"),
        ("heat", {}, "4184 J/(kg K)"),
        ("warm", {}, "25 °C"),
        ("warm", {"unit": "K"}, "298.15 K"),
        ("angle", {}, "30°"),
        ("moist", {}, "5%"),
        ("moist", {"unit": "‰"}, "50‰"),
        ("lengths", {}, "1, 2.5 km"),
        ("steps", {}, "1 step"),
    ],
)
def test_a_unit_is_printed_as_si_says(name: str, options: dict[str, Any], text: str) -> None:
    assert html("fact", name, **options) == text
    assert html("fact", name, language="zh", **options) == text.replace(", ", "、").replace(
        " step", " 步"
    )


@pytest.mark.parametrize(
    ("function", "names", "english", "chinese"),
    [
        ("fact", ["gain"], "68 percentage points", "68 个百分点"),
        ("fact", ["point"], "1 percentage point", "1 个百分点"),
        ("range", ["point", "gain"], "1–68 percentage points", "1～68 个百分点"),
        ("measured", ["gain"], "(68.0 ± 2.0) percentage points", "(68.0 ± 2.0) 个百分点"),
        ("number", ["gain"], "68", "68"),
        ("interval", ["gain"], "[60, 76] percentage points", "[60, 76] 个百分点"),
    ],
)
def test_percentage_points_have_their_words(
    function: str, names: list[str], english: str, chinese: str
) -> None:
    assert html(function, *names) == english
    assert html(function, *names, language="zh") == chinese


def test_a_year_has_no_marks_between_its_digits() -> None:
    facts = {"a.from": fact(1875), "a.to": fact(2020, standard_error=3.0)}
    printer = formatter("de", facts, {"a.from": {"style": "year"}, "a.to": {"style": "year"}})
    assert printer.full("a.from") == "1875"
    assert printer.write("number", ["a.from"], {"style": "decimal"}, Html()) == "1.875"
    assert printer.write("range", ["a.from", "a.to"], {}, Html()) == "1875–2020"
    assert printer.write("measured", ["a.to"], {}, LATEX) == r"2020{,}0\pm 3{,}0"


@pytest.mark.parametrize(
    ("locale", "texts"),
    [
        ("en_GB", ["0.34%", "0.34%–5%", "[0.1%, 0.5%]", "(0.34 ± 0.10)%", "0.34"]),
        (
            "de_DE",
            ["0,34\xa0%", "0,34–5\xa0%", "[0,1\xa0%, 0,5\xa0%]", "(0,34 ± 0,10)\xa0%", "0,34"],
        ),
        ("tr_TR", ["%0,34", "%0,34–%5", "[%0,1, %0,5]", "%(0,34 ± 0,10)", "0,34"]),
    ],
)
def test_the_unit_per_cent_is_printed_as_the_style_is(locale: str, texts: list[str]) -> None:
    words = read_yaml(THEME / "messages/en.yaml")
    facts = {
        "a.low": fact(0.34, "%", interval=(0.1, 0.5), standard_error=0.1),
        "a.high": fact(5, "%"),
    }
    printer = FactFormatter(facts, {"a.low": {}, "a.high": {}}, NumberFormat(locale, ", "), words)
    calls = {"fact": 1, "range": 2, "interval": 1, "measured": 1, "number": 1}
    names = ["a.low", "a.high"]
    found = [printer.write(call, names[:count], {}, Html()) for call, count in calls.items()]
    assert [text.replace("\xa0±\xa0", " ± ").replace(",\xa0", ", ") for text in found] == texts


def test_a_share_may_be_printed_in_points_by_its_call() -> None:
    assert html("fact", "share", style="points") == "73.4 percentage points"


def test_a_language_without_words_for_points_is_told_so() -> None:
    printer = formatter()
    del printer.words["units"]["point"]
    with pytest.raises(UnplacedError, match=r"a\.gain in percentage points.*units\.point"):
        printer.full("a.gain")


def test_no_line_ends_between_a_number_and_its_unit() -> None:
    printer = formatter()
    assert printer.full("a.speed") == "12.5\u00a0m/s"
    assert printer.bare("a.flux") == "3.25\u00a0W\u00a0m⁻²\u00a0K⁻¹"
    # Code is copied, and its fonts have no raised minus.
    assert printer.write("fact", ["a.flux"], {}, CODE) == "3.25 W m^−2 K^−1"


def test_german_numbers_have_their_comma() -> None:
    assert html("fact", "length", language="de") == "1.234,5 m"
    assert latex("fact", "length", language="de") == r"1.234{,}5\,\mathrm{m}"


@pytest.mark.parametrize(
    ("name", "options", "tex"),
    [
        ("speed", {}, r"12.5\,\mathrm{m}/\mathrm{s}"),
        ("flux", {}, r"3.25\,\mathrm{W}\,\mathrm{m}^{-2}\,\mathrm{K}^{-1}"),
        ("heat", {}, r"4184\,\mathrm{J}/(\mathrm{kg}\,\mathrm{K})"),
        ("warm", {}, r"25\,{}^{\circ}\mathrm{C}"),
        ("angle", {}, r"30^{\circ}"),
        ("width", {"unit": "µm"}, r"10\,\text{µm}"),
        ("width", {"style": "scientific"}, r"10^{-5}\,\mathrm{m}"),
        ("small", {}, r"1.23\times 10^{-3}\,\mathrm{m}"),
        ("moist", {}, r"5\%"),
        ("share", {}, r"73.4\%"),
        ("all", {}, "512"),
        ("loss", {}, "-0.3"),
        ("change", {}, "+0.3"),
    ],
)
def test_units_are_upright_in_formulas(name: str, options: dict[str, Any], tex: str) -> None:
    assert latex("fact", name, **options) == tex


@pytest.mark.parametrize(
    ("name", "options", "english", "chinese"),
    [
        ("speed", {}, "12.5 metres per second", "每秒12.5米"),
        ("width", {"unit": "µm"}, "10 micrometres", "10微米"),
        ("length", {"unit": "km"}, "1.2345 kilometres", "1.2345公里"),
        ("warm", {}, "25 degrees Celsius", "25摄氏度"),
        ("air", {}, "1.2 kilograms per cubic metre", "1.2 kg m^−3"),
        ("ozone", {}, "31 parts per billion", "十亿分之31"),
        # CLDR has no words for these, but some for millimoles per litre.
        ("acid", {}, "0.1 mol/L", "0.1 mol/L"),
        ("heat", {}, "4184 J/(kg K)", "4184 J/(kg K)"),
        ("small", {}, "1.23 times 10 to the power of −3 metres", "1.23 乘以 10 的 −3 次方米"),
        ("p", {}, "less than 0.001", "小于 0.001"),
        ("p_large", {"relation": True}, "equal to 0.03", "等于 0.03"),
        ("all", {}, "512", "512"),
    ],
)
def test_alternative_texts_say_units_in_words(
    name: str, options: dict[str, Any], english: str, chinese: str
) -> None:
    assert spoken("fact", name, **options) == english
    assert spoken("fact", name, language="zh", **options) == chinese


def test_all_the_digits_of_a_computer_are_refused() -> None:
    assert "a.third = 0.3333333333333333, of which no digits are said" in refused("fact", "third")
    assert "no digits" in refused("number", "third", style="percent")
    assert html("fact", "third", digits=2) == "0.33"
    assert html("fact", "third", style="points") == "33 percentage points"
    # Where numbers come from, each stands as it is.
    assert formatter().full("a.third") == "0.3333333333333333"


def test_a_number_may_stand_without_its_unit() -> None:
    assert html("number", "length", unit="km") == "1.2345"
    assert html("number", "lengths") == "1, 2.5"
    assert html("number", "all") == "512"
    assert html("plain", "all") == "512"
    assert html("plain", "speed") == "12.5 m/s"


@pytest.mark.parametrize(
    ("name", "options", "fragment"),
    [
        ("length", {"unit": "s"}, "the unit 's' for what is measured in m"),
        ("length", {"unit": "kmm"}, "the unknown unit 'kmm'"),
        ("share", {"unit": "m"}, "add `unit` to a.share"),
        ("all", {"unit": "m"}, "whose unit is 'start'"),
        ("length", {"style": "percent"}, "the style percent for a.length, which is in m"),
        ("length", {"unit": "ft"}, "digits for what is no round number in another unit"),
    ],
)
def test_what_a_unit_cannot_be_is_refused(
    name: str, options: dict[str, Any], fragment: str
) -> None:
    assert fragment in refused("fact", name, **options)


# --- uncertainty ---


@pytest.mark.parametrize(
    ("name", "options", "text"),
    [
        ("mean", {}, "1.23 ± 0.04"),
        ("mean", {"form": "concise"}, "1.23(4)"),
        ("mean", {"digits": 2}, "1.234 ± 0.041"),
        ("mean", {"form": "concise", "digits": 2}, "1.234(41)"),
        ("small", {}, "(1.23 ± 0.04) × 10<sup>−3</sup> m"),
        ("small", {"form": "concise"}, "1.23(4) × 10<sup>−3</sup> m"),
        ("small", {"unit": "mm"}, "1.23 ± 0.04 m"),
        ("speed", {}, "(12.50 ± 0.26) m/s"),
        ("speed", {"form": "concise"}, "12.50(26) m/s"),
        ("speed", {"by": "interval"}, "(12.5 ± 0.5) m/s"),
        ("warm", {"unit": "K"}, "(298.2 ± 0.5) K"),
        ("tiny", {}, "(2.41 ± 0.30) × 10<sup>−21</sup>"),
        ("large", {}, "12,300 ± 400"),
        ("large", {"form": "concise"}, "12,300(400)"),
        ("share", {}, "(73.4 ± 3.1)%"),
        ("giant", {"style": "scientific"}, "(1.0000 ± 0.0030) × 10<sup>30</sup>"),
        ("giant", {"digits": 1}, f"1{',000' * 10} ± 3{',000' * 9}"),
    ],
)
def test_a_value_has_its_uncertainty(name: str, options: dict[str, Any], text: str) -> None:
    if name == "small" and options.get("unit"):
        options, text = {**options, "style": "decimal"}, "(1.23 ± 0.04) mm"
    assert html("measured", name, **options) == text


def test_an_uncertainty_in_other_media() -> None:
    assert latex("measured", "small") == r"(1.23\pm 0.04)\times 10^{-3}\,\mathrm{m}"
    assert latex("measured", "mean", form="concise") == "1.23(4)"
    assert spoken("measured", "speed") == "12.50 plus or minus 0.26 metres per second"
    assert spoken("measured", "mean", form="concise") == "1.23 plus or minus 0.04"
    assert spoken("measured", "mean", language="zh") == "1.23 正负 0.04"
    assert html("measured", "speed", language="de") == "(12,50 ± 0,26) m/s"
    assert html("measured", "share", language="de") == "(73,4 ± 3,1) %"


@pytest.mark.parametrize(
    ("name", "options", "fragment"),
    [
        ("median", {}, "a.median, a fact without a standard error"),
        ("same", {"by": "interval"}, "a.same, whose interval is none"),
        ("median", {"by": "interval"}, "reaches as far below 1.5 as above"),
        ("lengths", {}, "a fact that is a single number"),
    ],
)
def test_what_has_no_uncertainty_is_refused(
    name: str, options: dict[str, Any], fragment: str
) -> None:
    assert fragment in refused("measured", name, **options)


# --- ranges and intervals ---


@pytest.mark.parametrize(
    ("names", "english", "chinese", "german"),
    [
        (("three", "five"), "3–5 starts", "3～5 次", "3–5 Starts"),
        (("one", "one"), "1 start", "1 次", "1 Start"),
        (("loss", "change"), "−0.3 to +0.3", "−0.3 到 +0.3", "−0,3 to +0,3"),
        (("tiny_share", "share"), "< 0.1% to 73.4%", "< 0.1% 到 73.4%", "< 0,1 % to 73,4 %"),
        (("no_share", "share"), "0.0%–73.4%", "0.0%～73.4%", "0,0–73,4 %"),
        (("angle", "wide_angle"), "30°–45°", "30°～45°", "30°–45°"),
        (("width", "length"), "0.00001–1234.5 m", "0.00001～1234.5 m", "0,00001–1.234,5 m"),
    ],
)
def test_a_range_has_its_unit_once(
    names: tuple[str, str], english: str, chinese: str, german: str
) -> None:
    assert html("range", *names) == english.replace("<", "&lt;")
    assert html("range", *names, language="zh") == chinese.replace("<", "&lt;")
    assert html("range", *names, language="de") == german.replace("<", "&lt;")


def test_a_range_in_other_media() -> None:
    assert spoken("range", "three", "five") == "3 to 5"
    assert spoken("range", "width", "length") == "0.00001 to 1234.5 metres"
    assert spoken("range", "width", "length", language="zh") == "0.00001 到 1234.5米"
    assert latex("range", "three", "five") == r"3\text{–}5"
    assert latex("range", "width", "length", unit="km") == (
        r"10^{-8}\text{ to }1.2345\,\mathrm{km}"
    )


@pytest.mark.parametrize(
    ("names", "fragment"),
    [
        (("five", "three"), "a range from a.five = 5 to a.three = 3"),
        (("length", "width"), "a.length = 1234.5 to a.width = 0.00001"),
        (("length", "speed"), "the unit 'm/s' for what is measured in m"),
        (("half", "length"), "add `unit` to a.half"),
        (("half", "share"), "printed in different styles"),
    ],
)
def test_what_is_no_range_is_refused(names: tuple[str, str], fragment: str) -> None:
    assert fragment in refused("range", *names)


def test_an_interval_has_its_unit_once() -> None:
    assert html("interval", "speed") == "[12.0, 13.0] m/s"
    assert html("interval", "speed", unit="km/h", digits=3) == "[43.2, 46.8] km/h"
    assert html("interval", "share") == "[61.0%, 85.0%]"
    assert html("interval", "mean", sign=True, digits=3) == "[+1.15, +1.32]"
    assert latex("interval", "speed") == r"[12.0,\ 13.0]\,\mathrm{m}/\mathrm{s}"
    assert spoken("interval", "speed", language="zh") == "每秒[12.0, 13.0]米"


def test_the_ends_of_an_interval_have_the_decimals_of_the_value_at_least() -> None:
    facts = {
        "a.slope": fact(-6.2186, interval=(-12.5048, 0.0676)),
        "a.height": fact(6.2186, "m", interval=(0.96, 12.5048)),
    }
    printer = formatter("en", facts, {"a.slope": {"digits": 2}, "a.height": {"digits": 2}})
    # What lies nearer to zero keeps its digits, which may tell on which side of a bound it is.
    assert printer.interval("a.slope") == "[−12.5,\u00a00.068]"
    assert printer.interval("a.height") == "[0.96,\u00a012.5]\u00a0m"
    centimetres = printer.write("interval", ["a.height"], {"unit": "cm"}, Html())
    assert centimetres == "[96,\u00a01250]\u00a0cm"


# --- less than, and signs ---


@pytest.mark.parametrize(
    ("name", "options", "text"),
    [
        ("p", {}, "&lt; 0.001"),
        ("p", {"relation": True}, "&lt; 0.001"),
        ("p_zero", {}, "&lt; 0.001"),
        ("p_large", {}, "0.03"),
        ("p_large", {"relation": True}, "= 0.03"),
        ("tiny_share", {}, "&lt; 0.1%"),
        # None of them is no few of them.
        ("no_share", {}, "0.0%"),
        ("change", {}, "+0.3"),
        ("loss", {}, "−0.3"),
        ("half", {"sign": True}, "+0.5"),
    ],
)
def test_what_is_small_is_less_than_its_bound(
    name: str, options: dict[str, Any], text: str
) -> None:
    assert html("fact", name, **options) == text


def test_a_tiny_number_without_a_bound_has_a_power_of_ten() -> None:
    assert html("fact", "tiny", relation=True, digits=2) == "= 2.4 × 10<sup>−21</sup>"
    assert latex("fact", "tiny", relation=True, digits=2) == r"=2.4\times 10^{-21}"


def test_less_than_in_formulas() -> None:
    assert latex("fact", "p", relation=True) == "<0.001"
    assert latex("fact", "p_large", relation=True) == "=0.03"
    assert latex("fact", "tiny_share") == r"<0.1\%"


# --- words ---


@pytest.mark.parametrize(
    ("names", "english", "chinese"),
    [
        (("none",), "no start", "没有一次"),
        (("one",), "one start", "一次"),
        (("two",), "two starts", "两次"),
        (("all",), "512 starts", "512 次"),
        (("all", "all"), "all 512 starts", "全部 512 次"),
        (("two", "all"), "two starts", "两次"),
        (("none", "all"), "no start", "没有一次"),
        (("two", "two"), "both starts", "全部两次"),
        (("three", "three"), "all three starts", "全部三次"),
    ],
)
def test_counts_stand_in_words(names: tuple[str, ...], english: str, chinese: str) -> None:
    assert html("count", *names) == english
    assert html("count", *names, language="zh") == chinese


GERMAN = {
    "start": {
        **{"0": "kein Start", "1": "ein Start", "only": "der einzige Start"},
        **{"one": "{number} Start", "other": "{number} Starts"},
    },
    # another case is another noun
    "start_dative": {
        **{"0": "keinem Start", "1": "einem Start", "all": "allen {number} Starts"},
        **{"one": "{number} Start", "other": "{number} Starts"},
    },
    "bare": {"one": "{number} Start", "other": "{number} Starts"},
}


def german(noun: str, *names: str) -> str:
    words = read_yaml(THEME / "messages/de.yaml")
    words["units"] |= GERMAN
    numbers = NumberFormat("de_DE", words["list_separator"])
    printer = FactFormatter(FACTS, FORMATS, numbers, words)
    return printer.write("count", [f"a.{name}" for name in names], {"noun": noun}, Html())


@pytest.mark.parametrize(
    ("noun", "names", "said"),
    [
        ("start", ("none",), "kein Start"),
        ("start", ("one",), "ein Start"),
        ("start", ("one", "one"), "der einzige Start"),
        ("start", ("two",), "zwei Starts"),
        ("start", ("two", "two"), "beide Starts"),
        ("start", ("three", "three"), "alle drei Starts"),
        ("start", ("all", "all"), "alle 512 Starts"),
        ("start", ("none", "all"), "kein Start"),
        ("start_dative", ("none",), "keinem Start"),
        ("start_dative", ("all", "all"), "allen 512 Starts"),
        ("start_dative", ("three", "three"), "allen drei Starts"),
        ("bare", ("two",), "zwei Starts"),
        ("step", ("none",), "kein Schritt"),
    ],
)
def test_german_counts_have_the_gender_and_the_case_of_their_noun(
    noun: str, names: tuple[str, ...], said: str
) -> None:
    assert german(noun, *names) == said


@pytest.mark.parametrize(
    ("noun", "names", "key"),
    [
        ("bare", ("none",), '"0"'),
        ("bare", ("one",), '"1"'),
        ("start_dative", ("one", "one"), '"only"'),
    ],
)
def test_a_german_count_whose_word_nobody_gave_is_refused(
    noun: str, names: tuple[str, ...], key: str
) -> None:
    with pytest.raises(UnplacedError) as caught:
        german(noun, *names)
    assert f"units.{noun}.{key} in messages.yaml" in str(caught.value.at("here"))


def test_a_sentence_begins_with_a_capital() -> None:
    assert html("count", "none", capital=True) == "No start"
    assert html("count", "all", "all", capital=True) == "All 512 starts"
    assert html("ordinal", "three", capital=True) == "Third"


def test_a_noun_may_have_words_of_its_own() -> None:
    printer = formatter()
    printer.words["units"]["start"]["0"] = "not a single start"
    assert printer.write("count", ["a.none"], {}, Html()) == "not a single start"
    assert printer.write("count", ["a.all"], {}, LATEX) == r"\text{512 starts}"
    assert html("count", "same", noun="start") == "two starts"


@pytest.mark.parametrize(
    ("value", "unit", "of", "text"),
    [
        (0.0, "start", "a.all", "no start"),
        (512.0, "start", "a.all", "all 512 starts"),
        (511.00000000000006, "start", "a.all", "511 starts"),
        (2.5, "start", "", "2.5 starts"),
        (0.25, "share", "", "0.25"),
    ],
)
def test_a_sentence_has_counts_in_words_and_other_facts_in_digits(
    value: float, unit: str, of: str, text: str
) -> None:
    facts = {"a.some": fact(value, unit), "a.all": fact(512, "start")}
    assert formatter("en", facts, {"a.some": {}, "a.all": {}}).in_words("a.some", of) == text


@pytest.mark.parametrize(
    ("value", "english", "digits", "chinese"),
    [
        (1, "first", "1st", "第一"),
        (2, "second", "2nd", "第二"),
        (3, "third", "3rd", "第三"),
        (11, "11th", "11th", "第 11"),
        (22, "22nd", "22nd", "第 22"),
        (113, "113th", "113th", "第 113"),
        (1023, "1023rd", "1023rd", "第 1023"),
    ],
)
def test_ordinals(value: int, english: str, digits: str, chinese: str) -> None:
    facts = {"a.nth": fact(value)}
    formats: dict[str, dict[str, Any]] = {"a.nth": {}}
    said = [
        formatter(language, facts, formats).write("ordinal", ["a.nth"], options, Html())
        for language, options in (("en", {}), ("en", {"form": "digits"}), ("zh", {}))
    ]
    assert said == [english, digits, chinese]


@pytest.mark.parametrize(
    ("function", "names", "options", "fragment"),
    [
        ("count", ("half",), {"noun": "start"}, "a.half = 0.5; expected a whole number from 0 on"),
        ("count", ("half",), {}, "a count whose unit '1' of the fact is no word"),
        ("count", ("half",), {"noun": "run"}, "a count whose noun 'run' is no word"),
        ("count", ("all", "two"), {}, "a.all = 512 of a.two = 2"),
        ("ordinal", ("none",), {}, "a whole number from 1 on"),
        ("count", ("lengths",), {"noun": "start"}, "a single number"),
    ],
)
def test_what_cannot_be_counted_is_refused(
    function: str, names: tuple[str, ...], options: dict[str, Any], fragment: str
) -> None:
    assert fragment in refused(function, *names, **options)


def test_a_language_without_words_for_numbers_is_refused() -> None:
    assert "`counting` in its messages.yaml" in refused("count", "two", language="de")
    assert "`ordinals` in its messages.yaml" in refused("ordinal", "two", language="de")


# --- lists, and facts that are rounded together ---


@pytest.mark.parametrize(
    ("language", "text"), [("en", "0.9, 0.2, 0.987"), ("zh", "0.9、0.2、0.987")]
)
def test_lists_are_joined_as_the_language_does(language: str, text: str) -> None:
    printer = formatter(language, {"a.list": fact([0.9, 0.2, 0.987])}, {"a.list": {}})
    assert printer.bare("a.list") == text
    assert printer.write("plain", ["a.list"], {}, CODE) == text


def test_a_separator_is_text_and_no_markup() -> None:
    printer = formatter("en", {"a.list": fact([1, 2])}, {"a.list": {}})
    printer.numbers.separator = "<b>"
    assert printer.bare("a.list") == "1&lt;b&gt;2"


def test_a_list_of_scientific_numbers_raises_each_exponent() -> None:
    formats = {"a.list": {"style": "scientific"}}
    printer = formatter("en", {"a.list": fact([1e-3, 1e-6])}, formats)
    assert printer.bare("a.list") == "10<sup>−3</sup>, 10<sup>−6</sup>"


def together(values: dict[str, float], total: float | None, decimals: int, style: str) -> list[str]:
    group = {"name": "all", "facts": list(values), "decimals": decimals}
    group |= {} if total is None else {"total": total}
    facts = {name: fact(value) for name, value in values.items()}
    printer = formatter("en", facts, {name: {"style": style, "together": group} for name in values})
    return [str(printer.bare(name)) for name in values]


@pytest.mark.parametrize(
    ("values", "total", "decimals", "style", "texts"),
    [
        # Each rounded by itself, they would add up to 99 %.
        ([1 / 3, 1 / 3, 1 / 3], 1, 0, "percent", ["34%", "33%", "33%"]),
        ([0.345, 0.335, 0.32], 1, 0, "percent", ["35%", "33%", "32%"]),
        # And here to 101 %.
        ([0.005, 0.49, 0.505], 1, 0, "percent", ["1%", "49%", "50%"]),
        ([0.1234, 0.8766], 1, 1, "percent", ["12.3%", "87.7%"]),
        ([1.25, 1.25, 2.5], 5, 1, "decimal", ["1.3", "1.2", "2.5"]),
        ([0.25, 12.5, 3], None, 2, "decimal", ["0.25", "12.50", "3.00"]),
        ([-0.0001, 1.0001], 1, 2, "decimal", ["0.00", "1.00"]),
    ],
)
def test_facts_of_a_group_are_rounded_together(
    values: list[float], total: float | None, decimals: int, style: str, texts: list[str]
) -> None:
    named = {f"a.{letter}": value for letter, value in zip("pqr", values, strict=False)}
    assert together(named, total, decimals, style) == texts


def test_a_group_that_does_not_add_up_is_refused() -> None:
    with pytest.raises(UserError) as caught:
        together({"a.p": 0.4, "a.q": 0.5}, 1, 0, "percent")
    told = str(caught.value)
    assert "config/facts.yaml: together.all.total" in told
    assert "a.p + a.q = 0.9" in told
    assert "facts that add up to 1" in told


def test_a_fact_of_a_group_is_printed_as_the_group_says() -> None:
    group = {"name": "all", "facts": ["a.p", "a.q"], "decimals": 1, "total": 1}
    facts = {"a.p": fact(0.25, interval=(0.2, 0.3)), "a.q": fact(0.75)}
    formats = {name: {"style": "percent", "together": group} for name in facts}
    printer = formatter("en", facts, formats)
    assert printer.interval("a.p") == "[20.0%,\u00a030.0%]"
    with pytest.raises(UnplacedError, match=r"digits for a\.p, which is rounded with a\.p, a\.q"):
        printer.write("fact", ["a.p"], {"digits": 2}, Html())

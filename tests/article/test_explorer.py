"""The live model in a real Chromium: driven as a reader drives it, and held to the trained runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, Page, Route, expect

from experiments.trajectories import recorded
from experiments.trajectory_comparison import meaningful_steps, rounding_error
from juchi.core.records import read_json
from juchi.core.tables import Columns, read_table
from juchi.exhibits.style import themes
from juchi.prose.calls import read_messages
from juchi.results.layout import result_file
from report.live import ACTIVATIONS
from report.rate_track import as_address, shades
from tests.declared import ANALYSES, ONE_WEIGHT
from tests.project import ROOT, Project
from tests.samples import ARTICLE, LANGUAGES
from tests.serving import faults_of, in_view, opened, until

CASES: list[str] = ARTICLE["live"]["cases"]
TRACK: dict[str, float] = ARTICLE["live"]["controls"]["learning_rate"]["track"]
KEYS = {name: entry["key"] for name, entry in ARTICLE["live"]["controls"].items()}
MEANINGFUL = ANALYSES["trajectory_comparison"]["meaningful_error"]
STARTS = (0, 1, 3, 7)
# More than the head of the table.
_FILLED = re.compile(r"loss\n")
SCRIPTS = sorted((ROOT / "templates" / "style").glob("explorer*.js"))

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Live:
    """The live model on an open page."""

    page: Page

    def drawn(self) -> None:
        """Wait until what was changed is drawn."""
        self.page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")

    def choose(self, case: str) -> None:
        """Press the button of a case."""
        self.page.locator(f".explorer-cases button[value={case}]").click()
        self.drawn()

    def enter(self, **settings: float) -> None:
        """Type values into fields."""
        for name, value in settings.items():
            self.page.locator(f"input[type=number][name={KEYS[name]}]").fill(repr(value))
        self.drawn()

    def drag_to(self, rate: float) -> None:
        """Drag the learning rate along its track."""
        box = in_view(self.page.locator(".explorer-track")).bounding_box()
        assert box is not None
        share = (rate - TRACK["least"]) / (TRACK["most"] - TRACK["least"])
        self.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.page.mouse.down()
        self.page.mouse.move(box["x"] + share * box["width"], box["y"] + 5, steps=3)
        self.page.mouse.up()
        self.drawn()

    def rate(self) -> float:
        """Return the learning rate, as its field has it."""
        return float(self.page.locator("input[type=number][name=eta]").input_value())

    def pressed(self) -> list[str | None]:
        """Return the cases whose buttons are pressed."""
        buttons = self.page.locator(".explorer-cases [aria-pressed=true]").all()
        return [button.get_attribute("value") for button in buttons]

    def standing(self) -> dict[str, tuple[float, float]]:
        """Return where the point stands in each plot, on the screen."""
        boxes = {
            str(point.evaluate("(it) => it.closest('[data-plot]').dataset.plot")): point
            for point in self.page.locator("circle.walker").all()
        }
        middle = "(it) => { const b = it.getBoundingClientRect(); return [b.x + 5, b.y + 5]; }"
        return {name: tuple(point.evaluate(middle)) for name, point in boxes.items()}

    def reading(self, name: str) -> float:
        """Return a number that the page gives, exactly."""
        place = self.page.locator(f"[data-reading={name}]")
        return float(place.get_attribute("value") or "nan")

    def told(self, subject: str) -> str:
        """Return the sentence on a subject."""
        return self.page.locator(f"[data-told={subject}]").inner_text()

    def is_(self, name: str) -> str | None:
        """Return what the figure says that it is: its regime, whether it shows a sawtooth."""
        return self.page.locator("figure.explorer").get_attribute(f"data-{name}")

    def run(self) -> Columns:
        """Return the numbers that the page offers, by column."""
        numbers = self.page.locator(".explorer-numbers")
        if numbers.get_attribute("open") is None:
            numbers.locator("summary").click()
            expect(numbers.locator("textarea")).to_have_value(_FILLED)
        head, *lines = numbers.locator("textarea").input_value().split("\n")
        rows = np.array([[float(cell) for cell in line.split(",")] for line in lines])
        return dict(zip(head.split(","), rows.T, strict=True))


def live_on(page: Page) -> Live:
    """Give the live model of an open page when it is drawn for the first time."""
    until(page, "document.querySelector('figure.explorer').dataset.regime !== undefined")
    return Live(page)


def site(address: str, language: str = "en", query: str = "") -> str:
    return f"{address}/{language}/index.html{query}"


@pytest.fixture(scope="module")
def live(chromium: Browser, address: str) -> Iterator[Live]:
    """Give an open page; tests that use it set what they rest on."""
    page = chromium.new_page()
    assert opened(page, site(address)) == []
    yield live_on(page)
    page.close()


@pytest.fixture(scope="module")
def paths(built: Project) -> Columns:
    return read_table(built.folder / result_file("analyses", "paths", "curves"))


def trained(paths: Columns, case: str, start: int, column: str) -> Array:
    rows = (paths["configuration"] == case) & (paths["start"] == start)
    return np.asarray(paths[column][rows])


# --- numbers ---


def rounding(built: Project, case: str, start: int) -> Array:
    """Return what rounding may amount to at each step, as the comparison of trajectories has it.

    With momentum an error of the velocity goes along; without, this is that recursion to the bit.
    """
    configuration = ONE_WEIGHT[case]
    file = built.folder / result_file("one_weight", case, "curves")
    run = recorded(read_table(file), file)
    curvature, weight = run["curvature"][:, start], run["weight"][:, start]
    eta, beta = configuration.learning_rate, configuration.momentum
    unit = np.spacing(np.maximum(np.abs(weight), 1)) * (
        1 + eta * np.mean(configuration.fed_inputs())
    )
    error, velocity = np.zeros_like(weight), 0.0
    for step in range(len(weight) - 1):
        growth = np.abs(1 - eta * curvature[step]) * error[step]
        error[step + 1] = growth + eta * beta * velocity + unit[step + 1]
        velocity = np.abs(curvature[step]) * error[step] + beta * velocity
    if beta == 0:
        columns = curvature[:, None], weight[:, None]
        known = rounding_error(*columns, eta, float(np.mean(configuration.fed_inputs())))
        assert np.array_equal(error, known[:, 0])
    return error


def horizon(error: Array) -> int:
    """Return how many steps a comparison is meaningful for."""
    return meaningful_steps(error[:, None], MEANINGFUL)


@pytest.mark.parametrize("case", CASES)
def test_weights_and_losses_are_those_of_the_trained_configuration(
    live: Live, built: Project, paths: Columns, case: str
) -> None:
    live.choose(case)
    for start in STARTS:
        weight = trained(paths, case, start, "weight")
        live.enter(weight=float(weight[0]))
        shown = live.run()
        assert len(shown["step"]) == ONE_WEIGHT[case].steps + 1
        error = rounding(built, case, start)[: len(weight)]
        steps = horizon(error) + 1
        assert steps > 30
        # Each of the two has errors of its own.
        allowed = 2 * error[:steps]
        assert (np.abs(shown["weight"][:steps] - weight[:steps]) <= allowed).all()
        loss = trained(paths, case, start, "loss")[:steps]
        steepest = 4 * np.mean(ONE_WEIGHT[case].fed_inputs())
        assert (np.abs(shown["loss"][:steps] - loss) <= steepest * allowed + 1e-15).all()


@pytest.mark.parametrize("case", CASES)
def test_minimum_and_bound_are_those_of_the_loss(live: Live, built: Project, case: str) -> None:
    live.choose(case)
    minimum = read_json(built.folder / result_file("one_weight", case, "scalars"))
    for name in ("w_star", "sharpness", "eta_star", "loss_star", "constant_loss"):
        assert live.reading(name) == pytest.approx(minimum[name], rel=1e-9), name
    ratio = ONE_WEIGHT[case].learning_rate / minimum["eta_star"]
    assert live.reading("rate_ratio") == pytest.approx(ratio, rel=1e-9)


def test_measures_are_those_of_the_runs_that_rounding_leaves_alone(
    live: Live, built: Project
) -> None:
    compared = []
    for case in CASES:
        live.choose(case)
        measures = read_table(built.folder / result_file("one_weight", case, "samples"))
        for start in STARTS:
            if horizon(rounding(built, case, start)) < ONE_WEIGHT[case].steps:
                continue
            (row,) = np.flatnonzero(measures["start"] == start)
            live.enter(weight=float(measures["initial_weight"][row]))
            for name in ("flip_share", "saturated", "final_loss"):
                assert live.reading(name) == pytest.approx(measures[name][row], rel=1e-6), name
            lyapunov = measures["lyapunov"][row]
            if not np.isnan(lyapunov):
                assert live.reading("lyapunov") == pytest.approx(lyapunov, abs=1e-6)
            for name in ("sawtooth", "learned"):
                assert live.is_(name) == ("true" if measures[name][row] else "false")
            compared.append(case)
    assert {"small_step", "tanh_small_step", "scaled_inputs"} <= set(compared)


def test_regimes_are_those_of_the_places_of_the_map(
    live: Live, built: Project, paths: Columns
) -> None:
    rows = read_table(built.folder / result_file("regimes", "regime_map", "samples"))
    places = ("post_place", "prescribed_place", "weaker_place")
    for case, place in zip(("post", "momentum", "momentum_within"), places, strict=True):
        live.choose(case)
        for start in STARTS:
            (row,) = np.flatnonzero((rows["place"] == place) & (rows["start"] == start))
            live.enter(weight=float(trained(paths, "post", start, "weight")[0]))
            assert rows[str(live.is_("regime"))][row], (case, start)


def test_regimes_are_those_of_cells_of_the_map(live: Live, built: Project, paths: Columns) -> None:
    cells = read_table(built.folder / result_file("regimes", "regime_map", "curves"))
    live.choose("post")
    live.enter(weight=float(trained(paths, "post", 0, "weight")[0]))
    for regime in ("converged", "periodic", "chaotic", "saturated"):
        every = np.flatnonzero(cells[regime] == cells[regime].max())
        for cell in every[len(every) // 6 :: len(every) // 3 + 1]:
            settings = {name: float(cells[name][cell]) for name in ("learning_rate", "momentum")}
            live.enter(**settings)
            assert live.is_("regime") == regime, settings


def test_every_activation_of_the_cases_has_its_formulas() -> None:
    assert {ONE_WEIGHT[case].activation for case in CASES} == set(ACTIVATIONS)


# --- words ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_found_is_named_in_words(chromium: Browser, address: str, language: str) -> None:
    page = chromium.new_page()
    try:
        assert opened(page, site(address, language, "?eta=0.8")) == []
        live = live_on(page)
        words = read_messages(ROOT / "templates" / language / "messages.yaml")["scripts"][
            "explorer"
        ]
        assert live.told("regime") == words["regime"]["periodic"].format(period="2")
        assert live.told("sawtooth") == words["sawtooth"]["true"].format(flip_share="100%")
        best, constant, last = (
            f"{live.reading(name):.4g}" for name in ("loss_star", "constant_loss", "final_loss")
        )
        numbers = {"loss_star": best, "constant_loss": constant, "final_loss": last}
        assert live.told("learned") == words["learned"]["true"].format(**numbers)
        assert live.told("map") == words["map"]["false"]
    finally:
        page.close()


def test_it_is_told_to_screen_readers_when_the_hand_rests(live: Live) -> None:
    status = live.page.locator(".explorer-status")
    live.choose("small_step")
    expect(status).to_contain_text(live.told("regime"))
    settled = status.inner_text()
    live.choose("post")
    assert live.told("regime") not in settled
    assert status.inner_text() == settled
    expect(status).to_contain_text(live.told("regime"))
    for subject in ("regime", "sawtooth", "learned"):
        assert live.told(subject) in status.inner_text()


def test_what_the_text_promises_happens(live: Live, paths: Columns) -> None:
    """The four things that the section proposes to try."""
    opening = float(trained(paths, "post", 1, "weight")[0])
    live.choose("post")
    assert live.run()["weight"][0] == opening
    periods = []
    for rate in (1.0, 0.91, 0.9, 0.8, 0.65):
        live.enter(learning_rate=rate)
        periods.append((live.is_("regime"), live.reading("period")))
    cycles = [("periodic", 8), ("periodic", 4), ("periodic", 2)]
    assert periods == [("chaotic", 0), *cycles, ("converged", 1)]

    live.choose("post")
    regimes = []
    for momentum in (0.2, 0.3, 0.46, 0.6):
        live.enter(momentum=momentum)
        regimes.append(live.is_("regime"))
    assert regimes == ["periodic", "periodic", "converged", "saturated"]
    assert live.reading("rate_ratio") < 1
    assert (live.is_("sawtooth"), live.is_("learned")) == ("false", "false")

    live.choose("post")
    sharpness = live.reading("sharpness")
    live.enter(input_scale=0.7)
    assert live.is_("sawtooth") == "false"
    assert live.reading("sharpness") == pytest.approx(0.7**2 * sharpness)
    live.drag_to(live.reading("eta_star") + 0.2)
    assert live.is_("sawtooth") == "true"

    live.choose("post")
    before = live.run()["weight"]
    live.page.locator("button[name=nudge]").click()
    live.drawn()
    apart = np.abs(live.run()["weight"] - before)
    assert apart[:20].max() < 5e-3
    assert apart[-20:].max() > 0.05
    live.choose("post")


def test_momentum_leaves_no_curve_in_the_cobweb(live: Live) -> None:
    curve = live.page.locator("svg[data-plot=map] .map")
    live.choose("no_momentum")
    assert curve.count() == 1
    plain = live.told("map")
    live.choose("momentum_within")
    assert curve.count() == 0
    assert live.told("map") != plain


# --- state in the address ---


def test_the_address_keeps_the_setting(chromium: Browser, address: str, live: Live) -> None:
    live.choose("tanh_small_step")
    live.enter(learning_rate=0.123456789, momentum=0.25, weight=-0.3, input_scale=0.5, steps=40)
    live.page.wait_for_url("**steps=40**")
    query = {key: values[0] for key, values in parse_qs(urlsplit(live.page.url).query).items()}
    assert query == {
        "eta": "0.123456789",
        "beta": "0.25",
        "scale": "0.5",
        "w": "-0.3",
        "steps": "40",
        "f": "tanh",
    }
    link: str = live.page.locator(".explorer-link a").evaluate("(link) => link.href")
    page = chromium.new_page()
    try:
        assert opened(page, link) == []
        there, here = live_on(page).run(), live.run()
        assert all(np.array_equal(there[name], here[name]) for name in here)
        assert page.locator("figure.explorer").bounding_box()["y"] < 100  # type: ignore[index]
    finally:
        page.close()


def test_the_setting_goes_along_to_the_other_language(chromium: Browser, address: str) -> None:
    page = chromium.new_page()
    try:
        page.goto(site(address))
        live = live_on(page)
        live.choose("momentum")
        page.wait_for_url("**beta=0.9**")
        twin = page.locator(".bar-links a[hreflang^=zh]")
        twin.hover()
        twin.click()
        page.wait_for_url("**/zh/**")
        assert live.is_("regime") == "saturated"
        pressed = page.locator(".explorer-cases [aria-pressed=true]")
        assert pressed.get_attribute("value") == "momentum"
    finally:
        page.close()


def test_an_address_without_sense_is_no_error(chromium: Browser, address: str) -> None:
    page = chromium.new_page()
    try:
        query = "?eta=fast&beta=7&scale=-1&w=&steps=1e9&f=relu&eta=2&x=%E0%A4&other=kept"
        assert opened(page, site(address, query=query)) == []
        expected = {"eta": "1", "beta": "0.99", "scale": "0.01", "steps": "2000"}
        for key, value in expected.items():
            assert page.locator(f"input[type=number][name={key}]").input_value() == value
        assert page.locator("select[name=f]").input_value() == "sigmoid"
        assert "other=kept" in page.url
    finally:
        page.close()


def test_nothing_is_put_into_the_address_before_the_reader_does_something(
    chromium: Browser, address: str
) -> None:
    page = chromium.new_page()
    try:
        assert opened(page, site(address)) == []
        page.wait_for_timeout(600)
        assert page.url == site(address)
        pressed = page.locator(".explorer-cases [aria-pressed=true]")
        assert pressed.get_attribute("value") == CASES[0]
    finally:
        page.close()


# --- ways to use it ---


def test_the_keyboard_is_enough(chromium: Browser, address: str) -> None:
    page = chromium.new_page()
    try:
        page.goto(site(address, query="?eta=1"))
        live, keyboard = live_on(page), page.keyboard
        page.locator(".explorer-cases button").last.focus()
        keyboard.press("Enter")
        live.drawn()
        assert live.reading("sharpness") < 0.1  # scaled inputs
        page.locator("button[name=nudge]").focus()
        keyboard.press("Tab")
        slider = page.locator("input[type=range][name=eta]")
        assert slider.evaluate("(it) => it === document.activeElement")
        assert slider.evaluate("(it) => it.matches(':focus-visible')")
        before = slider.get_attribute("aria-valuetext")
        keyboard.press("ArrowRight")
        live.drawn()
        assert (before, slider.get_attribute("aria-valuetext")) == ("1", "1.001")
        keyboard.press("Home")
        live.drawn()
        assert slider.get_attribute("aria-valuetext") == "0.2"
        keyboard.press("Tab")
        keyboard.press("Control+A")
        keyboard.type("0.75")
        live.drawn()
        assert slider.get_attribute("aria-valuetext") == "0.75"
        page.locator("select[name=f]").focus()
        keyboard.press("End")
        live.drawn()
        assert live.is_("activation") == ACTIVATIONS[-1]
        page.locator(".explorer-numbers summary").focus()
        keyboard.press("Enter")
        expect(page.locator(".explorer-numbers textarea")).to_have_value(_FILLED)
    finally:
        page.close()


def test_a_finger_is_enough_on_a_phone(chromium: Browser, address: str) -> None:
    context = chromium.new_context(
        viewport={"width": 360, "height": 780}, has_touch=True, is_mobile=True
    )
    try:
        page = context.new_page()
        assert opened(page, site(address, "zh")) == []
        # A finger's click comes some time after its touch.
        in_view(page.locator(".explorer-cases button[value=tanh]")).tap()
        expect(page.locator("figure.explorer")).to_have_attribute("data-activation", "tanh")
        slider = page.locator("input[type=range][name=beta]")
        before = slider.input_value()
        box = slider.bounding_box()
        assert box is not None
        slider.tap(position={"x": box["width"] / 2, "y": box["height"] / 2})
        expect(slider).not_to_have_value(before)
        assert 0.4 < float(slider.input_value()) < 0.6
        for place in page.locator(".explorer-live :is(button, input, select, summary, a)").all():
            if place.is_visible():
                box = place.bounding_box()
                assert box is not None
                assert min(box["width"], box["height"]) >= 44, place.evaluate("it => it.outerHTML")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    finally:
        context.close()


def test_numbers_are_copied(chromium: Browser, address: str) -> None:
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    try:
        page = context.new_page()
        page.goto(site(address))
        shown = live_on(page).run()
        page.locator(".explorer-numbers .copy").click()
        expect(page.locator(".said")).not_to_be_empty()
        copied: str = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith("step,weight,loss")
        assert len(copied.split("\n")) == len(shown["step"]) + 1
    finally:
        context.close()


# --- the track of the learning rate ---


def test_dragging_along_the_track_meets_the_cycles(live: Live) -> None:
    live.choose("post")
    met = []
    for rate in (0.915, 0.89, 0.8, 0.6):
        live.drag_to(rate)
        assert live.rate() == pytest.approx(rate, abs=0.004)
        met.append(live.reading("period"))
    assert met == [8, 4, 2, 1]
    assert live.pressed() == []


def test_the_arrow_keys_reach_what_a_pixel_misses(live: Live) -> None:
    live.choose("post")
    live.enter(learning_rate=0.9)
    live.page.locator("input[type=range][name=eta]").focus()
    met = []
    for _ in range(21):
        live.page.keyboard.press("ArrowRight")
        live.drawn()
        met.append(live.reading("period"))
    assert live.rate() == 0.921
    assert sorted({period for period in met if period}) == [4, 8, 16]


def test_its_marks_stand_at_their_rates(live: Live) -> None:
    live.choose("post")
    box = live.page.locator(".explorer-track").bounding_box()
    assert box is not None
    span = TRACK["most"] - TRACK["least"]
    rates = {"post": ONE_WEIGHT["post"].learning_rate, "bound": live.reading("eta_star")}
    for name, rate in {**rates, "rate": 2.0}.items():
        live.enter(learning_rate=2.0)
        mark = live.page.locator(f"[data-mark={name}]").evaluate("(it) => it.offsetLeft")
        assert mark == pytest.approx((rate - TRACK["least"]) / span * box["width"], abs=1), name
    live.enter(momentum=0.99)
    assert live.page.locator("[data-mark=bound]").is_hidden() == (
        live.reading("eta_star") > TRACK["most"]
    )


@pytest.mark.parametrize("case", ["tanh", "momentum", "scaled_inputs"])
def test_its_diagram_is_shown_for_the_model_that_it_is_of_alone(live: Live, case: str) -> None:
    words = read_messages(ROOT / "templates" / "en" / "messages.yaml")["scripts"]["explorer"]
    painted = (
        "getComputedStyle(document.querySelector('.explorer-track'), '::before').display != 'none'"
    )
    for chosen, its_own in (("post", True), (case, False), ("control", True)):
        live.choose(chosen)
        assert live.page.evaluate(painted) == its_own, chosen
        assert live.told("track") == words["track"]["true" if its_own else "false"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_plots_and_controls_are_in_one_view(chromium: Browser, address: str, language: str) -> None:
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    try:
        assert opened(page, site(address, language)) == []
        live_on(page)
        page.evaluate("document.querySelector('.explorer-plots').scrollIntoView()")
        top, bottom = (
            page.locator(place).bounding_box()
            for place in (".explorer-plots", ".explorer-controls")
        )
        assert top is not None
        assert bottom is not None
        assert top["y"] >= 0
        assert bottom["y"] + bottom["height"] <= 900
    finally:
        page.close()


def test_its_diagram_shows_one_weight_then_two_then_many() -> None:
    rates = np.repeat([0.5, 0.8, 1.2], [1, 2, 50])
    weights = np.concatenate([[0.16], [0.13, 0.22], np.linspace(0.1, 0.5, 50)])
    curves = {
        "quantity": np.array(["weight"] * len(rates)),
        "learning_rate": rates,
        "value": weights,
    }
    drawn = shades(curves, (0.2, 2.2))
    marks = (drawn > 0).sum(axis=0)
    assert [int(marks[int(at * drawn.shape[1])]) for at in (0.05, 0.3)] == [1, 2]
    assert marks[-1] > 10
    assert as_address(drawn).startswith("data:image/png;base64,")
    assert len(as_address(drawn)) < 6_000


# --- nudge and walk ---


def test_a_nudge_leaves_the_old_run_as_a_ghost(live: Live) -> None:
    nudge, clear = (live.page.locator(f"button[name={name}]") for name in ("nudge", "clear"))
    ghost = live.page.locator("svg[data-plot=weight] .ghost")
    live.choose("post")
    assert live.pressed() == ["post"]
    before = live.run()["weight"][0]
    for clicks in (1, 2):
        nudge.click()
        live.drawn()
        assert live.run()["weight"][0] - before == pytest.approx(1e-6 * clicks)
        assert live.pressed() == []
        assert ghost.count() == 1
    clear.click()
    live.drawn()
    assert (ghost.count(), clear.is_disabled()) == (0, True)
    nudge.click()
    live.drawn()
    live.enter(momentum=0.1)
    assert ghost.count() == 0


def test_the_point_walks_on_all_curves_in_step(live: Live) -> None:
    live.choose("post")
    run, step = live.run(), live.page.locator("input[name=step]")
    step.focus()
    live.page.keyboard.press("End")
    assert float(step.input_value()) == ONE_WEIGHT["post"].steps
    assert f"{run['weight'][-1]:.4g}" in live.page.locator(".explorer-point").inner_text()
    assert step.get_attribute("aria-valuetext") == live.page.locator(".explorer-point").inner_text()
    end = live.standing()
    live.page.keyboard.press("Home")
    start = live.standing()
    assert start.keys() == {"weight", "landscape", "loss", "map"}
    assert end["weight"][0] > start["weight"][0] + 100
    # The weight falls: to the left where it is drawn across.
    assert end["landscape"][0] < start["landscape"][0]
    assert end["weight"][1] > start["weight"][1]


def test_a_pointer_over_a_plot_reads_out_the_step(live: Live) -> None:
    live.choose("post")
    frame = in_view(live.page.locator("svg[data-plot=weight]")).bounding_box()
    assert frame is not None
    steps = ONE_WEIGHT["post"].steps
    across = (frame["width"] - 54) * 37 / steps
    live.page.mouse.move(frame["x"] + 46 + across, frame["y"] + 60)
    assert live.page.locator("input[name=step]").input_value() == "37"
    weight = live.run()["weight"][37]
    assert f"{weight:.4g}" in live.page.locator(".explorer-point").inner_text()


def test_play_goes_on_by_itself_until_it_is_paused(live: Live) -> None:
    live.choose("post")
    step, button = live.page.locator("input[name=step]"), live.page.locator("button[name=play]")
    step.fill("0")
    play = button.inner_text()
    button.click()
    until(live.page, "document.querySelector('input[name=step]').value > 3")
    pause = button.inner_text()
    button.click()
    stood = step.input_value()
    assert button.inner_text() == play != pause
    live.page.wait_for_timeout(700)
    assert step.input_value() == stood


def test_where_motion_is_unwanted_it_goes_step_by_step(chromium: Browser, address: str) -> None:
    page = chromium.new_page(reduced_motion="reduce")
    try:
        page.goto(site(address))
        live_on(page)
        button = page.locator("button[name=play]")
        for stood in ("1", "2"):
            button.click()
            page.wait_for_timeout(600)
            assert page.locator("input[name=step]").input_value() == stood
    finally:
        page.close()


def test_what_converges_late_is_not_told_as_a_contradiction(live: Live) -> None:
    live.choose("post")
    live.enter(momentum=0.49)
    assert (live.is_("regime"), live.is_("learned")) == ("converged", "false")
    words = read_messages(ROOT / "templates" / "en" / "messages.yaml")["scripts"]["explorer"]
    assert live.told("learned").endswith(words["learned"]["late"].partition("}.")[2].strip())


# --- how it looks ---


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_a_phone_plots_stay_in_sight_while_controls_move(
    chromium: Browser, address: str, language: str
) -> None:
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    try:
        page = context.new_page()
        assert opened(page, site(address, language)) == []
        live = live_on(page)
        for control in ("beta", "steps"):
            in_view(page.locator(f"input[type=number][name={control}]"))
            box = page.locator("svg[data-plot=weight]").bounding_box()
            assert box is not None
            assert 0 < box["y"] < 100
        shown = page.locator(".explorer-plots svg[data-plot]:visible")
        assert shown.count() == 2
        page.locator(".explorer-views button[value=map]").tap()
        expect(page.locator("svg[data-plot=map]")).to_be_visible()
        assert shown.count() == 2
        track = in_view(page.locator(".explorer-track"))
        box = track.bounding_box()
        assert box is not None
        page.touchscreen.tap(box["x"] + 0.3 * box["width"], box["y"] + box["height"] / 2)
        expect(page.locator("figure.explorer")).to_have_attribute("data-regime", "periodic")
        assert live.rate() == pytest.approx(0.8, abs=0.01)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    finally:
        context.close()


def test_nothing_moves_by_itself(chromium: Browser, address: str) -> None:
    page = chromium.new_page(reduced_motion="reduce")
    try:
        page.goto(site(address))
        live = live_on(page)
        for case in ("tanh", "small_step"):
            live.choose(case)
            assert page.evaluate("document.getAnimations().length") == 0
    finally:
        page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_curves_have_the_colours_of_the_figures(
    chromium: Browser, address: str, scheme: str
) -> None:
    page = chromium.new_page(color_scheme=scheme)  # type: ignore[arg-type]
    try:
        page.goto(site(address))
        live, colours = live_on(page), themes()[scheme].colours
        curve = page.locator("svg[data-plot=loss] .run")
        for case, name in (("post", "sigmoid"), ("control", "centred"), ("tanh", "tanh")):
            live.choose(case)
            red, green, blue = (int(colours[name][at : at + 2], 16) for at in (1, 3, 5))
            stroke = curve.evaluate("(it) => getComputedStyle(it).stroke")
            assert stroke == f"rgb({red}, {green}, {blue})"
    finally:
        page.close()


def test_curves_follow_the_colours_that_the_reader_chooses(chromium: Browser, address: str) -> None:
    page = chromium.new_page(color_scheme="light")
    try:
        page.goto(site(address))
        live_on(page)
        curve = page.locator("svg[data-plot=loss] .run")
        stroke = "(it) => getComputedStyle(it).stroke"
        light = curve.evaluate(stroke)
        page.locator(".scheme select").select_option("dark")
        page.emulate_media(color_scheme="dark")
        dark = curve.evaluate(stroke)
        page.emulate_media(color_scheme="light")
        assert curve.evaluate(stroke) == dark != light
    finally:
        page.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_text_is_set_in_the_fonts_of_the_site(
    chromium: Browser, address: str, language: str
) -> None:
    page = chromium.new_page()
    try:
        page.goto(site(address, language), wait_until="networkidle")
        live = live_on(page)
        live.choose("momentum")
        live.run()
        page.wait_for_load_state("networkidle")
        page.evaluate("document.fonts.ready")
        session = page.context.new_cdp_session(page)
        session.send("DOM.enable")
        session.send("CSS.enable")
        root = session.send("DOM.getDocument")["root"]["nodeId"]
        selector = ".explorer-live :is(button, label, select, p, text, dt, dd, summary)"
        nodes = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": selector})
        foreign = set()
        for node in nodes["nodeIds"]:
            fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
            foreign |= {font["familyName"] for font in fonts if not font["isCustomFont"]}
        assert foreign == set()
    finally:
        page.close()


@pytest.mark.parametrize("width", [1280, 360])
def test_nothing_jumps_when_the_model_takes_the_place_of_the_figure(
    chromium: Browser, address: str, width: int
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 800})
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    try:
        page.route("**/explorer.js", hold)
        page.goto(site(address), wait_until="commit")
        page.locator(".colophon").wait_for()
        page.evaluate("document.fonts.ready")
        assert page.locator("figure.explorer picture").is_visible()
        assert not page.locator(".explorer-live").is_visible()
        place = "document.querySelector('.explorer figcaption').getBoundingClientRect().top"
        before: float = page.evaluate(place)
        held[0].continue_()
        page.wait_for_selector("figure.explorer.live")
        assert page.locator(".explorer-live").is_visible()
        assert not page.locator("figure.explorer picture").is_visible()
        assert page.evaluate(place) == pytest.approx(before, abs=1)
    finally:
        page.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_scripts_the_figure_stands(chromium: Browser, address: str, language: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        faults = faults_of(page, address)
        page.goto(site(address, language))
        picture = page.locator("figure.explorer picture img")
        assert picture.is_visible()
        box, whole = picture.bounding_box(), page.locator("figure.explorer").bounding_box()
        assert box is not None
        assert whole is not None
        assert box["height"] > 200
        assert whole["height"] < box["height"] + 200  # no room is kept for what does not come
        assert not page.locator(".explorer-live").is_visible()
        assert faults == []
    finally:
        context.close()


def test_from_the_browser_the_figure_is_printed(live: Live) -> None:
    live.page.emulate_media(media="print")
    try:
        live.page.evaluate("document.querySelector('.explorer').scrollIntoView()")
        picture = live.page.locator("figure.explorer picture img")
        expect(picture).to_have_js_property("complete", True)
        assert picture.is_visible()
        assert not live.page.locator(".explorer-live").is_visible()
    finally:
        live.page.emulate_media(media="screen")


def test_the_scripts_are_small() -> None:
    assert sum(script.stat().st_size for script in SCRIPTS) < 24_000

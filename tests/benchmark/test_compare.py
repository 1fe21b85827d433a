import datetime
import math
from dataclasses import replace

import numpy as np
import pytest
from made_report import made_report

from capsearch.benchmark.compare import FALSE_ALARMS, Change, compare
from capsearch.benchmark.compare_text import comparison_as_page, comparison_as_text
from capsearch.benchmark.report import Better, Figure, Report

FIGURES, PAIRS = 25, 200
# What the rule promises where rounds scatter by 2 to 10% and the machine by 2%.
USUAL_ALARMS = 1 / 40


def timed(
    values: list[float], unit: str = "ms", better: Better = "less",
    low: float | None = None, high: float | None = None,
) -> Figure:  # fmt: skip
    return Figure("search", "latency", "ours", unit, tuple(values), None, better, low, high)


def changed(one: Figure, other: Figure) -> Change:
    (change,) = compare(Report(figures=[one]), Report(figures=[other])).changes
    return change


def run_of(
    random: np.random.Generator, *, rounds: int, noise: float, drift: float, ratio: float,
    unit: str, yardsticks: bool, spikes: float,
) -> Report:  # fmt: skip
    """A run of figures with log-normal noise in each round, on a machine in the mood of the day."""
    mood = random.normal(0, drift)
    logs = mood + random.normal(0, noise, (FIGURES, rounds)) + math.log(ratio)
    logs += math.log(1.5) * (random.random(logs.shape) < spikes)
    figures = [
        Figure("search", "latency", f"way {number}", unit, tuple(row), None, "less")
        for number, row in enumerate((0.5 * np.exp(logs)).tolist())
    ]
    if yardsticks:
        for way, unit, sign in (("read memory", "GB/s", -1), ("multiply", "ms", 1)):
            speed = np.exp(sign * mood + random.normal(0, 0.01, 4 * rounds)).tolist()
            figures.append(Figure("yardstick", "speed", way, unit, tuple(speed)))
    return Report(figures=figures)


def comparisons(
    rounds: tuple[int, int] = (5, 5), noise: float = 0.03, drift: float = 0.02, ratio: float = 1.0,
    unit: str = "ms", yardsticks: bool = False, spikes: float = 0.0,
) -> list[Change]:  # fmt: skip
    """Of many pairs of runs; B's figures are `ratio` times A's, but for noise."""
    random = np.random.default_rng(7)
    found = []
    for _ in range(PAIRS):
        one, other = (
            run_of(
                random, rounds=count, noise=noise, drift=drift, ratio=times, unit=unit,
                yardsticks=yardsticks, spikes=spikes,
            )
            for count, times in zip(rounds, (1.0, ratio), strict=True)
        )  # fmt: skip
        found += compare(one, other).changes
    assert len(found) == FIGURES * PAIRS
    return found


def share_named(changes: list[Change]) -> float:
    return sum(change.named for change in changes) / len(changes)


@pytest.mark.parametrize("rounds", [(3, 3), (5, 5), (3, 5), (10, 10)])
@pytest.mark.parametrize("noise", [0.02, 0.03, 0.1])
def test_where_nothing_changed_as_few_figures_are_named_as_is_promised(rounds, noise):
    assert share_named(comparisons(rounds, noise)) <= USUAL_ALARMS


def test_now_and_then_a_slow_round_makes_no_change():
    assert share_named(comparisons(spikes=0.1)) <= USUAL_ALARMS


@pytest.mark.parametrize("rounds", [(3, 3), (5, 5)])
def test_where_no_band_protects_it_one_in_twenty_is_named_as_is_said(rounds):
    named = share_named(comparisons(rounds, noise=0.05, drift=0.0, unit="%"))
    assert named == pytest.approx(FALSE_ALARMS, abs=0.01)


def test_the_interval_holds_the_true_ratio_19_times_of_20():
    for rounds in (3, 5):
        changes = comparisons((rounds, rounds), drift=0.0, ratio=1.2)
        held = sum((change.low or 9) <= 1.2 <= (change.high or 0) for change in changes)
        assert held / len(changes) == pytest.approx(0.95, abs=0.01)


@pytest.mark.parametrize("ratio", [1.2, 1 / 1.2])
def test_a_change_of_a_fifth_is_found_in_five_rounds(ratio):
    changes = comparisons(ratio=ratio)
    right = "worse" if ratio > 1 else "better"
    assert sum(change.verdict == right for change in changes) / len(changes) > 0.95


def test_a_moody_machine_is_told_from_slower_code_by_its_yardsticks():
    assert share_named(comparisons(drift=0.1)) > 0.2
    assert share_named(comparisons(drift=0.1, yardsticks=True)) <= USUAL_ALARMS
    changes = comparisons(drift=0.1, yardsticks=True)
    assert all(change.relative == pytest.approx(1, abs=0.15) for change in changes)


def test_a_faster_yardstick_is_a_faster_machine_whether_it_is_a_time_or_a_rate():
    one = [Figure("yardstick", "speed", "time", "ms", (2.0,)),
           Figure("yardstick", "speed", "rate", "GB/s", (1.0,))]  # fmt: skip
    other = [replace(one[0], rounds=(1.0,)), replace(one[1], rounds=(2.0,))]
    speeds = compare(Report(figures=one), Report(figures=other)).speeds
    assert speeds == {"time, speed": pytest.approx(2), "rate, speed": pytest.approx(2)}


def test_memory_is_no_matter_of_the_machines_speed():
    yardsticks = [Figure("yardstick", "speed", "multiply", "ms", (time,) * 3) for time in (1, 2)]
    one, other = timed([100.0, 101, 100], "MB"), timed([200.0, 201, 200], "MB")
    (change,) = compare(
        Report(figures=[one, yardsticks[0]]), Report(figures=[other, yardsticks[1]])
    ).changes
    assert (change.verdict, change.relative) == ("worse", None)


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        (timed([1, 1.01, 1.02]), timed([2, 2.02, 2.01]), "worse"),
        (timed([1, 1.01, 1.02], better="more"), timed([2, 2.02, 2.01], better="more"), "better"),
        (timed([1, 1.01, 1.02], better=""), timed([2, 2.02, 2.01], better=""), "changed"),
        (timed([1, 1.01, 1.02]), timed([1.02, 1.03, 1.01]), "same"),
        (timed([1, 1.3, 1.02]), timed([1.02, 0.8, 1.5]), "unclear"),
        (timed([1]), timed([2]), "unclear"),
        (timed([1, 1.01, 1.02]), timed([2]), "unclear"),
        (timed([0, 0, 0]), timed([0, 0, 0]), "same"),
        (timed([0, 0, 0]), timed([3, 3, 4]), "worse"),
        (timed([1e-300, 1e300]), timed([1e300, 1e-300]), "unclear"),
        (timed([0.5], "%", "more", low=0.4, high=0.6),
         timed([0.6], "%", "more", low=0.5, high=0.7), "unclear"),
        (timed([0.5], "%", "more", low=0.48, high=0.52),
         timed([0.6], "%", "more", low=0.58, high=0.62), "better"),
        # The rounds are the same photos each time: what other photos would do, the interval tells.
        (timed([0.5] * 3, "%", "more", low=0.45, high=0.55),
         timed([0.52] * 3, "%", "more", low=0.47, high=0.57), "same"),
        (timed([0.5] * 3, "%", "more"), timed([0.5 + 1e-9] * 3, "%", "more"), "same"),
    ],
)  # fmt: skip
def test_each_kind_of_figure_is_judged_by_its_own_noise(one, other, verdict):
    assert changed(one, other).verdict == verdict


def test_rounds_that_do_the_same_work_are_compared_with_each_other():
    one = timed([1.0, 5.0, 2.0, 9.0, 4.0])
    change = changed(one, replace(one, rounds=tuple(1.2 * each for each in one.rounds)))
    assert change.verdict == "worse"
    for told in (change.low, change.ratio, change.high):
        assert told == pytest.approx(1.2)


@pytest.fixture
def two():
    one, other = made_report(1), made_report(2)
    other.figures = [
        replace(figure, rounds=tuple(1.5 * each for each in figure.rounds))
        if figure.way == "CapSearch, exact" and figure.what == "latency, median"
        else figure
        for figure in other.figures
        if figure.part != "window"
    ]
    other.figures.append(Figure("search", "memory", "<new>", "MB", (3.0,)))
    return one, other


def test_the_words_name_what_changed_and_what_only_one_has(two):
    text = comparison_as_text(compare(*two))
    assert text.count("- worse: search, latency, median: CapSearch, exact, ") == 3
    assert "Figures in both: 33. 3 worse, 30 the same." in text
    assert "By chance alone at most 1.7 of them would look changed." in text
    assert "Only in A\n- window, longest block: the window: 2" in text
    assert "Only in B\n- search, memory: <new>: 3.00 MB" in text
    assert (
        "read memory, speed: B's ran at 1.0" in text or "read memory, speed: B's ran at 0.9" in text
    )
    assert "fair" not in text


def test_the_words_say_what_makes_it_no_fair_comparison(two):
    one, other = two
    other.machine["processor"] = "a slow one"
    other.work["encoder"] = "another"
    del other.versions["numpy"]
    other.versions["capsearch"] = "2"
    comparison = compare(one, other)
    assert comparison.unfair == ["processor", "encoder", "numpy"]
    text = " ".join(comparison_as_text(comparison).split())
    assert (
        "This is no fair comparison: processor was a fast one in A and is a slow one in B; "
        "encoder was starter in A and is another in B; numpy was 2 in A and is none in B." in text
    )
    assert "capsearch was 1 in A and is 2 in B." in text


def test_without_yardsticks_it_is_said_what_cannot_be_told(two):
    for report in two:
        report.figures = [figure for figure in report.figures if figure.part != "yardstick"]
    assert "No yardstick is in both" in comparison_as_text(compare(*two))
    assert all(change.relative is None for change in compare(*two).changes)


def test_nothing_in_common_is_said():
    text = comparison_as_text(compare(Report(), made_report()))
    assert "The two have no figure in common." in text


def test_a_figure_in_another_unit_is_another_figure():
    comparison = compare(Report(figures=[timed([1, 2])]), Report(figures=[timed([1, 2], "s")]))
    assert (len(comparison.changes), len(comparison.only_a), len(comparison.only_b)) == (0, 1, 1)


def test_the_page_of_a_comparison_has_every_row_and_escapes_names(two):
    comparison = compare(*two)
    page = comparison_as_page(comparison, datetime.datetime(2026, 1, 2))
    assert page.count("<tr>") >= len(comparison.changes)
    assert page.count("<b>worse</b>") == 3
    assert "&lt;new&gt;" in page and "<new>" not in page and "http" not in page

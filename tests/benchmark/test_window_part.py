"""The benchmark's part `window`, real but tiny."""

import subprocess
import sys
from pathlib import Path

import pytest

from capsearch.benchmark import window
from capsearch.benchmark.run import Run
from capsearch.errors import CapsearchError

SIZE = 40
ROUNDS = 2
ALONE, BESIDE = "nothing else going on", "while photos are indexed"
WANTED = {
    ("whole command", "capsearch search"),
    ("start until the window is visible", "warm"),
    ("start until the first photos are shown", "warm"),
    ("first search, key to results", "CapSearch"),
    ("key to painted results, median", ALONE),
    ("key to painted results, median", BESIDE),
    ("key to painted results, 95th percentile", ALONE),
    ("key to painted results, 95th percentile", BESIDE),
    ("key to painted results, against nothing else going on", BESIDE),
    ("key to all pictures in sight, median", ALONE),
    ("key to all pictures in sight, 95th percentile", ALONE),
    ("step of scrolling painted, 95th percentile", "CapSearch"),
    ("longest wait of the window's events", "CapSearch"),
    ("closing", "CapSearch"),
    ("memory", "the window's process"),
    ("memory", "with the processes it has started"),
}
VISIBLE, SHOWN = "start until the window is visible", "start until the first photos are shown"
MEDIAN, MOST = "key to painted results, median", "key to painted results, 95th percentile"
ORDERED = [
    ((VISIBLE, "warm"), (SHOWN, "warm")),
    ((MEDIAN, ALONE), (MOST, ALONE)),
    ((MEDIAN, BESIDE), (MOST, BESIDE)),
    ((MEDIAN, ALONE), ("key to all pictures in sight, median", ALONE)),
    (("memory", "the window's process"), ("memory", "with the processes it has started")),
]


def begin(scratch: Path, rounds: int = ROUNDS, encoder: str = "starter") -> Run:
    return Run(scratch, rounds, quick=False, say=lambda step: None, encoder=encoder)


@pytest.fixture(autouse=True)
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setattr(window, "_SIZES", (SIZE,))
    monkeypatch.setattr(window, "_KEYSTROKES", 3)
    monkeypatch.setattr(window, "_SCROLLS", 5)
    monkeypatch.setattr(window, "_FRESH_PER_CORE", 300)


def test_every_figure_has_a_value_in_every_round_and_they_are_in_order(tmp_path: Path) -> None:
    run = begin(tmp_path)
    window.measure(run)
    of_size = {(f.what, f.way): f.rounds for f in run.report.figures if f.size == SIZE}
    of_none = {(f.what, f.way): f.rounds for f in run.report.figures if f.size is None}
    assert set(of_size) >= WANTED
    assert set(of_none) == {
        ("whole command", "Python that does nothing"),
        ("whole command", "capsearch --version"),
    }
    for figure in run.report.figures:
        assert figure.part == "window" and figure.better == "less"
        assert len(figure.rounds) == ROUNDS and min(figure.rounds) > 0
    for less, more in ORDERED:
        assert all(one <= other for one, other in zip(of_size[less], of_size[more], strict=True))
    cold = (VISIBLE, "its files on the disk")
    assert cold in of_size or any("on the disk" in said for said in run.report.missing)
    assert any("offscreen" in note for note in run.report.notes)


def test_the_measured_processes_load_no_more_than_the_program_does() -> None:
    script = (
        "import sys, capsearch.benchmark.use_window, capsearch.benchmark.start\n"
        "found = {'torch', 'onnxruntime', 'PIL', 'sqlite3', 'PySide6', 'capsearch.catalog.catalog'}"
        " & set(sys.modules)\n"
        "sys.exit(', '.join(found) or None)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_without_a_screen_it_is_said_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "a screen of glass")
    run = begin(tmp_path, rounds=1)
    window.measure(run)
    (said,) = run.report.missing
    assert said.startswith("window: no window can be shown here") and "PySide6" in said
    assert {figure.what for figure in run.report.figures} == {"whole command"}


def test_an_encoder_that_cannot_be_loaded_is_the_users_to_mend(tmp_path: Path) -> None:
    with pytest.raises(CapsearchError):
        window.measure(begin(tmp_path, encoder="no such one"))

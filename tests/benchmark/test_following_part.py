"""The benchmark's part `following`, real but tiny, and what Ctrl-C leaves of it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from capsearch.benchmark import following
from capsearch.benchmark.run import Run
from capsearch.errors import CapsearchError

FILES = 3_000
ROUNDS = 2
NEW = "new photo, from its file closed to its picture shown"
UNCHANGED = "look at files that have not changed"


def begin(scratch: Path, encoder: str = "starter") -> Run:
    return Run(scratch, ROUNDS, quick=True, say=lambda step: None, encoder=encoder)


@pytest.fixture(autouse=True)
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setattr(following, "_QUICK_FILES", FILES)
    monkeypatch.setattr(following, "_QUICK_NEW", 2)


def rounds_of(run: Run, what: str, way: str, size: int) -> tuple[float, ...]:
    figure = run.report.find("following", what, way, size)
    assert figure is not None
    return figure.rounds


def test_new_photos_and_looks_are_timed_in_every_round(tmp_path: Path) -> None:
    run = begin(tmp_path)
    following.measure(run)
    assert run.report.missing == []
    median = rounds_of(run, f"{NEW}, median", "CapSearch, starter", 40)
    most = rounds_of(run, f"{NEW}, 95th percentile", "CapSearch, starter", 40)
    assert len(median) == len(most) == ROUNDS
    assert all(0 < one <= other for one, other in zip(median, most, strict=True))
    for way in ("CapSearch", "their names, sizes and times alone"):
        rounds = rounds_of(run, UNCHANGED, way, FILES)
        assert len(rounds) == ROUNDS and min(rounds) > 0
    assert rounds_of(run, "first look", "CapSearch", FILES)[0] > 0
    assert rounds_of(run, "memory added by new photos", "CapSearch", FILES)[0] >= 0


def test_without_a_screen_it_is_said_and_the_looks_are_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "a screen of glass")
    monkeypatch.setattr(following, "_QUICK_FILES", 500)
    run = begin(tmp_path)
    following.measure(run)
    assert any(said.startswith("following: no window can be shown") for said in run.report.missing)
    assert len(rounds_of(run, UNCHANGED, "CapSearch", 500)) == ROUNDS
    assert run.report.find("following", f"{NEW}, median", "CapSearch, starter", 40) is None


def test_an_encoder_that_cannot_be_loaded_is_the_users_to_mend(tmp_path: Path) -> None:
    with pytest.raises(CapsearchError):
        following.measure(begin(tmp_path, encoder="no such one"))


@pytest.mark.skipif(os.name != "posix", reason="sends Ctrl-C as a Unix terminal does")
def test_ctrl_c_ends_all_and_leaves_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "capsearch", "benchmark", "following", "--quick"]
    environment = {
        **os.environ,
        "TMPDIR": os.fspath(tmp_path),
        "CAPSEARCH_HOME": os.fspath(tmp_path),
    }
    run = subprocess.Popen(
        command, env=environment, start_new_session=True, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    deadline = time.monotonic() + 120
    while not list(tmp_path.glob("capsearch-benchmark-*/new/photos/*.jpg")):
        assert time.monotonic() < deadline and run.poll() is None
        time.sleep(0.05)
    started = psutil.Process(run.pid).children(recursive=True)
    os.killpg(run.pid, signal.SIGINT)
    out, errors = run.communicate(timeout=60)
    assert run.returncode == 130, errors
    assert "Stopped before all was measured." in out and "Traceback" not in errors
    gone, left = psutil.wait_procs(started, 10)
    assert gone and not left
    assert list(tmp_path.glob("capsearch-benchmark-*")) == []

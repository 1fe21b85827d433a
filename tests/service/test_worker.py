"""The worker's loop, in a thread: it learns when it is calm, and goes when it has nothing to do."""

import multiprocessing
import os
import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psutil
import pytest
from tiny_library import open_tiny_library

from capsearch.library.facade import Library
from capsearch.library.values import Scope
from capsearch.service import IndexingEnded, IndexingProgress, index_process
from capsearch.service.events import WorkerIdle
from capsearch.service.index_process import Order
from capsearch.service.jobs import FollowJob, IndexJob
from capsearch.settings import Settings

_LONG = 30.0


@pytest.fixture
def photos(tmp_path: Path, make_photo) -> Path:
    for seed in range(6):
        make_photo(tmp_path / "photos" / f"{seed}.jpg", seed)
    return tmp_path / "photos"


@pytest.fixture
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    """The window's end of a worker that loses patience soon."""
    monkeypatch.setattr(index_process, "_CALM_SECONDS", 0.1)
    monkeypatch.setattr(index_process, "_IDLE_SECONDS", 0.2)
    monkeypatch.setattr(index_process, "start_process", lambda **_: None)
    ours, theirs = multiprocessing.Pipe()
    arguments = (theirs, tmp_path / "library.db", Settings(), open_tiny_library)
    thread = threading.Thread(target=index_process.serve_index, args=arguments)
    thread.start()
    yield ours
    ours.send(None)
    thread.join(_LONG)
    assert not thread.is_alive()


def next_event(connection: Connection) -> Any:
    while connection.poll(_LONG):
        event = connection.recv()
        if not isinstance(event, IndexingProgress):
            return event
    raise AssertionError("no event came")


def test_an_idle_worker_says_so_and_still_takes_what_was_sent_meanwhile(
    worker: Connection, photos: Path
) -> None:
    job = IndexJob((os.fspath(photos),))
    worker.send(Order(job, Settings()))
    assert next_event(worker).report.encoded == 6
    assert isinstance(next_event(worker), WorkerIdle)
    worker.send(Order(job, Settings()))
    assert isinstance(next_event(worker), IndexingEnded)


def test_small_changes_are_learned_from_when_it_is_calm(
    worker: Connection, photos: Path, tmp_path: Path, make_photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared = threading.Event()
    prepare = Library.prepare

    def seen(library: Library, stop: threading.Event | None = None) -> None:
        prepare(library, stop)
        prepared.set()

    worker.send(Order(IndexJob((os.fspath(photos),)), Settings()))
    assert next_event(worker).report.encoded == 6
    monkeypatch.setattr(Library, "prepare", seen)
    make_photo(photos / "new.jpg", 9)
    worker.send(Order(FollowJob((Scope(os.fspath(photos)),)), Settings()))
    ended = next_event(worker)
    while isinstance(ended, WorkerIdle):
        ended = next_event(worker)
    assert ended.report.encoded == 1
    assert prepared.wait(_LONG)


def test_a_stop_ends_a_held_job_and_not_the_next_one(worker: Connection, photos: Path) -> None:
    job = IndexJob((os.fspath(photos),))
    worker.send("pause")
    worker.send(Order(job, Settings()))
    worker.send("stop")
    assert next_event(worker).report.stopped
    worker.send("resume")
    worker.send(Order(job, Settings()))
    ended = next_event(worker)
    while isinstance(ended, WorkerIdle):
        ended = next_event(worker)
    assert ended.report.encoded == 6
    assert not ended.report.stopped


def test_of_changes_told_twice_only_what_is_unsettled_now_is_left_alone() -> None:
    first = FollowJob((Scope("/a"),), frozenset({"/a/x.jpg"}))
    joined = first.joined(FollowJob((Scope("/b"), Scope("/a")), frozenset({"/b/y.jpg"})))
    assert joined == FollowJob((Scope("/a"), Scope("/b")), frozenset({"/b/y.jpg"}))
    assert first.joined(IndexJob(("/a",))) is None


class Battery:
    """What the system says of its battery."""

    def __init__(self, plugged: bool | None) -> None:
        self.power_plugged = plugged


def on_battery(monkeypatch: pytest.MonkeyPatch, battery: Battery | None) -> None:
    monkeypatch.setattr(index_process, "_BATTERY_SECONDS", 0.05)
    monkeypatch.setattr(psutil, "sensors_battery", lambda: battery, raising=False)


def until_held(worker: Connection) -> None:
    while worker.poll(_LONG):
        event = worker.recv()
        assert not isinstance(event, IndexingEnded)
        if isinstance(event, IndexingProgress) and event.on_battery:
            return
    raise AssertionError("the run is not held")


@pytest.mark.parametrize("by", ["plugging in", "changing one's mind", "stopping"])
def test_on_battery_a_run_is_held_if_that_is_wished_until_it_may_go_on(
    worker: Connection, photos: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    on_battery(monkeypatch, Battery(plugged=False))
    worker.send(Order(IndexJob((os.fspath(photos),)), Settings(pause_on_battery=True)))
    until_held(worker)
    if by == "plugging in":
        on_battery(monkeypatch, Battery(plugged=True))
    else:
        worker.send("stop" if by == "stopping" else Settings())
    ended = next_event(worker)
    assert isinstance(ended, IndexingEnded)
    assert (ended.report.stopped, ended.report.encoded) == (
        (True, 0) if by == "stopping" else (False, 6)
    )


@pytest.mark.parametrize(
    ("battery", "wished"), [(None, True), (Battery(None), True), (Battery(False), False)]
)
def test_without_a_battery_or_the_wish_nothing_is_held(
    worker: Connection,
    photos: Path,
    monkeypatch: pytest.MonkeyPatch,
    battery: Battery | None,
    wished: bool,
) -> None:
    on_battery(monkeypatch, battery)
    worker.send(Order(IndexJob((os.fspath(photos),)), Settings(pause_on_battery=wished)))
    assert next_event(worker).report.encoded == 6

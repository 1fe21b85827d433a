"""A file that hangs or kills its reader costs one line, never the run."""

import os
import sys
import threading
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from capsearch.catalog.records import Companion, Stamp
from capsearch.encoders.base import InputSpec
from capsearch.indexing.pool import DecodePool
from capsearch.indexing.tasks import (
    DecodedPhoto,
    KnownContents,
    Outcome,
    ReadFailure,
    ReadPhoto,
    ReadTask,
)
from capsearch.photos.content import content_hash
from capsearch.photos.decoding_version import DECODING

SPEC = InputSpec(size=8)

needs_fifo = pytest.mark.skipif(sys.platform == "win32", reason="no pipe can hang a reader here")


def task(path: Path, *companions: Companion) -> ReadTask:
    return ReadTask(os.fspath(path), Stamp(1, 1), companions=companions)


def run(
    tasks: list[ReadTask],
    *known: bytes,
    spec: InputSpec = SPEC,
    workers: int = 2,
    file_seconds: float = 60,
) -> dict[str, Outcome]:
    found: dict[str, Outcome] = {}
    with DecodePool(
        tasks,
        spec,
        known=KnownContents(dict.fromkeys(known, DECODING)),
        window=4,
        workers=workers,
        file_seconds=file_seconds,
    ) as pool:
        for outcome in pool.outcomes(patience=30):
            assert outcome is not None, "nothing comes any more"
            assert outcome.path not in found
            found[outcome.path] = outcome
    assert psutil.Process().children(recursive=True) == [] or all(
        "capsearch-decode" not in " ".join(child.cmdline())
        for child in psutil.Process().children(recursive=True)
    )
    return found


def test_each_task_has_one_outcome(tmp_path: Path, make_photo) -> None:
    tasks = [task(make_photo(tmp_path / f"{n}.png", seed=n)) for n in range(20)]
    outcomes = run(tasks)
    assert outcomes.keys() == {t.path for t in tasks}
    for outcome in outcomes.values():
        assert isinstance(outcome, DecodedPhoto)
        assert outcome.pixels.shape == (8, 8, 3)
        assert (outcome.content.width, outcome.content.height) == (64, 48)
        assert outcome.place.stamp.size == Path(outcome.path).stat().st_size


def test_a_known_content_is_not_decoded(tmp_path: Path, make_photo) -> None:
    path = make_photo(tmp_path / "a.png")
    digest = content_hash(path.read_bytes())
    [outcome] = run([task(path)], digest).values()
    assert isinstance(outcome, ReadPhoto)
    assert not isinstance(outcome, DecodedPhoto)
    assert outcome.hash == digest


def test_tasks_and_outcomes_larger_than_a_pipe_never_wait_for_each_other(
    tmp_path: Path, make_photo
) -> None:
    beside = [Companion(f"{n}/{'long' * 200}", Stamp(n, n)) for n in range(1000)]
    tasks = [task(make_photo(tmp_path / f"{n}.png", seed=n), *beside) for n in range(8)]
    outcomes = run(tasks, spec=InputSpec(size=448), workers=1)
    assert len(outcomes) == 8
    assert all(isinstance(outcome, DecodedPhoto) for outcome in outcomes.values())


@needs_fifo
def test_a_reader_started_in_the_place_of_another_knows_what_that_one_knew(
    tmp_path: Path, make_photo
) -> None:
    os.mkfifo(tmp_path / "hang.jpg")
    photos = [make_photo(tmp_path / f"{n}.png", seed=n) for n in range(3)]
    known = {content_hash(photo.read_bytes()) for photo in photos}
    tasks = [task(tmp_path / "hang.jpg"), *map(task, photos)]
    outcomes = run(tasks, *known, workers=1, file_seconds=1.5)
    assert isinstance(outcomes.pop(os.fspath(tmp_path / "hang.jpg")), ReadFailure)
    assert {type(outcome) for outcome in outcomes.values()} == {ReadPhoto}


def test_a_vanished_file_is_a_passing_failure(tmp_path: Path) -> None:
    [outcome] = run([task(tmp_path / "none.png")]).values()
    assert isinstance(outcome, ReadFailure)
    assert outcome.passing
    assert "vanished" in outcome.reason


@needs_fifo
def test_a_file_that_hangs_is_given_up_and_the_others_are_read(tmp_path: Path, make_photo) -> None:
    os.mkfifo(tmp_path / "hang.jpg")
    tasks = [task(make_photo(tmp_path / f"{n}.png", seed=n)) for n in range(6)]
    tasks.insert(2, task(tmp_path / "hang.jpg"))
    outcomes = run(tasks, workers=1, file_seconds=1.5)
    hung = outcomes.pop(os.fspath(tmp_path / "hang.jpg"))
    assert isinstance(hung, ReadFailure)
    assert "took longer" in hung.reason
    assert len(outcomes) == 6
    assert all(isinstance(outcome, DecodedPhoto) for outcome in outcomes.values())


def readers_of(path: Path, ended: threading.Event) -> list[psutil.Process]:
    """The processes that have it open, waiting for one that is still at opening it."""
    for _ in range(100):
        found = []
        for child in psutil.Process().children(recursive=True):
            with suppress(psutil.NoSuchProcess, OSError):
                files = Path(f"/proc/{child.pid}/fd").iterdir()
                if any(file.readlink() == path for file in files):
                    found.append(child)
        if found or ended.wait(0.01):
            return found
    return []


@pytest.mark.skipif(not Path("/proc").exists(), reason="who reads a file is told by /proc only")
@needs_fifo
def test_a_reader_that_dies_costs_only_the_file_it_was_at(tmp_path: Path, make_photo) -> None:
    os.mkfifo(tmp_path / "deadly.jpg")
    tasks = [task(make_photo(tmp_path / f"{n}.png", seed=n)) for n in range(6)]
    tasks.insert(2, task(tmp_path / "deadly.jpg"))
    ended = threading.Event()
    killed: set[int] = set()

    def kill_whoever_opens_it() -> None:
        """Like a codec's segmentation fault: each reader dies while it is at that file."""
        while not ended.is_set():
            try:
                pipe = os.open(tmp_path / "deadly.jpg", os.O_WRONLY | os.O_NONBLOCK)
            except OSError:  # nobody is reading it now
                ended.wait(0.02)
                continue
            for victim in readers_of(tmp_path / "deadly.jpg", ended):
                killed.add(victim.pid)
                victim.kill()
                # Not victim.wait(): the pool must be the one to reap it.
                with suppress(psutil.NoSuchProcess):
                    while victim.status() != psutil.STATUS_ZOMBIE:
                        ended.wait(0.01)
            os.close(pipe)

    killer = threading.Thread(target=kill_whoever_opens_it)
    killer.start()
    try:
        outcomes = run(tasks, workers=1)
    finally:
        ended.set()
        killer.join()
    dead = outcomes.pop(os.fspath(tmp_path / "deadly.jpg"))
    assert isinstance(dead, ReadFailure)
    assert "crash" in dead.reason
    assert len(killed) == 2, "it has a second chance, alone"
    assert len(outcomes) == 6
    assert all(isinstance(outcome, DecodedPhoto) for outcome in outcomes.values())


@needs_fifo
def test_leaving_the_pool_early_ends_even_a_hanging_reader(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "hang.jpg")
    with DecodePool([task(tmp_path / "hang.jpg")], SPEC, workers=1, window=4) as pool:
        assert next(iter(pool.outcomes(patience=1))) is None
    assert not any(thread.name.startswith("capsearch-feed") for thread in threading.enumerate())

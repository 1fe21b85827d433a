"""Two processes that want to index into one library: the later one waits, says so, can be stopped.

This process holds the lock that an index run holds; the command is the other one.
"""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock
from make_photo import MakePhoto, make_photo
from run_command import as_json, assert_refused, capsearch

_LONG = 120.0
_WAITS = (
    "Another CapSearch is indexing into this library; waiting until it has finished (Ctrl-C stops)."
)


@pytest.fixture
def library(tmp_path: Path, make_photo: MakePhoto) -> Path:
    """A library of one folder of two photos."""
    for seed in range(2):
        make_photo(tmp_path / "photos" / f"{seed}.jpg", seed)
    path = tmp_path / "library.db"
    indexed = as_json(capsearch("index", tmp_path / "photos", "--library", path, "--json"))
    assert indexed["encoded"] == 2
    return path


@pytest.fixture
def lock(library: Path) -> FileLock:
    return FileLock(f"{library}.indexing")


class Running:
    """A command at work, and what it says on standard error."""

    def __init__(self, *arguments: str | Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "capsearch", *(os.fspath(each) for each in arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.said: list[str] = []
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.said.append(line.rstrip("\n"))
            self._lines.put(line.rstrip("\n"))

    def wait_until_it_waits(self) -> None:
        while self._lines.get(timeout=_LONG) != _WAITS:
            pass
        assert self.process.poll() is None

    def end(self) -> tuple[int, str]:
        """Its exit code and what it printed."""
        assert self.process.stdout is not None
        printed = self.process.stdout.read()
        code = self.process.wait(_LONG)
        self._reader.join(_LONG)
        assert self.said.count(_WAITS) == 1
        return code, printed


@contextmanager
def running(*arguments: str | Path) -> Iterator[Running]:
    command = Running(*arguments)
    try:
        yield command
    finally:
        command.process.kill()
        command.process.wait()


def found(answer: str) -> list[str]:
    return sorted(Path(result["path"]).name for result in json.loads(answer)["results"])


def test_an_index_run_waits_for_another_and_then_does_its_work(
    library: Path, lock: FileLock, tmp_path: Path
) -> None:
    make_photo(tmp_path / "photos" / "new.jpg", 5)
    with lock, running("index", "--library", library, "--json") as command:
        command.wait_until_it_waits()
        lock.release()
        code, printed = command.end()
    assert (code, json.loads(printed)["encoded"]) == (0, 1)


def test_removing_a_folder_waits_too(library: Path, lock: FileLock, tmp_path: Path) -> None:
    given = ("folders", "remove", tmp_path / "photos", "--yes", "--library", library)
    with lock, running(*given) as command:
        command.wait_until_it_waits()
        lock.release()
        code, printed = command.end()
    assert code == 0
    assert "Removed" in printed


def test_forgetting_what_there_is_nothing_of_needs_no_waiting(
    library: Path, lock: FileLock
) -> None:
    with lock:
        refused = capsearch("models", "forget", "another", "--library", library)
    assert_refused(refused)
    assert "There are vectors of" in refused.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no signal is like Ctrl-C there")
@pytest.mark.parametrize(
    "arguments", [("index", "photos"), ("folders", "remove", "photos", "--yes")]
)
def test_who_waits_is_stopped_at_once(
    library: Path, lock: FileLock, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    given = [tmp_path / each if each == "photos" else each for each in arguments]
    with lock, running(*given, "--library", library) as command:
        command.wait_until_it_waits()
        command.process.send_signal(signal.SIGINT)
        code, _ = command.end()
        assert lock.is_locked
    assert code == 130
    assert command.said[-1] == "Stopped. What was done is kept."
    listed = as_json(capsearch("folders", "list", "--library", library, "--json"))
    assert [each["photos"] for each in listed["folders"]] == [2]


def test_a_search_goes_on_beside_a_run_and_says_so_for_a_folder_that_is_known(
    library: Path, lock: FileLock, tmp_path: Path
) -> None:
    make_photo(tmp_path / "photos" / "new.jpg", 5)
    ask = ("search", "a house", "--library", library, "--json")
    with lock:
        plain = capsearch(*ask)
        beside = capsearch(*ask, "--photos", tmp_path / "photos")
        doctor = capsearch("doctor", "--library", library)
    assert (found(plain.stdout), plain.stderr) == (["0.jpg", "1.jpg"], "")
    assert found(beside.stdout) == ["0.jpg", "1.jpg"]
    assert beside.stderr.count("\n") == 1
    assert "holds so far" in beside.stderr
    assert "No problems found." in doctor.stdout


def test_a_search_of_a_folder_that_is_new_waits(
    library: Path, lock: FileLock, tmp_path: Path
) -> None:
    make_photo(tmp_path / "other" / "o.jpg", 7)
    ask = ("search", "a house", "--library", library, "--json", "--photos", tmp_path / "other")
    with lock, running(*ask) as command:
        command.wait_until_it_waits()
        lock.release()
        code, printed = command.end()
    assert (code, found(printed)) == (0, ["o.jpg"])

"""`capsearch watch` as a user runs it: photos come and go, until Ctrl-C."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from make_photo import make_photo
from run_command import as_json, assert_refused, capsearch

_LONG = 60.0


class Watching:
    """A running command and its lines."""

    def __init__(self, *arguments: str | Path) -> None:
        self.lines: queue.Queue[str] = queue.Queue()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "capsearch", "watch", *(os.fspath(each) for each in arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))

    def until(self, wanted: Callable[[str], bool]) -> str:
        while not wanted(line := self.lines.get(timeout=_LONG)):
            assert "Traceback" not in line
        return line


@contextmanager
def watch(*arguments: str | Path) -> Iterator[Watching]:
    watching = Watching(*arguments)
    try:
        yield watching
    finally:
        watching.process.kill()
        watching.process.wait()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for seed in range(3):
        make_photo(tmp_path / "photos" / f"{seed}.jpg", seed)
    return tmp_path / "photos"


def found(library: Path) -> set[str]:
    results = as_json(capsearch("search", "a photo", "--json", "--library", library))["results"]
    return {Path(result["path"]).name for result in results}


def test_photos_that_come_change_and_go_are_said_and_found(folder: Path, tmp_path: Path) -> None:
    library = tmp_path / "library.db"
    with watch(folder, "--library", library) as watching:
        watching.until(lambda line: line == f"Watching {folder}. Ctrl-C ends it.")
        watching.until(lambda line: line.endswith("  3 new"))
        make_photo(folder / "sub" / "new.jpg", 9)
        watching.until(lambda line: line.endswith("  1 new"))
        assert found(library) == {"0.jpg", "1.jpg", "2.jpg", "new.jpg"}
        make_photo(tmp_path / "edited.jpg", 10).replace(folder / "1.jpg")
        watching.until(lambda line: line.endswith("  1 changed"))
        (folder / "0.jpg").unlink()
        watching.until(lambda line: line.endswith("  1 gone"))
        assert found(library) == {"1.jpg", "2.jpg", "new.jpg"}
        watching.process.send_signal(signal.SIGINT)
        watching.until(lambda line: line == "Stopped. What was done is kept.")
        assert watching.process.wait(_LONG) == 130


def test_a_folder_that_another_command_adds_is_watched_too(folder: Path, tmp_path: Path) -> None:
    library, other = tmp_path / "library.db", tmp_path / "other"
    make_photo(other / "o.jpg", 20)
    with watch(folder, "--library", library, "--json") as watching:
        watching.until(lambda line: line.startswith("{") and json.loads(line)["new"] == 3)
        assert capsearch("folders", "add", other, "--library", library).returncode == 0
        watching.until(lambda line: line.startswith("{") and json.loads(line)["new"] == 1)
        assert found(library) == {"0.jpg", "1.jpg", "2.jpg", "o.jpg"}


def test_nothing_to_watch_and_a_name_that_is_none_are_one_sentence(tmp_path: Path) -> None:
    library = tmp_path / "library.db"
    refused = capsearch("watch", "--library", library)
    assert_refused(refused)
    assert "no folders to watch" in refused.stderr
    assert not library.exists()
    assert_refused(capsearch("watch", tmp_path / "typo", "--library", library))

"""Folders removed, moved and left out while the worker is at work: done first, the rest goes on."""

import os
import queue
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from make_photo import MakePhoto
from tiny_library import open_tiny_library

from capsearch.service import EngineClient, Event, IndexingEnded, IndexingFailed, IndexingProgress
from capsearch.service.jobs import FollowJob, IndexJob, RelocateJob, RemoveFolderJob
from capsearch.service.operations import ReadFolders
from capsearch.settings import Settings

PATIENCE = 60


class Service:
    """A client and how its jobs ended."""

    def __init__(self, library: Path) -> None:
        self.waits = threading.Event()
        self.ends: queue.Queue[tuple[Any, bool]] = queue.Queue()
        self.client = EngineClient(library, Settings(), self._take, open_tiny_library)
        self.client.start(watch=False)

    def _take(self, event: Event) -> None:
        if isinstance(event, IndexingProgress) and event.progress.phase == "wait":
            self.waits.set()
        if isinstance(event, IndexingEnded | IndexingFailed):
            self.ends.put((event, self.client.indexer.running))

    def next_end(self) -> Any:
        """How the next job ended."""
        return self.ends.get(timeout=PATIENCE)[0]

    def wait_until_calm(self) -> list[Any]:
        """How all jobs ended, in their order."""
        ends, more = [], True
        while more:
            event, more = self.ends.get(timeout=PATIENCE)
            ends.append(event)
        return ends

    def folders(self) -> dict[str, int]:
        held = self.client.ask(ReadFolders()).result(PATIENCE)
        return {Path(each.folder.path).name: each.photos for each in held}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service(tmp_path / "library.db")
    yield service
    service.client.close()


@pytest.fixture
def folders(tmp_path: Path, make_photo: MakePhoto) -> list[str]:
    """Three folders of four photos each."""
    for seed in range(12):
        make_photo(tmp_path / "abc"[seed % 3] / f"{seed}.jpg", seed)
    return [os.fspath(tmp_path / name) for name in "abc"]


def test_a_removal_is_done_before_the_run_that_goes_on_and_the_rest_of_that_after_it(
    service: Service, folders: list[str]
) -> None:
    service.client.index([folders[0]])
    service.wait_until_calm()
    service.client.indexer.pause()
    service.client.index(folders)
    service.client.remove_folder(folders[0])
    assert service.next_end().report.stopped
    assert isinstance(service.next_end(), IndexingEnded)
    assert service.folders() == {}
    assert service.client.indexer.running
    service.client.indexer.resume()
    (rest,) = service.wait_until_calm()
    assert rest.report.encoded == 8
    assert service.folders() == {"b": 4, "c": 4}


def test_changes_that_come_together_are_made_in_their_order(
    service: Service, folders: list[str]
) -> None:
    service.client.index(folders)
    service.wait_until_calm()
    service.client.indexer.pause()
    service.client.index(folders)
    service.client.exclude(folders[0], ["*.jpg"])
    service.client.exclude(folders[0], ["0.*"])
    service.client.remove_folder(folders[1])
    service.client.indexer.resume()
    ends = service.wait_until_calm()
    assert not [end for end in ends if isinstance(end, IndexingFailed)]
    assert service.folders() == {"a": 3, "c": 4}


def test_a_moved_folder_is_looked_through_at_its_new_place(
    service: Service, folders: list[str]
) -> None:
    service.client.index(folders)
    service.wait_until_calm()
    new = Path(folders[0]).rename(Path(folders[0]).with_name("new"))
    service.client.relocate_folder(folders[0], os.fspath(new))
    moved, looked = service.wait_until_calm()
    assert isinstance(moved, IndexingEnded)
    assert (looked.report.photos, looked.report.encoded, looked.report.failed) == (4, 0, ())
    assert service.folders() == {"b": 4, "c": 4, "new": 4}


def test_a_folder_that_was_moved_by_a_process_that_died_before_it_said_so_is_not_missed(
    service: Service, folders: list[str], tmp_path: Path
) -> None:
    service.client.index(folders[:1])
    service.wait_until_calm()
    new = Path(folders[0]).rename(Path(folders[0]).with_name("new"))
    with open_tiny_library(tmp_path / "library.db", Settings(), None) as library:
        library.relocate_folder(folders[0], os.fspath(new))
    service.client.relocate_folder(folders[0], os.fspath(new))
    ends = service.wait_until_calm()
    assert not [end for end in ends if isinstance(end, IndexingFailed)]
    assert service.folders() == {"new": 4}


def test_a_folder_that_is_not_the_one_looked_for_is_not_taken_into_the_library(
    service: Service, folders: list[str], tmp_path: Path
) -> None:
    service.client.index(folders[:1])
    service.wait_until_calm()
    service.client.relocate_folder(folders[0], folders[1])
    (failed,) = service.wait_until_calm()
    assert isinstance(failed, IndexingFailed)
    assert "0 were there" in failed.message
    assert service.folders() == {"a": 4}


def test_what_waits_is_done_with_the_folders_as_they_are_then() -> None:
    waiting = IndexJob(("/a", "/b"), retry=True, encoder="other")
    assert RemoveFolderJob("/a").left_of(waiting) == IndexJob(("/b",), True, "other")
    assert RemoveFolderJob("/a").left_of(IndexJob(("/a",))) is None
    assert RelocateJob("/a", "/c").left_of(waiting) == IndexJob(("/c", "/b"), True, "other")
    changes = FollowJob(())
    assert RemoveFolderJob("/a").left_of(changes) is changes


def test_a_change_waits_for_a_run_of_another_program(service: Service, folders: list[str]) -> None:
    service.client.index(folders)
    service.wait_until_calm()
    with FileLock(f"{service.client.library}.indexing"):
        service.client.remove_folder(folders[0])
        assert service.waits.wait(PATIENCE)
        assert list(service.folders()) == ["a", "b", "c"]
    service.wait_until_calm()
    assert list(service.folders()) == ["b", "c"]

"""The engine in its own process: it answers, survives being killed, and ends when asked to."""

import os
import queue
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import psutil
import pytest
from tiny_library import open_tiny_library

from capsearch.errors import CapsearchError
from capsearch.library.facade import Library
from capsearch.library.health import repair
from capsearch.library.values import Filters, Question
from capsearch.service import (
    EngineClient,
    EngineGone,
    EngineRestarted,
    EngineStoppedError,
    Event,
    IndexingEnded,
    IndexingFailed,
    IndexingProgress,
    IndexingRestarted,
    Superseded,
)
from capsearch.service.client import EngineBugError
from capsearch.service.operations import (
    Ask,
    Operation,
    ReadChoices,
    ReadState,
    ReadTimeline,
)
from capsearch.settings import Settings

PATIENCE = 60
Value = TypeVar("Value")
MakePhoto = Callable[..., Path]


class Service:
    """A client and the events it told."""

    def __init__(self, library: Path) -> None:
        self.events: queue.Queue[Event] = queue.Queue()
        self.client = EngineClient(library, Settings(), self.events.put, open_tiny_library)
        self.client.start(watch=False)

    def wait_for(self, *kinds: type) -> Any:
        while True:
            event = self.events.get(timeout=PATIENCE)
            if isinstance(event, kinds):
                return event

    def ask(self, operation: Operation[Value]) -> Value:
        return self.client.ask(operation).result(PATIENCE)

    def index(self, folder: Path) -> IndexingEnded:
        self.client.index([os.fspath(folder)])
        ended = self.wait_for(IndexingEnded, IndexingFailed)
        assert isinstance(ended, IndexingEnded), ended
        return ended


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service(tmp_path / "library.db")
    before = {child.pid for child in psutil.Process().children()}
    yield service
    service.client.close()
    ours = {child.pid for child in psutil.Process().children(recursive=True)} - before
    assert not ours - {service.client.engine_pid}


@pytest.fixture
def photos(tmp_path: Path, make_photo: MakePhoto) -> Path:
    folder = tmp_path / "photos"
    for seed in range(12):
        make_photo(folder / f"{seed:02d}.jpg", seed=seed)
    return folder


def test_a_new_library_is_empty_and_has_no_folders(service: Service) -> None:
    state = service.ask(ReadState())
    assert (state.photos, state.folders) == (0, ())


def test_what_was_indexed_is_found_and_browsed(service: Service, photos: Path) -> None:
    assert service.index(photos).report.encoded == 12
    found = service.ask(Ask(Question("a dog")))
    assert sorted(found.ids) == list(range(1, 13))
    assert (found.scores[:-1] >= found.scores[1:]).all()
    assert len(service.ask(ReadTimeline(Filters())).ids) == 12
    assert service.ask(ReadState()).photos == 12


def test_more_like_a_photo_begins_with_the_photo_itself(service: Service, photos: Path) -> None:
    service.index(photos)
    found = service.ask(Ask(Question(photo=5)))
    assert found.ids[0] == 5
    by_file = service.ask(Ask(Question(image=found.facts[0].paths[0])))
    assert by_file.ids[0] == 5


def test_filters_narrow_both_browsing_and_searching(
    service: Service, photos: Path, make_photo: MakePhoto
) -> None:
    make_photo(photos / "inner" / "x.png", seed=50)
    service.index(photos)
    inner = Filters(folders=(os.fspath(photos / "inner"),))
    assert len(service.ask(ReadTimeline(inner)).ids) == 1
    assert len(service.ask(Ask(Question("x", filters=inner))).ids) == 1
    assert service.ask(ReadChoices()).formats == (("JPEG", 12), ("PNG", 1))


def test_of_waiting_questions_only_the_newest_is_answered(service: Service, photos: Path) -> None:
    service.index(photos)
    futures = [service.client.ask(Ask(Question(f"word {n}")), key="search") for n in range(60)]
    assert futures[-1].result(PATIENCE).question.text == "word 59"
    dropped = [f for f in futures if isinstance(f.exception(PATIENCE), Superseded)]
    assert dropped


def test_what_the_user_can_mend_comes_as_a_sentence(service: Service, tmp_path: Path) -> None:
    service.ask(ReadState())
    with pytest.raises(CapsearchError, match="cannot be read"):
        service.ask(Ask(Question(image=os.fspath(tmp_path / "none.jpg"))))


@dataclass(frozen=True)
class AskWhatCannotTravel(Operation[object]):
    """A bug of the kind that once ended a lane without a word."""

    def run(self, library: Library) -> object:
        return library.catalog.connection


def test_a_bug_over_there_is_told_and_the_lane_goes_on(service: Service) -> None:
    with pytest.raises(EngineBugError, match="TypeError"):
        service.ask(AskWhatCannotTravel())
    assert service.ask(ReadState()).photos == 0


def test_a_run_keeps_the_encoder_that_the_library_is_searched_by(
    service: Service, photos: Path
) -> None:
    with open_tiny_library(service.client.library, Settings(), "other") as library:
        library.index([os.fspath(photos)])
    assert Settings().encoder != "other"
    report = service.index(photos).report
    assert (report.encoder, report.encoded) == ("other", 0)
    assert service.ask(ReadState()).encoder == "other"


def test_another_encoder_takes_over_when_it_has_seen_every_photo(
    service: Service, photos: Path
) -> None:
    service.index(photos)
    service.client.index([os.fspath(photos)], encoder="other")
    report = service.wait_for(IndexingEnded).report
    while (report.encoder, report.wanted_encoder) != ("other", None):
        report = service.wait_for(IndexingEnded).report  # after what the watcher told
    assert report.photos == 12
    assert service.ask(ReadState()).encoder == "other"
    assert service.ask(Ask(Question("a dog"))).encoder == "other"


def test_an_encoder_that_cannot_be_had_changes_nothing(service: Service, photos: Path) -> None:
    service.index(photos)
    service.client.index([os.fspath(photos)], encoder="nowhere/none")
    assert "no encoder 'nowhere/none'" in service.wait_for(IndexingFailed).message
    assert service.index(photos).report.encoder == "starter"
    assert service.ask(ReadState()).wanted_encoder is None


def test_a_library_that_the_window_has_open_is_not_repaired_under_it(
    service: Service, photos: Path
) -> None:
    service.index(photos)
    assert service.ask(ReadState()).photos == 12
    library = service.client.library
    damaged = library.read_bytes()[:20_000]
    library.write_bytes(damaged)
    with pytest.raises(CapsearchError, match="has this library open"):
        repair(library)
    assert library.read_bytes() == damaged
    service.client.close()
    assert repair(library).set_aside is not None


def test_a_killed_engine_is_started_again_and_asked_again(service: Service, photos: Path) -> None:
    service.index(photos)
    first = service.client.engine_pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    found = service.ask(Ask(Question("a dog")))
    service.wait_for(EngineRestarted)
    assert len(found.ids) == 12
    assert service.client.engine_pid != first


def test_an_engine_that_dies_again_and_again_is_left_alone(service: Service) -> None:
    for _ in range(4):
        pid = service.client.engine_pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        event = service.wait_for(EngineRestarted, EngineGone)
    assert isinstance(event, EngineGone)
    with pytest.raises(EngineStoppedError):
        service.ask(ReadState())


def test_a_killed_indexer_is_started_again_and_nothing_is_lost(
    service: Service, photos: Path
) -> None:
    service.client.index([os.fspath(photos)])
    service.wait_for(IndexingProgress)
    pid = service.client.indexer.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    service.wait_for(IndexingRestarted)
    assert service.wait_for(IndexingEnded).report.photos == 12


def test_a_paused_run_waits_and_goes_on(service: Service, photos: Path) -> None:
    service.client.indexer.pause()
    service.client.index([os.fspath(photos)])
    service.wait_for(IndexingProgress)
    time.sleep(0.3)
    assert service.events.empty()
    assert service.ask(ReadState()).photos == 0
    service.client.indexer.resume()
    assert service.wait_for(IndexingEnded).report.photos == 12


def test_a_folder_asked_for_meanwhile_follows(
    service: Service, photos: Path, tmp_path: Path, make_photo: MakePhoto
) -> None:
    make_photo(tmp_path / "more" / "a.jpg", seed=99)
    service.client.index([os.fspath(photos)])
    service.client.index([os.fspath(tmp_path / "more")])
    service.wait_for(IndexingEnded)
    service.wait_for(IndexingEnded)
    assert service.ask(ReadState()).photos == 13


def test_one_process_does_job_after_job(
    service: Service, photos: Path, make_photo: MakePhoto
) -> None:
    service.index(photos)
    first = service.client.indexer.pid
    make_photo(photos / "new.jpg", seed=77)
    assert service.index(photos).report.encoded == 1
    assert service.client.indexer.pid == first


def test_a_process_killed_between_two_jobs_is_missed_by_nobody(
    service: Service, photos: Path
) -> None:
    service.index(photos)
    pid = service.client.indexer.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert service.index(photos).report.photos == 12
    assert service.client.indexer.pid != pid


def test_a_folder_that_does_not_exist_is_one_sentence(service: Service, tmp_path: Path) -> None:
    service.client.index([os.fspath(tmp_path / "nowhere")])
    assert "no such folder" in service.wait_for(IndexingFailed).message


def test_closing_while_indexing_leaves_no_process_and_a_whole_library(
    tmp_path: Path, photos: Path
) -> None:
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    service = Service(tmp_path / "library.db")
    service.client.index([os.fspath(photos)])
    service.wait_for(IndexingProgress)
    service.client.close()
    left = [
        child
        for child in psutil.Process().children(recursive=True)
        if child.pid not in before and "resource_tracker" not in " ".join(child.cmdline())
    ]
    assert left == []
    again = Service(tmp_path / "library.db")
    assert again.index(photos).report.photos == 12
    again.client.close()

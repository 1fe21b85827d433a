"""A model comes and goes in a process of its own: it can be held, given up and killed."""

import os
import queue
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from fake_hub import FakeHub
from model_hub import MEGABYTE, NAME, SIZE, WEIGHTS, arrived_parts, arrived_weights, model_hub
from small_disk import mounted_disk

from capsearch.errors import CapsearchError
from capsearch.service import (
    EngineClient,
    Event,
    ModelDiscarded,
    ModelFailed,
    ModelPaused,
    ModelProgress,
    ModelReady,
)
from capsearch.service.model_process import ImportModel, InstallModel
from capsearch.service.operations import ReadShelf, RemoveModel
from capsearch.settings import Settings

PATIENCE = 60


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    with model_hub(tmp_path, monkeypatch) as server:
        yield server


class Service:
    def __init__(self, library: Path) -> None:
        self.events: queue.Queue[Event] = queue.Queue()
        self.client = EngineClient(library, Settings(), self.events.put)
        self.client.start(watch=False)
        self.installer = self.client.installer

    def outcome(self) -> Any:
        while True:
            event = self.events.get(timeout=PATIENCE)
            if not isinstance(event, ModelProgress):
                return event

    def wait_for_bytes(self, count: int) -> None:
        while True:
            event = self.events.get(timeout=PATIENCE)
            assert isinstance(event, ModelProgress), event
            if event.progress is not None and event.progress.done_bytes >= count:
                assert event.progress.total_bytes == SIZE
                return

    def offer(self) -> tuple[bool, int]:
        """Whether the model is here, and what has begun to arrive of it."""
        shelf = self.client.ask(ReadShelf()).result(PATIENCE)
        (found,) = (offer for offer in shelf.models if offer.info.name == NAME)
        return found.info.installed, found.begun_bytes


@pytest.fixture
def service(tmp_path: Path, hub: FakeHub) -> Iterator[Service]:
    service = Service(tmp_path / "library.db")
    yield service
    service.client.close()
    assert not [child for child in psutil.Process().children() if "model" in child.name()]


def begin_slowly(service: Service, hub: FakeHub) -> None:
    hub.slow_after = MEGABYTE
    assert service.installer.start(InstallModel(NAME))
    service.wait_for_bytes(MEGABYTE)


def test_a_model_is_listed_downloaded_and_removed(
    service: Service, hub: FakeHub, tmp_path: Path
) -> None:
    shelf = service.client.ask(ReadShelf()).result(PATIENCE)
    assert shelf.folder == os.fspath(tmp_path / "hf" / "hub")
    assert shelf.free_bytes
    assert shelf.engine is None
    assert service.offer() == (False, 0)
    assert service.installer.start(InstallModel(NAME))
    service.wait_for_bytes(SIZE)
    assert service.outcome() == ModelReady(NAME)
    assert service.offer() == (True, 0)
    assert service.client.ask(RemoveModel(NAME)).result(PATIENCE) >= SIZE
    assert service.offer() == (False, 0)
    with pytest.raises(CapsearchError, match="is not on this machine"):
        service.client.ask(RemoveModel(NAME)).result(PATIENCE)


def test_a_held_download_goes_on_where_it_was(
    service: Service, hub: FakeHub, tmp_path: Path
) -> None:
    begin_slowly(service, hub)
    assert not service.installer.start(InstallModel("starter"))
    assert not service.installer.discard("starter")
    service.installer.pause()
    assert service.outcome() == ModelPaused(NAME)
    assert service.installer.job is None
    (part,) = arrived_parts(tmp_path)
    arrived = part.stat().st_size
    assert service.offer() == (False, arrived)
    hub.slow_after = None
    hub.asked.clear()
    assert service.installer.start(InstallModel(NAME))
    assert service.outcome() == ModelReady(NAME)
    assert hub.begins(WEIGHTS)[0] == arrived


@pytest.mark.parametrize("held", [False, True])
def test_nothing_is_left_of_a_download_that_is_given_up(
    service: Service, hub: FakeHub, tmp_path: Path, held: bool
) -> None:
    begin_slowly(service, hub)
    if held:
        service.installer.pause()
        assert service.outcome() == ModelPaused(NAME)
    assert service.installer.discard(NAME)
    assert service.outcome() == ModelDiscarded(NAME)
    assert not arrived_parts(tmp_path)
    assert service.offer() == (False, 0)


def test_a_process_that_is_killed_is_told_and_what_arrived_is_kept(
    service: Service, hub: FakeHub
) -> None:
    begin_slowly(service, hub)
    assert service.installer.pid is not None
    os.kill(service.installer.pid, signal.SIGTERM)
    failed = service.outcome()
    assert isinstance(failed, ModelFailed)
    assert "ended unexpectedly" in failed.message
    assert service.offer()[1] >= MEGABYTE


def test_closing_stops_a_download_and_keeps_what_arrived(
    service: Service, hub: FakeHub, tmp_path: Path
) -> None:
    begin_slowly(service, hub)
    service.client.close()
    assert service.installer.pid is None
    (part,) = arrived_parts(tmp_path)
    assert part.stat().st_size >= MEGABYTE
    assert not arrived_weights(tmp_path)
    assert not service.installer.start(InstallModel(NAME))


def test_each_fault_is_told_by_its_kind(
    service: Service, hub: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault() -> str:
        assert service.installer.start(InstallModel(NAME))
        failed = service.outcome()
        assert isinstance(failed, ModelFailed), failed
        assert not failed.traceback
        return failed.fault

    hub.checksum = "0" * 64
    assert fault() == "changed"
    hub.checksum = None
    hub.statuses = [404]
    hub.error_code = "RepoNotFound"
    assert fault() == "refused"
    hub.breaks_off, hub.ignores_ranges = MEGABYTE, True
    assert fault() == "offline"
    with mounted_disk(tmp_path / "small") as disk:
        monkeypatch.setenv("HF_HOME", os.fspath(disk.path))
        assert fault() == "room"


def test_what_is_no_model_is_not_taken_in(service: Service, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    assert service.installer.start(ImportModel(os.fspath(tmp_path / "photos")))
    failed = service.outcome()
    assert isinstance(failed, ModelFailed)
    assert failed.next_step
    assert not failed.traceback

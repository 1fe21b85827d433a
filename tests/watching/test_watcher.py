"""Real folders, watched: what changed is told, once, when it is whole."""

import os
import queue
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cloud_files import Cloud
from tiny_encoder import TinyEncoder
from watchdog.events import FileModifiedEvent
from watchdog.observers.api import EventQueue, ObservedWatch
from watchdog.utils.dirsnapshot import DirectorySnapshot

from capsearch.catalog.catalog import Catalog
from capsearch.indexing.run import index_changes
from capsearch.indexing.scope import Scope
from capsearch.watching import Changes, LibraryWatcher
from capsearch.watching.changes import PendingChanges
from capsearch.watching.handler import ChangeHandler
from capsearch.watching.observers import SHARE_OF_A_CORE, Observers, PatientEmitter, polls

_LONG = 20.0


class Told:
    """What a watcher said."""

    def __init__(self) -> None:
        self.queue: queue.Queue[Changes] = queue.Queue()
        self.watcher: LibraryWatcher

    def until(self, wanted: Callable[[Changes], bool]) -> list[Changes]:
        """Everything told until something that is wanted."""
        found: list[Changes] = []
        while not found or not wanted(found[-1]):
            found.append(self.queue.get(timeout=_LONG))
        return found


def covers(path: Path) -> Callable[[Changes], bool]:
    """Whether changes say that the file at `path` can be read now."""

    def check(changes: Changes) -> bool:
        folder = os.fspath(path.parent)
        seen = any(
            s.folder == folder or (s.deep and folder.startswith(s.folder + os.sep))
            for s in changes.scopes
        )
        return seen and os.fspath(path) not in changes.unsettled

    return check


@contextmanager
def watching(*folders: Path, **options) -> Iterator[Told]:
    told = Told()
    before = set(threading.enumerate())
    with LibraryWatcher([os.fspath(f) for f in folders], told.queue.put, **options) as watcher:
        waiting = {os.fspath(folder) for folder in folders}
        told.watcher = watcher
        while waiting:
            waiting -= {scope.folder for scope in told.queue.get(timeout=_LONG).scopes}
        yield told
    assert set(threading.enumerate()) - before == set(), "threads are left behind"


@pytest.fixture
def folder(tmp_path: Path, make_photo) -> Path:
    make_photo(tmp_path / "photos" / "sub" / "a.jpg", seed=1)
    return tmp_path / "photos"


@pytest.fixture(params=["native", "polled"])
def options(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    if request.param == "polled":
        monkeypatch.setattr("capsearch.watching.observers.polls", lambda folder: True)
    return {"poll_seconds": 0.3}


def test_a_new_a_changed_a_moved_and_a_deleted_photo_are_told(
    folder: Path, options: dict[str, float], make_photo
) -> None:
    with watching(folder, **options) as told:
        photo = make_photo(folder / "sub" / "new.jpg", seed=2)
        assert told.until(covers(photo))[-1].scopes == (Scope(os.fspath(photo.parent), False),)
        make_photo(photo, seed=3)
        told.until(covers(photo))
        photo.rename(folder / "moved.jpg")
        told.until(covers(folder / "moved.jpg"))
        (folder / "sub" / "a.jpg").unlink()
        told.until(covers(folder / "sub" / "a.jpg"))


def test_folders_that_come_move_and_go_are_told_whole(
    folder: Path, options: dict[str, float], make_photo, tmp_path: Path
) -> None:
    make_photo(tmp_path / "elsewhere" / "deep" / "x.jpg", seed=5)
    with watching(folder, **options) as told:
        (tmp_path / "elsewhere").rename(folder / "come")
        told.until(covers(folder / "come" / "deep" / "x.jpg"))
        (folder / "come").rename(folder / "moved")
        told.until(covers(folder / "moved" / "deep" / "x.jpg"))
        shutil.rmtree(folder / "moved")
        told.until(covers(folder / "moved" / "deep" / "x.jpg"))


def test_a_photo_moved_into_a_new_folder_is_told_there_and_here_at_once(
    folder: Path, make_photo
) -> None:
    """Told apart, it would be gone in between. The system may not tell that it was a move."""
    pending = PendingChanges()
    here, there = os.fspath(folder), os.fspath(folder / "new")
    moved = make_photo(folder / "new" / "a.jpg", seed=2)
    pending.folder_changed(there, 0.0, deep=True)
    pending.file_written(os.fspath(moved), 0.0, closed=False)
    pending.folder_changed(here, 0.5, deep=False)
    assert pending.take(0.9, [here]) is None
    told = pending.take(1.2, [here])
    assert told == Changes((Scope(there), Scope(here, deep=False)), frozenset())


def test_a_photo_is_not_told_before_it_is_written_to_the_end(folder: Path, make_photo) -> None:
    whole = make_photo(folder.parent / "whole.jpg", seed=2).read_bytes()
    with watching(folder) as told:
        path = folder / "slow.jpg"
        with path.open("wb") as file:
            for byte in range(4):
                file.write(whole[byte * len(whole) // 4 : (byte + 1) * len(whole) // 4])
                file.flush()
                (folder / f"{byte}.xmp").write_text("other things happen meanwhile")
                time.sleep(0.5)
                said = list(told.queue.queue)
                assert not any(covers(path)(changes) for changes in said)
        told.until(covers(path))


def test_a_change_of_a_file_that_is_only_in_the_cloud_is_told_and_nothing_is_opened(
    folder: Path, cloud: Cloud
) -> None:
    photo = folder / "sub" / "a.jpg"
    cloud.free(photo)
    pending = PendingChanges()
    with cloud.nothing_opened():
        ChangeHandler(pending).on_any_event(FileModifiedEvent(os.fspath(photo)))
        told = pending.take(time.monotonic() + 10, [os.fspath(folder)])
    assert told == Changes((Scope(os.fspath(photo.parent), deep=False),), frozenset())


def test_downloads_and_foreign_files_are_nothing(folder: Path, make_photo) -> None:
    with watching(folder) as told:
        for name in ("a.jpg.part", "b.jpg.crdownload", "c.tmp", "notes.txt"):
            (folder / name).write_bytes(b"half a photo")
        make_photo(folder / "sub" / "last.jpg", seed=3)
        found = told.until(covers(folder / "sub" / "last.jpg"))
        assert {scope.folder for changes in found for scope in changes.scopes} == {
            os.fspath(folder / "sub")
        }
        (folder / "a.jpg.part").rename(folder / "a.jpg")
        told.until(covers(folder / "a.jpg"))


def test_a_burst_is_told_in_few_words(folder: Path, make_photo) -> None:
    photo = make_photo(folder.parent / "one.jpg", seed=2)
    with watching(folder) as told:
        for number in range(300):
            shutil.copy(photo, folder / "sub" / f"{number}.jpg")
        found = told.until(covers(folder / "sub" / "299.jpg"))
        assert len(found) <= 20
        assert {scope.folder for changes in found for scope in changes.scopes} == {
            os.fspath(folder / "sub")
        }


def test_a_folder_that_goes_and_comes_back_is_told_whole_both_times(
    folder: Path, make_photo
) -> None:
    def is_whole(changes: Changes) -> bool:
        return Scope(os.fspath(folder)) in changes.scopes

    with watching(folder) as told:
        folder.rename(folder.parent / "unplugged")
        told.until(is_whole)
        (folder.parent / "unplugged").rename(folder)
        told.until(is_whole)
        photo = make_photo(folder / "sub" / "later.jpg", seed=4)
        told.until(covers(photo))


def test_folders_can_be_added_taken_away_and_looked_at_on_demand(
    folder: Path, tmp_path: Path, make_photo
) -> None:
    other = make_photo(tmp_path / "other" / "x.jpg", seed=5).parent
    with watching(folder) as told:
        told.watcher.set_folders([os.fspath(other)])
        told.until(lambda changes: Scope(os.fspath(other)) in changes.scopes)
        make_photo(folder / "unseen.jpg", seed=6)
        told.watcher.look_again()
        found = told.until(lambda changes: Scope(os.fspath(other)) in changes.scopes)
        assert {scope.folder for changes in found for scope in changes.scopes} == {os.fspath(other)}


def test_at_the_systems_limit_folders_are_polled_and_it_is_said_once(
    folder: Path, tmp_path: Path, make_photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Observers, observer: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(Observers, "_probe", refuse)
    other = make_photo(tmp_path / "other" / "x.jpg", seed=5).parent
    notices: list[str] = []
    with watching(folder, other, notice=notices.append, poll_seconds=0.3) as told:
        photo = make_photo(folder / "new.jpg", seed=6)
        told.until(covers(photo))
    [notice] = notices
    assert "fs.inotify.max_user_watches" in notice


def test_a_polled_folder_is_looked_at_ever_more_seldom_until_something_changes(
    folder: Path, make_photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    emitter = PatientEmitter(EventQueue(), ObservedWatch(os.fspath(folder), recursive=True))
    waits: list[float] = []
    monkeypatch.setattr(emitter.stopped_event, "wait", waits.append)
    monkeypatch.setattr(emitter, "should_keep_running", lambda: True)
    emitter.on_thread_start()
    for _ in range(12):
        emitter.queue_events(10.0)
    assert waits[:3] == [10.0, 15.0, 22.5]
    assert waits[-1] == 200.0
    make_photo(folder / "new.jpg", seed=8)
    emitter.queue_events(10.0)
    emitter.queue_events(10.0)
    assert waits[-1] == 10.0


class CostlyLooks:
    """A polled folder at which each look takes so many seconds of a core; nobody waits for real.

    `waits` are the pauses before the looks.
    """

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, cost: float, sharers: int) -> None:
        self.cost, self.spent = cost, 0.0
        self.waits: list[float] = []
        watch = ObservedWatch(os.fspath(folder), recursive=True)
        self.emitter = PatientEmitter(EventQueue(), watch, sharers=lambda: sharers)
        self._take = self.emitter._take_snapshot
        patch.setattr("capsearch.watching.observers.time.thread_time", lambda: self.spent)
        patch.setattr(self.emitter, "_take_snapshot", self._look_at_cost)
        patch.setattr(self.emitter, "should_keep_running", lambda: True)
        patch.setattr(self.emitter.stopped_event, "wait", self.waits.append)
        self.emitter.on_thread_start()

    def look(self) -> None:
        self.emitter.queue_events(15.0)

    def share(self) -> float:
        """Of a core, once the last look is paid for as the others are."""
        paid = self.spent - self.cost
        return paid / (sum(self.waits) + paid)

    def _look_at_cost(self) -> DirectorySnapshot:
        self.spent += self.cost
        return self._take()


@pytest.mark.parametrize("cost", [0.001, 0.2, 1.6, 30.0])
@pytest.mark.parametrize("sharers", [1, 4])
@pytest.mark.parametrize("changing", [False, True])
def test_polling_costs_no_more_than_its_share_of_a_core_however_much_there_is(
    folder: Path,
    make_photo,
    monkeypatch: pytest.MonkeyPatch,
    cost: float,
    sharers: int,
    changing: bool,
) -> None:
    looks = CostlyLooks(folder, monkeypatch, cost, sharers)
    for number in range(20):
        if changing:
            make_photo(folder / f"{number}.jpg", seed=number)
        looks.look()
    assert looks.share() * sharers <= SHARE_OF_A_CORE
    assert min(looks.waits) >= 15.0
    if changing:  # not more seldom than it must be
        assert max(looks.waits) <= max(15.0, 1.01 * cost * sharers / SHARE_OF_A_CORE)


def test_a_folder_that_became_small_is_polled_as_often_as_any(
    folder: Path, make_photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = CostlyLooks(folder, monkeypatch, 3.0, 1)
    looks.look()
    assert looks.waits == [pytest.approx(300.0)]
    looks.cost = 0.01
    looks.look()
    make_photo(folder / "new.jpg", seed=1)
    looks.look()
    looks.look()
    assert looks.waits[-1] == 15.0


def test_all_polled_folders_share_what_they_may_cost(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("capsearch.watching.observers.polls", lambda folder: True)
    (tmp_path / "other").mkdir()
    observers = Observers(ChangeHandler(PendingChanges()), 60.0)
    try:
        observers.watch(os.fspath(folder))
        observers.watch(os.fspath(tmp_path / "other"))
        assert observers._polling is not None
        emitters = list(observers._polling.emitters)
        assert len(emitters) == 2
        assert all(isinstance(each, PatientEmitter) and each._sharers() == 2 for each in emitters)
        observers.forget(os.fspath(folder))
        assert all(isinstance(each, PatientEmitter) and each._sharers() == 1 for each in emitters)
    finally:
        observers.close()


def test_a_poll_looks_at_nothing_that_a_walk_passes_over(folder: Path) -> None:
    for name in ("@eaDir/a.jpg", "#recycle/a.jpg", ".hidden/a.jpg", "notes.txt", ".picasa.ini"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"x")
    watch = ObservedWatch(os.fspath(folder), recursive=True)
    seen = PatientEmitter(EventQueue(), watch)._take_snapshot().paths
    assert {os.path.relpath(os.fsdecode(path), folder) for path in seen} == {
        ".", "sub", os.fspath(Path("sub", "a.jpg")), ".picasa.ini",
    }  # fmt: skip


def test_a_local_folder_needs_no_polling_and_a_network_path_does(tmp_path: Path) -> None:
    assert not polls(os.fspath(tmp_path))
    assert polls("\\\\server\\photos")


def test_what_is_told_makes_a_new_photo_findable(folder: Path, tmp_path: Path, make_photo) -> None:
    with watching(folder) as told, Catalog.open(tmp_path / "library.db") as catalog:

        def index(changes: Changes) -> int:
            report = index_changes(
                catalog, TinyEncoder(), changes.scopes, unsettled=changes.unsettled, workers=1
            )
            return report.encoded

        with catalog.transaction():
            catalog.record_scan(os.fspath(folder), online=True)
        assert index(Changes((Scope(os.fspath(folder)),), frozenset())) == 1
        photo = make_photo(folder / "new.jpg", seed=9)
        assert sum(index(changes) for changes in told.until(covers(photo))) == 1
        photo.unlink()
        for changes in told.until(covers(photo)):
            index(changes)
        assert catalog.count_vectors(TinyEncoder().identity) == 1

"""A disk that is full, or read-only, whatever is written to a library: a sentence, nothing lost,
and it goes on once there is room."""

import os
import queue
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from make_photo import MakePhoto
from small_disk import SmallDisk
from tiny_library import load_tiny, open_tiny_library

from capsearch.catalog.database import connect
from capsearch.catalog.integrity import find_problems
from capsearch.catalog.schema import STEPS
from capsearch.errors import CapsearchError
from capsearch.lab.kills.contents import contents
from capsearch.library.facade import Library
from capsearch.library.profile_keeper import forget_profile
from capsearch.library.values import Question, Scope
from capsearch.service import EngineClient, Event, IndexingEnded, IndexingFailed
from capsearch.settings import Settings

PATIENCE = 60
Write = Callable[[Library, Path], object]


@pytest.fixture
def photos(tmp_path: Path, make_photo: MakePhoto) -> Path:
    """`a`, of which `moved` is a copy, and `b`, where the last photos are not indexed yet."""
    for seed in range(20):
        make_photo(tmp_path / "photos" / "ab"[seed % 2] / f"{seed:02d}.jpg", seed)
    return tmp_path / "photos"


@pytest.fixture
def library(disk: SmallDisk, photos: Path, make_photo: MakePhoto) -> Iterator[Library]:
    with Library(disk.path / "library.db", load=load_tiny) as library:
        library.index([os.fspath(photos / "a"), os.fspath(photos / "b")])
        (photos / "a").rename(photos / "moved")
        (photos / "a").mkdir()
        for seed in range(20, 40):
            make_photo(photos / "b" / f"{seed}.jpg", seed)
        yield library


def learn(library: Library, photos: Path) -> None:
    forget_profile(library.catalog, library.encoder.identity)
    library.prepare()


def switch_encoder(library: Library, photos: Path) -> None:
    library.want_encoder("other")
    library.index([os.fspath(photos / "b")])


WRITES: dict[str, Write] = {
    "index run": lambda library, photos: library.index([os.fspath(photos / "b")]),
    "what changed": lambda library, photos: library.index_changes([Scope(os.fspath(photos / "b"))]),
    "profile": learn,
    "encoder switch": switch_encoder,
    "folder taken in": lambda library, photos: library.add_folders([os.fspath(photos)]),
    "folder removed": lambda library, photos: library.remove_folder(os.fspath(photos / "a")),
    "folder moved": lambda library, photos: library.relocate_folder(
        os.fspath(photos / "a"), os.fspath(photos / "moved")
    ),
    "patterns": lambda library, photos: library.set_exclusions(os.fspath(photos / "b"), ["x"]),
}


@pytest.mark.parametrize("opened", [True, False])
@pytest.mark.parametrize("name", WRITES)
def test_a_full_disk_is_a_sentence_costs_nothing_and_with_room_it_goes_on(
    name: str, opened: bool, library: Library, photos: Path, disk: SmallDisk
) -> None:
    write, before = WRITES[name], contents(library.catalog)
    library.close()
    if opened:
        library.catalog.counts()
    with disk.full(), pytest.raises(CapsearchError, match="no room left"):
        write(library, photos)
    assert find_problems(library.catalog) == ()
    assert contents(library.catalog) == before
    write(library, photos)
    assert find_problems(library.catalog) == ()
    if name != "profile":
        assert contents(library.catalog) != before


@pytest.mark.parametrize("name", WRITES)
def test_a_read_only_disk_is_a_sentence_costs_nothing_and_unlocked_it_goes_on(
    name: str, library: Library, photos: Path, disk: SmallDisk
) -> None:
    write, before = WRITES[name], contents(library.catalog)
    library.close()
    with disk.read_only(), pytest.raises(CapsearchError, match="read-only"):
        write(library, photos)
    assert contents(library.catalog) == before
    write(library, photos)
    assert find_problems(library.catalog) == ()


def test_a_library_in_use_is_searched_on_a_full_disk_without_its_caches(
    library: Library, disk: SmallDisk
) -> None:
    asked = Question("a dog", count=100)
    before = library.answer(asked)
    library.close()
    for file in library.cache_folder.iterdir():
        file.unlink()
    library.catalog.counts()
    with disk.full():
        assert library.answer(asked).ids.tolist() == before.ids.tolist()
        assert list(library.cache_folder.iterdir()) == []


@pytest.mark.parametrize("trouble", ["full", "read_only"])
def test_a_migration_on_such_a_disk_leaves_the_older_library(
    trouble: str, disk: SmallDisk, tmp_path: Path
) -> None:
    path = disk.path / "library.db"
    connect(path, read_only=False, steps=STEPS[:1]).close()
    before = path.read_bytes()
    library = Library(path, load=load_tiny)
    words = {"full": "no room left", "read_only": "read-only"}[trouble]
    with getattr(disk, trouble)(), pytest.raises(CapsearchError, match=words):
        library.state()
    assert path.read_bytes() == before
    assert [file.name for file in disk.path.iterdir() if file.suffix == ".tmp"] == []
    with library:
        assert library.state().photos == 0


@pytest.mark.parametrize("trouble", ["full", "read_only"])
def test_settings_that_cannot_be_saved_are_a_sentence_and_the_old_ones_stay(
    trouble: str, disk: SmallDisk
) -> None:
    path = disk.path / "settings.json"
    Settings(encoder="tiny").save(path)
    with getattr(disk, trouble)(), pytest.raises(CapsearchError, match="cannot be saved"):
        Settings(encoder="other").save(path)
    assert Settings.load(path).encoder == "tiny"
    Settings(encoder="other").save(path)
    assert Settings.load(path).encoder == "other"


def test_the_window_is_told_of_a_full_disk_and_does_the_rest_later(
    library: Library, photos: Path, disk: SmallDisk
) -> None:
    before = library.state().photos
    library.close()
    ends: queue.Queue[Any] = queue.Queue()

    def take(event: Event) -> None:
        if isinstance(event, IndexingEnded | IndexingFailed):
            ends.put(event)

    client = EngineClient(library.path, Settings(), take, open_tiny_library)
    client.start(watch=False)
    try:
        with disk.full():
            client.index([os.fspath(photos / "b")])
            failed = ends.get(timeout=PATIENCE)
            assert isinstance(failed, IndexingFailed)
            assert ("no room left" in failed.message, failed.traceback) == (True, "")
        client.index([os.fspath(photos / "b")])
        assert ends.get(timeout=PATIENCE).report.encoded == 20
    finally:
        client.close()
    assert library.state().photos == before + 20

"""Which encoder a library is searched by, and when another takes its place."""

import gc
import os
import threading
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from make_photo import MakePhoto
from tiny_encoder import TinyEncoder
from tiny_library import load_tiny

from capsearch.commands.doctor import as_text, examine
from capsearch.commands.index import report_as_text
from capsearch.encoders.base import Encoder
from capsearch.errors import CapsearchError, LibraryBusyError
from capsearch.library.facade import Library
from capsearch.library.values import Progress, Question, Scope

OpenLibrary = Callable[..., Library]


@pytest.fixture
def photos(tmp_path: Path, make_photo: MakePhoto) -> str:
    for seed in range(20):
        make_photo(tmp_path / "photos" / f"{seed:02d}.jpg", seed)
    return os.fspath(tmp_path / "photos")


@pytest.fixture
def open_library(tmp_path: Path) -> Iterator[OpenLibrary]:
    opened: list[Library] = []

    def open_one(encoder: str | None = None, **options: object) -> Library:
        options.setdefault("load", load_tiny)
        opened.append(Library(tmp_path / "library.db", encoder=encoder, **options))  # type: ignore[arg-type]
        return opened[-1]

    yield open_one
    for library in opened:
        library.close()


def index_a_part(library: Library, photos: str) -> None:
    stop = threading.Event()

    def stop_in_the_middle(progress: Progress) -> None:
        if progress.phase == "index" and progress.wanted_encoder:
            stop.set()

    assert library.index([photos], progress=stop_in_the_middle, stop=stop).stopped


def test_a_new_library_begins_with_the_settings_encoder(
    open_library: OpenLibrary, photos: str
) -> None:
    library = open_library()
    library.index([photos])
    assert library.state().encoder == "starter"


def test_the_encoder_of_the_first_run_stays_the_librarys_own(
    open_library: OpenLibrary, photos: str, tmp_path: Path, make_photo: MakePhoto
) -> None:
    open_library("other").index([photos])
    make_photo(tmp_path / "photos" / "new.jpg", 99)
    later = open_library()
    assert later.index([photos]).encoder == "other"
    assert later.answer(Question("a dog")).encoder == "other"


def test_a_wanted_encoder_searches_only_once_it_has_seen_every_photo(
    open_library: OpenLibrary, photos: str
) -> None:
    library = open_library()
    library.index([photos])
    library.want_encoder("other")
    index_a_part(library, photos)
    assert (library.state().encoder, library.state().wanted_encoder) == ("starter", "other")
    assert library.answer(Question("a dog")).encoder == "starter"
    library.close()

    # The next start goes on with the change, and is through with it.
    later = open_library()
    assert later.index([photos]).encoder == "other"
    assert (later.state().encoder, later.state().wanted_encoder) == ("other", None)


def test_new_photos_are_found_at_once_while_a_wanted_encoder_is_at_work(
    open_library: OpenLibrary, photos: str, make_photo: MakePhoto
) -> None:
    library = open_library()
    library.index([photos])
    library.want_encoder("other")
    make_photo(Path(photos) / "new.jpg", 99)
    index_a_part(library, photos)
    found = library.answer(Question("a dog"))
    assert (found.encoder, len(found.ids)) == ("starter", 21)
    make_photo(Path(photos) / "newer.jpg", 98)
    report = library.index_changes([Scope(photos)])
    assert (report.encoder, report.photos, report.encoded, report.new) == ("other", 22, 22, 1)
    assert library.state().encoder == "other"


def test_the_second_set_tells_its_progress_and_whose_it_is(
    open_library: OpenLibrary, photos: str
) -> None:
    told: list[Progress] = []
    library = open_library()
    library.index([photos], progress=told.append)
    assert {progress.wanted_encoder for progress in told} == {None}
    library.want_encoder("other")
    told.clear()
    library.index([photos], progress=told.append)
    assert [p.total for p in told if p.phase == "index" and not p.wanted_encoder] == [0]
    second = [p for p in told if p.phase == "finish" and p.wanted_encoder == "other"]
    assert [(p.done, p.total) for p in second] == [(20, 20)]


def test_a_wanted_encoder_that_cannot_be_loaded_is_told_and_keeps_no_photo_away(
    open_library: OpenLibrary, photos: str, make_photo: MakePhoto
) -> None:
    there = {"starter", "other"}
    loaded: list[str] = []

    def load_what_is_there(name: str, device: str) -> Encoder:
        loaded.append(name)
        if name not in there:
            raise CapsearchError(f"The weights of {name} are gone.", "Connect their drive.")
        return load_tiny(name, device)

    library = open_library(load=load_what_is_there)
    library.index([photos])
    library.want_encoder("other")
    there.remove("other")
    make_photo(Path(photos) / "new.jpg", 99)
    report = library.index([photos])
    assert (report.encoder, report.encoded, report.new) == ("starter", 1, 1)
    assert report.notice == (
        "The encoder 'other' cannot take over now. The weights of other are gone. "
        "Connect their drive."
    )
    assert len(library.answer(Question("a dog")).ids) == 21

    # A small change does not try again, nor say it again; a run that somebody asked for does.
    loaded.clear()
    make_photo(Path(photos) / "newer.jpg", 98)
    small = library.index_changes([Scope(photos)])
    assert (small.encoded, small.notice, "other" in loaded) == (1, "", False)
    assert (small.wanted_encoder, small.waiting) == ("other", 22)
    assert library.index([photos]).notice
    there.add("other")
    assert library.index([photos]).encoder == "other"
    assert library.state().wanted_encoder is None


def test_an_encoder_that_is_gone_is_followed_by_the_wanted_one(
    open_library: OpenLibrary, photos: str, tmp_path: Path, make_photo: MakePhoto
) -> None:
    drive = tmp_path / "drive"
    for seed in range(12):
        make_photo(drive / f"{seed}.jpg", 100 + seed)
    folders = [photos, os.fspath(drive)]
    there = {"starter", "other"}

    def load_what_is_there(name: str, device: str) -> Encoder:
        return load_tiny(name if name in there else f"no {name}", device)

    library = open_library(load=load_what_is_there)
    library.index(folders)
    library.want_encoder("other")
    there.remove("starter")
    drive.rename(tmp_path / "unplugged")
    report = library.index(folders)
    assert (report.encoder, report.encoded, report.waiting_away) == ("other", 20, 12)
    assert report.notice.startswith("New photos are found only once 'other' has taken over.")
    (tmp_path / "unplugged").rename(drive)
    library.index(folders)
    assert library.answer(Question("a dog")).encoder == "other"


def test_photos_on_a_drive_that_is_away_are_what_a_wanted_encoder_waits_for(
    open_library: OpenLibrary, photos: str, tmp_path: Path, make_photo: MakePhoto
) -> None:
    drive = tmp_path / "drive"
    for seed in range(12):
        make_photo(drive / f"{seed}.jpg", 100 + seed)
    loaded: list[str] = []

    def load_counting(name: str, device: str) -> Encoder:
        loaded.append(name)
        return load_tiny(name, device)

    library = open_library(load=load_counting)
    folders = [photos, os.fspath(drive)]
    library.index(folders)
    library.want_encoder("other")
    drive.rename(tmp_path / "unplugged")
    report = library.index(folders)
    assert (report.wanted_encoder, report.waiting, report.waiting_away) == ("other", 12, 12)
    state = library.state()
    assert (state.encoder, state.waiting, state.waiting_away) == ("starter", 12, 12)
    said = report_as_text(report)
    assert (
        "The encoder 'other' takes over when it has seen 12 more photos, 12 of them on drives that "
        "are away." in said
    )
    assert "The encoder 'other' takes over" in as_text(examine(library.path))

    # What happens elsewhere meanwhile does not load it in vain.
    loaded.clear()
    assert library.index_changes([Scope(photos)]).waiting == 12
    assert "other" not in loaded
    (tmp_path / "unplugged").rename(drive)
    assert library.index_changes([Scope(os.fspath(drive))]).encoder == "other"
    assert library.state().waiting == 0


def test_only_one_of_two_encoders_is_in_memory_at_a_time(
    open_library: OpenLibrary, photos: str
) -> None:
    alive: list[weakref.ref[Encoder]] = []
    others: list[int] = []

    def load_counting(name: str, device: str) -> Encoder:
        gc.collect()
        others.append(sum(reference() is not None for reference in alive))
        encoder = load_tiny(name, device)
        alive.append(weakref.ref(encoder))
        return encoder

    library = open_library(load=load_counting)
    library.index([photos])
    library.answer(Question("a dog"))
    library.want_encoder("other")
    index_a_part(library, photos)
    library.index([photos])
    assert len(others) > 3
    assert set(others) == {0}


def test_what_a_wanted_encoder_has_made_can_be_dropped(
    open_library: OpenLibrary, photos: str
) -> None:
    library = open_library()
    library.index([photos])
    library.want_encoder("other")
    index_a_part(library, photos)
    library.drop_encoder("other")
    assert library.state().wanted_encoder is None
    assert library.index([photos]).encoder == "starter"


def test_wanting_the_present_encoder_again_takes_the_change_back(
    open_library: OpenLibrary, photos: str
) -> None:
    library = open_library()
    library.index([photos])
    library.want_encoder("other")
    library.want_encoder("starter")
    assert library.state().wanted_encoder is None
    assert library.index([photos]).encoder == "starter"


def test_a_new_version_of_the_encoder_is_loaded_once_and_takes_over(
    open_library: OpenLibrary, photos: str
) -> None:
    open_library().index([photos])
    loaded: list[str] = []

    def load_newer(name: str, device: str) -> Encoder:
        loaded.append(name)
        return TinyEncoder(seed=7, name=name)

    updated = open_library(load=load_newer, resident=True)
    for _ in range(3):
        with pytest.raises(CapsearchError, match="not by this version of 'starter'"):
            updated.answer(Question("a dog"))
    assert loaded == ["starter"]
    with updated.catalog.transaction():
        pass  # what others write meanwhile changes nothing
    open_library(load=load_newer).index([photos])
    assert len(updated.answer(Question("a dog")).ids) == 20
    updated.answer(Question("a cat"))
    assert loaded == ["starter", "starter"]  # the second one by the run


def test_dropping_waits_for_a_run_and_then_looks_again(
    open_library: OpenLibrary, photos: str
) -> None:
    library = open_library()
    library.index([photos])
    library.want_encoder("other")
    index_a_part(library, photos)
    with FileLock(f"{library.path}.indexing") as lock, pytest.raises(LibraryBusyError):
        library.drop_encoder("other")
    lock.acquire()

    def let_the_run_end() -> None:
        lock.release()
        library.index([photos])

    with pytest.raises(CapsearchError, match="is what this library is searched by"):
        library.drop_encoder("other", let_the_run_end)
    lock.acquire()
    assert library.drop_encoder("starter", lock.release) == 20


def test_the_vectors_of_an_encoder_that_is_not_used_can_be_dropped(
    open_library: OpenLibrary, photos: str
) -> None:
    library = open_library()
    library.index([photos])
    library.answer(Question("a dog"))
    other = open_library("other")
    other.index([photos])
    other.answer(Question("a dog"))
    assert len(list(library.cache_folder.glob("vectors-*"))) == 2
    with pytest.raises(CapsearchError, match="is what this library is searched by"):
        library.drop_encoder("other")
    with pytest.raises(CapsearchError, match="has no vectors here"):
        library.drop_encoder("tiny")
    assert library.drop_encoder("starter") == 20
    assert [known.name for known in library.catalog.encoders()] == ["other"]
    assert len(list(library.cache_folder.glob("vectors-*"))) == 1
    assert len(library.answer(Question("a dog")).ids) == 20

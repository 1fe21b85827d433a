"""Which encoder a library is searched by, and when another takes its place."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from make_photo import MakePhoto
from tiny_encoder import TinyEncoder
from tiny_library import load_tiny

from capsearch.encoders.base import Encoder
from capsearch.errors import CapsearchError
from capsearch.library.facade import Library
from capsearch.library.values import Progress, Question

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
        if progress.phase == "index":
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


def test_a_wanted_encoder_is_loaded_once_and_can_be_dropped_with_what_it_has_made(
    open_library: OpenLibrary, photos: str
) -> None:
    loaded: list[str] = []

    def load_counting(name: str, device: str) -> Encoder:
        loaded.append(name)
        return load_tiny(name, device)

    library = open_library(load=load_counting)
    library.index([photos])
    library.want_encoder("other")
    index_a_part(library, photos)
    assert loaded == ["starter", "other"]
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

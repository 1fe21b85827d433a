"""Pictures to look at come from a process that may hang or die at any photo."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from make_photo import MakePhoto

from capsearch.library.pictures import (
    NoPicture,
    Picture,
    PictureReader,
    PictureWish,
    Thumbnail,
)
from capsearch.processes import ProcessKilled


@pytest.fixture
def reader() -> Iterator[PictureReader]:
    reader = PictureReader()
    yield reader
    reader.end()


@pytest.fixture
def photo(tmp_path: Path, make_photo: MakePhoto) -> str:
    return os.fspath(make_photo(tmp_path / "photo.jpg", seed=1, size=(640, 480)))


def test_a_photo_comes_whole_or_small(reader: PictureReader, photo: str) -> None:
    whole = reader.read(PictureWish("photo", (photo,), 10_000))
    assert isinstance(whole, Picture)
    assert (whole.width, whole.height, len(whole.rgb)) == (640, 480, 640 * 480 * 3)
    small = reader.read(PictureWish("thumbnail", (photo,)))
    assert isinstance(small, Thumbnail)
    assert small.jpeg.startswith(b"\xff\xd8\xff")


def test_the_first_place_that_can_be_read_is(
    reader: PictureReader, photo: str, tmp_path: Path
) -> None:
    gone, damaged = os.fspath(tmp_path / "gone.jpg"), tmp_path / "damaged.jpg"
    damaged.write_bytes(b"\xff\xd8\xff no photo")
    found = reader.read(PictureWish("thumbnail", (gone, os.fspath(damaged), photo)))
    assert isinstance(found, Thumbnail)
    none = reader.read(PictureWish("thumbnail", (gone,)))
    assert none == NoPicture("No such file or directory")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no file that reads for ever")
def test_a_reading_that_hangs_is_given_up_and_the_next_one_goes_on(
    reader: PictureReader, photo: str, tmp_path: Path
) -> None:
    endless = os.fspath(tmp_path / "endless.jpg")
    os.mkfifo(endless)
    given_up = reader.read(PictureWish("photo", (endless,), 100), seconds=0.5)
    assert given_up == NoPicture("reading it took longer than 0 seconds")
    assert isinstance(reader.read(PictureWish("photo", (photo,), 100)), Picture)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no file that reads for ever")
def test_closing_ends_a_reading_that_hangs(
    reader: PictureReader, photo: str, tmp_path: Path
) -> None:
    assert isinstance(reader.read(PictureWish("photo", (photo,), 100)), Picture)
    endless = os.fspath(tmp_path / "endless.jpg")
    os.mkfifo(endless)
    ended = threading.Event()

    def read() -> None:
        with pytest.raises(ProcessKilled):
            reader.read(PictureWish("photo", (endless,), 100))
        ended.set()

    thread = threading.Thread(target=read)
    thread.start()
    reader.close()
    assert ended.wait(30)
    thread.join()
    with pytest.raises(ProcessKilled):
        reader.read(PictureWish("photo", (photo,), 100))

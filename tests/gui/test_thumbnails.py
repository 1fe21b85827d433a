"""Thumbnails have as many pixels as the screen shows of them."""

import os
from pathlib import Path

import pytest
from make_photo import make_photo
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from capsearch.gui.pictures.thumbnail_files import keep_thumbnail, thumbnail_file, thumbnail_sides
from capsearch.gui.pictures.thumbnails import ThumbnailStore
from capsearch.library.pictures import THUMBNAIL_VERSION
from capsearch.library.values import PhotoFacts


def facts(path: str, width: int, height: int) -> PhotoFacts:
    return PhotoFacts(
        id=7, paths=(path,), offline=False, width=width, height=height, format="JPEG", taken=None,
        latitude=None, longitude=None, camera=None, rating=None, keywords=(), people=(),
        title=None, texts=(), place=None,
    )  # fmt: skip


def kept(folder: Path) -> list[tuple[int, int]]:
    sizes = [QImage(os.fspath(file)).size().toTuple() for file in folder.rglob("*.jpg")]
    return sorted(sizes)


@pytest.mark.parametrize(
    ("side", "size", "sides"),
    [
        (176, (4000, 3000), (288, 432, 864)),
        (352, (4000, 3000), (432, 864)),
        (760, (4000, 3000), (864,)),
        (5000, (4000, 3000), (864,)),
        (760, (400, 300), (432, 864)),
        (760, (100, 90), (288, 432, 864)),
    ],
)
def test_the_side_is_chosen_by_the_cell_and_by_the_photo(
    side: int, size: tuple[int, int], sides: tuple[int, ...]
) -> None:
    assert thumbnail_sides(facts("/p/a.jpg", *size), side) == sides


def test_a_screen_of_twice_as_many_pixels_gets_them(qtbot: QtBot, tmp_path: Path) -> None:
    photo = facts(os.fspath(make_photo(tmp_path / "a.jpg", 1, (1200, 900))), 1200, 900)
    store = ThumbnailStore(tmp_path / "kept")
    try:
        for side, on_disk in (
            (176, [(384, 288)]),
            (352, [(384, 288), (576, 432)]),
            (180, [(384, 288), (576, 432)]),
        ):
            store.set_side(side)
            picture = store.get(photo)
            if picture is None or min(picture.size().toTuple()) < side:
                with qtbot.waitSignal(store.ready, timeout=60_000):
                    pass
                picture = store.get(photo)
            assert picture is not None
            assert min(picture.size().toTuple()) >= side
            assert kept(tmp_path / "kept") == on_disk
    finally:
        store.close()


def test_what_cannot_be_read_now_is_shown_by_what_is_kept_of_it(
    qtbot: QtBot, tmp_path: Path
) -> None:
    path = make_photo(tmp_path / "a.jpg", 1, (1200, 900))
    photo = facts(os.fspath(path), 1200, 900)
    keep_thumbnail(make_photo(tmp_path / "s.jpg", 2, (384, 288)).read_bytes(), small(tmp_path))
    away = path.rename(tmp_path / "away.jpg")
    store = ThumbnailStore(tmp_path / "kept")
    try:
        store.set_side(352)
        with qtbot.waitSignal(store.ready, timeout=60_000):
            assert store.get(photo) is None
        picture = store.get(photo)
        assert picture is not None and picture.size().toTuple() == (384, 288)
        assert not store.is_unreadable(photo.id)
        away.rename(path)
        store.forget_failures()
        with qtbot.waitSignal(store.ready, timeout=60_000):
            store.get(photo)
        picture = store.get(photo)
        assert picture is not None and min(picture.size().toTuple()) >= 352
    finally:
        store.close()


def test_a_thumbnail_of_an_older_version_is_made_anew_and_removed(
    qtbot: QtBot, tmp_path: Path
) -> None:
    path = make_photo(tmp_path / "a.jpg", 1, (1200, 900))
    photo = facts(os.fspath(path), 1200, 900)
    old = thumbnail_file(tmp_path / "kept", photo, 288, version=THUMBNAIL_VERSION - 1)
    keep_thumbnail(make_photo(tmp_path / "s.jpg", 2, (300, 300)).read_bytes(), old)
    away = path.rename(tmp_path / "away.jpg")
    store = ThumbnailStore(tmp_path / "kept")
    try:
        with qtbot.waitSignal(store.ready, timeout=60_000):
            store.get(photo)
        picture = store.get(photo)
        assert picture is not None and picture.width() == picture.height()
        away.rename(path)
        store.forget_failures()
        with qtbot.waitSignal(store.ready, timeout=60_000):
            store.get(photo)
        picture = store.get(photo)
        assert picture is not None and picture.width() > picture.height()
        assert not old.exists()
        assert len(kept(tmp_path / "kept")) == 1
    finally:
        store.close()


def small(folder: Path) -> Path:
    return thumbnail_file(folder / "kept", facts("", 1200, 900), 288)

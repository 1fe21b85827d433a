"""Videos, and those of motion photos, are played by the system's player: from menu and preview."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import make_motion_photo
import pytest
from make_photo import make_photo
from make_video import make_video
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAction, QDesktopServices
from pytestqt.qtbot import QtBot
from tiny_library import open_tiny_library

from capsearch.gui.grid.photo_menu import PhotoMenu
from capsearch.gui.window import MainWindow
from capsearch.settings import Settings

PATIENCE = 30_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A photo, a video, a Live Photo of two files, a motion photo and one that is damaged."""
    folder = tmp_path / "photos"
    make_photo(folder / "still.jpg", seed=1)
    make_video(folder / "clip.mp4", frames=70)
    make_photo(folder / "live.jpg", seed=2)
    make_video(folder / "live.mov", seed=1)
    video = (folder / "clip.mp4").read_bytes()
    make_motion_photo.google(folder / "motion.jpg", video)
    make_motion_photo.samsung(folder / "damaged.jpg", video[:-100])
    return folder


@pytest.fixture
def window(
    open_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path, folder: Path
) -> MainWindow:
    with open_tiny_library(tmp_path / "library.db", Settings(), None) as library:
        library.index([os.fspath(folder)])
    window = open_window(watch=False)
    qtbot.waitUntil(lambda: window.model.rowCount() == 5, timeout=PATIENCE)
    qtbot.waitUntil(lambda: all(map(window.model.facts_at, range(5))), timeout=PATIENCE)
    return window


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the system was asked to open."""
    opened: list[str] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url.toLocalFile())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    return opened


def row_of(window: MainWindow, name: str) -> int:
    facts = [window.model.facts_at(row) for row in range(5)]
    [row] = [r for r, known in enumerate(facts) if known and Path(known.paths[0]).name == name]
    return row


def preview(window: MainWindow, name: str) -> None:
    window.open_preview(window.library.grid, row_of(window, name))


def in_menu(window: MainWindow, name: str) -> QAction | None:
    window.library.grid.setCurrentIndex(window.model.index(row_of(window, name)))
    menus = [m for m in window.findChildren(PhotoMenu) if m.parent() is window.library.grid]
    actions = [action for menu in menus for action in menu.menu().actions()]
    return next((action for action in actions if action.text() == "Play the video"), None)


@pytest.mark.parametrize(("name", "file"), [("clip.mp4", "clip.mp4"), ("live.jpg", "live.mov")])
def test_a_video_in_a_file_of_its_own_is_played_from_there(
    window: MainWindow, qtbot: QtBot, folder: Path, opened: list[str], name: str, file: str
) -> None:
    action = in_menu(window, name)
    assert action is not None
    action.trigger()
    preview(window, name)
    qtbot.mouseClick(window.preview.play_button, Qt.MouseButton.LeftButton)
    qtbot.keyClick(window.preview.image, Qt.Key.Key_P)
    assert opened == 3 * [os.fspath(folder / file)]


def test_the_video_in_a_photo_is_played_from_a_copy(
    window: MainWindow, qtbot: QtBot, folder: Path, opened: list[str], tmp_path: Path
) -> None:
    before = (folder / "motion.jpg").read_bytes()
    preview(window, "motion.jpg")
    qtbot.keyClick(window.preview.image, Qt.Key.Key_P)
    qtbot.waitUntil(lambda: len(opened) == 1, timeout=PATIENCE)
    assert Path(opened[0]).parent == tmp_path / "library.db.cache" / "videos"
    assert Path(opened[0]).read_bytes() == (folder / "clip.mp4").read_bytes()
    qtbot.keyClick(window.preview.image, Qt.Key.Key_Escape)
    qtbot.keyClick(window.library.grid, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(opened) == 2, timeout=PATIENCE)
    assert opened[1] == opened[0]
    assert (folder / "motion.jpg").read_bytes() == before


def test_a_photo_without_a_video_offers_none(
    window: MainWindow, qtbot: QtBot, opened: list[str]
) -> None:
    assert in_menu(window, "still.jpg") is None
    preview(window, "clip.mp4")
    assert window.preview.play_button.isVisible()
    assert window.preview.play_button.text() == "Play the video · 0:07"
    preview(window, "motion.jpg")
    assert window.preview.play_button.text() == "Play the video"
    preview(window, "still.jpg")
    assert not window.preview.play_button.isVisible()
    qtbot.keyClick(window.preview.image, Qt.Key.Key_P)
    window.preview.close_preview()
    qtbot.keyClick(window.library.grid, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert opened == []


def test_a_damaged_one_is_a_sentence_where_one_looks(
    window: MainWindow, qtbot: QtBot, opened: list[str]
) -> None:
    said = "The video cannot be played: its video is damaged, or the end of it is missing"
    action = in_menu(window, "damaged.jpg")
    assert action is not None
    action.trigger()
    qtbot.waitUntil(window.library.notice.isVisible, timeout=PATIENCE)
    assert window.library.notice.label.text() == said
    preview(window, "damaged.jpg")
    qtbot.keyClick(window.preview.image, Qt.Key.Key_P)
    qtbot.waitUntil(window.preview.notice.isVisible, timeout=PATIENCE)
    assert window.preview.notice.label.text() == said
    assert opened == []


def test_one_that_is_away_is_a_sentence(
    window: MainWindow, qtbot: QtBot, folder: Path, opened: list[str]
) -> None:
    preview(window, "clip.mp4")
    shutil.rmtree(folder)
    qtbot.keyClick(window.preview.image, Qt.Key.Key_P)
    assert window.preview.notice.label.text() == "The video is not there at the moment."
    qtbot.keyClick(window.preview.image, Qt.Key.Key_Return)
    assert window.preview.notice.label.text() == "The photo is not there at the moment."
    assert opened == []


def test_where_nothing_plays_videos_it_says_so(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _: False)
    preview(window, "clip.mp4")
    qtbot.keyClick(window.preview.image, Qt.Key.Key_P)
    said = "No program for videos was found on this computer."
    assert window.preview.notice.label.text() == said


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_a_video_in_the_grid_is_looked_at_first_and_enter_there_plays_it(
    window: MainWindow, qtbot: QtBot, folder: Path, opened: list[str], key: Qt.Key
) -> None:
    window.library.grid.setCurrentIndex(window.model.index(row_of(window, "clip.mp4")))
    qtbot.keyClick(window.library.grid, key)
    assert window.preview.isVisible() and opened == []
    qtbot.keyClick(window.preview.image, Qt.Key.Key_Enter)
    assert opened == [os.fspath(folder / "clip.mp4")]
    qtbot.keyClick(window.preview.image, Qt.Key.Key_Space)
    assert window.library.isVisible()

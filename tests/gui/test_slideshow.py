"""Photos one after the other on the whole screen."""

import os
from pathlib import Path

import pytest
from dated_photo import make_dated_photo
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tiny_library import open_tiny_library

from capsearch.gui.slideshow import SECONDS, Slideshow
from capsearch.gui.window import MainWindow
from capsearch.settings import Settings

PATIENCE = 30_000


def start(window: MainWindow, qtbot: QtBot) -> Slideshow:
    """A paused slideshow with its first picture: it is turned over by keys alone."""
    window.start_slideshow()
    show = window.slides.slideshow
    assert show is not None
    show.pause(True)
    qtbot.waitUntil(lambda: show.has_picture, timeout=PATIENCE)
    return show


def turn(show: Slideshow, qtbot: QtBot, key: Qt.Key) -> int:
    """The id of the photo that the key brings."""
    with qtbot.waitSignal(show.shown, timeout=PATIENCE) as shown:
        qtbot.keyClick(show, key)
    assert shown.args is not None
    return int(shown.args[0])


def test_it_shows_what_is_shown_from_the_chosen_photo_on(window: MainWindow, qtbot: QtBot) -> None:
    ids = window.model.photo_ids
    window.library.grid.go_to(3)
    with qtbot.waitSignal(window.slides.ended) as ended:
        show = start(window, qtbot)
        assert turn(show, qtbot, Qt.Key.Key_Right) == ids[4]
        assert turn(show, qtbot, Qt.Key.Key_Right) == ids[5]
        assert turn(show, qtbot, Qt.Key.Key_Left) == ids[4]
        qtbot.keyClick(show, Qt.Key.Key_Escape)
    assert ended.args == [ids[4]]
    assert window.library.grid.currentIndex().row() == 4
    assert window.slides.slideshow is None


def test_it_goes_round(window: MainWindow, qtbot: QtBot) -> None:
    ids = window.model.photo_ids
    window.library.grid.go_to(len(ids) - 1)
    show = start(window, qtbot)
    assert turn(show, qtbot, Qt.Key.Key_Right) == ids[0]
    assert turn(show, qtbot, Qt.Key.Key_Left) == ids[-1]
    window.slides.close()


def test_it_turns_by_itself_and_stays_while_it_is_paused(window: MainWindow, qtbot: QtBot) -> None:
    ids = window.model.photo_ids
    show = start(window, qtbot)
    assert not show._turning.isActive()
    for _ in SECONDS:
        qtbot.keyClick(show, Qt.Key.Key_Minus)
    assert show.seconds == SECONDS[0]
    with qtbot.waitSignal(show.shown, timeout=PATIENCE) as shown:
        qtbot.keyClick(show, Qt.Key.Key_Space)
    assert shown.args == [ids[1]]
    qtbot.keyClick(show, Qt.Key.Key_Space)
    assert show.paused and not show._turning.isActive()
    assert "2" in show.words and "30" in show.words
    window.slides.close()


def test_the_next_photo_is_loaded_ahead(window: MainWindow, qtbot: QtBot) -> None:
    ids = window.model.photo_ids
    show = start(window, qtbot)
    qtbot.waitUntil(lambda: show._ahead is not None and show._ahead[0] == ids[1], timeout=PATIENCE)
    seen: list[int] = []
    show.shown.connect(seen.append)
    show.step(1)
    assert seen == [ids[1]]  # at once
    window.slides.close()


def test_the_picture_stays_until_the_next_one_is_there(window: MainWindow, qtbot: QtBot) -> None:
    show = start(window, qtbot)
    show._ahead = None
    show.step(5)
    assert show.has_picture and not show._picture.isNull()
    window.slides.close()


def test_photos_that_are_away_are_passed_over_with_a_word(
    open_window: object, qtbot: QtBot, tmp_path: Path
) -> None:
    folder = tmp_path / "own"
    for seed in range(5):
        make_dated_photo(folder / f"{seed}.jpg", seed, f"2023:05:1{seed} 10:00:00")
    with open_tiny_library(tmp_path / "library.db", Settings(), None) as library:
        library.index([os.fspath(folder)])
    window: MainWindow = open_window(watch=False)  # type: ignore[operator]
    qtbot.waitUntil(lambda: window.model.rowCount() == 5, timeout=PATIENCE)
    ids = window.model.photo_ids  # the newest, 4.jpg, first
    for seed in (3, 2):
        (folder / f"{seed}.jpg").unlink()
    show = start(window, qtbot)
    assert turn(show, qtbot, Qt.Key.Key_Right) == ids[3]
    assert "2" in show.words
    assert turn(show, qtbot, Qt.Key.Key_Left) == ids[0]
    # The last one that is loaded ahead is there before its file goes.
    qtbot.waitUntil(lambda: show._ahead is not None and show._ahead[0] == ids[4], timeout=PATIENCE)
    for seed in (4, 1, 0):
        (folder / f"{seed}.jpg").unlink()
    show._ahead = None
    show.step(1)
    qtbot.waitUntil(lambda: "None" in show.words, timeout=PATIENCE)
    assert show.has_picture  # the last one that was there
    window.slides.close()


def test_from_the_preview_it_begins_there_and_comes_back_there(
    window: MainWindow, qtbot: QtBot
) -> None:
    ids = window.model.photo_ids
    window.open_preview(window.library.grid, 7)
    qtbot.keyClick(window.preview.image, Qt.Key.Key_F8)
    show = window.slides.slideshow
    assert show is not None
    show.pause(True)
    qtbot.waitUntil(lambda: show.has_picture, timeout=PATIENCE)
    assert turn(show, qtbot, Qt.Key.Key_Right) == ids[8]
    qtbot.keyClick(show, Qt.Key.Key_F8)
    assert window.preview.isVisible() and window.preview.row == 8


def test_one_photo_alone_stays(window: MainWindow, qtbot: QtBot) -> None:
    window.slides.begin(window.model.photo_ids[:1], 0)
    show = window.slides.slideshow
    assert show is not None
    qtbot.waitUntil(lambda: show.has_picture, timeout=PATIENCE)
    assert not show._turning.isActive()
    window.slides.close()


def test_without_photos_one_sentence_is_said(open_window: object, qtbot: QtBot) -> None:
    window: MainWindow = open_window(empty=True)  # type: ignore[operator]
    qtbot.waitUntil(window.welcome.isVisible, timeout=PATIENCE)
    window.start_slideshow()
    assert window.slides.slideshow is None


def test_the_pointer_is_seen_only_while_the_mouse_moves(window: MainWindow, qtbot: QtBot) -> None:
    show = start(window, qtbot)
    assert show.cursor().shape() == Qt.CursorShape.BlankCursor
    for place in (QPointF(10, 10), QPointF(60, 60)):
        none = Qt.MouseButton.NoButton
        moved = QMouseEvent(
            QEvent.Type.MouseMove, place, place, none, none, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(show, moved)
    assert show.cursor().shape() == Qt.CursorShape.ArrowCursor
    qtbot.waitUntil(lambda: show.cursor().shape() == Qt.CursorShape.BlankCursor, timeout=PATIENCE)
    window.slides.close()


def test_how_long_a_photo_stays_is_remembered(window: MainWindow, qtbot: QtBot) -> None:
    show = start(window, qtbot)
    qtbot.keyClick(show, Qt.Key.Key_Plus)
    kept = show.seconds
    window.slides.close()
    assert start(window, qtbot).seconds == kept
    window.slides.close()


@pytest.mark.parametrize("size", [(40, 400), (400, 40)])
def test_tall_and_wide_photos_are_seen_whole(
    window: MainWindow, qtbot: QtBot, size: tuple[int, int]
) -> None:
    show = start(window, qtbot)
    picture = QImage(*size, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    show._show(picture)
    show._say("")
    seen = show.grab().toImage()
    middle = show.rect().center()
    assert seen.pixelColor(middle).red() > 200
    for corner in (show.rect().topLeft(), show.rect().bottomRight()):
        assert seen.pixelColor(corner).red() == 0
    window.slides.close()


def test_closing_the_window_ends_the_slideshow(window: MainWindow, qtbot: QtBot) -> None:
    start(window, qtbot)
    window.close()
    assert window.slides.slideshow is None

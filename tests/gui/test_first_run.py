"""Between the choice of the first folder and the first photos, the window says what happens."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from pytestqt.qtbot import QtBot

from capsearch.gui.panels.first_run_page import FirstRunPage
from capsearch.gui.window import MainWindow
from capsearch.library.values import LibraryState, Progress

PATIENCE = 30_000
OpenWindow = Callable[..., MainWindow]


@pytest.fixture
def window(open_window: OpenWindow, qtbot: QtBot) -> MainWindow:
    """A window over no library, at its welcome page."""
    opened = open_window(empty=True)
    qtbot.waitUntil(opened.welcome.isVisible, timeout=PATIENCE)
    return opened


def test_what_happens_is_said_until_the_photos_come(
    window: MainWindow, qtbot: QtBot, photos: Path
) -> None:
    page = window.library.first_run
    window._bridge.client.indexer.pause()
    window.welcome.chosen.emit(os.fspath(photos))
    assert page.isVisible()
    assert photos.name in page.detail.text()
    assert page.bar.isVisible()
    qtbot.wait(300)
    assert page.isVisible(), "nothing is ready yet"
    window._bridge.client.indexer.resume()
    qtbot.waitUntil(lambda: window.model.rowCount() > 0, timeout=PATIENCE)
    assert not page.isVisible() and not window.library.is_empty
    qtbot.waitUntil(lambda: window.model.rowCount() == 30, timeout=PATIENCE)


def test_a_folder_that_is_chosen_before_the_window_knows_its_library_is_shown(
    open_window: OpenWindow, qtbot: QtBot, photos: Path
) -> None:
    window = open_window(empty=True)
    window.add_folder(os.fspath(photos))
    window._begin(LibraryState((), 0, 0, 0, None))
    assert window.library.first_run.isVisible() and not window.welcome.isVisible()
    qtbot.waitUntil(lambda: window.model.rowCount() == 30, timeout=PATIENCE)
    assert window.library.isVisible() and not window.library.is_empty


def test_what_is_typed_meanwhile_is_answered_when_photos_are_there(
    window: MainWindow, qtbot: QtBot, photos: Path
) -> None:
    page = window.library.first_run
    window._bridge.client.indexer.pause()
    window.welcome.chosen.emit(os.fspath(photos))
    qtbot.keyClicks(window.library.search, "a red bicycle")
    qtbot.waitUntil(lambda: "a red bicycle" in page.hint.text(), timeout=PATIENCE)
    assert page.isVisible()
    window._bridge.client.indexer.resume()
    qtbot.waitUntil(lambda: window.model.rowCount() > 0, timeout=PATIENCE)
    assert window.browser.question.text == "a red bicycle" and not window.browser.by_date
    assert not page.isVisible()


def test_a_folder_without_photos_is_said_to_have_none(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "none").mkdir()
    window.welcome.chosen.emit(os.fspath(tmp_path / "none"))
    qtbot.waitUntil(window.library.empty.isVisible, timeout=PATIENCE)
    assert window.library.empty.heading.text() == "There are no photos here yet"


def test_the_next_folder_leaves_the_photos_in_sight(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, make_photo: Callable[..., Path]
) -> None:
    window = open_window()
    qtbot.waitUntil(lambda: window.model.rowCount() == 30, timeout=PATIENCE)
    qtbot.waitUntil(lambda: window._state.photos == 30, timeout=PATIENCE)
    make_photo(tmp_path / "second" / "one.jpg", seed=91)
    window.add_folder(os.fspath(tmp_path / "second"))
    assert not window.library.is_empty
    assert "second" in window.library.notice.label.text()
    qtbot.waitUntil(lambda: window.model.rowCount() == 31, timeout=PATIENCE)


@pytest.mark.parametrize(
    ("progress", "on_battery", "heading", "detail"),
    [
        (Progress("scan", 0, 0, 0, 0.0, None), False,
         "Looking for photos…", "Looking through “Pictures”"),
        (Progress("scan", 212, 0, 0, 0.0, None), False,
         "212 photo(s) found so far", "Looking through “Pictures”"),
        (Progress("index", 0, 1200, 0, 0.0, None), False,
         "1200 photo(s) found", "0 of 1200 are ready"),
        (Progress("index", 300, 1200, 2, 5.0, 180.0), False,
         "1200 photo(s) found", "300 of 1200 are ready · about 3 min left"),
        (Progress("index", 300, 1200, 2, 5.0, 180.0), True,
         "1200 photo(s) found", "Held while this computer is on battery."),
        (Progress("wait", 0, 0, 0, 0.0, None), False,
         "Looking for photos…", "Waiting for another CapSearch that is looking through photos"),
    ],
)  # fmt: skip
def test_how_far_it_is_is_said_in_words(
    qtbot: QtBot, progress: Progress, on_battery: bool, heading: str, detail: str
) -> None:
    before = QLocale()
    QLocale.setDefault(QLocale.c())
    page = FirstRunPage()
    qtbot.addWidget(page)
    page.begin("/home/me/Pictures")
    page.show_progress(progress, on_battery=on_battery)
    QLocale.setDefault(before)
    assert (page.heading.text(), page.detail.text()) == (heading, detail)
    assert (page.bar.value(), page.bar.maximum()) == (
        (progress.done, progress.total) if progress.total else (-1, 0)
    )

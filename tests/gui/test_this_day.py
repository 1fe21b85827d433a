"""Photos of this day in former years: a quiet word in the window, and one click to them."""

import datetime
import os
from pathlib import Path

import pytest
from dated_photo import make_dated_photo
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from tiny_library import open_tiny_library

from capsearch.gui.window import MainWindow
from capsearch.language.dates import this_day_before
from capsearch.library.values import Filters
from capsearch.service.operations import ReadThisDay
from capsearch.settings import Settings

PATIENCE = 30_000


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Three photos of this day in two former years, one of today, one of another day."""
    today = datetime.date.today()
    [(last, _), (first, _)] = reversed(this_day_before(today, today.year - 30)[-2:])
    other = today - datetime.timedelta(days=40)
    for seed, day in enumerate((first, last, last, today, other)):
        name = tmp_path / "own" / f"{seed}.jpg"
        make_dated_photo(name, seed, f"{day:%Y:%m:%d} 10:0{seed}:00")
    with open_tiny_library(tmp_path / "library.db", Settings(), None) as library:
        library.index([os.fspath(tmp_path / "own")])
        found = library.this_day()
        assert (found.photos, found.first_year) == (3, first.year)
    return tmp_path / "own"


def test_the_word_leads_to_the_photos_and_goes_while_they_are_shown(
    own: Path, open_window: object, qtbot: QtBot
) -> None:
    window: MainWindow = open_window(watch=False)  # type: ignore[operator]
    link = window.this_day
    qtbot.waitUntil(link.isVisible, timeout=PATIENCE)
    assert "3" in link.text()
    link.click()
    qtbot.waitUntil(lambda: window.model.rowCount() == 3, timeout=PATIENCE)
    assert link.isHidden()
    understood = window.browser.question.text
    assert understood == "on this day"
    qtbot.keyClick(window.library.search, Qt.Key.Key_Escape)
    qtbot.waitUntil(link.isVisible, timeout=PATIENCE)
    window.library.filters.set_filters(Filters(formats=("JPEG",)))
    qtbot.waitUntil(link.isHidden, timeout=PATIENCE)


def test_without_such_photos_nothing_is_said(
    open_window: object, qtbot: QtBot, tmp_path: Path
) -> None:
    day = datetime.date.today() - datetime.timedelta(days=400)
    make_dated_photo(tmp_path / "own" / "one.jpg", 1, f"{day:%Y:%m:%d} 10:00:00")
    with open_tiny_library(tmp_path / "library.db", Settings(), None) as library:
        library.index([os.fspath(tmp_path / "own")])
        assert library.this_day().photos == 0
    window: MainWindow = open_window(watch=False)  # type: ignore[operator]
    qtbot.waitUntil(lambda: window.model.rowCount() == 1, timeout=PATIENCE)
    asked: list[object] = []
    window.this_day._bridge.ask(ReadThisDay(), then=asked.append)
    qtbot.waitUntil(lambda: bool(asked), timeout=PATIENCE)
    assert window.this_day.isHidden()


def test_the_menu_asks_for_it(own: Path, open_window: object, qtbot: QtBot) -> None:
    window: MainWindow = open_window(watch=False)  # type: ignore[operator]
    qtbot.waitUntil(lambda: window.model.rowCount() == 5, timeout=PATIENCE)
    [action] = [each for each in window.actions() if each.text() == "On this day"]
    action.trigger()
    qtbot.waitUntil(lambda: window.model.rowCount() == 3, timeout=PATIENCE)

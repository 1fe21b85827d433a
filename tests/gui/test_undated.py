"""Photos of which no date is known stand under their own heading, not under a month."""

import datetime
import os
from pathlib import Path

import pytest
from dated_photo import make_dated_photo
from make_photo import make_photo
from PySide6.QtCore import QLocale, Qt
from pytestqt.qtbot import QtBot

from capsearch.gui.window import MainWindow
from capsearch.library.values import Filters

PATIENCE = 30_000


def sections(window: MainWindow) -> list[tuple[str, int]]:
    return [(section.title, section.count) for section in window.model.sections]


def make_undated_photo(path: Path, seed: int, file_day: datetime.date) -> None:
    """A photo that says nothing of its date, in a file of this day."""
    make_photo(path, seed=seed)
    noon = datetime.datetime.combine(file_day, datetime.time(12)).timestamp()
    os.utime(path, (noon, noon))


@pytest.fixture
def mixed(open_window: object, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    """Two photos of May 2023, one of 2019 (so its name), three of which only the file has a time:
    one of late, one of May 2023, one of long before all others."""
    QLocale.setDefault(QLocale.c())
    folder = tmp_path / "mixed"
    make_dated_photo(folder / "a.jpg", 1, "2023:05:06 10:00:00")
    make_dated_photo(folder / "b.jpg", 2, "2023:05:07 10:00:00")
    make_undated_photo(folder / "Summer 2019.jpg", 3, datetime.date(2024, 1, 1))
    make_undated_photo(folder / "late.jpg", 4, datetime.date(2026, 11, 1))
    make_undated_photo(folder / "may.jpg", 5, datetime.date(2023, 5, 8))
    make_undated_photo(folder / "old.jpg", 6, datetime.date(1999, 5, 8))
    window: MainWindow = open_window(empty=True)  # type: ignore[operator]
    qtbot.waitUntil(window.welcome.isVisible, timeout=PATIENCE)
    window.welcome.chosen.emit(os.fspath(folder))
    qtbot.waitUntil(lambda: window.model.rowCount() == 6, timeout=PATIENCE)
    return window


def test_photos_without_a_date_are_last_under_their_own_heading(mixed: MainWindow) -> None:
    assert sections(mixed) == [("May 2023", 2), ("2019", 1), ("No date", 3)]


def test_they_stay_in_the_order_of_their_files(mixed: MainWindow, qtbot: QtBot) -> None:
    model = mixed.model
    qtbot.waitUntil(lambda: all(model.facts_at(row) for row in range(6)), timeout=PATIENCE)
    facts = [model.facts_at(row) for row in range(6)]
    names = [Path(each.paths[0]).stem for each in facts if each is not None]
    assert names == ["b", "a", "Summer 2019", "late", "may", "old"]


def test_they_are_not_named_by_the_day_of_their_file(mixed: MainWindow, qtbot: QtBot) -> None:
    model = mixed.model
    qtbot.waitUntil(lambda: all(model.facts_at(row) for row in range(6)), timeout=PATIENCE)
    assert "2023" not in model.index(4).data(Qt.ItemDataRole.ToolTipRole)
    assert "2023" in model.index(0).data(Qt.ItemDataRole.ToolTipRole)


def test_a_filter_by_days_finds_them_and_still_says_no_date(
    mixed: MainWindow, qtbot: QtBot
) -> None:
    month = Filters(first=datetime.date(2023, 5, 1), last=datetime.date(2023, 5, 31))
    mixed.library.filters.set_filters(month)
    qtbot.waitUntil(lambda: mixed.model.rowCount() == 3, timeout=PATIENCE)
    assert sections(mixed) == [("May 2023", 2), ("No date", 1)]

"""The settings' page of folders, with the real engine and worker behind it."""

import os
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from make_photo import MakePhoto
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot
from run_command import capsearch
from tiny_library import open_tiny_library

from capsearch.gui.panels.folders_page import FoldersPage
from capsearch.gui.panels.settings_dialog import SettingsDialog
from capsearch.gui.window import MainWindow
from capsearch.library.values import Folder, HeldFolder
from capsearch.service import IndexingEnded
from capsearch.settings import Settings

PATIENCE = 30_000

OpenWindow = Callable[..., MainWindow]


@pytest.fixture
def folder(tmp_path: Path, photos: Path) -> Path:
    """A copy of the thirty photos."""
    return Path(shutil.copytree(photos, tmp_path / "mine"))


@pytest.fixture
def window(open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, folder: Path) -> MainWindow:
    """A window over a library of these and of a folder with copies of two of them."""
    other = tmp_path / "other"
    other.mkdir()
    for name in ("00.png", "01.jpg"):
        shutil.copy(folder / "trip" / name, other / name)
    with open_tiny_library(tmp_path / "library.db", Settings(), None) as library:
        library.index([os.fspath(folder), os.fspath(other)])
    window = open_window(watch=False)
    qtbot.waitUntil(lambda: window.model.rowCount() == 30, timeout=PATIENCE)
    return window


def open_page(window: MainWindow, qtbot: QtBot) -> FoldersPage:
    """The page, when the photos are counted."""
    page = window.show_settings().folders
    qtbot.waitUntil(lambda: "…" not in counts(page).values(), timeout=PATIENCE)
    return page


def counts(page: FoldersPage) -> dict[str, str]:
    model = page.list.model()
    rows = range(model.rowCount())
    return {Path(model.index(row, 0).data()).name: model.index(row, 1).data() for row in rows}


def states(page: FoldersPage) -> dict[str, str]:
    model = page.list.model()
    rows = range(model.rowCount())
    return {Path(model.index(row, 0).data()).name: model.index(row, 2).data() for row in rows}


def has_photos(window: MainWindow, photos: int) -> bool:
    return window.model.rowCount() == photos


def choose(page: FoldersPage, name: str) -> None:
    row = list(counts(page)).index(name)
    page.list.setCurrentIndex(page.list.model().index(row, 0))


def watch_runs(window: MainWindow) -> list[IndexingEnded]:
    ended: list[IndexingEnded] = []
    window._bridge.told.connect(
        lambda event: ended.append(event) if isinstance(event, IndexingEnded) else None
    )
    return ended


def answer(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """What the user chooses in the system's dialog."""
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: os.fspath(folder))


def test_a_folder_is_added_and_its_photos_come(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, make_photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, make_photo(tmp_path / "more" / "new.jpg", 77).parent)
    page = open_page(window, qtbot)
    assert counts(page) == {"mine": "30", "other": "2"}
    page.add_button.click()
    assert counts(page)["more"] == "…"
    qtbot.waitUntil(lambda: counts(page)["more"] == "1", timeout=PATIENCE)
    qtbot.waitUntil(lambda: window.model.rowCount() == 31, timeout=PATIENCE)


def test_folders_that_the_command_adds_and_removes_come_and_go_in_an_open_window(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, make_photo: MakePhoto
) -> None:
    window = open_window()
    qtbot.waitUntil(lambda: window.model.rowCount() == 30, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not window._bridge.client.indexer.running, timeout=PATIENCE)
    more = make_photo(tmp_path / "more" / "new.jpg", 77).parent
    of = ("--library", tmp_path / "library.db")
    done = capsearch("folders", "add", more, *of)
    assert "an open window does so by itself" in done.stdout
    qtbot.waitUntil(lambda: window.model.rowCount() == 31, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not window._bridge.client.indexer.running, timeout=PATIENCE)
    done = capsearch("folders", "remove", more, "--yes", *of)
    assert done.returncode == 0, done.stderr
    qtbot.waitUntil(lambda: window.model.rowCount() == 30, timeout=PATIENCE)


def test_removing_asks_and_leaves_what_another_folder_holds(
    window: MainWindow, qtbot: QtBot
) -> None:
    page = open_page(window, qtbot)
    assert not page.remove_button.isEnabled()
    choose(page, "mine")
    for label, photos in (("Cancel", 30), ("Remove", 2)):
        page.remove_button.click()
        qtbot.waitUntil(lambda: bool(page.findChildren(QMessageBox)), timeout=PATIENCE)
        (box,) = page.findChildren(QMessageBox)
        assert "28 photo(s) leave the library." in box.informativeText()
        assert "2 of its photos stay" in box.informativeText()
        assert box.defaultButton() is box.button(QMessageBox.StandardButton.Cancel)
        next(button for button in box.buttons() if button.text().strip("&") == label).click()
        qtbot.waitUntil(lambda: not page.findChildren(QMessageBox), timeout=PATIENCE)
        qtbot.waitUntil(partial(has_photos, window, photos), timeout=PATIENCE)
    qtbot.waitUntil(lambda: counts(page) == {"other": "2"}, timeout=PATIENCE)
    assert [Path(folder.path).name for folder in window._state.folders] == ["other"]


def test_what_is_left_out_of_one_folder_goes_when_saved(window: MainWindow, qtbot: QtBot) -> None:
    page = open_page(window, qtbot)
    dialog = window.findChild(SettingsDialog)
    assert dialog is not None
    page.patterns.setPlainText("*.tmp")
    page.which.setCurrentIndex(1)
    assert page.patterns.toPlainText() == ""
    page.patterns.setPlainText("home\n")
    page.which.setCurrentIndex(0)
    assert page.patterns.toPlainText() == "*.tmp"
    page.which.setCurrentIndex(2)
    dialog.accept()
    qtbot.waitUntil(lambda: window.model.rowCount() == 20, timeout=PATIENCE)
    assert Settings.load().exclude == ("*.tmp",)
    again = open_page(window, qtbot)
    again.which.setCurrentIndex(1)
    assert again.patterns.toPlainText() == "home"
    assert again.changed_exclusions() == {}


def test_a_folder_that_is_away_is_found_again_and_nothing_is_read(
    window: MainWindow, qtbot: QtBot, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = folder.rename(folder.with_name("moved"))
    ended = watch_runs(window)
    window._reconcile()
    qtbot.waitUntil(lambda: window._state.offline == 30, timeout=PATIENCE)
    page = open_page(window, qtbot)
    choose(page, "other")
    assert not page.find_button.isEnabled()
    choose(page, "mine")
    assert counts(page) == {"mine": "30", "other": "2"}
    assert states(page)["mine"] == "Away"
    ended.clear()
    answer(monkeypatch, new)
    page.find_button.click()
    qtbot.waitUntil(lambda: any(each.report.photos == 30 for each in ended), timeout=PATIENCE)
    assert all(each.report.encoded == 0 for each in ended)
    qtbot.waitUntil(lambda: counts(page) == {"moved": "30", "other": "2"}, timeout=PATIENCE)
    qtbot.waitUntil(lambda: window._state.offline == 0, timeout=PATIENCE)
    assert window.model.rowCount() == 30


def test_each_folder_says_its_state_and_when_it_was_looked_at_last(qtbot: QtBot) -> None:
    folders = [
        Folder("/there", online=True, scanned_at=1_700_000_000.0),
        Folder("/gone", online=False, scanned_at=None),
    ]
    page = FoldersPage(folders, ())
    qtbot.addWidget(page)
    held = [HeldFolder(folder, 3) for folder in folders]
    page.show_folders(held)
    assert states(page) == {"there": "Watched", "gone": "Away"}
    model = page.list.model()
    assert "23" in model.index(0, 3).data()
    assert model.index(1, 3).data() == "Not yet"
    page.show_folders(held, running=True)
    assert states(page) == {"there": "Being looked at", "gone": "Away"}


def test_the_settings_remember_their_size(window: MainWindow, qtbot: QtBot) -> None:
    dialog = window.show_settings()
    dialog.resize(500, 400)
    dialog.reject()
    assert window.show_settings().size() == QSize(500, 400)


def test_a_folder_of_any_name_can_be_chosen(qtbot: QtBot) -> None:
    odd = "/photos/\udcff odd"
    page = FoldersPage([Folder(odd, online=True, scanned_at=None, exclude=("x",))], ())
    qtbot.addWidget(page)
    page.list.setCurrentIndex(page.list.model().index(0, 0))
    with qtbot.waitSignal(page.removal_asked) as asked:
        page.remove_button.click()
    assert asked.args == [odd]
    page.which.setCurrentIndex(1)
    page.patterns.setPlainText("y")
    assert page.changed_exclusions() == {odd: ("y",)}


def test_every_control_of_the_page_has_a_name_for_screen_readers(qtbot: QtBot) -> None:
    page = FoldersPage([], ())
    qtbot.addWidget(page)
    for control in (page.list, page.which, page.patterns):
        assert control.accessibleName()
    for button in (page.add_button, page.find_button, page.remove_button):
        assert button.text()

"""The list of keys, held against the keys that the window really has."""

import inspect
import re

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from capsearch.gui.grid.photo_grid import PhotoGrid
from capsearch.gui.map.canvas import MapCanvas
from capsearch.gui.panels.keys_dialog import KeysDialog, native
from capsearch.gui.panels.search_bar import SearchBar
from capsearch.gui.preview.page import PreviewPage
from capsearch.gui.slideshow import Slideshow
from capsearch.gui.window import MainWindow

# Two keys that are one: on the number block, or without shift.
_SAME = {"Enter": "Return", "=": "+"}
# What a list of Qt's own does by itself.
_QT_GRID = {"Left", "Right", "Up", "Down", "PgUp", "PgDown", "Home", "End", "Ctrl+A"}
_READ_BY = {
    "search": (SearchBar, set()),
    "photos": (PhotoGrid, _QT_GRID),
    "preview": (PreviewPage, set()),
    "slideshow": (Slideshow, set()),
    "map": (MapCanvas, {"Tab"}),
}


def listed(dialog: KeysDialog, section: str) -> set[str]:
    [found] = [each for each in dialog.sections if each.name == section]
    return {key for row in found.rows for key in row.keys}


def portable(sequence: QKeySequence) -> str:
    return sequence.toString(QKeySequence.SequenceFormat.PortableText)


def bound(window: MainWindow) -> set[str]:
    """Every shortcut of the window, of its pages, buttons and menus."""
    sequences = [shortcut.key() for shortcut in window.findChildren(QShortcut)]
    sequences += [button.shortcut() for button in window.findChildren(QAbstractButton)]
    for action in window.findChildren(QAction):
        sequences += action.shortcuts()
    return {portable(sequence) for sequence in sequences if not sequence.isEmpty()}


def read_by(page: type[QWidget]) -> set[str]:
    """The keys that a page looks for itself."""
    source = inspect.getsource(page.keyPressEvent)
    names = set(re.findall(r"Qt\.Key\.Key_(\w+)", source))
    keys = {portable(QKeySequence(Qt.Key[f"Key_{name}"])) for name in names}
    return {_SAME.get(key, key) for key in keys}


@pytest.fixture
def dialog(window: MainWindow) -> KeysDialog:
    return window.show_keys()


def test_every_shortcut_is_listed_and_every_key_that_is_listed_exists(
    window: MainWindow, dialog: KeysDialog
) -> None:
    every = set().union(*(listed(dialog, section.name) for section in dialog.sections))
    read = set().union(*(read_by(page) | qt for page, qt in _READ_BY.values()))
    assert bound(window) <= every
    assert every <= bound(window) | read | {"Alt+Down"}  # the arrow with Alt, in the search field


@pytest.mark.parametrize("section", list(_READ_BY))
def test_each_page_lists_the_keys_that_it_reads(dialog: KeysDialog, section: str) -> None:
    page, by_qt = _READ_BY[section]
    assert read_by(page) | by_qt <= listed(dialog, section)


def test_no_key_stands_twice_for_different_things_in_one_section(dialog: KeysDialog) -> None:
    for section in dialog.sections:
        keys = [key for row in section.rows for key in row.keys]
        allowed = {"Up"} if section.name == "photos" else set()  # in the first line
        assert {key for key in keys if keys.count(key) > 1} <= allowed


@pytest.mark.parametrize("key", [Qt.Key.Key_F1, Qt.Key.Key_Question])
def test_f1_and_the_question_mark_open_the_list_once(
    window: MainWindow, qtbot: QtBot, key: Qt.Key
) -> None:
    window.library.grid.setFocus()
    for _ in range(2):
        qtbot.keyClick(window.library.grid, key)
        assert len(window.findChildren(KeysDialog)) == 1
    window.show_keys().accept()


def test_a_question_mark_that_is_typed_is_text(window: MainWindow, qtbot: QtBot) -> None:
    window.library.search.setFocus()
    qtbot.keyClicks(window.library.search, "what?")
    assert window.library.search.text() == "what?"
    assert window.findChild(KeysDialog) is None


def test_escape_closes_the_list(window: MainWindow, dialog: KeysDialog, qtbot: QtBot) -> None:
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert window.findChild(KeysDialog) is None


def test_keys_are_written_as_people_read_them() -> None:
    assert native("Left") == "←"
    assert native("Alt+Down").endswith("↓") and len(native("Alt+Down")) > 1
    assert native("Ctrl++").endswith("+")
    assert native("+") == "+"

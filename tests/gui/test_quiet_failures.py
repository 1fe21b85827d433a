"""What could not be used is said until it was looked at, and again when more comes."""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from capsearch.gui.panels.failures_dialog import FailuresDialog
from capsearch.gui.remembered import remembered_moment
from capsearch.gui.window import MainWindow

PATIENCE = 30_000


def is_said(window: MainWindow) -> bool:
    return window.library.status.failures_button.isVisible()


def is_quiet(window: MainWindow) -> bool:
    return window.library.status.seen_failures_button.isVisible() and not is_said(window)


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "first.jpg").write_bytes(b"")
    return tmp_path / "more"


def look(window: MainWindow) -> None:
    window.library.status.failures_button.click()
    dialog = window.findChild(FailuresDialog)
    assert dialog is not None
    dialog.close()


def test_once_seen_it_is_an_icon_until_others_come(
    window: MainWindow, qtbot: QtBot, broken: Path
) -> None:
    qtbot.waitUntil(lambda: is_said(window), timeout=PATIENCE)
    look(window)
    assert is_quiet(window)
    assert window.library.status.seen_failures_button.accessibleName() == (
        window.library.status.failures_button.text()
    )
    window.retry_failures()
    with qtbot.waitSignal(
        window._bridge.told,
        timeout=PATIENCE,
        check_params_cb=lambda event: type(event).__name__ == "IndexingEnded",
    ):
        pass
    qtbot.wait(300)
    assert is_quiet(window), "the same files failed again"
    window.add_folder(os.fspath(broken))
    qtbot.waitUntil(lambda: is_said(window), timeout=PATIENCE)
    assert window._state.failures == 2


def test_the_icon_shows_the_list_too(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: is_said(window), timeout=PATIENCE)
    look(window)
    window.library.status.seen_failures_button.click()
    dialogs = [each for each in window.findChildren(FailuresDialog) if each.isVisible()]
    assert len(dialogs) == 1
    qtbot.waitUntil(lambda: dialogs[0].list.topLevelItemCount() == 1, timeout=PATIENCE)
    dialogs[0].close()


def test_it_stays_quiet_after_a_restart(open_window: object, qtbot: QtBot) -> None:
    first: MainWindow = open_window()  # type: ignore[operator]
    qtbot.waitUntil(lambda: is_said(first), timeout=PATIENCE)
    look(first)
    first.close()
    second: MainWindow = open_window()  # type: ignore[operator]
    qtbot.waitUntil(lambda: second._state.failures == 1, timeout=PATIENCE)
    assert is_quiet(second)


def test_where_everything_could_be_used_nothing_is_shown(
    open_window: object, qtbot: QtBot, make_photo: object, tmp_path: Path
) -> None:
    make_photo(tmp_path / "good" / "one.jpg", seed=5)  # type: ignore[operator]
    window: MainWindow = open_window(empty=True)  # type: ignore[operator]
    qtbot.waitUntil(window.welcome.isVisible, timeout=PATIENCE)
    window.add_folder(os.fspath(tmp_path / "good"))
    qtbot.waitUntil(lambda: window._state.photos == 1, timeout=PATIENCE)
    assert not is_said(window) and not is_quiet(window)


@pytest.mark.parametrize("damaged", ["", "yesterday", "nan", "inf", "[1, 2]"])
def test_a_damaged_memory_says_it_once_more(tmp_path: Path, damaged: str) -> None:
    remembered = QSettings(str(tmp_path / "w.ini"), QSettings.Format.IniFormat)
    remembered.setValue("seen", damaged)
    assert remembered_moment(remembered, "seen") == 0.0

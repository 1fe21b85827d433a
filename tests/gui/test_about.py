"""What the window says of itself."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from capsearch import __version__
from capsearch.gui.panels import about
from capsearch.gui.window import MainWindow


def test_the_menu_tells_version_and_licence(
    open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = open_window()
    [action] = [found for found in window.actions() if found.text() == "About CapSearch"]
    action.trigger()
    box = window.findChild(QMessageBox)
    assert isinstance(box, QMessageBox)
    assert box.text() == f"CapSearch {__version__}"
    assert "Apache" in box.informativeText()
    assert "LGPL" in box.informativeText()
    assert [button.text() for button in box.buttons()] == ["Close"]
    with qtbot.waitSignal(box.destroyed):
        box.close()


def test_the_installed_app_shows_the_notices_of_its_parts(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    notices = tmp_path / "notices.txt"
    opened: list[QUrl] = []
    monkeypatch.setattr(about, "find_resource", lambda name: notices)
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    box = about.show_about(None)
    qtbot.addWidget(box)
    [show] = [button for button in box.buttons() if "Licences" in button.text()]
    show.click()
    assert opened == [QUrl.fromLocalFile(str(notices))]

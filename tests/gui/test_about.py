"""What the window says of itself."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QPushButton

from capsearch import __version__
from capsearch.gui.panels import settings_dialog
from capsearch.gui.panels.settings_dialog import SettingsDialog
from capsearch.gui.window import MainWindow


def about(window: MainWindow) -> SettingsDialog:
    """Opened by the menu."""
    [action] = [found for found in window.actions() if found.text() == "About CapSearch"]
    action.trigger()
    dialog = window.findChild(SettingsDialog)
    assert isinstance(dialog, SettingsDialog)
    assert dialog.tabs.currentWidget() is dialog.about
    return dialog


def notices_buttons(dialog: SettingsDialog) -> list[QPushButton]:
    buttons = dialog.about.findChildren(QPushButton)
    return [button for button in buttons if "Licences" in button.text()]


def test_the_menu_tells_version_and_licence(open_window: Callable[..., MainWindow]) -> None:
    dialog = about(open_window())
    assert f"CapSearch: {__version__}" in dialog.diagnostics.toPlainText()
    told = " ".join(label.text() for label in dialog.about.findChildren(QLabel))
    assert "Apache" in told
    assert "LGPL" in told
    assert notices_buttons(dialog) == []
    dialog.reject()


def test_the_installed_app_shows_the_notices_of_its_parts(
    open_window: Callable[..., MainWindow], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    notices = tmp_path / "notices.txt"
    opened: list[QUrl] = []
    monkeypatch.setattr(settings_dialog, "find_resource", lambda name: notices)
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    dialog = about(open_window())
    [show] = notices_buttons(dialog)
    show.click()
    assert opened == [QUrl.fromLocalFile(str(notices))]
    dialog.reject()

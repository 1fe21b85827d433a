"""The window beside a command that indexes into the same library: it says that it waits."""

from pytestqt.qtbot import QtBot

from capsearch.gui.panels.status_bar import StatusBar
from capsearch.library.values import Progress


def test_waiting_for_another_is_said_until_the_run_begins(qtbot: QtBot) -> None:
    status = StatusBar()
    qtbot.addWidget(status)
    status.show_progress(Progress("wait", 0, 0, 0, 0.0, None))
    assert status.progress_text.isVisibleTo(status)
    assert not status.pause_button.isVisibleTo(status)
    words = "Waiting for another CapSearch that is looking through photos"
    assert status.progress_text.text() == words
    status.set_paused(True)
    assert status.progress_text.text() == words
    status.show_progress(Progress("scan", 0, 0, 0, 0.0, None))
    assert not status.progress_text.isVisibleTo(status)

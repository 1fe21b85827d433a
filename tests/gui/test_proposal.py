"""A larger model is proposed once, to somebody who searches with the starter, and never again."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fake_hub import FakeHub
from model_hub import NAME, model_hub, open_hub_library
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from capsearch.gui.panels.proposal import PROPOSED
from capsearch.gui.panels.settings_dialog import SettingsDialog
from capsearch.gui.remembered import remembered_choice, remembered_number
from capsearch.gui.window import MainWindow

PATIENCE = 60_000
OpenWindow = Callable[..., MainWindow]


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    with model_hub(tmp_path, monkeypatch) as server:
        yield server


def remembered(folder: Path) -> QSettings:
    return QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)


def searched_before(folder: Path, times: int) -> None:
    settings = remembered(folder)
    settings.setValue("searches", times)
    settings.sync()


def opened(open_window: OpenWindow, qtbot: QtBot) -> MainWindow:
    window = open_window(library_factory=open_hub_library, watch=False)
    qtbot.waitUntil(lambda: window._state.encoder == "starter", timeout=PATIENCE)
    return window


def searches(window: MainWindow) -> int:
    return remembered_number(window._remembered, "searches", 0)


def search(window: MainWindow, words: str, qtbot: QtBot) -> None:
    """Ask, and look at the answer until the search counts."""
    before = searches(window)
    window.library.search.setText(words)
    qtbot.waitUntil(lambda: searches(window) > before, timeout=PATIENCE)


def test_the_proposal_comes_after_some_searches_and_shows_the_model(
    hub: FakeHub, open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    searched_before(tmp_path, 3)
    window = opened(open_window, qtbot)
    bar = window.library.proposal
    search(window, "a dog", qtbot)
    assert not bar.isVisible()
    search(window, "a cat", qtbot)
    qtbot.waitUntil(bar.isVisible, timeout=PATIENCE)
    assert "CLIP, balanced" in bar.label.text()
    assert "605.0 MB" in bar.label.text()
    assert hub.asked == []
    bar.show_button.click()
    assert not bar.isVisible()
    dialog = window.findChild(SettingsDialog)
    assert dialog is not None
    card = dialog.search.cards[PROPOSED]
    qtbot.waitUntil(card.use_button.hasFocus, timeout=PATIENCE)
    assert not card.visibleRegion().isEmpty()
    assert hub.asked == []


def test_no_thanks_is_for_good_and_so_is_no_answer(
    hub: FakeHub, open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    searched_before(tmp_path, 4)
    window = opened(open_window, qtbot)
    search(window, "a dog", qtbot)
    bar = window.library.proposal
    qtbot.waitUntil(bar.isVisible, timeout=PATIENCE)
    bar.no_button.click()
    assert not bar.isVisible()
    assert remembered_choice(remembered(tmp_path), "proposed", False)
    window.close()
    again = opened(open_window, qtbot)
    again.library.search.setText("a cat")
    qtbot.waitUntil(lambda: not again.browser.by_date and again.browser.idle, timeout=PATIENCE)
    assert not again._upgrade._looking.isActive()
    assert not again.library.proposal.isVisible()


def test_nothing_is_proposed_to_who_has_another_model_on_its_way(
    hub: FakeHub, open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    searched_before(tmp_path, 9)
    settings = remembered(tmp_path)
    settings.setValue("download", PROPOSED)
    settings.sync()
    window = opened(open_window, qtbot)
    search(window, "a dog", qtbot)
    qtbot.waitUntil(lambda: window.desk.models.shelf is not None, timeout=PATIENCE)
    assert not window.library.proposal.isVisible()
    assert not remembered_choice(remembered(tmp_path), "proposed", False)


def test_the_same_answer_shown_anew_is_no_other_search(
    hub: FakeHub, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = opened(open_window, qtbot)
    search(window, "a dog", qtbot)
    with qtbot.waitSignal(window.browser.shown, timeout=PATIENCE):
        window.browser.refresh()
    assert not window._upgrade._looking.isActive()
    search(window, "a cat", qtbot)
    assert searches(window) == 2


def test_the_proposal_goes_when_a_model_is_on_its_way(
    hub: FakeHub, open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    searched_before(tmp_path, 4)
    window = opened(open_window, qtbot)
    search(window, "a dog", qtbot)
    bar = window.library.proposal
    qtbot.waitUntil(bar.isVisible, timeout=PATIENCE)
    window.desk.download(NAME)
    assert not bar.isVisible()
    qtbot.waitUntil(lambda: window._state.encoder == NAME, timeout=PATIENCE)
    assert not bar.isVisible()

"""Another encoder is chosen in the window and takes over: real engine, real worker."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from dated_photo import make_dated_photo
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot
from tiny_library import open_slow_library, open_tiny_library

from capsearch.catalog.catalog import Catalog
from capsearch.gui.panels.encoder_page import EncoderPage
from capsearch.gui.panels.status_bar import StatusBar
from capsearch.gui.window import MainWindow
from capsearch.library.values import Answer, EncoderSet, LibraryState, Progress, Question
from capsearch.service.operations import Ask, ReadState
from capsearch.settings import Settings

PATIENCE = 60_000
OpenWindow = Callable[..., MainWindow]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of the user's, with thirty photos."""
    for seed in range(30):
        make_dated_photo(tmp_path / "own" / f"{seed:02d}.jpg", seed, f"2023:05:10 10:{seed:02d}:00")
    return tmp_path / "own"


@pytest.fixture
def window(folder: Path, tmp_path: Path, open_window: OpenWindow, qtbot: QtBot) -> MainWindow:
    """A window over a library of that folder, in which 'other' works slowly. It has been searched
    by 'tiny' before."""
    (tmp_path / "slow").touch()
    for encoder in ("tiny", "starter"):
        with open_tiny_library(tmp_path / "library.db", Settings(), encoder) as library:
            library.index([os.fspath(folder)])
    window = open_window(library_factory=open_slow_library)
    qtbot.waitUntil(lambda: window.model.rowCount() == 30, timeout=PATIENCE)
    return window


def choose(window: MainWindow, name: str) -> None:
    dialog = window.show_settings()
    dialog.search.use_wanted.emit(name)
    dialog.accept()


def state(window: MainWindow) -> LibraryState:
    return window._bridge.client.ask(ReadState()).result(60)


def answer(window: MainWindow) -> Answer:
    return window._bridge.client.ask(Ask(Question("a dog"))).result(60)


def rows(page: EncoderPage) -> list[tuple[str, ...]]:
    model = page.sets.model()
    return [
        tuple(model.index(row, column).data() for column in range(3))
        for row in range(model.rowCount())
    ]


def forget(page: EncoderPage, row: int, qtbot: QtBot) -> None:
    page.sets.setCurrentIndex(page.sets.model().index(row, 0))
    page.forget_button.click()
    box = page.findChild(QMessageBox)
    assert box is not None
    next(button for button in box.buttons() if button.text() == "Forget").click()
    qtbot.waitUntil(lambda: page.findChild(QMessageBox) is None, timeout=PATIENCE)


def test_search_and_new_photos_go_on_while_another_encoder_is_on_its_way(
    window: MainWindow, qtbot: QtBot, folder: Path, tmp_path: Path
) -> None:
    status = window.library.status
    choose(window, "other")
    qtbot.waitUntil(lambda: "photos for other" in status.progress_text.text(), timeout=PATIENCE)
    window._bridge.client.indexer.pause()
    found = answer(window)
    assert (found.encoder, found.searched) == ("starter", 30)
    assert state(window).wanted_encoder == "other"

    # Held: what has been done is to be seen in the settings, and nothing is dropped meanwhile.
    window._refresh()
    qtbot.waitUntil(lambda: window._state.wanted_encoder == "other", timeout=PATIENCE)
    dialog = window.show_settings()
    page = dialog.search
    done = 30 - window._state.waiting
    assert page.switch.text() == f"starter → other: {done} of 30 photos"
    assert [name for name, *_ in rows(page)[:2]] == ["tiny", "starter (searches now)"]
    forget(page, 0, qtbot)
    qtbot.waitUntil(lambda: page.trouble.isVisibleTo(page), timeout=PATIENCE)
    assert "is indexing into the library" in page.trouble.text()
    dialog.reject()

    window._bridge.client.indexer.resume()
    make_dated_photo(folder / "new.jpg", 77, "2023:07:10 10:00:00")
    qtbot.waitUntil(lambda: window.model.rowCount() == 31, timeout=PATIENCE)
    found = answer(window)
    assert (found.encoder, found.searched) == ("starter", 31)

    (tmp_path / "slow").unlink()
    qtbot.waitUntil(lambda: window._state.encoder == "other", timeout=PATIENCE)
    qtbot.waitUntil(lambda: not window._bridge.client.indexer.running, timeout=PATIENCE)
    found = answer(window)
    assert (found.encoder, found.searched) == ("other", 31)
    assert state(window).wanted_encoder is None


def test_what_an_encoder_has_made_is_forgotten_when_the_user_says_so(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "slow").unlink()
    choose(window, "other")
    qtbot.waitUntil(lambda: window._state.encoder == "other", timeout=PATIENCE)
    qtbot.waitUntil(lambda: not window._bridge.client.indexer.running, timeout=PATIENCE)
    page = window.show_settings().search
    assert rows(page) == [
        ("tiny", "30", "960 bytes"),
        ("starter", "30", "960 bytes"),
        ("other (searches now)", "30", "960 bytes"),
    ]
    page.sets.setCurrentIndex(page.sets.model().index(2, 0))
    assert not page.forget_button.isEnabled()
    forget(page, 1, qtbot)
    qtbot.waitUntil(lambda: len(rows(page)) == 2, timeout=PATIENCE)
    assert [name for name, *_ in rows(page)] == ["tiny", "other (searches now)"]
    assert not page.trouble.isVisibleTo(page)
    with Catalog.open(tmp_path / "library.db", read_only=True) as catalog:
        assert [known.name for known in catalog.encoders()] == ["tiny", "other"]
    assert answer(window).encoder == "other"


def test_the_page_says_what_the_encoder_on_its_way_waits_for(qtbot: QtBot) -> None:
    sets = (EncoderSet("a", "starter", 256, 5000), EncoderSet("b", "other", 512, 4988))
    page = EncoderPage(
        Settings(),
        LibraryState((), 5000, 12, 0, "starter", "other", 12, 12, sets, encoder_identity="a"),
    )
    qtbot.addWidget(page)
    assert page.switch.text() == (
        "starter → other: 4988 of 5000 photos. It takes over when it has seen 12 photo(s) on "
        "drives that are away, too."
    )
    assert rows(page)[1] == ("other", "4988", "5.1 MB")


def test_a_run_that_is_held_on_battery_says_so_and_is_wished_in_the_settings(
    qtbot: QtBot,
) -> None:
    page = EncoderPage(Settings(), LibraryState((), 0, 0, 0, None))
    qtbot.addWidget(page)
    assert not page.settings().pause_on_battery
    page.battery.setChecked(True)
    assert page.settings() == Settings(pause_on_battery=True)

    status = StatusBar()
    qtbot.addWidget(status)
    progress = Progress("index", 3, 9, 0, 1.0, None)
    status.show_progress(progress, on_battery=True)
    assert status.progress_text.text() == "Paused: on battery"
    status.show_progress(progress)
    assert status.progress_text.text() == "3 of 9 new photos"
    status.show_progress(Progress("scan", 0, 0, 0, 0.0, None), on_battery=True)
    assert status.progress_text.isVisibleTo(status)
    assert status.progress_text.text() == "Paused: on battery"

"""What is typed is understood visibly: chips, what was mended, what is not known; suggestions."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from capsearch.gui.panels.understood_bar import PartChip, UnderstoodBar
from capsearch.gui.window import MainWindow

PATIENCE = 30_000


@pytest.fixture
def typed(window: MainWindow, qtbot: QtBot) -> Iterator[Callable[[str], UnderstoodBar]]:
    """Types words and waits for their answer."""

    def type_words(words: str) -> UnderstoodBar:
        search = window.library.search
        search.setFocus()
        search.clear()
        qtbot.keyClicks(search, words)
        qtbot.waitUntil(
            lambda: window.browser.question.text == words and window.browser.idle, timeout=PATIENCE
        )
        return window.library.understood

    yield type_words


def chips(bar: UnderstoodBar) -> dict[str, PartChip]:
    return {chip.words.text(): chip for chip in bar.chips()}


def lines(bar: UnderstoodBar) -> list[str]:
    return [label.text() for label in bar.findChildren(QLabel) if label.isVisible()]


def test_parts_are_chips_that_can_be_taken_out(
    window: MainWindow, typed: Callable[[str], UnderstoodBar], qtbot: QtBot
) -> None:
    bar = typed("a house in April 2023 without snow")
    assert list(chips(bar)) == ["April 2023", "not snow"]
    assert 0 < len(window.model._ids) <= 10
    qtbot.mouseClick(chips(bar)["not snow"].cross, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: list(chips(bar)) == ["April 2023"], timeout=PATIENCE)
    assert window.library.search.text() == "a house in April 2023"
    qtbot.mouseClick(chips(bar)["April 2023"].cross, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(bar.isHidden, timeout=PATIENCE)
    assert window.library.search.text() == "a house"


def test_a_click_turns_a_part_into_words(
    window: MainWindow, typed: Callable[[str], UnderstoodBar], qtbot: QtBot
) -> None:
    bar = typed("2023")
    assert [section.count for section in window.model.sections] == [10, 10, 10], "by month"
    qtbot.mouseClick(chips(bar)["2023"].words, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(bar.isHidden, timeout=PATIENCE)
    assert window.library.search.text() == "2023"
    assert window.browser.question.plain == ("2023",)
    bar = typed("a house 2022")
    assert not window.browser.question.plain
    assert list(chips(bar)) == ["2022"]
    assert window.library.is_empty


def test_a_slip_is_mended_and_can_be_kept(
    window: MainWindow, typed: Callable[[str], UnderstoodBar], qtbot: QtBot
) -> None:
    bar = typed("mountian")
    assert lines(bar) == ["Showing photos for “mountain”."]
    [button] = [each for each in bar.findChildren(QPushButton) if "mountian" in each.text()]
    button.click()
    qtbot.waitUntil(bar.isHidden, timeout=PATIENCE)
    assert window.browser.question.plain == ("mountian",)


def test_what_is_not_known_is_said_and_the_nearest_is_a_click_away(
    window: MainWindow, typed: Callable[[str], UnderstoodBar], qtbot: QtBot
) -> None:
    bar = typed("snwo")
    assert lines(bar) == ["CapSearch does not know the word “snwo”."]
    assert window.library.is_empty
    assert "No photo surely shows this" in window.library.empty.heading.text()
    [button] = [each for each in bar.findChildren(QPushButton) if "snow" in each.text()]
    button.click()
    qtbot.waitUntil(lambda: window.library.search.text() == "snow", timeout=PATIENCE)
    qtbot.waitUntil(bar.isHidden, timeout=PATIENCE)


def test_the_nearest_photos_of_nonsense_can_be_looked_at(
    window: MainWindow, typed: Callable[[str], UnderstoodBar], qtbot: QtBot
) -> None:
    typed("asdfqwerzxcv")
    assert window.library.is_empty
    window.library.empty.button.click()
    assert not window.library.is_empty
    assert window.model.rowCount() == 30


def test_names_are_suggested_with_counts_and_nothing_typed_is_changed(
    open_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path, photos: Path
) -> None:
    window = open_window()
    search = window.library.search
    album = photos.name
    qtbot.waitUntil(lambda: window.model.rowCount() == 30, timeout=PATIENCE)
    search.setFocus()
    qtbot.keyClicks(search, album[:4])
    qtbot.waitUntil(lambda: any(album in text for text in search.suggested), timeout=PATIENCE)
    assert search.text() == album[:4]
    qtbot.keyClick(search, Qt.Key.Key_Escape)


def test_kept_searches_come_back(open_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = open_window()
    qtbot.waitUntil(lambda: window.model.rowCount() == 30, timeout=PATIENCE)
    search = window.library.search
    search.setFocus()
    qtbot.keyClicks(search, "a house 2023")
    search._star.trigger()
    assert search.saved == ["a house 2023"]
    qtbot.waitUntil(lambda: window.browser.idle, timeout=PATIENCE)
    window.close()
    again = open_window()
    qtbot.waitUntil(lambda: again.model.rowCount() == 30, timeout=PATIENCE)
    assert again.library.search.saved == ["a house 2023"]
    [action] = again._saved_menu.actions()
    action.trigger()
    qtbot.waitUntil(lambda: again.browser.question.text == "a house 2023", timeout=PATIENCE)
    again.library.search._star.trigger()
    assert again.library.search.saved == []
    assert not again._saved_menu.menuAction().isVisible()


def test_a_click_in_the_empty_field_offers_what_was_asked_before(
    window: MainWindow, typed: Callable[[str], UnderstoodBar], qtbot: QtBot
) -> None:
    search = window.library.search
    typed("a red house")
    qtbot.keyClick(search, Qt.Key.Key_Return)
    search.setFocus()
    search.clear()
    qtbot.mouseClick(search, Qt.MouseButton.LeftButton)
    assert search.suggested == ["a red house"]
    search.ask_for("")


def test_a_search_is_kept_and_forgotten_by_a_key(window: MainWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    search = window.library.search
    search.setFocus()
    search.setText("a red bicycle")
    qtbot.keyClick(search, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert search.saved == ["a red bicycle"]
    qtbot.keyClick(search, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert search.saved == []
    qtbot.waitUntil(lambda: window.browser.idle, timeout=PATIENCE)

"""The learned page in the real window: what comes back is named, corrected, forgotten."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from dated_photo import make_subject_library
from layout_faults import cut_texts, misplaced
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from test_accessible import check
from test_small_window import HEIGHT, WIDTH, settle
from tiny_library import open_subject_library

from capsearch.gui.learned.card import SubjectCard
from capsearch.gui.learned.naming import NameDialog
from capsearch.gui.window import MainWindow
from capsearch.library.values import Explanation
from capsearch.settings import Settings

PATIENCE = 60_000
PHOTOS = 95
OpenWindow = Callable[..., MainWindow]


@pytest.fixture(scope="module")
def photos_of_subjects(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_subject_library(tmp_path_factory.mktemp("subjects"), (6, 5, 4), others=80)


@pytest.fixture(scope="module")
def learned_library(photos_of_subjects: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("learned") / "library.db"
    with open_subject_library(path, Settings(), None) as library:
        library.index([os.fspath(photos_of_subjects)])
    return path


@pytest.fixture
def window(
    learned_library: Path, tmp_path: Path, open_window: OpenWindow, qtbot: QtBot
) -> MainWindow:
    """A window over a library in which three things come back."""
    shutil.copy(learned_library, tmp_path / "library.db")
    window = open_window(watch=False, library_factory=open_subject_library)
    qtbot.waitUntil(lambda: window.model.rowCount() == PHOTOS, timeout=PATIENCE)
    return window


def show_page(window: MainWindow, qtbot: QtBot) -> None:
    window.show_learned()
    qtbot.waitUntil(lambda: bool(window.learned.cards), timeout=PATIENCE)


def stem(facts: object) -> str:
    return Path(facts.paths[0]).stem.split("_")[0]  # type: ignore[attr-defined]


def card_of(window: MainWindow, subject: str) -> SubjectCard:
    found = [card for card in window.learned.cards if stem(card.subject.facts[0]) == subject]
    assert found, [stem(card.subject.facts[0]) for card in window.learned.cards]
    return found[0]


def name(window: MainWindow, subject: str, words: str, qtbot: QtBot, called: str = "") -> None:
    card_of(window, subject).name_button.click()
    answer_name(window, words, qtbot, called)
    qtbot.waitUntil(lambda: card_of(window, subject).subject.name == words, timeout=PATIENCE)


def answer_name(window: MainWindow, words: str, qtbot: QtBot, called: str = "") -> None:
    dialog = window.findChild(NameDialog)
    assert dialog is not None
    qtbot.keyClicks(dialog.name, words)
    qtbot.keyClicks(dialog.called, called)
    qtbot.keyClick(dialog.name, Qt.Key.Key_Return)


def ask(window: MainWindow, words: str, qtbot: QtBot) -> None:
    window._show_library()
    window.library.search.ask_for(words)
    qtbot.waitUntil(
        lambda: window.browser.question.text == words and window.browser.idle, timeout=PATIENCE
    )


def shown(window: MainWindow, count: int) -> list[str]:
    found = [window.model.facts_at(row) for row in range(min(count, window.model.rowCount()))]
    return [stem(facts) for facts in found if facts is not None]


def is_shown(window: MainWindow, subject: str, count: int) -> bool:
    return shown(window, count) == [subject] * count


def test_the_page_shows_what_comes_back_in_words(window: MainWindow, qtbot: QtBot) -> None:
    window.heart.learned.trigger()
    qtbot.waitUntil(lambda: len(window.learned.cards) == 3, timeout=PATIENCE)
    words = " ".join(label.text() for label in card_of(window, "subject0").findChildren(QLabel))
    assert "No name yet" in words
    assert "6" in words
    assert "comes back on 6 days since 20" in words
    qtbot.keyClick(window.learned, Qt.Key.Key_Escape)
    assert window.library.isVisible()


def test_named_it_is_found_by_its_name_also_after_a_restart(
    window: MainWindow, open_window: OpenWindow, qtbot: QtBot
) -> None:
    show_page(window, qtbot)
    name(window, "subject1", "Rex", qtbot, "my dog")
    for words in ("Rex", "Rex on the beach", "my dog"):
        ask(window, words, qtbot)
        window._show_more()
        assert is_shown(window, "subject1", 5), (words, shown(window, 6))
    assert [chip.words.text() for chip in window.library.understood.chips()] == []
    ask(window, "Rex", qtbot)
    assert [chip.words.text() for chip in window.library.understood.chips()] == ["Rex"]
    window.close()
    again = open_window(watch=False, library_factory=open_subject_library)
    qtbot.waitUntil(lambda: again.model.rowCount() == PHOTOS, timeout=PATIENCE)
    ask(again, "Rex", qtbot)
    assert is_shown(again, "subject1", 5)
    again.open_preview(again.library.grid, 0)
    links = again.preview.details.findChildren(QPushButton)
    assert "Rex" in [link.text() for link in links]


def test_two_are_put_together_and_taken_apart_again(window: MainWindow, qtbot: QtBot) -> None:
    show_page(window, qtbot)
    name(window, "subject0", "Rex", qtbot)
    assert not window.learned.merge_button.isVisible()
    card_of(window, "subject0").box.click()
    card_of(window, "subject2").box.click()
    window.learned.merge_button.click()
    qtbot.waitUntil(lambda: len(window.learned.cards) == 2, timeout=PATIENCE)
    rex = card_of(window, "subject0")
    assert len(rex.subject.photos) == 10
    rex.open_button.click()
    view = window.learned.subject
    qtbot.waitUntil(
        lambda: all(view.model.facts_at(row) is not None for row in range(10)), timeout=PATIENCE
    )
    assert not view.apart_button.isEnabled()
    view.grid.clearSelection()
    for row in range(10):
        if stem(view.model.facts_at(row)) == "subject2":
            view.grid.selectionModel().select(
                view.model.index(row), QItemSelectionModel.SelectionFlag.Select
            )
    assert len(view.chosen) == 4
    view.apart_button.click()
    qtbot.waitUntil(lambda: view.model.rowCount() == 6, timeout=PATIENCE)
    qtbot.keyClick(view.grid, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: len(window.learned.cards) == 3, timeout=PATIENCE)
    assert len(card_of(window, "subject2").subject.photos) == 4


def test_the_page_follows_the_library_and_keeps_what_is_ticked(
    window: MainWindow, qtbot: QtBot
) -> None:
    show_page(window, qtbot)
    card_of(window, "subject0").box.click()
    before = window.learned.cards[0]
    window._bridge.client.index(window._folders())
    qtbot.waitUntil(lambda: window.learned.cards[0] is not before, timeout=PATIENCE)
    assert card_of(window, "subject0").box.isChecked()
    assert not card_of(window, "subject1").box.isChecked()


def test_what_is_ignored_comes_last_and_undo_brings_it_back(
    window: MainWindow, qtbot: QtBot
) -> None:
    show_page(window, qtbot)
    name(window, "subject1", "Rex", qtbot, "dog")
    card_of(window, "subject1").ignored.emit(True)
    qtbot.waitUntil(lambda: card_of(window, "subject1").subject.ignored, timeout=PATIENCE)
    ask(window, "my dog", qtbot)
    window._show_more()
    order = window.model.photo_ids
    assert set(order[-5:]) == set(card_of(window, "subject1").subject.photos.tolist())
    window.learned_desk.take_back()
    qtbot.waitUntil(lambda: is_shown(window, "subject1", 5), timeout=PATIENCE)


def test_what_is_said_of_a_result_moves_it_and_is_undone(window: MainWindow, qtbot: QtBot) -> None:
    ask(window, "my dog", qtbot)
    window._show_more()
    before = window.model.photo_ids
    grid = window.library.grid
    grid.setFocus()
    grid.go_to(len(before) - 1)
    qtbot.keyClick(grid, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.model.photo_ids[:1] == before[-1:], timeout=PATIENCE)
    notice = window.library.notice
    qtbot.waitUntil(lambda: "went from place" in notice.label.text(), timeout=PATIENCE)
    notice.button.click()
    qtbot.waitUntil(lambda: window.model.photo_ids[:1] == before[:1], timeout=PATIENCE)
    ask(window, "a dog", qtbot)
    grid.go_to(0)
    grid.setFocus()
    qtbot.keyClick(grid, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert "my …" in notice.label.text()


def test_chosen_photos_get_a_name_in_the_library(window: MainWindow, qtbot: QtBot) -> None:
    photos = window.model.photo_ids[:2]
    window.feedback.ask_name(tuple(photos))
    answer_name(window, "Garden", qtbot)
    qtbot.waitUntil(lambda: "Garden" in window.library.notice.label.text(), timeout=PATIENCE)
    ask(window, "Garden", qtbot)
    assert set(window.model.photo_ids[:2]) == set(photos)


def test_all_is_exported_forgotten_and_imported(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    show_page(window, qtbot)
    name(window, "subject0", "Rex", qtbot)
    file = str(tmp_path / "taught.json")
    for dialog in ("getSaveFileName", "getOpenFileName"):
        monkeypatch.setattr(QFileDialog, dialog, lambda *_: (file, ""))
    page = window.learned
    entries = {action.text(): action for action in page.more_button.menu().actions()}
    entries["Export…"].trigger()
    qtbot.waitUntil(lambda: Path(file).exists(), timeout=PATIENCE)
    entries["Forget everything…"].trigger()
    question = page.findChild(QMessageBox)
    assert question is not None
    next(b for b in question.buttons() if b.text() == "Forget everything").click()
    qtbot.waitUntil(lambda: not card_of(window, "subject0").subject.name, timeout=PATIENCE)
    assert not page._undo.isVisible()
    entries["Import…"].trigger()
    qtbot.waitUntil(lambda: card_of(window, "subject0").subject.name == "Rex", timeout=PATIENCE)
    Path(file).write_text("no such file")
    entries["Import…"].trigger()
    qtbot.waitUntil(lambda: "damaged" in page.notice.label.text(), timeout=PATIENCE)


def test_a_name_holds_under_another_encoder(
    window: MainWindow, photos_of_subjects: Path, qtbot: QtBot
) -> None:
    show_page(window, qtbot)
    name(window, "subject0", "Rex", qtbot)
    window.choose_encoder("other")
    qtbot.waitUntil(lambda: window._state.encoder == "other", timeout=PATIENCE)
    ask(window, "Rex", qtbot)
    qtbot.waitUntil(lambda: is_shown(window, "subject0", 6), timeout=PATIENCE)


def test_generic_this_time_and_strength(window: MainWindow, qtbot: QtBot) -> None:
    show_page(window, qtbot)
    name(window, "subject1", "Rex", qtbot, "dog")
    ask(window, "my dog", qtbot)
    own = window.model.photo_ids[:5]
    window.heart.generic_once.trigger()
    qtbot.waitUntil(lambda: window.model.photo_ids[:5] != own, timeout=PATIENCE)
    lines = window.library.understood.findChildren(QLabel)
    assert any("As everybody would get it" in line.text() for line in lines)
    assert window.library.yours_button.isChecked()
    told: list[Explanation | None] = []
    window.browser.explain(own[0], told.append)
    qtbot.waitUntil(lambda: bool(told), timeout=PATIENCE)
    assert told[0] is not None
    assert (told[0].meant, told[0].moved) == (None, None)  # as the photos that are shown
    window.heart.generic_once.trigger()
    qtbot.waitUntil(lambda: window.model.photo_ids[:5] == own, timeout=PATIENCE)
    window.heart.strengths["more"].trigger()
    assert Settings.load().strength == "more"
    assert window.browser.question.strength == "more"
    qtbot.waitUntil(lambda: window.browser.idle, timeout=PATIENCE)


def views(window: MainWindow, qtbot: QtBot) -> Iterator[QWidget]:
    """The page, the photos of a subject, and the question for a name."""
    show_page(window, qtbot)
    for card in window.learned.cards[:2]:
        card.box.click()
    settle(qtbot)
    yield window
    window.learned.open_subject(window.learned.cards[0].subject)
    settle(qtbot)
    yield window
    window.learned.ask_name(window.learned.cards[0].subject)
    settle(qtbot)
    dialog = window.learned.findChild(NameDialog)
    assert dialog is not None
    yield dialog
    dialog.reject()


def test_everything_is_named_and_reached_by_keyboard(window: MainWindow, qtbot: QtBot) -> None:
    for view in views(window, qtbot):
        check(view)


def test_the_page_works_in_a_small_window(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(WIDTH, HEIGHT)
    for view in views(window, qtbot):
        assert (window.width(), window.height()) == (WIDTH, HEIGHT)
        assert misplaced(view) == []


@pytest.mark.usefixtures("large_german")
def test_no_word_of_the_page_is_cut_in_german_with_large_letters(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.resize(1180, 800)
    for view in views(window, qtbot):
        assert cut_texts(view) == []


def test_a_library_in_which_nothing_comes_back_says_so(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window(watch=False)
    qtbot.waitUntil(lambda: window.model.rowCount() == 30, timeout=PATIENCE)
    window.show_learned()
    page = window.learned
    qtbot.waitUntil(
        lambda: any("give them a name" in label.text() for label in page.findChildren(QLabel)),
        timeout=PATIENCE,
    )

"""What a person does in the window, and what it shows then."""

import os
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from scenes import scene
from tiny_library import open_tiny_library

from capsearch.gui.grid.photo_menu import PhotoMenu
from capsearch.gui.grid.photo_model import FACTS_ROLE, OWN_PHOTOS, PHOTO_ROLE, PICTURE_ROLE
from capsearch.gui.panels.failures_dialog import FailuresDialog
from capsearch.gui.panels.settings_dialog import SettingsDialog
from capsearch.gui.window import MainWindow
from capsearch.library.values import Filters, PhotoFacts
from capsearch.service import IndexingEnded
from capsearch.settings import Settings

PATIENCE = 30_000


def ids(window: MainWindow) -> list[int]:
    model = window.model
    return [model.index(row).data(PHOTO_ROLE) for row in range(model.rowCount())]


def search(window: MainWindow, qtbot: QtBot, words: str) -> None:
    with qtbot.waitSignal(
        window.browser.shown, timeout=PATIENCE, check_params_cb=lambda shown: not shown.by_date
    ):
        window.library.search.setFocus()
        qtbot.keyClicks(window.library.search, words)


def test_the_first_run_offers_a_folder_and_shows_its_photos(
    open_window: object, qtbot: QtBot, photos: Path
) -> None:
    window = open_window(empty=True)  # type: ignore[operator]
    qtbot.waitUntil(window.welcome.isVisible, timeout=PATIENCE)
    window.welcome.chosen.emit(os.fspath(photos))
    assert window.library.isVisible()
    qtbot.waitUntil(lambda: window.model.rowCount() == 30, timeout=PATIENCE)
    assert not window.library.is_empty
    qtbot.waitUntil(lambda: not window.library.status.failures_button.isHidden(), timeout=PATIENCE)


def test_photos_are_shown_by_month_newest_first(window: MainWindow) -> None:
    titles = [section.title for section in window.model.sections]
    assert [title.split()[-1] for title in titles] == ["2023"] * 3
    assert [section.count for section in window.model.sections] == [10, 10, 10]
    facts = [window.model.facts_at(section.first) for section in window.model.sections]
    months = [one.taken.local.month for one in facts if one is not None and one.taken is not None]
    assert months == [5, 4, 3]


def test_thumbnails_come_and_are_kept_on_disk(window: MainWindow, qtbot: QtBot) -> None:
    first = window.model.index(0)
    qtbot.waitUntil(lambda: first.data(PICTURE_ROLE) is not None, timeout=PATIENCE)
    cache = window._bridge.client.library.with_name("library.db.cache") / "thumbnails"
    assert list(cache.rglob("*.jpg"))


def test_typing_finds_and_escape_goes_back_to_all_photos(window: MainWindow, qtbot: QtBot) -> None:
    by_date = ids(window)
    search(window, qtbot, "a red bicycle")
    assert ids(window) != by_date
    assert window.browser.question.text == "a red bicycle"
    qtbot.keyClick(window.library.search, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: ids(window) == by_date, timeout=PATIENCE)


def test_less_relevant_photos_come_when_asked_for(window: MainWindow, qtbot: QtBot) -> None:
    search(window, qtbot, "a red bicycle")
    assert window.model.hidden > 0
    assert window.library.more_button.isVisible()
    shown = window.model.rowCount()
    window.library.more_button.click()
    assert window.model.rowCount() == 30 > shown
    assert not window.library.more_button.isVisible()


def test_the_keyboard_alone_reaches_a_photo_and_comes_back(
    window: MainWindow, qtbot: QtBot
) -> None:
    grid = window.library.grid
    qtbot.keyClick(window.library.search, Qt.Key.Key_Down)
    assert grid.hasFocus() and grid.currentIndex().row() == 0
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    qtbot.keyClick(grid, Qt.Key.Key_Return)
    assert window.preview.isVisible()
    qtbot.keyClick(window.preview.image, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: window.preview.image.has_picture, timeout=PATIENCE)
    qtbot.keyClick(window.preview.image, Qt.Key.Key_Escape)
    assert window.library.isVisible()
    assert grid.currentIndex().row() == 2
    for _ in range(2):
        qtbot.keyClick(grid, Qt.Key.Key_Left)
    qtbot.keyClick(grid, Qt.Key.Key_Up)
    assert window.library.search.hasFocus()


def test_the_arrows_cross_month_headings(window: MainWindow, qtbot: QtBot) -> None:
    grid, columns = window.library.grid, window.library.grid.grid_layout.columns
    grid.go_to(9)
    qtbot.keyClick(grid, Qt.Key.Key_Down)
    assert grid.currentIndex().row() == 10 + min(9 % columns, 9)
    qtbot.keyClick(grid, Qt.Key.Key_End)
    assert grid.currentIndex().row() == 29


def test_the_preview_zooms_and_says_what_is_known(window: MainWindow, qtbot: QtBot) -> None:
    window.open_preview(window.library.grid, 0)
    image = window.preview.image
    qtbot.waitUntil(lambda: image.has_picture, timeout=PATIENCE)
    before = image.zoom
    qtbot.keyClick(image, Qt.Key.Key_Plus)
    assert image.zoom > before and not image.fitted
    qtbot.keyClick(image, Qt.Key.Key_0)
    assert image.fitted
    facts = window.preview.facts
    assert facts is not None and facts.camera in ("Tiny Cam", "Other Cam")


def test_more_like_this_begins_with_the_photo(window: MainWindow, qtbot: QtBot) -> None:
    wanted = ids(window)[7]
    window.open_preview(window.library.grid, 7)
    with qtbot.waitSignal(window.browser.shown, timeout=PATIENCE):
        window.preview.similar_button.click()
    assert ids(window)[0] == wanted
    assert window.library.isVisible()
    qtbot.wait(300)
    assert ids(window)[0] == wanted
    qtbot.keyClick(window.library.search, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.browser.by_date, timeout=PATIENCE)


def test_a_picture_from_elsewhere_finds_its_like(window: MainWindow, qtbot: QtBot) -> None:
    facts = window.model.facts_at(4)
    assert facts is not None
    with qtbot.waitSignal(window.browser.shown, timeout=PATIENCE):
        window.library.image_dropped.emit(facts.paths[0])
    assert ids(window)[0] == facts.id


def test_a_file_that_is_no_picture_is_one_sentence(
    window: MainWindow, qtbot: QtBot, photos: Path
) -> None:
    window.library.image_dropped.emit(os.fspath(photos / "home" / "broken.jpg"))
    qtbot.waitUntil(lambda: window.library.is_empty, timeout=PATIENCE)
    assert "no photo to search by" in window.library.empty.heading.text()


def test_filters_narrow_and_one_button_clears_them(window: MainWindow, qtbot: QtBot) -> None:
    window.library.filter_button.click()
    bar = window.library.filters
    qtbot.waitUntil(bar.chips["cameras"].isVisible, timeout=PATIENCE)
    menu = bar.menu_for("formats")
    png = next(action for action in menu.actions() if action.text().startswith("PNG"))
    png.trigger()
    qtbot.waitUntil(lambda: window.model.rowCount() == 6, timeout=PATIENCE)
    search(window, qtbot, "anything")
    facts = [window.model.facts_at(row) for row in range(window.model.rowCount())]
    assert {one and one.format for one in facts} == {"PNG"}
    bar.clear_button.click()
    qtbot.waitUntil(lambda: window.model.rowCount() + window.model.hidden == 30, timeout=PATIENCE)


def test_filters_that_nothing_passes_offer_to_be_cleared(window: MainWindow, qtbot: QtBot) -> None:
    window.library.filters.set_filters(Filters(people=("Nobody",)))
    qtbot.waitUntil(lambda: window.library.is_empty, timeout=PATIENCE)
    window.library.empty.button.click()
    qtbot.waitUntil(lambda: window.model.rowCount() == 30, timeout=PATIENCE)
    assert not window.library.is_empty


def test_generic_and_yours_stand_side_by_side(window: MainWindow, qtbot: QtBot) -> None:
    search(window, qtbot, "my dog")
    window.library.compare_button.click()
    qtbot.waitUntil(lambda: window.generic.rowCount() > 0, timeout=PATIENCE)
    assert window.library.generic_grid.isVisible()
    window.library.compare_button.click()
    assert not window.library.generic_grid.isVisible()


def test_chosen_photos_are_copied_and_dragged_as_files(window: MainWindow, qtbot: QtBot) -> None:
    grid = window.library.grid
    grid.selectAll()
    mime = window.model.mimeData(grid.selectedIndexes()[:3])
    assert len(mime.urls()) == 3 and mime.hasFormat(OWN_PHOTOS)
    grid.clearSelection()
    grid.setFocus()
    grid.go_to(2)
    qtbot.keyClick(grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    facts = window.model.index(2).data(FACTS_ROLE)
    copied: QMimeData = QGuiApplication.clipboard().mimeData()
    assert copied.urls() == [QUrl.fromLocalFile(facts.paths[0])]
    # The offscreen platform ends badly with anything left here.
    QGuiApplication.clipboard().clear()


def test_a_killed_engine_is_noticed_and_search_goes_on(window: MainWindow, qtbot: QtBot) -> None:
    pid = window._bridge.client.engine_pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    qtbot.waitUntil(window.library.notice.isVisible, timeout=PATIENCE)
    search(window, qtbot, "still here")
    assert window.model.rowCount() > 0


def test_indexing_can_be_paused_and_goes_on(
    open_window: object, qtbot: QtBot, photos: Path
) -> None:
    window = open_window(empty=True)  # type: ignore[operator]
    qtbot.waitUntil(window.welcome.isVisible, timeout=PATIENCE)
    window.library.status.pause_button.click()
    window.add_folder(os.fspath(photos))
    indexer = window._bridge.client.indexer
    assert indexer.paused and indexer.running
    qtbot.wait(300)
    assert window.model.rowCount() == 0
    window.library.status.pause_button.click()
    qtbot.waitUntil(lambda: window.model.rowCount() == 30, timeout=PATIENCE)


def test_failures_are_listed_with_reasons_and_tried_again(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, make_photo: object
) -> None:
    extra = tmp_path / "extra"
    extra.mkdir()
    (extra / "mended.jpg").write_bytes(b"")
    window.add_folder(os.fspath(extra))
    qtbot.waitUntil(lambda: window._state.failures == 2, timeout=PATIENCE)
    window.show_failures()
    dialog = window.findChild(FailuresDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.list.topLevelItemCount() == 2, timeout=PATIENCE)
    make_photo(extra / "mended.jpg", seed=77)  # type: ignore[operator]
    dialog.retry_button.click()
    qtbot.waitUntil(lambda: window._state.failures == 1, timeout=PATIENCE)


def test_settings_are_kept_and_tell_what_to_report(window: MainWindow, qtbot: QtBot) -> None:
    window.show_settings()
    dialog = window.findChild(SettingsDialog)
    assert dialog is not None
    assert dialog.folders.list.topLevelItemCount() == 1
    assert "Photos: 30" in dialog.diagnostics.toPlainText()
    dialog.folders.patterns.setPlainText("*.tmp\n\n  private  ")
    dialog.accept()
    assert Settings.load().exclude == ("*.tmp", "private")


def test_a_library_of_another_encoder_is_not_encoded_again_by_the_settings_one(
    open_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path, photos: Path
) -> None:
    with open_tiny_library(tmp_path / "library.db", Settings(), "other") as library:
        library.index([os.fspath(photos)])
    window = open_window()
    ended: list[IndexingEnded] = []
    window._bridge.told.connect(
        lambda event: ended.append(event) if isinstance(event, IndexingEnded) else None
    )
    qtbot.waitUntil(lambda: bool(ended), timeout=PATIENCE)
    assert (ended[0].report.encoder, ended[0].report.encoded) == ("other", 0)
    qtbot.waitUntil(lambda: window._state.encoder == "other", timeout=PATIENCE)


def test_choosing_an_encoder_changes_this_library_and_not_the_settings(
    window: MainWindow, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: window._state.encoder == "starter", timeout=PATIENCE)
    page = window.show_settings().search
    assert page.cards["starter"].standing.text() == "Searches now"
    page.use_wanted.emit("other")
    qtbot.waitUntil(lambda: window._state.encoder == "other", timeout=PATIENCE)
    assert Settings.load().encoder == "starter"


def test_pictures_in_sight_stay_while_the_library_is_read_anew(
    window: MainWindow, qtbot: QtBot
) -> None:
    model = window.model
    rows = [model.index(row) for row in range(6)]
    qtbot.waitUntil(lambda: all(row.data(PICTURE_ROLE) for row in rows), timeout=PATIENCE)
    asked: list[list[int]] = []
    model.facts_wanted.connect(asked.append)
    window._refresh()
    assert all(row.data(PICTURE_ROLE) is not None for row in rows)
    # They are read anew all the same: a photo may have moved.
    qtbot.waitUntil(lambda: any(rows[0].data(PHOTO_ROLE) in ids for ids in asked), timeout=PATIENCE)
    assert all(row.data(PICTURE_ROLE) is not None for row in rows)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no file that reads for ever")
def test_a_photo_whose_reading_never_ends_holds_nobody_back(
    open_window: Callable[..., MainWindow], qtbot: QtBot, tmp_path: Path, photos: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(photos, copy)
    with open_tiny_library(tmp_path / "library.db", Settings(), None) as library:
        library.index([os.fspath(copy)])
    window = open_window(watch=False)
    qtbot.waitUntil(lambda: window.model.rowCount() == 30, timeout=PATIENCE)
    first = window.model.index(0)
    qtbot.waitUntil(lambda: first.data(PICTURE_ROLE) is not None, timeout=PATIENCE)
    path = Path(first.data(FACTS_ROLE).paths[0])
    path.unlink()
    os.mkfifo(path)
    window.open_preview(window.library.grid, 0)
    reader = window.preview._loader._threads._readers[0]
    qtbot.waitUntil(lambda: reader._process.running, timeout=PATIENCE)
    begin = time.monotonic()
    window.close()
    assert time.monotonic() - begin < 10  # the reading itself would take for ever


def test_the_window_is_as_it_was_left(open_window: object, qtbot: QtBot) -> None:
    first = open_window()  # type: ignore[operator]
    qtbot.waitUntil(lambda: first.model.rowCount() == 30, timeout=PATIENCE)
    first.library.status.size_slider.setValue(250)
    first.library.search.setText("sunset")
    first.library.search.remember()
    first.library.yours_button.setChecked(False)
    first.close()
    second = open_window()  # type: ignore[operator]
    assert second.library.grid.cell == 250
    assert second.library.search.history == ["sunset"]
    assert not second.library.yours_button.isChecked()


def test_closing_while_indexing_leaves_nothing_behind(
    open_window: object, qtbot: QtBot, photos: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(photos, copy)
    window = open_window(empty=True)  # type: ignore[operator]
    qtbot.waitUntil(window.welcome.isVisible, timeout=PATIENCE)
    window.add_folder(os.fspath(copy))
    qtbot.waitUntil(lambda: window._bridge.client.indexer.running, timeout=PATIENCE)
    window.close()
    # That no thread and no process is left, the fixture of every test here makes sure.
    assert not window._bridge.client.indexer.running


@pytest.mark.parametrize("name", ["search", "grid", "filter_button", "compare_button"])
def test_every_control_has_a_name_for_screen_readers(window: MainWindow, name: str) -> None:
    assert getattr(window.library, name).accessibleName()


def test_near_copies_are_one_picture_with_a_count_that_opens_to_all(
    open_window: object, tmp_path: Path, qtbot: QtBot
) -> None:
    photos = tmp_path / "copied"
    photos.mkdir()
    for seed in range(3):
        scene(seed).save(photos / f"{seed}.jpg", quality=92)
    scene(0).resize((320, 240)).save(photos / "sent.jpg", quality=60)
    window = open_window(empty=True)  # type: ignore[operator]
    window.welcome.chosen.emit(os.fspath(photos))

    def stacked() -> list[PhotoFacts]:
        shown = [window.model.facts_at(row) for row in range(window.model.rowCount())]
        return [facts for facts in shown if facts is not None and facts.stacked]

    qtbot.waitUntil(lambda: window.model.rowCount() == 3 and len(stacked()) == 1, timeout=PATIENCE)
    [best] = stacked()
    assert best.stacked == 2
    window.library.grid.setCurrentIndex(window.model.index(window.model.row_of(best.id)))
    [menu] = [
        menu for menu in window.findChildren(PhotoMenu) if menu.parent() is window.library.grid
    ]
    [action] = [one for one in menu.menu().actions() if one.text() == "Show all 2 near copies"]
    action.trigger()
    qtbot.waitUntil(lambda: window.model.rowCount() == 2, timeout=PATIENCE)
    first = window.model.facts_at(0)
    assert first is not None and Path(first.paths[0]).name == "0.jpg"
    window.list_copies()
    qtbot.waitUntil(lambda: window.model.rowCount() == 1, timeout=PATIENCE)
    window.library.search.ask_for("")
    qtbot.waitUntil(lambda: window.model.rowCount() == 3, timeout=PATIENCE)
    [each] = [
        one
        for one in window.library.menu_button.menu().actions()
        if one.text() == "Show each near copy"
    ]
    each.trigger()
    qtbot.waitUntil(lambda: window.model.rowCount() == 4, timeout=PATIENCE)
    window.library.search.ask_for("a picture")
    qtbot.waitUntil(lambda: window.browser.idle and window.model.rowCount() == 4, timeout=PATIENCE)
    window.close()
    again = open_window()  # type: ignore[operator]
    qtbot.waitUntil(lambda: again.model.rowCount() == 4, timeout=PATIENCE)
    again.each_copy.trigger()
    qtbot.waitUntil(lambda: again.model.rowCount() == 3, timeout=PATIENCE)

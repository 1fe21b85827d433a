"""The window shows what happens in the library's folders, by itself: real files, real engine."""

import os
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from dated_photo import make_dated_photo
from pytestqt.qtbot import QtBot
from run_command import capsearch
from tiny_library import open_tiny_library

from capsearch.gui.grid.photo_model import PHOTO_ROLE, PICTURE_ROLE
from capsearch.gui.window import MainWindow
from capsearch.library.values import PhotoFacts
from capsearch.service import IndexingFailed
from capsearch.settings import Settings

PATIENCE = 30_000
OpenWindow = Callable[..., MainWindow]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of the user's, with twelve photos of one month."""
    for seed in range(12):
        make_dated_photo(tmp_path / "own" / f"{seed:02d}.jpg", seed, f"2023:05:10 10:{seed:02d}:00")
    return tmp_path / "own"


@pytest.fixture
def window(folder: Path, tmp_path: Path, open_window: OpenWindow, qtbot: QtBot) -> MainWindow:
    """A window over a library of that folder, watching, all of its pictures shown."""
    with open_tiny_library(tmp_path / "library.db", Settings(), None) as library:
        library.index([os.fspath(folder)])
    window = open_window()
    qtbot.waitUntil(lambda: pictures_shown(window) == 12, timeout=PATIENCE)
    settle(window, qtbot)
    return window


def settle(window: MainWindow, qtbot: QtBot) -> None:
    """Wait until the folders are watched: they have been looked through as a whole."""
    make_dated_photo(folder_of(window) / "sign.jpg", 999, "2023:05:01 10:00:00")
    qtbot.waitUntil(lambda: "sign.jpg" in names(window), timeout=PATIENCE)
    (folder_of(window) / "sign.jpg").unlink()
    qtbot.waitUntil(lambda: "sign.jpg" not in names(window), timeout=PATIENCE)
    qtbot.waitUntil(lambda: not window._bridge.client.indexer.running, timeout=PATIENCE)


def folder_of(window: MainWindow) -> Path:
    return Path(window._state.folders[0].path)


def facts(window: MainWindow) -> dict[str, PhotoFacts]:
    rows = range(window.model.rowCount())
    known = [window.model.facts_at(row) for row in rows]
    return {Path(each.paths[0]).name: each for each in known if each is not None}


def names(window: MainWindow) -> set[str]:
    return set(facts(window))


def pictures_shown(window: MainWindow) -> int:
    rows = range(window.model.rowCount())
    return sum(window.model.index(row).data(PICTURE_ROLE) is not None for row in rows)


def answered(window: MainWindow, words: str) -> bool:
    return window.browser.question.text == words.strip() and window.browser.idle


class Watched:
    """Looks at the grid each time it is painted: which photos were in sight as a grey square."""

    def __init__(self, window: MainWindow, photo_ids: set[int]) -> None:
        self.grey: list[int] = []
        self._window = window
        self._ids = photo_ids
        window.model.modelReset.connect(self.look)
        window.model.dataChanged.connect(self.look)
        window.model.rowsInserted.connect(self.look)

    def look(self, *_: object) -> None:
        model = self._window.model
        for photo_id in self._ids:
            row = model.row_of(photo_id)
            if row is None or model.index(row).data(PICTURE_ROLE) is None:
                self.grey.append(photo_id)


def test_a_new_photo_appears_at_its_date_and_no_picture_in_sight_turns_grey(
    window: MainWindow, folder: Path, qtbot: QtBot
) -> None:
    watched = Watched(window, {each.id for each in facts(window).values()})
    make_dated_photo(folder / "sub" / "new.jpg", 50, "2023:05:10 10:05:30")
    qtbot.waitUntil(lambda: pictures_shown(window) == 13, timeout=PATIENCE)
    order = [Path(window.model.facts_at(row).paths[0]).name for row in range(13)]  # type: ignore[union-attr]
    assert order[:8] == [*(f"{n:02d}.jpg" for n in range(11, 5, -1)), "new.jpg", "05.jpg"]
    qtbot.waitUntil(lambda: window.library.status.news.text() == "1 new photo(s)", timeout=PATIENCE)
    assert watched.grey == []


def test_a_deleted_photo_leaves_at_once_and_a_renamed_one_stays_in_its_place(
    window: MainWindow, folder: Path, qtbot: QtBot
) -> None:
    before = [window.model.index(row).data(PHOTO_ROLE) for row in range(12)]
    renamed = facts(window)["03.jpg"].id
    kept = {each.id for name, each in facts(window).items() if name != "07.jpg"}
    watched = Watched(window, kept)
    (folder / "elsewhere").mkdir()
    (folder / "03.jpg").rename(folder / "elsewhere" / "three.jpg")
    qtbot.waitUntil(lambda: "three.jpg" in names(window), timeout=PATIENCE)
    assert facts(window)["three.jpg"].id == renamed
    assert [window.model.index(row).data(PHOTO_ROLE) for row in range(12)] == before
    (folder / "07.jpg").unlink()
    qtbot.waitUntil(lambda: window.model.rowCount() == 11, timeout=PATIENCE)
    qtbot.waitUntil(
        lambda: window.library.status.news.text() == "1 photo(s) gone", timeout=PATIENCE
    )
    assert watched.grey == []


def test_an_edited_photo_is_read_again(window: MainWindow, folder: Path, qtbot: QtBot) -> None:
    """As editors save: a temporary file, renamed onto the photo."""
    before = facts(window)["04.jpg"]
    saved = make_dated_photo(folder / ".04.jpg.tmp.jpg", 77, "2023:05:10 10:04:00", (80, 60))
    saved.replace(folder / "04.jpg")
    qtbot.waitUntil(
        lambda: "04.jpg" in names(window) and facts(window)["04.jpg"].width == 80,
        timeout=PATIENCE,
    )
    assert window.model.rowCount() == 12
    assert facts(window)["04.jpg"].id != before.id
    news = window.library.status.news
    qtbot.waitUntil(lambda: news.text() == "1 photo(s) changed", timeout=PATIENCE)


def test_a_new_photo_joins_the_results_of_what_is_asked(
    window: MainWindow, folder: Path, qtbot: QtBot
) -> None:
    window.library.search.setText("blocks")
    qtbot.waitUntil(partial(answered, window, "blocks"), timeout=PATIENCE)
    window._show_more()
    make_dated_photo(folder / "new.jpg", 51, "2023:05:12 10:00:00")

    def all_found() -> bool:
        window._show_more()
        return "new.jpg" in names(window)

    qtbot.waitUntil(all_found, timeout=PATIENCE)
    (folder / "new.jpg").unlink()
    qtbot.waitUntil(lambda: "new.jpg" not in names(window), timeout=PATIENCE)


def test_a_folder_that_is_unplugged_is_marked_and_comes_back(
    window: MainWindow, folder: Path, qtbot: QtBot
) -> None:
    drawer = folder.with_name("drawer")
    folder.rename(drawer)
    qtbot.waitUntil(
        lambda: len(facts(window)) == 12 and all(f.offline for f in facts(window).values()),
        timeout=PATIENCE,
    )
    assert "cannot be reached" in window.library.notice.label.text()
    drawer.rename(folder)
    qtbot.waitUntil(lambda: not any(f.offline for f in facts(window).values()), timeout=PATIENCE)
    assert "connected again" in window.library.notice.label.text()
    assert window.model.rowCount() == 12


def test_what_another_program_does_to_the_library_is_shown(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    """`capsearch index` beside the open window; its folder is watched from then on."""
    other = tmp_path / "other"
    make_dated_photo(other / "o1.jpg", 60, "2023:05:20 10:00:00")
    with open_tiny_library(tmp_path / "library.db", Settings(), None) as library:
        library.index([os.fspath(other)])
    qtbot.waitUntil(lambda: "o1.jpg" in names(window), timeout=PATIENCE)
    make_dated_photo(other / "o2.jpg", 61, "2023:05:21 10:00:00")
    qtbot.waitUntil(lambda: "o2.jpg" in names(window), timeout=PATIENCE)


def test_what_a_command_leaves_out_of_a_folder_leaves_the_open_window(
    window: MainWindow, folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    library = tmp_path / "library.db"
    done = capsearch("folders", "exclude", folder, "03.*", "--library", library)
    assert "an open window does so by itself" in done.stdout, done.stderr
    qtbot.waitUntil(lambda: window.model.rowCount() == 11, timeout=PATIENCE)
    assert "03.jpg" not in names(window)
    capsearch("folders", "exclude", folder, "03.*", "--undo", "--library", library)
    qtbot.waitUntil(lambda: "03.jpg" in names(window), timeout=PATIENCE)


def test_half_files_and_downloads_are_not_shown_before_they_are_whole(
    window: MainWindow, folder: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    whole = make_dated_photo(tmp_path / "whole.jpg", 70, "2023:05:22 10:00:00").read_bytes()
    (folder / "a.jpg.crdownload").write_bytes(whole[: len(whole) // 2])
    with (folder / "slow.jpg").open("wb") as slow:
        slow.write(whole[: len(whole) // 2])
        slow.flush()
        make_dated_photo(folder / "quick.jpg", 71, "2023:05:23 10:00:00")
        qtbot.waitUntil(lambda: "quick.jpg" in names(window), timeout=PATIENCE)
        assert not {"slow.jpg", "a.jpg.crdownload"} & names(window)
        slow.write(whole[len(whole) // 2 :])
    qtbot.waitUntil(lambda: "slow.jpg" in names(window), timeout=PATIENCE)
    (folder / "a.jpg.crdownload").write_bytes(whole)
    (folder / "a.jpg.crdownload").rename(folder / "a.jpg")
    copies = facts(window)["slow.jpg"].id

    def is_a_copy() -> bool:
        row = window.model.row_of(copies)
        known = None if row is None else window.model.facts_at(row)
        return known is not None and len(known.paths) == 2

    qtbot.waitUntil(is_a_copy, timeout=PATIENCE)
    assert window._state.failures == 0


@pytest.mark.parametrize("count", [150, pytest.param(5_000, marks=pytest.mark.nightly)])
def test_a_burst_of_photos_comes_in_while_words_are_typed(
    window: MainWindow, folder: Path, tmp_path: Path, qtbot: QtBot, count: int
) -> None:
    burst = tmp_path / "burst"
    for seed in range(count):
        make_dated_photo(burst / f"b{seed:04d}.jpg", 1000 + seed, "2023:06:01 10:00:00")
    shutil.copytree(burst, folder / "burst")
    for length in range(1, 8):
        words = "a dog in"[:length]
        window.library.search.setText(words)
        qtbot.waitUntil(partial(answered, window, words), timeout=PATIENCE)
    window.library.search.start_over()
    qtbot.waitUntil(lambda: window.model.rowCount() == 12 + count, timeout=4 * PATIENCE)
    shutil.rmtree(folder / "burst")
    qtbot.waitUntil(lambda: window.model.rowCount() == 12, timeout=PATIENCE)


def test_new_photos_show_to_who_is_at_the_top_move_nothing_for_others_and_keep_the_selection(
    window: MainWindow, folder: Path, qtbot: QtBot
) -> None:
    grid = window.library.grid
    grid.set_cell(320)
    grid.go_to(2)
    chosen = window.model.index(2).data(PHOTO_ROLE)
    grid.verticalScrollBar().setValue(0)
    make_dated_photo(folder / "today.jpg", 90, "2024:01:01 10:00:00")
    qtbot.waitUntil(lambda: window.model.rowCount() == 13, timeout=PATIENCE)
    assert grid.verticalScrollBar().value() == 0
    assert [window.model.index(row).data(PHOTO_ROLE) for row in grid.chosen_rows()] == [chosen]
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum())
    last = window.model.index(12).data(PHOTO_ROLE)
    grid.selectAll()
    before = grid.visualRect(window.model.index(12))
    for number in range(8):
        make_dated_photo(folder / f"later {number}.jpg", 91 + number, "2024:02:01 10:00:00")
    qtbot.waitUntil(lambda: window.model.rowCount() == 21, timeout=PATIENCE)
    row = window.model.row_of(last)
    assert row is not None
    assert grid.chosen_rows() == list(range(8, 21))
    after = grid.visualRect(window.model.index(row))
    assert after.y() == before.y()


def test_what_cannot_be_followed_is_said_once_and_followed_when_it_can_be(
    window: MainWindow, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a disk that is full for a while."""
    indexer = window._bridge.client.indexer
    said: list[str] = []
    monkeypatch.setattr(window.library.notice, "say", said.append)
    window._trying_again.setInterval(50)
    indexer.pause()
    make_dated_photo(folder / "new.jpg", 95, "2023:05:10 12:00:00")
    qtbot.waitUntil(lambda: indexer.running, timeout=PATIENCE)
    full = IndexingFailed("The disk is full.", "Make room.")
    for _ in range(2):
        qtbot.waitUntil(lambda: indexer.running, timeout=PATIENCE)
        indexer._take(full)
        qtbot.waitUntil(lambda: not indexer.running, timeout=PATIENCE)
    indexer.resume()
    qtbot.waitUntil(lambda: "new.jpg" in names(window), timeout=PATIENCE)
    assert said == ["The disk is full. Make room."]

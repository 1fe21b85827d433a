"""Folders to filter by: nested as on the disk, ticked, and found by what is typed."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.qtbot import QtBot

from capsearch.gui.panels.folder_list import FolderList
from capsearch.gui.panels.folder_tree import FolderModel, FolderNode, nest
from capsearch.gui.window import MainWindow
from capsearch.library.values import FolderCount

PATIENCE = 30_000


def counted(*folders: tuple[str, int]) -> list[FolderCount]:
    return [FolderCount(path, photos) for path, photos in folders]


TRIPS = counted(
    ("/p", 9),
    ("/p/home", 2),
    ("/p/trips", 7),
    ("/p/trips/Málaga", 3),
    ("/p/trips/Málaga/old town", 1),
    ("/p/trips/nice", 4),
)


def shape(nodes: list[FolderNode]) -> dict[str, object]:
    return {node.name: shape(node.inner) for node in nodes}


def lines(found: FolderList, parent: QModelIndex | None = None) -> Iterator[QModelIndex]:
    """Those in sight, from above."""
    parent = parent or QModelIndex()
    for row in range(found.folders.rowCount(parent)):
        index = found.folders.index(row, 0, parent)
        yield index
        if found.tree.isExpanded(index):
            yield from lines(found, index)


def seen(found: FolderList) -> list[str]:
    return [index.data() for index in lines(found)]


def ticks(found: FolderList) -> dict[str, Qt.CheckState]:
    return {
        index.data(): Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole))
        for index in lines(found)
    }


def click(found: FolderList, name: str) -> tuple[str, ...]:
    index = next(index for index in lines(found) if index.data() == name)
    found.tree.setCurrentIndex(index)
    found.tree.clicked.emit(index)
    return found.folders.ticked


@pytest.fixture
def found(qtbot: QtBot) -> FolderList:
    made = FolderList()
    qtbot.addWidget(made)
    made.show_folders(TRIPS, ())
    return made


def test_folders_lie_in_each_other_as_on_the_disk(found: FolderList) -> None:
    assert shape(nest(TRIPS)) == {
        "p": {"home": {}, "trips": {"Málaga": {"old town": {}}, "nice": {}}}
    }
    numbers = [index.siblingAtColumn(1).data() for index in lines(found)]
    assert numbers == ["9", "2", "7", "3", "1", "4"]


def test_a_chain_without_a_branch_is_one_line() -> None:
    chain = counted(("/p", 3), ("/p/a", 3), ("/p/a/b", 3), ("/p/a/b/c", 1), ("/p/a/b/d", 2))
    (top,) = nest(chain)
    assert top.name == os.fspath(Path("p/a/b"))
    assert [inner.name for inner in top.inner] == ["c", "d"]
    assert all(inner.parent is top for inner in top.inner)
    with_photos = counted(("/p", 3), ("/p/a", 2))  # one photo lies beside the folder
    assert shape(nest(with_photos)) == {"p": {"a": {}}}


def test_folders_of_one_name_are_told_apart() -> None:
    nodes = nest(counted(("/a/photos", 1), ("/b/photos", 2), ("/c/other", 3)))
    assert [node.name for node in nodes] == ["/a/photos", "/b/photos", "other"]


def test_several_folders_are_ticked_and_one_means_all_below_it(found: FolderList) -> None:
    assert click(found, "home") == ("/p/home",)
    assert click(found, "old town") == ("/p/home", "/p/trips/Málaga/old town")
    half, whole, none = (
        Qt.CheckState.PartiallyChecked,
        Qt.CheckState.Checked,
        Qt.CheckState.Unchecked,
    )
    assert ticks(found) == {
        "p": half,
        "home": whole,
        "trips": half,
        "Málaga": half,
        "old town": whole,
        "nice": none,
    }
    assert click(found, "trips") == ("/p/home", "/p/trips")
    assert ticks(found)["old town"] == ticks(found)["nice"] == whole
    assert click(found, "Málaga") == ("/p/home", "/p/trips/nice")
    assert click(found, "home") == ("/p/trips/nice",)
    assert click(found, "nice") == ()


def test_a_folder_ticked_before_that_is_now_in_a_chain_is_ticked(found: FolderList) -> None:
    found.show_folders(counted(("/p", 3), ("/p/a", 3), ("/p/a/b", 3)), ("/p/a",))
    assert list(ticks(found).values()) == [Qt.CheckState.Checked]
    assert click(found, os.fspath(Path("p/a/b"))) == ()


@pytest.mark.parametrize("typed", ["malaga", "MÁLAGA", "lag"])
def test_typing_finds_folders_with_what_they_lie_in(
    found: FolderList, qtbot: QtBot, typed: str
) -> None:
    qtbot.keyClicks(found.search, typed)
    assert seen(found) == ["p", "trips", "Málaga", "old town"]
    assert click(found, "Málaga") == ("/p/trips/Málaga",)
    found.search.clear()
    assert ticks(found)["Málaga"] == Qt.CheckState.Checked
    qtbot.keyClicks(found.search, "nowhere")
    assert seen(found) == []


def test_what_is_not_in_sight_while_one_looks_for_a_folder_stays_ticked(
    found: FolderList, qtbot: QtBot
) -> None:
    click(found, "p")
    qtbot.keyClicks(found.search, "old")
    assert click(found, "old town") == ("/p/home", "/p/trips/nice")


def test_large_folders_begin_closed_and_what_is_ticked_is_in_sight(found: FolderList) -> None:
    inner = [(f"/p/{number:04d}", 1) for number in range(5000)]
    deep = ("/p/0007/x", 1), ("/p/0007/y", 1)
    many = counted(("/p", 5000), *inner[:8], *deep, *inner[8:])
    found.show_folders(many, ())
    assert seen(found) == ["p"]
    found.show_folders(many, ("/p/0007/y",))
    assert "y" in seen(found)
    found.search.setText("4999")
    assert seen(found) == ["p", "4999"]


def test_the_keyboard_alone_finds_and_ticks(found: FolderList, qtbot: QtBot) -> None:
    found.show()
    qtbot.waitExposed(found)
    found.search.setFocus()
    qtbot.keyClicks(found.search, "nice")
    qtbot.keyClick(found.search, Qt.Key.Key_Down)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Space):
        qtbot.keyClick(found.tree, key)
    assert list(found.folders.ticked) == ["/p/trips/nice"]
    qtbot.keyClick(found.tree, Qt.Key.Key_Return)
    assert list(found.folders.ticked) == []


def test_a_folder_of_any_name_can_be_ticked(found: FolderList) -> None:
    found.show_folders(counted(("/\udcff", 1)), ())
    assert click(found, "\ufffd") == ("/\udcff",)


def test_qt_finds_no_fault_in_the_tree(qtmodeltester: object) -> None:
    model = FolderModel()
    model.show_folders(TRIPS, ("/p/trips",))
    qtmodeltester.check(model)  # type: ignore[attr-defined]


def test_the_chip_of_folders_filters_the_photos(
    window: MainWindow, qtbot: QtBot, photos: Path
) -> None:
    window.library.filter_button.click()
    bar = window.library.filters
    bar.chips["folders"].click()
    assert bar.folder_list.isVisible()
    qtbot.waitUntil(lambda: "trip" in seen(bar.folder_list), timeout=PATIENCE)
    click(bar.folder_list, "trip")
    qtbot.waitUntil(lambda: window.model.rowCount() == 20, timeout=PATIENCE)
    click(bar.folder_list, "home")
    qtbot.waitUntil(lambda: window.model.rowCount() == 30, timeout=PATIENCE)
    assert bar.filters.folders == (os.fspath(photos / "trip"), os.fspath(photos / "home"))
    assert bar.chips["folders"].text() == "trip, home"
    bar.folder_list.close()
    bar.clear_button.click()
    bar.chips["folders"].click()
    qtbot.waitUntil(lambda: bar.folder_list.folders.ticked == (), timeout=PATIENCE)
    bar.folder_list.close()

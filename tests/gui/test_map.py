"""The map of places in the window."""

import os
from pathlib import Path

import pytest
from make_photo import make_photo
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tiny_library import open_tiny_library

from capsearch.gui.look.theme import LIGHT
from capsearch.gui.map.lands import land_colours
from capsearch.gui.window import MainWindow
from capsearch.settings import Settings

PATIENCE = 30_000
PLACES = ((48.137, 11.575), (48.139, 11.58), (48.208, 16.372), (-33.868, 151.209))


def make_placed_photo(path: Path, seed: int, north: float, east: float) -> None:
    """A photo with a position in degrees."""
    exif = Image.Exif()
    exif[0x8825] = {
        1: "N" if north >= 0 else "S",
        2: (abs(north), 0.0, 0.0),
        3: "E" if east >= 0 else "W",
        4: (abs(east), 0.0, 0.0),
    }
    make_photo(path, seed, exif=exif)


@pytest.fixture
def placed(open_window: object, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    """A window at the map, over two photos of Munich, one of Vienna, Sydney and of nowhere."""
    folder = tmp_path / "own"
    for seed, place in enumerate(PLACES):
        make_placed_photo(folder / f"{seed}.jpg", seed, *place)
    make_photo(folder / "nowhere.jpg", 9)
    with open_tiny_library(tmp_path / "library.db", Settings(), None) as library:
        library.index([os.fspath(folder)])
    window: MainWindow = open_window(watch=False)  # type: ignore[operator]
    qtbot.waitUntil(lambda: window.model.rowCount() == 5, timeout=PATIENCE)
    qtbot.keyClick(window.library.grid, Qt.Key.Key_F7)
    qtbot.waitUntil(lambda: counts(window) == [1, 3], timeout=PATIENCE)
    return window


def counts(window: MainWindow) -> list[int]:
    return sorted(each.photos for each in window.map.canvas.clusters)


def nearer(window: MainWindow, qtbot: QtBot) -> None:
    """Come so near to Munich that it and Vienna are apart."""
    canvas = window.map.canvas
    [europe] = [each for each in canvas.clusters if each.photos == 3]
    canvas.zoom_by(3, canvas.place_of(europe))
    qtbot.waitUntil(lambda: 2 in counts(window), timeout=PATIENCE)


def test_a_click_on_a_circle_shows_its_photos_and_the_part_can_be_taken_out(
    placed: MainWindow, qtbot: QtBot
) -> None:
    canvas = placed.map.canvas
    [europe] = [each for each in canvas.clusters if each.photos == 3]
    qtbot.waitUntil(lambda: placed.map._name_of(europe) != "", timeout=PATIENCE)
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.place_of(europe).toPoint())
    assert placed.library.isVisible()
    qtbot.waitUntil(lambda: placed.model.rowCount() == 3, timeout=PATIENCE)
    [part] = placed._understood.parts  # type: ignore[union-attr]
    assert part.field == "area" and part.label in ("Munich, Germany", "Vienna, Austria")
    placed.library.understood.removed.emit(part)
    qtbot.waitUntil(lambda: placed.model.rowCount() == 5, timeout=PATIENCE)


def test_the_keyboard_alone_reaches_a_place(placed: MainWindow, qtbot: QtBot) -> None:
    nearer(placed, qtbot)
    canvas = placed.map.canvas
    canvas.setFocus()
    for _ in range(len(canvas.clusters)):
        canvas.focusNextPrevChild(True)
        if canvas.current is not None and canvas.current.photos == 2:
            break
    assert canvas.current is not None and canvas.current.photos == 2
    assert "2" in canvas.accessibleDescription()
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: placed.model.rowCount() == 2, timeout=PATIENCE)


def test_a_circle_says_its_place_by_name(placed: MainWindow, qtbot: QtBot) -> None:
    [sydney] = [each for each in placed.map.canvas.clusters if each.photos == 1]
    qtbot.waitUntil(lambda: "Sydney" in placed.map.words_of(sydney), timeout=PATIENCE)
    assert "Australia" in placed.map.words_of(sydney)


def test_the_wheel_zooms_where_the_mouse_points(placed: MainWindow) -> None:
    canvas = placed.map.canvas
    [sydney] = [each for each in canvas.clusters if each.photos == 1]
    place, before = canvas.place_of(sydney), canvas.zoom
    turned = QWheelEvent(
        place, place, QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, turned)
    assert canvas.zoom > before
    moved = canvas.place_of(sydney) - place
    assert abs(moved.x()) < 60 and abs(moved.y()) < 60  # but for the edge of the world


def test_arrows_and_dragging_move_the_map_and_never_past_its_edge(
    placed: MainWindow, qtbot: QtBot
) -> None:
    canvas = placed.map.canvas
    canvas.zoom_by(4)
    [west] = [each for each in canvas.clusters if each.photos == 3]
    before = canvas.place_of(west)
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.place_of(west).x() < before.x()
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 300))
    qtbot.mouseMove(canvas, QPoint(200, 300))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 300))
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Up):
        for _ in range(200):
            qtbot.keyClick(canvas, key)
    corner = canvas._to_map(QPointF(0, 0))
    assert corner.x() >= -1e-9 and corner.y() >= -1e-9
    for _ in range(40):
        qtbot.keyClick(canvas, Qt.Key.Key_Minus)
    assert canvas._world >= max(canvas.width(), canvas.height()) - 1


def test_escape_goes_back(placed: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(placed.map.canvas, Qt.Key.Key_Escape)
    assert placed.library.isVisible()


def test_the_lands_are_drawn(placed: MainWindow, qtbot: QtBot) -> None:
    lands = placed.map.canvas._lands
    qtbot.waitUntil(lambda: bool(lands._drawn), timeout=PATIENCE)
    qtbot.waitUntil(lambda: not lands._asked, timeout=PATIENCE)
    seen = placed.map.canvas.grab().toImage()
    colours = {
        seen.pixelColor(x, y).name()
        for x in range(0, seen.width(), 7)
        for y in range(0, seen.height(), 7)
    }
    assert set(land_colours(LIGHT)[:2]) <= colours


def test_without_a_position_one_sentence_is_said(window: MainWindow, qtbot: QtBot) -> None:
    window.show_map()
    qtbot.waitUntil(lambda: window.map.is_empty, timeout=PATIENCE)
    assert "where" in window.map.empty.heading.text()
    qtbot.keyClick(window.map, Qt.Key.Key_Escape)
    assert window.library.isVisible()

"""A window of 480 x 360 points, and letters half as large again in German: nothing is cut."""

import pytest
from layout_faults import cut_texts, misplaced
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from capsearch.gui.window import MainWindow
from capsearch.library.values import Filters

PATIENCE = 30_000
WIDTH, HEIGHT = 480, 360


def settle(qtbot: QtBot) -> None:
    """Let layouts take effect."""
    for _ in range(3):
        qtbot.wait(1)


def show(window: MainWindow, qtbot: QtBot, view: str) -> QWidget:
    """Turn to a view; gives what it is shown in."""
    library = window.library
    shown: QWidget = window
    match view:
        case "welcome":
            window._pages.setCurrentWidget(window.welcome)
        case "filters":
            library.filters.set_filters(Filters(formats=("PNG", "JPEG"), cameras=("Tiny Cam",)))
            library.filter_button.setChecked(True)
        case "chips":
            library.search.ask_for("videos since 2018 without snow")
            qtbot.waitUntil(lambda: window.browser.idle, timeout=PATIENCE)
        case "compare":
            library.search.ask_for("my dog")
            library.compare_button.click()
            qtbot.waitUntil(lambda: window.generic.rowCount() > 0, timeout=PATIENCE)
        case "chosen":
            library.grid.selectAll()
        case "preview":
            window.open_preview(library.grid, 0)
            qtbot.waitUntil(lambda: window.preview.image.has_picture, timeout=PATIENCE)
        case "failures":
            shown = window.show_failures()
        case "photos" | "search" | "about":
            dialog = window.show_settings()
            dialog.tabs.setCurrentIndex(("photos", "search", "about").index(view))
            shown = dialog
    settle(qtbot)
    return shown


VIEWS = ("library", "compare", "welcome", "filters", "chips", "chosen", "preview")
DIALOGS = ("failures", "photos", "search", "about")


@pytest.mark.parametrize("view", [*VIEWS, *DIALOGS])
def test_nothing_lies_outside_or_over_another_in_a_small_window(
    window: MainWindow, qtbot: QtBot, view: str
) -> None:
    window.resize(WIDTH, HEIGHT)
    shown = show(window, qtbot, view)
    shown.resize(WIDTH, HEIGHT)
    settle(qtbot)
    assert (shown.width(), shown.height()) == (WIDTH, HEIGHT)
    assert misplaced(shown) == []
    if isinstance(shown, QDialog):
        shown.reject()


@pytest.mark.usefixtures("large_german")
@pytest.mark.parametrize("view", [*VIEWS, *DIALOGS])
def test_no_word_is_cut_in_german_with_large_letters(
    window: MainWindow, qtbot: QtBot, view: str
) -> None:
    window.resize(1180, 800)
    shown = show(window, qtbot, view)
    assert window.library.chosen.menu.title() == "Ausgewählte Fotos"  # it is in German
    assert cut_texts(shown) == []
    if isinstance(shown, QDialog):
        shown.reject()

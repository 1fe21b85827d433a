"""What a screen reader is told, and what the keyboard reaches, on every page of the window."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot
from test_details import FACTS

from capsearch.gui.preview.details import DetailsPanel
from capsearch.gui.window import MainWindow

PATIENCE = 30_000
Role = QAccessible.Role
# Qt's own parts of widgets, which are reached with the keys of the widget that they are in, and
# words, which are read where they stand.
_PARTS = {Role.ScrollBar, Role.Indicator, Role.Pane, Role.Client, Role.Cell, Role.ListItem,
          Role.TreeItem, Role.ColumnHeader, Role.RowHeader, Role.PageTab, Role.Grip,
          Role.StaticText}  # fmt: skip


def visible(interface: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    """An element and all below it that can be seen, as a screen reader goes through them."""
    if not interface.isValid() or interface.state().invisible:
        return
    yield interface
    for number in range(min(interface.childCount(), 200)):
        child = interface.child(number)
        if child is not None:
            yield from visible(child)


def elements(widget: QWidget) -> list[QAccessibleInterface]:
    found = QAccessible.queryAccessibleInterface(widget)
    assert found is not None
    return list(visible(found))


def controls(widget: QWidget) -> list[tuple[Role, str, QWidget]]:
    """Role, name and widget of all that can be focused or clicked."""
    found = []
    for each in elements(widget):
        control = each.object()
        if not isinstance(control, QWidget) or each.role() in _PARTS or not control.isEnabled():
            continue
        clickable = isinstance(control, QAbstractButton)
        if clickable or control.focusPolicy() != Qt.FocusPolicy.NoFocus:
            found.append((each.role(), each.text(QAccessible.Text.Name), control))
    return found


def nameless(widget: QWidget) -> list[str]:
    return [
        f"{type(control).__name__} {control.objectName()} ({role.name})"
        for role, name, control in controls(widget)
        if not name.strip() or role == Role.NoRole
    ]


def unreachable(widget: QWidget) -> list[str]:
    """Those that Tab does not come to, and that have no shortcut of their own. What is inside of
    the search field has the field's keys."""
    return [
        f"{type(control).__name__} {name}"
        for _, name, control in controls(widget)
        if not control.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not (isinstance(control, QAbstractButton) and not control.shortcut().isEmpty())
        and not isinstance(control.parent(), QLineEdit)
    ]


def check(widget: QWidget) -> None:
    assert len(controls(widget)) > 0
    assert nameless(widget) == []
    assert unreachable(widget) == []


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale.c())
    yield
    QLocale.setDefault(before)


def ask(window: MainWindow, qtbot: QtBot, words: str) -> None:
    with qtbot.waitSignal(
        window.browser.shown, timeout=PATIENCE, check_params_cb=lambda shown: not shown.by_date
    ):
        window.library.search.ask_for(words)


def test_the_welcome_page(open_window: Callable[..., MainWindow], qtbot: QtBot) -> None:
    window = open_window(empty=True)
    qtbot.waitUntil(window.welcome.isVisible, timeout=PATIENCE)
    check(window)


def test_photos_by_date_and_an_answer_with_filters(window: MainWindow, qtbot: QtBot) -> None:
    check(window)
    window.library.filter_button.setChecked(True)
    check(window)
    ask(window, qtbot, "a red bicycle since 2023 without snow")
    check(window)


def test_the_preview(window: MainWindow, qtbot: QtBot) -> None:
    window.open_preview(window.library.grid, 0)
    qtbot.waitUntil(lambda: window.preview.facts is not None, timeout=PATIENCE)
    check(window)


def test_every_page_of_the_settings(window: MainWindow) -> None:
    dialog = window.show_settings()
    for page in range(dialog.tabs.count()):
        dialog.tabs.setCurrentIndex(page)
        QApplication.processEvents()
        check(dialog)
    dialog.close()


def test_the_files_that_could_not_be_used(window: MainWindow, qtbot: QtBot) -> None:
    dialog = window.show_failures()
    qtbot.waitUntil(lambda: dialog.list.topLevelItemCount() == 1, timeout=PATIENCE)
    check(dialog)
    dialog.close()


def test_each_entry_of_the_menu_has_words(window: MainWindow) -> None:
    menu = window.library.menu_button.menu()
    assert isinstance(menu, QMenu)
    entries = [entry for entry in menu.actions() if not entry.isSeparator()]
    assert entries and all(entry.text().strip() for entry in entries)


def described(window: MainWindow) -> str:
    grid = QAccessible.queryAccessibleInterface(window.library.grid)
    assert grid is not None and grid.text(QAccessible.Text.Name) == "Photos"
    return grid.text(QAccessible.Text.Description)


def test_the_current_photo_is_told_by_name_date_and_place_among_the_results(
    window: MainWindow, qtbot: QtBot
) -> None:
    grid, model = window.library.grid, window.model
    qtbot.waitUntil(lambda: model.facts_at(0) is not None, timeout=PATIENCE)
    grid.go_to(0)
    assert described(window).startswith("29.jpg, ")
    assert "10 May 2023" in described(window)
    assert described(window).endswith(", photo 1 of 30")
    qtbot.keyClick(grid, Qt.Key.Key_Right)
    assert described(window).endswith(", photo 2 of 30")
    ask(window, qtbot, "a red bicycle")
    last = model.rowCount() - 1
    grid.go_to(last)
    qtbot.waitUntil(lambda: described(window) != "", timeout=PATIENCE)
    assert described(window).endswith(f", result {last + 1} of {last + 1}")


def test_long_names_are_told_without_marks_for_breaking_them(qtbot: QtBot) -> None:
    panel = DetailsPanel()
    qtbot.addWidget(panel)
    panel.show_facts(replace(FACTS, paths=("/p/a_very_long_name_of_a_photo.jpg",)))
    names = [label.accessibleName() for label in panel.findChildren(QLabel)]
    assert "a_very_long_name_of_a_photo.jpg" in names

"""The actions with chosen photos, for a menu, for keys and for buttons."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from capsearch.gui.chosen.choice import Chosen
from capsearch.gui.chosen.desk import ChosenDesk
from capsearch.gui.chosen.programs import way_to_choose
from capsearch.gui.look.icons import icon
from capsearch.gui.look.theme import theme_of


class ChosenActions(QObject):
    """Acts on what `chosen` tells; the keys work while `page`, or what is in it, has the focus."""

    def __init__(self, desk: ChosenDesk, page: QWidget, chosen: Callable[[], Chosen]) -> None:
        super().__init__(page)
        self._desk = desk
        self._page = page
        self._chosen = chosen
        self.copy_to_folder = self._make(
            self.tr("Copy to a folder…"), "Ctrl+Shift+C", "folder", desk.copy_to_folder
        )
        self.export_list = self._make(self.tr("Export list…"), "Ctrl+E", "type", desk.export_list)
        self.open_with = self._make(
            self.tr("Open with…"), "Ctrl+Shift+O", "open", lambda _: self._open_with()
        )

    def add_to(self, menu: QMenu) -> None:
        """Put them at the end of `menu`; programs as a menu of their own."""
        colour = theme_of(self._page.palette()).text
        for action in (self.open_with, self.copy_to_folder, self.export_list):
            action.setIcon(icon(str(action.data()), colour))
        if way_to_choose() != "menu":
            menu.addAction(self.open_with)
        else:
            programs = self.program_menu(menu)
            if not programs.isEmpty():
                programs.setIcon(icon("open", colour))
                menu.addMenu(programs)
        menu.addAction(self.copy_to_folder)
        menu.addAction(self.export_list)

    def program_menu(self, parent: QWidget) -> QMenu:
        """The programs that open all chosen photos; empty where there is none."""
        menu = QMenu(self.tr("Open with"), parent)
        chosen = self._chosen()
        for program in self._desk.programs(chosen):
            action = menu.addAction(program.name.replace("&", "&&"))
            action.triggered.connect(
                lambda _=False, program=program: self._desk.open_with(chosen, program)
            )
        return menu

    def _open_with(self) -> None:
        if way_to_choose() != "menu":
            self._desk.open_with(self._chosen())
            return
        menu = self.program_menu(self._page)
        if not menu.isEmpty():
            menu.exec(self._page.mapToGlobal(self._page.rect().center()))
        menu.deleteLater()

    def _make(
        self, words: str, keys: str, icon_name: str, act: Callable[[Chosen], object]
    ) -> QAction:
        action = QAction(words, self._page)
        action.setData(icon_name)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(partial(self._act, act))
        self._page.addAction(action)
        return action

    def _act(self, act: Callable[[Chosen], object], *_: object) -> None:
        act(self._chosen())

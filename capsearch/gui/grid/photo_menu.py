"""The context menu of the photos in a grid, and its shortcuts."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from capsearch.gui.chosen.actions import ChosenActions
from capsearch.gui.chosen.choice import Chosen, chosen_of
from capsearch.gui.chosen.desk import ChosenDesk
from capsearch.gui.grid.photo_actions import open_photo, show_in_folder
from capsearch.gui.grid.photo_grid import PhotoGrid
from capsearch.gui.grid.photo_model import FACTS_ROLE, PhotoModel
from capsearch.gui.look.icons import icon
from capsearch.gui.look.theme import theme_of
from capsearch.library.values import PhotoFacts


class PhotoMenu(QObject):
    """Acts on the photos chosen in `grid`, at the `desk` where that can be with many.

    `preview_wanted` carries a row, `similar_wanted` and `copies_wanted` a photo's id,
    `video_wanted` a photo's facts, `naming_wanted` the chosen photos' ids, `failed` a sentence;
    `meant` carries the chosen photos' ids and whether they are what 'my ...' means, which is
    offered while `answers_own`.
    """

    preview_wanted = Signal(int)
    similar_wanted = Signal(int)
    copies_wanted = Signal(int)
    video_wanted = Signal(object)
    naming_wanted = Signal(object)
    meant = Signal(object, bool)
    failed = Signal(str)

    def __init__(self, grid: PhotoGrid, desk: ChosenDesk) -> None:
        super().__init__(grid)
        self._grid = grid
        self._desk = desk
        self.chosen_actions = ChosenActions(desk, grid, self.chosen)
        self.copy_action = QAction(self.tr("Copy"), grid)
        self.copy_action.triggered.connect(self._copy)
        self.copy_action.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        self.copy_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.open_action = QAction(self.tr("Open"), grid)
        self.open_action.triggered.connect(self._open)
        self.open_action.setShortcut(QKeySequence("Ctrl+Return"))
        self.open_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.play_action = QAction(self.tr("Play the video"), grid)
        self.play_action.triggered.connect(self._play)
        self.play_action.setShortcut(QKeySequence("Ctrl+P"))
        self.play_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.name_action = QAction(self.tr("Give it a name…"), grid)
        self.name_action.triggered.connect(lambda: self._emit_chosen(self.naming_wanted.emit))
        self.name_action.setShortcut(QKeySequence("Ctrl+N"))
        self.yes_action = QAction(self.tr("Yes, this is what I mean"), grid)
        self.yes_action.setShortcut(QKeySequence("Ctrl+Up"))
        self.no_action = QAction(self.tr("Not this"), grid)
        self.no_action.setShortcut(QKeySequence("Ctrl+Down"))
        for action, more in ((self.yes_action, True), (self.no_action, False)):
            action.triggered.connect(lambda _, more=more: self._say(more=more))
        for action in (self.name_action, self.yes_action, self.no_action):
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.answers_own = False
        grid.addActions(
            [
                self.copy_action,
                self.open_action,
                self.play_action,
                self.name_action,
                self.yes_action,
                self.no_action,
            ]
        )
        grid.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        grid.customContextMenuRequested.connect(self._pop_up)

    def menu(self) -> QMenu:
        """What can be done with the chosen photos."""
        colour = theme_of(self._grid.palette()).text
        menu = QMenu(self._grid)
        for action, name in (
            (self.open_action, "open"),
            (self.copy_action, "copy"),
            (self.play_action, "resume"),
            (self.name_action, "yours"),
            (self.yes_action, "check"),
            (self.no_action, "remove"),
        ):
            action.setIcon(icon(name, colour))
        chosen = self._chosen()
        if len(self._grid.chosen_rows()) > 1:
            words = self.tr("%Ln selected", "", len(self._grid.chosen_rows()))
            menu.addAction(words).setEnabled(False)
            menu.addSeparator()
        row = self._grid.currentIndex().row()
        menu.addAction(
            icon("fit", colour),
            self.tr("Look closer"),
            lambda: self.preview_wanted.emit(row),
        )
        if chosen and chosen[0].has_video:
            menu.addAction(self.play_action)
        menu.addAction(self.open_action)
        menu.addAction(icon("folder", colour), self.tr("Show in folder"), self._show_in_folder)
        menu.addAction(self.copy_action)
        self.chosen_actions.add_to(menu)
        menu.addSeparator()
        if self.answers_own:
            menu.addAction(self.yes_action)
            menu.addAction(self.no_action)
        menu.addAction(self.name_action)
        menu.addAction(icon("similar", colour), self.tr("More like this"), self._find_similar)
        if chosen and chosen[0].stacked:
            words = self.tr("Show all %n near copies", "", chosen[0].stacked)
            photo = chosen[0].id
            menu.addAction(icon("copy", colour), words, lambda: self.copies_wanted.emit(photo))
        return menu

    def _pop_up(self, place: QPoint) -> None:
        if not self._chosen():
            return
        menu = self.menu()
        menu.exec(self._grid.viewport().mapToGlobal(place))
        menu.deleteLater()

    def _chosen(self) -> list[PhotoFacts]:
        rows = self._grid.chosen_rows()
        model = self._grid.model()
        found = [model.index(row, 0).data(FACTS_ROLE) for row in rows]
        return [facts for facts in found if facts is not None]

    def _copy(self) -> None:
        self._desk.copy(self.chosen())

    def chosen(self) -> Chosen:
        """The chosen photos, also those of which nothing is known yet."""
        model = self._grid.model()
        assert isinstance(model, PhotoModel)
        return chosen_of(model, self._grid.chosen_rows())

    def _emit_chosen(self, emit: Callable[[tuple[int, ...]], object]) -> None:
        photos = self.chosen().ids
        if photos:
            emit(photos)

    def _say(self, *, more: bool) -> None:
        if self.answers_own:
            self._emit_chosen(lambda photos: self.meant.emit(photos, more))
        else:
            self.failed.emit(self.tr("This can be said of what “my …” has found."))

    def _open(self) -> None:
        self._act(open_photo)

    def _play(self) -> None:
        chosen = self._chosen()
        if chosen and chosen[0].has_video:
            self.video_wanted.emit(chosen[0])

    def _show_in_folder(self) -> None:
        self._act(show_in_folder)

    def _act(self, act: Callable[[PhotoFacts], bool]) -> None:
        chosen = self._chosen()
        if chosen and not act(chosen[0]):
            self.failed.emit(self.tr("The photo is not there at the moment."))

    def _find_similar(self) -> None:
        chosen = self._chosen()
        if chosen:
            self.similar_wanted.emit(chosen[0].id)

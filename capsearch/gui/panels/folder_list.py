"""The list of folders to filter by: opens below its chip, finds what is typed, takes ticks."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHeaderView, QLineEdit, QTreeView, QVBoxLayout, QWidget

from capsearch.gui.panels.folder_tree import FolderModel
from capsearch.library.values import FolderCount

_SEEN = 12
"""So many lines are seen at once in the list's height, so larger folders begin closed."""
_MOST_FOUND = 500
"""Who types what so many folders have in their name types on."""
_WIDTH, _HEIGHT = 420, 420


class FolderList(QFrame):
    """`ticked` carries the folders that are asked for."""

    ticked = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Find a folder"))
        self.search.setAccessibleName(self.tr("Find a folder"))
        self.search.setClearButtonEnabled(True)
        self.folders = FolderModel(self)
        self.tree = _Tree()
        self.tree.setModel(self.folders)
        self.tree.setAccessibleName(self.tr("Folders"))
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.toggled.connect(self._toggle)
        self.search.textChanged.connect(self._look_for)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self.search)
        column.addWidget(self.tree, 1)

    def show_folders(self, folders: Sequence[FolderCount], ticked: Sequence[str]) -> None:
        """Show these, each before those inside of it; large ones closed."""
        self.folders.show_folders(folders, ticked)
        self._look_for(self.search.text())

    def pop_up(self, button: QWidget) -> None:
        """Open below `button`, within its window's screen."""
        room = button.screen().availableGeometry()
        size = self.size().boundedTo(room.size())
        size.setWidth(min(_WIDTH, room.width()))
        size.setHeight(min(_HEIGHT, room.height()))
        self.resize(size)
        below = button.mapToGlobal(QPoint(0, button.height() + 2))
        left = max(room.left(), min(below.x(), room.right() - size.width()))
        top = max(room.top(), min(below.y(), room.bottom() - size.height()))
        self.move(left, top)
        self.search.clear()
        self.show()
        self.search.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """The arrow down leads from the words into the list."""
        if event.key() == Qt.Key.Key_Down and self.search.hasFocus():
            self.tree.setFocus()
            if not self.tree.currentIndex().isValid():
                self.tree.setCurrentIndex(self.folders.index(0, 0))
        else:
            super().keyPressEvent(event)

    def _look_for(self, typed: str) -> None:
        self.folders.look_for(typed)
        self._open_some()

    def _open_some(self) -> None:
        """What leads to something found or ticked, and as much else as is seen at once."""
        room, found = _SEEN, _MOST_FOUND
        waiting = list(self.folders.outer)
        while waiting:
            node = waiting.pop(0)
            size = len(node.inner)
            wanted = node.leads and found > 0
            if size and (wanted or size <= room or self.folders.holds_ticked(node)):
                room -= size
                found -= size
                self.tree.expand(self.folders.place_of(node))
                waiting += node.inner

    def _toggle(self) -> None:
        self.folders.toggle(self.tree.currentIndex())
        self.tree.viewport().update()  # what lies in it, and around it, may look otherwise
        self.ticked.emit(self.folders.ticked)


class _Tree(QTreeView):
    """`toggled` when the current line is clicked, or space or Enter pressed on it."""

    toggled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setExpandsOnDoubleClick(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.clicked.connect(lambda _: self.toggled.emit())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Space and Enter tick."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.toggled.emit()
        else:
            super().keyPressEvent(event)

"""The strips that say how many photos are chosen, and how far copying them is."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QProgressBar, QVBoxLayout, QWidget

from capsearch.gui.chosen.desk import ChosenDesk
from capsearch.gui.grid.photo_grid import PhotoGrid
from capsearch.gui.grid.photo_menu import PhotoMenu
from capsearch.gui.look.buttons import IconButton, push_button
from capsearch.gui.look.dates import number_text
from capsearch.gui.look.flow_layout import FlowLayout


class ChosenBar(QWidget):
    """Shown while several photos are chosen; `menu` has the same for the window's menu."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.label = QLabel()
        self.label.setObjectName("section")
        self.label.setContentsMargins(0, 9, 8, 9)  # as high as the buttons beside it
        self._flow = FlowLayout(self)
        self._flow.setContentsMargins(16, 4, 16, 4)
        self._flow.addWidget(self.label)
        self._none = IconButton("clear", self.tr("Choose none"), shortcut="Esc")
        self.menu = QMenu(self.tr("Chosen photos"), self)
        self.hide()

    def offer_all(self, grid: PhotoGrid, menu: PhotoMenu) -> None:
        """Act on the photos of `grid` as `menu` does."""
        grid.chosen_changed.connect(self.show_count)
        every = QAction(self.tr("Choose all"), grid)
        every.setShortcut(QKeySequence(QKeySequence.StandardKey.SelectAll))
        every.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        every.triggered.connect(grid.selectAll)
        grid.addAction(every)
        actions = menu.chosen_actions
        for action in (menu.copy_action, actions.copy_to_folder, actions.export_list):
            self._offer(action)
        self._none.clicked.connect(grid.clearSelection)
        self._flow.addWidget(self._none)
        self.menu.addAction(every)
        self.menu.aboutToShow.connect(lambda: self._fill(every, menu))

    def _fill(self, every: QAction, menu: PhotoMenu) -> None:
        self.menu.clear()
        self.menu.addAction(every)
        self.menu.addAction(menu.copy_action)
        menu.chosen_actions.add_to(self.menu)

    def _offer(self, action: QAction) -> None:
        """Show a button for `action`."""
        button = push_button(action.text().replace("&", ""), "quiet")
        button.setToolTip(action.toolTip())
        button.clicked.connect(lambda _: action.trigger())
        self._flow.addWidget(button)

    def show_count(self, count: int) -> None:
        """Say how many are chosen; one alone is not worth a strip."""
        self.label.setText(self.tr("%Ln selected", "", count))
        self.setVisible(count > 1)


class CopyingBar(QWidget):
    """How far copying is; its button stops it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.label = QLabel()
        self.label.setObjectName("status")
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName(self.tr("Progress"))
        self.cancel_button = push_button(self.tr("Cancel"), "quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 16, 4)
        row.setSpacing(12)
        row.addWidget(self.label)
        row.addWidget(self._bar, 1)
        row.addWidget(self.cancel_button)
        self.hide()

    def follow(self, desk: ChosenDesk) -> None:
        """Show the copying of `desk`."""
        desk.progressed.connect(self.show_progress, Qt.ConnectionType.QueuedConnection)
        desk.ended.connect(self.hide)
        self.cancel_button.clicked.connect(desk.stop)

    def show_progress(self, done: int, total: int) -> None:
        """So many of so many are copied."""
        words = self.tr("{done} of {total} photos copied")
        self.label.setText(words.format(done=number_text(done), total=number_text(total)))
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self.show()


def above(page: QWidget, strip: QWidget) -> QWidget:
    """A page with a strip at its foot."""
    whole = QWidget()
    column = QVBoxLayout(whole)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(page, 1)
    column.addWidget(strip)
    return whole

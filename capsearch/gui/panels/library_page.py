"""The page one works in: search bar, filters, the photos, and the strip below them."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from capsearch.gui.chosen.bars import ChosenBar
from capsearch.gui.grid.photo_grid import PhotoGrid
from capsearch.gui.grid.photo_menu import PhotoMenu
from capsearch.gui.grid.photo_model import OWN_PHOTOS, PhotoModel
from capsearch.gui.look.buttons import IconButton, push_button
from capsearch.gui.panels.filter_bar import FilterBar
from capsearch.gui.panels.first_run_page import FirstRunPage
from capsearch.gui.panels.notice_bar import EmptyPage, NoticeBar
from capsearch.gui.panels.proposal import ProposalBar
from capsearch.gui.panels.search_bar import SearchBar
from capsearch.gui.panels.status_bar import StatusBar
from capsearch.gui.panels.understood_bar import UnderstoodBar
from capsearch.gui.pictures.thumbnails import ThumbnailStore


class LibraryPage(QWidget):
    """Lays out the parts; the window connects them. `image_dropped` carries a file's path."""

    image_dropped = Signal(str)

    def __init__(
        self,
        model: PhotoModel,
        generic: PhotoModel,
        thumbnails: ThumbnailStore,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAcceptDrops(True)
        self._model = model
        self.search = SearchBar()
        self.filter_button = IconButton("filter", self.tr("Filters"), shortcut="Ctrl+L")
        self.filter_button.setCheckable(True)
        self.yours_button = IconButton("yours", self.tr("Yours"), wide=True)
        self.yours_button.setCheckable(True)
        self.yours_button.setToolTip(
            self.tr("Let your own collection guide the search: your dog, your people, your places")
        )
        self.yours_button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        self.compare_button = IconButton("compare", self.tr("Compare generic and yours"))
        self.compare_button.setCheckable(True)
        self.menu_button = IconButton("menu", self.tr("Menu"))
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.filters = FilterBar()
        self.filters.hide()
        self.understood = UnderstoodBar()
        self.notice = NoticeBar()
        self.proposal = ProposalBar()
        self.grid = PhotoGrid(model, thumbnails)
        self.generic_grid = PhotoGrid(generic, thumbnails)
        self.empty = EmptyPage()
        self.first_run = FirstRunPage()
        self.status = StatusBar()
        self.chosen = ChosenBar()
        self.more_button = push_button("", "quiet")
        self._build()

    def show_more_button(self, hidden: int) -> None:
        """Offer the less relevant photos, of which there are `hidden`."""
        self.more_button.setText(self.tr("Show %n less similar photo(s)", "", hidden))
        self._footer.setVisible(hidden > 0)
        self.grid.rearrange()

    def offer_chosen(self, grid: PhotoGrid, menu: PhotoMenu) -> None:
        """Say how many photos are chosen in `grid`; in ours with what can be done with them."""
        if grid is self.grid:
            self.chosen.offer_all(grid, menu)

    def show_photos(self) -> None:
        """Show the grid."""
        self._stack.setCurrentIndex(0)

    def show_empty(self, icon_name: str, heading: str, text: str, button: str = "") -> None:
        """Show words where the photos would be."""
        self.empty.say(icon_name, heading, text, button)
        self._stack.setCurrentWidget(self.empty)

    def show_first_run(self) -> None:
        """Show how far looking for the first photos is."""
        self._stack.setCurrentWidget(self.first_run)

    @property
    def is_empty(self) -> bool:
        """Whether words are shown instead of photos."""
        return self._stack.currentIndex() > 0

    def show_comparison(self, comparing: bool) -> None:
        """Show 'generic | yours' side by side, or yours alone."""
        self._generic_side.setVisible(comparing)
        self._yours_title.setVisible(comparing)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Take pictures from elsewhere, not our own."""
        mime = event.mimeData()
        if not mime.hasFormat(OWN_PHOTOS) and any(url.isLocalFile() for url in mime.urls()):
            event.acceptProposedAction()
            self._drop.setGeometry(self._stack.geometry().adjusted(16, 16, -16, -16))
            self._drop.show()
            self._drop.raise_()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: N802
        """It was taken elsewhere."""
        self._drop.hide()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Look for photos like this one."""
        self._drop.hide()
        path = next((url.toLocalFile() for url in event.mimeData().urls()), "")
        if path:
            event.acceptProposedAction()
            self.image_dropped.emit(path)

    def _build(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._top_bar())
        strip = QVBoxLayout()
        strip.setContentsMargins(16, 0, 16, 0)
        strip.setSpacing(6)
        strip.addWidget(self.notice)
        strip.addWidget(self.proposal)
        whole.addLayout(strip)
        self._stack = QStackedWidget()
        self._stack.setMinimumHeight(1)  # not as high as pages that are not shown
        self._stack.addWidget(self._photo_side())
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.first_run)
        whole.addWidget(self._stack, 1)
        whole.addWidget(self.chosen)
        whole.addWidget(self.status)
        self._drop = QFrame(self)
        self._drop.setObjectName("drop")
        inside = QVBoxLayout(self._drop)
        words = QLabel(self.tr("Drop the picture to find photos like it"))
        words.setObjectName("heading")
        inside.addWidget(words, 0, Qt.AlignmentFlag.AlignCenter)
        self._drop.hide()
        self.show_comparison(False)

    def _top_bar(self) -> QWidget:
        bar = QWidget()
        bar.setObjectName("topBar")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(bar)
        column.setContentsMargins(0, 10, 0, 2)
        column.setSpacing(8)
        row = QHBoxLayout()
        row.setContentsMargins(16, 0, 12, 8)
        row.setSpacing(6)
        row.addStretch(1)
        row.addWidget(self.search, 6)
        row.addWidget(self.filter_button)
        row.addStretch(1)
        row.addWidget(self.yours_button)
        row.addWidget(self.compare_button)
        row.addWidget(self.menu_button)
        self.search.setMaximumWidth(820)
        column.addLayout(row)
        column.addWidget(self.filters)
        column.addWidget(self.understood)
        self.filter_button.toggled.connect(self.filters.setVisible)
        return bar

    def _photo_side(self) -> QWidget:
        self._footer = QWidget()
        row = QHBoxLayout(self._footer)
        row.addWidget(self.more_button, 0, Qt.AlignmentFlag.AlignCenter)
        self._footer.hide()
        self.grid.set_footer(self._footer)
        self._generic_title = _side_title(self.tr("Generic"))
        self._yours_title = _side_title(self.tr("Yours"))
        self._generic_side = _side(self._generic_title, self.generic_grid)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(1)
        splitter.addWidget(self._generic_side)
        splitter.addWidget(_side(self._yours_title, self.grid))
        splitter.setSizes([1000, 1000])
        return splitter


def _side_title(words: str) -> QLabel:
    label = QLabel(words)
    label.setObjectName("heading")
    label.setContentsMargins(16, 12, 16, 2)
    return label


def _side(title: QLabel, grid: PhotoGrid) -> QWidget:
    side = QWidget()
    side.setObjectName("page")
    side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    column = QVBoxLayout(side)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(title)
    column.addWidget(grid, 1)
    return side

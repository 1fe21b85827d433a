"""The grid of photos: a Qt item view with month headings, smooth at any number of photos."""

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QStyle,
    QStyleOptionViewItem,
    QWidget,
)

from capsearch.gui.grid.grid_layout import HEADING, Box, GridLayout
from capsearch.gui.grid.photo_delegate import PhotoDelegate
from capsearch.gui.grid.photo_model import PHOTO_ROLE, Index, PhotoModel
from capsearch.gui.look.theme import theme_of
from capsearch.gui.pictures.thumbnails import ThumbnailStore

SMALLEST, LARGEST, USUAL = 90, 380, 176
_FOOTER = 76
_WHEEL_LINES = 0.6


class PhotoGrid(QAbstractItemView):
    """Shows a `PhotoModel`. `opened` on Enter or double click, `previewed` on space, `left_up`
    when the arrow up is pressed in the first line, `size_changed` after Ctrl and the wheel;
    `chosen_changed` carries how many photos are chosen."""

    opened = Signal(int)
    previewed = Signal(int)
    left_up = Signal()
    size_changed = Signal(int)
    chosen_changed = Signal(int)

    def __init__(
        self, model: PhotoModel, thumbnails: ThumbnailStore, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._photos = model
        self._thumbnails = thumbnails
        self._wished = USUAL
        self._layout = GridLayout((), 100, self._wished)
        self._footer: QWidget | None = None
        self._top_photo: int | None = None
        self._current_photo: int | None = None
        self._above_top = 0
        self._chosen_photos: list[int] = []
        self.setModel(model)
        self.setItemDelegate(PhotoDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Photos"))
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        model.modelAboutToBeReset.connect(self._remember_place)
        model.modelReset.connect(self._start_over)
        model.dataChanged.connect(self._describe)
        self.selectionModel().selectionChanged.connect(lambda *_: self._tell_chosen())
        model.modelReset.connect(self._tell_chosen)  # it chooses nothing, and says so to nobody

    # What the window sets

    def set_footer(self, footer: QWidget) -> None:
        """Show `footer`, while it is not hidden, below the last photo."""
        footer.setParent(self.viewport())
        self._footer = footer

    def set_cell(self, pixels: int) -> None:
        """Show photos at about this side; the one at the top stays in sight."""
        pixels = max(SMALLEST, min(LARGEST, pixels))
        if pixels != self._wished:
            top, _ = self._anchor()
            self._wished = pixels
            self._arrange(top)
            self.size_changed.emit(pixels)

    @property
    def cell(self) -> int:
        """The side asked for."""
        return self._wished

    @property
    def grid_layout(self) -> GridLayout:
        """Where each photo lies."""
        return self._layout

    def chosen_rows(self) -> list[int]:
        """The chosen photos, in order; the current one where none is chosen."""
        rows = sorted(row for rows in self._chosen_ranges() for row in rows)
        current = self.currentIndex()
        return rows or ([current.row()] if current.isValid() else [])

    def go_to(self, row: int) -> None:
        """Make one photo the current one and bring it into sight."""
        if 0 <= row < self._photos.rowCount():
            self.setCurrentIndex(self._photos.index(row))

    def rearrange(self) -> None:
        """Take account of a footer shown or hidden, of new headings or another width."""
        top, above = self._anchor()
        self._arrange(top, above)

    # What Qt asks of a view

    def visualRect(self, index: Index) -> QRect:  # noqa: N802
        """The cell of a photo in the viewport."""
        if not index.isValid() or index.row() >= self._layout.count:
            return QRect()
        return self._to_viewport(self._layout.box(index.row()))

    def scrollTo(  # noqa: N802
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Bring a photo into sight, with its heading if it is in the first line."""
        if not index.isValid() or index.row() >= self._layout.count:
            return
        box = self._layout.box(index.row())
        bar, height = self.verticalScrollBar(), self.viewport().height()
        if hint == QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(box.y - (height - box.height) // 2)
        elif box.y - HEADING < bar.value():
            bar.setValue(max(0, box.y - HEADING))
        elif box.y + box.height > bar.value() + height:
            bar.setValue(box.y + box.height + 8 - height)

    def indexAt(self, point: QPoint) -> QModelIndex:  # noqa: N802
        """The photo at a point of the viewport."""
        row = self._layout.row_at(point.x(), point.y() + self.verticalScrollBar().value())
        return QModelIndex() if row is None else self._photos.index(row)

    def moveCursor(  # noqa: N802
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Where the arrow keys lead."""
        count = self._layout.count
        if not count:
            return QModelIndex()
        current = self.currentIndex()
        if not current.isValid():
            return self._photos.index(self._top_row() or 0)
        move = QAbstractItemView.CursorAction
        row = current.row()
        if action == move.MoveUp:
            row = self._layout.above(row)
        elif action == move.MoveDown:
            row = self._layout.below(row)
        elif action in (move.MoveLeft, move.MovePrevious):
            row -= 1
        elif action in (move.MoveRight, move.MoveNext):
            row += 1
        elif action == move.MoveHome:
            row = 0
        elif action == move.MoveEnd:
            row = count - 1
        else:
            lines = max(1, self.viewport().height() // self._layout.cell - 1)
            step = self._layout.above if action == move.MovePageUp else self._layout.below
            for _ in range(lines):
                row = step(row)
        return self._photos.index(max(0, min(row, count - 1)))

    def horizontalOffset(self) -> int:  # noqa: N802
        """It never scrolls sideways."""
        return 0

    def verticalOffset(self) -> int:  # noqa: N802
        """How far it is scrolled, pixels."""
        return self.verticalScrollBar().value()

    def isIndexHidden(self, index: Index) -> bool:  # noqa: N802
        """No photo of the model is hidden."""
        return False

    def setSelection(  # noqa: N802
        self, rect: QRect, command: QItemSelectionModel.SelectionFlag
    ) -> None:
        """Choose what a rectangle of the viewport touches, or what lies between two clicks."""
        selection = QItemSelection()
        first, last = self.indexAt(rect.topLeft()), self.indexAt(rect.bottomRight())
        if self.state() != QAbstractItemView.State.DragSelectingState and first.isValid():
            low, high = sorted((first.row(), (last if last.isValid() else first).row()))
            selection.select(self._photos.index(low), self._photos.index(high))
        else:
            area = rect.normalized().translated(0, self.verticalOffset())
            for rows in self._layout.rows_between(area.top(), area.bottom()):
                for row in rows:
                    if _as_rect(self._layout.box(row)).intersects(area):
                        selection.select(self._photos.index(row), self._photos.index(row))
        self.selectionModel().select(selection, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:  # noqa: N802
        """What to repaint when the choice changes: what is in sight of it."""
        region = QRegion()
        for rows in self._rows_in_sight():
            for row in rows:
                if selection.contains(self._photos.index(row)):
                    region += self._to_viewport(self._layout.box(row))
        return region

    def updateGeometries(self) -> None:  # noqa: N802
        """Set the range of the scroll bar."""
        bar, height = self.verticalScrollBar(), self.viewport().height()
        footer = _FOOTER if self._footer is not None and not self._footer.isHidden() else 0
        bar.setRange(0, max(0, self._layout.height + footer - height))
        bar.setPageStep(height)
        bar.setSingleStep(max(20, int(self._layout.cell * _WHEEL_LINES)))
        self._place_footer()
        super().updateGeometries()

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802
        """Move what is painted along with the scroll bar."""
        self.scrollDirtyRegion(dx, dy)
        self.viewport().scroll(dx, dy)
        self.viewport().update()
        self._place_footer()

    def rowsInserted(self, parent: Index, start: int, end: int) -> None:  # noqa: N802
        """Make room for more photos."""
        super().rowsInserted(parent, start, end)
        self._arrange(None)

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802
        """Tell screen readers which photo is the current one."""
        super().currentChanged(current, previous)
        self._describe()

    # Events

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the headings and photos in sight."""
        painter = QPainter(self.viewport())
        theme = theme_of(self.palette())
        painter.fillRect(event.rect(), QColor(theme.window))
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        under_mouse = self.indexAt(self.viewport().mapFromGlobal(self.cursor().pos()))
        hovered = under_mouse.row() if self.viewport().underMouse() else -1
        dirty = event.rect()
        for rows in self._layout.rows_between(*self._span(dirty)):
            for row in rows:
                self._paint_photo(painter, option, row, dirty, hovered=row == hovered)
        self._paint_headings(painter, dirty, QColor(theme.text))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Fill the new width; the photo at the top stays there."""
        self.rearrange()
        super().resizeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter opens, space previews, the arrow up leaves the first line for the search bar, Esc
        chooses none of several."""
        current = self.currentIndex()
        key = event.key()
        if current.isValid() and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(current.row())
        elif current.isValid() and key == Qt.Key.Key_Space:
            self.previewed.emit(current.row())
        elif key == Qt.Key.Key_Up and self._in_first_line(current):
            self.left_up.emit()
        elif key == Qt.Key.Key_Escape and len(self.chosen_rows()) > 1:
            self.clearSelection()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Scroll, or with Ctrl change the size."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_cell(self._wished + (16 if event.angleDelta().y() > 0 else -16))
            event.accept()
        else:
            super().wheelEvent(event)

    # Inside

    def _describe(self) -> None:
        # Qt has no list of children for a view of its own kind: it is said of the view itself.
        current = self.currentIndex()
        words = current.data(Qt.ItemDataRole.AccessibleTextRole) if current.isValid() else None
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words or "")

    def _paint_photo(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        row: int,
        dirty: QRect,
        *,
        hovered: bool,
    ) -> None:
        index = self._photos.index(row)
        box = self._to_viewport(self._layout.box(row))
        if not box.intersects(dirty):
            return
        flag = QStyle.StateFlag
        state = flag.State_Enabled
        if self.selectionModel().isSelected(index):
            state |= flag.State_Selected
        if hovered:
            state |= flag.State_MouseOver
        if index == self.currentIndex() and self.hasFocus():
            state |= flag.State_HasFocus
        option.rect = box
        option.state = state
        self.itemDelegate().paint(painter, option, index)

    def _paint_headings(self, painter: QPainter, dirty: QRect, colour: QColor) -> None:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 1.25)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(colour)
        for title, box in self._layout.headings_between(*self._span(dirty)):
            place = self._to_viewport(box).adjusted(0, 0, 0, -10)
            painter.drawText(place, Qt.AlignmentFlag.AlignBottom, title)

    def _remember_place(self) -> None:
        (row, self._above_top), current = self._anchor(), self.currentIndex()
        self._top_photo = None if row is None else self._photos.index(row).data(PHOTO_ROLE)
        self._current_photo = current.data(PHOTO_ROLE) if current.isValid() else None
        chosen = self.selectionModel().selectedIndexes()
        self._chosen_photos = [index.data(PHOTO_ROLE) for index in chosen]

    def _anchor(self) -> tuple[int | None, int]:
        """The photo that is to stay where it is, and how far the upper edge is from it; None for
        who is at the top, and wants to see what comes there."""
        row, value = self._top_row(), self.verticalScrollBar().value()
        return (None, 0) if row is None or not value else (row, value - self._layout.box(row).y)

    def _start_over(self) -> None:
        if not self._photos.keeps_place:
            self._arrange(None)
            self.verticalScrollBar().setValue(0)
            return
        self._arrange(self._row_of(self._top_photo), self._above_top)
        self._choose_again()

    def _choose_again(self) -> None:
        """Take up the selection as it was, without scrolling to it."""
        selection = QItemSelection()
        for photo_id in self._chosen_photos:
            row = self._row_of(photo_id)
            if row is not None:
                selection.select(self._photos.index(row), self._photos.index(row))
        self.setAutoScroll(False)
        flag = QItemSelectionModel.SelectionFlag
        current = self._row_of(self._current_photo)
        if current is not None:
            self.selectionModel().setCurrentIndex(self._photos.index(current), flag.NoUpdate)
        self.selectionModel().select(selection, flag.ClearAndSelect)
        self.setAutoScroll(True)

    def _tell_chosen(self) -> None:
        self.chosen_changed.emit(sum(len(rows) for rows in self._chosen_ranges()))

    def _chosen_ranges(self) -> list[range]:
        """Of rows: an index for each of many photos would take long."""
        selection = self.selectionModel().selection()
        ranges = (selection.at(place) for place in range(selection.count()))
        return [range(each.top(), each.bottom() + 1) for each in ranges]

    def _row_of(self, photo_id: int | None) -> int | None:
        return None if photo_id is None else self._photos.row_of(photo_id)

    def _arrange(self, keep: int | None, above: int = -HEADING) -> None:
        """Lay out anew, with the photo `keep` where it was: `above` pixels above the upper edge."""
        width = self.viewport().width()
        self._layout = GridLayout(self._photos.sections, width, self._wished)
        self._thumbnails.set_side(round(self._layout.cell * self.devicePixelRatioF()))
        self.updateGeometries()
        if keep is not None and keep < self._layout.count:
            self.verticalScrollBar().setValue(max(0, self._layout.box(keep).y + above))
        self.viewport().update()

    def _place_footer(self) -> None:
        if self._footer is not None:
            top = self._layout.height - self.verticalScrollBar().value()
            self._footer.setGeometry(0, top, self.viewport().width(), _FOOTER)

    def _top_row(self) -> int | None:
        for rows in self._rows_in_sight():
            for row in rows:
                return row
        return None

    def _rows_in_sight(self) -> list[range]:
        return self._layout.rows_between(*self._span(self.viewport().rect()))

    def _in_first_line(self, index: QModelIndex) -> bool:
        return not index.isValid() or self._layout.above(index.row()) == index.row()

    def _span(self, rect: QRect) -> tuple[int, int]:
        offset = self.verticalScrollBar().value()
        return rect.top() + offset, rect.bottom() + offset

    def _to_viewport(self, box: Box) -> QRect:
        return _as_rect(box).translated(0, -self.verticalScrollBar().value())


def _as_rect(box: Box) -> QRect:
    return QRect(box.x, box.y, box.width, box.height)

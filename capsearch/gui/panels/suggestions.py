"""What the search field suggests: saved and recent questions, and names of the library."""

from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from capsearch.gui.look.dates import number_text
from capsearch.gui.look.icons import FIELD_ICONS, icon
from capsearch.gui.look.theme import theme_of
from capsearch.library.values import Completion

Index = QModelIndex | QPersistentModelIndex

TEXT_ROLE = Qt.ItemDataRole.UserRole
"""The text that the search field gets."""
COUNT_ROLE = Qt.ItemDataRole.UserRole + 1
"""Number of photos, as words; '' where that is not known."""

_PADDING = 12
_HEIGHT = 34


@dataclass(frozen=True)
class Row:
    """A line of the list: what it is called, the text it stands for, its icon and count."""

    name: str
    text: str
    icon: str
    count: str = ""


def rows_of(
    typed: str, *, saved: list[str], recent: list[str], completions: tuple[Completion, ...]
) -> list[Row]:
    """Lines for what is typed: saved and recent questions that begin so, then names."""
    begun = typed.strip().casefold()
    rows = [Row(text, text, "star") for text in saved if text.casefold().startswith(begun)]
    kept = {text.casefold() for text in saved} | {begun}
    rows += [
        Row(text, text, "recent")
        for text in recent
        if text.casefold().startswith(begun) and text.casefold() not in kept
    ][: 3 if begun else 8]
    for completion in completions:
        found = completion.suggestion
        count = number_text(found.photos)
        rows.append(Row(found.name, completion.text, FIELD_ICONS[found.field], count))
    return rows


class SuggestionModel(QAbstractListModel):
    """The lines of the list."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Row] = []

    def show_rows(self, rows: list[Row]) -> None:
        """Show these."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: N802, B008
        """How many there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A line's name, text, count, icon, and its words for screen readers."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DecorationRole:
            return icon(row.icon, theme_of(QApplication.palette()).muted)
        if role == Qt.ItemDataRole.AccessibleTextRole and row.count:
            return self.tr("{name}, {count} photos").format(name=row.name, count=row.count)
        words = {TEXT_ROLE: row.text, COUNT_ROLE: row.count}
        named = (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.EditRole,
            Qt.ItemDataRole.AccessibleTextRole,
        )
        return row.name if role in named else words.get(role)


class SuggestionDelegate(QStyledItemDelegate):
    """Paints the count at the right edge."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """Room for a finger."""
        return QSize(super().sizeHint(option, index).width(), _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The line as usual, then its count."""
        super().paint(painter, option, index)
        count = index.data(COUNT_ROLE)
        if not count:
            return
        painter.save()
        rect = QRect(option.rect).adjusted(0, 0, -_PADDING, 0)
        selected = option.state & QStyle.StateFlag.State_Selected
        theme = theme_of(QApplication.palette())
        painter.setPen(QColor(theme.text if selected else theme.muted))
        painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count)
        painter.restore()

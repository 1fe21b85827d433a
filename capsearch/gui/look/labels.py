"""Words on a page."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel


def text_label(words: str, kind: str = "") -> QLabel:
    """Plain text that wraps; `kind` is a name of the style sheet's: muted, section, title."""
    label = QLabel(words)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if kind:
        label.setObjectName(kind)
    return label


class ElidedLabel(QLabel):
    """One line that may get less room than its words take: the end is left out then, and the whole
    is the tool tip."""

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """A few letters."""
        least = self.fontMetrics().horizontalAdvance("MM…")
        return QSize(min(least, self.sizeHint().width()), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint what fits."""
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, room.width()
        )
        self.setToolTip("" if shown == self.text() else self.text())
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)

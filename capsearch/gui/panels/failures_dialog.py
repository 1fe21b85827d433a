"""The files that could not be used, with reasons, and a second try."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from capsearch.gui.grid.photo_actions import readable
from capsearch.gui.look.buttons import push_button
from capsearch.library.values import Failure


class FailuresDialog(QDialog):
    """`retry_wanted` asks for all of them to be read again."""

    retry_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Files that could not be used"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(760, 460)
        self._words = QLabel(
            self.tr("Everything else is searchable. The files themselves were not touched.")
        )
        self._words.setObjectName("muted")
        self.list = QTreeWidget()
        self.list.setHeaderLabels([self.tr("File"), self.tr("Reason"), self.tr("Folder")])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.list.setAccessibleName(self.windowTitle())
        self.retry_button = push_button(self.tr("Try again"), "primary")
        close = push_button(self.tr("Close"))
        self.retry_button.clicked.connect(self._retry)
        close.clicked.connect(self.close)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(close)
        row.addWidget(self.retry_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(12)
        column.addWidget(self._words)
        column.addWidget(self.list, 1)
        column.addLayout(row)

    def show_failures(self, failures: tuple[Failure, ...]) -> None:
        """List these."""
        self.list.clear()
        for failure in failures:
            path = Path(failure.path)
            item = QTreeWidgetItem(
                [readable(path.name), failure.reason, readable(str(path.parent))]
            )
            item.setToolTip(0, readable(failure.path))
            self.list.addTopLevelItem(item)
        self.list.resizeColumnToContents(0)
        if self.list.columnWidth(0) > 260:
            self.list.setColumnWidth(0, 260)
        self.retry_button.setEnabled(bool(failures))
        if not failures:
            self._words.setText(self.tr("Every file could be used."))

    def _retry(self) -> None:
        self.retry_wanted.emit()
        self.close()

"""Tables of names with numbers beside them."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def prepare_table(table: QTreeWidget, headings: Sequence[str], name: str) -> None:
    """Give `table` these headings, the first as wide as it gets, the others for numbers; `name` is
    for screen readers."""
    table.setHeaderLabels(list(headings))
    table.setRootIsDecorated(False)
    table.setUniformRowHeights(True)
    table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    table.setAccessibleName(name)
    header = table.header()
    header.setStretchLastSection(False)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    for column in range(1, len(headings)):
        table.headerItem().setTextAlignment(column, _RIGHT)
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)


def add_row(table: QTreeWidget, cells: Sequence[str], tip: str) -> None:
    """Add a line; `tip` is the whole of the first cell's name, which may be cut."""
    item = QTreeWidgetItem(list(cells))
    item.setToolTip(0, tip)
    for column in range(1, len(cells)):
        item.setTextAlignment(column, _RIGHT)
    table.addTopLevelItem(item)

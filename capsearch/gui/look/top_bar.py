"""The bar at the top of a page."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget


def top_bar() -> tuple[QWidget, QHBoxLayout]:
    """The bar, and the row in it for the page's buttons."""
    bar = QWidget()
    bar.setObjectName("topBar")
    bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    row = QHBoxLayout(bar)
    row.setContentsMargins(12, 8, 12, 8)
    row.setSpacing(6)
    return bar, row

"""Words on a page."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel


def text_label(words: str, kind: str = "") -> QLabel:
    """Plain text that wraps; `kind` is a name of the style sheet's: muted, section, title."""
    label = QLabel(words)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if kind:
        label.setObjectName(kind)
    return label

"""Reads back what the window remembered: a file that anything may have damaged.

A value that is not what the window wrote counts as none: how large photos were shown last is not
worth a word, and never worth a start that fails.
"""

import math

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QDialog


def remembered_number(remembered: QSettings, name: str, otherwise: int) -> int:
    """A whole number, of any size."""
    try:
        return int(str(remembered.value(name, otherwise)))
    except ValueError:
        return otherwise


def remembered_moment(remembered: QSettings, name: str) -> float:
    """Seconds since 1970; 0 for none."""
    try:
        seconds = float(str(remembered.value(name, 0.0)))
    except ValueError:
        return 0.0
    return seconds if math.isfinite(seconds) else 0.0


def remembered_choice(remembered: QSettings, name: str, otherwise: bool) -> bool:
    """Yes or no."""
    text = str(remembered.value(name, otherwise)).lower()
    return {"true": True, "false": False}.get(text, otherwise)


def remembered_texts(remembered: QSettings, name: str) -> list[str]:
    """Some texts; what is no text among them is left out."""
    value = remembered.value(name)
    # QSettings gives a list of one back as its one text.
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str)]


def remember_size(dialog: QDialog, remembered: QSettings, name: str) -> None:
    """Give a dialog the size that it had when it was closed last, and keep the one it gets."""
    geometry = remembered.value(name)
    if isinstance(geometry, QByteArray):
        dialog.restoreGeometry(geometry)
    dialog.finished.connect(lambda _: remembered.setValue(name, dialog.saveGeometry()))

"""Reads back what the window remembered: a file that anything may have damaged.

A value that is not what the window wrote counts as none: how large photos were shown last is not
worth a word, and never worth a start that fails.
"""

from PySide6.QtCore import QSettings


def remembered_number(remembered: QSettings, name: str, otherwise: int) -> int:
    """A whole number, of any size."""
    try:
        return int(str(remembered.value(name, otherwise)))
    except ValueError:
        return otherwise


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

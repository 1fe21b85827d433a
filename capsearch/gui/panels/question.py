"""A question before something is taken away, or fetched."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def ask_before(
    parent: QWidget,
    title: str,
    question: str,
    meaning: str,
    yes: str,
    act: Callable[[], object],
    *,
    takes_away: bool = True,
) -> None:
    """Ask, and `act` where the button `yes` is pressed; Esc leaves things as they are, and so does
    Enter where something is taken away."""
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIcon(QMessageBox.Icon.Question)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(title)
    box.setText(question)
    box.setInformativeText(meaning)
    role = QMessageBox.ButtonRole
    agree = box.addButton(yes, role.DestructiveRole if takes_away else role.AcceptRole)
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(cancel if takes_away else agree)
    agree.clicked.connect(lambda: act())  # noqa: PLW0108 - a signal's argument is not for it
    box.open()

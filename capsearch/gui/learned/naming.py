"""The question what something is called."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCompleter,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from capsearch.gui.look.labels import text_label


class NameDialog(QDialog):
    """Asks for a name, and for what is said of it with 'my' before; calls `named` with both."""

    def __init__(
        self,
        parent: QWidget,
        named: Callable[[str, str], object],
        *,
        name: str = "",
        called: str = "",
        known: Sequence[str] = (),
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Name"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._named = named
        self.name = QLineEdit(name)
        self.called = QLineEdit(called)
        for field, words in (
            (self.name, self.tr("Name")),
            (self.called, self.tr("My …")),
        ):
            field.setAccessibleName(words)
            field.setMaxLength(100)
        self.name.setPlaceholderText(self.tr("Rex"))
        self.called.setPlaceholderText(self.tr("dog"))
        if known:
            completer = QCompleter(list(known), self)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            self.name.setCompleter(completer)
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._buttons.accepted.connect(self._accept)
        self._buttons.rejected.connect(self.reject)
        self.name.textChanged.connect(lambda _: self._offer())
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.addRow(self.tr("What is it called?"), self.name)
        form.addRow(self.tr("And with “my” before it?"), self.called)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(
            text_label(
                self.tr(
                    "Then the name finds it, also within a sentence: “Rex on the beach”. What has "
                    "the same name is put together."
                ),
                "muted",
            )
        )
        column.addWidget(self._buttons)
        self._offer()
        self.name.setFocus()

    def _offer(self) -> None:
        ok = self._buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setEnabled(any(letter.isalnum() for letter in self.name.text()))

    def _accept(self) -> None:
        name, called = self.name.text().strip(), self.called.text().strip()
        self.accept()
        self._named(name, called)

"""The search field: answers as one types, remembers what was asked, suggests what there is."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from capsearch.gui.look.icons import icon
from capsearch.gui.look.theme import theme_of

DEBOUNCE_MS = 25
_REMEMBERED = 50


class SearchBar(QLineEdit):
    """`asked` carries the words a moment after the last key; `left_down` is the arrow down;
    `cleared` is Esc in an empty field."""

    asked = Signal(str)
    left_down = Signal()
    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("search")
        self.show_hint("")
        self.setAccessibleName(self.tr("Search your photos"))
        self.setMaxLength(1000)
        self._history: list[str] = []
        self._names: list[str] = []
        self._asked = ""
        self._suggestions = QStringListModel(self)
        self.setCompleter(self._make_completer())
        self._lens = self.addAction(
            icon("search", "#888"), QLineEdit.ActionPosition.LeadingPosition
        )
        self._clear = self.addAction(
            icon("clear", "#888"), QLineEdit.ActionPosition.TrailingPosition
        )
        self._clear.setToolTip(self.tr("Clear"))
        self._clear.triggered.connect(self.start_over)
        self._clear.setVisible(False)
        self._waiting = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._waiting.timeout.connect(self._ask)
        self.textChanged.connect(self._changed)
        self._paint_icons()

    @property
    def words(self) -> str:
        """What is asked for, without spaces around it."""
        return self.text().strip()

    @property
    def history(self) -> list[str]:
        """What was asked, newest first."""
        return list(self._history)

    def set_suggestions(self, *, history: Iterable[str] | None, names: Iterable[str]) -> None:
        """Suggest recent questions and the names of people in the library."""
        if history is not None:
            self._history = list(history)[:_REMEMBERED]
        self._names = list(names)
        self._suggestions.setStringList(list(dict.fromkeys(self._history + self._names)))

    def remember(self) -> None:
        """Keep the words for suggestions: they led somewhere."""
        words = self.words
        if words:
            rest = [old for old in self._history if old.lower() != words.lower()]
            self.set_suggestions(history=[words, *rest], names=self._names)

    def show_hint(self, hint: str) -> None:
        """What to say while the field is empty; '' for the usual."""
        usual = self.tr("Search your photos: “kids at the beach”, “red bicycle”…")
        self.setPlaceholderText(hint or usual)

    def forget(self) -> None:
        """Empty the field without asking anything."""
        self.clear()
        self._waiting.stop()
        self._asked = ""

    def start_over(self) -> None:
        """Empty the field."""
        self.clear()
        self._ask()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Esc clears, the arrow down goes to the photos, Enter asks at once."""
        key = event.key()
        if key == Qt.Key.Key_Escape:
            if self.text():
                self.start_over()
            else:
                self.cleared.emit()
        elif key == Qt.Key.Key_Down:
            self.left_down.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.remember()
            self._ask()
            self.left_down.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_lens"):
            self._paint_icons()

    def _make_completer(self) -> QCompleter:
        completer = QCompleter(self._suggestions, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setMaxVisibleItems(6)
        completer.setCompletionMode(QCompleter.CompletionMode.InlineCompletion)
        completer.setFilterMode(Qt.MatchFlag.MatchStartsWith)
        return completer

    def _changed(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        self._waiting.start()

    def _ask(self) -> None:
        self._waiting.stop()
        words = self.words
        if words != self._asked:
            self._asked = words
            self.asked.emit(words)

    def _paint_icons(self) -> None:
        muted = theme_of(self.palette()).muted
        self._lens.setIcon(icon("search", muted))
        self._clear.setIcon(icon("clear", muted))

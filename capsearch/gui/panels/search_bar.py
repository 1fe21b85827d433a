"""The search field: answers as one types, remembers what was asked, suggests what there is."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QWidget

from capsearch.gui.look.icons import icon
from capsearch.gui.look.theme import theme_of
from capsearch.gui.panels.suggestions import (
    TEXT_ROLE,
    SuggestionDelegate,
    SuggestionModel,
    rows_of,
)
from capsearch.library.values import Completion

DEBOUNCE_MS = 25
_REMEMBERED = 50
_MOST_LINES = 9


class SearchBar(QLineEdit):
    """`asked` carries the words a moment after the last key, `typed` what suggestions are wanted
    for; `left_down` is the arrow down, `cleared` is Esc in an empty field, `saved_changed` the
    star."""

    asked = Signal(str)
    typed = Signal(str)
    left_down = Signal()
    cleared = Signal()
    saved_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("search")
        self.show_hint("")
        self.setAccessibleName(self.tr("Search your photos"))
        self.setMaxLength(1000)
        self._history: list[str] = []
        self._saved: list[str] = []
        self._asked = ""
        self._suggestions = SuggestionModel()
        self._popup = QListView()
        self._list = self._make_list()
        self._lens = self.addAction(
            icon("search", "#888"), QLineEdit.ActionPosition.LeadingPosition
        )
        self._clear = self.addAction(
            icon("clear", "#888"), QLineEdit.ActionPosition.TrailingPosition
        )
        self._lens.setText(self.tr("Search"))
        self._clear.setText(self.tr("Clear"))
        self._clear.setToolTip(self.tr("Clear"))
        self._clear.triggered.connect(self.start_over)
        self._star = self.addAction(icon("star", "#888"), QLineEdit.ActionPosition.TrailingPosition)
        self._star.triggered.connect(self.toggle_saved)
        self._waiting = QTimer(self, singleShot=True, interval=DEBOUNCE_MS)
        self._waiting.timeout.connect(self._ask)
        self.textChanged.connect(self._changed)
        self.textEdited.connect(self.typed)
        self._changed("")
        self._waiting.stop()

    @property
    def words(self) -> str:
        """What is asked for, without spaces around it."""
        return self.text().strip()

    @property
    def history(self) -> list[str]:
        """What was asked, newest first."""
        return list(self._history)

    @property
    def saved(self) -> list[str]:
        """The questions that were kept, newest first."""
        return list(self._saved)

    @property
    def suggested(self) -> list[str]:
        """The texts of the suggestions in sight."""
        if not self._popup.isVisible():
            return []
        model = self._suggestions
        return [str(model.index(row).data(TEXT_ROLE)) for row in range(model.rowCount())]

    def recall(self, *, history: Iterable[str], saved: Iterable[str]) -> None:
        """Take over what was asked and kept before."""
        self._history = list(history)[:_REMEMBERED]
        self._saved = list(saved)[:_REMEMBERED]
        self._paint_icons()

    def remember(self) -> None:
        """Keep the words for suggestions: they led somewhere."""
        words = self.words
        if words:
            rest = [old for old in self._history if old.lower() != words.lower()]
            self._history = [words, *rest][:_REMEMBERED]

    def suggest(self, typed: str, completions: tuple[Completion, ...]) -> None:
        """Show what completes `typed`, if that is still what stands in the field."""
        if typed != self.text() or not self.hasFocus():
            return
        rows = rows_of(typed, saved=self._saved, recent=self._history, completions=completions)
        self._suggestions.show_rows(rows)
        if rows:
            self._list.complete()
            self._popup.setCurrentIndex(self._suggestions.index(-1))
        else:
            self._popup.hide()

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

    def ask_for(self, words: str) -> None:
        """Put these words in the field and ask them at once."""
        self._popup.hide()
        self.setText(words)
        self._ask()

    def toggle_saved(self) -> None:
        """Keep the question in the field, or keep it no longer."""
        words = self.words
        if words in self._saved:
            self._saved.remove(words)
        elif words:
            self._saved = [words, *self._saved][:_REMEMBERED]
        self._paint_icons()
        self.saved_changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Esc clears, the arrow down goes to the photos, Enter asks at once; while suggestions
        are in sight the arrows and Enter choose among them."""
        key = event.key()
        enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        popup = self._popup
        if (
            popup.isVisible()
            and popup.currentIndex().isValid()
            and (enter or key == Qt.Key.Key_Tab)
        ):
            event.ignore()  # the list takes it
        elif key == Qt.Key.Key_Escape:
            if self.text():
                self.start_over()
            else:
                self.cleared.emit()
        elif key == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.typed.emit(self.text())
        elif key == Qt.Key.Key_Down:
            self.left_down.emit()
        elif enter:
            popup.hide()
            self.remember()
            self._ask()
            self.left_down.emit()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """In an empty field a click offers what was asked before."""
        super().mouseReleaseEvent(event)
        if not self.text():
            self.suggest("", ())

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_lens"):
            self._paint_icons()

    def _make_list(self) -> QCompleter:
        """The list below the field, which changes nothing in it until a line is chosen."""
        completer = QCompleter(self._suggestions, self)
        completer.setWidget(self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setMaxVisibleItems(_MOST_LINES)
        completer.setPopup(self._popup)  # which sets a delegate of its own
        self._popup.setItemDelegate(SuggestionDelegate(self._popup))
        self._popup.setObjectName("suggestions")
        self._popup.setAccessibleName(self.tr("Suggestions"))
        completer.activated[QModelIndex].connect(self._choose)  # type: ignore[index]
        return completer

    def _choose(self, index: QModelIndex) -> None:
        self.setText(str(index.data(TEXT_ROLE)))
        self.remember()
        self._ask()

    def _changed(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        self._star.setVisible(bool(text.strip()))
        self._paint_icons()
        self._waiting.start()

    def _ask(self) -> None:
        self._waiting.stop()
        words = self.words
        if words != self._asked:
            self._asked = words
            self.asked.emit(words)

    def _paint_icons(self) -> None:
        theme = theme_of(self.palette())
        self._lens.setIcon(icon("search", theme.muted))
        self._clear.setIcon(icon("clear", theme.muted))
        kept = self.words in self._saved
        self._star.setIcon(icon("star", theme.accent if kept else theme.muted))
        words = self.tr("Forget this search") if kept else self.tr("Keep this search")
        self._star.setText(words)
        self._star.setToolTip(words)

"""What was understood of the words in the search field: chips, and what was read otherwise."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from capsearch.gui.look.buttons import IconButton, push_button
from capsearch.gui.look.flow_layout import FlowLayout
from capsearch.gui.look.icons import FIELD_ICONS
from capsearch.library.values import Answer, Part, UnknownWord

_LONGEST = 40
_SPARE = 8


class UnderstoodBar(QWidget):
    """Chips can be taken out (`removed`, a `Part`) or be words again (`made_plain`, a label);
    `kept` carries a word that is to stay as it was typed, `replaced` a typed word and the one
    that was meant; `encoder_wanted` asks for a model that knows more, `learned_wanted` for what
    was learned, `usual_wanted` for an answer as usual."""

    removed = Signal(object)
    made_plain = Signal(str)
    kept = Signal(str)
    replaced = Signal(str, str)
    encoder_wanted = Signal()
    learned_wanted = Signal()
    usual_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips = QWidget()
        self._flow = FlowLayout(self._chips)
        self._notes = QWidget()
        self._lines = QVBoxLayout(self._notes)
        for layout in (self._flow, self._lines):
            layout.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(2)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 0, 16, 8)
        column.setSpacing(6)
        column.addWidget(self._chips)
        column.addWidget(self._notes)
        self.hide()

    def show_answer(self, answer: Answer | None, *, generic_once: bool = False) -> None:
        """Show how the question of this answer was understood, and what one's own photos did to
        it; nothing where there is none. `generic_once`: it is generic this time."""
        _empty(self._flow)
        _empty(self._lines)
        if answer is not None:
            for part in answer.understood.parts:
                self._flow.addWidget(self._chip(part))
            self._say(answer)
            self._say_effect(answer, generic_once=generic_once)
        self._chips.setVisible(self._flow.count() > 0)
        self._notes.setVisible(self._lines.count() > 0)
        self.setVisible(self._flow.count() + self._lines.count() > 0)

    def chips(self) -> list["PartChip"]:
        """The chips in sight."""
        return [chip for chip in self.findChildren(PartChip) if not chip.isHidden()]

    def _chip(self, part: Part) -> "PartChip":
        chip = PartChip(part, self._words_of(part))
        chip.words.clicked.connect(partial(self._make_plain, part))
        chip.cross.clicked.connect(partial(self._remove, part))
        return chip

    def _make_plain(self, part: Part, *_: object) -> None:
        self.made_plain.emit(part.label)

    def _remove(self, part: Part, *_: object) -> None:
        self.removed.emit(part)

    def _words_of(self, part: Part) -> str:
        label = part.label if len(part.label) <= _LONGEST else part.label[: _LONGEST - 1] + "…"
        if part.field == "words":
            label = f"“{label}”"
        if part.field == "rating" and part.condition is not None and not label.startswith("★"):
            label = "★" * int(part.condition.values[0])
        return self.tr("not {what}").format(what=label) if part.negated else label

    def _say(self, answer: Answer) -> None:
        spelling = [change for change in answer.changes if change.why == "spelling"]
        others = [change for change in answer.changes if change.why != "spelling"]
        for change in spelling:
            words = self.tr("Showing photos for “{read}”.").format(read=change.read)
            offer = self.tr("Search for “{typed}” instead").format(typed=change.typed)
            self._line(words, offer, partial(self._keep, change.typed))
        if others:
            read = ", ".join(f"{change.typed} = {change.read}" for change in others)
            self._line(self.tr("Read in English: {words}").format(words=read))
        for word in answer.unknown[:3]:
            self._say_unknown(word)
        if answer.unknown and not any(word.nearest for word in answer.unknown):
            self._line(
                self.tr("The search model in use knows everyday English."),
                self.tr("Other models…"),
                self.encoder_wanted.emit,
            )

    def _say_effect(self, answer: Answer, *, generic_once: bool) -> None:
        if generic_once:
            self._line(
                self.tr("As everybody would get it, this time."),
                self.tr("As usual"),
                self.usual_wanted.emit,
            )
            return
        words = {
            "same": self.tr("Your own photos change nothing here: everybody would get this order."),
            "unsure": self.tr("CapSearch is not sure which of yours is meant."),
            "unlearned": self.tr("CapSearch has not learned yet what comes back in your photos."),
        }.get(answer.effect)
        if words is not None:
            self._line(words, self.tr("What it has learned…"), self.learned_wanted.emit)

    def _say_unknown(self, unknown: UnknownWord) -> None:
        words = self.tr("CapSearch does not know the word “{word}”.").format(word=unknown.word)
        if not unknown.nearest:
            self._line(words)
            return
        offer = self.tr("Did you mean “{word}”?").format(word=unknown.nearest)
        self._line(words, offer, partial(self._replace, unknown))

    def _keep(self, typed: str, *_: object) -> None:
        self.kept.emit(typed)

    def _replace(self, unknown: UnknownWord, *_: object) -> None:
        self.replaced.emit(unknown.word, unknown.nearest)

    def _line(self, words: str, offer: str = "", act: object = None) -> None:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        label = QLabel(words)
        label.setObjectName("muted")
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        policy = QSizePolicy.Policy.Expanding if not offer else QSizePolicy.Policy.Preferred
        label.setSizePolicy(policy, QSizePolicy.Policy.Preferred)
        if offer:  # beside a button it is one line where there is room for it, and no wider
            label.setMaximumWidth(label.fontMetrics().horizontalAdvance(words) + _SPARE)
        row.addWidget(label, 1)
        if offer:
            button = push_button(offer, "quiet")
            button.clicked.connect(act)
            row.addWidget(button)
            row.addStretch(1)
        self._lines.addWidget(line)


class PartChip(QFrame):
    """One part: its words, which turn it into plain words, and a cross, which takes it out."""

    def __init__(self, part: Part, text: str) -> None:
        super().__init__()
        self.setObjectName("partChip")
        self.words = IconButton(FIELD_ICONS[part.field], text.replace("&", "&&"), wide=True)
        self.words.setObjectName("partWords")
        self.words.setToolTip(self.tr("Click to search for these words instead"))
        self.words.setAccessibleName(text)
        self.cross = IconButton("clear", self.tr("Remove {what}").format(what=text))
        self.cross.setObjectName("partCross")
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 2, 0)
        row.setSpacing(0)
        row.addWidget(self.words)
        row.addWidget(self.cross)


def _empty(layout: FlowLayout | QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()

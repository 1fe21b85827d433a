"""What is seen before the first photos are there: how many were found, how many are ready."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QProgressBar, QVBoxLayout, QWidget

from capsearch.gui.grid.photo_actions import readable
from capsearch.gui.look.buttons import IconLabel
from capsearch.gui.look.dates import duration_text, number_text
from capsearch.library.values import Progress

_WIDTH, _PADDING = 560, 36


class FirstRunPage(QWidget):
    """Says how far looking through the first folder is; lies where the photos will be."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.heading = _label("heading")
        self.detail = _label("muted")
        self.hint = _label("")
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName(self.tr("Progress"))
        self._folder = ""
        self._build()
        self.begin()
        self.say_asked("")

    def begin(self, folder: str = "") -> None:
        """Nothing is known yet but, perhaps, which folder is looked through."""
        self._folder = readable(Path(folder).name or folder)
        self._say_found(0)
        self.bar.setRange(0, 0)

    def say_asked(self, words: str) -> None:
        """Say that one may type, or that what was typed will be answered."""
        self.hint.setText(
            self.tr("“{words}” is answered as soon as the first photos are ready.").format(
                words=words
            )
            if words
            else self.tr(
                "You can already type above what you are looking for.\n"
                "Photos come in here as soon as they are ready."
            )
        )

    def show_progress(self, progress: Progress, *, on_battery: bool) -> None:
        """Show how many were found and are ready, or why nothing goes on."""
        if progress.phase == "scan":
            self._say_found(progress.done)
        if progress.total:
            self.heading.setText(self.tr("%Ln photo(s) found", "", progress.total))
            self.detail.setText(self._ready_words(progress))
            self.bar.setRange(0, progress.total)
            self.bar.setValue(progress.done)
        if on_battery:
            self.detail.setText(self.tr("Held while this computer is on battery."))
        elif progress.phase == "wait":
            self.detail.setText(
                self.tr("Waiting for another CapSearch that is looking through photos")
            )

    def _say_found(self, count: int) -> None:
        self.heading.setText(
            self.tr("%Ln photo(s) found so far", "", count)
            if count
            else self.tr("Looking for photos…")
        )
        self.detail.setText(
            self.tr("Looking through “{folder}”").format(folder=self._folder)
            if self._folder
            else ""
        )

    def _ready_words(self, progress: Progress) -> str:
        ready = self.tr("{done} of {total} are ready").format(
            done=number_text(progress.done), total=number_text(progress.total)
        )
        if progress.eta is None:
            return ready
        left = self.tr("{time} left").format(time=duration_text(progress.eta))
        return f"{ready} · {left}"

    def _build(self) -> None:
        card = QFrame()
        card.setObjectName("card")
        card.setMaximumWidth(_WIDTH)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(_PADDING, 32, _PADDING, 32)
        inside.setSpacing(12)
        inside.addWidget(IconLabel("photo", 44))
        for widget in (self.heading, self.bar, self.detail):
            inside.addWidget(widget)
        inside.addSpacing(10)
        inside.addWidget(self.hint)
        outside = QVBoxLayout(self)
        outside.addStretch(2)
        outside.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        outside.addStretch(3)


def _label(kind: str) -> QLabel:
    label = QLabel()
    label.setObjectName(kind)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label

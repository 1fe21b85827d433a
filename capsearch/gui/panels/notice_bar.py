"""Words the window has to say: a strip that can be closed, and a page where photos would be."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from capsearch.gui.look.buttons import IconButton, IconLabel, push_button

_SECONDS = 12


class NoticeBar(QFrame):
    """One sentence above the photos; goes by itself, or when closed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self.label = QLabel()
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.button = push_button("", "quiet")
        self.button.clicked.connect(self._act)
        self._offered: Callable[[], object] | None = None
        close = IconButton("clear", self.tr("Close"))
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 4, 6, 4)
        row.addWidget(self.label, 1)
        row.addWidget(self.button)
        row.addWidget(close)
        self._going = QTimer(self, singleShot=True, interval=1000 * _SECONDS)
        self._going.timeout.connect(self.hide)
        self.hide()

    def say(
        self,
        text: str,
        *,
        stay: bool = False,
        offer: str = "",
        act: Callable[[], object] | None = None,
    ) -> None:
        """Show `text`; until it is closed if it is to `stay`. A button with the words `offer` does
        `act`."""
        self.label.setText(text)
        self.button.setText(offer)
        self.button.setVisible(bool(offer))
        self._offered = act
        self.show()
        self._going.stop()
        if not stay:
            self._going.start()

    def _act(self) -> None:
        self.hide()
        if self._offered is not None:
            self._offered()


class EmptyPage(QWidget):
    """Says why there are no photos to show, and offers what helps."""

    acted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._icon = IconLabel("search", 44)
        self.heading, self.text = QLabel(), QLabel()
        self.heading.setObjectName("heading")
        self.text.setObjectName("muted")
        for label in (self.heading, self.text):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.button = push_button("")
        self.button.clicked.connect(self.acted)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(2)
        for widget in (self._icon, self.heading, self.text):
            column.addWidget(widget)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def say(self, icon_name: str, heading: str, text: str, button: str = "") -> None:
        """Show this; no button where it has no words."""
        self._icon.set_icon(icon_name)
        self.heading.setText(heading)
        self.text.setText(text)
        self.button.setText(button)
        self.button.setVisible(bool(button))

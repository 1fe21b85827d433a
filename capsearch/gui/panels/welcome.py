"""The first thing a new user sees: what happens, what does not, and one button."""

import os
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QStandardPaths, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from capsearch.gui.look.buttons import push_button
from capsearch.gui.look.icons import app_icon
from capsearch.paths import joined, prefix_of

_WIDTH, _PADDING = 600, 40


class WelcomePage(QWidget):
    """`chosen` carries the folder to begin with."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.pictures = pictures_folder()
        self.start_button = push_button(self.tr("Start with this folder"), "primary")
        self.other_button = push_button(self.tr("Choose another folder…"))
        self.start_button.clicked.connect(lambda: self.chosen.emit(self.pictures))
        self.other_button.clicked.connect(self._choose)
        self._build()

    def _build(self) -> None:
        card = self._card = QFrame()
        card.setObjectName("card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(_PADDING, 40, _PADDING, 36)
        inside.setSpacing(14)
        picture = QLabel()
        picture.setPixmap(app_icon().pixmap(72, 72))
        picture.setMinimumHeight(76)
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside.addWidget(picture)
        inside.addWidget(_label(self.tr("Find any photo by saying what is on it"), "title"))
        inside.addWidget(
            _label(
                self.tr(
                    "CapSearch looks through your photos once, and you can search while it does.\n"
                    "Everything stays on this computer, and your photos are never changed."
                ),
                "muted",
            )
        )
        inside.addSpacing(8)
        if self.pictures:
            inside.addWidget(_label(_home_as_tilde(self.pictures), "section"))
        else:
            self.start_button.hide()
            self.other_button.setObjectName("primary")
            self.other_button.setText(self.tr("Choose your photo folder…"))
        row = self._buttons = QHBoxLayout()
        row.setSpacing(10)
        row.addStretch()
        row.addWidget(self.start_button)
        row.addWidget(self.other_button)
        row.addStretch()
        inside.addLayout(row)
        page = QWidget()
        page.setObjectName("page")
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)
        outside = QVBoxLayout(page)
        outside.addStretch(2)
        outside.addWidget(card, 0, Qt.AlignmentFlag.AlignHCenter)
        outside.addStretch(3)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """The card is as wide as there is room; its buttons one below the other if they must."""
        width = min(_WIDTH, event.size().width() - 40)
        self._card.setFixedWidth(width)
        for label in self._card.findChildren(QLabel):
            if label.wordWrap():
                # A layout asks a label for its height before it has told its width.
                label.setMinimumHeight(label.heightForWidth(width - 2 * _PADDING))
        side_by_side = self.start_button.sizeHint().width() + self.other_button.sizeHint().width()
        fits = side_by_side + 10 <= width - 2 * _PADDING
        direction = QBoxLayout.Direction
        self._buttons.setDirection(direction.LeftToRight if fits else direction.TopToBottom)
        super().resizeEvent(event)

    def _choose(self) -> None:
        folder = choose_folder(self)
        if folder:
            self.chosen.emit(folder)


def choose_folder(parent: QWidget) -> str:
    """Let the user choose a folder; '' if none was."""
    title = QCoreApplication.translate("WelcomePage", "Choose a folder with photos")
    return QFileDialog.getExistingDirectory(parent, title, pictures_folder() or str(Path.home()))


def pictures_folder() -> str:
    """The system's folder for pictures; '' where there is none."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    is_own = bool(folder) and Path(folder) != Path.home() and Path(folder).is_dir()
    return os.path.abspath(folder) if is_own else ""


def _home_as_tilde(folder: str) -> str:
    home = prefix_of(str(Path.home()))
    return joined("~", folder.removeprefix(home)) if folder.startswith(home) else folder


def _label(text: str, kind: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName(kind)
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label

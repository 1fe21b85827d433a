"""All keys of the window in one list, by page."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from capsearch.gui.look.buttons import push_button


@dataclass(frozen=True)
class KeyRow:
    """Keys, as Qt writes them, any of which does what the `words` say."""

    keys: tuple[str, ...]
    words: str


@dataclass(frozen=True)
class KeySection:
    """The keys of one page, under a `title`; `name` is the page's own."""

    name: str
    title: str
    rows: tuple[KeyRow, ...]


class KeysDialog(QDialog):
    """Lists `sections`, two columns of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.sections = (
            self._anywhere(),
            self._search(),
            self._slideshow(),
            self._photos(),
            self._preview(),
            self._map(),
        )
        self._build()
        self.resize(960, 700)

    def _anywhere(self) -> KeySection:
        return KeySection(
            "anywhere",
            self.tr("Anywhere"),
            (
                KeyRow(("F1", "?"), self.tr("This list")),
                KeyRow(("Ctrl+O",), self.tr("Add a folder")),
                KeyRow(("F5",), self.tr("Look for new photos")),
                KeyRow(("F6",), self.tr("What CapSearch has learned")),
                KeyRow(("F7",), self.tr("Map of places")),
                KeyRow(("F8",), self.tr("Slideshow of what is shown")),
                KeyRow(("F11",), self.tr("Full screen, and back")),
                KeyRow(("Ctrl+,",), self.tr("Settings")),
                KeyRow(("Ctrl+Q",), self.tr("Quit")),
            ),
        )

    def _search(self) -> KeySection:
        return KeySection(
            "search",
            self.tr("Search field"),
            (
                KeyRow(("Ctrl+F", "/"), self.tr("Into the search field")),
                KeyRow(("Return",), self.tr("Search, and go to the photos")),
                KeyRow(("Down",), self.tr("To the photos, or through the suggestions")),
                KeyRow(("Alt+Down",), self.tr("Show suggestions")),
                KeyRow(("Tab",), self.tr("Take the suggestion that is chosen")),
                KeyRow(("Ctrl+D",), self.tr("Keep this search, or forget it")),
                KeyRow(("Ctrl+G",), self.tr("Generic this time, and back")),
                KeyRow(("Esc",), self.tr("Empty the field; once more: all photos")),
            ),
        )

    def _photos(self) -> KeySection:
        return KeySection(
            "photos",
            self.tr("Photos"),
            (
                KeyRow(("Left", "Right", "Up", "Down"), self.tr("From photo to photo")),
                KeyRow(("Up",), self.tr("In the first line: back into the search field")),
                KeyRow(("PgUp", "PgDown"), self.tr("A page up or down")),
                KeyRow(("Home", "End"), self.tr("To the first or last photo")),
                KeyRow(("Return", "Space"), self.tr("Look at the photo")),
                KeyRow(("Ctrl+Return",), self.tr("Open it in another program")),
                KeyRow(("Ctrl+P",), self.tr("Play the video")),
                KeyRow(("Ctrl+C",), self.tr("Copy")),
                KeyRow(("Ctrl+A",), self.tr("Choose all")),
                KeyRow(("Esc",), self.tr("Choose none of several")),
                KeyRow(("Ctrl+Shift+C",), self.tr("Copy to a folder")),
                KeyRow(("Ctrl+Shift+O",), self.tr("Open with a program")),
                KeyRow(("Ctrl+E",), self.tr("Export a list")),
                KeyRow(("Ctrl+N",), self.tr("Give it a name")),
                KeyRow(("Ctrl+Up",), self.tr("Yes, this is what I mean (“my dog”)")),
                KeyRow(("Ctrl+Down",), self.tr("Not this (“my dog”)")),
                KeyRow(("Ctrl++", "Ctrl+-"), self.tr("Larger or smaller photos")),
                KeyRow(("Ctrl+L",), self.tr("Show or hide the filters")),
            ),
        )

    def _preview(self) -> KeySection:
        return KeySection(
            "preview",
            self.tr("One photo"),
            (
                KeyRow(("Left", "Right"), self.tr("The previous or next photo")),
                KeyRow(("+", "-"), self.tr("Zoom in or out")),
                KeyRow(("0",), self.tr("Show the whole photo")),
                KeyRow(("I",), self.tr("Show or hide the details")),
                KeyRow(("P",), self.tr("Play the video")),
                KeyRow(("Return",), self.tr("Open it in another program")),
                KeyRow(("Ctrl+C",), self.tr("Copy")),
                KeyRow(("Ctrl+Shift+C",), self.tr("Copy to a folder")),
                KeyRow(("Ctrl+Shift+O",), self.tr("Open with a program")),
                KeyRow(("Ctrl+E",), self.tr("Export a list")),
                KeyRow(("Esc", "Space", "Backspace"), self.tr("Back to the photos")),
            ),
        )

    def _slideshow(self) -> KeySection:
        return KeySection(
            "slideshow",
            self.tr("Slideshow"),
            (
                KeyRow(("Space",), self.tr("Pause, or go on")),
                KeyRow(("Left", "Right"), self.tr("The previous or next photo")),
                KeyRow(("+", "-"), self.tr("Longer or shorter for each photo")),
                KeyRow(("Esc", "F8"), self.tr("End the slideshow")),
            ),
        )

    def _map(self) -> KeySection:
        return KeySection(
            "map",
            self.tr("Map of places"),
            (
                KeyRow(("Left", "Right", "Up", "Down"), self.tr("Move the map")),
                KeyRow(("+", "-"), self.tr("Zoom in or out")),
                KeyRow(("Tab",), self.tr("From place to place")),
                KeyRow(("Return",), self.tr("Show the photos of the place")),
                KeyRow(("Esc",), self.tr("Back to the photos")),
            ),
        )

    def _build(self) -> None:
        columns = QHBoxLayout()
        columns.setSpacing(28)
        half = sum(_height(section) for section in self.sections) / 2
        column, filled = QVBoxLayout(), 0
        for section in self.sections:
            if filled and filled + _height(section) / 2 > half:
                column.addStretch()
                columns.addLayout(column, 1)
                column, filled = QVBoxLayout(), 0
                half = float("inf")
            column.addWidget(_section(section))
            filled += _height(section)
        column.addStretch()
        columns.addLayout(column, 1)
        inside = QWidget()
        inside.setObjectName("page")
        inside.setLayout(columns)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inside)
        close = push_button(self.tr("Close"))
        close.clicked.connect(self.accept)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 18, 20, 16)
        whole.addWidget(scroll, 1)
        whole.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        close.setFocus()


def _height(section: KeySection) -> int:
    """In lines."""
    return len(section.rows) + 2


def _section(section: KeySection) -> QWidget:
    widget = QWidget()
    grid = QGridLayout(widget)
    grid.setContentsMargins(0, 0, 0, 14)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(1, 1)
    title = QLabel(section.title)
    title.setObjectName("heading")
    grid.addWidget(title, 0, 0, 1, 2)
    for line, row in enumerate(section.rows, 1):
        words = QLabel(row.words)
        words.setWordWrap(True)
        words.setAccessibleName(f"{', '.join(map(native, row.keys))}: {row.words}")
        grid.addWidget(_keys(row.keys), line, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(words, line, 1)
    return widget


def _keys(keys: tuple[str, ...]) -> QWidget:
    widget = QWidget()
    widget.setMinimumWidth(172)
    row = QHBoxLayout(widget)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(4)
    for key in keys:
        cap = QLabel(native(key))
        cap.setObjectName("key")
        cap.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row.addWidget(cap)
    row.addStretch()
    return widget


_ARROWS = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓"}


def native(key: str) -> str:
    """A key as this system and the user's language write it; arrows as arrows."""
    *held, last = key.split("+") if not key.endswith("+") else (*key[:-1].split("+")[:-1], "+")
    arrow = _ARROWS.get(last)
    if arrow is None:
        return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    before = QKeySequence("+".join((*held, "A"))).toString(QKeySequence.SequenceFormat.NativeText)
    return before[:-1] + arrow

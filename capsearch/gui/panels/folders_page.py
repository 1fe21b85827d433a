"""The settings' page of folders: which there are, how they come and go, what is left out."""

import os
from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QPlainTextEdit,
    QTreeWidget,
    QVBoxLayout,
    QWidget,
)

from capsearch.gui.grid.photo_actions import readable
from capsearch.gui.look.buttons import push_button
from capsearch.gui.look.dates import moment_text, number_text
from capsearch.gui.look.flow_layout import FlowLayout
from capsearch.gui.look.labels import text_label
from capsearch.gui.look.tables import add_row, prepare_table
from capsearch.gui.panels.question import ask_before
from capsearch.gui.panels.welcome import choose_folder
from capsearch.library.values import Folder, HeldFolder, Removal

_ALL = ""


class FoldersPage(QWidget):
    """`add_wanted` carries a folder to add. `removal_asked` asks what removing a folder would do,
    to be answered by `confirm_removal`; `removal_wanted` is what the user then agreed to.
    `relocation_wanted` carries a folder that is away and its new place.

    What is left out is only kept here until the settings are saved.
    """

    # Objects: a name of any bytes does not survive as a text of Qt's.
    add_wanted = Signal(object)
    removal_asked = Signal(object)
    removal_wanted = Signal(object)
    relocation_wanted = Signal(object, object)

    def __init__(
        self, folders: Sequence[Folder], exclude: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._folders: dict[str, Folder] = {}
        self._awaited: list[str] = []
        self._rows: list[str] = []
        self._running = False
        self._choices = [_ALL]
        self._exclude = tuple(exclude)
        self._edited: dict[str, str] = {}
        self.list = QTreeWidget()
        self.add_button = push_button(self.tr("Add a folder…"))
        self.find_button = push_button(self.tr("Find it again…"))
        self.remove_button = push_button(self.tr("Remove…"))
        self.which = QComboBox()
        self.patterns = QPlainTextEdit()
        self._build()
        self._connect()
        self._show({folder.path: None for folder in folders}, folders)

    def show_folders(self, held: Sequence[HeldFolder], *, running: bool = False) -> None:
        """List the folders as they are now; they are being looked at while a run is `running`."""
        self._running = running
        photos = {each.folder.path: each.photos for each in held}
        self._show(photos, [each.folder for each in held])

    def confirm_removal(self, folder: str, removal: Removal) -> None:
        """Say what removing the folder would do, and let the user decide."""
        ask_before(
            self,
            self.tr("Remove a folder"),
            self.tr("Remove {folder} from the library?").format(folder=readable(folder)),
            self._removal_words(removal),
            self.tr("Remove"),
            lambda: self.removal_wanted.emit(folder),
        )

    def common_exclusions(self) -> tuple[str, ...]:
        """What is to be left out of all folders."""
        return _lines(self._edited[_ALL]) if _ALL in self._edited else self._exclude

    def changed_exclusions(self) -> dict[str, tuple[str, ...]]:
        """The folders of which something else than before is to be left out, and what."""
        chosen = {path: _lines(text) for path, text in self._edited.items()}
        return {
            path: chosen[path]
            for path, folder in self._folders.items()
            if path in chosen and chosen[path] != folder.exclude
        }

    # How it is made

    def _build(self) -> None:
        headings = [
            self.tr("Folder"),
            self.tr("Photos"),
            self.tr("State"),
            self.tr("Last looked at"),
        ]
        prepare_table(self.list, headings, self.tr("Folders"))
        # A long path is scrolled to, not cut.
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.list.setHorizontalScrollMode(QTreeWidget.ScrollMode.ScrollPerPixel)
        self.list.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.list.setMinimumHeight(5 * self.list.fontMetrics().height())
        buttons = FlowLayout()
        for button in (self.add_button, self.find_button, self.remove_button):
            buttons.addWidget(button)
        self.find_button.setToolTip(
            self.tr("For a folder that is away: choose the place where it is now")
        )
        label = text_label(self.tr("Leave out of"), "section")
        label.setBuddy(self.which)
        self.which.setAccessibleName(self.tr("Leave out of"))
        self.which.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        choice = QHBoxLayout()
        choice.setSpacing(10)
        choice.addWidget(label)
        choice.addWidget(self.which, 1)
        hint = text_label(
            self.tr("Names or paths, one a line, such as *.tmp or private/*"), "muted"
        )
        self.patterns.setAccessibleName(self.tr("Names or paths to leave out"))
        self.patterns.setTabChangesFocus(True)
        self.patterns.setMaximumHeight(90)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 16, 4, 4)
        column.setSpacing(10)
        column.addWidget(self.list, 1)
        column.addLayout(buttons)
        column.addSpacing(8)
        column.addLayout(choice)
        column.addWidget(hint)
        column.addWidget(self.patterns)

    def _connect(self) -> None:
        self.add_button.clicked.connect(self._add)
        self.find_button.clicked.connect(self._find_again)
        self.remove_button.clicked.connect(lambda: self.removal_asked.emit(self._chosen()))
        self.list.currentItemChanged.connect(lambda *_: self._offer())
        self.which.currentIndexChanged.connect(lambda _: self._show_patterns())
        self.patterns.textChanged.connect(self._keep_patterns)

    # What is shown

    def _show(self, photos: Mapping[str, int | None], folders: Iterable[Folder]) -> None:
        self._folders = {folder.path: folder for folder in folders}
        self._awaited = [path for path in self._awaited if path not in self._folders]
        chosen = self._chosen()
        self.list.clear()
        self._rows.clear()
        for path, folder in self._folders.items():
            self._add_row(path, photos[path], folder)
        for path in self._awaited:
            self._add_row(path, None, None)
        if chosen in self._rows:
            self.list.setCurrentIndex(self.list.model().index(self._rows.index(chosen), 0))
        self._offer()
        self._offer_choice()
        self._show_patterns()

    def _add_row(self, path: str, photos: int | None, folder: Folder | None) -> None:
        count = "…" if photos is None else number_text(photos)
        name = readable(path)
        looked = None if folder is None else folder.scanned_at
        when = self.tr("Not yet") if looked is None else moment_text(looked)
        add_row(self.list, [name, count, self._state_words(folder), when], name)
        self._rows.append(path)

    def _state_words(self, folder: Folder | None) -> str:
        """Of one that is only to come: it is not looked at yet."""
        if folder is not None and not folder.online:
            return self.tr("Away")
        if folder is None or self._running:
            return self.tr("Being looked at")
        return self.tr("Watched")

    def _offer_choice(self) -> None:
        chosen = self._of_which()
        self._choices = [_ALL, *self._folders]
        with QSignalBlocker(self.which):
            self.which.clear()
            self.which.addItem(self.tr("All folders"))
            self.which.addItems([readable(path) for path in self._folders])
            self.which.setCurrentIndex(
                self._choices.index(chosen) if chosen in self._choices else 0
            )

    def _offer(self) -> None:
        folder = self._folders.get(self._chosen())
        self.remove_button.setEnabled(folder is not None)
        self.find_button.setEnabled(folder is not None and not folder.online)

    def _show_patterns(self) -> None:
        path = self._of_which()
        kept = self._exclude if path == _ALL else self._folders[path].exclude
        text = self._edited.get(path, "\n".join(kept))
        if text != self.patterns.toPlainText():
            with QSignalBlocker(self.patterns):
                self.patterns.setPlainText(text)

    def _keep_patterns(self) -> None:
        self._edited[self._of_which()] = self.patterns.toPlainText()

    def _removal_words(self, removal: Removal) -> str:
        words = []
        if removal.leaving:
            words.append(self.tr("%Ln photo(s) leave the library.", "", removal.leaving))
        if removal.staying:
            words.append(
                self.tr(
                    "%Ln of its photos stay, because other folders hold them too.",
                    "",
                    removal.staying,
                )
            )
        words.append(self.tr("No file is touched."))
        if removal.leaving:
            words.append(
                self.tr(
                    "Vectors are kept for 30 days, so that adding the folder again encodes nothing."
                )
            )
        return " ".join(words)

    # What the user does

    def _chosen(self) -> str:
        row = self.list.currentIndex().row()
        return self._rows[row] if 0 <= row < len(self._rows) else ""

    def _of_which(self) -> str:
        """The folder whose patterns are shown."""
        return self._choices[max(0, self.which.currentIndex())]

    def _add(self) -> None:
        chosen = choose_folder(self)
        if not chosen:
            return
        folder = os.path.abspath(chosen)
        if folder not in self._folders and folder not in self._awaited:
            self._awaited.append(folder)
            self._add_row(folder, None, None)
        self.add_wanted.emit(folder)

    def _find_again(self) -> None:
        old = self._chosen()
        title = self.tr("Where is {folder} now?").format(folder=readable(old))
        new = QFileDialog.getExistingDirectory(self, title)
        if new:
            self.relocation_wanted.emit(old, os.path.abspath(new))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())

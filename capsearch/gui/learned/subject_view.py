"""All photos of one subject, to be looked at and corrected."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from capsearch.gui.bridge import Bridge
from capsearch.gui.grid.photo_grid import PhotoGrid
from capsearch.gui.grid.photo_model import PhotoModel
from capsearch.gui.learned.words import SubjectWords
from capsearch.gui.look.buttons import push_button
from capsearch.gui.look.flow_layout import FlowLayout
from capsearch.gui.pictures.thumbnails import ThumbnailStore
from capsearch.library.values import LearnedSubject
from capsearch.service.operations import ReadFacts


class SubjectView(QWidget):
    """`named` asks for its name; `taken_out`, `set_apart` and `confirmed` carry the chosen photos'
    ids; `closed` goes back."""

    named = Signal()
    taken_out = Signal(object)
    set_apart = Signal(object)
    confirmed = Signal(object)
    closed = Signal()

    def __init__(
        self, bridge: Bridge, thumbnails: ThumbnailStore, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.subject: LearnedSubject | None = None
        self.model = PhotoModel(thumbnails, self)
        self.model.facts_wanted.connect(
            lambda ids: bridge.ask(ReadFacts(tuple(ids)), then=self.model.add_facts)
        )
        self.grid = PhotoGrid(self.model, thumbnails)
        self.grid.chosen_changed.connect(lambda _: self._offer())
        self._about = QLabel()
        self._about.setObjectName("muted")
        self._about.setWordWrap(True)
        self.name_button = push_button(self.tr("Name…"))
        self.out_button = push_button(self.tr("Not this"))
        self.apart_button = push_button(self.tr("Something else, by itself"))
        self.confirm_button = push_button(self.tr("Yes, this is it"))
        self.out_button.setToolTip(self.tr("The chosen photos do not show it"))
        self.apart_button.setToolTip(
            self.tr("The chosen photos show another thing: set them apart")
        )
        self.confirm_button.setToolTip(self.tr("The chosen photos surely show it"))
        self.name_button.clicked.connect(self.named)
        self.grid.left_up.connect(self.name_button.setFocus)
        for button, signal in (
            (self.out_button, self.taken_out),
            (self.apart_button, self.set_apart),
            (self.confirm_button, self.confirmed),
        ):
            button.clicked.connect(lambda _, signal=signal: signal.emit(self.chosen))
        bar = QWidget()
        flow = FlowLayout(bar)
        flow.setContentsMargins(0, 0, 0, 0)
        for each in (self.name_button, self.confirm_button, self.out_button, self.apart_button):
            flow.addWidget(each)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._about)
        column.addWidget(bar)
        column.addWidget(self.grid, 1)

    @property
    def chosen(self) -> tuple[int, ...]:
        """The ids of the chosen photos."""
        return tuple(int(self.model.photo_ids[row]) for row in self.grid.chosen_rows())

    def show_subject(self, subject: LearnedSubject) -> None:
        """Show its photos."""
        self.subject = subject
        self.model.show_photos(subject.photos, subject.facts)
        say = SubjectWords()
        words = (say.about(subject), say.likely(subject))
        self._about.setText(" · ".join(filter(None, words)))
        self.name_button.setText(self.tr("Rename…") if subject.name else self.tr("Name…"))
        self._offer()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Esc goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _offer(self) -> None:
        chosen = len(self.grid.chosen_rows())
        subject = self.subject
        some = 0 < chosen < self.model.rowCount()
        self.out_button.setEnabled(some)
        self.apart_button.setEnabled(some)
        self.confirm_button.setVisible(subject is not None and subject.likely > 0)
        self.confirm_button.setEnabled(chosen > 0)

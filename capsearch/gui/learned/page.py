"""The learned page: what comes back in the photos, to be named, put together or ignored."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QLabel,
    QMenu,
    QScrollArea,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from capsearch.gui.bridge import Bridge
from capsearch.gui.learned.card import SubjectCard
from capsearch.gui.learned.desk import LearnedDesk
from capsearch.gui.learned.naming import NameDialog
from capsearch.gui.learned.subject_view import SubjectView
from capsearch.gui.learned.words import SubjectWords
from capsearch.gui.look.buttons import IconButton, push_button
from capsearch.gui.look.dates import number_text
from capsearch.gui.look.flow_layout import FlowLayout
from capsearch.gui.look.labels import text_label
from capsearch.gui.look.top_bar import top_bar
from capsearch.gui.look.translation import in_german
from capsearch.gui.panels.notice_bar import EmptyPage, NoticeBar
from capsearch.gui.panels.question import ask_before
from capsearch.gui.pictures.thumbnails import ThumbnailStore
from capsearch.library.values import (
    AddPhotos,
    Ignore,
    Learned,
    LearnedSubject,
    Merge,
    Name,
    TakeOut,
    Unlearn,
)

_MOST_NAMES = 40


class LearnedPage(QWidget):
    """`closed` when one goes back; `search_wanted` carries what to type to find something."""

    closed = Signal()
    search_wanted = Signal(str)

    def __init__(
        self,
        bridge: Bridge,
        desk: LearnedDesk,
        thumbnails: ThumbnailStore,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk, self._thumbnails = desk, thumbnails
        self._learned: Learned | None = None
        self.cards: list[SubjectCard] = []
        self.notice = NoticeBar()
        self.subject = SubjectView(bridge, thumbnails)
        self.empty = EmptyPage()
        self._build()
        self._connect()

    def open(self) -> None:
        """Show what is known now."""
        self._stack.setCurrentWidget(self._scroll)
        self._title.setText(self.tr("What CapSearch has learned"))
        self._desk.look()
        self.setFocus()

    def refresh(self) -> None:
        """Read anew what has changed, while the page is seen."""
        if self.isVisible():
            self._desk.look()

    def go_back(self) -> None:
        """From the photos of a subject to all, from there to the photos."""
        if self._stack.currentWidget() is self.subject:
            self._stack.setCurrentWidget(self._scroll)
            self._title.setText(self.tr("What CapSearch has learned"))
        else:
            self.closed.emit()

    def open_subject(self, subject: LearnedSubject) -> None:
        """Show the photos of one subject."""
        self.subject.show_subject(subject)
        self._title.setText(SubjectWords().title(subject))
        self._stack.setCurrentWidget(self.subject)
        self.subject.grid.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Esc goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.go_back()
        else:
            super().keyPressEvent(event)

    # What the user does

    def ask_name(self, subject: LearnedSubject) -> None:
        """Ask what it is called."""
        known = [] if self._learned is None else [each.name for each in self._learned.subjects]
        dialog = NameDialog(
            self,
            partial(self._name, subject),
            name=subject.name,
            called=subject.called,
            known=[name for name in known if name],
        )
        dialog.open()

    def _name(self, subject: LearnedSubject, name: str, called: str) -> None:
        words = self.tr("“{name}” finds these photos from now on.").format(name=name)
        self._desk.teach(Name(subject.ref, name, called), words)

    def _merge(self) -> None:
        chosen = [card.subject for card in self.cards if card.box.isChecked()]
        words = self.tr("%n subjects are one now.", "", len(chosen))
        self._desk.teach(Merge(tuple(subject.ref for subject in chosen)), words)

    def _ignore(self, subject: LearnedSubject, ignored: bool) -> None:
        words = (
            self.tr("This is never preferred now: with “my” before it, it comes last.")
            if ignored
            else self.tr("This is preferred again.")
        )
        self._desk.teach(Ignore(subject.ref, ignored), words)

    def _unlearn(self, subject: LearnedSubject) -> None:
        if subject.ref.key is not None:
            self._desk.teach(Unlearn(subject.ref.key), self.tr("What you said of it is forgotten."))

    def _take_out(self, photos: tuple[int, ...], *, apart: bool) -> None:
        subject = self.subject.subject
        if subject is not None and photos:
            words = self.tr("%n photo(s) taken out.", "", len(photos))
            self._desk.teach(TakeOut(subject.ref, photos, apart), words)

    def _confirm(self, photos: tuple[int, ...]) -> None:
        subject = self.subject.subject
        if subject is not None and photos:
            words = self.tr("%n photo(s) confirmed.", "", len(photos))
            self._desk.teach(AddPhotos(subject.ref, photos), words)

    def _export(self) -> None:
        path, _ = QFileDialog.getSaveFileName(
            self,
            self.tr("Export what you taught CapSearch"),
            "capsearch-learned.json",
            "JSON (*.json)",
        )
        if path:
            self._desk.export_to(path)

    def _import(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self, self.tr("Import what you taught CapSearch"), "", "JSON (*.json)"
        )
        if path:
            self._desk.import_from(path)

    def _ask_forget(self) -> None:
        ask_before(
            self,
            self.tr("Forget everything"),
            self.tr("Forget everything that you taught CapSearch?"),
            self.tr(
                "Names, corrections and what is to be ignored go, for good. Your photos stay as "
                "they are, and what comes back in them is found again by itself."
            ),
            self.tr("Forget everything"),
            self._desk.forget,
        )

    # What is shown

    def show_learned(self, learned: Learned) -> None:
        """Lay it out."""
        self._learned = learned
        self._undo.setVisible(learned.lessons > 0)
        bar = self._scroll.verticalScrollBar()
        place = bar.value()
        ticked = {_known_by(card.subject) for card in self.cards if card.box.isChecked()}
        self._fill(learned)
        for card in self.cards:
            card.box.setChecked(_known_by(card.subject) in ticked)
        bar.setValue(place)
        self._show_same_subject(learned)

    def _show_same_subject(self, learned: Learned) -> None:
        """The one whose photos are seen, as it is now; all, where it is gone."""
        before = self.subject.subject
        if before is None or self._stack.currentWidget() is not self.subject:
            return
        photos = set(before.photos.tolist())
        same = [
            each
            for each in learned.subjects
            if (each.ref.key is not None and each.ref.key == before.ref.key)
            or len(photos & set(each.photos.tolist())) * 2 > len(photos)
        ]
        if same:
            self.subject.show_subject(same[0])
            self._title.setText(SubjectWords().title(same[0]))
        else:
            self.go_back()

    def _fill(self, learned: Learned) -> None:
        inside = QWidget()
        inside.setObjectName("page")
        column = QVBoxLayout(inside)
        column.setContentsMargins(20, 12, 20, 20)
        column.setSpacing(10)
        self.cards = []
        named = [each for each in learned.subjects if each.name and not each.ignored]
        found = [each for each in learned.subjects if not each.name and not each.ignored]
        ignored = [each for each in learned.subjects if each.ignored]
        for title, subjects in (
            (self.tr("You have named"), named),
            (self.tr("Comes back in your photos"), found),
            (self.tr("Never preferred"), ignored),
        ):
            if subjects:
                self._add_section(column, title, [self._card(each) for each in subjects])
        if learned.people:
            names = [self._name_button("person", *each) for each in learned.people[:_MOST_NAMES]]
            self._add_section(column, self.tr("People named on your photos"), names)
        german = learned.german_places if in_german() else {}
        if learned.places:
            names = [
                self._name_button("place", german.get(name, name), count)
                for name, count in learned.places[:_MOST_NAMES]
            ]
            self._add_section(column, self.tr("Places"), names)
        if not found and not named:
            column.insertWidget(0, text_label(self._nothing(learned), "muted"))
        column.addStretch()
        self._scroll.setWidget(inside)
        self._offer_merge()

    def _nothing(self, learned: Learned) -> str:
        if learned.notice:
            return self.tr("CapSearch has not looked for what comes back in your photos yet.")
        return self.tr(
            "Nothing comes back in your photos, as far as CapSearch can tell. Choose some photos "
            "in the library and give them a name."
        )

    def _add_section(self, column: QVBoxLayout, title: str, widgets: list[QWidget]) -> None:
        heading = QLabel(title)
        heading.setObjectName("heading")
        column.addWidget(heading)
        row = QWidget()
        flow = FlowLayout(row, gap=12)
        flow.setContentsMargins(0, 0, 0, 8)
        for widget in widgets:
            flow.addWidget(widget)
        column.addWidget(row)

    def _card(self, subject: LearnedSubject) -> QWidget:
        card = SubjectCard(subject, self._thumbnails)
        card.opened.connect(partial(self.open_subject, subject))
        card.named.connect(partial(self.ask_name, subject))
        card.ignored.connect(partial(self._ignore, subject))
        card.forgotten.connect(partial(self._unlearn, subject))
        card.chosen_changed.connect(self._offer_merge)
        self.cards.append(card)
        return card

    def _name_button(self, field: str, name: str, count: int) -> QWidget:
        icon = {"person": "person", "place": "pin"}[field]
        button = IconButton(icon, f"{name}  {number_text(count)}".replace("&", "&&"), wide=True)
        button.setObjectName("chip")
        button.clicked.connect(lambda _: self.search_wanted.emit(f'{field}:"{name}"'))
        return button

    def _offer_merge(self) -> None:
        chosen = sum(card.box.isChecked() for card in self.cards)
        self.merge_button.setText(self.tr("Put %n together", "", chosen))
        self.merge_button.setVisible(chosen > 1)

    # How it is made

    def _build(self) -> None:
        back = IconButton("back", self.tr("Back"), shortcut="Esc")
        back.clicked.connect(self.go_back)
        self._title = QLabel(self.tr("What CapSearch has learned"))
        self._title.setObjectName("section")
        self.merge_button = push_button("", "primary")
        self.merge_button.hide()
        self._undo = push_button(self.tr("Undo"), "quiet")
        self._undo.hide()
        self.more_button = IconButton("menu", self.tr("More"))
        self.more_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more_button.setMenu(self._menu())
        bar, top = top_bar()
        top.addWidget(back)
        top.addWidget(self._title, 1)
        for widget in (self.merge_button, self._undo, self.more_button):
            top.addWidget(widget)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._stack = QStackedWidget()
        for page in (self._scroll, self.subject, self.empty):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self.notice)
        column.addWidget(self._stack, 1)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        entries: tuple[tuple[str, Callable[[], None]], ...] = (
            (self.tr("Export…"), self._export),
            (self.tr("Import…"), self._import),
            (self.tr("Forget everything…"), self._ask_forget),
        )
        for words, act in entries:
            menu.addAction(words, act)
        return menu

    def _connect(self) -> None:
        desk, subject = self._desk, self.subject
        desk.learned.connect(self.show_learned)
        desk.failed.connect(self._refused)
        self.merge_button.clicked.connect(self._merge)
        self._undo.clicked.connect(desk.take_back)
        subject.closed.connect(self.go_back)
        subject.named.connect(self._name_shown)
        subject.taken_out.connect(lambda photos: self._take_out(photos, apart=False))
        subject.set_apart.connect(lambda photos: self._take_out(photos, apart=True))
        subject.confirmed.connect(self._confirm)

    def _name_shown(self) -> None:
        if self.subject.subject is not None:
            self.ask_name(self.subject.subject)

    def _refused(self, error: Exception) -> None:
        if not self.isVisible():
            return
        if self._learned is None:
            self.empty.say("warning", str(error), "")
            self._stack.setCurrentWidget(self.empty)
        else:
            self.notice.say(str(error))


def _known_by(subject: LearnedSubject) -> int | tuple[int, ...]:
    """What tells it from others: its key, else its photos."""
    return subject.ref.photos if subject.ref.key is None else subject.ref.key

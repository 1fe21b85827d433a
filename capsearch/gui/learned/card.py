"""One subject on the learned page: some of its photos, what it is called, what is known of it."""

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from capsearch.gui.learned.words import SubjectWords
from capsearch.gui.look.buttons import IconButton, push_button
from capsearch.gui.look.labels import ElidedLabel, text_label
from capsearch.gui.look.theme import theme_of
from capsearch.gui.pictures.thumbnails import ThumbnailStore
from capsearch.library.values import LearnedSubject, PhotoFacts

WIDTH = 252
_HIGH = 148
_LEAST_HIGH = 266
_GAP = 3
_AROUND = 30


class Montage(QWidget):
    """Up to five photos: one large, four small ones beside it."""

    clicked = Signal()

    def __init__(self, facts: tuple[PhotoFacts, ...], thumbnails: ThumbnailStore) -> None:
        super().__init__()
        self._facts = facts[:5]
        self._thumbnails = thumbnails
        self.setFixedHeight(_HIGH)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._ids = {known.id for known in self._facts}
        thumbnails.ready.connect(self._repaint)

    def sizeHint(self) -> QSize:  # noqa: N802
        """The card's."""
        return QSize(WIDTH - 2, _HIGH)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """A click opens it."""
        if self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint what has come."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        empty = QColor(theme_of(self.palette()).raised)
        for facts, place in zip(self._facts, self._places(), strict=False):
            picture = self._thumbnails.get(facts)
            if picture is None:
                painter.fillRect(place, empty)
            else:
                painter.drawPixmap(place, picture, _middle(picture, place))

    def _repaint(self, photo: int) -> None:
        if photo in self._ids:
            self.update()

    def _places(self) -> list[QRect]:
        wide, high = self.width(), self.height()
        if len(self._facts) == 1:
            return [self.rect()]
        if len(self._facts) < 5:
            count = min(len(self._facts), 3)
            each = (wide - (count - 1) * _GAP) // count
            starts = [n * (each + _GAP) for n in range(count)]
            ends = [*(start - _GAP for start in starts[1:]), wide]
            return [
                QRect(start, 0, end - start, high) for start, end in zip(starts, ends, strict=True)
            ]
        small = (high - _GAP) // 2
        first = wide - 2 * (small + _GAP)
        left = [first + _GAP, first + small + 2 * _GAP]
        top = [0, small + _GAP]
        return [
            QRect(0, 0, first, high),
            *(QRect(x, y, small, high - y if y else small) for y in top for x in left),
        ]


class SubjectCard(QFrame):
    """`opened`, `named`, `ignored` (True or False) and `forgotten` say what is to be done with the
    `subject`; `chosen_changed` that its box was ticked."""

    opened = Signal()
    named = Signal()
    ignored = Signal(bool)
    forgotten = Signal()
    chosen_changed = Signal()

    def __init__(self, subject: LearnedSubject, thumbnails: ThumbnailStore) -> None:
        super().__init__()
        self.subject = subject
        self.setObjectName("card")
        self.setMinimumHeight(_LEAST_HIGH)  # so that most stand in line
        say = SubjectWords()
        title = say.title(subject)
        montage = Montage(subject.facts, thumbnails)
        montage.clicked.connect(self.opened)
        name = ElidedLabel(title)
        name.setObjectName("section" if subject.name else "muted")
        self.box = QCheckBox()
        self.box.setAccessibleName(self.tr("Choose {name}").format(name=title))
        self.box.setToolTip(self.tr("Tick several to put them together"))
        self.box.toggled.connect(lambda _: self.chosen_changed.emit())
        words = "\n".join(filter(None, (self._called(), say.about(subject), say.likely(subject))))
        about = text_label(words, "muted")
        self.setAccessibleName(f"{title}: {words}")
        self.name_button = push_button(
            self.tr("Rename…") if subject.name else self.tr("Name…"), "quiet"
        )
        self.open_button = push_button(self.tr("Photos"), "quiet")
        self.more_button = IconButton("menu", self.tr("More for {name}").format(name=title))
        self.more_button.setPopupMode(IconButton.ToolButtonPopupMode.InstantPopup)
        self.more_button.setMenu(self._menu())
        self.name_button.clicked.connect(self.named)
        self.open_button.clicked.connect(self.opened)
        top = QHBoxLayout()
        top.addWidget(name, 1)
        top.addWidget(self.box)
        buttons = QHBoxLayout()
        buttons.setSpacing(0)
        buttons.addWidget(self.name_button)
        buttons.addWidget(self.open_button)
        buttons.addStretch()
        buttons.addWidget(self.more_button)
        inside = QVBoxLayout()
        inside.setContentsMargins(12, 8, 8, 6)
        inside.setSpacing(4)
        inside.addLayout(top)
        inside.addWidget(about)
        inside.addStretch()
        inside.addLayout(buttons)
        for button in (self.name_button, self.open_button, self.more_button):
            button.ensurePolished()
        needed = sum(
            button.sizeHint().width()
            for button in (self.name_button, self.open_button, self.more_button)
        )
        wide = max(WIDTH, needed + _AROUND)
        self.setFixedWidth(wide)
        # A layout of wrapped words asks for less height than they take, and would cut the buttons.
        about.setFixedHeight(about.heightForWidth(wide - _AROUND))
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(montage)
        column.addLayout(inside)

    def _called(self) -> str:
        called = self.subject.called
        return self.tr("my {what}").format(what=called) if called else ""

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        if self.subject.ignored:
            menu.addAction(self.tr("Prefer it again"), lambda: self.ignored.emit(False))
        else:
            menu.addAction(self.tr("Never prefer this"), lambda: self.ignored.emit(True))
        if self.subject.ref.key is not None:
            menu.addAction(self.tr("Forget what I said of it"), self.forgotten.emit)
        return menu


def _middle(picture: QPixmap, place: QRect) -> QRect:
    """The largest middle part of a picture that has the shape of a place."""
    size = place.size().scaled(picture.size(), Qt.AspectRatioMode.KeepAspectRatio)
    part = QRect(0, 0, size.width(), size.height())
    part.moveCenter(picture.rect().center())
    return part

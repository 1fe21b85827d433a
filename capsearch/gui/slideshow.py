"""Photos one after the other on the whole screen."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject, QPoint, QRect, QRectF, QSettings, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QFont,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from capsearch.gui.bridge import Bridge
from capsearch.gui.look.dates import number_text
from capsearch.gui.pictures.image_loader import ImageLoader
from capsearch.gui.remembered import remembered_number
from capsearch.library.values import PhotoFacts
from capsearch.service.operations import ReadFacts

SECONDS = (1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 60)
"""How long a photo may stay."""
_USUAL_SECONDS = 5
_WORDS_MS = 3500
_CURSOR_MS = 1500
_FACTS_AT_ONCE = 40


class Slideshow(QWidget):
    """Shows the photos of these `ids` from the place `first` on, round and round. Whatever is on
    the screen stays there until the next picture has come, which is loaded ahead.

    `facts_wanted` carries ids: answer with `add_facts`. `shown` carries the id of each photo, and
    `ended` that of the last one (the first one's where none was shown).
    """

    facts_wanted = Signal(list)
    shown = Signal(int)
    ended = Signal(int)

    def __init__(
        self, ids: Sequence[int], first: int, seconds: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setWindowTitle(self.tr("Slideshow"))
        self.setAccessibleName(self.tr("Slideshow"))
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self._ids = list(ids)
        self._at, self._direction, self._passed = first, 1, 0
        self._waiting = True
        self._facts: dict[int, PhotoFacts] = {}
        self._asked: set[int] = set()
        self._away: set[int] = set()
        self._ahead: tuple[int, QImage] | None = None
        self._picture = QPixmap()
        self._seen = self._ids[first]
        self._paused, self._seconds = False, seconds
        self._mouse: QPoint | None = None
        self._words = ""
        self._turning = QTimer(self, singleShot=True)
        self._turning.timeout.connect(lambda: self.step(1))
        self._words_going = QTimer(self, singleShot=True, interval=_WORDS_MS)
        self._words_going.timeout.connect(lambda: self._say(""))
        self._cursor_going = QTimer(self, singleShot=True, interval=_CURSOR_MS)
        self._cursor_going.timeout.connect(lambda: self.setCursor(Qt.CursorShape.BlankCursor))
        self._loader = ImageLoader(self)
        self._loader.loaded.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._loader.failed.connect(self._fail, Qt.ConnectionType.QueuedConnection)

    def begin(self) -> None:
        """Fill the screen, and show the first photo as soon as it is there."""
        self.showFullScreen()
        self._say(self.tr("Space: pause · ← →: step · + -: seconds · Esc: end"))
        self._proceed()

    @property
    def seconds(self) -> int:
        """How long each photo stays."""
        return self._seconds

    @property
    def paused(self) -> bool:
        """Whether the photo stays until it is turned over by hand."""
        return self._paused

    @property
    def words(self) -> str:
        """What is said over the photo at the moment."""
        return self._words

    @property
    def has_picture(self) -> bool:
        """Whether a photo is on the screen."""
        return not self._picture.isNull()

    def add_facts(self, asked: Iterable[int], facts: Iterable[PhotoFacts]) -> None:
        """Take what is known of the photos that were asked for; others are gone."""
        for known in facts:
            self._facts[known.id] = known
            if known.offline:
                self._away.add(known.id)
        self._away.update(photo for photo in asked if photo not in self._facts)
        if self._waiting:
            self._proceed()
        else:
            self._load_ahead()

    def step(self, photos: int) -> None:
        """Turn over, forwards (1) or back (-1)."""
        self._direction = photos
        self._at = (self._at + photos) % len(self._ids)
        self._passed = 0
        self._turning.stop()
        self._waiting = True
        self._proceed()

    def pause(self, paused: bool) -> None:
        """Stay with this photo, or go on."""
        self._paused = paused
        if paused:
            self._turning.stop()
            place = self.tr("{number} of {count}").format(
                number=number_text(self._at + 1), count=number_text(len(self._ids))
            )
            self._say(f"{self.tr('Paused')} · {place}")
        else:
            self._say("")
            self._turn_later()

    def change_seconds(self, steps: int) -> None:
        """Let photos stay longer (1) or shorter (-1) from now on."""
        place = min(range(len(SECONDS)), key=lambda at: abs(SECONDS[at] - self._seconds))
        self._seconds = SECONDS[max(0, min(place + steps, len(SECONDS) - 1))]
        self._say(self.tr("%n second(s) for each photo", "", self._seconds))
        self._turn_later()

    # What the person does

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Space pauses, arrows turn over, + and - change the seconds, Esc ends."""
        actions = {
            Qt.Key.Key_Space: lambda: self.pause(not self._paused),
            Qt.Key.Key_Right: lambda: self.step(1),
            Qt.Key.Key_Left: lambda: self.step(-1),
            Qt.Key.Key_Plus: lambda: self.change_seconds(1),
            Qt.Key.Key_Equal: lambda: self.change_seconds(1),
            Qt.Key.Key_Minus: lambda: self.change_seconds(-1),
            Qt.Key.Key_Escape: self.close,
            Qt.Key.Key_F8: self.close,
        }
        action = actions.get(Qt.Key(event.key()))
        if action is None:
            super().keyPressEvent(event)
        else:
            action()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """The mouse pointer is there while it is moved."""
        place = event.position().toPoint()
        if self._mouse is not None and place != self._mouse:
            self.unsetCursor()
            self._cursor_going.start()
        self._mouse = place

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """A click turns over, the other button back."""
        self.step(-1 if event.button() == Qt.MouseButton.RightButton else 1)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """The wheel turns over."""
        if event.angleDelta().y():
            self.step(-1 if event.angleDelta().y() > 0 else 1)
        event.accept()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Load and show nothing more."""
        for timer in (self._turning, self._words_going, self._cursor_going):
            timer.stop()
        self._loader.close()
        self.ended.emit(self._seen)
        super().closeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """The photo on black, and what there is to say."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor("#000000"))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if not self._picture.isNull():
            size = QSize(self._picture.size())
            size.scale(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRect(QPoint(), size)
            target.moveCenter(self.rect().center())
            painter.drawPixmap(target, self._picture)
        if self._words:
            _paint_words(painter, self.rect(), self._words, self.font())

    # Which photo, and when

    def _proceed(self) -> None:
        """Show the photo whose turn it is, or begin to load it; past all that are away."""
        while self._passed < len(self._ids):
            photo = self._ids[self._at]
            if photo in self._away:
                self._passed += 1
                self._at = (self._at + self._direction) % len(self._ids)
            elif self._ahead is not None and self._ahead[0] == photo:
                self._show(self._ahead[1])
                return
            elif photo in self._facts:
                self._loader.load(self._facts[photo], self._side())
                return
            else:
                self._ask_facts(self._at)
                return
        self._waiting = False
        self._say(self.tr("None of these photos is there at the moment."), stay=True)

    def _show(self, picture: QImage) -> None:
        self._waiting = False
        self._seen = self._ids[self._at]
        self._picture = QPixmap.fromImage(picture)
        if self._passed:
            self._say(self.tr("%n photo(s) passed over: not there at the moment", "", self._passed))
        self._passed = 0
        self.update()
        self._turn_later()
        self._load_ahead()
        self.shown.emit(self._seen)

    def _turn_later(self) -> None:
        if not self._paused and not self._waiting and len(self._ids) > 1:
            self._turning.start(1000 * self._seconds)

    def _load_ahead(self) -> None:
        """Have the next photo at hand that is not known to be away."""
        for steps in range(1, len(self._ids)):
            at = (self._at + steps * self._direction) % len(self._ids)
            photo = self._ids[at]
            if photo in self._away:
                continue
            if photo not in self._facts:
                self._ask_facts(at)
            elif self._ahead is None or self._ahead[0] != photo:
                self._loader.load(self._facts[photo], self._side())
            return

    def _ask_facts(self, at: int) -> None:
        """Ask for what is known of this photo and of those behind it."""
        count = min(_FACTS_AT_ONCE, len(self._ids))
        places = (
            self._ids[(at + step * self._direction) % len(self._ids)] for step in range(count)
        )
        wanted = [photo for photo in places if photo not in self._asked]
        if wanted:
            self._asked.update(wanted)
            self.facts_wanted.emit(wanted)

    def _take(self, photo: int, picture: QImage) -> None:
        if self._waiting and photo == self._ids[self._at]:
            self._show(picture)
        elif photo != self._seen:
            self._ahead = (photo, picture)

    def _fail(self, photo: int, _reason: str) -> None:
        self._away.add(photo)
        if self._waiting:
            self._proceed()
        else:
            self._load_ahead()

    def _side(self) -> int:
        """The shorter side that fills this screen, pixels."""
        screen = self.screen() or QGuiApplication.primaryScreen()
        size = screen.size()
        return round(min(size.width(), size.height()) * screen.devicePixelRatio())

    def _say(self, words: str, *, stay: bool = False) -> None:
        self._words = words
        self._words_going.stop()
        if words and not stay:
            self._words_going.start()
        self.update()


class SlideshowDesk(QObject):
    """Begins slideshows, one at a time, and remembers how long a photo stays. `ended` carries the
    id of the photo that was seen last."""

    ended = Signal(int)

    def __init__(self, bridge: Bridge, remembered: QSettings, parent: QWidget) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._remembered = remembered
        self._window = parent
        self.slideshow: Slideshow | None = None

    def begin(self, ids: Sequence[int], first: int) -> None:
        """Show these photos, from the place `first` on."""
        if self.slideshow is not None or not ids:
            return
        seconds = remembered_number(self._remembered, "slideshow seconds", _USUAL_SECONDS)
        show = Slideshow(ids, first, max(SECONDS[0], min(seconds, SECONDS[-1])), self._window)
        show.facts_wanted.connect(lambda wanted: self._ask_facts(show, wanted))
        show.ended.connect(self._end)
        self.slideshow = show
        show.begin()

    def close(self) -> None:
        """End the slideshow, if there is one."""
        if self.slideshow is not None:
            self.slideshow.close()

    def _ask_facts(self, show: Slideshow, wanted: list[int]) -> None:
        def take(facts: tuple[PhotoFacts, ...]) -> None:
            if self.slideshow is show:
                show.add_facts(wanted, facts)

        self._bridge.ask(ReadFacts(tuple(wanted)), then=take, otherwise=lambda _: take(()))

    def _end(self, photo: int) -> None:
        if self.slideshow is not None:
            self._remembered.setValue("slideshow seconds", self.slideshow.seconds)
        self.slideshow = None
        self.ended.emit(photo)


def _paint_words(painter: QPainter, area: QRect, words: str, font: QFont) -> None:
    larger = QFont(font)
    larger.setPointSizeF(font.pointSizeF() * 1.2)
    painter.setFont(larger)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    size = painter.fontMetrics().size(0, words)
    box = QRectF(0, 0, size.width() + 40, size.height() + 20)
    box.moveCenter(area.center().toPointF())
    box.moveBottom(area.bottom() - 40)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 170))
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
    painter.setPen(QColor("#ffffff"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

"""The preview: one photo of those in the grid, the next and the previous, what is known of it."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QVBoxLayout, QWidget

from capsearch.gui.chosen.actions import ChosenActions
from capsearch.gui.chosen.choice import Chosen, chosen_of
from capsearch.gui.chosen.desk import ChosenDesk
from capsearch.gui.grid.photo_actions import copy_photos, open_photo, readable, show_in_folder
from capsearch.gui.grid.photo_model import PhotoModel
from capsearch.gui.look.buttons import IconButton, PushButton, push_button
from capsearch.gui.look.dates import number_text
from capsearch.gui.look.icons import icon
from capsearch.gui.look.labels import ElidedLabel
from capsearch.gui.look.top_bar import top_bar
from capsearch.gui.panels.notice_bar import NoticeBar
from capsearch.gui.pictures.image_loader import FULL_SIDE, SCREEN_SIDE, ImageLoader
from capsearch.gui.pictures.thumbnails import ThumbnailStore
from capsearch.gui.preview.details import DETAILS_WIDTH, DetailsPanel
from capsearch.gui.preview.image_view import ImageView
from capsearch.library.values import Explanation, PhotoFacts
from capsearch.text import length_text

# Letters that the whole bar and a name of a file take beside each other.
_WHOLE = 110


class PreviewPage(QWidget):
    """`closed` carries the row that was seen last; `similar_wanted` and `shown` a photo's
    id, `video_wanted` a photo's facts; `slideshow_wanted` asks for one from here on."""

    closed = Signal(int)
    similar_wanted = Signal(int)
    shown = Signal(int)
    video_wanted = Signal(object)
    slideshow_wanted = Signal()

    def __init__(
        self, thumbnails: ThumbnailStore, desk: ChosenDesk, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._thumbnails = thumbnails
        self._model: PhotoModel | None = None
        self._row = 0
        self._facts: PhotoFacts | None = None
        self._loader = ImageLoader(self)
        self._loader.loaded.connect(self._improve, Qt.ConnectionType.QueuedConnection)
        self._loader.failed.connect(self._fail, Qt.ConnectionType.QueuedConnection)
        self.image = ImageView()
        self.image.closer_look.connect(self._load_whole)
        self.play_button = push_button("", "play")
        self.notice = NoticeBar()
        self.details = DetailsPanel()
        self.chosen_actions = ChosenActions(desk, self, self.chosen)
        self.more_menu = QMenu(self)
        self.more_menu.aboutToShow.connect(self._fill_more)
        self.more_button = IconButton("menu", self.tr("More"))
        self.more_button.setMenu(self.more_menu)
        self.more_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._put_over_the_image(self.play_button)
        self._build()

    def open(self, model: PhotoModel, row: int) -> None:
        """Show the photo at `row`."""
        self._leave()
        self._model = model
        model.dataChanged.connect(self._known_now)
        self._show(row)
        self.image.setFocus()

    @property
    def row(self) -> int:
        """The row of the photo shown."""
        return self._row

    @property
    def facts(self) -> PhotoFacts | None:
        """What is known of the photo shown."""
        return self._facts

    def chosen(self) -> Chosen:
        """The photo shown, to do something with it."""
        if self._facts is None or self._model is None:
            return Chosen()
        return chosen_of(self._model, [self._row])

    def show_explanation(self, explanation: Explanation | None) -> None:
        """Say why the photo was found, if it is still the one shown."""
        if explanation and self._facts and explanation.photo == self._facts.id:
            self.details.show_explanation(explanation)

    def close_preview(self) -> None:
        """Go back to the grid."""
        self._leave()
        self.closed.emit(self._row)

    def end(self) -> None:
        """Load nothing more."""
        self._loader.close()

    def step(self, rows: int) -> None:
        """Show the next photo, or the previous."""
        if self._model is not None and 0 <= self._row + rows < self._model.rowCount():
            self._show(self._row + rows)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Arrows turn over, + and - zoom, P plays, Esc and space go back."""
        key = event.key()
        actions = {
            Qt.Key.Key_Left: lambda: self.step(-1),
            Qt.Key.Key_Right: lambda: self.step(1),
            Qt.Key.Key_Escape: self.close_preview,
            Qt.Key.Key_Space: self.close_preview,
            Qt.Key.Key_Backspace: self.close_preview,
            Qt.Key.Key_Plus: self.image.zoom_in,
            Qt.Key.Key_Equal: self.image.zoom_in,
            Qt.Key.Key_Minus: self.image.zoom_out,
            Qt.Key.Key_0: self.image.fit,
            Qt.Key.Key_I: self.details_button.toggle,
            Qt.Key.Key_Return: self._open_outside,
            Qt.Key.Key_Enter: self._open_outside,
            Qt.Key.Key_P: self._play,
        }
        action = actions.get(Qt.Key(key))
        if action is None:
            super().keyPressEvent(event)
        else:
            action()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """In a small window the lesser buttons are in the menu, and the details take half."""
        room = event.size().width()
        self.details.setFixedWidth(min(DETAILS_WIDTH, room // 2))
        letters = self.fontMetrics().averageCharWidth()
        for button in self._lesser:
            button.setVisible(room > _WHOLE * letters)
        self.similar_button.setToolButtonStyle(
            Qt.ToolButtonStyle.ToolButtonTextBesideIcon
            if room > _WHOLE * letters
            else Qt.ToolButtonStyle.ToolButtonIconOnly
        )
        super().resizeEvent(event)

    def _leave(self) -> None:
        if self._model is not None:
            self._model.dataChanged.disconnect(self._known_now)
            self._model = None

    def _show(self, row: int) -> None:
        assert self._model is not None
        self._row = row
        self._facts = self._model.facts_at(row)
        count = self._model.rowCount()
        self.previous_button.setEnabled(row > 0)
        self.next_button.setEnabled(row + 1 < count)
        self._place.setText(
            self.tr("{number} of {count}").format(
                number=number_text(row + 1), count=number_text(count)
            )
        )
        if self._facts is not None:
            self._begin(self._facts)

    def _begin(self, facts: PhotoFacts) -> None:
        self._title.setText(readable(Path(facts.paths[0]).name))
        self.image.show_picture(self._thumbnails.get(facts) or QPixmap(), facts.width, facts.height)
        self.play_button.setVisible(facts.has_video)
        self.play_button.setText(self._play_words(facts))
        self.details.show_facts(facts)
        self._loader.load(facts, SCREEN_SIDE)
        self.shown.emit(facts.id)

    def _known_now(self) -> None:
        """The facts of the photo shown may have come."""
        if self._facts is None and self._model is not None and self._row < self._model.rowCount():
            self._show(self._row)

    def _improve(self, photo_id: int, picture: QImage) -> None:
        if self._facts is not None and photo_id == self._facts.id:
            self.image.improve(picture)

    def _fail(self, photo_id: int, reason: str) -> None:
        if self._facts is not None and photo_id == self._facts.id:
            self.image.show_message(self.tr("This photo cannot be shown: {}").format(reason))

    def _load_whole(self) -> None:
        if self._facts is not None:
            self._loader.load(self._facts, FULL_SIDE)

    def _open_outside(self) -> None:
        if self._facts is not None and not open_photo(self._facts):
            self.notice.say(self.tr("The photo is not there at the moment."))

    def _play(self) -> None:
        if self._facts is not None and self._facts.has_video:
            self.video_wanted.emit(self._facts)

    def _play_words(self, facts: PhotoFacts) -> str:
        words = self.tr("Play the video")
        return words if facts.seconds is None else f"{words} · {length_text(facts.seconds)}"

    def _show_in_folder(self) -> None:
        if self._facts is not None and not show_in_folder(self._facts):
            self.notice.say(self.tr("The photo is not there at the moment."))

    def _fill_more(self) -> None:
        self.more_menu.clear()
        for button in self._lesser:
            if button.isHidden():
                self.more_menu.addAction(button.icon(), button.text(), button.click)
        self.chosen_actions.add_to(self.more_menu)

    def _copy(self) -> None:
        if self._facts is not None:
            copy_photos([self._facts])

    def _find_similar(self) -> None:
        if self._facts is not None:
            self.similar_wanted.emit(self._facts.id)

    def _put_over_the_image(self, button: PushButton) -> None:
        button.setIcon(icon("resume", "#ffffff"))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip(f"{self.tr('Play the video')} (P)")
        button.clicked.connect(self._play)
        over = QVBoxLayout(self.image)
        over.setContentsMargins(24, 24, 24, 24)
        over.addStretch()
        over.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)

    def _build(self) -> None:
        self.back_button = IconButton("back", self.tr("Back to the photos"), shortcut="Esc")
        self.previous_button = IconButton("previous", self.tr("Previous photo"), shortcut="Left")
        self.next_button = IconButton("next", self.tr("Next photo"), shortcut="Right")
        zoom_in = IconButton("zoom-in", self.tr("Zoom in"), shortcut="+")
        zoom_out = IconButton("zoom-out", self.tr("Zoom out"), shortcut="-")
        fit = IconButton("fit", self.tr("Show the whole photo"), shortcut="0")
        self.similar_button = IconButton("similar", self.tr("More like this"), wide=True)
        slideshow_button = IconButton("slideshow", self.tr("Slideshow"), shortcut="F8")
        open_button = IconButton("open", self.tr("Open"), shortcut="Return")
        folder_button = IconButton("folder", self.tr("Show in folder"))
        copy_button = IconButton("copy", self.tr("Copy"), shortcut="Ctrl+C")
        self.details_button = IconButton("info", self.tr("Details"), shortcut="I")
        self.details_button.setCheckable(True)
        self.details_button.setChecked(True)
        self._title, self._place = ElidedLabel(), QLabel()
        self._title.setObjectName("section")
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._place.setObjectName("muted")
        self.back_button.clicked.connect(self.close_preview)
        self.previous_button.clicked.connect(lambda: self.step(-1))
        self.next_button.clicked.connect(lambda: self.step(1))
        zoom_in.clicked.connect(self.image.zoom_in)
        zoom_out.clicked.connect(self.image.zoom_out)
        fit.clicked.connect(self.image.fit)
        self.similar_button.clicked.connect(self._find_similar)
        slideshow_button.clicked.connect(self.slideshow_wanted)
        open_button.clicked.connect(self._open_outside)
        folder_button.clicked.connect(self._show_in_folder)
        copy_button.clicked.connect(self._copy)
        copy_button.setShortcut("Ctrl+C")
        self.details_button.toggled.connect(self.details.setVisible)
        bar, top = top_bar()
        bar.setMinimumWidth(1)  # what takes more goes when there is less
        top.addWidget(self.back_button)
        top.addWidget(self._title, 1)
        top.addWidget(self._place)
        for button in (
            self.previous_button,
            self.next_button,
            zoom_out,
            zoom_in,
            fit,
            self.similar_button,
            slideshow_button,
            open_button,
            folder_button,
            copy_button,
            self.details_button,
            self.more_button,
        ):
            top.addWidget(button)
        self._lesser = (
            zoom_out,
            zoom_in,
            fit,
            slideshow_button,
            open_button,
            folder_button,
        )
        self._lay_out(bar)

    def _lay_out(self, bar: QWidget) -> None:
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.image, 1)
        middle.addWidget(self.details)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(bar)
        whole.addWidget(self.notice)
        whole.addLayout(middle, 1)

"""The strip below the photos: how many there are, how far looking through them is."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSlider, QWidget

from capsearch.gui.grid.photo_grid import LARGEST, SMALLEST, USUAL
from capsearch.gui.look.buttons import IconButton, push_button
from capsearch.gui.look.dates import duration_text, number_text
from capsearch.gui.look.labels import ElidedLabel
from capsearch.library.values import IndexReport, Progress

_NEWS_MS = 20_000
# Letters that a summary, a progress and the slider take beside each other.
_NARROW = 130


class StatusBar(QWidget):
    """`pause_wanted` carries True to pause; `failures_wanted` asks for the list."""

    pause_wanted = Signal(bool)
    failures_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._summary = ElidedLabel()
        self._summary.setObjectName("status")
        self.news = ElidedLabel()
        self.news.setObjectName("news")
        self._news_going = QTimer(self, singleShot=True, interval=_NEWS_MS)
        self._news_going.timeout.connect(self.news.clear)
        self.progress_text = ElidedLabel()
        self.progress_text.setObjectName("status")
        self._bar = QProgressBar(textVisible=False)
        self._bar.setFixedWidth(180)
        self._bar.setAccessibleName(self.tr("Progress"))
        self.pause_button = IconButton("pause", self.tr("Pause"))
        self.failures_button = push_button("", "quiet")
        self.seen_failures_button = IconButton("info", "")
        self.size_slider = QSlider(Qt.Orientation.Horizontal)
        self.size_slider.setRange(SMALLEST, LARGEST)
        self.size_slider.setValue(USUAL)
        self.size_slider.setFixedWidth(130)
        self.size_slider.setAccessibleName(self.tr("Size of the photos"))
        self.size_slider.setToolTip(self.tr("Size of the photos"))
        self._paused = False
        self._on_battery = False
        self._total = 0
        self._last: Progress | None = None
        self.pause_button.clicked.connect(self._toggle_pause)
        for button in (self.failures_button, self.seen_failures_button):
            button.clicked.connect(self.failures_wanted)
            button.hide()
        self._build()
        self.end_progress()

    def put_beside_summary(self, widget: QWidget) -> None:
        """Have `widget` right of what is said to be shown."""
        self._row.insertWidget(1, widget)

    def set_summary(self, text: str) -> None:
        """Say what is shown."""
        self._summary.setText(text)

    def tell_news(self, report: IndexReport) -> None:
        """Say for a while which photos came, changed and went in a run; nothing where none did."""
        parts = (
            (report.new, self.tr("%n new photo(s)", "", report.new)),
            (report.edited, self.tr("%n photo(s) changed", "", report.edited)),
            (report.gone, self.tr("%n photo(s) gone", "", report.gone)),
        )
        words = " · ".join(words for count, words in parts if count)
        if words:
            self.news.setText(words)
            self._news_going.start()

    @property
    def summary(self) -> str:
        """What is said to be shown."""
        return self._summary.text()

    def set_failures(self, count: int, *, seen: bool) -> None:
        """Offer the list of files that could not be used: in words, or by an icon once it was
        `seen`."""
        words = self.tr("%n file(s) could not be used", "", count)
        self.failures_button.setText(words)
        self.failures_button.setVisible(count > 0 and not seen)
        self.seen_failures_button.setAccessibleName(words)
        self.seen_failures_button.setToolTip(words)
        self.seen_failures_button.setVisible(count > 0 and seen)

    def show_progress(self, progress: Progress, *, on_battery: bool = False) -> None:
        """Show how far the run is, or that it is held `on_battery` or waits for another one;
        nothing for one that has nothing to do."""
        self._last = progress
        self._on_battery = on_battery
        busy = progress.phase == "index" and progress.total > 0
        self._set_busy(busy or (progress.phase == "scan" and progress.done > 0 and self._total > 0))
        if on_battery or progress.phase == "wait":
            self.progress_text.setText(self._words(progress))
            self.progress_text.show()
        if not busy:
            return
        self._total = progress.total
        self._bar.setRange(0, progress.total)
        self._bar.setValue(progress.done)
        self.progress_text.setText(self._words(progress))

    def end_progress(self) -> None:
        """The run is over."""
        self._last = None
        self._total = 0
        self._set_busy(False)

    def set_paused(self, paused: bool) -> None:
        """Show whether runs are held."""
        self._paused = paused
        self.pause_button.set_icon("resume" if paused else "pause")
        name = self.tr("Go on") if paused else self.tr("Pause")
        self.pause_button.setToolTip(name)
        self.pause_button.setAccessibleName(name)
        if self._last is not None:
            self.progress_text.setText(self._words(self._last))

    def _words(self, progress: Progress) -> str:
        if self._on_battery:
            return self.tr("Paused: on battery")
        if progress.phase == "wait":
            return self.tr("Waiting for another CapSearch that is looking through photos")
        words = (
            self.tr("{done} of {total} photos for {encoder}")
            if progress.wanted_encoder is not None
            else self.tr("{done} of {total} new photos")
        )
        done = words.format(
            done=number_text(progress.done),
            total=number_text(progress.total),
            encoder=progress.wanted_encoder,
        )
        if self._paused:
            return self.tr("Paused at {done}").format(done=done)
        if progress.eta is None:
            return done
        rate = self.tr("{rate} a second").format(rate=number_text(max(1, round(progress.rate))))
        left = self.tr("{time} left").format(time=duration_text(progress.eta))
        return f"{done} · {rate} · {left}"

    def _set_busy(self, busy: bool) -> None:
        for widget in (self.progress_text, self._bar, self.pause_button):
            widget.setVisible(busy)

    def _toggle_pause(self) -> None:
        self.set_paused(not self._paused)
        self.pause_wanted.emit(self._paused)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """In a small window the keys and the wheel alone change the size of the photos."""
        narrow = event.size().width() < _NARROW * self.fontMetrics().averageCharWidth()
        self.size_slider.setVisible(not narrow)
        self._bar.setFixedWidth(60 if narrow else 180)
        super().resizeEvent(event)

    def _build(self) -> None:
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 16, 4)
        row.setSpacing(12)
        self.setMinimumWidth(1)  # what takes more goes, or is cut, when there is less
        self.failures_button.ensurePolished()
        # The same with a button in it and without.
        self.setFixedHeight(max(44, self.failures_button.sizeHint().height() + 8))
        row.addWidget(self._summary)
        row.addWidget(self.news)
        row.addWidget(self.failures_button)
        row.addWidget(self.seen_failures_button)
        row.addStretch()
        row.addWidget(self.progress_text)
        row.addWidget(self._bar)
        row.addWidget(self.pause_button)
        row.addSpacing(6)
        row.addWidget(self.size_slider)

"""One photo as large as the window: zoom with the wheel or a double click, pan by dragging."""

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

_STEP = 1.25
_MOST = 8.0


class ImageView(QWidget):
    """`size` is the photo's full size: zoom 1 shows each of its pixels on one of the screen's,
    whatever the size of the picture that is there so far. `closer_look` asks for a larger one."""

    closer_look = Signal()
    zoom_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = QPixmap()
        self._full = QSizeF()
        self._zoom: float | None = None
        self._centre = QPointF(0.5, 0.5)
        self._grabbed: QPointF | None = None
        self._message = ""
        self.setMinimumSize(120, 120)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Photo"))

    def show_picture(self, picture: QPixmap | QImage, width: int, height: int) -> None:
        """Begin with another photo of this full size; the picture may be a smaller one."""
        self._full = QSizeF(width, height)
        self._zoom, self._centre, self._message = None, QPointF(0.5, 0.5), ""
        self.improve(picture)

    def improve(self, picture: QPixmap | QImage) -> None:
        """Take a larger picture of the same photo."""
        self._picture = QPixmap.fromImage(picture) if isinstance(picture, QImage) else picture
        self._message = ""
        self.update()
        self.zoom_changed.emit(self.zoom)

    def show_message(self, text: str) -> None:
        """Say why there is no picture, unless there is a small one."""
        if self._picture.isNull():
            self._message = text
            self.update()

    @property
    def has_picture(self) -> bool:
        """Whether anything is shown."""
        return not self._picture.isNull()

    @property
    def zoom(self) -> float:
        """Screen pixels for each pixel of the photo."""
        return self._fitting() if self._zoom is None else self._zoom

    @property
    def fitted(self) -> bool:
        """Whether the whole photo is seen."""
        return self._zoom is None

    def fit(self) -> None:
        """Show the whole photo."""
        self._set_zoom(None, QPointF(self.rect().center()))

    def zoom_in(self) -> None:
        """Look closer."""
        self._zoom_by(_STEP, QPointF(self.rect().center()))

    def zoom_out(self) -> None:
        """Step back."""
        self._zoom_by(1 / _STEP, QPointF(self.rect().center()))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the photo on a quiet ground."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor("#101114"))
        if self._picture.isNull():
            painter.setPen(QColor("#b9bcc6"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._message)
            return
        smooth = self._zoom is None or self._zoom < 3
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawPixmap(self._target(), self._picture, QRectF(self._picture.rect()))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """A photo that was seen whole still is."""
        super().resizeEvent(event)
        self.zoom_changed.emit(self.zoom)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zoom where the mouse points."""
        if event.angleDelta().y() > 0:
            self._zoom_by(_STEP, event.position())
        elif event.angleDelta().y() < 0:
            self._zoom_by(1 / _STEP, event.position())
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Pixel for pixel, or back to the whole photo."""
        if self.fitted:
            self._set_zoom(1 / self.devicePixelRatioF(), event.position())
        else:
            self.fit()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take hold."""
        if event.button() == Qt.MouseButton.LeftButton and not self.fitted:
            self._grabbed = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Drag the photo along."""
        if self._grabbed is None:
            return
        moved = event.position() - self._grabbed
        self._grabbed = event.position()
        size = self._full * self.zoom
        self._centre -= QPointF(moved.x() / size.width(), moved.y() / size.height())
        self._keep_in_sight()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Let go."""
        self._grabbed = None
        self.unsetCursor()

    def _fitting(self) -> float:
        if self._full.isEmpty():
            return 1.0
        return min(
            self.width() / self._full.width(),
            self.height() / self._full.height(),
            1.0 if min(self._full.width(), self._full.height()) > 400 else 2.0,
        )

    def _zoom_by(self, factor: float, at: QPointF) -> None:
        self._set_zoom(self.zoom * factor, at)

    def _set_zoom(self, zoom: float | None, at: QPointF) -> None:
        if self._full.isEmpty():
            return
        before = self._target()
        point = QPointF(
            (at.x() - before.x()) / before.width(), (at.y() - before.y()) / before.height()
        )
        fitting = self._fitting()
        self._zoom = None if zoom is None or zoom <= fitting else min(zoom, _MOST)
        if self._zoom is None:
            self._centre = QPointF(0.5, 0.5)
        else:
            size = self._full * self._zoom
            middle = QPointF(self.rect().center())
            self._centre = QPointF(
                point.x() + (middle.x() - at.x()) / size.width(),
                point.y() + (middle.y() - at.y()) / size.height(),
            )
            if self._picture.width() < min(size.width(), self._full.width()):
                self.closer_look.emit()
        self._keep_in_sight()
        self.zoom_changed.emit(self.zoom)

    def _keep_in_sight(self) -> None:
        size = self._full * self.zoom
        half_x = min(0.5, self.width() / 2 / size.width())
        half_y = min(0.5, self.height() / 2 / size.height())
        self._centre = QPointF(
            max(half_x, min(1 - half_x, self._centre.x())),
            max(half_y, min(1 - half_y, self._centre.y())),
        )
        self.update()

    def _target(self) -> QRectF:
        size = self._full * self.zoom
        return QRectF(
            self.width() / 2 - self._centre.x() * size.width(),
            self.height() / 2 - self._centre.y() * size.height(),
            size.width(),
            size.height(),
        )

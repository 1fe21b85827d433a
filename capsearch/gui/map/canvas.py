"""The map itself: lands, and photos as circles with a picture and a number."""

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from capsearch.gui.look.dates import number_text
from capsearch.gui.look.theme import Theme, theme_of
from capsearch.gui.map.lands import LandTiles, land_colours
from capsearch.library.values import MapCluster, MapView

_NEAREST = 17.0  # zoom: some streets
_FIT_NEAREST = 11.0
_STEP = 0.5
_PAN = 120  # pixels
_SIDE = 46
_SMALL_KEPT = 1000
_ASK_MS = 80
_TILE = 256.0
_DRAG = 4  # pixels that a click may tremble


class MapCanvas(QWidget):
    """`view_changed` carries the `MapView` whose clusters are wanted: answer with `show_clusters`.
    `chosen` carries a cluster that was clicked; `left` that Esc was pressed."""

    view_changed = Signal(object)
    chosen = Signal(object)
    left = Signal()

    def __init__(
        self,
        lands: LandTiles,
        picture_of: Callable[[int], QPixmap | None],
        words_of: Callable[[MapCluster], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._lands, self._picture_of, self._words_of = lands, picture_of, words_of
        lands.came.connect(self.update)
        self._centre = QPointF(0.5, 0.4)
        self._zoom = 1.0
        self._clusters: tuple[MapCluster, ...] = ()
        self._current = -1
        self._small_pictures: dict[int, QPixmap] = {}
        self._pressed: QPointF | None = None
        self._dragged = False
        self._asking = QTimer(self, singleShot=True, interval=_ASK_MS)
        self._asking.timeout.connect(lambda: self.view_changed.emit(self.view))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(200, 200)
        self.setAccessibleName(self.tr("Map"))

    # What is shown

    @property
    def zoom(self) -> float:
        """The whole world is 256 * 2**zoom pixels wide."""
        return self._zoom

    @property
    def view(self) -> MapView:
        """What is in sight, and half as much around it."""
        world = self._world
        across, down = self.width() / world, self.height() / world
        return MapView(
            self._centre.x() - across,
            self._centre.y() - down,
            self._centre.x() + across,
            self._centre.y() + down,
            round(self._zoom),
        )

    @property
    def clusters(self) -> tuple[MapCluster, ...]:
        """The clusters shown, from the north to the south."""
        return self._clusters

    @property
    def current(self) -> MapCluster | None:
        """The cluster that the keys have chosen."""
        return self._clusters[self._current] if 0 <= self._current < len(self._clusters) else None

    def show_clusters(self, clusters: tuple[MapCluster, ...]) -> None:
        """Show these photos."""
        before = self.current
        self._clusters = tuple(sorted(clusters, key=lambda each: (each.y, each.x)))
        photos = [each.photo for each in self._clusters]
        self._current = photos.index(before.photo) if before and before.photo in photos else -1
        self.update()

    def fit(self, bounds: MapView) -> None:
        """Show all of these bounds."""
        wide = max(bounds.right - bounds.left, 1e-9)
        high = max(bounds.bottom - bounds.top, 1e-9)
        room = min((self.width() - 120) / wide, (self.height() - 120) / high)
        zoom = math.log2(max(room, 1.0) / _TILE)
        self._zoom = max(self._farthest, min(zoom, _FIT_NEAREST))
        middle = (bounds.left + bounds.right) / 2, (bounds.top + bounds.bottom) / 2
        self._move_to(QPointF(*middle))

    def zoom_by(self, steps: float, around: QPointF | None = None) -> None:
        """Come nearer (above 0) or go away; what is at the point `around` stays there."""
        at = around or QPointF(self.rect().center())
        fixed = self._to_map(at)
        self._zoom = max(self._farthest, min(self._zoom + steps, _NEAREST))
        offset = (at - QPointF(self.rect().center())) / self._world
        self._move_to(fixed - offset)

    def pan(self, right: float, down: float) -> None:
        """Move the view by pixels."""
        self._move_to(self._centre + QPointF(right, down) / self._world)

    def place_of(self, cluster: MapCluster) -> QPointF:
        """Where a cluster is painted."""
        middle = QPointF(self.rect().center())
        return (QPointF(cluster.x, cluster.y) - self._centre) * self._world + middle

    def cluster_at(self, place: QPointF) -> MapCluster | None:
        """The cluster under a point."""
        for each in reversed(self._clusters):
            away = self.place_of(each) - place
            if math.hypot(away.x(), away.y()) <= _SIDE / 2 + 2:
                return each
        return None

    # What the person does

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Arrows move, + and - zoom, Return shows the chosen photos, Esc leaves."""
        actions = {
            Qt.Key.Key_Left: lambda: self.pan(-_PAN, 0),
            Qt.Key.Key_Right: lambda: self.pan(_PAN, 0),
            Qt.Key.Key_Up: lambda: self.pan(0, -_PAN),
            Qt.Key.Key_Down: lambda: self.pan(0, _PAN),
            Qt.Key.Key_Plus: lambda: self.zoom_by(_STEP),
            Qt.Key.Key_Equal: lambda: self.zoom_by(_STEP),
            Qt.Key.Key_Minus: lambda: self.zoom_by(-_STEP),
            Qt.Key.Key_Return: self._choose_current,
            Qt.Key.Key_Enter: self._choose_current,
            Qt.Key.Key_Escape: self.left.emit,
        }
        action = actions.get(Qt.Key(event.key()))
        if action is None:
            super().keyPressEvent(event)
        else:
            action()

    def focusNextPrevChild(self, onwards: bool) -> bool:  # noqa: N802
        """Tab goes from cluster to cluster in sight, then on."""
        step = 1 if onwards else -1
        at = self._current + step if self._current >= 0 or onwards else len(self._clusters) - 1
        area = QRectF(self.rect())
        while 0 <= at < len(self._clusters):
            if area.contains(self.place_of(self._clusters[at])):
                self._current = at
                self.setAccessibleDescription(self._words_of(self._clusters[at]))
                self._tell(self._clusters[at])
                self.update()
                return True
            at += step
        self._current = -1
        self.update()
        return super().focusNextPrevChild(onwards)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Zoom where the mouse points."""
        self.zoom_by(event.angleDelta().y() / 120 * _STEP, event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Two fingers that come apart on a touch pad zoom too."""
        if (
            isinstance(event, QNativeGestureEvent)
            and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture
        ):
            self.zoom_by(math.log2(max(0.2, 1 + event.value())), event.position())
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Take hold."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Move the map along, or say what is under the mouse."""
        if self._pressed is None:
            cluster = self.cluster_at(event.position())
            hand = Qt.CursorShape.PointingHandCursor if cluster else Qt.CursorShape.ArrowCursor
            self.setCursor(hand)
            if cluster:
                self._tell(cluster)
            else:
                QToolTip.hideText()
            return
        moved = self._pressed - event.position()
        if self._dragged or moved.manhattanLength() > _DRAG:
            self._dragged = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._pressed = event.position()
            self.pan(moved.x(), moved.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """A click that did not move the map chooses."""
        pressed, self._pressed = self._pressed, None
        self.unsetCursor()
        if pressed is not None and not self._dragged:
            cluster = self.cluster_at(event.position())
            if cluster is not None:
                self.chosen.emit(cluster)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Come nearer."""
        if self.cluster_at(event.position()) is None:
            self.zoom_by(1, event.position())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """More or less is in sight."""
        super().resizeEvent(event)
        self._zoom = max(self._zoom, self._farthest)
        self._move_to(self._centre)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Sea, lands, photos."""
        theme = theme_of(self.palette())
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(land_colours(theme)[0]))
        hints = QPainter.RenderHint
        painter.setRenderHints(hints.Antialiasing | hints.SmoothPixmapTransform)
        corner = self._to_map(QPointF(0, 0))
        self._lands.paint(painter, corner.x(), corner.y(), self._world, QRectF(self.rect()), theme)
        seen = QRectF(self.rect()).adjusted(-_SIDE, -_SIDE, _SIDE, _SIDE)
        for at, cluster in enumerate(self._clusters):
            place = self.place_of(cluster)
            if seen.contains(place):
                self._paint_cluster(painter, cluster, place, theme, current=at == self._current)

    # Inside

    @property
    def _world(self) -> float:
        return float(_TILE * 2.0**self._zoom)

    @property
    def _farthest(self) -> float:
        """The zoom at which the world just fills the widget."""
        return math.log2(max(self.width(), self.height(), _TILE) / _TILE)

    def _to_map(self, place: QPointF) -> QPointF:
        return self._centre + (place - QPointF(self.rect().center())) / self._world

    def _move_to(self, centre: QPointF) -> None:
        """The middle of the view stays within the world; more than the world is not seen."""
        down = min(0.5, self.height() / 2 / self._world)
        across = min(0.5, self.width() / 2 / self._world)
        x = max(across, min(centre.x(), 1 - across))
        y = max(down, min(centre.y(), 1 - down))
        self._centre = QPointF(x, y)
        self._asking.start()
        self.update()

    def _small(self, picture: QPixmap) -> QPixmap:
        """The picture as large as a circle: made once, for painting it smaller blurs it."""
        key = picture.cacheKey()
        if key not in self._small_pictures:
            if len(self._small_pictures) >= _SMALL_KEPT:
                self._small_pictures.clear()
            side = math.ceil(_SIDE * self.devicePixelRatioF())
            fill = Qt.AspectRatioMode.KeepAspectRatioByExpanding
            smooth = Qt.TransformationMode.SmoothTransformation
            self._small_pictures[key] = picture.scaled(side, side, fill, smooth)
        return self._small_pictures[key]

    def _choose_current(self) -> None:
        if self.current is not None:
            self.chosen.emit(self.current)

    def _tell(self, cluster: MapCluster) -> None:
        below = self.place_of(cluster) + QPointF(0, _SIDE / 2)
        QToolTip.showText(self.mapToGlobal(below.toPoint()), self._words_of(cluster), self)

    def _paint_cluster(
        self,
        painter: QPainter,
        cluster: MapCluster,
        place: QPointF,
        theme: Theme,
        *,
        current: bool,
    ) -> None:
        circle = QRectF(0, 0, _SIDE, _SIDE)
        circle.moveCenter(place)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 60))
        painter.drawEllipse(circle.adjusted(-2, -1, 2, 3))
        painter.setBrush(QColor(theme.raised))
        painter.drawEllipse(circle)
        picture = self._picture_of(cluster.photo)
        if picture is not None and not picture.isNull():
            inside = QPainterPath()
            inside.addEllipse(circle)
            painter.save()
            painter.setClipPath(inside)
            small = self._small(picture)
            painter.drawPixmap(circle, small, _middle_square(small))
            painter.restore()
        ring = QPen(QColor(theme.accent if current and self.hasFocus() else theme.surface))
        ring.setWidthF(4 if current and self.hasFocus() else 2.5)
        painter.setPen(ring)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(circle)
        if cluster.photos > 1:
            _paint_number(painter, number_text(cluster.photos), circle, theme, self.font())


def _middle_square(picture: QPixmap) -> QRectF:
    side = min(picture.width(), picture.height())
    return QRectF((picture.width() - side) / 2, (picture.height() - side) / 2, side, side)


def _paint_number(
    painter: QPainter, number: str, circle: QRectF, theme: Theme, font: QFont
) -> None:
    smaller = QFont(font)
    smaller.setPointSizeF(font.pointSizeF() * 0.9)
    smaller.setWeight(QFont.Weight.DemiBold)
    painter.setFont(smaller)
    metrics = painter.fontMetrics()
    box = QRectF(0, 0, max(18, metrics.horizontalAdvance(number) + 10), metrics.height() + 3)
    box.moveCenter(QPointF(circle.center().x(), circle.bottom()))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.accent))
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
    painter.setPen(QColor(theme.on_accent))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, number)

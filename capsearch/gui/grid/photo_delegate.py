"""Paints one photo of the grid: the picture fills its cell, marks only where they matter."""

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from capsearch.gui.grid.photo_model import FACTS_ROLE, PICTURE_ROLE, UNREADABLE_ROLE, Index
from capsearch.gui.look.dates import number_text
from capsearch.gui.look.icons import icon_pixmap
from capsearch.gui.look.theme import Theme, theme_of
from capsearch.text import length_text

_RADIUS = 6
_MARK = 18


class PhotoDelegate(QStyledItemDelegate):
    """Draws the thumbnail, cropped to a square, with hover, choice, offline and failed marks, and
    of a video its length."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("photos")

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        box: QRect = option.rect
        state: QStyle.StateFlag = option.state
        theme = theme_of(option.palette)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        inner = box.adjusted(5, 5, -5, -5) if chosen else box
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(inner), _RADIUS, _RADIUS)
        picture = index.data(PICTURE_ROLE)
        if picture is None:
            painter.fillPath(outline, QColor(theme.raised))
            if index.data(UNREADABLE_ROLE):
                _draw_icon(painter, inner, "photo", theme.muted, 30)
        else:
            painter.setClipPath(outline)
            painter.drawPixmap(inner, picture, _centre(picture, inner.size()))
            if state & QStyle.StateFlag.State_MouseOver:
                painter.fillRect(inner, QColor(255, 255, 255, 28))
            painter.setClipping(False)
        facts = index.data(FACTS_ROLE)
        if facts is not None and facts.offline:
            _draw_mark(painter, inner, "offline")
        elif index.data(UNREADABLE_ROLE):
            _draw_mark(painter, inner, "warning")
        if facts is not None and (facts.has_video or facts.seconds is not None):
            length = "" if facts.seconds is None else length_text(facts.seconds)
            _draw_length(painter, inner, length)
        if facts is not None and facts.stacked:
            _draw_count(painter, inner, facts.stacked)
        _draw_frame(painter, box, theme, state, chosen=chosen)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """The grid decides."""
        rect: QRect = option.rect
        return rect.size()


def _centre(picture: QPixmap, size: QSize) -> QRect:
    """The middle of the picture in the shape of `size`."""
    part = size.scaled(picture.size(), Qt.AspectRatioMode.KeepAspectRatio)
    left = (picture.width() - part.width()) // 2
    top = (picture.height() - part.height()) // 2
    return QRect(left, top, part.width(), part.height())


def _draw_frame(
    painter: QPainter, box: QRect, theme: Theme, state: QStyle.StateFlag, *, chosen: bool
) -> None:
    focused = bool(state & QStyle.StateFlag.State_HasFocus)
    if not chosen and not focused:
        return
    painter.setPen(QPen(QColor(theme.accent), 3 if chosen else 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(box).adjusted(1.5, 1.5, -1.5, -1.5), _RADIUS + 3, _RADIUS + 3)


def _draw_mark(painter: QPainter, box: QRect, name: str) -> None:
    place = QRect(box.right() - _MARK - 11, box.top() + 6, _MARK + 6, _MARK + 6)
    _draw_plate(painter, place, place.height() / 2)
    _draw_icon(painter, place, name, "#ffffff", _MARK - 2)


def _draw_plate(painter: QPainter, place: QRect, radius: float) -> None:
    """What a mark stands on, so that it is seen on any picture."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 150))
    painter.drawRoundedRect(place, radius, radius)


def _draw_length(painter: QPainter, box: QRect, length: str) -> None:
    """What a video is known by: a player's triangle, and how long it lasts, if that is known."""
    width = painter.fontMetrics().horizontalAdvance(length) + 8 if length else 0
    place = QRect(box.left() + 6, box.bottom() - _MARK - 7, width + _MARK + 4, _MARK + 2)
    _draw_plate(painter, place, _RADIUS)
    left, middle, half = place.left() + 8, place.center().y() + 0.5, _MARK / 4
    painter.setBrush(QColor("#ffffff"))
    corners = ((0.0, -half), (0.0, half), (1.6 * half, 0.0))
    painter.drawPolygon(QPolygonF([QPointF(left + x, middle + y) for x, y in corners]))
    painter.setPen(QColor("#ffffff"))
    text = place.adjusted(_MARK + 2, 0, 0, 0)
    painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, length)


def _draw_count(painter: QPainter, box: QRect, count: int) -> None:
    """How many near copies the photo stands for, in the corner below the other marks."""
    words = number_text(count)
    wide = painter.fontMetrics().horizontalAdvance(words) + _MARK + 14
    place = QRect(box.right() - wide - 5, box.bottom() - _MARK - 11, wide, _MARK + 6)
    _draw_plate(painter, place, place.height() / 2)
    mark = QRect(place.left() + 4, place.top(), _MARK, place.height())
    _draw_icon(painter, mark, "copy", "#ffffff", _MARK - 4)
    painter.setPen(QColor("#ffffff"))
    painter.drawText(place.adjusted(_MARK + 4, 0, -6, 0), Qt.AlignmentFlag.AlignCenter, words)


def _draw_icon(painter: QPainter, box: QRect, name: str, colour: str, side: int) -> None:
    picture = icon_pixmap(name, colour, side, painter.device().devicePixelRatioF())
    painter.drawPixmap(box.center().x() - side // 2 + 1, box.center().y() - side // 2 + 1, picture)

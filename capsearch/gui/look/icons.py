"""The program's own icons, drawn in the colour of the text around them."""

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from capsearch.resources import resource_path

FIELD_ICONS = {
    "subject": "yours",
    "person": "person",
    "place": "pin",
    "area": "pin",
    "keyword": "tag",
    "album": "folder",
    "camera": "camera",
    "format": "type",
    "kind": "type",
    "rating": "check",
    "dates": "calendar",
    "yearly": "calendar",
    "weekday": "calendar",
    "words": "search",
    "looks": "photo",
}
"""Icons of what can be known of a photo, by the fields of `Part`."""

_INK = b"#000"
_SCALES = (1, 2, 3)
_SIDE = 20


def icon(name: str, colour: QColor | str) -> QIcon:
    """The line icon `name` in `colour`, sharp at every scale."""
    made = QIcon()
    for scale in _SCALES:
        made.addPixmap(icon_pixmap(name, colour, _SIDE, scale))
    return made


def app_icon() -> QIcon:
    """The program's icon."""
    renderer = QSvgRenderer(str(resource_path("icons") / "capsearch.svg"))
    made = QIcon()
    for side in (16, 24, 32, 48, 64, 128, 256):
        made.addPixmap(_drawn(renderer, side, 1))
    return made


def icon_pixmap(name: str, colour: QColor | str, side: int, ratio: float) -> QPixmap:
    """The line icon `name` at `side` logical pixels."""
    ink = QColor(colour).name()
    # Qt's own cache, for it ends with the application, which no picture may outlive.
    key = f"capsearch-{name}-{ink}-{side}-{ratio}"
    found = QPixmap()
    if QPixmapCache.find(key, found):
        return found
    drawing = (resource_path("icons") / f"{name}.svg").read_bytes()
    renderer = QSvgRenderer(QByteArray(drawing.replace(_INK, ink.encode())))
    drawn = _drawn(renderer, side, ratio)
    QPixmapCache.insert(key, drawn)
    return drawn


def _drawn(renderer: QSvgRenderer, side: int, ratio: float) -> QPixmap:
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(pixmap.rect()))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap

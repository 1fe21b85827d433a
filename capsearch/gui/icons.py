"""The program's own icons, drawn in the colour of the text around them."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from capsearch.resources import resource_path

_INK = b"#000"
_SCALES = (1, 2, 3)
_SIDE = 20


def icon(name: str, colour: QColor | str) -> QIcon:
    """The line icon `name` in `colour`, sharp at every scale."""
    return _icon(name, QColor(colour).name())


def app_icon() -> QIcon:
    """The program's icon."""
    renderer = QSvgRenderer(str(resource_path("icons") / "capsearch.svg"))
    made = QIcon()
    for side in (16, 24, 32, 48, 64, 128, 256):
        made.addPixmap(_drawn(renderer, side, 1))
    return made


def icon_pixmap(name: str, colour: QColor | str, side: int, ratio: float) -> QPixmap:
    """The line icon `name` at `side` logical pixels."""
    return _pixmap(name, QColor(colour).name(), side, ratio)


@lru_cache(maxsize=256)
def _icon(name: str, colour: str) -> QIcon:
    made = QIcon()
    for scale in _SCALES:
        made.addPixmap(_pixmap(name, colour, _SIDE, scale))
    return made


@lru_cache(maxsize=256)
def _pixmap(name: str, colour: str, side: int, ratio: float) -> QPixmap:
    drawing = (resource_path("icons") / f"{name}.svg").read_bytes()
    renderer = QSvgRenderer(QByteArray(drawing.replace(_INK, colour.encode())))
    return _drawn(renderer, side, ratio)


def _drawn(renderer: QSvgRenderer, side: int, ratio: float) -> QPixmap:
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(pixmap.rect()))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap

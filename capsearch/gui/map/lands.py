"""The lands under the map, in square tiles that come from the library's process."""

from collections import OrderedDict

from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

from capsearch.gui.bridge import Bridge
from capsearch.gui.look.theme import Theme
from capsearch.service.operations import DrawLands

TILE_SIDE = 512
_DEEPEST = 7  # the raster of countries shows nothing more
_KEPT = 160

Tile = tuple[int, int, int]
"""Level, column and row: 4**level tiles make the map."""


class LandTiles(QObject):
    """Paints what is there, coarser where the tile is on its way; `came` when more can be seen."""

    came = Signal()

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._drawn: OrderedDict[Tile, QImage] = OrderedDict()
        self._pictures: dict[Tile, QPixmap] = {}
        self._asked: set[Tile] = set()
        self._theme: Theme | None = None

    def paint(
        self, painter: QPainter, left: float, top: float, world: float, size: QRectF, theme: Theme
    ) -> None:
        """Paint the part of a map of `world` pixels that begins at `left` and `top` (0 to 1) over
        the rectangle `size`."""
        if theme != self._theme:
            self._theme = theme
            self._pictures.clear()
        level = 0
        while level < _DEEPEST and world / 2**level > TILE_SIDE:
            level += 1
        count = 2**level
        across = world / count
        for row in _tiles(top, size.height() / world, count):
            for column in _tiles(left, size.width() / world, count):
                x, y = column * across - left * world, row * across - top * world
                self._paint_tile(painter, (level, column, row), QRectF(x, y, across, across))

    def _paint_tile(self, painter: QPainter, tile: Tile, target: QRectF) -> None:
        self._want(tile)
        level, column, row = tile
        # The tile itself, or the piece of a coarser one.
        for up in range(level + 1):
            picture = self._picture((level - up, column >> up, row >> up))
            if picture is not None:
                side = TILE_SIDE / 2**up
                first = (column % 2**up) * side, (row % 2**up) * side
                # Half a pixel over the edge, so that no seam is seen.
                over = target.adjusted(-0.5, -0.5, 0.5, 0.5)
                painter.drawPixmap(over, picture, QRectF(*first, side, side))
                return

    def _picture(self, tile: Tile) -> QPixmap | None:
        drawn = self._drawn.get(tile)
        if drawn is None or self._theme is None:
            return None
        self._drawn.move_to_end(tile)
        if tile not in self._pictures:
            drawn.setColorTable([QColor(each).rgb() for each in land_colours(self._theme)])
            self._pictures[tile] = QPixmap.fromImage(drawn)
        return self._pictures[tile]

    def _want(self, tile: Tile) -> None:
        if tile in self._drawn or tile in self._asked:
            return
        self._asked.add(tile)
        self._bridge.ask(
            DrawLands(*tile, TILE_SIDE),
            then=lambda drawn: self._take(tile, drawn),
            otherwise=lambda _: None,  # without lands the photos are still in their places
        )

    def _take(self, tile: Tile, drawn: bytes) -> None:
        self._asked.discard(tile)
        image = QImage(drawn, TILE_SIDE, TILE_SIDE, TILE_SIDE, QImage.Format.Format_Indexed8)
        self._drawn[tile] = image.copy()
        while len(self._drawn) > _KEPT:
            gone, _ = self._drawn.popitem(last=False)
            self._pictures.pop(gone, None)
        self.came.emit()


def land_colours(theme: Theme) -> tuple[str, str, str]:
    """Of the sea, the lands and the borders between them."""
    return ("#16191f", "#2b2f37", "#454a55") if theme.dark else ("#dfe7f0", "#fbfaf6", "#cfccc2")


def _tiles(first: float, share: float, count: int) -> range:
    return range(max(0, int(first * count)), min(count, int((first + share) * count) + 1))

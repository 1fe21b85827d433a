"""Whole photos for the preview, decoded beside the window's process."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from capsearch.gui.pictures.newest_first import NewestFirst
from capsearch.library.pictures import NoPicture, Picture, PictureReader, PictureWish
from capsearch.library.values import PhotoFacts

SCREEN_SIDE = 1400
"""Shorter side, pixels, that fills a screen; more only when one looks closer."""
FULL_SIDE = 1 << 20


class ImageLoader(QObject):
    """Loads one photo at a time: of those asked for, the newest. `loaded` carries the photo's id
    and the picture; `failed` its id and why."""

    loaded = Signal(int, QImage)
    failed = Signal(int, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._threads = NewestFirst("capsearch-preview", 1, 1, self._load)

    def load(self, facts: PhotoFacts, side: int) -> None:
        """Begin to load the photo with a shorter side of at least `side`, if it has that."""
        self._threads.put(2 * facts.id + (side == FULL_SIDE), (facts, side))

    def close(self) -> None:
        """Load nothing more; returns when the thread has ended."""
        self._threads.close()

    def _load(self, reader: PictureReader, job: tuple[PhotoFacts, int]) -> Callable[[], object]:
        facts, side = job
        read = reader.read(PictureWish("photo", facts.paths, side))
        if isinstance(read, Picture):
            return partial(self.loaded.emit, facts.id, to_qimage(read))
        assert isinstance(read, NoPicture)
        return partial(self.failed.emit, facts.id, read.reason)


def to_qimage(picture: Picture) -> QImage:
    """Qt's own copy of a picture."""
    width, height = picture.width, picture.height
    wrapped = QImage(picture.rgb, width, height, 3 * width, QImage.Format.Format_RGB888)
    return wrapped.convertToFormat(QImage.Format.Format_RGB32)

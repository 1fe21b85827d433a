"""Whole photos for the preview, decoded beside the window's thread."""

from pathlib import Path

from PIL import Image
from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal
from PySide6.QtGui import QImage

from capsearch.catalog.records import PhotoFacts
from capsearch.photos.decode import DecodeError, decode

SCREEN_SIDE = 1400
"""Shorter side, pixels, that fills a screen; more only when one looks closer."""
FULL_SIDE = 1 << 20


class ImageLoader(QObject):
    """Loads one photo at a time: of those asked for, the newest. `loaded` carries the photo's id,
    the side that was asked for and the picture; `failed` its id and why."""

    loaded = Signal(int, int, QImage)
    failed = Signal(int, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)

    def load(self, facts: PhotoFacts, side: int) -> None:
        """Begin to load the photo with a shorter side of at least `side`, if it has that."""
        self._pool.clear()
        self._pool.start(_Load(self, facts, side))

    def close(self) -> None:
        """Load nothing more; returns when the thread has ended."""
        self._pool.clear()
        self._pool.waitForDone()


class _Load(QRunnable):
    def __init__(self, loader: ImageLoader, facts: PhotoFacts, side: int) -> None:
        super().__init__()
        self._loader, self._facts, self._side = loader, facts, side

    def run(self) -> None:
        reason = "the file is not there"
        for path in self._facts.paths:
            try:
                image = decode(Path(path).read_bytes(), path, self._side).image
            except DecodeError as error:
                reason = error.reason
            except (OSError, MemoryError) as error:
                reason = getattr(error, "strerror", None) or reason
            else:
                self._loader.loaded.emit(self._facts.id, self._side, to_qimage(image))
                return
        self._loader.failed.emit(self._facts.id, reason)


def to_qimage(image: Image.Image) -> QImage:
    """An RGB picture as Qt's own copy of it."""
    width, height = image.size
    wrapped = QImage(image.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    return wrapped.convertToFormat(QImage.Format.Format_RGB32)

"""Thumbnails in memory, loaded by a few threads, the ones asked for last first."""

from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader, QPixmap

from capsearch.gui.pictures.newest_first import NewestFirst
from capsearch.gui.pictures.thumbnail_files import (
    keep_thumbnail,
    older_thumbnails,
    smaller_sides,
    thumbnail_file,
    thumbnail_sides,
)
from capsearch.library.pictures import PictureReader, PictureWish, Thumbnail
from capsearch.library.values import PhotoFacts
from capsearch.machine import usable_cores

_MEMORY_BYTES = 72 * 1024 * 1024
_WAITING = 400
_MOST_THREADS = 3


class ThumbnailStore(QObject):
    """`get` answers at once with what is there, and has the rest loaded; `ready` carries the id
    of the photo whose picture, or whose failing, is there now."""

    ready = Signal(int)
    _loaded = Signal(int, int, QImage, bool)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._side = 200
        self._pictures: OrderedDict[int, tuple[QPixmap, int]] = OrderedDict()
        self._bytes = 0
        self._unreadable: set[int] = set()
        self._makeshift: set[int] = set()
        threads = min(_MOST_THREADS, usable_cores())
        self._threads = NewestFirst("capsearch-thumbnails", threads, _WAITING, self._load)
        self._loaded.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def set_side(self, pixels: int) -> None:
        """Load pictures that fill a square of this side, in device pixels, from now on."""
        self._side = pixels

    def get(self, facts: PhotoFacts) -> QPixmap | None:
        """The photo's picture; None while it is not there yet."""
        known = self._pictures.get(facts.id)
        if known is None or known[1] < self._side:
            self._want(facts)
        if known is None:
            return None
        self._pictures.move_to_end(facts.id)
        return known[0]

    def is_unreadable(self, photo_id: int) -> bool:
        """Whether no picture of the photo could be made."""
        return photo_id in self._unreadable

    def forget_failures(self) -> None:
        """Try again what could not be read: its drive may be back."""
        self._unreadable.clear()
        for photo_id in self._makeshift & self._pictures.keys():
            self._pictures[photo_id] = (self._pictures[photo_id][0], 0)
        self._makeshift.clear()

    def close(self) -> None:
        """Load nothing more; returns when the threads have ended."""
        self._threads.close()

    def _want(self, facts: PhotoFacts) -> None:
        if facts.id not in self._unreadable:
            self._threads.put(facts.id, (facts, self._side))

    def _load(self, reader: PictureReader, job: tuple[PhotoFacts, int]) -> Callable[[], object]:
        """Read the thumbnail from disk, or have it made; in a thread of its own."""
        facts, side = job
        kept = thumbnail_sides(facts, side)
        files = [thumbnail_file(self._folder, facts, each) for each in kept]
        image, whole = QImage(), True
        for file in files:
            if image.isNull():
                image = _scaled(QImageReader(str(file)), side)
        if image.isNull():
            made = reader.read(PictureWish("thumbnail", facts.paths, kept[0]))
            if isinstance(made, Thumbnail):
                keep_thumbnail(made.jpeg, files[0], older_thumbnails(self._folder, facts))
                buffer = QBuffer()
                buffer.setData(QByteArray(made.jpeg))
                image = _scaled(QImageReader(buffer), side)
            else:
                image, whole = self._smaller(facts, side), False
        return partial(self._loaded.emit, facts.id, side, image, whole)

    def _smaller(self, facts: PhotoFacts, side: int) -> QImage:
        """The largest picture that is kept of what cannot be read now, made by this version or an
        older one."""
        smaller = (thumbnail_file(self._folder, facts, each) for each in smaller_sides(facts, side))
        for file in (*smaller, *older_thumbnails(self._folder, facts)):
            image = QImage(str(file))
            if not image.isNull():
                return image
        return QImage()

    def _take(self, photo_id: int, side: int, image: QImage, whole: bool) -> None:
        if image.isNull():
            self._unreadable.add(photo_id)
        else:
            if not whole:
                self._makeshift.add(photo_id)
            self._keep(photo_id, QPixmap.fromImage(image), side)
        self.ready.emit(photo_id)

    def _keep(self, photo_id: int, picture: QPixmap, side: int) -> None:
        old = self._pictures.pop(photo_id, None)
        if old is not None:
            self._bytes -= _weight(old[0])
        self._pictures[photo_id] = (picture, side)
        self._bytes += _weight(picture)
        while self._bytes > _MEMORY_BYTES and len(self._pictures) > 1:
            _, (dropped, _) = self._pictures.popitem(last=False)
            self._bytes -= _weight(dropped)


def _scaled(reader: QImageReader, side: int) -> QImage:
    """The picture with its shorter side at `side` pixels, or its own where that is less."""
    size = reader.size()
    if size.isValid() and min(size.width(), size.height()) > side:
        reader.setScaledSize(size.scaled(QSize(side, side), _FILL))
    return reader.read()


_FILL = Qt.AspectRatioMode.KeepAspectRatioByExpanding


def _weight(picture: QPixmap) -> int:
    return picture.width() * picture.height() * 4

"""Videos in the system's player: those that are files, and those that motion photos carry."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from capsearch.gui.pictures.newest_first import NewestFirst
from capsearch.library.moving_parts import video_files
from capsearch.library.pictures import NoPicture, PictureReader, VideoCopy, VideoWish
from capsearch.library.values import PhotoFacts


class VideoPlayer(QObject):
    """`folder` is for copies of what lies inside of photos. `failed` carries a sentence."""

    failed = Signal(str)
    _copied = Signal(str)
    _not_copied = Signal(str)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = str(folder)
        self._threads = NewestFirst("capsearch-videos", 1, 1, self._copy)
        queued = Qt.ConnectionType.QueuedConnection
        self._copied.connect(self._open, queued)
        self._not_copied.connect(self._say, queued)

    def play(self, facts: PhotoFacts) -> None:
        """Open the video that the photo is, that goes with it, or that is in its file."""
        there = [path for path in facts.paths if Path(path).is_file()]
        own = video_files(there)
        if own:
            self._open(own[0])
        elif there:
            self._threads.put(facts.id, tuple(there))
        else:
            self.failed.emit(self.tr("The video is not there at the moment."))

    def close(self) -> None:
        """Copy nothing more; returns when the thread has ended."""
        self._threads.close()

    def _copy(self, reader: PictureReader, paths: tuple[str, ...]) -> Callable[[], object]:
        made = reader.read(VideoWish(paths, self._folder))
        if isinstance(made, VideoCopy):
            return partial(self._copied.emit, made.path)
        assert isinstance(made, NoPicture)
        return partial(self._not_copied.emit, made.reason)

    def _open(self, path: str) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(path)):
            self.failed.emit(self.tr("No program for videos was found on this computer."))

    def _say(self, reason: str) -> None:
        self.failed.emit(self.tr("The video cannot be played: {}").format(reason))

"""What can be done with a photo outside of CapSearch. The file itself is only ever read."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from capsearch.gui.start_program import start_program
from capsearch.library.values import PhotoFacts


def open_photo(facts: PhotoFacts) -> bool:
    """Open the photo in the system's viewer; False where it is away."""
    path = available_path(facts)
    return path is not None and QDesktopServices.openUrl(QUrl.fromLocalFile(path))


def show_in_folder(facts: PhotoFacts) -> bool:
    """Open the photo's folder, with the photo chosen where the system can; False if it is away."""
    path = available_path(facts)
    if path is None:
        return False
    if sys.platform == "win32":
        return start_program(["explorer", "/select,", path])
    if sys.platform == "darwin":
        return start_program(["open", "-R", path])
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(path).parent)))


def copy_photos(photos: Sequence[PhotoFacts]) -> None:
    """Put files on the clipboard, to be pasted as files or as their paths."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(facts.paths[0]) for facts in photos])
    mime.setText("\n".join(readable(facts.paths[0]) for facts in photos))
    QGuiApplication.clipboard().setMimeData(mime)


def available_path(facts: PhotoFacts) -> str | None:
    """The first place where the photo can be read now."""
    return next((path for path in facts.paths if Path(path).is_file()), None)


def readable(path: str) -> str:
    """A path of any bytes as text that can be shown."""
    return os.fsencode(path).decode("utf-8", "replace")

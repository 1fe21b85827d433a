"""From the file system's events to what they mean for a library."""

import os
import sys
import time
from pathlib import PurePath

from watchdog.events import FileSystemEvent, FileSystemEventHandler

from capsearch.photos.groups import is_beside_name
from capsearch.photos.walk import is_photo_name
from capsearch.watching.changes import PendingChanges

_UNSAID = {"opened", "closed_no_write"}


class ChangeHandler(FileSystemEventHandler):
    """Notes in `pending` what matters. Names of unfinished downloads (`.part`, `.crdownload`,
    `.tmp`) are no photos' names: they count from the moment they get their own."""

    def __init__(self, pending: PendingChanges) -> None:
        self._pending = pending

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Take one event; called on the observer's thread."""
        if event.event_type in _UNSAID:
            return
        source, target = os.fsdecode(event.src_path), os.fsdecode(event.dest_path)
        if event.event_type in {"deleted", "moved"}:
            self._gone(source, is_folder=event.is_directory)
        if event.event_type == "moved":
            source = target
        if event.event_type != "deleted" and source:
            self._come(source, event)

    def _gone(self, path: str, *, is_folder: bool) -> None:
        now = time.monotonic()
        if is_folder or (sys.platform == "win32" and not PurePath(path).suffix):
            # Windows cannot tell what a thing was that is gone.
            self._pending.folder_changed(path, now, deep=True)
        if not is_folder and matters(os.path.split(path)[1]):
            self._pending.folder_changed(os.path.split(path)[0], now, deep=False)

    def _come(self, path: str, event: FileSystemEvent) -> None:
        now = time.monotonic()
        if event.is_directory:
            if event.event_type in {"created", "moved"}:
                self._pending.folder_changed(path, now, deep=True)
        elif matters(os.path.split(path)[1]):
            closed = event.event_type in {"closed", "moved"}
            self._pending.file_written(path, now, closed=closed)


def matters(name: str) -> bool:
    """Whether a file of this name is a photo, or may go with one."""
    return is_photo_name(name) or is_beside_name(name)

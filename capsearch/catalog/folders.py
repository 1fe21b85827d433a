"""Folders that the user gave."""

import os
import time

from capsearch.catalog.library_file import LibraryFile
from capsearch.catalog.records import Folder
from capsearch.catalog.sql import path_range


class Folders(LibraryFile):
    """The folders' part of the catalog."""

    def folders(self) -> tuple[Folder, ...]:
        """List the folders that the user gave, by path."""
        rows = self._rows("SELECT path, state, scanned_at FROM folders ORDER BY path")
        return tuple(Folder(os.fsdecode(p), state == "online", at) for p, state, at in rows)

    def record_scan(self, folder: str, *, online: bool) -> None:
        """Note that `folder` was looked at now; where it could not be reached, its files are
        offline: still found, judged neither missing nor changed."""
        now = time.time()
        self._run(
            "INSERT INTO folders (path, state, added_at, scanned_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (path) DO UPDATE SET state = excluded.state,"
            " scanned_at = coalesce(excluded.scanned_at, scanned_at)",
            (os.fsencode(folder), "online" if online else "offline", now, now if online else None),
        )
        if not online:
            low, high = path_range(folder)
            self._run(
                "UPDATE files SET state = 'offline'"
                " WHERE path >= ? AND path < ? AND state = 'present'",
                (low, high),
            )

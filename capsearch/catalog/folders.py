"""Folders that the user gave: where they are, what is left out, and how they come and go."""

import json
import os
import time
from collections.abc import Sequence

from capsearch.catalog.library_file import LibraryFile
from capsearch.catalog.records import Folder, Removal, Stamp, Volume
from capsearch.catalog.sql import path_range, within
from capsearch.paths import lies_in

_HOLDS_A_PHOTO = "state <> 'missing' AND NOT companion"


class Folders(LibraryFile):
    """The folders' part of the catalog."""

    def folders(self) -> tuple[Folder, ...]:
        """List the folders that the user gave, by path."""
        rows = self._rows(
            "SELECT path, state, scanned_at, exclude, device, mount FROM folders ORDER BY path"
        )
        return tuple(
            Folder(
                path=os.fsdecode(path),
                online=state == "online",
                scanned_at=at,
                exclude=tuple(json.loads(exclude)),
                volume=None if mount is None else Volume(device, os.fsdecode(mount)),
            )
            for path, state, at, exclude, device, mount in rows
        )

    def photos_by_folder(self) -> dict[str, int]:
        """Count the photos that each of the folders holds; one may be in several."""
        first, after = path_range(os.sep)
        rows = self._rows(
            "SELECT folders.path, count(DISTINCT photo_id) FROM folders LEFT JOIN files"
            " ON files.path >= CAST(rtrim(folders.path, ?) || ? AS BLOB)"
            " AND files.path < CAST(rtrim(folders.path, ?) || ? AS BLOB)"
            f" AND files.{_HOLDS_A_PHOTO} GROUP BY folders.path",
            (first, first, first, after),
        )
        return {os.fsdecode(path): photos for path, photos in rows}

    def count_removal(self, folder: str) -> Removal:
        """Count what `remove_folder` would do."""
        inside, bounds = within(folder)
        going, values = self._going_with(folder)
        staying, photos = self._row(
            "SELECT coalesce(sum(EXISTS (SELECT 1 FROM files WHERE photo_id = held.photo_id"
            f" AND {_HOLDS_A_PHOTO} AND NOT ({going}))), 0), count(*) FROM"
            f" (SELECT DISTINCT photo_id FROM files WHERE {inside} AND {_HOLDS_A_PHOTO}) AS held",
            (*values, *bounds),
        )
        return Removal(photos - staying, staying)

    def record_scan(self, folder: str, *, online: bool, volume: Volume | None = None) -> None:
        """Note that `folder` was looked at now; where it could not be reached, its files are
        offline: still found, judged neither missing nor changed."""
        now = time.time()
        self._note_new(folder)
        self._run(
            "INSERT INTO folders (path, state, added_at, scanned_at, device, mount)"
            " VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (path) DO UPDATE SET state = excluded.state,"
            " scanned_at = coalesce(excluded.scanned_at, scanned_at),"
            " device = coalesce(excluded.device, device), mount = coalesce(excluded.mount, mount)",
            (
                os.fsencode(folder),
                "online" if online else "offline",
                now,
                now if online else None,
                volume.device if volume else None,
                os.fsencode(volume.mount) if volume else None,
            ),
        )
        if not online:
            where, values = within(folder)
            self._run(
                f"UPDATE files SET state = 'offline' WHERE {where} AND state = 'present'", values
            )

    def record_reached(self, folder: str, volume: Volume | None) -> None:
        """Note that `folder` can be reached, without a look into it: what was offline there counts
        as present until an index run judges it."""
        self._run(
            "UPDATE folders SET state = 'online', device = coalesce(?, device),"
            " mount = coalesce(?, mount) WHERE path = ?",
            (
                volume.device if volume else None,
                os.fsencode(volume.mount) if volume else None,
                os.fsencode(folder),
            ),
        )
        where, values = within(folder)
        self._run(f"UPDATE files SET state = 'present' WHERE {where} AND state = 'offline'", values)

    def add_folder(self, folder: str) -> None:
        """Take `folder` into the library; it is looked at by the next index run."""
        self._note_new(folder)
        self._run(
            "INSERT OR IGNORE INTO folders (path, added_at) VALUES (?, ?)",
            (os.fsencode(folder), time.time()),
        )

    def set_exclusions(self, folder: str, patterns: Sequence[str]) -> None:
        """Leave out of `folder` what matches one of `patterns` (as for `walk`), from the next
        look at it on; these replace the patterns it had."""
        self._run(
            "UPDATE folders SET exclude = ? WHERE path = ?",
            (json.dumps(list(patterns)), os.fsencode(folder)),
        )

    def remove_folder(self, folder: str) -> None:
        """Forget `folder`, and its files but for those in another folder of the library, below or
        above it. Their photos leave the results; their vectors are kept for 30 days."""
        self._require_transaction()
        where, values = self._going_with(folder)
        self._run("DELETE FROM folders WHERE path = ?", (os.fsencode(folder),))
        self._touch(*within(folder))  # also what stays: it lies in fewer folders now
        self._run(f"DELETE FROM files WHERE {where}", values)
        self._run(f"DELETE FROM failures WHERE {where}", values)
        if not self._is_held(folder):
            self._run("DELETE FROM failures WHERE path = ?", (os.fsencode(folder),))

    def move_folder(self, old: str, new: str) -> None:
        """Take over for the folder `new` all that is known of `old` and of the folders in it."""
        self._require_transaction()
        low, high = path_range(old)
        there, bounds = within(new)
        self._touch(there, bounds)
        self._touch("path >= ? AND path < ?", (low, high))
        prefix = path_range(new)[0]
        for table in ("files", "failures", "folders"):
            self._run(
                f"UPDATE OR REPLACE {table} SET path = CAST(? || substr(path, ?) AS BLOB)"
                " WHERE path >= ? AND path < ?",
                (prefix, len(low) + 1, low, high),
            )
        self._run(
            "UPDATE OR REPLACE folders SET path = ? WHERE path = ?",
            (os.fsencode(new), os.fsencode(old)),
        )
        self._run("DELETE FROM failures WHERE path = ?", (os.fsencode(old),))

    def known_stamps(self, folder: str) -> dict[str, Stamp]:
        """Read the stamps of the files under `folder` that are not missing, by path."""
        where, values = within(folder)
        rows = self._rows(
            f"SELECT path, size, mtime_ns FROM files WHERE {where} AND state <> 'missing'", values
        )
        return {os.fsdecode(path): Stamp(size, mtime) for path, size, mtime in rows}

    def sample_stamps(self, folder: str, count: int) -> dict[str, Stamp]:
        """Read the stamps of some `count` of these files, from everywhere in `folder`; of all
        where there are fewer than twice as many."""
        where, values = within(folder)
        known = f"FROM files WHERE {where} AND state <> 'missing'"
        (files,) = self._row(f"SELECT count(*) {known}", values)
        rows = self._rows(
            "SELECT path, size, mtime_ns FROM (SELECT path, size, mtime_ns,"
            f" row_number() OVER (ORDER BY path) - 1 AS number {known}) WHERE number % ? = 0",
            (*values, max(1, files // count)),
        )
        return {os.fsdecode(path): Stamp(size, mtime) for path, size, mtime in rows}

    def _going_with(self, folder: str) -> tuple[str, tuple[bytes | int, ...]]:
        """Condition on `path`, and its values: the files that no other folder holds."""
        others = [other.path for other in self.folders() if other.path != folder]
        if any(lies_in(folder, other) for other in others):
            return "0", ()
        where, values = within(folder)
        for inner, bounds in (within(other) for other in others if lies_in(other, folder)):
            where, values = f"{where} AND NOT ({inner})", (*values, *bounds)
        return where, values

    def _note_new(self, folder: str) -> None:
        """Where the library does not have `folder` yet, what lies in it is in one folder more."""
        self._require_transaction()
        if self._row("SELECT 1 FROM folders WHERE path = ?", (os.fsencode(folder),)) is None:
            self._touch(*within(folder))

    def _is_held(self, path: str) -> bool:
        return any(lies_in(path, folder.path) for folder in self.folders())

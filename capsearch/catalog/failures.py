"""Files and folders that could not be used."""

import os
import time
from collections.abc import Iterable, Sequence
from typing import Any

from capsearch.catalog.faults import translated
from capsearch.catalog.library_file import LibraryFile
from capsearch.catalog.records import NO_STAMP, Failure, KnownFailure, Stamp
from capsearch.catalog.sql import within


class Failures(LibraryFile):
    """The failures' part of the catalog."""

    def failures(self) -> dict[str, KnownFailure]:
        """Read all failures, by path."""
        return self._failures("1")

    def failure_list(self) -> tuple[Failure, ...]:
        """List every file and folder that could not be used, by path, and why."""
        return tuple(Failure(path, known.reason) for path, known in self.failures().items())

    def cut_off_files(self) -> tuple[str, ...]:
        """List the files of which only a part is there, but enough to be shown and found."""
        rows = self._rows(
            "SELECT path FROM files JOIN photos ON photos.id = photo_id"
            " WHERE cut_off AND state <> 'missing' AND NOT companion ORDER BY path",
            (),
        )
        return tuple(os.fsdecode(path) for (path,) in rows)

    def failures_under(self, folder: str, *, deep: bool = True) -> dict[str, KnownFailure]:
        """Read the failures at and under `folder`, or (not `deep`) directly in it, by path."""
        where, values = within(folder, deep=deep)
        return self._failures(f"({where}) OR path = ?", (*values, os.fsencode(folder)))

    def _failures(self, where: str, values: Sequence[Any] = ()) -> dict[str, KnownFailure]:
        rows = self._rows(
            "SELECT path, size, mtime_ns, reason, passing FROM failures"
            f" WHERE {where} ORDER BY path",
            values,
        )
        return {
            os.fsdecode(path): KnownFailure(Stamp(size, mtime), reason, bool(passing))
            for path, size, mtime, reason, passing in rows
        }

    def record_failure(
        self, path: str, reason: str, *, stamp: Stamp = NO_STAMP, passing: bool = False
    ) -> None:
        """Note why this file could not be used; it is no longer a place of any photo. One that
        could not be used before, either, failed then."""
        encoded = os.fsencode(path)
        self._touch_path(encoded)
        self._run("DELETE FROM files WHERE path = ?", (encoded,))
        self._run(
            "INSERT INTO failures (path, size, mtime_ns, reason, passing, failed_at)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET size = excluded.size,"
            " mtime_ns = excluded.mtime_ns, reason = excluded.reason, passing = excluded.passing",
            (encoded, stamp.size, stamp.mtime_ns, reason, passing, time.time()),
        )

    def clear_failures(self, paths: Iterable[str]) -> None:
        """Forget the failures of files that are gone."""
        with translated(self._path):
            self._connection.executemany(
                "DELETE FROM failures WHERE path = ?", ((os.fsencode(path),) for path in paths)
            )

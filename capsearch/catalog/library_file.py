"""The library file as a connection: opening, transactions, and the one way to SQLite."""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from capsearch.catalog.database import connect, transaction
from capsearch.catalog.faults import translated
from capsearch.catalog.lock import indexing_lock
from capsearch.catalog.records import Flow, IdArray
from capsearch.catalog.settling import settle
from capsearch.catalog.tally import Tally
from capsearch.errors import CapsearchError


class LibraryFile:
    """What every part of the catalog stands on. Belongs to the thread that opened it."""

    def __init__(self, connection: sqlite3.Connection, path: Path, *, read_only: bool) -> None:
        self._connection = connection
        self._path = path
        self._read_only = read_only
        self._moved: set[int] = set()
        self._embedded: dict[int, set[int]] = {}
        self._replaced: set[tuple[int, int]] = set()
        self._tally = Tally()

    @classmethod
    def open(cls, path: str | os.PathLike[str], *, read_only: bool = False) -> Self:
        """Open the library at `path`; made, or brought up to date, unless `read_only`."""
        place = Path(path)
        return cls(connect(place, read_only=read_only), place, read_only=read_only)

    @property
    def path(self) -> Path:
        """The library file."""
        return self._path

    @property
    def connection(self) -> sqlite3.Connection:
        """For checks and dumps; changes go through the methods."""
        return self._connection

    def close(self) -> None:
        """Let the file go; what was committed is kept."""
        with translated(self._path):
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def indexing_lock(
        self, waiting: Callable[[], None] | None = None, stop: threading.Event | None = None
    ) -> Iterator[bool]:
        """Hold the right to index. Where another process holds it: `LibraryBusyError` at once or,
        with `waiting`, which is called then, when that has finished; False where `stop` came
        first."""
        with indexing_lock(self._path, waiting, stop) as held:
            yield held

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit all changes of the block, or none."""
        self._require_writable()
        self._moved.clear()
        self._embedded.clear()
        self._replaced.clear()
        with translated(self._path), transaction(self._connection):
            yield
            flipped = settle(self._connection, self._moved, self._embedded)
        self._tally.note(flipped)
        for old, new in self._replaced:
            self._tally.note_replaced(old, new)

    def take_flow(self) -> Flow:
        """Say what transactions did to the photos since this was last asked."""
        tally, self._tally = self._tally, Tally()
        return tally.flow()

    def version_by_others(self) -> int:
        """A number that changes whenever another connection changes the library."""
        return int(self._row("PRAGMA data_version")[0])

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let all reads of the block see one and the same state."""
        with translated(self._path):
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def _run(self, statement: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        self._require_writable()
        with translated(self._path):
            return self._connection.execute(statement, values)

    def _rows(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        with translated(self._path):
            return self._connection.execute(statement, values).fetchall()

    def _ids(self, statement: str, values: Sequence[Any] = ()) -> IdArray:
        """The one column of a SELECT, whole numbers, ascending; as one text out of SQLite, which
        takes a quarter of the time of a Python object for each."""
        (joined,) = self._row(
            f"WITH found (id) AS ({statement}) SELECT group_concat(id) FROM found", values
        )
        return np.sort(np.fromstring(joined or "", np.int64, sep=","))

    def _row(self, statement: str, values: Sequence[Any] = ()) -> Any:
        with translated(self._path):
            return self._connection.execute(statement, values).fetchone()

    def _mark(self, statement: str, paths: Iterable[str], *values: float) -> None:
        for path in paths:
            encoded = os.fsencode(path)
            self._touch_path(encoded)
            self._run(statement, (*values, encoded))

    def _touch_path(self, path: bytes) -> int | None:
        """Note that the photo at `path` changes its places; its id, None where there is none."""
        self._require_transaction()
        row = self._row("SELECT photo_id FROM files WHERE path = ?", (path,))
        if row is None:
            return None
        self._moved.add(row[0])
        return int(row[0])

    def _touch(self, where: str, values: Sequence[Any]) -> None:
        """Note that the places of the photos of these files change."""
        self._moved.update(
            row[0]
            for row in self._rows(f"SELECT DISTINCT photo_id FROM files WHERE {where}", values)
        )

    def _require_transaction(self) -> None:
        if not self._connection.in_transaction:
            raise RuntimeError("what photos hang on changes only inside Catalog.transaction()")

    def _require_writable(self) -> None:
        if self._read_only:
            raise CapsearchError(
                f"The library {self._path} was opened for reading only.",
                "Open it for writing to change it.",
            )

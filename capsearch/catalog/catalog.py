"""The truth about a library, in one SQLite file: folders, files, photos, vectors, failures."""

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from capsearch.catalog.database import connect, transaction
from capsearch.catalog.faults import translated
from capsearch.catalog.lock import indexing_lock
from capsearch.catalog.merging import metadata_to_json
from capsearch.catalog.reading import read_facts, read_occasions
from capsearch.catalog.records import (
    NO_STAMP,
    Content,
    Counts,
    EncoderSet,
    Folder,
    KnownFailure,
    KnownPlace,
    Occasions,
    PhotoFacts,
    Place,
    Stamp,
)
from capsearch.catalog.settling import settle
from capsearch.errors import CapsearchError

VectorChunk = tuple[npt.NDArray[np.int64], npt.NDArray[np.float16]]

_VARIABLES = 500  # well under the least number of parameters that SQLite was ever built with


class Catalog:
    """A library file. Belongs to the thread that opened it; many processes may read at once.

    Changes happen inside `transaction()`, all or none. Every method raises `CapsearchError` for
    what the user can mend: a full or read-only disk, another program's lock, a damaged file.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, *, read_only: bool) -> None:
        self._connection = connection
        self._path = path
        self._read_only = read_only
        self._moved: set[int] = set()
        self._embedded: dict[int, set[int]] = {}

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
    def indexing_lock(self) -> Iterator[None]:
        """Hold the right to index; `CapsearchError` at once where another process holds it."""
        with indexing_lock(self._path):
            yield

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit all changes of the block, or none."""
        self._require_writable()
        self._moved.clear()
        self._embedded.clear()
        with translated(self._path), transaction(self._connection):
            yield
            settle(self._connection, self._moved, self._embedded)

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

    # Folders

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

    # Files

    def places_under(self, folder: str, encoder: str) -> dict[str, KnownPlace]:
        """Read all files recorded under `folder`, by path; `encoder` is an identity."""
        low, high = path_range(folder)
        rows = self._rows(
            "SELECT f.path, f.size, f.mtime_ns, f.photo_id, f.state, e.photo_id IS NOT NULL"
            " FROM files f LEFT JOIN embeddings e ON e.photo_id = f.photo_id"
            " AND e.encoder_id = (SELECT id FROM encoders WHERE identity = ?)"
            " WHERE f.path >= ? AND f.path < ?",
            (encoder, low, high),
        )
        return {
            os.fsdecode(path): KnownPlace(Stamp(size, mtime), photo, state, bool(embedded))
            for path, size, mtime, photo, state, embedded in rows
        }

    def hashes_by_size(self, sizes: Iterable[int], encoder: str) -> dict[int, tuple[bytes, ...]]:
        """Find the photos that a file of one of these sizes (bytes) could be, among those that
        have a vector of `encoder` (an identity)."""
        found: dict[int, tuple[bytes, ...]] = {}
        for part in _parts(sorted(set(sizes))):
            rows = self._rows(
                f"SELECT byte_size, hash FROM photos WHERE byte_size IN ({_marks(part)})"
                " AND id IN (SELECT photo_id FROM embeddings WHERE encoder_id ="
                " (SELECT id FROM encoders WHERE identity = ?)) ORDER BY hash",
                (*part, encoder),
            )
            for size, content_hash in rows:
                found[size] = (*found.get(size, ()), content_hash)
        return found

    def find_photo(self, content_hash: bytes) -> int | None:
        """Look up the id of the photo with this content."""
        row = self._row("SELECT id FROM photos WHERE hash = ?", (content_hash,))
        return None if row is None else int(row[0])

    def add_photo(self, content: Content) -> int:
        """Record a photo's content, once; return its id."""
        known = self.find_photo(content.hash)
        if known is not None:
            return known
        cursor = self._run(
            "INSERT INTO photos (hash, byte_size, width, height, format) VALUES (?, ?, ?, ?, ?)",
            (content.hash, content.byte_size, content.width, content.height, content.format),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def place_photo(self, photo_id: int, place: Place) -> None:
        """Record that the file at `place` holds this photo now; clears a failure there."""
        path = os.fsencode(place.path)
        self._touch_path(path)
        self._moved.add(photo_id)
        self._run(
            "INSERT INTO files (path, photo_id, size, mtime_ns, metadata) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (path) DO UPDATE SET photo_id = excluded.photo_id,"
            " size = excluded.size, mtime_ns = excluded.mtime_ns, metadata = excluded.metadata,"
            " state = 'present', missing_since = NULL",
            (
                path,
                photo_id,
                place.stamp.size,
                place.stamp.mtime_ns,
                metadata_to_json(place.metadata),
            ),
        )
        self._run("DELETE FROM failures WHERE path = ?", (path,))

    def mark_present(self, paths: Iterable[str]) -> None:
        """Take back that these files are missing or offline."""
        self._mark("UPDATE files SET state = 'present', missing_since = NULL WHERE path = ?", paths)

    def mark_missing(self, paths: Iterable[str]) -> None:
        """Note that these files are gone; a photo without another place leaves the results."""
        statement = "UPDATE files SET state = 'missing', missing_since = ? WHERE path = ?"
        self._mark(statement, paths, time.time())

    # Failures

    def failures(self) -> dict[str, KnownFailure]:
        """Read all failures, by path."""
        return self._failures("1")

    def failures_under(self, folder: str) -> dict[str, KnownFailure]:
        """Read the failures at and under `folder`, by path."""
        where = "(path >= ? AND path < ?) OR path = ?"
        return self._failures(where, (*path_range(folder), os.fsencode(folder)))

    def _failures(self, where: str, values: Sequence[Any] = ()) -> dict[str, KnownFailure]:
        rows = self._rows(
            "SELECT path, size, mtime_ns, reason, passing, failed_at FROM failures"
            f" WHERE {where} ORDER BY path",
            values,
        )
        return {
            os.fsdecode(path): KnownFailure(Stamp(size, mtime), reason, bool(passing), at)
            for path, size, mtime, reason, passing, at in rows
        }

    def record_failure(
        self, path: str, reason: str, *, stamp: Stamp = NO_STAMP, passing: bool = False
    ) -> None:
        """Note why this file could not be used; it is no longer a place of any photo."""
        encoded = os.fsencode(path)
        self._touch_path(encoded)
        self._run("DELETE FROM files WHERE path = ?", (encoded,))
        self._run(
            "INSERT OR REPLACE INTO failures (path, size, mtime_ns, reason, passing, failed_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (encoded, stamp.size, stamp.mtime_ns, reason, passing, time.time()),
        )

    def clear_failures(self, paths: Iterable[str]) -> None:
        """Forget the failures of files that are gone."""
        with translated(self._path):
            self._connection.executemany(
                "DELETE FROM failures WHERE path = ?", ((os.fsencode(path),) for path in paths)
            )

    # Vectors

    def add_encoder(self, identity: str, name: str, dim: int) -> int:
        """Record an encoder, once; return the id that `add_embedding` takes."""
        self._run(
            "INSERT INTO encoders (identity, name, dim, added_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (identity) DO UPDATE SET name = excluded.name",
            (identity, name, dim, time.time()),
        )
        row = self._row("SELECT id, dim FROM encoders WHERE identity = ?", (identity,))
        assert row is not None
        if row[1] != dim:
            raise ValueError(f"encoder {identity} gave vectors of {row[1]}, now of {dim}")
        return int(row[0])

    def add_embedding(
        self, encoder_id: int, photo_id: int, vector: npt.NDArray[np.floating[Any]]
    ) -> None:
        """Keep the photo's `(dim,)` vector as float16; one already there stays."""
        self._require_transaction()
        blob = vector.astype("<f2").tobytes()
        cursor = self._run(
            "INSERT OR IGNORE INTO embeddings (encoder_id, photo_id, vector) VALUES (?, ?, ?)",
            (encoder_id, photo_id, blob),
        )
        if cursor.rowcount > 0:
            self._embedded.setdefault(encoder_id, set()).add(photo_id)

    def has_embedding(self, encoder_id: int, photo_id: int) -> bool:
        """Tell whether the photo has a vector of this encoder."""
        statement = "SELECT 1 FROM embeddings WHERE encoder_id = ? AND photo_id = ?"
        return self._row(statement, (encoder_id, photo_id)) is not None

    def generation(self, encoder: str) -> int:
        """Tell the state of this encoder's searchable vectors: it rises exactly when the set of
        searchable (photo, vector) pairs changes; 0 where there never was one."""
        row = self._row("SELECT generation FROM encoders WHERE identity = ?", (encoder,))
        return 0 if row is None else int(row[0])

    def count_vectors(self, encoder: str) -> int:
        """Count the searchable photos that have a vector of this encoder."""
        row = self._row(f"SELECT count(*) {_VECTORS}", (encoder,))
        return 0 if row is None else int(row[0])

    def iter_vectors(self, encoder: str, chunk: int = 8192) -> Iterator[VectorChunk]:
        """Yield the searchable vectors in ascending photo id: ids (m,), vectors (m, dim) float16.

        At most `chunk` rows are held at once. Read `generation` in the same `snapshot()`.
        """
        with translated(self._path):
            cursor = self._connection.execute(
                f"SELECT e.photo_id, e.vector {_VECTORS} ORDER BY e.photo_id", (encoder,)
            )
            while rows := cursor.fetchmany(chunk):
                ids = np.fromiter((row[0] for row in rows), np.int64, len(rows))
                flat = np.frombuffer(b"".join([row[1] for row in rows]), "<f2")
                yield ids, flat.reshape(len(rows), -1)

    def drop_encoder(self, encoder: str) -> None:
        """Forget all vectors of this encoder."""
        self._run("DELETE FROM encoders WHERE identity = ?", (encoder,))

    # Photos

    def ids_under(self, folders: Sequence[str], encoder: str) -> npt.NDArray[np.int64]:
        """List, ascending, the photos searchable by this encoder at a place under `folders`."""
        ids: set[int] = set()
        for folder in folders:
            low, high = path_range(folder)
            rows = self._rows(
                "SELECT f.photo_id FROM files f JOIN embeddings e ON e.photo_id = f.photo_id"
                " AND e.encoder_id = (SELECT id FROM encoders WHERE identity = ?)"
                " WHERE f.path >= ? AND f.path < ? AND f.state <> 'missing'",
                (encoder, low, high),
            )
            ids.update(row[0] for row in rows)
        return np.fromiter(sorted(ids), np.int64, len(ids))

    def facts(self, ids: Sequence[int]) -> dict[int, PhotoFacts]:
        """Read what a result shows, for these photos; unknown ids are left out."""
        found: dict[int, PhotoFacts] = {}
        with translated(self._path):
            for part in _parts([int(photo_id) for photo_id in ids]):
                found.update(
                    (facts.id, facts)
                    for facts in read_facts(self._connection, f"id IN ({_marks(part)})", part)
                )
        return found

    def iter_facts(self, chunk: int = 5000) -> Iterator[PhotoFacts]:
        """Yield the facts of every searchable photo in ascending id, for filters."""
        last = 0
        with translated(self._path):
            while True:
                where = "id IN (SELECT id FROM photos WHERE searchable AND id > ? LIMIT ?)"
                part = list(read_facts(self._connection, where, (last, chunk)))
                if not part:
                    return
                yield from part
                last = part[-1].id

    def occasions(self, ids: npt.NDArray[np.int64]) -> Occasions:
        """Read the days and the people of these photos, aligned with `ids`."""
        with translated(self._path):
            return read_occasions(self._connection, ids)

    # Blobs and counts

    def get_state(self, key: str) -> bytes | None:
        """Read a small value kept with the library."""
        row = self._row("SELECT value FROM state WHERE key = ?", (key,))
        return None if row is None else bytes(row[0])

    def set_state(self, key: str, value: bytes | None) -> None:
        """Keep a small value with the library, or forget it (None)."""
        if value is None:
            self._run("DELETE FROM state WHERE key = ?", (key,))
        else:
            self._run("INSERT OR REPLACE INTO state (key, value) VALUES (?, ?)", (key, value))

    def counts(self) -> Counts:
        """Count what the library holds."""
        photos = self._row("SELECT count(*), coalesce(sum(searchable), 0) FROM photos") or (0, 0)
        files = dict(self._rows("SELECT state, count(*) FROM files GROUP BY state"))
        failures = self._row("SELECT count(*) FROM failures") or (0,)
        encoders = self._rows("SELECT identity, name, dim FROM encoders ORDER BY id")
        return Counts(
            photos=photos[0],
            searchable=photos[1],
            files=sum(files.values()),
            missing_files=files.get("missing", 0),
            offline_files=files.get("offline", 0),
            failures=failures[0],
            encoders=tuple(
                EncoderSet(identity, name, dim, self.count_vectors(identity))
                for identity, name, dim in encoders
            ),
        )

    # One way to SQLite

    def _run(self, statement: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        self._require_writable()
        with translated(self._path):
            return self._connection.execute(statement, values)

    def _rows(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        with translated(self._path):
            return self._connection.execute(statement, values).fetchall()

    def _row(self, statement: str, values: Sequence[Any] = ()) -> Any:
        with translated(self._path):
            return self._connection.execute(statement, values).fetchone()

    def _mark(self, statement: str, paths: Iterable[str], *values: float) -> None:
        for path in paths:
            encoded = os.fsencode(path)
            self._touch_path(encoded)
            self._run(statement, (*values, encoded))

    def _touch_path(self, path: bytes) -> None:
        self._require_transaction()
        row = self._row("SELECT photo_id FROM files WHERE path = ?", (path,))
        if row is not None:
            self._moved.add(row[0])

    def _require_transaction(self) -> None:
        if not self._connection.in_transaction:
            raise RuntimeError("what photos hang on changes only inside Catalog.transaction()")

    def _require_writable(self) -> None:
        if self._read_only:
            raise CapsearchError(
                f"The library {self._path} was opened for reading only.",
                "Open it for writing to change it.",
            )


_VECTORS = (
    "FROM embeddings e JOIN photos p ON p.id = e.photo_id"
    " WHERE e.encoder_id = (SELECT id FROM encoders WHERE identity = ?) AND p.searchable"
)


def path_range(folder: str) -> tuple[bytes, bytes]:
    """Bound the encoded paths below `folder`: first <= path < second."""
    separator = os.fsencode(os.sep)
    prefix = os.fsencode(folder).rstrip(separator) + separator
    return prefix, prefix[:-1] + bytes([prefix[-1] + 1])


def _parts(values: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(values), _VARIABLES):
        yield values[start : start + _VARIABLES]


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))

"""Vectors: one complete set for each encoder, each with its own generation."""

import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from capsearch.catalog.faults import translated
from capsearch.catalog.library_file import LibraryFile
from capsearch.catalog.records import KnownEncoder
from capsearch.photos.decoding_version import DECODING

VectorChunk = tuple[npt.NDArray[np.int64], npt.NDArray[np.float16]]

_VECTORS = (
    "FROM embeddings e JOIN photos p ON p.id = e.photo_id"
    " WHERE e.encoder_id = (SELECT id FROM encoders WHERE identity = ?) AND p.searchable"
)


class Vectors(LibraryFile):
    """The encoders' part of the catalog."""

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

    def encoders(self) -> tuple[KnownEncoder, ...]:
        """List the encoders that have ever given this library a vector, the first one first."""
        rows = self._rows("SELECT identity, name, dim FROM encoders ORDER BY id")
        return tuple(KnownEncoder(*row) for row in rows)

    def add_embedding(
        self, encoder_id: int, photo_id: int, vector: npt.NDArray[np.floating[Any]]
    ) -> None:
        """Keep the photo's `(dim,)` vector as float16; one already there stays, unless its picture
        was decoded by an older version."""
        self._require_transaction()
        blob = vector.astype("<f2").tobytes()
        cursor = self._run(
            "INSERT INTO embeddings (encoder_id, photo_id, vector, decoding) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET vector = excluded.vector, decoding = excluded.decoding"
            " WHERE decoding < excluded.decoding",
            (encoder_id, photo_id, blob, DECODING),
        )
        if cursor.rowcount > 0:
            self._embedded.setdefault(encoder_id, set()).add(photo_id)

    def embedded_by(self, encoder_id: int, photo_id: int) -> int | None:
        """Tell what version of decoding the photo's vector of this encoder was made by; None where
        it has none."""
        statement = "SELECT decoding FROM embeddings WHERE encoder_id = ? AND photo_id = ?"
        row = self._row(statement, (encoder_id, photo_id))
        return None if row is None else int(row[0])

    def confirm_embedding(self, encoder_id: int, photo_id: int) -> None:
        """Note that the photo's picture is decoded now as it was for its vector."""
        self._run(
            "UPDATE embeddings SET decoding = ? WHERE encoder_id = ? AND photo_id = ?",
            (DECODING, encoder_id, photo_id),
        )

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

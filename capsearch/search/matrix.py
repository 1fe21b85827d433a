"""One encoder's vectors of all searchable photos, memory-mapped from a cache file."""

import hashlib
import mmap
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from capsearch.files import write_whole
from capsearch.search.cache_file import (
    HEADER_BYTES,
    pack_header,
    remove_superseded,
    unpack_header,
)
from capsearch.search.filters import IdArray
from capsearch.search.scoring import HalfArray

FORMAT = 1
Chunk = tuple[IdArray, HalfArray]
Stream = Callable[[], Iterator[Chunk]]


@dataclass(frozen=True, eq=False)
class VectorMatrix:
    """Unit vectors as the catalog keeps them, in the order of their photos' ids.

    Attributes:
        identity: whose vectors these are; differs for another encoder or another library.
        generation: the catalog's generation that they show.
        ids: (n,) int64 photo ids, strictly ascending.
        vectors: (n, dim) float16, finite, read-only.
        path: the cache file; None where the disk refused one and they are in memory.
    """

    identity: str
    generation: int
    ids: IdArray
    vectors: HalfArray
    path: Path | None = field(default=None)

    @property
    def dim(self) -> int:
        """Length of every vector."""
        return int(self.vectors.shape[1])

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def open_or_build(
        cls, folder: Path, identity: str, generation: int, dim: int, stream: Stream
    ) -> "VectorMatrix":
        """Map the cache file in `folder`, or write it anew where missing, stale or damaged.

        `stream()` yields chunks of ids (m,) int64, ascending throughout, and vectors (m, dim)
        float16. Where the file cannot be written the vectors are held in memory.
        """
        matrix = cls.open(folder, identity, generation, dim)
        if matrix is not None:
            return matrix
        try:
            _write(folder, identity, generation, dim, stream())
            matrix = cls.open(folder, identity, generation, dim)
        except OSError:
            matrix = None
        return matrix if matrix is not None else cls.in_memory(identity, generation, dim, stream())

    @classmethod
    def open(cls, folder: Path, identity: str, generation: int, dim: int) -> "VectorMatrix | None":
        """Map the cache file of exactly these vectors; None where missing, stale or damaged."""
        path = _path(folder, identity, generation)
        try:
            with path.open("rb") as file:
                mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError):
            return None
        header = unpack_header(mapped[:HEADER_BYTES])
        expected = _header(identity, generation, dim, 0, 0)
        if header is None or {**header, "count": 0, "checksum": 0} != expected:
            return None
        count = header["count"]
        body = memoryview(mapped)[HEADER_BYTES:]
        if len(body) != count * (2 * dim + 8) or zlib.crc32(body) != header["checksum"]:
            return None
        vectors = np.frombuffer(body, dtype="<f2", count=count * dim).reshape(count, dim)
        # A copy, because behind the vectors they need not be aligned.
        ids = np.frombuffer(body, dtype="<i8", offset=count * dim * 2).astype(np.int64)
        ids.flags.writeable = False
        return cls(identity, generation, ids, vectors, path)

    @classmethod
    def in_memory(
        cls, identity: str, generation: int, dim: int, chunks: Iterator[Chunk]
    ) -> "VectorMatrix":
        """Hold the vectors without a file."""
        checked = list(_checked(chunks, dim))
        ids = np.concatenate([np.empty(0, dtype=np.int64), *(ids for ids, _ in checked)])
        vectors = np.concatenate([np.empty((0, dim), np.float16), *(rows for _, rows in checked)])
        ids.flags.writeable = vectors.flags.writeable = False
        return cls(identity, generation, ids, vectors)


def cache_key(identity: str) -> str:
    """Short name of an identity that is safe in a file name."""
    return hashlib.blake2b(identity.encode(), digest_size=8).hexdigest()


def _path(folder: Path, identity: str, generation: int) -> Path:
    # The generation is in the name because Windows cannot replace a file that is mapped.
    return folder / f"vectors-{cache_key(identity)}-{generation}.cache"


def _header(identity: str, generation: int, dim: int, count: int, checksum: int) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "identity": identity,
        "generation": generation,
        "dim": dim,
        "count": count,
        "checksum": checksum,
    }


def _write(folder: Path, identity: str, generation: int, dim: int, chunks: Iterator[Chunk]) -> None:
    path = _path(folder, identity, generation)
    with write_whole(path) as file:
        file.write(bytes(HEADER_BYTES))
        count, checksum = _write_body(file, _checked(chunks, dim))
        file.seek(0)
        file.write(pack_header(_header(identity, generation, dim, count, checksum)))
    remove_superseded(folder, f"vectors-{cache_key(identity)}-*.cache", keep=path)


def _write_body(file: BinaryIO, chunks: Iterator[Chunk]) -> tuple[int, int]:
    """Write the vectors as they come and all ids behind them; return count and checksum."""
    all_ids: list[IdArray] = []
    checksum = 0
    for ids, vectors in chunks:
        data = np.ascontiguousarray(vectors, dtype="<f2").data.cast("B")
        file.write(data)
        checksum = zlib.crc32(data, checksum)
        all_ids.append(ids)
    tail = np.concatenate([np.empty(0, dtype="<i8"), *all_ids]).astype("<i8").tobytes()
    file.write(tail)
    return len(tail) // 8, zlib.crc32(tail, checksum)


def _checked(chunks: Iterator[Chunk], dim: int) -> Iterator[Chunk]:
    """Pass on what keeps the contract; a vector that is not finite becomes zero, found last."""
    last = np.iinfo(np.int64).min
    for ids, vectors in chunks:
        if len(ids) == 0:
            continue
        if vectors.shape != (len(ids), dim):
            raise ValueError(f"expected vectors of shape {(len(ids), dim)}, got {vectors.shape}")
        if ids[0] <= last or not (np.diff(ids) > 0).all():
            raise ValueError("photo ids must be strictly ascending")
        last = int(ids[-1])
        halves = vectors.astype(np.float16, copy=False)
        finite = np.isfinite(halves).all(axis=1, keepdims=True)
        yield ids.astype(np.int64, copy=False), np.where(finite, halves, np.float16(0))

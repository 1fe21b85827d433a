"""The saved form of an index: hnswlib's own file, and beside it one that says what it must be.

hnswlib trusts what it loads, so a damaged file could crash the process: the second file holds the
size and checksum of the first, and is written after it, so that the pair is always whole.
"""

import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from capsearch.files import put_in_place, temporary_name, write_whole
from capsearch.search.cache_file import (
    HEADER_BYTES,
    file_checksum,
    pack_header,
    remove_superseded,
    unpack_header,
)
from capsearch.search.filters import IdArray
from capsearch.search.matrix import cache_key
from capsearch.search.scoring import FloatArray

FORMAT = 2


@dataclass(frozen=True, eq=False)
class StoredIndex:
    """What `VectorIndex` is made of, but for the graph; `capacity` counts deleted photos too."""

    ids: IdArray
    marks: npt.NDArray[np.uint64]
    directions: FloatArray
    breadths: tuple[int, ...]
    built_count: int
    capacity: int
    graph: Path = Path()


def save_index(folder: Path, identity: str, stored: StoredIndex, graph: Any) -> bool:
    """Write both files, the old pair staying whole until the new one is; False on a full disk."""
    key = cache_key(identity)
    temporary = temporary_name(folder / f"index-{key}.graph")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        graph.save_index(str(temporary))
        # hnswlib does not notice a full disk.
        size = temporary.stat().st_size
        if size != graph.index_file_size():
            return False
        checksum = file_checksum(temporary)
        graph_path = folder / f"index-{key}-{checksum:08x}.graph"
        is_new = not graph_path.exists()
        put_in_place(temporary, graph_path)
        described = {"name": graph_path.name, "bytes": size, "checksum": checksum}
        with _dropping(graph_path if is_new else None):
            _write_description(folder, identity, stored, described)
    except (OSError, RuntimeError):
        return False
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    remove_superseded(folder, f"index-{key}-*.graph", keep=graph_path)
    return True


def load_index(folder: Path, identity: str, dim: int) -> StoredIndex | None:
    """Read the description and check both files; None where missing, damaged or of another kind."""
    try:
        data = _description_path(folder, identity).read_bytes()
    except OSError:
        return None
    header = unpack_header(data[:HEADER_BYTES])
    body = memoryview(data)[HEADER_BYTES:]
    if header is None or zlib.crc32(body) != header.get("body_checksum"):
        return None
    expected = {"format": FORMAT, "identity": identity, "dim": dim}
    if any(header.get(name) != value for name, value in expected.items()):
        return None
    graph = folder / header["graph"]["name"]
    try:
        whole = graph.stat().st_size == header["graph"]["bytes"]
        if not whole or file_checksum(graph) != header["graph"]["checksum"]:
            return None
    except OSError:
        return None
    count, index_dim = header["count"], header["index_dim"]
    directions = np.frombuffer(body, "<f4", dim * index_dim).reshape(dim, index_dim)
    ids = np.frombuffer(body, "<i8", count, directions.nbytes).astype(np.int64)
    marks = np.frombuffer(body, "<u8", count, directions.nbytes + ids.nbytes).astype(np.uint64)
    return StoredIndex(
        ids,
        marks,
        directions,
        tuple(header["breadths"]),
        header["built_count"],
        header["capacity"],
        graph,
    )


@contextmanager
def _dropping(graph: Path | None) -> Iterator[None]:
    """Delete a graph that no description names, for nobody would ever open it."""
    try:
        yield
    except OSError:
        if graph is not None:
            with suppress(OSError):
                graph.unlink()
        raise


def remove_caches(folder: Path, identity: str) -> None:
    """Delete all that was kept of these vectors: matrix, graph and its description."""
    for kind in ("vectors", "index"):
        remove_superseded(folder, f"{kind}-{cache_key(identity)}[-.]*")


def _description_path(folder: Path, identity: str) -> Path:
    return folder / f"index-{cache_key(identity)}.cache"


def _write_description(
    folder: Path, identity: str, stored: StoredIndex, graph: Mapping[str, Any]
) -> None:
    body = b"".join(
        [
            stored.directions.astype("<f4").tobytes(),
            stored.ids.astype("<i8").tobytes(),
            stored.marks.astype("<u8").tobytes(),
        ]
    )
    header = {
        "format": FORMAT,
        "identity": identity,
        "dim": stored.directions.shape[0],
        "index_dim": stored.directions.shape[1],
        "count": len(stored.ids),
        "capacity": stored.capacity,
        "breadths": stored.breadths,
        "built_count": stored.built_count,
        "graph": graph,
        "body_checksum": zlib.crc32(body),
    }
    with write_whole(_description_path(folder, identity)) as file:
        file.write(pack_header(header))
        file.write(body)

"""An hnswlib graph over one encoder's vectors, for libraries too large to scan at every query.

Malkov and Yashunin, "Efficient and robust approximate nearest neighbor search using Hierarchical
Navigable Small World graphs", 2018. The graph proposes candidates from the leading directions of
the vectors only, which halves its size; the searcher ranks them by the whole vectors.
"""

import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt

from capsearch.search.filters import IdArray
from capsearch.search.index_file import StoredIndex, load_index, save_index
from capsearch.search.matrix import VectorMatrix
from capsearch.search.projection import leading_directions, project
from capsearch.search.ranking import rank_rows
from capsearch.search.scoring import FloatArray, HalfArray, scan

LINKS = 16
BUILD_BREADTH = 200
# Deleted photos stay in the graph until they are more than this share of it.
MOST_DELETED = 0.2
# Photos that came since are scanned beside it; with more of them it is time to add them.
MOST_MISSING = 0.2
# Beyond this growth the leading directions and the breadth were chosen for another library.
MOST_GROWTH = 2.0
# So many results must hold so many of the best: the breadth for it is measured.
RECALL_AT = (50, 500)
LEAST_RECALL = 0.99
# Of the candidates, those that the graph itself ranks below this many times the results are never
# among the best once their whole vectors are compared: 0.9999 of the best 50 of 100,000 are above.
RANKED_AGAIN = 4
# Looking at a candidate in the graph takes as long as reading so many numbers of the vectors one
# after the other: 9,500 at 100,000 photos of 512 numbers, 12,400 at 1,000,000.
_NUMBERS_A_CANDIDATE = 12_500

_LEAST_BREADTH = 100
_BREADTH_STEP = 1.25
_CALIBRATION_QUERIES = 200
_BUILD_BATCH = 2000
# Adding holds searches back, so little at a time.
_UPDATE_BATCH = 64
# Long enough for a waiting search to take the lock, which is not handed over in turn.
_PAUSE_SECONDS = 0.001
_HEADROOM = 1.1

MarkArray = npt.NDArray[np.uint64]
Progress = Callable[[int, int], None]


@cache
def _hnswlib() -> ModuleType | None:
    try:
        import hnswlib  # noqa: PLC0415 - optional, compiled, and not needed by small libraries
    except Exception:  # noqa: BLE001 - a broken build fails in its own ways
        return None
    return hnswlib  # type: ignore[no-any-return]


def index_notice() -> str | None:
    """What to tell the user, once, where hnswlib cannot be used; None where it can."""
    if _hnswlib() is not None:
        return None
    return (
        "hnswlib is not installed, so every search looks at all photos: exact, but slow beyond"
        " some 200,000. To add it (needs a C++ compiler): pip install 'capsearch[index]'."
    )


class Stopped(Exception):  # noqa: N818 - not an error: the caller asked for it
    """Building or updating ended early because `stop` was set; nothing was saved."""


@dataclass
class VectorIndex:
    """Proposes the photos nearest to a query; safe to search from any thread while it is updated.

    Attributes:
        identity: whose vectors it holds, as in `VectorMatrix`.
        ids: ids of the photos it can propose, ascending.
        marks: first bytes of their vectors, to notice an id that got another vector.
        directions: (dim, index_dim) float32 orthonormal columns, what the graph sees.
        breadths: candidates to look for, for `LEAST_RECALL` at each of `RECALL_AT` results, as
            it was measured against exact search.
        built_count: number of photos when `directions` and `breadths` were chosen.
    """

    identity: str
    ids: IdArray
    marks: MarkArray
    directions: FloatArray
    breadths: tuple[int, ...]
    built_count: int
    _graph: Any
    # Held for one search or one batch of additions, and to change ids and marks together.
    _lock: threading.Lock = field(default_factory=threading.Lock)
    # Held for a whole update or saving, so that neither sees half of the other.
    _writing: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def open_or_build(
        cls,
        folder: Path,
        matrix: VectorMatrix,
        *,
        queries: FloatArray | None = None,
        threads: int | None = None,
        progress: Progress | None = None,
        stop: threading.Event | None = None,
    ) -> "VectorIndex | None":
        """Load the index of these vectors, bring it up to date, or build it anew, and save it.

        `queries` (m, dim) float32 are what users may ask, such as encoded sentences, to choose
        the breadth by; else mixtures of photos. None where hnswlib is missing or no photo is there.

        Raises:
            Stopped: `stop` was set.
        """
        if _hnswlib() is None or len(matrix) == 0:
            return None
        index = cls.open(folder, matrix)
        if index is not None and index.is_current(matrix):
            return index
        if index is None or not index.update(matrix, threads=threads, stop=stop):
            index = cls.build(
                matrix, queries=queries, threads=threads, progress=progress, stop=stop
            )
        index.save(folder)
        return index

    @classmethod
    def open(cls, folder: Path, matrix: VectorMatrix) -> "VectorIndex | None":
        """Load the saved index; None where missing, damaged, or too far from `matrix` to help."""
        library = _hnswlib()
        stored = load_index(folder, matrix.identity, matrix.dim) if library else None
        if library is None or stored is None:
            return None
        graph = library.Index(space="ip", dim=stored.directions.shape[1])
        try:
            graph.load_index(str(stored.graph), max_elements=int(stored.capacity * _HEADROOM) + 1)
        except RuntimeError:
            return None
        index = cls(
            matrix.identity,
            stored.ids,
            stored.marks,
            stored.directions,
            stored.breadths,
            stored.built_count,
            graph,
        )
        return index if index.fits(matrix) else None

    @classmethod
    def build(
        cls,
        matrix: VectorMatrix,
        *,
        queries: FloatArray | None = None,
        threads: int | None = None,
        progress: Progress | None = None,
        stop: threading.Event | None = None,
    ) -> "VectorIndex":
        """Build over all vectors of `matrix` (not empty) and choose the breadth by measurement."""
        library = _hnswlib()
        if library is None:
            raise RuntimeError("an index cannot be built without hnswlib")
        directions = leading_directions(matrix.vectors)
        graph = library.Index(space="ip", dim=directions.shape[1])
        graph.init_index(
            max_elements=int(len(matrix) * _HEADROOM) + 1, ef_construction=BUILD_BREADTH, M=LINKS
        )
        index = cls(
            matrix.identity,
            matrix.ids,
            _marks(matrix.vectors),
            directions,
            (),
            len(matrix),
            graph,
        )
        everything = np.arange(len(matrix))
        index._add(matrix, everything, _BUILD_BATCH, threads=threads, progress=progress, stop=stop)
        index._calibrate(matrix, _mixtures(matrix.vectors) if queries is None else queries)
        return index

    def save(self, folder: Path) -> bool:
        """Save atomically; False where the disk refuses (it then serves from memory only)."""
        with self._writing:
            stored = StoredIndex(
                self.ids,
                self.marks,
                self.directions,
                self.breadths,
                self.built_count,
                self._graph.element_count,
            )
            return save_index(folder, self.identity, stored, self._graph)

    def breadth(self, k: int) -> int:
        """How many candidates to look for so that the best k are among them; between the measured
        breadths they grow as a power of k, beyond them with k."""
        (low, high), (least, most) = RECALL_AT, self.breadths
        if k <= low:
            return least
        if k >= high:
            return most * k // high
        return int(least * (most / least) ** (math.log(k / low) / math.log(high / low)))

    def candidates(self, query: FloatArray, breadth: int, count: int | None = None) -> IdArray:
        """Ids of the `count` (all when None) best of about `breadth` photos nearest to the query
        (dim,), in the graph's own order.

        Fewer where the graph has fewer; none where it cannot find that many.
        """
        breadth = min(breadth, len(self.ids))
        if breadth == 0:
            return np.empty(0, dtype=np.int64)
        count = breadth if count is None else min(count, breadth)
        with self._lock:
            self._graph.set_ef(breadth)
            try:
                labels, _ = self._graph.knn_query(query @ self.directions, k=count, num_threads=1)
            except RuntimeError:
                return np.empty(0, dtype=np.int64)
        found: IdArray = labels[0].astype(np.int64)
        return found

    def missing_rows(self, matrix: VectorMatrix) -> npt.NDArray[np.int64]:
        """Rows of `matrix` that it cannot propose because they came later."""
        return np.flatnonzero(~np.isin(matrix.ids, self.ids, assume_unique=True))

    def is_current(self, matrix: VectorMatrix) -> bool:
        """Whether it holds exactly the photos of `matrix`."""
        return np.array_equal(self.ids, matrix.ids)

    def fits(self, matrix: VectorMatrix) -> bool:
        """Whether it can serve searches over `matrix`, which may be some changes ahead."""
        if self.identity != matrix.identity or len(matrix) == 0:
            return False
        with self._lock:
            ids, marks = self.ids, self.marks
        known, mine, theirs = np.intersect1d(
            ids, matrix.ids, assume_unique=True, return_indices=True
        )
        few_missing = len(matrix) - len(known) <= MOST_MISSING * len(matrix)
        few_deleted = len(ids) - len(known) <= MOST_DELETED * len(ids)
        same = np.array_equal(marks[mine], _marks(matrix.vectors)[theirs])
        return few_missing and few_deleted and same

    def update(
        self,
        matrix: VectorMatrix,
        *,
        threads: int | None = None,
        stop: threading.Event | None = None,
    ) -> bool:
        """Add new photos and mark deleted ones; False, unchanged, where it should be rebuilt."""
        with self._writing:
            grown = len(matrix) > MOST_GROWTH * self.built_count
            gone = self.ids[~np.isin(self.ids, matrix.ids, assume_unique=True)]
            dead = self._graph.element_count - len(self.ids) + len(gone)
            worn = dead > MOST_DELETED * self._graph.element_count
            if grown or worn or not self.fits(matrix):
                return False
            new = self.missing_rows(matrix)
            self._add(matrix, new, _UPDATE_BATCH, threads=threads, progress=None, stop=stop)
            marks = _marks(matrix.vectors)
            with self._lock:
                for photo in gone.tolist():
                    self._graph.mark_deleted(photo)
                self.ids, self.marks = matrix.ids, marks
        return True

    def _add(
        self,
        matrix: VectorMatrix,
        rows: npt.NDArray[np.int64],
        batch: int,
        *,
        threads: int | None,
        progress: Progress | None,
        stop: threading.Event | None,
    ) -> None:
        room = self._graph.element_count + len(rows)
        if room > self._graph.max_elements:
            with self._lock:
                self._graph.resize_index(int(room * _HEADROOM) + 1)
        for start in range(0, len(rows), batch):
            if stop is not None and stop.is_set():
                raise Stopped
            part = rows[start : start + batch]
            projected = project(matrix.vectors[part], self.directions)
            with self._lock:
                self._graph.add_items(projected, matrix.ids[part], num_threads=threads or -1)
            time.sleep(_PAUSE_SECONDS)
            if progress is not None:
                progress(start + len(part), len(rows))

    def _calibrate(self, matrix: VectorMatrix, queries: FloatArray) -> None:
        """Choose the smallest breadths that reach the wanted recall on `queries`."""
        queries = queries[:_CALIBRATION_QUERIES]
        counts = [min(count, len(matrix)) for count in RECALL_AT]
        exact = [_nearest(matrix, query, counts[-1]) for query in queries]
        most = most_candidates(matrix)
        found: list[int] = []
        breadth = _LEAST_BREADTH
        while len(found) < len(counts):
            count = counts[len(found)]
            recall = self._recall(queries, exact, breadth, count) if breadth >= count else 0.0
            if recall >= LEAST_RECALL or breadth > max(most, RANKED_AGAIN * count):
                found.append(breadth)
            else:
                breadth = int(breadth * _BREADTH_STEP)
        self.breadths = tuple(found)

    def _recall(
        self, queries: FloatArray, exact: Sequence[IdArray], breadth: int, count: int
    ) -> float:
        """Share of the best `count` of all photos that are found."""
        hits = [
            len(np.intersect1d(self.candidates(query, breadth, RANKED_AGAIN * count), best[:count]))
            for query, best in zip(queries, exact, strict=True)
        ]
        return float(np.mean(hits)) / count


def most_candidates(matrix: VectorMatrix) -> int:
    """How many candidates a graph can look for before reading all vectors is quicker."""
    return matrix.vectors.size // _NUMBERS_A_CANDIDATE


def _nearest(matrix: VectorMatrix, query: FloatArray, count: int) -> IdArray:
    found = scan(matrix.vectors, query)
    best, _ = rank_rows(matrix.vectors, query, None, found, bias=None, k=count)
    return matrix.ids[best]


def _mixtures(vectors: HalfArray) -> FloatArray:
    """Queries that are no photo, as words never are: sums of two random photos."""
    generator = np.random.default_rng(0)
    pairs = generator.integers(0, len(vectors), (_CALIBRATION_QUERIES, 2))
    mixed: FloatArray = vectors[pairs].astype(np.float32).sum(axis=1)
    lengths = np.linalg.norm(mixed, axis=1, keepdims=True)
    mixed /= np.maximum(lengths, np.finfo(np.float32).tiny)
    return mixed


def _marks(vectors: HalfArray) -> MarkArray:
    """The first four numbers of every vector as one."""
    four = np.zeros((len(vectors), 4), dtype=np.float16)
    width = min(4, vectors.shape[1])
    four[:, :width] = vectors[:, :width]
    return four.view(np.uint64)[:, 0]

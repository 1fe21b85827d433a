"""Search over a library of one size: every way, ours and others', on the same queries in turn."""

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np

from capsearch.benchmark.peers import Way, exact_peers, filtering_peer, graph_peers
from capsearch.benchmark.report import Better
from capsearch.benchmark.run import Run
from capsearch.catalog.catalog import Catalog
from capsearch.encoders.base import Encoder, FloatArray
from capsearch.library.encoder_view import cache_identity, library_id
from capsearch.search import Searcher, VectorIndex, VectorMatrix, index_notice
from capsearch.search.filters import IdArray, ascending
from capsearch.search.vector_index import LEAST_RECALL, RECALL_AT
from capsearch.settings import cache_folder

PART, CANDIDATES = "search", "candidates"
OUR_EXACT, OUR_INDEX = "CapSearch, exact", "CapSearch, index"
MEDIAN = "latency, median"
# With more photos a peer's graph takes longer to build than all the rest takes.
MOST_FOR_GRAPH_PEERS = 100_000

# What tells how fast the machine was during a run should be measured at one size only.
_YARDSTICK_SIZE, _QUICK_YARDSTICK_SIZE = 100_000, 5_000
_RESULTS = RECALL_AT[0]
_RECALLS = (10, _RESULTS)
_SHARES = (0.5, 0.02)
_BREADTHS = (100, 200, 400, 800, 1600)
_FIRST_BREADTH, _BREADTH_STEP = 100, 1.25
_PERCENTILES = (("median", 50), ("95%", 95), ("99%", 99))
T = TypeVar("T")


class SizedSearch:
    """Measures one library.

    Args:
        run: where figures go.
        library: the library's file, made already.
        encoder: whose vectors are searched.
        size: how many photos the library has.
        calibration: (m, dim) queries that every way may be tuned by.
        rounds: the queries (q, dim) of each round.
    """

    def __init__(
        self,
        run: Run,
        library: Path,
        encoder: Encoder,
        size: int,
        calibration: FloatArray,
        rounds: Sequence[FloatArray],
    ) -> None:
        self._run = run
        self._library = library
        self._cache = cache_folder(library)
        self._encoder = encoder
        self._size = size
        self._calibration = calibration
        self._rounds = rounds

    def measure(self) -> None:
        """Write the vectors and the index as the product does, then search in every way."""
        matrix = self._open_matrix()
        index = self._open_index(matrix)
        exact = Searcher(matrix)
        self._compare_filters(matrix, exact)
        gc.collect()
        ways = [Way(OUR_EXACT, lambda query, k: exact.search(query, k)[0], peer=False)]
        if index is not None:
            ways.append(_our_index(matrix, index))
        ways += exact_peers(self._run, matrix)
        ways += self._tuned_peers(matrix, index, exact)
        self._compare(ways, exact, matrix)

    def _open_matrix(self) -> VectorMatrix:
        self._say("reading the vectors")
        with Catalog.open(self._library) as catalog:
            identity = cache_identity(library_id(catalog), self._encoder.identity)
            generation = catalog.generation(self._encoder.identity)

            def open_or_build() -> VectorMatrix:
                return VectorMatrix.open_or_build(
                    self._cache,
                    identity,
                    generation,
                    self._encoder.dim,
                    lambda: catalog.iter_vectors(self._encoder.identity),
                )

            seconds, matrix = timed(open_or_build)
            self._add("vectors written for searching", "CapSearch", "s", [seconds])
            opened = [timed(open_or_build)[0] for _ in self._rounds]
            self._add("vectors opened and checked", "CapSearch", "s", opened)
        self._add_bytes("library file", self._library.stat().st_size)
        self._add_bytes("vectors for searching", _folder_bytes(self._cache))
        return matrix

    def _open_index(self, matrix: VectorMatrix) -> VectorIndex | None:
        notice = index_notice()
        if notice is not None:
            self._run.lacks(notice)
            return None
        self._say("building the index")
        seconds, index = timed(lambda: VectorIndex.build(matrix, queries=self._calibration))
        self._add("index built", OUR_INDEX, "s", [seconds])
        before = _folder_bytes(self._cache)
        self._add("index saved", OUR_INDEX, "s", [timed(lambda: index.save(self._cache))[0]])
        self._add_bytes("index", _folder_bytes(self._cache) - before)
        opened = [timed(lambda: VectorIndex.open(self._cache, matrix))[0] for _ in self._rounds]
        self._add("index opened and checked", OUR_INDEX, "s", opened)
        return index

    def _tuned_peers(
        self, matrix: VectorMatrix, index: VectorIndex | None, exact: Searcher
    ) -> Iterator[Way]:
        """Peers' graphs, each looking at as few photos as the recall allows that ours is tuned
        for, by the same queries."""
        if self._size > MOST_FOR_GRAPH_PEERS:
            self._run.note(
                f"Other programs' graphs are built over at most {MOST_FOR_GRAPH_PEERS:,} photos: "
                "with more it takes longer than all the rest."
            )
            return
        if index is not None:
            self._sweep(_any_breadth(matrix, index), exact)
        best = [exact.search(query, _RESULTS)[0] for query in self._calibration]
        for name, build in graph_peers(self._run, matrix):
            self._say(f"building {name}")
            seconds, way = timed(build)
            self._add("index built", name, "s", [seconds], peer=True)
            self._sweep(way, exact)
            breadth = _tune(way, self._calibration, best, self._size)
            yield Way(name, way.search, breadth=breadth)

    def _sweep(self, way: Way, exact: Searcher) -> None:
        """Recall and latency by the number of candidates."""
        assert way.set_breadth is not None
        queries = self._rounds[0]
        best = [exact.search(query, _RESULTS)[0] for query in queries]
        for breadth in _BREADTHS:
            way.set_breadth(breadth)
            seconds, found = _ask(queries, way)
            name = f"{way.name}, {breadth:,} candidates"
            recall = recall_at(_RESULTS, found, best)
            median = 1000 * float(np.median(seconds))
            self._run.add(
                CANDIDATES, f"recall at {_RESULTS}", name, "%", [recall],
                size=self._size, better="more", peer=way.peer,
            )  # fmt: skip
            self._run.add(
                CANDIDATES, MEDIAN, name, "ms", [median],
                size=self._size, better="less", peer=way.peer,
            )  # fmt: skip

    def _compare(self, ways: Sequence[Way], exact: Searcher, matrix: VectorMatrix) -> None:
        seconds: dict[str, list[list[float]]] = {way.name: [] for way in ways}
        recalls: dict[tuple[str, int], list[float]] = {
            (way.name, k): [] for way in ways for k in _RECALLS
        }
        reading: list[float] = []
        for turn, queries in enumerate(self._rounds):
            self._say(f"round {turn + 1} of {len(self._rounds)}")
            best = [exact.search(query, _RESULTS)[0] for query in queries]
            reading.append(1000 * _time_reading(matrix))
            for way in ways:
                taken, found = _ask(queries, way)
                seconds[way.name].append(taken)
                for k in _RECALLS:
                    recalls[way.name, k].append(recall_at(k, found, best))
        self._add_latency("latency", ways, seconds)
        for k in _RECALLS:
            for way in ways:
                rounds = recalls[way.name, k]
                self._add(f"recall at {k}", way.name, "%", rounds, better="more", peer=way.peer)
        for way in ways:
            if way.breadth is not None:
                what = f"candidates for {LEAST_RECALL:.0%} of the best {_RESULTS}"
                self._add(what, way.name, "", [way.breadth], better="", peer=way.peer)
        if self._size == (_QUICK_YARDSTICK_SIZE if self._run.quick else _YARDSTICK_SIZE):
            what = "vectors read once from memory"
            self._run.add("yardstick", what, "numpy", "ms", reading, size=self._size)
        medians = [1000 * float(np.median(taken)) for taken in seconds[OUR_EXACT]]
        times = [median / read for median, read in zip(medians, reading, strict=True)]
        self._add("exact search against reading the vectors once", "CapSearch", "times", times)

    def _compare_filters(self, matrix: VectorMatrix, exact: Searcher) -> None:
        generator = np.random.default_rng(0)
        for share in _SHARES:
            allowed = ascending(matrix.ids[generator.random(len(matrix)) < share])
            ways = [_our_filter(exact, allowed)]
            if share == min(_SHARES) and self._size <= MOST_FOR_GRAPH_PEERS:
                self._say("building hnswlib")
                peer = filtering_peer(self._run, matrix, allowed)
                ways += [peer] if peer is not None else []
            self._say(f"filter of {share:.0%}")
            seconds: dict[str, list[list[float]]] = {way.name: [] for way in ways}
            for queries in self._rounds:
                for way in ways:
                    seconds[way.name].append(_ask(queries, way)[0])
            self._add_latency(f"latency among {share:.0%}", ways, seconds)

    def _add_latency(
        self, what: str, ways: Sequence[Way], seconds: dict[str, list[list[float]]]
    ) -> None:
        for name, percent in _PERCENTILES:
            for way in ways:
                rounds = [
                    1000 * float(np.percentile(taken, percent)) for taken in seconds[way.name]
                ]
                named = f"{what}, {name}"
                self._add(named, way.name, "ms", rounds, peer=way.peer)

    def _add(
        self,
        what: str,
        way: str,
        unit: str,
        rounds: Sequence[float],
        *,
        better: Better = "less",
        peer: bool = False,
    ) -> None:
        self._run.add(PART, what, way, unit, rounds, size=self._size, better=better, peer=peer)

    def _add_bytes(self, what: str, count: int) -> None:
        self._add(f"disk a photo, {what}", "CapSearch", "bytes", [count / self._size])

    def _say(self, step: str) -> None:
        self._run.say(f"search over {self._size:,} photos: {step}")


def timed(act: Callable[[], T]) -> tuple[float, T]:
    """Seconds that it took, and what it gave."""
    start = time.perf_counter()
    result = act()
    return time.perf_counter() - start, result


def recall_at(k: int, found: Sequence[IdArray], best: Sequence[IdArray]) -> float:
    """Share of the best k of every query that are among the first k found."""
    shares = [
        len(np.intersect1d(ids[:k], right[:k])) / len(right[:k])
        for ids, right in zip(found, best, strict=True)
        if len(right)
    ]
    return float(np.mean(shares)) if shares else 1.0


def _our_index(matrix: VectorMatrix, index: VectorIndex) -> Way:
    quick = Searcher(matrix, index, exact_values=0)
    return Way(
        OUR_INDEX,
        lambda query, k: quick.search(query, k)[0],
        peer=False,
        breadth=index.breadth(_RESULTS),
    )


def _any_breadth(matrix: VectorMatrix, index: VectorIndex) -> Way:
    """Ours, with as many candidates as it is told."""
    tuned = index.breadths
    quick = Searcher(matrix, index, exact_values=0)
    chosen = tuned

    def set_breadth(breadth: int) -> None:
        nonlocal chosen
        chosen = (breadth, breadth * RECALL_AT[1] // RECALL_AT[0])

    def search(query: FloatArray, k: int) -> IdArray:
        index.breadths = chosen
        try:
            return quick.search(query, k)[0]
        finally:
            index.breadths = tuned

    return Way(OUR_INDEX, search, set_breadth, peer=False)


def _our_filter(exact: Searcher, allowed: IdArray) -> Way:
    return Way("CapSearch", lambda query, k: exact.search(query, k, allowed=allowed)[0], peer=False)


def _tune(way: Way, queries: FloatArray, best: Sequence[IdArray], most: int) -> int:
    """The smallest breadth, a quarter more from step to step, that has the recall ours has."""
    assert way.set_breadth is not None
    breadth = _FIRST_BREADTH
    while True:
        way.set_breadth(breadth)
        found = _ask(queries, way)[1]
        if breadth >= most or recall_at(_RESULTS, found, best) >= LEAST_RECALL:
            return breadth
        breadth = int(breadth * _BREADTH_STEP)


def _ask(queries: FloatArray, way: Way) -> tuple[list[float], list[IdArray]]:
    """Seconds and results of each query, one after the other."""
    pairs = [timed(lambda query=query: way.search(query, _RESULTS)) for query in queries]  # type: ignore[misc]
    return [seconds for seconds, _ in pairs], [ids for _, ids in pairs]


def _time_reading(matrix: VectorMatrix) -> float:
    """Seconds to read all vectors once, by one core, as a scan has to."""
    whole = matrix.vectors.reshape(-1)
    eights = whole[: len(whole) // 4 * 4].view(np.int64)
    return float(np.median([timed(eights.sum)[0] for _ in range(5)]))


def _folder_bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())

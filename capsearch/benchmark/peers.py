"""What one would search vectors with instead: each loaded only where it is installed."""

import importlib
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from capsearch.benchmark.run import Run
from capsearch.machine import usable_cores
from capsearch.search.filters import IdArray
from capsearch.search.matrix import VectorMatrix
from capsearch.search.scoring import FloatArray, RowArray
from capsearch.search.vector_index import BUILD_BREADTH, LINKS

Search = Callable[[FloatArray, int], IdArray]


@dataclass(frozen=True)
class Way:
    """A way to search: a query (dim,) and a number of results to photo ids, best first.

    `set_breadth` is there where it looks at some photos only, and says at how many; `breadth` is
    how many that is for now. `peer`: it is somebody else's program.
    """

    name: str
    search: Search
    set_breadth: Callable[[int], None] | None = None
    peer: bool = True
    breadth: int | None = None


def exact_peers(run: Run, matrix: VectorMatrix) -> Iterator[Way]:
    """Those that compare all vectors, in memory of their own where they need it."""
    whole = matrix.vectors.astype(np.float32)
    yield Way("numpy, single precision", _numpy_search(matrix.ids, whole))
    if torch := _library(run, "torch", "torch"):
        half = torch.from_numpy(np.array(matrix.vectors))
        yield Way("torch, half precision", _torch_search(torch, matrix.ids, half))
    if faiss := _faiss(run):
        flat = faiss.IndexFlatIP(matrix.dim)
        flat.add(whole)
        yield Way("faiss, flat", _faiss_search(flat, matrix.ids))
        del flat
        quantizer = faiss.ScalarQuantizer.QT_fp16
        halves = faiss.IndexScalarQuantizer(matrix.dim, quantizer, faiss.METRIC_INNER_PRODUCT)
        halves.train(whole[:1000])
        halves.add(whole)
        yield Way("faiss, half precision", _faiss_search(halves, matrix.ids))


def graph_peers(run: Run, matrix: VectorMatrix) -> Iterator[tuple[str, Callable[[], Way]]]:
    """How to build each that looks at some photos only, by the same links and breadth as ours."""
    if faiss := _faiss(run):
        yield "faiss, HNSW", lambda: _faiss_graph(faiss, matrix)
    if usearch := _library(run, "usearch.index", "usearch"):
        yield "usearch, half precision", lambda: _usearch_graph(usearch, matrix)


def filtering_peer(run: Run, matrix: VectorMatrix, allowed: IdArray) -> Way | None:
    """hnswlib as its own documentation filters it: a function that is asked for every photo. Ours
    never leaves a filter to it."""
    hnswlib = _library(run, "hnswlib", "hnswlib")
    if hnswlib is None:
        return None
    graph = hnswlib.Index(space="ip", dim=matrix.dim)
    graph.init_index(max_elements=len(matrix), ef_construction=BUILD_BREADTH, M=LINKS)
    graph.add_items(matrix.vectors.astype(np.float32), matrix.ids, num_threads=usable_cores())
    graph.set_ef(BUILD_BREADTH)
    wanted = set(allowed.tolist())

    def search(query: FloatArray, k: int) -> IdArray:
        with suppress(RuntimeError):  # where it finds too few
            labels, _ = graph.knn_query(query, k=k, num_threads=1, filter=wanted.__contains__)
            return np.asarray(labels[0], np.int64)
        return np.empty(0, np.int64)

    return Way("hnswlib, callback filter", search)


def _library(run: Run, module: str, package: str) -> ModuleType | None:
    try:
        return importlib.import_module(module)
    except Exception:  # noqa: BLE001 - a broken build fails in its own ways
        run.lacks(
            f"Search by {package}: it does not come with the installed app."
            if getattr(sys, "frozen", False)
            else f"Search by {package}: `pip install 'capsearch[benchmark]'` brings it."
        )
        return None


def _faiss(run: Run) -> Any:
    faiss = _library(run, "faiss", "faiss-cpu")
    if faiss is not None:
        faiss.omp_set_num_threads(usable_cores())
    return faiss


def _numpy_search(ids: IdArray, whole: FloatArray) -> Search:
    def search(query: FloatArray, k: int) -> IdArray:
        scores = whole @ query
        k = min(k, len(ids))
        best = np.argpartition(-scores, k - 1)[:k]
        return ids[best[np.argsort(-scores[best])]]

    return search


def _torch_search(torch: Any, ids: IdArray, vectors: Any) -> Search:
    def search(query: FloatArray, k: int) -> IdArray:
        scores = vectors @ torch.from_numpy(query).to(vectors.dtype)
        best: RowArray = torch.topk(scores, min(k, len(ids))).indices.numpy()
        return ids[best]

    return search


def _faiss_search(index: Any, ids: IdArray) -> Search:
    def search(query: FloatArray, k: int) -> IdArray:
        rows: RowArray = index.search(query[None], min(k, len(ids)))[1][0]
        return ids[rows[rows >= 0]]

    return search


def _faiss_graph(faiss: Any, matrix: VectorMatrix) -> Way:
    graph = faiss.IndexHNSWFlat(matrix.dim, LINKS, faiss.METRIC_INNER_PRODUCT)
    graph.hnsw.efConstruction = BUILD_BREADTH
    graph.add(matrix.vectors.astype(np.float32))

    def set_breadth(breadth: int) -> None:
        graph.hnsw.efSearch = breadth

    return Way("faiss, HNSW", _faiss_search(graph, matrix.ids), set_breadth)


def _usearch_graph(usearch: Any, matrix: VectorMatrix) -> Way:
    graph = usearch.Index(
        ndim=matrix.dim, metric="ip", dtype="f16", connectivity=LINKS, expansion_add=BUILD_BREADTH
    )
    graph.add(matrix.ids.astype(np.uint64), np.array(matrix.vectors), threads=usable_cores())

    def search(query: FloatArray, k: int) -> IdArray:
        found: Sequence[int] = graph.search(query, k).keys
        return np.asarray(found, np.int64)

    def set_breadth(breadth: int) -> None:
        graph.expansion_search = breadth

    return Way("usearch, half precision", search, set_breadth)

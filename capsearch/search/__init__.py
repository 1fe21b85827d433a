"""Query vector in, ranked photos out: exact on a memory-mapped matrix, or by an hnswlib graph."""

from capsearch.search.index_file import remove_caches
from capsearch.search.matrix import VectorMatrix
from capsearch.search.searcher import Searcher, wants_index
from capsearch.search.vector_index import Stopped, VectorIndex, index_notice

__all__ = [
    "Searcher",
    "Stopped",
    "VectorIndex",
    "VectorMatrix",
    "index_notice",
    "remove_caches",
    "wants_index",
]

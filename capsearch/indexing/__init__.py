"""Folders into the catalog: scan, decode in worker processes, encode, record."""

from capsearch.indexing.index import index_folders
from capsearch.indexing.report import IndexReport, Progress

__all__ = ["IndexReport", "Progress", "index_folders"]

"""Folders into the catalog: scan, decode in worker processes, encode, record."""

from capsearch.indexing.report import IndexReport, Progress
from capsearch.indexing.run import index_changes, index_folders
from capsearch.indexing.scan import Scope

__all__ = ["IndexReport", "Progress", "Scope", "index_changes", "index_folders"]

"""Changes in the library's folders while the program runs, gathered and handed on."""

from capsearch.watching.changes import Changes
from capsearch.watching.watcher import LibraryWatcher

__all__ = ["Changes", "LibraryWatcher"]

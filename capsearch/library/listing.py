"""What is listed of a whole library, and takes a while: renewed where no question waits for it."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

from capsearch.catalog.catalog import Catalog
from capsearch.errors import CapsearchError

# While photos arrive, it is listed anew this often.
_STALE_SECONDS = 10.0
T = TypeVar("T")


class Listing(Generic[T]):
    """What `read` gives of a library, after every change of it, by anybody.

    Where many questions come (`resident`), the first one alone waits for it: later ones get what
    was listed before, until a thread has read the library as it is now. Otherwise each is up to
    date. For one thread.
    """

    def __init__(self, catalog: Catalog, read: Callable[[Catalog], T], *, resident: bool) -> None:
        self._catalog = catalog
        self._read = read
        self._resident = resident
        self._listed: T | None = None
        self._mark: object = None
        self._looked_at = float("-inf")
        self._thread: threading.Thread | None = None

    def get(self) -> T:
        """The list; see the class for how new it is."""
        if self._listed is None or not self._resident:
            return self._renewed()
        self._renew_beside()
        return self._listed

    def look_again(self) -> None:
        """Begin to renew it now, and not up to ten seconds later."""
        self._looked_at = float("-inf")
        if self._listed is not None and self._resident:
            self._renew_beside()

    def read_anew(self) -> None:
        """Have the next question wait until the library is listed as it is then."""
        self.close()  # what it reads may be older
        self._listed = None

    def close(self) -> None:
        """Wait for the thread."""
        if self._thread is not None:
            self._thread.join()

    def _renewed(self) -> T:
        mark = self._catalog.change_mark()
        if self._listed is None or mark != self._mark:
            self._listed = self._read(self._catalog)
            self._mark, self._looked_at = mark, time.monotonic()
        return self._listed

    def _renew_beside(self) -> None:
        now = time.monotonic()
        if now - self._looked_at < _STALE_SECONDS or self._is_reading():
            return
        self._looked_at = now
        # Before the other connection looks: what changes in between is seen as a change again.
        mark = self._catalog.change_mark()
        if mark != self._mark:
            self._thread = threading.Thread(
                target=self._read_beside, args=(mark,), name="capsearch-listing", daemon=True
            )
            self._thread.start()

    def _is_reading(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _read_beside(self, mark: object) -> None:
        with (
            suppress(CapsearchError),  # then it is tried again
            Catalog.open(self._catalog.path, read_only=True) as catalog,
        ):
            self._listed, self._mark = self._read(catalog), mark

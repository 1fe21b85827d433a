"""Codecs warn about odd files on stderr and by Python warnings: nobody is to see either."""

import logging
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

# Without a handler of their own these would fall back to the one that prints on stderr.
for _name in ("PIL", "pi_heif"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


class _Silence:
    """`warnings.catch_warnings` is one for the process: the first in sets it, the last out ends it.

    Entered and left by threads in turn it would otherwise put back the wrong filters.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._caught = warnings.catch_warnings()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        with self._lock:
            self._inside += 1
            if self._inside == 1:
                self._caught = warnings.catch_warnings()
                self._caught.__enter__()
                warnings.simplefilter("ignore")
        try:
            yield
        finally:
            with self._lock:
                self._inside -= 1
                if self._inside == 0:
                    self._caught.__exit__(None, None, None)


silenced = _Silence().__call__

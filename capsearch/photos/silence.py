"""Codecs complain of odd files by Python warnings and on stderr: nobody is to see either."""

import logging
import os
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

_STDERR = 2

# Without a handler of their own these would fall back to the one that prints on stderr.
for _name in ("PIL", "pi_heif", "libav"):
    logging.getLogger(_name).addHandler(logging.NullHandler())


class _Shared:
    """A state of the whole process that several threads want at once.

    The first in sets it, the last out ends it: entered and left by each on its own, in turn, the
    wrong state would be put back.
    """

    def __init__(self, state: Callable[[], AbstractContextManager[None]]) -> None:
        self._state = state
        self._lock = threading.Lock()
        self._inside = 0
        self._stack = ExitStack()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        with self._lock:
            if self._inside == 0:
                self._stack.enter_context(self._state())
            self._inside += 1
        try:
            yield
        finally:
            with self._lock:
                self._inside -= 1
                if self._inside == 0:
                    self._stack.close()


@contextmanager
def _no_warnings() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _no_stderr() -> Iterator[None]:
    try:
        kept = os.dup(_STDERR)
    except OSError:  # a windowed program has none
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, _STDERR)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(kept, _STDERR)
        os.close(kept)


silenced = _Shared(_no_warnings)
"""`with silenced():` no Python warning is shown."""

silenced_stderr = _Shared(_no_stderr)
"""`with silenced_stderr():` what a library in C prints goes nowhere; hold it shortly."""

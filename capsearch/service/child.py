"""A child process seen from the window's: messages in, messages out, one word when it ends."""

import multiprocessing
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psutil


class Child:
    """Runs `target(connection, *arguments)` in a fresh process.

    `on_message` and, once, `on_end` are called from a thread of this object's.
    """

    def __init__(
        self,
        name: str,
        target: Callable[..., None],
        arguments: tuple[Any, ...],
        on_message: Callable[[Any], None],
        on_end: Callable[["Child"], None],
    ) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._on_message, self._on_end = on_message, on_end
        self._sending = threading.Lock()
        self._process = context.Process(
            target=target, args=(theirs, *arguments), name=f"capsearch-{name}"
        )
        self._process.start()
        theirs.close()
        self._reader = threading.Thread(target=self._read, name=f"capsearch-{name}", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """The process's id."""
        assert self._process.pid is not None
        return self._process.pid

    def send(self, message: Any) -> bool:
        """Send; False where the process has ended."""
        with self._sending:
            try:
                self._connection.send(message)
            except OSError:
                return False
        return True

    def end(self, patience: float) -> None:
        """Wait `patience` seconds for the process to end by itself, then kill it and its own."""
        self._process.join(patience)
        if self._process.is_alive():
            kill_tree(self.pid)
        self.reap()
        self._reader.join()

    def reap(self) -> None:
        """Let go of a process that has ended."""
        self._process.join()
        with self._sending:
            self._connection.close()

    def _read(self) -> None:
        with suppress(EOFError, OSError, TypeError):
            while True:
                self._on_message(self._connection.recv())
        self._on_end(self)


def kill_tree(pid: int) -> None:
    """Kill a process of ours and all that it started."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        for victim in [*process.children(recursive=True), process]:
            with suppress(psutil.NoSuchProcess):
                victim.kill()

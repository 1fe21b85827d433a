"""An index run in a process of its own, as the window has it, and the memory of all it starts."""

import multiprocessing
import threading
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import psutil

from capsearch.benchmark.plain_loop import load_measured
from capsearch.catalog.catalog import Catalog
from capsearch.indexing.run import index_folders
from capsearch.processes import start_process
from capsearch.service.child import kill_tree

_EVERY_SECONDS = 0.2


class IndexProcess:
    """Holds an encoder and indexes with it when told to. A context manager: leaving it ends the
    process and all that it started."""

    def __init__(self, encoder: str, device: str) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(theirs, encoder, device), name="capsearch-benchmark-index"
        )
        self._process.start()
        theirs.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.pid is not None
        kill_tree(self._process.pid)
        self._process.join()
        self._connection.close()

    def wait(self) -> None:
        """Until the encoder is loaded and has encoded something.

        Raises:
            RuntimeError: the process has ended; it said why itself.
        """
        self._receive()

    def index(self, library: Path, folder: Path) -> tuple[float, float, float]:
        """Index `folder` into `library`: seconds that took; memory before and at its highest, in
        bytes, of this process and of all that it started.

        Raises:
            RuntimeError: the process has ended; it said why itself.
        """
        assert self._process.pid is not None
        with _MemoryWatch(self._process.pid) as memory:
            self._connection.send((library, folder))
            seconds = self._receive()
        return seconds, memory.first, memory.highest

    def _receive(self) -> float:
        try:
            return float(self._connection.recv())
        except (EOFError, OSError):
            raise RuntimeError("The process that indexes for the benchmark has ended.") from None


class _MemoryWatch:
    """Looks at the memory of a process and of all below it until it is left."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self.first = self.highest = self._held()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(_EVERY_SECONDS):
            self.highest = max(self.highest, self._held())

    def _held(self) -> float:
        total = 0.0
        with suppress(psutil.Error):
            for process in (self._process, *self._process.children(recursive=True)):
                with suppress(psutil.Error):
                    total += _memory_of(process)
        return total


def _memory_of(process: psutil.Process) -> float:
    """Bytes; what processes share counts once among them where the system can tell."""
    held = process.memory_full_info()
    return float(getattr(held, "pss", held.rss))


def _serve(connection: Connection, name: str, device: str) -> None:
    """Tell that all is loaded, then index what comes and tell the seconds, until closed."""
    start_process()
    encoder = load_measured(name, device)
    size = encoder.input_spec.size
    encoder.encode_images(np.zeros((encoder.batch_size, size, size, 3), np.uint8))
    with suppress(EOFError, OSError):
        connection.send(0.0)
        while True:
            library, folder = connection.recv()
            start = time.perf_counter()
            with Catalog.open(library) as catalog:
                index_folders(catalog, encoder, [str(folder)])
            connection.send(time.perf_counter() - start)

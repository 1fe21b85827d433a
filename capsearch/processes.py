"""Processes beside this one: what each does at its start, and those that may hang or die at work.

They are spawned, never forked: the encoder's threads forbid it.
"""

import importlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

import psutil

from capsearch.errors import CapsearchError

READY = "ready"
"""What a guarded process sends first."""

_WINDOWS_BELOW_NORMAL = 0x4000
_START_SECONDS = 120.0
_STARTS = 3
# A process that waits for a drive that is gone cannot even be killed; nobody waits for it.
_DEATH_SECONDS = 1.0


def start_process(*, background: bool = False, memory_bytes: int | None = None) -> None:
    """End with the parent, leave Ctrl-C to it, and step back where the work is for later.

    `memory_bytes`: what the process may use, where the system can tell; a decompression bomb then
    fails here and not the whole machine.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if background:
        with suppress(psutil.Error, OSError):
            low = _WINDOWS_BELOW_NORMAL if sys.platform == "win32" else 10
            psutil.Process().nice(low)
    if memory_bytes is not None:
        _limit_memory(memory_bytes)


def _end_with_parent() -> None:
    """The parent may be killed while a codec hangs here, deaf to the closed connection."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _limit_memory(most: int) -> None:
    if os.name == "posix":
        resource = importlib.import_module("resource")
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        if hard == resource.RLIM_INFINITY or hard > most:
            resource.setrlimit(resource.RLIMIT_DATA, (most, hard))


class ProcessKilled(Exception):  # noqa: N818 - no error: its owner asked for it
    """The process was killed by its owner; there is nothing more to wait for."""


class GuardedProcess:
    """Runs `target(connection, *arguments)`, which sends `READY` first and may then hang or die.

    One thread uses it; `kill` may come from any other.
    """

    def __init__(
        self, name: str, target: Callable[..., None], arguments: tuple[Any, ...] = ()
    ) -> None:
        self._name, self._target, self._arguments = name, target, arguments
        self._killed = threading.Event()
        self._guard = threading.Lock()
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None

    @property
    def killed(self) -> bool:
        """Whether `kill` was called."""
        return self._killed.is_set()

    @property
    def running(self) -> bool:
        """Whether it was started and not found to have ended."""
        return self._connection is not None

    def start(self) -> None:
        """Start it and wait until it is ready.

        Raises:
            CapsearchError: it cannot be started.
            ProcessKilled: `kill` was called.
        """
        for _ in range(_STARTS):
            self._connection = self._spawn()
            with suppress(EOFError, TimeoutError):
                self.receive(_START_SECONDS)
                return
        raise CapsearchError(
            "The processes that read photos cannot be started.",
            "Run `capsearch doctor`, and free some memory if it is short.",
        )

    def send(self, message: object) -> None:
        """Send; a process that has died meanwhile tells so at the next `receive`."""
        assert self._connection is not None
        with suppress(OSError):
            self._connection.send(message)

    def receive(self, seconds: float) -> Any:
        """Wait for the next message.

        Raises, having ended the process:
            TimeoutError: none came in this time.
            EOFError: it died.
            ProcessKilled: `kill` was called.
        """
        assert self._connection is not None
        try:
            if self._connection.poll(seconds):
                return self._connection.recv()
        except (EOFError, OSError):
            self.end()
            self._check_killed()
            raise EOFError from None
        self.end()
        self._check_killed()
        raise TimeoutError

    def end(self) -> None:
        """End the process; it may be started again."""
        with self._guard:
            process, self._process = self._process, None
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if process is not None:
            process.kill()
            process.join(_DEATH_SECONDS)
            if process.exitcode is not None:
                process.close()

    def kill(self) -> None:
        """End the process for good; whoever waits for it gets `ProcessKilled`."""
        self._killed.set()
        with self._guard:
            if self._process is not None:
                self._process.kill()

    def _spawn(self) -> Connection:
        self._check_killed()
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(
            target=self._target,
            args=(theirs, *self._arguments),
            name=f"capsearch-{self._name}",
            daemon=True,
        )
        with self._guard, interrupts_blocked():
            process.start()
            self._process = process
        theirs.close()
        if self.killed:
            process.kill()
        return ours

    def _check_killed(self) -> None:
        if self.killed:
            raise ProcessKilled


@contextmanager
def interrupts_blocked() -> Iterator[None]:
    """Inherited by a process that is started meanwhile, which so never sees a Ctrl-C."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

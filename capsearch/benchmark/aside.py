"""What is measured in a process of its own: its memory is its alone, and its death is not ours."""

import multiprocessing
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

import psutil

from capsearch.errors import CapsearchError
from capsearch.processes import interrupts_blocked, start_process

Tell = Callable[[object], None]

_HEAR_AGAIN_SECONDS = 0.2
_DEATH_SECONDS = 5.0


class LostError(Exception):
    """What was to be measured ended before it had told all; the words say why, in half a
    sentence."""


@dataclass(frozen=True)
class _Refused:
    message: str
    next_step: str


@dataclass(frozen=True)
class _Fault:
    words: str


class Aside:
    """A process that measures, as `aside` begins it."""

    def __init__(self, process: SpawnProcess, connection: Connection, log: Path) -> None:
        self._process, self._connection, self._log = process, connection, log
        self._began = time.perf_counter()

    def hear(self, seconds: float) -> Any:
        """Wait for what it tells next; as `hear_when` without the time."""
        return self.hear_when(seconds)[0]

    def hear_when(self, seconds: float) -> tuple[Any, float]:
        """Wait for what it tells next, and the seconds from before its start until that was told.

        Raises:
            LostError: it ended, or told nothing in so many seconds.
            CapsearchError: it met what the user can mend.
        """
        deadline = time.perf_counter() + seconds
        try:
            # In short waits, for on Windows none is ended by Ctrl-C.
            while not self._connection.poll(_HEAR_AGAIN_SECONDS):
                if time.perf_counter() > deadline:
                    raise LostError(f"nothing came of it in {seconds:.0f} seconds")
            told = self._connection.recv()
        except (EOFError, OSError):
            raise LostError(self._last_words()) from None
        heard = time.perf_counter() - self._began
        if isinstance(told, _Fault):
            raise LostError(told.words)
        if isinstance(told, _Refused):
            raise CapsearchError(told.message, told.next_step)
        return told, heard

    def _last_words(self) -> str:
        self._process.join(_DEATH_SECONDS)
        code = self._process.exitcode
        ended = "its process ended"
        if code is not None and code < 0:
            with suppress(ValueError):
                ended = f"its process was ended by {signal.Signals(-code).name}"
        elif code:
            ended = f"its process ended with code {code}"
        complaints = self._log.read_text(errors="replace").split("\n") if self._log.exists() else []
        last = next((line.strip() for line in reversed(complaints) if line.strip()), "")
        return f"{ended} ({last.rstrip('.')})" if last else ended


@contextmanager
def aside(work: Callable[..., None], *arguments: object, log: Path) -> Iterator[Aside]:
    """Begin `work(tell, *arguments)` in a fresh process; at the end of the context that process
    and all that it started are killed.

    Args:
        work: importable by name; what it tells is heard here.
        arguments: what it needs, sent to it.
        log: a file for what the process complains about, which tells why it died.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(
        target=_serve, args=(theirs, log, work, arguments), name="capsearch-benchmark"
    )
    begun = Aside(process, ours, log)
    try:
        with interrupts_blocked():
            process.start()
        theirs.close()
        yield begun
    finally:
        ours.close()
        if process.pid is not None:
            _end(process)


def ask_aside(
    work: Callable[..., None], *arguments: object, log: Path, seconds: float = 600.0
) -> Any:
    """The one thing that `work` tells in a process of its own; raises as `Aside.hear_when`."""
    with aside(work, *arguments, log=log) as begun:
        return begun.hear(seconds)


def _serve(
    connection: Connection, log: Path, work: Callable[..., None], arguments: tuple[Any, ...]
) -> None:
    start_process()
    _complain_into(log)
    try:
        work(connection.send, *arguments)
    except CapsearchError as error:
        connection.send(_Refused(error.message, error.next_step))
    except Exception as error:  # noqa: BLE001 - told to the parent, which says it and goes on
        traceback.print_exc()
        connection.send(_Fault(f"{type(error).__name__}: {error}"))


def _complain_into(log: Path) -> None:
    """Qt and the system's libraries write there past Python; the terminal is for the figures."""
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(file, 2)
    os.close(file)
    if sys.stderr is None:  # a program without a console has none
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def _end(process: SpawnProcess) -> None:
    """Kill it and all that it started, and wait until they are gone, with their open files."""
    victims: list[psutil.Process] = []
    with suppress(psutil.NoSuchProcess):
        root = psutil.Process(process.pid)
        victims = [*root.children(recursive=True), root]
    for victim in victims:
        with suppress(psutil.NoSuchProcess):
            victim.kill()
    process.join(_DEATH_SECONDS)
    psutil.wait_procs(victims, _DEATH_SECONDS)
    if process.exitcode is not None:
        process.close()

"""Decode workers: processes under a time limit, replaced when they hang or die.

Each worker is told once which contents are known, however many they are, and has a thread here
that feeds it a few tasks ahead and takes its answers in order, so the file at fault is always
known, and the bounded queue of outcomes is all the back-pressure there needs to be.
"""

import queue
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Self

from capsearch.encoders.base import InputSpec
from capsearch.indexing.queue import TaskQueue
from capsearch.indexing.tasks import (
    NOTHING_KNOWN,
    KnownContents,
    Outcome,
    ReadFailure,
    ReadTask,
)
from capsearch.indexing.worker import serve
from capsearch.processes import GuardedProcess, ProcessKilled

FILE_SECONDS = 60.0
_AHEAD = 4


class DecodePool:
    """Reads `tasks` with `workers` processes; iterate over it for the outcomes, in any order.

    What is `known` is not decoded, or only for its perceptual hash. At most `window` outcomes wait
    to be taken.
    A context manager: leaving it ends every process.
    """

    def __init__(
        self,
        tasks: Sequence[ReadTask],
        spec: InputSpec,
        *,
        known: KnownContents = NOTHING_KNOWN,
        workers: int,
        window: int,
        file_seconds: float = FILE_SECONDS,
    ) -> None:
        self._queue = TaskQueue(tasks)
        self._left = len(tasks)
        self._outcomes: queue.Queue[Outcome | Exception] = queue.Queue(window)
        count = min(workers, len(tasks))
        self._feeders = [
            _Feeder(self._queue, self._outcomes, spec, known, file_seconds) for _ in range(count)
        ]

    def __enter__(self) -> Self:
        for feeder in self._feeders:
            feeder.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._queue.close()
        for feeder in self._feeders:
            feeder.stop()
        for feeder in self._feeders:
            feeder.join()

    def outcomes(self, patience: float) -> Iterator[Outcome | None]:
        """Yield each file's outcome, and None whenever none came for `patience` seconds.

        Raises `CapsearchError` where no worker can be started.
        """
        while self._left:
            try:
                outcome = self._outcomes.get(timeout=patience)
            except queue.Empty:
                yield None
                continue
            if isinstance(outcome, Exception):
                raise outcome
            self._left -= 1
            yield outcome


class _Feeder(threading.Thread):
    """The thread of one worker."""

    def __init__(
        self,
        tasks: TaskQueue,
        outcomes: "queue.Queue[Outcome | Exception]",
        spec: InputSpec,
        known: KnownContents,
        file_seconds: float,
    ) -> None:
        super().__init__(name="capsearch-feed", daemon=True)
        self._tasks = tasks
        self._outcomes = outcomes
        self._known = known
        self._file_seconds = file_seconds
        self._given: deque[ReadTask] = deque()
        self._worker = GuardedProcess("decode", serve, (spec,))

    def run(self) -> None:
        try:
            while self._refill():
                self._put_first(self._await_first())
        except ProcessKilled:
            pass
        except Exception as error:  # noqa: BLE001 - raised where the outcomes are awaited
            self._put(error)
        finally:
            self._worker.end()

    def stop(self) -> None:
        """Kill the worker; the thread then ends by itself."""
        self._worker.kill()

    def _refill(self) -> bool:
        if not self._given:
            task = self._tasks.take()
            if task is None:
                return False
            self._give(task)
        while len(self._given) < _AHEAD and not self._given[-1].alone:
            more = self._tasks.take_more()
            if more is None:
                break
            self._give(more)
        return True

    def _give(self, task: ReadTask) -> None:
        self._given.append(task)
        if self._worker.running:
            self._worker.send(task)

    def _await_first(self) -> Outcome:
        if not self._worker.running:
            self._worker.start()
            self._worker.send(self._known)
            for given in self._given:
                self._worker.send(given)
        task = self._given[0]
        try:
            outcome: Outcome = self._worker.receive(self._file_seconds)
        except TimeoutError:
            reason = f"reading it took longer than {self._file_seconds:.0f} seconds"
            return ReadFailure(task.path, task.stamp, reason)
        except EOFError:
            reason = "the file makes the reader of its format crash"
            return ReadFailure(task.path, task.stamp, reason, crowded=True)
        return outcome

    def _put_first(self, outcome: Outcome) -> None:
        if self._tasks.finish(self._given.popleft(), outcome):
            self._put(outcome)

    def _put(self, outcome: Outcome | Exception) -> None:
        while not self._worker.killed:
            try:
                self._outcomes.put(outcome, timeout=0.2)
            except queue.Full:
                continue
            return

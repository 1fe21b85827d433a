"""The order in which files are read: together while they are small, alone when they must be."""

import dataclasses
import threading
from collections import deque
from collections.abc import Iterable

from capsearch.indexing.tasks import Outcome, ReadFailure, ReadTask


class TaskQueue:
    """Hands tasks to many workers; those that failed beside others come again, one at a time,
    when nothing else is being read. Safe to use from many threads."""

    def __init__(self, tasks: Iterable[ReadTask]) -> None:
        self._waiting = deque(tasks)
        self._crowded: deque[ReadTask] = deque()
        self._busy = 0
        self._closed = False
        self._changed = threading.Condition()

    def take(self) -> ReadTask | None:
        """Wait for a task; None when all are done or the queue was closed."""
        with self._changed:
            while not self._closed:
                task = self._next(free=True)
                if task is not None:
                    return task
                if not self._busy:
                    break
                self._changed.wait()
            self._changed.notify_all()
            return None

    def take_more(self) -> ReadTask | None:
        """One more for a worker that has something to do already; None when there is none now."""
        with self._changed:
            return None if self._closed else self._next(free=False)

    def finish(self, task: ReadTask, outcome: Outcome) -> bool:
        """Note that `task` was tried; True where `outcome` is its last word."""
        with self._changed:
            self._busy -= 1
            again = isinstance(outcome, ReadFailure) and outcome.crowded and not task.alone
            if again:
                self._crowded.append(dataclasses.replace(task, alone=True))
            self._changed.notify_all()
            return not again

    def close(self) -> None:
        """Hand out nothing more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _next(self, *, free: bool) -> ReadTask | None:
        if self._waiting:
            self._busy += 1
            return self._waiting.popleft()
        if free and self._crowded and not self._busy:
            self._busy += 1
            return self._crowded.popleft()
        return None

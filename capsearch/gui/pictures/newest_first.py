"""A few threads that do what was asked for last first, and forget what was asked too long ago.

Each has a process of its own to read photos by, for a damaged one may make its reader hang or die.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

from capsearch.library.pictures import PictureReader
from capsearch.processes import ProcessKilled

Job = TypeVar("Job")


Work = Callable[[PictureReader, Job], Callable[[], object]]
"""Does a job, and gives back what tells of it: that is called when the job is no longer being done,
so that whoever hears of it can ask for the same again."""


class NewestFirst(Generic[Job]):
    """Runs `work(reader, job)` in `threads` threads, started when first needed; of the jobs that
    wait, the newest `most` are kept."""

    def __init__(self, name: str, threads: int, most: int, work: Work[Job]) -> None:
        self._name, self._count, self._most, self._work = name, threads, most, work
        self._waiting: OrderedDict[int, Job] = OrderedDict()
        self._busy: dict[int, Job] = {}
        self._changed = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._readers: list[PictureReader] = []
        self._closed = False

    def put(self, key: int, job: Job) -> None:
        """Have a job done, in the place of one of this key that waits; nothing where just this
        one is being done."""
        with self._changed:
            if self._closed or (key in self._busy and self._busy[key] == job):
                return
            self._waiting[key] = job
            self._waiting.move_to_end(key)
            if len(self._waiting) > self._most:
                self._waiting.popitem(last=False)
            if len(self._threads) < self._count:
                reader = PictureReader()
                thread = threading.Thread(
                    target=self._run, args=(reader,), name=self._name, daemon=True
                )
                self._readers.append(reader)
                self._threads.append(thread)
                thread.start()
            self._changed.notify()

    def close(self) -> None:
        """Begin no more jobs and give up those begun, even one that waits for a drive that is
        gone."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify_all()
        for reader in self._readers:
            reader.close()
        for thread in self._threads:
            thread.join()

    def _run(self, reader: PictureReader) -> None:
        try:
            self._work_on(reader)
        except ProcessKilled:
            pass  # closed
        finally:
            reader.end()

    def _work_on(self, reader: PictureReader) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._closed:
                    self._changed.wait()
                if self._closed:
                    return
                key, job = self._waiting.popitem()
                self._busy[key] = job
            tell = self._work(reader, job)
            with self._changed:
                self._busy.pop(key, None)
            tell()

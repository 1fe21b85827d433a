"""Models come and go in a process of their own, one at a time."""

import threading
from collections.abc import Callable

from capsearch.service.child import Child
from capsearch.service.events import Event, ModelEvent, ModelFailed, ModelPaused, ModelProgress
from capsearch.service.model_process import (
    DiscardModel,
    InstallModel,
    ModelJob,
    serve_model,
)


class Installer:
    """Has one job done at a time; its last event is told when its process has ended."""

    def __init__(self, tell: Callable[[Event], None]) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self._child: Child | None = None
        self._job: ModelJob | None = None
        self._outcome: ModelEvent | None = None
        self._giving_up = self._closed = False

    @property
    def pid(self) -> int | None:
        """Id of the process that is at work, while there is one."""
        return self._child.pid if self._child else None

    @property
    def job(self) -> ModelJob | None:
        """What is being done."""
        return self._job

    def start(self, job: ModelJob) -> bool:
        """Begin a job; False where another one goes on."""
        with self._lock:
            if self._closed or self._job is not None:
                return False
            self._begin(job)
        return True

    def pause(self) -> None:
        """Stop the download that goes on, keeping what has arrived."""
        with self._lock:
            self._stop()

    def discard(self, name: str) -> bool:
        """Give up a download, going on or stopped before; False where another one goes on."""
        with self._lock:
            if self._job == InstallModel(name):
                self._giving_up = True
                self._stop()
                return True
        return self.start(DiscardModel(name))

    def ask_to_end(self) -> None:
        """Begin nothing more, and stop what goes on soon."""
        with self._lock:
            self._closed = True
            self._stop()

    def end(self, patience: float) -> None:
        """Wait `patience` seconds for the process to end, then end it."""
        with self._lock:
            child, self._child = self._child, None
        if child is not None:
            child.end(patience)
        self._job = None

    def _begin(self, job: ModelJob) -> None:
        self._job, self._outcome, self._giving_up = job, None, False
        self._child = Child("model", serve_model, (job,), self._take, self._ended)

    def _stop(self) -> None:
        if self._child is not None:
            self._child.send(None)

    def _take(self, event: ModelEvent) -> None:
        if isinstance(event, ModelProgress):
            self._tell(event)
        else:
            self._outcome = event

    def _ended(self, child: Child) -> None:
        with self._lock:
            if child is not self._child or self._job is None:
                return  # the window is closing
            child.reap()
            event = self._outcome or ModelFailed(
                self._job.name,
                f"The process that was at work on {self._job.name} ended unexpectedly.",
                "Try again: what has arrived is kept.",
            )
            name, given_up = self._job.name, self._giving_up
            self._child = self._job = None
            if given_up and isinstance(event, ModelPaused | ModelFailed) and not self._closed:
                self._begin(DiscardModel(name))
                return
        self._tell(event)

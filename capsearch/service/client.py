"""The window's end of the service: questions, answers, events. Knows no Qt and no model."""

import itertools
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from capsearch.errors import CapsearchError
from capsearch.service.child import Child
from capsearch.service.engine_process import serve_engine
from capsearch.service.events import EngineGone, EngineRestarted, Event, LibraryChanged, WatchNotice
from capsearch.service.factory import LibraryFactory, make_library
from capsearch.service.indexer import Indexer
from capsearch.service.installer import Installer
from capsearch.service.jobs import ExcludeJob, FollowJob, IndexJob, RelocateJob, RemoveFolderJob
from capsearch.service.operations import ChangeSettings, Operation
from capsearch.service.requests import (
    Bug,
    Dropped,
    EngineStoppedError,
    Message,
    Refusal,
    Reply,
    Request,
    Superseded,
)
from capsearch.service.watch import News
from capsearch.settings import Settings

Value = TypeVar("Value")

_DEATHS = 3
_DEATHS_SECONDS = 60.0
_TRIES = 2
_QUIT_SECONDS = 0.5


class EngineBugError(Exception):
    """A bug met in the engine's process; `traceback` is from there."""

    def __init__(self, name: str, traceback: str) -> None:
        super().__init__(name)
        self.traceback = traceback


@dataclass
class _Pending:
    request: Request
    future: "Future[Any]"
    tries: int = 1


class EngineClient:
    """One library's engine, indexer and installer of models, each in a process of its own.

    A process that dies is started again, and what was asked of it is asked once more. Futures
    and `listener` are called from threads of the client's, never from the one that asks.
    """

    def __init__(
        self,
        library: Path,
        settings: Settings,
        listener: Callable[[Event], None],
        library_factory: LibraryFactory = make_library,
    ) -> None:
        self.library = library
        self._settings = settings
        self._listener = listener
        self._factory = library_factory
        self._lock = threading.RLock()
        self._numbers = itertools.count()
        self._pending: dict[int, _Pending] = {}
        self._deaths: list[float] = []
        self._closed = False
        self._watch = True
        self._child: Child | None = None
        self._indexer = Indexer(library, settings, self._tell, library_factory)
        self._installer = Installer(self._tell)

    def start(self, *, watch: bool = True) -> None:
        """Start the engine's process; questions may be asked before it is ready. `watch` the
        library's folders, and have looked at what changes there."""
        with self._lock:
            self._watch = watch
            self._child = self._spawn()

    @property
    def indexer(self) -> Indexer:
        """Starts, holds and stops index runs."""
        return self._indexer

    @property
    def installer(self) -> Installer:
        """Has models come and go."""
        return self._installer

    @property
    def engine_pid(self) -> int | None:
        """Id of the engine's process."""
        return self._child.pid if self._child else None

    def ask(self, operation: Operation[Value], *, key: str | None = None) -> "Future[Value]":
        """Have the engine's process run an operation.

        The future raises `CapsearchError`, `Superseded` (a newer question of the same `key` came)
        or `EngineBugError`.
        """
        future: Future[Value] = Future()
        with self._lock:
            request = Request(next(self._numbers), operation, key)
            if self._closed or self._child is None:
                future.set_exception(_stopped())
                return future
            self._pending[request.number] = _Pending(request, future)
            # Where sending fails the process has ended: `_ended` will ask again.
            self._child.send(request)
        return future

    def index(
        self, folders: Sequence[str], *, retry: bool = False, encoder: str | None = None
    ) -> None:
        """Bring the library up to date with `folders`, now or after the run that goes on;
        `encoder` is one that the user wants to search by from now on."""
        self._indexer.start(IndexJob(tuple(folders), retry, encoder))

    def remove_folder(self, folder: str) -> None:
        """Take `folder` out of the library at once, also while photos are looked through."""
        self._indexer.change(RemoveFolderJob(folder))

    def exclude(self, folder: str, patterns: Sequence[str]) -> None:
        """Leave out of `folder` what matches one of `patterns`, instead of those it had."""
        self._indexer.change(ExcludeJob(folder, tuple(patterns)))

    def relocate_folder(self, old: str, new: str) -> None:
        """Look for the photos of the folder `old` in `new`, where the user has put them."""
        self._indexer.change(RelocateJob(old, new))

    def change_settings(self, settings: Settings) -> None:
        """Search and index by other settings from now on."""
        self._settings = settings
        self._indexer.change_settings(settings)
        self.ask(ChangeSettings(settings))

    def close(self) -> None:
        """End all processes within two seconds, whatever they are at. Nothing done is lost."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            child, self._child = self._child, None
            waiting = list(self._pending.values())
            self._pending.clear()
        self._indexer.ask_to_end()
        self._installer.ask_to_end()
        if child is not None:
            child.send(None)
            child.end(_QUIT_SECONDS)
        self._indexer.end(_QUIT_SECONDS)
        self._installer.end(_QUIT_SECONDS)
        for pending in waiting:
            pending.future.cancel()

    def _spawn(self) -> Child:
        arguments = (self.library, self._settings, self._factory, self._watch)
        return Child("engine", serve_engine, arguments, self._take, self._ended)

    def _tell(self, event: Event) -> None:
        if not self._closed:
            self._listener(event)

    def _take(self, message: Message | News) -> None:
        if isinstance(message, FollowJob):
            self._indexer.start(message)
            return
        if isinstance(message, LibraryChanged | WatchNotice):
            self._tell(message)
            return
        with self._lock:
            pending = self._pending.pop(message.number, None)
        if pending is not None and pending.future.set_running_or_notify_cancel():
            _settle(pending.future, message)

    def _ended(self, child: Child) -> None:
        """The engine's process is gone, though nobody asked it to."""
        with self._lock:
            if self._closed or child is not self._child:
                return
            child.reap()
            lost = self._restart()
            gone = self._child is None
        for pending in lost:
            pending.future.set_exception(_stopped())
        self._tell(EngineGone() if gone else EngineRestarted())

    def _restart(self) -> list[_Pending]:
        """Start again unless that has not helped; return what will have no answer."""
        now = time.monotonic()
        self._deaths = [death for death in self._deaths if now - death < _DEATHS_SECONDS] + [now]
        if len(self._deaths) > _DEATHS:
            self._child = None
            lost = list(self._pending.values())
            self._pending.clear()
            return lost
        self._child = self._spawn()
        # A question that has already cost two processes their lives is not put to a third.
        lost = [pending for pending in self._pending.values() if pending.tries >= _TRIES]
        for pending in lost:
            del self._pending[pending.request.number]
        for pending in self._pending.values():
            pending.tries += 1
            self._child.send(pending.request)
        return lost


def _settle(future: "Future[Any]", message: Message) -> None:
    match message:
        case Reply(value=value):
            future.set_result(value)
        case Refusal(message=sentence, next_step=next_step):
            future.set_exception(CapsearchError(sentence, next_step))
        case Dropped():
            future.set_exception(Superseded())
        case Bug(name=name, traceback=traceback):
            future.set_exception(EngineBugError(name, traceback))


def _stopped() -> EngineStoppedError:
    return EngineStoppedError(
        "The search engine ended unexpectedly.", "Start CapSearch again; your library is safe."
    )

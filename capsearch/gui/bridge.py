"""From the client's threads to the window's: answers and events arrive as signals."""

from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from capsearch.crash_log import keep_crash
from capsearch.errors import CapsearchError
from capsearch.service import EngineClient, Superseded
from capsearch.service.factory import LibraryFactory, make_library
from capsearch.service.operations import Operation
from capsearch.settings import Settings

Value = TypeVar("Value")
OnError = Callable[[CapsearchError], None]


class Bridge(QObject):
    """The window's one way to the library.

    `told` carries the service's events; `failed` a `CapsearchError` that nobody else takes.
    """

    told = Signal(object)
    failed = Signal(object)
    _answered = Signal(object, object, object)

    def __init__(
        self, library: Path, settings: Settings, library_factory: LibraryFactory = make_library
    ) -> None:
        super().__init__()
        self._open = True
        self.client = EngineClient(library, settings, self._event_from_thread, library_factory)
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def ask(
        self,
        operation: Operation[Value],
        *,
        then: Callable[[Value], object],
        otherwise: OnError | None = None,
        key: str | None = None,
    ) -> None:
        """Ask the engine's process; `then` or `otherwise` is called in this thread, later."""
        future = self.client.ask(operation, key=key)
        future.add_done_callback(partial(self._answer_from_thread, then, otherwise))

    def close(self) -> None:
        """Deliver nothing more and end the processes."""
        self._open = False
        self.client.close()

    def _event_from_thread(self, event: object) -> None:
        if self._open:
            self.told.emit(event)

    def _answer_from_thread(
        self,
        then: Callable[[Value], object],
        otherwise: OnError | None,
        future: "Future[Value]",
    ) -> None:
        if self._open:
            self._answered.emit(future, then, otherwise)

    def _deliver(
        self,
        future: "Future[Value]",
        then: Callable[[Value], object],
        otherwise: OnError | None,
    ) -> None:
        if not self._open:
            return
        try:
            value = future.result()
        except (Superseded, CancelledError):
            return
        except CapsearchError as error:
            (otherwise or self.failed.emit)(error)
            return
        except Exception as error:  # noqa: BLE001 - a bug over there is kept and told, not raised
            kept = keep_crash(error)
            trouble = CapsearchError(
                "Something went wrong in the search engine.",
                f"Its details are in {kept}." if kept else "Please report it.",
            )
            (otherwise or self.failed.emit)(trouble)
            return
        then(value)

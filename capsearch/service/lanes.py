"""A line of work: one thread, one request after the other, the newest of its kind only."""

import threading
import traceback
from collections import deque
from collections.abc import Callable

from capsearch.errors import CapsearchError
from capsearch.library.facade import Library
from capsearch.service.requests import Bug, Dropped, Message, Refusal, Reply, Request


class LaneThread(threading.Thread):
    """Runs requests on a library that belongs to this thread; ends with the process."""

    def __init__(
        self, name: str, open_library: Callable[[], Library], send: Callable[[Message], None]
    ) -> None:
        super().__init__(name=f"capsearch-{name}", daemon=True)
        self._open_library = open_library
        self._send = send
        self._waiting: deque[Request] = deque()
        self._changed = threading.Condition()

    def put(self, request: Request) -> None:
        """Queue a request; drops the waiting ones that it replaces."""
        with self._changed:
            if request.key is not None:
                for old in [old for old in self._waiting if old.key == request.key]:
                    self._waiting.remove(old)
                    self._send(Dropped(old.number))
            self._waiting.append(request)
            self._changed.notify()

    def run(self) -> None:
        """Answer until the process ends or nobody listens any more."""
        library = self._open_library()
        while True:
            with self._changed:
                while not self._waiting:
                    self._changed.wait()
                request = self._waiting.popleft()
            message = _answer(library, request)
            try:
                self._send(message)
            except OSError:
                return  # the window has gone
            except Exception as error:  # noqa: BLE001 - a value that cannot travel
                self._send(_bug(request, error))


def _answer(library: Library, request: Request) -> Message:
    try:
        return Reply(request.number, request.operation.run(library))
    except CapsearchError as error:
        return Refusal(request.number, error.message, error.next_step)
    except Exception as error:  # noqa: BLE001 - told to the window, which keeps it as a crash
        return _bug(request, error)


def _bug(request: Request, error: Exception) -> Bug:
    return Bug(request.number, type(error).__name__, "".join(traceback.format_exception(error)))

"""A line of work: one thread, one request after the other, the newest of its kind only."""

import threading
import traceback
from collections import deque
from collections.abc import Callable
from typing import Any

from capsearch.errors import CapsearchError
from capsearch.service.requests import Bug, Dropped, Message, Refusal, Reply, Request

Operation = Callable[[Any], Any]


class LaneThread(threading.Thread):
    """Runs requests in the thread that `open_operations` was called in; ends with the process."""

    def __init__(
        self,
        name: str,
        open_operations: Callable[[], dict[str, Operation]],
        send: Callable[[Message], None],
    ) -> None:
        super().__init__(name=f"capsearch-{name}", daemon=True)
        self._open_operations = open_operations
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
        """Answer for ever."""
        operations = self._open_operations()
        while True:
            with self._changed:
                while not self._waiting:
                    self._changed.wait()
                request = self._waiting.popleft()
            self._send(_answer(operations[request.name], request))


def _answer(operation: Operation, request: Request) -> Message:
    try:
        return Reply(request.number, operation(request.argument))
    except CapsearchError as error:
        return Refusal(request.number, error.message, error.next_step)
    except Exception as error:  # noqa: BLE001 - told to the window, which keeps it as a crash
        return Bug(request.number, type(error).__name__, traceback.format_exc())

"""The engine's process: takes requests, answers each on its lane."""

import os
import threading
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from capsearch.processes import start_process
from capsearch.service.factory import LibraryFactory
from capsearch.service.operations import Lane
from capsearch.service.requests import Message, Request
from capsearch.settings import Settings

if TYPE_CHECKING:
    from capsearch.library.facade import Library


def serve_engine(
    connection: Connection, library: Path, settings: Settings, make_library: LibraryFactory
) -> None:
    """Answer the requests that come on `connection` until None comes or it is closed."""
    # Not at the top: the window names this function.
    from capsearch.service.lanes import LaneThread  # noqa: PLC0415

    start_process()
    lock = threading.Lock()

    def send(message: Message) -> None:
        with lock:
            connection.send(message)

    def open_library() -> "Library":
        return make_library(library, settings, None)

    names: tuple[Lane, ...] = get_args(Lane)
    lanes = {name: LaneThread(name, open_library, send) for name in names}
    for lane in lanes.values():
        lane.start()
    with suppress(EOFError, OSError):
        request: Request | None
        while (request := connection.recv()) is not None:
            lanes[request.operation.lane].put(request)
    # At once, whatever the lanes are at: the library file is safe at any moment.
    os._exit(0)

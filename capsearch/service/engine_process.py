"""The engine's process: takes requests, answers each on its lane."""

import os
import threading
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from capsearch.service.factory import EngineFactory
from capsearch.service.lanes import LaneThread
from capsearch.service.processes import start_process
from capsearch.service.requests import Message, Request
from capsearch.settings import Settings


def serve_engine(
    connection: Connection, library: Path, settings: Settings, make_engine: EngineFactory
) -> None:
    """Answer the requests that come on `connection` until None comes or it is closed."""
    from capsearch.service.operations import (  # noqa: PLC0415  (the window names this function)
        SearchOperations,
        read_operations,
    )

    start_process(background=False)
    lock = threading.Lock()

    def send(message: Message) -> None:
        with lock:
            connection.send(message)

    search = SearchOperations(library, settings, make_engine)
    lanes = {
        "read": LaneThread("read", lambda: read_operations(library), send),
        "search": LaneThread("search", search.by_name, send),
    }
    for lane in lanes.values():
        lane.start()
    with suppress(EOFError, OSError):
        request: Request | None
        while (request := connection.recv()) is not None:
            lanes[request.lane].put(request)
    # At once, whatever the lanes are at: the library file is safe at any moment.
    os._exit(0)

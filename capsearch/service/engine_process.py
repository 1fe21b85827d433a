"""The engine's process: answers each request on its lane, and watches the library's folders."""

import os
import threading
from collections.abc import Callable
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
    from capsearch.service.watch import News


# Watching takes the processor from the first photos and the first search.
_WATCH_AFTER_SECONDS = 1.5


def serve_engine(
    connection: Connection,
    library: Path,
    settings: Settings,
    make_library: LibraryFactory,
    watch: bool,
) -> None:
    """Answer the requests that come on `connection` until None comes or it is closed; `watch` the
    library's folders meanwhile, and send what happens there."""
    # Not at the top: the window names this function.
    from capsearch.service.lanes import LaneThread  # noqa: PLC0415

    start_process()
    lock = threading.Lock()

    def send(message: "Message | News") -> None:
        with lock:
            connection.send(message)

    def send_news(news: "News") -> None:
        with suppress(OSError):  # the window has gone
            send(news)

    def open_library() -> "Library":
        return make_library(library, settings, None)

    names: tuple[Lane, ...] = get_args(Lane)
    lanes = {name: LaneThread(name, open_library, send) for name in names}
    for lane in lanes.values():
        lane.start()
    if watch:
        later = threading.Timer(_WATCH_AFTER_SECONDS, _watch_folders, (library, send_news))
        later.daemon = True
        later.start()
    with suppress(EOFError, OSError):
        request: Request | None
        while (request := connection.recv()) is not None:
            lanes[request.operation.lane].put(request)
    # At once, whatever the threads are at: the library file is safe at any moment.
    os._exit(0)


def _watch_folders(library: Path, send: "Callable[[News], None]") -> None:
    # Here, because loading it takes time from the first photos, too.
    from capsearch.library.following import LibraryFollower  # noqa: PLC0415
    from capsearch.service.watch import Messenger  # noqa: PLC0415

    LibraryFollower(library, Messenger(send)).start()

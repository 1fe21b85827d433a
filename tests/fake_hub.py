"""As much of the hub as a download needs, out of folders, with the faults that networks have."""

import hashlib
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_PIECE = 1 << 16


@dataclass(frozen=True)
class Asked:
    """One request; `begin` is where its Range does, None without one."""

    method: str
    host: str
    filename: str
    begin: int | None


class FakeHub(ThreadingHTTPServer):
    """Serves `OWNER/MODEL` from a folder each, and does what its fields say is wrong.

    claimed_size, checksum: said of every file. breaks_off: bytes of a body after which the
    connection is lost. ends_after, goes_on_for: bytes that a file has less or more than was said.
    slow_after: bytes after which little comes. statuses: what the next requests are refused with.
    error_code: the hub's word for that. ignores_ranges: it always sends the whole file.
    """

    daemon_threads = True

    def __init__(self, repositories: Mapping[str, Path]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.repositories = dict(repositories)
        self.asked: list[Asked] = []
        self.claimed_size: int | None = None
        self.checksum: str | None = None
        self.breaks_off: int | None = None
        self.ends_after: int | None = None
        self.goes_on_for = 0
        self.slow_after: int | None = None
        self.statuses: list[int] = []
        self.error_code = ""
        self.ignores_ranges = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def begins(self, filename: str) -> list[int | None]:
        """Where each download of this file began."""
        return [
            each.begin for each in self.asked if (each.method, each.filename) == ("GET", filename)
        ]


class _Handler(BaseHTTPRequestHandler):
    server: FakeHub

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        hub = self.server
        target = urlsplit(self.path)  # a proxy is asked for the whole address
        repository, _, rest = target.path.lstrip("/").partition("/resolve/")
        filename = rest.partition("/")[2]
        span = self.headers.get("Range")
        begin = int(span.removeprefix("bytes=").rstrip("-")) if span else None
        hub.asked.append(Asked(self.command, target.hostname or "", filename, begin))
        if hub.statuses:
            return self._refuse(hub.statuses.pop(0), hub.error_code)
        if repository not in hub.repositories:
            return self._refuse(404, "RepoNotFound")
        path = hub.repositories[repository] / filename
        if not path.is_file():
            return self._refuse(404, "EntryNotFound")
        content = path.read_bytes()
        return self._send(content, begin if not hub.ignores_ranges else None)

    def _refuse(self, status: int, error_code: str) -> None:
        self.send_response(status)
        self.send_header("X-Error-Code", error_code)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, content: bytes, begin: int | None) -> None:
        hub = self.server
        there = content[: hub.ends_after] + bytes(hub.goes_on_for)
        if begin is not None and begin >= len(there):
            return self._refuse(416, "")
        body = there[begin or 0 :]
        asked_for_size = self.command == "HEAD"
        self.send_response(200 if begin is None else 206)
        self.send_header("Content-Length", str(len(content if asked_for_size else body)))
        if begin is not None:
            self.send_header("Content-Range", f"bytes {begin}-{len(there) - 1}/{len(there)}")
        self.send_header("ETag", f'"{hub.checksum or hashlib.sha256(content).hexdigest()}"')
        self.send_header("X-Repo-Commit", "0" * 40)
        if hub.claimed_size is not None:
            self.send_header("X-Linked-Size", str(hub.claimed_size))
        self.end_headers()
        if not asked_for_size:
            self._send_body(body)
        return None

    def _send_body(self, body: bytes) -> None:
        hub = self.server
        sent = 0
        try:
            while sent < len(body):
                if hub.breaks_off is not None and sent >= hub.breaks_off:
                    self.close_connection = True
                    return
                if hub.slow_after is not None and sent >= hub.slow_after:
                    time.sleep(0.5)
                sent += self.wfile.write(body[sent : sent + _PIECE])
        except OSError:
            pass  # the other side has gone

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def serving(repositories: Mapping[str, Path]) -> Iterator[FakeHub]:
    server = FakeHub(repositories)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

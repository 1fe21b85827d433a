"""One file from a server: who is told the login, and what a checksum may be."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from capsearch import fetch as fetch_module
from capsearch.errors import CapsearchError
from capsearch.fetch import Login, ServedFile, fetch
from capsearch.transfer import DownloadStopped

CONTENT = b"what was announced"


class Server(ThreadingHTTPServer):
    """Serves `CONTENT`; `moved` says where a path has moved to, `holds` that a part of it is held
    back until `go_on`. `told` are the logins it saw."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.moved: dict[str, str] = {}
        self.told: list[tuple[str, str | None]] = []
        self.holds = False
        self.go_on = threading.Event()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.told.append((self.path, self.headers.get("Authorization")))
        target = self.server.moved.get(self.path)
        self.send_response(307 if target else 200)
        self.send_header("Content-Length", "0" if target else str(len(CONTENT)))
        if target:
            self.send_header("Location", target)
        self.end_headers()
        if target:
            return
        self.wfile.write(CONTENT[:5])
        if self.server.holds:
            self.server.go_on.wait(60)
        with suppress(OSError):  # the other side may have gone
            self.wfile.write(CONTENT[5:])

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def start() -> Iterator[Callable[[], Server]]:
    begun: list[tuple[Server, threading.Thread]] = []

    def start() -> Server:
        server = Server()
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        begun.append((server, thread))
        return server

    yield start
    for server, thread in begun:
        server.go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()


def served(server: Server, checksum: str = "") -> ServedFile:
    return ServedFile(
        "a file",
        f"http://{server.host}/old",
        len(CONTENT),
        checksum or hashlib.sha256(CONTENT).hexdigest(),
        Login(server.host, "Bearer secret"),
        "Choose another.",
    )


def fetched(server: Server, folder: Path, checksum: str = "") -> bytes:
    whole = folder / "whole"
    fetch(served(server, checksum), whole, folder / "part", lambda _: None, threading.Event())
    return whole.read_bytes()


def test_what_has_moved_on_the_same_host_is_had_with_the_same_login(
    start: Callable[[], Server], tmp_path: Path
) -> None:
    server = start()
    server.moved["/old"] = "/new"
    assert fetched(server, tmp_path) == CONTENT
    assert server.told == [("/old", "Bearer secret"), ("/new", "Bearer secret")]


def test_another_host_that_this_one_sends_to_is_not_told_the_login(
    start: Callable[[], Server], tmp_path: Path
) -> None:
    server, other = start(), start()
    server.moved["/old"] = f"http://{other.host}/store"
    assert fetched(server, tmp_path) == CONTENT
    assert other.told == [("/store", None)]


def test_the_name_that_git_gives_a_content_is_a_checksum_too(
    start: Callable[[], Server], tmp_path: Path
) -> None:
    named = hashlib.sha1(b"blob %d\0" % len(CONTENT) + CONTENT, usedforsecurity=False).hexdigest()
    assert fetched(start(), tmp_path, named) == CONTENT
    (tmp_path / "whole").unlink()
    with pytest.raises(CapsearchError, match="checksum is wrong"):
        fetched(start(), tmp_path, "0" * 40)
    assert list(tmp_path.iterdir()) == []


def test_a_stop_ends_it_while_the_server_sends_nothing(
    start: Callable[[], Server], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch_module, "_TIMEOUT_SECONDS", 600.0)  # that is not what ends it
    server, stop = start(), threading.Event()
    server.holds = True

    def stop_when_a_part_is_here(done: int) -> None:
        if done == 5:
            threading.Timer(0.2, stop.set).start()  # then it waits for the rest

    with pytest.raises(DownloadStopped):
        fetch(served(server), tmp_path / "whole", tmp_path / "part", stop_when_a_part_is_here, stop)
    assert not server.go_on.is_set()
    assert (tmp_path / "part").read_bytes() == CONTENT[:5]
    server.holds = False
    assert fetched(server, tmp_path) == CONTENT

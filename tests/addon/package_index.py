"""A package index on this machine, with every fault that one may have, and wheels for it."""

import hashlib
import json
import random
import threading
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from capsearch.addon.lock import LOCK_VERSION, Variant, running_python

_BLOCK = 1 << 14


@dataclass
class Faults:
    """What goes wrong with one file, or a project's page."""

    breaks_after: list[int] = field(default_factory=list)  # bytes, one for each connection
    statuses: list[int] = field(default_factory=list)  # answers before it is given after all
    length: int | None = None  # what the server says
    content: bytes | None = None  # what it sends instead
    knows_ranges: bool = True
    holds_after: int | None = None  # bytes; waits there until `go_on` is set


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Server"

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        self.server.asked.append((self.path, dict(self.headers.items())))
        faults = self.server.faults.get(url.path.rstrip("/").rpartition("/")[2], Faults())
        if faults.statuses:
            self.send_error(faults.statuses.pop(0))
        elif url.path.startswith("/simple/"):
            self._page(url.path.split("/")[2])
        elif url.path.startswith("/files/"):
            self._file(url.path.rpartition("/")[2], faults)
        else:
            self.send_error(404)

    def _page(self, project: str) -> None:
        names = [name for name in self.server.files if project_of(name) == project]
        if not names:
            self.send_error(404)
        elif self.server.speaks_json:
            files = [
                {
                    "filename": name,
                    "url": f"../../files/{name}",
                    "hashes": {"sha256": self.server.checksum(name)},
                }
                for name in names
            ]
            self._send(json.dumps({"files": files}).encode(), "application/vnd.pypi.simple.v1+json")
        else:
            links = "".join(
                f'<a href="/files/{name}#sha256={self.server.checksum(name)}">{name}</a><br>'
                for name in names
            )
            self._send(f"<!DOCTYPE html><html>{links}</html>".encode(), "text/html")

    def _send(self, page: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def _file(self, name: str, faults: Faults) -> None:
        content = self.server.files[name] if faults.content is None else faults.content
        begun = 0
        if "Range" in self.headers and faults.knows_ranges:
            first, _, last_wanted = self.headers["Range"].removeprefix("bytes=").partition("-")
            begun, whole = int(first), len(content)
            content = content[: int(last_wanted) + 1] if last_wanted else content
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {begun}-{len(content) - 1}/{whole}")
        else:
            self.send_response(200)
        length = len(content) - begun if faults.length is None else faults.length
        self.send_header("Content-Length", str(length))
        self.end_headers()
        last = faults.breaks_after.pop(0) if faults.breaks_after else len(content)
        for start in range(begun, min(begun + last, len(content)), _BLOCK):
            if faults.holds_after is not None and start >= faults.holds_after:
                self.server.holding.set()
                self.server.go_on.wait(60)
            self.wfile.write(content[start : min(start + _BLOCK, begun + last)])
        self.close_connection = True

    def log_message(self, *_: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    """Serves `files` by name; `asked` is every request, as (path, headers)."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {}
        self.faults: dict[str, Faults] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.speaks_json = True
        self.holding, self.go_on = threading.Event(), threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def index(self) -> str:
        return f"{self.address}/simple"

    def checksum(self, name: str) -> str:
        """A file's SHA-256."""
        return hashlib.sha256(self.files[name]).hexdigest()

    def ranges_of(self, name: str) -> list[str | None]:
        """The Range header of each request for a file."""
        return [headers.get("Range") for path, headers in self.asked if path.endswith(name)]

    def handle_error(self, *_: Any) -> None:
        """A client that was killed or stopped is what these tests are about."""


@dataclass(frozen=True)
class Published:
    """The index, the list of files (`lock`), and its variant for the processor."""

    server: Server
    lock: Path
    variant: Variant
    torch: str
    open_clip: str


@contextmanager
def package_index() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server
        finally:
            server.go_on.set()
            server.shutdown()
            thread.join()


def project_of(filename: str) -> str:
    return filename.split("-", maxsplit=1)[0].lower().replace("_", "-")


def make_wheel(
    folder: Path,
    project: str,
    version: str,
    files: Mapping[str, bytes | str],
    requires: Sequence[str] = (),
) -> Path:
    """A wheel with the files given and what every wheel has."""
    name = project.replace("-", "_")
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in files.items():
            archive.writestr(member, content)
        needs = "".join(f"Requires-Dist: {name}\n" for name in requires)
        facts = f"Metadata-Version: 2.1\nName: {project}\nVersion: {version}\n{needs}"
        archive.writestr(f"{info}/METADATA", facts)
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return path


_TORCH = """
from types import SimpleNamespace
__version__ = {version!r}
cuda = SimpleNamespace(is_available=lambda: False)
backends = SimpleNamespace(mps=cuda)
def get_num_threads():
    return 1
"""


def make_torch(folder: Path, version: str = "9.1") -> Path:
    """Laid out like PyTorch: a package with a library that does not get smaller by packing."""
    library = random.Random(version).randbytes(400_000)
    return make_wheel(
        folder,
        "torch",
        version,
        {
            "torch/__init__.py": _TORCH.format(version=version),
            "torch/lib/libtorch.so": library,
            f"torch-{version}.data/purelib/torchgen/__init__.py": "",
            f"torch-{version}.data/scripts/torchrun": "#!python\n",
        },
    )


def make_open_clip(folder: Path) -> Path:
    return make_wheel(
        folder,
        "open_clip_torch",
        "3.3",
        {"open_clip/__init__.py": "", "open_clip/model_configs/tiny.json": "{}"},
    )


def describe(wheel: Path, index: str, **changed: object) -> dict[str, object]:
    """A wheel as a lock has it."""
    content = wheel.read_bytes()
    with zipfile.ZipFile(wheel) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
    return {
        "project": wheel.name.split("-")[0],
        "version": wheel.name.split("-")[1],
        "filename": wheel.name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "unpacked": unpacked,
        "index": index,
        **changed,
    }


def write_lock(path: Path, variants: Mapping[str, Sequence[Mapping[str, object]]]) -> Path:
    python, platform = running_python()
    content = {
        "version": LOCK_VERSION,
        "python": python,
        "platform": platform,
        "variants": {kind: {"wheels": list(wheels)} for kind, wheels in variants.items()},
    }
    path.write_text(json.dumps(content))
    return path

"""One file from a server, for models and for PyTorch: a lost connection costs nothing, and what
arrived is compared with what was announced before it gets its name.

With the standard library's client: it takes the system's proxies on all three systems, and goes on
with a part of a file, which the hub's own client (from version 2 on) throws away. Certificates are
the system's own, by truststore: a frozen app has none that would fit every system.
"""

import hashlib
import socket
import ssl
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from errno import EDQUOT, EFBIG, ENOSPC
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Any

from capsearch import __version__
from capsearch.errors import CapsearchError
from capsearch.transfer import DownloadStopped

_TIMEOUT_SECONDS = 20.0
_CHUNK_BYTES = 1 << 16
_LOOK_SECONDS = 0.1
# Pauses before tries that follow one that brought nothing; then it is given up.
_PAUSES = (0.5, 1.0, 2.0, 4.0)
_AGAIN_LATER = (408, 425, 429, 500, 502, 503, 504)
_PARTIAL = 206
_SHA256_DIGITS = 64
_NEXT = "Try again: what has arrived is kept."


@dataclass(frozen=True)
class Login:
    """What one host, and no other that it sends to, is told of who asks; '' for nothing."""

    host: str
    authorization: str = ""


@dataclass(frozen=True)
class ServedFile:
    """A file as somebody announced it.

    `name` is what messages call it. `checksum` is its SHA-256, or the SHA-1 that git names its
    content by. `if_refused` is what a person can do where the server gives nothing.
    """

    name: str
    url: str
    size: int
    checksum: str
    login: Login
    if_refused: str

    @property
    def host(self) -> str:
        """Whom a person would ask about it."""
        return urllib.parse.urlsplit(self.url).netloc


def fetch(
    file: ServedFile,
    whole: Path,
    part: Path,
    arrived: Callable[[int], None],
    stop: threading.Event,
) -> None:
    """Fetch a file, or go on where an earlier try was left; check what arrived.

    A file that changed on the server between two tries is seen by its checksum, as any other
    damage: then it is fetched once more from its beginning.

    Args:
        file: what has to arrive, and from where.
        whole: where it lies once it is all there.
        part: where it lies until then, in the same folder.
        arrived: is told how many of its bytes there are.
        stop: set it to stop; what has arrived is kept.

    Raises:
        CapsearchError: no connection, another file than the one announced, a full disk.
        DownloadStopped: `stop` was set.
    """
    if whole.exists():
        return
    resumed = part.exists()
    _fetch_part(file, part, arrived, stop)
    if resumed and not _is_meant(part, file):
        part.unlink()
        _fetch_part(file, part, arrived, stop)
    if not _is_meant(part, file):
        part.unlink()
        raise CapsearchError(
            f"The download of {file.name} arrived changed: its checksum is wrong.",
            "Try again, from another network if it happens twice.",
            fault="changed",
        )
    with disk_errors(whole.parent):
        part.replace(whole)


def _is_meant(part: Path, file: ServedFile) -> bool:
    with part.open("rb") as content:
        if len(file.checksum) == _SHA256_DIGITS:
            return hashlib.file_digest(content, "sha256").hexdigest() == file.checksum
        begun = hashlib.sha1(b"blob %d\0" % file.size, usedforsecurity=False)
        return hashlib.file_digest(content, lambda: begun).hexdigest() == file.checksum


def _fetch_part(
    file: ServedFile, part: Path, arrived: Callable[[int], None], stop: threading.Event
) -> None:
    for attempt in attempts(file.host, stop, lambda: _size_of(part)):
        with attempt:
            if _size_of(part) < file.size or not part.exists():
                _go_on(file, part, arrived, stop)
            return


def _go_on(
    file: ServedFile, part: Path, arrived: Callable[[int], None], stop: threading.Event
) -> None:
    """One connection: everything that is still missing, or an HTTPException where it ends early."""
    begun = _size_of(part)
    headers = {"Range": f"bytes={begun}-"} if begun else {}
    with ask(file.url, file.login, headers, file.if_refused) as answer:
        if answer is None:
            raise CapsearchError(
                f"{file.host} does not have {file.name} any more.",
                file.if_refused,
                fault="refused",
            )
        told = answer.headers.get("Content-Range", "").removeprefix("bytes ")
        if answer.status != _PARTIAL or not told.startswith(f"{begun}-"):
            begun = 0  # a server that knows no ranges sends it from the beginning
        length = answer.headers.get("Content-Length", "")
        if length.isdecimal() and begun + int(length) != file.size:
            raise _wrong_length(file)
        _copy(answer, begun, file, part, arrived, stop)
    if _size_of(part) < file.size:
        raise HTTPException("it ended too early")


def _copy(
    answer: HTTPResponse,
    begun: int,
    file: ServedFile,
    part: Path,
    arrived: Callable[[int], None],
    stop: threading.Event,
) -> None:
    with disk_errors(part.parent):
        copy = part.open("r+b" if begun else "wb", buffering=0)
    with copy:
        copy.seek(begun)
        done = begun
        arrived(done)
        for chunk in _chunks(answer, stop):
            if done + len(chunk) > file.size:
                raise _wrong_length(file)
            rest = memoryview(chunk)
            while rest:  # a disk that is nearly full takes a piece of it
                with disk_errors(part.parent):
                    rest = rest[copy.write(rest) :]
            done += len(chunk)
            arrived(done)


def _chunks(answer: HTTPResponse, stop: threading.Event) -> Iterator[bytes]:
    """What arrives; `stop` ends it at once, also while nothing does."""
    over = threading.Event()
    with socket.fromfd(answer.fileno(), socket.AF_INET, socket.SOCK_STREAM) as line:

        def cut_when_stopped() -> None:
            while not over.wait(_LOOK_SECONDS):
                if stop.is_set():
                    with suppress(OSError):  # the server has gone already
                        line.shutdown(socket.SHUT_RDWR)
                    return

        watching = threading.Thread(target=cut_when_stopped, name="stop of a download")
        watching.start()
        try:
            while chunk := answer.read1(_CHUNK_BYTES):
                yield chunk
                if stop.is_set():
                    raise DownloadStopped
        finally:
            over.set()
            watching.join()


@contextmanager
def ask(
    url: str, login: Login, headers: dict[str, str], if_refused: str
) -> Iterator[HTTPResponse | None]:
    """A server's answer; None where it has no such thing.

    Raises:
        CapsearchError: it refuses.
        OSError, HTTPException: the connection does not hold, or the server is busy.
    """
    request = urllib.request.Request(url, headers=headers)
    request.add_header("User-Agent", f"capsearch/{__version__}")
    request.add_header("Accept-Encoding", "identity")
    if login.authorization and urllib.parse.urlsplit(url).netloc == login.host:
        # "Unredirected": another host that this one sends to is not told the password.
        request.add_unredirected_header("Authorization", login.authorization)
    try:
        answer = _opener().open(request, timeout=_TIMEOUT_SECONDS)
    except urllib.error.HTTPError as error:
        with error:
            if error.code in (404, 410):
                yield None
                return
            raise _refused(url, error, if_refused) from error
    with answer:
        yield answer


class _KeepingLogin(urllib.request.HTTPRedirectHandler):
    """What has moved on the same host, as a model with a new name has, needs the login too."""

    def redirect_request(self, req: urllib.request.Request, *rest: Any) -> Any:
        moved = super().redirect_request(req, *rest)
        told = req.unredirected_hdrs.get("Authorization")
        if moved is not None and told and (moved.type, moved.host) == (req.type, req.host):
            moved.add_unredirected_header("Authorization", told)
        return moved


def _opener() -> urllib.request.OpenerDirector:
    import truststore  # noqa: PLC0415 - every command starts by way of here, few go to a network

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=context), _KeepingLogin()
    )


class _Attempt:
    """A try that may end by the connection; `reason` then says how."""

    def __init__(self) -> None:
        self.reason = ""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, (OSError, HTTPException)):
            return False
        said = getattr(error, "reason", None) or error
        self.reason = str(said).strip().rstrip(".") or type(error).__name__
        return True


def attempts(
    host: str, stop: threading.Event, size: Callable[[], int] = lambda: 0
) -> Iterator[_Attempt]:
    """Tries, with pauses between them, for the caller to leave by `return` when one succeeds.

    One that brought something is followed by fresh ones: a line that breaks off every minute still
    brings the whole file.

    Raises:
        CapsearchError: several in a row brought nothing.
        DownloadStopped: `stop` was set.
    """
    pauses = iter(_PAUSES)
    while True:
        if stop.is_set():
            raise DownloadStopped
        before = size()
        attempt = _Attempt()
        yield attempt
        if size() > before:
            pauses = iter(_PAUSES)
        pause = next(pauses, None)
        if pause is None:
            raise CapsearchError(
                f"The connection to {host} does not hold ({attempt.reason}).",
                f"Check the connection. {_NEXT}",
                fault="offline",
            )
        stop.wait(pause)


def _size_of(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """What a disk refuses, in one sentence.

    Raises:
        CapsearchError: the disk is full, or cannot be written to.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (ENOSPC, EDQUOT, EFBIG):
            raise CapsearchError(
                f"The disk is full: {folder} has no more room.",
                f"Free some space. {_NEXT}",
                fault="room",
            ) from error
        raise CapsearchError(
            f"{folder} cannot be written to ({error.strerror or error}).",
            f"Check that its drive is there and may be written to. {_NEXT}",
        ) from error


def _wrong_length(file: ServedFile) -> CapsearchError:
    return CapsearchError(
        f"{file.host} has another {file.name} than the one announced: its length is wrong.",
        "Try again, from another network if it happens twice.",
        fault="changed",
    )


def _refused(url: str, error: urllib.error.HTTPError, if_refused: str) -> Exception:
    """Why a server gives nothing: an error of the connection where another try may help."""
    said = f"{error.code} {error.reason}".strip()
    if error.code in _AGAIN_LATER:
        return HTTPException(said)
    host = urllib.parse.urlsplit(url).netloc
    return CapsearchError(
        f"{host} does not give what was asked for ({said}).", if_refused, fault="refused"
    )

"""One file of a package index, fetched so that a lost connection costs nothing.

With the standard library's client: it takes the system's proxies on all three systems, and pip's
index protocol needs no more. Certificates are the system's own, by truststore: a frozen app has
none that would fit every system.
"""

import base64
import hashlib
import json
import ssl
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from errno import EDQUOT, ENOSPC
from html.parser import HTMLParser
from http.client import HTTPException, HTTPResponse
from pathlib import Path

import truststore

from capsearch import __version__
from capsearch.addon.lock import Wheel
from capsearch.errors import CapsearchError
from capsearch.transfer import DownloadStopped

PART_SUFFIX = ".part"

_TIMEOUT_SECONDS = 20.0
_CHUNK_BYTES = 1 << 16
_LARGEST_PAGE = 64 << 20
# Pauses before tries that follow one that brought nothing; then it is given up.
_PAUSES = (0.5, 1.0, 2.0, 4.0)
_AGAIN_LATER = (408, 425, 429, 500, 502, 503, 504)
_SCHEMES = ("http", "https")
_JSON_PAGE = "application/vnd.pypi.simple.v1+json"
_NEXT = "Try again: what has arrived is kept."

Arrived = Callable[[int], None]


@dataclass(frozen=True)
class PackageIndex:
    """A package index of pip's kind; `authorization` comes from a name and password in its URL."""

    url: str
    authorization: str = ""

    @classmethod
    def at(cls, address: str) -> "PackageIndex":
        """The index at an address as people give it to pip.

        Raises:
            CapsearchError: it is no web address.
        """
        parts = urllib.parse.urlsplit(address.strip())
        if parts.scheme not in _SCHEMES or not parts.hostname:
            raise CapsearchError(
                "The package index is not given as a web address.",
                "Write one such as https://pypi.org/simple, also in PIP_INDEX_URL.",
            )
        authorization = ""
        if parts.username is not None:
            login = f"{parts.username}:{parts.password or ''}"
            told = base64.b64encode(urllib.parse.unquote(login).encode()).decode()
            authorization = f"Basic {told}"
        host = parts.netloc.rpartition("@")[2]
        return cls(f"{parts.scheme}://{host}{parts.path.rstrip('/')}/", authorization)

    @property
    def host(self) -> str:
        """Whom a person would ask about it."""
        return urllib.parse.urlsplit(self.url).netloc


def find_address(index: PackageIndex, wheel: Wheel, stop: threading.Event) -> str | None:
    """Where an index has a wheel, by its simple API (PEP 503, PEP 691); None where it has none, or
    another file of that name, as a mirror may that builds its own.

    Raises:
        CapsearchError: the index does not answer, or not as one does.
        DownloadStopped: `stop` was set.
    """
    project = wheel.project.lower().replace("_", "-").replace(".", "-")
    url = urllib.parse.urljoin(index.url, f"{project}/")
    for attempt in _attempts(index.host, stop):
        with attempt, ask(url, index, {"Accept": f"{_JSON_PAGE}, text/html;q=0.5"}) as answer:
            if answer is None:
                return None
            page = answer.read(_LARGEST_PAGE)
            is_json = "json" in answer.headers.get_content_type()
            listed = _in_json(page) if is_json else _in_html(page)
            found = listed.get(wheel.filename)
            if found is None:
                return None
            address = urllib.parse.urljoin(answer.url, found)
            parts = urllib.parse.urlsplit(address)
            if parts.scheme not in _SCHEMES:
                raise HTTPException("it names an address that is not on the web")
            checksum = parts.fragment.partition("sha256=")[2]
            meant = checksum in ("", wheel.sha256)
            return parts._replace(fragment="").geturl() if meant else None
    raise AssertionError("attempts end by an error")


def _in_json(page: bytes) -> dict[str, str]:
    """Addresses by name, with the checksum behind them as in HTML."""
    try:
        return {
            str(file["filename"]): f"{file['url']}#sha256={file['hashes'].get('sha256', '')}"
            for file in json.loads(page)["files"]
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise HTTPException("its list of files cannot be read") from error


def _in_html(page: bytes) -> dict[str, str]:
    links = _Links()
    links.feed(page.decode("utf-8", "replace"))
    names = (urllib.parse.urlsplit(link).path.rpartition("/")[2] for link in links.found)
    return dict(zip(map(urllib.parse.unquote, names), links.found, strict=True))


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


def fetch(
    url: str,
    index: PackageIndex,
    wheel: Wheel,
    folder: Path,
    arrived: Arrived,
    stop: threading.Event,
) -> Path:
    """Fetch a wheel into `folder`, or go on where an earlier try was left; check what arrived.

    A file that changed on the server between two tries is seen by its checksum, as any other
    damage: then it is fetched once more from its beginning.

    Args:
        url: where it is.
        index: who gave that address.
        wheel: what has to arrive.
        folder: it lies there under its own name once it is whole.
        arrived: is told how many of its bytes there are.
        stop: set it to stop; what has arrived is kept.

    Raises:
        CapsearchError: no connection, another file than the one meant, a full disk.
        DownloadStopped: `stop` was set.
    """
    whole = folder / wheel.filename
    part = folder / f"{wheel.filename}{PART_SUFFIX}"
    if whole.exists():
        return whole
    resumed = part.exists()
    _fetch_part(url, index, wheel, part, arrived, stop)
    if resumed and not _is_meant(part, wheel):
        part.unlink()
        _fetch_part(url, index, wheel, part, arrived, stop)
    if not _is_meant(part, wheel):
        part.unlink()
        raise CapsearchError(
            f"{wheel.filename} arrived changed: its checksum is wrong.",
            "Try again, from another network if it happens twice.",
            fault="changed",
        )
    part.replace(whole)
    return whole


def _is_meant(part: Path, wheel: Wheel) -> bool:
    with part.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == wheel.sha256


def _fetch_part(
    url: str,
    index: PackageIndex,
    wheel: Wheel,
    part: Path,
    arrived: Arrived,
    stop: threading.Event,
) -> None:
    host = urllib.parse.urlsplit(url).netloc
    for attempt in _attempts(host, stop, lambda: _size_of(part)):
        with attempt:
            if _size_of(part) < wheel.size:
                _go_on(url, index, wheel, part, arrived, stop)
            return


def _go_on(
    url: str,
    index: PackageIndex,
    wheel: Wheel,
    part: Path,
    arrived: Arrived,
    stop: threading.Event,
) -> None:
    """One connection: everything that is still missing, or an HTTPException where it ends early."""
    begun = _size_of(part)
    headers = {"Range": f"bytes={begun}-"} if begun else {}
    with ask(url, index, headers) as answer:
        if answer is None:
            raise _gone(wheel, url)
        told = answer.headers.get("Content-Range", "").removeprefix("bytes ")
        if answer.status != 206 or not told.startswith(f"{begun}-"):
            begun = 0  # a server that knows no ranges sends it from the beginning
        length = answer.headers.get("Content-Length", "")
        if length.isdecimal() and begun + int(length) != wheel.size:
            raise _another_file(wheel, url)
        _copy(answer, begun, wheel, part, arrived, stop)
    if _size_of(part) < wheel.size:
        raise HTTPException("it ended too early")


def _copy(
    answer: HTTPResponse,
    begun: int,
    wheel: Wheel,
    part: Path,
    arrived: Arrived,
    stop: threading.Event,
) -> None:
    with disk_errors(part.parent):
        file = part.open("r+b" if begun else "wb", buffering=0)
    with file:
        file.seek(begun)
        done = begun
        arrived(done)
        while chunk := answer.read1(_CHUNK_BYTES):
            if done + len(chunk) > wheel.size:
                raise _another_file(wheel, answer.url)
            with disk_errors(part.parent):
                done += file.write(chunk)
            arrived(done)
            if stop.is_set():
                raise DownloadStopped


@contextmanager
def ask(url: str, index: PackageIndex, headers: dict[str, str]) -> Iterator[HTTPResponse | None]:
    """A server's answer; None where it has no such thing.

    Raises:
        CapsearchError: it refuses.
        OSError, HTTPException: the connection does not hold, or the server is busy.
    """
    request = urllib.request.Request(url, headers=headers)
    request.add_header("User-Agent", f"capsearch/{__version__}")
    request.add_header("Accept-Encoding", "identity")
    if index.authorization and urllib.parse.urlsplit(url).netloc == index.host:
        # "Unredirected": another host that the index sends to is not told the password.
        request.add_unredirected_header("Authorization", index.authorization)
    try:
        answer = _opener().open(request, timeout=_TIMEOUT_SECONDS)
    except urllib.error.HTTPError as error:
        with error:
            if error.code in (404, 410):
                yield None
                return
            raise _refused(url, error) from error
    with answer:
        yield answer


def _opener() -> urllib.request.OpenerDirector:
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return urllib.request.build_opener(urllib.request.HTTPSHandler(context=context))


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


def _attempts(
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
        if error.errno in (ENOSPC, EDQUOT):
            raise CapsearchError(
                f"The disk is full: {folder} has no more room.",
                f"Free some space. {_NEXT}",
                fault="room",
            ) from error
        raise CapsearchError(
            f"{folder} cannot be written to ({error.strerror or error}).",
            f"Check that its drive is there and may be written to. {_NEXT}",
        ) from error


def _another_file(wheel: Wheel, url: str) -> CapsearchError:
    return CapsearchError(
        f"{urllib.parse.urlsplit(url).netloc} has another {wheel.filename} than the one meant: "
        "its length is wrong.",
        "Try again, from another network if it happens twice.",
        fault="changed",
    )


def _gone(wheel: Wheel, url: str) -> CapsearchError:
    return CapsearchError(
        f"{urllib.parse.urlsplit(url).netloc} does not have {wheel.filename} any more.",
        "Update CapSearch, or name another index in PIP_INDEX_URL.",
        fault="refused",
    )


def _refused(url: str, error: urllib.error.HTTPError) -> Exception:
    """Why a server gives nothing: an error of the connection where another try may help."""
    said = f"{error.code} {error.reason}".strip()
    if error.code in _AGAIN_LATER:
        return HTTPException(said)
    return CapsearchError(
        f"{urllib.parse.urlsplit(url).netloc} does not give what was asked for ({said}).",
        "Check PIP_INDEX_URL and the proxy, or try from another network.",
        fault="refused",
    )

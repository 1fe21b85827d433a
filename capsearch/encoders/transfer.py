"""One file from the hub into its cache on this machine: what has arrived is kept when it breaks
off, it goes on from there, and it is checked before anybody sees it.

The hub's own client (from version 2 on) throws away what a broken download has brought. So the
bytes are fetched here, by its connection and with its credentials, and it files what is whole.
"""

import errno
import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import RawIOBase
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from capsearch.encoders.hub import (
    STARTER_WORKS,
    HubFile,
    quiet_unless_terminal,
    repository_folder,
    retried,
)
from capsearch.errors import CapsearchError
from capsearch.transfer import DownloadStopped

_READ_SECONDS = 10.0
_CHUNK = 1 << 18
_NOTHING_THERE = 416  # the server's file ends before what was asked for
_PARTIAL = 206
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def arrived_bytes(file: HubFile) -> int:
    """How much of a file is on this machine, from downloads that broke off too."""
    if _blob(file).exists():
        return file.size
    try:
        return min(_part(file).stat().st_size, file.size)
    except OSError:
        return 0


def transfer(file: HubFile, model: str, tell: Callable[[int], None], stop: threading.Event) -> Path:
    """Bring a file into the cache; where it lies then.

    Args:
        file: as the hub described it.
        model: the name the user gave, for messages.
        tell: called with the bytes that are here, for each piece that arrives.
        stop: ends it soon.

    Raises:
        DownloadStopped: `stop` was set.
        CapsearchError: no connection, a server that lies or refuses, a full disk.
    """
    with _alone(file, model):
        if not _blob(file).exists():
            _fill(file, model, tell, stop)
            _require_checksum(file, model)
            with _disk_explained(file, model):
                _part(file).replace(_blob(file))
        tell(file.size)
        return _file_away(file, model, stop)


def _blob(file: HubFile) -> Path:
    return repository_folder(file.repository) / "blobs" / file.checksum


def _part(file: HubFile) -> Path:
    # An ending that the hub's client knows as unfinished, and a name that it never takes itself.
    return _blob(file).with_name(f"{file.checksum}.capsearch.incomplete")


@contextmanager
def _alone(file: HubFile, model: str) -> Iterator[None]:
    """No other CapSearch writes to the same file meanwhile."""
    folder = repository_folder(file.repository)
    locks = folder.parent / ".locks" / folder.name  # where the hub's client has its own
    lock = FileLock(locks / f"{file.checksum}.capsearch.lock", timeout=0)
    with _disk_explained(file, model):
        locks.mkdir(parents=True, exist_ok=True)
        _part(file).parent.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire()
        except Timeout as error:
            raise CapsearchError(
                f"Another CapSearch is downloading {model} at this moment.",
                "Wait until it has finished; the model is there for both then.",
                fault="busy",
            ) from error
    try:
        yield
    finally:
        lock.release()


def _fill(file: HubFile, model: str, tell: Callable[[int], None], stop: threading.Event) -> None:
    """Fetch what is missing, in as many connections as bring something."""

    def fetch() -> None:
        _fetch_rest(file, model, tell, stop)

    while (before := arrived_bytes(file)) < file.size or not _part(file).exists():
        retried(
            fetch, file.repository, model, pause=_pause(stop), reached=lambda: arrived_bytes(file)
        )
        if arrived_bytes(file) == before < file.size:
            raise _too_short(file, model)


def _pause(stop: threading.Event) -> Callable[[float], None]:
    def pause(seconds: float) -> None:
        if stop.wait(seconds):
            raise DownloadStopped

    return pause


def _fetch_rest(
    file: HubFile, model: str, tell: Callable[[int], None], stop: threading.Event
) -> None:
    """One connection's worth of the file, from where the part on this machine ends."""
    from huggingface_hub import get_session, hf_raise_for_status  # noqa: PLC0415
    from huggingface_hub.utils._headers import build_hf_headers  # noqa: PLC0415

    begin = arrived_bytes(file)
    headers = {**build_hf_headers(), "Accept-Encoding": "identity"}
    if begin:
        headers["Range"] = f"bytes={begin}-"
    with get_session().stream("GET", file.url, headers=headers, timeout=_READ_SECONDS) as response:
        if begin and response.status_code == _NOTHING_THERE:
            return
        if response.is_error:
            response.read()
        hf_raise_for_status(response)
        if begin and response.status_code != _PARTIAL:
            begin = 0  # it sends the whole file again
        with _disk_explained(file, model):
            part = _part(file).open("r+b" if begin else "wb", buffering=0)
        with part:
            part.seek(begin)
            _write_all(response, part, file, model, tell, stop)


def _write_all(
    response: Any,
    part: RawIOBase,
    file: HubFile,
    model: str,
    tell: Callable[[int], None],
    stop: threading.Event,
) -> None:
    done = part.tell()
    for chunk in response.iter_bytes(_CHUNK):
        if stop.is_set():
            raise DownloadStopped
        if done + len(chunk) > file.size:
            part.truncate(0)
            raise CapsearchError(
                f"The download of {model} is longer than the {file.size:,} bytes announced.",
                f"Try again, from another network if it happens twice. Until then {STARTER_WORKS}",
                fault="changed",
            )
        with _disk_explained(file, model):
            _write(chunk, part)
        done += len(chunk)
        tell(done)


def _write(chunk: bytes, part: RawIOBase) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[part.write(rest) or 0 :]


@contextmanager
def _disk_explained(file: HubFile, model: str) -> Iterator[None]:
    folder = repository_folder(file.repository).parent
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise CapsearchError(
                f"The disk of {folder} has no room left for {model}.",
                "Free some space and try again: what has arrived is kept. "
                "Or set HF_HOME to a folder on a larger disk.",
                fault="room",
            ) from error
        raise CapsearchError(
            f"The model {model} cannot be written to {folder} ({error.strerror or error}).",
            "Check that you may write there, or set HF_HOME to another folder.",
        ) from error


def _too_short(file: HubFile, model: str) -> CapsearchError:
    return CapsearchError(
        f"The download of {model} ends after {arrived_bytes(file):,} of the {file.size:,} bytes "
        "announced.",
        f"Try again: what has arrived is kept. Until then {STARTER_WORKS}",
        fault="changed",
    )


def _require_checksum(file: HubFile, model: str) -> None:
    """Drop a file that is not what the hub announced: a large one by its SHA-256, a small one by
    the name that git gives its content."""
    path = _part(file)
    if len(file.checksum) == hashlib.sha256().digest_size * 2:
        with path.open("rb") as content:
            arrived = hashlib.file_digest(content, "sha256").hexdigest()
    else:
        content_of_git = b"blob %d\0" % file.size + path.read_bytes()
        arrived = hashlib.sha1(content_of_git, usedforsecurity=False).hexdigest()
    if arrived != file.checksum:
        path.unlink()
        raise CapsearchError(
            f"The download of {model} arrived changed: its checksum is wrong.",
            f"Try again, from another network if it happens twice. Until then {STARTER_WORKS}",
            fault="changed",
        )


def _file_away(file: HubFile, model: str, stop: threading.Event) -> Path:
    """Have the hub's client give the file, whose bytes are here, its name in the cache."""
    from huggingface_hub import hf_hub_download  # noqa: PLC0415

    def download() -> Path:
        with quiet_unless_terminal():
            return Path(hf_hub_download(file.repository, file.filename))

    path = retried(download, file.repository, model, pause=_pause(stop))
    if not path.is_symlink():  # a system without them: the name is a copy of its own
        _blob(file).unlink(missing_ok=True)
    return path

"""One file from the hub into its cache on this machine, where every program on it looks for models.

The bytes come by `capsearch.fetch`; the hub's client then files what is whole.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from capsearch.encoders.hub import (
    HubFile,
    quiet_unless_terminal,
    repository_folder,
    retried,
)
from capsearch.errors import CapsearchError
from capsearch.fetch import Login, ServedFile, disk_errors, fetch
from capsearch.transfer import DownloadStopped

_IF_REFUSED = (
    "Check HF_ENDPOINT and the proxy, log in with `hf auth login`, or choose another model."
)


def arrived_bytes(file: HubFile) -> int:
    """How much of a file is on this machine, from downloads that broke off too."""
    if _blob(file).exists():
        return file.size
    try:
        return min(_part(file).stat().st_size, file.size)
    except OSError:
        return 0


def bring(file: HubFile, model: str, tell: Callable[[int], None], stop: threading.Event) -> Path:
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
        fetch(_served(file), _blob(file), _part(file), tell, stop)
        tell(file.size)
        return _file_away(file, model, stop)


def _served(file: HubFile) -> ServedFile:
    from huggingface_hub.utils._headers import build_hf_headers  # noqa: PLC0415

    login = Login(urlsplit(file.url).netloc, build_hf_headers().get("authorization", ""))
    name = f"{file.filename} of {file.repository}"
    return ServedFile(name, file.url, file.size, file.checksum, login, _IF_REFUSED)


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
    with disk_errors(folder.parent):
        locks.mkdir(parents=True, exist_ok=True)
        _part(file).parent.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire()
        except Timeout as error:  # an OSError too
            raise CapsearchError(
                f"Another CapSearch is downloading {model} at this moment.",
                "Wait until it has finished; the model is there for both then.",
                fault="busy",
            ) from error
    try:
        yield
    finally:
        lock.release()


def _file_away(file: HubFile, model: str, stop: threading.Event) -> Path:
    """Have the hub's client give the file, whose bytes are here, its name in the cache."""
    from huggingface_hub import hf_hub_download  # noqa: PLC0415

    def download() -> Path:
        with quiet_unless_terminal():
            return Path(hf_hub_download(file.repository, file.filename))

    def pause(seconds: float) -> None:
        if stop.wait(seconds):
            raise DownloadStopped

    path = retried(download, file.repository, model, pause=pause)
    if not path.is_symlink():  # a system without them: the name is a copy of its own
        _blob(file).unlink(missing_ok=True)
    return path

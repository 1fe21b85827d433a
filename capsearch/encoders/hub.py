"""The hub: what its cache on this machine holds, and what it says of a file that is asked for."""

import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from capsearch.errors import CapsearchError

if TYPE_CHECKING:
    from huggingface_hub import HfFileMetadata

Loaded = TypeVar("Loaded")

WEIGHT_FILES = ("open_clip_model.safetensors", "open_clip_pytorch_model.bin")
CONFIG_FILE = "open_clip_config.json"

_CONNECT_SECONDS = 5.0
# What the hub names a file's content by: a large one's SHA-256, or git's SHA-1.
_CHECKSUM = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_WAITS = (0.5, 1.0, 2.0)  # seconds before another try
_NOT_FOR_YOU = (401, 403)
_TOO_MANY_REQUESTS = 429
_SERVER_ERROR = 500
STARTER_WORKS = "use `--encoder starter`, which needs no download."


def cached_file(repository: str, filename: str) -> Path | None:
    """A file of a hub repository if this machine has it."""
    from huggingface_hub import try_to_load_from_cache  # noqa: PLC0415

    found = try_to_load_from_cache(repository, filename)
    return Path(found) if isinstance(found, str) else None


def is_cached(repository: str, weights: str = "") -> bool:
    """Whether the weights of a model on the hub are on this machine; '' for the usual names."""
    return any(cached_file(repository, name) is not None for name in weight_files(weights))


def has_tokenizer(repository: str) -> bool:
    """Whether what a repository reads words with is on this machine."""
    names = ("tokenizer.json", "tokenizer_config.json")
    return any(cached_file(repository, name) is not None for name in names)


def weight_files(weights: str) -> tuple[str, ...]:
    """What to look for where a model's weights are published under this name, safest first; ''
    for the usual names."""
    if not weights:
        return WEIGHT_FILES
    return (str(Path(weights).with_suffix(".safetensors")), weights)


def begun_bytes(repository: str) -> int:
    """What a download that broke off or was stopped has brought of a repository's next file."""
    sizes = 0
    for part in repository_folder(repository).glob("blobs/*.capsearch.incomplete"):
        with suppress(OSError):  # it has just become whole
            sizes += part.stat().st_size
    return sizes


def cached_repositories() -> list[tuple[str, int]]:
    """Every model of open_clip's format in the cache: its repository and the weights' bytes."""
    found = []
    for folder in sorted(models_folder().glob("models--*--*")):
        repository = "/".join(folder.name.split("--")[1:])
        weights = [cached_file(repository, filename) for filename in WEIGHT_FILES]
        sizes = [path.stat().st_size for path in weights if path is not None]
        if sizes and cached_file(repository, CONFIG_FILE) is not None:
            found.append((repository, sizes[0]))
    return found


def remove_repository(repository: str) -> int:
    """Delete what the cache holds of a repository; how many bytes that were.

    Raises:
        CapsearchError: the files cannot be deleted.
    """
    from huggingface_hub import scan_cache_dir  # noqa: PLC0415
    from huggingface_hub.errors import CacheNotFound  # noqa: PLC0415

    try:
        cache = scan_cache_dir()
    except CacheNotFound:
        return 0
    ours = frozenset(
        cached
        for cached in cache.repos
        if (cached.repo_type, cached.repo_id) == ("model", repository)
    )
    revisions = [revision.commit_hash for cached in ours for revision in cached.revisions]
    folder = repository_folder(repository)
    before = _bytes_in(folder)
    replace(cache, repos=ours).delete_revisions(*revisions).execute()
    for part in folder.glob("blobs/*.capsearch.incomplete"):
        with suppress(OSError):  # said below
            part.unlink()
    left = _bytes_in(folder)
    if left and (left == before or is_cached(repository)):
        raise CapsearchError(
            f"The files of {repository} in {folder} could not be deleted.",
            "Check that you may delete there, and that no other program uses them.",
        )
    return before - left


def _bytes_in(folder: Path) -> int:
    """What the files of a folder take; a file that several names lead to counts once."""
    return sum(
        path.lstat().st_size
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    )


def from_cache_or_hub(load: Callable[[], Loaded], repository: str | None, model: str) -> Loaded:
    """Run a loader that uses the hub by itself: from the cache first, then online if it must.

    Args:
        load: the loader; it raises OSError where a file is not in the cache.
        repository: what it would download, None where all it needs is on this machine.
        model: the name the user gave, for messages.

    Raises:
        CapsearchError: the files are not cached and cannot be downloaded.
    """
    try:
        with _offline():
            return load()
    except OSError:
        if repository is None:
            raise
        look_up(repository, ("config.json", "tokenizer_config.json"), model)
    try:
        with quiet_unless_terminal():
            return load()
    except OSError as error:
        raise broken_download(model, error) from error


@contextmanager
def _offline() -> Iterator[None]:
    from huggingface_hub import constants  # noqa: PLC0415

    before = constants.HF_HUB_OFFLINE
    constants.HF_HUB_OFFLINE = True
    try:
        yield
    finally:
        constants.HF_HUB_OFFLINE = before


@dataclass(frozen=True)
class HubFile:
    """A file as the hub describes it; its checksum is the SHA-256 of a large file, and what git
    names its content by of a small one."""

    repository: str
    filename: str
    size: int
    checksum: str
    url: str


def models_folder() -> Path:
    """Where the hub's client keeps models; `HF_HOME` moves it."""
    from huggingface_hub import constants  # noqa: PLC0415

    return Path(constants.HF_HUB_CACHE)


def repository_folder(repository: str) -> Path:
    """Where the hub's client keeps what it has of a repository."""
    return models_folder() / f"models--{repository.replace('/', '--')}"


def look_up(repository: str, filenames: Sequence[str], model: str) -> HubFile:
    """The first of `filenames` that a repository on the hub has.

    Raises:
        CapsearchError: no connection, no such model, none of these files, not for everybody.
    """
    found = look_up_optional(repository, filenames, model)
    if found is None:
        raise CapsearchError(
            f"{repository} on the hub has no {' or '.join(filenames)}.",
            "Choose a model made for open_clip; `capsearch models` lists good ones.",
        )
    return found


def look_up_optional(repository: str, filenames: Sequence[str], model: str) -> HubFile | None:
    """As `look_up`; None where there is none of these files."""
    from huggingface_hub import get_hf_file_metadata, hf_hub_url  # noqa: PLC0415
    from huggingface_hub.errors import EntryNotFoundError  # noqa: PLC0415

    for filename in filenames:
        url = hf_hub_url(repository, filename)

        def ask(url: str = url) -> "HfFileMetadata":
            return get_hf_file_metadata(url, timeout=_CONNECT_SECONDS)

        try:
            found = retried(ask, repository, model, lost_connections=False)
        except EntryNotFoundError:
            continue
        if found.size is None or not _CHECKSUM.fullmatch(found.etag or ""):
            raise CapsearchError(
                f"The hub does not say how large {filename} of {repository} is, or its checksum.",
                "Set HF_ENDPOINT to another mirror, or unset it.",
            )
        return HubFile(repository, filename, found.size, found.etag or "", url)
    return None


def retried(
    work: Callable[[], Loaded],
    repository: str,
    model: str,
    *,
    pause: Callable[[float], object] = time.sleep,
    lost_connections: bool = True,
) -> Loaded:
    """Do what needs the hub, again after a while where its server is in trouble or (unless told
    otherwise) a connection is lost, four times at most. `pause` waits for so many seconds.

    Raises:
        EntryNotFoundError: there is no such file in the repository.
        CapsearchError: all else that goes wrong, as one sentence.
    """
    from huggingface_hub.errors import EntryNotFoundError  # noqa: PLC0415

    waits = iter(_WAITS)
    while True:
        try:
            return work()
        except EntryNotFoundError:
            raise
        except network_errors() as error:
            wait = next(waits, None)
            if wait is None or not _may_pass(error, lost_connections):
                raise _explained(error, repository, model) from error
        pause(wait)


def _may_pass(error: Exception, lost_connections: bool) -> bool:
    """Whether another try soon may do better."""
    from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled  # noqa: PLC0415

    if isinstance(error, HfHubHTTPError):
        status = error.response.status_code
        return status >= _SERVER_ERROR or status == _TOO_MANY_REQUESTS
    return lost_connections and not isinstance(error, OfflineModeIsEnabled)


def _explained(error: Exception, repository: str, model: str) -> CapsearchError:
    from huggingface_hub.errors import (  # noqa: PLC0415
        GatedRepoError,
        HfHubHTTPError,
        OfflineModeIsEnabled,
        RepositoryNotFoundError,
    )

    if isinstance(error, GatedRepoError):
        return CapsearchError(
            f"The owner of {repository} gives this model only to those who accept its terms.",
            "Accept them on the hub's site and log in with `hf auth login`, or choose another.",
            fault="refused",
        )
    if isinstance(error, RepositoryNotFoundError):
        return CapsearchError(
            f"The hub has no model {repository}.",
            "Check the name; `capsearch models` lists good ones.",
            fault="refused",
        )
    if isinstance(error, OfflineModeIsEnabled):
        return CapsearchError(
            f"The model {model} is not on this machine and HF_HUB_OFFLINE forbids downloads.",
            f"Unset HF_HUB_OFFLINE once to download it, or {STARTER_WORKS}",
            fault="refused",
        )
    if isinstance(error, HfHubHTTPError) and error.response.status_code in _NOT_FOR_YOU:
        return CapsearchError(
            f"The hub gives {repository} only to those who are logged in and may have it.",
            "Log in with `hf auth login`, or choose another.",
            fault="refused",
        )
    if isinstance(error, HfHubHTTPError):
        return broken_download(model, error)
    return CapsearchError(
        f"The model {model} is not on this machine and could not be downloaded: no connection.",
        f"Connect once and try again: what has arrived is kept. Or {STARTER_WORKS}",
        fault="offline",
    )


def network_errors() -> tuple[type[Exception], ...]:
    """What a lost connection may raise: OSError and the base class of the hub's HTTP client."""
    from huggingface_hub.errors import HfHubHTTPError  # noqa: PLC0415

    client = [
        base
        for base in HfHubHTTPError.__mro__
        if issubclass(base, Exception) and base.__name__ in ("HTTPError", "RequestException")
    ]
    return (OSError, *client)


def broken_download(model: str, error: Exception) -> CapsearchError:
    """What to say where the hub refused for no reason that is known."""
    reason = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
    return CapsearchError(
        f"The model {model} could not be downloaded ({reason}).",
        f"Try again: what has arrived is kept. Until then {STARTER_WORKS}",
        fault="refused",
    )


@contextmanager
def quiet_unless_terminal() -> Iterator[None]:
    """Without the bars of the hub's client where no person is watching."""
    from huggingface_hub.utils.tqdm import (  # noqa: PLC0415
        are_progress_bars_disabled,
        disable_progress_bars,
        enable_progress_bars,
    )

    if sys.stderr.isatty() or are_progress_bars_disabled():
        yield
        return
    disable_progress_bars()
    try:
        yield
    finally:
        enable_progress_bars()

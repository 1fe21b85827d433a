"""Model files in the hub's cache on this machine, downloaded when a user asked for them by name.

Nothing here touches the network when the file is cached already.
"""

import hashlib
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from capsearch.errors import CapsearchError
from capsearch.machine import free_bytes

Loaded = TypeVar("Loaded")

WEIGHT_FILES = ("open_clip_model.safetensors", "open_clip_pytorch_model.bin")
CONFIG_FILE = "open_clip_config.json"

_CONNECT_SECONDS = 5.0
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SPARE_BYTES = 200_000_000
_STARTER_WORKS = "use `--encoder starter`, which needs no download."


def cached_file(repository: str, filename: str) -> Path | None:
    """A file of a hub repository if this machine has it."""
    from huggingface_hub import try_to_load_from_cache  # noqa: PLC0415

    found = try_to_load_from_cache(repository, filename)
    return Path(found) if isinstance(found, str) else None


def is_cached(repository: str, weights: str = "") -> bool:
    """Whether the weights of a model on the hub are on this machine; '' for the usual names."""
    return any(cached_file(repository, name) is not None for name in weight_files(weights))


def weight_files(weights: str) -> tuple[str, ...]:
    """What to look for where a model's weights are published under this name, safest first; ''
    for the usual names."""
    if not weights:
        return WEIGHT_FILES
    return (str(Path(weights).with_suffix(".safetensors")), weights)


def cached_repositories() -> list[tuple[str, int]]:
    """Every model of open_clip's format in the cache: its repository and the weights' bytes."""
    from huggingface_hub import constants  # noqa: PLC0415

    found = []
    for folder in sorted(Path(constants.HF_HUB_CACHE).glob("models--*--*")):
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
    from huggingface_hub import constants, scan_cache_dir  # noqa: PLC0415
    from huggingface_hub.errors import CacheNotFound  # noqa: PLC0415

    try:
        cache = scan_cache_dir()
    except CacheNotFound:
        return 0
    revisions = [
        revision.commit_hash
        for cached in cache.repos
        if (cached.repo_type, cached.repo_id) == ("model", repository)
        for revision in cached.revisions
    ]
    folder = Path(constants.HF_HUB_CACHE) / f"models--{repository.replace('/', '--')}"
    before = _bytes_in(folder)
    cache.delete_revisions(*revisions).execute()
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


def fetch(repository: str, filenames: Sequence[str], model: str) -> Path:
    """The first of `filenames` that the repository has, from the cache or else downloaded.

    The hub's client resumes a broken download and checks what arrives.

    Args:
        repository: `OWNER/MODEL` on the hub.
        filenames: wanted first, safest first.
        model: the name the user gave, for messages.

    Raises:
        CapsearchError: no connection, no such model, no space, a broken download.
    """
    for filename in filenames:
        path = cached_file(repository, filename)
        if path is not None:
            return path
    found = _look_up(repository, filenames, model)
    _require_space(found.size, model)
    path = _download(repository, found.filename, model)
    _require_checksum(path, found.checksum, model)
    return path


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
        _look_up(repository, ("config.json", "tokenizer_config.json"), model)
    try:
        with _quiet_unless_terminal():
            return load()
    except OSError as error:
        raise _broken_download(model, error) from error


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
class _HubFile:
    """A file as the hub describes it; its checksum is a SHA-256 for every large file."""

    filename: str
    size: int
    checksum: str


def _look_up(repository: str, filenames: Sequence[str], model: str) -> _HubFile:
    """The first file that the hub has, in one short try without retries."""
    from huggingface_hub import get_hf_file_metadata, hf_hub_url  # noqa: PLC0415
    from huggingface_hub.errors import (  # noqa: PLC0415
        EntryNotFoundError,
        GatedRepoError,
        HfHubHTTPError,
        OfflineModeIsEnabled,
        RepositoryNotFoundError,
    )

    for filename in filenames:
        try:
            url = hf_hub_url(repository, filename)
            found = get_hf_file_metadata(url, timeout=_CONNECT_SECONDS)
        except EntryNotFoundError:
            continue
        except GatedRepoError as error:
            raise CapsearchError(
                f"The owner of {repository} gives this model only to those who accept its terms.",
                "Accept them on the hub's site and log in with `hf auth login`, or choose another.",
            ) from error
        except RepositoryNotFoundError as error:
            raise CapsearchError(
                f"The hub has no model {repository}.",
                "Check the name; `capsearch models` lists good ones.",
            ) from error
        except OfflineModeIsEnabled as error:
            raise CapsearchError(
                f"The model {model} is not on this machine and HF_HUB_OFFLINE forbids downloads.",
                f"Unset HF_HUB_OFFLINE once to download it, or {_STARTER_WORKS}",
            ) from error
        except HfHubHTTPError as error:
            raise _broken_download(model, error) from error
        except _network_errors() as error:
            raise CapsearchError(
                f"The model {model} is not on this machine and could not be downloaded: "
                "no connection.",
                f"Connect once and try again, or {_STARTER_WORKS}",
            ) from error
        return _HubFile(filename, found.size or 0, found.etag or "")
    raise CapsearchError(
        f"{repository} on the hub has no {' or '.join(filenames)}.",
        "Choose a model made for open_clip; `capsearch models` lists good ones.",
    )


def _network_errors() -> tuple[type[Exception], ...]:
    """What a lost connection may raise: OSError and the base class of the hub's HTTP client."""
    from huggingface_hub.errors import HfHubHTTPError  # noqa: PLC0415

    client = [
        base
        for base in HfHubHTTPError.__mro__
        if issubclass(base, Exception) and base.__name__ in ("HTTPError", "RequestException")
    ]
    return (OSError, *client)


def _require_space(size: int, model: str) -> None:
    from huggingface_hub import constants  # noqa: PLC0415

    folder = Path(constants.HF_HUB_CACHE)
    free = free_bytes(folder)
    if free is None:
        raise CapsearchError(
            f"The drive of {folder}, where models are kept, is not there.",
            "Connect it, or set HF_HOME to another folder.",
        )
    if size + _SPARE_BYTES > free:
        raise CapsearchError(
            f"The model {model} needs {size / 1e6:,.0f} MB and {folder} has {free / 1e6:,.0f} MB.",
            "Free some space, or set HF_HOME to a folder on a larger disk.",
        )


def _download(repository: str, filename: str, model: str) -> Path:
    from huggingface_hub import hf_hub_download  # noqa: PLC0415

    try:
        with _quiet_unless_terminal():
            return Path(hf_hub_download(repository, filename))
    except _network_errors() as error:
        raise _broken_download(model, error) from error


def _require_checksum(path: Path, checksum: str, model: str) -> None:
    """Drop a file that is not what the hub announced; small files announce no SHA-256."""
    if not _SHA256.fullmatch(checksum):
        return
    with path.open("rb") as file:
        arrived = hashlib.file_digest(file, "sha256").hexdigest()
    if arrived != checksum:
        path.resolve().unlink()
        path.unlink(missing_ok=True)
        raise CapsearchError(
            f"The download of {model} arrived changed: its checksum is wrong.",
            f"Try again, from another network if it happens twice. Until then {_STARTER_WORKS}",
        )


def _broken_download(model: str, error: Exception) -> CapsearchError:
    reason = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
    return CapsearchError(
        f"The model {model} could not be downloaded ({reason}).",
        f"Try again: what has arrived is kept. Until then {_STARTER_WORKS}",
    )


@contextmanager
def _quiet_unless_terminal() -> Iterator[None]:
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

"""The add-on on this machine: whole or not there, whatever happens while it is fetched.

In `data_dir()/addon` lies one folder for each variant and list of files, by its digest. It is made
beside itself, file after file, and takes its name when all are there: killed at any moment, the
next start goes on. An app with another list, or another Python, does not load what was made for
this one.
"""

import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from filelock import FileLock, Timeout

from capsearch.addon.index import PackageIndex, find_address, served_file
from capsearch.addon.installed import (
    FACTS_FILE,
    MODULES,
    PARTIAL_SUFFIX,
    REMOVED_SUFFIX,
    InstalledAddon,
    addon_folder,
    installed_addons,
)
from capsearch.addon.lock import Variant, Wheel
from capsearch.addon.unpack import unpack
from capsearch.errors import CapsearchError
from capsearch.fetch import ServedFile, disk_errors, fetch
from capsearch.files import write_whole
from capsearch.machine import free_bytes
from capsearch.settings import data_dir
from capsearch.transfer import DownloadProgress, ProgressTeller

INDEX_VARIABLE = "PIP_INDEX_URL"

_LOCK_FILE = "install.lock"
_WHEELS = "wheels"
_PART_SUFFIX = ".part"
_UNPACKED = "unpacked"
_SPARE_BYTES = 200_000_000

Report = Callable[[DownloadProgress], None]


def bytes_missing(variant: Variant) -> int:
    """What is still to be downloaded of a variant, after what earlier tries have left."""
    work = _Workplace(variant)
    return sum(wheel.size for wheel in variant.wheels) - sum(
        work.bytes_of(wheel) for wheel in variant.wheels
    )


def install(
    variant: Variant, report: Report, stop: threading.Event, index: str | None = None
) -> InstalledAddon:
    """Fetch and unpack a variant, or go on with it; then drop what was there before.

    Each wheel is unpacked when it has arrived and then deleted, so that no more room is needed
    than for the add-on and its largest wheel.

    Args:
        variant: what to install.
        report: is told how far it is, often.
        stop: set it to stop; what has arrived is kept.
        index: a package index to ask before those of the list; default `PIP_INDEX_URL`.

    Raises:
        CapsearchError: no connection, no room, a file that is not the one meant, or another
            process that does the same.
        DownloadStopped: `stop` was set.
    """
    present = next((addon for addon in installed_addons() if addon.digest == variant.digest), None)
    if present is not None:
        return present
    mirror = index or os.environ.get(INDEX_VARIABLE) or None
    asked_first = PackageIndex.at(mirror) if mirror else None
    with _alone():
        work = _Workplace(variant)
        _drop(folder for folder in _others(variant) if folder.name.endswith(PARTIAL_SUFFIX))
        _require_room(variant, work)
        work.prepare()
        teller = ProgressTeller(variant.download_bytes, report)
        for wheel in variant.wheels:
            others = sum(work.bytes_of(each) for each in variant.wheels if each is not wheel)
            tell = partial(_tell, teller, wheel, others)
            if not work.has(wheel):
                _take(wheel, work, tell, stop, asked_first)
            tell(wheel.size, whole=True)
        addon = work.finish()
        _drop(_others(variant))
    return addon


def remove() -> int:
    """Delete every add-on, also one that is not whole; the bytes of the whole ones.

    Raises:
        CapsearchError: another process is installing, or still uses it (Windows).
    """
    size = sum(addon.size_bytes for addon in installed_addons())
    if not addon_folder().is_dir():
        return 0
    with _alone():
        _drop(list(_folders()))
        if any(not folder.name.endswith(REMOVED_SUFFIX) for folder in _folders()):
            raise CapsearchError(
                "PyTorch cannot be removed while it is in use.",
                "Close CapSearch everywhere and try again.",
            )
    return size


class _Workplace:
    """The folder in which a variant is being made."""

    def __init__(self, variant: Variant) -> None:
        self._variant = variant
        self._whole = addon_folder() / _folder_name(variant)
        self.folder = self._whole.with_name(f"{self._whole.name}{PARTIAL_SUFFIX}")
        self.wheels = self.folder / _WHEELS
        self.modules = self.folder / MODULES
        self._unpacked = self.folder / _UNPACKED

    def prepare(self) -> None:
        with disk_errors(self.folder):
            for folder in (self.wheels, self.modules, self._unpacked):
                folder.mkdir(parents=True, exist_ok=True)

    def has(self, wheel: Wheel) -> bool:
        return (self._unpacked / wheel.sha256).exists()

    def bytes_of(self, wheel: Wheel) -> int:
        """What has been downloaded of a wheel."""
        if self.has(wheel):
            return wheel.size
        for path in (self.whole(wheel), self.part(wheel)):
            with suppress(OSError):
                return min(path.stat().st_size, wheel.size)
        return 0

    def whole(self, wheel: Wheel) -> Path:
        return self.wheels / wheel.filename

    def part(self, wheel: Wheel) -> Path:
        return self.wheels / f"{wheel.filename}{_PART_SUFFIX}"

    def mark(self, wheel: Wheel) -> None:
        """Remember that a wheel is unpacked, once it is on the disk."""
        with disk_errors(self.folder):
            _sync()
            (self._unpacked / wheel.sha256).touch()
            self.whole(wheel).unlink()

    def finish(self) -> InstalledAddon:
        facts = {
            "kind": self._variant.kind,
            "digest": self._variant.digest,
            "version": self._variant.torch_version,
            "size_bytes": self._variant.installed_bytes,
        }
        with disk_errors(self.folder):
            with write_whole(self.folder / FACTS_FILE) as file:
                file.write(json.dumps(facts, indent=2).encode())
            _sync()
            if self._whole.exists():  # without its facts: not a whole one
                shutil.rmtree(self._whole)
            self.folder.rename(self._whole)
        return next(addon for addon in installed_addons() if addon.digest == self._variant.digest)


def _tell(
    teller: ProgressTeller, wheel: Wheel, others: int, done: int, *, whole: bool = False
) -> None:
    """So many bytes of the wheel are there, and `others` of all the others."""
    teller.tell(others + done, f"{wheel.project} {wheel.version}", whole=whole)


def _take(
    wheel: Wheel,
    work: _Workplace,
    tell: Callable[[int], None],
    stop: threading.Event,
    asked_first: PackageIndex | None,
) -> None:
    if not work.whole(wheel).exists():
        served = _served(wheel, asked_first, stop)
        fetch(served, work.whole(wheel), work.part(wheel), tell, stop)
    unpack(
        work.whole(wheel),
        work.modules,
        wheel.unpacked,
        stop,
        lambda _: tell(wheel.size),
    )
    work.mark(wheel)


def _served(wheel: Wheel, asked_first: PackageIndex | None, stop: threading.Event) -> ServedFile:
    """A mirror may have a part of the files only; the list's own index has all of them."""
    own = PackageIndex.at(wheel.index)
    for index in filter(None, (asked_first, own)):
        address = find_address(index, wheel, stop)
        if address is not None:
            return served_file(wheel, address, index)
    raise CapsearchError(
        f"{(asked_first or own).host} has no {wheel.filename}.",
        f"Update CapSearch, or name an index that has it in {INDEX_VARIABLE}.",
        fault="refused",
    )


def _require_room(variant: Variant, work: _Workplace) -> None:
    todo = [wheel for wheel in variant.wheels if not work.has(wheel)]
    largest = max((wheel.size - work.bytes_of(wheel) for wheel in todo), default=0)
    needed = sum(wheel.unpacked for wheel in todo) + largest + _SPARE_BYTES
    free = free_bytes(addon_folder())
    if free is None:
        raise CapsearchError(
            f"The drive of CapSearch's folder {data_dir()} is not there.", "Connect it."
        )
    if needed > free:
        raise CapsearchError(
            f"PyTorch needs {needed / 1e6:,.0f} MB, and {data_dir()} has {free / 1e6:,.0f} MB.",
            "Free some space and try again.",
            fault="room",
        )


@contextmanager
def _alone() -> Iterator[None]:
    folder = addon_folder()
    with disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / _LOCK_FILE)
    with disk_errors(folder):
        try:
            lock.acquire(timeout=0)
        except Timeout as error:  # an OSError too
            raise CapsearchError(
                "Another CapSearch is installing or removing PyTorch.",
                "Wait until it has finished.",
                fault="busy",
            ) from error
    try:
        yield
    finally:
        lock.release()


def _folders() -> Iterator[Path]:
    return (folder for folder in addon_folder().iterdir() if folder.is_dir())


def _others(variant: Variant) -> list[Path]:
    own = _folder_name(variant)
    return [folder for folder in _folders() if folder.name not in (own, f"{own}{PARTIAL_SUFFIX}")]


def _folder_name(variant: Variant) -> str:
    return f"{variant.kind}-{variant.digest}"


def _drop(folders: "Iterator[Path] | list[Path]") -> None:
    """Delete folders as far as the system lets: by its new name none is taken for a whole one,
    and Windows renames nothing that is in use."""
    for folder in list(folders):
        with suppress(OSError):
            gone = folder
            if not folder.name.endswith(REMOVED_SUFFIX):
                gone = folder.with_name(f"{folder.name}{REMOVED_SUFFIX}")
                folder.rename(gone)
            shutil.rmtree(gone, ignore_errors=True)


def _sync() -> None:
    """Put all that was written on the disk, in one go: 30,000 files one by one take minutes.
    Windows has no such call; there a loss of power may cost the add-on, not more."""
    sync = getattr(os, "sync", None)
    if sync is not None:
        sync()

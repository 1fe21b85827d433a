"""The library's folders as they can be reached now: there, away, or come back elsewhere."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.records import Failure, Folder, Stamp, Volume
from capsearch.errors import CapsearchError
from capsearch.paths import joined, lies_in, prefix_of

# An empty folder that held as many files is taken for a mount point without its drive.
_MANY = 10
_SAMPLE = 200
_ALIKE = 0.8  # share of the sample that must lie there
_CLOCK_NS = 2_000_000_000  # resolution of FAT's file times
_HOUR_NS = 3_600_000_000_000  # FAT keeps local time: summer time moves every file


@dataclass(frozen=True)
class Reach:
    """`roots` can be looked into, `away` cannot (a folder's name and why); `moved` folders of the
    library were found again under another name: (old, new)."""

    roots: tuple[str, ...]
    away: tuple[Failure, ...]
    moved: tuple[tuple[str, str], ...] = ()


def check_folders(catalog: Catalog, folders: Sequence[str]) -> Reach:
    """Make the folders absolute and see which can be looked into.

    A folder that the catalog knows may be away (an unplugged drive); one that it does not know
    must be there: `CapsearchError` otherwise.
    """
    known = {folder.path: folder for folder in catalog.folders()}
    roots: list[str] = []
    away: list[Failure] = []
    for folder in dict.fromkeys(os.path.abspath(folder) for folder in folders):
        trouble = _trouble(folder)
        if trouble is not None and folder not in known:
            raise CapsearchError(f"{printable(folder)}: {trouble[0]}.", trouble[1])
        reason = trouble[0] if trouble else _emptied(catalog, known.get(folder))
        if reason is None:
            roots.append(folder)
        else:
            away.append(Failure(folder, f"{reason}; its photos are kept as offline"))
    return Reach(_with_nested(catalog, roots, known), tuple(away))


def printable(path: str) -> str:
    """A path as text that any terminal and any JSON can take."""
    return os.fsencode(path).decode("utf-8", "replace")


def volume_of(folder: str) -> Volume | None:
    """What `folder` lies on now."""
    place = Path(folder)
    try:
        device = str(place.stat().st_dev)
        # Not Path.is_mount, which Python 3.11 lacks on Windows.
        while not os.path.ismount(place) and place != place.parent:
            place = place.parent
    except OSError:
        return None
    return Volume(device, os.fspath(place))


def follow_moved(catalog: Catalog, reach: Reach) -> Reach:
    """Recognise the library's folders that have come back under another mount point or drive
    letter, and take over what is known of them: nothing there has to be read again."""
    known = {folder.path: folder for folder in catalog.folders()}
    newcomers = [root for root in reach.roots if root not in known]
    missed = [failure.path for failure in reach.away]
    if newcomers:
        missed += [path for path in known if path not in missed and _trouble(path) is not None]
    moved: dict[str, str] = {}
    for old in sorted(missed):
        if any(lies_in(old, done) for done in moved):
            continue  # went with the folder that it lies in
        sample = _sample(catalog.known_stamps(old), old)
        candidates = [*newcomers, *_on_other_mounts(known.get(old), known)]
        new = next((place for place in candidates if _holds(place, sample)), None)
        if new is not None and new not in moved.values():
            moved[old] = new
    if not moved:
        return reach
    with catalog.transaction():
        for old, new in moved.items():
            catalog.move_folder(old, new)
    there = check_folders(catalog, (*reach.roots, *moved.values()))
    still = (f for f in reach.away if not any(lies_in(f.path, old) for old in moved))
    return Reach(there.roots, tuple(still), tuple(moved.items()))


def take_over(catalog: Catalog, old: str, new: str) -> None:
    """Have the library's folder `old` lie at `new` from now on, where the user has put it; no
    photo is read again.

    Raises `CapsearchError` where `new` does not hold the files of `old`.
    """
    trouble = _trouble(new)
    if trouble is not None:
        raise CapsearchError(f"{printable(new)}: {trouble[0]}.", trouble[1])
    if lies_in(new, old) or lies_in(old, new):
        raise CapsearchError(
            f"{printable(new)} and {printable(old)} lie one in the other.",
            "Run `capsearch index`: it knows photos again that were moved within a folder.",
        )
    sample = _sample(catalog.known_stamps(old), old)
    found = _count_there(new, sample)
    if sample and not _are_enough(found, sample):
        raise CapsearchError(
            f"{printable(new)} does not hold the photos of {printable(old)}: of {len(sample):,} "
            f"files looked for, {found:,} were there.",
            "Give the folder that holds them now.",
        )
    with catalog.transaction():
        catalog.move_folder(old, new)
        for folder in catalog.folders():
            if lies_in(folder.path, new) and _trouble(folder.path) is None:
                catalog.record_scan(folder.path, online=True, volume=volume_of(folder.path))
        stamps = catalog.known_stamps(new)
        catalog.mark_present(path for path, stamp in stamps.items() if _is_same(path, stamp))


def _trouble(folder: str) -> tuple[str, str] | None:
    next_step = "Give the folder that holds your photos."
    try:
        with os.scandir(folder):
            return None
    except NotADirectoryError:
        return "this is a file, not a folder", next_step
    except FileNotFoundError:
        return "there is no such folder", "Check the name; a drive may have to be connected."
    except PermissionError:
        return "there is no permission to read this folder", "Allow reading it, then try again."
    except OSError as error:
        return f"this folder cannot be read ({error.strerror})", next_step


def _emptied(catalog: Catalog, folder: Folder | None) -> str | None:
    """Why a folder that can be read but holds nothing at all is taken for a mount point whose
    drive is away; None where it is not."""
    if folder is None or any(Path(folder.path).iterdir()):
        return None
    files = len(catalog.known_stamps(folder.path))
    now = volume_of(folder.path)
    elsewhere = folder.volume is not None and now is not None and folder.volume != now
    if files >= _MANY or (files and elsewhere):
        return "this folder is empty, as if its drive were not connected"
    return None


def _with_nested(
    catalog: Catalog, roots: Iterable[str], known: Mapping[str, Folder]
) -> tuple[str, ...]:
    """Add the known folders below the roots: a walk from above may not enter them (a hidden
    folder given by name), and must not take their files for missing."""
    chosen = dict.fromkeys(roots)
    for path, folder in sorted(known.items()):
        inside = any(lies_in(path, root) for root in tuple(chosen))
        if inside and _trouble(path) is None and _emptied(catalog, folder) is None:
            chosen[path] = None
    return tuple(chosen)


def _sample(stamps: Mapping[str, Stamp], folder: str) -> dict[str, Stamp]:
    """Some of the files, by their path from `folder`."""
    start = len(prefix_of(folder))
    paths = sorted(stamps)
    return {path[start:]: stamps[path] for path in paths[:: max(1, len(paths) // _SAMPLE)]}


def _holds(folder: str, sample: Mapping[str, Stamp]) -> bool:
    return _are_enough(_count_there(folder, sample), sample)


def _count_there(folder: str, sample: Mapping[str, Stamp]) -> int:
    return sum(_is_same(joined(folder, rest), stamp) for rest, stamp in sample.items())


def _are_enough(found: int, sample: Mapping[str, Stamp]) -> bool:
    return found > 0 and found >= _ALIKE * len(sample)


def _is_same(path: str, stamp: Stamp) -> bool:
    try:
        info = os.stat(path)  # noqa: PTH116 - any bytes are a path
    except OSError:
        return False
    apart = abs(info.st_mtime_ns - stamp.mtime_ns) % _HOUR_NS
    return info.st_size == stamp.size and min(apart, _HOUR_NS - apart) <= _CLOCK_NS


def _on_other_mounts(folder: Folder | None, known: Mapping[str, Folder]) -> Iterator[str]:
    """Where `folder` would be, were its drive mounted elsewhere now."""
    if folder is None or folder.volume is None:
        return
    below = os.path.relpath(folder.path, folder.volume.mount)
    for partition in psutil.disk_partitions():
        place = os.path.normpath(joined(partition.mountpoint, below))
        if place not in known and _trouble(place) is None:
            yield place

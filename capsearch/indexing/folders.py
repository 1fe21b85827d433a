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
from capsearch.photos.walk import holds_nothing

# An empty folder that held as many files is taken for a mount point without its drive. One on
# another device, with none of as many files, too: a device's number alone may change at any start.
_MANY = 10
_SAMPLE = 200
_ALIKE = 0.8  # share of the sample that must lie there
_CLOCK_NS = 2_000_000_000  # resolution of FAT's file times
_HOUR_NS = 3_600_000_000_000  # FAT keeps local time: summer time moves every file


@dataclass(frozen=True)
class Reach:
    """`roots` can be looked into, `away` cannot (a folder's name and why); `unseen` are those of
    them whose own drive is away from below a root: no walk from there can judge their files.
    `moved` folders of the library were found again under another name: (old, new)."""

    roots: tuple[str, ...]
    away: tuple[Failure, ...]
    unseen: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()


def check_folders(catalog: Catalog, folders: Sequence[str]) -> Reach:
    """Make the folders absolute and see which can be looked into.

    A folder that the catalog knows may be away (an unplugged drive); one that it does not know
    must be there: `CapsearchError` otherwise.
    """
    known = {folder.path: folder for folder in catalog.folders()}
    roots: list[str] = []
    away: dict[str, str] = {}
    for folder in dict.fromkeys(os.path.abspath(folder) for folder in folders):
        trouble = _trouble(folder)
        if trouble is not None and folder not in known:
            raise CapsearchError(f"{printable(folder)}: {trouble[0]}.", trouble[1])
        reason = trouble[0] if trouble else _emptied(catalog, folder, known)
        if reason is None:
            roots.append(folder)
        else:
            away[folder] = reason
    roots = _with_nested(catalog, roots, known)
    unseen = dict(_unplugged_below(catalog, roots, known))
    return Reach(
        tuple(roots),
        tuple(
            Failure(folder, f"{reason}; its photos are kept as offline")
            for folder, reason in {**unseen, **away}.items()
        ),
        tuple(unseen),
    )


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


def reason_away(catalog: Catalog, folder: str, known: Mapping[str, Folder]) -> str | None:
    """Why one of the `known` folders of the library cannot be looked into; None where it can."""
    trouble = _trouble(folder)
    return trouble[0] if trouble else _emptied(catalog, folder, known)


def find_elsewhere(
    catalog: Catalog, folder: str, known: Mapping[str, Folder], newcomers: Sequence[str] = ()
) -> str | None:
    """Where one of the `known` folders that is away lies now: in one of the `newcomers`, or below
    another mount point or drive letter; None where it is in none."""
    candidates = [*newcomers, *_on_other_mounts(known.get(folder), known)]
    if not candidates:
        return None
    sample = _sample(catalog, folder)
    return next((place for place in candidates if _holds(place, sample)), None)


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
        new = find_elsewhere(catalog, old, known, newcomers)
        if new is not None and new not in moved.values():
            moved[old] = new
    if not moved:
        return reach
    with catalog.transaction():
        for old, new in moved.items():
            catalog.move_folder(old, new)
    there = check_folders(catalog, (*reach.roots, *moved.values()))
    still = (f for f in reach.away if not any(lies_in(f.path, old) for old in moved))
    away = {failure.path: failure for failure in (*there.away, *still)}
    return Reach(there.roots, tuple(away.values()), there.unseen, tuple(moved.items()))


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
    sample = _sample(catalog, old)
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


def _emptied(catalog: Catalog, folder: str, known: Mapping[str, Folder]) -> str | None:
    """Why a folder that can be read is taken for a mount point whose drive is away, or for another
    drive's; None where it is not."""
    if folder not in known:
        return None
    before, now = known[folder].volume, volume_of(folder)
    elsewhere = before is not None and now is not None and before != now
    empty = _holds_nothing(folder, known)
    if not empty and not elsewhere:
        return None
    files = catalog.sample_stamps(folder, _SAMPLE)
    if empty:
        if len(files) >= _MANY or (files and elsewhere):
            return "this folder is empty, as if its drive were not connected"
        return None
    unmounted = before is not None and now is not None and before.mount != now.mount
    if (len(files) >= _MANY or (files and unmounted)) and not any(map(os.path.lexists, files)):
        return "another drive is in the place of this folder's"
    return None


def _holds_nothing(folder: str, known: Iterable[str]) -> bool:
    """Whether nothing of a person's lies there, nor a folder of the library that holds something
    and that a walk passes over: a hidden one, given by name."""
    try:
        return holds_nothing(folder) and not any(
            other != folder
            and lies_in(other, folder)
            and _trouble(other) is None
            and not holds_nothing(other)
            for other in known
        )
    except OSError:
        return False  # went away just now: the walk will meet it


def _with_nested(catalog: Catalog, roots: Iterable[str], known: Mapping[str, Folder]) -> list[str]:
    """Add the known folders below the roots: a walk from above may not enter them (a hidden
    folder given by name), and must not take their files for missing."""
    chosen = dict.fromkeys(roots)
    for path in sorted(known):
        inside = any(lies_in(path, root) for root in tuple(chosen))
        if inside and reason_away(catalog, path, known) is None:
            chosen[path] = None
    return list(chosen)


def _unplugged_below(
    catalog: Catalog, roots: Sequence[str], known: Mapping[str, Folder]
) -> Iterator[tuple[str, str]]:
    """The known folders below the roots, with the reason, whose own drive is away. One of the
    root's drive that cannot be looked into was deleted: the root's walk says so."""
    for path, folder in known.items():
        above = [root for root in roots if lies_in(path, root)]
        if path in roots or not above or folder.volume is None:
            continue
        if all(folder.volume != volume_of(root) for root in above):
            reason = reason_away(catalog, path, known)
            if reason is not None:
                yield path, reason


def _sample(catalog: Catalog, folder: str) -> dict[str, Stamp]:
    """Some of the files, by their path from `folder`."""
    start = len(prefix_of(folder))
    stamps = catalog.sample_stamps(folder, _SAMPLE)
    return {path[start:]: stamp for path, stamp in stamps.items()}


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

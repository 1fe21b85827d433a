"""What a run has to do: the folders as they are now against what the catalog knows of them."""

import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.records import Failure, KnownFailure, KnownPlace, Stamp
from capsearch.errors import CapsearchError
from capsearch.indexing.report import ProgressMeter
from capsearch.indexing.tasks import ReadTask
from capsearch.photos.walk import FoundFile, WalkProblem, is_photo_name, walk


@dataclass
class Scan:
    """What lies under the folders now. `away`: folders given that cannot be reached."""

    roots: tuple[str, ...]
    away: tuple[Failure, ...]
    files: dict[str, Stamp] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    complete: bool = True


@dataclass(frozen=True)
class Plan:
    """`tasks` are to be read; the rest is known already. `gone` files are missing for certain,
    `left` files too unless their content turns up among the tasks. `healed` failures are over."""

    tasks: tuple[ReadTask, ...]
    back: tuple[str, ...]
    gone: tuple[str, ...]
    left: tuple[str, ...]
    healed: tuple[str, ...]


def check_folders(catalog: Catalog, folders: Sequence[str]) -> Scan:
    """Make the folders absolute and see which can be looked into.

    A folder that the catalog knows may be away (an unplugged drive); one that it does not know
    must be there: `CapsearchError` otherwise.
    """
    known = {folder.path for folder in catalog.folders()}
    roots: list[str] = []
    away: list[Failure] = []
    for folder in dict.fromkeys(os.path.abspath(folder) for folder in folders):
        trouble = _trouble(folder)
        if trouble is None:
            roots.append(folder)
        elif folder in known:
            away.append(Failure(folder, f"{trouble[0]}; its photos are kept as offline"))
        else:
            raise CapsearchError(f"{printable(folder)}: {trouble[0]}.", trouble[1])
    return Scan(_with_nested(roots, known), tuple(away))


def printable(path: str) -> str:
    """A path as text that any terminal and any JSON can take."""
    return os.fsencode(path).decode("utf-8", "replace")


def look(scan: Scan, exclude: Sequence[str], meter: ProgressMeter, stop: threading.Event) -> None:
    """Walk the roots and note the photo files and the problems met."""
    for root in scan.roots:
        for item in walk(root, exclude):
            if stop.is_set():
                scan.complete = False
                return
            _note(scan, item, meter)


def make_plan(catalog: Catalog, encoder: str, scan: Scan, *, retry_failed: bool) -> Plan:
    """Compare by path, size and time; nothing is opened."""
    places: dict[str, KnownPlace] = {}
    failures: dict[str, KnownFailure] = {}
    for root in scan.roots:
        places.update(catalog.places_under(root, encoder))
        failures.update(catalog.failures_under(root))
    fresh = [
        path
        for path, stamp in scan.files.items()
        if not _is_settled(stamp, places.get(path), failures.get(path), retry_failed=retry_failed)
    ]
    known = catalog.hashes_by_size((scan.files[path].size for path in fresh), encoder)
    tasks = tuple(
        ReadTask(path, scan.files[path], known.get(scan.files[path].size, ())) for path in fresh
    )
    vanished = _vanished(scan, places)
    sizes = {task.stamp.size for task in tasks}
    return Plan(
        tasks=tasks,
        back=tuple(
            path
            for path, place in places.items()
            if place.state != "present" and scan.files.get(path) == place.stamp
        ),
        gone=tuple(path for path in vanished if places[path].stamp.size not in sizes),
        left=tuple(path for path in vanished if places[path].stamp.size in sizes),
        healed=tuple(
            path for path in failures if path not in scan.files and path not in scan.problems
        ),
    )


def _trouble(folder: str) -> tuple[str, str] | None:
    place = Path(folder)
    next_step = "Give the folder that holds your photos."
    try:
        with os.scandir(place):
            return None
    except NotADirectoryError:
        return "this is a file, not a folder", next_step
    except FileNotFoundError:
        return "there is no such folder", "Check the name; a drive may have to be connected."
    except PermissionError:
        return "there is no permission to read this folder", "Allow reading it, then try again."
    except OSError as error:
        return f"this folder cannot be read ({error.strerror})", next_step


def _with_nested(roots: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """Add the known folders below the roots: a walk from above may not enter them (a hidden
    folder given by name), and must not take their files for missing."""
    chosen = dict.fromkeys(roots)
    for folder in sorted(known):
        inside = any(folder.startswith(root.rstrip(os.sep) + os.sep) for root in tuple(chosen))
        if inside and _trouble(folder) is None:
            chosen[folder] = None
    return tuple(chosen)


def _note(scan: Scan, item: FoundFile | WalkProblem, meter: ProgressMeter) -> None:
    if isinstance(item, FoundFile):
        if is_photo_name(item.path):
            scan.files[item.path] = Stamp(item.size, item.mtime_ns)
            meter.step()
    elif is_photo_name(item.path) or Path(item.path).is_dir():
        scan.problems[item.path] = item.reason


def _is_settled(
    stamp: Stamp, place: KnownPlace | None, failure: KnownFailure | None, *, retry_failed: bool
) -> bool:
    if failure is not None and failure.stamp == stamp:
        return not (failure.passing or retry_failed)
    return place is not None and place.stamp == stamp and place.embedded


def _vanished(scan: Scan, places: Mapping[str, KnownPlace]) -> list[str]:
    """The files gone since the last look, but for those in folders that could not be read."""
    unseen = tuple(path.rstrip(os.sep) + os.sep for path in scan.problems)
    return [
        path
        for path, place in places.items()
        if place.state != "missing" and path not in scan.files and not path.startswith(unseen)
    ]

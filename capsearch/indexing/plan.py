"""What a run has to do: the folders as they are now against what the catalog knows of them."""

import hashlib
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.records import Companion, KnownFailure, KnownPlace, Stamp
from capsearch.indexing.scan import Scan
from capsearch.indexing.tasks import ReadTask
from capsearch.paths import joined, prefix_of
from capsearch.photos.groups import PhotoGroup, group_names
from capsearch.photos.walk import is_photo_name


@dataclass(frozen=True)
class Plan:
    """`tasks` are to be read, and need no decoding where their content is `known` (hashes); the
    rest is known already. `gone` files are missing for certain, `left` files too unless their
    content turns up among the tasks. `healed` failures are over."""

    tasks: tuple[ReadTask, ...]
    known: frozenset[bytes]
    back: tuple[str, ...]
    gone: tuple[str, ...]
    left: tuple[str, ...]
    healed: tuple[str, ...]


@dataclass(frozen=True)
class _Found:
    """A photo's file as it lies there now."""

    stamp: Stamp
    beside: bytes
    companions: tuple[Companion, ...]


def make_plan(
    catalog: Catalog,
    encoder: str,
    scan: Scan,
    unseen: Sequence[str] = (),
    *,
    retry_failed: bool,
) -> Plan:
    """Compare by path, size and time; nothing is opened. Files in `unseen` folders are not
    judged."""
    places: dict[str, KnownPlace] = {}
    failures: dict[str, KnownFailure] = {}
    for scope in scan.scopes:
        places.update(catalog.places_under(scope.folder, encoder, deep=scope.deep))
        known = catalog.failures_under(scope.folder, deep=scope.deep)
        if not scope.deep:  # a folder in it is not looked into
            known = {path: failure for path, failure in known.items() if is_photo_name(path)}
        failures.update(known)
    lasting = failures if not retry_failed else {}
    found = dict(_grouped(scan, lasting))
    companions = {each.path: each.stamp for photo in found.values() for each in photo.companions}
    fresh = {
        path: photo
        for path, photo in found.items()
        if path not in scan.unsettled
        and not _is_settled(photo, places.get(path), failures.get(path), retry_failed=retry_failed)
    }
    vanished = _vanished(scan, places, found.keys() | companions.keys(), unseen)
    sizes = {photo.stamp.size for photo in fresh.values()}
    return Plan(
        tasks=tuple(
            ReadTask(path, photo.stamp, photo.beside, photo.companions)
            for path, photo in fresh.items()
        ),
        known=catalog.hashes_of_sizes(sizes, encoder),
        back=tuple(
            path
            for path, place in places.items()
            if place.state != "present"
            and place.stamp == _stamp_now(path, place, found, companions)
        ),
        gone=tuple(path for path in vanished if places[path].stamp.size not in sizes),
        left=tuple(path for path in vanished if places[path].stamp.size in sizes),
        healed=tuple(
            path
            for path in failures
            if path not in found and path not in scan.problems and path not in scan.unsettled
        ),
    )


def rescue(tasks: Iterable[ReadTask], failed: Collection[str]) -> tuple[ReadTask, ...]:
    """The companions that must stand for themselves because their photo could not be read."""
    return tuple(
        ReadTask(companion.path, companion.stamp)
        for task in tasks
        if task.path in failed
        for companion in task.companions
        if is_photo_name(companion.path)
    )


def _grouped(scan: Scan, failures: Mapping[str, KnownFailure]) -> Iterator[tuple[str, _Found]]:
    for folder, files in scan.folders.items():
        unusable = {
            name
            for name, stamp in files.items()
            if failures and _lasts(failures.get(joined(folder, name)), stamp)
        }
        for group in group_names(files, unusable):
            yield joined(folder, group.photo), _found(folder, files, group)


def _found(folder: str, files: Mapping[str, Stamp], group: PhotoGroup) -> _Found:
    return _Found(
        files[group.photo],
        _beside(files, (*group.companions, *group.sidecars)),
        tuple(Companion(joined(folder, name), files[name]) for name in group.companions),
    )


def _beside(files: Mapping[str, Stamp], names: tuple[str, ...]) -> bytes:
    """Stamp of all that goes with a photo; empty where nothing does."""
    if not names:
        return b""
    digest = hashlib.blake2b(digest_size=8)
    for name in names:
        stamp = files[name]
        digest.update(os.fsencode(name) + f"\0{stamp.size}\0{stamp.mtime_ns}\0".encode())
    return digest.digest()


def _lasts(failure: KnownFailure | None, stamp: Stamp) -> bool:
    return failure is not None and failure.stamp == stamp and not failure.passing


def _is_settled(
    photo: _Found, place: KnownPlace | None, failure: KnownFailure | None, *, retry_failed: bool
) -> bool:
    if failure is not None and failure.stamp == photo.stamp:
        return not (failure.passing or retry_failed)
    return (
        place is not None
        and place.embedded
        and not place.companion
        and (place.stamp, place.beside) == (photo.stamp, photo.beside)
    )


def _stamp_now(
    path: str,
    place: KnownPlace,
    found: Mapping[str, _Found],
    companions: Mapping[str, Stamp],
) -> Stamp | None:
    """The file's stamp now, None where it is not there in the same part."""
    if place.companion:
        return companions.get(path)
    return found[path].stamp if path in found else None


def _vanished(
    scan: Scan,
    places: Mapping[str, KnownPlace],
    there: Collection[str],
    unseen: Sequence[str],
) -> list[str]:
    """The files gone since the last look, but for those in folders that could not be read."""
    hidden = tuple(prefix_of(path) for path in (*scan.problems, *unseen))
    return [
        path
        for path, place in places.items()
        if place.state != "missing"
        and path not in there
        and path not in scan.unsettled
        and not path.startswith(hidden)
    ]

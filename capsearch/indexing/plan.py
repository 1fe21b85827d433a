"""What a run has to do: the folders as they are now against what the catalog knows of them."""

import hashlib
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.records import NO_STAMP, Companion, KnownFailure, KnownPlace, Stamp
from capsearch.indexing.scan import Scan
from capsearch.indexing.tasks import KnownContents, ReadTask
from capsearch.paths import joined, prefix_of
from capsearch.photos.cloud import ONLY_IN_THE_CLOUD
from capsearch.photos.formats import is_video_name
from capsearch.photos.groups import PhotoGroup, group_names
from capsearch.photos.video_support import videos_are_read
from capsearch.photos.walk import is_photo_name


@dataclass(frozen=True)
class Plan:
    """`tasks` are to be read, and need no decoding where their content is `known`; the rest is
    known already. `gone` files are missing for certain, `left` files too unless their content turns
    up among the tasks. `healed` failures are over. The photos `in_cloud` are only there, and
    nothing is known of them. `passed_over`: how many new videos are left alone, as none can be read
    here.
    """

    tasks: tuple[ReadTask, ...]
    known: KnownContents
    back: tuple[str, ...]
    gone: tuple[str, ...]
    left: tuple[str, ...]
    healed: tuple[str, ...]
    in_cloud: Mapping[str, Stamp]
    passed_over: int = 0


@dataclass(frozen=True)
class _Found:
    """A photo's file as it lies there now. `whole` is what `beside` would be were all sidecars
    here, though some are only in the cloud."""

    stamp: Stamp
    beside: bytes
    companions: tuple[Companion, ...]
    whole: bytes
    stubs: bool


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
    found = dict(_grouped(scan, lasting, places))
    companions = {each.path: each.stamp for photo in found.values() for each in photo.companions}
    fresh = {
        path: photo
        for path, photo in found.items()
        if path not in scan.unsettled
        and path not in scan.in_cloud
        and not _is_settled(photo, places.get(path), failures.get(path), retry_failed=retry_failed)
    }
    passed_over = _passed_over(fresh, places)
    fresh = {path: photo for path, photo in fresh.items() if path not in passed_over}
    vanished = _vanished(scan, places, found.keys() | companions.keys(), unseen)
    sizes = {photo.stamp.size for photo in fresh.values()}
    return Plan(
        tasks=tuple(
            ReadTask(
                path,
                photo.stamp,
                photo.beside,
                photo.companions,
            )
            for path, photo in fresh.items()
        ),
        known=KnownContents(
            catalog.hashes_of_sizes(sizes, encoder), catalog.unhashed_of_sizes(sizes)
        ),
        back=tuple(
            path
            for path, place in places.items()
            if place.state != "present"
            and (
                place.stamp == (now := _stamp_now(path, place, found, companions))
                or now == NO_STAMP
            )
        ),
        gone=tuple(path for path in vanished if places[path].stamp.size not in sizes),
        left=tuple(path for path in vanished if places[path].stamp.size in sizes),
        healed=tuple(
            path
            for path in failures
            if path not in found and path not in scan.problems and path not in scan.unsettled
        ),
        in_cloud={
            path: photo.stamp
            for path, photo in found.items()
            if path in scan.in_cloud
            and not _is_placed(photo, places.get(path))
            and not _is_said(photo, failures.get(path))
        },
        passed_over=len(passed_over - places.keys()),
    )


def rescue(tasks: Iterable[ReadTask], failed: Collection[str]) -> tuple[ReadTask, ...]:
    """The companions that must stand for themselves because their photo could not be read."""
    return tuple(
        ReadTask(companion.path, companion.stamp)
        for task in tasks
        if task.path in failed
        for companion in task.companions
        if is_photo_name(companion.path)
        and (not is_video_name(companion.path) or videos_are_read())
    )


def _passed_over(fresh: Mapping[str, _Found], places: Mapping[str, KnownPlace]) -> frozenset[str]:
    """The videos that are left as they are where none can be read: but one that was moved can be
    known by its content."""
    videos = [path for path in fresh if is_video_name(path)]
    if not videos or videos_are_read():
        return frozenset()
    sizes = {place.stamp.size for place in places.values()}
    return frozenset(
        path for path in videos if path in places or fresh[path].stamp.size not in sizes
    )


def _grouped(
    scan: Scan, failures: Mapping[str, KnownFailure], places: Mapping[str, KnownPlace]
) -> Iterator[tuple[str, _Found]]:
    for folder, files in scan.folders.items():
        unusable = {
            name
            for name, stamp in files.items()
            if _lasts(failures.get(path := joined(folder, name)), stamp)
            or (path in scan.in_cloud and path not in places)
        }
        for group in group_names(files, unusable):
            yield joined(folder, group.photo), _found(scan, folder, group)


def _found(scan: Scan, folder: str, group: PhotoGroup) -> _Found:
    files = scan.folders[folder]
    away = {name for name in group.sidecars if joined(folder, name) in scan.in_cloud}
    names = (*group.companions, *group.sidecars)
    return _Found(
        files[group.photo],
        _beside(files, names, away),
        tuple(Companion(joined(folder, name), files[name]) for name in group.companions),
        _beside(files, names),
        any(files[name] == NO_STAMP for name in away),
    )


def _beside(
    files: Mapping[str, Stamp], names: tuple[str, ...], unread: Collection[str] = ()
) -> bytes:
    """Stamp of all that goes with a photo, of which some is `unread`; empty where nothing does."""
    if not names:
        return b""
    digest = hashlib.blake2b(digest_size=8)
    for name in names:
        stamp = files[name]
        digest.update(os.fsencode(name) + f"\0{stamp.size}\0{stamp.mtime_ns}\0".encode())
        if name in unread:
            digest.update(b"unread\0")
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
        and place.stamp == photo.stamp
        # What was read of a sidecar stays known when its file is freed.
        and (photo.stubs or place.beside in {photo.beside, photo.whole})
    )


def _is_placed(photo: _Found, place: KnownPlace | None) -> bool:
    """Whether a file that is only in the cloud is a place of a photo, as far as can be told."""
    if place is None or place.state != "missing":
        return place is not None
    return photo.stamp in {place.stamp, NO_STAMP}


def _is_said(photo: _Found, failure: KnownFailure | None) -> bool:
    """Whether it is noted already that this file is only in the cloud, or that it is damaged."""
    if failure is None or failure.stamp != photo.stamp:
        return False
    return failure.reason == ONLY_IN_THE_CLOUD or not failure.passing


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

"""Counts the photos of every folder, with all that lies below it."""

import os
from collections.abc import Iterable, Sequence

from capsearch.catalog.records import FolderCount
from capsearch.paths import prefix_of

_SEPARATOR = os.fsencode(os.sep)


def count_tree(
    roots: Sequence[str], places: Iterable[tuple[bytes, int]]
) -> tuple[FolderCount, ...]:
    """List `roots` and all folders below them that hold photos, each before those inside of it.

    `places` are paths and the photos that lie there, folder by folder; a photo that lies in a
    folder several times counts once.
    """
    outer = _outermost(roots)
    found: dict[bytes, set[int]] = {os.fsencode(root): set() for root in outer}
    prefixes = [os.fsencode(prefix_of(root)) for root in outer]
    last: bytes | None = None
    sets: list[set[int]] = []
    for path, photo in places:
        folder = path[: path.rfind(_SEPARATOR)]
        if folder != last:
            last, sets = folder, _sets_of(path, prefixes, found)
        for photos in sets:
            photos.add(photo)
    counted = sorted(found.items(), key=lambda each: each[0].split(_SEPARATOR))
    return tuple(FolderCount(os.fsdecode(path), len(photos)) for path, photos in counted)


def _sets_of(
    path: bytes, prefixes: Iterable[bytes], found: dict[bytes, set[int]]
) -> list[set[int]]:
    """The photos of each folder that `path` lies in; none outside of all roots."""
    prefix = next((each for each in prefixes if path.startswith(each)), None)
    if prefix is None:
        return []
    root = prefix.rstrip(_SEPARATOR) or _SEPARATOR
    folders = [root if root in found else prefix]
    place = path.find(_SEPARATOR, len(prefix))
    while place >= 0:
        folders.append(path[:place])
        place = path.find(_SEPARATOR, place + 1)
    return [found.setdefault(folder, set()) for folder in folders]


def _outermost(roots: Iterable[str]) -> list[str]:
    """Those that lie in no other."""
    kept: list[str] = []
    for root in sorted(set(roots), key=prefix_of):
        if not any(prefix_of(root).startswith(prefix_of(each)) for each in kept):
            kept.append(root)
    return kept

"""Thumbnails on disk: a cache beside the library that can be deleted and comes back."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from capsearch.files import write_whole
from capsearch.library.pictures import THUMBNAIL_SIDE, THUMBNAIL_SIDES, THUMBNAIL_VERSION
from capsearch.library.values import PhotoFacts


def thumbnail_sides(facts: PhotoFacts, side: int) -> tuple[int, ...]:
    """The thumbnails that fill a square of `side` device pixels, smallest first; of a small photo
    the first that holds all of it."""
    needed = min(side, facts.width, facts.height)
    return tuple(each for each in THUMBNAIL_SIDES if each >= needed) or THUMBNAIL_SIDES[-1:]


def smaller_sides(facts: PhotoFacts, side: int) -> tuple[int, ...]:
    """The thumbnails that do not fill such a square, largest first."""
    return tuple(
        each for each in reversed(THUMBNAIL_SIDES) if each < thumbnail_sides(facts, side)[0]
    )


def thumbnail_file(
    folder: Path, facts: PhotoFacts, side: int = THUMBNAIL_SIDE, version: int = THUMBNAIL_VERSION
) -> Path:
    """Where the photo's thumbnail of this side is kept, as that version makes it. Ids
    alone would not do: after the library was made anew they name other photos."""
    described = f"{facts.width}x{facts.height}-{facts.format}-{facts.taken}"
    if version:
        described += f"-{version}"
    mark = hashlib.blake2b(described.encode(), digest_size=4).hexdigest()
    return folder / f"{facts.id // 1000:04d}" / f"{facts.id}-{mark}-{side}.jpg"


def older_thumbnails(folder: Path, facts: PhotoFacts) -> Iterator[Path]:
    """Where thumbnails of the photo may be that older versions have made, the largest first."""
    for side in reversed(THUMBNAIL_SIDES):
        for version in reversed(range(THUMBNAIL_VERSION)):
            yield thumbnail_file(folder, facts, side, version)


def keep_thumbnail(jpeg: bytes, file: Path, outdated: Iterable[Path] = ()) -> None:
    """Write so that a crash leaves no half a picture, and remove what is `outdated` by it; a full
    disk only costs the cache."""
    with suppress(OSError):
        with write_whole(file, durable=False) as part:
            part.write(jpeg)
        for old in outdated:
            old.unlink(missing_ok=True)

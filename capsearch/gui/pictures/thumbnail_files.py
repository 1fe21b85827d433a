"""Thumbnails on disk: a cache beside the library that can be deleted and comes back."""

import hashlib
from contextlib import suppress
from pathlib import Path

from capsearch.files import write_whole
from capsearch.library.values import PhotoFacts
from capsearch.photos.decode import DecodeError, decode
from capsearch.photos.thumbnails import thumbnail

SIDE = 400
"""Longer side of a thumbnail, pixels: enough for the largest cell of a plain screen."""


def thumbnail_file(folder: Path, facts: PhotoFacts) -> Path:
    """Where the photo's thumbnail is kept. Ids alone would not do: after the library was made
    anew they name other photos."""
    described = f"{facts.width}x{facts.height}-{facts.format}-{facts.taken}"
    mark = hashlib.blake2b(described.encode(), digest_size=4).hexdigest()
    return folder / f"{facts.id // 1000:04d}" / f"{facts.id}-{mark}.jpg"


def make_thumbnail(facts: PhotoFacts, file: Path) -> bytes | None:
    """Read the photo at one of its places and keep its thumbnail; None where that fails."""
    for path in facts.paths:
        try:
            data = Path(path).read_bytes()
            jpeg = thumbnail(decode(data, path, SIDE).image, SIDE)
        except (OSError, DecodeError, MemoryError):
            continue
        _keep(jpeg, file)
        return jpeg
    return None


def _keep(jpeg: bytes, file: Path) -> None:
    """Write so that a crash leaves no half a picture; a full disk only costs the cache."""
    with suppress(OSError), write_whole(file, durable=False) as whole:
        whole.write(jpeg)

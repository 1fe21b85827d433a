"""Thumbnails on disk: a cache beside the library that can be deleted and comes back."""

import hashlib
from contextlib import suppress
from pathlib import Path

from capsearch.files import write_whole
from capsearch.library.values import PhotoFacts


def thumbnail_file(folder: Path, facts: PhotoFacts) -> Path:
    """Where the photo's thumbnail is kept. Ids alone would not do: after the library was made
    anew they name other photos."""
    described = f"{facts.width}x{facts.height}-{facts.format}-{facts.taken}"
    mark = hashlib.blake2b(described.encode(), digest_size=4).hexdigest()
    return folder / f"{facts.id // 1000:04d}" / f"{facts.id}-{mark}.jpg"


def keep_thumbnail(jpeg: bytes, file: Path) -> None:
    """Write so that a crash leaves no half a picture; a full disk only costs the cache."""
    with suppress(OSError), write_whole(file, durable=False) as part:
        part.write(jpeg)

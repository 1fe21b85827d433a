"""A library of any size, made of vectors alone, to measure what needs no photo's pixels."""

import datetime
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from capsearch.benchmark.photo_kinds import photos_in
from capsearch.catalog.catalog import Catalog
from capsearch.catalog.records import Content, Place, Stamp
from capsearch.encoders.base import Encoder, FloatArray
from capsearch.lab.photo_vectors import encode_photos
from capsearch.library.encoder_choice import settle_encoder
from capsearch.photos.metadata.model import PhotoMetadata, TakenAt
from capsearch.search.matrix import Chunk

# A million photos are as many as 20 years hold.
_FIRST, _BETWEEN = datetime.datetime(2005, 1, 1), datetime.timedelta(minutes=11)
_MOST_READ = 10_000

Describe = Callable[[int], tuple[Path, PhotoMetadata]]
"""From a photo's number to its place in the library's folder and what it says of itself."""


def content_of(number: int) -> Content:
    """What photo `number` is known by."""
    return Content(number.to_bytes(20, "big"), 1, 4000, 3000, "JPEG")


def dated(number: int) -> tuple[Path, PhotoMetadata]:
    """A photo that has a date and no more."""
    taken = TakenAt(_FIRST + number * _BETWEEN, None, "exif")
    return Path(f"{number}.jpg"), PhotoMetadata(taken=taken)


def fill_library(
    catalog: Catalog,
    encoder: Encoder,
    folder: Path,
    chunks: Iterable[Chunk],
    describe: Describe = dated,
) -> None:
    """Record photos that have these vectors, and files in `folder` that are not there.

    The photos of a day follow each other in `chunks`: numbers (m,), vectors (m, dim) float16.
    """
    with catalog.transaction():
        catalog.record_scan(str(folder), online=True)
        encoder_id = catalog.add_encoder(encoder.identity, encoder.name, encoder.dim)
    for numbers, vectors in chunks:
        with catalog.transaction():
            for number, vector in zip(numbers.tolist(), vectors, strict=True):
                photo_id = catalog.add_photo(content_of(number))
                inside, metadata = describe(number)
                place = Place(str(folder / inside), Stamp(1, 1), metadata)
                catalog.place_photo(photo_id, place)
                catalog.add_embedding(encoder_id, photo_id, vector)
    settle_encoder(catalog, encoder)


def library_vectors(path: Path, encoder: Encoder) -> FloatArray:
    """The first 10,000 vectors (n, dim) that a library has of this encoder; none where it has
    none."""
    found: list[FloatArray] = []
    count = 0
    with Catalog.open(path) as catalog:
        for _, vectors in catalog.iter_vectors(encoder.identity):
            found.append(vectors.astype(np.float32))
            count += len(vectors)
            if count >= _MOST_READ:
                break
    return np.concatenate([np.empty((0, encoder.dim), np.float32), *found])[:_MOST_READ]


def folder_vectors(folders: Sequence[Path], encoder: Encoder, count: int) -> FloatArray:
    """Vectors (n, dim) of the first `count` photos below `folders` that can be read."""
    return encode_photos(encoder, list(islice(photos_in(folders), count)))[1]

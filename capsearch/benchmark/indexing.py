"""How fast photos become searchable: decoding alone, encoding alone, and the whole way."""

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.records import Stamp
from capsearch.encoders.base import ByteArray, Encoder
from capsearch.errors import CapsearchError
from capsearch.indexing.pool import DecodePool
from capsearch.indexing.run import index_folders
from capsearch.indexing.tasks import DecodedPhoto, ReadTask
from capsearch.machine import usable_cores
from capsearch.photos.formats import is_photo_name
from capsearch.photos.walk import FoundFile, walk

_PATIENCE_SECONDS = 1.0


@dataclass(frozen=True)
class IndexingSpeed:
    """Photos per second, medians over the rounds of one run on the same photos.

    `ratio` is the whole way against the slower of its two parts, `ceiling` against what two parts
    that share the same cores can reach at best, 1 / (1 / decode + 1 / encode).
    """

    photos: int
    rounds: int
    encoder: str
    device: str
    workers: int
    decode: float
    encode: float
    end_to_end: float
    ratio: float
    ceiling: float
    bottleneck: str


def measure_indexing(
    encoder: Encoder, folder: Path, count: int, rounds: int, say: Callable[[str], None]
) -> IndexingSpeed:
    """Measure on copies of the first `count` photos of `folder`, in turn, `rounds` times.

    Raises:
        CapsearchError: there is no photo.
    """
    files = [
        found
        for found in walk(folder)
        if isinstance(found, FoundFile) and is_photo_name(Path(found.path).name)
    ][:count]
    if not files:
        raise CapsearchError(f"There are no photos in {folder}.", "Give a folder of photos.")
    workers = usable_cores()
    speeds: dict[str, list[float]] = {"decode": [], "encode": [], "end to end": []}
    with tempfile.TemporaryDirectory() as temporary:
        copies = _copied(files, Path(temporary) / "photos")
        pixels = _decoded(copies, encoder, workers)
        if not len(pixels):
            raise CapsearchError(f"No photo in {folder} can be read.", "Give other photos.")
        encoder.encode_images(pixels[: encoder.batch_size])
        for turn in range(rounds):
            library = Path(temporary) / f"library-{turn}.db"
            work: dict[str, Callable[[], object]] = {
                "decode": partial(_decoded, copies, encoder, workers),
                "encode": partial(_encode, encoder, pixels),
                "end to end": partial(_index, encoder, library, copies[0].path),
            }
            for name, run in work.items():
                say(f"round {turn + 1} of {rounds}: {name}")
                start = time.perf_counter()
                run()
                speeds[name].append(len(pixels) / (time.perf_counter() - start))
    decode, encode, whole = (statistics.median(values) for values in speeds.values())
    slower = min(decode, encode)
    return IndexingSpeed(
        photos=len(pixels),
        rounds=rounds,
        encoder=encoder.name,
        device=encoder.device,
        workers=workers,
        decode=decode,
        encode=encode,
        end_to_end=whole,
        ratio=whole / slower,
        ceiling=whole * (1 / decode + 1 / encode),
        bottleneck="decode" if decode < encode else "encode",
    )


def _copied(files: Sequence[FoundFile], folder: Path) -> list[ReadTask]:
    folder.mkdir()
    tasks = []
    for number, found in enumerate(files):
        copy = folder / f"{number}-{Path(found.path).name}"
        shutil.copyfile(found.path, copy)
        about = copy.stat()
        tasks.append(ReadTask(str(copy), Stamp(about.st_size, about.st_mtime_ns)))
    return tasks


def _decoded(tasks: Sequence[ReadTask], encoder: Encoder, workers: int) -> ByteArray:
    """Read, hash and decode all photos as an index run does: (n, size, size, 3) uint8."""
    size = encoder.input_spec.size
    pool = DecodePool(tasks, encoder.input_spec, workers=workers, window=2 * encoder.batch_size)
    with pool:
        photos = [
            outcome.pixels
            for outcome in pool.outcomes(_PATIENCE_SECONDS)
            if isinstance(outcome, DecodedPhoto)
        ]
    return np.stack(photos) if photos else np.empty((0, size, size, 3), np.uint8)


def _encode(encoder: Encoder, pixels: ByteArray) -> None:
    for start in range(0, len(pixels), encoder.batch_size):
        encoder.encode_images(pixels[start : start + encoder.batch_size])


def _index(encoder: Encoder, library: Path, photo: str) -> None:
    with Catalog.open(library) as catalog:
        index_folders(catalog, encoder, [str(Path(photo).parent)])

"""How fast photos become searchable: decoding alone, encoding alone, and the whole way."""

import shutil
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from capsearch.benchmark.made_photos import make_photo
from capsearch.benchmark.run import Run
from capsearch.catalog.catalog import Catalog
from capsearch.catalog.records import Stamp
from capsearch.encoders.base import ByteArray, Encoder
from capsearch.encoders.registry import load_encoder
from capsearch.errors import CapsearchError
from capsearch.indexing.pool import DecodePool
from capsearch.indexing.run import index_folders
from capsearch.indexing.tasks import DecodedPhoto, ReadTask
from capsearch.machine import usable_cores
from capsearch.photos.formats import is_photo_name
from capsearch.photos.walk import FoundFile, walk

_PHOTOS, _QUICK_PHOTOS = 1000, 200
_PATIENCE_SECONDS = 1.0


def measure(run: Run) -> None:
    """Measure on copies of the user's photos, or on made ones: all stages in turn, each round.

    Raises:
        CapsearchError: there is no photo that can be read.
    """
    encoder = load_encoder(run.encoder, device=run.device or "auto")
    workers = usable_cores()
    count = _QUICK_PHOTOS if run.quick else _PHOTOS
    copies = _copied(_chosen(run, count), run.scratch / "indexing")
    pixels = _decoded(copies, encoder, workers)
    if not len(pixels):
        raise CapsearchError("No photo of those given can be read.", "Give other photos.")
    encoder.encode_images(pixels[: encoder.batch_size])
    speeds: dict[str, list[float]] = {"decode alone": [], "encode alone": [], "end to end": []}
    for turn in range(run.rounds):
        library = run.scratch / f"indexing-{turn}.db"
        work: dict[str, Callable[[], object]] = {
            "decode alone": partial(_decoded, copies, encoder, workers),
            "encode alone": partial(_encode, encoder, pixels),
            "end to end": partial(_index, encoder, library, copies[0].path),
        }
        for name, stage in work.items():
            run.say(f"indexing, round {turn + 1} of {run.rounds}: {name}")
            start = time.perf_counter()
            stage()
            speeds[name].append(len(pixels) / (time.perf_counter() - start))
    way = f"{encoder.name} on {encoder.device}"
    for name, rounds in speeds.items():
        run.add("indexing", name, way, "photos/s", rounds, size=len(pixels), better="more")
    stages = zip(speeds["decode alone"], speeds["encode alone"], strict=True)
    slower = [min(decode, encode) for decode, encode in stages]
    against = [whole / part for whole, part in zip(speeds["end to end"], slower, strict=True)]
    what = "end to end against the slower of the two alone"
    run.add("indexing", what, way, "%", against, size=len(pixels), better="more")


def _chosen(run: Run, count: int) -> list[FoundFile]:
    folders = run.photos or [_made(run.scratch / "made", count)]
    found: list[FoundFile] = []
    for folder in folders:
        for each in walk(folder):
            if isinstance(each, FoundFile) and is_photo_name(Path(each.path).name):
                found.append(each)
            if len(found) == count:
                return found
    if not found:
        told = ", ".join(map(str, folders))
        raise CapsearchError(f"There are no photos in {told}.", "Give a folder of photos.")
    return found


def _made(folder: Path, count: int) -> Path:
    for number in range(count):
        make_photo(folder / f"{number}.jpg", number)
    return folder


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

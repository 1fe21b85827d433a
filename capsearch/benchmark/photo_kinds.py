"""The photos that indexing is measured on: of 12 megapixels, and the user's as they are."""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from capsearch.benchmark.made_photos import make_large_photos, make_photo
from capsearch.benchmark.run import Run
from capsearch.catalog.records import Stamp
from capsearch.encoders.base import ByteArray, InputSpec
from capsearch.errors import CapsearchError
from capsearch.indexing.pool import DecodePool
from capsearch.indexing.tasks import DecodedPhoto, ReadTask
from capsearch.machine import free_bytes, usable_cores
from capsearch.photos.formats import is_photo_name
from capsearch.photos.walk import FoundFile, walk

LARGE, AS_THEY_ARE = "12 megapixels", "as they are"
# What the large photos are enlarged from: a photo of the user's keeps detail of this size.
_SOURCES = InputSpec(size=1024)
_SOURCE_COUNT = 48
_LARGE_BYTES = 5_000_000
_SOME = "some"
_PATIENCE_SECONDS = 1.0


@dataclass(frozen=True)
class PhotoKind:
    """Photos of one kind: all are in `folder`, the first of them in its folder `some`."""

    name: str
    folder: Path
    files: Sequence[Path]

    def some(self) -> "PhotoKind":
        """Those in its folder `some`."""
        inner = self.folder / _SOME
        return PhotoKind(self.name, inner, [file for file in self.files if file.parent == inner])

    def evenly(self, count: int) -> list[Path]:
        """At most `count` of them, taken evenly from all."""
        return list(self.files[:: -(-len(self.files) // count)])

    def tasks(self) -> list[ReadTask]:
        """What a decode worker is told to read them."""
        return [_task(file) for file in self.files]


def gather_kinds(run: Run, large: int, small: int, some: int) -> list[PhotoKind]:
    """Both kinds below `run.scratch`: at most so many of each, `some` of them apart.

    Raises:
        CapsearchError: no photo of the user's folders can be read.
    """
    run.say("indexing: gathering photos")
    folder = run.scratch / "as they are"
    places = _places(folder, small, some)
    if run.photos:
        found = islice(photos_in(run.photos), small)
        files = [
            link_file(photo, place.with_suffix(photo.suffix))
            for photo, place in zip(found, places, strict=False)
        ]
    else:
        files = [make_photo(place, number) for number, place in enumerate(places)]
    pictures = _pictures(files[:: max(1, len(files) // _SOURCE_COUNT)])
    if not pictures:
        told = ", ".join(map(str, run.photos))
        raise CapsearchError(f"There are no photos in {told} that can be read.", "Give others.")
    run.say("indexing: making photos of 12 megapixels")
    return [
        _make_large(run, large, some, pictures),
        PhotoKind(AS_THEY_ARE, folder, files),
    ]


def photos_in(folders: Sequence[Path]) -> Iterator[Path]:
    """Every photo below the folders, in the order of an index run."""
    for folder in folders:
        for each in walk(folder):
            here = isinstance(each, FoundFile) and not each.in_cloud
            if here and is_photo_name(Path(each.path).name):
                yield Path(each.path)


def _places(folder: Path, count: int, some: int) -> list[Path]:
    (folder / _SOME).mkdir(parents=True)
    return [folder / (_SOME if number < some else "") / f"{number}.jpg" for number in range(count)]


def link_file(file: Path, place: Path) -> Path:
    """The file at this place, and the folder for it; a copy where the system makes no links."""
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        place.symlink_to(file.absolute())
    except OSError:  # Windows lets only some users do it
        shutil.copyfile(file, place)
    return place


def _make_large(run: Run, count: int, some: int, pictures: Sequence[ByteArray]) -> PhotoKind:
    """Of 12 megapixels each; fewer where they would take more than half of the disk's room."""
    folder = run.scratch / LARGE
    room = free_bytes(run.scratch)
    if room is not None:
        count = max(1, min(count, room // 2 // _LARGE_BYTES))
    files = make_large_photos(_places(folder, count, some), pictures)
    megabytes = sum(file.stat().st_size for file in files) / len(files) / 1e6
    run.note(
        f"The photos of 12 megapixels are JPEGs of 4000 x 3000, {megabytes:.1f} MB each, enlarged "
        "from the others with the noise of a sensor."
    )
    return PhotoKind(LARGE, folder, files)


def _pictures(files: Sequence[Path]) -> list[ByteArray]:
    """Photos read in guarded processes, square: (1024, 1024, 3) uint8."""
    pool = DecodePool(
        [_task(file) for file in files], _SOURCES, workers=usable_cores(), window=usable_cores()
    )
    with pool:
        outcomes = pool.outcomes(_PATIENCE_SECONDS)
        return [outcome.pixels for outcome in outcomes if isinstance(outcome, DecodedPhoto)]


def _task(file: Path) -> ReadTask:
    about = file.stat()
    return ReadTask(str(file), Stamp(about.st_size, about.st_mtime_ns))

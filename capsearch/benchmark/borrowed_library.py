"""The user's library to search in as the app does, without a change to it: a copy of its file."""

import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from capsearch.benchmark.photo_kinds import link_file
from capsearch.benchmark.run import Run
from capsearch.catalog.catalog import Catalog
from capsearch.encoders.base import Encoder
from capsearch.library.encoder_view import EncoderView
from capsearch.library.facade import Library
from capsearch.library.values import Progress
from capsearch.machine import free_bytes
from capsearch.photos.walk import FoundFile, is_photo_name, walk
from capsearch.settings import Settings, cache_folder

# The first ones, not a sample: what comes back in a library is on photos near each other.
_PHOTOS, _QUICK_PHOTOS = 2_000, 150
_CACHES = ("vectors-*", "index-*")


@contextmanager
def borrowed_library(run: Run, encoder: Encoder) -> Iterator[EncoderView | None]:
    """The run's library as this encoder sees it; where that holds nothing for the encoder, one of
    the run's photos; None, with the reason among what is lacking, where there is neither."""
    path = run.scratch / "quality" / "library.db"
    path.parent.mkdir()
    try:
        origin = _copy(run, path, encoder) or _make(run, path, encoder)
        if origin is None:
            yield None
            return
        with Catalog.open(path) as catalog:
            view = EncoderView(catalog, encoder, cache_folder(path), resident=True)
            matrix = view.searcher().matrix
            run.report.work["quality"] = f"{len(matrix):,} photos {origin}"
            if view.profiles.profile(matrix) is None:
                run.say("quality: learning from the collection")
                view.profiles.learn(matrix)
            yield view
    finally:
        shutil.rmtree(path.parent, ignore_errors=True)


def _copy(run: Run, path: Path, encoder: Encoder) -> str | None:
    """Copy the library and what it keeps for searches; what it is, None where it is of no use."""
    if run.library is None:
        return None
    with Catalog.open(run.library, read_only=True) as catalog:
        if not catalog.count_vectors(encoder.identity):
            return None
        folder = cache_folder(run.library)
        caches = [cache for pattern in _CACHES for cache in folder.glob(pattern)]
        free = free_bytes(path.parent)
        if free is not None and free < sum(map(_size, (run.library, *caches))):
            run.lacks(
                "quality: your library was not judged, for there is no room for a copy of it in "
                f"{path.parent.parent.parent}; set TMPDIR to a folder with more."
            )
            return None
        run.say("quality: copying the library")
        with closing(sqlite3.connect(path)) as copy:
            catalog.connection.backup(copy)
    cache_folder(path).mkdir()
    for cache in caches:
        with suppress(FileNotFoundError):  # the app has just replaced it
            shutil.copyfile(cache, cache_folder(path) / cache.name)
    return "of your library"


def _make(run: Run, path: Path, encoder: Encoder) -> str | None:
    """Index the first of the run's photos; what they are, None where there are none."""
    count = _QUICK_PHOTOS if run.quick else _PHOTOS
    folders = _linked(run.photos, path.parent / "photos", count)

    def show(progress: Progress) -> None:
        run.say(f"quality: indexing photos, {progress.done:,} of {progress.total:,}")

    def load(name: str, device: str) -> Encoder:
        return encoder

    if folders:
        with Library(path, encoder=encoder.name, settings=Settings.load(), load=load) as library:
            library.index([os.fspath(folder) for folder in folders], progress=show)
            if library.state().photos:
                return "of your folders, indexed for the purpose"
    run.lacks(
        f"quality: no library was judged, for there is none with vectors of {encoder.name} and no "
        "photo that can be read; name a folder of photos by --photos."
    )
    return None


def _linked(folders: Sequence[Path], place: Path, count: int) -> list[Path]:
    """The first `count` photos with what lies beside them, linked; under their folders' names."""
    made: list[Path] = []
    for number, folder in enumerate(folders):
        root = folder.absolute()
        for found in walk(root):
            if count <= 0:
                return made
            if isinstance(found, FoundFile) and not found.in_cloud:
                inner = place / str(number) / root.name
                link_file(Path(found.path), inner / Path(found.path).relative_to(root))
                count -= is_photo_name(Path(found.path).name)
                if inner.parent not in made:
                    made.append(inner.parent)
    return made


def _size(file: Path) -> int:
    with suppress(OSError):
        return file.stat().st_size
    return 0

"""A library made for the purpose, at any size, as it is after a first look at that many photos."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from capsearch.benchmark.aside import Tell
from capsearch.benchmark.large_library import fill_library
from capsearch.benchmark.made_photos import make_photo
from capsearch.encoders.base import FloatArray
from capsearch.gui.pictures.thumbnail_files import keep_thumbnail, thumbnail_file
from capsearch.library.facade import Library
from capsearch.library.pictures import Thumbnail, make_thumbnail
from capsearch.search.matrix import Chunk
from capsearch.settings import Settings, cache_folder

LIBRARY = "library.db"

_CHUNK = 5000
# Vectors of photos come in clusters; isotropic ones would be the worst case of every index.
_PER_OCCASION = 50
_OWN_SHARE = 0.7
# NTFS allows a file 1,023 names, and a link costs less than a copy.
_NAMES = 1_000
_FEWEST_PICTURES = 32
_PICTURE_SIZE = (800, 600)


def make_library(tell: Tell, home: Path, count: int, settings: Settings) -> None:
    """Make `home/library.db` of `count` dated photos with made vectors for the settings' encoder,
    all thumbnails, and what CapSearch learns from a library; tell when it is there.

    The photos' folder itself is not there, as on a drive that is away, so that no look at it finds
    anything to do.

    Raises:
        CapsearchError: the encoder cannot be loaded.
    """
    library = home / LIBRARY
    home.mkdir(parents=True)
    with Library(library, settings=settings, resident=True) as opened:
        vectors = _clustered(count, opened.encoder.dim)
        fill_library(opened.catalog, opened.encoder, home / "photos", vectors)
        _keep_thumbnails(opened, home)
        opened.prepare()
    tell(None)


@contextmanager
def borrowed_copy(made: Path, copy: Path) -> Iterator[Path]:
    """A copy of the library made in the folder `made`, in the folder `copy`, to be changed; its
    thumbnails, too many to copy, are lent to it meanwhile."""
    library = copy / LIBRARY
    cache = cache_folder(library)
    lent, home = cache / "thumbnails", cache_folder(made / LIBRARY) / "thumbnails"
    shutil.copytree(made, copy, ignore=shutil.ignore_patterns("thumbnails", "pictures"))
    home.rename(lent)
    try:
        yield library
    finally:
        lent.rename(home)
        shutil.rmtree(copy, ignore_errors=True)


def _clustered(count: int, dim: int) -> Iterator[Chunk]:
    random = np.random.default_rng(0)
    occasions = _unit(random.standard_normal((1 + count // _PER_OCCASION, dim)))
    for start in range(0, count, _CHUNK):
        numbers = np.arange(start, min(count, start + _CHUNK), dtype=np.int64)
        occasion = occasions[random.integers(0, len(occasions), len(numbers))]
        own = _unit(random.standard_normal((len(numbers), dim)))
        yield numbers, _unit(occasion + _OWN_SHARE * own).astype(np.float16)


def _unit(rows: "np.typing.NDArray[np.floating]") -> FloatArray:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def _keep_thumbnails(opened: Library, home: Path) -> None:
    ids = opened.timeline().ids.tolist()
    kinds = max(_FEWEST_PICTURES, -(-len(ids) // _NAMES))
    pictures = [_make_picture(home / "pictures", seed) for seed in range(kinds)]
    folder = opened.cache_folder / "thumbnails"
    for start in range(0, len(ids), _CHUNK):
        for number, facts in enumerate(opened.facts(ids[start : start + _CHUNK]), start):
            file = thumbnail_file(folder, facts)
            file.parent.mkdir(parents=True, exist_ok=True)
            _link(pictures[number % kinds], file)


def _make_picture(folder: Path, seed: int) -> Path:
    made = make_thumbnail([os.fspath(make_photo(folder / f"{seed}.jpg", seed, _PICTURE_SIZE))])
    assert isinstance(made, Thumbnail)
    file = folder / f"{seed}-small.jpg"
    keep_thumbnail(made.jpeg, file)
    return file


def _link(picture: Path, file: Path) -> None:
    try:
        os.link(picture, file)
    except OSError:  # a file system without links
        shutil.copyfile(picture, file)

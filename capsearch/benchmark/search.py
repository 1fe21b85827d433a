"""From words to ranked photos, at sizes up to a million, beside what one would use instead.

The vectors are those of the user's own photos, and beyond them of libraries grown from these by
the recipe of `capsearch.lab.synthetic`. Queries are sentences that no way was tuned by.
"""

import gc
import shutil

import numpy as np
import psutil

from capsearch.benchmark.described import described
from capsearch.benchmark.large_library import fill_library, folder_vectors, library_vectors
from capsearch.benchmark.made_photos import make_photo
from capsearch.benchmark.run import Run
from capsearch.benchmark.served import ask_library
from capsearch.benchmark.sized_search import MEDIAN, PART, SizedSearch
from capsearch.benchmark.typed import ask_box
from capsearch.catalog.catalog import Catalog
from capsearch.encoders.base import Encoder, FloatArray
from capsearch.encoders.registry import load_encoder
from capsearch.lab.synthetic import grown_library
from capsearch.machine import free_bytes
from capsearch.personalize import bank_texts

_SIZES, _QUICK_SIZES = (1_000, 10_000, 100_000, 1_000_000), (1_000, 5_000)
_MANY = 500_000
_QUERIES, _QUICK_QUERIES, _QUERIES_OF_MANY = 100, 30, 25
# The product tunes its index by the first 200 of its sentences.
_CALIBRATION = 200
_BUSY_SIZE, _QUICK_BUSY_SIZE = 100_000, 5_000
_REAL, _QUICK_REAL = 2_000, 200
_LEAST_REAL = 50
# For each number of a vector, all together that is in memory or on the disk at a time.
_BYTES_A_NUMBER = 12


def measure(run: Run) -> None:
    """Measure libraries of growing size, and how time grows with it.

    Raises:
        CapsearchError: the encoder cannot be loaded.
    """
    encoder = load_encoder(run.encoder, device=run.device or "auto")
    real = _real_vectors(run, encoder)
    run.say("search: encoding queries")
    per_round = _QUICK_QUERIES if run.quick else _QUERIES
    texts = bank_texts()
    asked = texts[_CALIBRATION : _CALIBRATION + run.rounds * per_round]
    calibration = encoder.encode_texts(texts[:_CALIBRATION])
    queries = encoder.encode_texts(asked).reshape(run.rounds, -1, encoder.dim)
    for size in _QUICK_SIZES if run.quick else _SIZES:
        if not _has_room(run, size * encoder.dim * _BYTES_A_NUMBER):
            run.lacks(f"Search over {size:,} photos needs more memory or disk than there is.")
            continue
        run.say(f"search over {size:,} photos: making the library")
        folder = run.scratch / f"search-{size}"
        folder.mkdir()
        with Catalog.open(folder / "library.db") as catalog:
            fill_library(catalog, encoder, folder / "photos", grown_library(real, size))
        few = _QUERIES_OF_MANY if size >= _MANY else per_round
        rounds = [each[:few] for each in queries]
        SizedSearch(run, folder / "library.db", encoder, size, calibration, rounds).measure()
        gc.collect()
        run.say(f"search over {size:,} photos: asking the library")
        busy = size == (_QUICK_BUSY_SIZE if run.quick else _BUSY_SIZE)
        if busy or not run.quick:
            ask_library(run, folder / "library.db", asked[: few * run.rounds], size, busy=busy)
        shutil.rmtree(folder, ignore_errors=True)
        if busy:
            _ask_described(run, encoder, real, size)
    _add_growth(run)


def _ask_described(run: Run, encoder: Encoder, real: FloatArray, size: int) -> None:
    run.say(f"the search box over {size:,} photos: making the library")
    folder = run.scratch / f"described-{size}"
    folder.mkdir()
    library = folder / "library.db"
    with Catalog.open(library) as catalog:
        vectors = grown_library(real, size)
        fill_library(catalog, encoder, folder / "photos", vectors, described)
    gc.collect()
    run.say(f"the search box over {size:,} photos: typing")
    ask_box(run, library, size)
    shutil.rmtree(folder, ignore_errors=True)


def _has_room(run: Run, needed: int) -> bool:
    free = free_bytes(run.scratch)
    return needed < psutil.virtual_memory().available and (free is None or needed < free)


def _real_vectors(run: Run, encoder: Encoder) -> FloatArray:
    count = _QUICK_REAL if run.quick else _REAL
    found = np.empty((0, encoder.dim), np.float32)
    told = "the library's own"
    if run.library is not None:
        found = library_vectors(run.library, encoder)
    if len(found) < _LEAST_REAL and run.photos:
        run.say("search: encoding photos")
        found, told = folder_vectors(run.photos, encoder, count), "the photos' own"
    if len(found) < _LEAST_REAL:
        folder = run.scratch / "search-made"
        for number in range(_LEAST_REAL):
            make_photo(folder / f"{number}.jpg", number, (320, 240))
        found, told = folder_vectors([folder], encoder, count), "of made pictures"
        run.note(
            f"Search was measured on made pictures, for fewer than {_LEAST_REAL} photos were "
            "there; name a folder of photos by --photos."
        )
    run.report.work["vectors"] = f"{len(found):,} of {encoder.dim} numbers, {told}, then grown"
    return found


def _add_growth(run: Run) -> None:
    """The power p of the number of photos by which each way's latency grows: n^p, fitted by least
    squares to the logarithms, in each round."""
    measured = [each for each in run.report.figures if each.key[:2] == (PART, MEDIAN)]
    for way in dict.fromkeys(figure.way for figure in measured):
        of_way = [figure for figure in measured if figure.way == way and figure.size]
        if len(of_way) < 2:
            continue
        sizes = np.log([figure.size or 1 for figure in of_way])
        rounds = zip(*(figure.rounds for figure in of_way), strict=True)
        powers = [float(np.polyfit(sizes, np.log(each), 1)[0]) for each in rounds]
        what = "growth of the latency with n photos: p of n^p"
        run.add(PART, what, way, "", powers, better="less", peer=of_way[0].peer)

"""`python -m capsearch.benchmark.window`: how quick the window is over a large library.

The library is made for the purpose: synthetic unit vectors and dates, real files for the newest
photos, and their thumbnails as they are after a first look. Times are wall time of
this process with its engine beside it; a keystroke counts until its results are painted, also
while fresh photos are indexed.
"""

import argparse
import datetime
import json
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import psutil

from capsearch.benchmark.made_photos import make_photo

_FILES = 800
_FRESH = 1500
_CHUNK = 5000
_QUERIES = 40
_SCROLLS = 200
_WORDS = [
    "kids",
    "playing",
    "football",
    "on",
    "a",
    "beach",
    "at",
    "sunset",
    "with",
    "red",
    "balls",
    "and",
    "two",
    "dogs",
]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures as JSON; times in milliseconds, memory in megabytes."""
    parser = argparse.ArgumentParser(prog="python -m capsearch.benchmark.window")
    parser.add_argument("--photos", type=int, default=100_000, metavar="N")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as home:
        library = Path(home) / "library.db"
        others = Path(home) / "window.ini", Path(home) / "fresh"
        # In its own process: the encoder it needs must not count as the window's memory.
        maker = multiprocessing.get_context("spawn").Process(
            target=_make_library, args=(library, Path(home) / "photos", options.photos)
        )
        maker.start()
        maker.join()
        for number in range(_FRESH):
            make_photo(others[1] / f"{number}.jpg", 1_000_000 + number)
        figures = {"photos": options.photos, **_measure(library, *others)}
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    return 0


def _measure(library: Path, remembered: Path, fresh: Path) -> dict[str, float]:
    begin = time.perf_counter()
    # Imported here, because the time until the window is visible holds loading Qt.
    from PySide6.QtCore import QSettings  # noqa: PLC0415
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    from capsearch.gui.bridge import Bridge  # noqa: PLC0415
    from capsearch.gui.look.theme import LIGHT, apply_theme  # noqa: PLC0415
    from capsearch.gui.window import MainWindow  # noqa: PLC0415
    from capsearch.settings import Settings  # noqa: PLC0415

    application = QApplication([])
    apply_theme(application, LIGHT)
    window = MainWindow(
        Bridge(library, Settings()),
        Settings(),
        QSettings(str(remembered), QSettings.Format.IniFormat),
        watch=False,
    )
    window.show()
    blocks: list[float] = []

    def turn() -> None:
        blocks.append(_timed(application.processEvents))

    def until(done: Callable[[], bool]) -> float:
        while not done():
            turn()
            time.sleep(0.0005)
        turn()
        return 1000 * (time.perf_counter() - begin)

    figures = {"window_visible_ms": until(window.isVisible)}
    figures["photos_shown_ms"] = until(lambda: window.model.rowCount() > 0)
    search, browser = window.library.search, window.browser
    search.setText("dog")
    figures["first_results_ms"] = until(lambda: browser.question.text == "dog" and browser.idle)
    random = np.random.default_rng(0)

    def keystroke() -> float:
        words = f"{' '.join(random.choice(_WORDS, 3))} {random.integers(1 << 40)}"
        start = time.perf_counter()
        search.setText(words)
        until(lambda: browser.question.text == words and browser.idle)
        return 1000 * (time.perf_counter() - start)

    keystrokes = [keystroke() for _ in range(_QUERIES)]
    indexer = window._bridge.client.indexer
    beside: list[float] = []
    window._bridge.client.index([os.fspath(fresh)])
    until(window.library.status.pause_button.isVisible)
    while indexer.running and len(beside) < _QUERIES:
        beside.append(keystroke())
    indexer.stop()
    until(lambda: not indexer.running)
    search.start_over()
    until(lambda: browser.by_date and browser.idle)
    bar, paints = window.library.grid.verticalScrollBar(), []
    for number in range(_SCROLLS):
        bar.setValue(90 * number)
        paints.append(_timed(window.library.grid.viewport().repaint))
        turn()
    figures |= {
        "keystroke_to_results_p50_ms": float(np.percentile(keystrokes, 50)),
        "keystroke_to_results_p95_ms": float(np.percentile(keystrokes, 95)),
        "keystroke_while_indexing_p50_ms": float(np.percentile(beside, 50)),
        "keystroke_while_indexing_ratio": float(np.median(beside) / np.median(keystrokes)),
        "scroll_paint_p95_ms": float(np.percentile(paints, 95)),
        "longest_block_ms": max(*blocks, *paints),
        "window_memory_mb": psutil.Process().memory_info().rss / 1e6,
    }
    figures["close_ms"] = _timed(window.close)
    window.deleteLater()
    return {name: round(value, 1) for name, value in figures.items()}


def _timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - start)


def _make_library(library: Path, folder: Path, count: int) -> None:
    # Not at the top: the encoder's library must not get into the window's process.
    from capsearch.catalog.catalog import Catalog  # noqa: PLC0415
    from capsearch.catalog.records import Content, Place, Stamp  # noqa: PLC0415
    from capsearch.encoders.registry import load_encoder  # noqa: PLC0415
    from capsearch.gui.pictures.thumbnail_files import (  # noqa: PLC0415
        keep_thumbnail,
        thumbnail_file,
    )
    from capsearch.library.encoder_choice import settle_encoder  # noqa: PLC0415
    from capsearch.library.facade import Library  # noqa: PLC0415
    from capsearch.library.pictures import Thumbnail, make_thumbnail  # noqa: PLC0415
    from capsearch.photos.metadata.model import PhotoMetadata, TakenAt  # noqa: PLC0415
    from capsearch.settings import cache_folder  # noqa: PLC0415

    encoder = load_encoder("starter")
    random = np.random.default_rng(0)
    for number in range(max(0, count - _FILES), count):
        make_photo(folder / f"{number}.jpg", number)
    first_day = datetime.datetime(2010, 1, 1)
    with Catalog.open(library) as catalog:
        with catalog.transaction():
            catalog.record_scan(os.fspath(folder), online=True)
            encoder_id = catalog.add_encoder(encoder.identity, encoder.name, encoder.dim)
        for start in range(0, count, _CHUNK):
            vectors = random.standard_normal((_CHUNK, encoder.dim)).astype(np.float32)
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            with catalog.transaction():
                for number in range(start, min(count, start + _CHUNK)):
                    content = Content(number.to_bytes(20, "big"), 1, 1600, 1200, "JPEG")
                    photo_id = catalog.add_photo(content)
                    taken = TakenAt(
                        first_day + datetime.timedelta(minutes=47 * number), None, "exif"
                    )
                    place = Place(
                        os.fspath(folder / f"{number}.jpg"), Stamp(1, 1), PhotoMetadata(taken=taken)
                    )
                    catalog.place_photo(photo_id, place)
                    catalog.add_embedding(encoder_id, photo_id, vectors[number - start])
        settle_encoder(catalog, encoder)
    with Library(library) as opened:
        for facts in opened.facts(opened.timeline().ids[:_FILES].tolist()):
            made = make_thumbnail(facts.paths)
            assert isinstance(made, Thumbnail)
            file = thumbnail_file(cache_folder(library) / "thumbnails", facts)
            keep_thumbnail(made.jpeg, file)


if __name__ == "__main__":
    sys.exit(main())

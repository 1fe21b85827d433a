"""`python -m capsearch.benchmark.following`: how soon a new photo is seen, how long a look at a
large library takes that has not changed, and how memory grows while photos come in.

The photos are made for the purpose. The window is the real one, with the starter encoder; the large
library is made with an encoder that costs nothing, because what is measured is all the rest.
"""

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import psutil

from capsearch.benchmark.made_photos import make_photo
from capsearch.encoders.base import ByteArray, Encoder, FloatArray, InputSpec
from capsearch.library.facade import Library
from capsearch.library.values import Progress

_SHOWN = 40
_NEW = 40
_FIRST_MEMORY = 5_000
_PER_FOLDER = 1_000
_DIM = 256


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m capsearch.benchmark.following")
    parser.add_argument("--photos", type=int, default=100_000, metavar="N")
    options = parser.parse_args(arguments)
    figures: dict[str, float] = {}
    for measure in (_measure_new_photos, _measure_many):
        with tempfile.TemporaryDirectory() as home:
            # Each in a process of its own: what one leaves in memory must not count for another.
            ours, theirs = multiprocessing.get_context("spawn").Pipe()
            process = multiprocessing.get_context("spawn").Process(
                target=measure, args=(theirs, Path(home), options.photos)
            )
            process.start()
            theirs.close()
            figures |= ours.recv()
            process.join()
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    return 0


def _measure_new_photos(
    result: "multiprocessing.connection.Connection", home: Path, _: int
) -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QSettings  # noqa: PLC0415
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    from capsearch.gui.bridge import Bridge  # noqa: PLC0415
    from capsearch.gui.window import MainWindow  # noqa: PLC0415
    from capsearch.settings import Settings  # noqa: PLC0415

    application = QApplication([])
    for number in range(_SHOWN):
        make_photo(home / "photos" / f"{number}.jpg", number)
    window = MainWindow(
        Bridge(home / "library.db", Settings()),
        Settings(),
        QSettings(str(home / "window.ini"), QSettings.Format.IniFormat),
    )
    window.show()
    indexer = window._bridge.client.indexer

    def until(done: Callable[[], bool]) -> None:
        while not done():
            application.processEvents()
            time.sleep(0.001)

    window.add_folder(os.fspath(home / "photos"))
    until(lambda: window.model.rowCount() == _SHOWN and not indexer.running)
    times = []
    for number in range(_NEW):
        made = make_photo(home / "elsewhere.jpg", 10_000 + number).read_bytes()
        begin = time.perf_counter()
        (home / "photos" / f"new {number}.jpg").write_bytes(made)
        until(lambda number=number: window.model.rowCount() == _SHOWN + 1 + number)  # type: ignore[misc]
        times.append(time.perf_counter() - begin)
    window.close()
    result.send(
        {
            "new_photo_visible_p50_s": round(float(np.percentile(times, 50)), 2),
            "new_photo_visible_p95_s": round(float(np.percentile(times, 95)), 2),
        }
    )


def _measure_many(result: "multiprocessing.connection.Connection", home: Path, count: int) -> None:
    for number in range(count):
        folder = home / "photos" / f"{number // _PER_FOLDER}"
        make_photo(folder / f"{number}.jpg", number, (24, 18))
    memory: dict[int, float] = {}
    done = 0

    def note(progress: Progress) -> None:
        nonlocal done
        if progress.phase == "index":
            done = progress.done

    def look(ended: threading.Event) -> None:
        while not ended.wait(0.2):
            if done >= _FIRST_MEMORY:
                memory[done] = _megabytes()

    ended = threading.Event()
    looking = threading.Thread(target=look, args=(ended,))
    looking.start()
    folders = [os.fspath(home / "photos")]
    with Library(home / "library.db", load=_load) as library:
        begin = time.perf_counter()
        library.index(folders, progress=note)
        first = time.perf_counter() - begin
        ended.set()
        looking.join()
        begin = time.perf_counter()
        library.index(folders)
        again = time.perf_counter() - begin
    most = max(memory.values(), default=0.0)
    result.send(
        {
            "photos": count,
            "first_run_s": round(first, 1),
            "unchanged_run_s": round(again, 1),
            "memory_at_5000_mb": round(memory[min(memory)], 1) if memory else 0.0,
            "memory_growth_mb": round(most - memory[min(memory)], 1) if memory else 0.0,
        }
    )


def _megabytes() -> float:
    process = psutil.Process()
    total = process.memory_info().rss
    for child in process.children(recursive=True):
        try:
            total += child.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total / 1e6


class _FreeEncoder:
    """A random projection of tiny pixels: vectors at no cost."""

    name = "free"
    identity = "free-benchmark"
    device = "cpu"
    notice = ""
    dim = _DIM
    batch_size = 64
    input_spec = InputSpec(size=8)

    def __init__(self) -> None:
        self._matrix = np.random.default_rng(0).standard_normal((8 * 8 * 3, _DIM))

    def encode_images(self, pixels: ByteArray) -> FloatArray:
        flat = pixels.reshape(len(pixels), -1) / 127.5 - 1.001
        return _unit(flat @ self._matrix)

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        return _unit(np.random.default_rng(1).standard_normal((len(texts), _DIM)))


def _unit(vectors: "np.typing.NDArray[np.float64]") -> FloatArray:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def _load(name: str, device: str) -> Encoder:
    return _FreeEncoder()


if __name__ == "__main__":
    sys.exit(main())

"""A run killed at any moment, then run again, ends like one that nobody disturbed."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from tiny_encoder import TinyEncoder

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.integrity import find_problems
from capsearch.indexing.run import index_folders
from capsearch.lab.kills.contents import contents

_KILLS_EACH = 4
_SCRIPT = Path(__file__).with_name("run_index.py")


def start(library: Path, folder: Path) -> "subprocess.Popen[bytes]":
    paths = [os.fspath(_SCRIPT.parent.parent), *sys.path]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path)}
    command = [sys.executable, os.fspath(_SCRIPT), os.fspath(library), os.fspath(folder)]
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"go\n"
    return process


def fill(folder: Path, make_photo) -> None:
    for number in range(48):
        make_photo(folder / f"{number % 5}" / f"{number}.jpg", seed=number)
    for number in range(6):
        copy = folder / "copies" / f"copy {number}.jpg"
        copy.parent.mkdir(exist_ok=True)
        shutil.copy(folder / f"{number % 5}" / f"{number}.jpg", copy)
    for number in range(4):
        (folder / f"bad {number}.jpg").write_bytes(b"\xff\xd8\xff" + b"not a photo" * number)


def kill_with_workers(process: "subprocess.Popen[bytes]") -> None:
    workers = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()
    _, alive = psutil.wait_procs(workers, timeout=30)
    assert alive == [], "decode workers outlive their run"


@pytest.mark.parametrize("libraries", [5, pytest.param(25, marks=pytest.mark.nightly)])
def test_kills_at_random_moments_change_nothing_in_the_end(
    tmp_path: Path, make_photo, libraries: int
) -> None:
    folder = tmp_path / "photos"
    fill(folder, make_photo)
    with start(tmp_path / "undisturbed.db", folder) as undisturbed:
        began = time.monotonic()
        assert undisturbed.wait() == 0
        duration = time.monotonic() - began
    with Catalog.open(tmp_path / "undisturbed.db") as catalog:
        expected = contents(catalog)
    assert len(expected["embeddings"]) == 48
    moments = random.Random(20)
    for number in range(libraries):
        library = tmp_path / f"{number}.db"
        kept = 0
        for _ in range(_KILLS_EACH):
            process = start(library, folder)
            time.sleep(moments.uniform(0, 0.9) * duration)
            kill_with_workers(process)
            kept = check_kept(library, kept)
        with Catalog.open(library) as catalog:
            report = index_folders(catalog, TinyEncoder(), [os.fspath(folder)], workers=1)
            assert report.encoded == 48 - kept, "a photo was encoded twice, or lost"
            assert contents(catalog) == expected


def check_kept(library: Path, before: int) -> int:
    """The library is whole and holds at least what it held before the kill."""
    with Catalog.open(library) as catalog:
        assert find_problems(catalog) == ()
        kept = catalog.count_vectors(TinyEncoder().identity)
    assert kept >= before
    return kept


@pytest.mark.skipif(sys.platform == "win32", reason="no process can be sent Ctrl-C alone here")
def test_ctrl_c_ends_a_run_with_its_workers_and_keeps_what_is_done(
    tmp_path: Path, make_photo
) -> None:
    folder, library = tmp_path / "photos", tmp_path / "library.db"
    fill(folder, make_photo)
    process = start(library, folder)
    while not any("spawn_main" in " ".join(child.cmdline()) for child in children_of(process)):
        time.sleep(0.02)
    workers = children_of(process)
    for each in [*workers, psutil.Process(process.pid)]:  # as a terminal does
        each.send_signal(signal.SIGINT)
    process.wait(timeout=30)
    assert process.stdout is not None
    process.stdout.close()
    _, alive = psutil.wait_procs(workers, timeout=30)
    assert alive == []
    kept = check_kept(library, 0)
    with Catalog.open(library) as catalog:
        report = index_folders(catalog, TinyEncoder(), [os.fspath(folder)], workers=1)
    assert (report.photos, report.encoded) == (48, 48 - kept)


def children_of(process: "subprocess.Popen[bytes]") -> list[psutil.Process]:
    return psutil.Process(process.pid).children(recursive=True)

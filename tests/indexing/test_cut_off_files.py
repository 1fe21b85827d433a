"""A file that is cut off is found by what is there, marked, and read again when it is whole."""

import os
import shutil
from pathlib import Path

from runs import failed, index
from tiny_encoder import TinyEncoder

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.database import connect
from capsearch.catalog.records import PhotoFacts
from capsearch.catalog.schema import STEPS


def facts(catalog: Catalog, path: Path) -> PhotoFacts:
    ids = catalog.ids_under([os.fspath(path.parent)], TinyEncoder().identity)
    [found] = [f for f in catalog.facts(ids.tolist()).values() if os.fspath(path) in f.paths]
    return found


def cut(path: Path, share: float) -> bytes:
    """Cut a file off; what it was."""
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    return whole


def test_a_cut_off_photo_is_in_the_library_and_says_so(catalog: Catalog, folder: Path) -> None:
    cut(folder / "0.jpg", 0.9)
    report = index(catalog, folder)
    assert (report.encoded, report.failed) == (3, ())
    assert facts(catalog, folder / "0.jpg").cut_off
    assert not facts(catalog, folder / "1.jpg").cut_off
    assert catalog.cut_off_files() == (os.fspath(folder / "0.jpg"),)


def test_it_is_read_again_when_it_is_whole(catalog: Catalog, folder: Path) -> None:
    whole = cut(folder / "0.jpg", 0.9)
    index(catalog, folder)
    (folder / "0.jpg").write_bytes(whole)
    assert index(catalog, folder).encoded == 1
    assert not facts(catalog, folder / "0.jpg").cut_off
    assert catalog.cut_off_files() == ()


def test_too_little_of_it_is_a_failure(catalog: Catalog, folder: Path) -> None:
    cut(folder / "0.jpg", 0.5)
    (folder / "0.jpg").write_bytes((folder / "0.jpg").read_bytes()[:700])
    report = index(catalog, folder)
    assert failed(report) == ["0.jpg"]
    assert report.failed[0].reason == "the file is cut off"


def test_the_whole_raw_file_beside_a_cut_off_photo_stands_for_itself(
    catalog: Catalog, folder: Path
) -> None:
    shutil.copy(folder / "1.jpg", folder / "0.dng")  # of any kind that is read
    cut(folder / "0.jpg", 0.9)
    assert failed(index(catalog, folder)) == ["0.jpg"]
    assert not facts(catalog, folder / "0.dng").cut_off


def test_what_an_older_version_refused_is_tried_again(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "old.db"
    before = STEPS[: next(i for i, step in enumerate(STEPS) if "cut_off" in str(step))]
    old = connect(path, read_only=False, steps=before)
    now = (folder / "0.jpg").stat()
    old.execute(
        "INSERT INTO failures (path, size, mtime_ns, reason, passing, failed_at)"
        " VALUES (?, ?, ?, 'the file is cut off', 0, 0)",
        (os.fsencode(folder / "0.jpg"), now.st_size, now.st_mtime_ns),
    )
    old.close()
    with Catalog.open(path) as catalog:
        assert index(catalog, folder).encoded == 3

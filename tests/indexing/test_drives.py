"""A glance at the library's drives: what hangs, and a library that takes no note."""

import os
import shutil
import threading
from pathlib import Path

import pytest
from runs import files, index

from capsearch.catalog.catalog import Catalog
from capsearch.indexing.drives import look_at_drives, notice_drives


def online(catalog: Catalog) -> dict[str, bool]:
    return {Path(folder.path).name: folder.online for folder in catalog.folders()}


def test_a_network_folder_that_hangs_is_away_and_keeps_nobody_waiting(
    catalog: Catalog, folder: Path, tmp_path: Path, make_photo, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_photo(tmp_path / "share" / "s.jpg", seed=9)
    index(catalog, folder, tmp_path / "share")
    asked, answers, scandir = threading.Event(), threading.Event(), os.scandir

    def hang(path):
        if os.fspath(path) == os.fspath(tmp_path / "share"):
            asked.set()
            assert answers.wait(60)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", hang)
    try:
        notice_drives(catalog)
        assert asked.is_set()
        assert not answers.is_set()
        assert online(catalog) == {"photos": True, "share": False}
        assert files(catalog, tmp_path / "share", "offline") == ["s.jpg"]
    finally:
        answers.set()
    monkeypatch.undo()
    notice_drives(catalog)
    assert online(catalog) == {"photos": True, "share": True}


def test_in_a_library_that_cannot_be_written_nothing_is_noted_and_nothing_fails(
    catalog: Catalog, folder: Path, tmp_path: Path
) -> None:
    index(catalog, folder)
    folder.rename(tmp_path / "unplugged")
    catalog.connection.execute("PRAGMA query_only = ON")
    assert notice_drives(catalog) == ()
    assert online(catalog) == {"photos": True}
    assert look_at_drives(catalog).away == {os.fspath(folder)}
    catalog.connection.execute("PRAGMA query_only = OFF")
    notice_drives(catalog)
    assert online(catalog) == {"photos": False}


def test_a_drive_that_is_away_stays_so_where_the_folder_above_comes_back(
    catalog: Catalog, folder: Path, tmp_path: Path, make_photo
) -> None:
    make_photo(folder / "stick" / "s.jpg", seed=9)
    index(catalog, folder, folder / "stick")
    folder.rename(tmp_path / "unplugged")
    notice_drives(catalog)
    assert len(files(catalog, folder, "offline")) == 4
    (tmp_path / "unplugged").rename(folder)
    shutil.rmtree(folder / "stick")
    notice_drives(catalog)
    assert online(catalog) == {"photos": True, "stick": False}
    assert files(catalog, folder, "offline") == ["stick/s.jpg"]
    assert files(catalog, folder, "missing") == []


def test_photos_deleted_from_a_drive_that_is_back_are_judged_by_the_next_run(
    catalog: Catalog, folder: Path, tmp_path: Path
) -> None:
    index(catalog, folder)
    folder.rename(tmp_path / "unplugged")
    notice_drives(catalog)
    (tmp_path / "unplugged").rename(folder)
    (folder / "0.jpg").unlink()
    notice_drives(catalog)
    assert files(catalog, folder) == ["0.jpg", "1.jpg", "2.jpg"]
    assert index(catalog, folder).encoded == 0
    assert files(catalog, folder) == ["1.jpg", "2.jpg"]

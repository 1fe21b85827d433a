"""Folders that a walk passes over: what was known of them, and how they are looked into anyway."""

import os
from pathlib import Path

import pytest
from runs import files, index, index_scopes

from capsearch.catalog.catalog import Catalog
from capsearch.indexing.scope import Scope

LEFT_OUT = ["#recycle", "@Recently-Snapshot", ".snapshot", "Photos.photoslibrary/resources"]


@pytest.mark.parametrize("name", LEFT_OUT)
def test_photos_known_from_a_bin_are_not_there_any_more_and_nothing_else_changes(
    catalog: Catalog, folder: Path, make_photo, name: str
) -> None:
    make_photo(folder / "trip" / "a.jpg", seed=7)
    index(catalog, folder)
    # An earlier version has seen the photo at the bin's own path.
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / "trip").rename(folder / name)
    with catalog.transaction():
        catalog.move_folder(os.fspath(folder / "trip"), os.fspath(folder / name))
    assert f"{name}/a.jpg" in files(catalog, folder)
    report = index(catalog, folder)
    assert (report.photos, report.gone, report.encoded, report.failed) == (3, 1, 0, ())
    assert files(catalog, folder, "missing") == [f"{name}/a.jpg"]
    assert (folder / name / "a.jpg").is_file()


@pytest.mark.parametrize("name", LEFT_OUT)
def test_a_bin_that_is_added_by_name_is_looked_into_and_stays(
    catalog: Catalog, folder: Path, make_photo, name: str
) -> None:
    photo = make_photo(folder / name / "sub" / "a.jpg", seed=7)
    assert index(catalog, folder).photos == 3
    assert index(catalog, folder / name).photos == 1
    assert index(catalog, folder).photos == 4
    for scope in (Scope(os.fspath(folder)), Scope(os.fspath(photo.parent)), Scope(
        os.fspath(folder / name), deep=False
    )):  # fmt: skip
        assert index_scopes(catalog, scope).failed == ()
        assert files(catalog, folder, "missing") == []
    make_photo(photo.parent / "b.jpg", seed=8)
    assert index_scopes(catalog, Scope(os.fspath(photo.parent), deep=False)).encoded == 1
    assert index(catalog, folder).photos == 5


def test_a_change_above_a_bin_that_was_added_does_not_lose_it(
    catalog: Catalog, folder: Path, make_photo
) -> None:
    make_photo(folder / "2019" / "#recycle" / "a.jpg", seed=7)
    index(catalog, folder, folder / "2019" / "#recycle")
    index_scopes(catalog, Scope(os.fspath(folder / "2019")))
    assert files(catalog, folder, "missing") == []
    (folder / "2019" / "#recycle" / "a.jpg").unlink()
    index_scopes(catalog, Scope(os.fspath(folder / "2019")))
    assert files(catalog, folder, "missing") == ["2019/#recycle/a.jpg"]

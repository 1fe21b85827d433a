"""How many photos lie in each folder, with all below it."""

import os
from pathlib import Path

import pytest
from make_photo import MakePhoto
from tiny_library import open_tiny_library

from capsearch.catalog.folder_tree import count_tree
from capsearch.library.values import Filters, FolderCount
from capsearch.settings import Settings


def tree(roots: list[str], *places: tuple[str, int]) -> list[tuple[str, int]]:
    sorted_places = sorted((os.fsencode(path), photo) for path, photo in places)
    return [(each.path, each.photos) for each in count_tree(roots, sorted_places)]


def test_a_folder_counts_what_is_below_it_and_a_photo_once() -> None:
    assert tree(
        ["/p"], ("/p/a.jpg", 1), ("/p/a.raw", 1), ("/p/in/deep/a.jpg", 1), ("/p/in/b.jpg", 2)
    ) == [("/p", 2), ("/p/in", 2), ("/p/in/deep", 1)]


def test_a_root_inside_another_is_one_of_its_folders() -> None:
    assert tree(["/p/in", "/p"], ("/p/in/a.jpg", 1)) == [("/p", 1), ("/p/in", 1)]
    assert tree(["/p", "/pq"], ("/pq/a.jpg", 1)) == [("/p", 0), ("/pq", 1)]


def test_folders_come_before_those_inside_whatever_else_begins_alike() -> None:
    found = tree(["/p"], ("/p/a/x/1.jpg", 1), ("/p/a b/1.jpg", 2), ("/p/a!/1.jpg", 3))
    assert [path for path, _ in found] == ["/p", "/p/a", "/p/a/x", "/p/a b", "/p/a!"]


def test_the_whole_disk_and_names_of_any_bytes_are_folders() -> None:
    assert tree(["/"], ("/a.jpg", 1), ("/\udcff/b.jpg", 2)) == [("/", 2), ("/\udcff", 1)]


def test_what_lies_in_no_folder_of_the_library_is_not_counted() -> None:
    assert tree(["/p"], ("/other/a.jpg", 1)) == [("/p", 0)]
    assert tree([]) == []


def test_each_number_is_what_a_filter_by_that_folder_shows(
    tmp_path: Path, make_photo: MakePhoto
) -> None:
    folder = tmp_path / "photos"
    for seed, name in enumerate(("a.jpg", "in/b.jpg", "in/deep/c.jpg", "other/d.jpg")):
        make_photo(folder / name, seed)
    make_photo(folder / "other" / "copy of a.jpg", 0)
    with open_tiny_library(tmp_path / "library.db", Settings(), None) as library:
        assert library.folder_tree() == ()
        library.index([os.fspath(folder)])
        found = library.folder_tree()
        assert found[0] == FolderCount(os.fspath(folder), 4)
        for each in found:
            shown = library.timeline(Filters(folders=(each.path,)), stacked=False)
            assert len(shown.ids) == each.photos


@pytest.mark.parametrize("gone", ["in", "other"])
def test_a_folder_without_photos_is_none(tmp_path: Path, make_photo: MakePhoto, gone: str) -> None:
    folder = tmp_path / "photos"
    for seed, name in enumerate(("in/a.jpg", "other/b.jpg")):
        make_photo(folder / name, seed)
    with open_tiny_library(tmp_path / "library.db", Settings(), None) as library:
        library.index([os.fspath(folder)])
        assert len(library.folder_tree()) == 3
        next((folder / gone).iterdir()).unlink()
        library.index([os.fspath(folder)])
        assert os.fspath(folder / gone) not in [each.path for each in library.folder_tree()]

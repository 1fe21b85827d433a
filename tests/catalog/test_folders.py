"""Folders of a library, removed and moved without touching the others; the step from format 1."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.database import connect
from capsearch.catalog.integrity import find_problems
from capsearch.catalog.records import Companion, Content, Place, Stamp, Volume
from capsearch.catalog.schema import STEPS
from capsearch.photos.metadata.model import PhotoMetadata


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog.open(tmp_path / "library.db") as opened:
        yield opened
        assert find_problems(opened) == ()


def put(catalog: Catalog, path: str, number: int, companions: tuple[Companion, ...] = ()) -> int:
    with catalog.transaction():
        photo = catalog.add_photo(Content(number.to_bytes(20, "big"), number, 4, 3, "JPEG"))
        place = Place(path, Stamp(number, 7), PhotoMetadata(), companions=companions)
        catalog.place_photo(photo, place)
        catalog.add_embedding(catalog.add_encoder("e", "tiny", 4), photo, np.ones(4))
    return photo


def add(catalog: Catalog, *folders: str) -> None:
    with catalog.transaction():
        for folder in folders:
            catalog.record_scan(folder, online=True, volume=Volume("1", "/"))


def remove(catalog: Catalog, folder: str) -> None:
    with catalog.transaction():
        catalog.remove_folder(folder)


def test_removing_a_folder_leaves_the_others_alone(catalog: Catalog) -> None:
    add(catalog, "/a", "/ab", "/a/inner")
    for number, path in enumerate(("/a/1.jpg", "/ab/2.jpg", "/a/inner/3.jpg", "/a/4.jpg")):
        put(catalog, path, number)
    put(catalog, "/ab/copy of 4.jpg", 3)
    with catalog.transaction():
        catalog.record_failure("/a/bad.jpg", "bad")
        catalog.record_failure("/a/inner/bad.jpg", "bad")
    generation = catalog.generation("e")
    remove(catalog, "/a")
    assert [folder.path for folder in catalog.folders()] == ["/a/inner", "/ab"]
    assert set(catalog.places_under("/", "e")) == {
        "/ab/2.jpg",
        "/a/inner/3.jpg",
        "/ab/copy of 4.jpg",
    }
    assert list(catalog.failures()) == ["/a/inner/bad.jpg"]
    assert catalog.count_vectors("e") == 3
    assert catalog.generation("e") > generation


def test_photos_are_counted_for_each_folder_whatever_its_name_is(catalog: Catalog) -> None:
    odd = "/a/\udcff odd"
    add(catalog, "/", "/a", "/ab", odd, "/empty")
    first = put(catalog, "/a/1.jpg", 1, (Companion("/a/1.cr2", Stamp(9, 9)),))
    put(catalog, f"{odd}/copy of 1.jpg", 1)
    put(catalog, f"{odd}/2.jpg", 2)
    put(catalog, "/ab/3.jpg", 3)
    put(catalog, "/a/gone.jpg", 4)
    with catalog.transaction():
        catalog.mark_missing(["/a/gone.jpg"])
    assert first
    assert catalog.photos_by_folder() == {"/": 3, "/a": 2, "/ab": 1, odd: 2, "/empty": 0}


@pytest.mark.parametrize("folder", ["/a", "/a/inner", "/ab", "/c", "/empty"])
def test_what_a_removal_would_do_is_what_it_does(catalog: Catalog, folder: str) -> None:
    add(catalog, "/a", "/ab", "/a/inner", "/c", "/empty")
    for number, path in enumerate(("/a/1.jpg", "/ab/2.jpg", "/a/inner/3.jpg", "/a/4.jpg", "/c/5")):
        put(catalog, path, number)
    put(catalog, "/ab/copy of 4.jpg", 3)
    put(catalog, "/a/inner/copy of 5", 4)
    before = catalog.counts().searchable
    told = catalog.count_removal(folder)
    assert told.leaving + told.staying == catalog.photos_by_folder()[folder]
    remove(catalog, folder)
    assert before - catalog.counts().searchable == told.leaving


def test_removing_a_folder_inside_another_keeps_its_photos(catalog: Catalog) -> None:
    add(catalog, "/a", "/a/inner")
    put(catalog, "/a/inner/3.jpg", 1)
    remove(catalog, "/a/inner")
    assert list(catalog.places_under("/a", "e")) == ["/a/inner/3.jpg"]
    remove(catalog, "/a")
    assert catalog.places_under("/a", "e") == {}
    assert catalog.counts().photos == 1, "its vector is kept for a while"


def test_a_moved_folder_takes_all_with_it_and_nothing_else(catalog: Catalog) -> None:
    add(catalog, "/old", "/old/inner", "/older")
    first = put(catalog, "/old/inner/1.jpg", 1)
    put(catalog, "/older/2.jpg", 2)
    stale = put(catalog, "/new/inner/1.jpg", 3)
    with catalog.transaction():
        catalog.set_exclusions("/old", ["x"])
        catalog.record_failure("/old/bad.jpg", "bad")
        catalog.move_folder("/old", "/new")
    assert [(f.path, f.exclude) for f in catalog.folders()] == [
        ("/new", ("x",)),
        ("/new/inner", ()),
        ("/older", ()),
    ]
    places = catalog.places_under("/", "e")
    assert {path: place.photo_id for path, place in places.items() if place.photo_id == first} == {
        "/new/inner/1.jpg": first
    }
    assert list(catalog.failures()) == ["/new/bad.jpg"]
    assert catalog.facts([stale])[stale].paths == ()
    assert catalog.count_vectors("e") == 2


def test_files_directly_in_a_folder_can_be_told_from_those_below(catalog: Catalog) -> None:
    put(catalog, "/a/1.jpg", 1)
    put(catalog, "/a/b/2.jpg", 2)
    assert list(catalog.places_under("/a", "e", deep=False)) == ["/a/1.jpg"]
    assert list(catalog.places_under("/", "e", deep=False)) == []


def test_a_companion_alone_makes_no_photo_searchable(catalog: Catalog) -> None:
    photo = put(catalog, "/a/1.jpg", 1, (Companion("/a/1.cr2", Stamp(9, 9)),))
    assert catalog.facts([photo])[photo].paths == ("/a/1.jpg", "/a/1.cr2")
    with catalog.transaction():
        catalog.mark_missing(["/a/1.jpg"])
    assert catalog.count_vectors("e") == 0


def test_a_library_of_the_first_format_is_copied_and_keeps_all_it_knew(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    first = connect(path, read_only=False, steps=STEPS[:1])
    first.execute("INSERT INTO folders (path, added_at) VALUES (x'2f61', 1)")
    first.execute(
        "INSERT INTO photos (id, hash, byte_size, width, height, format, searchable)"
        " VALUES (1, zeroblob(20), 1, 1, 1, 'PNG', 1)"
    )
    first.execute(
        "INSERT INTO files (path, photo_id, size, mtime_ns, metadata)"
        " VALUES (x'2f612f31', 1, 5, 6, '{}')"
    )
    first.close()
    with Catalog.open(path) as catalog:
        [place] = catalog.places_under("/a", "e").values()
        # A stamp of nothing: the next run reads what the first format did not keep.
        assert (place.stamp, place.beside, place.companion) == (Stamp(5, 6), b"\0", False)
        [folder] = catalog.folders()
        assert (folder.path, folder.exclude, folder.volume) == ("/a", (), None)
        assert find_problems(catalog) == ()
    copy = connect(tmp_path / "library.format-1.db", read_only=False, steps=STEPS[:1])
    assert copy.execute("SELECT count(*) FROM files").fetchone() == (1,)
    copy.close()

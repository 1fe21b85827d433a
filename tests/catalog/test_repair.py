"""A damaged library is set aside, never deleted, and begun anew with its folders."""

import datetime
import random
from pathlib import Path

import numpy as np
import pytest

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.integrity import find_problems
from capsearch.catalog.records import Content, Place, Stamp
from capsearch.catalog.repair import examine, repair
from capsearch.errors import CapsearchError
from capsearch.photos.metadata import PhotoMetadata

DAY = datetime.datetime(2026, 5, 4)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    path = tmp_path / "library.db"
    with Catalog.open(path) as catalog, catalog.transaction():
        catalog.add_folder("/photos")
        catalog.add_folder("/more")
        catalog.set_exclusions("/more", ["private"])
        encoder = catalog.add_encoder("e", "tiny", 256)
        for number in range(400):
            content = Content(number.to_bytes(20, "big"), number, 4, 3, "JPEG")
            photo = catalog.add_photo(content)
            place = Place(f"/photos/{number}.jpg", Stamp(number, 1), PhotoMetadata())
            catalog.place_photo(photo, place)
            catalog.add_embedding(encoder, photo, np.full(256, 0.5))
    return path


def folders(path: Path) -> dict[str, tuple[str, ...]]:
    with Catalog.open(path) as catalog:
        assert find_problems(catalog) == ()
        return {folder.path: folder.exclude for folder in catalog.folders()}


def test_a_whole_library_is_left_alone(library: Path) -> None:
    before = library.read_bytes()
    done = repair(library)
    assert (done.problems, done.set_aside) == ((), None)
    assert library.read_bytes() == before
    with Catalog.open(library) as catalog:
        assert catalog.count_vectors("e") == 400


def test_no_library_needs_no_repair(tmp_path: Path) -> None:
    assert repair(tmp_path / "library.db").problems == ()
    assert not (tmp_path / "library.db").exists()


def test_a_damaged_library_is_set_aside_and_begun_anew_with_its_folders(library: Path) -> None:
    data = library.read_bytes()
    library.write_bytes(data[: len(data) // 2])
    assert examine(library)
    done = repair(library, DAY)
    assert done.problems
    assert done.set_aside == library.with_name("library.damaged-2026-05-04.db")
    assert done.set_aside.read_bytes()[: len(data) // 4] == data[: len(data) // 4]
    assert folders(library) == {"/photos": (), "/more": ("private",)}
    assert set(done.folders) == {"/photos", "/more"}
    assert examine(library) == ()


@pytest.mark.parametrize("data", [b"", b"some text in its place " * 1000, b"\0" * 100_000])
def test_a_file_that_is_no_database_is_set_aside_too(library: Path, data: bytes) -> None:
    library.write_bytes(data)
    done = repair(library, DAY)
    assert done.set_aside is not None
    assert done.set_aside.read_bytes() == data
    assert folders(library) == {}


def test_a_second_damage_on_one_day_gets_a_name_of_its_own(library: Path) -> None:
    for name in ("library.damaged-2026-05-04.db", "library.damaged-2026-05-04.2.db"):
        library.write_bytes(b"broken")
        done = repair(library, DAY)
        assert done.set_aside == library.with_name(name)
        assert done.set_aside.read_bytes() == b"broken"


@pytest.mark.parametrize("seed", range(12))
def test_whatever_bytes_are_overwritten_the_library_can_be_used_afterwards(
    library: Path, seed: int
) -> None:
    chance = random.Random(seed)
    data = bytearray(library.read_bytes())
    for _ in range(chance.randint(1, 6)):
        start = chance.randrange(len(data) - 600)
        data[start : start + 600] = chance.randbytes(600)
    library.write_bytes(data)
    done = repair(library, DAY)
    if done.set_aside is not None:
        assert done.set_aside.read_bytes() == data
    assert set(folders(library)) <= {"/photos", "/more"}
    with Catalog.open(library) as catalog:
        assert sum(len(ids) for ids, _ in catalog.iter_vectors("e")) in {0, 400}


def test_another_programs_database_is_not_touched(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE theirs (x)")
    other.close()
    with pytest.raises(CapsearchError, match="another program"):
        repair(path)
    assert [file.name for file in tmp_path.glob("*.db")] == ["other.db"]


def test_a_library_that_is_being_indexed_is_not_repaired(library: Path) -> None:
    data = library.read_bytes()
    with Catalog.open(library) as catalog, catalog.indexing_lock():
        with pytest.raises(CapsearchError, match="indexing into"):
            repair(library)
        assert library.read_bytes() == data

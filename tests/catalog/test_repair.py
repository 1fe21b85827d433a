"""A damaged library is set aside, never deleted, and begun anew with its folders."""

import datetime
import random
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import pytest
from small_disk import SmallDisk

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.integrity import find_problems
from capsearch.catalog.lock import library_in_use
from capsearch.catalog.records import Content, Place, Stamp
from capsearch.catalog.repair import examine, repair
from capsearch.errors import CapsearchError
from capsearch.photos.metadata.model import PhotoMetadata

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


def test_a_disk_without_room_for_a_new_library_leaves_the_damaged_one_in_its_place(
    library: Path, disk: SmallDisk
) -> None:
    data = library.read_bytes()
    damaged = disk.path / "library.db"
    damaged.write_bytes(data[: len(data) // 2])
    with disk.full(room=100_000):
        with pytest.raises(CapsearchError, match=r"no room left .*/library\.db\."):
            repair(damaged, DAY)
        names = [file.name for file in disk.path.iterdir()]
        assert not [name for name in names if ".tmp" in name or ".damaged" in name]
        assert damaged.read_bytes() == data[: len(data) // 2]
    assert set(repair(damaged, DAY).folders) == {"/photos", "/more"}
    assert folders(damaged) == {"/photos": (), "/more": ("private",)}


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


@pytest.mark.parametrize("name", ["damaged", "library.damaged-2026-05-04"])
def test_a_newer_library_is_not_set_aside_whatever_its_path_says(
    library: Path, tmp_path: Path, name: str
) -> None:
    newer = library.rename(tmp_path / f"{name}.db")
    with sqlite3.connect(newer) as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    data = newer.read_bytes()
    with pytest.raises(CapsearchError, match="newer CapSearch"):
        repair(newer)
    assert newer.read_bytes() == data
    assert [file.name for file in tmp_path.glob("*.db")] == [newer.name]


@contextmanager
def holder_of(library: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that has the library open until its input ends."""
    program = """
import sys
from pathlib import Path
from capsearch.catalog.lock import library_in_use
with library_in_use(Path(sys.argv[1])):
    print("open", flush=True)
    sys.stdin.read()
"""
    command = [sys.executable, "-c", program, str(library)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        yield process


def test_a_damaged_library_that_other_processes_have_open_is_left_until_the_last_closes_it(
    library: Path,
) -> None:
    library.write_bytes(b"broken")
    for left in (2, 1):
        with ExitStack() as holders:
            for _ in range(left):
                holders.enter_context(holder_of(library))
            with pytest.raises(CapsearchError) as refusal:
                repair(library, DAY)
            said = "CapSearch has this library open. Close it and try again."
            assert str(refusal.value) == said
            assert library.read_bytes() == b"broken"
    assert repair(library, DAY).set_aside is not None


def test_a_killed_process_has_the_library_open_no_more(library: Path) -> None:
    library.write_bytes(b"broken")
    with holder_of(library) as process:
        process.kill()
        process.wait()
        assert repair(library, DAY).set_aside is not None
    with library_in_use(library):
        assert folders(library) == {}


def test_a_whole_library_can_be_examined_while_it_is_open(library: Path) -> None:
    with holder_of(library):
        assert repair(library).problems == ()


def test_a_library_opened_in_one_thread_may_be_closed_in_another(library: Path) -> None:
    library.write_bytes(b"broken")
    with ExitStack() as held:
        opening = threading.Thread(target=held.enter_context, args=(library_in_use(library),))
        opening.start()
        opening.join()
        with library_in_use(library), pytest.raises(CapsearchError, match="open"):
            repair(library, DAY)
        with pytest.raises(CapsearchError, match="open"):
            repair(library, DAY)
    assert repair(library, DAY).set_aside is not None


def test_a_library_where_no_lock_can_be_made_is_used_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with library_in_use(tmp_path / "file" / "library.db"):
        pass

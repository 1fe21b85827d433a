"""The library file itself: making, migrating, refusing, and the disk's troubles in words."""

import sqlite3
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.database import connect
from capsearch.catalog.integrity import find_problems
from capsearch.catalog.records import Content, Place, Stamp
from capsearch.catalog.schema import APPLICATION_ID, STEPS
from capsearch.errors import CapsearchError, LibraryBusyError
from capsearch.photos.metadata.model import PhotoMetadata


def nothing_known() -> PhotoMetadata:
    return PhotoMetadata(
        taken=None,
        latitude=None,
        longitude=None,
        camera=None,
        rating=None,
        keywords=(),
        people=(),
    )


def fill(catalog: Catalog, count: int, dim: int = 8) -> None:
    with catalog.transaction():
        encoder = catalog.add_encoder("e", "tiny", dim)
        for number in range(count):
            content = Content(number.to_bytes(20, "big"), number, 4, 3, "JPEG")
            photo = catalog.add_photo(content)
            place = Place(f"/photos/{number}.jpg", Stamp(number, number), nothing_known())
            catalog.place_photo(photo, place)
            catalog.add_embedding(encoder, photo, np.full(dim, number, np.float32))


def read_all(path: Path) -> None:
    with Catalog.open(path) as catalog:
        assert find_problems(catalog)
        list(catalog.iter_vectors("e"))


def test_a_new_library_is_marked_as_ours_and_uses_a_write_ahead_log(tmp_path: Path) -> None:
    with Catalog.open(tmp_path / "new" / "library.db") as catalog:
        run = catalog.connection.execute
        assert run("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert run("PRAGMA user_version").fetchone() == (len(STEPS),)
        assert run("PRAGMA journal_mode").fetchone() == ("wal",)
        assert find_problems(catalog) == ()


def test_what_was_committed_is_there_after_opening_again(tmp_path: Path) -> None:
    with Catalog.open(tmp_path / "library.db") as catalog:
        fill(catalog, 3)
        catalog.set_state("profile", b"\x00\x01")
    with Catalog.open(tmp_path / "library.db", read_only=True) as catalog:
        assert catalog.counts().searchable == 3
        assert catalog.get_state("profile") == b"\x00\x01"
        assert catalog.get_state("nothing") is None


def test_a_failed_transaction_leaves_nothing_behind(tmp_path: Path) -> None:
    with Catalog.open(tmp_path / "library.db") as catalog:
        with pytest.raises(ZeroDivisionError), catalog.transaction():
            catalog.add_photo(Content(bytes(20), 1, 1, 1, "PNG"))
            _ = 1 / 0
        assert catalog.counts().photos == 0


def test_photos_change_only_inside_a_transaction(tmp_path: Path) -> None:
    with Catalog.open(tmp_path / "library.db") as catalog:
        fill(catalog, 1)
        with pytest.raises(RuntimeError):
            catalog.mark_missing(["/photos/0.jpg"])


def test_a_newer_library_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with Catalog.open(path) as catalog:
        catalog.connection.execute("PRAGMA user_version = 999")
    before = path.read_bytes()
    with pytest.raises(CapsearchError, match="newer CapSearch"):
        Catalog.open(path)
    assert path.read_bytes() == before


def test_an_older_library_is_copied_then_brought_up_to_date_step_by_step(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with Catalog.open(path) as catalog:
        fill(catalog, 2)

    def double(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE photos SET byte_size = byte_size * 2")

    steps = (*STEPS, ("ALTER TABLE photos ADD COLUMN note TEXT",), double)
    connection = connect(path, read_only=False, steps=steps)
    assert connection.execute("SELECT byte_size, note FROM photos").fetchall() == [
        (0, None),
        (2, None),
    ]
    connection.close()
    with Catalog.open(tmp_path / f"library.format-{len(STEPS)}.db") as copy:
        assert copy.counts().searchable == 2


def test_a_step_that_fails_leaves_the_library_at_the_step_before(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    Catalog.open(path).close()
    broken = (*STEPS, ("CREATE TABLE extra (x)", "CREATE TABLE photos (x)"))
    with pytest.raises(sqlite3.OperationalError):
        connect(path, read_only=False, steps=broken)
    with Catalog.open(path) as catalog:
        tables = catalog.connection.execute("SELECT name FROM sqlite_master").fetchall()
        assert ("extra",) not in tables


def test_a_file_that_is_no_database_is_named_and_the_doctor_offered(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    path.write_bytes(b"just some text, long enough to be read as a header" * 100)
    with pytest.raises(CapsearchError, match=r"not a CapSearch library.*capsearch doctor"):
        Catalog.open(path)


def test_a_library_cut_in_half_is_said_to_be_damaged(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with Catalog.open(path) as catalog:
        fill(catalog, 3000)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(CapsearchError, match=r"damaged.*capsearch doctor"):
        read_all(path)


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE theirs (x)")
    other.close()
    with pytest.raises(CapsearchError, match="another program"):
        Catalog.open(path)


def test_reading_a_library_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(CapsearchError, match="capsearch index"):
        Catalog.open(tmp_path / "none.db", read_only=True)
    assert not (tmp_path / "none.db").exists()


def test_a_place_where_nothing_can_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(CapsearchError, match="cannot be made"):
        Catalog.open(tmp_path / "file" / "library.db")
    with pytest.raises(CapsearchError, match="is a folder"):
        Catalog.open(tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="needs a folder that not even root can write")
def test_a_folder_that_cannot_be_written_is_said() -> None:
    with pytest.raises(CapsearchError, match="cannot be"):
        Catalog.open("/proc/library.db")


def test_writing_to_a_library_opened_for_reading_is_said(tmp_path: Path) -> None:
    Catalog.open(tmp_path / "library.db").close()
    catalog = Catalog.open(tmp_path / "library.db", read_only=True)
    with catalog, pytest.raises(CapsearchError, match="reading only"):
        catalog.set_state("key", b"")


def test_a_read_only_file_is_said(tmp_path: Path) -> None:
    with Catalog.open(tmp_path / "library.db") as catalog:
        catalog.connection.execute("PRAGMA query_only = ON")
        with pytest.raises(CapsearchError, match="read-only"):
            catalog.set_state("key", b"")


def test_a_full_disk_is_said_and_nothing_is_lost(tmp_path: Path) -> None:
    with Catalog.open(tmp_path / "library.db") as catalog:
        fill(catalog, 3)
        pages = catalog.connection.execute("PRAGMA page_count").fetchone()[0]
        catalog.connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(CapsearchError, match="no room left"):
            fill(catalog, 5000)
        assert catalog.counts().searchable == 3
        catalog.connection.execute("PRAGMA max_page_count = 1000000")
        fill(catalog, 5000)
        assert find_problems(catalog) == ()


def test_a_library_held_by_another_writer_is_said(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with Catalog.open(path) as first, Catalog.open(path) as second:
        second.connection.execute("PRAGMA busy_timeout = 10")
        held = pytest.raises(CapsearchError, match="Another program holds")
        with first.transaction(), held, second.transaction():
            pass


def test_only_one_may_index_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with Catalog.open(path) as first, Catalog.open(path) as second:
        held = pytest.raises(CapsearchError, match="indexing into")
        with first.indexing_lock(), held, second.indexing_lock():
            pass
        with second.indexing_lock():
            pass


def test_whoever_waits_to_index_says_so_once_and_can_be_stopped(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    stop, said = threading.Event(), []

    def waiting() -> None:
        said.append("waiting")
        stop.set()

    with Catalog.open(path) as first, Catalog.open(path) as second:
        with first.indexing_lock(waiting) as held:
            assert (held, said) == (True, [])
            with second.indexing_lock(waiting, stop) as stopped:
                assert (stopped, said) == (False, ["waiting"])
            with pytest.raises(LibraryBusyError), second.indexing_lock():
                pass
        with second.indexing_lock() as held:
            assert held


def test_what_more_kinds_of_file_are_read_by_now_is_tried_again(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    reasons = {
        "/a.tif": "the file holds TIFF of a kind that is not read",
        "/b.gif": "the file is cut off",
        "/c.tif": "the file is damaged: its TIFF data cannot be read",
        "/d.jpg": "the file is empty",
    }
    old = connect(path, read_only=False, steps=STEPS[:8])
    old.executemany(
        "INSERT INTO failures VALUES (?, 1, 1, ?, 0, 0)",
        [(place.encode(), reason) for place, reason in reasons.items()],
    )
    old.close()
    with Catalog.open(path) as catalog:
        assert list(catalog.failures()) == ["/d.jpg"]

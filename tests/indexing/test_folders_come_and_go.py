"""Folders that are emptied, unmounted, mounted elsewhere, and changes seen piece by piece."""

import os
import shutil
from pathlib import Path

import pytest
from runs import failed, files, index, index_scopes
from tiny_encoder import TinyEncoder

from capsearch.catalog.catalog import Catalog
from capsearch.indexing.folders import volume_of
from capsearch.indexing.report import Progress
from capsearch.indexing.run import index_changes
from capsearch.indexing.scope import Scope


@pytest.fixture
def drive(tmp_path: Path, make_photo) -> Path:
    for number in range(12):
        make_photo(tmp_path / "drive" / f"{number % 3}" / f"{number}.jpg", seed=number)
    return tmp_path / "drive"


def test_a_mount_point_without_its_drive_is_offline_not_emptied(
    catalog: Catalog, drive: Path, tmp_path: Path
) -> None:
    index(catalog, drive)
    drive.rename(tmp_path / "unplugged")
    drive.mkdir()
    report = index(catalog, drive)
    assert (report.photos, failed(report)) == (12, ["drive"])
    assert "empty" in report.failed[0].reason
    assert catalog.counts().offline_files == 12
    drive.rmdir()
    (tmp_path / "unplugged").rename(drive)
    report = index(catalog, drive)
    assert (report.photos, report.encoded, report.failed) == (12, 0, ())
    assert catalog.counts().offline_files == 0


@pytest.mark.parametrize(
    "left",
    [
        ".Trash-0/files/old.jpg",
        ".DS_Store",
        ".fseventsd/",
        "lost+found/",
        "System Volume Information/",
        "$RECYCLE.BIN/S-1/old.jpg",
        "Thumbs.db",
        "desktop.ini",
    ],
)
@pytest.mark.parametrize("piecemeal", [False, True])
def test_what_systems_leave_in_a_mount_point_does_not_make_it_a_drive(
    catalog: Catalog, tmp_path: Path, make_photo, left: str, piecemeal: bool
) -> None:
    drive = tmp_path / "drive"
    for number in range(16):
        make_photo(drive / f"{number}.jpg", seed=number)
    index(catalog, drive)
    drive.rename(tmp_path / "unplugged")
    (drive / left).parent.mkdir(parents=True)
    (drive / left).mkdir() if left.endswith("/") else (drive / left).write_bytes(b"left")
    report = index_scopes(catalog, Scope(os.fspath(drive))) if piecemeal else index(catalog, drive)
    assert (report.photos, failed(report)) == (16, ["drive"])
    assert (catalog.counts().offline_files, catalog.counts().missing_files) == (16, 0)
    assert not catalog.folders()[0].online
    shutil.rmtree(drive)
    (tmp_path / "unplugged").rename(drive)
    report = index(catalog, drive)
    assert (report.photos, report.encoded, report.failed) == (16, 0, ())
    assert catalog.counts().offline_files == 0


def test_other_things_in_the_place_of_another_volume_are_not_taken_for_what_is_left_of_it(
    catalog: Catalog, drive: Path, tmp_path: Path, make_photo
) -> None:
    index(catalog, drive)
    catalog.connection.execute("UPDATE folders SET device = 'another'")
    drive.rename(tmp_path / "unplugged")
    make_photo(drive / "of another stick.jpg", seed=90)
    report = index(catalog, drive)
    assert (report.photos, report.encoded, failed(report)) == (12, 0, ["drive"])
    assert catalog.counts().offline_files == 12
    shutil.rmtree(drive)
    (tmp_path / "unplugged").rename(drive)
    report = index(catalog, drive)
    assert (report.photos, report.encoded, report.failed) == (12, 0, ())
    assert catalog.folders()[0].volume == volume_of(os.fspath(drive))


def test_a_few_photos_of_a_drive_that_is_not_mounted_are_offline(
    catalog: Catalog, folder: Path
) -> None:
    index(catalog, folder)
    catalog.connection.execute("UPDATE folders SET mount = ?", (os.fsencode(folder),))
    for path in folder.iterdir():
        path.unlink()
    (folder / "note.txt").write_text("in the mount point")
    assert failed(index(catalog, folder)) == ["photos"]
    assert catalog.counts().offline_files == 3


def test_a_few_photos_replaced_on_a_device_with_a_new_number_are_gone(
    catalog: Catalog, folder: Path, make_photo
) -> None:
    index(catalog, folder)
    catalog.connection.execute("UPDATE folders SET device = 'before the restart'")
    for path in folder.iterdir():
        path.unlink()
    make_photo(folder / "new.jpg", seed=91)
    assert index(catalog, folder).failed == ()
    assert files(catalog, folder) == ["new.jpg"]


def test_a_drive_below_a_folder_that_is_there_is_offline_too(
    catalog: Catalog, folder: Path, make_photo
) -> None:
    make_photo(folder / "stick" / "s.jpg", seed=92)
    index(catalog, folder, folder / "stick")
    catalog.connection.execute(
        "UPDATE folders SET device = 'another' WHERE path = ?", (os.fsencode(folder / "stick"),)
    )
    shutil.rmtree(folder / "stick")
    for report in (index(catalog, folder), index(catalog, folder, folder / "stick")):
        assert (report.photos, failed(report)) == (4, ["stick"])
        assert files(catalog, folder, "offline") == ["stick/s.jpg"]


def test_a_folder_of_the_library_that_is_deleted_from_another_one_is_gone(
    catalog: Catalog, folder: Path, make_photo
) -> None:
    make_photo(folder / "trip" / "t.jpg", seed=93)
    index(catalog, folder, folder / "trip")
    shutil.rmtree(folder / "trip")
    assert index(catalog, folder, folder / "trip").photos == 3
    assert files(catalog, folder, "missing") == ["trip/t.jpg"]


def test_a_folder_that_holds_only_a_hidden_folder_of_the_library_is_emptied(
    catalog: Catalog, drive: Path, make_photo
) -> None:
    make_photo(drive / ".private" / "p.jpg", seed=94)
    index(catalog, drive, drive / ".private")
    for name in "012":
        shutil.rmtree(drive / name)
    assert index(catalog, drive).photos == 1
    assert files(catalog, drive) == [".private/p.jpg"]


@pytest.mark.parametrize("left", [(), (".Trash-0",)])
def test_a_small_folder_that_was_emptied_is_empty(
    catalog: Catalog, folder: Path, left: tuple[str, ...]
) -> None:
    index(catalog, folder)
    for path in folder.iterdir():
        path.unlink()
    for name in left:
        (folder / name).mkdir()
    assert index(catalog, folder).photos == 0
    assert catalog.counts().searchable == 0


def test_a_small_folder_on_another_device_than_before_is_offline(
    catalog: Catalog, folder: Path
) -> None:
    index(catalog, folder)
    assert catalog.folders()[0].volume == volume_of(os.fspath(folder))
    catalog.connection.execute("UPDATE folders SET device = 'another'")
    for path in folder.iterdir():
        path.unlink()
    assert failed(index(catalog, folder)) == ["photos"]
    assert catalog.counts().offline_files == 3


def test_a_drive_mounted_elsewhere_is_recognised_and_nothing_is_read_again(
    catalog: Catalog, drive: Path, tmp_path: Path
) -> None:
    odd = os.fsencode(drive) + b"/0/\xff odd.jpg"
    shutil.copy(os.fsencode(drive / "0" / "0.jpg"), odd)
    index(catalog, drive, drive / "1")
    new = tmp_path / "media" / "stick"
    new.parent.mkdir()
    drive.rename(new)
    steps: list[Progress] = []
    report = index(catalog, new, progress=steps.append)
    assert (report.photos, report.encoded, steps[-1].total) == (12, 0, 0)
    assert report.moved == ((os.fspath(drive), os.fspath(new)),)
    assert catalog.counts().files == 13
    assert catalog.counts().offline_files == catalog.counts().missing_files == 0
    assert [f.path for f in catalog.folders()] == [os.fspath(new), os.fspath(new / "1")]


def test_a_copy_of_a_folder_that_is_still_there_is_a_second_folder(
    catalog: Catalog, drive: Path, tmp_path: Path
) -> None:
    index(catalog, drive)
    shutil.copytree(drive, tmp_path / "backup")
    report = index(catalog, tmp_path / "backup")
    assert (report.encoded, report.moved) == (0, ())
    assert catalog.counts().files == 24


def test_a_strange_folder_is_not_taken_for_one_that_is_away(
    catalog: Catalog, drive: Path, folder: Path
) -> None:
    index(catalog, drive)
    shutil.rmtree(drive)
    assert index(catalog, folder).moved == ()
    assert len(catalog.folders()) == 2


def test_each_folder_keeps_its_own_exclusions(catalog: Catalog, drive: Path, folder: Path) -> None:
    index(catalog, drive, folder)
    with catalog.transaction():
        catalog.set_exclusions(os.fspath(drive), ["1", "*2.jpg"])
    report = index(catalog, drive, folder)
    assert "2.jpg" in files(catalog, folder)
    assert not any(
        name.startswith("1/") or name.endswith("2.jpg") for name in files(catalog, drive)
    )
    with catalog.transaction():
        catalog.set_exclusions(os.fspath(drive), [])
    report = index(catalog, drive, folder)
    assert (report.photos, report.encoded) == (12, 0)


def test_only_what_changed_is_looked_at(catalog: Catalog, drive: Path, make_photo) -> None:
    index(catalog, drive)
    make_photo(drive / "0" / "new.jpg", seed=50)
    make_photo(drive / "0" / "sub" / "new.jpg", seed=51)
    make_photo(drive / "1" / "new.jpg", seed=52)
    (drive / "0" / "0.jpg").unlink()
    (drive / "1" / "1.jpg").unlink()
    shutil.rmtree(drive / "2")
    report = index_scopes(catalog, Scope(os.fspath(drive / "0"), deep=False))
    assert report.encoded == 1
    assert files(catalog, drive, "missing") == ["0/0.jpg"]
    report = index_scopes(
        catalog, Scope(os.fspath(drive / "2")), Scope(os.fspath(drive / "0" / "sub"))
    )
    assert report.encoded == 1
    assert len(files(catalog, drive, "missing")) == 5
    assert index(catalog, drive).encoded == 1
    assert len(files(catalog, drive, "missing")) == 6


def test_a_move_between_two_changed_folders_keeps_the_photo(catalog: Catalog, drive: Path) -> None:
    index(catalog, drive)
    generation = catalog.generation(TinyEncoder().identity)
    (drive / "0" / "0.jpg").rename(drive / "1" / "0.jpg")
    scopes = [Scope(os.fspath(drive / name), deep=False) for name in "01"]
    assert index_scopes(catalog, *scopes).encoded == 0
    assert catalog.generation(TinyEncoder().identity) == generation


def test_what_is_still_being_written_is_left_alone(
    catalog: Catalog, folder: Path, make_photo
) -> None:
    index(catalog, folder)
    unsettled = [os.fspath(folder / name) for name in ("0.jpg", "1.jpg", "new.jpg")]
    (folder / "0.jpg").write_bytes(b"half")
    (folder / "1.jpg").unlink()
    (folder / "new.jpg").write_bytes(b"half")
    scope = Scope(os.fspath(folder))
    report = index_scopes(catalog, scope, unsettled=unsettled)
    assert (report.photos, report.encoded, report.failed) == (3, 0, ())
    make_photo(folder / "0.jpg", seed=60)
    (folder / "new.jpg").unlink()
    assert index_scopes(catalog, scope).encoded == 1
    assert files(catalog, folder) == ["0.jpg", "2.jpg"]


def test_changes_outside_of_the_library_and_in_excluded_folders_are_none(
    catalog: Catalog, folder: Path, tmp_path: Path, make_photo
) -> None:
    index(catalog, folder)
    make_photo(tmp_path / "elsewhere" / "x.jpg", seed=70)
    make_photo(folder / ".hidden" / "x.jpg", seed=71)
    make_photo(folder / "private" / "x.jpg", seed=72)
    scopes = [
        Scope(os.fspath(place))
        for place in (tmp_path / "elsewhere", folder / ".hidden", folder / "private")
    ]
    report = index_changes(catalog, TinyEncoder(), scopes, exclude=("private",), workers=1)
    assert (report.encoded, catalog.counts().photos) == (0, 3)


def test_a_change_in_a_folder_that_came_back_looks_at_all_of_it(
    catalog: Catalog, drive: Path, tmp_path: Path
) -> None:
    index(catalog, drive)
    drive.rename(tmp_path / "unplugged")
    index_scopes(catalog, Scope(os.fspath(drive / "0"), deep=False))
    assert catalog.counts().offline_files == 12
    (tmp_path / "unplugged").rename(drive)
    index_scopes(catalog, Scope(os.fspath(drive / "0"), deep=False))
    assert catalog.counts().offline_files == 0
    assert catalog.folders()[0].online


def test_photos_gone_for_thirty_days_are_forgotten(catalog: Catalog, folder: Path) -> None:
    index(catalog, folder)
    (folder / "0.jpg").unlink()
    index(catalog, folder)
    day = 24 * 3600
    for table in ("files", "photos"):
        catalog.connection.execute(f"UPDATE {table} SET missing_since = missing_since - 29 * {day}")
    index(catalog, folder)
    assert catalog.counts().photos == 3
    for table in ("files", "photos"):
        catalog.connection.execute(f"UPDATE {table} SET missing_since = missing_since - 2 * {day}")
    index(catalog, folder)
    assert (catalog.counts().photos, catalog.counts().files) == (2, 2)
    vectors = catalog.connection.execute("SELECT count(*) FROM embeddings").fetchone()
    assert vectors == (2,)

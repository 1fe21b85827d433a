"""Drives that go and come between two commands, without an index run: searches know."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import pytest
from make_photo import MakePhoto
from run_command import as_json, capsearch

from capsearch.settings import default_library

Results = dict[str, bool]


@pytest.fixture
def drive(tmp_path: Path, make_photo: MakePhoto) -> Path:
    """An indexed folder of three photos beside another one of one."""
    make_photo(tmp_path / "here" / "here.jpg", 0)
    for seed in range(1, 4):
        make_photo(tmp_path / "drive" / f"{seed}.jpg", seed)
    indexed = as_json(capsearch("index", tmp_path / "here", tmp_path / "drive", "--json"))
    assert indexed["encoded"] == 4
    return tmp_path / "drive"


def search(*arguments: str | Path) -> Results:
    """The photos found, and whether each is offline."""
    results = as_json(capsearch("search", "a house", "--json", *arguments))["results"]
    return {result["path"]: result["offline"] for result in results}


def photos_in(folder: Path, *, offline: bool) -> Results:
    return {os.fspath(folder / f"{seed}.jpg"): offline for seed in range(1, 4)}


def folders_online() -> dict[str, bool]:
    listed = as_json(capsearch("folders", "list", "--json"))["folders"]
    return {Path(each["path"]).name: each["online"] for each in listed}


def change_library(statement: str, *values: bytes) -> None:
    with closing(sqlite3.connect(default_library())) as connection, connection:
        connection.execute(statement, values)


def test_a_search_says_what_is_offline_since_the_last_run_and_when_it_is_back(
    drive: Path, tmp_path: Path
) -> None:
    here = {os.fspath(tmp_path / "here" / "here.jpg"): False}
    drive.rename(tmp_path / "unplugged")
    lines = capsearch("search", "a house").stdout.splitlines()
    marked = [line.removesuffix("  (offline)")[-5:] for line in lines if "(offline)" in line]
    assert sorted(marked) == ["1.jpg", "2.jpg", "3.jpg"]
    assert search() == here | photos_in(drive, offline=True)
    assert folders_online() == {"here": True, "drive": False}
    (tmp_path / "unplugged").rename(drive)
    assert search() == here | photos_in(drive, offline=False)
    assert folders_online() == {"here": True, "drive": True}
    assert as_json(capsearch("index", drive, "--json"))["encoded"] == 0


def test_a_search_of_one_folder_says_what_is_offline_too(drive: Path, tmp_path: Path) -> None:
    drive.rename(tmp_path / "unplugged")
    assert search("--photos", drive) == photos_in(drive, offline=True)
    assert search("--photos", tmp_path / "here") == {
        os.fspath(tmp_path / "here" / "here.jpg"): False
    }
    assert folders_online() == {"here": True, "drive": False}


def test_an_almost_empty_mount_point_is_offline_for_a_search_too(
    drive: Path, tmp_path: Path
) -> None:
    change_library("UPDATE folders SET mount = path WHERE path = ?", os.fsencode(drive))
    drive.rename(tmp_path / "unplugged")
    (drive / ".Trash-0").mkdir(parents=True)
    assert photos_in(drive, offline=True).items() <= search().items()


def test_doctor_lists_the_folders_as_they_can_be_reached_now(drive: Path, tmp_path: Path) -> None:
    drive.rename(tmp_path / "unplugged")
    listed: list[dict[str, Any]] = as_json(capsearch("doctor", "--json"))["folders"]
    assert [(Path(each["path"]).name, each["online"]) for each in listed] == [
        ("drive", False),
        ("here", True),
    ]
    said = capsearch("doctor").stdout
    assert f"  {drive} (offline)\n  {tmp_path / 'here'}\n" in said
    assert folders_online()["drive"], "doctor changes nothing"


@pytest.mark.parametrize("given", [(), ("--photos",)])
def test_a_drive_under_another_mount_point_is_right_in_the_same_search(
    drive: Path, tmp_path: Path, given: tuple[str, ...]
) -> None:
    mount = _mount_of(tmp_path)
    new = tmp_path / "media" / "drive"
    # As if the drive had been mounted elsewhere before, at `old`, and at `mount` now.
    below = new.relative_to(mount)
    old = tmp_path / "old" / below
    old.parent.mkdir(parents=True)
    drive.rename(old)
    assert capsearch("folders", "rename", drive, old).returncode == 0
    change_library(
        "UPDATE folders SET mount = ? WHERE path = ?",
        os.fsencode(tmp_path / "old"),
        os.fsencode(old),
    )
    new.parent.mkdir()
    old.rename(new)
    assert (
        photos_in(new, offline=False).items() <= search(*given, *([old] if given else [])).items()
    )
    assert folders_online() == {"here": True, "drive": True}
    assert as_json(capsearch("index", new, "--json"))["encoded"] == 0


def _mount_of(path: Path) -> Path:
    mounts = {Path(partition.mountpoint) for partition in psutil.disk_partitions()}
    found = next((parent for parent in path.resolve().parents if parent in mounts), None)
    if found is None:
        pytest.skip("the temporary folder lies on no drive that the system lists")
    return found

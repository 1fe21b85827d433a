"""Files whose data is only in the cloud are known without being opened."""

import os
from pathlib import Path

import pytest
from cloud_files import Cloud

from capsearch.library.pictures import NoPicture, Thumbnail, make_thumbnail, read_picture
from capsearch.photos.cloud import (
    ONLY_IN_THE_CLOUD,
    behind_stub,
    is_only_in_the_cloud,
    is_placeholder,
)
from capsearch.photos.walk import FoundFile, holds_nothing, walk


@pytest.mark.parametrize(
    ("attributes", "flags", "away"),
    [
        (0x400000, 0, True),  # OneDrive's, Dropbox's on Windows
        (0x401220, 0, True),  # ... with archive, sparse and offline
        (0x40000, 0, True),
        (0x1000, 0, True),  # moved to slow storage
        (0, 0x40000000, True),  # macOS' dataless
        (0, 0x40000040, True),
        (0x20, 0, False),  # archive: an ordinary file
        (0x80020, 0, False),  # pinned: always kept here
        (0x100020, 0, False),  # may be freed, but is here
        (0x200, 0, False),  # sparse
        (0, 0x8040, False),  # hidden and tracked on macOS
        (0, 0, False),
    ],
)
def test_the_systems_marks_say_what_is_only_in_the_cloud(
    tmp_path: Path, cloud: Cloud, attributes: int, flags: int, away: bool
) -> None:
    (tmp_path / "a.jpg").write_bytes(b"x")
    cloud.mark(tmp_path / "a.jpg", attributes, flags)
    assert is_placeholder((tmp_path / "a.jpg").stat()) == away
    assert is_only_in_the_cloud(os.fspath(tmp_path / "a.jpg")) == away
    [found] = walk(tmp_path)
    assert isinstance(found, FoundFile)
    assert found.in_cloud == away


def test_a_file_without_blocks_is_a_file_like_any_other(tmp_path: Path) -> None:
    with (tmp_path / "a.jpg").open("wb") as file:
        file.truncate(5000)
    assert not is_placeholder((tmp_path / "a.jpg").stat())
    assert not is_only_in_the_cloud(os.fspath(tmp_path / "gone.jpg"))


@pytest.mark.parametrize(
    ("name", "behind"),
    [
        (".IMG_1.HEIC.icloud", "IMG_1.HEIC"),
        (".a.jpg.xmp.icloud", "a.jpg.xmp"),
        ("a.jpg.icloud", None),
        (".icloud", None),
        (".a.jpg", None),
        ("..icloud", None),
    ],
)
def test_a_stub_names_the_file_that_it_stands_for(name: str, behind: str | None) -> None:
    assert behind_stub(name) == behind


def test_a_walk_tells_the_files_behind_stubs_but_for_those_left_out(tmp_path: Path) -> None:
    for name in (".a.jpg.icloud", ".b.png.icloud", ".hidden/.c.jpg.icloud", "..d.jpg.icloud"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"bplist")
    assert list(walk(tmp_path, ["*.png"])) == [
        FoundFile(os.fspath(tmp_path / "a.jpg"), -1, -1, in_cloud=True)
    ]
    assert not holds_nothing(os.fspath(tmp_path))
    assert is_only_in_the_cloud(os.fspath(tmp_path / "a.jpg"))


def test_no_picture_is_fetched_and_another_copy_is_shown_in_its_place(
    tmp_path: Path, make_photo, cloud: Cloud
) -> None:
    away = make_photo(tmp_path / "away.jpg", seed=1)
    here = make_photo(tmp_path / "here.jpg", seed=1)
    cloud.free(away)
    with cloud.nothing_opened():
        assert make_thumbnail([os.fspath(away)]) == NoPicture(ONLY_IN_THE_CLOUD)
        assert read_picture([os.fspath(away)], 100) == NoPicture(ONLY_IN_THE_CLOUD)
    assert read_picture([os.fspath(away), "gone.jpg"], 100) == NoPicture(ONLY_IN_THE_CLOUD)
    assert isinstance(make_thumbnail([os.fspath(away), os.fspath(here)]), Thumbnail)
    cloud.fetch(away)
    assert isinstance(make_thumbnail([os.fspath(away)]), Thumbnail)

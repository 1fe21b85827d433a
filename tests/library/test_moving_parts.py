"""Copies of the videos that motion photos carry: made once, private, bounded, never in the way."""

import os
import stat
import sys
from pathlib import Path

import make_motion_photo
import pytest
from make_video import make_video
from small_disk import SmallDisk

from capsearch.library.moving_parts import keep_moving_part, video_files
from capsearch.library.pictures import NoPicture, PictureReader, VideoCopy, VideoWish
from capsearch.photos.errors import DecodeError


@pytest.fixture
def video(tmp_path: Path) -> bytes:
    return make_video(tmp_path / "made" / "a.mp4").read_bytes()


@pytest.fixture
def photo(tmp_path: Path, video: bytes) -> Path:
    return make_motion_photo.google(tmp_path / "photos" / "PXL.MP.jpg", video)


def test_a_copy_is_made_once_and_the_photo_stays_as_it_was(
    tmp_path: Path, photo: Path, video: bytes
) -> None:
    before = (photo.read_bytes(), photo.stat().st_mtime_ns)
    first = keep_moving_part(os.fspath(photo), tmp_path / "videos")
    assert first.read_bytes() == video
    assert first.suffix == ".mp4" and first.name.startswith("PXL.MP-")
    written = first.stat().st_ino
    assert keep_moving_part(os.fspath(photo), tmp_path / "videos") == first
    assert first.stat().st_ino == written
    assert (photo.read_bytes(), photo.stat().st_mtime_ns) == before
    assert sorted(path.name for path in photo.parent.iterdir()) == [photo.name]


def test_another_video_at_the_same_place_is_another_copy(tmp_path: Path, photo: Path) -> None:
    first = keep_moving_part(os.fspath(photo), tmp_path / "videos")
    other = make_video(tmp_path / "made" / "b.mov", frames=9, seed=1).read_bytes()
    make_motion_photo.samsung(photo, other)
    second = keep_moving_part(os.fspath(photo), tmp_path / "videos")
    assert second != first
    assert second.read_bytes() == other


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps it private by its folder")
def test_nobody_else_may_look_into_the_folder(tmp_path: Path, photo: Path) -> None:
    copy = keep_moving_part(os.fspath(photo), tmp_path / "videos")
    assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700


def test_those_played_longest_ago_go_when_there_are_too_many(tmp_path: Path, video: bytes) -> None:
    folder = tmp_path / "videos"
    photos = [make_motion_photo.google(tmp_path / f"{n}.jpg", video, seed=n) for n in range(4)]
    copies = [keep_moving_part(os.fspath(photo), folder) for photo in photos]
    for age, copy in enumerate(copies):
        os.utime(copy, (1e9 - age, 1e9 - age))
    keep_moving_part(os.fspath(photos[3]), folder)  # the oldest is played again
    keep_moving_part(os.fspath(photos[3]), folder, most_bytes=2 * len(video))
    assert set(folder.iterdir()) == {copies[0], copies[3]}
    assert keep_moving_part(os.fspath(photos[1]), folder, most_bytes=1).exists()
    assert set(folder.iterdir()) == {copies[1]}


def test_names_of_any_length_and_signs_are_taken(tmp_path: Path, video: bytes) -> None:
    for name in ("ü" * 120, "a [b] *", "%41 #?"):
        photo = make_motion_photo.google(tmp_path / "made.jpg", video)
        try:
            photo = photo.rename(tmp_path / f"{name}.jpg")
        except OSError:
            continue  # not a name on this system
        copy = keep_moving_part(os.fspath(photo), tmp_path / "videos")
        assert keep_moving_part(os.fspath(photo), tmp_path / "videos") == copy
        assert copy.read_bytes() == video


def test_a_full_disk_is_one_sentence_and_leaves_nothing(disk: SmallDisk, photo: Path) -> None:
    folder = disk.path / "videos"
    with disk.full(), pytest.raises(DecodeError) as caught:
        keep_moving_part(os.fspath(photo), folder)
    assert caught.value.reason == "there is no room on the disk for a copy of its video"
    assert not folder.exists() or list(folder.iterdir()) == []
    assert keep_moving_part(os.fspath(photo), folder).exists()


def test_a_folder_that_cannot_be_is_one_sentence(tmp_path: Path, photo: Path) -> None:
    (tmp_path / "videos").write_text("a file")
    with pytest.raises(DecodeError, match=r"^a copy of its video cannot be written: "):
        keep_moving_part(os.fspath(photo), tmp_path / "videos")


def test_it_comes_from_the_first_place_that_has_it(tmp_path: Path, photo: Path) -> None:
    gone, still = os.fspath(tmp_path / "gone.jpg"), tmp_path / "still.jpg"
    still.write_bytes(photo.read_bytes()[:500])
    reader = PictureReader()
    try:
        folder = os.fspath(tmp_path / "videos")
        made = reader.read(VideoWish((gone, os.fspath(still), os.fspath(photo)), folder))
        assert isinstance(made, VideoCopy) and Path(made.path).is_file()
        none = reader.read(VideoWish((os.fspath(still),), folder))
        assert none == NoPicture("the file holds no video that is known")
    finally:
        reader.end()


def test_videos_are_told_by_their_names() -> None:
    assert video_files(("a.heic", "a.MOV", "a.dng", "b.mp4", "c.MP")) == ("a.MOV", "b.mp4")

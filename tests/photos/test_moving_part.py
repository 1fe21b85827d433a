"""The video in a motion photo is found wherever phones put it, whole or not at all."""

import io
from pathlib import Path

import av
import make_motion_photo
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make_video import make_video

from capsearch.photos.errors import DecodeError
from capsearch.photos.moving_part import moving_part

HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0\0\0\x28mdat" + b"\0\0\0\x18ftypmp42" + bytes(20)
"""The first boxes of one, with bytes in its pictures that look like a video's first."""


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return make_video(tmp_path_factory.mktemp("video") / "a.mp4").read_bytes()


def found(data: bytes) -> bytes:
    part = moving_part(data)
    return data[part.start : part.end]


def why_not(data: bytes) -> str:
    with pytest.raises(DecodeError) as caught:
        moving_part(data)
    return caught.value.reason


def test_it_is_found_behind_the_photo_to_its_last_byte(tmp_path: Path, video: bytes) -> None:
    google = make_motion_photo.google(tmp_path / "a.jpg", video).read_bytes()
    samsung = make_motion_photo.samsung(tmp_path / "b.jpg", video).read_bytes()
    for data in (google, samsung, make_motion_photo.boxed(HEIC, video), video, google + b"\0" * 9):
        assert found(data) == video


def test_it_is_told_by_how_the_names_of_such_files_end(tmp_path: Path, video: bytes) -> None:
    quicktime = make_video(tmp_path / "a.mov").read_bytes()
    assert moving_part(b"photo" + quicktime).extension == ".mov"
    assert moving_part(b"photo" + video).extension == ".mp4"


def test_a_real_one_plays(shared_data: Path) -> None:
    folder = shared_data / "library" / "formats" / "formats" / "motionphoto"
    whole = found((folder / "samsung-one-ui-6.heic").read_bytes())
    with av.open(io.BytesIO(whole), "r") as container:
        frames = len(list(container.decode(container.streams.video[0])))
        stream = container.streams.video[0]
        assert (frames, stream.width, stream.height) == (stream.frames, 1440, 1080)


def test_a_photo_without_one_has_none(tmp_path: Path) -> None:
    photo = make_motion_photo.google(tmp_path / "a.jpg", b"").read_bytes()
    for data in (photo, HEIC, b"", b"ftyp", photo + b"ftyp"):
        assert why_not(data) in {
            "the file holds no video that is known",
            "its video is damaged, or the end of it is missing",
        }
    assert why_not(photo) == "the file holds no video that is known"


def test_one_that_is_cut_off_is_damaged(tmp_path: Path, video: bytes) -> None:
    data = make_motion_photo.google(tmp_path / "a.jpg", video).read_bytes()
    begin = len(data) - len(video) + 32
    for end in range(begin, len(data), 97):
        assert why_not(data[:end]) == "its video is damaged, or the end of it is missing"


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.data())
def test_no_bytes_make_it_fail_in_another_way(noise: bytes, data: st.DataObject) -> None:
    sizes = data.draw(st.lists(st.integers(0, 40), max_size=4))
    boxes = b"".join(
        size.to_bytes(4, "big") + data.draw(st.sampled_from([b"ftyp", b"moov", b"mdat"])) + noise
        for size in sizes
    )
    try:
        part = moving_part(noise + boxes)
    except DecodeError:
        return
    assert 0 <= part.start < part.end <= len(noise + boxes)

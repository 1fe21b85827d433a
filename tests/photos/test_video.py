"""Videos as pictures: their poster, length and what their container says."""

import datetime
import io
import os
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make_video import CORNERS, make_hdr_video, make_sound, make_video
from PIL import Image

from capsearch.photos.content import content_hash, content_hash_of_file
from capsearch.photos.decode import MAX_PIXELS
from capsearch.photos.errors import DecodeError
from capsearch.photos.formats import VIDEO_EXTENSIONS, is_photo_name, is_video_name
from capsearch.photos.metadata.container import read_container
from capsearch.photos.metadata.model import PhotoMetadata
from capsearch.photos.metadata.read import read_video_metadata
from capsearch.photos.video import Video, open_video, video_tags

RED, GREEN, BLUE, YELLOW = CORNERS


def opened(path: Path, side: int = 48, *, more: bool = False) -> Video:
    return open_video(os.fspath(path), side, MAX_PIXELS, more=more)


def why_not(path: Path) -> str:
    with pytest.raises(DecodeError) as caught:
        opened(path)
    return caught.value.reason


def corners(image: Image.Image) -> list[tuple[int, int, int]]:
    """The corners' colours, each as that of `CORNERS` which it is nearest to."""
    right, bottom = image.width - 4, image.height - 4
    near = []
    for at in ((3, 3), (right, 3), (3, bottom), (right, bottom)):
        off = {
            colour: np.abs(np.subtract(np.asarray(image.getpixel(at)), colour)).sum()
            for colour in CORNERS
        }
        near.append(min(off, key=lambda colour: off[colour]))
        assert off[near[-1]] < 60
    return near


def read(path: Path) -> PhotoMetadata:
    return read_video_metadata(video_tags(os.fspath(path)), os.fspath(path), 10**18)


@pytest.mark.parametrize(
    ("name", "codec", "kind"),
    [
        ("a.mp4", "mpeg4", "MP4"),
        ("A.MOV", "mpeg4", "MOV"),
        ("a.m4v", "mpeg4", "MP4"),
        ("a.3gp", "mpeg4", "3GP"),
        ("a.avi", "mpeg4", "AVI"),
        ("a.mkv", "mpeg4", "MKV"),
        ("a.webm", "libvpx", "WEBM"),
        ("a.mts", "mpeg2video", "MTS"),
        ("a.mpg", "mpeg2video", "MPEG"),
        ("a.wmv", "wmv2", "WMV"),
        ("a.flv", "flv", "FLV"),
        ("a.mov", "mjpeg", "MOV"),
    ],
)
def test_every_kind_of_video_shows_its_first_picture_and_tells_its_size(
    tmp_path: Path, name: str, codec: str, kind: str
) -> None:
    path = tmp_path / name
    made = make_video(tmp_path / name.lower(), frames=50, codec=codec)
    made.rename(path)
    video = opened(path, 32)
    assert (video.width, video.height, video.format) == (96, 64, kind)
    assert corners(video.images[0]) == [RED, GREEN, BLUE, YELLOW]
    assert video.images[0].size == (48, 32)
    assert video.images[0].mode == "RGB"
    assert is_video_name(name)
    assert is_photo_name(name)


@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.avi", "a.mkv"])
def test_its_length_is_known_in_seconds(tmp_path: Path, name: str) -> None:
    assert opened(make_video(tmp_path / name, frames=23)).seconds == pytest.approx(2.3, abs=0.01)


@pytest.mark.parametrize(
    ("turned", "mirrored", "expected"),
    [
        (0, False, [RED, GREEN, BLUE, YELLOW]),
        (90, False, [BLUE, RED, YELLOW, GREEN]),
        (180, False, [YELLOW, BLUE, GREEN, RED]),
        (270, False, [GREEN, YELLOW, RED, BLUE]),
        (0, True, [GREEN, RED, YELLOW, BLUE]),
    ],
)
def test_a_video_is_turned_upright_as_its_container_says(
    tmp_path: Path, turned: int, mirrored: bool, expected: list[tuple[int, int, int]]
) -> None:
    video = opened(make_video(tmp_path / "a.mp4", turned=turned, mirrored=mirrored))
    assert corners(video.images[0]) == expected
    upright = (64, 96) if turned in (90, 270) else (96, 64)
    assert (video.width, video.height) == upright


def test_pixels_that_are_not_square_are_made_so(tmp_path: Path) -> None:
    video = opened(make_video(tmp_path / "a.mp4", aspect=2))
    assert (video.width, video.height) == (192, 64)
    assert video.images[0].size == (144, 48)


def test_a_small_video_is_not_made_larger(tmp_path: Path) -> None:
    assert opened(make_video(tmp_path / "a.mp4"), 1000).images[0].size == (96, 64)


@pytest.mark.parametrize("blank", [1, 7, 19])
def test_a_video_that_begins_black_is_shown_by_what_comes_then(tmp_path: Path, blank: int) -> None:
    video = opened(make_video(tmp_path / "a.mp4", blank=blank))
    assert corners(video.images[0]) == [RED, GREEN, BLUE, YELLOW]


def test_a_long_black_beginning_is_passed_over_too(tmp_path: Path) -> None:
    video = opened(make_video(tmp_path / "a.mp4", frames=400, blank=150), more=True)
    assert all(corners(image) == [RED, GREEN, BLUE, YELLOW] for image in video.images)
    assert len(video.images) == 2


def test_a_video_that_shows_nothing_is_shown_as_it_is(tmp_path: Path) -> None:
    video = opened(make_video(tmp_path / "a.mp4", blank=20), more=True)
    assert video.images[0].getextrema() == ((0, 0), (0, 0), (0, 0))


def test_more_pictures_are_taken_along_a_video(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.mp4", frames=100, every=5)
    assert len(opened(path, more=True).images) == 4
    assert len(opened(path).images) == 1
    alone = make_video(tmp_path / "b.mp4", frames=10, every=300)
    assert len(opened(alone, more=True).images) == 1


def test_what_is_too_large_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.mp4")
    with pytest.raises(DecodeError, match="the video cannot be read: too large: 96 x 64"):
        open_video(os.fspath(path), 48, 1000)


def test_broken_videos_say_what_is_wrong(tmp_path: Path) -> None:
    whole = make_video(tmp_path / "whole.mp4").read_bytes()
    path = tmp_path / "a.mp4"
    path.write_bytes(b"Not a video at all, but some text. " * 40)
    assert why_not(path) == (
        "the video cannot be read: it is no video, or of a kind that is not read"
    )
    path.write_bytes(b"")
    assert why_not(path) == "the file is empty"
    path.write_bytes(whole[: len(whole) // 2])  # what it needs to be read comes last
    assert why_not(path) == "the video cannot be read: it is damaged, or its end is missing"
    path.write_bytes(bytes(4000))
    assert why_not(path).startswith("the video cannot be read: ")
    assert why_not(make_sound(tmp_path / "b.mp4")) == (
        "the video cannot be read: it holds no pictures"
    )
    with pytest.raises(FileNotFoundError):
        opened(tmp_path / "none.mp4")
    assert video_tags(os.fspath(tmp_path / "none.mp4")) == {}
    assert video_tags(os.fspath(path)) == {}


def test_a_video_without_its_end_is_shown_by_its_beginning(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.mkv", frames=200)
    path.write_bytes(path.read_bytes()[:6000])
    assert corners(opened(path, more=True).images[0]) == [RED, GREEN, BLUE, YELLOW]


@pytest.mark.parametrize(
    "text",
    [
        "ffconcat version 1.0\nfile other.mp4\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nother.mp4\n#EXT-X-ENDLIST\n",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n",
    ],
)
def test_a_playlist_opens_no_other_file(tmp_path: Path, text: str) -> None:
    make_video(tmp_path / "other.mp4")
    path = tmp_path / "a.mp4"
    path.write_text(text)
    assert why_not(path).startswith("the video cannot be read: ")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_damage_raises_anything_else(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    suffix = data.draw(st.sampled_from(["mp4", "avi", "mkv"]))
    path = make_video(folder / f"a.{suffix}", frames=5)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(0, len(content)))])
    read(path)
    try:
        opened(path, more=True)
    except DecodeError as error:
        assert error.reason


def test_nothing_is_printed_of_a_broken_video(tmp_path: Path) -> None:
    path = make_video(tmp_path / "a.avi", frames=50)
    content = bytearray(path.read_bytes())
    content[6000:7000] = os.urandom(1000)
    path.write_bytes(content[:9000])
    code = (
        "import sys; from capsearch.photos.video import open_video, video_tags\n"
        "video_tags(sys.argv[1]); open_video(sys.argv[1], 48, 10**9, more=True)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, os.fspath(path)], capture_output=True, check=True
    )
    assert (ran.stdout, ran.stderr) == (b"", b"")


@pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes are Linux's")
def test_a_name_of_any_bytes_is_read(tmp_path: Path) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/film \xff\xfe.mp4")
    make_video(tmp_path / "a.mp4").rename(path)
    assert open_video(path, 48, MAX_PIXELS).width == 96


@pytest.mark.parametrize(
    ("tags", "local", "offset", "source"),
    [
        ({"creation_time": "2019-03-01T12:00:00.000000Z"}, "2019-03-01T12:00:00", 0, "exif"),
        (
            {
                "creation_time": "2021-01-01T08:00:00Z",  # of a copy
                "com.apple.quicktime.creationdate": "2019-03-01T14:30:00+0200",
            },
            "2019-03-01T14:30:00",
            120,
            "exif",
        ),
        (
            {
                "creation_time": "2019-03-01T12:30:00Z",
                "com.apple.quicktime.creationdate": "2019-03-01T14:30:00",
            },
            "2019-03-01T14:30:00",
            120,
            "exif",
        ),
        (
            {"creation_time": "2019-03-01T12:00:00Z", "location": "+48.1374+011.5755/"},
            "2019-03-01T13:00:00",
            60,
            "exif",
        ),
        ({"creation_time": "1904-01-01T00:00:00Z"}, "2001-09-09T01:46:40", 0, "file"),
        ({"creation_time": "1970-01-01T00:00:00Z"}, "2001-09-09T01:46:40", 0, "file"),
        ({"creation_time": "2010-01-01T00:12:00Z"}, "2010-01-01T00:12:00", 0, "unset"),
        ({"creation_time": "yesterday"}, "2001-09-09T01:46:40", 0, "file"),
        ({"date": "2008-05-01 12:13:14"}, "2008-05-01T12:13:14", None, "exif"),
    ],
)
def test_the_date_is_the_originals_by_the_clock_of_the_place(
    monkeypatch: pytest.MonkeyPatch, tags: dict[str, str], local: str, offset: int, source: str
) -> None:
    monkeypatch.setenv("TZ", "UTC")
    taken = read_video_metadata(tags, "/nowhere/clip.mp4", 10**18).taken
    assert taken is not None
    assert taken.local == datetime.datetime.fromisoformat(local)
    assert (taken.utc_offset_minutes, taken.source) == (offset, source)
    assert not taken.universal


def test_a_date_in_the_name_gives_the_zone_of_a_universal_one() -> None:
    tags = {"creation_time": "2019-03-01T12:00:00Z"}
    taken = read_video_metadata(tags, "/nowhere/VID_20190301_140000.mp4", 10**18).taken
    assert taken is not None
    assert (taken.local.hour, taken.utc_offset_minutes, taken.source) == (14, 120, "exif")


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("+48.1374+011.5755+500.0/", (48.1374, 11.5755)),
        ("-33.8568+151.2153/", (-33.8568, 151.2153)),
        ("+37.5090-122.2595", (37.509, -122.2595)),
        ("+4808.244+01134.53/", (48 + 8.244 / 60, 11 + 34.53 / 60)),
        ("+480814.64-0113431.8/", (48 + 8 / 60 + 14.64 / 3600, -(11 + 34 / 60 + 31.8 / 3600))),
        ("+00.0000+000.0000/", None),
        ("+95.0000+011.0000/", None),
        ("Munich", None),
    ],
)
def test_positions_are_read_as_iso_6709_writes_them(
    text: str, position: tuple[float, float] | None
) -> None:
    for name in ("location", "com.apple.quicktime.location.iso6709"):
        said = read_container({name: text}).metadata
        assert (said.latitude, said.longitude) == (
            (None, None) if position is None else pytest.approx(position)
        )


def test_the_camera_and_the_texts_are_read_from_the_container(tmp_path: Path) -> None:
    path = make_video(
        tmp_path / "a.mov",
        tags={
            "com.apple.quicktime.make": "Apple",
            "com.apple.quicktime.model": "iPhone 12",
            "title": "First steps",
            "comment": "In the garden",
        },
    )
    said = read(path)
    assert said.camera == "Apple iPhone 12"
    assert said.title == "First steps"
    assert said.texts == ("In the garden",)


def test_a_sidecar_of_a_video_is_read(tmp_path: Path, shared_data: Path) -> None:
    sidecar = shared_data / "library" / "trip" / "bunny.mp4.xmp"
    path = make_video(tmp_path / "bunny.mp4")
    assert read(path).keywords == ()
    (tmp_path / "bunny.mp4.xmp").write_bytes(sidecar.read_bytes())
    assert read(path).keywords == ("rabbit", "test")
    assert read(path).rating == 4


def test_a_content_hash_in_pieces_is_that_of_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = os.urandom(3_000_000)
    assert content_hash_of_file(io.BytesIO(data), len(data)) == content_hash(data)
    monkeypatch.setattr("capsearch.photos.content._WHOLE_BYTES", 1_000_000)
    monkeypatch.setattr("capsearch.photos.content._PIECE_BYTES", 1000)

    def hashed(content: bytes) -> bytes:
        return content_hash_of_file(io.BytesIO(content), len(content))

    assert len(hashed(data)) == 20
    assert len({hashed(each) for each in (data, b"." + data[1:], data[:-1] + b".", data[:-1])}) == 4


def test_no_video_is_taken_for_a_photo_that_is_decoded_as_one() -> None:
    assert not any(is_video_name(f"a{ending}") for ending in (".jpg", ".heic", ".gif", ".ts"))
    assert all(is_video_name(f"a{ending.upper()}") for ending in VIDEO_EXTENSIONS)


@pytest.mark.skipif("libx265" not in av.codecs_available, reason="this FFmpeg makes no HEVC")
@pytest.mark.parametrize(
    ("transfer", "colour", "right"),
    [
        # ITU-R BT.2408: in PQ a white page has 58%, a grey card 38%: 26 of 203 cd/m2.
        (16, (0.58, 0.58, 0.58), (228, 228, 228)),
        (16, (0.38, 0.38, 0.38), (101, 101, 101)),
        (16, (0.0, 0.0, 0.0), (0, 0, 0)),
        # sRGB's red and its (0.25, 0.5, 0.25) of light, in the primaries of BT.2020.
        (18, (0.8138, 0.2915, 0.1353), (255, 0, 0)),
        (14, (0.6117, 0.7219, 0.5583), (137, 188, 137)),
        (18, (0.75, 0.75, 0.75), (191, 191, 191)),
    ],
)
def test_wide_colours_and_high_range_look_as_they_are_meant(
    tmp_path: Path,
    transfer: int,
    colour: tuple[float, float, float],
    right: tuple[int, int, int],
) -> None:
    [image] = opened(make_hdr_video(tmp_path / "hdr.mov", colour, transfer)).images
    assert np.abs(np.asarray(image, int) - right).max() <= 6

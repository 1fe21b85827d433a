"""Videos are in the library as photos are: found by their pictures, with time and length."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from make_video import make_sound, make_video
from runs import failed, files, index
from tiny_encoder import TinyEncoder

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.records import Condition, Filters, PhotoFacts, Stamp
from capsearch.encoders.base import FloatArray, image_to_input
from capsearch.indexing.tasks import DecodedPhoto, KnownContents, ReadFailure, ReadPhoto, ReadTask
from capsearch.indexing.worker import read_photo
from capsearch.library.pictures import Thumbnail, make_thumbnail
from capsearch.photos.decoding_version import DECODING
from capsearch.photos.video import open_video

TAGS = {"creation_time": "2019-03-01T12:00:00Z", "location": "+48.1374+011.5755/"}
VIDEOS = Filters(conditions=(Condition("kind", ("video",)),))


def facts(catalog: Catalog, path: Path) -> PhotoFacts:
    ids = catalog.ids_under([os.fspath(path.parent)], TinyEncoder().identity)
    [found] = [f for f in catalog.facts(ids.tolist()).values() if os.fspath(path) in f.paths]
    return found


def vector(catalog: Catalog, path: Path) -> FloatArray:
    [(ids, vectors)] = catalog.iter_vectors(TinyEncoder().identity)
    return vectors[ids.tolist().index(facts(catalog, path).id)]


def read(path: Path, *known: bytes) -> object:
    info = path.stat()
    task = ReadTask(os.fspath(path), Stamp(info.st_size, info.st_mtime_ns))
    contents = KnownContents(dict.fromkeys(known, DECODING))
    return read_photo(task, TinyEncoder().input_spec, contents)


def test_a_video_is_in_the_library_with_its_time_place_and_length(
    catalog: Catalog, folder: Path
) -> None:
    make_video(folder / "clip.mp4", frames=40, tags=TAGS)
    report = index(catalog, folder)
    assert (report.photos, report.encoded, report.failed) == (4, 4, ())
    found = facts(catalog, folder / "clip.mp4")
    assert (found.format, found.width, found.height) == ("MP4", 96, 64)
    assert found.seconds == pytest.approx(4, abs=0.1)
    assert found.taken is not None
    assert (found.taken.local.hour, found.taken.utc_offset_minutes) == (13, 60)
    assert found.latitude == pytest.approx(48.1374)
    assert facts(catalog, folder / "0.jpg").seconds is None


def test_videos_are_found_as_such_beside_photos_that_have_one(
    catalog: Catalog, folder: Path
) -> None:
    make_video(folder / "clip.avi")
    make_video(folder / "0.mov", seed=1)  # of a Live Photo
    assert index(catalog, folder).photos == 4
    found = catalog.facts(catalog.timeline(VIDEOS)[0].tolist()).values()
    assert sorted(Path(each.paths[0]).name for each in found) == ["0.jpg", "clip.avi"]


def test_a_video_that_goes_with_no_photo_stands_for_itself(catalog: Catalog, folder: Path) -> None:
    make_video(folder / "0.mov")
    index(catalog, folder)
    (folder / "0.jpg").unlink()
    assert index(catalog, folder).failed == ()
    assert facts(catalog, folder / "0.mov").seconds


@pytest.mark.parametrize(
    "said", ["MotionPhoto='1'", "MicroVideo='1'", "MotionPhoto='0'", "MicroVideo='0'"]
)
def test_a_motion_photo_is_a_photo_that_is_found_among_the_videos(
    catalog: Catalog, folder: Path, make_photo, said: str
) -> None:
    packet = (
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF"
        " xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description"
        f" xmlns:GCamera='http://ns.google.com/photos/1.0/camera/' GCamera:{said}/>"
        "</rdf:RDF></x:xmpmeta>"
    )
    make_photo(folder / "PXL.MP.jpg", seed=9, xmp=packet.encode())
    index(catalog, folder)
    assert len(catalog.timeline(VIDEOS)[0]) == ("1" in said)
    assert facts(catalog, folder / "PXL.MP.jpg").seconds is None


def test_a_samsung_motion_photo_is_found_among_the_videos(
    catalog: Catalog, folder: Path, shared_data: Path
) -> None:
    formats = shared_data / "library" / "formats" / "formats"
    whole = (formats / "motionphoto" / "samsung-one-ui-6.heic").read_bytes()
    (folder / "one.heic").write_bytes(whole)
    # Older phones write no XMP, and this list behind the photo alone.
    photo = (folder / "0.jpg").read_bytes()
    (folder / "two.jpg").write_bytes(photo + b"MotionPhoto_Data" + bytes(64) + b"SEFT")
    (folder / "three.jpg").write_bytes(photo + b"Image_UTC_Data" + bytes(64) + b"SEFT")
    index(catalog, folder)
    found = catalog.facts(catalog.timeline(VIDEOS)[0].tolist()).values()
    assert sorted(Path(each.paths[0]).name for each in found) == ["one.heic", "two.jpg"]


def test_a_broken_video_is_a_line_and_costs_no_other(catalog: Catalog, folder: Path) -> None:
    (folder / "text.mp4").write_text("no video at all " * 50)
    make_sound(folder / "sound.mp4")
    report = index(catalog, folder)
    assert failed(report) == ["sound.mp4", "text.mp4"]
    assert all(each.reason.startswith("the video cannot be read: ") for each in report.failed)
    assert report.photos == 3
    make_video(folder / "text.mp4")
    assert failed(index(catalog, folder)) == ["sound.mp4"]


def test_its_vector_is_the_mean_of_its_pictures(catalog: Catalog, folder: Path) -> None:
    path = make_video(folder / "clip.mkv", frames=100, every=5)
    index(catalog, folder)
    encoder = TinyEncoder()
    images = open_video(os.fspath(path), 64, 10**8, more=True).images
    assert len(images) == 4
    pixels = np.stack([image_to_input(image, encoder.input_spec) for image in images])
    mean = encoder.encode_images(pixels).mean(axis=0)
    mean /= np.linalg.norm(mean)
    assert vector(catalog, path) @ mean > 0.99
    assert np.linalg.norm(vector(catalog, path)) == pytest.approx(1, abs=1e-3)


def test_photos_in_one_batch_with_a_video_keep_their_own_vectors(
    catalog: Catalog, folder: Path, tmp_path: Path
) -> None:
    index(catalog, folder)
    alone = [vector(catalog, folder / f"{number}.jpg") for number in range(3)]
    make_video(folder / "1 clip.mp4", frames=100, every=5)
    with Catalog.open(tmp_path / "other.db") as other:
        index(other, folder)
        together = [vector(other, folder / f"{number}.jpg") for number in range(3)]
    assert np.allclose(alone, together, atol=1e-3)


def test_a_video_that_was_moved_is_not_encoded_again(catalog: Catalog, folder: Path) -> None:
    make_video(folder / "clip.mp4")
    index(catalog, folder)
    (folder / "clip.mp4").rename(folder / "holiday.mp4")
    assert index(catalog, folder).encoded == 0
    assert "holiday.mp4" in files(catalog, folder)


def test_a_known_video_is_read_for_its_place_alone(tmp_path: Path) -> None:
    path = make_video(tmp_path / "clip.mp4")
    first = read(path)
    assert isinstance(first, DecodedPhoto)
    again = read(path, first.hash)
    assert type(again) is ReadPhoto
    assert again.hash == first.hash


def test_a_video_that_is_gone_is_tried_again(tmp_path: Path) -> None:
    path = make_video(tmp_path / "clip.mp4")
    was = path.stat()
    path.unlink()
    stamp = Stamp(was.st_size, was.st_mtime_ns)
    outcome = read_photo(ReadTask(os.fspath(path), stamp), TinyEncoder().input_spec)
    assert isinstance(outcome, ReadFailure)
    assert (outcome.reason, outcome.passing) == ("the file vanished while it was to be read", True)


def test_the_window_shows_its_poster(tmp_path: Path) -> None:
    path = make_video(tmp_path / "clip.mp4", blank=3)
    assert isinstance(make_thumbnail([os.fspath(path)]), Thumbnail)


def test_ffmpeg_is_loaded_for_videos_alone(folder: Path, make_photo) -> None:
    code = (
        "import sys, os; from tiny_encoder import TinyEncoder\n"
        "from capsearch.indexing.worker import read_photo\n"
        "from capsearch.indexing.tasks import ReadTask\n"
        "from capsearch.catalog.records import NO_STAMP\n"
        "task = ReadTask(sys.argv[1], NO_STAMP)\n"
        "print(type(read_photo(task, TinyEncoder().input_spec)).__name__)\n"
        "print('av' in sys.modules)"
    )
    run = [sys.executable, "-c", code]
    paths = [os.fspath(Path(__file__).parent.parent), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    make_video(folder / "clip.mp4")

    def said(name: str) -> list[str]:
        ran = subprocess.run(
            [*run, os.fspath(folder / name)], env=environment, capture_output=True, check=True
        )
        return ran.stdout.decode().split()

    assert said("0.jpg") == ["DecodedPhoto", "False"]
    assert said("clip.mp4") == ["DecodedPhoto", "True"]

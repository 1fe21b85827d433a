"""Near copies are one result, the best one, that opens to all; and a list to clean up by."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from run_command import as_json, capsearch
from scenes import scene

from capsearch.library.facade import Library
from capsearch.library.values import Filters, IdArray, Question


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three photos, of the first a smaller and a more compressed copy."""
    photos = tmp_path / "photos"
    photos.mkdir()
    for seed in range(3):
        scene(seed).save(photos / f"IMG_{seed}.jpg", quality=92)
    scene(0).resize((320, 240)).save(photos / "IMG-20230101-WA0001.jpg", quality=60)
    scene(0).save(photos / "sent.jpg", quality=40)
    return photos


@pytest.fixture
def library(tmp_path: Path, folder: Path) -> Iterator[Library]:
    with Library(tmp_path / "library.db") as opened:
        opened.index([os.fspath(folder)])
        yield opened


def names(library: Library, ids: IdArray) -> list[str]:
    return [Path(facts.paths[0]).name for facts in library.facts(ids.tolist())]


def stacks(library: Library) -> list[list[str]]:
    return [
        [Path(copy.paths[0]).name for copy in (stack.best, *stack.others)]
        for stack in library.copy_stacks()
    ]


FIRST = ["IMG_0.jpg", "sent.jpg", "IMG-20230101-WA0001.jpg"]


def test_the_best_stands_for_all_and_opens_to_them(library: Library) -> None:
    assert stacks(library) == [FIRST]
    for ids in (library.answer(Question("a picture")).ids, library.timeline().ids):
        assert sorted(names(library, ids)) == ["IMG_0.jpg", "IMG_1.jpg", "IMG_2.jpg"]
        [best] = [facts for facts in library.facts(ids.tolist()) if facts.stacked]
        assert (Path(best.paths[0]).name, best.stacked) == ("IMG_0.jpg", 3)
        listed = library.answer(Question("near copies"))
        assert names(library, listed.ids) == ["IMG_0.jpg"]
        opened = library.answer(Question(copies_of=best.id))
        assert (names(library, opened.ids), opened.relevant) == (FIRST, 3)
    everything = Question("a picture", stacked=False)
    assert len(library.answer(everything).ids) == len(library.timeline(stacked=False).ids) == 5


def test_a_filter_that_the_best_does_not_pass_shows_another_of_the_stack(
    library: Library, folder: Path
) -> None:
    (folder / "sent").mkdir()
    for name in ("sent.jpg", "IMG-20230101-WA0001.jpg"):
        (folder / name).rename(folder / "sent" / name)
    library.index([os.fspath(folder)])
    filters = Filters(folders=(os.fspath(folder / "sent"),))
    ids = library.answer(Question("a picture", filters=filters)).ids
    assert names(library, ids)[0] in FIRST[1:]
    assert len(ids) == len(library.timeline(filters).ids) == 1


def test_stacks_follow_what_comes_and_goes(library: Library, folder: Path) -> None:
    scene(0).resize((1280, 960)).save(folder / "better.png")
    scene(1).save(folder / "other.jpg", quality=50)
    library.index([os.fspath(folder)])
    assert stacks(library) == [["IMG_1.jpg", "other.jpg"], ["better.png", *FIRST]]
    (folder / "better.png").unlink()
    (folder / "IMG_1.jpg").unlink()
    library.index([os.fspath(folder)])
    assert stacks(library) == [FIRST]
    for name in FIRST[1:]:
        (folder / name).unlink()
    library.index([os.fspath(folder)])
    assert stacks(library) == []
    assert not any(facts.stacked for facts in library.timeline().facts)


def test_a_hash_that_is_made_anew_makes_and_ends_a_stack(library: Library) -> None:
    """As where a photo is decoded otherwise by a new version."""
    assert stacks(library) == [FIRST]
    catalog = library.catalog
    seen = {Path(each.path).name: each for each in catalog.compared_photos()}
    sent, other = seen["sent.jpg"], seen["IMG_1.jpg"]
    for as_seen, expected in (
        (other.perceptual_hash, [["IMG_0.jpg", FIRST[2]], ["IMG_1.jpg", "sent.jpg"]]),
        (sent.perceptual_hash, [FIRST]),
    ):
        with catalog.transaction():
            catalog.keep_perceptual_hash(sent.id, as_seen)
        assert stacks(library) == expected


def test_few_that_come_to_many_are_stacked_as_all_at_once_would_be(
    tmp_path: Path, library: Library, folder: Path
) -> None:
    for seed in range(10, 60):
        scene(seed).save(folder / f"IMG_{seed}.jpg", quality=80)
    library.index([os.fspath(folder)])
    scene(17).save(folder / "again.jpg", quality=50)
    scene(0).save(folder / "sent again.jpg", quality=30)
    library.index([os.fspath(folder)])
    with Library(tmp_path / "whole.db") as whole:
        whole.index([os.fspath(folder)])
        assert stacks(library) == stacks(whole)
    assert stacks(library) == [
        [*FIRST[:2], "sent again.jpg", FIRST[2]],
        ["IMG_17.jpg", "again.jpg"],
    ]


def write_whole_and_cut(folder: Path, whole: dict[int, str], cut: dict[int, str]) -> None:
    """A picture and a cut copy of it, of which not the hashes alone say what they are; each with
    these EXIF tags."""
    cropped = scene(70).crop((16, 12, 624, 468))
    for name, image, tags in (("whole.png", scene(70), whole), ("cut.png", cropped, cut)):
        exif = Image.Exif()
        exif[0x010F] = "Testcam"
        exif.get_ifd(0x8769).update(tags)
        image.save(folder / name, exif=exif)


ORIGINAL, DIGITISED = 0x9003, 0x9004
UNSET = "2000:01:01 00:00:00"
EARLY, LATE = "2021:06:05 10:00:00", "2021:06:08 10:00:00"


@pytest.mark.parametrize(
    ("whole", "cut", "copies"),
    [
        pytest.param({ORIGINAL: EARLY}, {ORIGINAL: EARLY}, True, id="same"),
        pytest.param({ORIGINAL: EARLY}, {ORIGINAL: "2021:06:06 00:00:00"}, True, id="other zone"),
        pytest.param({ORIGINAL: EARLY}, {ORIGINAL: LATE}, False, id="other days"),
        pytest.param({ORIGINAL: EARLY}, {}, True, id="stripped"),
        pytest.param({ORIGINAL: EARLY}, {DIGITISED: LATE}, True, id="scanned later"),
        pytest.param({ORIGINAL: EARLY}, {ORIGINAL: UNSET}, True, id="clock not set"),
    ],
)
def test_a_cut_copy_is_one_unless_the_two_were_surely_taken_on_other_days(
    tmp_path: Path, whole: dict[int, str], cut: dict[int, str], copies: bool
) -> None:
    write_whole_and_cut(tmp_path, whole, cut)
    with Library(tmp_path / "library.db") as library:
        library.index([os.fspath(tmp_path)])
        assert stacks(library) == ([["whole.png", "cut.png"]] if copies else [])


def test_a_date_that_is_corrected_makes_and_ends_a_stack(tmp_path: Path) -> None:
    def say(date: str) -> None:
        (tmp_path / "cut.xmp").write_text(
            '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'
            ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description'
            ' xmlns:exif="http://ns.adobe.com/exif/1.0/"'
            f' exif:DateTimeOriginal="{date}"/></rdf:RDF></x:xmpmeta>'
        )

    write_whole_and_cut(tmp_path, {ORIGINAL: EARLY}, {ORIGINAL: LATE})
    with Library(tmp_path / "library.db") as library:
        for date, expected in (
            ("2021-06-07T10:00:00", []),
            ("2021-06-05T11:00:00", [["whole.png", "cut.png"]]),
            ("2020", []),
        ):
            say(date)
            library.index([os.fspath(tmp_path)])
            assert stacks(library) == expected, date


@pytest.mark.parametrize(("camera", "copies"), [(True, False), (False, True)])
def test_googles_date_counts_where_the_camera_shows_that_the_file_is_the_cameras(
    tmp_path: Path, camera: bool, copies: bool
) -> None:
    write_whole_and_cut(tmp_path, {ORIGINAL: EARLY}, {})
    if not camera:
        scene(70).crop((16, 12, 624, 468)).save(tmp_path / "cut.png")
    (tmp_path / "cut.png.json").write_text(
        '{"title": "cut.png", "photoTakenTime": {"timestamp": "1623146400"}}'
    )
    with Library(tmp_path / "library.db") as library:
        library.index([os.fspath(tmp_path)])
        assert stacks(library) == ([["whole.png", "cut.png"]] if copies else [])


def test_the_command_lists_them_and_touches_nothing(library: Library, folder: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    done = capsearch("copies", "--library", library.path, "--json")
    [stack] = as_json(done)["stacks"]
    assert [Path(photo["path"]).name for photo in stack["photos"]] == FIRST
    assert stack["spare_bytes"] == sum((folder / name).stat().st_size for name in FIRST[1:])
    told = capsearch("copies", "--library", library.path)
    assert told.returncode == 0
    assert "2 near copies of 1 photo" in told.stdout
    assert before == {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    searched = ("search", "a picture", "--library", library.path)
    found = as_json(capsearch(*searched, "-n", "3", "--json"))["results"]
    assert len(found) == 3
    assert {Path(photo["path"]).name: photo["stacked"] for photo in found}["IMG_0.jpg"] == 3
    assert "(one of 3 near copies)" in capsearch(*searched).stdout
    assert len(as_json(capsearch(*searched, "--no-stack", "--json"))["results"]) == 5
    missing = capsearch("copies", "--library", library.path.with_name("none.db"))
    assert missing.returncode == 2 and missing.stderr.startswith("capsearch: ")


def test_reported_copies_are_one_result(shared_data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    for source in (shared_data / "reports/pairs").glob("IMG*.jpg"):
        shutil.copy2(source, folder)
    for source in (shared_data / "library/trip").glob("*.jpg"):
        shutil.copy2(source, folder)
    with Library(tmp_path / "library.db") as library:
        library.index([os.fspath(folder)])
        assert stacks(library) == [
            ["IMG_5000.jpg", "IMG-20230101-WA0001.jpg", "IMG_5000 (copy resized).jpg"]
        ]

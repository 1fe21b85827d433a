"""What lies beside a photo: followed, and never a second result."""

import os
import shutil
import unicodedata
from pathlib import Path

import pytest
from make_photo import make_photo
from PIL import Image
from runs import failed, files, index
from tiny_encoder import TinyEncoder

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.records import PhotoFacts
from capsearch.indexing.report import Progress

XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="{}"/></rdf:RDF></x:xmpmeta>"""


def facts(catalog: Catalog, path: Path) -> PhotoFacts:
    ids = catalog.ids_under([os.fspath(path.parent)], TinyEncoder().identity)
    [found] = [f for f in catalog.facts(ids.tolist()).values() if os.fspath(path) in f.paths]
    return found


@pytest.mark.parametrize("sidecar", ["0.jpg.xmp", "0.xmp"])
def test_a_sidecar_that_comes_changes_and_goes_is_followed_without_encoding(
    catalog: Catalog, folder: Path, sidecar: str
) -> None:
    index(catalog, folder)
    for rating in (4, 2):
        (folder / sidecar).write_text(XMP.format(rating))
        os.utime(folder / sidecar, (rating, rating))
        assert index(catalog, folder).encoded == 0
        assert facts(catalog, folder / "0.jpg").rating == rating
        assert facts(catalog, folder / "1.jpg").rating is None
    (folder / sidecar).unlink()
    assert index(catalog, folder).encoded == 0
    assert facts(catalog, folder / "0.jpg").rating is None


def test_takeouts_and_picasas_words_are_followed_too(catalog: Catalog, folder: Path) -> None:
    index(catalog, folder)
    (folder / "0.jpg.json").write_text('{"photoTakenTime": {"timestamp": "86400"}}')
    (folder / ".picasa.ini").write_text("[1.jpg]\nkeywords=sea\n")
    assert index(catalog, folder).encoded == 0
    taken = facts(catalog, folder / "0.jpg").taken
    assert taken is not None and taken.source == "takeout"
    assert facts(catalog, folder / "1.jpg").keywords == ("sea",)


@pytest.mark.parametrize("beside", ["earlier", "later"])
def test_takeouts_date_beats_that_of_an_edit_also_where_it_lies_beside_a_copy(
    catalog: Catalog, folder: Path, beside: str
) -> None:
    exif = Image.Exif()
    exif[0x0132] = "2012:01:01 12:00:00"
    photo = make_photo(folder / "between.jpg", 9, exif=exif)
    copy = shutil.copy(photo, folder / f"{'a' if beside == 'earlier' else 'z'}.jpg")
    Path(f"{copy}.json").write_text('{"photoTakenTime": {"timestamp": "1551441600"}}')
    index(catalog, folder)
    taken = facts(catalog, photo).taken
    assert taken is not None
    assert (taken.source, taken.local.year) == ("takeout", 2019)
    Path(f"{copy}.json").unlink()
    index(catalog, folder)
    taken = facts(catalog, photo).taken
    assert taken is not None
    assert (taken.source, taken.local.year) == ("changed", 2012)


def test_a_moved_photo_forgets_the_sidecar_it_left_behind(catalog: Catalog, folder: Path) -> None:
    (folder / "0.xmp").write_text(XMP.format(5))
    index(catalog, folder)
    (folder / "0.jpg").rename(folder / "moved.jpg")
    assert index(catalog, folder).encoded == 0
    assert facts(catalog, folder / "moved.jpg").rating is None


def test_a_raw_file_and_its_jpeg_are_one_result_the_jpeg_first(
    catalog: Catalog, folder: Path
) -> None:
    (folder / "0.CR2").write_bytes(b"II*\0 a camera's own")
    (folder / "1.MOV").write_bytes(b"a second and a half")
    report = index(catalog, folder)
    assert (report.photos, report.encoded, report.failed) == (3, 3, ())
    assert facts(catalog, folder / "0.jpg").paths == (
        os.fspath(folder / "0.jpg"),
        os.fspath(folder / "0.CR2"),
    )
    assert facts(catalog, folder / "1.MOV").paths[0] == os.fspath(folder / "1.jpg")
    assert index(catalog, folder).encoded == 0
    (folder / "sub").mkdir()
    for name in ("0.jpg", "0.CR2"):
        (folder / name).rename(folder / "sub" / name)
    assert index(catalog, folder).encoded == 0
    assert facts(catalog, folder / "sub" / "0.jpg").paths[:2] == (
        os.fspath(folder / "sub" / "0.jpg"),
        os.fspath(folder / "sub" / "0.CR2"),
    )


def test_the_raw_file_stays_with_the_photo_when_the_jpeg_is_edited(
    catalog: Catalog, folder: Path, make_photo
) -> None:
    (folder / "0.CR2").write_bytes(b"raw")
    index(catalog, folder)
    make_photo(folder / "0.jpg", seed=50)
    assert index(catalog, folder).encoded == 1
    assert len(facts(catalog, folder / "0.CR2").paths) == 2
    (folder / "0.CR2").unlink()
    index(catalog, folder)
    assert "0.CR2" not in files(catalog, folder)
    assert catalog.counts().searchable == 3


def test_a_pair_comes_apart_when_the_jpeg_goes(catalog: Catalog, folder: Path) -> None:
    shutil.copy(folder / "1.jpg", folder / "raw content.cr2")
    (folder / "raw content.cr2").rename(folder / "0.cr2")
    (folder / "0.mov").write_bytes(b"video")
    assert index(catalog, folder).photos == 3
    (folder / "0.jpg").unlink()
    assert index(catalog, folder).photos == 2
    assert files(catalog, folder) == ["0.cr2", "1.jpg", "2.jpg"]
    assert {Path(p).name for p in facts(catalog, folder / "0.cr2").paths} == {
        "0.cr2",
        "1.jpg",
    }


def test_a_raw_file_is_found_by_itself_where_its_jpeg_is_damaged(
    catalog: Catalog, folder: Path
) -> None:
    shutil.copy(folder / "0.jpg", folder / "bad.nef")
    (folder / "bad.jpg").write_bytes(b"\xff\xd8\xff")
    report = index(catalog, folder)
    assert failed(report) == ["bad.jpg"]
    assert "bad.nef" in files(catalog, folder)
    again = index(catalog, folder)
    assert (again.encoded, again.failed, files(catalog, folder)[-1]) == (
        0,
        report.failed,
        "bad.nef",
    )
    shutil.copy(folder / "2.jpg", folder / "bad.jpg")
    assert failed(index(catalog, folder)) == []
    assert os.fspath(folder / "bad.nef") in facts(catalog, folder / "bad.jpg").paths


def test_progress_counts_the_companions_that_are_read_for_unreadable_photos(
    catalog: Catalog, folder: Path, make_photo
) -> None:
    for number in range(4):
        (folder / f"bad{number}.jpg").write_bytes(b"\xff\xd8\xff")
        make_photo(folder / f"bad{number}.tif", seed=20 + number).rename(
            folder / f"bad{number}.CR2"
        )
    steps: list[Progress] = []
    report = index(catalog, folder, progress=steps.append)
    assert (report.photos, len(report.failed)) == (7, 4)
    assert {step.total for step in steps if step.phase == "scan"} == {0}
    reading = [step for step in steps if step.phase != "scan"]
    assert all(step.done <= step.total for step in reading)
    assert [step.total for step in reading] == sorted(step.total for step in reading)
    assert (reading[0].total, reading[-1].done, reading[-1].total) == (7, 11, 11)


def test_an_offline_pair_comes_back_whole(catalog: Catalog, folder: Path) -> None:
    (folder / "0.CR2").write_bytes(b"raw")
    index(catalog, folder)
    folder.rename(folder.parent / "away")
    index(catalog, folder)
    assert len(files(catalog, folder, "offline")) == 4
    (folder.parent / "away").rename(folder)
    assert index(catalog, folder).encoded == 0
    assert len(files(catalog, folder)) == 4


def test_an_edited_photo_and_its_original_become_one_result_that_opens_to_both(
    catalog: Catalog, folder: Path
) -> None:
    index(catalog, folder)
    (folder / "0.jpg.json").write_text('{"photoTakenTime": {"timestamp": "1551441600"}}')
    edited = make_photo(folder / "0-edited.jpg", seed=70)
    report = index(catalog, folder)
    assert (report.photos, report.encoded) == (3, 1)
    found = facts(catalog, edited)
    assert found.paths == (os.fspath(edited), os.fspath(folder / "0.jpg"))
    assert found.taken is not None and found.taken.source == "takeout"
    assert index(catalog, folder).encoded == 0
    edited.unlink()
    report = index(catalog, folder)
    assert report.photos == 3
    assert facts(catalog, folder / "0.jpg").paths == (os.fspath(folder / "0.jpg"),)


def test_an_edited_photo_that_cannot_be_read_hides_no_original(
    catalog: Catalog, folder: Path
) -> None:
    (folder / "0-edited.jpg").write_bytes(b"\xff\xd8\xff")
    for _ in range(2):
        report = index(catalog, folder)
        assert (report.photos, failed(report)) == (3, ["0-edited.jpg"])
        assert facts(catalog, folder / "0.jpg").paths == (os.fspath(folder / "0.jpg"),)


@pytest.mark.parametrize(
    ("name", "paths", "date"),
    [
        ("pairs/PXL_20231207_032111247.RAW-01.COVER.jpg",
         ["PXL_20231207_032111247.RAW-01.COVER.jpg", "PXL_20231207_032111247.RAW-02.ORIGINAL.dng"],
         "2023-12-07"),
        ("takeout/IMG_2-edited.jpg", ["IMG_2-edited.jpg", "IMG_2.jpg"], "2009-11-16"),
        ("takeout/Caf\u00e9.jpg", ["Caf\u00e9.jpg"], "2013-01-01"),
    ],
)  # fmt: skip
def test_reported_pairs_belong_together(
    catalog: Catalog, shared_data: Path, name: str, paths: list[str], date: str
) -> None:
    reported = (shared_data / "reports" / name).parent
    index(catalog, reported)
    wanted = [
        photo
        for photo in catalog.facts(
            catalog.ids_under([os.fspath(reported)], TinyEncoder().identity).tolist()
        ).values()
        if unicodedata.normalize("NFC", Path(photo.paths[0]).name) == Path(name).name
    ]
    assert [
        [unicodedata.normalize("NFC", Path(path).name) for path in photo.paths] for photo in wanted
    ] == [paths]
    assert wanted[0].taken is not None and wanted[0].taken.text.startswith(date)

"""Files that are only in the cloud: never fetched, listed as such, and found where known."""

import os
from pathlib import Path

import pytest
from cloud_files import Cloud
from runs import failed, files, index, index_scopes
from tiny_encoder import TinyEncoder

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.records import Stamp
from capsearch.commands.index import report_as_text
from capsearch.encoders.base import InputSpec
from capsearch.indexing.scope import Scope
from capsearch.indexing.tasks import DecodedPhoto, ReadFailure, ReadTask
from capsearch.indexing.worker import read_photo
from capsearch.photos.cloud import ONLY_IN_THE_CLOUD


def xmp(words: str) -> str:
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:subject><rdf:Bag>'
        f"<rdf:li>{words}</rdf:li></rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>"
    )


def stub(path: Path) -> Path:
    """What iCloud leaves in place of a file that it has freed."""
    path.unlink(missing_ok=True)
    left = path.with_name(f".{path.name}.icloud")
    left.write_bytes(b"bplist00")
    return left


def test_a_photo_that_is_only_in_the_cloud_is_listed_until_it_is_here(
    catalog: Catalog, folder: Path, cloud: Cloud
) -> None:
    cloud.free(folder / "0.jpg")
    stub(folder / "1.jpg")
    for _ in range(2):
        report = index(catalog, folder)
        assert (report.photos, failed(report), report.in_cloud) == (1, ["0.jpg", "1.jpg"], 2)
        assert {failure.reason for failure in report.failed} == {ONLY_IN_THE_CLOUD}
        assert "0 failed, 2 only in the cloud" in report_as_text(report)
    cloud.fetch(folder / "0.jpg")
    report = index_scopes(catalog, Scope(os.fspath(folder), deep=False))
    assert (report.photos, report.encoded, failed(report)) == (2, 1, ["1.jpg"])
    (folder / ".1.jpg.icloud").unlink()
    report = index(catalog, folder)
    assert (report.photos, report.failed, report.in_cloud) == (2, (), 0)
    assert "only in the cloud" not in report_as_text(report)


@pytest.mark.parametrize("by_stub", [False, True])
def test_a_known_photo_that_is_freed_stays_found_with_its_vector(
    catalog: Catalog, folder: Path, cloud: Cloud, by_stub: bool
) -> None:
    index(catalog, folder)
    photo = folder / "0.jpg"
    whole, info = photo.read_bytes(), photo.stat()
    if by_stub:
        left = stub(photo)
    else:
        cloud.free(photo)
    report = index(catalog, folder)
    assert (report.photos, report.encoded, report.gone, report.failed) == (3, 0, 0, ())
    assert files(catalog, folder, "missing") == []
    if by_stub:
        left.unlink()
        photo.write_bytes(whole)
        os.utime(photo, ns=(info.st_atime_ns, info.st_mtime_ns))
    else:
        cloud.fetch(photo)
    report = index(catalog, folder)
    assert (report.photos, report.encoded, report.failed) == (3, 0, ())


def test_a_photo_that_was_missing_and_is_back_in_the_cloud_is_found_again(
    catalog: Catalog, folder: Path, cloud: Cloud, tmp_path: Path
) -> None:
    index(catalog, folder)
    (folder / "0.jpg").rename(tmp_path / "away.jpg")
    assert index(catalog, folder).photos == 2
    (tmp_path / "away.jpg").rename(folder / "0.jpg")
    cloud.free(folder / "0.jpg")
    report = index(catalog, folder)
    assert (report.photos, report.encoded, report.failed) == (3, 0, ())


def test_a_known_photo_that_changed_in_the_cloud_is_read_when_it_is_here(
    catalog: Catalog, folder: Path, cloud: Cloud, make_photo
) -> None:
    index(catalog, folder)
    make_photo(folder / "0.jpg", seed=50)
    cloud.free(folder / "0.jpg")
    report = index(catalog, folder)
    assert (report.photos, report.encoded, report.failed) == (3, 0, ())
    cloud.fetch(folder / "0.jpg")
    report = index(catalog, folder)
    assert (report.photos, report.encoded, report.edited) == (3, 1, 1)


def test_a_raw_file_stands_for_itself_while_its_jpeg_was_never_here(
    catalog: Catalog, folder: Path, cloud: Cloud, make_photo
) -> None:
    make_photo(folder / "a.jpg", seed=9)
    (folder / "a.dng").write_bytes(make_photo(folder.parent / "b.jpg", seed=8).read_bytes())
    cloud.free(folder / "a.jpg")
    report = index(catalog, folder)
    assert (report.photos, failed(report)) == (4, ["a.jpg"])
    cloud.fetch(folder / "a.jpg")
    report = index(catalog, folder)
    assert (report.photos, report.failed) == (4, ())


def keywords(catalog: Catalog, path: Path) -> tuple[str, ...]:
    rows = catalog._rows(
        "SELECT json_extract(metadata, '$.keywords') FROM files WHERE path = ?",
        (os.fsencode(path),),
    )
    [(said,)] = rows
    return said


@pytest.mark.parametrize("by_stub", [False, True])
def test_what_a_sidecar_said_stays_known_when_it_is_freed(
    catalog: Catalog, folder: Path, cloud: Cloud, by_stub: bool
) -> None:
    sidecar = folder / "0.xmp"
    sidecar.write_text(xmp("zeppelin"))
    index(catalog, folder)
    said = keywords(catalog, folder / "0.jpg")
    assert "zeppelin" in said
    if by_stub:
        stub(sidecar)
    else:
        cloud.free(sidecar)
    report = index(catalog, folder)
    assert (report.photos, report.failed) == (3, ())
    assert keywords(catalog, folder / "0.jpg") == said


def test_a_photo_is_read_without_a_sidecar_in_the_cloud_and_with_it_once_it_is_here(
    catalog: Catalog, folder: Path
) -> None:
    away, here = folder / "0.jpg.xmp", folder / "0.xmp"
    away.write_text(xmp("zeppelin"))
    here.write_text(xmp("airship"))
    stub(away)
    assert index(catalog, folder).photos == 3
    said = keywords(catalog, folder / "0.jpg")
    assert "airship" in said
    assert "zeppelin" not in said
    away.write_text(xmp("zeppelin"))
    (folder / ".0.jpg.xmp.icloud").unlink()
    index(catalog, folder)
    assert "zeppelin" in keywords(catalog, folder / "0.jpg")


def test_a_worker_opens_no_sidecar_in_the_cloud(folder: Path, cloud: Cloud) -> None:
    away, here = folder / "0.jpg.xmp", folder / "0.xmp"
    away.write_text(xmp("zeppelin"))
    here.write_text(xmp("airship"))
    cloud.free(away)
    task = ReadTask(os.fspath(folder / "0.jpg"), Stamp(1, 1))
    outcome = read_photo(task, InputSpec(size=8))
    assert isinstance(outcome, DecodedPhoto)
    assert outcome.place.metadata.keywords == ("airship",)


def test_a_worker_opens_no_file_that_was_freed_meanwhile(folder: Path, cloud: Cloud) -> None:
    task = ReadTask(os.fspath(folder / "0.jpg"), Stamp(1, 1))
    spec = InputSpec(size=8)
    assert isinstance(read_photo(task, spec), DecodedPhoto)
    cloud.free(folder / "0.jpg")
    with cloud.nothing_opened():
        outcome = read_photo(task, spec)
    assert outcome == ReadFailure(task.path, task.stamp, ONLY_IN_THE_CLOUD, passing=True)


def test_a_damaged_file_that_was_freed_is_still_called_damaged(
    catalog: Catalog, folder: Path, cloud: Cloud
) -> None:
    (folder / "bad.jpg").write_bytes(b"\xff\xd8\xff no photo")
    [before] = index(catalog, folder).failed
    cloud.free(folder / "bad.jpg")
    report = index(catalog, folder)
    assert (report.failed, report.in_cloud) == ((before,), 0)
    assert catalog.count_vectors(TinyEncoder().identity) == 3


def test_what_is_only_in_the_cloud_is_listed_behind_what_is_damaged(
    catalog: Catalog, folder: Path, cloud: Cloud
) -> None:
    (folder / "z.jpg").write_bytes(b"no photo")
    cloud.free(folder / "0.jpg")
    report = index(catalog, folder)
    assert (failed(report), report.in_cloud) == (["z.jpg", "0.jpg"], 1)
    assert "1 failed, 1 only in the cloud" in report_as_text(report)

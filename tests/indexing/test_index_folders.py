"""One index run after another over a folder that changes."""

import os
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from runs import failed, index
from tiny_encoder import TinyEncoder

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.records import Content, Place, Stamp
from capsearch.encoders.base import ByteArray, FloatArray, InputSpec
from capsearch.errors import CapsearchError
from capsearch.indexing.report import Progress
from capsearch.lab.kills.contents import contents
from capsearch.photos.metadata.model import PhotoMetadata


def test_a_second_run_reads_nothing_and_changes_nothing(catalog: Catalog, folder: Path) -> None:
    first = index(catalog, folder)
    assert (first.photos, first.encoded, first.unchanged, first.failed) == (3, 3, 0, ())
    assert (first.encoder, first.device, first.stopped) == ("tiny", "cpu", False)
    before, generation = contents(catalog), catalog.generation(TinyEncoder().identity)
    second = index(catalog, folder)
    assert (second.photos, second.encoded, second.unchanged) == (3, 0, 3)
    assert contents(catalog) == before
    assert catalog.generation(TinyEncoder().identity) == generation


def test_the_vectors_are_those_of_the_photos(catalog: Catalog, tmp_path: Path, make_photo) -> None:
    make_photo(tmp_path / "photos" / "a.png", seed=5)
    index(catalog, tmp_path / "photos")
    [(_, vectors)] = list(catalog.iter_vectors(TinyEncoder().identity))
    assert np.linalg.norm(vectors.astype(np.float32), axis=1) == pytest.approx(1, abs=1e-3)


def test_copies_moves_and_new_names_are_not_encoded_again(catalog: Catalog, folder: Path) -> None:
    shutil.copy(folder / "0.jpg", folder / "copy.jpg")
    assert index(catalog, folder).encoded == 3
    generation = catalog.generation(TinyEncoder().identity)
    (folder / "1.jpg").rename(folder / "new name.jpg")
    (folder / "sub").mkdir()
    (folder / "2.jpg").rename(folder / "sub" / "2.jpg")
    report = index(catalog, folder)
    assert (report.photos, report.encoded) == (3, 0)
    assert catalog.generation(TinyEncoder().identity) == generation
    assert catalog.counts().missing_files == 2


def test_new_photos_are_read_where_thousands_of_known_ones_have_the_same_size(
    catalog: Catalog, tmp_path: Path, make_photo
) -> None:
    class LargeInput(TinyEncoder):
        input_spec = InputSpec(size=336)

        def encode_images(self, pixels: ByteArray) -> FloatArray:
            return super().encode_images(np.ascontiguousarray(pixels[:, :8, :8]))

    encoder = LargeInput()
    photos = [make_photo(tmp_path / "photos" / f"{n}.bmp", n) for n in range(20)]
    [size] = {photo.stat().st_size for photo in photos}
    with catalog.transaction():
        encoder_id = catalog.add_encoder(encoder.identity, encoder.name, encoder.dim)
        for number in range(6000):
            content = Content(number.to_bytes(20, "big"), size, 64, 48, "BMP")
            photo = catalog.add_photo(content)
            place = Place(f"/elsewhere/{number}.bmp", Stamp(size, 1), PhotoMetadata())
            catalog.place_photo(photo, place)
            catalog.add_embedding(encoder_id, photo, np.full(encoder.dim, 0.25))
    stop = threading.Event()
    last_resort = threading.Timer(60, stop.set)
    last_resort.start()
    report = index(catalog, tmp_path / "photos", encoder=encoder, stop=stop)
    last_resort.cancel()
    assert (report.photos, report.encoded, report.stopped) == (20, 20, False)


def test_a_deleted_photo_leaves_the_results_and_comes_back_without_encoding(
    catalog: Catalog, folder: Path
) -> None:
    index(catalog, folder)
    away = folder.parent / "away.jpg"
    (folder / "0.jpg").rename(away)
    report = index(catalog, folder)
    assert (report.photos, report.encoded, report.failed) == (2, 0, ())
    away.rename(folder / "0.jpg")
    report = index(catalog, folder)
    assert (report.photos, report.encoded) == (3, 0)


def test_an_edited_photo_is_encoded_again(catalog: Catalog, folder: Path, make_photo) -> None:
    index(catalog, folder)
    make_photo(folder / "0.jpg", seed=99, size=(80, 60))
    report = index(catalog, folder)
    assert (report.photos, report.encoded, report.unchanged) == (3, 1, 2)


def test_a_touched_photo_is_read_but_not_encoded(catalog: Catalog, folder: Path) -> None:
    index(catalog, folder)
    os.utime(folder / "0.jpg", ns=(1, 1))
    assert index(catalog, folder).encoded == 0
    [place] = [
        place
        for path, place in catalog.places_under(os.fspath(folder), "").items()
        if path.endswith("0.jpg")
    ]
    assert place.stamp.mtime_ns == 1


def test_file_times_before_1970_and_after_2038_are_all_right(
    catalog: Catalog, folder: Path
) -> None:
    os.utime(folder / "0.jpg", (-2e9, -2e9))
    os.utime(folder / "1.jpg", (5e9, 5e9))
    assert index(catalog, folder).encoded == 3
    assert index(catalog, folder).encoded == 0


def test_a_bad_file_is_one_line_and_is_read_again_only_when_it_changed(
    catalog: Catalog, folder: Path, make_photo
) -> None:
    (folder / "bad.jpg").write_bytes(b"")
    (folder / "notes.txt").write_text("no photo, no business of ours")
    steps: list[Progress] = []
    report = index(catalog, folder)
    assert (report.photos, failed(report)) == (3, ["bad.jpg"])
    assert report.failed[0].reason == "the file is empty"
    report = index(catalog, folder, progress=steps.append)
    assert (failed(report), steps[-1].total) == (["bad.jpg"], 0)
    index(catalog, folder, progress=steps.append, retry_failed=True)
    assert steps[-1].total == 1
    make_photo(folder / "bad.jpg", seed=50)
    report = index(catalog, folder)
    assert (report.photos, report.encoded, failed(report)) == (4, 1, [])


def test_a_bad_file_that_is_gone_is_no_failure_any_more(catalog: Catalog, folder: Path) -> None:
    (folder / "bad.jpg").write_bytes(b"")
    index(catalog, folder)
    (folder / "bad.jpg").unlink()
    assert index(catalog, folder).failed == ()


def test_a_photo_that_went_bad_leaves_the_results(catalog: Catalog, folder: Path) -> None:
    index(catalog, folder)
    (folder / "0.jpg").write_bytes(b"\xff\xd8\xff")
    report = index(catalog, folder)
    assert (report.photos, failed(report)) == (2, ["0.jpg"])


def test_only_the_folders_given_are_judged(
    catalog: Catalog, folder: Path, tmp_path: Path, make_photo
) -> None:
    make_photo(tmp_path / "other" / "x.jpg", seed=7)
    assert index(catalog, folder, tmp_path / "other").photos == 4
    shutil.rmtree(tmp_path / "other")
    report = index(catalog, folder)
    assert report.photos == 3
    assert catalog.counts().searchable == 4


def test_a_folder_that_is_away_keeps_its_photos_and_is_said(
    catalog: Catalog, folder: Path, tmp_path: Path, make_photo
) -> None:
    other = tmp_path / "drive"
    make_photo(other / "x.jpg", seed=7)
    index(catalog, folder, other)
    other.rename(tmp_path / "unplugged")
    report = index(catalog, folder, other)
    assert (report.photos, failed(report)) == (4, ["drive"])
    assert catalog.counts().offline_files == 1
    (tmp_path / "unplugged").rename(other)
    report = index(catalog, folder, other)
    assert (report.photos, report.encoded, report.failed) == (4, 0, ())
    assert catalog.counts().offline_files == 0


def test_a_hidden_folder_given_by_name_is_not_lost_when_its_parent_is_indexed(
    catalog: Catalog, folder: Path, make_photo
) -> None:
    make_photo(folder / ".private" / "x.jpg", seed=7)
    index(catalog, folder / ".private")
    assert index(catalog, folder).photos == 4


def test_another_encoder_gets_its_own_vectors_while_the_first_set_stays(
    catalog: Catalog, folder: Path
) -> None:
    first, second = TinyEncoder(), TinyEncoder(seed=1, dim=24)
    index(catalog, folder, encoder=first)
    generation = catalog.generation(first.identity)
    report = index(catalog, folder, encoder=second)
    assert (report.photos, report.encoded) == (3, 3)
    assert catalog.generation(first.identity) == generation
    assert [len(ids) for ids, _ in catalog.iter_vectors(first.identity)] == [3]
    assert index(catalog, folder, encoder=second).encoded == 0


def test_excluded_photos_are_left_out(catalog: Catalog, folder: Path) -> None:
    assert index(catalog, folder, exclude=("1.*",)).photos == 2


def test_a_folder_that_does_not_exist_is_said_before_anything_is_done(
    catalog: Catalog, folder: Path
) -> None:
    with pytest.raises(CapsearchError, match="no such folder"):
        index(catalog, folder, folder / "none")
    with pytest.raises(CapsearchError, match="a file, not a folder"):
        index(catalog, folder / "0.jpg")
    assert catalog.counts().photos == 0


def test_an_empty_folder_is_no_error(catalog: Catalog, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    report = index(catalog, tmp_path / "empty")
    assert (report.photos, report.encoded, report.failed) == (0, 0, ())


def test_names_of_any_bytes_are_indexed(catalog: Catalog, folder: Path) -> None:
    for name in (b"\xff\xfe.jpg", "😀 שלום.jpg".encode(), b"line\nbreak.jpg"):
        shutil.copy(os.fsencode(folder / "0.jpg"), os.fsencode(folder) + b"/" + name)
    report = index(catalog, folder)
    assert (report.photos, report.failed) == (3, ())
    assert catalog.counts().files == 6


class StoppingEncoder(TinyEncoder):
    """Asks for the end of the run when the first batch comes."""

    def __init__(self, stop: threading.Event) -> None:
        super().__init__(batch_size=1)
        self._stop = stop

    def encode_images(self, pixels: ByteArray) -> FloatArray:
        self._stop.set()
        return super().encode_images(pixels)


def test_a_stopped_run_keeps_what_is_done_and_the_next_one_goes_on(
    catalog: Catalog, tmp_path: Path, make_photo
) -> None:
    for number in range(20):
        make_photo(tmp_path / "photos" / f"{number:02}.jpg", seed=number)
    stop = threading.Event()
    report = index(catalog, tmp_path / "photos", encoder=StoppingEncoder(stop), stop=stop)
    assert report.stopped
    assert 0 < report.photos == report.encoded < 20
    rest = index(catalog, tmp_path / "photos")
    assert (rest.photos, rest.encoded) == (20, 20 - report.photos)


class UndefinedEncoder(TinyEncoder):
    """Gives no number for a photo that is black."""

    def encode_images(self, pixels: ByteArray) -> FloatArray:
        vectors = super().encode_images(pixels)
        vectors[pixels.max(axis=(1, 2, 3)) == 0] = np.nan
        return vectors


def test_a_photo_the_encoder_fails_on_is_a_failure(
    catalog: Catalog, folder: Path, make_photo
) -> None:
    from PIL import Image

    Image.new("RGB", (32, 32)).save(folder / "black.png")
    report = index(catalog, folder, encoder=UndefinedEncoder())
    assert (report.photos, failed(report)) == (3, ["black.png"])


def test_a_full_disk_ends_the_run_with_a_sentence_and_the_next_run_completes_it(
    catalog: Catalog, tmp_path: Path, make_photo
) -> None:
    for number in range(40):
        make_photo(tmp_path / "photos" / f"{number:02}.jpg", seed=number)
    encoder = TinyEncoder(dim=6000, batch_size=4)
    pages = catalog.connection.execute("PRAGMA page_count").fetchone()[0]
    catalog.connection.execute(f"PRAGMA max_page_count = {pages + 8}")
    with pytest.raises(CapsearchError, match="no room left"):
        index(catalog, tmp_path / "photos", encoder=encoder)
    kept = catalog.count_vectors(encoder.identity)
    assert 0 < kept < 40
    catalog.connection.execute("PRAGMA max_page_count = 100000")
    report = index(catalog, tmp_path / "photos", encoder=encoder)
    assert (report.photos, report.encoded) == (40, 40 - kept)


def test_progress_ends_with_all_done(catalog: Catalog, folder: Path) -> None:
    steps: list[Progress] = []
    index(catalog, folder, progress=steps.append)
    assert [step.phase for step in steps][:1] == ["scan"]
    assert steps[-1].phase == "finish"
    assert (steps[-1].done, steps[-1].total, steps[-1].failed) == (3, 3, 0)


def test_every_bad_file_is_named_with_a_reason_and_none_is_lost(
    catalog: Catalog, shared_data: Path
) -> None:
    from capsearch.photos.walk import FoundFile, is_photo_name, walk

    report = index(catalog, shared_data / "bad", workers=2)
    files = {
        item.path
        for item in walk(shared_data / "bad")
        if isinstance(item, FoundFile) and is_photo_name(item.path)
    }
    placed = set(catalog.places_under(os.fspath(shared_data / "bad"), ""))
    assert {failure.path for failure in report.failed} == files - placed
    assert len(report.failed) >= 40
    assert all(failure.reason for failure in report.failed)


def test_a_run_that_is_stopped_while_it_waits_for_another_changes_nothing(
    catalog: Catalog, folder: Path
) -> None:
    stop = threading.Event()
    phases: list[str] = []

    def note(progress: Progress) -> None:
        phases.append(progress.phase)
        stop.set()

    with FileLock(f"{catalog.path}.indexing"):
        report = index(catalog, folder, progress=note, stop=stop)
    assert (report.stopped, report.photos, phases) == (True, 0, ["wait"])
    assert catalog.folders() == ()

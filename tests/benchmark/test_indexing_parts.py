"""What the benchmark's indexing part is made of; the whole is run in tests/commands."""

from pathlib import Path

import numpy as np
import pytest
from make_photo import make_photo
from PIL import Image

from capsearch.benchmark.index_process import IndexProcess
from capsearch.benchmark.made_photos import make_large_photos
from capsearch.benchmark.photo_kinds import gather_kinds
from capsearch.benchmark.plain_loop import UNTRAINED, load_measured, load_plain_loop
from capsearch.benchmark.run import Run
from capsearch.catalog.catalog import Catalog
from capsearch.errors import CapsearchError


def a_run(tmp_path: Path, *photos: Path) -> Run:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return Run(scratch=scratch, rounds=1, quick=True, say=lambda _: None, photos=photos)


def test_large_photos_are_of_twelve_megapixels_and_three_to_five_megabytes(tmp_path):
    picture = np.asarray(Image.open(make_photo(tmp_path / "one.jpg", 1)).convert("RGB"))
    files = make_large_photos([tmp_path / "a.jpg", tmp_path / "b.jpg"], [picture])
    for file in files:
        with Image.open(file) as photo:
            assert photo.size == (4000, 3000)
        assert 3e6 < file.stat().st_size < 5e6
    assert files[0].read_bytes() != files[1].read_bytes()


def test_the_users_photos_are_measured_where_they_lie_and_stay_as_they_are(tmp_path):
    photos = [make_photo(tmp_path / "mine" / f"{number}.jpg", number) for number in range(3)]
    (tmp_path / "mine" / "broken.jpg").write_bytes(b"not a photo")
    before = {photo: photo.read_bytes() for photo in photos}
    large, small = gather_kinds(a_run(tmp_path, tmp_path / "mine"), large=2, small=9, some=1)
    assert len(large.files) == 2 and len(small.files) == 4
    assert [len(kind.some().files) for kind in (large, small)] == [1, 1]
    assert {file.read_bytes() for file in small.files} >= set(before.values())
    assert {photo: photo.read_bytes() for photo in photos} == before


def test_photos_are_made_where_the_user_has_none(tmp_path):
    large, small = gather_kinds(a_run(tmp_path), large=1, small=2, some=1)
    assert len(large.files) == 1 and len(small.files) == 2
    assert small.evenly(1) == [small.files[0]]


def test_a_folder_of_what_cannot_be_read_is_said_in_a_sentence(tmp_path):
    (tmp_path / "broken.jpg").write_bytes(b"not a photo")
    with pytest.raises(CapsearchError, match="no photos"):
        gather_kinds(a_run(tmp_path, tmp_path), large=1, small=2, some=1)


def test_an_index_run_tells_its_time_and_the_memory_of_all_it_started(tmp_path):
    make_photo(tmp_path / "photos" / "one.jpg", 1)
    with IndexProcess("starter", "cpu") as process:
        process.wait()
        seconds, first, highest = process.index(tmp_path / "library.db", tmp_path / "photos")
    assert seconds > 0 and highest >= first > 1e7
    with Catalog.open(tmp_path / "library.db", read_only=True) as catalog:
        assert catalog.counts().photos == 1


def test_a_process_that_cannot_load_its_encoder_is_not_waited_for(tmp_path, capfd):
    with (
        IndexProcess(f"local-dir:{tmp_path}", "cpu") as process,
        pytest.raises(RuntimeError, match="ended"),
    ):
        process.wait()
    assert "CapsearchError" in capfd.readouterr().err


@pytest.mark.parametrize("name", ["starter", f"{UNTRAINED}ViT-S-32-alt"])
def test_the_plain_loop_reads_every_photo(tmp_path, name):
    good = make_photo(tmp_path / "one.jpg", 1)
    loop = load_plain_loop(name, "cpu")
    loop.run([good])
    with pytest.raises(FileNotFoundError):
        loop.run([good, tmp_path / "none.jpg"])


def test_an_untrained_encoder_gives_the_same_vectors_in_every_process():
    pixels = np.random.default_rng(0).integers(0, 256, (2, 224, 224, 3), dtype=np.uint8)
    first, second = (load_measured(f"{UNTRAINED}ViT-S-32-alt", "cpu") for _ in range(2))
    np.testing.assert_allclose(first.encode_images(pixels), second.encode_images(pixels), atol=1e-3)

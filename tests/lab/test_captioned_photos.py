"""Captions and photos of a data set, as every part of the workshop reads them."""

from pathlib import Path

import numpy as np
import pytest
from make_photo import MakePhoto

from capsearch.encoders.registry import load_encoder
from capsearch.errors import CapsearchError
from capsearch.lab.captions import read_captions, read_names
from capsearch.lab.photo_vectors import encode_photos, input_pixels, pixel_batches


def test_captions_keep_the_order_of_the_file_and_blank_ones_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "captions.csv"
    path.write_text('\ufeffimage,caption\nb.jpg,a dog\na.jpg,"a cat, asleep"\nb.jpg, \n', "utf-8")
    captions = read_captions(path)
    assert captions.texts == ("a dog", "a cat, asleep")
    assert captions.by_photo() == {"b.jpg": ("a dog",), "a.jpg": ("a cat, asleep",)}


def test_a_list_of_names_keeps_captions_of_its_photos_alone(tmp_path: Path) -> None:
    (tmp_path / "captions.csv").write_text("image,caption\nmy dog.jpg,a dog\nb.jpg,a cat\n")
    (tmp_path / "list.txt").write_bytes(b"my dog.jpg\r\n\r\nmissing.jpg\n")
    assert read_names(tmp_path / "list.txt") == ("my dog.jpg", "missing.jpg")
    captions = read_captions(tmp_path / "captions.csv", tmp_path / "list.txt")
    assert captions.images == ("my dog.jpg",)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "captions cannot be read"),
        (b"image,caption\n\xff\xfe,\n", "captions cannot be read"),
        (b"file,text\na.jpg,a dog\n", "no columns 'image' and 'caption'"),
        (b"image,caption\n", "holds no captions"),
    ],
)
def test_what_is_no_captions_file_is_one_sentence(
    content: bytes | None, sentence: str, tmp_path: Path
) -> None:
    path = tmp_path / "captions.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CapsearchError, match=sentence):
        read_captions(path)


def test_a_list_that_is_missing_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CapsearchError, match="list of photos cannot be read"):
        read_names(tmp_path / "dev.txt")


def test_photos_that_cannot_be_read_have_no_vector(tmp_path: Path, make_photo: MakePhoto) -> None:
    encoder = load_encoder("starter")
    paths = [make_photo(tmp_path / f"{seed}.png", seed) for seed in range(3)]
    paths[1].write_bytes(b"no photo")
    paths.append(tmp_path / "missing.png")
    seen: list[tuple[int, int]] = []
    found, vectors = encode_photos(encoder, paths, lambda done, total: seen.append((done, total)))
    assert found.tolist() == [0, 2]
    assert vectors.shape == (2, encoder.dim)
    assert seen[-1] == (4, 4)
    pixels = input_pixels(paths[2].read_bytes(), "2.png", encoder.input_spec)
    np.testing.assert_allclose(vectors[1], encoder.encode_images(pixels[None])[0], atol=1e-5)


def test_no_photo_is_no_vector() -> None:
    found, vectors = encode_photos(load_encoder("starter"), [])
    assert (len(found), len(vectors)) == (0, 0)


@pytest.mark.parametrize("count", [0, 1, 4, 5, 9])
def test_batches_hold_every_photo_once_and_in_order(count: int) -> None:
    batches = list(
        pixel_batches(count, lambda row: np.full((1, 1, 3), row, dtype=np.uint8), size=4)
    )
    assert [start for start, _ in batches] == list(range(0, count, 4))
    assert [int(pixels[0, 0, 0]) for _, batch in batches for pixels in batch] == list(range(count))


def test_a_photo_that_fails_in_training_ends_it() -> None:
    def read(row: int) -> np.ndarray:
        if row == 5:
            raise OSError("gone")
        return np.zeros((1, 1, 3), dtype=np.uint8)

    with pytest.raises(OSError, match="gone"):
        list(pixel_batches(8, read, 2))

"""A picture's perceptual hash changes little where a copy of it is made."""

import io

import numpy as np
import pytest
from PIL import Image, ImageEnhance

from capsearch.photos.decode import decode
from capsearch.photos.perceptual_hash import HASH_BYTES, HASHED_SIDE, perceptual_hash


def picture(seed: int, size: tuple[int, int] = (800, 600)) -> Image.Image:
    """Some soft shapes in many colours."""
    pixels = np.random.default_rng(seed).integers(0, 256, (9, 12, 3), np.uint8)
    return Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC)


def differing(one: Image.Image, other: Image.Image) -> int:
    left, right = (np.frombuffer(perceptual_hash(each), np.uint8) for each in (one, other))
    return int(np.bitwise_count(left ^ right).sum())


def jpeg(image: Image.Image, quality: int) -> bytes:
    written = io.BytesIO()
    image.save(written, "JPEG", quality=quality)
    return written.getvalue()


@pytest.mark.parametrize(
    "copy",
    [
        lambda image: image.resize((320, 240)),
        lambda image: Image.open(io.BytesIO(jpeg(image, 40))).convert("RGB"),
        lambda image: ImageEnhance.Brightness(image).enhance(0.85),
        lambda image: image.resize((2000, 1500)),
    ],
    ids=["smaller", "compressed", "darker", "larger"],
)
def test_a_copy_differs_in_few_bits(copy) -> None:
    for seed in range(20):
        image = picture(seed)
        assert differing(image, copy(image)) <= 12


def test_other_pictures_differ_in_many_bits() -> None:
    pictures = [picture(seed) for seed in range(12)]
    apart = [differing(one, other) for at, one in enumerate(pictures) for other in pictures[:at]]
    assert min(apart) > 26


def test_a_picture_and_its_mirror_image_are_not_copies() -> None:
    image = picture(3)
    for way in (Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.FLIP_TOP_BOTTOM):
        assert differing(image, image.transpose(way)) > 26


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (900, 1), (HASHED_SIDE, HASHED_SIDE)])
def test_every_size_has_a_hash(size: tuple[int, int]) -> None:
    assert len(perceptual_hash(Image.new("RGB", size, "teal"))) == HASH_BYTES


def test_it_matters_little_how_small_a_photo_is_decoded() -> None:
    data = jpeg(picture(5, (1600, 1200)), 90)
    small, large = (decode(data, "a.jpg", side).image for side in (HASHED_SIDE, 1200))
    assert small.size < large.size
    assert differing(small, large) <= 6

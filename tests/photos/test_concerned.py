"""Photos that come out as other pictures than by older versions, told without decoding them."""

import io
import os
from pathlib import Path

import numpy as np
import pytest
from made_bmp import bmp, v5
from PIL import Image, ImageCms

from capsearch.photos.concerned import is_concerned
from capsearch.photos.decoding_version import DECODING
from capsearch.photos.profiles import ADOBE_RGB

PICTURE = Image.fromarray(np.random.default_rng(0).integers(0, 255, (24, 32, 3), np.uint8))
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def saved(kind: str, image: Image.Image = PICTURE, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        saved("JPEG"), saved("JPEG", icc_profile=SRGB), saved("JPEG", PICTURE.convert("L")),
        saved("PNG"), saved("WEBP"), saved("BMP"),
    ],
)  # fmt: skip
def test_plain_photos_in_srgb_are_as_before(data: bytes) -> None:
    assert not is_concerned(data, "photo", since=0)


@pytest.mark.parametrize(
    "data",
    [
        saved("JPEG", icc_profile=ADOBE_RGB), saved("JPEG", PICTURE.convert("CMYK")),
        saved("PNG", icc_profile=ADOBE_RGB), saved("PNG", PICTURE.convert("RGBA")),
        saved("PNG", save_all=True, append_images=[PICTURE.rotate(90, expand=False)]),
        saved("JPEG", progressive=True)[:-200],
        saved("PNG", PICTURE.convert("L"), transparency=7),
        bmp(24, bytes(4608), version=124, beside=v5(space=b"DEBM", at=4732, size=len(ADOBE_RGB)))
        + ADOBE_RGB,
        saved("TIFF"), saved("GIF"), saved("AVIF"), b"no photo at all", saved("PNG")[:40],
    ],
)  # fmt: skip
def test_what_may_look_otherwise_is_decoded_again(data: bytes) -> None:
    assert is_concerned(data, "photo", since=0)


@pytest.mark.parametrize("kind", ["JPEG", "TIFF", "GIF"])
def test_nothing_changes_within_a_version(kind: str) -> None:
    assert not is_concerned(saved(kind), "photo", since=DECODING)


def test_most_photos_of_a_collection_are_as_before(shared_data: Path) -> None:
    photos = sorted((shared_data / "subjects").rglob("*.jpg"))[:50]
    concerned = [path for path in photos if is_concerned(path.read_bytes(), os.fspath(path), 0)]
    assert len(concerned) < len(photos) / 2

"""Where decoding has changed, photos that it is about are encoded again; the others stay."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from make_photo import make_photo
from PIL import Image
from runs import index
from tiny_encoder import TinyEncoder

from capsearch.catalog.catalog import Catalog
from capsearch.encoders.base import FloatArray
from capsearch.photos.decoding_version import DECODING
from capsearch.photos.profiles import ADOBE_RGB


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A plain photo, and one in wide colours."""
    folder = tmp_path / "photos"
    make_photo(folder / "plain.jpg", 1)
    with Image.open(make_photo(folder / "wide.jpg", 2)) as image:
        image.load()
    image.save(folder / "wide.jpg", icc_profile=ADOBE_RGB)
    return folder


def vectors(catalog: Catalog) -> dict[str, FloatArray]:
    identity = TinyEncoder().identity
    names = {photo: Path(path).name for path, photo in placed(catalog).items()}
    found: dict[str, FloatArray] = {}
    for ids, chunk in catalog.iter_vectors(identity):
        found.update({names[i]: row.copy() for i, row in zip(ids.tolist(), chunk, strict=True)})
    return found


def placed(catalog: Catalog) -> dict[str, int]:
    places = catalog.places_under("/", TinyEncoder().identity)
    return {path: place.photo_id for path, place in places.items()}


def made_by(catalog: Catalog) -> set[int]:
    rows = catalog.connection.execute("SELECT DISTINCT decoding FROM embeddings")
    return {decoding for (decoding,) in rows}


def as_of_an_older_version(catalog: Catalog) -> npt.NDArray[np.float16]:
    """All vectors are those of other pictures, made before there were versions."""
    old = np.full(TinyEncoder().dim, 0.25, np.float16)
    with catalog.transaction():
        catalog.connection.execute(
            "UPDATE embeddings SET decoding = 0, vector = ?", (old.tobytes(),)
        )
    return old


def test_new_photos_are_of_this_version(catalog: Catalog, photos: Path) -> None:
    index(catalog, photos)
    assert made_by(catalog) == {DECODING}
    assert index(catalog, photos).encoded == 0


def test_only_what_looks_otherwise_is_encoded_again(catalog: Catalog, photos: Path) -> None:
    index(catalog, photos)
    before, ids = vectors(catalog), placed(catalog)
    old = as_of_an_older_version(catalog)
    generation = catalog.generation(TinyEncoder().identity)
    report = index(catalog, photos)
    assert (report.encoded, report.photos) == (1, 2)
    assert placed(catalog) == ids
    after = vectors(catalog)
    assert np.array_equal(after["wide.jpg"], before["wide.jpg"])
    assert np.array_equal(after["plain.jpg"], old)
    assert made_by(catalog) == {DECODING}
    assert catalog.generation(TinyEncoder().identity) > generation
    assert index(catalog, photos).encoded == 0


def test_until_then_and_while_a_drive_is_away_the_old_vectors_serve(
    catalog: Catalog, photos: Path
) -> None:
    index(catalog, photos)
    as_of_an_older_version(catalog)
    assert set(vectors(catalog)) == {"plain.jpg", "wide.jpg"}
    (photos / "wide.jpg").rename(photos.parent / "wide.jpg")
    assert index(catalog, photos).encoded == 0
    (photos.parent / "wide.jpg").rename(photos / "wide.jpg")
    assert index(catalog, photos).encoded == 1
    assert made_by(catalog) == {DECODING}


def test_a_copy_confirms_and_renews_as_the_first_file_does(catalog: Catalog, photos: Path) -> None:
    index(catalog, photos)
    as_of_an_older_version(catalog)
    for name in ("plain.jpg", "wide.jpg"):
        (photos / f"copy of {name}").write_bytes((photos / name).read_bytes())
    assert index(catalog, photos).encoded == 1
    assert made_by(catalog) == {DECODING}
    assert len(placed(catalog)) == 4


def test_facts_are_those_of_the_picture_as_it_is_now(catalog: Catalog, photos: Path) -> None:
    index(catalog, photos)
    as_of_an_older_version(catalog)
    with catalog.transaction():
        catalog.connection.execute("UPDATE photos SET width = 1, cut_off = 1")
    index(catalog, photos)
    rows = catalog.connection.execute("SELECT width, cut_off FROM photos ORDER BY width")
    assert [tuple(row) for row in rows] == [(1, 1), (64, 0)]  # the plain one was not decoded


def test_what_is_decoded_anew_has_the_hash_of_its_picture_now(
    catalog: Catalog, photos: Path
) -> None:
    index(catalog, photos)
    before = {photo.path: photo.perceptual_hash for photo in catalog.compared_photos()}
    as_of_an_older_version(catalog)
    with catalog.transaction():
        catalog.connection.execute("UPDATE photos SET perceptual_hash = zeroblob(16)")
    index(catalog, photos)
    after = {Path(photo.path).name: photo.perceptual_hash for photo in catalog.compared_photos()}
    assert after["wide.jpg"] == before[str(photos / "wide.jpg")]
    assert after["plain.jpg"] == bytes(16)  # it was not decoded

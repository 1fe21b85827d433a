"""Every photo gets its perceptual hash when it is indexed; those indexed before get it later."""

from pathlib import Path

from make_photo import make_photo
from runs import index
from tiny_encoder import TinyEncoder

from capsearch.catalog.catalog import Catalog
from capsearch.photos.decode import decode
from capsearch.photos.perceptual_hash import HASHED_SIDE, perceptual_hash


def expected(path: Path) -> bytes:
    return perceptual_hash(decode(path.read_bytes(), path.name, HASHED_SIDE).image)


def hashes(catalog: Catalog) -> dict[str, bytes]:
    return {photo.path: photo.perceptual_hash for photo in catalog.compared_photos()}


def as_of_an_older_version(catalog: Catalog) -> None:
    """As the schema's step leaves it: no hashes, no stamps of what lies beside the files."""
    with catalog.transaction():
        catalog.connection.execute("UPDATE photos SET perceptual_hash = NULL")
        catalog.connection.execute("UPDATE files SET beside = x'00'")


def test_every_photo_has_the_hash_of_its_picture(catalog: Catalog, folder: Path) -> None:
    index(catalog, folder)
    found = hashes(catalog)
    assert len(found) == len(catalog.places_under(str(folder), ""))
    assert found == {path: expected(Path(path)) for path in found}


def test_photos_of_an_older_library_get_theirs_and_are_not_encoded_again(
    catalog: Catalog, folder: Path
) -> None:
    index(catalog, folder)
    before = hashes(catalog)
    as_of_an_older_version(catalog)
    assert hashes(catalog) == {}
    assert index(catalog, folder).encoded == 0
    assert hashes(catalog) == before
    assert index(catalog, folder).encoded == 0


def test_another_encoder_gives_the_same_hashes(catalog: Catalog, folder: Path) -> None:
    index(catalog, folder)
    before = hashes(catalog)
    as_of_an_older_version(catalog)
    index(catalog, folder, encoder=TinyEncoder(seed=1))
    assert hashes(catalog) == before


def test_a_copy_of_a_known_photo_and_a_new_one_beside_it_have_theirs(
    catalog: Catalog, folder: Path
) -> None:
    index(catalog, folder)
    before = hashes(catalog)
    (folder / "again.jpg").write_bytes((folder / "0.jpg").read_bytes())
    new = make_photo(folder / "new.png", seed=77)
    assert index(catalog, folder).encoded == 1
    assert hashes(catalog) == {**before, str(new): expected(new)}

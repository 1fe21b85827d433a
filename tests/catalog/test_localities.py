"""Photos with a position are found by the names of where they were taken."""

import dataclasses
from pathlib import Path

import pytest

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.records import Condition, Content, Filters, NamedPlace, Place, Stamp
from capsearch.photos.metadata.model import PhotoMetadata

GENEVA, VERSAILLES, BERLIN, SEA = (46.2, 6.15), (48.8049, 2.1204), (52.5163, 13.3777), (30.0, -40.0)


@pytest.fixture
def catalog(tmp_path: Path):
    with Catalog.open(tmp_path / "library.db") as opened:
        yield opened


def add(catalog: Catalog, name: str, position: tuple[float, float] | None, *written: str) -> int:
    latitude, longitude = position or (None, None)
    metadata = PhotoMetadata(latitude=latitude, longitude=longitude, place_names=written)
    with catalog.transaction():
        photo = catalog.add_photo(Content(name.encode().ljust(20), 1, 4, 3, "JPEG"))
        catalog.place_photo(photo, Place(f"/photos/{name}.jpg", Stamp(1, 1), metadata))
    return photo


def at(catalog: Catalog, *names: str, negated: bool = False) -> set[int]:
    passing = catalog.passing(Filters(conditions=(Condition("place", names, negated),)))
    assert passing is not None
    return set(passing.tolist())


@pytest.mark.parametrize("name", ["Geneva", "genf", "GENÈVE", "Geneve", "Schweiz", "switzerland"])
def test_a_photo_is_found_by_every_name_of_its_place(catalog: Catalog, name: str) -> None:
    geneva = add(catalog, "a", GENEVA)
    add(catalog, "b", BERLIN)
    nowhere = add(catalog, "c", None)
    assert at(catalog, name) == {geneva}
    assert geneva not in at(catalog, name, negated=True)
    assert nowhere in at(catalog, name, negated=True)


def test_a_suburb_is_found_by_its_city(catalog: Catalog) -> None:
    versailles = add(catalog, "a", VERSAILLES)
    assert at(catalog, "Versailles") == at(catalog, "Paris") == {versailles}


def test_typed_words_find_a_place_in_german_too_and_say_so(catalog: Catalog) -> None:
    geneva = add(catalog, "a", GENEVA)
    add(catalog, "b", BERLIN)
    for typed in ("Genf", "geneva", "Schweiz"):
        assert catalog.text_hits(typed, 10).ids.tolist() == [geneva]
        reason = catalog.text_reasons([geneva], typed)[geneva]
        assert reason.field == "place"


def test_names_of_places_are_listed_once_with_their_photos(catalog: Catalog) -> None:
    add(catalog, "a", GENEVA)
    add(catalog, "b", GENEVA, "Quai du Mont-Blanc")
    add(catalog, "c", SEA)
    assert catalog.names("place") == (
        ("Geneva", 2),
        ("Switzerland", 2),
        ("Quai du Mont-Blanc", 1),
    )
    choices = catalog.choices()
    assert choices.places == catalog.names("place")
    assert choices.german_places == {"Geneva": "Genf", "Switzerland": "Schweiz"}


def test_a_name_written_in_another_language_is_not_listed_beside_the_place(
    catalog: Catalog,
) -> None:
    photo = add(catalog, "a", GENEVA, "Suisse", "Genève")
    assert catalog.names("place") == (("Geneva", 1), ("Switzerland", 1))
    assert catalog.text_hits("suisse", 10).ids.tolist() == [photo]


def test_every_spelling_leads_to_a_listed_name(catalog: Catalog) -> None:
    add(catalog, "a", GENEVA)
    found = catalog.place_spellings()
    assert (found["genf"], found["schweiz"], found["suisse"]) == (
        "Geneva",
        "Switzerland",
        "Switzerland",
    )
    assert "geneva" not in found
    assert set(found.values()) <= {name for name, _ in catalog.names("place")}


def test_a_photo_shows_its_place_in_both_languages(catalog: Catalog) -> None:
    geneva, sea = add(catalog, "a", GENEVA), add(catalog, "b", SEA)
    facts = catalog.facts([geneva, sea])
    assert facts[geneva].place == NamedPlace(
        "Geneva", "Geneva", "Switzerland", "Genf", "Genf", "Schweiz"
    )
    assert facts[sea].place is None


def test_a_corrected_position_moves_the_photo(catalog: Catalog) -> None:
    photo = add(catalog, "a", GENEVA)
    metadata = PhotoMetadata(latitude=BERLIN[0], longitude=BERLIN[1])
    with catalog.transaction():
        catalog.place_photo(photo, Place("/photos/a.jpg", Stamp(1, 2), metadata))
    assert at(catalog, "Genf") == set()
    assert at(catalog, "Berlin") == {photo}
    assert [name for name, _ in catalog.names("place")] == ["Berlin", "Germany"]
    with catalog.transaction():
        catalog.place_photo(
            photo,
            Place("/photos/a.jpg", Stamp(1, 3), dataclasses.replace(metadata, latitude=None)),
        )
    assert catalog.names("place") == ()

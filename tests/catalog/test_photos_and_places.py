"""What the catalog holds true: photos are contents, files are places, vectors have an encoder."""

import datetime
import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.merging import merge_metadata, metadata_from_json, metadata_to_json
from capsearch.catalog.records import Content, Place, Stamp
from capsearch.catalog.sql import path_range
from capsearch.photos.metadata.model import Person, PhotoMetadata, TakenAt


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog.open(tmp_path / "library.db") as opened:
        yield opened


def described(
    date: str | None = None,
    source: str = "exif",
    keywords: tuple[str, ...] = (),
    people: tuple[str, ...] = (),
) -> PhotoMetadata:
    local = datetime.datetime.fromisoformat(date) if date else None
    return PhotoMetadata(
        taken=TakenAt(local=local, utc_offset_minutes=60, source=source) if local else None,
        latitude=47.4,
        longitude=8.5,
        camera="Box",
        rating=None,
        keywords=keywords,
        people=tuple(Person(name=name, source="xmp", box=(0.1, 0.2, 0.3, 0.4)) for name in people),
    )


def put(
    catalog: Catalog,
    path: str,
    number: int,
    metadata: PhotoMetadata | None = None,
    encoder: str | None = "e",
) -> int:
    with catalog.transaction():
        photo = catalog.add_photo(Content(number.to_bytes(20, "big"), number, 4, 3, "JPEG"))
        catalog.place_photo(photo, Place(path, Stamp(number, 7), metadata or described()))
        if encoder is not None:
            encoder_id = catalog.add_encoder(encoder, "tiny", 4)
            catalog.add_embedding(encoder_id, photo, np.full(4, number, np.float32))
    return photo


def vectors(catalog: Catalog, encoder: str = "e", chunk: int = 2) -> dict[int, float]:
    found: dict[int, float] = {}
    for ids, rows in catalog.iter_vectors(encoder, chunk):
        assert rows.dtype == np.float16
        assert len(ids) == len(rows) <= chunk
        found.update(zip(ids.tolist(), rows[:, 0].tolist(), strict=True))
    assert list(found) == sorted(found)
    return found


def test_vectors_come_in_ascending_photo_id_in_chunks(catalog: Catalog) -> None:
    ids = [put(catalog, f"/p/{number}.jpg", number) for number in range(5)]
    assert vectors(catalog) == dict(zip(ids, map(float, range(5)), strict=True))


def test_a_copy_is_a_second_place_of_one_photo(catalog: Catalog) -> None:
    first, second = put(catalog, "/p/a.jpg", 1), put(catalog, "/p/b.jpg", 1)
    assert first == second
    assert catalog.facts([first])[first].paths == ("/p/a.jpg", "/p/b.jpg")


def test_a_photo_leaves_the_results_with_its_last_place_and_its_record_stays(
    catalog: Catalog,
) -> None:
    photo = put(catalog, "/p/a.jpg", 1)
    put(catalog, "/p/b.jpg", 1)
    with catalog.transaction():
        catalog.mark_missing(["/p/a.jpg"])
    assert vectors(catalog) == {photo: 1.0}
    assert catalog.facts([photo])[photo].paths == ("/p/b.jpg",)
    with catalog.transaction():
        catalog.mark_missing(["/p/b.jpg"])
    assert vectors(catalog) == {}
    assert catalog.facts([photo])[photo].paths == ("/p/a.jpg", "/p/b.jpg")
    assert catalog.counts().photos == 1
    with catalog.transaction():
        catalog.mark_present(["/p/b.jpg"])
    assert vectors(catalog) == {photo: 1.0}


def test_photos_of_a_folder_that_is_away_are_still_found_and_marked_offline(
    catalog: Catalog,
) -> None:
    photo = put(catalog, "/drive/a.jpg", 1)
    with catalog.transaction():
        catalog.record_scan("/drive", online=False)
    assert vectors(catalog) == {photo: 1.0}
    assert catalog.facts([photo])[photo].offline
    assert not catalog.folders()[0].online


def test_the_generation_changes_exactly_when_the_searchable_vectors_do(catalog: Catalog) -> None:
    seen = [catalog.generation("e")]

    def changed() -> bool:
        seen.append(catalog.generation("e"))
        assert seen[-1] >= seen[-2]
        return seen[-1] != seen[-2]

    put(catalog, "/p/a.jpg", 1)
    assert changed()
    put(catalog, "/p/a.jpg", 1)
    assert not changed()
    put(catalog, "/p/b.jpg", 1, described(keywords=("new",)))
    assert not changed()
    put(catalog, "/p/a.jpg", 1, encoder="other")
    assert not changed()
    with catalog.transaction():
        catalog.mark_missing(["/p/a.jpg"])
    assert not changed()
    with catalog.transaction():
        catalog.mark_missing(["/p/b.jpg"])
        catalog.mark_present(["/p/a.jpg"])
    assert not changed()
    with catalog.transaction():
        catalog.record_failure("/p/a.jpg", "cut off")
    assert changed()
    put(catalog, "/p/c.jpg", 2, encoder=None)
    assert not changed()


def test_each_encoder_has_its_own_set(catalog: Catalog) -> None:
    first = put(catalog, "/p/a.jpg", 1, encoder="old")
    second = put(catalog, "/p/b.jpg", 2, encoder="new")
    assert vectors(catalog, "old") == {first: 1.0}
    assert vectors(catalog, "new") == {second: 2.0}
    assert catalog.ids_under(["/p"], "new").tolist() == [second]
    catalog.drop_encoder("old")
    assert [s.identity for s in catalog.counts().encoders] == ["new"]
    assert vectors(catalog, "old") == {}


def test_a_failure_takes_the_place_of_a_file_and_the_file_of_a_failure(catalog: Catalog) -> None:
    put(catalog, "/p/a.jpg", 1)
    with catalog.transaction():
        catalog.record_failure("/p/a.jpg", "cut off", stamp=Stamp(5, 6))
    failure = catalog.failures_under("/p")["/p/a.jpg"]
    assert (failure.reason, failure.stamp, failure.passing) == ("cut off", Stamp(5, 6), False)
    assert catalog.places_under("/p", "e") == {}
    put(catalog, "/p/a.jpg", 1)
    assert catalog.failures_under("/p") == {}


def test_what_fails_again_is_no_newer_failure(catalog: Catalog) -> None:
    assert catalog.counts().newest_failure is None
    with catalog.transaction():
        catalog.record_failure("/p/a.jpg", "cut off", stamp=Stamp(5, 6))
    first = catalog.counts().newest_failure
    assert first is not None
    with catalog.transaction():
        catalog.record_failure("/p/a.jpg", "empty", stamp=Stamp(7, 8), passing=True)
    known = catalog.failures()["/p/a.jpg"]
    assert (known.reason, known.stamp, known.passing) == ("empty", Stamp(7, 8), True)
    assert (catalog.counts().failures, catalog.counts().newest_failure) == (1, first)
    with catalog.transaction():
        catalog.record_failure("/p/b.jpg", "empty")
    newest = catalog.counts().newest_failure
    assert newest is not None and newest > first


def test_all_failures_are_listed_by_path_wherever_they_lie(catalog: Catalog) -> None:
    with catalog.transaction():
        catalog.record_failure("/q/b.jpg", "cut off")
        catalog.record_failure("/p/a.jpg", "empty")
    assert [(path, f.reason) for path, f in catalog.failures().items()] == [
        ("/p/a.jpg", "empty"),
        ("/q/b.jpg", "cut off"),
    ]


def test_any_bytes_may_be_a_path(catalog: Catalog) -> None:
    path = "/p/" + bytes([0xFF, 0xC3, 0x28]).decode("utf-8", "surrogateescape") + "\n💥.jpg"
    photo = put(catalog, path, 1)
    assert list(catalog.places_under("/p", "e")) == [path]
    assert catalog.facts([photo])[photo].paths == (path,)


def test_a_folder_holds_what_lies_below_it_and_nothing_beside_it(catalog: Catalog) -> None:
    put(catalog, "/p/a.jpg", 1)
    put(catalog, "/p2/a.jpg", 2)
    put(catalog, "/p/q/a.jpg", 3)
    assert list(catalog.places_under("/p", "e")) == ["/p/a.jpg", "/p/q/a.jpg"]
    assert len(catalog.places_under("/", "e")) == 3
    assert path_range("/p/") == path_range("/p")


def test_facts_give_back_what_was_read(catalog: Catalog) -> None:
    metadata = described("2021-05-06T07:08:09", keywords=("sea", "Größe"), people=("Ada",))
    photo = put(catalog, "/p/a.jpg", 1, metadata)
    facts = catalog.facts([photo, 999])
    assert list(facts) == [photo]
    assert facts[photo].taken == metadata.taken
    assert facts[photo].keywords == metadata.keywords
    assert facts[photo].people == metadata.people


def test_occasions_are_aligned_and_tell_a_sure_date_from_a_file_time(catalog: Catalog) -> None:
    sure = put(catalog, "/p/a.jpg", 1, described("1970-01-03T00:00:00", people=("Bo", "Ada")))
    vague = put(catalog, "/p/b.jpg", 2, described("1970-01-05T00:00:00", source="file"))
    undated = put(catalog, "/p/c.jpg", 3)
    early = put(catalog, "/p/d.jpg", 4, described("1890-01-01T00:00:00"))
    occasions = catalog.occasions(np.array([undated, vague, sure, early, 999]))
    assert occasions.days.tolist() == [0, 4, 2, -29219, 0]
    assert occasions.dated.tolist() == [False, False, True, True, False]
    assert occasions.people == ((), (), ("Ada", "Bo"), (), ())


def test_a_photo_is_described_the_same_whatever_place_was_found_first(tmp_path: Path) -> None:
    places = {
        "/p/a.jpg": described("2022-01-01T00:00:00", source="file", keywords=("one",)),
        "/p/b.jpg": described("2023-01-01T00:00:00", source="exif", people=("Ada",)),
        "/p/c.jpg": described("2021-01-01T00:00:00", source="name", keywords=("two", "one")),
    }
    results = set()
    for number, order in enumerate(itertools.permutations(places)):
        with Catalog.open(tmp_path / f"{number}.db") as catalog:
            for path in order:
                photo = put(catalog, path, 1, places[path])
            results.add(catalog.facts([photo])[photo])
    assert len(results) == 1
    facts = results.pop()
    assert facts.taken is not None and facts.taken.source == "exif"
    assert facts.keywords == ("one", "two")


texts = st.text(max_size=8).map(lambda text: text.encode("utf-8", "replace").decode())
people = st.builds(
    Person,
    name=texts,
    source=texts,
    box=st.none() | st.tuples(*[st.floats(0, 1, width=32)] * 4),
)
SOURCES = (
    "sidecar", "xmp", "iptc", "takeout", "exif", "named", "digitized", "satellites", "name",
    "unset", "changed", "file",
)  # fmt: skip
metadata_values = st.builds(
    PhotoMetadata,
    taken=st.none()
    | st.builds(
        TakenAt,
        local=st.datetimes(),
        utc_offset_minutes=st.none() | st.integers(-840, 840),
        source=st.sampled_from([*SOURCES, "of a newer version"]),
        precision=st.just("second"),
    ),
    latitude=st.none() | st.floats(-90, 90),
    longitude=st.none() | st.floats(-180, 180),
    camera=st.none() | texts,
    rating=st.none() | st.integers(-1, 5),
    keywords=st.lists(texts, max_size=3).map(tuple),
    people=st.lists(people, max_size=2).map(tuple),
)


@given(metadata_values)
def test_metadata_survives_being_stored(metadata: PhotoMetadata) -> None:
    assert metadata_from_json(metadata_to_json(metadata)) == metadata


@given(st.lists(metadata_values, min_size=1, max_size=3))
def test_merging_the_same_places_twice_changes_nothing(places: list[PhotoMetadata]) -> None:
    merged = merge_metadata(places)
    assert merge_metadata([merged, *places, merged]).taken == merged.taken
    assert set(merge_metadata([merged, *places]).keywords) == set(merged.keywords)


@given(st.permutations([*SOURCES[:-1], "of a newer version", SOURCES[-1]]), st.integers(2, 13))
def test_of_the_dates_of_copies_the_most_trusted_counts(order: list[str], count: int) -> None:
    dates = {source: datetime.datetime(2019, 3, 1 + n) for n, source in enumerate(order)}
    places = [PhotoMetadata(taken=TakenAt(dates[source], None, source)) for source in order]
    believed = min(order[:count], key=[*SOURCES[:-1], "of a newer version", "file"].index)
    taken = merge_metadata(places[:count]).taken
    assert taken is not None
    assert (taken.source, taken.local) == (believed, dates[believed])

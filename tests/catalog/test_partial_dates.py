"""Dates that are known to the year, month or day alone: kept, sorted, filtered and listed so."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.merging import merge_metadata, metadata_from_json, metadata_to_json
from capsearch.catalog.records import UNDATED, Condition, Content, Field, Filters, Place, Stamp
from capsearch.photos.metadata.clock import parse_date
from capsearch.photos.metadata.model import PhotoMetadata, TakenAt

# The photo with id 1 is the first of them.
DATES = (
    "1977-12-31T23:59:59", "1978", "1978-06", "1978-07", "1978-07-04", "1978-07-04T00:00:00",
    "1978-07-31T12:00:00", "1978-12", "1979-01", None,
)  # fmt: skip


def dated(text: str | None) -> TakenAt | None:
    return None if text is None else parse_date(text, "xmp")


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog.open(tmp_path / "library.db") as opened:
        with opened.transaction():
            for number, text in enumerate(DATES, 1):
                photo = opened.add_photo(Content(bytes([number]) * 20, 1, 9, 9, "JPEG"))
                metadata = PhotoMetadata(taken=dated(text))
                opened.place_photo(photo, Place(f"/p/{number}.jpg", Stamp(1, 1), metadata))
        yield opened


def passing(catalog: Catalog, filters: Filters) -> list[str | None]:
    found = catalog.passing(filters)
    assert found is not None
    return [DATES[photo - 1] for photo in found.tolist()]


def day(text: str | None) -> datetime.date | None:
    return None if text is None else datetime.date.fromisoformat(text)


@pytest.mark.parametrize("text", DATES)
def test_a_date_is_kept_as_exactly_as_it_is_known(text: str | None, catalog: Catalog) -> None:
    metadata = PhotoMetadata(taken=dated(text))
    assert metadata_from_json(metadata_to_json(metadata)) == metadata
    photo = DATES.index(text) + 1
    assert catalog.facts([photo])[photo].taken == metadata.taken


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("1978-01-01", "1978-12-31", DATES[1:8]),
        ("1978-07-01", "1978-07-31", DATES[3:7]),
        ("1978-07-04", "1978-07-04", DATES[4:6]),
        # Not all of 1978 is in its first half, nor all of July in its first days.
        ("1978-01-01", "1978-06-30", ("1978-06",)),
        ("1978-07-01", "1978-07-30", DATES[4:6]),
        ("1978-07-02", "1978-12-30", DATES[4:7]),
        ("1977-06-01", "1978-12-31", DATES[:8]),
        ("1977-06-01", "1979-01-15", DATES[:8]),
        ("1978-01-01", None, DATES[1:9]),
        ("1978-01-02", None, DATES[2:9]),
        ("1978-06-02", None, DATES[3:9]),
        (None, "1978-12-31", DATES[:8]),
        (None, "1978-11-30", (DATES[0], *DATES[2:7])),
        (None, "1979-01-31", DATES[:9]),
        (None, "9999-12-31", DATES[:9]),
    ],
)
def test_what_is_known_to_the_year_passes_where_all_of_the_year_does(
    catalog: Catalog, first: str | None, last: str | None, found: tuple[str, ...]
) -> None:
    assert passing(catalog, Filters(first=day(first), last=day(last))) == list(found)
    if first is not None and last is not None:
        asked = Condition("dates", (f"{first}/{last}",))
        assert passing(catalog, Filters(conditions=(asked,))) == list(found)


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        ("yearly", "07-01/07-31", DATES[3:7]),
        ("yearly", "07-01/07-30", DATES[4:6]),
        ("yearly", "07-02/07-31", DATES[4:7]),
        ("yearly", "06-01/08-31", DATES[2:7]),
        ("yearly", "12-01/02-29", (DATES[0], "1978-12", "1979-01")),
        ("yearly", "12-24/01-06", (DATES[0],)),
        ("weekday", "2", DATES[4:6]),  # a Tuesday
    ],
)
def test_days_of_every_year_are_not_guessed(
    catalog: Catalog, field: Field, value: str, found: tuple[str, ...]
) -> None:
    assert passing(catalog, Filters(conditions=(Condition(field, (value,)),))) == list(found)


def test_the_list_by_date_has_them_behind_what_is_known_better(catalog: Catalog) -> None:
    ids, days = catalog.timeline(Filters())
    assert [DATES[photo - 1] for photo in ids.tolist()] == [
        "1979-01", "1978-12", "1978-07-31T12:00:00", "1978-07-04T00:00:00", "1978-07-04", "1978-07",
        "1978-06", "1978", "1977-12-31T23:59:59", None,
    ]  # fmt: skip
    epoch = datetime.date(1970, 1, 1)
    firsts = ("1979-01-01", "1978-12-01", "1978-07-31", "1978-07-04", "1978-07-04", "1978-07-01")
    expected = [(datetime.date.fromisoformat(first) - epoch).days for first in firsts]
    assert days[:6].tolist() == expected
    assert days[7:].tolist() == [UNDATED + 1978, 7 * 365 + 364 + 2, UNDATED]
    choices = catalog.choices()
    assert (choices.first, choices.last) == (day("1977-12-31"), day("1979-01-01"))
    assert catalog.first_year() == 1977


def test_personalisation_knows_days_only(catalog: Catalog) -> None:
    ids, _ = catalog.timeline(Filters())
    occasions = catalog.occasions(ids)
    known = [DATES[photo - 1] for photo in ids[occasions.dated].tolist()]
    assert known == [
        "1978-07-31T12:00:00", "1978-07-04T00:00:00", "1978-07-04", "1977-12-31T23:59:59"
    ]  # fmt: skip


def test_copies_of_a_photo_make_its_date_more_exact() -> None:
    places = [PhotoMetadata(taken=dated(text)) for text in ("1978", "1978-07", "1979-08-01")]
    for order in (places, places[::-1]):
        assert merge_metadata(order).taken == dated("1978-07")


@pytest.mark.parametrize(
    ("source", "dated"),
    [("exif", True), ("xmp", True), ("named", True), ("changed", True), ("unset", True),
     ("of a newer version", True), ("file", False)],
)  # fmt: skip
def test_the_time_of_a_file_is_no_date_in_the_list(
    tmp_path: Path, source: str, dated: bool
) -> None:
    moments = ("1990-01-01T00:00:00", "2026-05-01T10:00:00", "2026-05-03T10:00:00")
    sources = ("exif", source, source)
    with Catalog.open(tmp_path / "library.db") as catalog:
        with catalog.transaction():
            for number, (text, origin) in enumerate(zip(moments, sources, strict=True), 1):
                photo = catalog.add_photo(Content(bytes([number]) * 20, 1, 9, 9, "JPEG"))
                metadata = PhotoMetadata(taken=parse_date(text, origin))
                catalog.place_photo(photo, Place(f"/p/{number}.jpg", Stamp(1, 1), metadata))
        ids, days = catalog.timeline(Filters())
    assert ids.tolist() == ([3, 2, 1] if dated else [1, 3, 2])
    assert (days == UNDATED).tolist() == ([False] * 3 if dated else [False, True, True])

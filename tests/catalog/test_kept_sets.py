"""Filters and the list by date are kept between questions, and never out of date."""

import datetime
import multiprocessing
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.id_sets import common, without
from capsearch.catalog.records import UNDATED, Condition, Content, Filters, Place, Stamp
from capsearch.photos.metadata.model import Person, PhotoMetadata, TakenAt

ids = st.sets(st.integers(1, 40)).map(lambda each: np.array(sorted(each), np.int64))

ANNA = Filters(conditions=(Condition("person", ("anna",)),))
NOT_ANNA = Filters(conditions=(Condition("person", ("anna",), negated=True),))
IN_2015 = Filters(conditions=(Condition("dates", ("2015-01-01/2015-12-31",)),))
EVERY = (ANNA, NOT_ANNA, IN_2015)


def put(catalog: Catalog, number: int, person: str = "Anna", year: int = 2015) -> int:
    photo = catalog.add_photo(Content(bytes([number]) * 20, 1, 9, 9, "JPEG"))
    taken = TakenAt(datetime.datetime(year, 6, number), None, "exif") if year else None
    metadata = PhotoMetadata(taken=taken, people=(Person(person, "xmp"),))
    catalog.place_photo(photo, Place(f"/p/{number}.jpg", Stamp(1, 1), metadata))
    return photo


def put_and_commit(path: Path, number: int, person: str, year: int) -> None:
    with Catalog.open(path) as catalog, catalog.transaction():
        put(catalog, number, person, year)


def passing(catalog: Catalog) -> list[list[int] | None]:
    found = map(catalog.passing, EVERY)
    return [None if each is None else each.tolist() for each in found]


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog.open(tmp_path / "library.db") as opened:
        with opened.transaction():
            put(opened, 1)
            put(opened, 2, "Ben", 2014)
        yield opened


def test_what_another_process_has_committed_is_seen_at_once(catalog: Catalog) -> None:
    assert passing(catalog) == [[1], [2], [1]]
    assert catalog.timeline(Filters())[0].tolist() == [1, 2]
    for number, person, year in ((3, "Anna", 2015), (2, "Anna", 2015), (1, "Ben", 0)):
        process = multiprocessing.get_context("spawn").Process(
            target=put_and_commit, args=(catalog.path, number, person, year)
        )
        process.start()
        process.join()
        assert process.exitcode == 0
    assert passing(catalog) == [[2, 3], [1], [2, 3]]
    found, days = catalog.timeline(Filters())
    assert found.tolist() == [3, 2, 1] and days[-1] == UNDATED
    assert catalog.timeline(NOT_ANNA)[0].tolist() == [1]


def test_what_is_taken_back_was_never_kept(catalog: Catalog) -> None:
    before = passing(catalog)

    def change_and_fail() -> None:
        with catalog.transaction():
            put(catalog, 2, "Anna", 2015)
            put(catalog, 3, "Anna", 2015)
            passing(catalog)
            catalog.timeline(Filters())
            raise KeyError

    with pytest.raises(KeyError):
        change_and_fail()
    assert passing(catalog) == before
    assert catalog.timeline(Filters())[0].tolist() == [1, 2]


def test_what_leaves_the_library_passes_nothing(catalog: Catalog) -> None:
    assert passing(catalog) == [[1], [2], [1]]
    with catalog.transaction():
        catalog.mark_missing(["/p/1.jpg"])
    assert passing(catalog) == [[], [2], []]
    assert catalog.timeline(Filters())[0].tolist() == [2]


def test_more_is_asked_than_is_kept(catalog: Catalog) -> None:
    for _ in range(2):
        for year in range(1990, 2020):
            dates = Condition("dates", (f"{year}-01-01/{year}-12-31",))
            found = catalog.passing(Filters(conditions=(dates,)))
            assert found is not None
            assert found.tolist() == {2015: [1], 2014: [2]}.get(year, [])


def test_the_list_by_date_has_the_days_of_any_century(catalog: Catalog) -> None:
    years = (1583, 1899, 1969, 1970, 2000, 2024, 9999)
    with catalog.transaction():
        for number, year in enumerate(years, start=3):
            put(catalog, number, year=year)
    found, days = catalog.timeline(Filters())
    facts = catalog.facts(found.tolist())
    taken = [facts[photo].taken for photo in found.tolist()]
    epoch = datetime.date(1970, 1, 1)
    assert days.tolist() == [(each.local.date() - epoch).days for each in taken if each]
    assert days.tolist() == sorted(days.tolist(), reverse=True)


@given(ids, ids)
def test_sets_are_sets(some: np.ndarray, others: np.ndarray) -> None:
    check: Callable[..., object] = np.testing.assert_array_equal
    check(common(some, others), np.intersect1d(some, others))
    check(without(some, others), np.setdiff1d(some, others))

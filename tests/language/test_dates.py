"""Expressions of time mean the days that a person means by them, on a Saturday in November."""

import datetime

import pytest

from capsearch.language.dates import Dates

TODAY = datetime.date(2026, 11, 28)


def read(text: str, *, led: bool = False) -> tuple[str, tuple[str, ...]] | None:
    found = Dates(TODAY, first_year=2024).read(text, 0, led=led)
    return (found.field, found.values) if found is not None and found.end == len(text) else None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2015", "2015-01-01", "2015-12-31"),
        ("July 2019", "2019-07-01", "2019-07-31"),
        ("Juli 2019", "2019-07-01", "2019-07-31"),
        ("2019-07", "2019-07-01", "2019-07-31"),
        ("7/2019", "2019-07-01", "2019-07-31"),
        ("2019-07-04", "2019-07-04", "2019-07-04"),
        ("4.7.2019", "2019-07-04", "2019-07-04"),
        ("4.7.19", "2019-07-04", "2019-07-04"),
        ("4.7.78", "1978-07-04", "1978-07-04"),
        ("25/12/2019", "2019-12-25", "2019-12-25"),
        ("12/25/2019", "2019-12-25", "2019-12-25"),
        ("3 May 2019", "2019-05-03", "2019-05-03"),
        ("3rd of May 2019", "2019-05-03", "2019-05-03"),
        ("May 3, 2019", "2019-05-03", "2019-05-03"),
        ("3. Mai 2019", "2019-05-03", "2019-05-03"),
        ("3-7 May 2019", "2019-05-03", "2019-05-07"),
        ("3. bis 7. Mai 2019", "2019-05-03", "2019-05-07"),
        ("May to July 2019", "2019-05-01", "2019-07-31"),
        ("summer 2019", "2019-06-01", "2019-08-31"),
        ("winter 2018/19", "2018-12-01", "2019-02-28"),
        ("last summer", "2026-06-01", "2026-08-31"),
        ("letzten Winter", "2025-12-01", "2026-02-28"),
        ("this winter", "2026-12-01", "2027-02-28"),
        ("Christmas 2019", "2019-12-24", "2019-12-26"),
        ("last Christmas", "2025-12-24", "2025-12-26"),
        ("Ostern 2024", "2024-03-29", "2024-04-01"),
        ("Thanksgiving 2024", "2024-11-28", "2024-11-28"),
        ("2010-2014", "2010-01-01", "2014-12-31"),
        ("2010 bis 2014", "2010-01-01", "2014-12-31"),
        ("from 2010 to 2014", "2010-01-01", "2014-12-31"),
        ("between May and July 2019", "2019-05-01", "2019-07-31"),
        ("between December and March 2019", "2018-12-01", "2019-03-31"),
        ("zwischen 2010 und 2014", "2010-01-01", "2014-12-31"),
        ("1990s", "1990-01-01", "1999-12-31"),
        ("'90s", "1990-01-01", "1999-12-31"),
        ("the nineties", "1990-01-01", "1999-12-31"),
        ("80er Jahre", "1980-01-01", "1989-12-31"),
        ("since 2018", "2018-01-01", "9999-12-31"),
        ("seit Mai", "2026-05-01", "9999-12-31"),
        ("since December", "2025-12-01", "9999-12-31"),
        ("before 2010", "0001-01-01", "2009-12-31"),
        ("vor 2010", "0001-01-01", "2009-12-31"),
        ("after July 2019", "2019-08-01", "9999-12-31"),
        ("until 2010", "0001-01-01", "2010-12-31"),
        ("today", "2026-11-28", "2026-11-28"),
        ("vorgestern", "2026-11-26", "2026-11-26"),
        ("last week", "2026-11-16", "2026-11-22"),
        ("letzten Monat", "2026-10-01", "2026-10-31"),
        ("this year", "2026-01-01", "2026-12-31"),
        ("last 30 days", "2026-10-29", "2026-11-28"),
        ("letzten 3 Jahre", "2023-11-28", "2026-11-28"),
        ("two years ago", "2024-01-01", "2024-12-31"),
        ("vor drei Monaten", "2026-08-01", "2026-08-31"),
        ("last Sunday", "2026-11-22", "2026-11-22"),
        ("last Saturday", "2026-11-21", "2026-11-21"),
        ("last weekend", "2026-11-21", "2026-11-22"),
        ("letzten Juli", "2026-07-01", "2026-07-31"),
        ("last December", "2025-12-01", "2025-12-31"),
    ],
)
def test_days_of_one_span(text: str, first: str, last: str) -> None:
    assert read(text) == ("dates", (f"{first}/{last}",))


@pytest.mark.parametrize(
    ("text", "field", "values"),
    [
        ("3 May", "yearly", ("05-03/05-03",)),
        ("3. Mai", "yearly", ("05-03/05-03",)),
        ("3.5.", "yearly", ("05-03/05-03",)),
        ("July", "yearly", ("07-01/07-31",)),
        ("February", "yearly", ("02-01/02-29",)),
        ("winter", "yearly", ("12-01/02-29",)),
        ("Christmas", "yearly", ("12-24/12-26",)),
        ("Heiligabend", "yearly", ("12-24/12-24",)),
        (
            "Easter",
            "dates",
            ("2024-03-29/2024-04-01", "2025-04-18/2025-04-21", "2026-04-03/2026-04-06"),
        ),
        ("Sunday", "weekday", ("7",)),
        ("sonntags", "weekday", ("7",)),
        ("weekends", "weekday", ("6", "7")),
        ("3/5/2019", "dates", ("2019-05-03/2019-05-03", "2019-03-05/2019-03-05")),
    ],
)
def test_days_that_come_again_and_days_that_may_be_either(
    text: str, field: str, values: tuple[str, ...]
) -> None:
    assert read(text, led=True) == (field, values)


@pytest.mark.parametrize(
    "text",
    ["", "dog", "2015 km", "31 April 2019", "1500", "2999", "3.5", "20150", "maybe", "5 people"],
)
def test_what_is_no_date(text: str) -> None:
    assert read(text) is None


def test_words_that_may_mean_something_else_say_so() -> None:
    dates = Dates(TODAY)
    for text in ("Christmas", "winter", "may", "Sunday"):
        found = dates.read(text, 0)
        assert found is not None and not found.sure
        led = dates.read(text, 0, led=True)
        assert led is not None and led.sure


def test_last_winter_in_january_is_the_one_before() -> None:
    found = Dates(datetime.date(2027, 1, 15)).read("last winter", 0)
    assert found is not None and found.values == ("2025-12-01/2026-02-28",)


@pytest.mark.parametrize(
    "text",
    [
        "on this day", "On This Day", "on this date", "on today's date", "an diesem Tag",
        "am heutigen Tag", "an diesem Datum", "on this day in former years",
        "on this day in history", "this day in past years", "today in previous years",
        "this day years ago", "heute vor Jahren", "heute in früheren Jahren",
        "an diesem Tag in vergangenen Jahren", "an diesem Tag in allen Jahren",
    ],
)  # fmt: skip
def test_on_this_day_is_this_day_of_every_former_year(text: str) -> None:
    assert read(text) == ("dates", ("2024-11-28/2024-11-28", "2025-11-28/2025-11-28"))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("on this day in 2019", "2019-11-28"),
        ("an diesem Tag im Jahr 2019", "2019-11-28"),
        ("on this day last year", "2025-11-28"),
        ("an diesem Tag letztes Jahr", "2025-11-28"),
        ("five years ago today", "2021-11-28"),
        ("heute vor einem Jahr", "2025-11-28"),
        ("today 3 years ago", "2023-11-28"),
        ("today", "2026-11-28"),
        ("this day", "2026-11-28"),
        ("heute", "2026-11-28"),
    ],
)
def test_this_day_of_one_year(text: str, day: str) -> None:
    assert read(text) == ("dates", (f"{day}/{day}",))


@pytest.mark.parametrize(
    ("today", "values"),
    [
        ("2028-02-29", ("2024-02-29/2024-02-29",)),
        ("2026-02-28", ("2024-02-28/2024-02-29", "2025-02-28/2025-02-28")),
        (
            "2028-02-28",
            (*(f"{year}-02-28/{year}-02-28" for year in range(2024, 2028)),),
        ),
    ],
)
def test_a_leap_day_is_the_day_of_the_day_before_where_there_is_none(
    today: str, values: tuple[str, ...]
) -> None:
    dates = Dates(datetime.date.fromisoformat(today), first_year=2024)
    found = dates.read("on this day", 0)
    assert found is not None and found.values == values


def test_a_library_that_began_this_year_has_no_former_day() -> None:
    found = Dates(TODAY, first_year=2026).read("on this day", 0)
    assert found is not None and (found.field, found.values) == ("dates", ())

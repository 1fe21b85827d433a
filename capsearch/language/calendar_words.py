"""English and German words for months, weekdays, seasons and feasts, and the days they mean."""

import datetime
from collections.abc import Callable

from dateutil.easter import easter

Span = tuple[datetime.date, datetime.date]
"""First and last day, both included."""


def numbered(*lines: str, start: int = 1) -> dict[str, int]:
    """The words of each line -> its number."""
    return {word: number for number, line in enumerate(lines, start) for word in line.split()}


MONTHS = numbered(
    "january januar jänner jaenner jan",
    "february februar feber feb",
    "march märz maerz mär mar",
    "april apr",
    "may mai",
    "june juni jun",
    "july juli jul",
    "august aug",
    "september sept sep",
    "october oktober oct okt",
    "november nov",
    "december dezember dec dez",
)

WEEKDAYS = numbered(
    "monday mondays montag montags",
    "tuesday tuesdays dienstag dienstags",
    "wednesday wednesdays mittwoch mittwochs",
    "thursday thursdays donnerstag donnerstags",
    "friday fridays freitag freitags",
    "saturday saturdays samstag samstags sonnabend sonnabends",
    "sunday sundays sonntag sonntags",
)

SEASONS: dict[str, int] = {
    "spring": 3,
    "frühling": 3,
    "fruehling": 3,
    "frühjahr": 3,
    "summer": 6,
    "sommer": 6,
    "autumn": 9,
    "fall": 9,
    "herbst": 9,
    "winter": 12,
}
"""The first of the three months that meteorologists of the north count as this season."""

AMBIGUOUS = frozenset({"may", "march", "mar", "jan", "sept", "dec", "fall", "spring", "mai"})
"""Words that also mean something else: a date only where the words around them say so."""


def month_span(year: int, month: int, months: int = 1) -> Span:
    """The days of so many months from this one on."""
    end = year * 12 + month - 1 + months
    after = datetime.date(end // 12, end % 12 + 1, 1)
    return datetime.date(year, month, 1), after - datetime.timedelta(days=1)


def season_span(name: str, year: int) -> Span:
    """A season's days; a winter is that of the December it begins with."""
    return month_span(year, SEASONS[name], 3)


def _fixed(month: int, day: int, days: int = 1) -> Callable[[int], Span]:
    def span(year: int) -> Span:
        first = datetime.date(year, month, day)
        return first, first + datetime.timedelta(days=days - 1)

    return span


def _around_easter(first: int, last: int) -> Callable[[int], Span]:
    def span(year: int) -> Span:
        sunday = easter(year)
        return sunday + datetime.timedelta(days=first), sunday + datetime.timedelta(days=last)

    return span


def _nth(month: int, weekday: int, nth: int) -> Callable[[int], Span]:
    """The nth such weekday (Monday is 1) of a month."""

    def span(year: int) -> Span:
        first = datetime.date(year, month, 1)
        day = first + datetime.timedelta(days=(weekday - first.isoweekday()) % 7 + 7 * (nth - 1))
        return day, day

    return span


def _advent(year: int) -> Span:
    christmas = datetime.date(year, 12, 25)
    fourth = christmas - datetime.timedelta(days=christmas.isoweekday())
    return fourth - datetime.timedelta(days=21), datetime.date(year, 12, 24)


FEASTS: dict[str, Callable[[int], Span]] = {
    name: span
    for names, span in (
        (("christmas eve", "heiligabend", "heiliger abend"), _fixed(12, 24)),
        (("christmas", "christmastime", "xmas", "weihnachten"), _fixed(12, 24, 3)),
        (("boxing day",), _fixed(12, 26)),
        (("new year's eve", "new years eve", "silvester", "sylvester"), _fixed(12, 31)),
        (("new year's day", "new years day", "neujahr", "new year"), _fixed(1, 1)),
        (("halloween",), _fixed(10, 31)),
        (("valentine's day", "valentines day", "valentinstag"), _fixed(2, 14)),
        (("nikolaus", "nikolaustag", "st nicholas day"), _fixed(12, 6)),
        (("st patrick's day", "st. patrick's day"), _fixed(3, 17)),
        (("independence day", "4th of july", "fourth of july"), _fixed(7, 4)),
        (("advent", "adventszeit"), _advent),
        (("easter sunday", "ostersonntag"), _around_easter(0, 0)),
        (("easter", "ostern"), _around_easter(-2, 1)),
        (("good friday", "karfreitag"), _around_easter(-2, -2)),
        (("pentecost", "whitsun", "pfingsten"), _around_easter(49, 50)),
        (("ascension day", "christi himmelfahrt", "himmelfahrt"), _around_easter(39, 39)),
        (("carnival", "karneval", "fasching", "fastnacht"), _around_easter(-52, -47)),
        (("thanksgiving",), _nth(11, 4, 4)),
        (("mother's day", "mothers day", "muttertag"), _nth(5, 7, 2)),
    )
    for name in names
}
"""Days of a year on which a feast is kept, by its English and German names."""

FIXED_FEASTS = frozenset(
    name
    for name, span in FEASTS.items()
    if span(2023)[0].timetuple()[1:3] == span(2024)[0].timetuple()[1:3]
    and span(2024)[0].timetuple()[1:3] == span(2025)[0].timetuple()[1:3]
)
"""Feasts that fall on the same days every year."""

"""Expressions of time, English and German: 'last summer', 'July 2019', '3. Mai', 'since 2018'.

Written here and not left to a parser of dates: those make one moment out of a text ('summer 2019',
'Christmas', '2010-2014' and 'Sundays' are none), and see dates in words that are not any.
"""

import datetime
import re
from calendar import isleap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from dateutil.relativedelta import relativedelta

from capsearch.language.calendar_words import (
    AMBIGUOUS,
    FEASTS,
    FIXED_FEASTS,
    MONTHS,
    SEASONS,
    WEEKDAYS,
    Span,
    month_span,
    numbered,
    season_span,
)

DateField = Literal["dates", "yearly", "weekday"]
_FIRST_DAY = datetime.date(1, 1, 1)
_LAST_DAY = datetime.date(9999, 12, 31)
_OLDEST_PHOTO = 1826  # Niépce's view from the window


@dataclass(frozen=True)
class DateReading:
    """Days that a text speaks of: what it asks (as in `Condition`) and where it ends.

    sure: these words can mean nothing else; 'Christmas' can, in 'Christmas tree'.
    """

    end: int
    field: DateField
    values: tuple[str, ...]
    sure: bool = True


@dataclass(frozen=True)
class _Meaning:
    """`spans` of days; or of every year (`yearly`, of a leap year), or weekdays."""

    spans: tuple[Span, ...] = ()
    yearly: bool = False
    weekdays: tuple[int, ...] = ()
    sure: bool = True


def _any(words: Iterable[str]) -> str:
    longest_first = sorted(words, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest_first) + ")"


_MONTH = _any(MONTHS)
_WEEKDAY = _any(WEEKDAYS)
_SEASON = _any(SEASONS)
_FEAST = _any(FEASTS)
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_DAY_OF = _DAY + r"(?:st|nd|rd|th|\.)?"
_YEAR = r"(?:18[3-9]\d|19\d\d|20\d\d)"
_DASH = r"\s*[-\u2013\u2014]\s*"
_TO = r"(?:\s+(?:to|until|till|through|bis)\s+|" + _DASH + ")"
_UP_TO = re.compile(_TO, re.IGNORECASE)
_AND = re.compile(r"\s+(?:and|und)\s+", re.IGNORECASE)
_LAST = r"(?:last|past|previous|letzte[nrsm]?|vorige[nrsm]?|vergangene[nrsm]?)"
_THIS = r"(?:this|diese[nrsm]?)"
_COUNT = numbered(
    "one a an ein eine einem einer einen",
    "two zwei",
    "three drei",
    "four vier",
    "five fünf",
    "six sechs",
    "seven sieben",
    "eight acht",
    "nine neun",
    "ten zehn",
) | {"couple of": 2, "few": 3, "paar": 3}
_NUMBER = r"(?:\d{1,3}|" + _any(_COUNT) + ")"
_UNITS = {
    "days": "day days tag tage tagen",
    "weeks": "week weeks woche wochen",
    "months": "month months monat monate monaten",
    "years": "year years jahr jahre jahren",
}
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_UNIT = _any(_UNIT_OF)
_DECADES = numbered(
    "twenties zwanziger zwanzigern",
    "thirties dreißiger dreissiger dreißigern",
    "forties vierziger vierzigern",
    "fifties fünfziger fünfzigern",
    "sixties sechziger sechzigern",
    "seventies siebziger siebzigern",
    "eighties achtziger achtzigern",
    "nineties neunziger neunzigern",
    start=192,
)
_NOT_A_YEAR = (
    r"(?!\w)(?!\s*(?:km|m|cm|mm|px|€|\$|%|eur|euro|people|leute|steps|stufen)\b)(?![.,]\d)"
)

_Reader = Callable[["Dates", "re.Match[str]"], "_Meaning | None"]
_READERS: list[tuple[re.Pattern[str], _Reader]] = []


def _reads(pattern: str) -> Callable[[_Reader], _Reader]:
    def keep(reader: _Reader) -> _Reader:
        compiled = re.compile(pattern + r"(?!\w)", re.IGNORECASE)
        _READERS.append((compiled, reader))
        return reader

    return keep


class Dates:
    """Reads expressions of time as they are meant on `today`; `first_year` is that of the oldest
    photo, from which feasts that move are listed for every year."""

    def __init__(self, today: datetime.date, first_year: int = 1970) -> None:
        self._today = today
        self._years = range(max(min(first_year, today.year), _OLDEST_PHOTO), today.year + 1)

    def read(self, text: str, at: int, *, led: bool = False) -> DateReading | None:
        """Read the longest expression that begins at this place of `text`; None for none.

        `led`: a word of time ('in', 'im', 'on', 'every') stands before it.
        """
        return self._read_relation(text, at) or self._read_days(text, at, led=led)

    def _read_days(self, text: str, at: int, *, led: bool) -> DateReading | None:
        best: DateReading | None = None
        for pattern, reader in _READERS:
            match = pattern.match(text, at)
            if match is None or (best is not None and match.end() <= best.end):
                continue
            try:
                meaning = reader(self, match)
            except (ValueError, OverflowError):  # the 31st of April
                continue
            if meaning is not None:
                best = _reading(match.end(), meaning, led=led)
        return best

    def _read_relation(self, text: str, at: int) -> DateReading | None:
        """'since 2018', 'before July 2010', 'from 2010 to 2014', 'between May and July 2019'."""
        word = _RELATION.match(text, at)
        if word is None:
            return None
        first = self._spans_at(text, word.end())
        if first is None:
            return None
        spans, end = first
        if (relation := _RELATIONS[word[1].lower()]) == "from":
            between = word[1].lower() in ("between", "zwischen")
            return self._range(text, between, word.end(), spans, end)
        span = {
            "since": (spans[0][0], _LAST_DAY),
            "after": (spans[-1][1] + datetime.timedelta(days=1), _LAST_DAY),
            "before": (_FIRST_DAY, spans[0][0] - datetime.timedelta(days=1)),
            "until": (_FIRST_DAY, spans[-1][1]),
        }[relation]
        return DateReading(end, "dates", (_written(span),))

    def _range(
        self, text: str, between: bool, at: int, first: list[Span], end: int
    ) -> DateReading | None:
        """Read what follows 'from ...', of which `first` was read `at` this place."""
        to = (_AND if between else _UP_TO).match(text, end)
        last = self._spans_at(text, to.end()) if to else None
        if last is not None:
            whole = self._first_day(text, at, first, last[0]), last[0][-1][1]
            return DateReading(last[1], "dates", (_written(whole),)) if _runs(whole) else None
        return None if between else DateReading(end, "dates", tuple(map(_written, first)))

    def _first_day(self, text: str, at: int, first: list[Span], last: list[Span]) -> datetime.date:
        """'from May to July 2019' begins in 2019, 'from December to March 2019' in 2018."""
        reading = self._read_days(text, at, led=True)
        if reading is None or reading.field != "yearly":
            return first[0][0]
        begin, end = reading.values[0].split("/")[0], last[-1][1]
        this_year = _of_year(begin, end.year)
        return this_year if this_year <= end else _of_year(begin, end.year - 1)

    def _spans_at(self, text: str, at: int) -> tuple[list[Span], int] | None:
        """Days of known years that are spoken of at this place."""
        found = self._read_days(text, at, led=True)
        if found is None:
            return None
        if found.field == "dates":
            return [_unwritten(value) for value in found.values], found.end
        if found.field == "yearly":  # 'since May': the last one that has begun
            first, last = found.values[0].split("/")
            spans = [
                (_of_year(first, year), _of_year(last, year + (last < first)))
                for year in (self._today.year, self._today.year - 1)
            ]
            return [next(span for span in spans if span[0] <= self._today)], found.end
        return None

    # What the patterns mean

    def _year(self, year: int) -> _Meaning | None:
        if not _OLDEST_PHOTO <= year <= self._today.year + 1:
            return None
        return _days(datetime.date(year, 1, 1), datetime.date(year, 12, 31))

    def _latest(self, span_of: Callable[[int], Span]) -> Span:
        """The last one that is over."""
        spans = (span_of(self._today.year - back) for back in range(3))
        return next(span for span in spans if span[1] < self._today)

    def _this(self, span_of: Callable[[int], Span]) -> Span:
        """This year's, or the winter that goes on."""
        before = span_of(self._today.year - 1)
        return before if before[0] <= self._today <= before[1] else span_of(self._today.year)

    def _ago(self, unit: str, count: int) -> datetime.date:
        return self._today - relativedelta(**{unit: count})  # type: ignore[arg-type]

    def _week(self, back: int) -> Span:
        monday = self._today - datetime.timedelta(days=self._today.weekday() + 7 * back)
        return monday, monday + datetime.timedelta(days=6)

    def _unit_span(self, unit: str, back: int) -> Span:
        """This day, week, month or year, or the one so many back."""
        if unit == "weeks":
            return self._week(back)
        day = self._ago(unit, back)
        if unit == "months":
            return month_span(day.year, day.month)
        if unit == "years":
            return datetime.date(day.year, 1, 1), datetime.date(day.year, 12, 31)
        return day, day


def _days(*bounds: datetime.date) -> _Meaning:
    return _Meaning(spans=((bounds[0], bounds[-1]),))


def _runs(span: Span) -> bool:
    return span[0] <= span[1]


def _reading(end: int, meaning: _Meaning, *, led: bool) -> DateReading:
    sure = meaning.sure or led
    if meaning.weekdays:
        return DateReading(end, "weekday", tuple(map(str, meaning.weekdays)), sure)
    if meaning.yearly:
        values = tuple(f"{first:%m-%d}/{last:%m-%d}" for first, last in meaning.spans)
        return DateReading(end, "yearly", values, sure)
    return DateReading(end, "dates", tuple(map(_written, meaning.spans)), sure)


def _written(span: Span) -> str:
    return f"{span[0].isoformat()}/{span[1].isoformat()}"


def this_day_before(today: datetime.date, first_year: int) -> list[Span]:
    """This day in each year since `first_year` that has it and is over. A 29 February is the day
    of 28 February too, in years that have none."""
    spans = []
    for year in range(max(first_year, _OLDEST_PHOTO), today.year):
        if (today.month, today.day, isleap(year)) == (2, 29, False):
            continue
        day = today.replace(year=year)
        both = (today.month, today.day) == (2, 28) and isleap(year) and not isleap(today.year)
        spans.append((day, day + datetime.timedelta(days=int(both))))
    return spans


def written_days(spans: Iterable[Span]) -> tuple[str, ...]:
    """Spans of days as the values of a `Condition` on "dates"."""
    return tuple(map(_written, spans))


def _unwritten(value: str) -> Span:
    first, last = value.split("/")
    return datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)


def _of_year(month_day: str, year: int) -> datetime.date:
    month, day = map(int, month_day.split("-"))
    return min(datetime.date(year, month, 1) + relativedelta(day=day), _LAST_DAY)


def _month(word: str) -> int:
    return MONTHS[word.lower()]


def _full_year(year: str, today: datetime.date) -> int:
    """Two digits are the last such year that is not to come."""
    if len(year) > 2:
        return int(year)
    century = today.year - today.year % 100
    return century + int(year) - (100 if century + int(year) > today.year else 0)


def _feast_name(words: str) -> str:
    return " ".join(words.lower().replace("\u2019", "'").split())


_LEAP = 2024
_RELATIONS: Mapping[str, str] = {
    **dict.fromkeys(("since", "seit"), "since"),
    **dict.fromkeys(("after", "nach"), "after"),
    **dict.fromkeys(("before", "vor"), "before"),
    **dict.fromkeys(("until", "till", "bis"), "until"),
    **dict.fromkeys(("from", "between", "von", "zwischen", "ab"), "from"),
}
_RELATION = re.compile(f"({_any(_RELATIONS)})" + r"\s+(?:the\s+|dem\s+|den\s+|der\s+)?", re.I)


@_reads(rf"({_YEAR})([-/.])(0[1-9]|1[0-2])\2({_DAY})")
def _iso_day(dates: Dates, found: "re.Match[str]") -> _Meaning:
    return _days(datetime.date(int(found[1]), int(found[3]), int(found[4])))


@_reads(rf"({_DAY})\.\s?(0?[1-9]|1[0-2])\.\s?({_YEAR}|\d\d)")
def _german_day(dates: Dates, found: "re.Match[str]") -> _Meaning:
    year = _full_year(found[3], dates._today)
    return _days(datetime.date(year, int(found[2]), int(found[1])))


@_reads(r"(\d{1,2})/(\d{1,2})/(" + _YEAR + r"|\d\d)")
def _slashed_day(dates: Dates, found: "re.Match[str]") -> _Meaning | None:
    """Day and month may stand in either order; where both can be, both are meant."""
    year, spans = _full_year(found[3], dates._today), []
    for day, month in dict.fromkeys(
        ((int(found[1]), int(found[2])), (int(found[2]), int(found[1])))
    ):
        if month <= 12:
            spans.append((datetime.date(year, month, day),) * 2)
    return _Meaning(spans=tuple(spans)) if spans else None


@_reads(rf"({_DAY})\.(0?[1-9]|1[0-2])\.")
def _german_day_yearly(dates: Dates, found: "re.Match[str]") -> _Meaning:
    return _yearly(int(found[2]), int(found[1]), int(found[1]))


def _yearly(month: int, first: int, last: int) -> _Meaning:
    span = datetime.date(_LEAP, month, first), datetime.date(_LEAP, month, last)
    return _Meaning(spans=(span,), yearly=True)


@_reads(
    rf"(?:the\s+)?({_DAY})(?:st|nd|rd|th|\.)?(?:{_TO}({_DAY_OF}))?\s*(?:of\s+)?({_MONTH})\b\.?"
    rf"(?:,?\s*({_YEAR}))?"
)
def _day_month(dates: Dates, found: "re.Match[str]") -> _Meaning:
    last = re.sub(r"\D", "", found[2]) if found[2] else found[1]
    return _day_or_yearly(found[4], _month(found[3]), int(found[1]), int(last))


@_reads(rf"({_MONTH})\s+({_DAY})(?:st|nd|rd|th)?(?:{_TO}({_DAY_OF}))?(?!\s*\.)(?:,?\s+({_YEAR}))?")
def _month_day(dates: Dates, found: "re.Match[str]") -> _Meaning:
    last = re.sub(r"\D", "", found[3]) if found[3] else found[2]
    return _day_or_yearly(found[4], _month(found[1]), int(found[2]), int(last))


def _day_or_yearly(year: str | None, month: int, first: int, last: int) -> _Meaning:
    if year is None:
        return _yearly(month, first, last)
    return _days(datetime.date(int(year), month, first), datetime.date(int(year), month, last))


@_reads(rf"({_MONTH})\b\.?,?\s*(?:of\s+)?({_YEAR})")
def _month_year(dates: Dates, found: "re.Match[str]") -> _Meaning:
    return _days(*month_span(int(found[2]), _month(found[1])))


@_reads(rf"({_YEAR})-(0[1-9]|1[0-2])")
def _iso_month(dates: Dates, found: "re.Match[str]") -> _Meaning:
    return _days(*month_span(int(found[1]), int(found[2])))


@_reads(rf"(0?[1-9]|1[0-2])[/.]({_YEAR})")
def _number_month(dates: Dates, found: "re.Match[str]") -> _Meaning:
    return _days(*month_span(int(found[2]), int(found[1])))


@_reads(rf"({_MONTH}){_TO}({_MONTH})(?:\s+({_YEAR}))?")
def _months(dates: Dates, found: "re.Match[str]") -> _Meaning:
    first, last = _month(found[1]), _month(found[2])
    year = int(found[3]) if found[3] else _LEAP
    begin = month_span(year - (last < first and found[3] is not None), first)[0]
    return _Meaning(spans=((begin, month_span(year, last)[1]),), yearly=found[3] is None)


@_reads(rf"({_SEASON})\s+(?:of\s+)?({_YEAR})(?:/\d\d(?:\d\d)?)?")
def _season_year(dates: Dates, found: "re.Match[str]") -> _Meaning:
    return _days(*season_span(found[1].lower(), int(found[2])))


@_reads(rf"({_LAST}|{_THIS})\s+({_SEASON})")
def _season_near(dates: Dates, found: "re.Match[str]") -> _Meaning:
    name = found[2].lower()
    pick = dates._this if re.match(_THIS, found[1], re.I) else dates._latest
    return _days(*pick(lambda year: season_span(name, year)))


@_reads(rf"({_SEASON})s?")
def _season(dates: Dates, found: "re.Match[str]") -> _Meaning:
    """'winter' alone is as much what a photo shows as when it was taken."""
    first, last = season_span(found[1].lower(), _LEAP - 1)  # whose winter has a 29 February
    return _Meaning(spans=((first, last),), yearly=True, sure=False)


@_reads(rf"({_FEAST})(?:\s+(?:of\s+)?({_YEAR}))")
def _feast_year(dates: Dates, found: "re.Match[str]") -> _Meaning:
    return _days(*FEASTS[_feast_name(found[1])](int(found[2])))


@_reads(rf"({_LAST}|{_THIS})\s+({_FEAST})")
def _feast_near(dates: Dates, found: "re.Match[str]") -> _Meaning:
    span_of = FEASTS[_feast_name(found[2])]
    return _days(*(dates._this if re.match(_THIS, found[1], re.I) else dates._latest)(span_of))


@_reads(rf"({_FEAST})")
def _feast(dates: Dates, found: "re.Match[str]") -> _Meaning:
    name = _feast_name(found[1])
    if name in FIXED_FEASTS:
        return _Meaning(spans=(FEASTS[name](_LEAP),), yearly=True, sure=False)
    return _Meaning(spans=tuple(FEASTS[name](year) for year in dates._years), sure=False)


@_reads(rf"({_YEAR}){_TO}({_YEAR}|\d\d)" + _NOT_A_YEAR)
def _years(dates: Dates, found: "re.Match[str]") -> _Meaning | None:
    first = int(found[1])
    last = int(found[2]) if len(found[2]) > 2 else first - first % 100 + int(found[2])
    if not _OLDEST_PHOTO <= first <= last:
        return None
    return _days(datetime.date(first, 1, 1), datetime.date(last, 12, 31))


@_reads(rf"({_YEAR})" + _NOT_A_YEAR)
def _one_year(dates: Dates, found: "re.Match[str]") -> _Meaning | None:
    return dates._year(int(found[1]))


@_reads(
    r"(?:the\s+|den\s+|die\s+)?(?:((?:18|19|20)\d0)|['\u2019]?(\d0))['\u2019]?(?:s|er|ern)(?:\s+jahren?)?"
)
def _decade(dates: Dates, found: "re.Match[str]") -> _Meaning:
    first = int(found[1]) if found[1] else _full_year(found[2], dates._today)
    return _days(datetime.date(first, 1, 1), datetime.date(first + 9, 12, 31))


@_reads(rf"(?:the\s+|den\s+|die\s+)?({_any(_DECADES)})(?:\s+jahren?)?")
def _decade_word(dates: Dates, found: "re.Match[str]") -> _Meaning:
    first = 10 * _DECADES[found[1].lower()]
    return _days(datetime.date(first, 1, 1), datetime.date(first + 9, 12, 31))


_ON_THIS_DAY = (
    r"(?:on\s+this\s+(?:very\s+)?(?:day|date)|on\s+today['\u2019]?s\s+date"
    r"|an\s+diesem\s+(?:tage?|datum)|am\s+heutigen\s+tage?)"
)
_TODAY = r"(?:(?:on\s+)?this\s+(?:day|date)|today|dieser\s+tag|heute|" + _ON_THIS_DAY + ")"
_IN_FORMER_YEARS = (
    r"(?:\s+(?:in|of|from|over|through|across|aus|über|durch)(?:\s+(?:the|den|die|all|allen))?"
    r"(?:\s+(?:former|past|previous|earlier|other|last|früheren|vergangenen|vorigen|anderen|letzten"
    r"|frühere|vergangene|andere))?\s+(?:years|jahren?)"
    r"|\s+in\s+history|\s+years\s+ago|\s+vor\s+jahren)"
)


@_reads(rf"(?:{_ON_THIS_DAY}{_IN_FORMER_YEARS}?|{_TODAY}{_IN_FORMER_YEARS})")
def _on_this_day(dates: Dates, found: "re.Match[str]") -> _Meaning:
    """This day in all former years of the library, as days: of this year it is 'today'."""
    return _Meaning(spans=tuple(this_day_before(dates._today, dates._years.start)))


@_reads(rf"{_ON_THIS_DAY},?\s+(?:(?:in\s+|im\s+jahre?\s+)?({_YEAR})|({_LAST})\s+(?:year|jahr))")
def _on_this_day_of(dates: Dates, found: "re.Match[str]") -> _Meaning:
    year = int(found[1]) if found[1] else dates._today.year - 1
    return _days(_of_year(f"{dates._today:%m-%d}", year))


@_reads(
    rf"(?:({_NUMBER})\s+years?\s+ago\s+(?:today|on\s+this\s+day)"
    rf"|{_TODAY},?\s+(?:({_NUMBER})\s+years?\s+ago|vor\s+({_NUMBER})\s+jahr(?:en)?))"
)
def _years_ago_today(dates: Dates, found: "re.Match[str]") -> _Meaning:
    return _days(dates._ago("years", _count(found[1] or found[2] or found[3])))


@_reads(r"(today|heute|yesterday|gestern|(?:the\s+)?day\s+before\s+yesterday|vorgestern)")
def _near_day(dates: Dates, found: "re.Match[str]") -> _Meaning:
    word = found[1].lower()
    back = 0 if word in ("today", "heute") else 1 if word in ("yesterday", "gestern") else 2
    return _days(dates._ago("days", back))


@_reads(rf"(?:the\s+|in\s+den\s+|die\s+|der\s+)?{_LAST}\s+({_NUMBER})\s+({_UNIT})")
def _last_units(dates: Dates, found: "re.Match[str]") -> _Meaning:
    return _days(dates._ago(_UNIT_OF[found[2].lower()], _count(found[1])), dates._today)


@_reads(rf"(?:the\s+)?({_LAST}|{_THIS})\s+({_UNIT})")
def _near_unit(dates: Dates, found: "re.Match[str]") -> _Meaning:
    back = 0 if re.match(_THIS, found[1], re.I) else 1
    return _days(*dates._unit_span(_UNIT_OF[found[2].lower()], back))


@_reads(rf"(?:({_NUMBER})\s+({_UNIT})\s+ago|vor\s+({_NUMBER})\s+({_UNIT}))")
def _ago(dates: Dates, found: "re.Match[str]") -> _Meaning:
    """As exactly as it is said: 'two years ago' is that whole year."""
    count, unit = _count(found[1] or found[3]), _UNIT_OF[(found[2] or found[4]).lower()]
    return _days(*dates._unit_span(unit, count))


def _count(word: str) -> int:
    return int(word) if word.isdecimal() else _COUNT[" ".join(word.lower().split())]


@_reads(rf"({_LAST}|{_THIS})\s+({_WEEKDAY})")
def _near_weekday(dates: Dates, found: "re.Match[str]") -> _Meaning:
    weekday = WEEKDAYS[found[2].lower()]
    back = (dates._today.isoweekday() - weekday) % 7
    if not re.match(_THIS, found[1], re.I):
        back = back or 7
    return _days(dates._ago("days", back))


@_reads(rf"({_LAST}|{_THIS})\s+(?:weekend|wochenende)")
def _near_weekend(dates: Dates, found: "re.Match[str]") -> _Meaning:
    back = 0 if re.match(_THIS, found[1], re.I) or dates._today.isoweekday() == 7 else 1
    if dates._today.isoweekday() == 7 and not re.match(_THIS, found[1], re.I):
        back = 1
    monday = dates._week(back)[0]
    return _days(monday + datetime.timedelta(days=5), monday + datetime.timedelta(days=6))


@_reads(rf"({_WEEKDAY})")
def _weekday(dates: Dates, found: "re.Match[str]") -> _Meaning:
    return _Meaning(weekdays=(WEEKDAYS[found[1].lower()],), sure=False)


@_reads(r"(?:weekends?|wochenenden?)")
def _weekend(dates: Dates, found: "re.Match[str]") -> _Meaning:
    return _Meaning(weekdays=(6, 7), sure=False)


@_reads(rf"({_LAST}|{_THIS})\s+({_MONTH})")
def _near_month(dates: Dates, found: "re.Match[str]") -> _Meaning:
    month = _month(found[2])
    pick = dates._this if re.match(_THIS, found[1], re.I) else dates._latest
    return _days(*pick(lambda year: month_span(year, month)))


@_reads(rf"({_MONTH})\b")
def _month_alone(dates: Dates, found: "re.Match[str]") -> _Meaning:
    span = month_span(_LEAP, _month(found[1]))
    return _Meaning(spans=(span,), yearly=True, sure=found[1].lower() not in AMBIGUOUS)

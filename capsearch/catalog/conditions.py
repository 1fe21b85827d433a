"""Filters as sets of photos: each thing that is asked as a SELECT of the searchable photos that
satisfy it, by the index that has them together.

As one condition on the table `photos` they would have SQLite look up each photo's row, ten times
as long for what many photos satisfy.
"""

import datetime
from collections.abc import Callable, Sequence
from typing import NamedTuple

from capsearch.catalog.records import Condition, Field, Filters
from capsearch.catalog.sql import marks, within
from capsearch.catalog.words import words_of
from capsearch.photos.metadata.model import LENGTHS
from capsearch.text import folded

AWAY = "NOT EXISTS (SELECT 1 FROM files WHERE photo_id = photos.id AND files.state = 'present')"
"""That a photo lies on drives alone that are not connected."""


class Select(NamedTuple):
    """A SELECT of photo ids, in any order and some more than once, and its values."""

    statement: str
    values: tuple[str | int | float | bytes, ...] = ()


SEARCHABLE = Select("SELECT id FROM photos WHERE searchable")

_NOTHING = Select("SELECT id FROM photos WHERE 0")

# What people say in place of the formats' own names.
_FORMATS = {"JPG": "JPEG", "HEIC": "HEIF", "TIF": "TIFF", "JP2": "JPEG2000"}


def selects_of(filters: Filters) -> list[tuple[Select, bool]]:
    """The sets that a photo must be in to pass or, where True stands beside it, must not be in.

    Raises:
        ValueError: a value is none of its field.
    """
    wanted: list[Select] = []
    if filters.first is not None or filters.last is not None:
        wanted.append(_taken_within(filters.first, filters.last))
    if filters.folders:
        wanted.append(_in_folders(filters.folders))
    wanted += [_labelled("person", (name,)) for name in filters.people]
    if filters.cameras:
        wanted.append(_labelled("camera", filters.cameras))
    if filters.formats:
        wanted.append(_searchable(f"format IN ({marks(filters.formats)})", *filters.formats))
    if filters.offline is not None:
        wanted.append(_searchable(AWAY if filters.offline else f"NOT {AWAY}"))
    return [
        *((select, False) for select in wanted),
        *((_asked(condition), condition.negated) for condition in filters.conditions),
    ]


def _asked(condition: Condition) -> Select:
    """Those of which the condition holds, `negated` or not; see `Condition` for the values."""
    asked = _BY_FIELD.get(condition.field)
    if asked is not None:
        return asked(condition.values)
    return _labelled(condition.field, condition.values)


def phrase(text: str) -> str | None:
    """The words of `text`, one after the other, as the full-text table is asked for them; None
    where it has none."""
    words = words_of(text)
    return f'"{" ".join(words)}"' if words else None


def _searchable(where: str, *values: str | int | float) -> Select:
    return Select(f"{SEARCHABLE.statement} AND ({where})", values)


def _labelled(field: Field, names: Sequence[str]) -> Select:
    return Select(
        f"SELECT photo_id FROM labels WHERE field = ? AND labels.folded IN ({marks(names)})",
        (field, *map(folded, names)),
    )


def _subject(names: Sequence[str]) -> Select:
    """Those of which the person says so; also those on which a person of this name is named."""
    shown = (
        "SELECT photos.id FROM subjects JOIN subject_photos ON subject_id = subjects.id AND shows"
        f" JOIN photos USING (hash) WHERE searchable AND subjects.folded IN ({marks(names)})"
    )
    person = _labelled("person", names)
    return Select(f"{shown} UNION ALL {person.statement}", (*map(folded, names), *person.values))


def _place(names: Sequence[str]) -> Select:
    written = _labelled("place", names)
    taken = (
        "SELECT photos.id FROM photos JOIN spellings USING (locality_id)"
        f" WHERE searchable AND spellings.folded IN ({marks(names)})"
    )
    return Select(f"{written.statement} UNION ALL {taken}", (*written.values, *map(folded, names)))


def _in_folders(folders: Sequence[str]) -> Select:
    inside = [within(folder) for folder in folders]
    either = " OR ".join(f"({where})" for where, _ in inside)
    return Select(
        "SELECT photo_id FROM files JOIN photos ON photos.id = photo_id"
        f" WHERE searchable AND files.state <> 'missing' AND ({either})",
        tuple(bound for _, bounds in inside for bound in bounds),
    )


def _format(values: Sequence[str]) -> Select:
    names = [_FORMATS.get(value.upper(), value.upper()) for value in values]
    return _searchable(f"upper(format) IN ({marks(names)})", *names)


def _kind(values: Sequence[str]) -> Select:
    labelled = _labelled("kind", values)
    if "copies" not in values:
        return labelled
    stacked = "SELECT photo_id FROM stacks JOIN photos ON photos.id = photo_id WHERE searchable"
    return Select(f"{labelled.statement} UNION ALL {stacked}", labelled.values)


def _rating(values: Sequence[str]) -> Select:
    return _searchable("rating >= ?", min(map(int, values), default=6))


def _dates(values: Sequence[str]) -> Select:
    def between(value: str) -> Select:
        first, last = map(datetime.date.fromisoformat, value.split("/"))
        return _taken_within(first, last)

    return _any(between, values)


def _yearly(values: Sequence[str]) -> Select:
    def between(value: str) -> Select:
        # Of a leap year, so that every day of a year is one.
        first, last = (datetime.date.fromisoformat(f"2000-{day}") for day in value.split("/"))
        # What is known to the month counts where its first day and its last do.
        begins = "substr(taken_local || '-01', 6, 5)"
        ends = "substr(taken_local || '-31', 6, 5)"
        values = (f"{first:%m-%d}", _month_end(last))
        if first <= last:
            inside = f"{begins} >= ? AND {ends} <= ?"
        else:
            inside = f"{begins} >= ? OR {ends} <= ?"
        return _searchable(f"length(taken_local) > 4 AND ({inside})", *values)

    return _any(between, values)


def _weekday(values: Sequence[str]) -> Select:
    days = [int(value) % 7 for value in values]
    # Julian days begin at noon, and half a day after the third of them a Sunday does.
    day = "CAST(julianday(substr(taken_local, 1, 10)) + 1.5 AS INTEGER) % 7"
    return _searchable(f"length(taken_local) > 7 AND {day} IN ({marks(days)})", *days)


def _words(values: Sequence[str]) -> Select:
    def found(value: str) -> Select:
        asked = phrase(value)
        if asked is None:
            return _NOTHING
        return Select("SELECT rowid FROM words WHERE words MATCH ?", (asked,))

    return _any(found, values)


def _area(values: Sequence[str]) -> Select:
    def inside(value: str) -> Select:
        south, west, north, east = map(float, value.split("/"))
        return _searchable(
            "latitude BETWEEN ? AND ? AND longitude BETWEEN ? AND ?", south, north, west, east
        )

    return _any(inside, values)


_BY_FIELD: dict[Field, Callable[[Sequence[str]], Select]] = {
    "subject": _subject,
    "place": _place,
    "format": _format,
    "kind": _kind,
    "rating": _rating,
    "dates": _dates,
    "yearly": _yearly,
    "weekday": _weekday,
    "words": _words,
    "area": _area,
}


def _any(made: Callable[[str], Select], values: Sequence[str]) -> Select:
    each = [made(value) for value in values] or [_NOTHING]
    return Select(
        " UNION ALL ".join(select.statement for select in each),
        tuple(value for select in each for value in select.values),
    )


def _month_end(day: datetime.date) -> str:
    """A day of the year as text that is not before a month's last day if it is that; months count
    as having 31."""
    is_last = (day + datetime.timedelta(days=1)).day == 1
    return f"{day:%m}-31" if is_last else f"{day:%m-%d}"


def _taken_within(first: datetime.date | None, last: datetime.date | None) -> Select:
    """Those taken on these days; what is known to the year or month alone, where all of it is
    within them. A shorter date, as text, comes before the longer ones that it begins."""
    wheres: list[str] = []
    values: list[str] = []
    if first is not None:
        wheres.append("taken_local >= ?")
        values.append(_longest_span_from(first))
    if last is not None:
        after = _span_behind(last)
        wheres.append("taken_local < ?")
        values.append(after)
        # They begin within the days, and end behind them.
        for length in LENGTHS.values():
            if length < len(after) and last.isoformat()[:length] == after[:length]:
                wheres.append("taken_local <> ?")
                values.append(after[:length])
    return _searchable(" AND ".join(wheres), *values)


def _longest_span_from(day: datetime.date) -> str:
    """The year or month that begins on a day, else the day, as dates are kept."""
    if day.day > 1:
        return day.isoformat()
    return day.isoformat()[: LENGTHS["year" if day.month == 1 else "month"]]


def _span_behind(day: datetime.date) -> str:
    if day == datetime.date.max:
        return "9999-99"
    return _longest_span_from(day + datetime.timedelta(days=1))

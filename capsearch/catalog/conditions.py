"""Filters as conditions on the table `photos`, in SQL. None is ever NULL, so that each can be
negated: a photo without the thing asked of passes then."""

import datetime
from collections.abc import Callable, Sequence
from typing import Any

from capsearch.catalog.records import Condition, Field, Filters
from capsearch.catalog.sql import marks, within
from capsearch.catalog.words import words_of
from capsearch.text import folded

Sql = tuple[str, list[Any]]
"""A condition and its values."""

AWAY = "NOT EXISTS (SELECT 1 FROM files WHERE photo_id = photos.id AND files.state = 'present')"
"""That a photo lies on drives alone that are not connected."""

NOTHING: Sql = ("0", [])

# What people say in place of the formats' own names.
_FORMATS = {"JPG": "JPEG", "HEIC": "HEIF", "TIF": "TIFF", "JP2": "JPEG2000"}


def filters_sql(filters: Filters) -> Sql:
    """That a photo is searchable and passes.

    Raises:
        ValueError: a value is none of its field.
    """
    parts: list[Sql] = [("searchable", [])]
    if filters.first is not None:
        parts.append(("coalesce(taken_local >= ?, 0)", [filters.first.isoformat()]))
    if filters.last is not None:
        parts.append(("coalesce(taken_local < ?, 0)", [_day_after(filters.last)]))
    if filters.folders:
        parts.append(_in_folders(filters.folders))
    parts += [_labelled("person", (name,)) for name in filters.people]
    if filters.cameras:
        parts.append(_labelled("camera", filters.cameras))
    if filters.formats:
        parts.append((f"format IN ({marks(filters.formats)})", list(filters.formats)))
    if filters.offline is not None:
        parts.append((AWAY if filters.offline else f"NOT {AWAY}", []))
    parts += map(condition_sql, filters.conditions)
    return _joined(" AND ", parts)


def condition_sql(condition: Condition) -> Sql:
    """That the condition holds; see `Condition` for the values.

    Raises:
        ValueError: a value is none of its field.
    """
    asked = _BY_FIELD.get(condition.field)
    found = (
        asked(condition.values)
        if asked is not None
        else _labelled(condition.field, condition.values)
    )
    return (f"NOT ({found[0]})", found[1]) if condition.negated else found


def phrase(text: str) -> str | None:
    """The words of `text`, one after the other, as the full-text table is asked for them; None
    where it has none."""
    words = words_of(text)
    return f'"{" ".join(words)}"' if words else None


def _labelled(field: Field, names: Sequence[str]) -> Sql:
    return (
        "id IN (SELECT photo_id FROM labels"
        f" WHERE field = ? AND labels.folded IN ({marks(names)}))",
        [field, *map(folded, names)],
    )


def _place(names: Sequence[str]) -> Sql:
    compared = list(map(folded, names))
    # One list of ids: joined by OR, the two would have all photos looked at.
    return (
        "id IN (SELECT photo_id FROM labels"
        f" WHERE field = 'place' AND labels.folded IN ({marks(names)})"
        " UNION ALL SELECT photos.id FROM photos JOIN spellings USING (locality_id)"
        f" WHERE spellings.folded IN ({marks(names)}))",
        compared * 2,
    )


def _in_folders(folders: Sequence[str]) -> Sql:
    inside = [within(folder) for folder in folders]
    either = " OR ".join(f"({where})" for where, _ in inside)
    return (
        f"id IN (SELECT photo_id FROM files WHERE state <> 'missing' AND ({either}))",
        [bound for _, bounds in inside for bound in bounds],
    )


def _format(values: Sequence[str]) -> Sql:
    names = [_FORMATS.get(value.upper(), value.upper()) for value in values]
    return f"upper(format) IN ({marks(names)})", names


def _rating(values: Sequence[str]) -> Sql:
    return "coalesce(rating >= ?, 0)", [min(map(int, values), default=6)]


def _dates(values: Sequence[str]) -> Sql:
    def between(value: str) -> Sql:
        first, last = map(datetime.date.fromisoformat, value.split("/"))
        held = "coalesce(taken_local >= ? AND taken_local < ?, 0)"
        return held, [first.isoformat(), _day_after(last)]

    return _any(between, values)


def _yearly(values: Sequence[str]) -> Sql:
    def between(value: str) -> Sql:
        # Of a leap year, so that every day of a year is one.
        first, last = (datetime.date.fromisoformat(f"2000-{day}") for day in value.split("/"))
        either = "AND" if first <= last else "OR"
        day = "substr(taken_local, 6, 5)"
        return f"coalesce({day} >= ? {either} {day} <= ?, 0)", [f"{first:%m-%d}", f"{last:%m-%d}"]

    return _any(between, values)


def _weekday(values: Sequence[str]) -> Sql:
    days = [str(int(value) % 7) for value in values]  # SQLite's Sunday is 0
    day = "strftime('%w', substr(taken_local, 1, 10))"
    return f"coalesce({day} IN ({marks(days)}), 0)", days


def _words(values: Sequence[str]) -> Sql:
    def found(value: str) -> Sql:
        asked = phrase(value)
        held = "id IN (SELECT rowid FROM words WHERE words MATCH ?)"
        return NOTHING if asked is None else (held, [asked])

    return _any(found, values)


_BY_FIELD: dict[Field, Callable[[Sequence[str]], Sql]] = {
    "place": _place,
    "format": _format,
    "rating": _rating,
    "dates": _dates,
    "yearly": _yearly,
    "weekday": _weekday,
    "words": _words,
}


def _any(made: Callable[[str], Sql], values: Sequence[str]) -> Sql:
    return _joined(" OR ", [made(value) for value in values]) if values else NOTHING


def _joined(link: str, parts: Sequence[Sql]) -> Sql:
    return link.join(f"({where})" for where, _ in parts), [
        value for _, values in parts for value in values
    ]


def _day_after(day: datetime.date) -> str:
    if day == datetime.date.max:
        return "9999-99"
    return (day + datetime.timedelta(days=1)).isoformat()

"""What a person looking through a library asks the catalog: by date, by filter, in numbers."""

import os
import sqlite3
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from capsearch.catalog.conditions import AWAY, SEARCHABLE, Select, selects_of
from capsearch.catalog.finding import Finding
from capsearch.catalog.folder_tree import count_tree
from capsearch.catalog.id_sets import common, without
from capsearch.catalog.merging import taken_from_fields
from capsearch.catalog.records import (
    UNDATED,
    Choices,
    DayArray,
    DegreeArray,
    Filters,
    FolderCount,
    IdArray,
)

# While one types, the same things are asked with every letter; 10 MB at 100,000 photos at most.
_MOST_KEPT = 12
_NO_DAY = "0000-00-00"
# When a file was copied or downloaded is no day that its photo was taken on.
_OF_THE_FILE = "taken_source = 'file'"
# A date that is known to the year or month alone has zeros for the rest.
_WHOLE_DAY = "substr(taken_local || substr('-00-00', length(taken_local) - 3), 1, 10)"
_T = TypeVar("_T")
_A = TypeVar("_A", IdArray, DayArray, DegreeArray)


class Browsing(Finding):
    """The reader's part of the catalog. Never changes anything."""

    def __init__(self, connection: sqlite3.Connection, path: Path, *, read_only: bool) -> None:
        super().__init__(connection, path, read_only=read_only)
        self._kept_values: dict[Hashable, Any] = {}
        self._kept_mark: object = None

    def timeline(self, filters: Filters) -> tuple[IdArray, DayArray]:
        """List the searchable photos that pass, newest first: ids (n,) and days (n,) since
        1970-01-01 (see `Timeline`). `UNDATED` is last, in the order of the files' times."""
        passing = self.passing(filters)
        ids, days = self._kept("timeline", self._whole_timeline)
        if passing is None:
            return ids, days
        kept = np.isin(ids, passing)
        return ids[kept], days[kept]

    def positions(self) -> tuple[IdArray, DegreeArray]:
        """List the searchable photos that have a position, newest first: ids (m,) and degrees
        (m, 2) float64, north and east."""
        return self._kept("positions", self._read_positions)

    def _read_positions(self) -> tuple[IdArray, DegreeArray]:
        rows = self._connection.execute(
            "SELECT id, latitude, longitude FROM photos WHERE searchable"
            " AND latitude IS NOT NULL AND longitude IS NOT NULL ORDER BY taken_local DESC, id DESC"
        ).fetchall()
        read = np.array(rows, np.float64).reshape(-1, 3)
        return _fixed(read[:, 0].astype(np.int64)), _fixed(read[:, 1:].copy())

    def passing(self, filters: Filters) -> IdArray | None:
        """List the ids, ascending, of the searchable photos that pass; None where all do."""
        if filters.empty:
            return None
        wanted: IdArray | None = None
        unwanted = []
        for select, negated in selects_of(filters):
            found = self._set(select)
            if negated:
                unwanted.append(found)
            else:
                wanted = found if wanted is None else common(wanted, found)
        left = self._set(SEARCHABLE) if wanted is None else wanted
        for found in unwanted:
            left = without(left, found)
        return left

    def _set(self, select: Select) -> IdArray:
        def read() -> IdArray:
            found = self._ids(*select)
            return _fixed(found[np.flatnonzero(np.diff(found, prepend=-1))])

        return self._kept(select, read)

    def _whole_timeline(self) -> tuple[IdArray, DayArray]:
        # As two texts out of SQLite, in the order of the rows below: a third of the time that a
        # Python object for each takes.
        joined, dates = self._row(
            "SELECT group_concat(id), group_concat(day, '') FROM"
            f" (SELECT id, coalesce({_WHOLE_DAY}, '{_NO_DAY}') AS day FROM photos"
            " WHERE searchable ORDER BY taken_local DESC, id DESC)"
        )
        ids = np.fromstring(joined or "", np.int64, sep=",")
        days = _days_of((dates or "").encode())
        # By itself: the query above reads nothing but the index of dates.
        undated = self._ids(f"SELECT id FROM photos WHERE searchable AND {_OF_THE_FILE}")
        days[np.isin(ids, undated)] = UNDATED
        undated_last = np.argsort(days == UNDATED, kind="stable")
        return _fixed(ids[undated_last]), _fixed(days[undated_last])

    def _kept(self, key: Hashable, read: Callable[[], _T]) -> _T:
        """What was read before, if nothing in the library was changed since, by anybody."""
        if self._connection.in_transaction:  # what is not committed yet may be taken back
            return read()
        mark = self.change_mark()
        if mark != self._kept_mark:
            self._kept_values.clear()
            self._kept_mark = mark
        if key in self._kept_values:
            value: _T = self._kept_values.pop(key)
        else:
            value = read()
        self._kept_values[key] = value  # the last one used comes last
        if len(self._kept_values) > _MOST_KEPT:
            del self._kept_values[next(iter(self._kept_values))]
        return value

    def first_year(self) -> int | None:
        """The year of the oldest searchable photo; None where no photo has a date."""
        (first,) = self._row("SELECT min(taken_local) FROM photos WHERE searchable")
        return None if first is None else int(first[:4])

    def change_mark(self) -> tuple[int, int]:
        """A value that differs after anything in the library was changed, by anybody."""
        (others,) = self._row("PRAGMA data_version")
        return int(others), self._connection.total_changes

    def choices(self) -> Choices:
        """List what there is to filter by."""
        first, last = self._row(
            "SELECT min(taken_local), max(taken_local) FROM photos WHERE searchable"
        )
        (offline,) = self._row(f"SELECT count(*) FROM photos WHERE searchable AND {AWAY}")
        return Choices(
            people=self.names("person"),
            places=self.names("place"),
            german_places=self.german_places(),
            cameras=self.names("camera"),
            formats=self._counted(
                "SELECT format, count(*) AS n FROM photos WHERE searchable GROUP BY format"
            ),
            first=taken_from_fields(first, None, "").local.date() if first else None,
            last=taken_from_fields(last, None, "").local.date() if last else None,
            offline=offline,
        )

    def _counted(self, statement: str) -> tuple[tuple[str, int], ...]:
        rows = self._rows(f"{statement} ORDER BY n DESC, 1")
        return tuple((str(name), int(count)) for name, count in rows)

    def folder_tree(self) -> tuple[FolderCount, ...]:
        """List the library's folders and all below them that hold a searchable photo, each before
        those inside of it, with the number of photos at or below each."""
        return self._kept("folder tree", self._read_folder_tree)

    def _read_folder_tree(self) -> tuple[FolderCount, ...]:
        roots = [os.fsdecode(path) for (path,) in self._rows("SELECT path FROM folders")]
        places = self._rows(
            "SELECT files.path, photo_id FROM files JOIN photos ON photos.id = photo_id"
            " WHERE searchable AND files.state <> 'missing' ORDER BY files.path"
        )
        return count_tree(roots, places)


def _fixed(array: _A) -> _A:
    array.flags.writeable = False  # many get it
    return array


def _days_of(dates: bytes) -> DayArray:
    """Days since 1970-01-01 of dates as "2015-06-01", one after the other; `_NO_DAY` is none.

    "2015-06-00" is the first day of its month, "2015-00-00" is `UNDATED` and the year.
    """
    digits = np.frombuffer(dates, np.uint8).reshape(-1, len(_NO_DAY)).astype(np.int64) - ord("0")
    year = digits[:, :4] @ np.array([1000, 100, 10, 1])
    month, day = (digits[:, at] * 10 + digits[:, at + 1] for at in (5, 8))
    months = (12 * (year - 1970) + month - 1).astype("datetime64[M]")
    days = months.astype("datetime64[D]").astype(np.int64) + np.maximum(day, 1) - 1
    known: DayArray = np.where(month > 0, days, UNDATED + year).astype(np.int32)
    return known

"""What a person looking through a library asks the catalog: by date, by filter, in numbers."""

import datetime
import os

import numpy as np

from capsearch.catalog.conditions import AWAY, filters_sql
from capsearch.catalog.finding import Finding
from capsearch.catalog.records import (
    UNDATED,
    Choices,
    DayArray,
    Filters,
    IdArray,
)
from capsearch.catalog.sql import within
from capsearch.paths import prefix_of


class Browsing(Finding):
    """The reader's part of the catalog. Never changes anything."""

    def timeline(self, filters: Filters) -> tuple[IdArray, DayArray]:
        """List the searchable photos that pass, newest first: ids (n,) and days (n,) since
        1970-01-01, with `UNDATED` last."""
        where, values = filters_sql(filters)
        rows = self._rows(
            "SELECT id, CAST(julianday(substr(taken_local, 1, 10)) - 2440587.5 AS INTEGER)"
            f" FROM photos WHERE {where} ORDER BY taken_local IS NULL, taken_local DESC, id DESC",
            values,
        )
        ids = np.fromiter((row[0] for row in rows), np.int64, len(rows))
        days = (UNDATED if row[1] is None else row[1] for row in rows)
        return ids, np.fromiter(days, np.int32, len(rows))

    def passing(self, filters: Filters) -> IdArray | None:
        """List the ids, ascending, of the searchable photos that pass; None where all do."""
        if filters.empty:
            return None
        where, values = filters_sql(filters)
        return self._ids(f"SELECT id FROM photos WHERE {where}", values)

    def first_year(self) -> int | None:
        """The year of the oldest searchable photo; None where no photo has a date."""
        (first,) = self._row("SELECT min(taken_local) FROM photos WHERE taken_local IS NOT NULL")
        return None if first is None else int(first[:4])

    def change_mark(self) -> tuple[int, int]:
        """A value that differs after anything in the library was changed, by anybody."""
        (others,) = self._row("PRAGMA data_version")
        return int(others), self._connection.total_changes

    def choices(self) -> Choices:
        """List what there is to filter by."""
        first, last = self._row(
            "SELECT min(substr(taken_local, 1, 10)), max(substr(taken_local, 1, 10))"
            " FROM photos WHERE searchable"
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
            folders=self._folders_and_inner(),
            first=datetime.date.fromisoformat(first) if first else None,
            last=datetime.date.fromisoformat(last) if last else None,
            offline=offline,
        )

    def _counted(self, statement: str) -> tuple[tuple[str, int], ...]:
        rows = self._rows(f"{statement} ORDER BY n DESC, 1")
        return tuple((str(name), int(count)) for name, count in rows)

    def _folders_and_inner(self) -> tuple[str, ...]:
        """The library's folders and those directly inside them."""
        roots = [os.fsdecode(path) for (path,) in self._rows("SELECT path FROM folders")]
        found = dict.fromkeys(sorted(roots))
        for root in tuple(found):
            where, values = within(root)
            prefix = prefix_of(root)
            below = self._rows(
                f"SELECT DISTINCT substr(path, ?) FROM files WHERE {where} AND state <> 'missing'",
                (len(os.fsencode(prefix)) + 1, *values),
            )
            inside = (os.fsdecode(rest) for (rest,) in below)
            inner = {rest.split(os.sep, 1)[0] for rest in inside if os.sep in rest}
            found.update(dict.fromkeys(prefix + name for name in sorted(inner)))
        return tuple(found)

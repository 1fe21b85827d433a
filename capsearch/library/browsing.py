"""Reading a library for its owner: by date, by filter, in numbers. Never changes anything."""

import datetime
import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from capsearch.catalog.catalog import Catalog, path_range
from capsearch.catalog.records import Failure, PhotoFacts
from capsearch.library.values import (
    UNDATED,
    Choices,
    FailureList,
    Filters,
    IdArray,
    LibraryState,
    Timeline,
)

_EPOCH = datetime.date(1970, 1, 1)
FIRST_FACTS = 80
"""How many photos come with their facts at once: about what a large screen shows."""


def read_timeline(catalog: Catalog, filters: Filters) -> Timeline:
    """The photos that pass `filters`, newest first."""
    where, values = _conditions(filters)
    rows = catalog.connection.execute(
        "SELECT id, CAST(julianday(substr(taken_local, 1, 10)) - 2440587.5 AS INTEGER)"
        f" FROM photos WHERE {where} ORDER BY taken_local IS NULL, taken_local DESC, id DESC",
        values,
    ).fetchall()
    ids = np.fromiter((row[0] for row in rows), np.int64, len(rows))
    days = np.fromiter((UNDATED if row[1] is None else row[1] for row in rows), np.int32, len(rows))
    return Timeline(ids, days, read_facts(catalog, ids[:FIRST_FACTS].tolist()))


def passing_ids(catalog: Catalog, filters: Filters) -> IdArray | None:
    """The ids, ascending, of the photos that pass; None where all do."""
    if filters.empty:
        return None
    where, values = _conditions(filters)
    rows = catalog.connection.execute(
        f"SELECT id FROM photos WHERE {where} ORDER BY id", values
    ).fetchall()
    return np.fromiter((row[0] for row in rows), np.int64, len(rows))


def read_facts(catalog: Catalog, ids: Sequence[int]) -> tuple[PhotoFacts, ...]:
    """What is known of these photos, in their order; unknown ids are left out."""
    found = catalog.facts(ids)
    return tuple(found[photo_id] for photo_id in ids if photo_id in found)


def read_choices(catalog: Catalog) -> Choices:
    """What there is to filter by."""
    read = catalog.connection.execute
    first, last = read(
        "SELECT min(substr(taken_local, 1, 10)), max(substr(taken_local, 1, 10))"
        " FROM photos WHERE searchable"
    ).fetchone()
    return Choices(
        people=_counted(
            catalog,
            "SELECT name, count(DISTINCT photo_id) AS n FROM people"
            " JOIN photos ON photos.id = photo_id WHERE searchable GROUP BY name",
        ),
        cameras=_counted(
            catalog,
            "SELECT camera, count(*) AS n FROM photos"
            " WHERE searchable AND camera IS NOT NULL GROUP BY camera",
        ),
        formats=_counted(
            catalog, "SELECT format, count(*) AS n FROM photos WHERE searchable GROUP BY format"
        ),
        folders=_subfolders(catalog),
        first=datetime.date.fromisoformat(first) if first else None,
        last=datetime.date.fromisoformat(last) if last else None,
        offline=read(f"SELECT count(*) FROM photos WHERE searchable AND {_OFFLINE}").fetchone()[0],
    )


def read_state(catalog: Catalog, encoder: str | None) -> LibraryState:
    """The library in numbers; `encoder` is the name of the one in use."""
    counts = catalog.counts()
    return LibraryState(
        folders=catalog.folders(),
        photos=counts.searchable,
        offline=counts.offline_files,
        failures=counts.failures,
        encoder=encoder,
    )


def read_failures(catalog: Catalog) -> FailureList:
    """Every file and folder that could not be used, by path."""
    rows = catalog.connection.execute("SELECT path, reason FROM failures ORDER BY path").fetchall()
    return tuple(Failure(os.fsdecode(path), reason) for path, reason in rows)


_OFFLINE = "NOT EXISTS (SELECT 1 FROM files WHERE photo_id = photos.id AND files.state = 'present')"


def _conditions(filters: Filters) -> tuple[str, list[Any]]:
    parts: list[str] = ["searchable"]
    values: list[Any] = []
    if filters.first is not None:
        parts.append("taken_local >= ?")
        values.append(filters.first.isoformat())
    if filters.last is not None:
        parts.append("taken_local < ?")
        values.append((filters.last + datetime.timedelta(days=1)).isoformat())
    if filters.folders:
        ranges = [path_range(folder) for folder in filters.folders]
        one = "files.path >= ? AND files.path < ?"
        parts.append(
            "id IN (SELECT photo_id FROM files WHERE files.state <> 'missing' AND ("
            + " OR ".join([one] * len(ranges))
            + "))"
        )
        values += [bound for pair in ranges for bound in pair]
    for name in filters.people:
        parts.append("id IN (SELECT photo_id FROM people WHERE name = ?)")
        values.append(name)
    for column, wanted in (("camera", filters.cameras), ("format", filters.formats)):
        if wanted:
            parts.append(f"{column} IN ({','.join('?' * len(wanted))})")
            values += wanted
    if filters.offline is not None:
        parts.append(_OFFLINE if filters.offline else f"NOT {_OFFLINE}")
    return " AND ".join(parts), values


def _counted(catalog: Catalog, statement: str) -> tuple[tuple[str, int], ...]:
    rows = catalog.connection.execute(f"{statement} ORDER BY n DESC, 1").fetchall()
    return tuple((str(name), int(count)) for name, count in rows)


def _subfolders(catalog: Catalog) -> tuple[str, ...]:
    """The library's folders and those directly inside them."""
    roots = [folder.path for folder in catalog.folders()]
    found = dict.fromkeys(roots)
    for root in roots:
        low, high = path_range(root)
        below = catalog.connection.execute(
            "SELECT DISTINCT substr(path, ?) FROM files"
            " WHERE path >= ? AND path < ? AND state <> 'missing'",
            (len(low) + 1, low, high),
        )
        names = {
            os.fsdecode(rest).split(os.sep, 1)[0] for (rest,) in below if os.sep.encode() in rest
        }
        found.update(
            dict.fromkeys(f"{root.rstrip(os.sep)}{os.sep}{name}" for name in sorted(names))
        )
    return tuple(found)

"""Photos read back as values."""

import datetime
import json
import os
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from capsearch.catalog.merging import taken_from_fields
from capsearch.catalog.records import NamedPlace, Occasions, PhotoFacts
from capsearch.photos.metadata.model import Person

_STACKED = (
    "(SELECT count(*) FROM stacks JOIN photos AS other ON other.id = photo_id"
    " WHERE other.searchable"
    " AND best_id = (SELECT best_id FROM stacks WHERE photo_id = photos.id))"
)
_HAS_VIDEO = (
    "EXISTS (SELECT 1 FROM labels"
    " WHERE photo_id = photos.id AND field = 'kind' AND folded = 'video')"
)
_ORDER = {"present": 0, "offline": 1, "missing": 2}
_DAY_LENGTH = len("2015-06-01")
_EPOCH = datetime.date(1970, 1, 1)


def read_facts(
    connection: sqlite3.Connection, where: str, values: Sequence[Any]
) -> Iterator[PhotoFacts]:
    """Yield the photos for which `where` (over the table photos) holds, in ascending id."""
    chosen = f"SELECT id FROM photos WHERE {where}"
    places = _grouped(
        connection,
        f"SELECT photo_id, state, companion, path FROM files WHERE photo_id IN ({chosen})",
        values,
    )
    keywords = _grouped(
        connection,
        f"SELECT photo_id, keyword FROM keywords WHERE photo_id IN ({chosen})"
        " ORDER BY photo_id, position",
        values,
    )
    people = _grouped(
        connection,
        f"SELECT photo_id, name, source, x, y, w, h FROM people WHERE photo_id IN ({chosen})"
        " ORDER BY photo_id, position",
        values,
    )
    subjects = _grouped(
        connection,
        "SELECT photos.id, name FROM photos JOIN subject_photos USING (hash)"
        " JOIN subjects ON subjects.id = subject_id"
        f" WHERE shows AND name <> '' AND photos.id IN ({chosen}) ORDER BY photos.id, subjects.id",
        values,
    )
    rows = connection.execute(
        "SELECT id, width, height, format, taken_local, taken_offset, taken_source, latitude,"
        f" longitude, camera, rating, title, texts, cut_off, seconds, {_STACKED},"
        f" {_HAS_VIDEO} FROM photos WHERE {where} ORDER BY id",
        values,
    ).fetchall()
    localities = {
        photo_id: NamedPlace(*names)
        for photo_id, *names in connection.execute(
            "SELECT photos.id, city, region, country, german_city, german_region, german_country"
            " FROM photos JOIN localities ON localities.id = locality_id"
            f" WHERE photos.id IN ({chosen})",
            values,
        )
    }
    for photo_id, width, height, kind, local, offset, source, *described in rows:
        latitude, longitude, camera, rating, title, texts, cut_off, *counted = described
        seconds, stacked, has_video = counted
        all_places = places[photo_id]
        there = [place for place in all_places if place[0] != "missing"]
        found = sorted(there or all_places, key=lambda place: (_ORDER[place[0]], *place[1:]))
        yield PhotoFacts(
            id=photo_id,
            paths=tuple(os.fsdecode(path) for _, _, path in found),
            offline=bool(found) and found[0][0] == "offline",
            width=width,
            height=height,
            format=kind,
            taken=taken_from_fields(local, offset, source) if local is not None else None,
            latitude=latitude,
            longitude=longitude,
            camera=camera,
            rating=rating,
            keywords=tuple(keyword for (keyword,) in keywords[photo_id]),
            people=tuple(
                Person(name=name, source=origin, box=None if x is None else (x, y, w, h))
                for name, origin, x, y, w, h in people[photo_id]
            ),
            title=title,
            texts=tuple(json.loads(texts)),
            place=localities.get(photo_id),
            cut_off=bool(cut_off),
            seconds=seconds,
            stacked=stacked if stacked > 1 else 0,
            has_video=bool(has_video),
            subjects=tuple(name for (name,) in subjects[photo_id]),
        )


def read_occasions(connection: sqlite3.Connection, ids: npt.NDArray[np.int64]) -> Occasions:
    """Read the days and people of the photos `ids` (n,); unknown ids have neither."""
    dates = {
        photo_id: (_day(local), source != "file" and len(local) >= _DAY_LENGTH)
        for photo_id, local, source in connection.execute(
            "SELECT id, taken_local, taken_source FROM photos WHERE taken_local IS NOT NULL"
        )
    }
    names: defaultdict[int, set[str]] = defaultdict(set)
    for photo_id, name in connection.execute("SELECT photo_id, name FROM people"):
        names[photo_id].add(name)
    known = [dates.get(photo_id, (0, False)) for photo_id in ids.tolist()]
    return Occasions(
        ids=ids,
        days=np.fromiter((day for day, _ in known), np.int64, len(known)),
        dated=np.fromiter((sure for _, sure in known), np.bool_, len(known)),
        people=tuple(tuple(sorted(names.get(photo_id, ()))) for photo_id in ids.tolist()),
    )


def _day(local: str) -> int:
    return (taken_from_fields(local, None, "").local.date() - _EPOCH).days


def _grouped(
    connection: sqlite3.Connection, statement: str, values: Sequence[Any]
) -> defaultdict[int, list[tuple[Any, ...]]]:
    groups: defaultdict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for photo_id, *rest in connection.execute(statement, values):
        groups[photo_id].append(tuple(rest))
    return groups

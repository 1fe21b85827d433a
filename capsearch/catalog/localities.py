"""Where photos were taken, by name: derived from their positions, kept with all spellings.

Each place is kept once, however many photos were taken there, so that a library of any size is
asked by 'Genf' as fast as by 'Geneva'.
"""

import sqlite3
from collections.abc import Iterable

from capsearch.gazetteer import Locality, listed_spellings, locate_many, shown_around, shown_parts
from capsearch.text import folded

_seen: dict[tuple[float, float], Locality | None] = {}
_MOST_SEEN = 100_000
_KEEP = (
    "INSERT INTO localities (city, region, country, around, german_city, german_region,"
    " german_country, german_around) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)


def locality_of(latitude: float | None, longitude: float | None) -> Locality | None:
    """The place at a position, None where there is none."""
    if latitude is None or longitude is None:
        return None
    read_ahead([(latitude, longitude)])
    return _seen[_spot(latitude, longitude)]


def read_ahead(positions: Iterable[tuple[float | None, float | None]]) -> None:
    """Look up many positions at once, which takes a twentieth of the time that each alone takes;
    `locality_of` then has them at hand."""
    spots = {
        _spot(latitude, longitude)
        for latitude, longitude in positions
        if latitude is not None and longitude is not None
    }
    new = [spot for spot in spots if spot not in _seen]
    if new:
        if len(_seen) > _MOST_SEEN:
            _seen.clear()
        _seen.update(zip(new, locate_many(*zip(*new, strict=True)), strict=True))


def _spot(latitude: float, longitude: float) -> tuple[float, float]:
    # About a hundred metres, by which neighbouring towns are parted no better anyway.
    return round(latitude, 3), round(longitude, 3)


def names_of(locality: Locality) -> tuple[str, ...]:
    """The names that are listed for it: city, the city around it, region, country."""
    names = (locality.city, locality.around, locality.region, locality.country)
    return tuple(dict.fromkeys(filter(None, names)))


def keep_locality(connection: sqlite3.Connection, photo_id: int, locality: Locality | None) -> None:
    """Have the photo say where it was taken."""
    kept = None if locality is None else _kept(connection, locality)
    connection.execute(
        "UPDATE photos SET locality_id = ? WHERE id = ? AND locality_id IS NOT ?",
        (kept, photo_id, kept),
    )


def _kept(connection: sqlite3.Connection, locality: Locality) -> int:
    own = (locality.city, locality.region, locality.country, locality.around)
    found = connection.execute(
        "SELECT id FROM localities WHERE (city, region, country, around) = (?, ?, ?, ?)", own
    ).fetchone()
    if found is not None:
        return int(found[0])
    cursor = connection.execute(
        _KEEP, (*own, *shown_parts(locality, "de"), shown_around(locality, "de"))
    )
    row = cursor.lastrowid
    assert row is not None
    connection.executemany(
        "INSERT OR IGNORE INTO spellings (folded, locality_id, listed, name) VALUES (?, ?, ?, ?)",
        ((folded(name), row, listed, name) for _, listed, name in listed_spellings(locality)),
    )
    return row

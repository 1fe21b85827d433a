"""From positions to places: the country by its borders, the town by distance and size."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from capsearch.gazetteer.locality import Locality
from capsearch.gazetteer.tables import (
    CELL,
    COLUMNS,
    ROWS,
    FloatArray,
    IntArray,
    Tables,
    tables,
    unit_vectors,
)

_EARTH_KM = 6371.0
_NEAR_TOWN_KM = 20.0  # from the edge of a town: beyond, a photo is in none
# From the nearest town: as far as the cells of one degree beside the photo's own surely reach.
_NEAR_REGION_KM = 100.0
# So near to the middle of a town its country is the photo's: towns at a border, and enclaves that
# the map leaves out. resources/places/README.md says what it does to the country's error.
_MIDDLE_KM = 0.5
_LARGER = np.float32(3**0.5)  # times a town's radius: three times as many people
_AT_ONCE = 250_000  # distances held in memory together

_DoubleArray = npt.NDArray[np.float64]


def locate(latitude: float, longitude: float) -> Locality | None:
    """The place at a position in degrees; None far out at sea, or where there is no such position.

    In the wild only the country is known, or the country and its region.
    """
    return locate_many([latitude], [longitude])[0]


def locate_many(
    latitudes: Sequence[float] | npt.NDArray[np.floating],
    longitudes: Sequence[float] | npt.NDArray[np.floating],
) -> list[Locality | None]:
    """The places at n positions, as `locate`."""
    north = np.asarray(latitudes, dtype=np.float64)
    east = np.asarray(longitudes, dtype=np.float64)
    found: list[Locality | None] = [None] * len(north)
    possible = np.flatnonzero((np.abs(north) <= 90) & (np.abs(east) <= 180))
    if len(possible) == 0:
        return found
    known = tables()
    rows = _rows(known, north[possible], east[possible])
    distinct, which = np.unique(rows, axis=0, return_inverse=True)
    places = [_named(known, *row) for row in distinct.tolist()]
    for at, place in zip(possible.tolist(), which.reshape(-1).tolist(), strict=True):
        found[at] = places[place]
    return found


def _named(known: Tables, town: int, around: int, region: int, country: int) -> Locality | None:
    if country < 0:
        return None
    return Locality(
        city=known.city_names.english[town] if town >= 0 else "",
        region=known.region_names.english[region] if region >= 0 else "",
        country=known.country_names.english[country],
        country_code=known.codes[country],
        around=known.city_names.english[around] if around >= 0 else "",
    )


def _rows(known: Tables, north: _DoubleArray, east: _DoubleArray) -> IntArray:
    """Rows (n, 4) of each position's town, the city around it, region and country; -1 for none."""
    lands = _lands(known, north, east)
    found = np.full((len(north), 4), -1, np.int32)
    found[:, 3] = lands
    here = unit_vectors(north, east)
    for queries, near in _neighbourhoods(known, north, east):
        distances = _distances(here[queries], known.positions[near])
        owners = known.sovereigns[known.countries[near]]
        row = np.arange(len(queries))
        land = lands[queries]
        at_sea = land < 0
        nearest = distances.argmin(axis=1)
        in_middle = distances[row, nearest] <= _MIDDLE_KM
        land = np.where(at_sea | in_middle, owners[nearest], land)
        distances[land[:, None] != owners] = np.inf
        radii = known.radii[near]
        share = distances / radii
        edge = distances - radii
        # Inside a town by the share of the way to its edge, outside by the way from its edge: each
        # town has its own middle, and a village near a city is not the city.
        best = np.where(edge < 0, share, 1 + edge).argmin(axis=1)
        in_town = edge[row, best] <= _NEAR_TOWN_KM
        share[radii < _LARGER * radii[best][:, None]] = np.inf
        around = share.argmin(axis=1)
        beside = distances.argmin(axis=1)
        in_region = ~at_sea & (distances[row, beside] <= _NEAR_REGION_KM)
        town = near[np.where(in_town, best, beside)]
        in_any = in_town | in_region
        found[queries, 0] = np.where(in_town, town, -1)
        found[queries, 1] = np.where(in_town & (share[row, around] < 1), near[around], -1)
        found[queries, 2] = np.where(in_any, known.regions[town], -1)
        found[queries, 3] = np.where(in_any, known.countries[town], lands[queries])
    return found


def _lands(known: Tables, north: _DoubleArray, east: _DoubleArray) -> IntArray:
    """The rows (n,) of the countries within whose borders the positions are, -1 at sea."""
    row = np.clip(((90 - north) / CELL).astype(np.int64), 0, ROWS - 1)
    column = ((east + 180) / CELL).astype(np.int64) % COLUMNS
    run = np.searchsorted(known.run_starts, row * COLUMNS + column, side="right") - 1
    return known.run_countries[run].astype(np.int32) - 1


def _distances(here: FloatArray, there: FloatArray) -> FloatArray:
    """Kilometres (n, m) straight through the Earth: at 100 km, one metre less than over ground."""
    squares = np.zeros((len(here), len(there)), np.float32)
    for axis in range(3):
        squares += np.square(here[:, axis, None] - there[None, :, axis])
    return np.sqrt(squares, out=squares) * np.float32(_EARTH_KM)


def _neighbourhoods(
    known: Tables, north: _DoubleArray, east: _DoubleArray
) -> Iterator[tuple[npt.NDArray[np.intp], IntArray]]:
    """Positions of one square degree with the towns in it and around it; none where no town is."""
    order, keys = _towns_by_cell()
    bands = np.clip(np.floor(north), -90, 89)
    cells = (bands + 90) * 360 + np.clip(np.floor(east), -180, 179) + 180
    by_cell = np.argsort(cells, kind="stable")
    borders = np.flatnonzero(np.diff(cells[by_cell])) + 1
    for queries in np.split(by_cell, borders):
        band = int(bands[queries[0]])
        west = float(np.clip(np.floor(east[queries[0]]), -180, 179))
        spans = []
        for beside in range(max(band - 1, -90), min(band + 2, 90)):
            # A degree of longitude is shorter the nearer it is to a pole.
            narrowest = np.cos(np.radians(min(max(abs(band - 1), abs(band + 2)), 89.9)))
            margin = min(1 / narrowest, 179.0)
            spans += _spans(keys, beside, west - margin, west + 1 + margin)
        near = np.concatenate([order[first:last] for first, last in spans])
        if len(near):
            step = max(1, _AT_ONCE // len(near))
            for start in range(0, len(queries), step):
                yield queries[start : start + step], near


def _spans(keys: _DoubleArray, band: int, west: float, east: float) -> list[tuple[int, int]]:
    """Where the towns of a band of one degree between two longitudes are in the order, beyond the
    date line as well."""
    if east - west >= 360:
        pieces = [(-180.0, 180.0)]
    elif west < -180:
        pieces = [(west + 360, 180.0), (-180.0, east)]
    elif east > 180:
        pieces = [(west, 180.0), (-180.0, east - 360)]
    else:
        pieces = [(west, east)]
    return [
        (
            int(np.searchsorted(keys, band * 1000 + first, side="left")),
            int(np.searchsorted(keys, band * 1000 + last, side="right")),
        )
        for first, last in pieces
    ]


@lru_cache(maxsize=1)
def _towns_by_cell() -> tuple[IntArray, _DoubleArray]:
    """The towns' rows ordered by bands of one degree of latitude, then by longitude, and the keys
    of that order."""
    known = tables()
    keys = np.floor(known.latitudes).astype(np.float64) * 1000 + known.longitudes
    order = np.argsort(keys).astype(np.int32)
    return order, keys[order]

"""Photos on a map, gathered into clusters that do not cover each other."""

import numpy as np
import numpy.typing as npt

from capsearch.catalog.records import DegreeArray, IdArray
from capsearch.library.values import MapCluster, MapView

CELL = 64
"""Pixels of the squares that photos are gathered in."""
_APART = 56.0  # pixels between the middles of two clusters
_LIMIT = 85.05112878  # degrees, where Web Mercator's map is a square
_TILE = 256.0  # pixels of the whole map at zoom 0
_MARGIN = 1e-5  # degrees, more than rounding to the places of a typed area takes away

_Array = npt.NDArray[np.float64]


def on_map(degrees: DegreeArray) -> _Array:
    """Places (n, 2) on Web Mercator's map, x and y from its north-western corner, 0 to 1, of
    degrees (n, 2) north and east."""
    north = np.radians(np.clip(degrees[:, 0], -_LIMIT, _LIMIT))
    x = (degrees[:, 1] + 180) / 360
    y = 0.5 - np.log(np.tan(np.pi / 4 + north / 2)) / (2 * np.pi)
    return np.stack((x, np.clip(y, 0, 1)), axis=1)


def clusters_in(ids: IdArray, degrees: DegreeArray, view: MapView) -> tuple[MapCluster, ...]:
    """The photos (n,) in a view, gathered by the squares of a grid, and again where two squares'
    middles are too near to each other. The first photo of `ids` in a cluster stands for it. Its
    area holds `photos` of `ids`, which may be some of a neighbour's too."""
    places = on_map(degrees)
    inside = np.flatnonzero(
        (places[:, 0] >= view.left) & (places[:, 0] <= view.right)
        & (places[:, 1] >= view.top) & (places[:, 1] <= view.bottom)
    )  # fmt: skip
    if not len(inside):
        return ()
    scale = _TILE * 2.0**view.zoom
    cells = np.floor(places[inside] * (scale / CELL)).astype(np.int64)
    _, which, counts = np.unique(
        (cells[:, 1] << 32) + cells[:, 0], return_inverse=True, return_counts=True
    )
    middles = np.stack(
        [np.bincount(which, places[inside, axis]) / counts for axis in (0, 1)], axis=1
    )
    owners = _gathered(middles * scale, counts)
    groups = owners[which]
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[order], prepend=-1))
    eastwards = degrees[np.argsort(degrees[:, 1])]
    return tuple(
        _cluster(ids, degrees, places, inside[members], eastwards)
        for members in np.split(order, starts[1:])
    )


def _gathered(middles: _Array, counts: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """For each of n clusters (n, 2) pixels which one takes it in, the largest first."""
    owners = np.arange(len(middles))
    kept: list[int] = []
    for one in np.argsort(-counts, kind="stable").tolist():
        if kept:
            away = np.hypot(*(middles[kept] - middles[one]).T)
            nearest = int(away.argmin())
            if away[nearest] < _APART:
                owners[one] = kept[nearest]
                continue
        kept.append(one)
    return owners


def _cluster(
    ids: IdArray,
    degrees: DegreeArray,
    places: _Array,
    members: npt.NDArray[np.intp],
    eastwards: DegreeArray,
) -> MapCluster:
    """The cluster of these rows; `eastwards` are the degrees of all photos from the west on."""
    x, y = places[members].mean(axis=0)
    low = np.maximum(degrees[members].min(axis=0) - _MARGIN, (-90, -180))
    high = np.minimum(degrees[members].max(axis=0) + _MARGIN, (90, 180))
    area = "/".join(f"{each:.5f}" for each in (*low, *high))
    south, west, north, east = map(float, area.split("/"))
    first = np.searchsorted(eastwards[:, 1], west, side="left")
    last = np.searchsorted(eastwards[:, 1], east, side="right")
    beside = eastwards[first:last, 0]
    photos = np.count_nonzero((beside >= south) & (beside <= north))
    return MapCluster(float(x), float(y), int(photos), int(ids[members.min()]), area)

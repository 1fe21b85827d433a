"""Pictures of the lands for a map, from the gazetteer's raster of countries."""

import numpy as np
import numpy.typing as npt

from capsearch.gazetteer.tables import CELL, COLUMNS, ROWS, tables

SEA, LAND, BORDER = 0, 1, 2


def draw_lands(level: int, column: int, row: int, side: int) -> npt.NDArray[np.uint8]:
    """One of the 4**`level` square tiles of the whole map in Web Mercator's projection, from its
    north-western corner on: (side, side) of `SEA`, `LAND` and `BORDER` between countries.

    Mercator: y = ln(tan(pi/4 + latitude/2)), cut where the map is a square (85.05 degrees).
    """
    known = tables()
    # One more to the right and below, to see where a country ends.
    steps = (np.arange(side + 1) + 0.5) / side
    east = 360 * (column + steps) / 2**level - 180
    north = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * (row + steps) / 2**level))))
    rows = np.clip(((90 - north) / CELL).astype(np.int64), 0, ROWS - 1)
    columns = ((east + 180) / CELL).astype(np.int64) % COLUMNS
    cells = rows[:, None] * COLUMNS + columns
    runs = np.searchsorted(known.run_starts, cells.astype(np.int32).ravel(), side="right") - 1
    lands = known.run_countries[runs].reshape(cells.shape)
    here, right, below = lands[:-1, :-1], lands[:-1, 1:], lands[1:, :-1]
    drawn = np.where(here > 0, LAND, SEA).astype(np.uint8)
    differs = ((here != right) & (right > 0)) | ((here != below) & (below > 0))
    drawn[differs & (here > 0)] = BORDER
    return drawn

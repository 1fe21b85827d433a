"""Natural Earth's borders of countries, drawn as the raster that the gazetteer asks."""

import io
import struct
import zipfile
from pathlib import PurePath

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

from capsearch.gazetteer.tables import CELL, COLUMNS

_BAND = 10  # degrees of latitude drawn at once
_LONGEST = 2**16 - 1  # cells of a run, as it is stored
# Disputed or leased areas without a code of ISO 3166, and under whose rule they are.
_RULED_BY = {
    "Akrotiri Sovereign Base Area": "GB",
    "Dhekelia Sovereign Base Area": "GB",
    "US Naval Base Guantanamo Bay": "CU",
}
_Ring = tuple[float, int, npt.NDArray[np.float64]]


def country_runs(
    packed: bytes,
) -> tuple[list[str], npt.NDArray[np.uint16], npt.NDArray[np.uint8]]:
    """Codes of countries, and the raster row by row from the north pole and the date line as runs:
    lengths in cells (n,) and whose they are (n,), 1 + the code's row, 0 at sea.

    `packed` is a .zip with an ESRI shapefile of polygons and its table.
    """
    with zipfile.ZipFile(io.BytesIO(packed)) as files:
        names = {PurePath(name).suffix: name for name in files.namelist()}
        codes = _codes(files.read(names[".dbf"]))
        rings = _rings(files.read(names[".shp"]))
    known = sorted({code for code in codes if code})
    values = [known.index(code) + 1 if code else 0 for code in codes]
    # From the largest to the smallest, so that what lies inside another is drawn over it.
    rings.sort(key=lambda ring: (-abs(ring[0]), ring[0] < 0))
    cells = [_drawn(rings, values, top) for top in range(90, -90, -_BAND)]
    flat = np.concatenate(cells, axis=None)
    starts = np.flatnonzero(np.concatenate(([True], flat[1:] != flat[:-1])))
    lengths = np.diff(np.append(starts, len(flat)))
    pieces = (lengths - 1) // _LONGEST + 1
    split = np.full(int(pieces.sum()), _LONGEST, np.uint16)
    split[np.cumsum(pieces) - 1] = lengths - (pieces - 1) * _LONGEST
    return known, split, np.repeat(flat[starts], pieces)


def _drawn(rings: list[_Ring], values: list[int], top: int) -> npt.NDArray[np.uint8]:
    """The rows of cells from the latitude `top` downwards."""
    image = Image.new("L", (COLUMNS, round(_BAND / CELL)), 0)
    draw = ImageDraw.Draw(image)
    for area, country, points in rings:
        if points[:, 1].max() >= top - _BAND and points[:, 1].min() <= top:
            x = (points[:, 0] + 180) / CELL - 0.5
            y = (top - points[:, 1]) / CELL - 0.5
            # A ring to the left is a hole.
            fill = values[country] if area < 0 else 0
            draw.polygon(np.column_stack((x, y)).ravel().tolist(), fill=fill)
    return np.asarray(image)


def _rings(shapes: bytes) -> list[_Ring]:
    """Signed area in square degrees (negative clockwise), row of the country, points (n, 2)."""
    found = []
    at, country = 100, 0
    while at < len(shapes):
        (words,) = struct.unpack_from(">i", shapes, at + 4)
        parts, points = struct.unpack_from("<ii", shapes, at + 44)
        starts = struct.unpack_from(f"<{parts}i", shapes, at + 52)
        every = np.frombuffer(shapes, "<f8", 2 * points, at + 52 + 4 * parts).reshape(-1, 2)
        for first, last in zip(starts, (*starts[1:], points), strict=True):
            ring = every[first:last]
            x, y = (ring - ring[0]).T
            area = float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum()) / 2
            found.append((area, country, ring))
        at += 8 + 2 * words
        country += 1
    return found


def _codes(table: bytes) -> list[str]:
    """ISO 3166-1's code of each row of a dBASE table; "" where nobody rules."""
    rows, header, width = struct.unpack_from("<IHH", table, 4)
    fields = {}
    at, column = 32, 1
    while table[at] != ord("\r"):
        name = table[at : at + 11].split(b"\0")[0].decode()
        fields[name] = slice(column, column + table[at + 16])
        column += table[at + 16]
        at += 32
    records = [table[header + row * width :][:width] for row in range(rows)]
    codes = (record[fields["ISO_A2_EH"]].decode().strip("\0 ") for record in records)
    names = (record[fields["ADMIN"]].decode().strip("\0 ") for record in records)
    return [
        code if len(code) == 2 and code.isalpha() else _RULED_BY.get(name, "")
        for code, name in zip(codes, names, strict=True)
    ]

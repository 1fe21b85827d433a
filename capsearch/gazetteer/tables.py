"""The gazetteer's tables, loaded once when they are first asked for."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from capsearch.errors import CapsearchError
from capsearch.resources import resource_path

FILE = "places/places.npz"
CELL = 0.01
"""Degrees from one row or column of the raster of countries to the next."""
COLUMNS, ROWS = round(360 / CELL), round(180 / CELL)

IntArray = npt.NDArray[np.int32]
FloatArray = npt.NDArray[np.float32]


class Lines:
    """Many short texts in one block of memory, as lines of UTF-8."""

    def __init__(self, block: npt.NDArray[np.uint8]) -> None:
        self._block = block
        self._ends = np.flatnonzero(block == ord("\n")).astype(np.int32)

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, row: int) -> str:
        start = int(self._ends[row - 1]) + 1 if row else 0
        return self._block[start : int(self._ends[row])].tobytes().decode()

    def find(self, text: str, first: int, last: int) -> int | None:
        """The row from `first` up to, but not with, `last` that is `text`; None where none is."""
        return next(self.find_all(text, first, last), None)

    def find_all(self, text: str, first: int, last: int) -> Iterator[int]:
        """All such rows, ascending."""
        if last <= first:
            return
        start = int(self._ends[first - 1]) if first else -1
        block = b"\n" + self._block[start + 1 : int(self._ends[last - 1]) + 1].tobytes()
        wanted = f"\n{text}\n".encode()
        at = block.find(wanted)
        while at >= 0:
            yield first + block.count(b"\n", 0, at)
            at = block.find(wanted, at + 1)


@dataclass(frozen=True)
class Names:
    """What n cities, regions or countries are called: English, German ("" where the same), and
    every other spelling, parted by "|"."""

    english: Lines
    german: Lines
    others: Lines


@dataclass(frozen=True)
class Tables:
    """Cities, each in a region, each in a country; ordered by country, region and name.

    `positions` (n, 3) are unit vectors, `radii` (n,) kilometres, `regions` (n,) rows of the
    regions. `region_starts` and `country_starts` hold the first city or region of each and, at the
    end, how many there are. `sovereigns` are the rows of the countries that the borders know.
    `run_starts` and `run_countries` are the raster of countries, row by row from the north pole
    and the date line; a country's row plus 1, 0 at sea.
    """

    latitudes: FloatArray
    longitudes: FloatArray
    positions: FloatArray
    radii: FloatArray
    regions: IntArray
    countries: IntArray
    region_starts: IntArray
    country_starts: IntArray
    sovereigns: IntArray
    codes: tuple[str, ...]
    city_names: Names
    region_names: Names
    country_names: Names
    run_starts: IntArray
    run_countries: npt.NDArray[np.uint8]


@lru_cache(maxsize=1)
def tables() -> Tables:
    """All of it, about 45 MB, from the bundled file.

    Raises:
        CapsearchError: the file is missing or broken, because the installation is incomplete.
    """
    path = resource_path(FILE)
    try:
        with np.load(path) as stored:
            return _assembled({name: stored[name] for name in stored.files})
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise CapsearchError(
            f"The bundled file '{FILE}' cannot be read.", "Install CapSearch again."
        ) from error


def unit_vectors(latitudes: npt.NDArray[Any], longitudes: npt.NDArray[Any]) -> FloatArray:
    """(n, 3) of positions in degrees."""
    phi, theta = np.radians(latitudes), np.radians(longitudes)
    across = np.cos(phi)
    vectors = np.stack((across * np.cos(theta), across * np.sin(theta), np.sin(phi)), axis=1)
    return vectors.astype(np.float32)


def radius(population: npt.NDArray[Any]) -> FloatArray:
    """Kilometres from the middle of a town of so many people to its edge, as if it were round
    with `_PER_KM2` people to the square kilometre."""
    return np.sqrt(population / (np.pi * _PER_KM2)).astype(np.float32)


_PER_KM2 = 1500.0
SIZES_PER_DOUBLING = 8
"""How finely a population is kept: as this many times its logarithm to the base 2."""


def _assembled(stored: dict[str, npt.NDArray[Any]]) -> Tables:
    latitudes = (stored["latitude"] / 1000).astype(np.float32)
    longitudes = (stored["longitude"] / 1000).astype(np.float32)
    region_sizes, country_sizes = stored["region_sizes"], stored["country_sizes"]
    regions = np.repeat(np.arange(len(region_sizes), dtype=np.int32), region_sizes)
    region_countries = np.repeat(np.arange(len(country_sizes), dtype=np.int32), country_sizes)
    ends = np.cumsum(stored["run_lengths"], dtype=np.int32)
    return Tables(
        latitudes=latitudes,
        longitudes=longitudes,
        positions=unit_vectors(latitudes, longitudes),
        radii=radius(np.exp2(stored["size"].astype(np.float32) / SIZES_PER_DOUBLING)),
        regions=regions,
        countries=region_countries[regions],
        region_starts=_starts(region_sizes),
        country_starts=_starts(country_sizes),
        sovereigns=stored["sovereigns"].astype(np.int32),
        codes=tuple(stored["codes"].tobytes().decode().split()),
        city_names=_names(stored, "city"),
        region_names=_names(stored, "region"),
        country_names=_names(stored, "country"),
        run_starts=np.concatenate((np.zeros(1, np.int32), ends[:-1])),
        run_countries=stored["run_countries"],
    )


def _starts(sizes: npt.NDArray[Any]) -> IntArray:
    return np.concatenate((np.zeros(1, np.int32), np.cumsum(sizes, dtype=np.int32)))


def _names(stored: dict[str, npt.NDArray[Any]], kind: str) -> Names:
    return Names(*(Lines(stored[f"{kind}_{name}"]) for name in ("english", "german", "others")))

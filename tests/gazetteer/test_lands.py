"""Tiles of the lands for the map."""

import numpy as np
import pytest

from capsearch.gazetteer.lands import BORDER, LAND, SEA, draw_lands

SIDE = 256


def at(north: float, east: float, level: int) -> int:
    """What is drawn at a position."""
    x = (east + 180) / 360 * 2**level
    y = (0.5 - np.arcsinh(np.tan(np.radians(north))) / (2 * np.pi)) * 2**level
    drawn = draw_lands(level, int(x), int(y), SIDE)
    return int(drawn[int(y % 1 * SIDE), int(x % 1 * SIDE)])


@pytest.mark.parametrize("level", [0, 3, 7])
@pytest.mark.parametrize(
    ("north", "east", "drawn"),
    [
        (51.0, 10.5, LAND),  # Thuringia
        (-25.0, 134.0, LAND),  # Australia
        (40.0, -100.0, LAND),  # Nebraska
        (45.0, -30.0, SEA),  # the Atlantic
        (0.0, -140.0, SEA),  # the Pacific
        (-20.0, 80.0, SEA),  # the Indian Ocean
    ],
)
def test_land_is_land_and_sea_is_sea(north: float, east: float, drawn: int, level: int) -> None:
    assert at(north, east, level) == drawn


def test_between_two_countries_is_a_border_and_none_along_the_coast() -> None:
    """The rows of a tile over the straight border of Canada and the USA, and of open coasts."""
    level = 5
    x = (-100 + 180) / 360 * 2**level
    y = (0.5 - np.arcsinh(np.tan(np.radians(49.0))) / (2 * np.pi)) * 2**level
    drawn = draw_lands(level, int(x), int(y), SIDE)
    row = int(y % 1 * SIDE)
    assert (drawn[row - 2 : row + 3, int(x % 1 * SIDE)] == BORDER).any()
    australia = draw_lands(2, 3, 2, SIDE)
    assert (australia == LAND).any() and (australia == SEA).any()


def test_four_tiles_of_a_level_make_the_one_above() -> None:
    """At one and a half times the side every third place of theirs is one of the tile above."""
    whole = draw_lands(0, 0, 0, SIDE) > 0
    finer = SIDE * 3 // 2
    quarters = [[draw_lands(1, column, row, finer) > 0 for column in (0, 1)] for row in (0, 1)]
    assert np.array_equal(np.block(quarters)[1::3, 1::3], whole)

"""Photos on a map: which are gathered, where, and that their area finds just them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capsearch.catalog.records import DegreeArray
from capsearch.library.map_view import clusters_in, on_map
from capsearch.library.values import MapCluster, MapView

WORLD = MapView(0.0, 0.0, 1.0, 1.0, 2)
MUNICH, VIENNA, SYDNEY = (48.137, 11.575), (48.208, 16.372), (-33.868, 151.209)


def clusters(*places: tuple[float, float], zoom: float = 2) -> tuple[MapCluster, ...]:
    degrees = np.array(places, np.float64).reshape(-1, 2)
    view = MapView(0.0, 0.0, 1.0, 1.0, zoom)
    return clusters_in(np.arange(1, len(degrees) + 1), degrees, view)


def held(area: str, degrees: DegreeArray) -> int:
    south, west, north, east = map(float, area.split("/"))
    inside = (degrees >= (south, west)).all(axis=1) & (degrees <= (north, east)).all(axis=1)
    return int(inside.sum())


def test_the_map_is_web_mercators() -> None:
    """By hand: the equator is the middle; y of 66.51326 degrees is a quarter."""
    places = on_map(np.array([(0.0, 0.0), (66.51326044, 90.0), (-85.05112878, 180.0)]))
    assert places == pytest.approx(np.array([(0.5, 0.5), (0.75, 0.25), (1.0, 1.0)]), abs=1e-6)


def test_neighbours_are_one_far_away_and_two_near_by() -> None:
    assert sorted(each.photos for each in clusters(MUNICH, VIENNA, SYDNEY)) == [1, 2]
    assert [each.photos for each in clusters(MUNICH, VIENNA, SYDNEY, zoom=8)] == [1, 1, 1]


def test_the_first_photo_of_the_list_stands_for_a_cluster() -> None:
    [europe] = [each for each in clusters(SYDNEY, VIENNA, MUNICH) if each.photos == 2]
    assert europe.photo == 2


def test_what_is_out_of_view_is_no_cluster() -> None:
    degrees = np.array([MUNICH, SYDNEY])
    north_west = MapView(0.0, 0.0, 0.6, 0.5, 2)
    assert [each.photo for each in clusters_in(np.array([7, 8]), degrees, north_west)] == [7]
    assert clusters_in(np.array([8]), degrees[1:], north_west) == ()


def test_poles_and_the_date_line_are_on_the_map() -> None:
    found = clusters((90, 0), (-90, 0), (10, 180), (10, -180), zoom=4)
    assert len(found) == 4
    assert all(0 <= each.x <= 1 and 0 <= each.y <= 1 for each in found)


@given(
    places=st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), min_size=1, max_size=60),
    zoom=st.integers(0, 17),
)
def test_every_photo_is_in_a_cluster_and_clusters_do_not_cover_each_other(
    places: list[tuple[float, float]], zoom: int
) -> None:
    found = clusters(*places, zoom=zoom)
    degrees = np.array(places)
    assert sum(each.photos for each in found) >= len(places)
    for each in found:
        assert each.photos == held(each.area, degrees)
    covered = np.zeros(len(places), bool)
    for each in found:
        south, west, north, east = map(float, each.area.split("/"))
        inside = (degrees >= (south, west)).all(axis=1) & (degrees <= (north, east)).all(axis=1)
        covered |= inside
    assert covered.all()

"""Positions are named as people know them, and are found by every name."""

import math

import numpy as np
import pytest

from capsearch.gazetteer import Locality, locate, locate_many, shown, shown_parts, spellings
from capsearch.photos.metadata.read import read_metadata
from capsearch.text import folded

# Well-known points: what it is, latitude, longitude, city, country's code.
POINTS = [
    ("3 km from the middle of Annecy", 45.88, 6.15, "Annecy", "FR"),
    ("Eiffel Tower", 48.8584, 2.2945, "Paris", "FR"),
    ("castle of Versailles", 48.8049, 2.1204, "Versailles", "FR"),
    ("minster of Strasbourg", 48.5818, 7.7509, "Strasbourg", "FR"),
    ("a boat 8 km off Nice", 43.62, 7.30, "Nice", "FR"),
    ("Marienplatz", 48.1374, 11.5755, "Munich", "DE"),
    ("Heidelberg Castle", 49.4106, 8.7153, "Heidelberg", "DE"),
    ("Neuschwanstein", 47.5576, 10.7498, "Hohenschwangau", "DE"),
    ("Kehl, across the bridge from Strasbourg", 48.575, 7.81, "Kehl", "DE"),
    ("minster of Konstanz", 47.6633, 9.1763, "Konstanz", "DE"),
    ("Büsingen, an exclave", 47.697, 8.689, "Büsingen", "DE"),
    ("Kreuzlingen", 47.65, 9.175, "Kreuzlingen", "CH"),
    ("Jet d'Eau", 46.2074, 6.1559, "Geneva", "CH"),
    ("minster of Basel", 47.5565, 7.5925, "Basel", "CH"),
    ("Matterhorn, north side", 45.98, 7.66, "Zermatt", "CH"),
    ("Campione, an exclave", 45.9705, 8.9714, "Campione", "IT"),
    ("Colosseum", 41.8902, 12.4922, "Rome", "IT"),
    ("Rialto Bridge", 45.438, 12.3359, "Venice", "IT"),
    ("St Peter's Square", 41.9022, 12.4533, "Vatican City", "VA"),
    ("San Marino", 43.9361, 12.4467, "San Marino", "SM"),
    ("Rock of Gibraltar", 36.1408, -5.3536, "Gibraltar", "GI"),
    ("Ceuta", 35.8894, -5.3198, "Ceuta", "ES"),
    ("Plaça de Catalunya", 41.387, 2.17, "Barcelona", "ES"),
    ("Ponta Delgada", 37.7412, -25.6756, "Ponta Delgada", "PT"),
    ("Belém Tower", 38.6916, -9.216, "Lisbon", "PT"),
    ("Big Ben", 51.5007, -0.1246, "London", "GB"),
    ("Edinburgh Castle", 55.9486, -3.1999, "Edinburgh", "GB"),
    ("Temple Bar", 53.3455, -6.2642, "Dublin", "IE"),
    ("Hallstatt", 47.5622, 13.6493, "Hallstatt", "AT"),
    ("St Stephen's Cathedral", 48.2085, 16.3731, "Vienna", "AT"),
    ("Charles Bridge", 50.0865, 14.4114, "Prague", "CZ"),
    ("Wawel", 50.0541, 19.9354, "Kraków", "PL"),
    ("Kaliningrad", 54.7066, 20.5115, "Kaliningrad", "RU"),
    ("Red Square", 55.7539, 37.6208, "Moscow", "RU"),
    ("Sevastopol", 44.6166, 33.5254, "Sevastopol", "UA"),
    ("Pristina", 42.6629, 21.1655, "Pristina", "XK"),
    ("Acropolis", 37.9715, 23.7257, "Athens", "GR"),
    ("Longyearbyen", 78.2232, 15.6267, "Longyearbyen", "SJ"),
    ("Hallgrímskirkja", 64.1417, -21.9266, "Reykjavík", "IS"),
    ("pyramids of Giza", 29.9792, 31.1342, "Giza", "EG"),
    ("Bethlehem", 31.7043, 35.2076, "Bethlehem", "PS"),
    ("Petra", 30.3285, 35.4444, "Wādī Mūsá", "JO"),
    ("Table Mountain", -33.9628, 18.4098, "Cape Town", "ZA"),
    ("Maseru, surrounded by South Africa", -29.31, 27.48, "Maseru", "LS"),
    ("Victoria Falls, north side", -17.9243, 25.8572, "Livingstone", "ZM"),
    ("Saint-Denis of Réunion", -20.8789, 55.4481, "Saint-Denis", "RE"),
    ("Taj Mahal", 27.1751, 78.0421, "Agra", "IN"),
    ("Victoria Peak", 22.2759, 114.1455, "Hong Kong", "HK"),
    ("ruins of St Paul's", 22.1973, 113.5408, "Macau", "MO"),
    ("Marina Bay", 1.2834, 103.8607, "Singapore", "SG"),
    ("Kinkaku-ji", 35.0394, 135.7292, "Kyoto", "JP"),
    ("Opera House", -33.8568, 151.2153, "Sydney", "AU"),
    ("Uluru", -25.3444, 131.0369, "Yulara", "AU"),
    ("Statue of Liberty", 40.6892, -74.0445, "New York City", "US"),
    ("Golden Gate Bridge", 37.8199, -122.4783, "San Francisco", "US"),
    ("Kīlauea", 19.4069, -155.2834, "Volcano", "US"),
    ("Horseshoe Falls", 43.0792, -79.0784, "Niagara Falls", "CA"),
    ("Saint-Pierre, off Canada", 46.7811, -56.1764, "Saint-Pierre", "PM"),
    ("Machu Picchu", -13.1631, -72.545, "Machupicchu", "PE"),
    ("Iguazú, south side", -25.6953, -54.4367, "Puerto Iguazú", "AR"),
    ("Christ the Redeemer", -22.9519, -43.2105, "Rio de Janeiro", "BR"),
    ("Easter Island", -27.1127, -109.3497, "Hanga Roa", "CL"),
    ("Dili", -8.5569, 125.5603, "Dili", "TL"),
    ("Sahara", 23.0, 10.0, "", "DZ"),
    ("South Pole", -90.0, 0.0, "", "AQ"),
    ("Fiji, west of the date line", -16.8, 179.99, "", "FJ"),
    ("Fiji, east of the date line", -16.8, -179.97, "", "FJ"),
]


@pytest.mark.parametrize(
    ("latitude", "longitude", "city", "code"),
    [pytest.param(*point[1:], id=point[0]) for point in POINTS],
)
def test_a_well_known_point_has_its_city_and_country(
    latitude: float, longitude: float, city: str, code: str
) -> None:
    place = locate(latitude, longitude)
    assert place is not None
    assert (place.city, place.country_code) == (city, code)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        pytest.param(30.0, -40.0, id="mid-Atlantic"),
        pytest.param(90.0, 0.0, id="North Pole"),
        pytest.param(0.0, 0.0, id="what an unset receiver writes"),
        pytest.param(math.nan, 8.0, id="no number"),
        pytest.param(48.0, math.inf, id="infinite"),
        pytest.param(91.0, 8.0, id="north of the pole"),
        pytest.param(48.0, 181.0, id="beyond the date line"),
    ],
)
def test_nothing_is_said_where_nothing_is(latitude: float, longitude: float) -> None:
    assert locate(latitude, longitude) is None


def test_many_positions_are_named_as_each_alone() -> None:
    latitudes, longitudes = [math.nan], [0.0]
    for _, latitude, longitude, _, _ in POINTS:
        latitudes.append(latitude)
        longitudes.append(longitude)
    together = locate_many(np.array(latitudes), np.array(longitudes))
    assert together == [locate(*one) for one in zip(latitudes, longitudes, strict=True)]
    assert locate_many([], []) == []


@pytest.mark.parametrize(
    ("latitude", "longitude", "name", "level"),
    [
        (46.2, 6.15, "Genf", "city"),
        (46.2, 6.15, "Genève", "city"),
        (46.2, 6.15, "geneva", "city"),
        (46.2, 6.15, "Suisse", "country"),
        (48.1374, 11.5755, "München", "city"),
        (48.1374, 11.5755, "Munich", "city"),
        (48.1374, 11.5755, "Bayern", "region"),
        (45.9, 6.12, "France", "country"),
        (45.9, 6.12, "Frankreich", "country"),
        (40.7127, -74.006, "USA", "country"),
        (40.7127, -74.006, "United States", "country"),
        (40.7127, -74.006, "Vereinigte Staaten", "country"),
        (40.7127, -74.006, "New York", "city"),
        (51.5, -0.12, "UK", "country"),
        (51.5, -0.12, "Großbritannien", "country"),
        (51.5, -0.12, "England", "region"),
        (43.77, 11.25, "Firenze", "city"),
        (43.77, 11.25, "Florenz", "city"),
        (43.77, 11.25, "Toskana", "region"),
        (48.8049, 2.1204, "Paris", "city"),  # Versailles
        (41.4036, 2.1744, "Barcelona", "city"),  # its part Eixample
        (40.6782, -73.9442, "New York", "city"),  # its part Brooklyn
        (-20.8789, 55.4481, "Frankreich", "country"),
        (52.37, 4.89, "Holland", "country"),
    ],
)
def test_a_place_is_found_by_its_names(
    latitude: float, longitude: float, name: str, level: str
) -> None:
    place = locate(latitude, longitude)
    assert place is not None
    found = {(at, folded(spelling)) for at, spelling in spellings(place)}
    assert (level, folded(name)) in found


def test_a_spelling_comes_once_at_each_level() -> None:
    place = locate(46.2, 6.15)
    assert place is not None
    found = [(level, folded(name)) for level, name in spellings(place)]
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("latitude", "longitude", "english", "german"),
    [
        (46.2, 6.15, "Geneva, Switzerland", "Genf, Schweiz"),
        (48.1374, 11.5755, "Munich, Germany", "München, Deutschland"),
        (45.438, 12.3359, "Venice, Italy", "Venedig, Italien"),
        (1.2834, 103.8607, "Singapore", "Singapur"),
        (41.9022, 12.4533, "Vatican City", "Vatikanstadt"),
        (23.0, 10.0, "Algeria", "Algerien"),
    ],
)
def test_a_place_is_shown_in_the_language_of_the_window(
    latitude: float, longitude: float, english: str, german: str
) -> None:
    place = locate(latitude, longitude)
    assert place is not None
    assert (shown(place, "en"), shown(place, "de")) == (english, german)


def test_a_place_that_the_gazetteer_does_not_know_any_more_keeps_its_names() -> None:
    place = Locality("Atlantis", "The Deep", "Nowhere", "ZZ", around="Greater Atlantis")
    assert shown_parts(place, "de") == ("Atlantis", "The Deep", "Nowhere")
    assert spellings(place) == (
        ("city", "Atlantis"),
        ("region", "The Deep"),
        ("country", "Nowhere"),
        ("city", "Greater Atlantis"),
    )


# Looked at by hand: the photos show these places, or their camera's position is there on a map.
@pytest.mark.parametrize(
    ("name", "city", "region", "country"),
    [
        ("IMG_6368.jpg", "Yosemite Valley", "California", "United States"),
        ("IMG_6455.jpg", "", "California", "United States"),
        ("IMG_8751.jpg", "Moab", "Utah", "United States"),
        ("wild-2.jpg", "Williams", "Arizona", "United States"),
        ("dupl/sydney_opera_house.jpg", "Sydney", "New South Wales", "Australia"),
        ("timestamps/big_ben.jpg", "London", "England", "United Kingdom"),
    ],
)
def test_real_photos_are_where_they_were_taken(
    shared_data, name: str, city: str, region: str, country: str
) -> None:
    photo = shared_data / "library" / "trip" / name
    read = read_metadata(photo.read_bytes(), str(photo), 0)
    assert read.latitude is not None
    assert read.longitude is not None
    place = locate(read.latitude, read.longitude)
    assert place is not None
    assert (place.city, place.region, place.country) == (city, region, country)

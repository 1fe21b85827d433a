"""Photos that say much of themselves, and what one types into the search box to find them."""

import datetime
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from capsearch.benchmark.sentences import generic_sentences
from capsearch.photos.metadata.model import Person, PhotoMetadata, TakenAt

# 100,000 photos are then as many as 16 years hold, in 2,000 albums.
_FIRST, _BETWEEN = datetime.datetime(2008, 1, 1), datetime.timedelta(minutes=84)
_PER_OCCASION = 50
# Where occasions are: at one of a few homes, or anywhere between Portugal and Finland.
_HOMES = ((45.8992, 6.1294), (52.5200, 13.4050), (48.1374, 11.5755), (48.8566, 2.3522))
_SOUTH, _NORTH, _WEST, _EAST = 37.0, 62.0, -9.0, 27.0
_AT_HOME = 0.5
_FIRST_NAMES = ("Wilhelmine", "Anna", "Ben", "Clara", "Jonas", "Mia", "Oskar", "Paula", "Yusuf")
_LAST_NAMES = ("Testperson", "Muster", "Beispiel", "Probe", "Vorbild", "Modell", "Entwurf")
_NAMED, _KEYWORDED, _TITLED, _CAPTIONED, _RATED, _PLACED = 0.4, 0.5, 0.2, 0.3, 0.1, 0.7
_OWN_KEYWORDS = 2_000
_SENTENCES = 300
_CAMERAS = ("Canon EOS R6", "Apple iPhone 13", "NIKON D750", "Pixel 7")

QUESTIONS: tuple[str, ...] = (
    "dog",
    "a lake with mountains",
    "Wilhelmine Testperson in Annecy 2015",
    "Wilhelmine in Berlin last summer at the beach without people",
    "sunset at the beach without people",
    "Anna or Ben in winter 2012-2019",
    "2010-2019",
    "a dog 2010-2019",
    "children playing in Frankreich not at night",
    '"in the water" in Berlin',
    "woman",
    "mountains or a waterfall",
    "Hund am Strand",
    "ein rotes Auto in München",
    "a mountian lake",
    "Wilhlmine on a bike",
    "birthday cake Christmas",
    "on Sundays without Anna",
    "keyword1 2014 rating 4",
    "food -pizza 2011",
    "Deutschland",
    "a bicycle in Germany without Wilhelmine in July",
    "album:\"2015 trip 50\" snow",
    "IMG_004",
    "\N{DOG FACE} in the snow",
)  # fmt: skip
"""Typed questions that use all that the box understands, each part alone and all together."""

NAMES: tuple[str, ...] = (
    "Wilhelmine Testperson",
    "a dog with Anna Muster",
    "Frankreich",
    "the beach in München",
    "keyword12",
    "2015 trip",
)
"""What ends with a name, to be typed letter by letter."""


def described(number: int) -> tuple[Path, PhotoMetadata]:
    """Where photo `number` lies in the library's folder, and what it says of itself."""
    occasion = number // _PER_OCCASION
    random = np.random.default_rng(number)
    taken = _FIRST + number * _BETWEEN
    latitude, longitude = _position(occasion) if random.random() < _PLACED else (None, None)
    metadata = PhotoMetadata(
        taken=TakenAt(taken, None, "exif"),
        latitude=latitude,
        longitude=longitude,
        camera=_CAMERAS[occasion % len(_CAMERAS)],
        rating=int(random.integers(1, 6)) if random.random() < _RATED else None,
        keywords=_keywords(random) if random.random() < _KEYWORDED else (),
        people=_people(random) if random.random() < _NAMED else (),
        title=_sentence(random) if random.random() < _TITLED else None,
        texts=(_sentence(random),) if random.random() < _CAPTIONED else (),
    )
    return Path(f"{taken.year} trip {occasion}", f"IMG_{number:06}.jpg"), metadata


def beginnings(names: Sequence[str]) -> list[str]:
    """Each text as it stands after every letter."""
    return [name[:end] for name in names for end in range(1, len(name) + 1)]


def _position(occasion: int) -> tuple[float, float]:
    random = np.random.default_rng(occasion)
    if random.random() < _AT_HOME:
        return _HOMES[occasion % len(_HOMES)]
    return float(random.uniform(_SOUTH, _NORTH)), float(random.uniform(_WEST, _EAST))


def _often(random: np.random.Generator, count: int) -> int:
    """One of `count` things, of which the first are met most often: by Zipf's law."""
    return int(count ** random.random()) - 1


def _people(random: np.random.Generator) -> tuple[Person, ...]:
    found = {_often(random, 5 * len(_LAST_NAMES) * len(_FIRST_NAMES)) for _ in range(2)}
    return tuple(Person(_person(number), "xmp") for number in sorted(found))


def _person(number: int) -> str:
    rest, first = divmod(number, len(_FIRST_NAMES))
    generation, last = divmod(rest, len(_LAST_NAMES))
    name = f"{_FIRST_NAMES[first]} {_LAST_NAMES[last]}"
    return f"{name} {generation + 1}" if generation else name


def _keywords(random: np.random.Generator) -> tuple[str, ...]:
    return tuple(f"keyword{_often(random, _OWN_KEYWORDS)}" for _ in range(3))


def _sentence(random: np.random.Generator) -> str:
    return _sentences()[_often(random, len(_sentences()))]


@cache
def _sentences() -> list[str]:
    return generic_sentences(_SENTENCES)

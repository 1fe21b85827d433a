"""What a photo says about itself, as values that travel."""

import datetime
from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""x, y of the top left corner, width, height, relative to the upright photo's sides (0 to 1)."""


@dataclass(frozen=True)
class Person:
    """Someone named on a photo; `source` says where: "xmp", "sidecar" or "picasa"."""

    name: str
    source: str
    box: Box | None = None


@dataclass(frozen=True)
class TakenAt:
    """When a photo was taken.

    `local` is naive: the clock where it was taken. `source` is "exif", "xmp", "iptc", "sidecar",
    "satellites", "name", "changed" or "file", the less sure the later (`trust` says why).
    """

    local: datetime.datetime
    utc_offset_minutes: int | None
    source: str


@dataclass(frozen=True)
class PhotoMetadata:
    """Latitude and longitude in degrees, north and east positive; rating 0 to 5, -1 rejected.

    `keywords` holds every level of hierarchical ones. `texts` are descriptions, captions and
    comments; `place_names` what was written, nothing derived from the position.
    """

    taken: TakenAt | None = None
    latitude: float | None = None
    longitude: float | None = None
    camera: str | None = None
    rating: int | None = None
    keywords: tuple[str, ...] = ()
    people: tuple[Person, ...] = ()
    title: str | None = None
    texts: tuple[str, ...] = ()
    place_names: tuple[str, ...] = ()
    favourite: bool = False
    screenshot: bool = False

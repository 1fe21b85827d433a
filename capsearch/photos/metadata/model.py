"""What a photo says about itself, as values that travel."""

import datetime
from dataclasses import dataclass, field
from typing import Literal

Box = tuple[float, float, float, float]
"""x, y of the top left corner, width, height, relative to the upright photo's sides (0 to 1)."""


@dataclass(frozen=True)
class Person:
    """Someone named on a photo; `source` says where: "xmp", "sidecar" or "picasa"."""

    name: str
    source: str
    box: Box | None = None


Precision = Literal["year", "month", "day", "second"]
LENGTHS: dict[Precision, int] = {"year": 4, "month": 7, "day": 10}
"""Of a date as text that ends where the knowledge does."""


@dataclass(frozen=True)
class TakenAt:
    """When a photo was taken, as exactly as it is known.

    `local` is naive: the first moment that it may have been, by the clock of the place where it
    was taken. `source` says what the date means, see `trust`. A `universal` one is still in
    universal time: so are dates while a file is read, and none that leaves `read_metadata`.
    """

    local: datetime.datetime
    utc_offset_minutes: int | None
    source: str
    precision: Precision = "second"
    universal: bool = False

    @property
    def text(self) -> str:
        """ISO 8601, as far as it is known: "1978", "1978-07", "1978-07-04", ... Sorts by time."""
        return self.local.isoformat()[: LENGTHS.get(self.precision)]


@dataclass(frozen=True)
class PhotoMetadata:
    """Latitude and longitude in degrees, north and east positive; rating 0 to 5, -1 rejected.

    `keywords` holds every level of hierarchical ones. `texts` are descriptions, captions and
    comments; `place_names` what was written, nothing derived from the position. `motion`: a video
    is in the photo's own file.
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
    motion: bool = False


@dataclass(frozen=True)
class Said:
    """What one source says of a photo: all of its dates, and the rest (without `taken`)."""

    metadata: PhotoMetadata = field(default_factory=PhotoMetadata)
    dates: tuple[TakenAt, ...] = ()

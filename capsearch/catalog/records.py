"""The values that travel in and out of the catalog."""

import datetime
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from capsearch.photos.metadata.model import Person, PhotoMetadata, TakenAt

IdArray = npt.NDArray[np.int64]
DayArray = npt.NDArray[np.int32]
DegreeArray = npt.NDArray[np.float64]

UNDATED = -(2**31)
"""In place of the day of a photo of which none is known."""

PlaceState = Literal["present", "offline", "missing"]

Field = Literal[
    "subject",
    "person",
    "place",
    "keyword",
    "album",
    "camera",
    "format",
    "kind",
    "rating",
    "dates",
    "yearly",
    "weekday",
    "words",
    "area",
]
"""What a `Condition` can ask about."""


@dataclass(frozen=True)
class Folder:
    """A folder that the user gave; `scanned_at` in seconds since 1970, `exclude` as for `walk`.

    `volume` is where it was last seen.
    """

    path: str
    online: bool
    scanned_at: float | None
    exclude: tuple[str, ...] = ()
    volume: "Volume | None" = None


@dataclass(frozen=True)
class Volume:
    """What a folder lies on: the system's number of the device, and where it is mounted."""

    device: str
    mount: str


@dataclass(frozen=True)
class Removal:
    """What taking a folder out means: how many photos leave the library, and how many of its
    photos stay because other folders hold them too."""

    leaving: int
    staying: int


@dataclass(frozen=True)
class Stamp:
    """What tells, without reading it, that a file has not changed."""

    size: int
    mtime_ns: int


NO_STAMP = Stamp(-1, -1)
"""Of what could not even be looked at: equal to no file's stamp."""


@dataclass(frozen=True)
class KnownPlace:
    """A file as the catalog last saw it; `embedded` for the encoder that was asked about, from its
    picture as it is decoded now.

    `beside` stamps its sidecars and companions; a `companion` is no photo of its own.
    """

    stamp: Stamp
    photo_id: int
    state: PlaceState
    embedded: bool
    beside: bytes = b""
    companion: bool = False


@dataclass(frozen=True)
class Failure:
    """A file or folder that could not be used, and why, in one plain sentence."""

    path: str
    reason: str


@dataclass(frozen=True)
class KnownFailure:
    """A failure as the catalog keeps it; a passing one is tried again on every run."""

    stamp: Stamp
    reason: str
    passing: bool


@dataclass(frozen=True)
class Content:
    """What is true of a photo wherever it lies; width and height in pixels, upright. `cut_off`:
    only a part of it is there. `seconds` is the length of a video, where it tells."""

    hash: bytes
    byte_size: int
    width: int
    height: int
    format: str
    cut_off: bool = False
    seconds: float | None = None


@dataclass(frozen=True)
class ComparedPhoto:
    """What tells whether a photo is a copy of another, and which of the two is the better one:
    sizes in bytes and pixels, where its date is from (None: it has none), how many files hold it
    and one of them."""

    id: int
    perceptual_hash: bytes
    byte_size: int
    width: int
    height: int
    taken_source: str | None
    files: int
    path: str


@dataclass(frozen=True)
class Place:
    """A file that holds a photo, with what was read there and which companions go with it."""

    path: str
    stamp: Stamp
    metadata: PhotoMetadata
    beside: bytes = b""
    companions: tuple["Companion", ...] = ()


@dataclass(frozen=True)
class Companion:
    """A file that goes with a photo and is none of its own: the raw file of a JPEG, the video of
    a Live Photo."""

    path: str
    stamp: Stamp


@dataclass(frozen=True)
class NamedPlace:
    """Where a photo was taken, by its English (or local) and its German names; "" for what is not
    known."""

    city: str
    region: str
    country: str
    german_city: str
    german_region: str
    german_country: str


@dataclass(frozen=True)
class PhotoFacts:
    """What a result shows: `paths` present first, then offline; of those alike, the photo's own
    files before their companions (a raw file, a Live Photo's video). Only a photo that is nowhere
    any more shows where it was. Of one that is `cut_off` only a part is there; `seconds` is the
    length of one that is a video. `has_video`: it is one, or one goes with it or is in its file.
    `stacked`: how many photos are near copies of one, itself among them; 0 where there is none.
    `subjects` are the names of what somebody said that it shows."""

    id: int
    paths: tuple[str, ...]
    offline: bool
    width: int
    height: int
    format: str
    taken: TakenAt | None
    latitude: float | None
    longitude: float | None
    camera: str | None
    rating: int | None
    keywords: tuple[str, ...]
    people: tuple[Person, ...]
    title: str | None
    texts: tuple[str, ...]
    place: NamedPlace | None
    cut_off: bool = False
    seconds: float | None = None
    stacked: int = 0
    has_video: bool = False
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Occasions:
    """When and with whom each of n photos was taken, aligned with `ids`.

    `days` (n,) are days since 1970-01-01; `dated` (n,) is False where the only date is the
    file's own time (often that of a copy) or where there is none, and `days` is then the file's
    day or 0. `people` holds the names, sorted, of those in each photo.
    """

    ids: npt.NDArray[np.int64]
    days: npt.NDArray[np.int64]
    dated: npt.NDArray[np.bool_]
    people: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class PersonDays:
    """Somebody on a photo, and on how many days of the library photos of them were taken."""

    name: str
    days: int


TextField = Literal["title", "person", "keyword", "place", "text", "album", "name", "camera"]
"""Where typed words can be found."""


@dataclass(frozen=True, eq=False)
class TextHits:
    """Photos that have the typed words, the strongest first: ids (m,) int64 and `strengths` (m,)
    float32, above 0 and without a bound (bm25: a rare word weighs more, and so does one in a
    title, keyword or name). `photos` have them in all, of which these are the first."""

    ids: IdArray
    strengths: npt.NDArray[np.float32]
    photos: int


@dataclass(frozen=True)
class TextReason:
    """Where typed words were found on a photo, and the name or text that has them."""

    field: TextField
    value: str


@dataclass(frozen=True)
class KnownEncoder:
    """An encoder that has given the library vectors of `dim` numbers; `name` loads it again."""

    identity: str
    name: str
    dim: int


@dataclass(frozen=True)
class EncoderSet(KnownEncoder):
    """One encoder's vectors in the catalog: how many searchable photos have one."""

    photos: int


@dataclass(frozen=True)
class Counts:
    """The library in numbers; `searchable` photos are those present or offline somewhere.
    `newest_failure`: when the last failure came, in seconds since 1970; None where none is."""

    photos: int
    searchable: int
    files: int
    missing_files: int
    offline_files: int
    failures: int
    newest_failure: float | None
    encoders: tuple[EncoderSet, ...]


@dataclass(frozen=True)
class Flow:
    """How many photos became searchable, ceased to be, or were edited: another content came to
    the same place."""

    new: int
    gone: int
    edited: int


@dataclass(frozen=True)
class Condition:
    """One thing asked of a photo: any of `values` suffices; `negated`: none of them may hold.

    A photo without the thing (no date, say) fails a plain condition and passes a negated one.
    By field, a value is:

    - "subject": the name of something that the person has named, compared `folded`;
    - "person", "place", "keyword", "album" (a folder's name), "camera": a name, compared `folded`;
    - "format": "JPEG", "HEIF", ... in any case;
    - "kind": "video" (it is one, or one goes with it or is in its file), "screenshot", "raw",
      "favourite" or "copies" (there are near copies of it);
    - "rating": "4" for 4 stars or more;
    - "dates": "2015-06-01/2015-08-31", local days, both included;
    - "yearly": "12-24/12-26", month and day, both included; may pass over the end of the year;
    - "weekday": "1" (Monday) to "7";
    - "words": an exact phrase in any one of the photo's texts;
    - "area": "48.05/11.36/48.25/11.72", degrees north and east of the south-western corner, then
      of the north-eastern one, both included.
    """

    field: Field
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True)
class Filters:
    """Which photos count: those that satisfy every field; an empty field asks for nothing.

    Within `folders`, `cameras` and `formats` one of several suffices; of `people` all must be on
    the photo, and of `conditions` all must hold. `first` and `last` are local days, both included.
    """

    first: datetime.date | None = None
    last: datetime.date | None = None
    folders: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    cameras: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    offline: bool | None = None
    conditions: tuple[Condition, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether every photo passes."""
        return self == Filters()


@dataclass(frozen=True)
class FolderCount:
    """A folder, and how many photos lie in it or below it."""

    path: str
    photos: int


@dataclass(frozen=True)
class Choices:
    """What there is to filter by, each with its number of photos, most frequent first.

    `german_places` are the German names of those of `places` that have another.
    """

    people: tuple[tuple[str, int], ...]
    places: tuple[tuple[str, int], ...]
    german_places: dict[str, str]
    cameras: tuple[tuple[str, int], ...]
    formats: tuple[tuple[str, int], ...]
    first: datetime.date | None
    last: datetime.date | None
    offline: int

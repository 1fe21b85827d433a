"""The values that travel between the window and the engine's process."""

import datetime
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from capsearch.catalog.records import Failure, Folder, PhotoFacts

IdArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Filters:
    """Which photos count: those that satisfy every field; an empty field asks for nothing.

    Within `folders`, `cameras` and `formats` one of several suffices; of `people` all must be on
    the photo. `first` and `last` are local days, both included.
    """

    first: datetime.date | None = None
    last: datetime.date | None = None
    folders: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    cameras: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    offline: bool | None = None

    @property
    def empty(self) -> bool:
        """Whether every photo passes."""
        return self == Filters()


@dataclass(frozen=True)
class Question:
    """Words, or a photo of the library (its id), or any image file (its path); not two of them."""

    text: str = ""
    photo: int | None = None
    image: str | None = None
    filters: Filters = field(default_factory=Filters)
    personalize: bool = True
    count: int = 500


@dataclass(frozen=True, eq=False)
class Answer:
    """The photos that fit a question, best first, as `ids` (m,) int64 and `scores` (m,) float32.

    The first `relevant` of them fit; the rest is there for 'show more'. `searched` photos were
    ranked. `facts` describes the first few, so that they can be painted at once.
    """

    question: Question
    ids: IdArray
    scores: npt.NDArray[np.float32]
    relevant: int
    searched: int
    personalized: bool
    milliseconds: float
    facts: tuple[PhotoFacts, ...]


@dataclass(frozen=True, eq=False)
class Timeline:
    """The library by date, newest first: ids (n,) int64, days (n,) int32 since 1970-01-01, with
    `UNDATED` for photos of no known day, which come last."""

    ids: IdArray
    days: npt.NDArray[np.int32]
    facts: tuple[PhotoFacts, ...]


UNDATED = -(2**31)


@dataclass(frozen=True)
class Choices:
    """What there is to filter by, each with its number of photos, most frequent first."""

    people: tuple[tuple[str, int], ...]
    cameras: tuple[tuple[str, int], ...]
    formats: tuple[tuple[str, int], ...]
    folders: tuple[str, ...]
    first: datetime.date | None
    last: datetime.date | None
    offline: int


@dataclass(frozen=True)
class LibraryState:
    """The library in numbers, for the window's frame."""

    folders: tuple[Folder, ...]
    photos: int
    offline: int
    failures: int
    encoder: str | None


@dataclass(frozen=True)
class Explanation:
    """Why a photo is where it is. `score` is the sum of `words` (the encoder's own score), of
    `collection` (what the words mean in this library), of `recurrence` (subjects that keep coming
    back) and of `hub` (less for photos that fit everything). `generic_rank` is its place without
    personalisation, from 1."""

    photo: int
    score: float
    words: float
    collection: float
    recurrence: float
    hub: float
    generic_rank: int


FailureList = tuple[Failure, ...]

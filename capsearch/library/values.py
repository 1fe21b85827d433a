"""The values that go into a library and come out of it; all of them travel between processes."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from capsearch.catalog.records import (
    UNDATED,
    Choices,
    Condition,
    DayArray,
    EncoderSet,
    Failure,
    Field,
    Filters,
    Folder,
    FolderCount,
    IdArray,
    NamedPlace,
    PersonDays,
    PhotoFacts,
    Removal,
    TextField,
    TextReason,
)
from capsearch.encoders.curated import CURATED, EncoderInfo
from capsearch.indexing.report import IndexReport, Progress
from capsearch.indexing.scope import Scope
from capsearch.language.names import Suggestion
from capsearch.language.parts import Change, Part, Understood, UnknownWord
from capsearch.library.lessons import (
    AddPhotos,
    Ignore,
    Lesson,
    Merge,
    Name,
    Say,
    SubjectRef,
    TakeOut,
    Unlearn,
)
from capsearch.photos.metadata.model import Person, TakenAt

if TYPE_CHECKING:  # not in the window's process
    from capsearch.personalize.query import ScoreParts

__all__ = [
    "CURATED",
    "UNDATED",
    "AddPhotos",
    "AddedFolder",
    "Answer",
    "Change",
    "Choices",
    "Completion",
    "Condition",
    "Copy",
    "CopyStack",
    "Effect",
    "EncoderInfo",
    "EncoderSet",
    "EngineOffer",
    "Explanation",
    "Failure",
    "Field",
    "Filters",
    "Folder",
    "FolderCount",
    "HeldFolder",
    "IdArray",
    "Ignore",
    "IndexReport",
    "Learned",
    "LearnedSubject",
    "Lesson",
    "LibraryState",
    "MapCluster",
    "MapView",
    "Merge",
    "Milliseconds",
    "ModelOffer",
    "ModelShelf",
    "MoveReason",
    "Moved",
    "Name",
    "NamedPlace",
    "Part",
    "Person",
    "PersonDays",
    "PhotoFacts",
    "PhotoMap",
    "Progress",
    "Question",
    "Removal",
    "Say",
    "Scope",
    "ScoreParts",
    "SubjectRef",
    "Suggestion",
    "TakeOut",
    "TakenAt",
    "TextField",
    "TextReason",
    "ThisDay",
    "Timeline",
    "Understood",
    "UnknownWord",
    "Unlearn",
]

Effect = Literal["none", "unlearned", "same", "unsure", "changed"]
"""What the library's own did to an answer: "none" where nobody's own was asked for or wanted,
"unlearned" where nothing is known of it yet, "same" where the first photos are as everybody would
get them, "unsure" where they differ and yet nothing of one's own was surely meant."""

FIRST_FACTS = 80
"""How many photos come with their facts at once: about what a large screen shows."""


@dataclass(frozen=True)
class Question:
    """Words, or a photo of the library (its id), or any image file (its path), or the near copies
    of a photo (`copies_of`, its id); not two of them.

    Words are taken apart as `capsearch.language` says; those of `plain` (labels of parts, words, in
    lower case) stay as they were typed. `german`: the user's language is German. `personalize`
    and `strength` (a name of `STRENGTHS`) None mean what the settings say. One photo stands for all
    its near copies where they are `stacked`. `count` photos are wanted, `described` of them with
    their facts, each with an `Explanation` where it is to be `explained`, and with where its own
    texts say what is asked where that is to be `told`.
    """

    text: str = ""
    photo: int | None = None
    image: str | None = None
    copies_of: int | None = None
    filters: Filters = field(default_factory=Filters)
    plain: tuple[str, ...] = ()
    german: bool = False
    personalize: bool | None = None
    strength: str | None = None
    stacked: bool = True
    count: int = 500
    described: int = FIRST_FACTS
    explained: bool = False
    told: bool = True


@dataclass(frozen=True)
class Completion:
    """What a typed text may become (`text`), and the name that it then has at its end."""

    text: str
    suggestion: Suggestion


@dataclass(frozen=True)
class Milliseconds:
    """Where a question's time went; `total` also holds reading the first photos' facts."""

    encode: float
    search: float
    total: float


MoveReason = Literal["meaning", "recurrence", "hub"]
"""What a collection moves photos by: what words mean in it, what comes back in it, and that some
photos look like nearly everything."""


@dataclass(frozen=True)
class Moved:
    """Where an answer has a photo `before` it is personalised and `now`, from 1 (None: behind all
    that were found), the `reason` that has moved it most (None: no single one), and who comes back
    where that is why."""

    before: int | None
    now: int | None
    reason: MoveReason | None
    person: PersonDays | None = None


@dataclass(frozen=True)
class Explanation:
    """Why a photo is where it is: what its score is made of, and which of its own texts say what
    was asked (None where none does; then it looks like it). Of one photo also the words that it
    was `looked_for` by, as they were typed, how the collection has `moved` it, if at all, and
    whether it is what is `meant`, or is not, as somebody said."""

    photo: int
    parts: "ScoreParts"
    said: TextReason | None = None
    looked_for: str = ""
    moved: Moved | None = None
    meant: bool | None = None


@dataclass(frozen=True, eq=False)
class Answer:
    """The photos that fit a question, best first, as `ids` (m,) int64 and `scores` (m,) float32.

    The first `relevant` of them fit; the rest is there for 'show more'. Of words, photos whose own
    texts say them come first, those that look like it after them: `said` tells for the first few
    where it stands. Where nothing but parts was `understood` they are all that pass, newest first,
    with their `days` as in `Timeline`. `changes` are words that were read as others, `unknown`
    those that the encoder does not know, so that no photo surely fits. `searched` photos were
    ranked by `encoder`, `personalized` or not. `facts` describes the first few, so that they can
    be painted at once; `explanations` run along `ids`, () unless they were asked for.
    """

    question: Question
    encoder: str
    ids: IdArray
    scores: npt.NDArray[np.float32]
    relevant: int
    searched: int
    personalized: bool
    milliseconds: Milliseconds
    facts: tuple[PhotoFacts, ...]
    explanations: tuple[Explanation, ...] = ()
    understood: Understood = field(default_factory=lambda: Understood(""))
    changes: tuple[Change, ...] = ()
    unknown: tuple[UnknownWord, ...] = ()
    said: Mapping[int, TextReason] = field(default_factory=dict)
    days: DayArray | None = None
    effect: Effect = "none"


@dataclass(frozen=True, eq=False)
class LearnedSubject:
    """Something that comes back in the photos, or was named.

    `ref` is what lessons about it name. `photos` (n,) are its photos: first those of which somebody
    said so, `likely` ones last, which look like it. They are of `days` known days, from `first` to
    `last`; `places` are the cities that most of them were taken in, (English, German). `facts`
    describe the first few.
    """

    ref: SubjectRef
    name: str
    called: str
    ignored: bool
    photos: IdArray
    likely: int
    days: int
    first: datetime.date | None
    last: datetime.date | None
    places: tuple[tuple[str, str], ...]
    facts: tuple[PhotoFacts, ...]


@dataclass(frozen=True)
class Learned:
    """All that CapSearch has learned of a library: `subjects`, named ones first, then those that
    come back most surely, ignored ones last; people and places that photos name, each with the
    number of its photos. `notice` says why nothing comes back, if it was not looked for;
    `lessons` can be taken back."""

    subjects: tuple[LearnedSubject, ...]
    people: tuple[tuple[str, int], ...]
    places: tuple[tuple[str, int], ...]
    german_places: dict[str, str]
    lessons: int
    notice: str = ""


@dataclass(frozen=True, eq=False)
class Timeline:
    """The library by date, newest first: ids (n,) int64, days (n,) int32 since 1970-01-01.

    Of what is known to the month it is the first day; `UNDATED` + 1978 stands for what is known to
    be of that year, behind its days; `UNDATED` for no date but the file's, last.
    """

    ids: IdArray
    days: DayArray
    facts: tuple[PhotoFacts, ...]


@dataclass(frozen=True)
class ThisDay:
    """How many photos were taken on this day of former years, since `first_year`; 0 and 0 where
    none was."""

    photos: int
    first_year: int


@dataclass(frozen=True)
class MapView:
    """A part of the map of the world (Web Mercator, 0 to 1 from its north-western corner) at a
    `zoom`: the whole map is 256 * 2**zoom pixels wide."""

    left: float
    top: float
    right: float
    bottom: float
    zoom: float


@dataclass(frozen=True)
class MapCluster:
    """So many `photos` near each other, around this place of the map; `photo` stands for them, and
    `area` holds them, as a `Condition` asks for it."""

    x: float
    y: float
    photos: int
    photo: int
    area: str


@dataclass(frozen=True)
class PhotoMap:
    """The clusters in a view of the map; `placed` photos of the library have a position, all of
    which lie within `bounds`."""

    clusters: tuple[MapCluster, ...]
    placed: int
    bounds: MapView | None


@dataclass(frozen=True)
class Copy:
    """One of several near copies: its `paths` (with what goes with it, such as a raw file), the
    bytes that all files of this very content take, its size in pixels, upright."""

    photo: int
    paths: tuple[str, ...]
    byte_size: int
    width: int
    height: int


@dataclass(frozen=True)
class CopyStack:
    """Near copies of one photo: the `best` of them, which stands for all, and the `others`."""

    best: Copy
    others: tuple[Copy, ...]

    @property
    def spare_bytes(self) -> int:
        """What the others take on the disk."""
        return sum(other.byte_size for other in self.others)


@dataclass(frozen=True)
class HeldFolder:
    """One of the library's folders, and how many photos it holds; another may hold them too."""

    folder: Folder
    photos: int


@dataclass(frozen=True)
class AddedFolder:
    """A folder that was taken into the library, or (not `new`) was in it already; which of the
    others it lies in (`inside`), and which lie in it (`below`)."""

    path: str
    new: bool
    inside: tuple[str, ...]
    below: tuple[str, ...]


@dataclass(frozen=True)
class LibraryState:
    """The library in numbers, for the window's frame; `encoder` is the one that it is searched
    by, `wanted_encoder` the one that the user chose and whose vectors are not whole yet: it has
    `waiting` photos to see first, `waiting_away` of them on drives that are away. `encoders` are
    all that have vectors here, of which `encoder_identity` is searched by. `newest_failure`: since
    when the last one that could not be used is that, in seconds since 1970; None: all could be."""

    folders: tuple[Folder, ...]
    photos: int
    offline: int
    failures: int
    encoder: str | None
    wanted_encoder: str | None = None
    waiting: int = 0
    waiting_away: int = 0
    encoders: tuple[EncoderSet, ...] = ()
    encoder_identity: str | None = None
    newest_failure: float | None = None


@dataclass(frozen=True)
class ModelOffer:
    """A model that this machine has or can have; `begun_bytes` are here of a download that was
    stopped, or broke off."""

    info: EncoderInfo
    begun_bytes: int = 0


@dataclass(frozen=True)
class EngineOffer:
    """PyTorch, which the app came without: what is to be fetched of it yet, and what it takes on
    the disk."""

    missing_bytes: int
    installed_bytes: int


@dataclass(frozen=True)
class ModelShelf:
    """Every model by name, where downloaded ones go and how much room is there (None: its drive
    is away), and PyTorch where all but the starter wait for it."""

    models: tuple[ModelOffer, ...]
    folder: str
    free_bytes: int | None
    engine: EngineOffer | None = None

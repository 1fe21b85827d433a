"""What the library's process can be asked: one frozen dataclass a question, with its answer's type.

The window's process makes them and sends them; `run` is called over there, where the library is.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Generic, Literal, TypeVar

from capsearch.library.values import (
    Answer,
    Choices,
    Completion,
    Explanation,
    Failure,
    Filters,
    FolderCount,
    HeldFolder,
    Learned,
    Lesson,
    LibraryState,
    MapView,
    ModelShelf,
    PhotoFacts,
    PhotoMap,
    Question,
    Removal,
    ThisDay,
    Timeline,
)
from capsearch.settings import Settings

if TYPE_CHECKING:
    from capsearch.library.facade import Library

Lane = Literal["read", "search", "models"]
"""Lines of work: reading the catalog never waits for the encoder, and neither of them for what is
known of models, which is read by the libraries of the network."""

Value_co = TypeVar("Value_co", covariant=True)


class Operation(Generic[Value_co]):
    """Something to ask of a library; each kind is a frozen dataclass that can be pickled."""

    lane: ClassVar[Lane] = "read"

    def run(self, library: "Library") -> Value_co:
        """Do it, in the process and the thread of this library."""
        raise NotImplementedError


@dataclass(frozen=True)
class ReadState(Operation[LibraryState]):
    """The library in numbers."""

    def run(self, library: "Library") -> LibraryState:
        """Count."""
        return library.state()


@dataclass(frozen=True)
class ReadTimeline(Operation[Timeline]):
    """The photos that pass, newest first; of near copies the best one, if they are `stacked`."""

    filters: Filters
    stacked: bool = True

    def run(self, library: "Library") -> Timeline:
        """List them."""
        return library.timeline(self.filters, stacked=self.stacked)


@dataclass(frozen=True)
class ReadThisDay(Operation[ThisDay]):
    """How many photos were taken on this day of former years."""

    stacked: bool = True

    def run(self, library: "Library") -> ThisDay:
        """Count."""
        return library.this_day(stacked=self.stacked)


@dataclass(frozen=True)
class ReadMap(Operation[PhotoMap]):
    """The photos in a view of the map."""

    view: MapView
    stacked: bool = True

    def run(self, library: "Library") -> PhotoMap:
        """Gather them."""
        return library.photo_map(self.view, stacked=self.stacked)


@dataclass(frozen=True)
class DrawLands(Operation[bytes]):
    """A tile of the map's lands; see `Library.lands`."""

    level: int
    column: int
    row: int
    side: int

    def run(self, library: "Library") -> bytes:
        """Draw it."""
        return library.lands(self.level, self.column, self.row, self.side)


@dataclass(frozen=True)
class ReadFacts(Operation[tuple[PhotoFacts, ...]]):
    """What is known of these photos."""

    ids: tuple[int, ...]

    def run(self, library: "Library") -> tuple[PhotoFacts, ...]:
        """Read it."""
        return library.facts(self.ids)


@dataclass(frozen=True)
class ReadChoices(Operation[Choices]):
    """What there is to filter by."""

    def run(self, library: "Library") -> Choices:
        """List it."""
        return library.choices()


@dataclass(frozen=True)
class ReadFolderTree(Operation[tuple[FolderCount, ...]]):
    """The folders that hold photos, each before those inside of it."""

    def run(self, library: "Library") -> tuple[FolderCount, ...]:
        """Count."""
        return library.folder_tree()


@dataclass(frozen=True)
class ReadFailures(Operation[tuple[Failure, ...]]):
    """What could not be used, and why."""

    def run(self, library: "Library") -> tuple[Failure, ...]:
        """List it."""
        return library.failures()


@dataclass(frozen=True)
class ReadFolders(Operation[tuple[HeldFolder, ...]]):
    """The library's folders, with their photos counted."""

    def run(self, library: "Library") -> tuple[HeldFolder, ...]:
        """Count."""
        return library.folders()


@dataclass(frozen=True)
class ReadRemoval(Operation[Removal]):
    """What taking this folder out of the library would do."""

    folder: str

    def run(self, library: "Library") -> Removal:
        """Count."""
        return library.removal(self.folder)


@dataclass(frozen=True)
class Warm(Operation[str]):
    """Load what the first question would have to wait for; gives the encoder's name."""

    lane = "search"

    def run(self, library: "Library") -> str:
        """Load it."""
        return library.warm()


@dataclass(frozen=True)
class LookAgain(Operation[None]):
    """Let the next question see what the library holds now."""

    lane = "search"

    def run(self, library: "Library") -> None:
        """Forget how it was."""
        library.look_again()


@dataclass(frozen=True)
class Ask(Operation[Answer]):
    """A question, to be answered with photos."""

    lane = "search"
    question: Question

    def run(self, library: "Library") -> Answer:
        """Rank them."""
        return library.answer(self.question)


@dataclass(frozen=True)
class Complete(Operation[tuple[Completion, ...]]):
    """What the end of a typed text may become."""

    lane = "search"  # where the library's names are kept
    text: str
    german: bool = False

    def run(self, library: "Library") -> tuple[Completion, ...]:
        """Look it up."""
        return library.complete(self.text, german=self.german)


@dataclass(frozen=True)
class Explain(Operation[Explanation | None]):
    """Why a photo is where it is in the answer to a question."""

    lane = "search"
    question: Question
    photo: int

    def run(self, library: "Library") -> Explanation | None:
        """Take its score apart."""
        return library.explain(self.question, self.photo)


@dataclass(frozen=True)
class ForgetEncoder(Operation[int]):
    """Drop the vectors of an encoder that is not searched by; gives how many photos had one."""

    lane = "search"  # so that scrolling does not wait for it
    name: str

    def run(self, library: "Library") -> int:
        """Drop them."""
        return library.drop_encoder(self.name)


@dataclass(frozen=True)
class ReadShelf(Operation[ModelShelf]):
    """Which models there are, and what each would take."""

    lane = "models"

    def run(self, library: "Library") -> ModelShelf:
        """Look."""
        from capsearch.library.models import read_shelf  # noqa: PLC0415 (not in the window's)

        return read_shelf()


@dataclass(frozen=True)
class RemoveModel(Operation[int]):
    """Delete a model that this library does not need; gives how many bytes are free again."""

    lane = "models"
    name: str

    def run(self, library: "Library") -> int:
        """Delete it."""
        from capsearch.library.models import remove_model  # noqa: PLC0415 (not in the window's)

        return remove_model(library, self.name)[1]


@dataclass(frozen=True)
class ChangeSettings(Operation[None]):
    """Search by other settings from now on."""

    lane = "search"
    settings: Settings

    def run(self, library: "Library") -> None:
        """Take them over."""
        library.change_settings(self.settings)


@dataclass(frozen=True)
class ReadLearned(Operation[Learned]):
    """What was learned of the library, and taught."""

    lane = "search"  # where the vectors are

    def run(self, library: "Library") -> Learned:
        """Lay it out."""
        return library.learned()


@dataclass(frozen=True)
class Teach(Operation[None]):
    """A lesson."""

    lane = "search"
    lesson: Lesson

    def run(self, library: "Library") -> None:
        """Take it."""
        library.teach(self.lesson)


@dataclass(frozen=True)
class Unteach(Operation[bool]):
    """The last lesson taken back; whether there was one."""

    lane = "search"

    def run(self, library: "Library") -> bool:
        """Take it back."""
        return library.unteach()


@dataclass(frozen=True)
class ForgetTaught(Operation[None]):
    """All lessons forgotten."""

    lane = "search"

    def run(self, library: "Library") -> None:
        """Forget them."""
        library.forget_taught()


@dataclass(frozen=True)
class ExportTaught(Operation[int]):
    """All that was taught, to a file; how many things that are."""

    path: str

    def run(self, library: "Library") -> int:
        """Write it."""
        return library.export_taught(Path(self.path))


@dataclass(frozen=True)
class ImportTaught(Operation[int]):
    """What a file says, in place of what was taught; how many things that are."""

    lane = "search"
    path: str

    def run(self, library: "Library") -> int:
        """Take it over."""
        return library.import_taught(Path(self.path))

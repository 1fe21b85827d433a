"""Libraries of which is known what each photo shows, and the same opened as the app opens one."""

import datetime
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.records import Content, IdArray, Place, Stamp
from capsearch.encoders.base import ByteArray, Encoder, FloatArray, InputSpec
from capsearch.lab.personal.libraries import OTHER_SUBJECTS, Sources, draw_libraries
from capsearch.library.encoder_choice import settle_encoder
from capsearch.library.encoder_view import EncoderView
from capsearch.library.facade import Library
from capsearch.personalize.neighbours import IntArray
from capsearch.photos.metadata.model import PhotoMetadata, TakenAt

NOTHING = -1
_FIRST_DAY = 737_000
_DAYS = 3_650


@dataclass(frozen=True)
class LabelledLibrary:
    """Photos `vectors` (n, dim), each of a day of its own `days` (n,).

    shows: (n,) the number of the subject in the sources' sorted names, `NOTHING` for a photo of
        anything; photo: (n,) which of its photos it is. wanted: the number of the wanted one; mate:
        of the other one of its class that is here as often, or `NOTHING`.
    """

    wanted: int
    mate: int
    vectors: FloatArray
    days: IntArray
    shows: IntArray
    photo: IntArray

    @property
    def recurring(self) -> tuple[int, ...]:
        """The subjects with more than one photo here."""
        numbers, counts = np.unique(self.shows[self.shows != NOTHING], return_counts=True)
        return tuple(numbers[counts > 1].tolist())


def drawn(sources: Sources, draws: int, size: int, seed: int) -> Iterator[LabelledLibrary]:
    """The libraries of `draw_libraries` with `size` photos of anything, and what they show."""
    names = sorted(sources.subjects)
    known = {
        vector.tobytes(): (number, photo)
        for number, name in enumerate(names)
        for photo, vector in enumerate(sources.subjects[name])
    }
    for library in draw_libraries(sources, draws, size, seed):
        shown = [
            known[vector.tobytes()] if distractor < 0 else (NOTHING, NOTHING)
            for vector, distractor in zip(library.vectors, library.distractor, strict=True)
        ]
        shows, photo = np.array(shown, np.int64).T
        wanted = names.index(library.subject)
        yield LabelledLibrary(wanted, NOTHING, library.vectors, library.days, shows, photo)


def paired(sources: Sources, draws: int, size: int, seed: int) -> Iterator[LabelledLibrary]:
    """For each two of one class and each draw: all photos of both, of 3 of other classes, and
    `size` of anything."""
    names = sorted(sources.subjects)
    for wanted, name in enumerate(names):
        for mate, other in enumerate(names):
            if mate == wanted or sources.classes[name] != sources.classes[other]:
                continue
            for draw in range(draws):
                rng = np.random.default_rng((seed, wanted, mate, draw))
                yield _paired(sources, wanted, mate, size, rng)


def _paired(
    sources: Sources, wanted: int, mate: int, size: int, rng: np.random.Generator
) -> LabelledLibrary:
    names = sorted(sources.subjects)
    own = sources.classes[names[wanted]]
    foreign = [number for number, name in enumerate(names) if sources.classes[name] != own]
    others = rng.choice(foreign, min(OTHER_SUBJECTS, len(foreign)), replace=False).tolist()
    chosen = [wanted, mate, *others]
    counts = [len(sources.subjects[names[number]]) for number in chosen]
    kept = min(size, len(sources.distractors))
    rows = rng.choice(len(sources.distractors), kept, replace=False)
    vectors = np.concatenate(
        [*(sources.subjects[names[number]] for number in chosen), sources.distractors[rows]]
    )
    nothing = np.full(kept, NOTHING)
    shows = np.concatenate([np.repeat(chosen, counts), nothing])
    photo = np.concatenate([*map(np.arange, counts), nothing])
    order = rng.permutation(len(vectors))
    days = _FIRST_DAY + rng.permutation(max(_DAYS, len(vectors)))[: len(vectors)]
    return LabelledLibrary(wanted, mate, vectors[order], days, shows[order], photo[order])


class RememberingEncoder:
    """An encoder that encodes no text twice: the same is asked of every library."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._texts: dict[str, FloatArray] = {}

    @property
    def name(self) -> str:
        """The encoder's."""
        return self._encoder.name

    @property
    def identity(self) -> str:
        """The encoder's."""
        return self._encoder.identity

    @property
    def dim(self) -> int:
        """The encoder's."""
        return self._encoder.dim

    @property
    def device(self) -> str:
        """The encoder's."""
        return self._encoder.device

    @property
    def input_spec(self) -> InputSpec:
        """The encoder's."""
        return self._encoder.input_spec

    @property
    def batch_size(self) -> int:
        """The encoder's."""
        return self._encoder.batch_size

    @property
    def notice(self) -> str:
        """The encoder's."""
        return self._encoder.notice

    def encode_images(self, pixels: ByteArray) -> FloatArray:
        """As the encoder does."""
        return self._encoder.encode_images(pixels)

    def encode_texts(self, texts: Sequence[str]) -> FloatArray:
        """As the encoder does, those that are new."""
        new = [text for text in dict.fromkeys(texts) if text not in self._texts]
        if new:
            self._texts.update(zip(new, self._encoder.encode_texts(new), strict=True))
        return np.stack([self._texts[text] for text in texts])


@dataclass(frozen=True)
class OpenedLibrary:
    """A labelled library as the app has it; ids (n,) of its photos, ascending along the rows."""

    labelled: LabelledLibrary
    library: Library
    ids: IdArray

    @property
    def view(self) -> EncoderView:
        """What its searches work with."""
        return self.library._current_view()

    def showing(self, subject: int) -> IdArray:
        """Ids of the photos that show a subject."""
        shown: IdArray = self.ids[self.labelled.shows == subject]
        return shown

    def rows(self, ids: npt.NDArray[np.int64]) -> IntArray:
        """Rows of these photos."""
        found: IntArray = np.searchsorted(self.ids, ids).astype(np.int64)
        return found


@contextmanager
def opened(labelled: LabelledLibrary, encoder: Encoder) -> Iterator[OpenedLibrary]:
    """The library in a folder for as long as it is asked, with all learned from it."""
    with (
        tempfile.TemporaryDirectory(prefix="capsearch-lab-") as folder,
        Library(Path(folder) / "library.db", load=lambda name, device: encoder) as library,
    ):
        ids = _fill(library.catalog, encoder, Path(folder) / "photos", labelled)
        library.prepare()
        yield OpenedLibrary(labelled, library, ids)


def _fill(catalog: Catalog, encoder: Encoder, folder: Path, labelled: LabelledLibrary) -> IdArray:
    ids = []
    with catalog.transaction():
        catalog.record_scan(str(folder), online=True)
        known = catalog.add_encoder(encoder.identity, encoder.name, encoder.dim)
        for row, (vector, day) in enumerate(zip(labelled.vectors, labelled.days, strict=True)):
            content = Content(row.to_bytes(20, "big"), 1, 4000, 3000, "JPEG")
            photo = catalog.add_photo(content)
            taken = TakenAt(datetime.datetime.fromordinal(int(day)), None, "exif")
            place = Place(str(folder / f"{row}.jpg"), Stamp(1, 1), PhotoMetadata(taken=taken))
            catalog.place_photo(photo, place)
            catalog.add_embedding(known, photo, vector.astype(np.float16))
            ids.append(photo)
    settle_encoder(catalog, encoder)
    return np.array(ids, np.int64)

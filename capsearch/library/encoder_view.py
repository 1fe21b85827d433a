"""A library as one encoder sees it: its vectors to search in, and the profile learned from them."""

import threading
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from capsearch.catalog.catalog import Catalog
from capsearch.encoders.base import Encoder, FloatArray
from capsearch.errors import CapsearchError
from capsearch.library.exclusion import unwanted_vector
from capsearch.library.profile_keeper import ProfileKeeper
from capsearch.library.reading import QuestionReader
from capsearch.library.stack_keeper import StackKeeper
from capsearch.library.subjects import SubjectRows, Subjects
from capsearch.library.values import CopyStack
from capsearch.personalize import Profile, bank_texts
from capsearch.search import Searcher, Stopped, VectorIndex, VectorMatrix, wants_index

_LIBRARY_ID = "library_id"
# Numbers (photos x dim) up to which one scan of all photos takes less time than loading an index:
# about 2,000,000 photos of 256 numbers.
_SCANNED_ONCE = 500_000_000
# While indexing changes the library all the time, a resident one is searched as it was so long
# ago, because a new searcher has to read every vector.
_STALE_SECONDS = 2.0


class EncoderView:
    """What one encoder's searches need, made when first needed and kept; for one thread.

    `resident`: many searches will come, so that an index is worth its loading.
    """

    def __init__(
        self, catalog: Catalog, encoder: Encoder, cache_folder: Path, *, resident: bool
    ) -> None:
        self.catalog = catalog
        self.encoder = encoder
        self.profiles = ProfileKeeper(catalog, encoder)
        self._subjects = Subjects(catalog)
        self._copies = StackKeeper(catalog, encoder.identity)
        self.reader = QuestionReader(catalog, encoder.name, resident=resident)
        self._cache_folder = cache_folder
        self._resident = resident
        self._searcher: Searcher | None = None
        self._looked_at = float("-inf")
        # A thing's many texts take longer to encode than all else, and typing asks again and again.
        self._unwanted: dict[str, FloatArray] = {}

    def searcher(self) -> Searcher:
        """Searches the photos that the library holds now.

        Raises:
            CapsearchError: the photos were encoded by other encoders only.
        """
        now = time.monotonic()
        if self._searcher is not None and self._resident and now - self._looked_at < _STALE_SECONDS:
            return self._searcher
        self._looked_at = now
        return self._current()

    def unwanted(self, texts: Sequence[str]) -> tuple[FloatArray, ...]:
        """A vector (dim,) for each thing that photos are not to show, for `exclude`."""
        for text in texts:
            if text not in self._unwanted:
                self._unwanted[text] = unwanted_vector(self.encoder, text)
        return tuple(self._unwanted[text] for text in texts)

    def subjects(self, matrix: VectorMatrix) -> SubjectRows:
        """What was taught, along the rows of `matrix`."""
        return self._subjects.along(matrix, self.profiles.profile(matrix))

    def recurring(self, matrix: VectorMatrix, profile: Profile) -> FloatArray:
        """Mean vectors (k, dim) of all that is known to come back in the library."""
        return self._subjects.means(matrix, profile)

    def look_again(self) -> None:
        """Let the next search see the library as it is then."""
        self.reader.look_again()
        self._looked_at = float("-inf")

    def was_taught(self) -> None:
        """Let the next question know what was taught just now."""
        self.reader.read_anew()

    def warm(self) -> None:
        """Load what the first question would have to wait for."""
        self.searcher()
        self.reader.warm()

    def copy_stacks(self) -> tuple[CopyStack, ...]:
        """The stacks of near copies, brought up to date, by the path of the best photo."""
        self._copies.restack(self._current().matrix)
        return self._copies.listed()

    def close(self) -> None:
        """End what goes on beside questions."""
        self.reader.close()

    def prepare(self, stop: threading.Event | None = None) -> None:
        """Bring profile and caches up to date now, so that no later search has to."""
        matrix = self._current().matrix
        self.profiles.learn(matrix)
        self._copies.restack(matrix)
        if self._wants_index(matrix):
            queries = self.encoder.encode_texts(bank_texts())
            with suppress(Stopped):
                index = VectorIndex.open_or_build(
                    self._cache_folder, matrix, queries=queries, stop=stop
                )
                self._searcher = Searcher(matrix, index)

    def _current(self) -> Searcher:
        generation = self.catalog.generation(self.encoder.identity)
        if self._searcher is None or self._searcher.matrix.generation != generation:
            self._require_vectors()
            self._searcher = self._open()
        return self._searcher

    def _open(self) -> Searcher:
        identity, dim = self.encoder.identity, self.encoder.dim
        library = library_id(self.catalog)
        with self.catalog.snapshot():
            matrix = VectorMatrix.open_or_build(
                self._cache_folder,
                cache_identity(library, identity),
                self.catalog.generation(identity),
                dim,
                lambda: self.catalog.iter_vectors(identity),
            )
        index = VectorIndex.open(self._cache_folder, matrix) if self._wants_index(matrix) else None
        return Searcher(matrix, index)

    def _wants_index(self, matrix: VectorMatrix) -> bool:
        return wants_index(matrix) and (self._resident or matrix.vectors.size > _SCANNED_ONCE)

    def _require_vectors(self) -> None:
        known = self.catalog.counts().encoders
        name, identity = self.encoder.name, self.encoder.identity
        others = [found.name for found in known if found.photos and found.identity != identity]
        if others and not any(found.photos for found in known if found.identity == identity):
            told = ", ".join(f"'{other}'" for other in others)
            raise CapsearchError(
                f"The photos of this library were encoded by {told}, not by this version of "
                f"'{name}'.",
                f"Run `capsearch index DIR --encoder {name}`, or search by the other.",
            )


def library_id(catalog: Catalog) -> str:
    """Name of this very library: one deleted and made again must not meet its old caches."""
    kept = catalog.get_state(_LIBRARY_ID)
    if kept is None:
        kept = uuid.uuid4().hex.encode()
        catalog.set_state(_LIBRARY_ID, kept)
    return kept.decode()


def cache_identity(library: str, encoder: str) -> str:
    """What the caches of a library's vectors are known by, of the encoder with this identity."""
    return f"{library} {encoder}"

"""The facade that the window, the commands and the tests all use: one library, one encoder."""

import os
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import numpy.typing as npt

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.records import EncoderSet, PhotoFacts
from capsearch.encoders.base import Encoder, FloatArray
from capsearch.encoders.registry import load_encoder
from capsearch.errors import CapsearchError
from capsearch.indexing import IndexReport, Progress, index_folders
from capsearch.personalize.bank import bank_texts
from capsearch.search import Searcher, Stopped, VectorIndex, VectorMatrix, wants_index
from capsearch.settings import Settings

_ACTIVE_ENCODER = "active_encoder"
_LIBRARY_ID = "library_id"

# Numbers (photos x dim) up to which one scan of all photos takes less time than loading an index:
# about 2,000,000 photos of 256 numbers.
_SCANNED_ONCE = 500_000_000


@dataclass(frozen=True)
class Milliseconds:
    """Where a query's time went; `total` also holds reading the results' facts."""

    encode: float
    search: float
    total: float


@dataclass(frozen=True)
class SearchResult:
    """One photo: its best place, its other places, its local date (ISO 8601), its score."""

    rank: int
    path: str
    score: float
    date: str | None
    places: tuple[str, ...]


@dataclass(frozen=True)
class SearchResponse:
    """The answer to one query, best photo first."""

    query: str
    encoder: str
    personalized: bool
    results: tuple[SearchResult, ...]
    milliseconds: Milliseconds


class Engine:
    """Indexes into one library and searches it; a context manager, for one thread.

    The encoder is loaded when first needed: the one asked for, else the one whose vectors the
    library searches by, else the one in the settings. A `resident` engine stays open for many
    searches, so that an index is worth its loading.
    """

    def __init__(
        self,
        library: Path,
        *,
        encoder_name: str | None = None,
        device: str | None = None,
        settings: Settings | None = None,
        resident: bool = False,
    ) -> None:
        self.library = library
        self._resident = resident
        self._settings = settings or Settings()
        self._encoder_name = encoder_name
        self._device = device or self._settings.device
        self._catalog: Catalog | None = None
        self._encoder: Encoder | None = None
        self._searcher: Searcher | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the library."""
        self._searcher = None
        if self._catalog is not None:
            self._catalog.close()
            self._catalog = None

    @property
    def catalog(self) -> Catalog:
        """The library's catalog, opened (and made, if there is none) when first needed."""
        if self._catalog is None:
            self._catalog = Catalog.open(self.library)
        return self._catalog

    @property
    def encoder(self) -> Encoder:
        """The encoder in use."""
        if self._encoder is None:
            self._encoder = load_encoder(self._name_of_encoder(), device=self._device)
        return self._encoder

    @property
    def cache_folder(self) -> Path:
        """Folder beside the library for what can be deleted and comes back."""
        return self.library.with_name(self.library.name + ".cache")

    def index(
        self,
        folders: Sequence[str],
        *,
        exclude: Sequence[str] = (),
        retry: bool = False,
        progress: Callable[[Progress], None] | None = None,
        stop: threading.Event | None = None,
    ) -> IndexReport:
        """Bring the library up to date with `folders`, then learn from what it holds now.

        Raises:
            CapsearchError: a folder does not exist, the encoder cannot be loaded, the library
                cannot be written. One bad photo is a line in the report's `failed` instead.
        """
        report = index_folders(
            self.catalog,
            self.encoder,
            folders,
            exclude=(*self._settings.exclude, *exclude),
            retry_failed=retry,
            progress=progress,
            stop=stop,
        )
        self._choose_active_encoder()
        if not report.stopped:
            self._prepare_search(stop)
        return report

    def search(
        self,
        query: str,
        count: int = 20,
        *,
        personalize: bool | None = None,
        within: Path | None = None,
        explain: bool = False,
    ) -> SearchResponse:
        """Rank the library's photos, or those at places under `within`, for `query`.

        `personalize` None means what the settings say.

        Raises:
            CapsearchError: the query is empty, there is no library yet, or its photos were not
                encoded by this encoder.
        """
        if not query.strip():
            raise CapsearchError("The query is empty.", "Say in a few words what the photo shows.")
        self._require_library()
        encoder, searcher = self.encoder, self._current_searcher()
        allowed = None
        if within is not None:
            allowed = self.catalog.ids_under([os.path.abspath(within)], encoder.identity)

        start = time.perf_counter()
        question = encoder.encode_texts([query])[0]
        encoded = time.perf_counter()
        ids, scores = searcher.search(question, count, allowed=allowed)
        searched = time.perf_counter()
        results = self._results(ids, scores, within)
        done = time.perf_counter()
        return SearchResponse(
            query=query,
            encoder=encoder.name,
            personalized=False,
            results=results,
            milliseconds=Milliseconds(
                encode=1000 * (encoded - start),
                search=1000 * (searched - encoded),
                total=1000 * (done - start),
            ),
        )

    def _results(
        self, ids: npt.NDArray[np.int64], scores: FloatArray, within: Path | None
    ) -> tuple[SearchResult, ...]:
        facts = self.catalog.facts(ids.tolist())
        return tuple(
            _result(rank, facts[photo_id], score, within)
            for rank, (photo_id, score) in enumerate(
                zip(ids.tolist(), scores.tolist(), strict=True), start=1
            )
            if photo_id in facts
        )

    def _require_library(self) -> None:
        if self._catalog is None and not self.library.exists():
            raise CapsearchError(
                f"There is no library at {self.library} yet.",
                "Make one with `capsearch index DIR`, or add `--photos DIR` to the search.",
            )

    def _name_of_encoder(self) -> str:
        if self._encoder_name is not None:
            return self._encoder_name
        active = self._active_set()
        return active.name if active is not None else self._settings.encoder

    def _active_set(self) -> EncoderSet | None:
        if self._catalog is None and not self.library.exists():
            return None
        identity = (self.catalog.get_state(_ACTIVE_ENCODER) or b"").decode()
        sets = {known.identity: known for known in self.catalog.counts().encoders}
        return sets.get(identity)

    def _choose_active_encoder(self) -> None:
        """Search by the encoder just used, unless it knows fewer photos than the one before."""
        active = self._active_set()
        photos = self.catalog.count_vectors(self.encoder.identity)
        if active is None or photos >= active.photos:
            self.catalog.set_state(_ACTIVE_ENCODER, self.encoder.identity.encode())

    def _prepare_search(self, stop: threading.Event | None) -> None:
        """Bring the caches up to date now, so that no later search has to."""
        matrix = self._current_searcher().matrix
        if self._wants_index(matrix):
            queries = self.encoder.encode_texts(bank_texts())
            with suppress(Stopped):
                index = VectorIndex.open_or_build(
                    self.cache_folder, matrix, queries=queries, stop=stop
                )
                self._searcher = Searcher(matrix, index)

    def _wants_index(self, matrix: VectorMatrix) -> bool:
        return wants_index(matrix) and (self._resident or matrix.vectors.size > _SCANNED_ONCE)

    def _current_searcher(self) -> Searcher:
        encoder = self.encoder
        generation = self.catalog.generation(encoder.identity)
        if self._searcher is None or self._searcher.matrix.generation != generation:
            self._require_vectors(encoder)
            self._searcher = self._open_searcher(encoder)
        return self._searcher

    def _open_searcher(self, encoder: Encoder) -> Searcher:
        library = self._library_id()
        with self.catalog.snapshot():
            matrix = VectorMatrix.open_or_build(
                self.cache_folder,
                f"{library} {encoder.identity}",
                self.catalog.generation(encoder.identity),
                encoder.dim,
                lambda: self.catalog.iter_vectors(encoder.identity),
            )
        index = VectorIndex.open(self.cache_folder, matrix) if self._wants_index(matrix) else None
        return Searcher(matrix, index)

    def _library_id(self) -> str:
        """Name of this very library: one deleted and made again must not meet its old caches."""
        kept = self.catalog.get_state(_LIBRARY_ID)
        if kept is None:
            kept = uuid.uuid4().hex.encode()
            self.catalog.set_state(_LIBRARY_ID, kept)
        return kept.decode()

    def _require_vectors(self, encoder: Encoder) -> None:
        known = self.catalog.counts().encoders
        if any(found.photos for found in known) and not any(
            found.photos for found in known if found.identity == encoder.identity
        ):
            others = ", ".join(f"'{found.name}'" for found in known if found.photos)
            raise CapsearchError(
                f"The photos of this library were encoded by {others}, not by this version of "
                f"'{encoder.name}'.",
                f"Run `capsearch index DIR --encoder {encoder.name}`, or search by the other.",
            )


def _result(rank: int, facts: PhotoFacts, score: float, within: Path | None) -> SearchResult:
    places = facts.paths
    if within is not None:
        folder = os.path.abspath(within)
        places = tuple(sorted(places, key=lambda path: not Path(path).is_relative_to(folder)))
    return SearchResult(
        rank=rank,
        path=places[0],
        score=score,
        date=facts.taken.local.isoformat() if facts.taken else None,
        places=places[1:],
    )

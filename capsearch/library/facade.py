"""The facade that the window, the commands and the tests all use: one library, one encoder."""

import os
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
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
from capsearch.indexing import IndexReport, Progress, Scope, index_changes, index_folders
from capsearch.library.profile_keeper import Learner
from capsearch.personalize import (
    PersonalizedQuery,
    Profile,
    ScoreParts,
    bank_texts,
    explain,
    personalize_query,
    query_variants,
)
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
    """One photo: its best place, its other places, its local date (ISO 8601), its score.

    `offline`: all its places are on drives that are away now. `parts` say what the score is made
    of, where that was asked for.
    """

    rank: int
    path: str
    score: float
    date: str | None
    places: tuple[str, ...]
    offline: bool = False
    parts: ScoreParts | None = None


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
        self._learner: Learner | None = None

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
        self._searcher = self._learner = None
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
    def learner(self) -> Learner:
        """What this library's photos have taught."""
        if self._learner is None:
            self._learner = Learner(self.catalog, self.encoder)
        return self._learner

    @property
    def searcher(self) -> Searcher:
        """Searches the photos that the library holds now."""
        return self._current_searcher()

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

    def index_changes(
        self,
        scopes: Iterable[Scope],
        *,
        unsettled: Iterable[str] = (),
        progress: Callable[[Progress], None] | None = None,
        stop: threading.Event | None = None,
    ) -> IndexReport:
        """Bring the library up to date with what a `LibraryWatcher` told, as `index` does.

        Raises:
            CapsearchError: the encoder cannot be loaded, the library cannot be written.
        """
        report = index_changes(
            self.catalog,
            self.encoder,
            scopes,
            unsettled=unsettled,
            exclude=self._settings.exclude,
            progress=progress,
            stop=stop,
        )
        self._choose_active_encoder()
        if not report.stopped:
            self._prepare_search(stop)
        return report

    def remove_folder(self, folder: str) -> None:
        """Take `folder` out of the library; other folders keep their photos, below it or above.

        Raises:
            CapsearchError: an index run is going on.
        """
        with self.catalog.indexing_lock(), self.catalog.transaction():
            self.catalog.remove_folder(os.path.abspath(folder))

    def set_exclusions(self, folder: str, patterns: Sequence[str]) -> None:
        """Leave out of `folder` what matches one of `patterns`, from its next index run on."""
        self.catalog.set_exclusions(os.path.abspath(folder), patterns)

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
        wanted = self._settings.personalize if personalize is None else personalize
        profile = self.learner.profile(searcher.matrix) if wanted else None

        start = time.perf_counter()
        vectors = encoder.encode_texts([query] if profile is None else query_variants(query))
        encoded = time.perf_counter()
        asked = None if profile is None else personalize_query(profile, query, vectors)
        ids, scores = searcher.search(
            vectors[0] if asked is None else asked.vector,
            count,
            allowed=allowed,
            bias=None if asked is None else asked.bias,
        )
        searched = time.perf_counter()
        parts = _parts(searcher.matrix, profile, asked, vectors[0], ids) if explain else None
        results = self._results(ids, scores, within, parts)
        done = time.perf_counter()
        return SearchResponse(
            query=query,
            encoder=encoder.name,
            personalized=profile is not None,
            results=results,
            milliseconds=Milliseconds(
                encode=1000 * (encoded - start),
                search=1000 * (searched - encoded),
                total=1000 * (done - start),
            ),
        )

    def _results(
        self,
        ids: npt.NDArray[np.int64],
        scores: FloatArray,
        within: Path | None,
        parts: Sequence[ScoreParts] | None,
    ) -> tuple[SearchResult, ...]:
        facts = self.catalog.facts(ids.tolist())
        return tuple(
            _result(i + 1, facts[photo_id], float(scores[i]), within, parts[i] if parts else None)
            for i, photo_id in enumerate(ids.tolist())
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
        """Bring profile and caches up to date now, so that no later search has to."""
        matrix = self._current_searcher().matrix
        self.learner.learn(matrix)
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


def _parts(
    matrix: VectorMatrix,
    profile: Profile | None,
    asked: PersonalizedQuery | None,
    clip: FloatArray,
    ids: npt.NDArray[np.int64],
) -> tuple[ScoreParts, ...]:
    """Explain the scores of the photos `ids`; a generic query has but one part, CLIP's own."""
    if profile is None or asked is None:
        profile = Profile.neutral(matrix.ids, matrix.dim)
        asked = personalize_query(profile, "", clip)
    rows = np.searchsorted(matrix.ids, ids)
    return explain(profile, asked, matrix.vectors, rows.tolist())


def _result(
    rank: int, facts: PhotoFacts, score: float, within: Path | None, parts: ScoreParts | None
) -> SearchResult:
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
        offline=facts.offline,
        parts=parts,
    )

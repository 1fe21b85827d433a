"""What the engine's process can be asked, by name."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from capsearch.catalog.catalog import Catalog
from capsearch.library.asking import answer, explain_photo
from capsearch.library.browsing import (
    read_choices,
    read_facts,
    read_failures,
    read_state,
    read_timeline,
)
from capsearch.library.facade import Engine
from capsearch.library.values import Answer, Explanation, LibraryState, Question
from capsearch.search import Searcher
from capsearch.service.factory import EngineFactory
from capsearch.service.lanes import Operation
from capsearch.settings import Settings

ACTIVE_ENCODER = "active_encoder"
_STALE_SECONDS = 2.0


def read_operations(library: Path) -> dict[str, Operation]:
    """Reading the catalog; opened anew after a failure, so that a mended library is noticed."""
    opened: list[Catalog] = []

    def catalog() -> Catalog:
        if not opened:
            opened.append(Catalog.open(library))
        return opened[0]

    def reading(read: Callable[[Catalog, Any], Any]) -> Operation:
        return lambda argument: read(catalog(), argument)

    return {
        "state": reading(_state),
        "timeline": reading(read_timeline),
        "facts": reading(read_facts),
        "choices": reading(lambda catalog, _: read_choices(catalog)),
        "failures": reading(lambda catalog, _: read_failures(catalog)),
    }


class SearchOperations:
    """Searching, by the encoder whose vectors the library is searched by."""

    def __init__(self, library: Path, settings: Settings, make_engine: EngineFactory) -> None:
        self._library = library
        self._settings = settings
        self._make_engine = make_engine
        self._engine: Engine | None = None
        self._searcher: Searcher | None = None
        self._searcher_since = 0.0

    def by_name(self) -> dict[str, Operation]:
        """The operations."""
        return {
            "warm": self._warm,
            "reload": self._reload,
            "answer": self._answer,
            "explain": self._explain,
        }

    def _answer(self, question: Question) -> Answer:
        return answer(self._opened(), self._fresh_searcher(), question)

    def _explain(self, asked: tuple[Question, int]) -> Explanation | None:
        question, photo_id = asked
        return explain_photo(self._opened(), self._fresh_searcher(), question, photo_id)

    def _fresh_searcher(self) -> Searcher:
        """The engine's; while indexing changes the library all the time, that of a moment ago,
        because a new one has to read every vector."""
        if self._searcher is None or time.monotonic() - self._searcher_since > _STALE_SECONDS:
            self._searcher = self._opened().searcher
            self._searcher_since = time.monotonic()
        return self._searcher

    def _opened(self) -> Engine:
        """The engine; another one where indexing has since switched to another encoder."""
        if self._engine is not None and self._is_outdated(self._engine):
            self._reload(self._settings)
        if self._engine is None:
            self._engine = self._make_engine(self._library, self._settings, None)
        return self._engine

    @staticmethod
    def _is_outdated(engine: Engine) -> bool:
        active = engine.catalog.get_state(ACTIVE_ENCODER)
        return active is not None and active.decode() != engine.encoder.identity

    def _warm(self, _: object) -> str:
        """Load what the first search would have to wait for; the encoder's name."""
        engine = self._opened()
        name = engine.encoder.name
        self._fresh_searcher()
        return name

    def _reload(self, settings: Settings) -> None:
        """Take new settings, and another active encoder, from the next question on."""
        if self._engine is not None:
            self._engine.close()
            self._engine = self._searcher = None
        self._settings = settings


def _state(catalog: Catalog, _: object) -> LibraryState:
    identity = (catalog.get_state(ACTIVE_ENCODER) or b"").decode()
    names = {known.identity: known.name for known in catalog.counts().encoders}
    return read_state(catalog, names.get(identity))

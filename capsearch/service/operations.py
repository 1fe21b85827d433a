"""What the engine's process can be asked, by name."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from capsearch.browsing.library import (
    read_choices,
    read_facts,
    read_failures,
    read_state,
    read_timeline,
)
from capsearch.browsing.ranking import answer
from capsearch.browsing.values import LibraryState
from capsearch.catalog.catalog import Catalog
from capsearch.engine import Engine
from capsearch.service.factory import EngineFactory
from capsearch.service.lanes import Operation
from capsearch.settings import Settings

ACTIVE_ENCODER = "active_encoder"


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

    def by_name(self) -> dict[str, Operation]:
        """The operations."""
        return {
            "warm": self._warm,
            "reload": self._reload,
            "answer": lambda question: answer(self._opened(), question),
        }

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
        return engine.encoder.name

    def _reload(self, settings: Settings) -> None:
        """Take new settings, and another active encoder, from the next question on."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None
        self._settings = settings


def _state(catalog: Catalog, _: object) -> LibraryState:
    identity = (catalog.get_state(ACTIVE_ENCODER) or b"").decode()
    names = {known.identity: known.name for known in catalog.counts().encoders}
    return read_state(catalog, names.get(identity))

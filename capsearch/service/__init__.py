"""The engine in its own process, so that the window never waits and never imports a model."""

from capsearch.service.client import EngineClient
from capsearch.service.events import (
    EngineGone,
    EngineRestarted,
    Event,
    IndexingEnded,
    IndexingFailed,
    IndexingProgress,
    IndexingRestarted,
    IndexingStarted,
    LibraryChanged,
    ModelDiscarded,
    ModelFailed,
    ModelPaused,
    ModelProgress,
    ModelReady,
    WatchNotice,
)
from capsearch.service.requests import EngineStoppedError, Superseded

__all__ = [
    "EngineClient",
    "EngineGone",
    "EngineRestarted",
    "EngineStoppedError",
    "Event",
    "IndexingEnded",
    "IndexingFailed",
    "IndexingProgress",
    "IndexingRestarted",
    "IndexingStarted",
    "LibraryChanged",
    "ModelDiscarded",
    "ModelFailed",
    "ModelPaused",
    "ModelProgress",
    "ModelReady",
    "Superseded",
    "WatchNotice",
]

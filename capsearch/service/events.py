"""What the client tells without being asked."""

from dataclasses import dataclass

from capsearch.errors import Fault
from capsearch.library.values import IndexReport, Progress
from capsearch.transfer import DownloadProgress


@dataclass(frozen=True)
class IndexingStarted:
    """A job began on these folders."""

    folders: tuple[str, ...]


@dataclass(frozen=True)
class IndexingProgress:
    """How far the run is; `on_battery`: held until the machine is plugged in again."""

    progress: Progress
    on_battery: bool = False


@dataclass(frozen=True)
class IndexingRestarted:
    """The worker's process ended unexpectedly and was started again; what was done is kept."""


@dataclass(frozen=True)
class IndexingEnded:
    """The run is over."""

    report: IndexReport


@dataclass(frozen=True)
class IndexingFailed:
    """The run could not go on; `next_step` is for the user, `traceback` is kept for a report."""

    message: str
    next_step: str
    traceback: str = ""


@dataclass(frozen=True)
class WorkerIdle:
    """The worker's process has had nothing to do for a while; not for the window."""


@dataclass(frozen=True)
class LibraryChanged:
    """Somebody wrote to the library: a run of this program's, or another program."""


@dataclass(frozen=True)
class WatchNotice:
    """Something that the user should know about how folders are watched."""

    sentence: str


@dataclass(frozen=True)
class EngineRestarted:
    """The engine's process ended unexpectedly and was started again."""


@dataclass(frozen=True)
class EngineGone:
    """The engine's process ended again and again and is left alone."""


@dataclass(frozen=True)
class ModelProgress:
    """How far the download or import of a model is, None while it is only asked for; `engine`: it
    is PyTorch that comes first."""

    name: str
    progress: DownloadProgress | None = None
    engine: bool = False


@dataclass(frozen=True)
class ModelReady:
    """A model is on this machine now, downloaded or `imported`."""

    name: str
    imported: bool = False


@dataclass(frozen=True)
class ModelPaused:
    """A download was stopped; what has arrived is kept."""

    name: str


@dataclass(frozen=True)
class ModelDiscarded:
    """A download was given up; nothing of it is left."""

    name: str


@dataclass(frozen=True)
class ModelFailed:
    """A model could not be had; what has arrived is kept. `next_step` is for the user, `fault`
    says which kind it was, `traceback` is kept for a report."""

    name: str
    message: str
    next_step: str = ""
    fault: Fault = ""
    traceback: str = ""


ModelEvent = ModelProgress | ModelReady | ModelPaused | ModelDiscarded | ModelFailed

Event = (
    IndexingStarted
    | IndexingProgress
    | IndexingRestarted
    | IndexingEnded
    | IndexingFailed
    | LibraryChanged
    | WatchNotice
    | EngineRestarted
    | EngineGone
    | ModelEvent
)

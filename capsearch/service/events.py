"""What the client tells without being asked."""

from dataclasses import dataclass

from capsearch.library.values import IndexReport, Progress


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
)

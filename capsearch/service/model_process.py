"""The process in which one model comes or goes: downloaded, given up, or taken in from a file."""

import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from capsearch.errors import CapsearchError
from capsearch.processes import start_process
from capsearch.service.events import (
    ModelDiscarded,
    ModelEvent,
    ModelFailed,
    ModelPaused,
    ModelProgress,
    ModelReady,
)
from capsearch.transfer import DownloadProgress

Outcome = ModelReady | ModelPaused | ModelDiscarded


@dataclass(frozen=True)
class InstallModel:
    """Download a model, and PyTorch where it is missing, or go on with that."""

    name: str

    def run(self, tell: Callable[[ModelEvent], None], stop: threading.Event) -> Outcome:
        """Do it."""
        from capsearch.library.models import install_with_engine  # noqa: PLC0415

        def progress(engine: bool, told: DownloadProgress) -> None:
            tell(ModelProgress(self.name, told, engine))

        tell(ModelProgress(self.name))
        done = install_with_engine(self.name, progress, stop)
        return ModelReady(self.name) if done else ModelPaused(self.name)


@dataclass(frozen=True)
class DiscardModel:
    """Delete what a stopped download has brought."""

    name: str

    def run(self, tell: Callable[[ModelEvent], None], stop: threading.Event) -> Outcome:
        """Do it."""
        from capsearch.library.models import discard_download  # noqa: PLC0415

        discard_download(self.name)
        return ModelDiscarded(self.name)


@dataclass(frozen=True)
class ImportModel:
    """Take in a model from a folder, an archive or a weights file."""

    name: str

    def run(self, tell: Callable[[ModelEvent], None], stop: threading.Event) -> Outcome:
        """Do it."""
        from capsearch.library.models import import_model  # noqa: PLC0415

        def progress(told: DownloadProgress) -> None:
            tell(ModelProgress(self.name, told))

        info = import_model(Path(self.name), progress=progress)
        return ModelReady(info.name, imported=True)


ModelJob = InstallModel | DiscardModel | ImportModel


def serve_model(connection: Connection, job: ModelJob) -> None:
    """Do a job until anything comes on `connection`, or it is closed, and send how far it is and,
    last, how it ended."""
    start_process()
    stop = threading.Event()

    def listen() -> None:
        with suppress(EOFError, OSError):
            connection.recv()
        stop.set()

    threading.Thread(target=listen, daemon=True).start()
    with suppress(OSError):  # the window has gone
        connection.send(_outcome(job, connection.send, stop))


def _outcome(
    job: ModelJob, tell: Callable[[ModelEvent], None], stop: threading.Event
) -> ModelEvent:
    try:
        return job.run(tell, stop)
    except CapsearchError as error:
        return ModelFailed(job.name, error.message, error.next_step, error.fault)
    except Exception as error:  # noqa: BLE001 - kept by the window as a crash
        words = f"{type(error).__name__}: {error}"
        return ModelFailed(job.name, words, traceback=traceback.format_exc())

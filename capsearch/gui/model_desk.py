"""Models that come and go, as the window keeps track of them: also while no page shows them."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, QSettings, Signal

from capsearch.crash_log import keep_crash
from capsearch.errors import CapsearchError
from capsearch.gui.bridge import Bridge
from capsearch.gui.remembered import remembered_texts
from capsearch.library.values import ModelShelf
from capsearch.service import (
    Event,
    ModelDiscarded,
    ModelFailed,
    ModelPaused,
    ModelProgress,
    ModelReady,
)
from capsearch.service.model_process import ImportModel, InstallModel
from capsearch.service.operations import ReadShelf, RemoveModel
from capsearch.transfer import DownloadProgress

_DOWNLOAD = "download"


class ModelCrash(Exception):  # noqa: N818 - a name for the crash log, never raised
    """A bug met while a model came or went; its text is the traceback from that process."""


@dataclass(frozen=True)
class ModelWork:
    """What goes on with the model `name` (a path, while it is imported). `progress` is None until
    anything comes; `engine`: it is PyTorch that comes first."""

    name: str
    kind: Literal["download", "pause", "discard", "import"]
    progress: DownloadProgress | None = None
    engine: bool = False


@dataclass(frozen=True)
class Models:
    """All that a page shows of models: which there are (None: not known yet), what goes on, which
    download is held, and what went wrong with which."""

    shelf: ModelShelf | None = None
    work: ModelWork | None = None
    held: str | None = None
    faults: dict[str, CapsearchError] = field(default_factory=dict)


class ModelDesk(QObject):
    """Has one model at a time come or go.

    `changed` carries `Models`; `arrived` the name of one that was downloaded to be used; `failed`
    the name of one that could not be had, and why. A download that is held, also by the end of the
    program, is remembered until it goes on or is given up.
    """

    changed = Signal(object)
    arrived = Signal(str)
    failed = Signal(str, object)

    def __init__(self, bridge: Bridge, remembered: QSettings, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._remembered = remembered
        held = next(iter(remembered_texts(remembered, _DOWNLOAD)), None)
        self.models = Models(held=held or None)
        bridge.told.connect(self._take)

    def look(self) -> None:
        """Find out anew which models there are."""
        self._bridge.ask(ReadShelf(), then=self._take_shelf, key="shelf")

    def download(self, name: str) -> None:
        """Have a model come, or go on with that."""
        if self._bridge.client.installer.start(InstallModel(name)):
            self._hold(name)
            self._show(work=ModelWork(name, "download"), faults=self._faults_but(name))

    def pause(self) -> None:
        """Hold the download that goes on."""
        work = self.models.work
        if work is not None and work.kind == "download":
            self._bridge.client.installer.pause()
            self._show(work=replace(work, kind="pause"))

    def discard(self, name: str) -> None:
        """Give up a download, and what has arrived of it."""
        if self._bridge.client.installer.discard(name):
            self._show(work=ModelWork(name, "discard"), faults=self._faults_but(name))

    def take_in(self, path: Path) -> None:
        """Import a model from a file or a folder."""
        if self._bridge.client.installer.start(ImportModel(str(path))):
            self._show(work=ModelWork(str(path), "import"), faults={})

    def remove(self, name: str) -> None:
        """Delete a model from this machine."""

        def fail(error: CapsearchError) -> None:
            self._show(faults={**self.models.faults, name: error})

        self._show(faults=self._faults_but(name))
        self._bridge.ask(RemoveModel(name), then=lambda _: self.look(), otherwise=fail)

    def _take(self, event: Event) -> None:
        work = self.models.work
        match event:
            case ModelProgress(name=name, progress=progress, engine=engine):
                if work is not None and work.kind in ("download", "import"):
                    self._show(work=ModelWork(name, work.kind, progress, engine))
            case ModelReady(name=name, imported=imported):
                if not imported:
                    self._hold(None)
                self._end()
                if not imported:
                    self.arrived.emit(name)
            case ModelPaused():
                self._end()
            case ModelDiscarded():
                self._hold(None)
                self._end()
            case ModelFailed(name=name, traceback=traceback):
                if traceback:
                    keep_crash(ModelCrash(traceback))
                error = CapsearchError(event.message, event.next_step, fault=event.fault)
                self._show(faults={**self.models.faults, name: error})
                self._end()
                self.failed.emit(name, error)

    def _end(self) -> None:
        self._show(work=None)
        self.look()

    def _take_shelf(self, shelf: ModelShelf) -> None:
        self._show(shelf=shelf)

    def _hold(self, name: str | None) -> None:
        self._remembered.setValue(_DOWNLOAD, name or "")
        self._remembered.sync()
        self._show(held=name)

    def _faults_but(self, name: str) -> dict[str, CapsearchError]:
        return {known: error for known, error in self.models.faults.items() if known != name}

    def _show(self, **changes: object) -> None:
        self.models = replace(self.models, **changes)  # type: ignore[arg-type]
        self.changed.emit(self.models)

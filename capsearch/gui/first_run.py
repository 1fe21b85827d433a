"""From the first folder to the first photos: what is shown meanwhile, and when to look for them."""

from PySide6.QtCore import QObject, QTimer, Signal

from capsearch.gui.panels.library_page import LibraryPage
from capsearch.service import Event, IndexingEnded, IndexingFailed, IndexingProgress

_LOOK_MS = 400
"""Between two looks for the first photos: batches of them are recorded some times a second."""


class FirstRun(QObject):
    """Is `active` from the choice of the first folder until there are photos, or the run is over.

    `look_wanted`: there may be photos to show now.
    """

    look_wanted = Signal()

    def __init__(self, library: LibraryPage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self._active = False
        self._looking = QTimer(self, singleShot=True, interval=_LOOK_MS)
        self._looking.timeout.connect(self.look_wanted)

    @property
    def active(self) -> bool:
        """Whether the first photos are still to come."""
        return self._active

    def begin(self, folder: str) -> None:
        """This folder is looked through, the first of a library."""
        self._active = True
        self._library.first_run.begin(folder)
        self.show()

    def show(self, asked: str = "") -> None:
        """Say how far it is, in place of the photos; `asked` are words that wait for an answer."""
        self._library.first_run.say_asked(asked)
        self._library.show_first_run()

    def take(self, event: Event) -> None:
        """Something was told of the run."""
        match event:
            case IndexingProgress(progress=progress, on_battery=on_battery):
                self._library.first_run.show_progress(progress, on_battery=on_battery)
                if self._active and progress.done and not self._looking.isActive():
                    self._looking.start()
            case IndexingEnded() | IndexingFailed():
                self.end()

    def end(self) -> None:
        """There are photos, or there will be none."""
        self._active = False
        self._looking.stop()
        self._library.first_run.begin()

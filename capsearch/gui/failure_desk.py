"""Files that could not be used: said until the user has looked at them, then quiet until others
come, in later sessions too."""

import hashlib
import os

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QWidget

from capsearch.gui.bridge import Bridge
from capsearch.gui.panels.failures_dialog import FailuresDialog
from capsearch.gui.panels.status_bar import StatusBar
from capsearch.gui.remembered import remembered_moment
from capsearch.library.values import Failure, LibraryState
from capsearch.service.operations import ReadFailures


class FailureDesk(QObject):
    """Shows in `status` what `take_state` is told, and the list when it is asked for.

    `retry_wanted`: all of them are to be read again.
    """

    retry_wanted = Signal()

    def __init__(
        self, bridge: Bridge, remembered: QSettings, status: StatusBar, window: QWidget
    ) -> None:
        super().__init__(window)
        self._bridge, self._remembered = bridge, remembered
        self._status, self._window = status, window
        # Of this library: others have failures of their own.
        library = os.fsencode(os.path.abspath(bridge.client.library))
        self._key = f"failures seen {hashlib.blake2b(library, digest_size=8).hexdigest()}"
        self._count, self._newest = 0, 0.0
        status.failures_wanted.connect(self.show_list)

    def take_state(self, state: LibraryState) -> None:
        """The library has so many now."""
        self._count, self._newest = state.failures, state.newest_failure or 0.0
        self._show()

    def show_list(self) -> FailuresDialog:
        """List them; those that there are now count as seen."""
        dialog = FailuresDialog(self._window)
        dialog.retry_wanted.connect(self.retry_wanted)
        self._bridge.ask(ReadFailures(), then=self._fill)
        dialog.open()
        self._remembered.setValue(self._key, repr(max(self._newest, self._seen)))
        self._show()
        return dialog

    def _fill(self, failures: tuple[Failure, ...]) -> None:
        """It may have been closed meanwhile."""
        for dialog in self._window.findChildren(FailuresDialog):
            dialog.show_failures(failures)

    @property
    def _seen(self) -> float:
        """When the newest of those that were looked at came."""
        return remembered_moment(self._remembered, self._key)

    def _show(self) -> None:
        self._status.set_failures(self._count, seen=self._newest <= self._seen)

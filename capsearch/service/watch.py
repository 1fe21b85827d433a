"""What the engine's process notices by itself, on its way to the window's."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from capsearch.service.events import LibraryChanged, WatchNotice
from capsearch.service.jobs import FollowJob

if TYPE_CHECKING:  # not in the window's process
    from capsearch.library.following import Changes

News = FollowJob | LibraryChanged | WatchNotice


class Messenger:
    """Sends what a `LibraryFollower` tells; nobody listening any more is no error."""

    def __init__(self, send: Callable[[News], None]) -> None:
        self._send = send

    def files_changed(self, changes: "Changes") -> None:
        """Ask for a look at what changed."""
        self._send(FollowJob(changes.scopes, changes.unsettled))

    def library_changed(self) -> None:
        """Tell that there may be more to see."""
        self._send(LibraryChanged())

    def notice(self, sentence: str) -> None:
        """Hand on a sentence for the user."""
        self._send(WatchNotice(sentence))

"""What the worker's process can be told to do: one frozen dataclass a kind of job.

The window's process makes them and sends them; `run` is called over there, where the library is.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from capsearch.library.values import IndexReport, Progress, Scope

if TYPE_CHECKING:
    from capsearch.library.facade import Library

Tell = Callable[[Progress], None]


@dataclass(frozen=True)
class IndexJob:
    """Look through folders, and learn from what the library holds then.

    `retry` reads failed files again. `encoder` is what the user wants to search by from now on;
    None leaves it to the library.
    """

    folders: tuple[str, ...]
    retry: bool = False
    encoder: str | None = None

    def run(self, library: "Library", tell: Tell, stop: threading.Event) -> IndexReport:
        """Do it."""
        if self.encoder is not None:
            library.want_encoder(self.encoder)
        return library.index(self.folders, retry=self.retry, progress=tell, stop=stop)

    def joined(self, later: "Job") -> "Job | None":
        """One job that does both; None where there is none."""
        if not isinstance(later, IndexJob):
            return None
        return IndexJob(
            tuple(dict.fromkeys((*self.folders, *later.folders))),
            self.retry or later.retry,
            later.encoder or self.encoder,
        )


@dataclass(frozen=True)
class FollowJob:
    """Look at what changed in the library's folders; learning from it waits until it is calm."""

    scopes: tuple[Scope, ...]
    unsettled: frozenset[str] = frozenset()

    @property
    def folders(self) -> tuple[str, ...]:
        """Where something changed."""
        return tuple(scope.folder for scope in self.scopes)

    def run(self, library: "Library", tell: Tell, stop: threading.Event) -> IndexReport:
        """Do it."""
        return library.index_changes(
            self.scopes, unsettled=self.unsettled, progress=tell, stop=stop
        )

    def joined(self, later: "Job") -> "Job | None":
        """One job that does both. What was unsettled and is not so any more was told again."""
        if not isinstance(later, FollowJob):
            return None
        scopes = dict.fromkeys((*self.scopes, *later.scopes))
        return FollowJob(tuple(scopes), later.unsettled)


Job = IndexJob | FollowJob

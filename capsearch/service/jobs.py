"""What the worker's process can be told to do: one frozen dataclass a kind of job.

The window's process makes them and sends them; `run` is called over there, where the library is.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
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


class FolderChange:
    """A change of the library's folders: quick, and asked for by the user, so that it is made
    before all runs. Each kind is a frozen dataclass."""

    folder: str

    @property
    def folders(self) -> tuple[str, ...]:
        """The one."""
        return (self.folder,)

    @property
    def following(self) -> IndexJob | None:
        """The run that makes it visible, if it needs one."""
        return IndexJob(self.folders)

    def run(self, library: "Library", tell: Tell, stop: threading.Event) -> IndexReport:
        """Do it."""
        raise NotImplementedError

    def joined(self, later: "Job") -> "Job | None":
        """Changes are done one by one."""
        return None

    def left_of(self, job: "Job") -> "Job | None":
        """What of a job that waits is still to be done when this is."""
        return job


@dataclass(frozen=True)
class RemoveFolderJob(FolderChange):
    """Take a folder out of the library."""

    folder: str

    @property
    def following(self) -> IndexJob | None:
        """None: it is visible at once."""
        return None

    def run(self, library: "Library", tell: Tell, stop: threading.Event) -> IndexReport:
        """Do it. A folder whose first run was stopped for this is not in the library yet."""
        if any(held.folder.path == self.folder for held in library.folders()):
            library.remove_folder(self.folder, _said_by(tell))
        return _NOTHING_INDEXED

    def left_of(self, job: "Job") -> "Job | None":
        """What is not about that folder."""
        if not isinstance(job, IndexJob):
            return job
        folders = tuple(folder for folder in job.folders if folder != self.folder)
        return replace(job, folders=folders) if folders else None


@dataclass(frozen=True)
class ExcludeJob(FolderChange):
    """Leave out of a folder what matches one of `patterns`, instead of those it had."""

    folder: str
    patterns: tuple[str, ...]

    def run(self, library: "Library", tell: Tell, stop: threading.Event) -> IndexReport:
        """Do it."""
        library.set_exclusions(self.folder, self.patterns)
        return _NOTHING_INDEXED


@dataclass(frozen=True)
class RelocateJob(FolderChange):
    """Take over for `folder` what is known of `old`, which the user has moved there."""

    old: str
    folder: str

    def run(self, library: "Library", tell: Tell, stop: threading.Event) -> IndexReport:
        """Do it. A process that died when it was done, but had not said so, left nothing to do."""
        held = {each.folder.path for each in library.folders()}
        if self.old in held or self.folder not in held:
            library.relocate_folder(self.old, self.folder, _said_by(tell))
        return _NOTHING_INDEXED

    def left_of(self, job: "Job") -> "Job | None":
        """All, where it is now."""
        if not isinstance(job, IndexJob):
            return job
        moved = (self.folder if folder == self.old else folder for folder in job.folders)
        return replace(job, folders=tuple(dict.fromkeys(moved)))


Job = IndexJob | FollowJob | FolderChange

_NOTHING_INDEXED = IndexReport(0, 0, 0, (), 0.0, 0.0, "", "")


def _said_by(tell: Tell) -> Callable[[], None]:
    """Says that another program's run is waited for."""
    return lambda: tell(Progress("wait", 0, 0, 0, 0.0, None))

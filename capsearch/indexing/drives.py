"""Which of the library's folders can be reached at this moment: a glance, no walk."""

import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.records import Folder, Volume
from capsearch.errors import CapsearchError
from capsearch.indexing.folders import find_elsewhere, reason_away, volume_of
from capsearch.paths import lies_in

# A network folder may hang for minutes; what has not answered by then is away.
_PATIENCE_SECONDS = 2.0


@dataclass(frozen=True)
class Drives:
    """The library's folders by path: those that are `there`, with what they lie on; those that
    are `away`; and where folders that are away from their place were found again (`moved`)."""

    there: Mapping[str, Volume | None]
    away: frozenset[str]
    moved: Mapping[str, str]


def look_at_drives(catalog: Catalog) -> Drives:
    """See which of the library's folders can be reached; two seconds at most, whatever hangs.

    Raises `CapsearchError` where the library cannot be read.
    """
    known = {folder.path: folder for folder in catalog.folders()}
    glances = [_Glance(catalog.path, path, known) for path in sorted(known)]
    deadline = time.monotonic() + _PATIENCE_SECONDS
    there: dict[str, Volume | None] = {}
    moved: dict[str, str] = {}
    for glance in glances:
        seen = glance.seen(deadline)
        if isinstance(seen, _There):
            there[glance.folder] = seen.volume
        elif (
            seen is not None
            and seen not in moved.values()
            and not any(lies_in(glance.folder, old) for old in moved)  # goes with that one
        ):
            moved[glance.folder] = seen
    return Drives(there, frozenset(known) - there.keys(), moved)


def notice_drives(catalog: Catalog) -> tuple[tuple[str, str], ...]:
    """Record which of the library's folders are away and which are back, and take over those that
    came back under another mount point: (old, new). Nothing in them is judged.

    Where the library cannot be written nothing is recorded.
    """
    moved: tuple[tuple[str, str], ...] = ()
    try:
        drives = look_at_drives(catalog)
    except CapsearchError:  # being set aside just now, say: the question that follows says so
        return moved
    if drives.moved:
        with suppress(CapsearchError), catalog.indexing_lock():
            moved = _take_over(catalog, drives.moved)
    with suppress(CapsearchError):
        _record(catalog, drives)
    return moved


@dataclass(frozen=True)
class _There:
    volume: Volume | None


class _Glance:
    """A look at one folder, in a thread that is left behind where it hangs."""

    def __init__(self, library: Path, folder: str, known: Mapping[str, Folder]) -> None:
        self.folder = folder
        self._library = library
        self._known = known
        self._seen: _There | str | None = None
        self._error: CapsearchError | None = None
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def seen(self, deadline: float) -> _There | str | None:
        """That it is there; or where it is now; or None where it is away."""
        self._thread.join(max(0.0, deadline - time.monotonic()))
        if self._error is not None:
            raise self._error
        return self._seen

    def _look(self) -> None:
        try:
            # A connection belongs to a thread.
            with Catalog.open(self._library, read_only=True) as catalog:
                if reason_away(catalog, self.folder, self._known) is None:
                    self._seen = _There(volume_of(self.folder))
                else:
                    self._seen = find_elsewhere(catalog, self.folder, self._known)
        except CapsearchError as error:
            self._error = error


def _take_over(catalog: Catalog, moved: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    with catalog.transaction():
        for old, new in moved.items():
            catalog.move_folder(old, new)
        known = {folder.path: folder for folder in catalog.folders()}
        for path in known:
            came = any(lies_in(path, new) for new in moved.values())
            if came and reason_away(catalog, path, known) is None:
                catalog.record_reached(path, volume_of(path))
    return tuple(moved.items())


def _record(catalog: Catalog, drives: Drives) -> None:
    known = {folder.path: folder for folder in catalog.folders()}
    back = {
        path: volume
        for path, volume in drives.there.items()
        if path in known and (not known[path].online or known[path].volume not in (volume, None))
    }
    away = [path for path in drives.away if path in known]
    if not back and not any(known[path].online for path in away):
        return
    with catalog.transaction():
        for path, volume in back.items():
            catalog.record_reached(path, volume)
        for path in away:  # all: one may lie in a folder that is back
            catalog.record_scan(path, online=False)

"""Copies photos into a folder: each whole or not at all, and never in the place of another file."""

import errno
import os
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from capsearch.files import put_in_place, remove_abandoned, temporary_name

Trouble = Literal["full", "refused", "gone", "other"]

_CHUNK = 1 << 20
_LONGEST_NAME = 255  # bytes, of the usual file systems
_TROUBLES: dict[int | None, Trouble] = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EFBIG: "full",
    errno.EACCES: "refused",
    errno.EPERM: "refused",
    errno.EROFS: "refused",
    errno.ENOENT: "gone",
    errno.ENOTDIR: "gone",
    errno.ENODEV: "gone",
}
# What FAT, exFAT and NTFS allow in no name.
_NOT_EVERYWHERE = re.compile(r'[\x00-\x1f<>:"\\|?*]')


@dataclass(frozen=True)
class CopyReport:
    """Of `wanted` photos, how many were `copied` and how many were `away`. `trouble` is why the
    folder took no more, with the system's `reason`; `stopped` is that somebody did not want more.
    """

    wanted: int
    copied: int
    away: int
    trouble: Trouble | None = None
    reason: str = ""
    stopped: bool = False


class _AwayError(Exception):
    """The photo cannot be read at this place."""


class _StoppedError(Exception):
    """No more is wanted."""


def copy_files(
    photos: Sequence[Sequence[str]],
    folder: str,
    told: Callable[[int], object],
    stopped: Callable[[], bool],
) -> CopyReport:
    """Copy one file of each photo, the first of its places that can be read, into `folder`.

    A name that is taken gets a number. `told` hears how many photos are done; `stopped` is asked
    within a file too. The originals are only read.
    """
    copied = away = 0
    namer = _Namer(Path(folder))
    try:
        remove_abandoned(Path(folder), namer.temporary)
        for done, places in enumerate(photos):
            told(done)
            if any(_copy_one(place, namer, stopped) for place in places):
                copied += 1
            else:
                away += 1
    except _StoppedError:
        return CopyReport(len(photos), copied, away, stopped=True)
    except OSError as error:
        trouble = _TROUBLES.get(error.errno, "other")
        reason = error.strerror or str(error)
        return CopyReport(len(photos), copied, away, trouble, reason)
    return CopyReport(len(photos), copied, away)


def _copy_one(source: str, namer: "_Namer", stopped: Callable[[], bool]) -> bool:
    """Whether it could be read.

    Raises:
        OSError: the folder does not take it.
        _StoppedError: no more is wanted.
    """
    if not Path(source).is_file():
        return False
    aside = temporary_name(namer.folder / namer.temporary)
    try:
        with aside.open("xb") as target:
            moment = _pour(source, target, stopped)
            target.flush()
            os.fsync(target.fileno())
        os.utime(aside, ns=(moment, moment))
        namer.give_name(aside, Path(source).name)
    except _AwayError:
        return False
    finally:
        with suppress(OSError):
            aside.unlink(missing_ok=True)
    return True


def _pour(source: str, target: BinaryIO, stopped: Callable[[], bool]) -> int:
    """Copy what is in a file; gives when it was changed last, ns since 1970."""
    try:
        with Path(source).open("rb") as file:
            moment = os.fstat(file.fileno()).st_mtime_ns
            while True:
                if stopped():
                    raise _StoppedError
                part = file.read(_CHUNK)
                if not part:
                    return moment
                _write(target, part)
    except _NotTakenError as error:
        raise error.reason from error
    except OSError as error:
        raise _AwayError from error


class _NotTakenError(Exception):
    """The folder's side of a copy failed, not the photo's."""

    def __init__(self, reason: OSError) -> None:
        super().__init__(str(reason))
        self.reason = reason


def _write(target: BinaryIO, part: bytes) -> None:
    try:
        target.write(part)
    except OSError as error:
        raise _NotTakenError(error) from error


class _Namer:
    """Gives files free names in `folder`, and remembers which numbers were taken."""

    temporary = ".capsearch-copy"  # short: a long name would leave no room for what is added

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._next: dict[str, int] = {}

    def give_name(self, aside: Path, name: str) -> None:
        """Call a whole file `name`, or `name (2)` where that is taken, and so on."""
        number = self._next.get(name, 1)
        while not self._give(aside, _numbered(name, number)):
            number += 1
        self._next[name] = number + 1

    def _give(self, aside: Path, name: str) -> bool:
        try:
            return _rename_if_free(aside, self.folder / name)
        except OSError as error:
            portable = _NOT_EVERYWHERE.sub("_", name)
            if error.errno not in (errno.EINVAL, errno.EILSEQ) or portable == name:
                raise
            return _rename_if_free(aside, self.folder / portable)


def _rename_if_free(aside: Path, path: Path) -> bool:
    """Whether the name was free; it is never taken from another file."""
    if os.path.lexists(path):
        return False
    try:
        if sys.platform == "win32":
            aside.rename(path)  # which refuses there
        else:
            os.link(aside, path)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK):
            raise
        put_in_place(aside, path)  # a drive without hard links, such as FAT
    return True


def _numbered(name: str, number: int) -> str:
    """`name` with a number before its ending, not longer than a name may be."""
    stem, ending = Path(name).stem, Path(name).suffix
    behind = (f" ({number})" if number > 1 else "") + ending
    room = _LONGEST_NAME - len(os.fsencode(behind))
    while len(os.fsencode(stem)) > room:
        stem = stem[:-1]
    return stem + behind

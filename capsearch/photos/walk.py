"""Every file below a folder, in a fixed order, once; what could not be looked into is said."""

import fnmatch
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from capsearch.paths import joined, lies_in, prefix_of
from capsearch.photos.cloud import behind_stub, is_placeholder
from capsearch.photos.foreign_folders import holds_only_folders, is_foreign
from capsearch.photos.formats import PHOTO_EXTENSIONS, is_photo_name

__all__ = [
    "PHOTO_EXTENSIONS",
    "FoundFile",
    "WalkProblem",
    "holds_nothing",
    "is_passed_over",
    "is_photo_name",
    "walk",
]

_HIDDEN_SIDECAR = ".picasa.ini"
_SKIPPED_FILES = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"})


@dataclass(frozen=True)
class FoundFile:
    """A regular file: `path` as `os.fsdecode` gives it, `size` in bytes.

    One that is only `in_cloud` must not be opened. Where a stub stands for it, `path` is what it
    would have, and size and time are -1: not known.
    """

    path: str
    size: int
    mtime_ns: int
    in_cloud: bool = False


@dataclass(frozen=True)
class WalkProblem:
    """A folder or file that could not be looked at, and why, in a sentence for people."""

    path: str
    reason: str


def walk(
    root: str | os.PathLike[str],
    exclude: Sequence[str] = (),
    *,
    start: str | None = None,
    deep: bool = True,
) -> Iterator[FoundFile | WalkProblem]:
    """Yield the regular files below `root`, sorted by name folder by folder, and the problems met.

    Symbolic links are followed, each folder is entered once. Hidden files (but Picasa's) and
    folders are passed over, what other programs keep (`foreign_folders`), and whatever matches a
    pattern of `exclude`: a shell glob, tried on the name and on the path from `root` (with `/`
    between folders).
    Nothing is opened, and nothing is raised for a root that is missing: that is a problem too.

    `start` is a folder below `root` to look into instead; one that is gone, or passed over, holds
    nothing. Not `deep`: what lies in its folders is left out.
    """
    skipped = _Exclusions(tuple(pattern.rstrip("/") for pattern in exclude))
    entered: set[tuple[int, int]] = set()
    top = os.fsdecode(root)
    first = (top, "")
    if start is not None and start != top:
        below = _way_down(top, start, skipped)
        if below is None:
            return
        first = (start, below)
    # A stack, not recursion: folders can be nested deeper than Python calls.
    pending: list[tuple[str, str, os.DirEntry[str] | None]] = [(*first, None)]
    while pending:
        path, relative, entry = pending.pop()
        try:
            if entry is None:
                entries = _entries_once(path, entered)
                if holds_only_folders(path, top):
                    entries = [e for e in entries if e.is_dir()]
                pending += [(e.path, f"{relative}{e.name}", e) for e in reversed(entries)]
            elif behind_stub(entry.name) is not None:
                yield from _in_cloud(path, relative, skipped)
            elif skipped(entry.name, relative):
                continue
            elif entry.is_dir():
                if deep and not is_foreign(path, top):
                    pending.append((path, f"{relative}/", None))
            elif entry.name.lower() not in _SKIPPED_FILES:
                info = entry.stat()
                if stat.S_ISREG(info.st_mode):
                    away = is_placeholder(info)
                    yield FoundFile(path, info.st_size, info.st_mtime_ns, away)
        except OSError as error:
            yield WalkProblem(path, _plain_reason(error, "file" if entry else "folder"))


def _in_cloud(stub: str, relative: str, skipped: "_Exclusions") -> Iterator[FoundFile]:
    """The file that this stub stands for."""
    folder, name = os.path.split(stub)
    behind = behind_stub(name) or ""
    if not skipped(behind, relative.removesuffix(name) + behind):
        yield FoundFile(joined(folder, behind), -1, -1, in_cloud=True)


def holds_nothing(folder: str) -> bool:
    """Whether `folder` holds nothing of a person's: nothing at all, or only what every walk passes
    over (what systems and other programs leave behind).

    Raises `OSError` where it cannot be read.
    """
    with os.scandir(folder) as scan:
        return all(is_passed_over(entry, folder) for entry in scan)


def is_passed_over(entry: os.DirEntry[str], root: str) -> bool:
    """Whether every walk from `root`, below which `entry` lies, leaves it out."""
    if _is_hidden(entry.name):
        return behind_stub(entry.name) is None
    if entry.is_dir():
        return is_foreign(entry.path, root)
    return entry.name.lower() in _SKIPPED_FILES


def _way_down(root: str, start: str, skipped: "_Exclusions") -> str | None:
    """The path from `root` to the folder `start`, with `/` at its end; None where no walk from
    `root` comes there."""
    if not lies_in(start, root):
        return None
    if not os.path.isdir(start) and os.path.isdir(root):  # noqa: PTH112 - any bytes are a path
        return None
    relative, path = "", root
    for name in filter(None, start.removeprefix(prefix_of(root)).split(os.sep)):  # noqa: PTH206
        path = joined(path, name)
        if skipped(name, relative + name) or is_foreign(path, root):
            return None
        relative += f"{name}/"
    return relative


def _entries_once(path: str, entered: set[tuple[int, int]]) -> list[os.DirEntry[str]]:
    """A folder's entries by name; none where it was entered before, by whatever path."""
    info = os.stat(path)  # noqa: PTH116 - one Path a folder would cost more than the rest
    identity = (info.st_dev, info.st_ino)
    if identity in entered:
        return []
    entered.add(identity)
    with os.scandir(path) as scan:
        return sorted(scan, key=lambda entry: entry.name)


class _Exclusions:
    def __init__(self, patterns: tuple[str, ...]) -> None:
        self._patterns = patterns

    def __call__(self, name: str, relative: str) -> bool:
        return _is_hidden(name) or any(
            fnmatch.fnmatch(name, pattern) or fnmatch.fnmatch(relative, pattern)
            for pattern in self._patterns
        )


def _is_hidden(name: str) -> bool:
    return name.startswith(".") and name.lower() != _HIDDEN_SIDECAR


def _plain_reason(error: OSError, kind: str) -> str:
    if isinstance(error, PermissionError):
        return f"no permission to read this {kind}"
    if isinstance(error, FileNotFoundError):
        return f"this {kind} is not there (any more)"
    if isinstance(error, NotADirectoryError):
        return "this is a file, not a folder"
    return f"this {kind} could not be read: {error.strerror or error}"

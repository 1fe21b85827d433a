"""Which path lies below which: by names alone, nothing is looked up on the disk.

Paths are absolute and written as the system writes them, as `os.path.abspath` gives them; a
separator at the end of a folder changes nothing.
"""

import os
from collections.abc import Iterable


def prefix_of(folder: str) -> str:
    """How the paths of all that lies below `folder` begin, and no others: with one separator at
    its end, so that `/a/b` is no beginning of `/a/bc`."""
    return folder.rstrip(os.sep) + os.sep


def lies_in(path: str, folder: str) -> bool:
    """Whether `path` is `folder` or below it."""
    return prefix_of(path).startswith(prefix_of(folder))


def moved_with(path: str, moved: Iterable[tuple[str, str]]) -> str:
    """Where `path` is after folders were moved (old, new), one of which it may be or lie in."""
    for old, new in moved:
        if lies_in(path, old):
            rest = prefix_of(path)[len(prefix_of(old)) :].rstrip(os.sep)
            return joined(new, rest) if rest else new
    return path


def joined(folder: str, name: str) -> str:
    """The path of `name`, itself a path or not, in `folder`, as a walk gives it."""
    return prefix_of(folder) + name

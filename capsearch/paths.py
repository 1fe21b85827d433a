"""Which path lies below which: by names alone, nothing is looked up on the disk.

Paths are absolute and written as the system writes them, as `os.path.abspath` gives them; a
separator at the end of a folder changes nothing.
"""

import os


def prefix_of(folder: str) -> str:
    """How the paths of all that lies below `folder` begin, and no others: with one separator at
    its end, so that `/a/b` is no beginning of `/a/bc`."""
    return folder.rstrip(os.sep) + os.sep


def lies_in(path: str, folder: str) -> bool:
    """Whether `path` is `folder` or below it."""
    return prefix_of(path).startswith(prefix_of(folder))


def joined(folder: str, name: str) -> str:
    """The path of `name`, itself a path or not, in `folder`, as a walk gives it."""
    return prefix_of(folder) + name

"""Pieces of statements: ranges of paths, lists of values."""

import os
from collections.abc import Iterator, Sequence
from typing import TypeVar

from capsearch.paths import prefix_of

_Value = TypeVar("_Value", int, bytes)
_VARIABLES = 500  # well under the least number of parameters that SQLite was ever built with


def path_range(folder: str) -> tuple[bytes, bytes]:
    """Bound the encoded paths below `folder`: first <= path < second."""
    prefix = os.fsencode(prefix_of(folder))
    return prefix, prefix[:-1] + bytes([prefix[-1] + 1])


def within(folder: str, *, deep: bool = True) -> tuple[str, tuple[bytes | int, ...]]:
    """Condition on `path`, and its values: below `folder`, or directly in it."""
    low, high = path_range(folder)
    if deep:
        return "path >= ? AND path < ?", (low, high)
    inside = "path >= ? AND path < ? AND instr(substr(path, ?), ?) = 0"
    return inside, (low, high, len(low) + 1, os.fsencode(os.sep))


def parts(values: list[_Value]) -> Iterator[list[_Value]]:
    """Cut the values of a statement into as many as one may have."""
    for start in range(0, len(values), _VARIABLES):
        yield values[start : start + _VARIABLES]


def marks(values: Sequence[object]) -> str:
    """Write the parameters of a list of values."""
    return ",".join("?" * len(values))

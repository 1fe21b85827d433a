"""A damaged library set aside, and a new one begun with what can still be read of it.

Nothing is ever deleted: the damaged file stays beside the new one under a dated name. Vectors
are not taken over, for damage may be anywhere: the next index run makes them anew.
"""

import datetime
import json
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.faults import DamagedLibraryError
from capsearch.catalog.integrity import find_problems
from capsearch.catalog.lock import indexing_lock, library_to_itself
from capsearch.catalog.taught import (
    PHOTO_ROWS,
    SUBJECT_ROWS,
    WISH_ROWS,
    Taught,
    taught_from_rows,
)
from capsearch.errors import CapsearchError
from capsearch.files import write_aside

_SUFFIXES = ("", "-wal", "-shm")
_KEPT_ASIDE = "damaged"


@dataclass(frozen=True)
class Repair:
    """What was done: `problems` were found; where there were any, the library was set aside as
    `set_aside` and a new one begun with `folders`, which are to be indexed now."""

    problems: tuple[str, ...]
    set_aside: Path | None = None
    folders: tuple[str, ...] = ()


def examine(library: Path) -> tuple[str, ...]:
    """Find what is wrong with the library file at `library`, even where it cannot be opened; ()
    where it is whole or there is none.

    Raises `CapsearchError` where it cannot be judged: another program's lock, a newer CapSearch's
    or another program's file, a disk that denies it.
    """
    if not library.exists():
        return ()
    if not _is_damaged_at_heart(library):
        try:
            with Catalog.open(library, read_only=True) as catalog:
                return find_problems(catalog)
        except DamagedLibraryError as error:
            return (error.message,)
    return (f"The library {library} is no database any more.",)


def repair(library: Path, today: datetime.datetime | None = None) -> Repair:
    """Set the library at `library` aside where it is damaged, and begin a new one in its place
    with the folders and exclusions that can still be read.

    Raises `CapsearchError` where another process indexes into it, where a damaged one is open in
    a window or another process (which would go on with the old file), or the disk denies.
    """
    with indexing_lock(library):
        problems = examine(library)
        if not problems:
            return Repair(())
        with library_to_itself(library):
            folders, taught = dict(_readable_folders(library)), _readable_taught(library)
            # First the new one: without room for it, the old one still says which folders.
            with write_aside(library) as new:
                _begin_anew(library, new, folders, taught)
                aside = _set_aside(library, today or datetime.datetime.now())
        return Repair(problems, aside, tuple(folders))


def _begin_anew(
    library: Path, new: Path, folders: Mapping[str, tuple[str, ...]], taught: Taught
) -> None:
    """Make `new`, an empty library in the place of `library`, with these folders, what is excluded
    in each, and what its owner has taught."""
    try:
        with Catalog.open(new) as catalog:
            with catalog.transaction():
                for folder, exclude in folders.items():
                    catalog.add_folder(folder)
                    catalog.set_exclusions(folder, exclude)
            catalog.teach(taught)
    except CapsearchError as error:
        for suffix in _SUFFIXES:
            with suppress(OSError):
                new.with_name(new.name + suffix).unlink(missing_ok=True)
        named = error.message.replace(os.fspath(new), os.fspath(library))
        raise CapsearchError(named, error.next_step) from error


def _is_damaged_at_heart(library: Path) -> bool:
    """Whether the file does not even begin as a database, or is empty."""
    try:
        with library.open("rb") as file:
            return file.read(16) != b"SQLite format 3\0"
    except OSError as error:
        raise CapsearchError(
            f"The library {library} cannot be read ({error.strerror}).",
            "Check that its disk is connected and that you may read it.",
        ) from error


def _readable_folders(library: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The folders, row by row until the damage."""
    for columns in ("path, exclude", "path, '[]'"):  # the second as of the first format
        found = list(_rows(library, f"SELECT {columns} FROM folders"))
        for path, exclude in found:
            with suppress(TypeError, ValueError):
                yield os.fsdecode(path), tuple(str(each) for each in json.loads(exclude))
        if found:
            return


def _readable_taught(library: Path) -> Taught:
    """What was taught, row by row until the damage: nobody could make it again."""
    each = (SUBJECT_ROWS, PHOTO_ROWS, WISH_ROWS)
    return taught_from_rows(*(list(_rows(library, statement)) for statement in each))


def _rows(library: Path, statement: str) -> Iterator[tuple[Any, ...]]:
    uri = f"{library.absolute().as_uri()}?mode=ro"
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as connection,
    ):
        # Without it, SQLite reads nothing of a file that is shorter than it should be.
        connection.execute("PRAGMA writable_schema = ON")
        cursor = connection.execute(statement)
        while (row := cursor.fetchone()) is not None:
            yield row


def _put_aside(part: Path, aside: Path, *, keep: bool) -> None:
    """Rename; what is to be replaced keeps its name until then, where the disk lets it, so that
    a kill in between leaves no gap."""
    if keep:
        with suppress(OSError):
            aside.hardlink_to(part)
            return
    part.rename(aside)


def _set_aside(library: Path, now: datetime.datetime) -> Path:
    """Rename the file, with what belongs to it, to a dated name that is free."""
    stem = f"{library.stem}.{_KEPT_ASIDE}-{now:%Y-%m-%d}"
    names = (f"{stem}{mark}{library.suffix}" for mark in ("", *(f".{n}" for n in range(2, 1000))))
    aside = next(place for name in names if not (place := library.with_name(name)).exists())
    try:
        for suffix in _SUFFIXES:
            part = library.with_name(library.name + suffix)
            if part.exists():
                _put_aside(part, aside.with_name(aside.name + suffix), keep=not suffix)
    except OSError as error:
        raise CapsearchError(
            f"The damaged library {library} cannot be renamed ({error.strerror}).",
            "Close every CapSearch, allow writing in its folder, and try again.",
        ) from error
    return aside

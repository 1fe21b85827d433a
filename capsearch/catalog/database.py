"""Opening the library file: settings, checks, and the way from an older schema to this one.

Durability: WAL with synchronous=NORMAL. A killed process loses nothing that was committed (the
pages are the system's); a loss of power keeps the file consistent and may roll back the last
transactions, which the next index run makes again. Migrations run with synchronous=FULL, for
they cannot be made again.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from capsearch.catalog.faults import damaged, translated
from capsearch.catalog.schema import APPLICATION_ID, STEPS, Step
from capsearch.catalog.settling import derive_all
from capsearch.errors import CapsearchError
from capsearch.files import remove_abandoned, write_aside

BUSY_SECONDS = 10.0
# A row of 2,000 float16 values must fit in a quarter of a page to stay on it.
_PAGE_BYTES = 16384
_CACHE_KIB = 32 * 1024


def connect(path: Path, *, read_only: bool, steps: Sequence[Step] = STEPS) -> sqlite3.Connection:
    """Open the library at `path`, made or migrated as needed.

    Raises `CapsearchError` where there is none (read-only), where it is no library, damaged, made
    by a newer CapSearch, or where the disk does not let us.
    """
    if read_only and not path.is_file():
        raise CapsearchError(
            f"There is no library at {path} yet.", "Make one with `capsearch index DIR`."
        )
    if not read_only:
        _make_folder(path)
    with translated(path):
        connection = _open_to_read(path) if read_only else _open_to_write(path)
        try:
            _settle(connection, path, read_only=read_only, steps=steps)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Commit all of the block or none of it. The write lock is taken at the start, so that no
    statement inside can find the library taken by another writer."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk may already have rolled the transaction back.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CapsearchError(
            f"The folder {path.parent} for the library cannot be made ({error.strerror}).",
            "Give another place with --library FILE.",
        ) from error
    if path.is_dir():
        raise CapsearchError(
            f"{path} is a folder, not a library file.", "Give a file with --library FILE."
        )


def _open_to_write(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)


def _open_to_read(path: Path) -> sqlite3.Connection:
    connection = _open_uri(path, "mode=ro")
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        # On a read-only disk the shared-memory file of WAL cannot be made. With no log waiting
        # to be read, the file alone is the whole truth and nobody can change it.
        unreachable = (error.sqlite_errorcode & 0xFF) in {
            sqlite3.SQLITE_CANTOPEN,
            sqlite3.SQLITE_READONLY,
        }
        if not unreachable or _has_log(path):
            raise
        return _open_uri(path, "mode=ro&immutable=1")
    return connection


def _open_uri(path: Path, query: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?{query}"
    return sqlite3.connect(uri, timeout=BUSY_SECONDS, isolation_level=None, uri=True)


def _has_log(path: Path) -> bool:
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def _settle(
    connection: sqlite3.Connection, path: Path, *, read_only: bool, steps: Sequence[Step]
) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    version = _checked_version(connection, path, len(steps))
    if read_only:
        if version < len(steps):
            raise CapsearchError(
                f"The library {path} was made by an older CapSearch.",
                "Run `capsearch index` on one of its folders once to bring it up to date.",
            )
        return
    if version < len(steps):
        if version == 0:
            connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        _migrate(connection, path, version, steps)
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    # Without WAL (some network drives) NORMAL could lose the file's consistency.
    connection.execute(f"PRAGMA synchronous = {'NORMAL' if mode == 'wal' else 'FULL'}")


def _checked_version(connection: sqlite3.Connection, path: Path, latest: int) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    owner = int(connection.execute("PRAGMA application_id").fetchone()[0])
    tables = int(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    if owner != APPLICATION_ID and (owner or version or tables):
        raise CapsearchError(
            f"{path} is a database of another program, not a CapSearch library.",
            "Give another file with --library FILE.",
        )
    if version > latest:
        raise CapsearchError(
            f"The library {path} was made by a newer CapSearch (format {version}; "
            f"this one reads up to {latest}).",
            _way_back(path, latest),
        )
    if version and not tables:
        raise damaged(path)
    return version


def _way_back(path: Path, latest: int) -> str:
    """What an older CapSearch can still do: a newer one has kept the library as it found it."""
    for version in range(latest, 0, -1):
        copy = _copy_of(path, version)
        if copy.is_file():
            return (
                "Install the newest CapSearch, or use the copy from before its first start: "
                f"--library {copy}"
            )
    return "Install the newest CapSearch, or give another file with --library FILE."


def _copy_of(path: Path, version: int) -> Path:
    """Where the library is kept as it was before it left this format."""
    return path.with_name(f"{path.stem}.format-{version}{path.suffix}")


def _migrate(
    connection: sqlite3.Connection, path: Path, version: int, steps: Sequence[Step]
) -> None:
    connection.execute("PRAGMA synchronous = FULL")
    if version:
        _keep_copy(connection, path, version)
    # A step may build a table anew under the old name, which enforced keys would forbid.
    connection.execute("PRAGMA foreign_keys = OFF")
    for number, step in enumerate(steps, start=1):
        with transaction(connection):
            # Read inside the lock: another process may have made this step meanwhile.
            if int(connection.execute("PRAGMA user_version").fetchone()[0]) >= number:
                continue
            _apply(connection, step)
            if number == len(steps):
                # Here, not in a step: a step is of its day, what derives is of today.
                derive_all(connection)
            if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
                raise damaged(path)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {number}")
    connection.execute("PRAGMA foreign_keys = ON")


def _apply(connection: sqlite3.Connection, step: Step) -> None:
    if callable(step):
        step(connection)
        return
    for statement in step:
        connection.execute(statement)


def _keep_copy(connection: sqlite3.Connection, path: Path, version: int) -> None:
    copy = _copy_of(path, version)
    remove_abandoned(copy.parent, copy.name)
    with write_aside(copy) as unfinished, closing(sqlite3.connect(unfinished)) as target:
        connection.backup(target)

"""What follows from a transaction's changes: who is searchable, how photos are described, and
which encoders' sets of searchable vectors changed. Done once, at the end, so that a photo which
only moved inside the transaction changes no generation."""

import sqlite3
import time
from collections.abc import Iterable, Mapping

from capsearch.catalog.merging import merge_metadata, metadata_from_json, taken_to_fields
from capsearch.photos.metadata.model import PhotoMetadata

_AVAILABLE = (
    "EXISTS (SELECT 1 FROM files"
    " WHERE photo_id = photos.id AND state <> 'missing' AND NOT companion)"
)


def settle(
    connection: sqlite3.Connection, moved: Iterable[int], embedded: Mapping[int, set[int]]
) -> dict[int, bool]:
    """Bring up to date what depends on the places of the photos in `moved` and on the vectors
    `embedded` (encoder id -> photo ids) just added; which photos became searchable (True) or
    ceased to be (False)."""
    flipped = {
        photo_id: searchable
        for photo_id in sorted(moved)
        if (searchable := _refresh(connection, photo_id)) is not None
    }
    changed = {
        encoder_id
        for photo_id in flipped
        for (encoder_id,) in connection.execute(
            "SELECT encoder_id FROM embeddings WHERE photo_id = ?", (photo_id,)
        )
    }
    changed |= {
        encoder_id
        for encoder_id, photo_ids in embedded.items()
        if any(_is_searchable(connection, photo_id) for photo_id in photo_ids)
    }
    for encoder_id in changed:
        # Microseconds, not a bare counter: after a loss of power rolled back some transactions,
        # a cache made from them must not pass for the state that the next run arrives at.
        connection.execute(
            "UPDATE encoders SET generation = max(generation + 1, ?) WHERE id = ?",
            (time.time_ns() // 1000, encoder_id),
        )
    return flipped


def _is_searchable(connection: sqlite3.Connection, photo_id: int) -> bool:
    row = connection.execute("SELECT searchable FROM photos WHERE id = ?", (photo_id,)).fetchone()
    return row is not None and bool(row[0])


def _refresh(connection: sqlite3.Connection, photo_id: int) -> bool | None:
    """Derive one photo's columns from its places; True where it became searchable, False where it
    ceased to be, None where it is as it was. Places where it is no more speak only while there is
    no other; a photo without any keeps its last description."""
    rows = connection.execute(
        "SELECT metadata, state <> 'missing' FROM files"
        " WHERE photo_id = ? AND NOT companion ORDER BY path",
        (photo_id,),
    ).fetchall()
    told = [text for text, available in rows if available] or [text for text, _ in rows]
    if told:
        merged = merge_metadata([metadata_from_json(text) for text in told])
        _describe(connection, photo_id, merged)
    cursor = connection.execute(
        f"UPDATE photos SET searchable = {_AVAILABLE},"
        f" missing_since = CASE WHEN {_AVAILABLE} THEN NULL ELSE ? END"
        f" WHERE id = ? AND searchable <> {_AVAILABLE}",
        (time.time(), photo_id),
    )
    return any(available for _, available in rows) if cursor.rowcount > 0 else None


def _describe(connection: sqlite3.Connection, photo_id: int, metadata: PhotoMetadata) -> None:
    taken = taken_to_fields(metadata.taken) if metadata.taken else (None, None, None)
    connection.execute(
        "UPDATE photos SET taken_local = ?, taken_offset = ?, taken_source = ?, latitude = ?,"
        " longitude = ?, camera = ?, rating = ? WHERE id = ?",
        (
            *taken,
            metadata.latitude,
            metadata.longitude,
            metadata.camera,
            metadata.rating,
            photo_id,
        ),
    )
    connection.execute("DELETE FROM keywords WHERE photo_id = ?", (photo_id,))
    connection.executemany(
        "INSERT INTO keywords (photo_id, position, keyword) VALUES (?, ?, ?)",
        ((photo_id, position, keyword) for position, keyword in enumerate(metadata.keywords)),
    )
    connection.execute("DELETE FROM people WHERE photo_id = ?", (photo_id,))
    connection.executemany(
        "INSERT INTO people (photo_id, position, name, source, x, y, w, h)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (photo_id, position, person.name, person.source, *(person.box or (None,) * 4))
            for position, person in enumerate(metadata.people)
        ),
    )

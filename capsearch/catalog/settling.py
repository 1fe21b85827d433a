"""What follows from a transaction's changes: who is searchable, how photos are described, and
which encoders' sets of searchable vectors changed. Done once, at the end, so that a photo which
only moved inside the transaction changes no generation."""

import dataclasses
import json
import os
import sqlite3
import time
from collections.abc import Iterable, Mapping, Sequence

from capsearch.catalog.localities import keep_locality, locality_of, names_of, read_ahead
from capsearch.catalog.merging import merge_metadata, metadata_from_json, taken_to_fields
from capsearch.catalog.sql import marks, parts
from capsearch.catalog.words import Label, Lying, Words, describe
from capsearch.gazetteer import Locality, shown_parts, spellings
from capsearch.photos.metadata.model import PhotoMetadata
from capsearch.text import folded

_AVAILABLE = (
    "EXISTS (SELECT 1 FROM files"
    " WHERE photo_id = photos.id AND state <> 'missing' AND NOT companion)"
)
_COLUMNS = Words._fields
_KEPT_WORDS = f"SELECT {', '.join(_COLUMNS)} FROM words WHERE rowid = ?"
_POSITIONS = (
    # Not by the operator ->>, which SQLite has from 3.38 on.
    "SELECT json_extract(metadata, '$.latitude'), json_extract(metadata, '$.longitude') FROM files"
)
_ADD_WORDS = f"INSERT INTO words (rowid, {', '.join(_COLUMNS)}) VALUES ({marks((0, *_COLUMNS))})"


def settle(
    connection: sqlite3.Connection, moved: Iterable[int], embedded: Mapping[int, set[int]]
) -> dict[int, bool]:
    """Bring up to date what depends on the places of the photos in `moved` and on the vectors
    `embedded` (encoder id -> photo ids) just added; which photos became searchable (True) or
    ceased to be (False)."""
    roots = _roots(connection)
    photo_ids = sorted(moved)
    for part in parts(photo_ids):
        chosen = f"{_POSITIONS} WHERE photo_id IN ({marks(part)})"
        read_ahead(connection.execute(chosen, part).fetchall())
    flipped = {
        photo_id: searchable
        for photo_id in photo_ids
        if (searchable := _refresh(connection, photo_id, roots)) is not None
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


def derive_all(connection: sqlite3.Connection) -> None:
    """Derive anew what follows from the places of all photos: after a migration."""
    roots = _roots(connection)
    read_ahead(connection.execute(_POSITIONS).fetchall())
    for (photo_id,) in connection.execute("SELECT id FROM photos ORDER BY id").fetchall():
        _refresh(connection, photo_id, roots)


def _roots(connection: sqlite3.Connection) -> list[str]:
    return [os.fsdecode(path) for (path,) in connection.execute("SELECT path FROM folders")]


def _is_searchable(connection: sqlite3.Connection, photo_id: int) -> bool:
    row = connection.execute("SELECT searchable FROM photos WHERE id = ?", (photo_id,)).fetchone()
    return row is not None and bool(row[0])


def _refresh(connection: sqlite3.Connection, photo_id: int, roots: Sequence[str]) -> bool | None:
    """Derive one photo's columns from its places; True where it became searchable, False where it
    ceased to be, None where it is as it was. Places where it is no more speak only while there is
    no other; a photo without any keeps its last description."""
    rows = connection.execute(
        "SELECT path, metadata, state <> 'missing', companion FROM files"
        " WHERE photo_id = ? ORDER BY path",
        (photo_id,),
    ).fetchall()
    own = [(text, available) for _, text, available, companion in rows if not companion]
    searchable = any(available for _, available in own)
    told = [text for text, available in own if available or not searchable]
    if told:
        merged = merge_metadata([metadata_from_json(text) for text in told])
        _describe(connection, photo_id, merged)
        files = [
            Lying(os.fsdecode(path), bool(companion))
            for path, _, available, companion in rows
            if available
        ]
        locality = locality_of(merged.latitude, merged.longitude)
        keep_locality(connection, photo_id, locality)
        found = _found_by(merged, locality, files, roots) if searchable else None
        _keep_words(connection, photo_id, found)
    else:
        _keep_words(connection, photo_id, None)
    cursor = connection.execute(
        f"UPDATE photos SET searchable = {_AVAILABLE},"
        f" missing_since = CASE WHEN {_AVAILABLE} THEN NULL ELSE ? END"
        f" WHERE id = ? AND searchable <> {_AVAILABLE}",
        (time.time(), photo_id),
    )
    return searchable if cursor.rowcount > 0 else None


def _found_by(
    metadata: PhotoMetadata, locality: Locality | None, files: Sequence[Lying], roots: Sequence[str]
) -> tuple[Words, frozenset[Label]]:
    """What a photo is found by: the places written, and those that its position gives."""
    if locality is None:
        return describe(metadata, files, roots)
    # A written name that only spells one of these in another way is not listed beside it.
    written = metadata.place_names
    spelled = {folded(name) for _, name in spellings(locality)} if written else set()
    others = [name for name in written if folded(name) not in spelled]
    named = dataclasses.replace(metadata, place_names=(*others, *names_of(locality)))
    # Not by every spelling: the beginning of a word that is typed would find too many of them.
    # Those are asked for whole (`Finding.place_spellings`).
    return describe(named, files, roots, (*written, *shown_parts(locality, "de")))


def _keep_words(
    connection: sqlite3.Connection, photo_id: int, found: tuple[Words, frozenset[Label]] | None
) -> None:
    """Have the full-text table and the labels say of the photo what was `found`, or nothing;
    what they say already is not written again."""
    words, labels = found if found else (None, frozenset[Label]())
    before = connection.execute(_KEPT_WORDS, (photo_id,)).fetchone()
    if before != words:
        if before is not None:
            connection.execute("DELETE FROM words WHERE rowid = ?", (photo_id,))
        if words is not None:
            connection.execute(_ADD_WORDS, (photo_id, *words))
    kept = set(
        connection.execute("SELECT field, folded, name FROM labels WHERE photo_id = ?", (photo_id,))
    )
    if kept != labels:
        connection.execute("DELETE FROM labels WHERE photo_id = ?", (photo_id,))
        connection.executemany(
            "INSERT INTO labels (photo_id, field, folded, name) VALUES (?, ?, ?, ?)",
            ((photo_id, *label) for label in sorted(labels)),
        )


def _describe(connection: sqlite3.Connection, photo_id: int, metadata: PhotoMetadata) -> None:
    taken = taken_to_fields(metadata.taken) if metadata.taken else (None, None, None)
    connection.execute(
        "UPDATE photos SET taken_local = ?, taken_offset = ?, taken_source = ?, latitude = ?,"
        " longitude = ?, camera = ?, rating = ?, title = ?, texts = ? WHERE id = ?",
        (
            *taken,
            metadata.latitude,
            metadata.longitude,
            metadata.camera,
            metadata.rating,
            metadata.title,
            json.dumps(metadata.texts, ensure_ascii=False),
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

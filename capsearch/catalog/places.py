"""Photos and the files where they lie."""

import os
import time
from collections.abc import Iterable

from capsearch.catalog.library_file import LibraryFile
from capsearch.catalog.merging import metadata_to_json
from capsearch.catalog.records import Content, KnownPlace, Place, Stamp
from capsearch.catalog.sql import marks, parts, within
from capsearch.photos.decoding_version import DECODING


class Places(LibraryFile):
    """The files' part of the catalog."""

    def places_under(
        self, folder: str, encoder: str, *, deep: bool = True
    ) -> dict[str, KnownPlace]:
        """Read all files recorded under `folder`, or (not `deep`) directly in it, by path;
        `encoder` is an identity."""
        where, values = within(folder, deep=deep)
        rows = self._rows(
            "SELECT f.path, f.size, f.mtime_ns, f.photo_id, f.state,"
            f" ifnull(e.decoding, -1) = {DECODING}, f.beside, f.companion"
            " FROM files f LEFT JOIN embeddings e ON e.photo_id = f.photo_id"
            " AND e.encoder_id = (SELECT id FROM encoders WHERE identity = ?)"
            f" WHERE {where}",
            (encoder, *values),
        )
        return {
            os.fsdecode(path): KnownPlace(
                Stamp(size, mtime), photo, state, bool(embedded), beside, bool(companion)
            )
            for path, size, mtime, photo, state, embedded, beside, companion in rows
        }

    def hashes_of_sizes(self, sizes: Iterable[int], encoder: str) -> dict[bytes, int]:
        """Find the contents that a file of one of these sizes (bytes) could have, among those
        that have a vector of `encoder` (an identity); by what version of decoding it was made."""
        found: dict[bytes, int] = {}
        for part in parts(sorted(set(sizes))):
            rows = self._rows(
                "SELECT p.hash, e.decoding FROM photos p JOIN embeddings e ON e.photo_id = p.id"
                " AND e.encoder_id = (SELECT id FROM encoders WHERE identity = ?)"
                f" WHERE p.byte_size IN ({marks(part)})",
                (encoder, *part),
            )
            found.update(rows)
        return found

    def find_photo(self, content_hash: bytes) -> int | None:
        """Look up the id of the photo with this content."""
        row = self._row("SELECT id FROM photos WHERE hash = ?", (content_hash,))
        return None if row is None else int(row[0])

    def add_photo(self, content: Content) -> int:
        """Record a photo's content, as it is decoded now; return its id."""
        known = self.find_photo(content.hash)
        if known is not None:
            self._run(
                "UPDATE photos SET width = ?, height = ?, format = ?, cut_off = ? WHERE id = ?",
                (content.width, content.height, content.format, content.cut_off, known),
            )
            return known
        cursor = self._run(
            "INSERT INTO photos (hash, byte_size, width, height, format, cut_off, seconds)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                content.hash,
                content.byte_size,
                content.width,
                content.height,
                content.format,
                content.cut_off,
                content.seconds,
            ),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def place_photo(self, photo_id: int, place: Place) -> None:
        """Record that the file at `place` holds this photo now, and which companions go with it;
        clears a failure there."""
        self._moved.add(photo_id)
        metadata = metadata_to_json(place.metadata)
        self._place(photo_id, place.path, place.stamp, metadata, place.beside, companion=False)
        for companion in place.companions:
            self._place(photo_id, companion.path, companion.stamp, "{}", b"", companion=True)

    def _place(
        self,
        photo_id: int,
        path: str,
        stamp: Stamp,
        metadata: str,
        beside: bytes,
        *,
        companion: bool,
    ) -> None:
        encoded = os.fsencode(path)
        before = self._touch_path(encoded)
        if before is not None and before != photo_id:
            self._replaced.add((before, photo_id))
        self._run(
            "INSERT INTO files (path, photo_id, size, mtime_ns, metadata, beside, companion)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (path) DO UPDATE SET photo_id = excluded.photo_id,"
            " size = excluded.size, mtime_ns = excluded.mtime_ns, metadata = excluded.metadata,"
            " beside = excluded.beside, companion = excluded.companion,"
            " state = 'present', missing_since = NULL",
            (encoded, photo_id, stamp.size, stamp.mtime_ns, metadata, beside, companion),
        )
        self._run("DELETE FROM failures WHERE path = ?", (encoded,))

    def mark_present(self, paths: Iterable[str]) -> None:
        """Take back that these files are missing or offline."""
        self._mark("UPDATE files SET state = 'present', missing_since = NULL WHERE path = ?", paths)

    def mark_missing(self, paths: Iterable[str]) -> None:
        """Note that these files are gone; a photo without another place leaves the results."""
        statement = "UPDATE files SET state = 'missing', missing_since = ? WHERE path = ?"
        self._mark(statement, paths, time.time())

    def purge(self, missing_before: float) -> int:
        """Forget the files missing since before that time (seconds since 1970), and the photos
        that have had no place since; how many photos."""
        self._require_transaction()
        self._run("DELETE FROM files WHERE missing_since < ?", (missing_before,))
        cursor = self._run(
            "DELETE FROM photos WHERE missing_since < ? AND NOT searchable"
            " AND NOT EXISTS (SELECT 1 FROM files WHERE photo_id = photos.id)",
            (missing_before,),
        )
        return cursor.rowcount

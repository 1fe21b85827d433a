"""What photos are compared by to find copies: perceptual hashes, and what tells the best copy."""

import os
from collections.abc import Iterable

from capsearch.catalog.library_file import LibraryFile
from capsearch.catalog.records import ComparedPhoto
from capsearch.catalog.sql import marks, parts


class Copies(LibraryFile):
    """The perceptual hashes' part of the catalog."""

    def keep_perceptual_hash(self, photo_id: int, perceptual_hash: bytes) -> None:
        """Keep what the photo looks like, once."""
        self._require_transaction()
        self._run(
            "UPDATE photos SET perceptual_hash = ? WHERE id = ? AND perceptual_hash IS NULL",
            (perceptual_hash, photo_id),
        )

    def unhashed_of_sizes(self, sizes: Iterable[int]) -> frozenset[bytes]:
        """Find the contents that a file of one of these sizes (bytes) could have, among those of
        which no perceptual hash is kept."""
        found: set[bytes] = set()
        for part in parts(sorted(set(sizes))):
            rows = self._rows(
                f"SELECT hash FROM photos WHERE byte_size IN ({marks(part)})"
                " AND perceptual_hash IS NULL",
                part,
            )
            found.update(content_hash for (content_hash,) in rows)
        return frozenset(found)

    def compared_photos(self) -> list[ComparedPhoto]:
        """List, by id, the searchable photos of which a perceptual hash is kept."""
        rows = self._rows(
            "SELECT p.id, p.perceptual_hash, p.byte_size, p.width, p.height, p.taken_source,"
            " min(f.path) FROM photos p JOIN files f ON f.photo_id = p.id"
            " AND f.state <> 'missing' AND NOT f.companion"
            " WHERE p.searchable AND p.perceptual_hash IS NOT NULL GROUP BY p.id ORDER BY p.id"
        )
        return [
            ComparedPhoto(photo, seen, size, width, height, source, os.fsdecode(path))
            for photo, seen, size, width, height, source, path in rows
        ]

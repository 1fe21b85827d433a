"""What photos are compared by to find near copies, and the stacks of those that are."""

import os
from collections.abc import Iterable

import numpy as np

from capsearch.catalog.library_file import LibraryFile
from capsearch.catalog.records import ComparedPhoto, IdArray
from capsearch.catalog.sql import marks, parts


class Copies(LibraryFile):
    """The part of the catalog on perceptual hashes and stacks."""

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
            " count(f.path), min(f.path) FROM photos p JOIN files f ON f.photo_id = p.id"
            " AND f.state <> 'missing' AND NOT f.companion"
            " WHERE p.searchable AND p.perceptual_hash IS NOT NULL GROUP BY p.id ORDER BY p.id"
        )
        return [
            ComparedPhoto(photo, seen, size, width, height, source, files, os.fsdecode(path))
            for photo, seen, size, width, height, source, files, path in rows
        ]

    def stacks(self, *, searchable: bool = True) -> tuple[IdArray, IdArray]:
        """Read the photos that are stacked, ascending (n,), and for each the best photo of its
        stack (n,), itself for that one; `searchable` ones only, or all."""
        rows = self._rows(
            "SELECT photo_id, best_id FROM stacks"
            + (" JOIN photos ON photos.id = photo_id WHERE searchable" if searchable else "")
            + " ORDER BY photo_id"
        )
        found = np.array(rows, np.int64).reshape(-1, 2)
        return found[:, 0].copy(), found[:, 1].copy()

    def stack_of(self, photo_id: int) -> IdArray:
        """List the searchable photos that this one is a near copy of, itself among them, the best
        first; itself alone where there are none."""
        rows = self._rows(
            "SELECT id FROM photos JOIN stacks ON photo_id = id WHERE searchable AND best_id ="
            " (SELECT best_id FROM stacks WHERE photo_id = ?)"
            " ORDER BY id <> best_id, width * height DESC, byte_size DESC, id",
            (photo_id,),
        )
        return np.array([photo for (photo,) in rows] or [photo_id], np.int64)

    def restack(self, photos: list[int], stacks: Iterable[IdArray]) -> None:
        """Take `photos` out of their stacks, and keep these `stacks`, each its best photo first."""
        self._require_transaction()
        for part in parts(photos):
            self._run(f"DELETE FROM stacks WHERE photo_id IN ({marks(part)})", part)
        for stack in stacks:
            for photo in stack.tolist():
                self._run(
                    "INSERT OR REPLACE INTO stacks (photo_id, best_id) VALUES (?, ?)",
                    (photo, int(stack[0])),
                )

"""What photos are compared by to find near copies, and the stacks of those that are."""

import os
from collections.abc import Iterable

import numpy as np

from capsearch.catalog.library_file import LibraryFile
from capsearch.catalog.records import ComparedPhoto, IdArray
from capsearch.catalog.sql import marks, parts
from capsearch.photos.metadata.trust import OF_THE_PICTURE

# A date that is known to the year or month alone may be any day of it.
_FIRST = "substr(taken_local || substr('-01-01', length(taken_local) - 3), 1, 10)"
_LAST = (
    f"CASE length(taken_local) WHEN 4 THEN date({_FIRST}, '+1 year', '-1 day')"
    f" WHEN 7 THEN date({_FIRST}, '+1 month', '-1 day') ELSE {_FIRST} END"
)
_EPOCH = 2440587.5  # 1970-01-01 as a Julian day
# Takeout gives a file that a messenger stripped of all else the day when it came.
_SURE = (
    f"(taken_source IN ({', '.join(repr(source) for source in sorted(OF_THE_PICTURE))})"
    " OR taken_source = 'takeout' AND camera IS NOT NULL)"
)


class Copies(LibraryFile):
    """The part of the catalog on perceptual hashes and stacks."""

    def keep_perceptual_hash(self, photo_id: int, perceptual_hash: bytes) -> None:
        """Keep what the photo looks like, as it is decoded now."""
        self._require_transaction()
        self._run("UPDATE photos SET perceptual_hash = ? WHERE id = ?", (perceptual_hash, photo_id))

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

    def compared_by(self, unknown: tuple[int, int]) -> IdArray:
        """Read, by id, which photos `compared_photos` lists, and what of each may change: (n, 4),
        the id, the first and the last day that it may have been taken, since 1970, and a sum of its
        hash. The days are those `unknown` where no date is that of the picture, whatever was done
        with the file since."""
        first, last = (
            f"coalesce(iif({_SURE}, CAST(julianday({day}) - {_EPOCH} AS INTEGER), NULL), {other})"
            for day, other in zip((_FIRST, _LAST), unknown, strict=True)
        )
        # As one text each out of SQLite: see `_ids`.
        joined, hashes = self._row(
            f"SELECT group_concat(id || ',' || {first} || ',' || {last}),"
            " group_concat(hex(perceptual_hash), '') FROM photos"
            " WHERE searchable AND perceptual_hash IS NOT NULL"
        )
        rows = np.fromstring(joined or "", np.int64, sep=",").reshape(-1, 3)
        halves = np.frombuffer(bytes.fromhex(hashes or ""), np.int64).reshape(-1, 2)
        found = np.column_stack((rows, halves[:, 0] ^ halves[:, 1]))
        return found[np.argsort(found[:, 0])]

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

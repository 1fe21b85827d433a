"""The truth about a library, in one SQLite file: folders, files, photos, vectors, failures."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from capsearch.catalog.copies import Copies
from capsearch.catalog.failures import Failures
from capsearch.catalog.faults import translated
from capsearch.catalog.folders import Folders
from capsearch.catalog.places import Places
from capsearch.catalog.reading import read_facts, read_occasions
from capsearch.catalog.records import (
    Counts,
    EncoderSet,
    IdArray,
    Occasions,
    PersonDays,
    PhotoFacts,
)
from capsearch.catalog.sql import marks, parts, within
from capsearch.catalog.teaching import Teaching
from capsearch.catalog.vectors import VectorChunk, Vectors

__all__ = ["Catalog", "VectorChunk"]


class Catalog(Teaching, Folders, Places, Copies, Failures, Vectors):
    """A library file. Belongs to the thread that opened it; many processes may read at once.

    Changes happen inside `transaction()`, all or none. Every method raises `CapsearchError` for
    what the user can mend: a full or read-only disk, another program's lock, a damaged file.
    """

    def ids_under(self, folders: Sequence[str], encoder: str) -> npt.NDArray[np.int64]:
        """List, ascending, the photos searchable by this encoder at a place under `folders`."""
        ids: set[int] = set()
        for folder in folders:
            where, values = within(folder)
            rows = self._rows(
                "SELECT f.photo_id FROM files f JOIN embeddings e ON e.photo_id = f.photo_id"
                " AND e.encoder_id = (SELECT id FROM encoders WHERE identity = ?)"
                f" WHERE {where} AND f.state <> 'missing'",
                (encoder, *values),
            )
            ids.update(row[0] for row in rows)
        return np.fromiter(sorted(ids), np.int64, len(ids))

    def facts(self, ids: Sequence[int]) -> dict[int, PhotoFacts]:
        """Read what a result shows, for these photos; unknown ids are left out."""
        found: dict[int, PhotoFacts] = {}
        with translated(self._path):
            for part in parts([int(photo_id) for photo_id in ids]):
                found.update(
                    (facts.id, facts)
                    for facts in read_facts(self._connection, f"id IN ({marks(part)})", part)
                )
        return found

    def kept_stacks(self) -> tuple[IdArray, IdArray]:
        """What `stacks` says of the searchable photos, read again when the library has changed."""
        return self._kept("stacks", self.stacks)

    def occasions(self, ids: npt.NDArray[np.int64]) -> Occasions:
        """Read the days and the people of these photos, aligned with `ids`."""
        with translated(self._path):
            return read_occasions(self._connection, ids)

    def days_of_people(self, photo_id: int) -> PersonDays | None:
        """Who of those on a photo is on photos of most days, and on how many; None where nobody is
        named on it, or was on a day that is known."""
        row = self._row(
            "SELECT one.name, count(DISTINCT substr(taken_local, 1, 10)) AS days"
            " FROM people AS one JOIN people AS each ON each.name = one.name"
            " JOIN photos ON photos.id = each.photo_id WHERE one.photo_id = ? AND searchable"
            " AND length(taken_local) >= 10 AND taken_source <> 'file'"
            " GROUP BY one.name ORDER BY days DESC, one.name LIMIT 1",
            (photo_id,),
        )
        return None if row is None else PersonDays(*row)

    def get_state(self, key: str) -> bytes | None:
        """Read a small value kept with the library."""
        row = self._row("SELECT value FROM state WHERE key = ?", (key,))
        return None if row is None else bytes(row[0])

    def set_state(self, key: str, value: bytes | None) -> None:
        """Keep a small value with the library, or forget it (None)."""
        if value is None:
            self._run("DELETE FROM state WHERE key = ?", (key,))
        else:
            self._run("INSERT OR REPLACE INTO state (key, value) VALUES (?, ?)", (key, value))

    def count_unseen(self, encoder: str, other: str) -> tuple[int, int]:
        """Count the searchable photos that have a vector of the encoder `other` and none of
        `encoder` (identities), and those among them that are on drives that are away."""
        of_encoder = (
            "EXISTS (SELECT 1 FROM embeddings WHERE photo_id = p.id"
            " AND encoder_id = (SELECT id FROM encoders WHERE identity = ?))"
        )
        present = (
            "EXISTS (SELECT 1 FROM files"
            " WHERE photo_id = p.id AND state = 'present' AND NOT companion)"
        )
        row = self._row(
            f"SELECT count(*), coalesce(sum(NOT {present}), 0) FROM photos p"
            f" WHERE p.searchable AND {of_encoder} AND NOT {of_encoder}",
            (other, encoder),
        )
        return (0, 0) if row is None else (int(row[0]), int(row[1]))

    def counts(self) -> Counts:
        """Count what the library holds."""
        photos = self._row("SELECT count(*), coalesce(sum(searchable), 0) FROM photos") or (0, 0)
        files = dict(self._rows("SELECT state, count(*) FROM files GROUP BY state"))
        failures, newest = self._row("SELECT count(*), max(failed_at) FROM failures")
        return Counts(
            photos=photos[0],
            searchable=photos[1],
            files=sum(files.values()),
            missing_files=files.get("missing", 0),
            offline_files=files.get("offline", 0),
            failures=failures,
            newest_failure=newest,
            encoders=tuple(
                EncoderSet(
                    known.identity, known.name, known.dim, self.count_vectors(known.identity)
                )
                for known in self.encoders()
            ),
        )

"""Stacks of near copies, of which one photo stands for all, kept up to date."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.records import ComparedPhoto, IdArray
from capsearch.library.values import Copy, CopyStack
from capsearch.photos.metadata.trust import distrust_source
from capsearch.search import VectorMatrix
from capsearch.search.near_copies import (
    ANY_DAY,
    RULE,
    BoolArray,
    HashArray,
    Looks,
    as_hashes,
    group_copies,
)

# Of how many photos at once the hashes are compared with all: 13 MB at 100,000 photos.
_AT_ONCE = 16
# Share of the photos from which on comparing all of them takes no longer.
_MANY = 0.05
_COMPARED, _COLUMNS = "compared photos", 4
_RULE = "rule of stacks"


class StackKeeper:
    """Keeps the stacks of one library, by the vectors of one encoder; one thread uses it."""

    def __init__(self, catalog: Catalog, encoder: str) -> None:
        """`encoder`: the identity of the encoder that the vectors are of."""
        self._catalog = catalog
        self._rule = f"{RULE} {encoder} {_COLUMNS}".encode()

    def restack(self, matrix: VectorMatrix) -> None:
        """Compare the photos that came since the last time, or have another date or look otherwise
        now, with all, and put the stacks of those that went together anew."""
        before = self._compared_before()
        with self._catalog.snapshot():
            now = self._catalog.compared_by(ANY_DAY)
            came, went = _changes(before, now)
            if not len(came) and not len(went):
                return
            photos = sorted(self._catalog.compared_photos(), key=_by_worth)
        looks = _looks(photos, now, matrix)
        touched = self._touched(looks, came, went, everything=not len(before))
        stacks = group_copies(_part(looks, touched))  # may take long: nobody waits for it to write
        with self._catalog.transaction():
            self._catalog.restack([*touched.tolist(), *went.tolist()], stacks)
            self._catalog.set_state(_COMPARED, now.tobytes())
            self._catalog.set_state(_RULE, self._rule)

    def listed(self) -> tuple[CopyStack, ...]:
        """The stacks as they are kept, by the path of the best photo, the copies by their worth."""
        members, bests = self._catalog.stacks()
        facts = self._catalog.facts(members.tolist())
        photos = {photo.id: photo for photo in self._catalog.compared_photos() if photo.id in facts}
        stacks: defaultdict[int, list[ComparedPhoto]] = defaultdict(list)
        for photo_id, best in zip(members.tolist(), bests.tolist(), strict=True):
            if photo_id in photos:
                stacks[best].append(photos[photo_id])
        listed = []
        for best, photos_of_it in stacks.items():
            ordered = sorted(photos_of_it, key=lambda each: (each.id != best, _by_worth(each)))
            copies = [
                Copy(
                    each.id,
                    facts[each.id].paths,
                    each.files * each.byte_size,
                    each.width,
                    each.height,
                )
                for each in ordered
            ]
            if len(copies) > 1:
                listed.append(CopyStack(copies[0], tuple(copies[1:])))
        return tuple(sorted(listed, key=lambda stack: stack.best.paths))

    def _compared_before(self) -> IdArray:
        """Those that the stacks know, as `compared_by` gave them; none where another rule made
        the stacks."""
        kept = self._catalog.get_state(_COMPARED)
        if kept is None or self._catalog.get_state(_RULE) != self._rule:
            return np.empty((0, _COLUMNS), np.int64)
        return np.frombuffer(kept, np.int64).reshape(-1, _COLUMNS)

    def _touched(self, looks: Looks, came: IdArray, went: IdArray, *, everything: bool) -> IdArray:
        """The photos of which the stacks may change: those that came, those whose hashes are near
        to theirs, and all that are stacked with one of these or with one that went. One whose date
        or hash changed has gone and come."""
        if everything or len(came) > _MANY * len(looks.ids):
            return looks.ids
        near = looks.ids[_near(looks.hashes, np.isin(looks.ids, came))]
        members, bests = self._catalog.stacks(searchable=False)
        changed = np.isin(members, near) | np.isin(members, went) | np.isin(bests, went)
        stacked = members[np.isin(bests, bests[changed])]
        return np.intersect1d(np.union1d(near, np.union1d(came, stacked)), looks.ids)


def _by_worth(photo: ComparedPhoto) -> tuple[int, int, int, str]:
    """The best first: the most pixels, the date that is trusted most, the least compressed."""
    pixels = photo.width * photo.height
    return -pixels, distrust_source(photo.taken_source), -photo.byte_size, photo.path


def _changes(before: IdArray, now: IdArray) -> tuple[IdArray, IdArray]:
    """Which photos came and which went between two answers of `compared_by`."""
    both, at, to = np.intersect1d(before[:, 0], now[:, 0], return_indices=True)
    same = both[(before[at] == now[to]).all(axis=1)]
    return np.setdiff1d(now[:, 0], same), np.setdiff1d(before[:, 0], same)


def _looks(photos: Sequence[ComparedPhoto], compared: IdArray, matrix: VectorMatrix) -> Looks:
    ids = np.array([photo.id for photo in photos], np.int64)
    rows = np.full(len(ids), -1, np.int64)
    known = np.isin(ids, matrix.ids)
    rows[known] = np.searchsorted(matrix.ids, ids[known])
    return Looks(
        ids=ids,
        hashes=as_hashes(b"".join(photo.perceptual_hash for photo in photos)),
        sizes=np.array([(photo.width, photo.height) for photo in photos], np.int64).reshape(-1, 2),
        rows=rows,
        vectors=matrix.vectors,
        days=compared[np.searchsorted(compared[:, 0], ids), 1:3],
    )


def _part(looks: Looks, ids: IdArray) -> Looks:
    chosen = np.isin(looks.ids, ids)
    return Looks(
        looks.ids[chosen],
        looks.hashes[chosen],
        looks.sizes[chosen],
        looks.rows[chosen],
        looks.vectors,
        looks.days[chosen],
    )


def _near(hashes: HashArray, which: BoolArray) -> BoolArray:
    """Whose hashes (n, 2) are as near as copies' to one of those at `which` (n,); bool (n,)."""
    near = np.zeros(len(hashes), np.bool_)
    wanted = hashes[which]
    for start in range(0, len(wanted), _AT_ONCE):
        differing = wanted[start : start + _AT_ONCE, None] ^ hashes[None]
        bits = np.bitwise_count(differing).sum(axis=2, dtype=np.uint8)
        near |= (bits <= RULE.far).any(axis=0)
    return near

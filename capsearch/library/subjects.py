"""The subjects of a library as one encoder sees them: what was taught of them, and who looks so.

Taught are photos; which others show the same is said by their vectors, so a name holds under every
encoder, and for photos that come later.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.records import IdArray
from capsearch.catalog.taught import Taught, TaughtPhoto, TaughtSubject
from capsearch.encoders.base import FloatArray
from capsearch.personalize import Profile
from capsearch.personalize.features import CollectionScale
from capsearch.personalize.subjects import LEAST_CLOSENESS, close_to
from capsearch.search import VectorMatrix
from capsearch.search.filters import rows_of
from capsearch.search.scoring import RowArray
from capsearch.text import folded

MOST_FOUND = 60
"""Subjects that CapSearch alone has found, of which so many are shown, the surest."""
_NO_ROWS: RowArray = np.empty(0, np.int64)


@dataclass(frozen=True, eq=False)
class KnownSubject:
    """A taught subject along the rows of a matrix: those that `sure`ly show it, as was said, and
    those that `likely` do, by their looks, the closest first; ascending rows that do not
    (`without`); the mean (dim,) of the sure ones' vectors."""

    taught: TaughtSubject
    sure: RowArray
    likely: RowArray
    without: RowArray
    mean: FloatArray

    @property
    def rows(self) -> RowArray:
        """All that show it."""
        return np.concatenate([self.sure, self.likely])


@dataclass(frozen=True, eq=False)
class WishedRow:
    """A row of a matrix that is what 'my ...' in these words means, or is not; and the rows (m,)
    that `likely` show the same, by their looks."""

    words: frozenset[str]
    row: int
    more: bool
    likely: RowArray


@dataclass(frozen=True, eq=False)
class SubjectRows:
    """All that was taught along the rows of `matrix`, but for subjects without a photo here."""

    matrix: VectorMatrix
    subjects: tuple[KnownSubject, ...] = ()
    wishes: tuple[WishedRow, ...] = ()

    def named(self, names: Collection[str]) -> tuple[KnownSubject, ...]:
        """The subjects of one of these names."""
        wanted = set(map(folded, names))
        return tuple(each for each in self.subjects if folded(each.taught.name) in wanted)

    def showing(self, names: Collection[str]) -> IdArray:
        """Ids, ascending, of the photos that show a subject of one of these names."""
        rows = [subject.rows for subject in self.named(names)]
        return np.unique(self.matrix.ids[np.concatenate([_NO_ROWS, *rows])])


class Subjects:
    """Reads what was taught, for one encoder's vectors; for one thread."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._made_of: tuple[object, ...] = ()
        self._rows: SubjectRows | None = None
        self._means: tuple[SubjectRows, FloatArray] | None = None

    def along(self, matrix: VectorMatrix, profile: Profile | None) -> SubjectRows:
        """What was taught, along the rows of `matrix`; `profile` (along them, too) says how alike
        photos are here. Without one nothing is told by looks."""
        taught, photos = self._catalog.taught(), self._catalog.taught_photos()
        made_of = (taught, photos, matrix, profile)
        if self._rows is None or not _same(made_of, self._made_of):
            self._rows = _along(self._catalog, taught, photos, matrix, profile)
            self._made_of = made_of
        return self._rows

    def means(self, matrix: VectorMatrix, profile: Profile) -> FloatArray:
        """Mean vectors (k, dim) of all that is known to come back: what was taught and is not
        ignored, and what CapSearch alone has found and shows."""
        known = self.along(matrix, profile)
        if self._means is None or self._means[0] is not known:
            taught = [each.mean for each in known.subjects if not each.taught.ignored]
            alone = [
                np.asarray(matrix.vectors[rows], np.float32).mean(axis=0)
                for rows in found_alone(known, profile)[:MOST_FOUND]
            ]
            means = np.reshape([*taught, *alone], (-1, matrix.dim)).astype(np.float32)
            self._means = known, means
        return self._means[1]


def _same(some: Sequence[object], others: Sequence[object]) -> bool:
    """By value what was taught, which is read again after every change of the library; the others
    are large, and themselves."""
    return some[:2] == others[:2] and all(
        one is other for one, other in zip(some[2:], others[2:], strict=True)
    )


def _along(
    catalog: Catalog,
    taught: Taught,
    photos: tuple[TaughtPhoto, ...],
    matrix: VectorMatrix,
    profile: Profile | None,
) -> SubjectRows:
    said: dict[tuple[int, bool], list[int]] = {}
    for each in photos:
        said.setdefault((each.subject, each.shows), []).append(each.photo)
    known = []
    for subject in taught.subjects:
        sure = _rows(matrix, said.get((subject.key, True), []))
        if len(sure):
            without = _rows(matrix, said.get((subject.key, False), []))
            mean = np.asarray(matrix.vectors[sure], np.float32).mean(axis=0)
            known.append(KnownSubject(subject, sure, _NO_ROWS, without, mean))
    return SubjectRows(
        matrix,
        _with_likely(matrix, known, profile),
        _wishes(catalog, taught, matrix, profile),
    )


def _with_likely(
    matrix: VectorMatrix, known: list[KnownSubject], profile: Profile | None
) -> tuple[KnownSubject, ...]:
    """The same with the photos that look like them; one that looks like several is the closest's,
    and what surely shows one is no other's by its looks."""
    if profile is None or not known:
        return tuple(known)
    close = _close(matrix, [subject.sure for subject in known], profile)
    for number, subject in enumerate(known):
        close[subject.without, number] = -np.inf
    for subject in known:
        close[subject.sure] = -np.inf
    return tuple(
        replace(subject, likely=likely)
        for subject, likely in zip(known, _closest(close), strict=True)
    )


def _wishes(
    catalog: Catalog, taught: Taught, matrix: VectorMatrix, profile: Profile | None
) -> tuple[WishedRow, ...]:
    """Of the wishes about the same words, what looks like several photos is the closest's."""
    photos = catalog.photos_of({wish.photo for wish in taught.wishes}) if taught.wishes else {}
    by_words: dict[str, list[WishedRow]] = {}
    for wish in taught.wishes:
        for row in _rows(matrix, [photos[wish.photo]] if wish.photo in photos else []):
            made = WishedRow(frozenset(wish.words.split()), int(row), wish.more, _NO_ROWS)
            by_words.setdefault(wish.words, []).append(made)
    wishes: list[WishedRow] = []
    for each in by_words.values():
        if profile is None:
            wishes += each
            continue
        rows = np.array([wish.row for wish in each])
        close = _close(matrix, [np.array([row]) for row in rows], profile)
        close[rows] = -np.inf
        wishes += [
            replace(wish, likely=likely) for wish, likely in zip(each, _closest(close), strict=True)
        ]
    return tuple(wishes)


def _close(matrix: VectorMatrix, groups: Sequence[RowArray], profile: Profile) -> FloatArray:
    """Closeness (n, k) of all photos to each of k groups of rows."""
    return close_to(
        matrix.vectors,
        np.stack([np.asarray(matrix.vectors[rows], np.float32).mean(axis=0) for rows in groups]),
        CollectionScale(profile.mean, profile.spread),
        profile.level,
        np.array([profile.level[rows].mean() for rows in groups], np.float32),
    )


def _closest(close: FloatArray) -> list[RowArray]:
    """For each column of closeness (n, k) the rows that are close to it and to none more, the
    closest first."""
    nearest = close.argmax(axis=1)
    best = close[np.arange(len(close)), nearest]
    found = np.flatnonzero(best > LEAST_CLOSENESS)
    found = found[np.argsort(-best[found], kind="stable")]
    return [found[nearest[found] == number] for number in range(close.shape[1])]


def _rows(matrix: VectorMatrix, photos: Sequence[int]) -> RowArray:
    return rows_of(matrix.ids, np.array(sorted(photos), np.int64))


def found_alone(rows: SubjectRows, profile: Profile) -> tuple[RowArray, ...]:
    """The subjects that CapSearch alone has found, the surest first, as rows (m,) with m > 1: those
    of which nothing was taught. One that a taught subject has most of is that one."""
    taken = np.zeros(len(profile.subject), np.bool_)
    for subject in rows.subjects:
        taken[subject.rows] = True
        taken[subject.without] = True
    order = np.argsort(profile.subject, kind="stable")
    numbers = profile.subject[order]
    count = int(numbers[-1]) + 1 if len(order) else 0
    bounds = np.searchsorted(numbers, np.arange(count + 1))
    found = []
    for start, end in pairwise(bounds.tolist()):
        group = order[start:end]
        free = group[~taken[group]]
        if len(free) > 1 and 2 * len(free) > len(group):
            found.append(free)
    return tuple(found)

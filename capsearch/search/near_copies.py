"""Which photos are near copies of one another: resized, recompressed, cropped a little, or taken
in one burst. By their perceptual hashes, checked against an encoder's vectors and their dates.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from capsearch.machine import usable_cores
from capsearch.search.filters import IdArray
from capsearch.search.scoring import HalfArray

HashArray = npt.NDArray[np.uint64]
BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float32]
CountArray = npt.NDArray[np.uint8]
PlaceArray = npt.NDArray[np.int64]
DayArray = npt.NDArray[np.int64]

# Rows with columns at once; hashes of fewer rows, so that what is between stays in the cache.
_ROWS, _COLUMNS, _STRIP = 512, 4096, 64
# Each takes up to 150 MB, where all hashes are near to one another.
_THREADS = 4
# Of more pairs than these, one product of matrices is quicker than a product each.
_GATHERED = 2048
# Bytes of which pairs of some photos with all others are copies.
_REMEMBERED = 64 * 2**20
# Below it the vectors of a library do not tell what is usual among them.
_TELLING = 100
_MOST_USUAL = 0.9
_SAMPLED = 2048


@dataclass(frozen=True)
class CopyRule:
    """When two photos are near copies.

    `near` bits of difference at most say so alone; up to `far` bits the vectors must be as like as
    `like`. A hash in which fewer than `least` of the 224 neighbouring bits differ tells little (a
    blank wall, an even sky, a page with some lines): then at most `poor_far` bits, equal sizes and
    vectors as like as `poor_like`. `shape`: how much the ratio of the sides may differ, as a
    factor. `days`: how far apart two may have been taken of which the hashes alone do not say so.
    """

    near: int
    far: int
    like: float
    least: int
    poor_far: int
    poor_like: float
    shape: float
    days: int


# As `python -m capsearch.lab.near_copies --data` prints it, which says how it is chosen and how
# good it is. Not fitted are shape, a picture cut by 5% at both ends of one side, and days: a clock
# that shows the time of another zone is wrong by 14 hours at most, so it says the next day at most.
RULE = CopyRule(
    near=8, far=26, like=0.4, least=51, poor_far=2, poor_like=0.995, shape=1 / 0.9, days=1
)
ANY_DAY = (-(2**31), 2**31 - 1)
"""The first and the last day of a photo of which none is known for sure."""


@dataclass(frozen=True, eq=False)
class Looks:
    """n photos to compare, the best first: of several copies the first one stands for all.

    Attributes:
        ids: (n,) int64.
        hashes: (n, 2) uint64, the bits of `perceptual_hash`.
        sizes: (n, 2) width and height in pixels, upright.
        rows: (n,) which row of `vectors` is the photo's, -1 where it has none.
        vectors: (m, dim) float16 unit vectors of one encoder.
        days: (n, 2) the first and the last day that each may have been taken, since 1970.
    """

    ids: IdArray
    hashes: HashArray
    sizes: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]
    vectors: HalfArray
    days: DayArray


def as_hashes(joined: bytes) -> HashArray:
    """Hashes of `perceptual_hash`, one after the other, as (n, 2) uint64."""
    return np.frombuffer(joined, np.uint64).reshape(-1, 2)


def group_copies(looks: Looks, rule: CopyRule = RULE) -> list[IdArray]:
    """The groups of near copies, each with its best photo first; in the order of the best ones.

    Each photo of a group is a copy of the group's best one, so that a chain of photos that are
    each a little different from the next is not one group. Compares all pairs, in blocks: even
    where all hashes are the same and all vectors differ, the most that it takes is one product of
    the matrix of vectors with itself. What is held in memory grows with n alone.
    """
    usual = usual_likeness(looks.vectors)
    poor = tells_little(looks.hashes, rule)
    groups = [
        places[group]
        for kind in (False, True)
        for places in [np.flatnonzero(poor == kind)]
        for group in _group(_Pairs(looks, places, rule, usual=usual, poor=kind))
    ]
    return [looks.ids[group] for group in sorted(groups, key=lambda group: int(group[0]))]


def _group(pairs: "_Pairs") -> Iterator[PlaceArray]:
    free = np.ones(len(pairs), np.bool_)
    rows = max(1, min(_ROWS, _REMEMBERED // max(1, len(free))))
    with ThreadPoolExecutor(min(usable_cores(), _THREADS)) as pool:
        for start in range(0, len(free), rows):
            firsts = start + np.flatnonzero(free[start : start + rows])
            copies = pairs.copies_after(start, firsts, free, pool)
            for at in np.flatnonzero(copies.any(axis=1)).tolist():
                members = start + np.flatnonzero(copies[at] & free[start:])
                if free[firsts[at]] and len(members):
                    free[firsts[at]] = free[members] = False
                    yield np.concatenate((firsts[at : at + 1], members))


def usual_likeness(vectors: HalfArray) -> float:
    """Median cosine of two photos of this library; 0 where there are too few to tell, and never
    more than 0.9, which is that of a library of one scene."""
    if len(vectors) < _TELLING:
        return 0.0
    left, right = np.random.default_rng(0).integers(0, len(vectors), (2, _SAMPLED))
    usual = np.median(_cosines(vectors, left, right)[left != right])
    return min(float(usual), _MOST_USUAL)


def likeness(cosines: FloatArray, usual: float) -> FloatArray:
    """Cosines put so that 0 is usual in the library and 1 is equal: encoders differ in how near
    to each other their vectors of any two photos are."""
    scaled: FloatArray = (cosines - usual) / (1.0 - usual)
    return scaled


def tells_little(hashes: HashArray, rule: CopyRule = RULE) -> BoolArray:
    """Which of the hashes (n, 2) are of pictures with hardly anything on them, (n,)."""
    few: BoolArray = changes(hashes) < rule.least
    return few


def changes(hashes: HashArray) -> npt.NDArray[np.int64]:
    """How many of the 224 pairs of bits that are neighbours in the picture differ, (n,): 0 where
    all gets evenly brighter one way, or nothing does."""
    # Each byte is a row of one of the two grids of 8 x 8.
    across = (hashes ^ (hashes >> np.uint64(1))) & np.uint64(0x7F7F7F7F7F7F7F7F)
    down = (hashes ^ (hashes >> np.uint64(8))) & np.uint64(0x00FFFFFFFFFFFFFF)
    counted = np.bitwise_count(across).astype(np.int64) + np.bitwise_count(down)
    differing: npt.NDArray[np.int64] = counted.sum(axis=1)
    return differing


def days_between(left: DayArray, right: DayArray) -> DayArray:
    """How many days at least lie between photos of days (m, 2) and others, (m,); 0 or less where
    they may be of one day."""
    later: DayArray = np.maximum(left[:, 0], right[:, 0])
    earlier: DayArray = np.minimum(left[:, 1], right[:, 1])
    return later - earlier


class _Pairs:
    """Finds the pairs of copies among the photos at `places`, some of them against all later
    ones; either all hashes there tell enough, or they are `poor`."""

    def __init__(
        self, looks: Looks, places: PlaceArray, rule: CopyRule, *, usual: float, poor: bool
    ) -> None:
        self._rule = rule
        self._usual = usual
        self._poor = poor
        self._words = np.ascontiguousarray(looks.hashes[places].T)
        sides = np.maximum(looks.sizes[places], 1)
        self._sizes = sides[:, 0] * 2**32 + sides[:, 1]
        self._shapes = np.log(sides[:, 0] / sides[:, 1])
        self._days = looks.days[places]
        self._rows = looks.rows[places]
        none = np.zeros((1, 1), np.float16)
        self._vectors = looks.vectors if len(looks.vectors) else none

    def __len__(self) -> int:
        return len(self._rows)

    def copies_after(
        self, start: int, firsts: PlaceArray, free: BoolArray, pool: ThreadPoolExecutor
    ) -> BoolArray:
        """Which photos from `start` on are copies of each of the `firsts`, come after it and are
        `free`: (firsts, photos)."""
        copies = np.zeros((len(firsts), len(free) - start), np.bool_)

        def compare(column: int) -> None:
            columns = column + np.flatnonzero(free[column : column + _COLUMNS])
            bits = self._differing_bits(firsts, columns)
            at, to = np.nonzero(bits <= self._most_bits)
            later = columns[to] > firsts[at]
            at, to = at[later], to[later]
            found = self._are_copies(firsts, columns, bits, at, to)
            copies[at[found], columns[to[found]] - start] = True

        for _ in pool.map(compare, range(start, len(free), _COLUMNS) if len(firsts) else ()):
            pass
        return copies

    @property
    def _most_bits(self) -> int:
        return self._rule.poor_far if self._poor else self._rule.far

    def _differing_bits(self, rows: PlaceArray, columns: PlaceArray) -> CountArray:
        """Of rows with columns, (r, c)."""
        bits = np.empty((len(rows), len(columns)), np.uint8)
        differing = np.empty((_STRIP, len(columns)), np.uint64)
        of_word = np.empty((_STRIP, len(columns)), np.uint8)
        words = self._words[:, columns]
        for strip in range(0, len(rows), _STRIP):
            some, filled = rows[strip : strip + _STRIP, None], bits[strip : strip + _STRIP]
            left, right = differing[: len(some)], of_word[: len(some)]
            np.bitwise_xor(self._words[0, some], words[0], out=left)
            np.bitwise_count(left, out=filled)
            np.bitwise_xor(self._words[1, some], words[1], out=left)
            np.add(filled, np.bitwise_count(left, out=right), out=filled)
        return bits

    def _are_copies(
        self,
        rows: PlaceArray,
        columns: PlaceArray,
        bits: CountArray,
        at: PlaceArray,
        to: PlaceArray,
    ) -> BoolArray:
        """Which of the pairs (rows[at], columns[to]), near enough by their `bits` (r, c), are
        copies by shape, size, days and vectors too."""
        first, second = rows[at], columns[to]
        if self._poor:
            fitting = self._sizes[first] == self._sizes[second]
            sure, least = np.zeros_like(fitting), self._rule.poor_like
        else:
            apart = np.abs(self._shapes[first] - self._shapes[second])
            fitting = apart <= np.log(self._rule.shape) + 1e-9
            sure, least = fitting & (bits[at, to] <= self._rule.near), self._rule.like
        asked = fitting & ~sure & (self._rows[first] >= 0) & (self._rows[second] >= 0)
        asked &= days_between(self._days[first], self._days[second]) <= self._rule.days
        alike = likeness(self._compared(rows, columns, at[asked], to[asked]), self._usual)
        copies: BoolArray = sure
        copies[asked] = alike >= least
        return copies

    def _compared(
        self, rows: PlaceArray, columns: PlaceArray, at: PlaceArray, to: PlaceArray
    ) -> FloatArray:
        """Cosines of the pairs (rows[at], columns[to])."""
        rows, columns = self._rows[rows], self._rows[columns]
        if len(at) <= _GATHERED:
            return _cosines(self._vectors, rows[at], columns[to])
        left, right = (self._vectors[each].astype(np.float32) for each in (rows, columns))
        cosines: FloatArray = (left @ right.T)[at, to]
        return cosines


def _cosines(vectors: HalfArray, left: PlaceArray, right: PlaceArray) -> FloatArray:
    """Of pairs of rows (m,)."""
    products = vectors[left].astype(np.float32) * vectors[right].astype(np.float32)
    cosines: FloatArray = products.sum(axis=1)
    return cosines

"""Which photos are near copies of one another: resized, recompressed, cropped a little, or taken
in one burst. By their perceptual hashes, checked against an encoder's vectors.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from capsearch.search.filters import IdArray
from capsearch.search.scoring import HalfArray

HashArray = npt.NDArray[np.uint64]
BoolArray = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float32]
CountArray = npt.NDArray[np.uint8]
PlaceArray = npt.NDArray[np.int64]

# 64 x 4,096 pairs at once stay in a processor's cache; gathered vectors take up to 8 MB.
_ROWS = 64
_COLUMNS = 4096
_GATHERED = 2048
# Below it the vectors of a library do not tell what is usual among them.
_TELLING = 100
_MOST_USUAL = 0.9
_SAMPLED = 2048


@dataclass(frozen=True)
class CopyRule:
    """When two photos are near copies.

    `near` bits of difference at most say so alone; up to `far` bits the vectors must be as like as
    `like`. A hash with fewer than `least` or more than `most` bits set tells little (a blank wall,
    a white page): then at most `poor_far` bits, equal sizes and vectors as like as `poor_like`.
    `shape`: how much the ratio of the sides may differ, as a factor.
    """

    near: int
    far: int
    like: float
    least: int
    most: int
    poor_far: int
    poor_like: float
    shape: float


# By `python -m capsearch.lab.near_copies`. near: no two different photos of Flickr8k (25 million
# pairs) differ by so few bits, and resized or recompressed copies by no more. far: up to here lie
# 95% of the copies cut by 5%; from about here on, pages of text that are not copies, which vectors
# do not tell apart. like: unrelated photos so near by chance are less like.
# least and most: all but 1% of the photos of Flickr8k lie between. shape: cut by 5% at both ends
# of one side.
RULE = CopyRule(
    near=12, far=22, like=0.5, least=37, most=93, poor_far=2, poor_like=0.97, shape=1 / 0.9
)


@dataclass(frozen=True, eq=False)
class Looks:
    """n photos to compare, the best first: of several copies the first one stands for all.

    Attributes:
        ids: (n,) int64.
        hashes: (n, 2) uint64, the bits of `perceptual_hash`.
        sizes: (n, 2) width and height in pixels, upright.
        rows: (n,) which row of `vectors` is the photo's, -1 where it has none.
        vectors: (m, dim) float16 unit vectors of one encoder.
    """

    ids: IdArray
    hashes: HashArray
    sizes: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]
    vectors: HalfArray


def as_hashes(joined: bytes) -> HashArray:
    """Hashes of `perceptual_hash`, one after the other, as (n, 2) uint64."""
    return np.frombuffer(joined, np.uint64).reshape(-1, 2)


def group_copies(looks: Looks, rule: CopyRule = RULE) -> list[IdArray]:
    """The groups of near copies, each with its best photo first; in the order of the best ones.

    Each photo of a group is a copy of the group's best one, so that a chain of photos that are
    each a little different from the next is not one group. Compares all pairs; what is held in
    memory grows with n alone, whatever the hashes.
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
    for start in range(0, len(free), _ROWS):
        firsts, seconds = pairs.of_block(start, free)
        for first in np.unique(firsts).tolist():
            if not free[first]:
                continue
            found = seconds[firsts == first]
            members = found[free[found]]
            if len(members):
                free[first] = free[members] = False
                yield np.concatenate(([first], np.sort(members)))


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


def tells_little(hashes: HashArray, rule: CopyRule) -> BoolArray:
    """Which of the hashes (n, 2) are of pictures with hardly anything on them, (n,)."""
    bits = np.bitwise_count(hashes).sum(axis=1)
    few: BoolArray = (bits < rule.least) | (bits > rule.most)
    return few


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
        self._rows = looks.rows[places]
        none = np.zeros((1, 1), np.float16)
        self._vectors = looks.vectors if len(looks.vectors) else none
        self._differing = np.empty(_ROWS * _COLUMNS, np.uint64)

    def __len__(self) -> int:
        return len(self._rows)

    def of_block(self, start: int, free: BoolArray) -> tuple[PlaceArray, PlaceArray]:
        """Pairs (first, second) of copies among the `free`, for the firsts from `start` on."""
        rows = start + np.flatnonzero(free[start : start + _ROWS])
        found = [(rows[:0], rows[:0])]
        for column in range(start, len(free), _COLUMNS) if len(rows) else ():
            bits = self._differing_bits(rows, column)
            near = bits <= self._most_bits
            if near.any():
                columns = np.arange(column, column + bits.shape[1])
                near &= (columns > rows[:, None]) & free[columns]
                found.append(self._confirmed(rows, columns, bits, near))
        return np.concatenate([one for one, _ in found]), np.concatenate([two for _, two in found])

    @property
    def _most_bits(self) -> int:
        return self._rule.poor_far if self._poor else self._rule.far

    def _differing_bits(self, rows: PlaceArray, start: int) -> CountArray:
        """Of the rows with each of the columns from `start` on, (r, c)."""
        columns = self._words[:, start : start + _COLUMNS]
        shape = len(rows), columns.shape[1]
        differing = self._differing[: shape[0] * shape[1]].reshape(shape)
        bits = np.zeros(shape, np.uint8)
        for word, others in zip(self._words, columns, strict=True):
            np.bitwise_xor(word[rows, None], others, out=differing)
            np.add(bits, np.bitwise_count(differing), out=bits)
        return bits

    def _confirmed(
        self, rows: PlaceArray, columns: PlaceArray, bits: CountArray, near: BoolArray
    ) -> tuple[PlaceArray, PlaceArray]:
        """Those of the pairs of rows and columns that are `near` which are copies by shape, size
        and vectors too. Of many pairs by one product of matrices, for 20,000 pictures with the same
        hash have 200 million pairs."""
        if np.count_nonzero(near) <= _GATHERED:
            at, to = np.nonzero(near)
            firsts, seconds = rows[at], columns[to]
            cosines = _cosines(self._vectors, self._rows[firsts], self._rows[seconds])
            copies = self._are_copies(firsts, seconds, bits[at, to], cosines)
            return firsts[copies], seconds[copies]
        at, to = np.flatnonzero(near.any(axis=1)), np.flatnonzero(near.any(axis=0))
        rows, columns = rows[at], columns[to]
        left, right = (
            self._vectors[self._rows[each]].astype(np.float32) for each in (rows, columns)
        )
        part = np.ix_(at, to)
        copies = self._are_copies(rows[:, None], columns[None], bits[part], left @ right.T)
        at, to = np.nonzero(copies & near[part])
        return rows[at], columns[to]

    def _are_copies(
        self, firsts: PlaceArray, seconds: PlaceArray, bits: CountArray, cosines: FloatArray
    ) -> BoolArray:
        """Which pairs are, of those near enough by their `bits`; arrays that broadcast."""
        known = (self._rows[firsts] >= 0) & (self._rows[seconds] >= 0)
        alike = likeness(cosines, self._usual)
        if self._poor:
            equal = self._sizes[firsts] == self._sizes[seconds]
            little: BoolArray = known & equal & (alike >= self._rule.poor_like)
            return little
        apart = np.abs(self._shapes[firsts] - self._shapes[seconds])
        seen = (bits <= self._rule.near) | (known & (alike >= self._rule.like))
        copies: BoolArray = seen & (apart <= np.log(self._rule.shape) + 1e-9)
        return copies


def _cosines(vectors: HalfArray, left: PlaceArray, right: PlaceArray) -> FloatArray:
    """Of pairs of rows (m,)."""
    products = vectors[left].astype(np.float32) * vectors[right].astype(np.float32)
    cosines: FloatArray = products.sum(axis=1)
    return cosines

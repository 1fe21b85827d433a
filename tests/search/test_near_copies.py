"""Which photos are near copies, by hash and vector, and how they come into groups."""

import numpy as np
import pytest

from capsearch.search.near_copies import (
    ANY_DAY,
    RULE,
    Looks,
    as_hashes,
    changes,
    group_copies,
    likeness,
    usual_likeness,
)

DIM = 32


def hashes(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 2**64, (count, 2), np.uint64)


def with_flipped(value: np.ndarray, bits: int, first: int = 0) -> np.ndarray:
    """The hash with some of its 128 bits turned."""
    changed = value.copy()
    for bit in range(first, first + bits):
        changed[bit // 64] ^= np.uint64(1) << np.uint64(bit % 64)
    return changed


def looks(rows, vectors=None, sizes=None, days=None) -> Looks:
    count = len(rows)
    kept = np.eye(count, max(DIM, count)) if vectors is None else np.asarray(vectors)
    return Looks(
        np.arange(100, 100 + count),
        np.array(rows, np.uint64).reshape(-1, 2),
        np.array([(40, 30)] * count if sizes is None else sizes).reshape(-1, 2),
        np.arange(count),
        kept.astype(np.float16),
        np.array([ANY_DAY] * count if days is None else days).reshape(-1, 2),
    )


def groups(*args, **options) -> list[list[int]]:
    return [group.tolist() for group in group_copies(looks(*args, **options))]


def test_photos_whose_hashes_are_near_are_copies_whatever_their_vectors() -> None:
    one, other = hashes(2)
    assert groups([one, other, with_flipped(one, RULE.near)]) == [[100, 102]]
    assert groups([one, other, with_flipped(one, RULE.near + 1)]) == []


def test_less_near_ones_are_copies_where_their_vectors_say_so_too() -> None:
    (one,) = hashes(1)
    pair = [one, with_flipped(one, RULE.far)]
    assert groups(pair, np.eye(2, DIM)) == []
    assert groups(pair, np.eye(1, DIM).repeat(2, axis=0)) == [[100, 101]]
    further = [one, with_flipped(one, RULE.far + 1)]
    assert groups(further, np.eye(1, DIM).repeat(2, axis=0)) == []


@pytest.mark.parametrize(
    ("days", "copies"),
    [
        pytest.param([(900, 900), (900, 900)], True, id="one day"),
        pytest.param([(900, 900), (901, 901)], True, id="a clock of another zone"),
        pytest.param([(902, 902), (900, 900)], False, id="two days"),
        pytest.param([(900, 900), ANY_DAY], True, id="one of no date"),
        pytest.param([(900, 900), (730, 1094)], True, id="a day of the year"),
        pytest.param([(-900, -900), (730, 1094)], False, id="a day of another year"),
        pytest.param([(365, 729), (730, 1094)], True, id="one year and the next"),
    ],
)
@pytest.mark.parametrize("value", [0x9A3C5F1E27D4B860, 0], ids=["telling", "blank"])
def test_of_two_days_only_photos_whose_hashes_alone_say_so_are_copies(
    days: list[tuple[int, int]], copies: bool, value: int
) -> None:
    one = np.full(2, value, np.uint64)
    same = np.eye(1, DIM).repeat(2, axis=0)
    less_near = with_flipped(one, RULE.far if value else RULE.poor_far)
    assert groups([one, less_near], same, days=days) == ([[100, 101]] if copies else [])
    assert groups([one, one], same, days=days) == ([[100, 101]] if copies or value else [])


def test_a_photo_without_a_vector_is_a_copy_by_its_hash_alone() -> None:
    (one,) = hashes(1)
    for bits, expected in ((RULE.near, [[100, 101]]), (RULE.far, [])):
        seen = looks([one, with_flipped(one, bits)])
        bare = Looks(
            seen.ids,
            seen.hashes,
            seen.sizes,
            np.array([-1, -1]),
            np.empty((0, DIM), "f2"),
            seen.days,
        )
        assert [group.tolist() for group in group_copies(bare)] == expected


def test_encoders_that_find_everything_alike_are_as_strict() -> None:
    """Vectors that all lie near one another, as those of CLIP models do."""
    rng = np.random.default_rng(1)
    vectors = rng.normal(size=(300, DIM)) * 0.3 + 3 * np.eye(1, DIM)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    rows = hashes(300)
    rows[1] = with_flipped(rows[0], RULE.far)
    rows[3] = with_flipped(rows[2], RULE.far)
    vectors[3] = vectors[2]
    assert float(vectors[0] @ vectors[1]) > 0.7
    assert groups(rows, vectors) == [[102, 103]]


def test_a_chain_of_photos_each_like_the_next_is_not_one_group() -> None:
    (first,) = hashes(1)
    chain = [with_flipped(first, 8 * step) for step in range(8)]
    found = groups(chain)
    assert found == [[100, 101], [102, 103], [104, 105], [106, 107]]


def test_the_best_photo_comes_first_and_every_other_is_a_copy_of_it() -> None:
    (one,) = hashes(1)
    beside, across = with_flipped(one, 8), with_flipped(one, 8, first=60)
    assert groups([one, beside, across]) == [[100, 101, 102]]


def test_a_picture_cut_to_another_shape_is_no_copy() -> None:
    (one,) = hashes(1)
    assert groups([one, one], sizes=[(40, 30), (400, 300)]) == [[100, 101]]
    assert groups([one, one], sizes=[(400, 300), (380, 300)]) == [[100, 101]]
    assert groups([one, one], sizes=[(40, 30), (30, 30)]) == []


@pytest.mark.parametrize(
    "value",
    [0, 2**64 - 1, 0x0F0F0F0F0F0F0F0F, 0x00000000FFFFFFFF],
    ids=["blank", "one slope", "a ridge", "a horizon"],
)
def test_pictures_with_nothing_on_them_are_copies_only_by_vector_and_size(value: int) -> None:
    rows = np.full((2, 2), value, np.uint64)
    same = np.eye(1, DIM).repeat(2, axis=0)
    assert groups(rows) == []
    assert groups(rows, same, [(40, 30), (80, 60)]) == []
    assert groups(rows, same) == [[100, 101]]


def test_neighbouring_bits_that_differ_are_counted_in_both_grids_and_ways() -> None:
    def joined(*grids: np.ndarray) -> np.ndarray:
        bits = np.concatenate([grid.astype(np.uint8).ravel() for grid in grids])
        return as_hashes(np.packbits(bits).tobytes())

    none, columns = np.zeros((8, 8)), np.tile([0, 1], (8, 4))
    assert changes(joined(none, none)).tolist() == [0]
    assert changes(joined(columns, none)).tolist() == [56]
    assert changes(joined(none, columns.T)).tolist() == [56]
    one = none.copy()
    one[3, 7] = 1
    assert changes(joined(one, 1 - one)).tolist() == [6]


def test_thousands_of_photos_with_one_hash_are_one_group_or_none() -> None:
    rows = np.zeros((5000, 2), np.uint64)
    angles = np.random.default_rng(0).normal(size=(5000, DIM))
    apart = angles / np.linalg.norm(angles, axis=1, keepdims=True)
    found = groups(rows, apart)
    assert sum(map(len, found)) < 100
    (whole,) = groups(rows, apart[:1].repeat(5000, axis=0))
    assert whole == list(range(100, 5100))


def star_groups(seen: Looks, pairs: np.ndarray) -> list[list[int]]:
    """Groups by a table of which photo is a copy of which, one photo after the other."""
    free, found = np.ones(len(pairs), np.bool_), []
    for first in range(len(pairs)):
        members = np.flatnonzero(free & pairs[first])
        members = members[members > first]
        if free[first] and len(members):
            free[first] = free[members] = False
            found.append(seen.ids[[first, *members]].tolist())
    return found


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("value", [0x9A3C5F1E27D4B860, 0], ids=["telling", "blank"])
def test_of_very_many_hashes_in_one_place_the_same_are_copies_as_of_few(
    value: int, seed: int
) -> None:
    """Two shapes, three sizes, some photos without a vector, likenesses on both sides."""
    rng, count = np.random.default_rng(seed), 1500
    rows = np.full((count, 2), value, np.uint64)
    for _ in range(RULE.far // 2 if value else RULE.poor_far // 2):
        turned = rng.integers(0, 128, count)
        rows[np.arange(count), turned // 64] ^= np.uint64(1) << (turned % 64).astype(np.uint64)
    sizes = np.array([(400, 300), (380, 300), (300, 300)])[rng.integers(0, 3, count)]
    kinds = rng.normal(size=(8, DIM))
    vectors = kinds[rng.integers(0, 8, count)] + 0.03 * rng.normal(size=(count, DIM))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    seen = looks(rows, vectors, sizes)
    seen.rows[rng.random(count) < 0.1] = -1
    bits = np.bitwise_count(rows[:, None] ^ rows).sum(axis=2)
    cosines = seen.vectors.astype(np.float32) @ seen.vectors.T.astype(np.float32)
    alike = likeness(cosines, usual_likeness(seen.vectors))
    alike[seen.rows < 0] = alike[:, seen.rows < 0] = -1
    if value:
        shape = sizes[:, 0] / sizes[:, 1]
        fits = np.abs(np.log(shape[:, None] / shape)) <= np.log(RULE.shape)
        pairs = fits & ((bits <= RULE.near) | ((bits <= RULE.far) & (alike >= RULE.like)))
    else:
        fits = (sizes[:, None] == sizes).all(axis=2)
        pairs = fits & (bits <= RULE.poor_far) & (alike >= RULE.poor_like)
    expected = star_groups(seen, pairs)
    assert len(expected) > 3
    assert [group.tolist() for group in group_copies(seen)] == expected


def test_copies_are_found_wherever_they_lie_and_always_alike() -> None:
    rows = hashes(9000, seed=7)
    pairs = [(0, 8999), (63, 64), (4095, 4096), (5000, 7777)]
    for one, other in pairs:
        rows[other] = with_flipped(rows[one], 5, first=40)
    vectors = np.zeros((9000, DIM))
    expected = [[100 + one, 100 + other] for one, other in pairs]
    assert groups(rows, vectors) == expected == groups(rows, vectors)


def test_none_and_one_photo_have_no_copies() -> None:
    assert groups(hashes(0)) == []
    assert groups(hashes(1)) == []

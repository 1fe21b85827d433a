"""Photos of one thing that comes back are one subject."""

import numpy as np
import pytest

from capsearch.personalize import compute_profile, load_weights
from capsearch.personalize.features import CollectionScale
from capsearch.personalize.subjects import NO_SUBJECT, close_to, find_subjects

DIM = 64
DAYS = 737_000


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def library(sizes: tuple[int, ...], others: int = 200, seed: int = 0) -> np.ndarray:
    """Photos of as many subjects as there are sizes, then others; one row each."""
    rng = np.random.default_rng(seed)
    centres = unit(rng.standard_normal((len(sizes), DIM)))
    shown = [
        unit(centre + 0.05 * rng.standard_normal((size, DIM)))
        for centre, size in zip(centres, sizes, strict=True)
    ]
    return np.concatenate([*shown, unit(rng.standard_normal((others, DIM)))])


def subjects_of(vectors: np.ndarray, days: np.ndarray) -> np.ndarray:
    profile = compute_profile(
        np.arange(len(vectors)), vectors, days, None, load_weights(), bank=None
    )
    return profile.subject


@pytest.mark.parametrize("sizes", [(5,), (4, 6, 3), (60, 5), (150,)])
def test_each_thing_that_comes_back_is_a_subject_however_often(sizes: tuple[int, ...]) -> None:
    vectors = library(sizes, others=6 * max(sizes) + 100)
    found = subjects_of(vectors, DAYS + np.arange(len(vectors)))
    start = 0
    for size in sizes:
        numbers, counts = np.unique(found[start : start + size], return_counts=True)
        own = numbers[counts.argmax()]
        assert own != NO_SUBJECT
        assert counts.max() >= 0.9 * size
        assert np.count_nonzero(found == own) <= counts.max() + 1
        start += size


def test_what_was_taken_on_one_day_does_not_come_back() -> None:
    vectors = library((6,))
    days = DAYS + np.arange(len(vectors))
    days[:6] = DAYS
    assert (subjects_of(vectors, days)[:6] == NO_SUBJECT).all()
    unknown = np.full(len(vectors), -1)
    assert len(np.unique(subjects_of(vectors, unknown)[:6])) == 1


def test_the_order_of_the_photos_does_not_matter() -> None:
    vectors = library((5, 4))
    days = DAYS + np.arange(len(vectors))
    order = np.random.default_rng(3).permutation(len(vectors))
    there, turned = subjects_of(vectors, days), subjects_of(vectors[order], days[order])
    assert np.array_equal(there[order] == NO_SUBJECT, turned == NO_SUBJECT)
    same = there[:, None] == there[None, :]
    assert np.array_equal(same[np.ix_(order, order)], turned[:, None] == turned[None, :])


def test_a_tiny_collection_is_no_trouble() -> None:
    for photos in (0, 1, 2):
        vectors = library((), others=photos) if photos else np.zeros((0, DIM), np.float32)
        assert len(subjects_of(vectors, DAYS + np.arange(photos))) == photos
    assert find_subjects.__doc__


def test_closeness_to_a_group_is_the_mean_over_its_photos() -> None:
    vectors = library((5,))
    level = np.linspace(0, 1, len(vectors)).astype(np.float32)
    scale = CollectionScale(0.1, 0.2)
    group = [0, 1, 2]
    found = close_to(vectors, vectors[group].mean(0)[None], scale, level, level[group].mean()[None])
    pairs = (vectors @ vectors[group].T - 0.1) / 0.2 - (level[:, None] + level[group][None]) / 2
    assert np.allclose(found[:, 0], pairs.mean(1), atol=1e-5)

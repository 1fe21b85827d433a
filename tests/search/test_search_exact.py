from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_vectors import brute_force, clustered, matrix_of

from capsearch.search import Searcher
from capsearch.search.scoring import scan, score_rows
from capsearch.search.searcher import most_biased


@settings(max_examples=80, deadline=None)
@given(
    count=st.integers(0, 300),
    dim=st.sampled_from([1, 3, 8, 33, 64]),
    k=st.integers(-1, 400),
    allowed_share=st.none() | st.floats(0, 1),
    biased=st.booleans(),
    copies=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
)
def test_search_is_what_sorting_all_scores_gives(
    count, dim, k, allowed_share, biased, copies, seed
):
    generator = np.random.default_rng(seed)
    vectors = clustered(count, dim, seed).astype(np.float16)
    if copies and count:
        vectors = vectors[generator.integers(0, max(1, count // 4), count)]
    matrix = matrix_of(vectors, np.sort(generator.choice(10 * count + 1, count, replace=False)))
    query = clustered(1, dim, seed + 1)[0]
    bias = generator.normal(0, 0.1, count).astype(np.float32) if biased else None
    allowed = None
    if allowed_share is not None:
        allowed = generator.permutation(matrix.ids.copy())[: round(allowed_share * count)]
    ids, scores = Searcher(matrix).search(query, k, allowed=allowed, bias=bias)
    assert ids.tolist() == brute_force(matrix, query, max(k, 0), allowed, bias)
    assert scores.dtype == np.float32 and (np.diff(scores) <= 0).all()


@settings(max_examples=60, deadline=None)
@given(
    dim=st.sampled_from([1, 7, 64, 512, 1152]),
    length=st.sampled_from([1e-4, 1.0, 37.0]),
    seed=st.integers(0, 2**32 - 1),
)
def test_a_scan_is_as_near_as_it_says_and_single_rows_are_nearer(dim, length, seed):
    vectors = clustered(600, dim, seed).astype(np.float16)
    query = length * clustered(1, dim, seed + 1)[0]
    true = vectors.astype(np.float64) @ query.astype(np.float64)
    scores, error = scan(vectors, query)
    assert scores.dtype == np.float32 and len(scores) == len(vectors)
    assert np.abs(scores - true).max() <= error <= 1e-3 * length + 1e-6
    rows = np.random.default_rng(0).integers(0, 600, 700)
    scores, error = score_rows(vectors, rows, query)
    assert np.abs(scores - true[rows]).max() <= error <= 1e-6 * max(1.0, 1.001 * length)


def test_a_matrix_larger_than_one_call_is_scored_whole():
    vectors = clustered(9_000, 32, seed=4).astype(np.float16)
    query = clustered(1, 32, seed=5)[0]
    true = vectors.astype(np.float64) @ query.astype(np.float64)
    scores, error = scan(vectors, query)
    assert np.abs(scores - true).max() <= error


def test_what_several_threads_share_is_scored_whole_also_by_several_searches_at_once():
    vectors = clustered(30_000, 16, seed=6).astype(np.float16)
    queries = clustered(8, 16, seed=7)
    rows = np.random.default_rng(8).integers(0, len(vectors), 20_000)
    true = vectors.astype(np.float64) @ queries.T.astype(np.float64)
    with ThreadPoolExecutor(4) as searches:
        all_scored = list(searches.map(lambda query: scan(vectors, query), queries))
        some_scored = list(searches.map(lambda query: score_rows(vectors, rows, query), queries))
    for number in range(len(queries)):
        scores, error = all_scored[number]
        assert np.abs(scores - true[:, number]).max() <= error
        scores, error = some_scored[number]
        assert np.abs(scores - true[rows, number]).max() <= error


def test_every_finite_half_is_multiplied_exactly():
    halves = np.arange(1 << 16, dtype=np.uint16).view(np.float16)
    halves = halves[np.isfinite(halves)]
    one = np.ones(1, dtype=np.float32)
    assert np.array_equal(scan(halves[:, None], one).scores, halves.astype(np.float32))


def test_photos_nearer_to_each_other_than_half_numbers_tell_are_ordered_rightly():
    generator = np.random.default_rng(1)
    one = clustered(1, 256, 0)[0]
    vectors = (one + 1e-4 * generator.standard_normal((3_000, 256))).astype(np.float16)
    matrix, query = matrix_of(vectors), clustered(1, 256, 9)[0]
    assert Searcher(matrix).search(query, 40)[0].tolist() == brute_force(matrix, query, 40)


def test_photos_that_score_alike_are_ordered_by_id():
    matrix = matrix_of(np.repeat(clustered(1, 48, 0), 5_000, axis=0), np.arange(5_000) * 2)
    ids, scores = Searcher(matrix).search(clustered(1, 48, 1)[0], 30)
    assert ids.tolist() == list(range(0, 60, 2))
    assert len(set(scores.tolist())) == 1


def test_more_results_than_photos_gives_all_photos():
    ids, _ = Searcher(matrix_of(clustered(3, 8, 0))).search(clustered(1, 8, 1)[0], 50)
    assert sorted(ids) == [1, 2, 3]


def test_an_empty_library_gives_nothing():
    searcher = Searcher(matrix_of(np.empty((0, 8), np.float16)))
    for options in ({}, {"allowed": np.array([1, 2])}, {"bias": np.empty(0, np.float32)}):
        ids, scores = searcher.search(np.ones(8), 5, **options)
        assert len(ids) == len(scores) == 0


def test_a_filter_that_leaves_nothing_or_unknown_photos_gives_nothing():
    searcher = Searcher(matrix_of(clustered(30, 8, 0)))
    for allowed in ([], [0, 31, 10**12, -4]):
        assert len(searcher.search(np.ones(8), 5, allowed=np.array(allowed, np.int64))[0]) == 0


def test_a_query_of_zeros_ranks_by_bias_then_id():
    searcher = Searcher(matrix_of(clustered(4, 8, 0)))
    bias = np.array([0, 1, 0, 1], np.float32)
    assert searcher.search(np.zeros(8), 4)[0].tolist() == [1, 2, 3, 4]
    assert searcher.search(np.zeros(8), 4, bias=bias)[0].tolist() == [2, 4, 1, 3]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_query_that_is_not_finite_finds_nothing(bad):
    query = np.ones(8)
    query[3] = bad
    assert len(Searcher(matrix_of(clustered(30, 8, 0))).search(query, 5)[0]) == 0


def test_a_stored_vector_that_is_not_finite_counts_as_zero():
    vectors = clustered(20, 8, 0).astype(np.float16)
    vectors[7, 2] = np.nan
    query = vectors[7].astype(np.float32)
    query[2] = 0.5
    ids, scores = Searcher(matrix_of(vectors)).search(query, 20)
    assert np.isfinite(scores).all() and scores[ids.tolist().index(8)] == 0


def test_a_query_or_bias_of_wrong_shape_is_refused():
    searcher = Searcher(matrix_of(clustered(5, 8, 0)))
    with pytest.raises(ValueError, match="shape"):
        searcher.search(np.ones(7), 1)
    with pytest.raises(ValueError, match="bias"):
        searcher.search(np.ones(8), 1, bias=np.zeros(4, np.float32))


@settings(max_examples=40, deadline=None)
@given(
    count=st.integers(1, 60_000),
    kind=st.sampled_from(["spread", "few", "same", "steps"]),
    seed=st.integers(0, 2**32 - 1),
)
def test_no_photo_left_aside_has_a_larger_bias_than_said(count, kind, seed):
    generator = np.random.default_rng(seed)
    bias = {
        "spread": generator.normal(0, 0.1, count),
        "few": np.where(generator.random(count) < 0.01, 0.2, 0.0),
        "same": np.full(count, -0.3),
        "steps": generator.integers(0, 4, count) / 4,
    }[kind].astype(np.float32)
    rows, rest = most_biased(bias)
    others = np.delete(bias, rows)
    assert others.size == 0 or others.max() <= rest
    assert len(rows) <= max(4_000, count // 40)

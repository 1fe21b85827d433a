import threading
from pathlib import Path

import numpy as np
import pytest
from tiny_vectors import clustered, matrix_of

from capsearch.search import Searcher, Stopped, VectorIndex, VectorMatrix, wants_index

pytest.importorskip("hnswlib", reason="the optional hnswlib is not installed")


@pytest.fixture(scope="session")
def index(large: VectorMatrix) -> VectorIndex:
    return VectorIndex.build(large)


def recall(large, index, queries, k=50, **options) -> float:
    """Share of exact search's results that the graph's way finds too."""
    exact, quick = Searcher(large), Searcher(large, index, exact_values=0)
    found = [
        np.isin(exact.search(query, k, **options)[0], quick.search(query, k, **options)[0]).mean()
        for query in queries
    ]
    return float(np.mean(found))


@pytest.mark.parametrize("k", [1, 10, 50, 200, 500])
def test_the_graph_finds_99_of_100_of_the_best(large, index, queries, k):
    assert recall(large, index, queries, k) >= 0.99


def test_more_results_want_more_candidates(index):
    breadths = [index.breadth(k) for k in (1, 50, 100, 200, 500, 1000)]
    assert breadths == sorted(breadths) and breadths[1] < breadths[2] < breadths[4]
    assert (breadths[1], breadths[4]) == index.breadths and breadths[5] == 2 * breadths[4]


@pytest.mark.parametrize("share", [0.001, 0.02, 0.2, 0.5, 0.9])
def test_so_it_does_under_filters(large, index, queries, share):
    allowed = np.random.default_rng(1).choice(large.ids, int(share * len(large)), replace=False)
    assert recall(large, index, queries[:40], allowed=allowed) >= 0.99


def test_so_it_does_under_a_filter_against_the_query(large, index, queries):
    for query in queries[:10]:
        far = np.argsort(large.vectors.astype(np.float32) @ query)[: len(large) // 2]
        assert recall(large, index, [query], allowed=large.ids[far]) >= 0.99


@pytest.mark.parametrize("spread", [0.001, 0.02, 0.2, 1.0])
def test_so_it_does_with_a_bias_for_every_photo(large, index, queries, spread):
    bias = np.random.default_rng(2).normal(-0.1, spread, len(large)).astype(np.float32)
    assert recall(large, index, queries[:40], bias=bias) >= 0.99


def test_so_it_does_with_a_bias_for_few_photos(large, index, queries):
    bias = np.zeros(len(large), np.float32)
    bias[::150] = 0.3
    assert recall(large, index, queries[:40], bias=bias) >= 0.99
    assert recall(large, index, queries[:40], bias=bias, allowed=large.ids[::3]) >= 0.99


def test_scores_are_the_same_both_ways(large, index, queries):
    exact = dict(zip(*Searcher(large).search(queries[0], 60), strict=True))
    for photo, score in zip(
        *Searcher(large, index, exact_values=0).search(queries[0], 50), strict=True
    ):
        assert exact.get(photo, score) == score


def test_as_many_results_as_photos_are_found(large, index, queries):
    ids, _ = Searcher(large, index, exact_values=0).search(queries[0], 10**6)
    assert sorted(ids) == large.ids.tolist()


def test_only_a_large_library_wants_an_index(large):
    assert not wants_index(large)


@pytest.fixture
def grown(tmp_path: Path) -> tuple[VectorMatrix, VectorMatrix, VectorIndex]:
    """A library, the same some days later, and the index of the first, saved in `tmp_path`."""
    vectors, ids = clustered(3_000, 24, seed=6).astype(np.float16), np.arange(3_000) + 10
    before = matrix_of(vectors[:2_800], ids[:2_800])
    kept = np.setdiff1d(np.arange(3_000), np.arange(0, 2_800, 20))
    after = matrix_of(vectors[kept], ids[kept], generation=2)
    index = VectorIndex.open_or_build(tmp_path, before)
    assert index is not None
    return before, after, index


def best_both_ways(matrix, index, k=40):
    exact, quick = Searcher(matrix), Searcher(matrix, index, exact_values=0)
    asked = clustered(20, 24, seed=6)
    return [(exact.search(q, k)[0].tolist(), quick.search(q, k)[0].tolist()) for q in asked]


def test_an_index_that_is_behind_shows_new_photos_and_no_deleted_ones(grown):
    _, after, index = grown
    pairs = best_both_ways(after, index)
    assert np.mean([np.isin(exact, quick).mean() for exact, quick in pairs]) >= 0.99
    assert all(set(quick) <= set(after.ids.tolist()) for _, quick in pairs)
    assert any(photo >= 2_810 for _, quick in pairs for photo in quick)


def test_an_index_that_is_behind_is_brought_up_to_date_not_built_again(grown, tmp_path):
    _, after, index = grown
    updated = VectorIndex.open_or_build(tmp_path, after)
    assert updated is not None
    assert updated.is_current(after) and updated.built_count == index.built_count == 2_800
    again = VectorIndex.open(tmp_path, after)
    assert again is not None and again.is_current(after)
    for candidate in (updated, again):
        pairs = best_both_ways(after, candidate)
        assert np.mean([np.isin(exact, quick).mean() for exact, quick in pairs]) >= 0.99


def test_photos_that_come_back_are_found_again(grown, tmp_path):
    before, after, _ = grown
    for matrix in (after, before, after, before):
        index = VectorIndex.open_or_build(tmp_path, matrix)
        assert index is not None
        assert index.is_current(matrix) and index.built_count == 2_800
    pairs = best_both_ways(before, index)
    assert np.mean([np.isin(exact, quick).mean() for exact, quick in pairs]) >= 0.99


def test_an_index_far_from_the_library_is_built_again(grown, tmp_path):
    before, _, _ = grown
    few = matrix_of(before.vectors[:500], before.ids[:500], generation=3)
    assert VectorIndex.open(tmp_path, few) is None
    built = VectorIndex.open_or_build(tmp_path, few)
    assert built is not None and built.built_count == 500


def test_an_index_whose_ids_got_other_vectors_is_not_used(grown, tmp_path):
    before, _, index = grown
    other = matrix_of(before.vectors[::-1], before.ids, generation=3)
    assert VectorIndex.open(tmp_path, other) is None
    ids = Searcher(other, index, exact_values=0).search(clustered(1, 24, 6)[0], 30)[0]
    assert ids.tolist() == Searcher(other).search(clustered(1, 24, 6)[0], 30)[0].tolist()


def test_searching_goes_on_while_photos_are_added(grown):
    before, after, index = grown
    searcher = Searcher(before, index, exact_values=0)
    asked = clustered(50, 24, seed=6)
    failures: list[BaseException] = []
    done = threading.Event()

    def keep_searching():
        try:
            while not done.is_set():
                for query in asked:
                    assert len(searcher.search(query, 20)[0]) == 20
        except BaseException as failure:  # noqa: BLE001 - handed to the test's own thread
            failures.append(failure)

    threads = [threading.Thread(target=keep_searching) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        assert index.update(after)
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert failures == []


def test_building_can_be_stopped_and_leaves_nothing(large, tmp_path):
    stop = threading.Event()
    seen: list[int] = []

    def progress(done: int, total: int) -> None:
        assert total == 20_000
        seen.append(done)
        stop.set()

    with pytest.raises(Stopped):
        VectorIndex.open_or_build(tmp_path, large, progress=progress, stop=stop)
    assert len(seen) == 1 and list(tmp_path.iterdir()) == []


def test_an_empty_library_has_no_index(tmp_path):
    assert VectorIndex.open_or_build(tmp_path, matrix_of(np.empty((0, 8), np.float16))) is None


def test_a_library_of_copies_of_one_photo_is_searched(tmp_path):
    matrix = matrix_of(np.repeat(clustered(1, 16, 0), 2_000, axis=0))
    index = VectorIndex.open_or_build(tmp_path, matrix)
    ids, _ = Searcher(matrix, index, exact_values=0).search(clustered(1, 16, 1)[0], 10)
    assert len(set(ids.tolist())) == 10

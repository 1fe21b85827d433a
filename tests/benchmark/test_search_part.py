"""The search part over small libraries of real vectors, as far as every way of it is there."""

import math

import numpy as np
import pytest
from make_photo import make_photo

from capsearch.benchmark import search, sized_search
from capsearch.benchmark.described import NAMES, QUESTIONS, described
from capsearch.benchmark.large_library import fill_library
from capsearch.benchmark.run import Run
from capsearch.benchmark.sized_search import recall_at
from capsearch.benchmark.typed import COMPLETED, TO_LIST, WHILE_CHANGING
from capsearch.catalog.catalog import Catalog
from capsearch.encoders.starter import load_starter
from capsearch.library.reading import QuestionReader

OURS = ("CapSearch, exact", "CapSearch, index")


@pytest.fixture(scope="module")
def measured(tmp_path_factory) -> Run:
    """Both sizes small enough for a test, on the starter and 60 photos."""
    folder = tmp_path_factory.mktemp("photos")
    for number in range(60):
        make_photo(folder / f"{number}.jpg", number)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "_QUICK_SIZES", (200, 1_500))
        patch.setattr(search, "_QUICK_BUSY_SIZE", 1_500)
        patch.setattr(search, "_QUICK_QUERIES", 5)
        patch.setattr(sized_search, "_BREADTHS", (100, 400))
        run = Run(
            scratch=tmp_path_factory.mktemp("scratch"),
            rounds=2,
            quick=True,
            say=lambda step: None,
            photos=[folder],
        )
        search.measure(run)
    return run


def test_every_way_is_timed_and_its_recall_told_at_every_size(measured):
    pytest.importorskip("hnswlib", reason="the optional hnswlib is not installed")
    for size in (200, 1_500):
        for way in OURS:
            median, most = (
                measured.report.find("search", f"latency, {name}", way, size)
                for name in ("median", "99%")
            )
            assert median is not None and most is not None
            assert len(median.rounds) == 2 and 0 < median.value <= most.value
            recall = measured.report.find("search", "recall at 50", way, size)
            assert recall is not None and 0.9 <= recall.value <= 1
    exact = measured.report.find("search", "recall at 50", OURS[0], 1_500)
    assert exact is not None and set(exact.rounds) == {1.0}


def test_peers_are_measured_beside_it_or_named_as_missing(measured):
    ways = {figure.way for figure in measured.report.figures if figure.peer}
    for package, way in (("faiss", "faiss, HNSW"), ("usearch", "usearch, half precision")):
        missing = any(package in sentence for sentence in measured.report.missing)
        assert (way in ways) != missing
    assert "numpy, single precision" in ways


def test_words_are_answered_personalised_and_not_and_while_photos_are_encoded(measured):
    for way in ("personalised", "generic", "personalised, while photos are encoded"):
        what = "words to 500 ranked photos, median"
        figure = measured.report.find("answers", what, way, 1_500)
        assert figure is not None and min(figure.rounds) > 0
    memory = measured.report.find("answers", "memory while searching", "CapSearch", 1_500)
    assert memory is not None and 50 < memory.value < 5_000


def test_the_search_box_is_typed_into_over_photos_that_say_much_of_themselves(measured):
    for what in (TO_LIST, WHILE_CHANGING, COMPLETED):
        for name in ("median", "95%"):
            figure = measured.report.find("search box", f"{what}, {name}", "CapSearch", 1_500)
            assert figure is not None and len(figure.rounds) == 2 and min(figure.rounds) > 0


def test_typed_questions_use_all_that_the_box_understands(tmp_path):
    encoder = load_starter()
    with Catalog.open(tmp_path / "library.db") as catalog:
        chunk = np.arange(2_000), np.zeros((2_000, encoder.dim), np.float16)
        fill_library(catalog, encoder, tmp_path / "photos", [chunk], described)
        reader = QuestionReader(catalog, "starter")
        read = [reader.read(text) for text in QUESTIONS]
        assert catalog.text_hits("woman", 1).photos > 100
        assert catalog.names("person") and catalog.names("keyword") and catalog.names("place")
        assert all(reader.complete(name[:-1], 8) for name in NAMES)
    parts = [part for each in read for part in each.understood.parts]
    assert {"person", "place", "dates", "yearly", "weekday", "words", "rating", "album"} <= {
        part.field for part in parts
    }
    assert any(part.negated and part.condition for part in parts)
    assert any(each.unwanted for each in read)
    assert any(len(each.looks) > 1 for each in read)
    assert any(not each.looks for each in read)
    assert {change.why for each in read for change in each.changes} == {
        "emoji", "german", "spelling",
    }  # fmt: skip


def test_growth_disk_and_filters_are_told(measured):
    said = {figure.what for figure in measured.report.figures}
    for what in (
        "growth of the latency with n photos: p of n^p",
        "disk a photo, vectors for searching",
        "latency among 2%, median",
        "latency among 50%, 99%",
        "exact search against reading the vectors once",
    ):
        assert what in said
    assert all(math.isfinite(value) for f in measured.report.figures for value in f.rounds)


def test_recall_is_the_share_of_the_best_that_were_found():
    best = [np.array([1, 2, 3, 4]), np.array([5, 6, 7, 8])]
    found = [np.array([2, 1, 9, 9]), np.array([8, 7, 6, 5])]
    assert recall_at(2, found, best) == 0.5
    assert recall_at(4, found, best) == 0.75
    assert recall_at(4, [np.empty(0, np.int64)], [best[0]]) == 0.0


def test_a_machine_with_too_little_room_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(search, "_has_room", lambda run, needed: False)
    run = Run(scratch=tmp_path, rounds=1, quick=True, say=lambda step: None)
    search.measure(run)
    assert run.report.figures == []
    assert len(run.report.missing) == 2 and "more memory" in run.report.missing[0]

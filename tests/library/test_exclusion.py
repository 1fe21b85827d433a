"""What is excluded comes last."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from capsearch.lab.border.concepts import CONCEPTS, times_said
from capsearch.lab.captions import read_captions
from capsearch.library.exclusion import exclude, exclude_by, load_rule, unwanted_texts
from capsearch.library.facade import Library
from capsearch.library.relevance import count_moved
from capsearch.library.values import Question
from capsearch.search import VectorMatrix

DIM = 64


def drawn(shows_x: np.ndarray, shows_y: np.ndarray) -> np.ndarray:
    """Photos in a space where the first number is X and the second Y, with noise in the others."""
    noise = np.random.default_rng(0).normal(0, 0.1, (len(shows_x), DIM))
    noise[:, 0] += 0.4 * shows_x
    noise[:, 1] += 0.4 * shows_y
    rows = noise / np.linalg.norm(noise, axis=1, keepdims=True)
    return rows.astype(np.float16)


@pytest.fixture(name="photos")
def library_of_photos() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    x, y = rng.random(1500) < 0.2, rng.random(1500) < 0.3
    return drawn(x, y), x, y


def axis(number: int) -> np.ndarray:
    vector = np.zeros(DIM, np.float32)
    vector[number] = 1
    return vector


def test_x_without_y_finds_x_and_not_y(photos):
    vectors, x, y = photos
    scores = vectors.astype(np.float32) @ axis(0)
    first = np.argsort(-scores)[:30]
    assert y[first].any()
    found = exclude_by(vectors, [axis(1)], axis(0), None, load_rule())
    first = np.argsort(-(scores + found.points))[:30]
    assert not y[first].any()
    assert x[first].mean() > 0.9


def test_photos_that_likely_show_it_come_after_all_others(photos):
    vectors, _, _ = photos
    found = exclude_by(vectors, [axis(1)], axis(0), None, load_rule())
    scores = vectors.astype(np.float32) @ axis(0) + found.points
    assert found.likely.any()
    assert scores[found.likely].max() < scores[~found.likely].min()
    assert (found.points <= 0).all()


def test_several_things_are_excluded_at_once(photos):
    vectors, _, y = photos
    found = exclude_by(vectors, [axis(1), axis(0)], None, None, load_rule())
    best = np.argsort(-found.points)[:50]
    assert y[best].sum() <= 2


def test_it_goes_along_with_the_scale_and_the_bias_of_a_personalised_query(photos):
    vectors, _, y = photos
    bias = np.random.default_rng(2).normal(0, 1, len(vectors)).astype(np.float32)
    found = exclude_by(vectors, [axis(1)], 10 * axis(0), bias, load_rule())
    scores = vectors.astype(np.float32) @ (10 * axis(0)) + bias + found.points
    assert y[np.argsort(-scores)[:30]].sum() <= 1


def test_only_what_is_found_and_not_unwanted_is_relevant(photos):
    vectors, _, _ = photos
    scores = vectors.astype(np.float32) @ axis(0)
    found = exclude_by(vectors, [axis(1)], axis(0), None, load_rule())
    added = (scores + found.points).astype(np.float32)
    rows = np.argsort(-added)
    moved = added[rows], found.points[rows]
    last = found.likely[rows]
    assert 0 < count_moved(*moved, lambda own: 100 if own[0] > 0 else 0, last=last) < 100
    assert count_moved(*moved, lambda own: 0, last=last) == 0
    assert count_moved(*moved, lambda own: 0, first=np.arange(len(rows)) < 3) == 3


def test_nothing_unwanted_changes_nothing():
    ids = np.arange(3, dtype=np.int64)
    matrix = VectorMatrix("tests", 1, ids, np.eye(3, DIM, dtype=np.float16))
    assert exclude(matrix, []) is None
    assert exclude(matrix, [axis(1)], axis(0)) is not None


def test_a_library_of_one_photo_is_no_trouble():
    found = exclude_by(np.eye(1, DIM, dtype=np.float16), [axis(1)], axis(0), None, load_rule())
    assert np.isfinite(found.points).all()


@pytest.mark.parametrize("text", ["people", "any people", "a person", "Anyone"])
def test_a_word_for_many_kinds_is_asked_by_all_of_them(text):
    assert "a woman" in unwanted_texts(text)


def test_other_things_are_asked_by_their_own_words():
    assert unwanted_texts("a red hat") == ("a red hat", "a photo of a red hat")
    assert unwanted_texts("a city street") == unwanted_texts("street")


@pytest.fixture(scope="module", name="dogs")
def library_of_dogs(
    shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Library, set[str]]]:
    """Photos of dogs with and without people, and others; and the names of those with people."""
    source = shared_data / "flickr8k"
    captions = read_captions(source / "captions.csv", source / "dev.txt").by_photo()
    said = {
        name: times_said(list(captions.values()), CONCEPTS[name]) for name in ("a dog", "people")
    }
    photos = np.array(list(captions))
    kinds = (
        (said["a dog"] > 1) & (said["people"] == 0),
        (said["a dog"] > 1) & (said["people"] > 1),
        said["a dog"] == 0,
    )
    folder = tmp_path_factory.mktemp("dogs")
    for name in np.concatenate([photos[kind][:50] for kind in kinds]).tolist():
        shutil.copy2(source / "images" / name, folder)
    with Library(tmp_path_factory.mktemp("library") / "library.db") as opened:
        opened.index([os.fspath(folder)])
        yield opened, set(photos[said["people"] > 0].tolist())


@pytest.mark.parametrize("personalize", [False, True])
def test_the_box_keeps_unwanted_things_away(
    dogs: tuple[Library, set[str]], personalize: bool
) -> None:
    library, people = dogs
    plain = library.answer(Question("dog", personalize=personalize))
    answer = library.answer(Question("dog without people", personalize=personalize))
    first = names(library, answer.ids[:10].tolist())
    assert len(people & first) <= 1
    assert answer.relevant > 0
    assert set(plain.ids.tolist()) == set(answer.ids.tolist()), "others come last, none is lost"
    assert (np.diff(answer.scores) <= 0).all()


def test_unwanted_things_alone_leave_the_rest_by_date(dogs: tuple[Library, set[str]]) -> None:
    library, people = dogs
    answer = library.answer(Question("-people"))
    left = names(library, answer.ids.tolist())
    everything = library.answer(Question("-submarine"))
    all_names = names(library, everything.ids.tolist())
    assert answer.days is not None
    assert len(all_names) == library.state().photos
    # Photos of a date have no order of looks: only what is likely there is taken away.
    assert len(people & left) < 0.5 * len(people & all_names)
    assert len(left - people) > 0.9 * len(all_names - people)


def names(library: Library, ids: list[int]) -> set[str]:
    return {Path(photo.paths[0]).name for photo in library.facts(ids)}

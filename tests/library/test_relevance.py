"""Where results stop being relevant."""

import numpy as np
import pytest

from capsearch.library.relevance import DEFAULT, PHOTO, count_relevant, load_border, sample_rows

PHOTOS = 2000


def scores_with(outliers: list[float]) -> np.ndarray:
    """Scores of a library, best first: noise, and a few so many spreads above it."""
    noise = np.random.default_rng(0).normal(0.02, 0.05, PHOTOS)
    noise = noise[np.abs(noise - 0.02) < 2.8 * 0.05]
    above = 0.02 + 0.05 * np.array(outliers)
    return np.sort(np.concatenate([noise, above]))[::-1].astype(np.float32)


def relevant(scores: np.ndarray, family: str = "starter", text: str = "a submarine") -> int:
    typical = scores[sample_rows(len(scores))]
    return count_relevant(scores, typical, len(scores), load_border(family), text=text)


@pytest.mark.parametrize("family", ["starter", DEFAULT])
def test_nothing_is_relevant_where_no_photo_stands_out(family):
    assert relevant(scores_with([]), family) == 0


@pytest.mark.parametrize("family", ["starter", DEFAULT])
def test_what_stands_far_out_is_relevant_and_the_rest_is_not(family):
    found = relevant(scores_with([6, 6.2, 6.5, 7, 7.2]), family)
    assert 5 <= found <= 8


def test_an_unknown_encoder_takes_what_depends_on_no_unit():
    scores = scores_with([6, 6.2, 6.5, 7, 7.2])
    assert load_border("some/other") == load_border(DEFAULT)
    assert relevant(10 * scores + 3, "some/other") == relevant(scores, "some/other")


def test_personalised_scores_are_judged_in_the_encoders_units():
    scores = scores_with([6, 6.2, 6.5, 7, 7.2])
    typical = scores[sample_rows(len(scores))]
    border = load_border("starter")
    own = count_relevant(
        2 * scores, 2 * typical, len(scores), border, text="a submarine", plain=typical
    )
    assert own == relevant(scores)


def test_a_photo_as_the_question_always_shows_itself():
    assert relevant(scores_with([20]), PHOTO) >= 1


@pytest.mark.parametrize("scores", [[], [0.3], [0.3, 0.3, 0.3]])
def test_libraries_too_small_to_tell_show_all(scores):
    values = np.array(scores, np.float32)
    assert count_relevant(values, values, len(values), load_border("starter")) == len(values)


def test_the_sample_is_spread_over_the_library_and_small():
    rows = sample_rows(100_000)
    assert rows[0] == 0 and rows[-1] == 99_999
    assert len(rows) <= 3000


def test_what_most_photos_show_is_taken_as_there_and_a_rare_word_is_not():
    scores = scores_with([3.6, 3.8, 4.0])
    assert relevant(scores, text="a dog") > 0
    assert relevant(scores, text="a submarine") == 0

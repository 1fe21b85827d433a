"""The border and exclusion on the photos of dev, which nothing was fitted to."""

import numpy as np
import pytest

from capsearch.encoders.starter import load_starter
from capsearch.lab.border.cases import LabelledPhotos, query_texts
from capsearch.lab.border.concepts import times_said
from capsearch.lab.border.exclusions import EXCLUSIONS, exclusion_texts, whole_library
from capsearch.lab.border.logistic import fit_logistic
from capsearch.lab.border.measure import measure_relevance
from capsearch.lab.border.spaces import encoded_photos
from capsearch.library.relevance import count_relevant, load_border, sample_rows


@pytest.fixture(scope="module", name="dev")
def encoded_dev(shared_data) -> LabelledPhotos:
    texts = (*query_texts(), *exclusion_texts())
    return encoded_photos(load_starter(), shared_data / "flickr8k", "dev", texts)


def test_the_figures_of_the_model_card_hold(dev):
    report = measure_relevance(dev, "starter")
    assert report.border.precision.mean > 0.52
    assert report.border.recall.mean > 0.33
    assert report.border.hidden.mean < 0.37
    assert report.border.nothing.mean > 0.76
    assert report.border.foreign.mean > 0.92
    assert report.by_kind["frequent"].hidden.mean < 0.1
    assert report.border.precision.low > report.by_eye.precision.high
    assert report.exclusion.pairs == len(EXCLUSIONS) == 30
    assert report.exclusion.at_most_one == 1.0
    assert report.exclusion.right >= report.without_exclusion.right
    assert "X without Y" in report.as_text()


def test_a_submarine_is_not_found_where_there_is_none(dev):
    assert shown(dev, "a submarine") == 0
    for there in ("a dog", "surfing", "a football game"):
        assert shown(dev, there) > 0


def test_every_pair_has_photos_that_are_right(dev):
    for case in whole_library(dev, EXCLUSIONS):
        assert (case.shows & ~case.unwanted).sum() >= 10
        assert (case.shows & case.unwanted).sum() >= 5


def test_captions_say_a_thing_by_each_of_its_words():
    captions = (("A puppy runs .", "The dog is wet ."), ("A cat", "a catalogue"))
    assert times_said(captions, ("dog", "puppy")).tolist() == [2, 0]
    assert times_said(captions, ("cat",)).tolist() == [0, 1]


def test_a_logistic_model_finds_the_weights_that_made_the_labels():
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(20_000, 2)) * [1, 10]
    odds = 0.5 + rows @ [1.0, -0.2]
    labels = (rng.random(20_000) < 1 / (1 + np.exp(-odds))).astype(float)
    found = fit_logistic(rows, labels, np.ones(20_000))
    np.testing.assert_allclose(found, [0.5, 1.0, -0.2], rtol=0.1)


def shown(dev: LabelledPhotos, text: str) -> int:
    scores = dev.vectors @ dev.texts[text]
    ranked, typical = np.sort(scores)[::-1], scores[sample_rows(len(scores))]
    return count_relevant(ranked, typical, len(scores), load_border("starter"), text=text)

"""Ways to put photos that say it into one list with those that look like it."""

from pathlib import Path

import numpy as np
import pytest

from capsearch.encoders.registry import load_encoder
from capsearch.lab.border.concepts import CONCEPTS
from capsearch.lab.border.spaces import encoded_photos
from capsearch.lab.said_first import average_precision, by_looks, fused, measure, said_first

LOOKS = np.array([0.1, 0.9, 0.5, 0.3], np.float32)
SAYS = np.array([True, False, False, True])


def test_the_orders() -> None:
    assert by_looks(LOOKS, SAYS).tolist() == [1, 2, 3, 0]
    assert said_first(LOOKS, SAYS).tolist() == [3, 0, 1, 2]
    assert fused(LOOKS, SAYS).tolist() == [3, 0, 1, 2]
    assert fused(LOOKS, np.zeros(4, bool)).tolist() == [1, 2, 3, 0]


def test_average_precision_counts_each_right_photo_where_it_stands() -> None:
    right = np.array([True, False, False, True])
    assert average_precision(right, np.array([0, 3, 1, 2])) == pytest.approx(1.0)
    assert average_precision(right, np.array([1, 0, 2, 3])) == pytest.approx((1 / 2 + 2 / 4) / 2)


def test_what_photos_say_helps_on_real_captions(shared_data: Path) -> None:
    photos = encoded_photos(
        load_encoder("starter", "cpu"), shared_data / "flickr8k", "dev", tuple(CONCEPTS)
    )
    found = {way: float(np.mean(values)) for way, values in measure(photos, albums=False).items()}
    assert found["said first"] > found["looks alone"] + 0.015
    assert found["said first"] > found["reciprocal rank fusion"] - 0.01

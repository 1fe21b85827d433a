"""Harder libraries are what their names say, and their figures what they should be."""

import csv
import json
from collections import Counter, defaultdict
from dataclasses import replace

import numpy as np
import pytest
from cap_fixtures import random_weights, unit

from capsearch.lab.personal.kind_figures import KindReport, measure_kinds
from capsearch.lab.personal.kinds import (
    ABSENT,
    SHAPES,
    WORDINGS,
    Shape,
    draw_shape,
    impersonal_libraries,
    personal_libraries,
    with_kind_texts,
    wording,
)
from capsearch.lab.personal.libraries import Sources
from capsearch.lab.personal.splits import _FILE, halves, nouns_of
from capsearch.personalize import CapWeights

DIM = 24
CLASSES = {
    "rex": "dog", "bello": "dog", "mug": "cup", "van": "car", "kite": "toy", "boat": "boat",
}  # fmt: skip


class Texts:
    """Stands for an encoder of texts alone."""

    def encode_texts(self, texts: list[str]) -> np.ndarray:
        seeds = [sum(text.encode()) for text in texts]
        return unit(np.stack([np.random.default_rng(s).standard_normal(DIM) for s in seeds]))


@pytest.fixture(scope="module")
def sources() -> Sources:
    rng = np.random.default_rng(0)
    subjects = {
        name: unit(rng.standard_normal(DIM) + 0.3 * rng.standard_normal((5, DIM)))
        for name in CLASSES
    }
    captions = ["a dog runs", "the dog"] * 6 + ["a house", "one house"] * 6
    made = Sources(
        "made", subjects, dict(CLASSES), unit(rng.standard_normal((60, DIM))),
        unit(rng.standard_normal((24, DIM))), tuple(captions), np.repeat(np.arange(12), 2), {},
        unit(rng.standard_normal((20, DIM))),
    )  # fmt: skip
    return with_kind_texts(made, Texts())  # type: ignore[arg-type]


def draw(sources: Sources, shape: Shape, subject: str = "rex"):
    return draw_shape(sources, subject, shape, np.random.default_rng(1))


def test_a_library_has_as_many_photos_of_anything_as_its_kind_says(sources: Sources) -> None:
    for count in (20, 500):
        library = draw(sources, Shape(anything=count))
        assert len(library.vectors) == 5 + 3 * 5 + 1 + count
        assert library.relevant.sum() == 5
        np.testing.assert_allclose(np.linalg.norm(library.vectors, axis=1), 1.0, atol=1e-5)


def test_what_is_right_is_what_the_kind_says(sources: Sources) -> None:
    assert draw(sources, Shape(anything=20, same=True)).relevant.sum() == 10
    assert draw(sources, Shape(anything=20, photos=3)).relevant.sum() == 3
    nobody = draw(sources, Shape(anything=20, photos=0))
    assert nobody.relevant.sum() == 2
    assert len(nobody.vectors) == 2 + 3 * 5 + 20


def test_dates_are_what_the_kind_says(sources: Sources) -> None:
    def days(**how: object) -> Counter[int]:
        return Counter(draw(sources, Shape(anything=50, **how)).days.tolist())  # type: ignore[arg-type]

    assert len(days()) == 71
    assert len(days(dates="one")) == 1
    assert set(days(dates="none")) == {-1}
    assert 20 < days(dates="wrong").most_common(1)[0][1] < 55
    burst = draw(sources, Shape(anything=50, burst=True))
    day, often = Counter(burst.days.tolist()).most_common(1)[0]
    assert often == 6
    moment = burst.vectors[burst.days == day]
    assert (moment @ moment.T).min() > 0.95
    assert not burst.relevant[burst.days == day].any()


def test_a_third_of_the_photos_of_anything_is_there_twice(sources: Sources) -> None:
    library = draw(sources, Shape(anything=30, copies=True))
    alike = library.vectors @ library.vectors.T
    np.fill_diagonal(alike, 0.0)
    assert (alike.max(axis=1) > 0.97).sum() >= 2 * 10


@pytest.mark.parametrize(
    ("way", "text"),
    [("my Xs", "my dogs"), ("where is my X", "where is my dog"), ("the X again", "the dog again")],
)
def test_wordings(way: str, text: str) -> None:
    assert wording(WORDINGS[way], "dog") == text


def test_plurals_of_what_has_one() -> None:
    assert wording(WORDINGS["my Xs"], "glasses") == "my glasses"
    assert wording(WORDINGS["my Xs"], "glass") == "my glasses"


def test_what_may_be_called_like_something_that_comes_back_is_not_asked_in_vain(
    sources: Sources,
) -> None:
    asked = defaultdict(set)
    for one in impersonal_libraries(sources, 12, 0):
        names = {sources.classes[name] for name in one.library.others}
        for _, case in one.cases:
            asked["dog" in names].add(case.text)
    assert "my dog" in asked[False]
    assert asked[True]
    assert "my dog" not in asked[True]
    assert nouns_of("dog2", "dog") == {"dog", "puppy"}
    assert nouns_of("mine", "stuffed animal") == {"stuffed animal", "stuffed", "animal"}


def test_single_photos_of_what_is_asked_are_right(sources: Sources) -> None:
    for one in impersonal_libraries(sources, 12, 0):
        single = one.library.relevant & (one.library.distractor < 0)
        for _, case in one.cases:
            if case.text == "my dog":
                assert case.relevant[single].all() == (one.library.subject_class == "dog")


def test_large_libraries_have_real_photos_before_made_ones(sources: Sources) -> None:
    more = unit(np.random.default_rng(7).standard_normal((200, DIM)))
    rich = replace(sources, more=more)
    library = draw(rich, Shape(anything=250))
    assert (library.distractor >= 0).sum() == 60
    real = np.concatenate([sources.distractors, more])
    likeness = library.vectors @ real.T
    assert (likeness.max(axis=1) > 0.9999).sum() == 250
    made = draw(rich, Shape(anything=600)).vectors
    likeness = made @ real.T
    there = likeness.max(axis=1)
    own = (real @ real.T - 2.0 * np.eye(len(real))).max(axis=1).mean()
    # The angle to a photo that stands off as far as a neighbour does, at a right angle.
    assert np.median(there[there < 0.9999]) < 1.0 / np.sqrt(3.0 - 2.0 * own)


def test_only_possessive_queries_say_how_far_the_probability_can_be_trusted(
    sources: Sources,
) -> None:
    report = measure_kinds(sources, random_weights(3), draws=1, libraries=1)
    others = {f"'{name}', 300 photos" for name in ("X", "the X again")}
    asked = sum(
        row.queries for row in report.rows if row.figure != "first_ten" and row.kind not in others
    )
    assert sum(each.queries for each in report.reliability) == asked


def test_nothing_that_is_asked_in_vain_comes_back(sources: Sources) -> None:
    kinds = set()
    for asked in impersonal_libraries(sources, 2, 0):
        for kind, case in asked.cases:
            kinds.add(kind)
            if case.text in {f"my {word}" for word in ABSENT}:
                assert not case.relevant.any()
    assert {"'my <common noun>', nothing comes back", "'my X', one photo of each X"} <= kinds


def test_every_kind_is_asked_of_every_subject(sources: Sources) -> None:
    asked = [kind for one in personal_libraries(sources, 1, 0) for kind, _ in one.cases]
    counted = Counter(asked)
    assert set(counted.values()) == {len(CLASSES)}
    assert len(counted) == len(SHAPES) + len(WORDINGS) - 1


def test_a_network_that_does_nothing_gives_clips_figures(sources: Sources) -> None:
    report = measure_kinds(sources, random_weights(gains=False), draws=1, libraries=1)
    for row in report.rows:
        assert row.abstained == 1.0
        assert row.chance == 0.0
        if row.gain is not None:
            assert row.gain.mean == row.harmed == 0.0
            assert row.methods["cap"].mean == row.methods["clip"].mean


def test_the_report_is_plain_json_and_a_table(sources: Sources) -> None:
    weights: CapWeights = random_weights()
    report: KindReport = measure_kinds(sources, weights, draws=1, libraries=1)
    content = json.loads(json.dumps(report.as_json(), allow_nan=False))
    first = content["kinds"][0]
    assert first["clip"][1] <= first["clip"][0] <= first["clip"][2]
    assert {"kind", "figure", "queries", "cap_minus_clip", "harmed", "abstained"} <= set(first)
    assert sum(each["queries"] for each in content["reliability"]) > 0
    assert "'my X', 300 photos" in report.as_text()


def test_the_halves_share_out_every_class() -> None:
    with _FILE.open(newline="") as file:
        listed = {row["subject"]: row["half"] for row in csv.DictReader(file, delimiter="\t")}
    assert Counter(listed.values()) == {"a": 10, "b": 10}
    assert [listed[f"dog{n}"] for n in ("", "2", "5", "7")].count("a") == 2
    dealt = halves(CLASSES)
    assert dealt["rex"] != dealt["bello"]
    assert Counter(dealt.values()) == {"a": 3, "b": 3}

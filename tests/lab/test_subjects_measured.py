"""What names and corrections do to answers is measured through real libraries, by known labels."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from tiny_encoder import TinyEncoder

from capsearch.encoders.base import FloatArray
from capsearch.lab.personal.libraries import Sources, find_sources
from capsearch.lab.subjects.contexts import read_contexts
from capsearch.lab.subjects.figures import WIDTH, Figures, area_under_curve, average_precision, f1
from capsearch.lab.subjects.fit import (
    GUESSED,
    SHIFTS,
    GuessCase,
    Named,
    Values,
    best_of,
    fit,
    fit_fits,
    guess_values,
)
from capsearch.lab.subjects.libraries import (
    NOTHING,
    RememberingEncoder,
    drawn,
    opened,
    paired,
)
from capsearch.lab.subjects.measure import NAME, ask, best_stack, call, measure, named_photos
from capsearch.library.preferring import fits_one
from capsearch.personalize import load_weights
from capsearch.personalize.bank import bank_texts

DATA = Path(__file__).parents[3] / "shared/data"
CLASSES = {"rex": "dog", "bello": "dog", "cup": "cup", "hat": "hat"}
DIM = 64
PHOTOS = 5


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def encoder() -> RememberingEncoder:
    return RememberingEncoder(TinyEncoder(dim=DIM))


@pytest.fixture(scope="module")
def sources(encoder: RememberingEncoder) -> Sources:
    """Tight subjects, nowhere near their words."""
    rng = np.random.default_rng(1)
    centres = unit(rng.standard_normal((len(CLASSES), DIM)))
    subjects = {
        name: unit(centre + 0.05 * rng.standard_normal((PHOTOS, DIM)))
        for name, centre in zip(CLASSES, centres, strict=True)
    }
    nothing = unit(rng.standard_normal((120, DIM)))
    no_captions = np.empty((0, DIM), np.float32)
    bank = encoder.encode_texts(bank_texts())
    return Sources(
        "tiny", subjects, CLASSES, nothing, no_captions, (), np.empty(0, np.int64), {}, bank
    )


def test_photos_are_labelled_by_what_they_show(sources: Sources) -> None:
    names = sorted(CLASSES)
    libraries = [*drawn(sources, 1, 100, 0), *paired(sources, 1, 100, 0)]
    assert [names[library.wanted] for library in libraries[:4]] == names
    assert {(names[each.wanted], names[each.mate]) for each in libraries[4:]} == {
        ("rex", "bello"),
        ("bello", "rex"),
    }
    for library in libraries:
        for vector, shows, photo in zip(library.vectors, library.shows, library.photo, strict=True):
            if shows == NOTHING:
                assert (sources.distractors == vector).all(axis=1).any()
            else:
                assert np.array_equal(sources.subjects[names[shows]][photo], vector)
        assert library.wanted in library.recurring
        assert library.mate == NOTHING or library.mate in library.recurring


def test_a_labelled_library_is_asked_as_the_app_does(
    sources: Sources, encoder: RememberingEncoder
) -> None:
    library = next(iter(drawn(sources, 1, 100, 0)))
    with opened(library, encoder) as there:
        wanted = there.showing(library.wanted)
        assert np.array_equal(there.rows(wanted), np.flatnonzero(library.shows == library.wanted))
        stack = best_stack(there, library.wanted)
        assert stack is not None
        assert f1(stack, wanted) > 0.8
        call(there, named_photos(there, library.wanted), NAME)
        assert average_precision(ask(there, NAME).ids, wanted) > 0.9


def test_all_figures_are_told(sources: Sources, encoder: RememberingEncoder) -> None:
    told: list[str] = []
    contexts = {"rex": {"on grass": frozenset({0, 1})}}
    measure(sources, encoder, contexts, 1, 0, told.append, sizes=(100,))
    [text] = told
    figures = {line[:WIDTH].strip(): float(line[WIDTH:][:7]) for line in text.splitlines()[2:]}
    assert figures["page: subjects among the first 12 stacks (F1 >= 0.5)"] == 1
    assert figures["NAME of a stack: mAP"] > 0.9 > figures["'my <class>', CLIP: mAP"]
    assert figures["ignored: photos before others in 'my <class>'"] == 0
    assert figures["any photo of it, by chance: R@1"] == pytest.approx(2 / PHOTOS)
    assert figures["two of a class, the wanted one called so: mAP"] > 0.9
    assert figures["'my <class>' is called unsure where something of the class comes back"] > 0.5


def test_no_text_is_encoded_twice() -> None:
    class Counting(TinyEncoder):
        texts = 0

        def encode_texts(self, texts: Sequence[str]) -> FloatArray:
            self.texts += len(texts)
            return super().encode_texts(texts)

    inner = Counting()
    encoder = RememberingEncoder(inner)
    first = encoder.encode_texts(["a", "b", "a"])
    assert np.array_equal(first, TinyEncoder().encode_texts(["a", "b", "a"]))
    assert np.array_equal(encoder.encode_texts(["b", "c"])[0], first[1])
    assert inner.texts == 3


def test_figures_are_means_over_their_values() -> None:
    figures = Figures()
    for value in (0.25, 0.75):
        figures.add("it", 0, value)
    assert figures.mean("it") == 0.5
    assert "0.500 [ 0.500,  0.500]  n = 2" in figures.as_text()


def test_precision_f1_and_the_area_are_what_they_are_called() -> None:
    order = np.array([4, 2, 9, 7])
    assert average_precision(order, np.array([4, 9])) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision(order, np.array([2, 5])) == pytest.approx(0.25)
    assert f1(np.array([1, 2]), np.array([2, 3, 4])) == pytest.approx(0.4)
    assert area_under_curve(np.array([2.0, 3.0]), np.array([1.0, 2.0])) == pytest.approx(0.875)


def test_a_context_that_says_nothing_is_refused() -> None:
    photos = {"cat": ["00.jpg", "01.jpg"]}
    assert read_contexts(photos) == {"cat": {"lying down": {0}}}
    with pytest.raises(ValueError, match="All photos"):
        read_contexts({"cat": ["00.jpg"]})
    with pytest.raises(ValueError, match="is not there"):
        read_contexts({"cat": ["01.jpg"]})


@pytest.mark.skipif(not (DATA / "subjects").is_dir(), reason="the test photos are not there")
def test_the_table_of_contexts_agrees_with_the_photos() -> None:
    subjects = find_sources(DATA / "subjects", DATA / "flickr8k/images").subjects
    contexts = read_contexts(
        {name: [path.name for path in each] for name, each in subjects.items()}
    )
    assert sum(map(len, contexts.values())) > 40


def test_the_choice_is_the_best_of_its_part_alone() -> None:
    values: Values = {(1.0,): [1.0, 0.0, 0.0], (2.0,): [0.0, 0.9, 0.9]}
    assert best_of(values, np.array([True, True, False])) == (1.0,)
    assert best_of(values, np.array([False, True, True])) == (2.0,)


def test_all_numbers_are_chosen_and_told(sources: Sources, encoder: RememberingEncoder) -> None:
    told: list[str] = []
    fit(sources, encoder, load_weights(), 1, 0, told.append, sizes=(100,))
    assert [line.split(":")[0].split(",")[0] for line in told] == ["LEAST_PRIOR", "FITS", "GUESSED"]
    assert all("on all" in line and "on the halves" in line for line in (told[0], told[2]))


def test_a_guess_that_is_right_is_worth_its_height() -> None:
    rng = np.random.default_rng(0)
    meant = rng.random(400) < 0.3
    standings = np.where(meant, 4.0, 0.0) + rng.standard_normal(400)
    cases = [
        GuessCase(
            0,
            np.array([7]),
            np.linspace(1, 0, 10, dtype=np.float32),
            0.3,
            (Named(0, bool(same), np.array([7]), float(standing)),),
        )
        for same, standing in zip(meant, standings, strict=True)
    ]
    added, slope = fit_fits(cases)
    assert slope > 0
    assert 1 < -added / slope < 3  # between what is meant and what is not
    surely = max(cases, key=lambda case: case.named[0].standing)
    values = guess_values(surely, (added, slope))
    assert values[GUESSED[-1], SHIFTS[-1]] > values[GUESSED[0], SHIFTS[0]]
    assert values[GUESSED[-1], SHIFTS[-1]] == pytest.approx(1 - 1 / 8)


def test_words_surely_mean_what_stands_high_above_the_usual_photo() -> None:
    rng = np.random.default_rng(2)
    word = unit(rng.standard_normal(DIM))
    others = unit(rng.standard_normal((500, DIM))).astype(np.float16)
    near, far = unit(others[0] + 0.5 * word), unit(others[0] - 0.5 * word)
    assert fits_one(np.stack([far, near]), word, others)
    assert not fits_one(far[None], word, others)
    assert not fits_one(np.empty((0, DIM), np.float32), word, others)

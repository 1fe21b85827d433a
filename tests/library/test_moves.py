"""How a collection has moved a photo, and mostly why: what the window says about it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from make_photo import MakePhoto

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.records import Content, PersonDays, Place, Stamp
from capsearch.library.facade import Library
from capsearch.library.moves import places_gained
from capsearch.library.values import Question
from capsearch.personalize import PersonalizedQuery, Profile
from capsearch.photos.metadata.clock import parse_date
from capsearch.photos.metadata.model import Person, PhotoMetadata


@pytest.fixture
def library(tmp_path: Path, make_photo: MakePhoto) -> Iterator[Library]:
    for seed in range(16):
        make_photo(tmp_path / "photos" / f"2019-03-{seed + 1:02d} 12.00.00.jpg", seed)
    with Library(tmp_path / "library.db") as opened:
        opened.index([str(tmp_path / "photos")])
        yield opened


def order(library: Library, question: Question, *, personalize: bool) -> list[int]:
    whole = Question(question.text, filters=question.filters, personalize=personalize)
    return library.answer(whole).ids.tolist()


@pytest.mark.parametrize("text", ["my dog", "our garden since 2019-03-05", "my cat or my dog"])
def test_the_places_are_those_that_the_two_answers_show(library: Library, text: str) -> None:
    question = Question(text, told=False)
    generic = order(library, question, personalize=False)
    own = order(library, question, personalize=True)
    assert generic != own
    for photo in own:
        explained = library.explain(question, photo)
        assert explained is not None
        before, now = 1 + generic.index(photo), 1 + own.index(photo)
        if before == now:
            assert explained.moved is None
        else:
            assert explained.moved is not None
            assert (explained.moved.before, explained.moved.now) == (before, now)


def test_without_personalisation_nothing_has_moved(library: Library) -> None:
    question = Question("my dog", personalize=False)
    for photo in order(library, question, personalize=False):
        explained = library.explain(question, photo)
        assert explained is not None and explained.moved is None


def test_what_was_behind_all_that_were_found_has_no_place_before(library: Library) -> None:
    generic = order(library, Question("my dog"), personalize=False)
    own = order(library, Question("my dog"), personalize=True)
    risen = max(own, key=lambda photo: generic.index(photo) - own.index(photo))
    assert generic.index(risen) > own.index(risen)
    explained = library.explain(Question("my dog", count=generic.index(risen)), risen)
    assert explained is not None and explained.moved is not None
    assert (explained.moved.before, explained.moved.now) == (None, 1 + own.index(risen))


@pytest.mark.parametrize(
    ("text", "words"),
    [("my dog", "my dog"), ("a Hund since 2019", "a Hund"), ("my cat or my dog", "my cat")],
)
def test_what_was_looked_for_is_told_as_it_was_typed(
    library: Library, text: str, words: str
) -> None:
    photo = order(library, Question(text), personalize=True)[0]
    explained = library.explain(Question(text), photo)
    assert explained is not None and explained.looked_for == words


def made(*, hub: list[float], recurrence: list[float], moved: list[float]) -> dict[str, list[int]]:
    """What each part has brought each photo, whose scores fall by 1 from photo to photo."""
    count = len(hub)
    vectors = np.column_stack([-np.arange(count), moved]).astype(np.float32)
    profile = Profile.neutral(np.arange(count), 2)
    object.__setattr__(profile, "hub", np.array(hub, np.float32))
    object.__setattr__(profile, "recurrence", np.array(recurrence, np.float32))
    bias = (-np.array(hub) + np.array(recurrence)).astype(np.float32)
    clip = np.array([1, 0], np.float32)
    query = PersonalizedQuery(np.array([1, 1], np.float32), bias, clip, -1.0, 1.0, 1.0)
    gained = [places_gained(profile, query, vectors, row) for row in range(count)]
    return {reason: [each[reason] for each in gained] for reason in gained[0]}


NONE = [0.0] * 6


def test_each_part_is_held_against_the_collections_usual() -> None:
    last_comes_back = made(hub=NONE, recurrence=[0, 0, 0, 0, 0, 3.5], moved=NONE)
    assert last_comes_back["recurrence"] == [0, 0, 0, 0, 0, 3]
    assert last_comes_back["hub"] == last_comes_back["meaning"] == [0] * 6
    first_fits_all = made(hub=[2.5, 0, 0, 0, 0, 0], recurrence=NONE, moved=NONE)
    assert first_fits_all["hub"] == [-2, 0, 0, 0, 0, 0]
    meant = made(hub=NONE, recurrence=NONE, moved=[0, 0, 0, 4.5, 0, 0])
    assert meant["meaning"] == [0, 0, 0, 3, 0, 0]


def test_what_all_photos_have_alike_moves_none() -> None:
    alike = made(hub=[5.0] * 6, recurrence=[7.0] * 6, moved=[3.0] * 6)
    assert set(map(tuple, alike.values())) == {(0,) * 6}


@pytest.mark.parametrize(
    ("photo", "found"),
    [(1, PersonDays("Anna", 3)), (5, PersonDays("Ben", 1)), (6, None), (7, None)],
)
def test_days_of_people_are_days_that_are_known(
    tmp_path: Path, photo: int, found: PersonDays | None
) -> None:
    rows = [
        ("2020-01-01T10:00:00", "exif", ("Anna", "Ben")),
        ("2020-01-01T18:00:00", "exif", ("Anna",)),
        ("2020-01-02", "named", ("Anna",)),
        ("2021-05-05T00:00:00", "exif", ("Anna",)),
        ("2020", "xmp", ("Ben",)),
        ("2022-01-01T00:00:00", "exif", ()),
        ("2023-01-01T00:00:00", "file", ("Cleo",)),
    ]
    with Catalog.open(tmp_path / "library.db") as catalog:
        with catalog.transaction():
            for number, (text, source, names) in enumerate(rows, 1):
                one = catalog.add_photo(Content(bytes([number]) * 20, 1, 9, 9, "JPEG"))
                people = tuple(Person(name, "xmp") for name in names)
                metadata = PhotoMetadata(taken=parse_date(text, source), people=people)
                catalog.place_photo(one, Place(f"/p/{number}.jpg", Stamp(1, 1), metadata))
        assert catalog.days_of_people(photo) == found

"""A library of things that come back: found, named, searched by name, corrected."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from dated_photo import make_subject_library
from tiny_library import load_left_half, open_subject_library

from capsearch.library.facade import Library
from capsearch.library.lessons import (
    AddPhotos,
    Ignore,
    Merge,
    Name,
    Say,
    SubjectRef,
    TakeOut,
    Unlearn,
)
from capsearch.library.values import (
    Answer,
    Condition,
    Filters,
    IdArray,
    LearnedSubject,
    Question,
)
from capsearch.settings import Settings

SIZES = (6, 5, 4)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_subject_library(tmp_path_factory.mktemp("photos"), SIZES, others=80)


@pytest.fixture(scope="module")
def indexed(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("library") / "library.db"
    with open_subject_library(path, Settings(), None) as library:
        library.index([os.fspath(folder)])
    return path


@pytest.fixture
def library(indexed: Path, tmp_path: Path) -> Iterator[Library]:
    shutil.copy(indexed, tmp_path / "library.db")
    with open_subject_library(tmp_path / "library.db", Settings(), None) as opened:
        yield opened


def names(library: Library, ids: IdArray) -> list[str]:
    return [Path(facts.paths[0]).stem for facts in library.facts(ids.tolist())]


def subject(library: Library, number: int) -> LearnedSubject:
    """The one that has most photos of this subject."""

    def share(each: LearnedSubject) -> int:
        return sum(name.startswith(f"subject{number}_") for name in names(library, each.photos))

    return max(library.learned().subjects, key=share)


def first(library: Library, answer: Answer, count: int) -> set[str]:
    return {name.split("_")[0] for name in names(library, answer.ids[:count])}


def test_what_comes_back_is_found_with_its_days(library: Library) -> None:
    for number, size in enumerate(SIZES):
        found = subject(library, number)
        assert {name[:8] for name in names(library, found.photos)} == {f"subject{number}"}
        assert (len(found.photos), found.days, found.name) == (size, size, "")
        assert found.first is not None
        assert found.last is not None
        assert found.first < found.last


def test_a_name_finds_it_alone_and_in_sentences(library: Library) -> None:
    library.teach(Name(subject(library, 1).ref, "Rex"))
    answer = library.answer(Question("rex"))
    assert first(library, answer, 5) == {"subject1"}
    assert answer.relevant == 5
    assert [part.field for part in answer.understood.parts] == ["subject"]
    assert {facts.subjects for facts in answer.facts[:5]} == {("Rex",)}
    sentence = library.answer(Question("Rex on the beach"))
    assert first(library, sentence, 500) == {"subject1"}
    assert sentence.understood.looks == ("on the beach",)
    assert len(sentence.ids) == 5
    assert sentence.relevant > 0
    without = library.answer(Question("a beach without Rex"))
    assert "subject1" not in first(library, without, 500)
    dated = library.answer(Question("Rex since 2021"))
    assert 0 < dated.relevant < 5
    assert [each.suggestion.name for each in library.complete("Re")] == ["Rex"]
    by_filter = Filters(conditions=(Condition("subject", ("Rex",)),))
    assert len(library.answer(Question("anything", filters=by_filter)).ids) == 5


def test_a_photo_that_looks_like_it_is_found_by_the_name_too(library: Library) -> None:
    found = subject(library, 0)
    library.teach(Name(SubjectRef(None, tuple(found.photos[:3].tolist())), "Rex"))
    named = subject(library, 0)
    assert (named.name, len(named.photos), named.likely) == ("Rex", 6, 3)
    assert library.answer(Question("Rex")).relevant == 6
    out = int(named.photos[-1])
    library.teach(TakeOut(named.ref, (out,)))
    answer = library.answer(Question("Rex"))
    assert answer.relevant == 5
    assert answer.ids[-1] == out
    library.teach(AddPhotos(subject(library, 0).ref, (out,)))
    assert library.answer(Question("Rex")).relevant == 6


def test_two_are_put_together_and_set_apart(library: Library) -> None:
    refs = subject(library, 0).ref, subject(library, 1).ref
    library.teach(Name(refs[0], "Rex"))
    library.teach(Merge((subject(library, 0).ref, refs[1])))
    both = subject(library, 0)
    assert (both.name, len(both.photos)) == ("Rex", 11)
    apart = tuple(refs[1].photos)
    library.teach(TakeOut(both.ref, apart, apart=True))
    assert len(subject(library, 0).photos) == 6
    assert set(subject(library, 1).photos.tolist()) == set(apart)


def test_my_words_find_what_was_called_so_and_what_is_ignored_comes_last(library: Library) -> None:
    library.teach(Name(subject(library, 1).ref, "Rex", "my dog"))
    for text in ("my dog", "where is our dog", "mein Hund"):
        answer = library.answer(Question(text))
        assert first(library, answer, 5) == {"subject1"}, text
        assert answer.effect == "changed"
    assert library.answer(Question("my dog", personalize=False)).effect == "none"
    library.teach(Ignore(subject(library, 1).ref))
    for text in ("my dog", "my cat"):
        answer = library.answer(Question(text))
        assert set(names(library, answer.ids[-5:])) == {f"subject1_{n}" for n in range(5)}
    assert "subject1" in first(library, library.answer(Question("a dog")), 500)


def test_what_is_said_of_a_result_counts_at_once(library: Library) -> None:
    before = library.answer(Question("my dog")).ids
    last, top = int(before[-1]), int(before[0])
    library.teach(Say("my dog", (last,), True))
    assert library.answer(Question("my dog")).ids[0] == last
    assert library.answer(Question("my old dog in snow")).ids[0] == last
    library.teach(Say("my dog", (top,), False))
    after = library.answer(Question("my dog"))
    assert (after.ids[0], after.ids[-1]) == (last, top)
    assert after.relevant < len(after.ids)
    said = library.explain(Question("my dog"), top)
    assert said is not None
    assert said.meant is False
    assert library.answer(Question("my cat")).ids[0] != last
    assert library.unteach()
    assert library.unteach()
    assert library.answer(Question("my dog")).ids.tolist() == before.tolist()
    dated = library.answer(Question("my dog since 2019")).ids
    library.teach(Say("my dog since 2019", (int(dated[-1]),), True))
    assert library.answer(Question("my dog")).ids[0] == dated[-1]


def test_what_was_said_holds_under_another_encoder(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    found = subject(library, 0)
    library.teach(Name(found.ref, "Rex"))
    library.want_encoder("other")
    library.index([os.fspath(folder)])
    library.close()
    path = tmp_path / "library.db"
    with Library(path, settings=Settings(), resident=True, load=load_left_half) as later:
        answer = later.answer(Question("Rex"))
        assert answer.encoder == "other"
        sure = set(answer.ids[:6].tolist())
        assert sure == set(found.photos.tolist())
        # The photos go, and come back: they are known by their content.
        later.remove_folder(os.fspath(folder))
        later.look_again()
        assert later.learned().subjects == ()
        later.index([os.fspath(folder)])
        later.look_again()
        assert first(later, later.answer(Question("Rex")), 6) == {"subject0"}


def test_all_of_it_goes_into_a_file_and_is_forgotten(library: Library, tmp_path: Path) -> None:
    library.teach(Name(subject(library, 0).ref, "Rex", "dog"))
    library.teach(Ignore(subject(library, 1).ref))
    assert library.export_taught(tmp_path / "taught.json") == 2
    kept = [replace(each, facts=()) for each in library.learned().subjects if each.ref.key]
    library.forget_taught()
    assert not any(each.ref.key for each in library.learned().subjects)
    assert not library.unteach()
    assert library.import_taught(tmp_path / "taught.json") == 2
    again = [each for each in library.learned().subjects if each.ref.key]
    assert [(each.name, each.called, each.ignored) for each in again] == [
        (each.name, each.called, each.ignored) for each in kept
    ]
    library.teach(Unlearn(again[0].ref.key or 0))
    assert len([each for each in library.learned().subjects if each.ref.key]) == 1


def test_the_strength_says_how_far_ones_own_goes(library: Library) -> None:
    def moved(strength: str) -> float:
        answer = library.answer(Question("my dog", strength=strength, explained=True))
        return max(abs(each.parts.warp) for each in answer.explanations)

    assert moved("less") < moved("normal") < moved("more")

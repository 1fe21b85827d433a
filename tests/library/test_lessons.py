"""What each lesson makes of what was taught, and how the catalog keeps it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from run_command import capsearch
from scenes import scene

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.repair import repair
from capsearch.catalog.taught import Taught
from capsearch.catalog.teaching import taught_from_text, taught_to_text
from capsearch.errors import CapsearchError
from capsearch.library.lessons import (
    AddPhotos,
    Ignore,
    Lesson,
    Merge,
    Name,
    Say,
    SubjectRef,
    TakeOut,
    Unlearn,
    wish_words,
)

HASHES = {number: bytes([number] * 20) for number in range(1, 30)}
FOUND = SubjectRef(None, (1, 2, 3))
OTHER = SubjectRef(None, (4, 5))


def of(*photos: int) -> frozenset[bytes]:
    return frozenset(HASHES[photo] for photo in photos)


def after(*lessons: Lesson, taught: Taught | None = None) -> Taught:
    taught = taught or Taught()
    for lesson in lessons:
        taught = lesson.taken(taught, {photo: HASHES[photo] for photo in lesson.photos()})
    return taught


def test_a_name_is_kept_with_the_photos_that_it_was_given_to() -> None:
    [rex] = after(Name(FOUND, "  Rex  of  ours", "My dog")).subjects
    assert (rex.name, rex.called, rex.shows) == ("Rex of ours", "dog", of(1, 2, 3))


def test_what_has_one_name_is_one() -> None:
    taught = after(Name(FOUND, "Rex", "dog"), Name(OTHER, "REX"))
    [rex] = taught.subjects
    assert (rex.name, rex.called, rex.shows) == ("Rex", "dog", of(1, 2, 3, 4, 5))
    [renamed] = after(Name(SubjectRef(rex.key), "Bello"), taught=taught).subjects
    assert (renamed.name, renamed.key) == ("Bello", rex.key)
    [nameless] = after(Name(SubjectRef(rex.key), ""), taught=taught).subjects
    assert nameless.name == ""


def test_of_two_kept_ones_that_get_one_name_one_is_left() -> None:
    taught = after(Name(FOUND, "Rex"), Name(OTHER, "Bello"))
    second = taught.subjects[1].key
    [rex] = after(Name(SubjectRef(second), "rex"), taught=taught).subjects
    assert (rex.name, rex.shows) == ("Rex", of(1, 2, 3, 4, 5))


def test_merged_ones_have_all_photos_and_the_first_name() -> None:
    taught = after(Name(OTHER, "Rex"))
    [rex] = after(Merge((FOUND, SubjectRef(taught.subjects[0].key))), taught=taught).subjects
    assert (rex.name, rex.shows) == ("Rex", of(1, 2, 3, 4, 5))
    [both] = after(Merge((FOUND, OTHER))).subjects
    assert both.shows == of(1, 2, 3, 4, 5)
    with pytest.raises(CapsearchError, match="two or more"):
        after(Merge((FOUND,)))


def test_photos_are_taken_out_put_back_and_set_apart() -> None:
    taught = after(TakeOut(FOUND, (3,)))
    [left] = taught.subjects
    assert (left.shows, left.without) == (of(1, 2), of(3))
    ref = SubjectRef(left.key)
    [back] = after(AddPhotos(ref, (3, 6)), taught=taught).subjects
    assert (back.shows, back.without) == (of(1, 2, 3, 6), of())
    one, two = after(TakeOut(FOUND, (3,), apart=True)).subjects
    assert (one.shows, two.shows, two.without) == (of(1, 2), of(3), of(1, 2))
    with pytest.raises(CapsearchError, match="No photo would be left"):
        after(TakeOut(FOUND, (1, 2, 3)))


def test_what_is_ignored_is_preferred_again_and_forgotten() -> None:
    taught = after(Ignore(FOUND))
    [ignored] = taught.subjects
    assert ignored.ignored
    ref = SubjectRef(ignored.key)
    assert not after(Ignore(ref, False), taught=taught).subjects[0].ignored
    assert not after(Name(ref, "Rex"), taught=taught).subjects[0].ignored
    assert after(Unlearn(ignored.key), taught=taught) == Taught()


def test_a_wish_hangs_on_the_words_and_the_later_one_counts() -> None:
    taught = after(Say("my dog", (1, 2), True), Say("our dogs at home", (3,), True))
    assert {wish.words for wish in taught.wishes} == {"dog", "dogs home"}
    [no, yes, _] = after(Say("a photo of my Dog", (1,), False), taught=taught).wishes
    assert (no.photo, no.more, yes.more) == (HASHES[1], False, True)
    assert wish_words("where is my dog on the beach?") == "beach dog"
    with pytest.raises(CapsearchError, match="names nothing"):
        after(Say("my", (1,), True))


@pytest.mark.parametrize(
    ("lesson", "sentence"),
    [
        (Name(FOUND, "…!"), "is no name"),
        (Name(SubjectRef(7), "Rex"), "no longer known"),
        (Name(SubjectRef(None, ()), "Rex"), "no longer in the library"),
        (Say("my dog", (), True), "no longer in the library"),
    ],
)
def test_what_cannot_be_is_said(lesson: Lesson, sentence: str) -> None:
    with pytest.raises(CapsearchError, match=sentence):
        after(lesson)


TAUGHT = after(Name(FOUND, "Rex", "dog"), Ignore(OTHER), Say("my cat", (9,), False))


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog.open(tmp_path / "library.db") as opened:
        yield opened


def test_what_was_taught_is_kept_and_each_lesson_can_be_taken_back(
    catalog: Catalog, tmp_path: Path
) -> None:
    catalog.teach(TAUGHT)
    catalog.teach(TAUGHT)  # nothing new: no lesson
    catalog.teach(TAUGHT.without_subject(1))
    assert catalog.count_lessons() == 2
    with Catalog.open(tmp_path / "library.db") as later:
        assert later.taught() == TAUGHT.without_subject(1)
        assert later.unteach()
        assert later.taught() == TAUGHT
        assert later.unteach()
        assert later.taught() == Taught()
        assert not later.unteach()
    assert catalog.taught() == Taught()


def test_all_is_forgotten_for_good(catalog: Catalog) -> None:
    catalog.teach(TAUGHT)
    catalog.forget_taught()
    assert catalog.taught() == Taught()
    assert not catalog.unteach()


def test_lessons_do_not_heap_up(catalog: Catalog) -> None:
    for photo in range(1, 29):
        for more in (True, False, True):
            catalog.teach(after(Say("my dog", (photo,), more), taught=catalog.taught()))
    assert catalog.count_lessons() <= 50


def test_a_file_of_it_is_read_again_and_others_are_refused() -> None:
    text = taught_to_text(TAUGHT)
    assert taught_from_text(text) == TAUGHT
    for wrong in ("", "{}", "[]", text[:-20], text.replace('"key": 2', '"key": 1'), "9" * 5000):
        with pytest.raises(CapsearchError):
            taught_from_text(wrong)
    with pytest.raises(CapsearchError):
        taught_from_text(text.replace(HASHES[1].hex(), "zz"))


def test_a_damaged_library_gives_what_was_taught_to_the_new_one(tmp_path: Path) -> None:
    library = tmp_path / "library.db"
    with Catalog.open(library) as catalog:
        catalog.teach(TAUGHT)
        catalog.connection.execute("PRAGMA writable_schema = ON")
        catalog.connection.execute("DROP INDEX files_by_photo")
        catalog.connection.execute("UPDATE sqlite_master SET sql = 'x' WHERE name = 'photos'")
    done = repair(library)
    assert done.problems
    with Catalog.open(library) as catalog:
        assert catalog.taught() == TAUGHT


def test_the_command_says_what_cannot_be(tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    scene(0).save(photos / "one.jpg")
    assert capsearch("index", photos).returncode == 0
    for arguments, sentence in (
        (("name", "3", "Rex"), "There is no '3'"),
        (("forget",), "It is not said what to forget"),
        (("import", photos / "one.jpg"), "no file of what CapSearch was taught"),
        (("import", tmp_path / "none"), "cannot be read"),
        (("export", photos / "one.jpg" / "x"), "cannot be written"),
    ):
        done = capsearch("learned", *arguments)
        assert (done.returncode, sentence in done.stderr) == (2, True), done.stderr
    assert "nothing to take back" in capsearch("learned", "undo").stdout

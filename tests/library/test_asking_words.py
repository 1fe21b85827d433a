"""One box for all that is known: names, dates, words, and what is not to be shown."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from make_photo import MakePhoto

from capsearch.library.encoder_view import EncoderView
from capsearch.library.facade import Library
from capsearch.library.looking import ask_words
from capsearch.library.values import Answer, Question

REPORTS = ("caption.jpg", "digikam_de.jpg", "kw.jpg")


@pytest.fixture(scope="module")
def library(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The photos of `reports/words`, some of a trip, and one of a backup with its sidecar."""
    folder = tmp_path_factory.mktemp("photos")
    for name in REPORTS:
        shutil.copy2(shared_data / "reports/words" / name, folder)
    for source in sorted((shared_data / "library/trip").glob("*.jpg")):
        shutil.copy2(source, folder)
    shutil.copytree(shared_data / "reports/takeout", folder / "Takeout")
    with Library(tmp_path_factory.mktemp("library") / "library.db") as opened:
        opened.index([os.fspath(folder)])
        yield opened


def names(library: Library, answer: Answer, count: int | None = None) -> list[str]:
    facts = library.facts(answer.ids[:count].tolist())
    return [Path(photo.paths[0]).name for photo in facts]


@pytest.mark.parametrize(
    ("text", "first", "field"),
    [
        ("zeppelin", "kw.jpg", "keyword"),
        ("ZEPPELIN", "kw.jpg", "keyword"),
        ("Harvest festival in Quillbrook with the tractor parade", "caption.jpg", "text"),
        ("tractor parade", "caption.jpg", "title"),
        ("Quillbrook", "caption.jpg", "text"),
        ("quillbrook lake", "caption.jpg", "text"),
        ("wilh", "kw.jpg", "person"),
    ],
)
def test_a_photo_that_says_it_itself_comes_first(
    library: Library, text: str, first: str, field: str
) -> None:
    answer = library.answer(Question(text))
    found = names(library, answer)
    assert found[0] == first or (text == "wilh" and set(found[:2]) == {"kw.jpg", "digikam_de.jpg"})
    assert answer.said[int(answer.ids[0])].field == field
    assert answer.relevant >= 1
    assert len(set(found)) > 3, "photos that look like it follow"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Annecy", {"kw.jpg"}),
        ("Wilhelmine Testperson", {"kw.jpg", "digikam_de.jpg"}),
        ("wilhelmine", {"kw.jpg", "digikam_de.jpg"}),
        ("Wilhelmine in Annecy", {"kw.jpg"}),
        ("Wilhelmine without Annecy", {"digikam_de.jpg"}),
        ('"harvest festival"', {"caption.jpg"}),
    ],
)
def test_what_is_known_is_a_filter(library: Library, text: str, found: set[str]) -> None:
    answer = library.answer(Question(text))
    assert set(names(library, answer)) == found
    assert answer.relevant == len(found)
    assert answer.days is not None
    assert {part.condition is not None for part in answer.understood.parts} == {True}


def test_a_part_and_a_look(library: Library) -> None:
    answer = library.answer(Question("a lake with Wilhelmine"))
    assert set(names(library, answer)) == {"kw.jpg", "digikam_de.jpg"}
    assert answer.days is None
    assert answer.understood.looks == ("a lake",)
    plain = library.answer(Question("Wilhelmine Testperson", plain=("wilhelmine testperson",)))
    assert not plain.understood.parts
    assert set(names(library, plain, 2)) == {"kw.jpg", "digikam_de.jpg"}
    assert len(plain.ids) > 2


def test_dates_are_filters(library: Library) -> None:
    year = library.answer(Question("2015", stacked=False))
    assert year.ids.size
    assert {facts.taken.local.year for facts in year.facts if facts.taken} == {2015}
    rest = library.answer(Question("not 2015", stacked=False))
    assert not set(rest.ids.tolist()) & set(year.ids.tolist())
    assert len(rest.ids) + len(year.ids) == library.state().photos


@pytest.mark.parametrize("text", ["asdfqwerzxcv", "chien sur la plage", "perro en la playa"])
def test_what_the_encoder_does_not_know_is_said_and_nothing_surely_fits(
    library: Library, text: str
) -> None:
    answer = library.answer(Question(text))
    assert answer.unknown
    assert answer.relevant == 0
    assert len(answer.ids) > 3


def test_german_emoji_and_slips_are_read(library: Library) -> None:
    english = library.answer(Question("dog"))
    for text in ("Hund", "🐶"):
        answer = library.answer(Question(text))
        assert answer.ids.tolist() == english.ids.tolist()
        assert [change.read for change in answer.changes] == ["dog"]
    mended = library.answer(Question("Wilhlmine"))
    assert set(names(library, mended)) == {"kw.jpg", "digikam_de.jpg"}
    assert mended.changes[0].why == "spelling"
    kept = library.answer(Question("mountian", plain=("mountian",)))
    assert not kept.changes


def test_where_it_is_said_is_told_only_if_asked_for(library: Library) -> None:
    told = library.answer(Question("zeppelin"))
    silent = library.answer(Question("zeppelin", told=False))
    assert told.said and not silent.said
    assert told.ids.tolist() == silent.ids.tolist()
    explained = library.explain(Question("zeppelin", told=False), int(silent.ids[0]))
    assert explained is not None and explained.said == told.said[int(told.ids[0])]


def test_what_is_unwanted_alone_leaves_the_rest_by_date(library: Library) -> None:
    answer = library.answer(Question("-zeppelin", stacked=False))
    assert "kw.jpg" not in names(library, answer)
    assert answer.days is not None
    assert len(answer.ids) == library.state().photos - 1


def test_cats_or_dogs_are_looked_for_both(library: Library) -> None:
    either = library.answer(Question("mountains or a zeppelin"))
    assert names(library, either, 1) == ["kw.jpg"]
    assert set(library.answer(Question("mountains", count=2)).ids.tolist()) <= set(
        either.ids[:6].tolist()
    )


@pytest.mark.parametrize("personalize", [False, True])
def test_texts_that_are_asked_together_are_each_asked_as_alone(
    library: Library, tmp_path: Path, personalize: bool
) -> None:
    view = EncoderView(library.catalog, library.encoder, tmp_path, resident=False)
    view.prepare()
    matrix = view.searcher().matrix
    texts = ("my mountains", "a zeppelin", "our lake")
    together = ask_words(view, matrix, texts, personalize=personalize)
    assert len(together) == len(texts)
    for text, asked in zip(texts, together, strict=True):
        (alone,) = ask_words(view, matrix, [text], personalize=personalize)
        assert asked.text == text
        assert (asked.own is not None) == personalize
        np.testing.assert_allclose(asked.vector, alone.vector, rtol=0, atol=1e-5)


def test_names_complete_what_is_typed(library: Library) -> None:
    completed = library.complete("a lake with wilh")
    assert completed[0].text == "a lake with Wilhelmine Testperson"
    assert completed[0].suggestion.photos == 2
    [keyword] = [each for each in library.complete("zepp") if each.suggestion.field == "keyword"]
    assert keyword.text == 'keyword:"zeppelin"'
    assert names(library, library.answer(Question(keyword.text))) == ["kw.jpg"]
    assert library.complete("") == ()
    assert library.complete("with ") == ()


def test_without_real_photos_too(tmp_path: Path, make_photo: MakePhoto) -> None:
    """The album and the file's name are words too."""
    make_photo(tmp_path / "photos" / "Zermatt 2019" / "a.jpg", 1)
    make_photo(tmp_path / "photos" / "IMG_matterhorn.jpg", 2)
    make_photo(tmp_path / "photos" / "b.jpg", 3)
    with Library(tmp_path / "library.db") as library:
        library.index([os.fspath(tmp_path / "photos")])
        by_album = library.answer(Question("zermatt"))
        assert names(library, by_album, 1) == ["a.jpg"]
        assert by_album.said[int(by_album.ids[0])].field == "album"
        by_name = library.answer(Question("matterhorn"))
        assert names(library, by_name, 1) == ["IMG_matterhorn.jpg"]
        assert not by_name.unknown
        assert library.answer(Question("without asdfqwerzxcv")).unknown


def test_places_have_german_names_for_germans(library: Library) -> None:
    english = library.answer(Question("California"))
    german = library.answer(Question("Kalifornien", german=True))
    assert english.ids.size
    assert english.ids.tolist() == german.ids.tolist()
    assert [part.label for part in english.understood.parts] == ["California"]
    assert [part.label for part in german.understood.parts] == ["Kalifornien"]
    country = library.answer(Question("Fotos aus den Vereinigten Staaten", german=True))
    assert set(english.ids.tolist()) <= set(library.answer(Question("USA")).ids.tolist())
    assert country.ids.size
    [completed, *_] = library.complete("Kalif", german=True)
    assert completed.text == "Kalifornien"

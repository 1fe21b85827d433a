"""What a photo says of itself is found by typing it, and filters hold for it."""

import os
import sqlite3
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_photos_and_places import put
from tiny_encoder import TinyEncoder

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.database import connect
from capsearch.catalog.integrity import find_problems
from capsearch.catalog.records import (
    Companion,
    Condition,
    Content,
    Field,
    Filters,
    Place,
    Stamp,
    TextReason,
)
from capsearch.catalog.schema import STEPS
from capsearch.catalog.words import albums_of, name_text
from capsearch.indexing.run import index_folders
from capsearch.lab.kills.contents import contents
from capsearch.photos.metadata.model import Person, PhotoMetadata


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    with Catalog.open(tmp_path_factory.mktemp("words") / "library.db") as opened:
        yield opened


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog.open(tmp_path / "library.db") as opened:
        yield opened


def of(title: str | None = None, **told: object) -> PhotoMetadata:
    return PhotoMetadata(title=title, **told)  # type: ignore[arg-type]


def hits(catalog: Catalog, text: str) -> list[int]:
    return catalog.text_hits(text, 10).ids.tolist()


def passing(catalog: Catalog, field: Field, *values: str, negated: bool = False) -> list[int]:
    found = catalog.passing(Filters(conditions=(Condition(field, values, negated),)))
    assert found is not None
    return found.tolist()


EVERYTHING = of(
    "Tractor parade",
    texts=("Harvest festival in Quillbrook, 100% fun", "second"),
    keywords=("zeppelin", "Ernte Dank"),
    people=(Person("Wilhelmine Testperson", "xmp"),),
    camera="Canon EOS R5",
    place_names=("Annecy", "Zürich"),
)


@pytest.mark.parametrize(
    "text, field, value",
    [
        ("tractor", "title", "Tractor parade"),
        ("quillbrook", "text", EVERYTHING.texts[0]),
        ("Zeppelin", "keyword", "zeppelin"),
        ("wilhelmine", "person", "Wilhelmine Testperson"),
        ("Wilhelmine Testperson", "person", "Wilhelmine Testperson"),
        ("a photo of the zeppelin", "keyword", "zeppelin"),
        ("zepp", "keyword", "zeppelin"),
        ("annecy", "place", "Annecy"),
        ("ZURICH", "place", "Zürich"),
        ("Zu\u0308rich", "place", "Zürich"),
        ("canon", "camera", "Canon EOS R5"),
        ("alpine", "album", "2015 Alpine tour"),
        ("lake", "name", "IMG_2015_Blue-lakeHouse7.jpg"),
        ("house", "name", "IMG_2015_Blue-lakeHouse7.jpg"),
        ("IMG_2015_Blue-lakeHouse7", "name", "IMG_2015_Blue-lakeHouse7.jpg"),
        ("zeppelin annecy harvest", "place", "Annecy"),
        ("pictures", None, None),  # a word that says nothing of what is on them
        ("zeppelin berlin", None, None),
        ("the of", None, None),
        ("eppelin", None, None),
    ],
)
def test_typed_words_find_the_photo_that_has_them_all_and_are_named(
    empty: Catalog, text: str, field: str | None, value: str | None
) -> None:
    with empty.transaction():
        empty.add_folder("/home/me/Pictures")
    path = "/home/me/Pictures/2015 Alpine tour/IMG_2015_Blue-lakeHouse7.jpg"
    photo = put(empty, path, 1, EVERYTHING)
    put(empty, "/home/me/Pictures/other.jpg", 2, of())
    reasons = empty.text_reasons([photo], text)
    assert empty.text_reasons([photo], "zzz", text, "of") == reasons
    if field is None:
        assert hits(empty, text) == []
    else:
        assert hits(empty, text) == [photo]
        assert reasons == {photo: TextReason(field, value)}  # type: ignore[arg-type]
    assert hits(empty, "me") == hits(empty, "home") == []


def test_what_a_person_wrote_goes_before_what_a_camera_did(empty: Catalog) -> None:
    for number, told in enumerate(
        (of(camera="Bergen"), of(texts=("a walk in Bergen",)), of(keywords=("Bergen",)))
    ):
        put(empty, f"/p/{number}.jpg", number, told)
    put(empty, "/p/other.jpg", 7, of("A long title of other words"))
    found = empty.text_hits("bergen", 10)
    assert found.ids.tolist() == [3, 2, 1]
    assert (found.strengths[:-1] > found.strengths[1:]).all()
    assert (found.photos, len(empty.text_hits("bergen", 2).ids)) == (3, 2)


@given(st.text(st.characters(), max_size=40) | st.text("\"*():^-+{}\0'AND OR NOT 💥é", max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_nothing_that_can_be_typed_is_an_error(catalog: Catalog, text: str) -> None:
    photo = put(catalog, "/p/a.jpg", 1, EVERYTHING)
    for typed in (text, text * 30, f"zeppelin {text}"):
        assert catalog.holds(typed) == (catalog.text_hits(typed, 10).photos > 0)
        catalog.text_reasons([photo], typed)
        passing(catalog, "words", typed)


def test_every_word_of_a_long_text_can_be_asked_for(empty: Catalog) -> None:
    photo = put(empty, "/p/a.jpg", 1, EVERYTHING)
    assert hits(empty, "x" * 1000) == []
    assert hits(empty, "zeppelin " * 110) == [photo]
    assert hits(empty, " ".join(f"w{number}" for number in range(500))) == []


def test_signs_without_spaces_between_are_words(empty: Catalog) -> None:
    photo = put(empty, "/p/a.jpg", 1, of("我爱北京天安门"))
    assert hits(empty, "北京") == [photo]
    assert hits(empty, "京北") == []


def test_a_moved_folder_takes_its_new_name_and_a_lost_photo_its_words(empty: Catalog) -> None:
    with empty.transaction():
        empty.add_folder("/p")
    photo = put(empty, "/p/Harz/a.jpg", 1, of(keywords=("moss",)))
    assert empty.names("album") == (("Harz", 1), ("p", 1))
    with empty.transaction():
        empty.move_folder("/p", "/mnt/Wanderung")
    assert hits(empty, "wanderung") == hits(empty, "harz") == [photo]
    with empty.transaction():
        empty.mark_missing(["/mnt/Wanderung/Harz/a.jpg"])
    assert hits(empty, "moss") == []
    assert empty.names("keyword") == ()
    assert find_problems(empty) == ()
    with empty.transaction():
        empty.mark_present(["/mnt/Wanderung/Harz/a.jpg"])
    assert hits(empty, "moss") == [photo]


def test_albums_follow_the_librarys_folders(empty: Catalog) -> None:
    photo = put(empty, "/home/me/Pictures/Harz/a.jpg", 1, of())
    assert empty.names("album") == (("Harz", 1),)
    with empty.transaction():
        empty.add_folder("/home/me/Pictures/Harz")
    with empty.transaction():
        empty.add_folder("/home/me/Pictures")
    assert hits(empty, "harz") == [photo]
    assert [name for name, _ in empty.names("album")] == ["Harz", "Pictures"]
    with empty.transaction():
        empty.remove_folder("/home/me/Pictures")
    assert empty.names("album") == (("Harz", 1),)


@pytest.mark.parametrize(
    "roots, albums",
    [
        (["/a/b"], ["b", "c"]),
        (["/a/b", "/a"], ["a", "b", "c"]),
        (["/"], ["", "a", "b", "c"]),
        ([], ["c"]),
    ],
)
def test_albums_are_the_folders_from_the_librarys_own_down(
    roots: list[str], albums: list[str]
) -> None:
    assert albums_of("/a/b/c/photo.jpg", roots) == albums


def test_a_files_name_is_seen_in_its_parts() -> None:
    assert name_text("HarvestFestival2015.jpg").split() == [
        "HarvestFestival2015", "Harvest", "Festival", "2015",
    ]  # fmt: skip
    assert name_text("DSC 1.tar.jpg") == "DSC 1.tar"


def test_names_are_counted_in_whatever_spelling(empty: Catalog) -> None:
    for number, word in enumerate(("Zürich", "Zürich", "zurich", "Bern")):
        put(empty, f"/p/{number}.jpg", number, of(keywords=(word,)))
    assert empty.names("keyword") == (("Zürich", 3), ("Bern", 1))


@pytest.mark.parametrize(
    "field, values, found",
    [
        ("person", ("WILHELMINE testperson",), [1]),
        ("place", ("Zurich", "nowhere"), [1]),
        ("keyword", ("ernte dank",), [1]),
        ("keyword", ("ernte",), []),
        ("album", ("Alpine Tour",), [1]),
        ("camera", ("canon eos r5",), [1]),
        ("format", ("jpg",), [1, 2, 3]),
        ("format", ("png",), []),
        ("kind", ("video",), [2]),
        ("kind", ("raw", "favourite"), [2]),
        ("kind", ("screenshot",), [3]),
        ("rating", ("4",), [1]),
        ("rating", ("5",), []),
        ("dates", ("2015-12-25/2015-12-25",), [1]),
        ("dates", ("2014-01-01/2014-12-31", "2016-01-01/2016-12-31"), [2]),
        ("yearly", ("12-24/12-26",), [1]),
        ("yearly", ("12-30/01-02",), [2]),
        ("weekday", ("5",), [1, 2]),
        ("weekday", ("7", "6"), []),
        ("words", ("harvest festival",), [1]),
        ("words", ("festival harvest",), []),
        ("words", ("fun second",), []),  # of two texts
        ("words", ("!",), []),
        ("person", (), []),
        ("dates", (), []),
    ],
)
def test_each_condition_holds_for_the_photos_it_should_and_its_negation_for_all_others(
    catalog: Catalog, field: Field, values: tuple[str, ...], found: list[int]
) -> None:
    fill_for_conditions(catalog)
    assert passing(catalog, field, *values) == found
    others = [number for number in (1, 2, 3) if number not in found]
    assert passing(catalog, field, *values, negated=True) == others
    timeline, _ = catalog.timeline(Filters(conditions=(Condition(field, values),)))
    assert sorted(timeline.tolist()) == found


def fill_for_conditions(catalog: Catalog) -> None:
    from test_photos_and_places import described

    taken = [described(f"{day}T12:00:00").taken for day in ("2015-12-25", "2016-01-01")]
    put(catalog, "/p/Alpine tour/a.jpg", 1, of(
        "Tractor parade", texts=EVERYTHING.texts, keywords=EVERYTHING.keywords,
        people=EVERYTHING.people, camera=EVERYTHING.camera, place_names=EVERYTHING.place_names,
        rating=4, taken=taken[0],
    ))  # fmt: skip
    with catalog.transaction():
        photo = catalog.add_photo(Content((2).to_bytes(20, "big"), 2, 4, 3, "JPEG"))
        companions = tuple(Companion(f"/p/b.{end}", Stamp(1, 1)) for end in ("mov", "NEF"))
        told = of(favourite=True, taken=taken[1])
        catalog.place_photo(photo, Place("/p/b.jpg", Stamp(2, 7), told, b"", companions))
    put(catalog, "/p/Screenshot_2015.jpg", 3, of())


def test_conditions_are_all_to_hold_and_the_old_filters_compare_names_folded(
    catalog: Catalog,
) -> None:
    fill_for_conditions(catalog)
    person = Condition("person", ("Wilhelmine Testperson",))
    video = Condition("kind", ("video",))
    assert catalog.passing(Filters(conditions=(person, video))).tolist() == []  # type: ignore[union-attr]
    named = unicodedata.normalize("NFD", "wilhelmine TESTPERSON")
    assert catalog.passing(Filters(people=(named,))).tolist() == [1]  # type: ignore[union-attr]
    assert catalog.passing(Filters(cameras=("CANON eos R5",))).tolist() == [1]  # type: ignore[union-attr]


@pytest.mark.parametrize("field, value", [("dates", "soon"), ("rating", "x"), ("weekday", "Mo")])
def test_a_value_that_is_none_of_its_field_is_refused(
    catalog: Catalog, field: Field, value: str
) -> None:
    with pytest.raises(ValueError):
        passing(catalog, field, value)


def second_format(path: Path, library: Path) -> None:
    """Write what the library at `library` holds as its second format had it."""
    old = connect(path, read_only=False, steps=STEPS[:2])
    old.execute("PRAGMA foreign_keys = OFF")
    old.execute("ATTACH ? AS now", (os.fspath(library),))
    for (table,) in old.execute(
        "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall():
        columns = ", ".join(row[1] for row in old.execute(f"PRAGMA main.table_info({table})"))
        old.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM now.{table}")
    old.close()


def test_an_older_library_is_found_by_its_words_at_once_and_learns_titles_without_encoding(
    tmp_path: Path, shared_data: Path
) -> None:
    folder = shared_data / "reports" / "words"
    with Catalog.open(tmp_path / "new.db") as catalog:
        assert index_folders(catalog, TinyEncoder(), [os.fspath(folder)], workers=1).encoded == 3
        expected = contents(catalog)
    second_format(tmp_path / "library.db", tmp_path / "new.db")
    _forget_texts(tmp_path / "library.db")
    with Catalog.open(tmp_path / "library.db") as catalog:
        assert len(hits(catalog, "zeppelin")) == 1
        assert hits(catalog, "tractor") == []
        assert find_problems(catalog) == ()
        report = index_folders(catalog, TinyEncoder(), [os.fspath(folder)], workers=1)
        assert (report.encoded, report.photos, report.new) == (0, 3, 0)
        assert len(hits(catalog, "tractor")) == 1
        assert contents(catalog) == expected
        report = index_folders(catalog, TinyEncoder(), [os.fspath(folder)], workers=1)
        assert contents(catalog) == expected
    assert (tmp_path / "library.format-2.db").is_file()


def _forget_texts(path: Path) -> None:
    """As the version before, which kept none."""
    connection = sqlite3.connect(path)
    for key in ("title", "texts", "place_names"):
        connection.execute(f"UPDATE files SET metadata = json_remove(metadata, '$.{key}')")
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    "text, name, field",
    [
        ("zeppelin", "kw.jpg", "keyword"),
        ("Annecy", "kw.jpg", "place"),
        ("France", "kw.jpg", "place"),
        ("Wilhelmine", "kw.jpg digikam_de.jpg", "person"),
        ("Bergen", "digikam_de.jpg", "place"),
        ("tractor parade", "caption.jpg", "title"),
        ("harvest festival quillbrook", "caption.jpg", "text"),
    ],
)
def test_the_words_behind_public_reports_are_found(
    real_words: Catalog, text: str, name: str, field: str
) -> None:
    ids = real_words.text_hits(text, 5).ids.tolist()
    facts = real_words.facts(ids)
    assert {Path(facts[photo].paths[0]).name for photo in ids} == set(name.split())
    assert {reason.field for reason in real_words.text_reasons(ids, text).values()} == {field}


@pytest.fixture(scope="module")
def real_words(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    with Catalog.open(tmp_path_factory.mktemp("real") / "library.db") as opened:
        index_folders(
            opened, TinyEncoder(), [os.fspath(shared_data / "reports" / "words")], workers=1
        )
        yield opened


def test_a_persons_name_filters_by_that_person(real_words: Catalog) -> None:
    assert real_words.names("person") == (("Wilhelmine Testperson", 2),)
    assert len(passing(real_words, "person", "wilhelmine testperson")) == 2
    facts = real_words.facts(real_words.text_hits("quillbrook", 1).ids.tolist())
    [shown] = facts.values()
    assert shown.title == "Tractor parade"
    assert shown.texts == ("Harvest festival in Quillbrook with the tractor parade",)


def test_a_word_that_most_photos_have_finds_first_those_where_a_person_wrote_it(
    empty: Catalog,
) -> None:
    with empty.transaction():
        for number in range(1, 1203):
            photo = empty.add_photo(Content(number.to_bytes(20, "big"), number, 4, 3, "JPEG"))
            told = of(keywords=("Harz",)) if number % 100 == 0 else of()
            empty.place_photo(photo, Place(f"/p/Harz/{number}.jpg", Stamp(1, 1), told))
    found = empty.text_hits("harz", 20)
    assert found.photos == 1202
    assert found.ids.tolist() == [*range(1200, 0, -100), 1202, 1201, *range(1199, 1193, -1)]
    assert (np.diff(found.strengths) <= 0).all()
    every = empty.text_hits("harz", 5000)
    assert sorted(every.ids.tolist()) == list(range(1, 1203))
    assert len(every.strengths) == 1202

"""What is listed of a whole library is never out of date for good, and seldom waited for."""

import multiprocessing
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.records import Content, Place, Stamp
from capsearch.errors import CapsearchError
from capsearch.library import listing
from capsearch.library.listing import Listing
from capsearch.library.reading import QuestionReader
from capsearch.photos.metadata.model import Person, PhotoMetadata

ANNA, BEN = "Anna Muster", "Ben Beispiel"


def add_photo(path: Path, name: str) -> None:
    with Catalog.open(path) as catalog, catalog.transaction():
        photo = catalog.add_photo(Content(name.encode().ljust(20), 1, 9, 9, "JPEG"))
        metadata = PhotoMetadata(people=(Person(name, "xmp"),))
        catalog.place_photo(photo, Place(f"/photos/{name}.jpg", Stamp(1, 1), metadata))


def add_in_another_process(path: Path, name: str) -> None:
    process = multiprocessing.get_context("spawn").Process(target=add_photo, args=(path, name))
    process.start()
    process.join()
    assert process.exitcode == 0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "library.db"
    add_photo(made, ANNA)
    return made


@pytest.fixture
def always_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "_STALE_SECONDS", 0.0)


def people(catalog: Catalog) -> list[str]:
    return [name for name, _ in catalog.names("person")]


def test_one_question_knows_what_another_process_has_just_added(path: Path) -> None:
    with Catalog.open(path) as catalog:
        listed = Listing(catalog, people, resident=False)
        assert listed.get() == [ANNA]
        add_in_another_process(path, BEN)
        assert listed.get() == [ANNA, BEN]
        assert listed.get() is listed.get()


@pytest.mark.usefixtures("always_stale")
def test_of_many_questions_none_waits_and_the_names_follow(path: Path) -> None:
    let_go = threading.Event()
    let_go.set()

    def read(catalog: Catalog) -> list[str]:
        assert let_go.wait(60)
        return people(catalog)

    with Catalog.open(path) as catalog:
        listed = Listing(catalog, read, resident=True)
        assert listed.get() == [ANNA]
        add_in_another_process(path, BEN)
        let_go.clear()
        assert listed.get() == [ANNA] == listed.get()
        add_photo(path, "Clara Probe")  # while the others are listed
        let_go.set()
        listed.close()
        listed.get()
        listed.close()
        assert listed.get() == [ANNA, BEN, "Clara Probe"]


def test_looking_again_does_not_wait_until_the_list_is_old(path: Path) -> None:
    with Catalog.open(path) as catalog:
        listed = Listing(catalog, people, resident=True)
        assert listed.get() == [ANNA]
        add_photo(path, BEN)
        assert listed.get() == [ANNA]
        listed.look_again()
        listed.close()
        assert listed.get() == [ANNA, BEN]


@pytest.mark.usefixtures("always_stale")
def test_a_list_that_could_not_be_read_is_read_by_the_next_question(path: Path) -> None:
    failures: list[Callable[[], CapsearchError]] = []

    def read(catalog: Catalog) -> list[str]:
        if failures:
            raise failures.pop()()
        return people(catalog)

    with Catalog.open(path) as catalog:
        listed = Listing(catalog, read, resident=True)
        listed.get()
        add_photo(path, BEN)
        failures.append(lambda: CapsearchError("The disk hangs."))
        assert listed.get() == [ANNA]
        listed.close()
        listed.get()  # the old one or the new, whichever thread is quicker
        listed.close()
        assert listed.get() == [ANNA, BEN]


def test_a_new_name_is_completed_and_understood_after_a_look_again(path: Path) -> None:
    with Catalog.open(path) as catalog:
        reader = QuestionReader(catalog, "starter", resident=True)
        assert reader.complete("be", 8) == ()
        add_in_another_process(path, BEN)
        reader.look_again()
        reader.close()
        assert [found.text for found in reader.complete("be", 8)] == [BEN]
        (part,) = reader.read("ben beispiel").understood.parts
        assert (part.field, part.label) == ("person", BEN)

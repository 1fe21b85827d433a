"""Near copies are one result, the best one, that opens to all; and a list to clean up by."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from run_command import as_json, capsearch
from scenes import scene

from capsearch.library.facade import Library
from capsearch.library.values import Filters, IdArray, Question


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three photos, of the first a smaller and a more compressed copy."""
    photos = tmp_path / "photos"
    photos.mkdir()
    for seed in range(3):
        scene(seed).save(photos / f"IMG_{seed}.jpg", quality=92)
    scene(0).resize((320, 240)).save(photos / "IMG-20230101-WA0001.jpg", quality=60)
    scene(0).save(photos / "sent.jpg", quality=40)
    return photos


@pytest.fixture
def library(tmp_path: Path, folder: Path) -> Iterator[Library]:
    with Library(tmp_path / "library.db") as opened:
        opened.index([os.fspath(folder)])
        yield opened


def names(library: Library, ids: IdArray) -> list[str]:
    return [Path(facts.paths[0]).name for facts in library.facts(ids.tolist())]


def stacks(library: Library) -> list[list[str]]:
    return [
        [Path(copy.paths[0]).name for copy in (stack.best, *stack.others)]
        for stack in library.copy_stacks()
    ]


FIRST = ["IMG_0.jpg", "sent.jpg", "IMG-20230101-WA0001.jpg"]


def test_the_best_stands_for_all_and_opens_to_them(library: Library) -> None:
    assert stacks(library) == [FIRST]
    for ids in (library.answer(Question("a picture")).ids, library.timeline().ids):
        assert sorted(names(library, ids)) == ["IMG_0.jpg", "IMG_1.jpg", "IMG_2.jpg"]
        [best] = [facts for facts in library.facts(ids.tolist()) if facts.stacked]
        assert (Path(best.paths[0]).name, best.stacked) == ("IMG_0.jpg", 3)
        listed = library.answer(Question("near copies"))
        assert names(library, listed.ids) == ["IMG_0.jpg"]
        opened = library.answer(Question(copies_of=best.id))
        assert (names(library, opened.ids), opened.relevant) == (FIRST, 3)
    everything = Question("a picture", stacked=False)
    assert len(library.answer(everything).ids) == len(library.timeline(stacked=False).ids) == 5


def test_a_filter_that_the_best_does_not_pass_shows_another_of_the_stack(
    library: Library, folder: Path
) -> None:
    (folder / "sent").mkdir()
    for name in ("sent.jpg", "IMG-20230101-WA0001.jpg"):
        (folder / name).rename(folder / "sent" / name)
    library.index([os.fspath(folder)])
    filters = Filters(folders=(os.fspath(folder / "sent"),))
    ids = library.answer(Question("a picture", filters=filters)).ids
    assert names(library, ids)[0] in FIRST[1:]
    assert len(ids) == len(library.timeline(filters).ids) == 1


def test_stacks_follow_what_comes_and_goes(library: Library, folder: Path) -> None:
    scene(0).resize((1280, 960)).save(folder / "better.png")
    scene(1).save(folder / "other.jpg", quality=50)
    library.index([os.fspath(folder)])
    assert stacks(library) == [["IMG_1.jpg", "other.jpg"], ["better.png", *FIRST]]
    (folder / "better.png").unlink()
    (folder / "IMG_1.jpg").unlink()
    library.index([os.fspath(folder)])
    assert stacks(library) == [FIRST]
    for name in FIRST[1:]:
        (folder / name).unlink()
    library.index([os.fspath(folder)])
    assert stacks(library) == []
    assert not any(facts.stacked for facts in library.timeline().facts)


def test_few_that_come_to_many_are_stacked_as_all_at_once_would_be(
    tmp_path: Path, library: Library, folder: Path
) -> None:
    for seed in range(10, 60):
        scene(seed).save(folder / f"IMG_{seed}.jpg", quality=80)
    library.index([os.fspath(folder)])
    scene(17).save(folder / "again.jpg", quality=50)
    scene(0).save(folder / "sent again.jpg", quality=30)
    library.index([os.fspath(folder)])
    with Library(tmp_path / "whole.db") as whole:
        whole.index([os.fspath(folder)])
        assert stacks(library) == stacks(whole)
    assert stacks(library) == [
        [*FIRST[:2], "sent again.jpg", FIRST[2]],
        ["IMG_17.jpg", "again.jpg"],
    ]


def test_the_command_lists_them_and_touches_nothing(library: Library, folder: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    done = capsearch("copies", "--library", library.path, "--json")
    [stack] = as_json(done)["stacks"]
    assert [Path(photo["path"]).name for photo in stack["photos"]] == FIRST
    assert stack["spare_bytes"] == sum((folder / name).stat().st_size for name in FIRST[1:])
    told = capsearch("copies", "--library", library.path)
    assert told.returncode == 0
    assert "2 near copies of 1 photo" in told.stdout
    assert before == {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    searched = ("search", "a picture", "--library", library.path)
    found = as_json(capsearch(*searched, "-n", "3", "--json"))["results"]
    assert len(found) == 3
    assert {Path(photo["path"]).name: photo["stacked"] for photo in found}["IMG_0.jpg"] == 3
    assert "(one of 3 near copies)" in capsearch(*searched).stdout
    assert len(as_json(capsearch(*searched, "--no-stack", "--json"))["results"]) == 5
    missing = capsearch("copies", "--library", library.path.with_name("none.db"))
    assert missing.returncode == 2 and missing.stderr.startswith("capsearch: ")


def test_reported_copies_are_one_result(shared_data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    for source in (shared_data / "reports/pairs").glob("IMG*.jpg"):
        shutil.copy2(source, folder)
    for source in (shared_data / "library/trip").glob("*.jpg"):
        shutil.copy2(source, folder)
    with Library(tmp_path / "library.db") as library:
        library.index([os.fspath(folder)])
        assert stacks(library) == [
            ["IMG_5000.jpg", "IMG-20230101-WA0001.jpg", "IMG_5000 (copy resized).jpg"]
        ]

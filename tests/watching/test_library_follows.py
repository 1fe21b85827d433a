"""The library keeps up with its folders, with the bundled encoder, as the window uses it."""

import os
import queue
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from capsearch.indexing.scope import Scope
from capsearch.library.facade import Library
from capsearch.library.values import Question
from capsearch.watching import Changes, LibraryWatcher


@pytest.fixture
def folder(tmp_path: Path, make_photo) -> Path:
    for seed in range(3):
        make_photo(tmp_path / "photos" / f"{seed}.jpg", seed)
    return tmp_path / "photos"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library.db") as opened:
        yield opened


def found(library: Library) -> dict[str, bool]:
    """What a search finds, by name, and whether it is marked offline."""
    facts = library.answer(Question("a dog")).facts
    return {Path(known.paths[0]).name: known.offline for known in facts}


def test_what_a_watcher_tells_is_found_by_the_next_search(
    library: Library, folder: Path, make_photo
) -> None:
    library.index([os.fspath(folder)])
    told: queue.Queue[Changes] = queue.Queue()
    with LibraryWatcher([os.fspath(folder)], told.put):
        make_photo(folder / "sub" / "new.jpg", 9)
        (folder / "0.jpg").unlink()
        while found(library).keys() != {"1.jpg", "2.jpg", "new.jpg"}:
            changes = told.get(timeout=20)
            library.index_changes(changes.scopes, unsettled=changes.unsettled)


def test_photos_of_an_unplugged_folder_are_found_and_marked(library: Library, folder: Path) -> None:
    library.index([os.fspath(folder)])
    assert found(library) == {"0.jpg": False, "1.jpg": False, "2.jpg": False}
    folder.rename(folder.parent / "unplugged")
    library.index_changes([Scope(os.fspath(folder))])
    assert found(library) == {"0.jpg": True, "1.jpg": True, "2.jpg": True}


def test_a_folder_taken_out_leaves_the_results_and_comes_back_without_encoding(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    shutil.move(folder / "2.jpg", other / "2.jpg")
    library.index([os.fspath(folder), os.fspath(other)])
    library.remove_folder(os.fspath(other))
    assert found(library).keys() == {"0.jpg", "1.jpg"}
    assert library.index([os.fspath(other)]).encoded == 0
    library.set_exclusions(os.fspath(folder), ["1.*"])
    library.index([os.fspath(folder)])
    assert found(library).keys() == {"0.jpg", "2.jpg"}

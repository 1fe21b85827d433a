"""The engine keeps up with its folders, with the bundled encoder, as the window uses it."""

import os
import queue
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from capsearch.indexing import Scope
from capsearch.library.facade import Engine
from capsearch.watching import Changes, LibraryWatcher


@pytest.fixture
def folder(tmp_path: Path, make_photo) -> Path:
    for seed in range(3):
        make_photo(tmp_path / "photos" / f"{seed}.jpg", seed)
    return tmp_path / "photos"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with Engine(tmp_path / "library.db") as opened:
        yield opened


def found(engine: Engine) -> dict[str, bool]:
    """What a search finds, by name, and whether it is marked offline."""
    return {Path(r.path).name: r.offline for r in engine.search("a dog", 100).results}


def test_what_a_watcher_tells_is_found_by_the_next_search(
    engine: Engine, folder: Path, make_photo
) -> None:
    engine.index([os.fspath(folder)])
    told: queue.Queue[Changes] = queue.Queue()
    with LibraryWatcher([os.fspath(folder)], told.put):
        make_photo(folder / "sub" / "new.jpg", 9)
        (folder / "0.jpg").unlink()
        while found(engine).keys() != {"1.jpg", "2.jpg", "new.jpg"}:
            changes = told.get(timeout=20)
            engine.index_changes(changes.scopes, unsettled=changes.unsettled)


def test_photos_of_an_unplugged_folder_are_found_and_marked(engine: Engine, folder: Path) -> None:
    engine.index([os.fspath(folder)])
    assert found(engine) == {"0.jpg": False, "1.jpg": False, "2.jpg": False}
    folder.rename(folder.parent / "unplugged")
    engine.index_changes([Scope(os.fspath(folder))])
    assert found(engine) == {"0.jpg": True, "1.jpg": True, "2.jpg": True}


def test_a_folder_taken_out_leaves_the_results_and_comes_back_without_encoding(
    engine: Engine, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    shutil.move(folder / "2.jpg", other / "2.jpg")
    engine.index([os.fspath(folder), os.fspath(other)])
    engine.remove_folder(os.fspath(other))
    assert found(engine).keys() == {"0.jpg", "1.jpg"}
    assert engine.index([os.fspath(other)]).encoded == 0
    engine.set_exclusions(os.fspath(folder), ["1.*"])
    engine.index([os.fspath(folder)])
    assert found(engine).keys() == {"0.jpg", "2.jpg"}

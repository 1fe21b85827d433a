"""Below a folder, by names: at the root, with separators at the end, with a like beginning."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capsearch.catalog.sql import path_range
from capsearch.paths import joined, lies_in, moved_with, prefix_of
from capsearch.photos.walk import walk

pytestmark = pytest.mark.skipif(os.sep != "/", reason="paths as Linux and macOS write them")

NAMES = st.lists(st.text("ab. é\udcff", min_size=1, max_size=4), max_size=4)
ENDS = st.sampled_from(["", "/", "//"])


@pytest.mark.parametrize(
    ("path", "folder", "inside"),
    [
        ("/a/b/1.jpg", "/a/b", True),
        ("/a/b/1.jpg", "/a/b/", True),
        ("/a/b/c/1.jpg", "/a", True),
        ("/a/b", "/a/b", True),
        ("/a/b", "/a/b/", True),
        ("/a/b/", "/a/b", True),
        ("/a/bc", "/a/b", False),
        ("/a/bc/1.jpg", "/a/b", False),
        ("/a", "/a/b", False),
        ("/a/b", "/", True),
        ("/", "/", True),
        ("/", "/a", False),
        ("/a/B/1.jpg", "/a/b", False),
    ],
)
def test_what_lies_in_a_folder(path: str, folder: str, inside: bool) -> None:
    assert lies_in(path, folder) is inside


def test_a_path_goes_with_the_folder_that_it_is_or_lies_in() -> None:
    moved = [("/media/a", "/mnt/b/")]
    assert moved_with("/media/a", moved) == "/mnt/b/"
    assert moved_with("/media/a/x/y.jpg", moved) == "/mnt/b/x/y.jpg"
    assert moved_with("/media/ab", moved) == "/media/ab"


def test_names_are_joined_with_one_separator() -> None:
    assert joined("/", "1.jpg") == "/1.jpg"
    assert joined("/a/", "1.jpg") == joined("/a", "1.jpg") == "/a/1.jpg"
    assert (prefix_of("/"), prefix_of("/a"), prefix_of("/a//")) == ("/", "/a/", "/a/")


@given(NAMES, NAMES, ENDS)
def test_the_catalogs_range_and_the_names_agree(
    path: list[str], folder: list[str], end: str
) -> None:
    there, above = "/" + "/".join(path), "/" + "/".join(folder)
    low, high = path_range(above + end)
    below = low <= os.fsencode(there) < high
    assert lies_in(there, above + end) == (below or there.rstrip("/") == above.rstrip("/"))


@given(NAMES.filter(bool), ENDS)
def test_what_is_joined_lies_in_the_folder(names: list[str], end: str) -> None:
    folder = "/" + "/".join(names[:-1]) + end
    assert lies_in(joined(folder, names[-1]), folder)


def test_a_walk_from_beside_its_root_finds_nothing(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "bc").mkdir()
    (tmp_path / "bc" / "1.jpg").touch()
    root = os.fspath(tmp_path / "b")
    assert list(walk(root, start=os.fspath(tmp_path / "bc"))) == []
    assert [f.path for f in walk(f"{root}c/", start=f"{root}c")] == [f"{root}c/1.jpg"]

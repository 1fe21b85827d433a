"""Finding photos on disk."""

import os
import sys
from pathlib import Path

import pytest

from capsearch.photos.walk import FoundFile, WalkProblem, holds_nothing, is_photo_name, walk

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX file system")


def put(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def names(root: Path, *exclude: str) -> list[str]:
    found = list(walk(root, exclude))
    assert all(isinstance(item, FoundFile) for item in found)
    return [Path(item.path).relative_to(root).as_posix() for item in found]


def test_files_come_in_a_fixed_order_whatever_order_they_were_made_in(tmp_path: Path) -> None:
    put(tmp_path, "b/2.jpg", "a/9.jpg", "c.jpg", "b/1.jpg", "a/z/0.jpg")
    assert names(tmp_path) == ["a/9.jpg", "a/z/0.jpg", "b/1.jpg", "b/2.jpg", "c.jpg"]


def test_size_and_time_are_those_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"12345")
    os.utime(tmp_path / "a.jpg", ns=(0, 1_500_000_000_123_456_700))
    (found,) = walk(tmp_path)
    info = (tmp_path / "a.jpg").stat()
    assert found == FoundFile(os.fspath(tmp_path / "a.jpg"), 5, info.st_mtime_ns)


def test_hidden_things_waste_bins_and_other_programs_caches_are_passed_over(
    tmp_path: Path,
) -> None:
    put(
        tmp_path,
        ".hidden/a.jpg", ".a.jpg", "._a.jpg", "@eaDir/a.jpg", "sub/@eaDir/a.jpg",
        ".thumbnails/a.jpg", "#recycle/a.jpg", "$RECYCLE.BIN/a.jpg", ".Trash-1000/a.jpg",
        ".Trashes/a.jpg", "lost+found/a.jpg", "Thumbs.db", "Cat Previews.lrdata/a.jpg",
        ".picasaoriginals/a.jpg", "System Volume Information/a.jpg", "kept/a.jpg",
    )  # fmt: skip
    assert names(tmp_path) == ["kept/a.jpg"]


def test_exclusions_match_names_and_paths_from_the_root(tmp_path: Path) -> None:
    put(tmp_path, "a/private/1.jpg", "private.jpg", "b/c/2.jpg", "b/d/3.jpg", "4.png")
    assert names(tmp_path, "private") == ["4.png", "b/c/2.jpg", "b/d/3.jpg", "private.jpg"]
    assert names(tmp_path, "b/c/", "*.png") == ["a/private/1.jpg", "b/d/3.jpg", "private.jpg"]
    assert names(tmp_path, "b/*", "a") == ["4.png", "private.jpg"]


@posix_only
def test_a_linked_folder_is_entered_once_and_a_loop_ends(tmp_path: Path) -> None:
    put(tmp_path, "a/1.jpg", "outside/2.jpg")
    root = tmp_path / "a"
    (root / "loop").symlink_to(root, target_is_directory=True)
    (root / "out").symlink_to(tmp_path / "outside", target_is_directory=True)
    (root / "out again").symlink_to(tmp_path / "outside", target_is_directory=True)
    assert names(root) == ["1.jpg", "out/2.jpg"]


@posix_only
def test_a_broken_link_is_a_problem_and_never_stops_the_walk(tmp_path: Path) -> None:
    put(tmp_path, "a.jpg", "z.jpg")
    (tmp_path / "gone.jpg").symlink_to(tmp_path / "nowhere.jpg")
    found = list(walk(tmp_path))
    assert [type(item) for item in found] == [FoundFile, WalkProblem, FoundFile]
    assert found[1] == WalkProblem(
        os.fspath(tmp_path / "gone.jpg"), "this file is not there (any more)"
    )


@posix_only
def test_a_pipe_and_a_socket_named_like_photos_are_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    put(tmp_path, "a.jpg")
    assert names(tmp_path) == ["a.jpg"]


def test_a_folder_named_like_a_photo_is_a_folder(tmp_path: Path) -> None:
    put(tmp_path, "folder.jpg/in.jpg")
    assert names(tmp_path) == ["folder.jpg/in.jpg"]


@posix_only
def test_names_of_any_bytes_come_through_whole(tmp_path: Path) -> None:
    name = b"\xff\xfe odd \xc3\xa9.jpg"
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(b"x")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    (found,) = walk(tmp_path)
    assert isinstance(found, FoundFile)
    assert os.fsencode(found.path).endswith(name)


@posix_only
def test_very_deep_paths_are_walked(tmp_path: Path) -> None:
    deep = "/".join(["a folder with a rather long name"] * 12)
    put(tmp_path, f"{deep}/1.jpg")
    assert names(tmp_path) == [f"{deep}/1.jpg"]


@posix_only
def test_an_unreadable_folder_is_said_and_the_rest_is_walked(tmp_path: Path) -> None:
    put(tmp_path, "locked/1.jpg", "open/2.jpg")
    (tmp_path / "locked").chmod(0)
    try:
        if os.access(tmp_path / "locked", os.R_OK):
            pytest.skip("this user may read everything")
        found = list(walk(tmp_path))
    finally:
        (tmp_path / "locked").chmod(0o700)
    problem, photo = found
    assert isinstance(photo, FoundFile)
    assert isinstance(problem, WalkProblem)
    assert problem.reason == "no permission to read this folder"


def test_a_root_that_is_missing_or_a_file_is_a_problem(tmp_path: Path) -> None:
    put(tmp_path, "a.jpg")
    (missing,) = walk(tmp_path / "nowhere")
    (not_a_folder,) = walk(tmp_path / "a.jpg")
    assert isinstance(missing, WalkProblem)
    assert missing.reason == "this folder is not there (any more)"
    assert isinstance(not_a_folder, WalkProblem)
    assert not_a_folder.reason == "this is a file, not a folder"


@pytest.mark.parametrize("name", ["a.jpg", "A.JPEG", "b.HEIC", "d.jxl", "e.x.avif", "f.MP4"])
def test_photos_are_known_by_name(name: str) -> None:
    assert is_photo_name(name)


@pytest.mark.parametrize(
    "name", ["a.mp3", "a.ts", "a.jpg.xmp", "jpg", ".jpg", "a.txt", "a.jpg~", ""]
)
def test_other_files_are_not_taken_for_photos(name: str) -> None:
    assert not is_photo_name(name)


def test_everything_in_the_sample_library_is_found_once(shared_data: Path) -> None:
    root = shared_data / "library"
    found = list(walk(root))
    assert all(isinstance(item, FoundFile) for item in found)
    assert len({item.path for item in found}) == len(found) == 150
    assert sum(is_photo_name(item.path) for item in found) == 144


def test_a_walk_may_start_below_its_root_and_keeps_the_roots_exclusions(tmp_path: Path) -> None:
    for name in ("a/b/x.jpg", "a/b/deep/y.jpg", "a/skip/z.jpg", ".hidden/h.jpg", "o.jpg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")

    def below(start: str, exclude: tuple[str, ...] = (), deep: bool = True) -> list[str]:
        found = walk(tmp_path, exclude, start=os.fspath(tmp_path / start), deep=deep)
        return [os.path.relpath(item.path, tmp_path) for item in found]

    assert below("a/b") == ["a/b/deep/y.jpg", "a/b/x.jpg"]
    assert below("a/b", deep=False) == ["a/b/x.jpg"]
    assert below("a/b", ("a/b/*.jpg",), deep=False) == []
    assert below("a/skip", ("skip",)) == []
    assert below(".hidden") == []
    assert below("a/gone") == []
    assert below("", deep=False) == ["o.jpg"]


def test_a_walk_from_below_a_root_that_is_away_is_a_problem(tmp_path: Path) -> None:
    [problem] = walk(tmp_path / "away", start=os.fspath(tmp_path / "away" / "sub"))
    assert isinstance(problem, WalkProblem)


def test_picasas_hidden_file_is_seen_and_unfinished_downloads_are_not(tmp_path: Path) -> None:
    (tmp_path / ".picasa.ini").write_bytes(b"")
    (tmp_path / "x.jpg.download").mkdir()
    (tmp_path / "x.jpg.download" / "x.jpg").write_bytes(b"")
    assert [Path(item.path).name for item in walk(tmp_path)] == [".picasa.ini"]


def test_what_every_walk_passes_over_is_nothing_of_a_persons(tmp_path: Path) -> None:
    for name in (".Trash-1000", "Lost+Found", "@eaDir", "System Volume Information"):
        (tmp_path / name).mkdir()
    for name in (".DS_Store", "Thumbs.db", "Desktop.ini"):
        (tmp_path / name).touch()
    assert holds_nothing(os.fspath(tmp_path))
    for name in ("thumbs.db.jpg", "notes.txt", ".picasa.ini"):
        (tmp_path / name).touch()
        assert not holds_nothing(os.fspath(tmp_path))
        (tmp_path / name).unlink()
    (tmp_path / "2020").mkdir()
    assert not holds_nothing(os.fspath(tmp_path))

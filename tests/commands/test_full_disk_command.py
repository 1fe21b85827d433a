"""Commands whose library lies on a disk that is full or read-only, as a user meets them."""

from pathlib import Path

import pytest
from make_photo import make_photo
from run_command import as_json, assert_refused, capsearch
from small_disk import SmallDisk
from test_watch import watch


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for seed in range(3):
        make_photo(tmp_path / "photos" / f"{seed}.jpg", seed)
    return tmp_path / "photos"


@pytest.mark.parametrize(
    ("trouble", "words"), [("full", "no room left"), ("read_only", "read-only")]
)
def test_whatever_writes_is_refused_in_one_line_and_done_once_it_can_be(
    trouble: str, words: str, folder: Path, disk: SmallDisk, tmp_path: Path
) -> None:
    library, other = disk.path / "library.db", tmp_path / "other"
    make_photo(other / "o.jpg", 9)
    assert capsearch("index", folder, "--library", library).returncode == 0
    (tmp_path / "moved").mkdir()
    with getattr(disk, trouble)():
        for command in (
            ("index", other),
            ("watch",),
            ("folders", "add", other),
            ("folders", "exclude", folder, "*.png"),
            ("folders", "remove", folder),
            ("folders", "rename", folder, tmp_path / "moved"),
            ("models", "forget", "other"),
        ):
            refused = capsearch(*command, "--library", library)
            assert_refused(refused)
            assert words in refused.stderr, command
    done = as_json(capsearch("index", other, "--library", library, "--json"))
    assert (done["photos"], done["encoded"]) == (1, 1)
    assert "photos in 4 files, 0 failures" in capsearch("doctor", "--library", library).stdout


def test_watch_says_once_that_the_disk_is_full_and_takes_the_photos_when_there_is_room(
    folder: Path, disk: SmallDisk
) -> None:
    library = disk.path / "library.db"
    with watch(folder, "--library", library) as watching:
        watching.until(lambda line: line.endswith("  3 new"))
        with disk.full():
            for seed in range(3, 60):  # more than what the log has room for already
                make_photo(folder / f"{seed}.jpg", seed)
            watching.until(lambda line: "no room left" in line)
        told: list[str] = []

        def are_taken(line: str) -> bool:
            told.append(line)
            return line.endswith(" new")

        watching.until(are_taken)
        assert not [line for line in told if "no room left" in line]

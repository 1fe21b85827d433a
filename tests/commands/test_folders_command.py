"""`capsearch folders`: what is listed, added, removed, left out and found at another place."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from make_photo import MakePhoto
from run_command import as_json, assert_refused, capsearch


@pytest.fixture
def photos(tmp_path: Path, make_photo: MakePhoto) -> Path:
    """Four photos, one of them in a folder of its own, one also in the folder `other`."""
    folder = tmp_path / "photos"
    for seed in range(3):
        make_photo(folder / f"{seed}.jpg", seed)
    make_photo(folder / "private" / "3.jpg", 3)
    make_photo(tmp_path / "other" / "copy.jpg", 0)
    return folder


@pytest.fixture
def indexed(photos: Path) -> Path:
    done = as_json(capsearch("index", photos, photos.parent / "other", "--json"))
    assert done["photos"] == 4
    return photos


def folders() -> dict[str, int]:
    listed = as_json(capsearch("folders", "list", "--json"))["folders"]
    return {each["path"]: each["photos"] for each in listed}


def test_a_folder_is_added_at_once_and_encoded_by_the_next_run(photos: Path) -> None:
    assert "no folders yet" in capsearch("folders", "list").stdout
    assert_refused(capsearch("index"))
    added = capsearch("folders", "add", photos)
    assert added.returncode == 0, added.stderr
    assert "`capsearch index` encodes its photos" in added.stdout
    assert folders() == {os.fspath(photos): 0}
    assert f"{photos}: 0 photos, new" in capsearch("folders", "list").stdout
    assert as_json(capsearch("index", "--json"))["encoded"] == 4
    assert folders() == {os.fspath(photos): 4}
    assert "is in the library already" in capsearch("folders", "add", photos).stdout


def test_a_folder_inside_another_or_above_it_can_be_added_and_is_told(photos: Path) -> None:
    inner, outer = photos / "private", photos.parent
    first = as_json(capsearch("folders", "add", photos, inner, "--json"))["added"]
    assert [each["inside"] for each in first] == [[], [os.fspath(photos)]]
    said = capsearch("folders", "add", outer).stdout
    assert f"{photos}, which lies in it, stays a folder of its own." in said


def test_nothing_is_added_where_one_of_the_folders_is_not_there(photos: Path) -> None:
    assert_refused(capsearch("folders", "add", photos, photos / "nowhere"))
    assert folders() == {}


def test_removing_says_what_goes_and_leaves_what_others_hold(indexed: Path) -> None:
    refused = capsearch("folders", "remove", indexed)
    assert_refused(refused)
    assert "3 photos leave the library; 1 others stay" in refused.stderr
    assert "--yes" in refused.stderr
    shutil.rmtree(indexed)
    done = as_json(capsearch("folders", "remove", indexed, "--yes", "--json"))
    assert (done["leaving"], done["staying"]) == (3, 1)
    assert folders() == {os.fspath(indexed.parent / "other"): 1}
    unknown = capsearch("folders", "remove", indexed, "--yes")
    assert_refused(unknown)
    assert os.fspath(indexed.parent / "other") in unknown.stderr


def test_a_removed_folder_that_is_added_again_is_not_encoded_again(indexed: Path) -> None:
    assert capsearch("folders", "remove", indexed, "--yes").returncode == 0
    assert capsearch("folders", "add", indexed).returncode == 0
    done = as_json(capsearch("index", "--json"))
    assert (done["photos"], done["encoded"]) == (4, 0)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")
@pytest.mark.parametrize(("typed", "left"), [("\n", 2), ("n\n", 2), ("y\n", 1)])
def test_on_a_terminal_removing_asks_first(indexed: Path, typed: str, left: int) -> None:
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "capsearch", "folders", "remove", os.fspath(indexed)],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.write(ours, typed.encode())
    said = "".join(process.communicate(timeout=60))
    os.close(ours)
    os.close(theirs)
    assert process.returncode == 0
    assert "3 photos leave the library" in said
    assert "[y/N]" in said
    assert len(folders()) == left


def test_what_is_left_out_of_a_folder_is_remembered_and_can_be_taken_back(indexed: Path) -> None:
    done = capsearch("folders", "exclude", indexed, "private", "0.*")
    assert done.returncode == 0, done.stderr
    assert "private, 0.*" in done.stdout
    assert "`capsearch index` lets go of their photos" in done.stdout
    assert as_json(capsearch("index", "--json"))["photos"] == 3
    assert folders()[os.fspath(indexed)] == 2
    wrong = capsearch("folders", "exclude", indexed, "--undo", "nothing")
    assert_refused(wrong)
    assert "'private', '0.*'" in wrong.stderr
    back = as_json(capsearch("folders", "exclude", indexed, "private", "--undo", "--json"))
    assert back["exclude"] == ["0.*"]
    again = as_json(capsearch("index", "--json"))
    assert (again["photos"], again["encoded"]) == (4, 0)


def test_exclusions_of_a_run_are_remembered_with_its_folders(photos: Path) -> None:
    run = ("index", photos, "--json")
    assert as_json(capsearch(*run, "--exclude", "private"))["photos"] == 3
    assert as_json(capsearch(*run, "--exclude", "2.*"))["photos"] == 2
    assert as_json(capsearch(*run))["photos"] == 2
    (listed,) = as_json(capsearch("folders", "list", "--json"))["folders"]
    assert listed["exclude"] == ["private", "2.*"]


def test_a_renamed_folder_is_taken_over_without_reading_a_photo(indexed: Path) -> None:
    new = indexed.with_name("pictures")
    indexed.rename(new)
    away = as_json(capsearch("index", "--json"))
    assert len(away["failed"]) == 1
    assert f"{indexed} (offline): 4 photos" in capsearch("folders", "list").stdout
    wrong = capsearch("folders", "rename", indexed, indexed.parent / "other")
    assert_refused(wrong)
    assert "of 4 files looked for, 0 were there" in wrong.stderr
    done = as_json(capsearch("folders", "rename", indexed, new, "--json"))
    assert (done["path"], done["photos"], done["online"]) == (os.fspath(new), 4, True)
    found = as_json(capsearch("search", "a dog", "--json"))["results"]
    assert not any(result["offline"] for result in found)
    assert sum(Path(result["path"]).is_relative_to(new) for result in found) >= 3
    done = as_json(capsearch("index", "--json"))
    assert (done["photos"], done["encoded"], done["failed"]) == (4, 0, [])


def test_what_is_no_folder_of_the_library_is_one_sentence(photos: Path) -> None:
    assert capsearch("folders", "add", photos).returncode == 0
    for arguments in (
        ("remove", "elsewhere", "--yes"),
        ("exclude", "elsewhere", "x"),
        ("rename", "elsewhere", photos),
        ("rename", photos, "elsewhere"),
        ("rename", photos, photos / "private"),
    ):
        assert_refused(capsearch("folders", *arguments))


def test_a_library_that_is_not_there_yet_has_no_folders(tmp_path: Path) -> None:
    library = tmp_path / "none.db"
    assert json.loads(capsearch("folders", "list", "--json", "--library", library).stdout) == {
        "folders": []
    }
    assert_refused(capsearch("folders", "remove", ".", "--yes", "--library", library))
    assert not library.exists()


def test_a_waste_bin_is_left_out_until_it_is_added_by_itself(
    photos: Path, make_photo: MakePhoto
) -> None:
    make_photo(photos / "#recycle" / "deleted.jpg", 9)
    assert as_json(capsearch("index", photos, "--json"))["photos"] == 4
    assert "add it by itself" in " ".join(capsearch("folders", "add", "--help").stdout.split())
    capsearch("folders", "add", photos / "#recycle")
    assert as_json(capsearch("index", "--json"))["photos"] == 5

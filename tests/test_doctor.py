"""What `capsearch doctor` says of a library and of the disk."""

import os
from pathlib import Path

import pytest
from make_photo import MakePhoto
from tiny_library import open_tiny_library

from capsearch.commands.doctor import examine, examine_disk
from capsearch.settings import HOME_VARIABLE, Settings


def problems_of_disk(library: Path) -> list[str]:
    return [said for said in examine(library).problems if "folder" in said or "free" in said]


def test_the_encoder_that_searches_the_library_is_named_not_that_of_the_settings(
    tmp_path: Path, make_photo: MakePhoto
) -> None:
    library = tmp_path / "library.db"
    Settings(encoder="another/model").save()
    assert examine(library).encoder == "another/model"
    photo = make_photo(tmp_path / "photos" / "a.jpg")
    with open_tiny_library(library, Settings.load(), "tiny") as tiny:
        tiny.index([os.fspath(photo.parent)])
    assert examine(library).encoder == "tiny"


@pytest.mark.parametrize("home", ["here", "not/yet/made"])
def test_a_folder_that_is_still_to_be_made_is_no_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in (Path(home), tmp_path / home):
        monkeypatch.setenv(HOME_VARIABLE, os.fspath(folder))
        assert problems_of_disk(tmp_path / "library.db") == []


class MissingDrive(type(Path())):  # type: ignore[misc]
    """A path on a drive that is not connected: on Windows not even the root of such is there."""

    def __fspath__(self) -> str:
        return f"/no/such/drive{self}"


def test_a_missing_drive_is_one_sentence() -> None:
    problems: list[str] = []
    folder = MissingDrive("/home/capsearch")
    examine_disk(folder, problems)
    assert problems == [
        f"The drive of CapSearch's folder {folder} is not there. "
        f"Connect it, or set {HOME_VARIABLE} to another folder."
    ]

"""Settings survive, and a file that is not right is refused in one sentence."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from capsearch.errors import CapsearchError
from capsearch.settings import Settings, default_library, settings_path


def test_everything_lives_under_the_home_that_is_set(own_home: Path) -> None:
    assert default_library().parent == own_home
    assert settings_path().parent == own_home


def test_without_a_file_the_defaults_hold() -> None:
    assert Settings.load() == Settings()


def test_what_is_saved_is_loaded_again() -> None:
    settings = Settings(encoder="ViT-B-32/openai", personalize=False, exclude=("*.tmp", "private"))
    settings.save()
    assert Settings.load() == settings


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        json.dumps({"version": 99}),
        json.dumps({"version": 1, "personalize": "yes"}),
        json.dumps({"version": 1, "personalize": 1}),
        json.dumps({"version": 1, "exclude": [1]}),
        json.dumps({"version": 1, "exclude": ["private", None]}),
        json.dumps({"version": 1, "exclude": [["private"]]}),
        json.dumps({"version": 1, "exclude": "private"}),
        json.dumps({"version": 1, "encoder": None}),
        json.dumps({"version": None}),
        json.dumps({"encoder": "starter"}),
    ],
)
def test_a_file_that_is_not_right_is_refused_and_kept(text: str) -> None:
    settings_path().write_text(text)
    with pytest.raises(CapsearchError) as refused:
        Settings.load()
    assert refused.value.next_step
    assert settings_path().read_text() == text


def test_a_wrong_item_is_one_sentence_of_the_command_and_a_next_step() -> None:
    settings_path().write_text(json.dumps({"version": 1, "exclude": [1]}))
    done = subprocess.run(
        [sys.executable, "-m", "capsearch", "search", "a dog"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "'exclude'" in done.stderr and "Mend it or delete the file." in done.stderr


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CapsearchError, match="cannot be saved"):
        Settings().save(tmp_path / "file" / "settings.json")

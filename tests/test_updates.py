"""A new version over an old library and settings, and the old version again."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from make_photo import make_photo
from run_command import as_json, assert_refused, capsearch

from capsearch.catalog.schema import STEPS

NEXT_VERSION = """
import sys
from capsearch.catalog import schema
schema.STEPS = (*schema.STEPS, ("ALTER TABLE photos ADD COLUMN mood TEXT",))
from capsearch.cli import main
sys.exit(main(sys.argv[1:]))
"""


def next_version(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The command of a version whose library has one more column."""
    command = [sys.executable, "-c", NEXT_VERSION, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Two photos, indexed by this version."""
    for number in range(2):
        make_photo(tmp_path / "photos" / f"{number}.jpg", seed=number)
    as_json(capsearch("index", tmp_path / "photos", "--library", tmp_path / "my.db", "--json"))
    return tmp_path / "my.db"


def search(library: Path) -> subprocess.CompletedProcess[str]:
    return capsearch("search", "a photo", "--library", library, "--json")


def test_a_new_version_goes_on_with_the_library_and_keeps_a_copy(library: Path) -> None:
    done = as_json(next_version("index", "--library", library, "--json"))
    assert done["photos"] == 2
    assert done["encoded"] == 0  # nothing has to be looked at again
    assert len(as_json(next_version("search", "x", "--library", library, "--json"))["results"]) == 2
    assert (library.parent / f"my.format-{len(STEPS)}.db").is_file()


def test_the_old_version_names_the_copy_which_it_can_use(library: Path) -> None:
    as_json(next_version("index", "--library", library, "--json"))
    before = library.read_bytes()
    refused = search(library)
    assert_refused(refused)
    copy = library.parent / f"my.format-{len(STEPS)}.db"
    assert "newer CapSearch" in refused.stderr
    assert f"--library {copy}" in refused.stderr
    assert library.read_bytes() == before
    assert len(as_json(search(copy))["results"]) == 2


def test_without_a_copy_the_old_version_says_what_to_do(library: Path) -> None:
    as_json(next_version("index", "--library", library, "--json"))
    (library.parent / f"my.format-{len(STEPS)}.db").unlink()
    refused = search(library)
    assert_refused(refused)
    assert "Install the newest CapSearch, or give another file" in refused.stderr


def test_settings_of_a_newer_version_are_refused_and_left_as_they_are(
    library: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    text = json.dumps({"version": 2, "encoder": "starter", "mood": "calm"})
    (home / "settings.json").write_text(text)
    environment = {"CAPSEARCH_HOME": str(home)}
    refused = capsearch("search", "x", "--library", library, environment=environment)
    assert_refused(refused)
    assert "newer CapSearch" in refused.stderr
    assert (home / "settings.json").read_text() == text

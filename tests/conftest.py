"""What every test may use: the real photos where they are, tiny photos where they are not."""

import os
from pathlib import Path

import pytest
from make_photo import MakePhoto, make_photo

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test touches the library or the settings of the person who runs it."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("CAPSEARCH_HOME", os.fspath(home))
    return home


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real photos; tests that ask for it are skipped where it is missing."""
    if not (SHARED_DATA / "README.md").is_file():
        pytest.skip("the real photos (shared/data beside the project) are not on this machine")
    return SHARED_DATA


@pytest.fixture(name="make_photo")
def make_photo_fixture() -> MakePhoto:
    """Write a small photo of seeded coloured blocks: `make_photo(path, seed=1, size=(64, 48))`."""
    return make_photo

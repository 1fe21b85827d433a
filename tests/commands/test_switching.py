"""An encoder that is to take over and cannot, as the command shows it."""

import os
from pathlib import Path

from make_photo import make_photo
from run_command import as_json, capsearch

from capsearch.catalog.catalog import Catalog


def test_a_wanted_encoder_that_cannot_be_loaded_is_said_and_photos_are_found(
    tmp_path: Path,
) -> None:
    library, photos = tmp_path / "library.db", tmp_path / "photos"
    for seed in range(3):
        make_photo(photos / f"{seed}.jpg", seed)
    as_json(capsearch("index", photos, "--library", library, "--json"))
    with Catalog.open(library) as catalog:
        catalog.set_state("wanted_encoder", f"local-dir:{tmp_path / 'gone'}".encode())
    make_photo(photos / "new.jpg", 9)

    done = capsearch("index", "--library", library)
    assert done.returncode == 0, done.stderr
    first, switch, notice = done.stdout.splitlines()
    assert first.startswith("4 photos: 1 encoded, 3 unchanged")
    assert "takes over when it has seen 4 more photos." in switch
    assert notice.startswith(f"The encoder 'local-dir:{tmp_path / 'gone'}' cannot take over now. ")
    assert switch in capsearch("doctor", "--library", library).stdout
    found = as_json(capsearch("search", "a photo", "--library", library, "--json", "-n", "10"))
    assert len(found["results"]) == 4
    assert os.fspath(photos / "new.jpg") in [result["path"] for result in found["results"]]

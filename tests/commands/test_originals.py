"""Whatever CapSearch does, the photos stay what they were."""

import hashlib
import os
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from make_photo import make_photo
from run_command import capsearch, count_photos

from capsearch.library.facade import Library

SHARED_DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def originals(folder: Path) -> dict[str, tuple[object, ...]]:
    """Name of everything below a folder -> kind, permissions, time of change, size and content."""
    found: dict[str, tuple[object, ...]] = {}
    for path in [folder, *folder.rglob("*")]:
        facts = path.lstat()
        name = os.fsdecode(os.fsencode(path.relative_to(folder)))
        content = ""
        if path.is_symlink():
            content = os.fspath(path.readlink())
        elif stat.S_ISREG(facts.st_mode):
            content = hashlib.sha256(path.read_bytes()).hexdigest()
        found[name] = (facts.st_mode, facts.st_mtime_ns, facts.st_size, facts.st_ino, content)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Photos, odd files, damaged files, sidecars, and the real ones where they are."""
    folder = tmp_path / "photos"
    for seed in range(4):
        make_photo(folder / f"{seed}.jpg", seed)
    make_photo(folder / "sub folder" / "ünïcode ☃.png", 5)
    make_photo(folder / ".hidden" / "six.webp", 6)
    shutil.copy2(folder / "0.jpg", folder / "a copy of 0.jpg")
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "cut.jpg").write_bytes((folder / "1.jpg").read_bytes()[:200])
    (folder / "noise.heic").write_bytes(bytes(range(256)) * 20)
    (folder / "notes.txt").write_text("no photo")
    (folder / "0.jpg.xmp").write_text("<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
    (folder / ".picasa.ini").write_text("[0.jpg]\nstar=yes\n")
    (folder / "empty folder").mkdir()
    if os.name == "posix":
        (folder / "a link.jpg").symlink_to(folder / "2.jpg")
        (folder / "read only.jpg").write_bytes((folder / "3.jpg").read_bytes())
        (folder / "read only.jpg").chmod(0o444)
    for name in ("bad", "library/trip"):
        if (SHARED_DATA / name).is_dir():
            shutil.copytree(
                SHARED_DATA / name, folder / name, ignore=shutil.ignore_patterns("pillow", "dupl")
            )
    return folder


def test_no_command_changes_an_original_or_leaves_anything_beside_it(
    folder: Path, own_home: Path
) -> None:
    before = originals(folder)
    commands: list[list[str | Path]] = [
        ["index", folder],
        ["search", "a dog on the beach", "-n", "5"],
        ["search", "my dog", "--photos", folder, "--explain"],
        ["index", folder, "--retry", "--exclude", "*.png"],
        ["doctor", "--repair"],
    ]
    for command in commands:
        done = capsearch(*command)
        assert done.returncode in (0, 1), (command, done.stderr)
        assert originals(folder) == before, command
    with Library(own_home / "library.db") as opened:
        opened.remove_folder(os.fspath(folder))
    assert originals(folder) == before


def test_an_index_run_that_is_killed_leaves_nothing_beside_the_photos(
    folder: Path, own_home: Path
) -> None:
    for seed in range(300):
        make_photo(folder / "many" / f"{seed}.jpg", 100 + seed, (640, 480))
    before = originals(folder)
    running = subprocess.Popen(
        [sys.executable, "-m", "capsearch", "index", folder],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while count_photos(own_home / "library.db") == 0 and time.monotonic() < deadline:
        time.sleep(0.02)
    running.kill()
    running.wait(30)
    assert 0 < count_photos(own_home / "library.db") < 300
    assert originals(folder) == before

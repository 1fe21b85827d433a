"""The bundle holds every resource that the program asks for."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_ASKED_FOR = {"pictures"}  # of the README


def test_the_bundle_takes_every_folder_of_resources() -> None:
    spec = (ROOT / "packaging" / "capsearch.spec").read_text(encoding="utf-8")
    folders = {folder.name for folder in (ROOT / "resources").iterdir() if folder.is_dir()}
    named = set(re.findall(r'"(\w+)"', spec))
    assert folders - NOT_ASKED_FOR <= named

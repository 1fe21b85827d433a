"""A catalog and a folder of three photos."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.integrity import find_problems


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog.open(tmp_path / "library.db") as opened:
        yield opened
        assert find_problems(opened) == ()


@pytest.fixture
def folder(tmp_path: Path, make_photo) -> Path:
    for number in range(3):
        make_photo(tmp_path / "photos" / f"{number}.jpg", seed=number)
    return tmp_path / "photos"

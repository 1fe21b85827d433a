"""A package index with a small PyTorch, and the list of its files."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from package_index import (
    Published,
    Server,
    describe,
    make_open_clip,
    make_torch,
    package_index,
    write_lock,
)

from capsearch.addon.lock import read_lock


@pytest.fixture
def server() -> Iterator[Server]:
    with package_index() as running:
        yield running


@pytest.fixture
def published(server: Server, tmp_path: Path) -> Published:
    wheels = [make_torch(tmp_path), make_open_clip(tmp_path)]
    for wheel in wheels:
        server.files[wheel.name] = wheel.read_bytes()
    described = [describe(wheel, server.index) for wheel in wheels]
    lock = write_lock(tmp_path / "addon.json", {"cpu": described})
    return Published(server, lock, read_lock(lock).variants[0], wheels[0].name, wheels[1].name)


@pytest.fixture(autouse=True)
def no_mirror_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PIP_INDEX_URL", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)

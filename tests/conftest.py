"""What every test may use: the real photos where they are, tiny photos where they are not."""

import ipaddress
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cloud_files import Cloud
from make_photo import MakePhoto, make_photo
from small_disk import SmallDisk, mounted_disk

# A shell has what it starts in the background ignore Ctrl-C, and the commands that tests start
# would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)

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


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """Marks files as being only in the cloud: `cloud.free(path)`."""
    return Cloud(monkeypatch)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """A small disk that can be full or read-only for real."""
    with mounted_disk(tmp_path / "disk") as mounted:
        yield mounted


@pytest.fixture(autouse=True)
def no_network() -> Iterator[None]:
    """A test whose process asks for another machine fails, also where our code takes the refusal
    for a lost connection. What subprocesses do is seen in `test_private.py`."""
    asked: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name), asked))
        yield
    assert not asked, f"asked for other machines: {asked}"


def _guarded(connect: Any, asked: list[str]) -> Any:
    def connect_nearby(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
            asked.append(address[0])
            raise ConnectionRefusedError(f"tests may not reach {address[0]}")
        return connect(self, address)

    return connect_nearby


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

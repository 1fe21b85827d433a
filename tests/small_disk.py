"""A disk of a few megabytes, to be full or read-only for real; needs the right to mount one."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

_BYTES = 8 << 20


class SmallDisk:
    """Lies at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def full(self, room: int = 0) -> Iterator[None]:
        """Without room for more than so many bytes."""
        ballast = self.path / "ballast"
        with ballast.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(4096))
        os.truncate(ballast, ballast.stat().st_size - room)
        try:
            yield
        finally:
            ballast.unlink()

    @contextmanager
    def read_only(self) -> Iterator[None]:
        """As a stick whose switch is at "lock"; no file of it may be open."""
        self._mount("remount,ro")
        try:
            yield
        finally:
            self._mount("remount,rw")

    def _mount(self, options: str) -> None:
        subprocess.run(["mount", "-o", options, os.fspath(self.path)], check=True)


@contextmanager
def mounted_disk(path: Path) -> Iterator[SmallDisk]:
    """Such a disk at `path`; where none may be mounted the test is skipped."""
    path.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={_BYTES}", "none", os.fspath(path)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no disk may be mounted here (that needs Linux and root)")
    try:
        yield SmallDisk(path)
    finally:
        subprocess.run(["umount", "--lazy", os.fspath(path)], check=True)

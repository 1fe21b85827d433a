"""Files that look as if their data were only in the cloud, whatever the system."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_RECALL_ON_DATA_ACCESS = 0x400000


class Cloud:
    """Marks files as a system would; this process sees the marks, others do not.

    No real file of a test has them: only a cloud's own client can set them.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._marks: dict[tuple[int, int], tuple[int, int]] = {}
        self._monkeypatch = monkeypatch
        monkeypatch.setattr("capsearch.photos.cloud._marks", self._marks_of)

    def mark(self, path: Path, attributes: int, flags: int) -> None:
        """Set Windows' attributes and macOS' flags."""
        info = path.stat()
        self._marks[info.st_dev, info.st_ino] = attributes, flags

    def free(self, path: Path) -> None:
        """Leave the file's data to the cloud."""
        self.mark(path, _RECALL_ON_DATA_ACCESS, 0)

    def fetch(self, path: Path) -> None:
        """Have its data here again."""
        self.mark(path, 0, 0)

    @contextmanager
    def nothing_opened(self) -> Iterator[None]:
        """Fail where this process opens a file."""

        def refuse(*_: object, **__: object) -> None:
            pytest.fail("a file was opened")

        with self._monkeypatch.context() as patch:
            patch.setattr("builtins.open", refuse)
            patch.setattr(io, "open", refuse)
            yield

    def _marks_of(self, info: os.stat_result) -> tuple[int, int]:
        return self._marks.get((info.st_dev, info.st_ino), (0, 0))

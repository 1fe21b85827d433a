"""Zip archives that were split into parts, read in place.

A split zip (`zip -s`) is `name.z01`, `name.z02`, ..., `name.zip`. Python's zipfile wants one file
whose offsets count from its start, while a split one counts from the start of each part: the parts
are joined on the fly, the closing records are shown to zipfile as those of a whole archive, and
each member's offset is then moved to where its part begins (APPNOTE.TXT 6.3.10, 4.3.14-16, 8).
"""

import io
import re
import struct
import zipfile
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path

_PART = re.compile(r"\.z(\d+)$", re.IGNORECASE)
_END = b"PK\x05\x06"
_END_LAYOUT = struct.Struct("<4s4H2LH")
_LOCATOR = b"PK\x06\x07"
_LOCATOR_LAYOUT = struct.Struct("<4sLQL")
_END_64_LAYOUT = struct.Struct("<4sQ2H2L4Q")
_LONGEST_END = 65_557


def open_zip(archive: Path) -> zipfile.ZipFile:
    """Open a zip, or a split zip by its last part.

    Raises:
        zipfile.BadZipFile, OSError: it is damaged or a part is missing.
    """
    parts = sorted(
        (path for path in archive.parent.glob(f"{archive.stem}.z*") if _PART.search(path.name)),
        key=lambda path: int(path.suffix[2:]),
    )
    if not parts:
        return zipfile.ZipFile(archive)
    if [int(path.suffix[2:]) for path in parts] != list(range(1, len(parts) + 1)):
        raise OSError(f"a part of {archive.name} is missing")
    joined = JoinedParts([*parts, archive])
    shift = joined.show_as_whole()
    opened = zipfile.ZipFile(io.BufferedReader(joined))
    for info in opened.infolist():
        info.header_offset += joined.starts[info.volume] - shift
    return opened


class JoinedParts(io.RawIOBase):
    """Several files read as one, with a few bytes of it replaced."""

    def __init__(self, parts: Sequence[Path]) -> None:
        super().__init__()
        self._files = [path.open("rb") for path in parts]
        sizes = [path.stat().st_size for path in parts]
        self.starts = [sum(sizes[:number]) for number in range(len(sizes) + 1)]
        self._patches: dict[int, bytes] = {}
        self._place = 0

    def show_as_whole(self) -> int:
        """Replace the closing records by those of a whole archive.

        Returns what zipfile will add to every member's offset, to be taken off again.
        """
        size = self.starts[-1]
        tail_start = max(0, size - _LONGEST_END - _LOCATOR_LAYOUT.size - _END_64_LAYOUT.size)
        self.seek(tail_start)
        tail = self.readall()
        end = tail.rfind(_END)
        if end < 0:
            raise zipfile.BadZipFile("no end of the archive")
        record = list(_END_LAYOUT.unpack_from(tail, end))
        disk_of_directory, directory = record[2], record[6]
        record[1:4] = [0, 0, record[4]]
        self._patches[tail_start + end] = _END_LAYOUT.pack(*record)
        locator = end - _LOCATOR_LAYOUT.size
        if locator >= 0 and tail[locator : locator + 4] == _LOCATOR:
            return self._show_64_as_whole(tail, tail_start, locator)
        ends_at = tail_start + end
        return ends_at - record[5] - directory if disk_of_directory else 0

    def _show_64_as_whole(self, tail: bytes, tail_start: int, locator: int) -> int:
        place = locator - _END_64_LAYOUT.size
        record = list(_END_64_LAYOUT.unpack_from(tail, place))
        disk_of_directory = record[5]
        record[4:7] = [0, 0, record[7]]
        self._patches[tail_start + place] = _END_64_LAYOUT.pack(*record)
        self._patches[tail_start + locator] = _LOCATOR_LAYOUT.pack(
            _LOCATOR, 0, tail_start + place, 1
        )
        return tail_start + place - record[8] - record[9] if disk_of_directory else 0

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place in the joined file."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self.starts[-1]}[whence]
        self._place = max(0, base + offset)
        return self._place

    def tell(self) -> int:
        """Place in the joined file."""
        return self._place

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Read on, up to the end of the current part."""
        if self._place >= self.starts[-1]:
            return 0
        number = bisect_right(self.starts, self._place) - 1
        file = self._files[number]
        file.seek(self._place - self.starts[number])
        data = bytearray(file.read(min(len(buffer), self.starts[number + 1] - self._place)))
        self._patch(data)
        buffer[: len(data)] = data
        self._place += len(data)
        return len(data)

    def _patch(self, data: bytearray) -> None:
        for start, patch in self._patches.items():
            first = max(start, self._place)
            last = min(start + len(patch), self._place + len(data))
            if first < last:
                data[first - self._place : last - self._place] = patch[first - start : last - start]

    def close(self) -> None:
        """Close all parts."""
        for file in self._files:
            file.close()
        super().close()

"""Which scans of a JPEG that is cut off are there, and how much of the photo they are.

The parts of a JPEG file are those of ITU-T T.81, annexes B and G.
"""

import re
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

END_OF_JPEG = b"\xff\xd9"

_MARKER = re.compile(rb"\xff+([\x01-\xcf\xd8-\xfe])")
_RESTART = re.compile(rb"\xff([\xd0-\xd7])")
_SCAN, _END, _FIRST_RESTART, _RESTARTS = 0xDA, 0xD9, 0xD0, 8
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_OTHER_FRAMES = frozenset((0xC3, 0xC5, 0xC6, 0xC7, 0xCB, 0xCD, 0xCE, 0xCF, 0xDE, 0xF7))
_LOSSLESS, _ADOBE = 0xC3, 0xEE
_FREQUENCIES, _LINES = 64, 8
_ANYTHING = bytes(number * 151 % 251 for number in range(64))
"""Bytes of many kinds, no 0xFF among them: what they are decoded to hardly ever is what is shown
where nothing is."""


@dataclass(frozen=True)
class Scan:
    """Which frequencies, 0 to 63, of which components it brings, from the bit `high` (0: from the
    first) down to `low`; its data begin at `start`."""

    components: tuple[int, ...]
    first: int
    last: int
    high: int
    low: int
    start: int


@dataclass(frozen=True)
class Known:
    """How much is there: which share of the `rows` has all colours, how `fine` it is, in lines that
    are told apart (0 to 1 of all), and whether it is as `exact` as it is ever to be."""

    rows: float
    fine: float
    exact: bool


@dataclass(frozen=True)
class Scans:
    """Those of a file up to its end, or to the last byte that is of use; `weights` is how many
    pixels each component has, compared with the others."""

    scans: tuple[Scan, ...]
    weights: dict[int, int]
    end: int

    @property
    def are_many(self) -> bool:
        """Whether the photo comes in more than one scan."""
        return (
            set(self.scans[0].components) != set(self.weights)
            or self.scans[0].last < _FREQUENCIES - 1
        )

    def more(self, data: bytes) -> bytes:
        """What the file could go on with; a scan that is whole passes over it."""
        restarts = _RESTART.findall(data, self.scans[-1].start)
        number = (restarts[-1][0] + 1 - _FIRST_RESTART) % _RESTARTS if restarts else 0
        marks = [b"\xff%c" % (_FIRST_RESTART + (number + n) % _RESTARTS) for n in range(_RESTARTS)]
        return _ANYTHING + b"".join(mark + _ANYTHING for mark in marks) + END_OF_JPEG

    def known(self, rows: float) -> Known:
        """What is there, of the last scan only that share of the rows."""
        before, after = _bits(self.scans[:-1]), _bits(self.scans)
        coloured, begun = ({id for id, f in bits if f == 0} for bits in (before, after))
        components = set(self.weights)
        shown = 1.0 if coloured >= components else rows if begun >= components else 0.0
        fine = (1 - rows) * self._fineness(before) + rows * self._fineness(after)
        every = len(components) * _FREQUENCIES
        exact = rows == 1 and len(after) == every and not any(after.values())
        return Known(shown, fine, exact)

    def _fineness(self, bits: dict[tuple[int, int], int]) -> float:
        """How many lines are told apart of those that all frequencies tell, 0 to 1."""
        lines = 0.0
        for component, weight in self.weights.items():
            count = next(f for f in range(_FREQUENCIES + 1) if (component, f) not in bits)
            lines += weight * min(_LINES, int(((8 * count + 1) ** 0.5 - 1) / 2))
        return lines / _LINES / sum(self.weights.values())


def _bits(scans: Iterable[Scan]) -> dict[tuple[int, int], int]:
    """Down to which bit each frequency of each component has come."""
    return {
        (component, frequency): scan.low
        for scan in scans
        for component in scan.components
        for frequency in range(scan.first, scan.last + 1)
    }


def is_of_other_kind(data: bytes) -> bool:
    """Whether it is lossless, hierarchical or JPEG-LS, or deeper than 8 bits."""
    for _, marker, content in _segments(data, 2):
        if marker in _OTHER_FRAMES:
            return True
        if marker in _FRAMES:
            return content[:1] not in (b"", b"\x08")
    return False


def leaves_colours_open(data: bytes) -> bool:
    """Whether it is lossless and does not say that its three colours are red, green and blue.

    Some writers mean these, others brightness and two differences; libjpeg takes them as they are.
    """
    said = False
    for _, marker, content in _segments(data, 2):
        said = said or (marker == _ADOBE and content[:5] == b"Adobe" and content[11:12] == b"\0")
        if marker == _LOSSLESS:
            return len(content) == 15 and content[6::3] != b"RGB" and not said
        if marker in _FRAMES:
            return False
    return False


def start_of_scan(data: bytes) -> int | None:
    """Where the first scan begins: past the headers, in which other pictures may lie."""
    return next((at for at, marker, _ in _segments(data, 2) if marker == _SCAN), None)


def scans_of_jpeg(data: bytes) -> Scans | None:
    """The scans that have begun; None where none has, or what they are of is not said."""
    weights: dict[int, int] = {}
    scans: list[Scan] = []
    at, end = 2, len(data)
    while True:
        scan: Scan | None = None
        for start, marker, content in _segments(data, at):
            if marker in _FRAMES and not weights:
                weights = _weights(content)
            elif marker == _SCAN:
                scan = _scan(content, start + 4 + len(content))
                break
        if scan is None:
            break
        scans.append(scan)
        found = _MARKER.search(data, scan.start)
        end = found.start() if found else len(data)
        if found is None or found[1][0] == _END:
            break
        at = found.start()
    while end > 0 and data[end - 1] == 0xFF:  # half a marker
        end -= 1
    return Scans(tuple(scans), weights, end) if scans and weights else None


def _segments(data: bytes, at: int) -> Iterator[tuple[int, int, bytes]]:
    """Where each segment begins that is there as a whole, its marker and what is in it."""
    while at + 4 <= len(data) and data[at] == 0xFF:
        if data[at + 1] == 0xFF:
            at += 1
            continue
        (length,) = struct.unpack_from(">H", data, at + 2)
        if length < 2 or at + 2 + length > len(data):
            return
        yield at, data[at + 1], data[at + 4 : at + 2 + length]
        at += 2 + length


def _weights(frame: bytes) -> dict[int, int]:
    """How many pixels each component of a frame has, compared with the others."""
    components = (frame[at : at + 3] for at in range(6, len(frame) - 2, 3))
    return {each[0]: max(1, (each[1] >> 4) * (each[1] & 15)) for each in components}


def _scan(header: bytes, start: int) -> Scan | None:
    if not header or len(header) < 4 + 2 * header[0]:
        return None
    first, last, bits = header[1 + 2 * header[0] : 4 + 2 * header[0]]
    components = tuple(header[1 : 1 + 2 * header[0] : 2])
    return Scan(components, first, last, bits >> 4, bits & 15, start)

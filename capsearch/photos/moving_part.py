"""The video that a motion photo carries in its own file.

Phones put it behind the photo: Google's as it is, or in a box `mpvd` of a HEIC, Samsung's before a
list of their own. What they write about its place differs, and is often wrong after an edit; the
video itself is found by how it begins, and by its boxes (ISO 14496-12) being whole.
"""

from dataclasses import dataclass

from capsearch.photos.errors import DecodeError
from capsearch.photos.formats import sniff

_LONGEST_BEGINNING = 1024
"""Of a box "ftyp": the names of some formats, of four bytes each."""
_BOXES = frozenset(
    b"ftyp moov mdat free skip wide uuid udta meta pdin moof mfra styp sidx ssix prft emsg".split()
)

_NO_VIDEO = "the file holds no video that is known"
_DAMAGED = "its video is damaged, or the end of it is missing"


@dataclass(frozen=True)
class MovingPart:
    """The bytes of a file from `start` to before `end` are a video; `extension` is what the name of
    such a file ends with."""

    start: int
    end: int
    extension: str


def moving_part(data: bytes) -> MovingPart:
    """Find the first whole video in a photo's file, or in a file that is one.

    Raises:
        DecodeError: there is none, or it is damaged.
    """
    reason = _NO_VIDEO
    at = data.find(b"ftyp", 4)
    while at >= 0:
        start = at - 4
        if _begins_video(data, start):
            end = _end_of_video(data, start)
            if end is not None:
                quicktime = data[at + 4 : at + 8] == b"qt  "
                return MovingPart(start, end, ".mov" if quicktime else ".mp4")
            reason = _DAMAGED
        at = data.find(b"ftyp", at + 4)
    raise DecodeError(reason)


def _begins_video(data: bytes, start: int) -> bool:
    size = int.from_bytes(data[start : start + 4], "big")
    return 16 <= size <= _LONGEST_BEGINNING and sniff(data[start : start + size]) is None


def _end_of_video(data: bytes, start: int) -> int | None:
    """Where the boxes that begin at `start` end; None where they make no whole video."""
    found = set()
    at = start
    while (kind := data[at + 4 : at + 8]) in _BOXES:
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        elif size == 0:
            size = len(data) - at
        if size < 8 or at + size > len(data):
            return None
        found.add(kind)
        at += size
    return at if {b"moov", b"mdat"} <= found else None

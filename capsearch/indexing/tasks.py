"""What goes to a decode worker and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from capsearch.catalog.records import Companion, Content, Place, Stamp
from capsearch.photos.decoding_version import DECODING


@dataclass(frozen=True)
class ReadTask:
    """Read this file. `beside` stamps what goes with it, of which `companions` are no photos of
    their own. `alone`: no other file is read meanwhile, so it may use the memory of all."""

    path: str
    stamp: Stamp
    beside: bytes = b""
    companions: tuple[Companion, ...] = ()
    alone: bool = False


@dataclass(frozen=True)
class KnownContents:
    """The contents (hashes) that need no decoding: those `encoded`, by the version of decoding that
    their vector was made by. Of what is `unhashed` the perceptual hash is not known."""

    encoded: Mapping[bytes, int] = field(default_factory=dict)
    unhashed: frozenset[bytes] = frozenset()

    def __contains__(self, content: bytes) -> bool:
        return content in self.encoded

    def is_current(self, content: bytes) -> bool:
        """Whether its vector was made by today's decoding."""
        return self.encoded.get(content) == DECODING


NOTHING_KNOWN = KnownContents()


@dataclass(frozen=True)
class ReadPhoto:
    """A file whose content is known already: only its place is new, and at times the
    `perceptual_hash` of its picture. `confirmed`: it is decoded now as it was for its vector."""

    place: Place
    hash: bytes
    perceptual_hash: bytes | None = field(default=None, kw_only=True)
    confirmed: bool = field(default=False, kw_only=True)

    @property
    def path(self) -> str:
        """The file's."""
        return self.place.path


@dataclass(frozen=True)
class DecodedPhoto(ReadPhoto):
    """A file to encode: `pixels` is the encoder's input, (size, size, 3) uint8; of a video that of
    its poster, and `more` are those of pictures further on."""

    content: Content
    pixels: npt.NDArray[np.uint8]
    more: tuple[npt.NDArray[np.uint8], ...] = ()


@dataclass(frozen=True)
class ReadFailure:
    """Why a file could not be used. `passing`: the reason may go while the file stays the same.
    `crowded`: alone, with more memory, it may still be read."""

    path: str
    stamp: Stamp
    reason: str
    passing: bool = False
    crowded: bool = False


Outcome = ReadPhoto | DecodedPhoto | ReadFailure

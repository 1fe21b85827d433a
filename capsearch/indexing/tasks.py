"""What goes to a decode worker and what comes back."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from capsearch.catalog.records import Companion, Content, Place, Stamp


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
class ReadPhoto:
    """A file whose content is known already: only its place is new, and at times the
    `perceptual_hash` of its picture."""

    place: Place
    hash: bytes
    perceptual_hash: bytes | None = field(default=None, kw_only=True)

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

"""What is kept of a collection: prototypes, their coefficients, and two scalars per photo."""

import hashlib
import json
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load, save

from capsearch.encoders.base import FloatArray
from capsearch.errors import CapsearchError
from capsearch.personalize.subjects import NO_SUBJECT

_MAGIC = b"CAPPROF3"
_DIGEST_BYTES = 16


@dataclass(frozen=True)
class Profile:
    """A digested collection of n photos in one encoder's space of `dim` dimensions.

    ids: `(n,)` int64 photo ids, rising. hub: `(n,)` NNN's b(v), encoder units. recurrence: `(n,)`
        from 0, how surely a photo shows a subject that comes back (log-odds, 0 where unlikely).
    level: `(n,)` the likeness that is usual around each photo, and subject `(n,)` int32 the number
        of the subject that it shows, -1 for none: see `find_subjects`.
    prototypes: `(k, dim)` unit rows; prior `(k,)` their logits, `nothing` that of none of them;
        hearts `(k,)` int64 ids of the photos that they are made around.
    low_rank: `(k,)` coefficients of A = sum b_j c_j c_j^T.
    reference: `(r, dim)` a sample of the photos, to bring a query's scores to scale and to move
        it towards what it matches.
    mean, spread: of inner products of pairs of photos.
    gains, sharpness, generic, temperature: learned weights that act on the query.
    made_from: weights and number of photos it was made from, to tell when it is out of date.
    An empty profile (no prototypes) leaves every query as CLIP has it.
    """

    ids: npt.NDArray[np.int64]
    hub: FloatArray
    recurrence: FloatArray
    level: FloatArray
    subject: npt.NDArray[np.int32]
    hearts: npt.NDArray[np.int64]
    prototypes: FloatArray
    prior: FloatArray
    low_rank: FloatArray
    reference: FloatArray
    gains: FloatArray
    nothing: float = 0.0
    mean: float = 0.0
    spread: float = 1.0
    sharpness: float = 1.0
    generic: float = 0.0
    temperature: float = 1.0
    made_from: str = ""

    @property
    def personalizes(self) -> bool:
        """Whether it changes any query at all."""
        return len(self.prototypes) > 0 and bool(np.any(self.gains))

    @staticmethod
    def neutral(ids: npt.NDArray[np.int64], dim: int, made_from: str = "") -> "Profile":
        """A profile under which every query is answered exactly as CLIP would."""
        number = len(ids)
        return Profile(
            ids=np.asarray(ids, dtype=np.int64),
            hub=np.zeros(number, np.float32),
            recurrence=np.zeros(number, np.float32),
            level=np.zeros(number, np.float32),
            subject=np.full(number, NO_SUBJECT, np.int32),
            hearts=np.zeros(0, np.int64),
            prototypes=np.zeros((0, dim), np.float32),
            prior=np.zeros(0, np.float32),
            low_rank=np.zeros(0, np.float32),
            reference=np.zeros((0, dim), np.float32),
            gains=np.zeros((6, 4), np.float32),
            made_from=made_from,
        )

    def to_bytes(self) -> bytes:
        """Serialise: magic, checksum, then plain tensors and numbers. Nothing in it can run."""
        arrays = {
            field.name: np.ascontiguousarray(getattr(self, field.name))
            for field in fields(self)
            if isinstance(getattr(self, field.name), np.ndarray)
        }
        numbers = {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if field.name not in arrays
        }
        body = save(arrays, metadata={"numbers": json.dumps(numbers)})
        return _MAGIC + hashlib.blake2b(body, digest_size=_DIGEST_BYTES).digest() + body

    @staticmethod
    def from_bytes(data: bytes) -> "Profile":
        """Read a profile again.

        Raises:
            CapsearchError: it is damaged or of another version. Search on with plain CLIP and
                compute the profile anew.
        """
        start = len(_MAGIC) + _DIGEST_BYTES
        body = data[start:]
        digest = hashlib.blake2b(body, digest_size=_DIGEST_BYTES).digest()
        if data[:start] != _MAGIC + digest:
            raise _damaged()
        try:
            about = json.loads(body[8 : 8 + int.from_bytes(body[:8], "little")])
            numbers = json.loads(about["__metadata__"]["numbers"])
            contents: dict[str, Any] = {**load(body), **numbers}
            return Profile(**contents)
        except (ValueError, KeyError, TypeError, SafetensorError) as error:
            raise _damaged() from error


def _damaged() -> CapsearchError:
    return CapsearchError(
        "The saved profile of this library is damaged or of another version.",
        "Results are not personalised until it has been computed again.",
    )

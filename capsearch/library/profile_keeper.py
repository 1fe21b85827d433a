"""What was learned from a library: its profile, kept with the catalog and brought up to date."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from capsearch.catalog.catalog import Catalog
from capsearch.encoders.base import Encoder, FloatArray
from capsearch.errors import CapsearchError
from capsearch.personalize import (
    CapWeights,
    Profile,
    bank_texts,
    compute_profile,
    load_weights,
)
from capsearch.personalize.subjects import NO_SUBJECT
from capsearch.search import VectorMatrix

# A profile of fewer photos takes less than a second, so that it need never be out of date.
_ALWAYS_RENEWED = 2_000
# Share of the photos that may have come or gone before a larger profile is made anew.
_DRIFT = 0.02
# Share of the photos that a profile must have seen: one of a part of the library ranks worse than
# none (measured, see the model card of the CAP weights).
_LEAST_SEEN = 0.9


class ProfileKeeper:
    """Keeps the profile of one library under one encoder; one thread uses it.

    `notice` is what to tell the user where nothing can be learned, else empty.
    """

    def __init__(self, catalog: Catalog, encoder: Encoder) -> None:
        self._catalog = catalog
        self._encoder = encoder
        self._weights: CapWeights | None = None
        self._profile: Profile | None = None
        self._version: bytes | None = None
        self._aligned: tuple[Profile | None, VectorMatrix] | None = None

    @property
    def weights(self) -> CapWeights:
        """The bundled network, loaded when first needed."""
        if self._weights is None:
            self._weights = load_weights()
        return self._weights

    @property
    def notice(self) -> str:
        """One sentence on why results are generic, empty where they are not."""
        return self.weights.notice

    def profile(self, matrix: VectorMatrix) -> Profile | None:
        """The profile last learned, whoever learned it, along the rows of `matrix`.

        None where there is none to use, or where it has seen too little of the library.
        """
        profile = self._kept()
        if profile is None or not profile.personalizes or not len(matrix):
            return None
        if self._aligned is None or self._aligned[1] is not matrix:
            self._aligned = _aligned(profile, matrix.ids), matrix
        return self._aligned[0]

    def learn(self, matrix: VectorMatrix) -> None:
        """Make the profile anew where the library has changed enough, and keep it."""
        if not self._is_out_of_date(matrix):
            return
        occasions = self._catalog.occasions(matrix.ids)
        profile = compute_profile(
            matrix.ids,
            matrix.vectors,
            np.where(occasions.dated, occasions.days, -1),
            occasions.people,
            self.weights,
            self._bank(),
        )
        with self._catalog.transaction():
            self._catalog.set_state(self._key("profile"), profile.to_bytes())
            version = f"{self.weights.identity} {matrix.generation}".encode()
            self._catalog.set_state(self._key("profile version"), version)

    def _is_out_of_date(self, matrix: VectorMatrix) -> bool:
        profile = self._kept()
        weights, _, generation = (self._version or b"").decode().rpartition(" ")
        if profile is None or weights != self.weights.identity:
            return self.weights.personalizes and len(matrix) > 0
        if len(matrix) <= _ALWAYS_RENEWED:
            return generation != str(matrix.generation)
        changed = len(np.setxor1d(profile.ids, matrix.ids, assume_unique=True))
        return changed > _DRIFT * len(matrix)

    def _kept(self) -> Profile | None:
        version = self._catalog.get_state(self._key("profile version"))
        if version != self._version:
            self._version, self._aligned = version, None
            self._profile = self._read()
        return self._profile

    def _read(self) -> Profile | None:
        kept = self._catalog.get_state(self._key("profile"))
        if kept is None:
            return None
        try:
            return Profile.from_bytes(kept)
        except CapsearchError:
            return None  # a cache: the next index run makes it anew

    def _bank(self) -> FloatArray:
        kept = self._catalog.get_state(self._key("bank"))
        if kept is not None:
            vectors = np.frombuffer(kept, "<f2").astype(np.float32)
            return vectors.reshape(-1, self._encoder.dim)
        bank = self._encoder.encode_texts(bank_texts())
        self._catalog.set_state(self._key("bank"), bank.astype("<f2").tobytes())
        return bank

    def _key(self, what: str) -> str:
        return _key(what, self._encoder.identity)


def forget_profile(catalog: Catalog, encoder: str) -> None:
    """Forget what was learned under an encoder (an identity)."""
    for what in ("profile", "profile version", "bank"):
        catalog.set_state(_key(what, encoder), None)


def _key(what: str, encoder: str) -> str:
    return f"{what} {encoder}"


def _aligned(profile: Profile, rows: npt.NDArray[np.int64]) -> Profile | None:
    """`profile` with its scalars along the photos `rows` (n,), ascending, in place of its own.

    A photo that it has not seen gets the median hub and no recurrence: neither raised nor hidden.
    """
    if np.array_equal(profile.ids, rows):
        return profile
    place = np.minimum(np.searchsorted(profile.ids, rows), len(profile.ids) - 1)
    seen = profile.ids[place] == rows
    if seen.mean() < _LEAST_SEEN:
        return None
    usual_hub = np.median(profile.hub)
    return replace(
        profile,
        ids=rows,
        hub=np.where(seen, profile.hub[place], usual_hub).astype(np.float32),
        recurrence=np.where(seen, profile.recurrence[place], 0).astype(np.float32),
        level=np.where(seen, profile.level[place], np.median(profile.level)).astype(np.float32),
        subject=np.where(seen, profile.subject[place], NO_SUBJECT).astype(np.int32),
    )

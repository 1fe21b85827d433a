"""What a collection has done to one photo's place: from where to where, and mostly why."""

import numpy as np
import numpy.typing as npt

from capsearch.catalog.catalog import Catalog
from capsearch.encoders.base import FloatArray
from capsearch.library.values import Answer, Moved, MoveReason
from capsearch.personalize import PersonalizedQuery, Profile

_CHUNK = 8_192


def place_in(catalog: Catalog, answer: Answer, photo_id: int) -> int | None:
    """Where an answer shows a photo, from 1, or the near copy that stands for it; None where it is
    not among those found."""
    shown = np.flatnonzero(np.isin(answer.ids, catalog.stack_of(photo_id)))
    return 1 + int(shown[0]) if len(shown) else None


def moved(
    catalog: Catalog,
    photo_id: int,
    *,
    without: Answer,
    given: Answer,
    places: dict[MoveReason, int],
) -> Moved | None:
    """Say how a photo came from its place in the answer `without` the collection to that in the
    one that was `given`; None where it stands in the same place. `places` as `places_gained`."""
    before, now = (place_in(catalog, one, photo_id) for one in (without, given))
    if before == now:
        return None
    up = before is None or (now is not None and now < before)
    most = max(places, key=lambda reason: places[reason] if up else -places[reason])
    agrees = places[most] > 0 if up else places[most] < 0
    person = catalog.days_of_people(photo_id) if most == "recurrence" and up else None
    return Moved(before, now, most if agrees else None, person)


def places_gained(
    profile: Profile,
    query: PersonalizedQuery,
    vectors: npt.NDArray[np.floating],
    row: int,
) -> dict[MoveReason, int]:
    """How many places each part of its score has brought the photo of `row` forward (below 0:
    back) in the whole collection: against the place it had if that part were the collection's
    median. `vectors` (n, dim) and `row` run along `profile.ids`."""
    meaning = _products(vectors, query.vector - query.clip)
    parts: dict[MoveReason, FloatArray] = {
        "meaning": meaning,
        "recurrence": query.recurrence_gain * profile.recurrence,
        "hub": query.hub_gain * profile.hub,
    }
    scores = _products(vectors, query.clip) + meaning + query.bias
    place = int(np.count_nonzero(scores > scores[row]))
    gained: dict[MoveReason, int] = {}
    for reason, part in parts.items():
        usual = scores[row] - part[row] + np.median(part)
        others = int(np.count_nonzero(scores > usual)) - int(scores[row] > usual)
        gained[reason] = others - place
    return gained


def _products(vectors: npt.NDArray[np.floating], vector: FloatArray) -> FloatArray:
    return np.concatenate(
        [
            np.asarray(vectors[start : start + _CHUNK], dtype=np.float32) @ vector
            for start in range(0, len(vectors), _CHUNK)
        ]
        or [np.zeros(0, np.float32)]
    )

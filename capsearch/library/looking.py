"""Questions as vectors, and the photos that look like them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from capsearch.catalog.records import Condition, Filters, IdArray
from capsearch.encoders.base import Encoder, FloatArray, image_to_input
from capsearch.errors import CapsearchError
from capsearch.library.encoder_view import EncoderView
from capsearch.library.exclusion import Exclusion, exclude
from capsearch.library.preferring import FIRST, OwnWords, Preference, fits_one, prefer
from capsearch.library.relevance import (
    BEST,
    PHOTO,
    count_moved,
    count_relevant,
    load_border,
    sample_rows,
)
from capsearch.personalize import (
    PersonalizedQuery,
    Profile,
    personalize_query,
    query_variants,
)
from capsearch.photos.decode import DecodeError, decode
from capsearch.search import Searcher, VectorMatrix
from capsearch.search.filters import rows_of
from capsearch.search.scoring import HalfArray, RowArray, Scan, scan, score_rows

_samples: "WeakKeyDictionary[VectorMatrix, tuple[RowArray, HalfArray]]" = WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class Asked:
    """A question as a vector and what to add for each photo; `own` where the library's profile
    has made them; `text` where words were asked, not a photo, and `bare` their vector without the
    'my'; `preferred` what was taught of them, `excluded` what is unwanted."""

    vector: FloatArray
    text: str = ""
    bare: FloatArray | None = None
    bias: FloatArray | None = None
    own: tuple[Profile, PersonalizedQuery] | None = None
    preferred: Preference | None = None
    excluded: Exclusion | None = None

    @property
    def clip(self) -> FloatArray:
        """The question as the encoder gave it."""
        return self.vector if self.own is None else self.own[1].clip

    @property
    def points(self) -> FloatArray | None:
        """What to add for each photo (n,) for what was said of it, not for its looks."""
        return _sum(each.points for each in (self.preferred, self.excluded) if each is not None)

    @property
    def added(self) -> FloatArray | None:
        """What to add for each photo (n,), for all reasons."""
        return _sum(each for each in (self.bias, self.points) if each is not None)

    def scores(self, matrix: VectorMatrix, rows: npt.NDArray[np.int64]) -> FloatArray:
        """Scores (m,) of these rows of the matrix."""
        scored = score_rows(matrix.vectors, rows, self.vector)
        added = self.added
        return scored.plus(None if added is None else added[rows]).scores


@dataclass(frozen=True, eq=False)
class Found:
    """Photos that look like what is asked, best first: ids (m,) and scores (m,), of which the
    first `relevant` fit."""

    ids: IdArray
    scores: npt.NDArray[np.float32]
    relevant: int


def ask_words(
    view: EncoderView,
    matrix: VectorMatrix,
    texts: Sequence[str],
    *,
    personalize: bool,
    strength: float = 1.0,
) -> tuple[Asked, ...]:
    """Words in the encoder's language: a question for each of the texts."""
    profile = view.profiles.profile(matrix) if personalize else None
    variants = [query_variants(text) if personalize else (text,) for text in texts]
    encoded = view.encoder.encode_texts([variant for each in variants for variant in each])
    ends = np.cumsum([len(each) for each in variants])
    each_encoded = np.split(encoded, ends[:-1])
    return tuple(
        _asked(profile, text, rows, strength)
        for text, rows in zip(texts, each_encoded, strict=True)
    )


def _asked(profile: Profile | None, text: str, encoded: FloatArray, strength: float) -> Asked:
    """The question of a text whose variants were `encoded`."""
    if profile is None:
        return Asked(encoded[0], text, encoded[-1])
    query = personalize_query(profile, text, encoded, strength=strength)
    return Asked(query.vector, text, encoded[-1], query.bias, (profile, query))


def as_taught(
    view: EncoderView, matrix: VectorMatrix, asked: Asked, words: frozenset[str]
) -> Asked:
    """The same with what was taught of 'my ...' in these words."""
    known = view.subjects(matrix)
    if asked.bare is None or not (known.subjects or known.wishes):
        return asked
    own = OwnWords(words, asked.bare)
    return replace(asked, preferred=prefer(known, own, asked.vector, _sample(matrix)[1]))


def surely_own(view: EncoderView, matrix: VectorMatrix, asked: Asked) -> bool:
    """Whether something that comes back in the library surely is what 'my ...' means, by its
    looks."""
    if asked.own is None or asked.bare is None:
        return False
    return fits_one(view.recurring(matrix, asked.own[0]), asked.bare, _sample(matrix)[1])


def ask_subject(view: EncoderView, matrix: VectorMatrix, names: Sequence[str]) -> Asked:
    """Something that was named: first the photos that show it, as was said and by their looks,
    then those that look most like it."""
    known = view.subjects(matrix).named(names)
    said = view.catalog.passing(Filters(conditions=(Condition("subject", tuple(names)),)))
    assert said is not None
    sure = rows_of(matrix.ids, said)  # also of people of this name
    if len(sure):
        mean = np.asarray(matrix.vectors[sure], np.float32).mean(axis=0)
    else:
        mean = np.zeros(matrix.dim, np.float32)
    shown = np.zeros(len(matrix), np.bool_)
    shown[np.concatenate([sure, *(subject.likely for subject in known)])] = True
    nothing = np.zeros(len(matrix), np.bool_)
    unshown = nothing.copy()
    for subject in known:
        unshown[subject.without] = True
    unshown &= ~shown
    moved = shown.astype(np.float32) - unshown
    return Asked(mean, preferred=Preference(FIRST * moved, shown, unshown))


def keeping_away(
    view: EncoderView, matrix: VectorMatrix, asked: Asked, unwanted: Sequence[str]
) -> Asked:
    """The same, with photos that show an unwanted thing behind all others."""
    things = view.unwanted(unwanted)
    return replace(asked, excluded=exclude(matrix, things, asked.vector, asked.bias))


def clearly_showing(view: EncoderView, matrix: VectorMatrix, texts: Sequence[str]) -> IdArray:
    """Ids of the photos that likely show one of the things, of those that the library has."""
    shown = np.zeros(len(matrix), np.bool_)
    for text in texts:
        (asked,) = ask_words(view, matrix, [text], personalize=False)
        scores = np.sort(scan(matrix.vectors, asked.vector).scores)[::-1]
        found = exclude(matrix, view.unwanted([text]))
        if found is not None and _count_relevant(view, matrix, asked, scores):
            shown |= found.likely
    return matrix.ids[shown]


def ask_photo(matrix: VectorMatrix, photo: int) -> Asked:
    """A photo of the library, by its id.

    Raises:
        CapsearchError: it is gone.
    """
    rows = rows_of(matrix.ids, np.array([photo]))
    if not len(rows):
        raise CapsearchError("This photo is no longer in the library.", "Choose another one.")
    return Asked(np.asarray(matrix.vectors[int(rows[0])], np.float32))


def ask_image(encoder: Encoder, path: str) -> Asked:
    """An image file.

    Raises:
        CapsearchError: it cannot be read.
    """
    spec = encoder.input_spec
    try:
        decoded = decode(Path(path).read_bytes(), path, spec.size)
    except OSError as error:
        raise CapsearchError(f"{path} cannot be read ({error.strerror}).") from error
    except DecodeError as error:
        raise CapsearchError(
            f"{Path(path).name} is no photo to search by: {error.reason}.", "Try another one."
        ) from error
    vector: FloatArray = encoder.encode_images(image_to_input(decoded.image, spec)[None])[0]
    return Asked(vector)


def look_for(
    view: EncoderView, searcher: Searcher, asked: Asked, count: int, allowed: IdArray | None
) -> Found:
    """The `count` photos among those `allowed` (None: all) that are most like the question."""
    # The border is drawn by the best few, however few are wanted.
    wanted = max(count, BEST)
    matrix = searcher.matrix
    ids, scores = searcher.search(asked.vector, wanted, allowed=allowed, bias=asked.added)
    rows = np.searchsorted(matrix.ids, ids)
    relevant = min(count, _count_wanted(view, matrix, asked, rows, scores))
    return Found(ids[:count], scores[:count], relevant)


def either(matrix: VectorMatrix, each: list[tuple[Asked, Found]], count: int) -> Found:
    """The `count` photos that any of several questions found, by how far above the library's
    usual score for its question each stands: scores for different words differ in height."""
    if len(each) == 1:
        return each[0][1]
    best: dict[int, tuple[bool, float]] = {}
    for asked, found in each:
        typical = _typical(matrix, asked)
        spread = max(float(typical.scores.std()), 1e-6)
        heights = (found.scores - typical.scores.mean()) / spread
        for place, (photo, height) in enumerate(
            zip(found.ids.tolist(), heights.tolist(), strict=True)
        ):
            fits = place < found.relevant
            best[photo] = max(best.get(photo, (False, -np.inf)), (fits, height))
    order = sorted(best, key=lambda photo: (not best[photo][0], -best[photo][1], photo))[:count]
    return Found(
        np.array(order, np.int64),
        np.array([best[photo][1] for photo in order], np.float32),
        sum(best[photo][0] for photo in order),
    )


def _sample(matrix: VectorMatrix) -> tuple[RowArray, HalfArray]:
    """The sample's rows, and their vectors side by side: gathered, each scan takes four times as
    long."""
    kept = _samples.get(matrix)
    if kept is None:
        rows = sample_rows(len(matrix))
        kept = _samples[matrix] = rows, matrix.vectors[rows]
    return kept


def _typical(matrix: VectorMatrix, asked: Asked) -> Scan:
    """Scores of a sample of all photos, whatever the filters."""
    rows, vectors = _sample(matrix)
    found = scan(vectors, asked.vector)
    return found.plus(None if asked.bias is None else asked.bias[rows])


def _count_wanted(
    view: EncoderView,
    matrix: VectorMatrix,
    asked: Asked,
    rows: npt.NDArray[np.int64],
    scores: FloatArray,
) -> int:
    """How many of the photos found fit: by their looks, unless something else was said of them."""
    count = partial(_count_relevant, view, matrix, asked)
    points, preferred, excluded = asked.points, asked.preferred, asked.excluded
    if points is None:
        return count(scores)
    first = None if preferred is None else preferred.meant[rows]
    unwanted = [
        *([] if preferred is None else [preferred.unmeant[rows]]),
        *([] if excluded is None else [excluded.likely[rows]]),
    ]
    return count_moved(
        scores, points[rows], count, first=first, last=np.logical_or.reduce(unwanted)
    )


def _count_relevant(
    view: EncoderView, matrix: VectorMatrix, asked: Asked, scores: FloatArray
) -> int:
    plain = None if asked.own is None else scan(_sample(matrix)[1], asked.own[1].clip).scores
    border = load_border(view.encoder.name if asked.text else PHOTO)
    typical = _typical(matrix, asked).scores
    return count_relevant(scores, typical, len(matrix), border, text=asked.text, plain=plain)


def _sum(points: Iterable[FloatArray]) -> FloatArray | None:
    each = list(points)
    return np.sum(each, axis=0, dtype=np.float32) if each else None

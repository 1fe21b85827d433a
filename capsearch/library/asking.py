"""Answers to questions: by words, by a photo of the library, by any image."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from capsearch.catalog.catalog import Catalog
from capsearch.catalog.records import IdArray, PhotoFacts
from capsearch.encoders.base import Encoder, FloatArray, image_to_input
from capsearch.errors import CapsearchError
from capsearch.library.encoder_view import EncoderView
from capsearch.library.relevance import BEST, PHOTO, count_relevant, load_border, sample_rows
from capsearch.library.values import Answer, Explanation, Milliseconds, Question
from capsearch.personalize import (
    PersonalizedQuery,
    Profile,
    explain,
    personalize_query,
    query_variants,
)
from capsearch.photos.decode import DecodeError, decode
from capsearch.search import Searcher, VectorMatrix
from capsearch.search.filters import rows_of
from capsearch.search.scoring import scan


@dataclass(frozen=True, eq=False)
class _Asked:
    """A question as a vector and what to add for each photo; `own` where the library's profile
    has made them; `worded` where words were asked, not a photo."""

    vector: FloatArray
    worded: bool = True
    bias: FloatArray | None = None
    own: tuple[Profile, PersonalizedQuery] | None = None


def answer(view: EncoderView, question: Question, *, personalize: bool) -> Answer:
    """Rank the photos that pass the question's filters.

    Raises:
        CapsearchError: nothing is asked; the image cannot be read; the photo is gone; the photos
            were not encoded by this encoder.
    """
    start = time.perf_counter()
    searcher = view.searcher()
    asked = _ask(view, searcher, question, personalize=personalize)
    encoded = time.perf_counter()
    allowed = view.catalog.passing(question.filters)
    # The border is drawn by the best few, however few are wanted.
    wanted = max(question.count, BEST)
    ids, scores = searcher.search(asked.vector, wanted, allowed=allowed, bias=asked.bias)
    relevant = min(question.count, _count_relevant(view, searcher.matrix, asked, scores))
    ids, scores = ids[: question.count], scores[: question.count]
    searched = time.perf_counter()
    explanations = _explain(searcher.matrix, asked, ids) if question.explained else ()
    facts = read_facts(view.catalog, ids[: question.described].tolist())
    return Answer(
        question=question,
        encoder=view.encoder.name,
        ids=ids,
        scores=scores,
        relevant=relevant,
        searched=len(searcher.matrix) if allowed is None else len(allowed),
        personalized=asked.own is not None,
        milliseconds=Milliseconds(
            encode=1000 * (encoded - start),
            search=1000 * (searched - encoded),
            total=1000 * (time.perf_counter() - start),
        ),
        facts=facts,
        explanations=explanations,
    )


def explain_photo(
    view: EncoderView, question: Question, photo_id: int, *, personalize: bool
) -> Explanation | None:
    """Say what the photo's score is made of; None where it is not among those searched."""
    searcher = view.searcher()
    ids = np.array([photo_id], np.int64)
    if not len(rows_of(searcher.matrix.ids, ids)):
        return None
    asked = _ask(view, searcher, question, personalize=personalize)
    return _explain(searcher.matrix, asked, ids)[0]


def read_facts(catalog: Catalog, ids: Sequence[int]) -> tuple[PhotoFacts, ...]:
    """What is known of these photos, in their order; unknown ids are left out."""
    found = catalog.facts(ids)
    return tuple(found[photo_id] for photo_id in ids if photo_id in found)


def _ask(view: EncoderView, searcher: Searcher, question: Question, *, personalize: bool) -> _Asked:
    matrix, encoder = searcher.matrix, view.encoder
    if question.photo is not None:
        rows = rows_of(matrix.ids, np.array([question.photo]))
        if not len(rows):
            raise CapsearchError("This photo is no longer in the library.", "Choose another one.")
        return _Asked(np.asarray(matrix.vectors[int(rows[0])], np.float32), worded=False)
    if question.image is not None:
        return _Asked(_encode_file(encoder, question.image), worded=False)
    if not question.text.strip():
        raise CapsearchError("The query is empty.", "Say in a few words what the photo shows.")
    profile = view.profiles.profile(matrix) if personalize else None
    if profile is None:
        return _Asked(encoder.encode_texts([question.text])[0])
    query = personalize_query(
        profile, question.text, encoder.encode_texts(query_variants(question.text))
    )
    return _Asked(query.vector, bias=query.bias, own=(profile, query))


def _encode_file(encoder: Encoder, path: str) -> FloatArray:
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
    return vector


def _count_relevant(
    view: EncoderView, matrix: VectorMatrix, asked: _Asked, scores: FloatArray
) -> int:
    rows = sample_rows(len(matrix))
    typical = scan(matrix.vectors, asked.vector, rows)
    typical = typical.plus(None if asked.bias is None else asked.bias[rows])
    plain = None if asked.own is None else scan(matrix.vectors, asked.own[1].clip, rows).scores
    border = load_border(view.encoder.name if asked.worded else PHOTO)
    return count_relevant(scores, typical.scores, len(matrix), border, plain=plain)


def _explain(matrix: VectorMatrix, asked: _Asked, ids: IdArray) -> tuple[Explanation, ...]:
    """Explain the photos `ids`, all of them in `matrix`; a generic score has but one part."""
    own = asked.own
    if own is None:
        neutral = Profile.neutral(matrix.ids, matrix.dim)
        own = neutral, personalize_query(neutral, "", asked.vector)
    rows = np.searchsorted(matrix.ids, ids).tolist()
    parts = explain(*own, matrix.vectors, rows)
    return tuple(map(Explanation, ids.tolist(), parts))

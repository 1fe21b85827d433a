"""Answers to questions: by words, by a photo of the library, by any image."""

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from capsearch.encoders.base import FloatArray, image_to_input
from capsearch.errors import CapsearchError
from capsearch.library.browsing import FIRST_FACTS, passing_ids, read_facts
from capsearch.library.facade import Engine
from capsearch.library.relevance import count_relevant, sample_rows
from capsearch.library.values import Answer, Explanation, Question
from capsearch.personalize import (
    PersonalizedQuery,
    Profile,
    explain,
    personalize_query,
    query_variants,
)
from capsearch.photos.decode import DecodeError, decode
from capsearch.search import Searcher
from capsearch.search.filters import rows_of
from capsearch.search.scoring import gather_scores


@dataclass(frozen=True, eq=False)
class _Asked:
    """A question as a vector and what to add for each photo; `own` where the library's profile
    has made them."""

    vector: FloatArray
    bias: FloatArray | None = None
    own: tuple[Profile, PersonalizedQuery] | None = None


def answer(engine: Engine, searcher: Searcher, question: Question) -> Answer:
    """Rank the photos of `searcher` that pass the question's filters.

    Raises:
        CapsearchError: the encoder cannot be loaded; the image cannot be read; the photo is gone.
    """
    start = time.perf_counter()
    asked = _ask(engine, searcher, question)
    allowed = passing_ids(engine.catalog, question.filters)
    ids, scores = searcher.search(asked.vector, question.count, allowed=allowed, bias=asked.bias)
    rows = sample_rows(len(searcher.matrix))
    typical = gather_scores(searcher.matrix.vectors, rows, asked.vector)
    if asked.bias is not None:
        typical += asked.bias[rows]
    return Answer(
        question=question,
        ids=ids,
        scores=scores,
        relevant=count_relevant(scores, typical),
        searched=len(searcher.matrix) if allowed is None else len(allowed),
        personalized=asked.own is not None,
        milliseconds=1000 * (time.perf_counter() - start),
        facts=read_facts(engine.catalog, ids[:FIRST_FACTS].tolist()),
    )


def explain_photo(
    engine: Engine, searcher: Searcher, question: Question, photo_id: int
) -> Explanation | None:
    """Say what the photo's score is made of; None for a generic answer, which has one part."""
    own = _ask(engine, searcher, question).own
    rows = rows_of(searcher.matrix.ids, np.array([photo_id]))
    if own is None or not len(rows):
        return None
    parts = explain(*own, searcher.matrix.vectors, rows.tolist())[0]
    return Explanation(
        photo=photo_id,
        score=parts.score,
        words=parts.clip,
        collection=parts.warp,
        recurrence=parts.recurrence,
        hub=parts.hub,
        generic_rank=parts.clip_rank,
    )


def _ask(engine: Engine, searcher: Searcher, question: Question) -> _Asked:
    if question.photo is not None:
        rows = rows_of(searcher.matrix.ids, np.array([question.photo]))
        if not len(rows):
            raise CapsearchError("This photo is no longer in the library.", "Choose another one.")
        return _Asked(np.asarray(searcher.matrix.vectors[int(rows[0])], np.float32))
    if question.image is not None:
        return _Asked(_encode_file(engine, question.image))
    profile = engine.learner.profile(searcher.matrix) if question.personalize else None
    if profile is None:
        return _Asked(engine.encoder.encode_texts([question.text])[0])
    vectors = engine.encoder.encode_texts(query_variants(question.text))
    query = personalize_query(profile, question.text, vectors)
    return _Asked(query.vector, query.bias, (profile, query))


def _encode_file(engine: Engine, path: str) -> FloatArray:
    spec = engine.encoder.input_spec
    try:
        decoded = decode(Path(path).read_bytes(), path, spec.size)
    except OSError as error:
        raise CapsearchError(f"{path} cannot be read ({error.strerror}).") from error
    except DecodeError as error:
        raise CapsearchError(
            f"{Path(path).name} is no photo to search by: {error.reason}.", "Try another one."
        ) from error
    vector: FloatArray = engine.encoder.encode_images(image_to_input(decoded.image, spec)[None])[0]
    return vector

"""Answers to questions: by words, by a photo of the library, by any image."""

import time
from pathlib import Path

import numpy as np

from capsearch.browsing.library import FIRST_FACTS, passing_ids, read_facts
from capsearch.browsing.relevance import count_relevant, sample_rows
from capsearch.browsing.values import Answer, Question
from capsearch.encoders.base import FloatArray, image_to_input
from capsearch.engine import Engine
from capsearch.errors import CapsearchError
from capsearch.photos.decode import DecodeError, decode
from capsearch.search import Searcher
from capsearch.search.filters import rows_of
from capsearch.search.scoring import gather_scores


def answer(engine: Engine, question: Question) -> Answer:
    """Rank the photos that pass the question's filters.

    Raises:
        CapsearchError: what `Engine.search` raises; the image cannot be read.
    """
    start = time.perf_counter()
    searcher = engine._current_searcher()
    vector, bias, personalized = _query(engine, searcher, question)
    allowed = passing_ids(engine.catalog, question.filters)
    ids, scores = searcher.search(vector, question.count, allowed=allowed, bias=bias)
    rows = sample_rows(len(searcher.matrix))
    typical = gather_scores(searcher.matrix.vectors, rows, vector)
    if bias is not None:
        typical += bias[rows]
    return Answer(
        question=question,
        ids=ids,
        scores=scores,
        relevant=count_relevant(scores, typical),
        searched=len(searcher.matrix) if allowed is None else len(allowed),
        personalized=personalized,
        milliseconds=1000 * (time.perf_counter() - start),
        facts=read_facts(engine.catalog, ids[:FIRST_FACTS].tolist()),
    )


def _query(
    engine: Engine, searcher: Searcher, question: Question
) -> tuple[FloatArray, FloatArray | None, bool]:
    if question.photo is not None:
        rows = rows_of(searcher.matrix.ids, np.array([question.photo]))
        if not len(rows):
            raise CapsearchError("This photo is no longer in the library.", "Choose another one.")
        return np.asarray(searcher.matrix.vectors[rows[0]], np.float32), None, False
    if question.image is not None:
        return _encode_file(engine, question.image), None, False
    return engine.encoder.encode_texts([question.text])[0], None, False


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
    return engine.encoder.encode_images(image_to_input(decoded.image, spec)[None])[0]

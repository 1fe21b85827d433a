"""How much the collection moves results: by queries for what is one's own, and by any others."""

from collections.abc import Sequence

import numpy as np

from capsearch.benchmark.by_looks import order_by_looks
from capsearch.benchmark.means import add_mean
from capsearch.benchmark.run import Run
from capsearch.benchmark.sentences import generic_sentences, personal_queries
from capsearch.catalog.records import IdArray
from capsearch.library.encoder_view import EncoderView
from capsearch.library.values import Question

FIRST = 10
_QUERIES, _QUICK_QUERIES = 100, 22
_WINDOWFUL = Question().count


def measure_effect(run: Run, view: EncoderView) -> None:
    """Put into the report how the first photos differ with and without personalisation."""
    matrix = view.searcher().matrix
    if view.profiles.profile(matrix) is None:
        reason = view.profiles.notice or "nothing was learned from this library."
        run.lacks(f"quality: what personalisation changes: {reason}")
        return
    count = _QUICK_QUERIES if run.quick else _QUERIES
    for way, texts in (
        ("'my ...'", personal_queries(count)),
        ("sentences of any library", generic_sentences(count)),
    ):
        run.say(f"quality: asking {len(texts)} queries, {way}")
        _add_effect(run, way, [_orders(view, text) for text in texts], len(matrix))


def changed_share(own: IdArray, generic: IdArray) -> float:
    """Share of the first 10 that are others."""
    first = generic[:FIRST]
    return 1 - len(np.intersect1d(own[:FIRST], first)) / len(first)


def places_moved(own: IdArray, generic: IdArray) -> float:
    """By how many places the generic first 10 moved on average; to behind the last of `own` where
    they are not in it."""
    place = {photo: number for number, photo in enumerate(own.tolist())}
    first = generic[:FIRST].tolist()
    return float(np.mean([abs(place.get(photo, len(own)) - at) for at, photo in enumerate(first)]))


def _orders(view: EncoderView, text: str) -> tuple[IdArray, IdArray]:
    """The first windowful, personalised and generic."""
    own, generic = (
        order_by_looks(view, text, _WINDOWFUL, personalize=way) for way in (True, False)
    )
    return own, generic


def _add_effect(run: Run, way: str, orders: Sequence[tuple[IdArray, IdArray]], size: int) -> None:
    def add(what: str, unit: str, values: Sequence[float]) -> None:
        note = f"{len(values)} queries"
        add_mean(run, what, way, unit, np.array(values, np.float64), size=size, note=note)

    add(f"first {FIRST} that personalisation exchanged", "%", [changed_share(*o) for o in orders])
    add(f"places that the generic first {FIRST} move", "", [places_moved(*o) for o in orders])
    alone = [float(np.array_equal(own[:FIRST], other[:FIRST])) for own, other in orders]
    add("queries that personalisation left alone", "%", alone)
